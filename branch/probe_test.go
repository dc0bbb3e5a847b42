package branch

import (
	"context"
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/reform"
	"github.com/gobilevel/bilevel/reform/reformtest"
)

func probed(t *testing.T, m *model.Model) *propagator {
	t.Helper()
	if err := m.Err(); err != nil {
		t.Fatal(err)
	}
	s := newPropagator(newArrays(m))
	s.probe(context.Background(), time.Minute)
	return s
}

// TestProbeInfeasible is rule (i): a = 0 forces c + d = 2 with c, d <= 0.9, so that b = 0 holds.
func TestProbeInfeasible(t *testing.T) {
	m, v := columns([2]float64{0, 5}, [2]float64{0, 5}, [2]float64{0, 0.9}, [2]float64{0, 0.9})
	m.Leader().Constrain("need", v[0].Plus(v[2]).Plus(v[3]).GE(2))
	m.AddPairs("p", nil, model.Pair{A: lower(v[0]), B: lower(v[1])})
	s := probed(t, m)
	if s.infeasible || s.fixed[0]&2 == 0 || !near(s.hi[1], 0) {
		t.Errorf("fixed %v, b <= %v", s.fixed, s.hi[1])
	}
}

// TestProbeForced is rule (ii): a = 0 gives b <= a = 0, so that b = 0 holds on both sides, though both are possible.
func TestProbeForced(t *testing.T) {
	m, v := columns([2]float64{0, 5}, [2]float64{0, 5})
	m.Leader().Constrain("below", v[1].Minus(v[0]).LE(0))
	m.AddPairs("p", nil, model.Pair{A: lower(v[0]), B: lower(v[1])})
	s := probed(t, m)
	if s.infeasible || s.fixed[0] != 2 || !near(s.hi[1], 0) || near(s.hi[0], 0) {
		t.Errorf("fixed %v, a <= %v, b <= %v, infeasible %v", s.fixed, s.hi[0], s.hi[1], s.infeasible)
	}
}

// TestProbeFar: the slack x + c - 16384 of a constraint is anywhere in [0, 2]. That is little beside its terms, yet not zero, whatever a is; of a slack in [0, 1e-5] it is said to be.
func TestProbeFar(t *testing.T) {
	for _, c := range []struct {
		width float64
		zero  bool
	}{{1, false}, {1e-3, false}, {5e-6, true}} {
		m, v := columns([2]float64{0, 5}, [2]float64{16384, 16384 + c.width}, [2]float64{0, c.width})
		r := m.Leader().Constrain("r", v[1].Plus(v[2]).GE(16384))
		m.AddPairs("p", nil, model.Pair{A: lower(v[0]), B: model.Member{Row: true, Side: model.AtLower, Index: int32(r.Index())}})
		if s := probed(t, m); s.infeasible || (s.fixed[0]&2 != 0) != c.zero {
			t.Errorf("width %v: fixed %v, infeasible %v", c.width, s.fixed, s.infeasible)
		}
	}
}

// TestProbeHull is rule (iii): c <= 2 where a = 0 and c <= 3 where b = 0, so that c <= 3 holds.
func TestProbeHull(t *testing.T) {
	m, v := columns([2]float64{0, 5}, [2]float64{0, 5}, [2]float64{0, 10})
	m.Leader().Constrain("first", v[2].Minus(v[0].Times(2)).LE(2))
	m.Leader().Constrain("second", v[2].Minus(v[1].Times(2)).LE(3))
	m.AddPairs("p", nil, model.Pair{A: lower(v[0]), B: lower(v[1])})
	s := probed(t, m)
	if s.infeasible || s.fixed[0] != 0 || !near(s.hi[2], 3) {
		t.Errorf("fixed %v, c <= %v, want 3", s.fixed, s.hi[2])
	}
}

// TestProbeDisjunction: one of three flows must meet a demand, so that one of three slacks p - cost is zero: p >= the least cost.
func TestProbeDisjunction(t *testing.T) {
	inf := math.Inf(1)
	m, v := columns([2]float64{0, inf}, [2]float64{0, inf}, [2]float64{0, inf}, [2]float64{-inf, inf})
	m.Leader().Constrain("demand", model.Sum(v[:3]...).Eq(10))
	for k, cost := range []float64{7, 4, 6} {
		r := m.Leader().Constrain(string(rune('r'+k)), v[3].LE(cost))
		m.AddPairs(string(rune('x'+k)), nil, model.Pair{A: model.Member{Row: true, Side: model.AtUpper, Index: int32(r.Index())}, B: lower(v[k])})
	}
	s := probed(t, m)
	if s.infeasible || !near(s.lo[3], 4) || !near(s.hi[3], 4) {
		t.Fatalf("p in [%v, %v], want 4", s.lo[3], s.hi[3])
	}
	if !near(s.hi[0], 0) || !near(s.hi[2], 0) || !near(s.lo[1], 10) {
		t.Errorf("flows at most %v, %v; the second at least %v", s.hi[0], s.hi[2], s.lo[1])
	}
	// Without the disjunction nothing bounds p from below.
	if d := newPropagator(newArrays(m)).disjunction(0); len(d) != 3 {
		t.Errorf("%d alternatives, want 3", len(d))
	}
}

