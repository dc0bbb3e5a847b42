package learning

import (
	"context"
	"math"
)

// pairs changes two of the α at a time until the conditions hold to tol, at most as often as budget says: of the samples, the one that violates them
// most in the direction up, and the one that promises the greatest descent with it.
func (k *kernel) pairs(ctx context.Context, tol float64, budget int) {
	for count := range budget {
		if count%64 == 0 && ctx.Err() != nil {
			return
		}
		_, hi, i, _ := k.interval()
		if i < 0 {
			return
		}
		row := k.row(i)
		best, j, worst := 0.0, -1, hi
		for s, g := range k.grad {
			if !k.downs(s) {
				continue
			}
			t := k.y[s] * g
			worst = math.Max(worst, t)
			if d := t - hi; d > 0 {
				// K_ii + K_ss - 2 K_is with K = y y Q and unit diagonal.
				if gain := d * d / math.Max(2-2*k.y[i]*k.y[s]*row[s], 1e-12); gain > best {
					best, j = gain, s
				}
			}
		}
		if j < 0 || worst-hi <= tol {
			return
		}
		curve := math.Max(2-2*k.y[i]*k.y[j]*row[j], 1e-12)
		t := (k.y[j]*k.grad[j] - hi) / curve
		// The bounds that they move to; the one that is nearer is met exactly.
		endI, endJ := 0.0, 0.0
		if k.y[i] > 0 {
			endI = k.c
		}
		if k.y[j] < 0 {
			endJ = k.c
		}
		toI, toJ := k.alpha[i]+t*k.y[i], k.alpha[j]-t*k.y[j]
		ri, rj := math.Abs(endI-k.alpha[i]), math.Abs(endJ-k.alpha[j])
		if t >= ri && ri <= rj {
			toI, toJ = endI, k.alpha[j]-ri*k.y[j]
		}
		if t >= rj && rj <= ri {
			toJ = endJ
			if rj < ri {
				toI = k.alpha[i] + rj*k.y[i]
			}
		}
		k.move(i, toI)
		k.move(j, toJ)
	}
}

// move changes one α and the gradient.
func (k *kernel) move(j int, to float64) {
	old := k.alpha[j]
	k.alpha[j] = math.Min(math.Max(to, 0), k.c)
	addTimes(k.grad, k.alpha[j]-old, k.row(j))
}
