package verify_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand"
	"strings"
	"testing"

	"github.com/gobilevel/bilevel/backends"
	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/verify"
)

func TestFollowerWithoutAnswer(t *testing.T) {
	m := model.New("squeeze")
	x := m.Leader().Var("x", 0, 10)
	f := m.Follower("f")
	y := f.Var("y", math.Inf(-1), model.Inf)
	f.Constrain("above", y.GE(x))
	f.Constrain("below", y.Plus(x).LE(10))
	f.Minimize(y)
	m.Leader().Minimize(x.Plus(y))
	wantVerified(t, check(t, m, []float64{3, 3}))
	c := check(t, m, []float64{6, 5})
	wantReason(t, c, "follower f: has no feasible answer", "above is violated by 1")
	if c.Followers[0].Status != model.StatusInfeasible || !math.IsNaN(c.FollowerGap) {
		t.Errorf("status %v, gap %v", c.Followers[0].Status, c.FollowerGap)
	}
	if _, err := verify.BestTie(context.Background(), m, []float64{6, 0}, options(t)); !isAnswerError(err, model.StatusInfeasible) {
		t.Errorf("best tie: got %v", err)
	}
	// Within the tolerance of feasibility the point counts, and says that it was measured less accurately.
	c = check(t, m, []float64{5 + 1e-7, 5})
	wantVerified(t, c)
}

func isAnswerError(err error, s model.Status) bool {
	var a *verify.AnswerError
	return errors.As(err, &a) && a.Status == s
}

func TestUnboundedFollower(t *testing.T) {
	m := model.New("runaway")
	x := m.Leader().Var("x", -1, 1)
	f := m.Follower("f")
	y := f.Var("y", 0, model.Inf)
	f.Minimize(x.Times(y))
	m.Leader().Minimize(y)
	wantVerified(t, check(t, m, []float64{1, 0}))
	c := check(t, m, []float64{-1, 0})
	wantReason(t, c, "improves without limit")
	if c.Followers[0].Status != model.StatusUnbounded {
		t.Errorf("status %v", c.Followers[0].Status)
	}
	if _, err := verify.BestTie(context.Background(), m, []float64{-1, 0}, options(t)); !isAnswerError(err, model.StatusUnbounded) {
		t.Errorf("best tie: got %v", err)
	}
	// A slope far below a solver's tolerance is a slope all the same.
	for _, slope := range []float64{-1e-9, -1e-12, -1e-300} {
		wantReason(t, check(t, m, []float64{slope, 0}), "follower f")
	}
	// At x = 0 every y is optimal: for the leader's minimum the worst has no limit.
	c = check(t, m, []float64{0, 3})
	wantVerified(t, c)
	if !math.IsInf(c.Pessimistic, 1) || c.Optimistic != 0 {
		t.Errorf("from %v to %v, want +Inf to 0", c.Pessimistic, c.Optimistic)
	}
}

func TestTinySlopeBesideALargeOne(t *testing.T) {
	for _, slope := range []float64{1e-8, 1e-10, 1e-11, 1e-13} {
		m := model.New("slope")
		m.Leader().Var("x", 0, 1)
		f := m.Follower("f")
		y := f.Vars("y", 2, 0, model.Inf)
		f.Minimize(y[0].Minus(y[1].Times(slope)))
		m.Leader().Minimize(y[1])
		if c := check(t, m, []float64{0, 0, 0}); c.Verified {
			t.Errorf("slope %v: an unbounded follower was verified\n%v", slope, c)
		}
	}
}