func TestProbeContradiction(t *testing.T) {
	m, v := columns([2]float64{0, 5}, [2]float64{0, 5})
	m.Leader().Constrain("both", model.Sum(v...).Between(3, 8))
	m.Leader().Constrain("equal", v[0].Minus(v[1]).Between(-1, 1))
	m.AddPairs("p", nil, model.Pair{A: lower(v[0]), B: lower(v[1])})
	if s := probed(t, m); !s.infeasible {
		t.Error("a pair of which neither member can be zero was not noticed")
	}
	r, err := (Probe{}).Apply(context.Background(), m)
	if err != nil || !r.Infeasible {
		t.Fatalf("the pass does not say so: %v, %v", r, err)
	}
	if got, err := Solve(context.Background(), m, Options{}); err != nil || got.Proof != model.ProofInfeasible || got.Statistics.Nodes != 0 {
		t.Errorf("%+v, %v", got, err)
	}
}

// TestProbeKeepsMeaning: a range whose upper side is decided must not lend its new lower bound to the pair of its lower side.
func TestProbeKeepsMeaning(t *testing.T) {
	m, v := columns([2]float64{0, 5}, [2]float64{0, 5}, [2]float64{0, 5}, [2]float64{0, 5})
	r := m.Leader().Constrain("range", v[0].Plus(v[1]).Between(2, 2+1e-6)) // narrower than what counts as positive
	row := func(side model.Side) model.Member {
		return model.Member{Row: true, Side: side, Index: int32(r.Index())}
	}
	m.Leader().Constrain("up", v[2].Minus(v[3]).GE(1)) // its multiplier is positive
	m.AddPairs("up", nil, model.Pair{A: lower(v[2]), B: row(model.AtUpper)})
	m.AddPairs("low", nil, model.Pair{A: lower(v[3]), B: row(model.AtLower)})
	got, err := (Probe{}).Apply(context.Background(), m)
	if err != nil {
		t.Fatal(err)
	}
	d := got.Model
	for k := 0; k < d.NumPairs(); k++ {
		for _, s := range []model.Member{d.Pair(k).A, d.Pair(k).B} {
			if !s.Row {
				continue
			}
			if lo, hi := d.RowBounds(int(s.Index)); lo != 2 && s.Side == model.AtLower || hi != 2+1e-6 && s.Side == model.AtUpper {
				t.Errorf("pair %s refers to a bound of [%v, %v] that has moved", d.PairName(k), lo, hi)
			}
		}
	}
}

func TestProbeAccepts(t *testing.T) {
	plain, _ := columns([2]float64{0, 1})
	mixed, v := columns([2]float64{0, 1}, [2]float64{-1, 1})
	mixed.Leader().Mixed("mix", 0, v[0], 1, v[1])
	mixed.Leader().Complement("pair", v[0], v[1])
	for _, c := range []struct {
		name string
		m    *model.Model
		want string
	}{{"no pairs", plain, "no complementarity pair"}, {"mixed", mixed, "mixed complementarity pairs"}} {
		_, err := (Probe{}).Apply(context.Background(), c.m)
		var no *reform.NotAcceptedError
		if !errors.As(err, &no) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

// TestProbeBudget: a cancelled context leaves valid bounds.
func TestProbeBudget(t *testing.T) {
	m, v := columns([2]float64{0, 5}, [2]float64{0, 5})
	m.Leader().Constrain("below", v[1].Minus(v[0]).LE(0))
	m.AddPairs("p", nil, model.Pair{A: lower(v[0]), B: lower(v[1])})
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	s := newPropagator(newArrays(m))
	if s.probe(ctx, time.Minute); s.infeasible || s.fixed[0] != 0 {
		t.Errorf("fixed %v after a cancelled probe", s.fixed)
	}
}

// TestProbePass: what the pass leaves has the same answer as what it was given, on random followers' conditions.
func TestProbePass(t *testing.T) {
	noLeak(t)
	ctx := context.Background()
	compared := 0
	for seed := uint64(300001); seed <= 300400; seed++ {
		in, traits := reformtest.Random(seed)
		k, err := (reform.KKT{Inequality: true}).Apply(ctx, in.Model())
		if err != nil || k.Model.Constructs().Without(Takes) != 0 {
			continue
		}
		p, err := (Probe{}).Apply(ctx, k.Model)
		if err != nil {
			continue // no pairs
		}
		compared++
		before, after := mustSolve(t, k.Model, Options{ProbeTime: -1}), mustSolve(t, p.Model, Options{ProbeTime: -1})
		if before.Proof != after.Proof || p.Infeasible && before.Proof != model.ProofInfeasible {
			t.Errorf("seed %d (%v): %v before, %v after probing\n%v", seed, traits, before.Proof, after.Proof, in)
			continue
		}
		if before.Proof != model.ProofGlobal {
			continue
		}
		if math.Abs(before.Objective-after.Objective) > 2e-6*math.Max(1, math.Abs(before.Objective)) {
			t.Errorf("seed %d (%v): %v before, %v after probing\n%v", seed, traits, before.Objective, after.Objective, in)
		}
		back, err := p.Recovery.Recover(&model.Point{X: after.X})
		if err != nil {
			t.Fatal(err)
		}
		if v, where := reformtest.Residual(k.Model, back.X); v > 1e-4 { // boxes are handed on a millionth wider
			t.Errorf("seed %d: the point misses %s by %v in the model before", seed, where, v)
		}
	}
	if compared < 250 {
		t.Errorf("only %d instances were compared", compared)
	}
}
