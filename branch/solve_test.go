package branch

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/gobilevel/bilevel/backends"
	"github.com/gobilevel/bilevel/backends/highs"
	"github.com/gobilevel/bilevel/bench/family"
	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/reform"
	"github.com/gobilevel/bilevel/reform/reformtest"
)

// noLeak checks at the end of a test that all solvers have been closed.
func noLeak(t *testing.T) {
	t.Helper()
	t.Cleanup(func() {
		if n := highs.OpenInstances(); n != 0 {
			t.Errorf("%d instances of HiGHS were left open", n)
		}
	})
}

func mustSolve(t *testing.T, m *model.Model, o Options) *Result {
	t.Helper()
	r, err := Solve(context.Background(), m, o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// settings are ways to search that must all give the same answer.
var settings = []struct {
	name string
	o    Options
}{
	{"default", Options{}},
	{"no probing", Options{ProbeTime: -1}},
	{"no propagation", Options{ProbeTime: -1, NoPropagation: true}},
	{"no strong branching", Options{StrongCandidates: -1}},
	{"no cuts", Options{CutRounds: -1}},
	{"no penalties", Options{NoPenalties: true}},
	{"no reduced costs", Options{NoReducedCosts: true}},
	{"no cutoff row", Options{NoCutoffRow: true}},
	{"no local rows", Options{NoLocalRows: true}},
	{"no local search", Options{NoLocalSearch: true}},
	{"no guide", Options{NoGuide: true}},
	{"no rounding", Options{NoRounding: true}},
	{"pairs only", Options{Branching: BranchPairs}},
	{"leader variables", Options{Branching: BranchLeader, ProbeTime: -1}},
	{"one thread", Options{Threads: 1, ProbeTime: -1, CutRounds: -1}},
	{"four threads", Options{Threads: 4, ProbeTime: -1, CutRounds: -1}},
	{"opportunistic", Options{Threads: 4, Opportunistic: true, ProbeTime: -1, CutRounds: -1}},
	{"bare", Options{ProbeTime: -1, NoPropagation: true, StrongCandidates: -1, CutRounds: -1, NoReducedCosts: true, NoCutoffRow: true, NoLocalRows: true, NoLocalSearch: true, NoGuide: true, NoRounding: true, NoPenalties: true}},
}

// eager lets threads set out, and the way of branching change, from the first nodes on, which small problems would never see.
func eager(t *testing.T) {
	threads, after, pairs := alone, switchAfter, switchPairs
	alone, switchAfter, switchPairs = 0, 3, 0
	t.Cleanup(func() { alone, switchAfter, switchPairs = threads, after, pairs })
}

// plausible checks what must hold of the statistics and the point of any search.
func plausible(t *testing.T, what string, m *model.Model, r *Result) {
	t.Helper()
	s := r.Statistics
	if sign := m.Leader().Objective().Sense.Sign(); !math.IsNaN(s.FirstBound) && !math.IsNaN(s.RootBound) {
		if sign*(s.RootBound-s.FirstBound) < -1e-7*math.Max(1, math.Abs(s.FirstBound)) {
			t.Errorf("%s: cuts have weakened the bound from %v to %v", what, s.FirstBound, s.RootBound)
		}
		if r.Proof == model.ProofGlobal && sign*(r.Objective-s.RootBound) < -1e-6*math.Max(1, math.Abs(r.Objective)) {
			t.Errorf("%s: the root's bound %v is beyond the optimum %v", what, s.RootBound, r.Objective)
		}
	}
	if s.CutsKept > s.CutsMade || s.HeuristicPoints > s.Incumbents || s.LocalSearchPoints > s.Incumbents || s.StrongFixed > s.StrongTrials ||
		r.X != nil && r.Proof == model.ProofGlobal && s.Incumbents == 0 {
		t.Errorf("%s: %+v", what, s)
	}
	if r.X == nil || r.Proof == model.ProofUnbounded {
		return
	}
	for k := 0; k < m.NumPairs(); k++ {
		if v := m.PairViolation(k, r.X); v > 1e-5 {
			t.Errorf("%s: pair %s misses by %v", what, m.PairName(k), v)
		}
	}
}

// TestSettings compares all settings with enumeration on random followers' conditions.
func TestSettings(t *testing.T) {
	noLeak(t)
	eager(t)
	solved := 0
	for seed := uint64(100001); seed <= 100250; seed++ {
		in, _ := reformtest.Random(seed)
		want, err := in.Solve()
		if err != nil || in.Price != nil {
			continue
		}
		r, err := (reform.KKT{Inequality: seed%2 == 0}).Apply(context.Background(), in.Model())
		if err != nil || r.Model.Constructs().Without(Takes) != 0 {
			continue
		}
		solved++
		for _, s := range settings {
			got := mustSolve(t, r.Model, s.o)
			plausible(t, fmt.Sprintf("seed %d, %s", seed, s.name), r.Model, got)
			ok := false
			switch want.Answer {
			case reformtest.Optimal:
				ok = got.Proof == model.ProofGlobal && math.Abs(got.Objective-want.Value) <= 2e-6*math.Max(1, math.Abs(want.Value))
			case reformtest.Infeasible:
				ok = got.Proof == model.ProofInfeasible
			case reformtest.Unbounded:
				ok = got.Proof == model.ProofUnbounded
			}
			if !ok {
				t.Errorf("seed %d, %s: %v %v %v, want %v %v\n%v", seed, s.name, got.Status, got.Proof, got.Objective, want.Answer, want.Value, in)
			}
		}
	}
	if solved < 150 {
		t.Errorf("only %d instances were of a kind that the search takes", solved)
	}
}

// TestUnbounded tells unbounded problems from unbounded relaxations.
func TestUnbounded(t *testing.T) {
	noLeak(t)
	inf := math.Inf(1)
	pair := func(m *model.Model, a, b model.Var) {
		m.AddPairs("p", nil, model.Pair{A: lower(a), B: lower(b)})
	}
	for _, c := range []struct {
		name, reason string
		build        func() *model.Model
		proof        model.Proof
		value        float64
	}{
		{"relaxation only", "a + b grows without the pair; with it one of them is zero and the other at most 3", func() *model.Model {
			m, v := columns([2]float64{0, inf}, [2]float64{0, inf})
			m.Leader().Constrain("near", v[0].Minus(v[1]).Between(-3, 2))
			m.Leader().Maximize(model.Sum(v...))
			pair(m, v[0], v[1])
			return m
		}, model.ProofGlobal, 3},
		{"one branch", "b = 0 leaves a free to grow", func() *model.Model {
			m, v := columns([2]float64{0, inf}, [2]float64{0, 4})
			m.Leader().Maximize(v[0].Expr())
			pair(m, v[0], v[1])
			return m
		}, model.ProofUnbounded, 0},
		{"infeasible and unbounded", "the relaxation has a ray, no branch has a point", func() *model.Model {
			m, v := columns([2]float64{0, inf}, [2]float64{0, inf}, [2]float64{0, inf})
			m.Leader().Constrain("both", v[0].Minus(v[1]).Between(0, 0))
			m.Leader().Constrain("positive", model.Sum(v[:2]...).GE(1))
			m.Leader().Maximize(v[2].Expr())
			pair(m, v[0], v[1])
			return m
		}, model.ProofInfeasible, 0},
		{"integer", "an integer variable without bounds, and a point with integer values", func() *model.Model {
			m := model.New("int")
			x, y := m.Leader().Integer("x", 0, inf), m.Leader().Var("y", 0, inf)
			m.Leader().Constrain("r", x.Times(2).Minus(y).Between(0, 1))
			m.Leader().Maximize(x.Plus(y))
			return m
		}, model.ProofUnbounded, 0},
		{"quadratic bounded", "the linear part alone would be unbounded", func() *model.Model {
			m, v := columns([2]float64{-inf, inf}, [2]float64{0, inf}, [2]float64{0, inf})
			m.Leader().Minimize(v[0].Pow(2).Minus(v[0].Times(6)).Plus(v[1]))
			pair(m, v[1], v[2])
			return m
		}, model.ProofGlobal, -9},
		{"quadratic in some directions", "(a - b)² does not hold a = b back", func() *model.Model {
			m, v := columns([2]float64{-inf, inf}, [2]float64{-inf, inf})
			m.Leader().Minimize(v[0].Minus(v[1]).Pow(2).Minus(v[0]))
			m.Leader().Constrain("r", v[0].Plus(v[1]).GE(-4))
			return m
		}, model.ProofUnbounded, 0},
		{"quadratic integer", "min (2x - 5)² - y over integer x, y <= x", func() *model.Model {
			m := model.New("int")
			x, y := m.Leader().Integer("x", -inf, inf), m.Leader().Var("y", 0, inf)
			m.Leader().Constrain("r", y.Minus(x).LE(0))
			m.Leader().Minimize(x.Times(2).Minus(5).Pow(2).Minus(y))
			return m
		}, model.ProofGlobal, -2},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, s := range settings {
				r := mustSolve(t, c.build(), s.o)
				if r.Proof != c.proof || c.proof == model.ProofGlobal && math.Abs(r.Objective-c.value) > 1e-6 {
					t.Errorf("%s: %v %v %v, want %v %v (%s)", s.name, r.Status, r.Proof, r.Objective, c.proof, c.value, c.reason)
				}
			}
		})
	}
}

