package verify

import (
	"context"
	"fmt"
	"math"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/smooth"
)

// candidate is an answer with multipliers, evaluated here.
type candidate struct {
	y, lambda []float64
	base      []float64 // where the multipliers were found: y before it was moved onto the constraints
	cost      float64   // with the price of its violations added: nothing is gained by them
	gap       float64   // localGap
}

// localTolerance is what the solver is asked for where its answers are polished here, sharpTolerance where they are too large for that.
const (
	localTolerance = 1e-8
	sharpTolerance = 1e-11
)

// localSolver hands a task to a solver of smooth programs. The program is scaled, and made anew: what the solver does to it reaches nothing else.
type localSolver struct {
	t      *task
	solver smooth.Solver
	prog   *smooth.Compiled
	factor float64
	rows   []float64
}

func (c *checker) newLocalSolver(t *task) (*localSolver, error) {
	p, factor, rows := t.scaled()
	prog, err := smooth.Compile(p)
	if err != nil {
		return nil, err
	}
	return &localSolver{t: t, solver: c.opt.Smooth, prog: prog, factor: factor, rows: rows}, nil
}

// solve runs the solver from a start with multipliers, nil where unknown. The candidate is nil where there is no point of use; the
// status is the solver's, and message says what is wrong with its answer.
func (s *localSolver) solve(ctx context.Context, start candidate) (*candidate, model.Status, string) {
	from := smooth.Start{X: append([]float64(nil), start.y...)}
	opt := smooth.Options{Tolerance: localTolerance, MaxIterations: 300}
	if len(start.y)+len(s.rows) > refineLimit {
		opt.Tolerance = sharpTolerance
	}
	if start.lambda != nil {
		from.Rows = make([]float64, len(start.lambda))
		for r, l := range start.lambda {
			from.Rows[r] = -l * s.factor / s.rows[r]
		}
		opt.Warm = true
	}
	a, err := s.solver.Solve(ctx, s.prog, from, opt)
	name := s.solver.Name()
	switch {
	case err != nil:
		return nil, model.StatusFailed, err.Error()
	case a == nil:
		return nil, model.StatusFailed, name + " returned no answer"
	case len(a.X) != len(start.y):
		return nil, model.StatusFailed, fmt.Sprintf("%s returned a point with %d entries for %d variables", name, len(a.X), len(start.y))
	}
	t := s.t
	y := append([]float64(nil), a.X...)
	for j, v := range y {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return nil, model.StatusFailed, fmt.Sprintf("%s returned %v for variable %d", name, v, j)
		}
		y[j] = math.Min(math.Max(v, t.vlo[j]), t.vhi[j])
	}
	lambda := make([]float64, len(t.lo))
	if len(a.Rows) == len(lambda) {
		for r, l := range a.Rows {
			if l = -l * s.rows[r] / s.factor; !math.IsNaN(l) && !math.IsInf(t.side(r, l), 0) {
				lambda[r] = l
			}
		}
	}
	return t.sharpened(y, lambda), a.Status, a.Message
}

// sharpened makes a candidate of a point and multipliers: polished, and with multipliers found here where those given do not fit. It is nil
// for a point that is far from feasible or has no finite cost.
func (t *task) sharpened(y, lambda []float64) *candidate {
	if v := t.costAt(y); math.IsNaN(v) || math.IsInf(v, 0) || !(t.violation(y).scaled <= 1e-4) {
		return nil
	}
	best := t.candidateAt(t.polish(y, lambda))
	unit := math.Max(t.terms, math.Abs(best.cost))
	for _, distance := range [...]float64{1e-6, 1e-4} {
		if best.gap <= sharpGap*unit {
			break
		}
		l, rest := t.nearestMultipliers(best.y, distance)
		if l == nil || !(rest <= 0.1) {
			continue
		}
		if k := t.candidateAt(t.polish(best.y, l)); k.gap < best.gap {
			best = k
		}
	}
	return best
}

// candidateAt evaluates an answer, moved onto the constraints where it is off by a little.
func (t *task) candidateAt(y, lambda []float64) *candidate {
	base := y
	if !t.holdsExactly(y) {
		y = t.restore(y)
	}
	return &candidate{y: y, base: base, lambda: lambda, cost: t.costAt(y) + t.price(y, lambda), gap: t.localGap(y, lambda)}
}

// settled reports whether the optimality conditions hold at the candidate, as measured here.
func (k *candidate) settled(t *task) bool {
	return k.gap <= 1e-7*math.Max(t.terms, math.Abs(k.cost))
}
