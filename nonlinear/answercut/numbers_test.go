package answercut

import (
	"context"
	"errors"
	"math"
	"testing"
	"time"

	"github.com/gobilevel/bilevel/model"
)

// solved solves a model whose optimum is want, NaN for none, within a second.
func solved(t *testing.T, m *model.Model, want float64) {
	t.Helper()
	needsHiGHS(t)
	a, err := Solve(context.Background(), m, Options{Gap: 1e-6, Threads: 1, TimeLimit: 10 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	if math.IsNaN(want) {
		if a.Proof != model.ProofInfeasible {
			t.Errorf("%v, objective %v; there is no point", a.Proof, a.Objective)
		}
		return
	}
	if a.Proof != model.ProofGlobal || math.Abs(a.Objective-want) > 1e-6*math.Max(1, math.Abs(want)) {
		t.Errorf("%v, %v, objective %v, bound %v, note %q; want %v", a.Status, a.Proof, a.Objective, a.Bound, a.Note, want)
	}
}

// TestThresholds has an answer that a decision violates by far less than what one step of the decision changes: at x = 3, y = 1 is too much by 0.4 of 3e6.
// The answer y = 1 to x = 2 says nothing of x = 3.
func TestThresholds(t *testing.T) {
	for _, c := range []struct{ coef, over float64 }{{1e6, 0.4}, {-1e6, 0.4}, {1e5, 0.01}, {1e8, 0.5}, {1, 1e-5}} {
		m := model.New("steps")
		x, f := m.Leader().Integer("x", 2, 5), m.Follower("f")
		taken := x
		if c.coef < 0 { // the same with x replaced by -x
			m = model.New("steps down")
			x, f = m.Leader().Integer("x", -5, -2), m.Follower("f")
			taken = x
		}
		y := f.Binary("y")
		f.Maximize(y)
		f.Constrain("room", taken.Times(c.coef).Plus(y).LE(3*math.Abs(c.coef)+1-c.over))
		m.Leader().Minimize(taken.Times(math.Copysign(1, c.coef)).Plus(y.Times(100)))
		solved(t, m, 3)
	}
}

// TestLongRanges has thresholds that are one step among four billion: the answer y = 1 to x = 2e9 - 1 says nothing of x = 2e9.
func TestLongRanges(t *testing.T) {
	for _, coef := range []float64{1, 0.5, 4} {
		const half = 2e9
		m := model.New("long")
		x, f := m.Leader().Integer("x", half-1, 2*half), m.Follower("f")
		y := f.Binary("y")
		f.Maximize(y)
		f.Constrain("room", x.Times(coef).Plus(y.Times(coef)).LE(coef*half))
		m.Leader().Minimize(x.Minus(half).Plus(y.Times(100)))
		solved(t, m, 0)
	}
}

// TestDecimals has sums of decimals that fit exactly, though in double precision 0.1 + 0.2 is more than 0.3.
func TestDecimals(t *testing.T) {
	m := model.New("decimals")
	x, f := m.Leader().Integers("x", 2, 0, 1), m.Follower("f")
	y := f.Binary("y")
	f.Maximize(y)
	f.Constrain("room", x[0].Times(0.1).Plus(x[1].Times(0.2)).Plus(y.Times(0.3)).LE(0.6))
	m.Leader().Maximize(x[0].Plus(x[1]).Minus(y.Times(3)))
	solved(t, m, -1)
}

// TestLargeObjective has a follower that would lose 0.1 of a million by an answer that is worth a tenth more to the leader.
func TestLargeObjective(t *testing.T) {
	m := model.New("large")
	x, f := m.Leader().Binary("x"), m.Follower("f")
	whole, part := f.Integer("whole", 1, 5), f.Var("part", 0, 1)
	f.Maximize(whole.Times(-1e6).Minus(part.Times(7)).Minus(x))
	f.Constrain("room", part.Plus(x).LE(2))
	m.Leader().Minimize(part.Times(-7).Plus(7))
	solved(t, m, 7)
}

// TestSmallCosts has costs below the tolerances of HiGHS on constraints: the follower still prefers y = 0.
func TestSmallCosts(t *testing.T) {
	for _, cost := range []float64{1e-7, 1e-9} {
		m := model.New("small")
		x, f := m.Leader().Integer("x", 0, 3), m.Follower("f")
		y := f.Integer("y", 0, 5)
		f.Minimize(y.Times(cost))
		f.Constrain("least", y.Plus(x).GE(2))
		m.Leader().Maximize(y.Minus(x.Times(3)))
		solved(t, m, 2)
	}
}

// TestOnePoint has one point, all of whose numbers fit: at a tolerance of 1e-9 on integers HiGHS calls it infeasible.
func TestOnePoint(t *testing.T) {
	m := model.New("one point")
	x0, x1, f := m.Leader().Integer("x0", -1, 0), m.Leader().Integer("x1", 1, 2), m.Follower("f")
	y0, y1 := f.Integer("y0", 1, 5), f.Integer("y1", -2, -1)
	f.Constrain("a", x0.Times(123456.5).LE(0))
	f.Constrain("b", x1.Times(1000).Plus(y0.Times(1e6)).Minus(y1).LE(2.999002e6))
	f.Constrain("c", y0.Times(3).Plus(y1.Times(123456.5)).Minus(x0.Times(1e-4)).Minus(x1).Eq(-246907.9999))
	f.Minimize(y0.Times(-7))
	m.Leader().Minimize(x0.Minus(x1.Times(1e6)).Minus(y0).Minus(100))
	solved(t, m, -1000103)
}

// TestAlmostWhole has a follower that at the tolerance of HiGHS would rather take 5e-7 of a unit, which is worth 0.5 beside 1e6 and rounds to nothing, than a whole
// one: its best answer is u = 1, y = 1, which the leader cannot have, and there is no other point.
func TestAlmostWhole(t *testing.T) {
	m := model.New("almost whole")
	x, f := m.Leader().Integer("x", 1, 2), m.Follower("f")
	w, u, y := f.Integer("w", 1, 5), f.Integer("u", 0, 4), f.Var("y", 0, 1)
	f.Minimize(u.Minus(y.Times(7)))
	f.Constrain("a", x.Times(3).Plus(w.Times(123456.5)).Plus(u).Plus(y.Times(1000)).LE(370370.5))
	f.Constrain("b", x.Times(-1e6).Plus(w.Times(3)).Plus(u.Times(1e6)).Plus(y).LE(2.000003e6))
	f.Constrain("c", x.Times(123456.5).Plus(w.Times(0.5)).Minus(u.Times(1e6)).Plus(y).LE(123457.5))
	m.Leader().Constrain("d", x.LE(1))
	m.Leader().Constrain("e", w.Times(3).Plus(y.Times(2)).Between(3, 4))
	m.Leader().Maximize(y.Times(1e6).Minus(x.Times(7)))
	solved(t, m, math.NaN())
}

// TestNotInfeasible has points with y = 4 and v = -2e-6, and is infeasible to HiGHS at its tolerance on integers.
func TestNotInfeasible(t *testing.T) {
	needsHiGHS(t)
	m := model.New("not infeasible")
	x, f := m.Leader().Binary("x"), m.Follower("f")
	y, v := f.Integer("y", 1, 5), f.Var("v", -2, 0)
	f.Constrain("a", y.Plus(v.Times(1e6)).LE(2))
	f.Constrain("b", x.Times(1e-4).Plus(v.Times(123456.5)).LE(0))
	f.Constrain("c", y.Times(1e6).Plus(v.Times(1000)).GE(3e6))
	f.Maximize(y.Times(-7).Plus(v.Times(1000)))
	m.Leader().Minimize(x.Times(7).Plus(y).Minus(v))
	a, err := Solve(context.Background(), m, Options{Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	if a.Proof == model.ProofInfeasible || a.X == nil || math.Abs(a.Objective-4) > 1e-3 {
		t.Errorf("%v, %v, objective %v, note %q", a.Status, a.Proof, a.Objective, a.Note)
	}
}

// TestBelowRounding has a step of 1e-4 beside numbers of 2e6, below what double precision tells apart: HiGHS says that y0 = 2 is the follower's answer, and that no
// point has it.
func TestBelowRounding(t *testing.T) {
	needsHiGHS(t)
	m := model.New("below rounding")
	x, f := m.Leader().Integer("x", 0, 4), m.Follower("f")
	y0, y1 := f.Integer("y0", 0, 2), f.Integer("y1", 0, 2)
	f.Constrain("a", y1.Times(1e6).Minus(y0.Times(1e-4)).GE(1999999.9998))
	f.Constrain("b", x.Plus(y1).LE(4))
	f.Minimize(y0.Times(-1e6))
	m.Leader().Minimize(y1.Times(1e6).Minus(y0.Times(7)))
	var no *UnsupportedError
	if a, err := Solve(context.Background(), m, Options{Threads: 1}); !errors.As(err, &no) || no.Where != "y0" {
		t.Errorf("%v, %v", a, err)
	}
}

// TestContradiction gives the relaxation a row that no point meets, as rounding may, when a point is known: neither is believed.
func TestContradiction(t *testing.T) {
	needsHiGHS(t)
	m, _, _, _, _, _ := interdiction(5)
	for _, least := range []float64{2, 1} { // of a binary variable, and of the constant that the objective is held above
		p, err := newProblem(context.Background(), m)
		if err != nil {
			t.Fatal(err)
		}
		r := &run{problem: p, opt: Options{Gap: 1e-6, Threads: 1}, master: newMaster(p), value: math.Inf(1), floor: math.Inf(-1), sure: math.Inf(-1), seen: map[string]bool{}}
		r.began = time.Now()
		if _, err := r.try(context.Background(), make([]float64, m.NumVars())); err != nil || r.best == nil {
			t.Fatal(r.best, err)
		}
		if least == 2 {
			r.master.row([]term{{0, 1}}, least, math.Inf(1))
		} else {
			var objective []term
			for j, c := range p.base.Cost {
				if c != 0 {
					objective = append(objective, term{j, c})
				}
			}
			r.master.row(objective, r.value+least, math.Inf(1))
		}
		a, err := r.rounds(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		if a.Status != model.StatusFeasible || a.Proof != model.ProofFeasible || !math.IsNaN(a.Bound) || a.Note == "" {
			t.Errorf("%v, %v, bound %v, note %q", a.Status, a.Proof, a.Bound, a.Note)
		}
	}
}

// TestCancelled cancels after the second round: the bound and the point hold, and neither is called the optimum.
func TestCancelled(t *testing.T) {
	needsHiGHS(t)
	m, _, _, _, _, _ := interdiction(8)
	full, err := Solve(context.Background(), m, Options{Threads: 1})
	if err != nil || full.Proof != model.ProofGlobal {
		t.Fatal(full, err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	a, err := Solve(ctx, m, Options{Threads: 1, Progress: func(s Statistics) {
		if s.Rounds == 2 {
			cancel()
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	if full.Statistics.Rounds < 4 || a.Status != model.StatusFeasible || a.Proof != model.ProofFeasible || a.X == nil || a.Objective < full.Objective || !(a.Bound <= full.Objective) {
		t.Errorf("%v, %v, objective %v, bound %v; the optimum is %v after %d rounds", a.Status, a.Proof, a.Objective, a.Bound, full.Objective, full.Statistics.Rounds)
	}
}