// TestQuadraticInteger: the tangents of a node may meet an integer where its QP does not.
func TestQuadraticInteger(t *testing.T) {
	noLeak(t)
	r := rand.New(rand.NewPCG(7, 7))
	for k := 0; k < 60; k++ {
		m := model.New("qi")
		x, y := m.Leader().Integers("x", 3, -4, 4), m.Leader().Vars("y", 2, 0, model.Inf)
		center := [5]float64{}
		terms := []model.Expr{}
		for j, v := range append(append([]model.Var(nil), x...), y...) {
			center[j] = float64(r.IntN(160)-80) / 16
			terms = append(terms, v.Minus(center[j]).Pow(2))
		}
		m.AddPairs("p", nil, model.Pair{A: lower(y[0]), B: lower(y[1])})
		m.Leader().Minimize(model.Sum(terms...))
		want := 0.0
		for j := range x {
			n := math.Min(4, math.Max(-4, math.Round(center[j])))
			want += (n - center[j]) * (n - center[j])
		}
		a, b := math.Max(0, center[3]), math.Max(0, center[4])
		first, second := (a-center[3])*(a-center[3])+center[4]*center[4], center[3]*center[3]+(b-center[4])*(b-center[4])
		want += math.Min(first, second)
		if got := mustSolve(t, m, Options{}); got.Proof != model.ProofGlobal || math.Abs(got.Objective-want) > 1e-5*math.Max(1, want) {
			t.Errorf("case %d: %v %v, want %v", k, got.Proof, got.Objective, want)
		}
	}
}

