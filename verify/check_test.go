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

func TestLeaderCompletedByIntegerAnswers(t *testing.T) {
	m := model.New("stock")
	x := m.Leader().Var("x", 0, 10)
	f := m.Follower("f")
	y := f.Integer("y", 0, 10)
	f.Constrain("room", y.Times(2).LE(x))
	f.Maximize(y)
	m.Leader().Maximize(y.Minus(x))
	p, c, err := verify.CheckLeader(context.Background(), m, []float64{5, math.NaN()}, options(t))
	if err != nil {
		t.Fatal(err)
	}
	wantVerified(t, c)
	wantNear(t, "y", p.X[1], 2)
	if !math.IsNaN(p.RowDuals[0]) || !math.IsNaN(c.Pessimistic) || c.Spread == "" {
		t.Errorf("multiplier %v, pessimistic %v (%s): want none", p.RowDuals[0], c.Pessimistic, c.Spread)
	}
}

func TestBestTieIsTheLeadersChoiceAndCarriesMultipliers(t *testing.T) {
	m := twoRoads()
	p, c, err := verify.CheckLeader(context.Background(), m, []float64{5, math.NaN(), math.NaN()}, options(t))
	if err != nil {
		t.Fatal(err)
	}
	wantVerified(t, c)
	wantNear(t, "revenue", c.Objective, 500)
	wantNear(t, "price of a trip", p.RowDuals[0], 7)
	if p.VarDuals[1] != 0 || p.VarDuals[2] != 0 || !math.IsNaN(p.VarDuals[0]) {
		t.Errorf("reduced costs %v", p.VarDuals)
	}
	// A toll that is dearer by a rounding error keeps the cars, as far as the tolerance sees.
	_, c, err = verify.CheckLeader(context.Background(), m, []float64{5 + 1e-9, 0, 0}, options(t))
	if err != nil {
		t.Fatal(err)
	}
	wantVerified(t, c)
	wantNear(t, "revenue", c.Objective, 500)
	// A toll that is dearer by a little more than the tolerance does not.
	p, _, err = verify.CheckLeader(context.Background(), m, []float64{5.001, 0, 0}, options(t))
	if err != nil || p.X[1] != 0 {
		t.Errorf("at a toll of 5.001: %v, %v", p, err)
	}
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
