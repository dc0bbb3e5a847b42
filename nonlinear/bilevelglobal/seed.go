package bilevelglobal

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// seed is an answer z0 of a follower at a point (x0, z0), continued to other decisions x of the others by its first derivatives:
//
//	z(x) = z0 + A (x - x0) + t d
//
// A is what the optimality conditions with the active constraints of the point give, so that z(x) follows the answer to second order, and
// d leads inward: t makes room where active constraints curve.
type seed struct {
	point []float64 // (x0, z0), all variables of the model
	a     []float64 // by own variable, then by others
	d     []float64 // by own variable; nil where there is none
	value float64   // of the follower's objective
}

// active constraints are those within activity of their sides, relative to them.
const activity = 1e-6

// newSeed makes the seed of a point whose part of the follower is an answer of it, or anything else that satisfies its constraints.
func (f *follower) newSeed(point []float64) *seed {
	s := &seed{point: append([]float64(nil), point...), a: make([]float64, len(f.vars)*len(f.others))}
	vals := make([]float64, 1+len(f.rows))
	f.tape.Values(f.ws, s.point, vals)
	s.value = vals[0]
	if math.IsNaN(s.value) || !f.smooth {
		return s
	}
	free := make([]int, 0, len(f.vars)) // places of own variables that are not at a bound
	for k, j := range f.vars {
		if z := point[j]; !f.whole[k] && z-f.vlo[k] > activity*math.Max(1, math.Abs(z)) && f.vhi[k]-z > activity*math.Max(1, math.Abs(z)) {
			free = append(free, k)
		}
	}
	all := make([]float64, f.slopes.NumRoots())
	f.slopes.Values(f.sws, s.point, all)
	nv := len(f.vars) + len(f.others)
	slope := func(row, k int) float64 { return all[len(vals)+row*nv+k] }
	type active struct {
		row     int
		outward float64
	}
	var held []active
	for r := range f.rows {
		v := vals[1+r]
		tol := activity * math.Max(1, math.Abs(v))
		switch {
		case f.hi[r]-v <= tol && v-f.lo[r] <= tol:
			held = append(held, active{r, 0})
		case f.hi[r]-v <= tol:
			held = append(held, active{r, 1})
		case v-f.lo[r] <= tol:
			held = append(held, active{r, -1})
		}
	}
	weights := make([]float64, 1+len(f.rows)) // of the Lagrangian's functions
	weights[0] = 1
	if len(held) > 0 && len(free) > 0 {
		j, b := mat.NewDense(len(free), len(held), nil), mat.NewDense(len(free), 1, nil)
		for c, k := range free {
			b.Set(c, 0, -slope(0, k))
			for i, h := range held {
				j.Set(c, i, slope(1+h.row, k))
			}
		}
		if x := leastSquares(j, b); x != nil {
			for i, h := range held {
				weights[1+h.row] = x.At(i, 0)
			}
		}
	}
	s.sensitivities(f, free, weights, len(held), func(i, k int) float64 { return slope(1+held[i].row, k) })
	// Inward: least d with (outward normal)'d = -1 for inequalities and 0 for equations.
	if len(held) > 0 && len(free) > 0 {
		j, b := mat.NewDense(len(held), len(free), nil), mat.NewDense(len(held), 1, nil)
		for i, h := range held {
			o := h.outward
			if o == 0 {
				o = 1
			} else {
				b.Set(i, 0, -1)
			}
			for c, k := range free {
				j.Set(i, c, o*slope(1+h.row, k))
			}
		}
		if x := leastSquares(j, b); x != nil {
			s.d = make([]float64, len(f.vars))
			for c, k := range free {
				s.d[k] = x.At(c, 0)
			}
		}
	}
	return s
}

// sensitivities solves [H J'; J 0] [A; M] = -[L_yx; g_x] for the free variables and the active rows.
func (s *seed) sensitivities(f *follower, free []int, weights []float64, rows int, row func(i, k int) float64) {
	n, m := len(free), rows
	if n == 0 || len(f.others) == 0 {
		return
	}
	hr, hc := f.tape.HessianPattern()
	h := make([]float64, len(hr))
	f.tape.Hessian(f.ws, s.point, weights, h)
	place := map[int32]int{}
	for c, k := range free {
		place[int32(f.vars[k])] = c
	}
	other := map[int32]int{}
	for c, j := range f.others {
		other[int32(j)] = c
	}
	k, b := mat.NewDense(n+m, n+m, nil), mat.NewDense(n+m, len(f.others), nil)
	for e := range hr {
		if math.IsNaN(h[e]) || math.IsInf(h[e], 0) {
			return
		}
		ri, rok := place[hr[e]]
		ci, cok := place[hc[e]]
		ro, roo := other[hr[e]]
		co, coo := other[hc[e]]
		switch {
		case rok && cok:
			k.Set(ri, ci, h[e])
			k.Set(ci, ri, h[e])
		case rok && coo:
			b.Set(ri, co, -h[e])
		case cok && roo:
			b.Set(ci, ro, -h[e])
		}
	}
	for i := range m {
		for c, q := range free {
			k.Set(n+i, c, row(i, q))
			k.Set(c, n+i, row(i, q))
		}
		for c := range f.others {
			b.Set(n+i, c, -row(i, len(f.vars)+c))
		}
	}
	x := leastSquares(k, b)
	if x == nil {
		return
	}
	for c, q := range free {
		for o := range f.others {
			if v := x.At(c, o); math.Abs(v) <= 1e3 {
				s.a[q*len(f.others)+o] = v
			}
		}
	}
}

// leastSquares is the shortest X with least |A X - B|, nil where the arithmetic breaks down.
func leastSquares(a, b *mat.Dense) *mat.Dense {
	for _, v := range a.RawMatrix().Data {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return nil
		}
	}
	var svd mat.SVD
	if !svd.Factorize(a, mat.SVDThin) {
		return nil
	}
	rank := svd.Rank(1e-10)
	if rank == 0 {
		return nil
	}
	var x mat.Dense
	svd.SolveTo(&x, b, rank)
	for _, v := range x.RawMatrix().Data {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return nil
		}
	}
	return &x
}

// answerAt writes z(x) for the decision in x, clipped to the bounds, into x.
func (s *seed) answerAt(f *follower, x []float64) {
	no := len(f.others)
	for k, j := range f.vars {
		v := s.point[j]
		for o, i := range f.others {
			v += s.a[k*no+o] * (x[i] - s.point[i])
		}
		x[j] = math.Min(math.Max(v, f.vlo[k]), f.vhi[k])
	}
}