// hard is a model that takes the search a while: RAND (20,20) with the conditions of its follower.
func hard(t *testing.T) *model.Model {
	t.Helper()
	r, err := (reform.KKT{}).Apply(context.Background(), family.Rand(20, 20, 1234))
	if err != nil {
		t.Fatal(err)
	}
	return r.Model
}

// TestInterrupt stops the search at many moments: it returns soon, and what it says then is consistent and true.
func TestInterrupt(t *testing.T) {
	noLeak(t)
	m := hard(t)
	r := rand.New(rand.NewPCG(3, 3))
	for k := 0; k < 12; k++ {
		limit := time.Duration(r.IntN(120)) * time.Millisecond
		ctx, cancel := context.WithTimeout(context.Background(), limit)
		start := time.Now()
		got, err := Solve(ctx, m, Options{})
		late := time.Since(start) - limit
		cancel()
		if err != nil {
			t.Fatalf("after %v: %v", limit, err)
		}
		if late > time.Second {
			t.Errorf("returned %v after the limit of %v", late, limit)
		}
		switch got.Proof {
		case model.ProofFeasible:
			if got.X == nil || got.Status != model.StatusFeasible {
				t.Errorf("after %v: a proof about no point: %+v", limit, got)
			}
			if !math.IsNaN(got.Bound) && got.Bound > got.Objective+1e-6*math.Abs(got.Objective) {
				t.Errorf("after %v: bound %v above the point's %v", limit, got.Bound, got.Objective)
			}
			for i := 0; i < m.NumPairs(); i++ {
				if v := m.PairViolation(i, got.X); v > 1e-5 {
					t.Errorf("after %v: pair %s misses by %v", limit, m.PairName(i), v)
				}
			}
		case model.ProofNone:
			if got.X != nil || got.Status != model.StatusLimit && got.Status != model.StatusInterrupted {
				t.Errorf("after %v: %+v", limit, got)
			}
		case model.ProofGlobal:
		default:
			t.Errorf("after %v: %v, but the problem has points", limit, got.Proof)
		}
	}
}

