package backendtest

import (
	"math"

	"github.com/gobilevel/bilevel/model"
)

// curved is a nonlinear problem with its answer.
type curved struct {
	name   string
	reason string // why the answer is what it is, or where it comes from
	build  func(l *model.Player)

	status    model.Status // of a global method
	objective float64
	x         []float64
	rowDuals  []float64 // nil: not unique, or no matter
	varDuals  []float64
}

// model builds the model; what a build does with its variables is in its own text, since every case has other functions.
func (c curved) model() *model.Model {
	m := model.New("curved")
	c.build(m.Leader())
	return m
}

func squared(e any) model.Expr { return model.Const(1).Times(e).Pow(2) }

// curvedProblems have their optimum nearest to the start, or only one stationary point, so that a local method finds it.
var curvedProblems = []curved{
	{name: "nlp/rosenbrock", status: optimal, x: nums(1, 1), varDuals: nums(0, 0), reason: "both squares vanish",
		build: func(l *model.Player) {
			x, y := l.Var("x", -inf, inf).Start(-1.2), l.Var("y", -inf, inf).Start(1)
			l.Minimize(squared(model.Const(1).Minus(x)).Plus(squared(y.Minus(x.Pow(2))).Times(100)))
		}},
	{name: "nlp/rosenbrock in a disc", status: optimal, objective: 0.0456748087195, x: nums(0.7864151541684, 0.6176983125234), rowDuals: nums(-0.1214965569993),
		varDuals: nums(0, 0), reason: "on the circle by the angle: the derivative along it vanishes, and the gradient is -0.2429931 (x, y)",
		build: func(l *model.Player) {
			x, y := l.Var("x", -inf, inf), l.Var("y", -inf, inf)
			l.Minimize(squared(model.Const(1).Minus(x)).Plus(squared(y.Minus(x.Pow(2))).Times(100)))
			l.Constrain("disc", x.Pow(2).Plus(y.Pow(2)).LE(1))
		}},
	{name: "nlp/hs71", status: optimal, objective: 17.0140172892, x: nums(1, 4.7429996361, 3.8211499795, 1.3794082932), rowDuals: nums(0.5522936595, -0.1614685647),
		varDuals: nums(1.0878712207, 0, 0, 0), reason: "Hock and Schittkowski (1981), problem 71",
		build: func(l *model.Player) {
			a, b, c, d := l.Var("a", 1, 5).Start(1), l.Var("b", 1, 5).Start(5), l.Var("c", 1, 5).Start(5), l.Var("d", 1, 5).Start(1)
			l.Minimize(a.Times(d).Times(a.Plus(b).Plus(c)).Plus(c))
			l.Constrain("product", a.Times(b).Times(c).Times(d).GE(25))
			l.Constrain("sphere", a.Pow(2).Plus(b.Pow(2)).Plus(c.Pow(2)).Plus(d.Pow(2)).Eq(40))
		}},
	{name: "nlp/hs7", status: optimal, objective: -math.Sqrt(3), x: nums(0, math.Sqrt(3)), rowDuals: nums(-0.5 / math.Sqrt(3)), varDuals: nums(0, 0),
		reason: "Hock and Schittkowski (1981), problem 7; at x = 0 the value is -sqrt(b - 1), its derivative -1/(2 sqrt(b - 1))",
		build: func(l *model.Player) {
			x, y := l.Var("x", -inf, inf).Start(2), l.Var("y", -inf, inf).Start(2)
			l.Minimize(model.Log(model.Const(1).Plus(x.Pow(2))).Minus(y))
			l.Constrain("c", squared(model.Const(1).Plus(x.Pow(2))).Plus(y.Pow(2)).Eq(4))
		}},
	{name: "nlp/equation", status: optimal, objective: -2, x: nums(-1, -1), rowDuals: nums(-0.5), varDuals: nums(0, 0), reason: "by symmetry the value is -sqrt(2b)",
		build: func(l *model.Player) {
			x, y := l.Var("x", -inf, inf).Start(-2), l.Var("y", -inf, inf).Start(-1)
			l.Minimize(x.Plus(y))
			l.Constrain("circle", x.Pow(2).Plus(y.Pow(2)).Eq(2))
		}},
	{name: "nlp/a square system of equations", status: optimal, x: nums(1, 1), reason: "x = y on the circle, on the side of the start",
		build: func(l *model.Player) {
			x, y := l.Var("x", -inf, inf).Start(2), l.Var("y", -inf, inf).Start(0.5)
			l.Constrain("circle", x.Pow(2).Plus(y.Pow(2)).Eq(2))
			l.Constrain("line", x.Minus(y).Eq(0))
		}},
	{name: "nlp/more equations than variables", status: optimal, objective: 1, x: nums(1, 1), reason: "three equations that meet in a point",
		build: func(l *model.Player) {
			x, y := l.Var("x", -inf, inf).Start(2), l.Var("y", -inf, inf).Start(0.5)
			l.Minimize(x.Times(y))
			l.Constrain("circle", x.Pow(2).Plus(y.Pow(2)).Eq(2))
			l.Constrain("line", x.Minus(y).Eq(0))
			l.Constrain("sum", x.Plus(y).Eq(2))
		}},
	{name: "nlp/sine", status: optimal, objective: -1, x: nums(1.5 * math.Pi), varDuals: nums(0), reason: "the sine is least at 3/2 of π",
		build: func(l *model.Player) { l.Minimize(model.Sin(l.Var("x", 0, 2*math.Pi).Start(4))) }},
	{name: "nlp/maximise a hump", status: optimal, objective: 1 / math.E, x: nums(1), varDuals: nums(0), reason: "x exp(-x) has the derivative (1 - x) exp(-x)",
		build: func(l *model.Player) {
			x := l.Var("x", 0, 10).Start(0.5)
			l.Maximize(x.Times(model.Exp(x.Neg())))
		}},
	{name: "nlp/maximise up to a bound", status: optimal, objective: 0.5 * math.Exp(-0.5), x: nums(0.5), varDuals: nums(0.5 * math.Exp(-0.5)),
		reason: "the hump's slope at 1/2 is exp(-1/2)/2",
		build: func(l *model.Player) {
			x := l.Var("x", 0, 0.5)
			l.Maximize(x.Times(model.Exp(x.Neg())))
		}},
	{name: "nlp/range at its upper side", status: optimal, objective: 4, x: nums(1), rowDuals: nums(-4 / math.E), varDuals: nums(0),
		reason: "with exp(x) <= b the value is (log b - 3)², its derivative 2 (log b - 3)/b",
		build: func(l *model.Player) {
			x := l.Var("x", -inf, inf)
			l.Minimize(squared(x.Minus(3)))
			l.Constrain("range", model.Exp(x).Between(1, math.E))
		}},
	{name: "nlp/range at its lower side", status: optimal, objective: 0, x: nums(0), rowDuals: nums(1), varDuals: nums(0), reason: "with exp(x) >= b the value is log b",
		build: func(l *model.Player) {
			x := l.Var("x", -inf, inf).Start(0.5)
			l.Minimize(x)
			l.Constrain("range", model.Exp(x).Between(1, math.E))
		}},
	{name: "nlp/a row without sides, a fixed variable", status: optimal, objective: math.E + 2, x: nums(1, 2), rowDuals: nums(0, 1), varDuals: nums(math.E, 0),
		reason: "exp(x) at x = 1 has the slope e",
		build: func(l *model.Player) {
			x, y := l.Var("x", 1, 1), l.Var("y", -inf, inf)
			l.Minimize(model.Exp(x).Plus(y))
			l.Constrain("free", model.Sin(x.Times(y)).Between(-inf, inf))
			l.Constrain("least", y.GE(2))
		}},
	{name: "nlp/all variables fixed", status: optimal, objective: math.E, x: nums(1), rowDuals: nums(0), varDuals: nums(math.E), reason: "there is one point",
		build: func(l *model.Player) {
			x := l.Var("x", 1, 1)
			l.Minimize(model.Exp(x))
			l.Constrain("slack", model.Exp(x).LE(3))
		}},
	{name: "nlp/infeasible, not convex", status: infeasible, reason: "a product is at most 1 there",
		build: func(l *model.Player) {
			x, y := l.Var("x", 0, 1).Start(0.5), l.Var("y", 0, 1).Start(0.5)
			l.Minimize(x.Plus(y))
			l.Constrain("product", x.Times(y).GE(2))
		}},
}

