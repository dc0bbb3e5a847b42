package sparse

import (
	"math/rand"
	"testing"
)

// joined is a pattern of blocks that hang together, and a border of which each variable meets all blocks, at few places or at many; the hints are
// those of some variables of each block.
func joined(r *rand.Rand, blocks, border, size, places int) (a *triplets, truth, hint []int32) {
	a = &triplets{}
	for t := range blocks {
		first := a.n
		for range size {
			if a.n > first {
				a.add(a.n, first+r.Intn(a.n-first), 1)
				a.add(a.n, first+r.Intn(a.n-first), 1)
			}
			a.n++
			truth = append(truth, int32(t))
			h := int32(0)
			if r.Intn(3) == 0 {
				h = int32(t) + 1
			}
			hint = append(hint, h)
		}
	}
	for range border {
		for t := range blocks {
			for range places {
				a.add(a.n, t*size+r.Intn(size), 1)
			}
		}
		a.n++
		truth, hint = append(truth, -1), append(hint, 0)
	}
	perm := r.Perm(a.n)
	t2, h2 := make([]int32, a.n), make([]int32, a.n)
	for i, p := range perm {
		t2[p], h2[p] = truth[i], hint[i]
	}
	for k := range a.rows {
		a.rows[k], a.cols[k] = int32(perm[a.rows[k]]), int32(perm[a.cols[k]])
	}
	return a, t2, h2
}

func TestFindBlocks(t *testing.T) {
	for seed := range int64(60) {
		r := rand.New(rand.NewSource(seed))
		blocks, border, size := 2+r.Intn(6), 1+r.Intn(4), 40+r.Intn(60)
		for _, c := range []struct {
			name   string
			places int
			hints  bool
		}{{"hints, a border of few entries", 2, true}, {"hints, a full border", size, true}, {"no hints, a full border", size, false}} {
			a, truth, hint := joined(r, blocks, border, size, c.places)
			if !c.hints {
				hint = nil
			}
			got := FindBlocks(a.n, a.rows, a.cols, hint)
			if got == nil {
				t.Errorf("seed %d, %s: nothing found in %d blocks of %d with a border of %d", seed, c.name, blocks, size, border)
				continue
			}
			s, err := AnalyseBlocks(a.n, a.rows, a.cols, got)
			if err != nil {
				t.Fatalf("seed %d, %s: %v", seed, c.name, err)
			}
			outside := 0
			for i, b := range got {
				if b < 0 {
					outside++
					if c.places == size && truth[i] >= 0 {
						t.Errorf("seed %d, %s: variable %d of block %d is in the border", seed, c.name, i, truth[i])
					}
				}
			}
			if s.Blocks() < blocks || outside > 2*border+2 {
				t.Errorf("seed %d, %s: %d blocks and a border of %d; there are %d and %d", seed, c.name, s.Blocks(), outside, blocks, border)
			}
			if largest, top := s.Largest(); largest > 0.9 || top > 0.7 {
				t.Errorf("seed %d, %s: the largest of %d blocks has %.2f of the work, the border %.2f", seed, c.name, blocks, largest, top)
			}
		}
	}
}

func TestNoBlocks(t *testing.T) {
	dense := &triplets{n: 30}
	for i := range 30 {
		for j := range i + 1 {
			dense.add(i, j, 1)
		}
	}
	for _, c := range []struct {
		name string
		a    *triplets
		hint []int32
	}{
		{"a full matrix", dense, nil},
		{"a full matrix with hints", dense, append(make([]int32, 20), 1, 1, 1, 1, 1, 2, 2, 2, 2, 2)},
		{"one variable", &triplets{n: 1, rows: []int32{0}, cols: []int32{0}}, nil},
		{"nothing", &triplets{}, nil},
	} {
		if got := FindBlocks(c.a.n, c.a.rows, c.a.cols, c.hint); got != nil {
			t.Errorf("%s: %v", c.name, got)
		}
	}
	// Without entries everything is apart.
	if got := FindBlocks(2, nil, nil, nil); len(got) != 2 || got[0] != 0 || got[1] != 1 {
		t.Errorf("two variables that nothing joins: %v", got)
	}
}
