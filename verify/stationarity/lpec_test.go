package stationarity

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/gobilevel/bilevel/backends/highs"
	"github.com/gobilevel/bilevel/model"
)

// branchesOf are the ways in which a pair can hold.
func branchesOf(p model.Pair) []Branch {
	if p.Mixed() {
		return []Branch{RangeAtLower, RangeAtUpper, ValueZero}
	}
	return []Branch{FirstZero, SecondZero}
}

// eachPattern visits all combinations of branches.
func eachPattern(pairs []model.Pair, visit func([]Branch)) {
	at := make([]Branch, len(pairs))
	var go_ func(k int)
	go_ = func(k int) {
		if k == len(pairs) {
			visit(at)
			return
		}
		for _, b := range branchesOf(pairs[k]) {
			at[k] = b
			go_(k + 1)
		}
	}
	go_(0)
}

// bestStep solves an LPEC with affine functions by one linear program for every combination of branches, in the variables themselves.
func bestStep(t *testing.T, p *affine, pairs []model.Pair, x []float64, radius float64) float64 {
	t.Helper()
	best := inf
	eachPattern(pairs, func(at []Branch) {
		q := *p
		q.lo, q.hi, q.rlo, q.rhi = slices.Clone(p.lo), slices.Clone(p.hi), slices.Clone(p.rlo), slices.Clone(p.rhi)
		for k, b := range at {
			b.Restrict(&q, pairs[k])
		}
		a := &highs.Arrays{Cost: q.c, Offset: -dot(q.c, x), ColLower: make([]float64, len(x)), ColUpper: make([]float64, len(x)), RowLower: q.rlo, RowUpper: q.rhi, Start: []int32{0}}
		for j := range x {
			a.ColLower[j], a.ColUpper[j] = math.Max(q.lo[j], x[j]-radius), math.Min(q.hi[j], x[j]+radius)
			if a.ColLower[j] > a.ColUpper[j] {
				return
			}
		}
		for r, row := range q.a {
			for j, v := range row {
				if v != 0 {
					a.Index, a.Value = append(a.Index, int32(j)), append(a.Value, v)
				}
			}
			a.Start = append(a.Start, int32(len(a.Index)))
			if a.RowLower[r] > a.RowUpper[r] {
				return
			}
			a.RowLower[r], a.RowUpper[r] = a.RowLower[r]-q.b[r], a.RowUpper[r]-q.b[r]
		}
		s, err := highs.Solve(context.Background(), a, highs.SolveOptions{}, nil)
		if err != nil {
			t.Fatal(err)
		}
		if s.Status == highs.Optimal {
			best = math.Min(best, s.Objective)
		}
	})
	return best
}

// TestStepsAgainstAllBranches compares the search with the best of all branches, and checks the direction and the proof of its bound.
func TestStepsAgainstAllBranches(t *testing.T) {
	needHiGHS(t)
	for _, solvers := range []solverChoice{solversOwn, solversHiGHS} {
		t.Run([]string{"by size", "own", "highs"}[solvers], func(t *testing.T) {
			stationary, descending := 0, 0
			for seed := range uint64(300) {
				r := rand.New(rand.NewPCG(seed, 1))
				n, m, k := 2+r.IntN(5), r.IntN(5), 1+r.IntN(4)
				prog, pairs, x := randomMPCC(r, n, m, k, 0.25)
				p, err := New(prog, pairs)
				if err != nil {
					t.Fatal(seed, err)
				}
				p.solvers = solvers
				const radius = 0.5
				d, err := p.LPEC(context.Background(), x, LPECOptions{Radius: radius, Leaves: true})
				if err != nil {
					t.Fatal(seed, err)
				}
				want := bestStep(t, prog, pairs, x, radius)
				if math.Abs(d.Value-want) > 1e-5 || d.Bound > d.Value || d.Bound < want-1e-5 {
					t.Fatalf("seed %d: value %v, bound %v, best of all branches %v", seed, d.Value, d.Bound, want)
				}
				if d.Stationary == Yes != (want > -1e-7) {
					t.Errorf("seed %d: stationary %v at %v", seed, d.Stationary, want)
				}
				if d.Stationary == Yes {
					stationary++
				} else {
					descending++
				}
				checkStep(t, prog, pairs, x, d, radius)
				checkLeaves(t, p, x, d, radius)
			}
			if stationary < 30 || descending < 30 {
				t.Errorf("%d stationary points and %d with descent: the generator is one-sided", stationary, descending)
			}
		})
	}
}

