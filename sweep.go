package bilevel

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"
)

// Parameter is a number that a sweep varies, with the values that it takes.
type Parameter struct {
	Name   string
	Values []float64
}

// mostSweepPoints bounds the points of a sweep.
const mostSweepPoints = 100000

// Range returns from, from+step, from+2 step, ... up to to, which is among them where the steps lead there but for rounding. The step has
// the sign of to - from. The error is an *OptionError.
func Range(from, to, step float64) ([]float64, error) {
	bad := func(format string, args ...any) ([]float64, error) {
		return nil, &OptionError{"range", fmt.Sprintf(format, args...)}
	}
	for _, v := range []float64{from, to, step} {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return bad("%v is not a finite number", v)
		}
	}
	switch {
	case step == 0:
		return bad("the step is zero")
	case (to-from)*step < 0:
		return bad("steps of %v do not lead from %v to %v: give the step the other sign", step, from, to)
	}
	n := math.Floor((to-from)/step + 1e-9)
	if !(n < mostSweepPoints) {
		return bad("more than %d values", mostSweepPoints)
	}
	values := make([]float64, int(n)+1)
	for k := range values {
		values[k] = shortest(from+float64(k)*step, step)
	}
	if last := &values[int(n)]; math.Abs(*last-to) <= 1e-9*math.Abs(step) {
		*last = to
	}
	return values, nil
}

// shortest is v without the digits that are rounding of sums of steps: 0.30000000000000004 becomes 0.3.
func shortest(v, step float64) float64 {
	digits := 10 - int(math.Floor(math.Log10(math.Abs(step))))
	if r, err := strconv.ParseFloat(strconv.FormatFloat(v, 'f', min(max(digits, 0), 400), 64), 64); err == nil {
		return r
	}
	return v
}

// SweepOptions are the settings of Sweep. The zero value of each field is its default.
type SweepOptions struct {
	Solve Options // of each solve; a time limit is that of one point
	// Cold solves each point from nothing, for comparison.
	Cold bool
	// Done is told of each point as it is solved, in the order of solving; k is its number in the answer.
	Done func(k int, p SweepPoint)
}

// SweepPoint is one point of a sweep.
type SweepPoint struct {
	Values []float64 // one a parameter
	Result *Result   // nil where Err is not
	Reuse  Reuse
	Err    error // why there is no result: the model cannot be made or solved with these values, or the context ended before
}

// Sweep solves a model for all combinations of the values of its parameters, the values of the last one running fastest. build makes the
// model for one value of each, or changes one that it made before. The points come in that order; they are solved in the order in
// which they serve one another best, each in one Session, so that what an earlier solve has proven is used where it still holds:
//
//   - along a parameter that only tightens or loosens the leader's constraints, or only changes its objective, the ends are solved first, then
//     the middle, then the middles between: where the value at both ends of a piece is the same, all between is settled without a search;
//   - along any other, neighbours follow each other.
//
// A point that cannot be made or solved says so in its Err, and does not end the sweep; if none can, Sweep returns the first such error.
// When ctx ends, the points that are left have its error.
func Sweep(ctx context.Context, params []Parameter, build func(ctx context.Context, values []float64) (*Model, error), options ...SweepOptions) ([]SweepPoint, error) {
	var opt SweepOptions
	if len(options) > 1 {
		return nil, &OptionError{"options", "give at most one SweepOptions value"}
	}
	if len(options) == 1 {
		opt = options[0]
	}
	n := 1
	for _, p := range params {
		if len(p.Values) == 0 {
			return nil, &OptionError{"param", fmt.Sprintf("no values for %q", p.Name)}
		}
		if n *= len(p.Values); n > mostSweepPoints {
			return nil, &OptionError{"param", fmt.Sprintf("more than %d points", mostSweepPoints)}
		}
	}
	points := make([]SweepPoint, n)
	for k := range points {
		points[k].Values = valuesAt(params, k)
	}
	s := NewSession(nil, opt.Solve)
	for _, k := range sweepOrder(ctx, params, build) {
		p := &points[k]
		p.Err = ctx.Err()
		if p.Err == nil {
			p.Err = solvePoint(ctx, s, p, build, opt.Cold)
		}
		if opt.Done != nil {
			opt.Done(k, *p)
		}
	}
	if slices.ContainsFunc(points, func(p SweepPoint) bool { return p.Err == nil }) {
		return points, nil
	}
	return points, points[0].Err
}

func solvePoint(ctx context.Context, s *Session, p *SweepPoint, build func(context.Context, []float64) (*Model, error), cold bool) error {
	m, err := build(ctx, slices.Clone(p.Values))
	if err != nil {
		return err
	}
	if cold {
		s.Forget()
	}
	s.SetModel(m)
	p.Result, err = s.Solve(ctx)
	p.Reuse = s.Reuse()
	return err
}

// valuesAt is point k of the grid.
func valuesAt(params []Parameter, k int) []float64 {
	values := make([]float64, len(params))
	for i := len(params) - 1; i >= 0; i-- {
		n := len(params[i].Values)
		values[i] = params[i].Values[k%n]
		k /= n
	}
	return values
}

// sweepOrder is the order in which the points are solved.
func sweepOrder(ctx context.Context, params []Parameter, build func(context.Context, []float64) (*Model, error)) []int {
	order := []int{0}
	for i, p := range params {
		n := len(p.Values)
		axis, halving := axisOrder(ctx, params, i, build)
		next := make([]int, 0, len(order)*n)
		for turn, k := range order {
			for j := range axis {
				if a := axis[j]; halving || turn%2 == 0 {
					next = append(next, k*n+a)
				} else {
					next = append(next, k*n+axis[n-1-j]) // back the way that the last one came
				}
			}
		}
		order = next
	}
	return order
}

// axisOrder is the order of the values of one parameter, the others at their first: by halving where bounds carry over along it,
// beginning at the end that has the larger feasible set.
func axisOrder(ctx context.Context, params []Parameter, i int, build func(context.Context, []float64) (*Model, error)) (order []int, halving bool) {
	n := len(params[i].Values)
	natural := make([]int, n)
	for k := range natural {
		natural[k] = k
	}
	if n < 3 {
		return natural, false
	}
	ends := [2]*Model{}
	for side := range ends {
		values := valuesAt(params, 0)
		values[i] = params[i].Values[side*(n-1)]
		m, err := build(ctx, values)
		if err != nil || m == nil || m.Err() != nil {
			return natural, false
		}
		ends[side] = m.Derive() // build may change the one that it made
	}
	rel := relate(ends[0], ends[1], false)
	if !rel.known || !rel.inside && !rel.around {
		return natural, false
	}
	order = []int{0, n - 1}
	if rel.around && !rel.inside {
		order = []int{n - 1, 0}
	}
	for pieces := [][2]int{{0, n - 1}}; len(pieces) > 0; pieces = pieces[1:] {
		if a, b := pieces[0][0], pieces[0][1]; b-a > 1 {
			mid := (a + b) / 2
			order = append(order, mid)
			pieces = append(pieces, [2]int{a, mid}, [2]int{mid, b})
		}
	}
	return order, true
}
