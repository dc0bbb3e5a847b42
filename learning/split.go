package learning

import (
	"fmt"
	"math/rand/v2"
)

// Split draws a test set of round(share*l) of l samples and returns the other samples and the test samples; the order is random. The same
// seed gives the same sets. The share lies in [0, 1).
func Split(l int, share float64, seed uint64) (train, test []int) {
	p := rand.New(rand.NewPCG(seed, 0x5eed)).Perm(l)
	k := min(max(int(share*float64(l)+0.5), 0), l)
	return p[k:], p[:k]
}

// Folds draws a partition of l samples in t folds whose sizes differ by at most one: fold k validates what is trained on the others. The
// same seed gives the same folds. It needs 2 <= t <= l; otherwise the error is an *OptionError.
func Folds(l, t int, seed uint64) ([][]int, error) {
	if t < 2 || t > l {
		return nil, &OptionError{"folds", fmt.Sprintf("%d folds of %d samples", t, l), "give at least 2 folds, and no more than there are samples"}
	}
	p := rand.New(rand.NewPCG(seed, 0xf01d)).Perm(l)
	folds := make([][]int, t)
	for k := range t {
		folds[k] = p[k*l/t : (k+1)*l/t]
	}
	return folds, nil
}

// rest lists the samples outside of fold t, in the order of the other folds.
func rest(folds [][]int, t int) []int {
	var out []int
	for k, f := range folds {
		if k != t {
			out = append(out, f...)
		}
	}
	return out
}
