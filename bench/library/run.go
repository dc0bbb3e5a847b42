package library

import (
	"context"
	"errors"
	"fmt"
	"math"
	"runtime"
	"sync"
	"time"

	"github.com/gobilevel/bilevel"
	"github.com/gobilevel/bilevel/model"
)

// Options are the settings of Run.
type Options struct {
	Ways  []bilevel.Way   // nil: the automatic choice alone
	Solve bilevel.Options // of each run; Reform and Backend are those of the way, TimeLimit is 60 s where it is 0
	// Parallel is the number of runs at the same time, 1 where it is 0. Runs at the same time disturb each other's times.
	Parallel int
	// Earlier are runs that need not be made again: those of a problem and a way that are asked for are taken over as they are,
	// unless the index knows another value by now.
	Earlier []Run
	// Done hears of each run as it ends, and of how many of how many are done; from one goroutine at a time. With more than one run at the same time
	// the order varies. nil: none.
	Done func(done, of int, r Run)
}

// Run is what became of a problem on a way.
type Run struct {
	Problem      string   `json:"problem"`
	Reform       string   `json:"reform"`
	Backend      string   `json:"backend"`
	Verdict      Verdict  `json:"verdict"`
	Remark       string   `json:"remark,omitempty"` // why the verdict, where that is not plain
	Known        Number   `json:"known"`            // value of the index
	Status       string   `json:"status"`           // Result.Outcome, "" where there is no result
	Proof        string   `json:"proof"`
	Stationarity string   `json:"stationarity,omitempty"`
	Evidence     string   `json:"evidence,omitempty"` // on which the followers' answers rest
	Objective    Number   `json:"objective"`          // NaN where no point counts
	Bound        Number   `json:"bound"`
	Gap          Number   `json:"gap"`
	Seconds      float64  `json:"seconds"` // of the solve, certificate included, without reading the files
	Nodes        int      `json:"nodes"`
	Iterations   int      `json:"iterations"`
	Plan         []string `json:"plan,omitempty"`   // passes that were applied
	Solver       string   `json:"solver,omitempty"` // backend that was used
	Maximise     bool     `json:"maximise,omitempty"`
}

// judgedBy reports whether the run was judged by what is known now.
func (r Run) judgedBy(k Known) bool {
	old := float64(r.Known)
	return old == k.Value || math.IsNaN(old) && math.IsNaN(k.Value)
}

// Way is the way of a run.
func (r Run) Way() bilevel.Way { return bilevel.Way{Reform: r.Reform, Backend: r.Backend} }

// defaultLimit is the time limit of a run.
const defaultLimit = time.Minute

// Run solves all problems on all ways, the ways of a problem one after the other in the order of the index. What goes wrong with a problem is
// the verdict of its run and does not end the others. When the context ends, the runs that were done by then are returned with its error;
// a run that was interrupted is none of them.
func (l *Library) Run(ctx context.Context, opt Options) (*Results, error) {
	if len(opt.Ways) == 0 {
		opt.Ways = []bilevel.Way{{Reform: "auto", Backend: "auto"}}
	}
	if opt.Solve.TimeLimit <= 0 {
		opt.Solve.TimeLimit = defaultLimit
	}
	return l.run(ctx, opt, solveOn)
}

// solver solves a model on a way; tests put another in its place.
type solver func(context.Context, *bilevel.Model, bilevel.Way, bilevel.Options) (bilevel.Comparison, error)

func solveOn(ctx context.Context, m *bilevel.Model, w bilevel.Way, opt bilevel.Options) (bilevel.Comparison, error) {
	list, err := bilevel.Compare(ctx, m, bilevel.CompareOptions{Solve: opt, Ways: []bilevel.Way{w}})
	if len(list) == 0 {
		return bilevel.Comparison{Way: w}, err
	}
	return list[0], nil
}

type task struct {
	problem *Problem
	way     bilevel.Way
	place   int // among all runs, in order
}

