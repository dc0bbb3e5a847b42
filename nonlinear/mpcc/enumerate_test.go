package mpcc_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/gobilevel/bilevel/backends"
	"github.com/gobilevel/bilevel/backends/highs"
	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/nonlinear/mpcc"
	"github.com/gobilevel/bilevel/nonlinear/newton"
)

// randomMPCC is a small MPCC with a convex quadratic or linear objective, linear constraints and pairs of slacks of variables and constraints,
// in a box.
func randomMPCC(rng *rand.Rand) *model.Model {
	m := model.New("random")
	l := m.Leader()
	n, pairs := 2+rng.IntN(4), 1+rng.IntN(4)
	x := l.Vars("x", n, -3, 3)
	y := l.Vars("y", pairs, 0, 4)
	all := append(append([]model.Var(nil), x...), y...)
	affine := func(density float64) model.Expr {
		var terms []model.Expr
		for _, v := range all {
			if rng.Float64() < density {
				terms = append(terms, v.Times(float64(rng.IntN(9)-4)))
			}
		}
		return model.Sum(append(terms, model.Const(float64(rng.IntN(5)-2)))...)
	}
	objective := []model.Expr{affine(0.8)}
	if rng.IntN(3) > 0 {
		for range 1 + rng.IntN(n) {
			f := affine(0.5)
			objective = append(objective, f.Times(f))
		}
	}
	l.Minimize(model.Sum(objective...))
	for k := range rng.IntN(3) {
		l.Constrain(fmt.Sprintf("c%d", k), affine(0.6).LE(float64(rng.IntN(6))))
	}
	for k := range pairs {
		slack := l.Constrain(fmt.Sprintf("s%d", k), affine(0.7).GE(0))
		b := model.Member{Row: true, Index: int32(slack.Index())}
		a := model.Member{Index: int32(y[k].Index())}
		if rng.IntN(4) == 0 {
			a.Side = model.AtUpper
		}
		m.AddPairs(fmt.Sprintf("p%d", k), nil, model.Pair{A: a, B: b})
	}
	return m
}

// branchOptimum is the optimal value of the convex program in which of each pair one member is zero; +Inf where it is infeasible. ok is false
// where HiGHS does not solve it.
func branchOptimum(t *testing.T, m *model.Model, pattern int) (value float64, ok bool) {
	t.Helper()
	d := m.Derive()
	for k := range m.NumPairs() {
		s := m.Pair(k).A
		if pattern>>k&1 == 1 {
			s = m.Pair(k).B
		}
		fix := func(lo, hi float64) (float64, float64) {
			if s.Side == model.AtUpper {
				return hi, hi
			}
			return lo, lo
		}
		if s.Row {
			lo, hi := fix(d.RowBounds(int(s.Index)))
			d.SetRowBounds(int(s.Index), lo, hi)
		} else {
			lo, hi := fix(d.VarBounds(int(s.Index)))
			d.SetVarBounds(int(s.Index), lo, hi)
		}
	}
	d.RemovePairs(func(int) bool { return true })
	a, err := highs.Lower(d)
	if err != nil {
		t.Fatal(err)
	}
	// The QP solver has called feasible problems infeasible; the LP solver decides that.
	lp := *a
	lp.QStart, lp.QIndex, lp.QValue, lp.Cost = nil, nil, nil, make([]float64, len(a.Cost))
	sol, err := highs.Solve(context.Background(), &lp, highs.SolveOptions{}, nil)
	var absent *backends.UnknownError
	if errors.As(err, &absent) {
		t.Skip("the branches are enumerated by HiGHS, which this binary lacks")
	}
	if err != nil {
		t.Fatal(err)
	}
	if sol.Status == highs.Infeasible {
		return math.Inf(1), true
	}
	if sol, err = highs.Solve(context.Background(), a, highs.SolveOptions{}, nil); err != nil {
		t.Fatal(err)
	}
	return sol.Objective, sol.Accurate
}

