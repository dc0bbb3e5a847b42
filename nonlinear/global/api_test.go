package global

import (
	"context"
	"errors"
	"math"
	"reflect"
	"testing"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/expr"
	"github.com/gobilevel/bilevel/model/smooth"
)

// wells is min x^4 - 2x² + x/2 + (y - x)², whose deepest well of two is near x = -1.06, at -1.5156 or so.
func wells() *model.Model {
	m := model.New("wells")
	x, y := m.Leader().Var("x", -3, 3), m.Leader().Var("y", -3, 3)
	m.Leader().Minimize(x.Pow(4).Minus(x.Pow(2).Times(2)).Plus(x.Times(0.5)).Plus(y.Minus(x).Pow(2)))
	return m
}

func minimise(t *testing.T, m *model.Model, o Options) Answer {
	t.Helper()
	a, err := Minimise(context.Background(), m, o)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestTargets(t *testing.T) {
	least := minimise(t, wells(), Options{}).Value
	for _, c := range []struct {
		target float64
		want   Status
	}{{least + 0.01, BelowTarget}, {least - 1e-7, AboveTarget}, {least - 5, AboveTarget}, {5, BelowTarget}} {
		a := minimise(t, wells(), Options{Target: &Target{c.target}})
		if a.Status != c.want {
			t.Errorf("target %v: %v with value %v and bound %v, want %v", c.target, a.Status, a.Value, a.Bound, c.want)
		}
		if c.want == AboveTarget && a.Bound < c.target {
			t.Errorf("target %v: the bound %v is below it", c.target, a.Bound)
		}
		if c.want == BelowTarget && !(a.Value < c.target) {
			t.Errorf("target %v: the value %v is not below it", c.target, a.Value)
		}
	}
	// A maximum: better is larger.
	m := model.New("hill")
	x := m.Leader().Var("x", -2, 2)
	m.Leader().Maximize(x.Pow(2).Times(-1))
	if a := minimise(t, m, Options{Target: &Target{0.5}}); a.Status != AboveTarget || a.Bound > 0.5+1e-12 {
		t.Errorf("no point of the hill is above 0.5, but: %v, bound %v", a.Status, a.Bound)
	}
	if a := minimise(t, m, Options{Target: &Target{-0.5}}); a.Status != BelowTarget || a.Value < -0.5 {
		t.Errorf("the top is above -0.5, but: %v, value %v", a.Status, a.Value)
	}
}

func TestBoxAndStart(t *testing.T) {
	a := minimise(t, wells(), Options{Box: []expr.Interval{{Lo: 0, Hi: math.Inf(1)}, expr.Everything}})
	if a.Status != Optimal || a.X[0] < 0 {
		t.Errorf("%v at %v, want the well on the right", a.Status, a.X)
	}
	right := a.X
	b := minimise(t, wells(), Options{Start: [][]float64{right, {math.NaN(), 50}}})
	if b.Status != Optimal || b.X[0] > 0 || b.Value > a.Value-0.5 {
		t.Errorf("%v at %v with value %v, want the well on the left", b.Status, b.X, b.Value)
	}
	if c := minimise(t, wells(), Options{Box: []expr.Interval{{Lo: 4, Hi: 5}, expr.Everything}}); c.Status != Infeasible || !math.IsInf(c.Bound, 1) || c.X != nil {
		t.Errorf("a box outside of the bounds: %v, bound %v, %v", c.Status, c.Bound, c.X)
	}
}

func TestInfeasibleIsProven(t *testing.T) {
	m := model.New("empty")
	x := m.Leader().Vars("x", 2, -10, 10)
	m.Leader().Minimize(x[0])
	m.Leader().Constrain("disc", x[0].Pow(2).Plus(x[1].Pow(2)).LE(1))
	m.Leader().Constrain("beyond", x[0].Times(x[1]).GE(0.501)) // at most 1/2 on the disc
	a := minimise(t, m, Options{})
	if a.Status != Infeasible || a.X != nil || !math.IsInf(a.Bound, 1) || !math.IsInf(a.Gap(model.Minimize), 1) {
		t.Errorf("%v, bound %v, %v", a.Status, a.Bound, a.X)
	}
	m.SetRowBounds(1, 0.499, math.Inf(1))
	if a := minimise(t, m, Options{}); a.Status != Optimal {
		t.Errorf("with room: %v", a.Status)
	}
}

func TestEndsAreHonest(t *testing.T) {
	m := model.New("no bound")
	x := m.Leader().Vars("x", 2, -model.Inf, model.Inf)
	m.Leader().Minimize(model.Sin(x[0]).Plus(x[1]))
	if a := minimise(t, m, Options{MaxBoxes: 100}); a.Status != Unbounded || !math.IsInf(a.Bound, -1) {
		t.Errorf("a falling objective: %v, bound %v", a.Status, a.Bound)
	}
	hard := model.New("hard")
	y := hard.Leader().Vars("y", 4, -3, 3)
	f := model.Const(0)
	for k := range y {
		f = f.Plus(model.Sin(y[k].Times(5).Plus(y[(k+1)%4]).Times(y[(k+2)%4]))).Plus(y[k].Minus(y[(k+1)%4].Pow(2)).Minus(0.3).Pow(2))
	}
	hard.Leader().Minimize(f)
	a := minimise(t, hard, Options{MaxBoxes: 5})
	if a.Status != Limit || a.Boxes > 5 || a.Open == 0 || a.Bound > a.Value {
		t.Errorf("%v after %d boxes, %d open, value %v, bound %v", a.Status, a.Boxes, a.Open, a.Value, a.Bound)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if a, err := Minimise(ctx, hard, Options{}); err != nil || a.Status != Interrupted {
		t.Errorf("%v, %v", a.Status, err)
	}
	calls := 0
	a = minimise(t, hard, Options{Progress: func(p Progress) bool { calls++; return p.Boxes < 512 && p.Bound <= p.Value }})
	if a.Status != Interrupted || calls != 2 {
		t.Errorf("%v after %d calls", a.Status, calls)
	}
}

func TestSameInputSameAnswer(t *testing.T) {
	for _, c := range known()[:3] {
		m := model.New("known")
		c.build(m)
		a, b := minimise(t, m, Options{}), minimise(t, m, Options{})
		a.Seconds, b.Seconds = 0, 0
		if !reflect.DeepEqual(a, b) {
			t.Errorf("%s: %+v and then %+v", c.name, a, b)
		}
	}
}

func TestRefusals(t *testing.T) {
	var refused *RefusedError
	m := model.New("follower")
	m.Leader().Var("x", 0, 1)
	f := m.Follower("f")
	y := f.Var("y", 0, 1)
	f.Minimize(y)
	if _, err := Minimise(context.Background(), m, Options{}); !errors.As(err, &refused) || refused.Where != "f" {
		t.Errorf("a follower: %v", err)
	}
	m = model.New("set")
	v := m.Leader().Vars("x", 2, 0, 1)
	m.Leader().SOS1("one", v...)
	if _, err := Minimise(context.Background(), m, Options{}); !errors.As(err, &refused) || refused.Where != "one" {
		t.Errorf("a set: %v", err)
	}
	m = model.New("mixed")
	u := m.Leader().Var("u", 0, 1)
	m.Leader().Mixed("pair", 0, u, 1, u.Minus(0.5))
	if _, err := Minimise(context.Background(), m, Options{}); !errors.As(err, &refused) || refused.Where != "pair" {
		t.Errorf("a mixed pair: %v", err)
	}
	var option *OptionError
	for name, o := range map[string]Options{"AbsGap": {AbsGap: math.NaN()}, "RelGap": {RelGap: math.Inf(1)}, "MaxBoxes": {MaxBoxes: -1}, "Box": {Box: make([]expr.Interval, 1)},
		"Start": {Start: [][]float64{{1}}}, "Target": {Target: &Target{math.NaN()}}} {
		if _, err := Minimise(context.Background(), wells(), o); !errors.As(err, &option) || option.Option != name {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// liar is a local solver whose points, multipliers and statuses mean nothing.
type liar struct{}

func (liar) Name() string { return "liar" }

func (liar) Solve(_ context.Context, p smooth.Program, s smooth.Start, _ smooth.Options) (*smooth.Answer, error) {
	n := p.NumVars()
	a := &smooth.Answer{Status: model.StatusOptimal, X: make([]float64, n), Rows: make([]float64, p.NumRows()), Lower: make([]float64, n), Upper: make([]float64, n)}
	for j := range a.X {
		a.X[j], a.Lower[j], a.Upper[j] = 0.37*float64(j+1)-s.X[j], 3, math.Inf(1)
	}
	for r := range a.Rows {
		a.Rows[r] = 50 * float64(1-2*(r%2))
	}
	return a, nil
}

func TestNothingRestsOnTheLocalSolver(t *testing.T) {
	for _, c := range known() {
		m := model.New("known")
		c.build(m)
		sense := m.Leader().Objective().Sense.Sign()
		a := minimise(t, m, Options{Local: liar{}, MaxBoxes: 3000})
		if sense*a.Bound > sense*c.want+1e-9*math.Max(1, math.Abs(c.want)) || a.Status == Infeasible {
			t.Errorf("%s: %v, bound %v, but %v is reached", c.name, a.Status, a.Bound, c.want)
		}
		if a.Status == Optimal && math.Abs(a.Value-c.want) > 2e-6*math.Max(1, math.Abs(c.want)) {
			t.Errorf("%s: optimal with %v, want %v", c.name, a.Value, c.want)
		}
	}
}
