package bilevel

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/gobilevel/bilevel/export"
	"github.com/gobilevel/bilevel/reform"
	"github.com/gobilevel/bilevel/report"
	"github.com/gobilevel/bilevel/report/page"
)

// ReportOptions say what a report shows besides the result. The zero value of each field is its default.
type ReportOptions struct {
	Solve    Options // those of the solve, from which the plan is explained and the stages are made again
	Progress []Event // of the solve, in their order: see Recording. Without them there is no picture of the progress.
	// Response says along which variable of the leader the followers' answers are drawn; with Along "" they are not.
	Response ResponseOptions
	// Network is the family of variables that is drawn as a flow on a network, "none" for no drawing, "" for the first one that plainly is a flow:
	// see page.FindNetwork.
	Network string
	// StageTime bounds the time in which the stages of the model are made again for the pictures of their coefficients; default 10 s. What is not
	// done by then is left out, and the report says so. Negative: no stages.
	StageTime time.Duration
}

// LargestWritten and LargestExplained are the numbers of coefficients up to which a report writes a model as mathematics, and explains its plan: of
// larger models the one is not for reading, and the other would take as long as the solve.
const (
	LargestWritten   = 200_000
	LargestExplained = 2_000_000
)

// WriteReport writes a result as one HTML page that needs nothing besides itself: the model as mathematics, its structure, the plan,
// progress, the solution as tables, the certificate in words, and, where asked for or plain, the followers' response along a variable of the
// leader and flows on a network. See package page.
//
// Errors are *OptionError for a variable that the model does not have or that is not the leader's, *page.NetworkError for a network that cannot be
// drawn, mistakes of the model, and those of w. When ctx ends, what takes solves is left out of the page, which is written all the same.
func WriteReport(ctx context.Context, w io.Writer, r *Result, opt ReportOptions) error {
	p := &page.Page{Summary: r.Summary(), Point: r.Point}
	for _, e := range opt.Progress {
		p.Progress = append(p.Progress, e.State())
	}
	if p.Progress != nil { // the end of the solve is later than its last event
		end := report.State{Step: "answer", Nodes: r.Nodes, Iteration: r.Iterations, Incumbent: r.Objective, Bound: r.Bound, Gap: r.Gap, Elapsed: time.Duration(r.Seconds * float64(time.Second))}
		p.Progress = append(p.Progress, end)
	}
	if err := explainPage(p, r, opt.Solve); err != nil {
		return err
	}
	if opt.StageTime >= 0 {
		addStages(ctx, p, r, opt)
	}
	if opt.Response.Along != "" && r.Point == nil {
		p.Remarks = append(p.Remarks, "there is no point: nothing to hold the leader's other variables at, so no response is drawn")
	} else if opt.Response.Along != "" {
		response, err := ResponseAlong(ctx, r.Model, r.Point.X, opt.Response, opt.Solve)
		switch {
		case err == nil:
			p.Response = response
		case ctx.Err() != nil && errors.Is(err, ctx.Err()):
			p.Remarks = append(p.Remarks, "interrupted before the response along "+opt.Response.Along+" was found")
		default:
			return err
		}
	}
	if opt.Network != "none" && r.Point != nil {
		network, err := page.FindNetwork(r.Model, r.Point.X, opt.Network)
		if err != nil {
			return err
		}
		p.Network = network
	}
	return page.Write(w, p)
}

// explainPage adds the classification and the choice of the plan.
func explainPage(p *page.Page, r *Result, opt Options) error {
	if r.Model.NumNonzeros() > LargestWritten {
		p.Brief = true
		p.Remarks = append(p.Remarks, fmt.Sprintf("the model has more than %d coefficients: it is not written as mathematics", LargestWritten))
	}
	if r.Model.NumNonzeros() > LargestExplained {
		p.Remarks = append(p.Remarks, fmt.Sprintf("the model has more than %d coefficients: its plan is not explained", LargestExplained))
		return nil
	}
	opt.Events, opt.Log = nil, nil
	e, err := Explain(r.Model, opt)
	if err != nil {
		return err
	}
	x := &report.Explanation{Model: r.Model, Classification: e.Classification, NoPlan: e.NoPlan, Notes: e.Notes}
	if e.Plan != nil {
		x.Plan, x.Backend, x.Why = e.Plan.Passes, e.Plan.Backend, e.Plan.Why
	}
	for _, r := range e.Rejected {
		x.Rejected = append(x.Rejected, report.RejectedPlan{Chain: r.Chain, Backend: r.Backend, Reason: r.Reason})
	}
	p.Explanation = x
	return nil
}

// addStages applies the passes of the result's plan once more, and takes each model on the way.
func addStages(ctx context.Context, p *page.Page, r *Result, opt ReportOptions) {
	p.Stages = []page.Stage{{Name: "as it is", Model: r.Model}}
	o := opt.Solve
	o.Events, o.Log = nil, nil
	s, err := newSolver(r.Model, []Options{o})
	if err != nil {
		p.Remarks = append(p.Remarks, fmt.Sprintf("the stages could not be made again: %v", err))
		return
	}
	limit := opt.StageTime
	if limit == 0 {
		limit = 10 * time.Second
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	chain := reform.NewChain(r.Model)
	for _, name := range r.Plan {
		if !contains(passNames, name) {
			continue // a method, which makes no model
		}
		if err = ctx.Err(); err == nil && !chain.Infeasible {
			err = chain.Apply(ctx, s.pass(name, chain.Model()))
		}
		switch {
		case ctx.Err() != nil:
			p.Remarks = append(p.Remarks, fmt.Sprintf("the stages from %s on were not made again in the time for that, %v", name, limit))
			return
		case err != nil:
			p.Remarks = append(p.Remarks, fmt.Sprintf("the stage %s could not be made again: %v", name, err))
			return
		}
		m := chain.Model()
		p.Stages = append(p.Stages, page.Stage{Name: name, Model: m})
		if (name == "kkt" || name == "kkt-strong") && m.NumNonzeros() <= LargestWritten {
			p.Further = append(p.Further, export.Part{Heading: "The model with the followers' optimality conditions (" + name + ")", Model: m})
		}
	}
}
