package verify_test

import (
	"context"
	"math"
	"strings"
	"testing"

	"github.com/gobilevel/bilevel/backends"
	"github.com/gobilevel/bilevel/backends/ipopt"
	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/smooth"
	"github.com/gobilevel/bilevel/nonlinear/newton"
	"github.com/gobilevel/bilevel/verify"
)

// smoothSolvers are the local solvers of this binary.
func smoothSolvers(t testing.TB) []smooth.Solver {
	t.Helper()
	list := []smooth.Solver{&newton.Solver{}}
	if _, err := backends.Open("ipopt"); err == nil {
		list = append(list, ipopt.NewSolver())
	}
	return list
}

// smoothOptions are the options of a check with the built-in solver.
func smoothOptions(t testing.TB) verify.Options {
	o := options(t)
	o.Smooth = &newton.Solver{}
	return o
}

func checkWith(t *testing.T, m *model.Model, x []float64, o verify.Options) *verify.Certificate {
	t.Helper()
	c, err := verify.Check(context.Background(), m, x, o)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// convexCase is a convex follower with the leader's x and its answer by hand.
type convexCase struct {
	name   string
	build  func(m *model.Model, x model.Var, f *model.Player) []model.Var
	x      float64
	y      []float64
	best   float64   // the follower's optimal value
	off    []float64 // a feasible answer that is not optimal
	offGap float64   // its gap
	unique bool
}

var convexCases = []convexCase{
	{
		name: "exponential, no bounds", // e^y = x
		build: func(m *model.Model, x model.Var, f *model.Player) []model.Var {
			y := f.Var("y", -model.Inf, model.Inf)
			f.Minimize(model.Exp(y).Minus(x.Times(y)))
			return []model.Var{y}
		},
		x: 3, y: []float64{math.Log(3)}, best: 3 - 3*math.Log(3), off: []float64{1}, offGap: math.E - 3 - (3 - 3*math.Log(3)), unique: true,
	},
	{
		name: "entropy on a simplex",
		build: func(m *model.Model, x model.Var, f *model.Player) []model.Var {
			y := f.Vars("y", 4, 0, model.Inf)
			cost := model.Const(0)
			for _, v := range y {
				cost = cost.Plus(v.Times(model.Log(v)))
			}
			f.Minimize(cost)
			f.Constrain("mass", model.Sum(y...).Eq(x))
			return y
		},
		x: 2, y: []float64{0.5, 0.5, 0.5, 0.5}, best: 2 * math.Log(0.5), off: []float64{0.6, 0.4, 0.5, 0.5},
		offGap: (0.6*math.Log(0.6) + 0.4*math.Log(0.4) + math.Log(0.5) - 2*math.Log(0.5)) / (2 * math.Log(2)), unique: true,
	},
	{
		name: "linear over a ball, maximised", // at (x/√2, x/√2)
		build: func(m *model.Model, x model.Var, f *model.Player) []model.Var {
			y := f.Vars("y", 2, -model.Inf, model.Inf)
			f.Maximize(y[0].Plus(y[1]))
			f.Constrain("ball", y[0].Pow(2).Plus(y[1].Pow(2)).LE(x.Pow(2)))
			return y
		},
		x: 1, y: []float64{math.Sqrt(0.5), math.Sqrt(0.5)}, best: math.Sqrt(2), off: []float64{1, 0}, offGap: (math.Sqrt(2) - 1) / math.Sqrt(2), unique: true,
	},
	{
		name: "logarithm of a purchase", // 2/(1+y) = price
		build: func(m *model.Model, x model.Var, f *model.Player) []model.Var {
			y := f.Var("y", 0, model.Inf)
			f.Maximize(model.Log(y.Plus(1)).Times(2).Minus(x.Times(y)))
			return []model.Var{y}
		},
		x: 0.5, y: []float64{3}, best: 2*math.Log(4) - 1.5, off: []float64{2}, offGap: (2*math.Log(4) - 1.5 - 2*math.Log(3) + 1) / 1.2725887222397811, unique: true,
	},
	{
		name: "at a bound", // the gradient e^0 - x is positive there
		build: func(m *model.Model, x model.Var, f *model.Player) []model.Var {
			y := f.Var("y", 0, model.Inf)
			f.Minimize(model.Exp(y).Minus(x.Times(y)))
			return []model.Var{y}
		},
		x: 0.5, y: []float64{0}, best: 1, off: []float64{0.1}, offGap: math.Exp(0.1) - 0.05 - 1, unique: true,
	},
	{
		name: "flat at its optimum",
		build: func(m *model.Model, x model.Var, f *model.Player) []model.Var {
			y := f.Var("y", -model.Inf, model.Inf)
			f.Minimize(y.Minus(x).Pow(4))
			return []model.Var{y}
		},
		x: 2, y: []float64{2}, best: 0, off: []float64{2.1}, offGap: 1e-4,
	},
	{
		name: "a set without interior", // no multipliers exist: minimise y over y² <= 0
		build: func(m *model.Model, x model.Var, f *model.Player) []model.Var {
			y := f.Vars("y", 2, -model.Inf, model.Inf)
			f.Minimize(y[0].Plus(y[1].Minus(x).Pow(2)))
			f.Constrain("point", y[0].Pow(2).LE(0))
			return y
		},
		x: 2, y: []float64{0, 2}, best: 0, off: []float64{0, 2.01}, offGap: 1e-4,
	},
	{
		name: "a valley of answers", // every split of log x
		build: func(m *model.Model, x model.Var, f *model.Player) []model.Var {
			y := f.Vars("y", 2, 0, 5)
			f.Minimize(model.Exp(y[0].Plus(y[1])).Minus(x.Times(y[0].Plus(y[1]))))
			return y
		},
		x: math.E, y: []float64{0.25, 0.75}, best: 0, off: []float64{0.25, 0.65}, offGap: math.Exp(0.9) - math.E*0.9,
	},
	{
		name: "quadratic constraint and price", // min y0 s.t. y0 >= y1², y1 >= x
		build: func(m *model.Model, x model.Var, f *model.Player) []model.Var {
			y := f.Vars("y", 2, -model.Inf, model.Inf)
			f.Minimize(y[0])
			f.Constrain("above", y[0].GE(y[1].Pow(2)))
			f.Constrain("right", y[1].GE(x))
			return y
		},
		x: 2, y: []float64{4, 2}, best: 4, off: []float64{4.41, 2.1}, offGap: 0.41 / 4, unique: true,
	},
}

func (c convexCase) model() (*model.Model, []model.Var) {
	m := model.New(c.name)
	x := m.Leader().Var("x", -10, 10)
	y := c.build(m, x, m.Follower("f"))
	m.Leader().Minimize(y[0])
	return m, y
}

func TestConvexFollowers(t *testing.T) {
	for _, s := range smoothSolvers(t) {
		for _, c := range convexCases {
			t.Run(s.Name()+"/"+c.name, func(t *testing.T) {
				m, _ := c.model()
				opt := options(t)
				opt.Smooth = s
				got := checkWith(t, m, append([]float64{c.x}, c.y...), opt)
				wantVerified(t, got)
				f := got.Followers[0]
				wantNear(t, "best response", f.BestResponse, c.best)
				if f.Evidence != verify.EvidenceProof || got.Evidence != verify.EvidenceProof {
					t.Errorf("evidence %v, want a proof\n%v", f.Evidence, got)
				}
				if c.unique {
					wantNear(t, "optimistic", got.Optimistic, c.y[0])
					wantNear(t, "pessimistic", got.Pessimistic, c.y[0])
				}
				got = checkWith(t, m, append([]float64{c.x}, c.off...), opt)
				wantReason(t, got, "follower f: objective")
				wantNear(t, "gap", got.FollowerGap, c.offGap)
				wantNear(t, "best response", got.Followers[0].BestResponse, c.best)

				// The answer of the follower alone, from a bad guess, is verified.
				guess := []float64{c.x}
				for range c.y {
					guess = append(guess, math.NaN())
				}
				p, err := verify.Respond(context.Background(), m, guess, opt)
				if err != nil {
					t.Fatal(err)
				}
				wantVerified(t, checkWith(t, m, p.X, opt))
				for j, v := range c.y {
					if c.unique && math.Abs(p.X[1+j]-v) > 1e-6 {
						t.Errorf("answer %v, want %v", p.X[1:], c.y)
					}
				}
			})
		}
	}
}

// TestOptimalPointsNeedNoSolver checks the optimal points with the optimality conditions and intervals alone.
func TestOptimalPointsNeedNoSolver(t *testing.T) {
	for _, c := range convexCases {
		m, _ := c.model()
		got := checkWith(t, m, append([]float64{c.x}, c.y...), verify.Options{})
		if !got.Verified {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

func TestPointSlightlyOffIsMeasured(t *testing.T) {
	// min e^y - 3y: an answer that is d away costs 3d²/2 more.
	m, _ := convexCases[0].model()
	opt := smoothOptions(t)
	for _, d := range []float64{1e-2, 1e-3, 1e-4, 1e-5} {
		c := checkWith(t, m, []float64{3, math.Log(3) + d}, opt)
		if gap := 1.5 * d * d; math.Abs(c.FollowerGap-gap) > 0.02*gap+1e-12 {
			t.Errorf("%v off: gap %v, want %v", d, c.FollowerGap, gap)
		}
		if want := 1.5*d*d < 1e-6; c.Verified != want {
			t.Errorf("%v off: verified %v", d, c.Verified)
		}
	}
}

func TestShadowPricesOfNonlinearFollowers(t *testing.T) {
	// min y0 s.t. y0 >= y1², y1 >= x: the value x² rises by 2x for one unit more on the right of "right", by 1 for one more on that of "above".
	m, _ := convexCases[len(convexCases)-1].model()
	opt := smoothOptions(t)
	p, err := verify.Respond(context.Background(), m, []float64{2, 0, 0}, opt)
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]float64{"right": 4, "above": 1} {
		r, _ := m.RowByName(name)
		wantNear(t, name, p.RowDuals[r.Index()], want)
	}
	// A maximiser over the ball y'y <= x² gains √2 x; one unit more of x² is worth √2/2x.
	m, _ = convexCases[2].model()
	if p, err = verify.Respond(context.Background(), m, []float64{1, 0, 0}, opt); err != nil {
		t.Fatal(err)
	}
	r, _ := m.RowByName("ball")
	wantNear(t, "ball", p.RowDuals[r.Index()], math.Sqrt2/2)
	// At a bound: e^0 - x is the price of the bound of y.
	m, _ = convexCases[4].model()
	if p, err = verify.Respond(context.Background(), m, []float64{0.5, 1}, opt); err != nil {
		t.Fatal(err)
	}
	wantNear(t, "bound of y", p.VarDuals[1], 0.5)
}

func TestShadowPriceVariableOfNonlinearFollower(t *testing.T) {
	m, _ := convexCases[len(convexCases)-1].model()
	r, _ := m.RowByName("right")
	price := r.Dual()
	m.Leader().Constrain("cap", price.LE(100))
	opt := smoothOptions(t)
	p, err := verify.Respond(context.Background(), m, []float64{2, 0, 0, 0}, opt)
	if err != nil {
		t.Fatal(err)
	}
	wantNear(t, "price", p.X[price.Index()], 4)
	wantVerified(t, checkWith(t, m, p.X, opt))
	p.X[price.Index()] = 3
	wantReason(t, checkWith(t, m, p.X, opt), "not an optimal multiplier")
}

func TestFollowerWithoutOptimalAnswer(t *testing.T) {
	build := func(cost func(x, y model.Var) model.Expr) *model.Model {
		m := model.New("runaway")
		x := m.Leader().Var("x", -1, 1)
		f := m.Follower("f")
		y := f.Var("y", 0, model.Inf)
		f.Minimize(cost(x, y))
		m.Leader().Minimize(y)
		return m
	}
	for _, s := range smoothSolvers(t) {
		opt := options(t)
		opt.Smooth = s
		falls := build(func(x, y model.Var) model.Expr { return model.Exp(y.Neg()).Minus(y) })
		for _, y := range []float64{0, 1, 30, 1e4} {
			if c := checkWith(t, falls, []float64{0, y}, opt); c.Verified {
				t.Errorf("%s: a cost that falls without limit: y = %v was verified\n%v", s.Name(), y, c)
			}
		}
		// A slope that a gradient to 1e-8 does not show.
		slight := build(func(x, y model.Var) model.Expr { return model.Exp(y.Neg()).Minus(y.Times(1e-10)) })
		for _, y := range []float64{0, 20, 23.025, 25} {
			if c := checkWith(t, slight, []float64{0, y}, opt); c.Verified && c.Evidence == verify.EvidenceProof {
				t.Errorf("%s: y = %v was proven optimal\n%v", s.Name(), y, c)
			}
		}
		// No feasible answer at all.
		m := model.New("empty")
		m.Leader().Var("x", 0, 1)
		f := m.Follower("f")
		y := f.Vars("y", 2, -model.Inf, model.Inf)
		f.Minimize(y[0])
		f.Constrain("disc", y[0].Pow(2).Plus(y[1].Pow(2)).LE(1))
		f.Constrain("beyond", y[0].Plus(y[1]).GE(2))
		m.Leader().Minimize(y[0])
		c := checkWith(t, m, []float64{0, 1, 1}, opt)
		wantReason(t, c, "disc is violated by 1")
		if c.Followers[0].Status != model.StatusInfeasible {
			t.Errorf("%s: status %v\n%v", s.Name(), c.Followers[0].Status, c)
		}
		if _, err := verify.Respond(context.Background(), m, []float64{0, 0, 0}, opt); !isAnswerError(err, model.StatusInfeasible) {
			t.Errorf("%s: %v", s.Name(), err)
		}
	}
}

func TestTinyNonlinearFollowerIsHeldToTheSameStandard(t *testing.T) {
	for _, scale := range []float64{1e-3, 1e-6, 1e-9, 1e3} {
		m := model.New("tiny")
		x := m.Leader().Var("x", 0, 10)
		f := m.Follower("f")
		y := f.Var("y", -5, 5)
		f.Minimize(model.Exp(y).Minus(x.Times(y)).Times(scale))
		m.Leader().Minimize(y)
		opt := smoothOptions(t)
		wantVerified(t, checkWith(t, m, []float64{3, math.Log(3)}, opt))
		c := checkWith(t, m, []float64{3, math.Log(3) + 0.01}, opt)
		wantReason(t, c, "follower f")
	}
}

func TestLinearFollowerWithoutBackendIsSolvedBySmooth(t *testing.T) {
	o := verify.Options{Smooth: &newton.Solver{}}
	c := checkWith(t, twoRoads(), []float64{5, 100, 0}, o)
	wantVerified(t, c)
	if c.Evidence != verify.EvidenceProof {
		t.Errorf("evidence %v", c.Evidence)
	}
	c = checkWith(t, twoRoads(), []float64{6, 100, 0}, o)
	wantReason(t, c, "follower drivers")
	wantNear(t, "gap", c.FollowerGap, 100.0/700)
}

func TestLargeConvexFollower(t *testing.T) {
	// min Σ e^{y_k} - c_k y_k s.t. Σ y <= b: with the price p of the budget y_k = log(c_k - p).
	const n = 400
	m := model.New("large")
	x := m.Leader().Var("x", 0, 1000)
	f := m.Follower("f")
	y := f.Vars("y", n, -model.Inf, model.Inf)
	cost := model.Const(0)
	point := make([]float64, n+1)
	sum := 0.0
	for k, v := range y {
		c := 2 + math.Mod(float64(k)*0.61803, 1)
		cost = cost.Plus(model.Exp(v)).Minus(v.Times(c))
		point[1+k] = math.Log(c - 1)
		sum += point[1+k]
	}
	f.Minimize(cost)
	f.Constrain("budget", model.Sum(y...).LE(x))
	m.Leader().Minimize(y[0])
	point[0] = sum
	opt := smoothOptions(t)
	c := checkWith(t, m, point, opt)
	wantVerified(t, c)
	point[1] += 0.1
	point[2] -= 0.1
	if c = checkWith(t, m, point, opt); c.Verified || !strings.Contains(strings.Join(c.Reasons, " "), "follower f") {
		t.Errorf("a point off the optimum: %v", c)
	}
}
