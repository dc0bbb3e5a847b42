package branch

import (
	"math"
	"testing"

	"github.com/gobilevel/bilevel/model"
)

// columns builds a model of continuous variables with bounds.
func columns(bounds ...[2]float64) (*model.Model, []model.Var) {
	m := model.New("test")
	vars := make([]model.Var, len(bounds))
	for j, b := range bounds {
		vars[j] = m.Leader().Var(string(rune('a'+j)), b[0], b[1])
	}
	return m, vars
}

// lower is the member v - lo of a variable.
func lower(v model.Var) model.Member {
	return model.Member{Side: model.AtLower, Index: int32(v.Index())}
}

// upper is the member hi - v of a variable.
func upper(v model.Var) model.Member {
	return model.Member{Side: model.AtUpper, Index: int32(v.Index())}
}

func propagate(t *testing.T, m *model.Model) *propagator {
	t.Helper()
	if err := m.Err(); err != nil {
		t.Fatal(err)
	}
	s := newPropagator(newArrays(m))
	for r := range s.rlo {
		s.push(int32(r))
	}
	s.run()
	return s
}

func near(a, b float64) bool { return a == b || math.Abs(a-b) <= 1e-6 }

func TestPropagateRow(t *testing.T) {
	for _, c := range []struct {
		name, reason string
		bounds       [2][2]float64 // of a and b
		row          [2]float64    // of a + 2 b
		want         [2][2]float64
		infeasible   bool
	}{
		{"upper", "a <= 6 - 2*0, b <= 6/2", [2][2]float64{{0, math.Inf(1)}, {0, math.Inf(1)}}, [2]float64{math.Inf(-1), 6}, [2][2]float64{{0, 6}, {0, 3}}, false},
		{"lower", "a >= 9 - 2*2, b >= (9 - 8)/2 is no news", [2][2]float64{{0, 8}, {0.5, 2}}, [2]float64{9, math.Inf(1)}, [2][2]float64{{5, 8}, {0.5, 2}}, false},
		{"one free", "only the free variable gets a bound", [2][2]float64{{math.Inf(-1), math.Inf(1)}, {0, 2}}, [2]float64{0, 4}, [2][2]float64{{-4, 4}, {0, 2}}, false},
		{"both free", "nothing follows", [2][2]float64{{math.Inf(-1), math.Inf(1)}, {math.Inf(-1), math.Inf(1)}}, [2]float64{0, 4},
			[2][2]float64{{math.Inf(-1), math.Inf(1)}, {math.Inf(-1), math.Inf(1)}}, false},
		{"infeasible", "at most 1 + 2", [2][2]float64{{0, 1}, {0, 1}}, [2]float64{4, 5}, [2][2]float64{}, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			m, v := columns(c.bounds[0], c.bounds[1])
			m.Leader().Constrain("row", v[0].Plus(v[1].Times(2)).Between(c.row[0], c.row[1]))
			s := propagate(t, m)
			if s.infeasible != c.infeasible {
				t.Fatalf("infeasible: %v (%s)", s.infeasible, c.reason)
			}
			for j := 0; j < 2 && !c.infeasible; j++ {
				if !near(s.lo[j], c.want[j][0]) || !near(s.hi[j], c.want[j][1]) {
					t.Errorf("variable %d: [%v, %v], want %v (%s)", j, s.lo[j], s.hi[j], c.want[j], c.reason)
				}
			}
		})
	}
}

// TestPropagatePair: a member that cannot be zero makes its partner zero, and that travels on through rows.
func TestPropagatePair(t *testing.T) {
	inf := math.Inf(1)
	m, v := columns([2]float64{0, inf}, [2]float64{0, inf}, [2]float64{0, inf}, [2]float64{0, 4})
	m.Leader().Constrain("demand", v[0].GE(1))
	m.Leader().Constrain("link", v[1].Plus(v[2]).Eq(3))
	m.AddPairs("p", nil, model.Pair{A: lower(v[0]), B: lower(v[1])}) // a >= 1, so b = 0, so c = 3
	m.AddPairs("q", nil, model.Pair{A: lower(v[2]), B: upper(v[3])}) // c > 0, so d = 4
	s := propagate(t, m)
	if s.infeasible || !near(s.hi[1], 0) || !near(s.lo[2], 3) || !near(s.lo[3], 4) {
		t.Fatalf("b <= %v, c >= %v, d >= %v, infeasible %v", s.hi[1], s.lo[2], s.lo[3], s.infeasible)
	}
	if s.fixed[0] != 2 || s.fixed[1] != 2 {
		t.Errorf("fixed members %v, want the second of each pair", s.fixed)
	}
}