// checkStep checks that a step stays in the branches that it names and has the value that it claims.
func checkStep(t *testing.T, p *affine, pairs []model.Pair, x []float64, d *Direction, radius float64) {
	t.Helper()
	q := *p
	q.lo, q.hi, q.rlo, q.rhi = slices.Clone(p.lo), slices.Clone(p.hi), slices.Clone(p.rlo), slices.Clone(p.rhi)
	for k, b := range d.Branches {
		b.Restrict(&q, pairs[k])
	}
	y := slices.Clone(x)
	for j := range y {
		y[j] += d.D[j]
		if math.Abs(d.D[j]) > radius+1e-9 || y[j] < q.lo[j]-1e-7 || y[j] > q.hi[j]+1e-7 {
			t.Errorf("variable %d at %v moves by %v out of [%v, %v]", j, x[j], d.D[j], q.lo[j], q.hi[j])
		}
	}
	for r := range q.a {
		if v := dot(q.a[r], y) + q.b[r]; v < q.rlo[r]-1e-6 || v > q.rhi[r]+1e-6 {
			t.Errorf("row %d at %v leaves [%v, %v]", r, v, q.rlo[r], q.rhi[r])
		}
	}
	if v := dot(q.c, d.D); math.Abs(v-d.Value) > 1e-9 {
		t.Errorf("value %v of a direction with value %v", d.Value, v)
	}
}

// checkLeaves recomputes the bound of each leaf from its multipliers, and counts that the leaves cover all combinations of branches.
func checkLeaves(t *testing.T, p *Problem, x []float64, d *Direction, radius float64) {
	t.Helper()
	prog := p.prog.(*affine)
	q := *prog
	for _, leaf := range d.Leaves {
		if leaf.Rows == nil || leaf.Block > 0 || d.Leaves[len(d.Leaves)-1].Block > 0 {
			continue // of several blocks, the sum is checked below
		}
		q.lo, q.hi, q.rlo, q.rhi = slices.Clone(prog.lo), slices.Clone(prog.hi), slices.Clone(prog.rlo), slices.Clone(prog.rhi)
		for i, k := range leaf.Pairs {
			leaf.Branches[i].Restrict(&q, p.pairs[k])
		}
		for k := range p.pairs {
			if !slices.Contains(d.Choices, k) {
				d.Branches[k].Restrict(&q, p.pairs[k])
			} else if !slices.Contains(leaf.Pairs, k) && p.pairs[k].Mixed() {
				return // what the relaxed pair allows is the search's own business
			}
		}
		sum := 0.0
		rest := slices.Clone(q.c)
		for r, y := range leaf.Rows {
			v := dot(q.a[r], x) + q.b[r]
			sum += leastOf(y, q.rlo[r]-v, q.rhi[r]-v)
			for j := range rest {
				rest[j] -= y * q.a[r][j]
			}
		}
		for j, v := range rest {
			sum += leastOf(v, math.Max(q.lo[j]-x[j], -radius), math.Min(q.hi[j]-x[j], radius))
		}
		if math.Abs(sum-leaf.Bound) > 1e-6 && sum < leaf.Bound {
			t.Errorf("a leaf claims the bound %v, its multipliers show %v", leaf.Bound, sum)
		}
	}
	least := map[int]float64{}
	for _, leaf := range d.Leaves {
		if v, known := least[leaf.Block]; !known || leaf.Bound < v {
			least[leaf.Block] = leaf.Bound
		}
	}
	sum := 0.0
	for _, v := range least {
		sum += math.Min(v, 0)
	}
	if len(d.Leaves) > 0 && sum < d.Bound-1e-7 {
		t.Errorf("the leaves show the bound %v, claimed is %v", sum, d.Bound)
	}
	var choices []model.Pair
	for _, k := range d.Choices {
		choices = append(choices, p.pairs[k])
	}
	l, _ := p.at(x, 0)
	s := newLinearised(l, radius)
	eachPattern(choices, func(at []Branch) {
		for i, b := range at {
			if !slices.Contains(s.choices[i].branches, b) {
				return
			}
		}
		covered := 0
		for _, leaf := range d.Leaves {
			in := leaf.Block == 0 || len(leaf.Pairs) > 0
			for i, k := range leaf.Pairs {
				in = in && at[slices.Index(d.Choices, k)] == leaf.Branches[i]
			}
			if in {
				covered++
			}
		}
		if covered == 0 && len(d.Leaves) > 0 {
			t.Errorf("no leaf covers the branches %v of %v", at, d.Choices)
		}
	})
}
