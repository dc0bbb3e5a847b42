package newton

import (
	"context"
	"fmt"
	"time"

	"github.com/gobilevel/bilevel/model/smooth"
)

// run is one solve.
type run struct {
	ctx        context.Context
	p          smooth.Program
	opt        smooth.Options
	set        settings
	start      smooth.Start
	began      time.Time
	pr         *problem
	main       *engine
	feasible   *engine // the search for a feasible point, made when it is first needed
	iterations int
	acceptable int // iterations in a row that were close to a solution
	polish     *polisher
	best       bestPoint
	restored   int
	message    string
	x0         []float64 // the start, reduced, at which the functions have values
	most       int       // iterations at which the current attempt ends
}

// bestPoint is the iterate nearest to a solution so far.
type bestPoint struct {
	at     iterate
	all    float64
	set    bool
	marked float64 // the residual at the last progress, and the iteration
	since  int
}

// verdict is why an iteration ended.
type verdict int

const (
	converged verdict = iota
	nearly            // to the acceptable tolerance
	infeasible
	unbounded
	limit
	interrupted
	failed
	resume // a feasible point has been found
)

const (
	acceptableTolerance = 1e-6
	acceptableInARow    = 15
)

func (r *run) solve(plain bool) (*smooth.Answer, error) {
	pr, bad := newProblem(r.p)
	if bad != nil {
		return r.emptyAnswer(bad), nil
	}
	r.pr = pr
	k, err := newKKT(pr, r.set.blocks)
	if err != nil {
		return nil, fmt.Errorf("newton: %w", err)
	}
	k.factor.SetWorkers(r.set.threads)
	r.main = newEngine(pr, k, false)
	r.relax(r.set.relax, r.opt.Feasibility/2)
	r.polish = newPolisher(r.main)
	if !r.findStart() {
		r.message = "the functions have no value or no derivative at the start, nor at any of the points tried instead of it"
		return r.answer(failed), nil
	}
	pr.scaleByGradients()
	r.relax(r.set.relax, r.opt.Feasibility/2)
	if plain {
		return r.solvePlain()
	}
	return r.answer(r.attempts()), nil
}

// The factors by which bounds are moved outwards for the interior iteration: at first by no more than is allowed for the violation of rows, in
// later attempts by the whole factor. In the end they are tightened.
const (
	relaxFactor = 1e-8
	tightFactor = 1e-12
)

// relax moves the bounds of the engines outwards.
func (r *run) relax(factor, violation float64) {
	r.pr.relax(factor, violation)
	copy(r.main.lower, r.pr.lower)
	copy(r.main.upper, r.pr.upper)
	if r.feasible != nil {
		copy(r.feasible.lower, r.pr.lower)
		copy(r.feasible.upper, r.pr.upper)
	}
}