func TestSeveralFollowersJointly(t *testing.T) {
	// Two indifferent followers; the leader's constraint couples their answers: y0 + y1 <= 3 with y in [0, 2].
	m := model.New("joint")
	m.Leader().Var("x", 0, 1)
	a, b := m.Follower("a"), m.Follower("b")
	ya, yb := a.Var("ya", 0, 2), b.Var("yb", 0, 2)
	a.Minimize(0)
	b.Minimize(0)
	m.Leader().Constrain("share", ya.Plus(yb).LE(3))
	m.Leader().Maximize(ya.Plus(yb.Times(2)))
	c := check(t, m, []float64{0, 0, 0})
	wantVerified(t, c)
	wantNear(t, "optimistic", c.Optimistic, 5)
	wantNear(t, "pessimistic", c.Pessimistic, 0)
	p, cert, err := verify.CheckLeader(context.Background(), m, []float64{0, math.NaN(), math.NaN()}, options(t))
	if err != nil {
		t.Fatal(err)
	}
	wantVerified(t, cert)
	wantNear(t, "ya", p.X[1], 1)
	wantNear(t, "yb", p.X[2], 2)
}

func TestIntegerFollower(t *testing.T) {
	// max 5a + 4b s.t. 6a + 4b <= 24 + x, integer: by enumeration the best at x = 0 is (0,6) and (4,0), value 24 and 20.
	m := model.New("knapsack")
	x := m.Leader().Var("x", 0, 10)
	f := m.Follower("f")
	y := f.Integers("y", 2, 0, 10)
	f.Constrain("room", model.Dot([]float64{6, 4}, y).LE(x.Plus(24)))
	f.Maximize(model.Dot([]float64{5, 4}, y))
	m.Leader().Minimize(x)
	best := 0.0
	for a := 0.0; a <= 10; a++ {
		for b := 0.0; b <= 10; b++ {
			if 6*a+4*b <= 24 {
				best = math.Max(best, 5*a+4*b)
			}
		}
	}
	c := check(t, m, []float64{0, 0, 6})
	wantVerified(t, c)
	wantNear(t, "best response", c.Followers[0].BestResponse, best)
	if !strings.Contains(c.Method, "MILP") {
		t.Errorf("method %q", c.Method)
	}
	wantReason(t, check(t, m, []float64{0, 4, 0}), "objective 20, best response 24")
	wantReason(t, check(t, m, []float64{0, 0.5, 5.25}), "from an integer")
	wantVerified(t, check(t, m, []float64{0, 1e-8, 6 - 1e-8}))
}

func TestIntegerToleranceIsNotALoophole(t *testing.T) {
	// y <= 1e6 z, z binary costs 100, y pays 1: z = 1e-6 would allow y = 1 for a cost of 1e-4. The true best response is y = 1e6, z = 1;
	// with y <= 1 it is y = z = 0.
	for _, top := range []float64{1, 1e6} {
		m := model.New("loophole")
		m.Leader().Var("x", 0, 1)
		f := m.Follower("f")
		y, z := f.Var("y", 0, top), f.Binary("z")
		f.Constrain("open", y.LE(z.Times(1e6)))
		f.Minimize(z.Times(100).Minus(y))
		m.Leader().Maximize(y)
		if c := check(t, m, []float64{0, 1, 1e-6}); c.Verified {
			t.Errorf("top %v: an open door for nothing was verified\n%v", top, c)
		}
	}
}

func TestQuadraticFollower(t *testing.T) {
	// min (y - x)^2 + y: y = x - 1/2, or 0 where that is negative.
	m := model.New("quadratic")
	x := m.Leader().Var("x", 0, 10)
	f := m.Follower("f")
	y := f.Var("y", 0, 10)
	f.Minimize(y.Minus(x).Pow(2).Plus(y))
	m.Leader().Maximize(y)
	c := check(t, m, []float64{3, 2.5})
	wantVerified(t, c)
	wantNear(t, "best response", c.Followers[0].BestResponse, 2.75)
	wantNear(t, "pessimistic", c.Pessimistic, 2.5)
	wantNear(t, "optimistic", c.Optimistic, 2.5)
	wantVerified(t, check(t, m, []float64{0.25, 0}))
	c = check(t, m, []float64{3, 2.6})
	wantReason(t, c, "follower f")
	wantNear(t, "gap", c.FollowerGap, 0.01/2.75)
	wantReason(t, check(t, m, []float64{0.25, 0.1}), "follower f")
}

