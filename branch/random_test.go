package branch

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
	"testing"

	"github.com/gobilevel/bilevel/backends/highs"
	"github.com/gobilevel/bilevel/model"
)

// small is a random problem with standard and mixed pairs, SOS1 sets, integer columns and a linear or convex quadratic objective that is small
// enough to be enumerated.
type small struct {
	m       *model.Model
	choices [][][]bound // of each choice one alternative holds; an alternative is what it adds
}

// bound is lo <= v <= hi for a column or row.
type bound struct {
	row    bool
	idx    int
	lo, hi float64
}

// randomPairs is a problem with standard pairs only, and more of them; randomSmall has everything.
func randomPairs(seed uint64) *small { return random(seed, true) }
func randomSmall(seed uint64) *small { return random(seed, false) }

func random(seed uint64, pairsOnly bool) *small {
	r := rand.New(rand.NewPCG(seed, 17))
	inf := math.Inf(1)
	s := &small{m: model.New("small " + strconv.FormatUint(seed, 10))}
	between := func(lo, hi int) float64 { return float64(lo + r.IntN(hi-lo+1)) }
	n, rows := 4+r.IntN(3), 2+r.IntN(3)
	bounded := r.IntN(4) > 0 // with rays otherwise
	quadratic := bounded && !pairsOnly && r.IntN(4) == 0
	if pairsOnly {
		n, rows = n+3, rows+2
	}
	lo, hi := make([]float64, n), make([]float64, n)
	x := make([]model.Var, n)
	integer := map[int]bool{}
	for j := range x {
		lo[j], hi[j] = between(-3, 0), between(1, 6)
		if j < n/2 {
			lo[j] = 0
		}
		if !bounded && r.IntN(2) == 0 {
			hi[j] = inf
		}
		name := string(rune('a' + j))
		if bounded && !pairsOnly && r.IntN(8) == 0 {
			integer[j] = true
			x[j] = s.m.Leader().Integer(name, lo[j], hi[j])
			continue
		}
		x[j] = s.m.Leader().Var(name, lo[j], hi[j])
	}
	rlo, rhi := make([]float64, rows), make([]float64, rows)
	for i := range rlo {
		terms := make([]model.Expr, 0, n)
		for j := range x {
			if c := between(-4, 4); c != 0 && r.IntN(3) > 0 {
				terms = append(terms, x[j].Times(c))
			}
		}
		terms = append(terms, x[r.IntN(n)].Times(5))
		rlo[i], rhi[i] = between(-12, 2), between(3, 15)
		if r.IntN(4) == 0 {
			rlo[i] = -inf
		} else if r.IntN(4) == 0 {
			rhi[i] = inf
		}
		s.m.Leader().Constrain("r"+strconv.Itoa(i), model.Sum(terms...).Between(rlo[i], rhi[i]))
	}
	obj := make([]model.Expr, 0, n)
	for j := range x {
		obj = append(obj, x[j].Times(between(-9, 9)))
		if quadratic && r.IntN(2) == 0 {
			obj = append(obj, x[j].Minus(between(-3, 6)).Pow(2))
		}
	}
	if !quadratic && r.IntN(2) == 0 {
		s.m.Leader().Maximize(model.Sum(obj...))
	} else {
		s.m.Leader().Minimize(model.Sum(obj...))
	}
	free := rand.New(rand.NewPCG(seed, 3)).Perm(n) // columns that are in no pair yet
	take := func() int { j := free[0]; free = free[1:]; return j }
	slack := func(row bool, idx int) (model.Member, []bound) {
		l, h := lo, hi
		if row {
			l, h = rlo, rhi
		}
		m := model.Member{Row: row, Index: int32(idx), Side: model.AtLower}
		at := l[idx]
		if math.IsInf(at, 0) || !math.IsInf(h[idx], 0) && r.IntN(2) == 0 {
			m.Side, at = model.AtUpper, h[idx]
		}
		return m, []bound{{row, idx, at, at}}
	}
	pairs := 1 + r.IntN(3)
	if pairsOnly {
		pairs = 3 + r.IntN(3)
	}
	for k := pairs; k > 0 && len(free) > 1; k-- {
		a, zeroA := slack(false, take())
		b, zeroB := slack(r.IntN(2) == 0, 0)
		if !b.Row {
			b, zeroB = slack(false, take())
		}
		s.m.AddPairs(fmt.Sprintf("p%d", k), nil, model.Pair{A: a, B: b})
		s.choices = append(s.choices, [][]bound{zeroA, zeroB})
	}
	if pairsOnly {
		return s
	}
	if r.IntN(2) == 0 && len(free) > 0 && rows > 1 { // lo <= a <= hi ⟂ row
		j, i := take(), 1
		s.m.AddPairs("mixed", nil, model.Pair{A: model.Member{Side: model.Range, Index: int32(j)}, B: model.Member{Row: true, Side: model.Value, Index: int32(i)}})
		alternatives := [][]bound{{{false, j, lo[j], lo[j]}, {true, i, 0, inf}}, {{true, i, 0, 0}}}
		if !math.IsInf(hi[j], 1) {
			alternatives = append(alternatives, []bound{{false, j, hi[j], hi[j]}, {true, i, -inf, 0}})
		}
		s.choices = append(s.choices, alternatives)
	}
	for k := r.IntN(3); k > 0; k-- {
		perm := r.Perm(n)[:2+r.IntN(2)]
		set := model.SOS1{Name: fmt.Sprintf("s%d", k)}
		var alternatives [][]bound
		for _, keep := range perm {
			set.Vars = append(set.Vars, int32(keep))
			set.Weights = append(set.Weights, float64(keep))
			var zero []bound
			for _, j := range perm {
				if j != keep {
					zero = append(zero, bound{false, j, 0, 0})
				}
			}
			alternatives = append(alternatives, zero)
		}
		s.m.AddSOS1(set)
		s.choices = append(s.choices, alternatives)
	}
	for j := range n {
		if integer[j] {
			var values [][]bound
			for v := lo[j]; v <= hi[j]; v++ {
				values = append(values, []bound{{false, j, v, v}})
			}
			s.choices = append(s.choices, values)
		}
	}
	return s
}