// TestAgainstEnumeration solves random small MPCCs by each method. Every branch is a convex program, so that all local solutions are known: the point
// must be feasible where any is, not better than the best branch, and optimal in every branch that contains it, which is what
// B-stationarity means there.
func TestAgainstEnumeration(t *testing.T) {
	rng := rand.New(rand.NewPCG(11, 12))
	cases := 30
	if testing.Short() {
		cases = 10
	}
	found := map[mpcc.Method]int{}
	feasible, skipped := 0, 0
	for i := range cases {
		m := randomMPCC(rng)
		if err := m.Err(); err != nil {
			t.Fatal(err)
		}
		values := make([]float64, 1<<m.NumPairs())
		best := math.Inf(1)
		known := true
		for pattern := range values {
			v, ok := branchOptimum(t, m, pattern)
			known = known && ok
			values[pattern], best = v, math.Min(best, v)
		}
		if !known {
			skipped++
			continue
		}
		p, err := mpcc.FromModel(m)
		if err != nil {
			t.Fatal(err)
		}
		if !math.IsInf(best, 1) {
			feasible++
		}
		for _, method := range append([]mpcc.Method{mpcc.Auto}, mpcc.Methods()...) {
			start, _ := m.StartPoint()
			r, err := mpcc.Solve(context.Background(), p, start, mpcc.Options{Method: method, Solver: &newton.Solver{}})
			if err != nil {
				t.Fatal(err)
			}
			name := fmt.Sprintf("case %d, %v", i, method)
			if math.IsInf(best, 1) {
				if r.Feasible() {
					t.Errorf("%s: found a feasible point, while every branch is infeasible", name)
				}
				continue
			}
			if !r.Feasible() {
				if method == mpcc.Auto {
					t.Errorf("%s: %v, %s; a branch has value %g", name, r.Status, r.Message, best)
				}
				continue
			}
			checkPoint(t, name, m, r, values, best)
			if method == mpcc.Auto && r.Label < mpcc.Strong {
				t.Errorf("%s: ended at a point called %v", name, r.Label)
			}
			if r.Objective <= best+1e-5*math.Max(1, math.Abs(best)) {
				found[method]++
			}
		}
	}
	if skipped > cases/5 {
		t.Errorf("HiGHS left branches of %d of %d cases unsolved", skipped, cases)
	}
	t.Logf("%d of %d cases have a feasible point; global optimum found: %v", feasible, cases, found)
	if found[mpcc.Auto] < feasible*9/10 {
		t.Errorf("auto found the global optimum in %d of %d cases only", found[mpcc.Auto], feasible)
	}
}

// checkPoint compares a result with all branches.
func checkPoint(t *testing.T, name string, m *model.Model, r *mpcc.Result, values []float64, best float64) {
	t.Helper()
	if r.Violation > 1e-6 || r.Complementarity > 1e-6 {
		t.Errorf("%s: claims a feasible point with violation %g, complementarity %g", name, r.Violation, r.Complementarity)
	}
	for row := range m.NumRows() {
		if v := m.RowViolation(row, r.X); v > 1e-6 {
			t.Errorf("%s: constraint %s is violated by %g", name, m.RowName(row), v)
		}
	}
	for k := range m.NumPairs() {
		if v := m.PairViolation(k, r.X); v > 1e-6 {
			t.Errorf("%s: pair %d has residual %g", name, k, v)
		}
	}
	if v := m.ObjectiveValue(0, r.X); math.Abs(v-r.Objective) > 1e-9*math.Max(1, math.Abs(v)) {
		t.Errorf("%s: objective %g is stated, %g measured", name, r.Objective, v)
	}
	slack := 1e-5 * math.Max(1, math.Abs(best))
	if r.Objective < best-slack {
		t.Errorf("%s: value %g is below the least of all branches, %g", name, r.Objective, best)
	}
	if r.Label < mpcc.Strong {
		return
	}
	for pattern, v := range values {
		contains := true
		for k := range m.NumPairs() {
			s := m.Pair(k).A
			if pattern>>k&1 == 1 {
				s = m.Pair(k).B
			}
			contains = contains && m.MemberValue(s, r.X) <= 1e-7
		}
		if contains && v < r.Objective-slack {
			t.Errorf("%s: %v at value %.9g, but branch %b contains the point and has value %.9g", name, r.Label, r.Objective, pattern, v)
		}
	}
}