// convexCurvedProblems are convex by the rules of composition.
var convexCurvedProblems = []curved{
	{name: "nlp/logarithmic barrier", status: optimal, objective: 1, x: nums(1), varDuals: nums(0), reason: "x - log x has the derivative 1 - 1/x",
		build: func(l *model.Player) {
			x := l.Var("x", 0, inf) // starts where the logarithm has no value
			l.Minimize(x.Minus(model.Log(x)))
		}},
	{name: "nlp/exponential", status: optimal, objective: 2 - 2*math.Log(2), x: nums(math.Log(2)), varDuals: nums(0), reason: "exp(x) = 2",
		build: func(l *model.Player) {
			x := l.Var("x", -inf, inf)
			l.Minimize(model.Exp(x).Minus(x.Times(2)))
		}},
	{name: "nlp/maximise a sum of logarithms", status: optimal, objective: math.Log(2), x: nums(2, 1), rowDuals: nums(0.5), varDuals: nums(0, 0),
		reason: "half of the budget for each; the value is 2 log(b/2) - log 2, its derivative 2/b",
		build: func(l *model.Player) {
			x, y := l.Var("x", 0, inf).Start(1), l.Var("y", 0, inf).Start(1)
			l.Maximize(model.Log(x).Plus(model.Log(y)))
			l.Constrain("budget", x.Plus(y.Times(2)).LE(4))
		}},
	{name: "nlp/entropy", status: optimal, objective: math.Log(5), x: nums(0.2, 0.2, 0.2, 0.2, 0.2), rowDuals: nums(math.Log(5) - 1), varDuals: nums(0, 0, 0, 0, 0),
		reason: "by symmetry; the value is -b log(b/5)",
		build: func(l *model.Player) {
			p := l.Vars("p", 5, 0, inf)
			l.Maximize(model.SumOver(5, func(k int) any { return p[k].Times(model.Log(p[k])) }).Neg())
			l.Constrain("one", model.Sum(p...).Eq(1))
		}},
	{name: "nlp/box of least size", status: optimal, objective: 9, x: nums(3, 3, 3), rowDuals: nums(3), varDuals: nums(0, 0, 0), reason: "by symmetry the value is 3 exp(b/3)",
		build: func(l *model.Player) {
			x := l.Vars("x", 3, 0, inf)
			for _, v := range x {
				v.Start(1)
			}
			l.Minimize(model.Sum(x...))
			l.Constrain("volume", model.SumOver(3, func(k int) any { return model.Log(x[k]) }).GE(math.Log(27)))
		}},
	{name: "nlp/root of which the start is the end", status: optimal, objective: -0.4724703937105774, x: nums(0.3968502629920499), varDuals: nums(0),
		reason: "2x = 1/(2 sqrt(x)); at 0 the root has no derivative",
		build: func(l *model.Player) {
			x := l.Var("x", 0, inf).Start(0)
			l.Minimize(x.Pow(2).Minus(model.Sqrt(x)))
		}},
	{name: "nlp/infeasible, convex", status: infeasible, reason: "exp(x) is at least 1 there",
		build: func(l *model.Player) {
			x := l.Var("x", 0, inf)
			l.Minimize(x)
			l.Constrain("below", model.Exp(x).LE(0.5))
		}},
}