// enumerate solves what each combination of alternatives leaves. The value is NaN where there is no point, infinite where there is no limit.
func (s *small) enumerate(t *testing.T) float64 {
	t.Helper()
	p := newArrays(s.m)
	p.sign = s.m.Leader().Objective().Sense.Sign()
	best := math.NaN()
	var visit func(k int, cl, cu, rl, ru []float64)
	c := func(v []float64) []float64 { return append([]float64(nil), v...) }
	visit = func(k int, cl, cu, rl, ru []float64) {
		if k < len(s.choices) {
			for _, alternative := range s.choices[k] {
				cl, cu, rl, ru, ok := c(cl), c(cu), c(rl), c(ru), true
				for _, b := range alternative {
					lo, hi := cl, cu
					if b.row {
						lo, hi = rl, ru
					}
					lo[b.idx], hi[b.idx] = math.Max(lo[b.idx], b.lo), math.Min(hi[b.idx], b.hi)
					ok = ok && lo[b.idx] <= hi[b.idx]
				}
				if ok {
					visit(k+1, cl, cu, rl, ru)
				}
			}
			return
		}
		a := &highs.Arrays{Offset: p.offset, Cost: p.cost, ColLower: cl, ColUpper: cu, RowLower: rl, RowUpper: ru,
			Start: p.start[:p.rows+1], Index: p.idx[:p.start[p.rows]], Value: p.val[:p.start[p.rows]]}
		if len(p.quad) > 0 {
			a.QStart, a.QIndex, a.QValue = p.hessian()
		}
		ans, err := highs.Solve(context.Background(), a, highs.SolveOptions{}, nil)
		if err != nil {
			t.Fatal(err)
		}
		switch ans.Status {
		case highs.Optimal:
			v := p.offset + p.quadValue(ans.X, nil)
			for j, c := range p.cost {
				v += c * ans.X[j]
			}
			if !(v >= best) {
				best = v
			}
		case highs.Unbounded:
			best = math.Inf(-1)
		case highs.Infeasible:
		default:
			t.Fatalf("a combination ended with %v", ans.Status)
		}
	}
	visit(0, p.lo, p.hi, p.rlo[:p.rows], p.rhi[:p.rows])
	unit := 1.0
	if f := objectiveScale(s.m.Leader().Objective().F); f != 1 {
		unit = f
	}
	return p.sign * best / unit
}