func TestQuadraticFollowerWithTies(t *testing.T) {
	// min (y0 + y1 - 2x)^2 over y >= 0: every split is optimal; the leader maximises y0 - y1.
	m := model.New("split")
	x := m.Leader().Var("x", 0, 10)
	f := m.Follower("f")
	y := f.Vars("y", 2, 0, model.Inf)
	f.Minimize(y[0].Plus(y[1]).Minus(x.Times(2)).Pow(2))
	m.Leader().Maximize(y[0].Minus(y[1]))
	c := check(t, m, []float64{1, 1, 1})
	wantVerified(t, c)
	wantNear(t, "optimistic", c.Optimistic, 2)
	wantNear(t, "pessimistic", c.Pessimistic, -2)
	p, cert, err := verify.CheckLeader(context.Background(), m, []float64{1, math.NaN(), math.NaN()}, options(t))
	if err != nil {
		t.Fatal(err)
	}
	wantVerified(t, cert)
	wantNear(t, "y[0]", p.X[1], 2)
}

func TestFollowersBeyondAllMethodsAreNotVerified(t *testing.T) {
	for _, c := range []struct {
		name string
		cost func(y []model.Var) any
		want string
	}{
		{"concave", func(y []model.Var) any { return y[0].Pow(2).Neg().Minus(y[1].Times(y[2])) }, "nonlinear follower (no global method here"},
		{"nonlinear", func(y []model.Var) any { return model.Sin(y[0].Times(y[1])) }, "nonlinear follower (no global method here"},
	} {
		m := model.New(c.name)
		m.Leader().Var("x", 0, 1)
		f := m.Follower("f")
		y := f.Vars("y", 20, 0, 1)
		f.Minimize(c.cost(y))
		m.Leader().Minimize(y[0])
		// Among twenty variables intervals are not tried, and no solver was given.
		at := make([]float64, 21)
		at[1], at[2], at[3] = 1, 1, 1
		got := check(t, m, at)
		wantReason(t, got, "follower f")
		if got.Followers[0].Evidence == verify.EvidenceProof {
			t.Errorf("%s: %v", c.name, got)
		}
		at[1], at[2] = 0, 0
		wantReason(t, check(t, m, at), "follower f")
	}
}

// gridSolver solves one-dimensional followers on a grid, and proves a bound by the slope that the test knows.
type gridSolver struct{ slope float64 }

func (gridSolver) Name() string               { return "grid" }
func (gridSolver) Accepts(*model.Model) error { return nil }
func (g gridSolver) SolveFollower(_ context.Context, p *model.Model, _ []float64) (*backends.Result, error) {
	lo, hi := p.VarBounds(0)
	const n = 1 << 22
	best, at := math.Inf(1), lo
	for k := 0; k <= n; k += 1 << 10 {
		y := lo + (hi-lo)*float64(k)/n
		if v := p.ObjectiveValue(0, []float64{y}); v < best {
			best, at = v, y
		}
	}
	return &backends.Result{Status: model.StatusOptimal, Point: &model.Point{X: []float64{at}}, Objective: best, Bound: best - g.slope}, nil
}

func TestFollowerSolverIsTrustedAsFarAsItsBound(t *testing.T) {
	m := model.New("sine")
	m.Leader().Var("x", 0, 1)
	f := m.Follower("f")
	y := f.Var("y", 0, 4)
	f.Minimize(y.Minus(2).Pow(4))
	m.Leader().Minimize(y)
	opt := options(t)
	opt.Solver = gridSolver{0}
	c, err := verify.Check(context.Background(), m, []float64{0, 2}, opt)
	if err != nil {
		t.Fatal(err)
	}
	wantVerified(t, c)
	if c.Method != "grid" {
		t.Errorf("method %q", c.Method)
	}
	opt.Solver = gridSolver{0.01}
	if c, err = verify.Check(context.Background(), m, []float64{0, 2}, opt); err != nil {
		t.Fatal(err)
	}
	wantReason(t, c, "only the bound -0.01 is proven")
}

