package model

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// TestMergeRuns compares with the library's stable sort: of the same keys the first comes first.
func TestMergeRuns(t *testing.T) {
	type element struct{ key, place int }
	rng := rand.New(rand.NewPCG(1, 2))
	for n := range 200 {
		s := make([]element, n)
		for k := range s {
			s[k] = element{rng.IntN(1 + n/3), k}
			if rng.IntN(3) > 0 && k > 0 {
				s[k].key = s[k-1].key + rng.IntN(2) // runs
			}
		}
		want := slices.Clone(s)
		slices.SortStableFunc(want, func(a, b element) int { return a.key - b.key })
		mergeRuns(s, func(a, b element) bool { return a.key > b.key })
		if !slices.Equal(s, want) {
			t.Fatalf("%d elements: %v, want %v", n, s, want)
		}
	}
}
