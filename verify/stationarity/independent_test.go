package stationarity

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/gobilevel/bilevel/backends/highs"
	"github.com/gobilevel/bilevel/model"
)

// The checker here shares nothing with the package but Branch.Restrict: it writes the definitions of W, A, C, M and S as one linear
// program for every choice of signs of every biactive pair, and that of B as one for every combination of branches, and solves each by HiGHS.

// truth are the labels of a point of an affine MPCC in the order W A C M B S, by enumeration. Slacks below 1e-6 are zero.
func truth(t *testing.T, p *affine, pairs []model.Pair, x []float64) string {
	t.Helper()
	e := &enumeration{t: t, p: p, pairs: pairs, x: x}
	e.sides()
	b := "n"
	if bestStep(t, p, pairs, x, 1e-3) > -1e-8 {
		b = "y"
	}
	any2 := [][2]float64{{-inf, -inf}}
	w, a := e.exists(any2), e.exists([][2]float64{{0, -inf}, {-inf, 0}})
	c := e.existsBoth([][2][2]float64{{{0, inf}, {0, inf}}, {{-inf, 0}, {-inf, 0}}})
	m := e.existsBoth([][2][2]float64{{{0, inf}, {0, inf}}, {{0, 0}, {-inf, inf}}, {{-inf, inf}, {0, 0}}})
	s := e.exists([][2]float64{{0, 0}})
	return w + a + c + m + b + s
}

type enumeration struct {
	t     *testing.T
	p     *affine
	pairs []model.Pair
	x     []float64
	// terms of the stationarity equation with the interval of each multiplier; those of pairs come in twos
	gradients [][]float64
	low, high []float64
	biactive  [][2]int
}

// sides lists the active sides and members.
func (e *enumeration) sides() {
	type side struct {
		row   bool
		index int32
		upper bool
	}
	gradient := func(row bool, index int32, sign float64) []float64 {
		g := make([]float64, len(e.x))
		if row {
			for j, v := range e.p.a[index] {
				g[j] = sign * v
			}
		} else {
			g[index] = sign
		}
		return g
	}
	bounds := func(row bool, i int32) (lo, hi, v float64) {
		if row {
			return e.p.rlo[i], e.p.rhi[i], dot(e.p.a[i], e.x) + e.p.b[i]
		}
		return e.p.lo[i], e.p.hi[i], e.x[i]
	}
	add := func(g []float64, low, high float64) {
		e.gradients, e.low, e.high = append(e.gradients, g), append(e.low, low), append(e.high, high)
	}
	const tiny = 1e-6
	members := map[side]bool{}
	for _, pair := range e.pairs {
		alo, ahi, av := bounds(pair.A.Row, pair.A.Index)
		blo, bhi, bv := bounds(pair.B.Row, pair.B.Index)
		if alo == ahi || blo == bhi && (!pair.Mixed() || blo == 0) {
			continue // the bounds alone make the pair hold
		}
		sa, sb, a, b := 1.0, 1.0, av-alo, bv-blo
		if pair.Mixed() {
			b = bv
			if ahi-av < av-alo {
				sa, sb, a, b = -1, -1, ahi-av, -bv
			}
			members[side{pair.A.Row, pair.A.Index, false}], members[side{pair.A.Row, pair.A.Index, true}] = true, true
		} else {
			if pair.A.Side == model.AtUpper {
				sa, a = -1, ahi-av
			}
			if pair.B.Side == model.AtUpper {
				sb, b = -1, bhi-bv
			}
			members[side{pair.A.Row, pair.A.Index, sa < 0}], members[side{pair.B.Row, pair.B.Index, sb < 0}] = true, true
		}
		if a < tiny && b < tiny {
			e.biactive = append(e.biactive, [2]int{len(e.gradients), len(e.gradients) + 1})
		}
		if a < tiny {
			add(gradient(pair.A.Row, pair.A.Index, sa), -inf, inf)
		}
		if b < tiny {
			add(gradient(pair.B.Row, pair.B.Index, sb), -inf, inf)
		}
	}
	both := func(row bool, n int) {
		for i := range int32(n) {
			lo, hi, v := bounds(row, i)
			if lo == hi {
				add(gradient(row, i, 1), -inf, inf)
				continue
			}
			if v-lo < tiny && !members[side{row, i, false}] {
				add(gradient(row, i, 1), 0, inf)
			}
			if hi-v < tiny && !members[side{row, i, true}] {
				add(gradient(row, i, -1), 0, inf)
			}
		}
	}
	both(false, len(e.x))
	both(true, len(e.p.a))
}

// exists tries all combinations of lower limits of the two multipliers of each biactive pair.
func (e *enumeration) exists(lows [][2]float64) string {
	var cells [][2][2]float64
	for _, l := range lows {
		cells = append(cells, [2][2]float64{{l[0], inf}, {l[1], inf}})
	}
	return e.existsBoth(cells)
}

// existsBoth tries all combinations of intervals of the two multipliers of each biactive pair.
func (e *enumeration) existsBoth(cells [][2][2]float64) string {
	at := make([]int, len(e.biactive))
	for {
		low, high := append([]float64(nil), e.low...), append([]float64(nil), e.high...)
		for i, b := range e.biactive {
			for side := range 2 {
				low[b[side]], high[b[side]] = cells[at[i]][side][0], cells[at[i]][side][1]
			}
		}
		if e.residual(low, high) < 1e-7 {
			return "y"
		}
		k := 0
		for ; k < len(at); k++ {
			if at[k]++; at[k] < len(cells) {
				break
			}
			at[k] = 0
		}
		if k == len(at) {
			return "n"
		}
	}
}

