package verify

import (
	"context"
	"math"
	"math/rand/v2"
)

// poll looks for a better feasible answer than y by values alone: along the variables and in random directions, with steps that double after
// a success and halve after a round without. It needs no derivatives and no solver, so that it serves where functions have kinks and
// says of an answer, whoever gave it, whether something better lies beside it. It returns the best answer found, y itself where there is
// none, after at most the given number of evaluations.
func (t *task) poll(ctx context.Context, y []float64, evaluations int, seed uint64) []float64 {
	n := len(y)
	if n == 0 || t.integers {
		return y
	}
	rng := rand.New(rand.NewPCG(seed, 0xbf58476d1ce4e5b9))
	best, cost := append([]float64(nil), y...), t.costAt(y)
	z := make([]float64, n)
	direction := make([]float64, n)
	size := 0.0
	for _, v := range y {
		size = math.Max(size, math.Abs(v))
	}
	step := 0.1 * math.Max(1, size)
	for used := 0; used < evaluations && step > 1e-9 && ctx.Err() == nil; {
		improved := false
		for k := 0; k < 2*n+4 && used < evaluations; k++ {
			clear(direction)
			if k < 2*n {
				direction[k/2] = float64(1 - 2*(k%2))
			} else {
				norm := 0.0
				for j := range direction {
					direction[j] = rng.NormFloat64()
					norm = math.Hypot(norm, direction[j])
				}
				for j := range direction {
					direction[j] /= norm
				}
			}
			for j := range z {
				z[j] = math.Min(math.Max(best[j]+step*direction[j], t.vlo[j]), t.vhi[j])
			}
			used++
			if v := t.costAt(z); v < cost-1e-12*math.Max(t.terms, math.Abs(cost)) && t.holdsExactly(z) {
				copy(best, z)
				cost, improved = v, true
			}
		}
		if improved {
			step *= 2
		} else {
			step /= 2
		}
	}
	return best
}

// feasible reports whether y keeps all constraints of the task, but for rounding errors: what a larger violation gains must not pass for a better
// answer.
func (t *task) feasible(y []float64) bool { return t.violation(y).scaled <= strictViolation }
