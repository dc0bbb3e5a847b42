package verify_test

import (
	"context"
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/gobilevel/bilevel/backends"
	_ "github.com/gobilevel/bilevel/backends/highs"
	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/verify"
)

// options are those of a check with HiGHS; the test is skipped where this binary lacks it.
func options(t testing.TB) verify.Options {
	t.Helper()
	b, err := backends.Open("highs")
	if err != nil {
		t.Skip(err)
	}
	return verify.Options{Backend: b}
}

func check(t *testing.T, m *model.Model, x []float64) *verify.Certificate {
	t.Helper()
	c, err := verify.Check(context.Background(), m, x, options(t))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func wantVerified(t *testing.T, c *verify.Certificate) {
	t.Helper()
	if !c.Verified || len(c.Reasons) != 0 {
		t.Fatalf("want a verified point, got\n%v", c)
	}
}

// wantReason asserts that the point is refused for a reason that contains each text.
func wantReason(t *testing.T, c *verify.Certificate, texts ...string) {
	t.Helper()
	if c.Verified {
		t.Fatalf("want a point that is not verified, got\n%v", c)
	}
	for _, text := range texts {
		if !strings.Contains(strings.Join(c.Reasons, "\n"), text) {
			t.Errorf("no reason contains %q in\n%v", text, c)
		}
	}
}

func wantNear(t *testing.T, what string, got, want float64) {
	t.Helper()
	if got == want || math.Abs(got-want) <= 1e-6*math.Max(1, math.Abs(want)) {
		return
	}
	t.Errorf("%s: got %v, want %v", what, got, want)
}

// twoRoads is the example of the language: the toll road takes 2, the free one 7, and 100 drivers take the cheaper one.
func twoRoads() *model.Model {
	m := model.New("two-roads")
	toll := m.Leader().Var("t", 0, 10)
	drivers := m.Follower("drivers")
	cars := drivers.Vars("x", 2, 0, model.Inf)
	drivers.Minimize(model.Sum(toll.Plus(2).Times(cars[0]), cars[1].Times(7)))
	drivers.Constrain("trips", model.Sum(cars...).Eq(100))
	m.Leader().Maximize(toll.Times(cars[0]))
	return m
}

func TestTwoRoads(t *testing.T) {
	for _, c := range []struct {
		name                                 string
		x                                    []float64
		verified                             bool
		gap, response, pessimist, optimistic float64
	}{
		{"optimum, drivers indifferent", []float64{5, 100, 0}, true, 0, 700, 0, 500},
		{"the other tie", []float64{5, 0, 100}, true, 0, 700, 0, 500},
		{"a mixture of ties", []float64{5, 40, 60}, true, 0, 700, 0, 500},
		{"dear toll, cars stay", []float64{6, 100, 0}, false, 100.0 / 700, 700, 0, 0},
		{"cheap toll, cars leave", []float64{4, 0, 100}, false, 100.0 / 600, 600, 400, 400},
		{"cheap toll", []float64{4, 100, 0}, true, 0, 600, 400, 400},
		{"cars missing", []float64{4, 50, 0}, false, -0.5, 600, 400, 400},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := check(t, twoRoads(), c.x)
			if got.Verified != c.verified {
				t.Errorf("verified %v, want %v:\n%v", got.Verified, c.verified, got)
			}
			wantNear(t, "gap", got.FollowerGap, c.gap)
			wantNear(t, "best response", got.Followers[0].BestResponse, c.response)
			wantNear(t, "pessimistic", got.Pessimistic, c.pessimist)
			wantNear(t, "optimistic", got.Optimistic, c.optimistic)
		})
	}
}

func TestConstraintIsNamedWithItsResidual(t *testing.T) {
	c := check(t, twoRoads(), []float64{4, 50, 0})
	wantReason(t, c, "trips is violated by 50")
	if c.FollowerWorst != "trips" || c.FollowerViolation != 50 || c.LeaderWorst != "" {
		t.Errorf("got %q by %v, leader %q", c.FollowerWorst, c.FollowerViolation, c.LeaderWorst)
	}
	c = check(t, twoRoads(), []float64{11, 0, 100})
	wantReason(t, c, "the leader's constraint t is violated by 1")
}