// TestPropagateRange: a range that is at its upper side is not at its lower one, whose multiplier is then zero.
func TestPropagateRange(t *testing.T) {
	inf := math.Inf(1)
	m, v := columns([2]float64{-inf, inf}, [2]float64{-inf, inf}, [2]float64{0, inf}, [2]float64{0, inf})
	r := m.Leader().Constrain("range", v[0].Plus(v[1]).Between(2, 5))
	row := func(side model.Side) model.Member {
		return model.Member{Row: true, Side: side, Index: int32(r.Index())}
	}
	m.AddPairs("up", nil, model.Pair{A: lower(v[2]), B: row(model.AtUpper)})
	m.AddPairs("low", nil, model.Pair{A: lower(v[3]), B: row(model.AtLower)})
	s := propagate(t, m)
	s.fix(0, 1)
	if !s.run() || s.fixed[1] != 1 || !near(s.hi[3], 0) {
		t.Errorf("fixed %v, multiplier of the lower side at most %v", s.fixed, s.hi[3])
	}
	if s.fix(1, 1); !s.infeasible {
		t.Error("a range of positive width at both sides was not noticed")
	}
}

// TestUndo: the trail restores all that was changed, whatever the order.
func TestUndo(t *testing.T) {
	m, v := columns([2]float64{0, 10}, [2]float64{0, 10}, [2]float64{0, 10})
	m.Leader().Constrain("sum", model.Sum(v...).Between(1, 12))
	m.AddPairs("p", nil, model.Pair{A: lower(v[0]), B: lower(v[1])}, model.Pair{A: upper(v[1]), B: lower(v[2])})
	s := propagate(t, m)
	type state struct {
		lo, hi, rlo, rhi []float64
		fixed            []uint8
	}
	c := func(v []float64) []float64 { return append([]float64(nil), v...) }
	take := func() state {
		return state{c(s.lo), c(s.hi), c(s.rlo), c(s.rhi), append([]uint8(nil), s.fixed...)}
	}
	before, mark := take(), s.mark()
	s.fix(0, 0)
	s.setHi(2, 0.5)
	s.fix(1, 1)
	s.setRowLo(0, 2)
	s.setLo(1, 11) // contradicts
	if !s.infeasible {
		t.Error("a bound above the other one was not noticed")
	}
	s.undo(mark)
	after := take()
	for j := range before.lo {
		if before.lo[j] != after.lo[j] || before.hi[j] != after.hi[j] {
			t.Errorf("column %d: [%v, %v] after undo, [%v, %v] before", j, after.lo[j], after.hi[j], before.lo[j], before.hi[j])
		}
	}
	if before.rlo[0] != after.rlo[0] || before.rhi[0] != after.rhi[0] || s.infeasible || after.fixed[0] != before.fixed[0] || after.fixed[1] != before.fixed[1] {
		t.Errorf("row [%v, %v], fixed %v, infeasible %v after undo", after.rlo[0], after.rhi[0], after.fixed, s.infeasible)
	}
}

// TestPropagateInteger: bounds of integer variables are integers, and a limit on the work stops early with valid bounds.
func TestPropagateInteger(t *testing.T) {
	m := model.New("test")
	x := m.Leader().Integer("x", -10, 10)
	m.Leader().Constrain("above", x.Times(2).GE(3))
	m.Leader().Constrain("below", x.Times(3).LE(20))
	s := propagate(t, m)
	if s.lo[0] != 2 || s.hi[0] != 6 {
		t.Errorf("[%v, %v], want [2, 6]", s.lo[0], s.hi[0])
	}
	s = newPropagator(newArrays(m))
	s.limit = 1
	for r := range s.rlo {
		s.push(int32(r))
	}
	if !s.run() || s.lo[0] != 2 || s.hi[0] != 10 || len(s.queue) != 0 {
		t.Errorf("after one row: [%v, %v], %d rows left in the queue", s.lo[0], s.hi[0], len(s.queue))
	}
}