// withinGap searches with a gap of 30 %: the point is that near to the optimum, and the bound is one. It reports whether they differ.
func withinGap(t *testing.T, m *model.Model, want float64) bool {
	t.Helper()
	r := mustSolve(t, m, Options{Gap: 0.3, CutRounds: -1})
	sign, tol := m.Leader().Objective().Sense.Sign(), 1e-6*math.Max(1, math.Abs(want))
	if r.Proof != model.ProofGlobal || sign*(r.Bound-want) > tol || sign*(want-r.Objective) > tol || sign*(r.Objective-r.Bound) > 0.3*math.Abs(r.Objective)+tol {
		t.Errorf("%s with a gap of 0.3: %v %v, bound %v, optimum %v", m.Name, r.Proof, r.Objective, r.Bound, want)
	}
	return math.Abs(r.Objective-r.Bound) > tol
}

// told searches with an optimal point given as the answer at the first node, and at all of them.
func told(t *testing.T, m *model.Model, want float64) {
	t.Helper()
	x := mustSolve(t, m, Options{}).X
	for _, o := range []Options{{}, {CutRounds: -1, NoRounding: true}} {
		o.Complete = func(context.Context, []float64) []float64 { return x }
		r := mustSolve(t, m, o)
		if r.Proof != model.ProofGlobal || math.Abs(r.Objective-want) > 2e-6*math.Max(1, math.Abs(want)) {
			t.Errorf("%s, told an optimal point: %v %v, want %v", m.Name, r.Proof, r.Objective, want)
		}
	}
}

// TestSmall compares all settings with enumeration on problems with mixed pairs, SOS1 sets and integer columns.
func TestSmall(t *testing.T) {
	noLeak(t)
	eager(t)
	last := uint64(120)
	if testing.Short() {
		last = 30
	}
	kinds, wide := map[string]int{}, 0
	for seed := uint64(1); seed <= last; seed++ {
		s := randomSmall(seed)
		if err := s.m.Err(); err != nil {
			t.Fatal(err)
		}
		want := s.enumerate(t)
		if !math.IsNaN(want) && !math.IsInf(want, 0) {
			if withinGap(t, s.m, want) {
				wide++
			}
			told(t, s.m, want)
		}
		for _, c := range settings {
			got := mustSolve(t, s.m, c.o)
			kind, ok := "optimal", false
			switch {
			case math.IsNaN(want):
				kind, ok = "infeasible", got.Proof == model.ProofInfeasible
			case math.IsInf(want, 0):
				kind, ok = "unbounded", got.Proof == model.ProofUnbounded
			default:
				ok = got.Proof == model.ProofGlobal && math.Abs(got.Objective-want) <= 2e-6*math.Max(1, math.Abs(want))
			}
			if !ok {
				t.Errorf("seed %d, %s: %v %v %v, want %s %v", seed, c.name, got.Status, got.Proof, got.Objective, kind, want)
			}
			kinds[kind]++
			plausible(t, fmt.Sprintf("seed %d, %s", seed, c.name), s.m, got)
		}
	}
	if wide == 0 {
		t.Error("no search ended early within a wide gap")
	}
	for _, k := range []string{"optimal", "infeasible", "unbounded"} {
		if kinds[k] == 0 {
			t.Errorf("none of the problems was %s", k)
		}
	}
	t.Log(kinds)
}
