package sparse

import (
	"errors"
	"math"
	"math/rand"
	"slices"
	"testing"
)

// bordered is a matrix of blocks, each the KKT matrix of a small program, and a border that meets them at random places. Some blocks are singular, some
// have a variable that nothing in the block meets, some have more negative eigenvalues than rows.
func bordered(r *rand.Rand, blocks, border, size int) (*triplets, []int32) {
	a := &triplets{}
	var block []int32
	for t := range blocks {
		n := 1 + r.Intn(size)
		m := r.Intn(n + 1)
		rank := m
		if r.Intn(3) == 0 && m > 0 {
			rank = r.Intn(m) // singular by itself
		}
		b := randomKKT(r, n, m, rank)
		for k, v := range b.vals {
			a.add(a.n+int(b.rows[k]), a.n+int(b.cols[k]), v)
		}
		a.n += b.n
		if r.Intn(3) == 0 {
			a.n++ // regular by the border alone
		}
		for len(block) < a.n {
			block = append(block, int32(t))
		}
	}
	first := a.n
	a.n += border
	for i := range border {
		block = append(block, -1)
		if r.Intn(2) == 0 {
			a.add(first+i, first+i, r.NormFloat64())
		}
		for j := range first {
			if block[j] == int32(i%blocks) || r.Intn(3) == 0 {
				a.add(first+i, j, r.NormFloat64())
			}
		}
		if i > 0 && r.Intn(2) == 0 {
			a.add(first+i, first+r.Intn(i), r.NormFloat64())
		}
	}
	// The order of the input means nothing.
	perm := r.Perm(a.n)
	where := make([]int32, a.n)
	for i, p := range perm {
		where[p] = block[i]
	}
	for k := range a.rows {
		a.rows[k], a.cols[k] = int32(perm[a.rows[k]]), int32(perm[a.cols[k]])
	}
	return a, where
}

func TestBlocksAgainstEigenvalues(t *testing.T) {
	compared, singular, delayed := 0, 0, 0
	for seed := range int64(400) {
		r := rand.New(rand.NewSource(seed))
		blocks := 1 + r.Intn(5)
		a, block := bordered(r, blocks, 1+r.Intn(4), 8)
		s, err := AnalyseBlocks(a.n, a.rows, a.cols, block)
		if err != nil {
			t.Fatal(err)
		}
		if s.Blocks() != blocks {
			t.Fatalf("seed %d: %d blocks, want %d", seed, s.Blocks(), blocks)
		}
		f := s.NewFactor()
		f.SetWorkers(1 + r.Intn(4))
		if err := f.Factorise(a.vals); err != nil {
			t.Fatal(err)
		}
		whole := factorised(t, a)
		for _, own := range f.parts {
			if own.done < ownColumns(s, own, f) {
				delayed++
				break
			}
		}
		want, clear := inertiaOf(a, 1e-13)
		if !clear {
			continue
		}
		compared++
		if got := f.Inertia(); got != want {
			if want.Zero > 0 && got.Zero < want.Zero && whole.Inertia() != want { // rounding errors taken for eigenvalues, by the other way as well
				continue
			}
			t.Errorf("seed %d: inertia %+v, eigenvalues say %+v, without blocks it is %+v", seed, got, want, whole.Inertia())
		}
		if want.Zero > 0 {
			singular++
			continue
		}
		b, x, y := make([]float64, a.n), make([]float64, a.n), make([]float64, a.n)
		for i := range b {
			b[i] = r.NormFloat64()
		}
		if res := f.Refined(b, x, 3, 1e-16); res > 1e-12 {
			t.Errorf("seed %d: relative residual %v", seed, res)
		}
		whole.Refined(b, y, 3, 1e-16)
		most := norm(y)
		for i := range x {
			if d := math.Abs(x[i] - y[i]); d > 1e-5*most {
				t.Errorf("seed %d: entry %d is %v, without blocks %v", seed, i, x[i], y[i])
				break
			}
		}
	}
	t.Logf("%d matrices compared, %d singular, columns delayed into the border in %d", compared, singular, delayed)
	if compared < 250 || singular < 20 || delayed < 100 {
		t.Errorf("the matrices test too little")
	}
}

// ownColumns is the number of columns of a block.
func ownColumns(s *Symbolic, p *part, f *Factor) int {
	t := slices.Index(f.parts, p)
	count := 0
	for _, k := range s.parts[t] {
		count += int(s.nodes[k].own)
	}
	return count
}

// The same numbers come out, to the last bit, for any number of workers, also when the memory is used again.
func TestWorkersGiveTheSame(t *testing.T) {
	r := rand.New(rand.NewSource(5))
	a, block := bordered(r, 6, 5, 60)
	s, err := AnalyseBlocks(a.n, a.rows, a.cols, block)
	if err != nil {
		t.Fatal(err)
	}
	b := make([]float64, a.n)
	for i := range b {
		b[i] = r.NormFloat64()
	}
	var first []float64
	for _, workers := range []int{1, 2, 3, 6, 9, 0} {
		f := s.NewFactor()
		f.SetWorkers(workers)
		for range 3 {
			if err := f.Factorise(a.vals); err != nil {
				t.Fatal(err)
			}
			x := slices.Clone(b)
			f.Solve(x)
			if first == nil {
				first = x
			}
			if !slices.Equal(x, first) {
				t.Fatalf("%d workers: another solution", workers)
			}
		}
	}
}

func TestBlocksAreRefused(t *testing.T) {
	rows, cols := []int32{0, 1, 2, 2}, []int32{0, 1, 2, 1}
	_, err := AnalyseBlocks(3, rows, cols, []int32{0, 1, 2})
	var joined *BlockError
	if !errors.As(err, &joined) || joined.Entry != 3 || joined.A != 2 || joined.B != 1 {
		t.Errorf("got %v", err)
	}
	if _, err := AnalyseBlocks(3, rows, cols, []int32{0, 1}); err == nil {
		t.Error("too few blocks were taken")
	}
	_, err = AnalyseBlocks(2, rows, cols, []int32{0, 1})
	var outside *PatternError
	if !errors.As(err, &outside) {
		t.Errorf("got %v", err)
	}
}
