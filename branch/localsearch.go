package branch

import (
	"context"
	"math"
	"sort"
)

// maxFlips is how many patterns are tried next to that of an incumbent before one of them is better.
const maxFlips = 20

// localSearch changes the pattern of an incumbent, one pair at a time: a pair of which both members are zero may as well have the other one
// fixed, at which the incumbent stays feasible, so that the LP can only get better. The pairs come in the order of what the LP would pay
// for letting go of the fixed member (its reduced cost). The first better pattern is gone on with.
func (w *worker) localSearch(ctx context.Context, fixed []uint8, bounds []fixing) error {
	for round := 0; round < 10 && ctx.Err() == nil; round++ {
		flips, err := w.flips(ctx, fixed, bounds)
		if err != nil {
			return err
		}
		better := false
		for _, k := range flips {
			before := w.value
			fixed[k] ^= 3
			if _, err := w.solvePattern(ctx, fixed, bounds); err != nil {
				return err
			}
			if w.value < before-1e-9*math.Max(1, math.Abs(before)) {
				w.out.stat.LocalSearchPoints++
				better = true
				break
			}
			fixed[k] ^= 3
		}
		if !better {
			break
		}
	}
	return nil
}

// flips lists the pairs with both members zero at the optimum of a pattern, those with the largest price first.
func (w *worker) flips(ctx context.Context, fixed []uint8, bounds []fixing) ([]int, error) {
	if ok, err := w.solvePattern(ctx, fixed, bounds); err != nil || !ok {
		return nil, err
	}
	price, err := w.prices()
	if err != nil || price == nil {
		return nil, err
	}
	type flip struct {
		pair  int
		price float64
	}
	var list []flip
	for k, f := range fixed[:w.p.real] {
		a, b := w.p.violation(k, w.lp.x[:w.lp.n])
		if math.Max(a, b) > 1e-7*w.p.scale[k] || f == 0 || f == 3 {
			continue
		}
		held := w.p.pairs[k][0]
		if f == 2 {
			held = w.p.pairs[k][1]
		}
		if v := price(held); v > 1e-9 {
			list = append(list, flip{k, v})
		}
	}
	sort.SliceStable(list, func(a, b int) bool { return list[a].price > list[b].price })
	var out []int
	for _, f := range list[:min(len(list), maxFlips)] {
		out = append(out, f.pair)
	}
	return out, nil
}

// prices are what the LP at hand would pay, per unit, for letting a member leave the bound that it is held at; nil where there are none.
func (w *worker) prices() (func(m member) float64, error) {
	cost, dual := make([]float64, w.lp.lp.NumCols()), make([]float64, w.lp.lp.NumRows())
	if w.lp.lp.ReducedCosts(cost) != nil || w.lp.lp.RowDuals(dual) != nil {
		return nil, nil
	}
	return func(m member) float64 {
		v := 0.0
		if m.row {
			v = dual[m.idx]
		} else {
			v = cost[m.idx]
		}
		// Moving off a lower bound pays where the reduced cost is negative, off an upper one where it is positive.
		if m.upper {
			return v
		}
		return -v
	}, nil
}