func TestPointThatCannotBeChecked(t *testing.T) {
	for _, c := range []struct {
		name string
		x    []float64
		want string
	}{
		{"too short", []float64{1, 2}, "2 entries for 3 variables"},
		{"nil", nil, "0 entries for 3 variables"},
		{"NaN", []float64{1, math.NaN(), 2}, "x[0]: the value is NaN"},
		{"infinite", []float64{math.Inf(1), 0, 100}, "t: the value is +Inf"},
	} {
		_, err := verify.Check(context.Background(), twoRoads(), c.x, options(t))
		var bad *verify.PointError
		if !errors.As(err, &bad) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want a PointError with %q", c.name, err, c.want)
		}
	}
	opt := options(t)
	opt.Tolerance = 2
	if _, err := verify.Check(context.Background(), twoRoads(), make([]float64, 3), opt); err == nil {
		t.Error("a tolerance of 2 was taken")
	}
	m := twoRoads()
	m.Leader().Constrain("bad", m.Var(0).LE(math.NaN()))
	if _, err := verify.Check(context.Background(), m, make([]float64, 3), options(t)); err == nil {
		t.Error("a model with a mistake was taken")
	}
}

// bounded is a follower min y, x <= y <= 10 - x, y free: infeasible for x > 5.
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

func TestCouplingConstraint(t *testing.T) {
	// The follower min 0 over 0 <= y <= 10; the leader wants y large and allows y <= 4: optimistic 4, pessimistic 0.
	m := model.New("coupled")
	m.Leader().Var("x", 0, 1)
	f := m.Follower("f")
	y := f.Var("y", 0, 10)
	m.Leader().Constrain("cap", y.LE(4))
	m.Leader().Maximize(y)
	c := check(t, m, []float64{0, 2})
	wantVerified(t, c)
	wantNear(t, "optimistic", c.Optimistic, 4)
	wantNear(t, "pessimistic", c.Pessimistic, 0)
	c = check(t, m, []float64{0, 7})
	wantReason(t, c, "cap is violated by 3")
	wantNear(t, "optimistic", c.Optimistic, 4)

	m.Leader().Constrain("impossible", y.GE(11))
	c = check(t, m, []float64{0, 2})
	wantReason(t, c, "impossible")
	if !math.IsInf(c.Optimistic, -1) {
		t.Errorf("optimistic %v over an empty set of a leader that maximises, want -Inf", c.Optimistic)
	}
	if _, err := verify.BestTie(context.Background(), m, []float64{0, 2}, options(t)); !isAnswerError(err, model.StatusInfeasible) {
		t.Errorf("best tie: got %v", err)
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

func TestNonconvexAndNonlinearFollowersAreNotVerified(t *testing.T) {
	for _, c := range []struct {
		name string
		cost func(y model.Var) any
		want string
	}{
		{"concave", func(y model.Var) any { return y.Pow(2).Neg() }, "quadratic objective (no global method here)"},
		{"nonlinear", func(y model.Var) any { return model.Sin(y) }, "not solved again: nonlinear follower (no global method here)"},
	} {
		m := model.New(c.name)
		m.Leader().Var("x", 0, 1)
		f := m.Follower("f")
		y := f.Var("y", 0, 1)
		f.Minimize(c.cost(y))
		m.Leader().Minimize(y)
		got := check(t, m, []float64{0, 1})
		wantReason(t, got, c.want)
		if got.Followers[0].Status != model.StatusUnknown || !math.IsNaN(got.FollowerGap) {
			t.Errorf("%s: status %v, gap %v", c.name, got.Followers[0].Status, got.FollowerGap)
		}
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
	if _, err := verify.BestTie(context.Background(), m, []float64{0, 0, 0}, options(t)); err == nil || !strings.Contains(err.Error(), "Nash") {
		t.Errorf("best tie: got %v", err)
	}
}

func TestPlainAndComplementarityModels(t *testing.T) {
	m := model.New("mpcc")
	x := m.Leader().Vars("x", 2, -10, 10)
	m.Leader().Constrain("c", x[0].Plus(x[1]).LE(3))
	m.Leader().Complement("pair", x[0], x[1].Minus(1))
	m.Leader().Mixed("box", 0, x[0], 2, x[1].Minus(1))
	m.Leader().Minimize(x[0])
	c := check(t, m, []float64{0, 2})
	wantVerified(t, c)
	wantNear(t, "pessimistic", c.Pessimistic, 0)
	wantReason(t, check(t, m, []float64{0.5, 1.5}), "the complementarity pair", "pair", "0.5")
	wantReason(t, check(t, m, []float64{1.5, 0.5}), "violated")
	wantVerified(t, check(t, m, []float64{2, 1}))
	wantReason(t, check(t, m, []float64{0, 4}), "c is violated by 1")
}

func TestTinyPairIsMeasuredInItsOwnUnits(t *testing.T) {
	m := model.New("tiny pair")
	x := m.Leader().Vars("x", 2, -1000, 1000)
	m.Leader().Complement("pair", x[0].Times(1e-9), x[1].Times(1e-9))
	wantVerified(t, check(t, m, []float64{0, 100}))
	wantReason(t, check(t, m, []float64{100, 100}), "pair")
}

func TestSetsAndConditions(t *testing.T) {
	m := model.New("sets")
	x := m.Leader().Vars("x", 3, 0, 10)
	z := m.Leader().Binary("z")
	m.AddSOS1(model.SOS1{Name: "one", Vars: []int32{0, 1, 2}, Weights: []float64{1, 2, 3}})
	r := m.Leader().Constrain("small", x[0].LE(1))
	m.AddIndicator(model.Indicator{Row: r.Index(), Binary: z.Index(), When: true})
	wantVerified(t, check(t, m, []float64{5, 0, 0, 0}))
	wantReason(t, check(t, m, []float64{5, 0, 0, 1}), "small is violated by 4")
	c := check(t, m, []float64{1, 0, 0.5, 1})
	wantReason(t, c, "the SOS1 set one is violated by 0.5")
	if c.SOS1 != 0.5 || c.SOS1Worst != "one" {
		t.Errorf("SOS1 %v at %q", c.SOS1, c.SOS1Worst)
	}
}

func TestWithoutBackendNothingIsVerified(t *testing.T) {
	c, err := verify.Check(context.Background(), twoRoads(), []float64{4, 100, 0}, verify.Options{})
	if err != nil {
		t.Fatal(err)
	}
	wantReason(t, c, "no backend was given")
}

func TestCancelledCheckSaysSo(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	c, err := verify.Check(ctx, twoRoads(), []float64{4, 100, 0}, options(t))
	if err != nil {
		t.Fatal(err)
	}
	wantReason(t, c, "context canceled")
	opt := options(t)
	opt.TimeLimit = time.Nanosecond
	if c, err = verify.Check(context.Background(), twoRoads(), []float64{4, 100, 0}, opt); err != nil {
		t.Fatal(err)
	}
	wantReason(t, c, "deadline exceeded")
}

func TestScaledFollowersAreHeldToTheSameStandard(t *testing.T) {
	for _, scale := range []float64{1e-12, 1e-9, 1e-3, 1, 1e6, 1e9} {
		m := model.New("scaled")
		x := m.Leader().Var("x", 0, 10)
		f := m.Follower("f")
		y := f.Var("y", 0, 100)
		f.Constrain("least", y.Times(scale).GE(x.Times(scale)))
		f.Minimize(y.Times(scale))
		m.Leader().Minimize(y)
		if c := check(t, m, []float64{3, 3}); !c.Verified {
			t.Errorf("scale %v: the answer is refused\n%v", scale, c)
		}
		for _, wrong := range []float64{2, 3.01, 50} {
			if c := check(t, m, []float64{3, wrong}); c.Verified {
				t.Errorf("scale %v: y = %v is verified\n%v", scale, wrong, c)
			}
		}
	}
}

func TestViolationWithinToleranceCannotBuyAnObjective(t *testing.T) {
	// y >= 1 written so that its residual is tiny: y = -900 saves 901 and is no answer.
	m := model.New("cheap")
	m.Leader().Var("x", 0, 1)
	f := m.Follower("f")
	y, z := f.Var("y", -1000, 1000), f.Var("z", 0, 1)
	f.Constrain("least", y.Times(1e-9).Plus(z).GE(1+1e-9))
	f.Minimize(y)
	m.Leader().Minimize(y)
	c := check(t, m, []float64{0, -900, 1})
	wantReason(t, c, "better than the best response")
}

func TestStringIsForPeopleAndRepeats(t *testing.T) {
	a, b := check(t, twoRoads(), []float64{5, 100, 0}), check(t, twoRoads(), []float64{5, 100, 0})
	if a.String() != b.String() {
		t.Errorf("two runs differ:\n%v\n%v", a, b)
	}
	want := `verified to 1e-06
  leader's objective       500
  leader's constraints     0
  followers' constraints   0
  follower drivers         objective 700, best response 700, relative gap 0 (highs LP)
  over optimal answers     leader's objective from 0 (worst) to 500 (best)
`
	if a.String() != want {
		t.Errorf("got\n%s\nwant\n%s", a, want)
	}
}