func TestCancelled(t *testing.T) {
	noLeak(t)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	got, err := Solve(ctx, hard(t), Options{})
	if err != nil || got.Status != model.StatusInterrupted || got.Proof != model.ProofNone {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestNodeLimit(t *testing.T) {
	noLeak(t)
	got := mustSolve(t, hard(t), Options{NodeLimit: 5})
	if got.Statistics.Nodes != 5 || got.Proof >= model.ProofGlobalIfBounds || math.IsNaN(got.Bound) {
		t.Errorf("%+v", got)
	}
}

// TestDeterminism: the same model and settings take the same nodes and iterations to the same point.
func TestDeterminism(t *testing.T) {
	noLeak(t)
	k, err := (reform.KKT{Inequality: true}).Apply(context.Background(), family.Rand(10, 10, 1234))
	if err != nil {
		t.Fatal(err)
	}
	eager(t)
	for _, threads := range []int{1, 2, 4} {
		o := Options{Threads: threads, StrongCandidates: -1, CutRounds: -1}
		a, b := mustSolve(t, k.Model, o), mustSolve(t, k.Model, o)
		if a.Statistics != b.Statistics || a.Objective != b.Objective {
			t.Errorf("%d threads: two runs differ: %+v and %+v", threads, a.Statistics, b.Statistics)
		}
		if a.Statistics.Threads != threads {
			t.Errorf("%d threads took part, want %d", a.Statistics.Threads, threads)
		}
		for j := range a.X {
			if a.X[j] != b.X[j] {
				t.Fatalf("%d threads: %s is %v in one run and %v in the other", threads, k.Model.VarName(j), a.X[j], b.X[j])
			}
		}
		t.Logf("%d threads: %d nodes", threads, a.Statistics.Nodes)
	}
}

// TestUnsupported: what the search does not take is a typed error.
func TestUnsupported(t *testing.T) {
	m := model.New("bilevel")
	y := m.Follower("f").Var("y", 0, 1)
	m.Follower("f").Minimize(y.Expr())
	_, err := Solve(context.Background(), m, Options{})
	var no *UnsupportedError
	if !errors.As(err, &no) || no.Construct != model.Followers || no.Where != "follower f" {
		t.Errorf("%v", err)
	}
	_, err = Backend{}.Solve(context.Background(), m, backends.Options{}, nil)
	var refused *backends.UnsupportedError
	if !errors.As(err, &refused) {
		t.Errorf("%v", err)
	}
}

// TestPolish: a point that a MILP solver has left near a pair is brought onto it.
func TestPolish(t *testing.T) {
	noLeak(t)
	m, v := columns([2]float64{0, 5}, [2]float64{0, 5})
	m.Leader().Constrain("sum", model.Sum(v...).LE(4))
	m.Leader().Maximize(v[0].Plus(v[1].Times(2)))
	m.AddPairs("p", nil, model.Pair{A: lower(v[0]), B: lower(v[1])})
	x, err := Polish(context.Background(), m, []float64{3e-6, 3.9})
	if err != nil || x == nil || x[0] != 0 || math.Abs(x[1]-4) > 1e-9 {
		t.Errorf("%v, %v", x, err)
	}
}

// TestEvents: reports come, with a bound on the right side of the incumbent.
func TestEvents(t *testing.T) {
	noLeak(t)
	count := 0
	o := Options{Events: func(e backends.Event) {
		count++
		if !math.IsNaN(e.Bound) && !math.IsNaN(e.Incumbent) && e.Bound > e.Incumbent+1e-6*math.Abs(e.Incumbent) {
			t.Errorf("bound %v above incumbent %v in a minimisation", e.Bound, e.Incumbent)
		}
	}, TimeLimit: 700 * time.Millisecond}
	mustSolve(t, hard(t), o)
	if count < 2 {
		t.Errorf("%d reports", count)
	}
}