func (l *Library) run(ctx context.Context, opt Options, solve solver) (*Results, error) {
	earlier := map[[3]string]Run{}
	for _, r := range opt.Earlier {
		earlier[[3]string{r.Problem, r.Reform, r.Backend}] = r
	}
	n := len(l.Problems) * len(opt.Ways)
	runs, have := make([]Run, n), make([]bool, n)
	var todo []task
	done := 0
	for i := range l.Problems {
		for k, w := range opt.Ways {
			t := task{&l.Problems[i], w, i*len(opt.Ways) + k}
			if r, ok := earlier[[3]string{t.problem.Name, w.Reform, w.Backend}]; ok && r.judgedBy(t.problem.Known) {
				runs[t.place], have[t.place] = r, true
				done++
			} else {
				todo = append(todo, t)
			}
		}
	}
	var mu sync.Mutex
	var wg sync.WaitGroup
	queue := make(chan task)
	for range max(1, opt.Parallel) {
		wg.Go(func() {
			for t := range queue {
				r, ok := l.one(ctx, t, opt.Solve, solve)
				if !ok {
					continue
				}
				mu.Lock()
				runs[t.place], have[t.place] = r, true
				done++
				if opt.Done != nil {
					opt.Done(done, n, r)
				}
				mu.Unlock()
			}
		})
	}
	for _, t := range todo {
		if ctx.Err() != nil {
			break
		}
		select {
		case queue <- t:
		case <-ctx.Done():
		}
	}
	close(queue)
	wg.Wait()
	out := &Results{Library: l.Name, Settings: l.Settings(opt), Go: runtime.Version(), System: runtime.GOOS + "/" + runtime.GOARCH, Processors: runtime.NumCPU()}
	for k, ok := range have {
		if ok {
			out.Runs = append(out.Runs, runs[k])
		}
	}
	if len(out.Runs) < n {
		return out, ctx.Err()
	}
	return out, nil
}

// one makes a run; ok is false where it was interrupted.
func (l *Library) one(ctx context.Context, t task, opt bilevel.Options, solve solver) (r Run, ok bool) {
	nan := Number(math.NaN())
	r = Run{Problem: t.problem.Name, Reform: t.way.Reform, Backend: t.way.Backend, Verdict: Failed, Known: Number(t.problem.Known.Value),
		Proof: bilevel.ProofNone.String(), Objective: nan, Bound: nan, Gap: nan}
	m, err := t.problem.Read(ctx)
	if err != nil {
		r.Remark = err.Error()
		return r, ctx.Err() == nil
	}
	r.Maximise = m.Leader().Objective().Sense == model.Maximize
	begin := time.Now()
	c, late, err := watched(ctx, m, t.way, opt, solve)
	r.Seconds = time.Since(begin).Seconds()
	switch {
	case ctx.Err() != nil:
		return r, false
	case late:
		r.Verdict, r.Remark = TimeOut, fmt.Sprintf("did not stop at the limit and was left after %.0f s", r.Seconds)
	case err != nil:
		r.Remark = err.Error()
	case c.NotFor != "":
		r.Verdict, r.Remark = Refused, c.NotFor
	case errors.Is(c.Err, context.DeadlineExceeded):
		r.Verdict = TimeOut
	case c.Err != nil:
		r.Remark = c.Err.Error()
	default:
		r.take(c.Result, l.Rule, t.problem.Known, r.Seconds >= 0.9*opt.TimeLimit.Seconds())
	}
	return r, true
}

// take writes a result down and judges it.
func (r *Run) take(s *bilevel.Result, u Rule, k Known, late bool) {
	r.Verdict, r.Remark = u.judge(k, s, late)
	r.Status, r.Proof, r.Stationarity = s.Outcome(), s.Proof.String(), s.Stationarity
	r.Bound, r.Gap, r.Nodes, r.Iterations, r.Plan, r.Solver = Number(s.Bound), Number(s.Gap), s.Nodes, s.Iterations, s.Plan, s.Backend
	if s.Point != nil && u.accepts(s.Certificate) {
		r.Objective, r.Evidence = Number(s.Objective), s.Certificate.Evidence.String()
	}
}

// grace is what a run may take beyond its limit before it is left to itself.
func grace(limit time.Duration) time.Duration { return limit/2 + 10*time.Second }

// watched solves, and gives up on a solve that neither stops at its limit nor when it is cancelled; a panic becomes an error. Either would be a
// defect, and must not end the measurement of all the other problems.
func watched(ctx context.Context, m *bilevel.Model, w bilevel.Way, opt bilevel.Options, solve solver) (c bilevel.Comparison, late bool, err error) {
	type answer struct {
		c   bilevel.Comparison
		err error
	}
	inner, cancel := context.WithCancel(ctx)
	defer cancel()
	end := make(chan answer, 1)
	go func() {
		var a answer
		defer func() {
			if p := recover(); p != nil {
				a.err = fmt.Errorf("the solve panicked: %v", p)
			}
			end <- a
		}()
		a.c, a.err = solve(inner, m, w, opt)
	}()
	timer := time.NewTimer(opt.TimeLimit + grace(opt.TimeLimit))
	defer timer.Stop()
	select {
	case a := <-end:
		return a.c, false, a.err
	case <-timer.C:
		return c, true, nil
	}
}
