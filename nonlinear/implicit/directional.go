package implicit

import (
	"context"
	"math"

	"github.com/gobilevel/bilevel/model/smooth"
	"github.com/gobilevel/bilevel/nonlinear/quadratic"
	"github.com/gobilevel/bilevel/nonlinear/system/dense"
)

// direction is the fixed direction in general position along which kinks are left: irrational multiples, so that no small rational relation
// between its entries makes a tie, and signs that alternate.
func direction(n int) []float64 {
	h := make([]float64, n)
	for i := range h {
		_, part := math.Modf(float64(i+1) * math.Phi)
		h[i] = 0.5 + part
		if i%3 == 1 {
			h[i] = -h[i]
		}
	}
	return h
}

// directional reports, for each weakly active constraint or bound, whether it stays active on the way along the direction.
func (d *Adjoint) directional(ctx context.Context, weakly []weak, held []bool, solver smooth.Solver) []bool {
	stays := make([]bool, len(weakly))
	if len(weakly) == 0 || solver == nil {
		return stays
	}
	n := len(d.p.Own)
	h := direction(len(d.p.LeaderOwn))
	q := quadratic.New(n)
	for i, j := range d.p.Own {
		for k, l := range d.p.Own {
			q.H.Set(i, k, d.hess.At(j, l))
		}
		for k, l := range d.p.LeaderOwn {
			q.G[i] += d.hess.At(j, l) * h[k]
		}
		if held[j] {
			q.Lower[i], q.Upper[i] = 0, 0
		}
	}
	place := map[int]int{}
	for i, j := range d.p.Own {
		place[j] = i
	}
	add := func(r *activeRow, lower, upper bool) {
		v := make([]float64, n)
		for i, j := range d.p.Own {
			v[i] = r.grad[j]
		}
		move := 0.0
		for k, l := range d.p.LeaderOwn {
			move += r.grad[l] * h[k]
		}
		lo, hi := math.Inf(-1), math.Inf(1)
		if lower {
			lo = -move
		}
		if upper {
			hi = -move
		}
		q.AddRow(v, lo, hi)
	}
	for _, r := range d.rows {
		add(r, true, true)
	}
	first := q.NumRows()
	for _, w := range weakly {
		switch {
		case w.row != nil:
			add(w.row, !w.upper, w.upper)
		case w.upper:
			q.Upper[place[w.j]] = 0
		default:
			q.Lower[place[w.j]] = 0
		}
	}
	r, err := solver.Solve(ctx, q, smooth.Start{X: make([]float64, n)}, smooth.Options{MaxIterations: 200})
	if err != nil || !r.Solved() {
		return stays
	}
	size := math.Max(1, dense.MaxAbs(q.G))
	next := first
	for k, w := range weakly {
		var multiplier float64
		if w.row != nil {
			multiplier = math.Abs(r.Rows[next])
			next++
		} else {
			multiplier = math.Max(r.Lower[place[w.j]], r.Upper[place[w.j]])
		}
		stays[k] = multiplier > 1e-7*size
	}
	return stays
}
