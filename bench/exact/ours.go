package main

import (
	"context"
	"fmt"
	"io"
	"math"

	"github.com/gobilevel/bilevel"
	"github.com/gobilevel/bilevel/model"
)

// solveOurs runs the library. Only an optimum with the proof global, or an infeasibility that is proven, counts as solved. The error is that of the
// context or of a mistake in the options.
func solveOurs(ctx context.Context, m *model.Model, opt bilevel.Options, verbose io.Writer) (outcome, error) {
	if verbose != nil {
		opt.Events = func(e bilevel.Event) {
			fmt.Fprintf(verbose, "  %7.2f %-11s %s incumbent %.8g bound %.8g nodes %d\n", e.Elapsed.Seconds(), e.Step, e.Message, e.Incumbent, e.Bound, e.Nodes)
		}
	}
	r, err := bilevel.Solve(ctx, m, opt)
	if err != nil {
		return outcome{}, err
	}
	if ctx.Err() != nil {
		return outcome{}, ctx.Err()
	}
	o := outcome{who: "ours", value: math.NaN(), bound: r.Bound, measured: math.NaN(), seconds: r.Seconds}
	o.note = fmt.Sprintf("%v, proof %v, %d nodes, %s", r.Status, r.Proof, r.Nodes, r.Backend)
	if r.Point != nil {
		o.value = r.Objective
		if r.Certificate != nil && r.Certificate.Verified {
			o.verified, o.measured = true, r.Objective
		}
	}
	switch {
	case r.Status == bilevel.StatusOptimal && r.Proof == bilevel.ProofGlobal && o.verified:
		o.claim = optimal
	case r.Status == bilevel.StatusInfeasible && r.Proof == bilevel.ProofInfeasible:
		o.claim = infeasible
	}
	if verbose != nil {
		for _, n := range r.Notes {
			fmt.Fprintln(verbose, "     ", n)
		}
	}
	return o, nil
}
