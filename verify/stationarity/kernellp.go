package stationarity

import (
	"context"
	"math"
)

// openLP writes the linear program of directions at the active set; see kernel.
func (k *kernel) openLP() error {
	n := len(k.target)
	lp := &boxLP{n: n, cost: k.target, start: []int32{0}}
	k.rowOf = make([]int, len(k.first))
	for q := range k.rowOf {
		k.rowOf[q] = -1
		if q < k.a.p.n || k.first[q] < 0 {
			continue
		}
		size := k.a.normInf[q]
		if size == 0 {
			continue
		}
		k.rowOf[q] = lp.m
		k.rowSize = append(k.rowSize, size)
		k.a.each(q, func(j int32, v float64) {
			if math.Abs(v) > 1e-12*size {
				lp.index, lp.value = append(lp.index, j), append(lp.value, v/size)
			}
		})
		lp.start = append(lp.start, int32(len(lp.index)))
		lp.m++
	}
	lp.lower, lp.upper = make([]float64, n+lp.m), make([]float64, n+lp.m)
	for j := range lp.lower {
		lp.lower[j], lp.upper[j] = -1, 1
		if j >= n {
			lp.lower[j], lp.upper[j] = -inf, inf
		}
	}
	if err := lp.open(solversHiGHS); err != nil {
		return err
	}
	k.lp = lp
	return nil
}

// leastByLP solves by the linear program. It returns false where least squares have to do it.
func (k *kernel) leastByLP(ctx context.Context, signs []sign) (bool, error) {
	if k.extra != nil {
		return false, nil
	}
	for q, i := range k.first {
		if i < 0 || q >= k.a.p.n && k.rowOf[q] < 0 {
			continue
		}
		lo, hi := -inf, inf // of the quantity along d
		for ; i >= 0; i = k.next[i] {
			l, h := k.sides(i, signs[i])
			lo, hi = math.Max(lo, l), math.Min(hi, h)
		}
		if q < k.a.p.n {
			k.lp.set(q, math.Max(lo, -1), math.Min(hi, 1))
		} else {
			k.lp.set(k.lp.n+k.rowOf[q], lo, hi)
		}
	}
	y := make([]float64, k.lp.m)
	status, err := k.lp.solver.solve(ctx, k.lp, k.d, y)
	switch {
	case err != nil:
		return false, err
	case status == boxStopped:
		return false, errStopped
	case status != boxOptimal:
		return false, nil
	}
	clear(k.w)
	for q := k.a.p.n; q < len(k.first); q++ {
		if k.rowOf[q] >= 0 {
			k.share(q, y[k.rowOf[q]]/k.rowSize[k.rowOf[q]], signs)
		}
	}
	k.leave()
	for j := range k.a.p.n {
		if k.first[j] >= 0 {
			k.residual[j] = k.share(j, k.residual[j], signs)
		}
	}
	return true, nil
}

// sides are the bounds of a column's quantity along the direction that belong to the sign of its multiplier.
func (k *kernel) sides(i int, g sign) (lo, hi float64) {
	switch {
	case g == free:
		return 0, 0
	case g == zero:
		return -inf, inf
	case (g == nonNegative) == (k.a.columns[i].orientation > 0):
		return 0, inf
	}
	return -inf, 0
}

// share gives a multiplier of a quantity to those of its columns whose signs allow it, and returns what is left over.
func (k *kernel) share(q int, total float64, signs []sign) float64 {
	for i := k.first[q]; i >= 0 && total != 0; i = k.next[i] {
		o := k.a.columns[i].orientation
		w := total * o
		if signs[i] == zero || signs[i] == nonNegative && w < 0 || signs[i] == nonPositive && w > 0 {
			continue
		}
		k.w[i] += w
		return 0
	}
	return total
}