// fallingProblems are unbounded.
var fallingProblems = []curved{
	{name: "nlp/unbounded, convex", reason: "exp(-x) <= 1 for x >= 0",
		build: func(l *model.Player) {
			x := l.Var("x", 0, inf)
			l.Maximize(x)
			l.Constrain("above", model.Exp(x.Neg()).LE(1))
		}},
	{name: "nlp/unbounded, not convex", reason: "x³ falls to the left",
		build: func(l *model.Player) { l.Minimize(l.Var("x", -inf, inf).Start(-1).Pow(3)) }},
}

// outsideProblems have a start at which a function has no value and which the bounds do not correct.
var outsideProblems = []curved{
	{name: "nlp/objective without a value at the start", status: optimal, objective: 1, x: nums(1), reason: "x - log x",
		build: func(l *model.Player) {
			x := l.Var("x", -inf, inf).Start(-1)
			l.Minimize(x.Minus(model.Log(x)))
		}},
	{name: "nlp/row without a value at the start", status: optimal, objective: 1, x: nums(1), reason: "sqrt(x) >= 1",
		build: func(l *model.Player) {
			x := l.Var("x", -inf, inf).Start(-1)
			l.Minimize(x)
			l.Constrain("root", model.Sqrt(x).GE(1))
		}},
}