// residual is the least ‖∇f - Σ multipliers gradients‖₁.
func (e *enumeration) residual(low, high []float64) float64 {
	a := &highs.Arrays{Start: []int32{0}}
	for i := range e.gradients {
		a.Cost, a.ColLower, a.ColUpper = append(a.Cost, 0), append(a.ColLower, low[i]), append(a.ColUpper, high[i])
	}
	first := len(a.Cost)
	for range e.x {
		a.Cost, a.ColLower, a.ColUpper = append(a.Cost, 1, 1), append(a.ColLower, 0, 0), append(a.ColUpper, inf, inf)
	}
	for j := range e.x {
		for i, g := range e.gradients {
			if g[j] != 0 {
				a.Index, a.Value = append(a.Index, int32(i)), append(a.Value, g[j])
			}
		}
		a.Index, a.Value = append(a.Index, int32(first+2*j), int32(first+2*j+1)), append(a.Value, 1, -1)
		a.Start = append(a.Start, int32(len(a.Index)))
		a.RowLower, a.RowUpper = append(a.RowLower, e.p.c[j]), append(a.RowUpper, e.p.c[j])
	}
	s, err := highs.Solve(context.Background(), a, highs.SolveOptions{}, nil)
	if err != nil || s.Status != highs.Optimal {
		e.t.Fatal(s, err)
	}
	return s.Objective
}

// needHiGHS skips a test in a binary without HiGHS.
func needHiGHS(t *testing.T) {
	t.Helper()
	if highs.New().Version() == "" {
		t.Skip("the checker solves its linear programs by HiGHS, which is not in this binary")
	}
}

// availableSolvers are the ways to compute multipliers and directions in this binary.
func availableSolvers() []solverChoice {
	if highs.New().Version() == "" {
		return []solverChoice{solversOwn}
	}
	return []solverChoice{solversOwn, solversHiGHS, solversBySize}
}

// TestLabelsAgainstEnumeration compares all labels with the definitions, at points of random degenerate MPCCs, whose objectives are drawn
// so that many points are stationary in one way or another.
func TestLabelsAgainstEnumeration(t *testing.T) {
	needHiGHS(t)
	count := map[string]int{}
	for seed := range uint64(400) {
		r := rand.New(rand.NewPCG(seed, 2))
		prog, pairs, x := randomMPCC(r, 2+r.IntN(4), r.IntN(5), 1+r.IntN(4), 1)
		e := &enumeration{t: t, p: prog, pairs: pairs, x: x}
		e.sides()
		clear(prog.c)
		negative := 1 + r.IntN(3)
		for i, g := range e.gradients { // an objective with known multipliers
			w := float64(r.IntN(4))
			if math.IsInf(e.low[i], -1) && r.IntN(4) < negative {
				w = -w
			}
			for j := range prog.c {
				prog.c[j] += w * g[j]
			}
		}
		if r.IntN(8) == 0 {
			prog.c[0]++
		}
		want := truth(t, prog, pairs, x)
		count[want]++
		for _, solvers := range availableSolvers() {
			p, err := New(prog, pairs)
			if err != nil {
				t.Fatal(err)
			}
			p.solvers = solvers
			rep, err := p.Classify(context.Background(), x, Options{})
			if err != nil {
				t.Fatal(err)
			}
			if len(rep.Biactive) == 0 && labels(rep)[0] != want[0] || len(rep.Biactive) > 0 && labels(rep) != want {
				t.Errorf("seed %d, solvers %d: %s, by enumeration %s; %d biactive pairs, residual %g, %s", seed, solvers, labels(rep), want, len(rep.Biactive), rep.Residual, rep.Message)
			}
			checkReport(t, p, x, rep)
			if rep.LICQ == Yes && (rep.MFCQ != Yes || rep.B != rep.S) {
				t.Errorf("seed %d: under MPCC-LICQ, B %v, S %v, MFCQ %v", seed, rep.B, rep.S, rep.MFCQ)
			}
			if rank := e.rank(); (rep.LICQ == Yes) != (rank == len(e.gradients)) {
				t.Errorf("seed %d: LICQ %v with %d gradients of rank %d", seed, rep.LICQ, len(e.gradients), rank)
			}
		}
	}
	t.Log(count)
	for _, l := range []string{"nnnnnn", "yynnnn", "ynynnn", "yyyynn", "yyyyyn", "yyyyyy"} {
		if count[l] < 4 {
			t.Errorf("only %d points with the labels %s", count[l], l)
		}
	}
}

// rank is that of the active gradients, by elimination in integers as far as floating point goes: all data are small integers.
func (e *enumeration) rank() int {
	var m [][]float64
	for _, g := range e.gradients {
		m = append(m, append([]float64(nil), g...))
	}
	rank := 0
	for j := range e.x {
		at := -1
		for i := rank; i < len(m); i++ {
			if math.Abs(m[i][j]) > 1e-9 && (at < 0 || math.Abs(m[i][j]) > math.Abs(m[at][j])) {
				at = i
			}
		}
		if at < 0 {
			continue
		}
		m[rank], m[at] = m[at], m[rank]
		for i := rank + 1; i < len(m); i++ {
			f := m[i][j] / m[rank][j]
			for c := range m[i] {
				m[i][c] -= f * m[rank][c]
			}
		}
		rank++
	}
	return rank
}