func TestNonlinearLeaderTermsAreFixedInTheFollower(t *testing.T) {
	// exp(x)*y is linear for the follower: with y <= 1 its best response is y = 0.
	m := model.New("exponential price")
	x := m.Leader().Var("x", 0, 2)
	f := m.Follower("f")
	y := f.Var("y", 0, 1)
	f.Minimize(model.Exp(x).Times(y).Minus(y.Times(2)))
	m.Leader().Maximize(y.Times(model.Exp(x)))
	c := check(t, m, []float64{0, 1})
	wantVerified(t, c)
	wantNear(t, "best response", c.Followers[0].BestResponse, -1)
	wantReason(t, check(t, m, []float64{1, 1}), "follower f")
	c = check(t, m, []float64{math.Log(2), 0.5})
	wantVerified(t, c)
	wantNear(t, "optimistic", c.Optimistic, 2)
	wantNear(t, "pessimistic", c.Pessimistic, 0)
}

func TestNashGame(t *testing.T) {
	// Cournot duopoly: price 12 - q0 - q1, no cost. Each maximises (12 - q0 - q1) q: equilibrium (4, 4), profit 16.
	m := model.New("cournot")
	m.Leader().Var("x", 0, 1)
	a, b := m.Follower("a").Nash(), m.Follower("b").Nash()
	q0, q1 := a.Var("q0", 0, 12), b.Var("q1", 0, 12)
	price := model.Const(12).Minus(q0).Minus(q1)
	a.Maximize(price.Times(q0))
	b.Maximize(price.Times(q1))
	m.Leader().Minimize(q0.Plus(q1))
	c := check(t, m, []float64{0, 4, 4})
	wantVerified(t, c)
	wantNear(t, "profit", c.Followers[1].BestResponse, 16)
	if !math.IsNaN(c.Optimistic) || !strings.Contains(c.Spread, "Nash") {
		t.Errorf("optimistic %v (%s), want none", c.Optimistic, c.Spread)
	}
	c = check(t, m, []float64{0, 6, 3}) // the leader-follower answer: b responds, a would rather produce 4.5
	wantReason(t, c, "follower a: objective 18, best response 20.25")
	if g := c.Followers[1].Gap; math.Abs(g) > 1e-9 {
		t.Errorf("gap of b %v", g)
	}
	p, err := verify.BestTie(context.Background(), m, []float64{0, 0, 0}, options(t)) // the equilibrium, of which there is but one
	if err != nil {
		t.Fatal(err)
	}
	wantNear(t, "q0", p.X[1], 4)
	if _, err := verify.BreakTies(context.Background(), m, []float64{0, 0, 0}, m.Leader().Objective().F, options(t)); err == nil || !strings.Contains(err.Error(), "Nash") {
		t.Errorf("ties: got %v", err)
	}
}

// TestUnboundedFollowerThatPresolveCallsInfeasible pins a problem with feasible points whose presolve, at version 1.10 of HiGHS, reports
// that it has none: y[1] may fall with y[0] without limit.
func TestUnboundedFollowerThatPresolveCallsInfeasible(t *testing.T) {
	m := model.New("presolve")
	m.Leader().Var("x", 0, 1)
	f := m.Follower("f")
	y := []model.Var{f.Var("y0", math.Inf(-1), 4), f.Var("y1", math.Inf(-1), model.Inf), f.Var("y2", math.Inf(-1), 1)}
	f.Constrain("a", model.Dot([]float64{-1, -3, -1}, y).GE(-9))
	f.Constrain("b", model.Dot([]float64{-2, 2, -3}, y).GE(-7))
	f.Constrain("c", model.Dot([]float64{-1, 2, -1}, y).LE(7))
	f.Minimize(model.Dot([]float64{2, 3, -2}, y))
	m.Leader().Minimize(y[0])
	c := check(t, m, []float64{0, 2, 0, 1})
	wantReason(t, c, "improves without limit")
	if c.Followers[0].Status != model.StatusUnbounded {
		t.Errorf("status %v", c.Followers[0].Status)
	}
}

