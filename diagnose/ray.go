package diagnose

import (
	"context"
	"math"

	"github.com/gobilevel/bilevel/backends/highs"
)

// ray finds a direction in which the linear objective improves without limit over the LP of the relaxation, nil where there is none. Of all
// those it is one without shadow prices and with the least sum of absolute entries for the improvement it brings, so that few variables take part:
//
//	min Σ|d_j|  s.t.  c'd = 1 (of improvement),  A d and d within the bounds of the relaxation with every finite bound made 0.
func (r *relaxation) ray(ctx context.Context) ([]float64, error) {
	a := r.a
	n := len(a.Cost)
	sign := 1.0
	if !a.Maximize {
		sign = -1
	}
	// d = d+ - d-, columns 0..n-1 and n..2n-1; the last row is the improvement.
	b := &highs.Arrays{Cost: make([]float64, 2*n), ColLower: make([]float64, 2*n), ColUpper: make([]float64, 2*n)}
	for j := range n {
		b.Cost[j], b.Cost[n+j] = 1, 1
		if r.price[j] {
			continue
		}
		if !finite(a.ColUpper[j]) {
			b.ColUpper[j] = math.Inf(1)
		}
		if !finite(a.ColLower[j]) {
			b.ColUpper[n+j] = math.Inf(1)
		}
	}
	b.Start = []int32{0}
	entry := func(j int32, v float64) {
		b.Index, b.Value = append(b.Index, j, int32(n)+j), append(b.Value, v, -v)
	}
	end := func(lower, upper float64) {
		b.Start = append(b.Start, int32(len(b.Index)))
		b.RowLower, b.RowUpper = append(b.RowLower, lower), append(b.RowUpper, upper)
	}
	zero := func(v float64) float64 {
		if finite(v) {
			return 0
		}
		return v
	}
	for i := range a.RowLower {
		if !finite(a.RowLower[i]) && !finite(a.RowUpper[i]) {
			continue
		}
		for k := a.Start[i]; k < a.Start[i+1]; k++ {
			entry(a.Index[k], a.Value[k])
		}
		end(zero(a.RowLower[i]), zero(a.RowUpper[i]))
	}
	any := false
	for j, c := range a.Cost {
		if c != 0 {
			entry(int32(j), sign*c)
			any = true
		}
	}
	if !any {
		return nil, nil
	}
	end(1, 1)
	s, err := highs.Solve(ctx, b, highs.SolveOptions{Threads: 1}, nil)
	if err != nil || s.Status != highs.Optimal || !s.Feasible {
		return nil, err
	}
	d := make([]float64, n)
	for j := range n {
		d[j] = s.X[j] - s.X[n+j]
	}
	return normalised(d), nil
}

// normalised divides a direction by its largest entry and drops rounding errors.
func normalised(d []float64) []float64 {
	largest := 0.0
	for _, v := range d {
		largest = math.Max(largest, math.Abs(v))
	}
	if largest == 0 {
		return nil
	}
	for j := range d {
		if d[j] /= largest; math.Abs(d[j]) < 1e-9 {
			d[j] = 0
		}
	}
	return d
}

// rate is the change of the linear objective for a step of 1.
func (r *relaxation) rate(d []float64) float64 {
	v := 0.0
	for j, c := range r.a.Cost {
		v += c * d[j]
	}
	return v
}