// TestQuadraticFollowersOfMixedScale completes and verifies leader's decisions for followers with dozens of variables and coefficients over
// four orders of magnitude, where seven digits of an answer would not do.
func TestQuadraticFollowersOfMixedScale(t *testing.T) {
	rng := rand.New(rand.NewSource(5))
	opt := options(t)
	for trial := 0; trial < 25; trial++ {
		scale := func() float64 { return math.Pow(10, float64(rng.Intn(5)-2)) }
		m := model.New("mixed scale")
		xs := m.Leader().Vars("x", 5, 0, 10)
		f := m.Follower("f")
		n := 20 + rng.Intn(30)
		y := f.Vars("y", n, 0, model.Inf)
		for r := 0; r < 20; r++ {
			s := scale()
			e := y[rng.Intn(n)].Times(s)
			for j := range y {
				if rng.Intn(4) == 0 {
					e = e.Plus(y[j].Times(rng.Float64() * s))
				}
			}
			if rng.Intn(2) == 0 {
				f.Constrain(fmt.Sprintf("g%d", r), e.LE(xs[rng.Intn(5)].Times(s).Plus(50*s)))
			} else {
				f.Constrain(fmt.Sprintf("g%d", r), e.GE(xs[rng.Intn(5)].Times(s)))
			}
		}
		cost, leader := xs[0].Times(y[0]), model.Const(0)
		for j := range y {
			cost = cost.Plus(y[j].Times(rng.Float64()*scale() + 0.001))
			leader = leader.Plus(y[j].Times(rng.NormFloat64()))
			if rng.Intn(2) == 0 {
				cost = cost.Plus(y[j].Minus(y[rng.Intn(n)]).Minus(3).Pow(2).Times(scale()))
			}
		}
		f.Minimize(cost)
		m.Leader().Minimize(leader)
		x := make([]float64, m.NumVars())
		for j := 0; j < 5; j++ {
			x[j] = rng.Float64() * 10
		}
		p, c, err := verify.CheckLeader(context.Background(), m, x, opt)
		if err != nil {
			t.Fatalf("trial %d: %v", trial, err)
		}
		if !c.Verified || math.Abs(c.FollowerGap) > 1e-9 {
			t.Errorf("trial %d: %v", trial, c)
		}
		p.X[5+rng.Intn(n)] += 0.1
		if c, err = verify.Check(context.Background(), m, p.X, opt); err != nil || c.Verified {
			t.Errorf("trial %d: a moved answer was verified: %v\n%v", trial, err, c)
		}
	}
}

// TestMovedConstraintsAreSaid checks a point at which the follower's problem is infeasible by less than the tolerance: what was solved is another problem, and
// the certificate says which.
func TestMovedConstraintsAreSaid(t *testing.T) {
	m := model.New("hair")
	x := m.Leader().Var("x", 0, 2)
	f := m.Follower("f")
	y := f.Var("y", 0, 5)
	f.Constrain("floor", y.GE(x))
	f.Constrain("roof", y.LE(1))
	f.Minimize(y)
	m.Leader().Minimize(x)
	c := check(t, m, []float64{1 + 2e-8, 1})
	wantVerified(t, c)
	got := c.Followers[0]
	for _, want := range []string{"floor", "moved by 2e-08", "no answer"} {
		if !strings.Contains(got.Moved, want) || !strings.Contains(got.Sentence, want) || !strings.Contains(c.String(), want) {
			t.Errorf("%q is not said:\n%s\n%s\n%v", want, got.Moved, got.Sentence, c)
		}
	}
	if strings.Contains(got.Moved, "more") {
		t.Errorf("one side was moved, and not more: %s", got.Moved)
	}
	if c = check(t, m, []float64{1, 1}); c.Followers[0].Moved != "" || strings.Contains(c.String(), "moved") {
		t.Errorf("nothing was moved:\n%v", c)
	}
}
