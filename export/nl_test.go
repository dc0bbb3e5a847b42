package export_test

import (
	"bytes"
	"errors"
	"io"
	"math"
	"strings"
	"testing"

	"github.com/gobilevel/bilevel/export"
	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/expr"
)

// curved has nonlinear functions of each class of variables, a subexpression shared by all functions, one shared by two constraints and one
// within a constraint, operations of each kind, and truth values where numbers are due and the other way round.
func curved() *model.Model {
	m := model.New("curved")
	l := m.Leader()
	x := l.Vars("x", 2, 0.5, 4)
	lin := l.Var("lin", -model.Inf, 7)
	n := l.Integer("n", 0, 5)
	z := l.Binary("z")
	o := l.Var("o", 1, 2).Start(1.5)
	free := l.Integer("loose", -3, model.Inf)
	x[0].Start(1)
	d := m.DAG()
	node := func(v model.Var) expr.Node { return d.Var(v.Index()) }
	x0, x1 := node(x[0]), node(x[1])
	everywhere := d.Unary(expr.OpExp, d.Sub(x0, x1))
	both := d.Unary(expr.OpLog, d.Linear(1, []float64{2, 3}, []expr.Node{x0, d.Square(x1)}))
	inside := d.Unary(expr.OpSqrt, d.Mul(x0, d.Add(node(n), d.Const(1))))
	function := func(c float64, nodes ...expr.Node) model.Function {
		a := m.Accumulator()
		a.AddConst(c)
		for _, n := range nodes {
			a.AddNode(1, n)
		}
		return a.Function()
	}
	f := function(3.5, everywhere, d.Pow(node(o), d.Const(1.5)))
	f.Vars, f.Coefs = []int32{int32(lin.Index()), int32(o.Index())}, []float64{-1, 2}
	l.SetObjective(model.Objective{Sense: model.Maximize, F: f, Name: "profit"})
	l.Constrain("flat", model.Sum(x[0], z, free).Plus(lin.Times(-2)).Between(-5, 9))
	m.AddRow(0, "growth", function(0, everywhere, both, d.Neg(d.Unary(expr.OpTanh, x0))), -model.Inf, 20)
	m.AddRow(0, "inner", function(-1, d.Mul(inside, d.Unary(expr.OpSin, inside)), both), 0, model.Inf)
	g := function(0, d.Min(x0, x1, d.Const(2)), d.Binary(expr.OpRound, d.Mul(x0, x1), 0), d.Binary(expr.OpTrunc, x1, d.Const(1)))
	g.Quad = []model.QuadTerm{{I: 0, J: 0, Coef: -1}, {I: 0, J: 1, Coef: 0.25}}
	m.AddRow(0, "pieces", g, 1, 1)
	cond := d.Binary(expr.OpAnd, d.Binary(expr.OpLT, x0, x1), node(n))
	m.AddRow(0, "choice", function(0, d.If(cond, x0, d.Unary(expr.OpAbs, x1)), d.Scale(2, d.Binary(expr.OpGE, x0, d.Const(1))), d.Product(x0, x1, d.Unary(expr.OpCos, x1))), -8, 8)
	m.AddRow(0, "watch", model.Function{Const: 6, Vars: []int32{0}, Coefs: []float64{1}}, -model.Inf, model.Inf)
	l.Constrain("nothing", lin.Minus(lin).LE(1))
	return m
}

// paired has a pair of each kind: a variable and a constraint, the same from above, two constraints of which one has two sides, a variable
// that is in two pairs, two variables, a variable between two bounds, a constraint between two sides, and one without bounds.
func paired() *model.Model {
	m := model.New("paired")
	l := m.Leader()
	x := l.Vars("x", 3, 0, model.Inf)
	top := l.Var("top", -model.Inf, 4)
	box := l.Var("box", 1, 3)
	any := l.Var("any", -model.Inf, model.Inf)
	l.Minimize(model.Sum(x...).Plus(box.Times(box)))
	single := l.Constrain("single", x[0].Plus(x[1].Times(2)).GE(1))
	upper := l.Constrain("upper", x[1].Times(x[1]).Plus(any).LE(5))
	double := l.Constrain("double", x[2].Minus(any).Between(-1, 1))
	bent := l.Constrain("bent", model.Exp(x[2]).Plus(any).GE(2))
	range3 := l.Constrain("range", x[0].Minus(any).Between(-2, 2))
	value := l.Constrain("value", model.Log(x[1].Plus(3)).Plus(0.5).Between(-model.Inf, model.Inf))
	row := func(c model.Constraint, s model.Side) model.Member {
		return model.Member{Row: true, Side: s, Index: int32(c.Index())}
	}
	col := func(v model.Var, s model.Side) model.Member { return model.Member{Side: s, Index: int32(v.Index())} }
	m.AddPairs("plain", nil, model.Pair{A: row(single, model.AtLower), B: col(x[0], model.AtLower)})
	m.AddPairs("above", nil, model.Pair{A: col(top, model.AtUpper), B: row(upper, model.AtUpper)})
	m.AddPairs("rows", nil, model.Pair{A: row(bent, model.AtLower), B: row(double, model.AtUpper)})
	m.AddPairs("again", nil, model.Pair{A: col(x[0], model.AtLower), B: row(double, model.AtLower)})
	m.AddPairs("both", nil, model.Pair{A: col(x[1], model.AtLower), B: col(x[2], model.AtLower)})
	m.AddPairs("bounded", nil, model.Pair{A: col(box, model.AtLower), B: row(single, model.AtLower)})
	m.AddPairs("between", nil, model.Pair{A: col(box, model.Range), B: row(value, model.Value)})
	m.AddPairs("sides", nil, model.Pair{A: row(range3, model.Range), B: col(top, model.Value)})
	m.AddPairs("open", nil, model.Pair{A: col(any, model.Range), B: row(value, model.Value)})
	return m
}

func nl(t *testing.T, m *model.Model, binary bool) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := export.WriteNL(&b, m, export.Options{Binary: binary}); err != nil {
		t.Fatalf("%s: %v", m.Name, err)
	}
	return b.Bytes()
}

func TestGoldenNL(t *testing.T) {
	sets := model.New("sets")
	y := sets.Leader().Vars("y", 4, 0, 1)
	sets.Leader().Minimize(y[0].Minus(y[3]))
	sets.AddSOS1(model.SOS1{Name: "first", Vars: []int32{0, 1}})
	sets.AddSOS1(model.SOS1{Name: "second", Vars: []int32{2, 3}, Weights: []float64{0.5, 4}})
	for _, m := range []*model.Model{plant(), curved(), paired(), sets} {
		name := strings.Fields(m.Name)[0]
		check(t, name+".nl", nl(t, m, false))
		check(t, name+".binary.nl", nl(t, m, true))
		var cols, rows bytes.Buffer
		if err := export.WriteNLNames(&cols, &rows, m); err != nil {
			t.Fatal(err)
		}
		check(t, name+".col", cols.Bytes())
		check(t, name+".row", rows.Bytes())
	}
}

func TestRefusedNL(t *testing.T) {
	follower := model.New("m")
	f := follower.Follower("driver")
	f.Minimize(f.Var("y", 0, 1))

	conditional := model.New("m")
	z := conditional.Leader().Binary("z")
	conditional.Leader().When("r", z, true, z.LE(1))

	overlap := model.New("m")
	overlap.Leader().Vars("x", 3, 0, 1)
	overlap.AddSOS1(model.SOS1{Name: "one", Vars: []int32{0, 1}})
	overlap.AddSOS1(model.SOS1{Name: "two", Vars: []int32{1, 2}})

	endless := model.New("m")
	x := endless.Leader().Var("x", 0, 1)
	d := endless.DAG()
	endless.AddRow(0, "r", model.Function{Nonlinear: d.Mul(d.Unary(expr.OpExp, d.Var(x.Index())), d.Unary(expr.OpLog, d.Const(0)))}, 0, 1)
	endless.AddRow(0, "s", model.Function{Nonlinear: d.Unary(expr.OpExp, d.Linear(math.Inf(1), []float64{1}, []expr.Node{d.Var(0)}))}, 0, 1)

	for _, c := range []struct {
		name      string
		m         *model.Model
		construct model.Constructs
		want      string
	}{
		{"follower", follower, model.Followers, "the NL format cannot hold this model: follower driver: a follower's problem; export a later stage (--after kkt), or write .mod"},
		{"condition", conditional, model.IndicatorRows, "the NL format cannot hold this model: r: a condition on a constraint; write .lp, .mps or .mod"},
		{"overlapping sets", overlap, model.SOS1Sets, "the NL format cannot hold this model: x[1]: a variable in two sets, one and two; write .lp, .mps or .mod"},
		{"infinite number", endless, 0, "the NL format cannot hold this model: s: the number inf in an expression; give a finite number"},
		{"nothing", model.New("m"), 0, "the NL format cannot hold this model: it has no variables; add one"},
	} {
		err := export.WriteNL(io.Discard, c.m)
		var refused *export.NotWritableError
		if !errors.As(err, &refused) {
			t.Errorf("%s: WriteNL returns %v, not a NotWritableError", c.name, err)
			continue
		}
		if refused.Construct != c.construct || err.Error() != c.want {
			t.Errorf("%s: %v (%v), want %s", c.name, err, refused.Construct, c.want)
		}
		if err := export.WriteNLNames(io.Discard, io.Discard, c.m); !errors.As(err, &refused) {
			t.Errorf("%s: WriteNLNames returns %v", c.name, err)
		}
	}
	wrong := model.New("m")
	wrong.Leader().Var("x", 2, 1)
	if err := export.WriteNL(io.Discard, wrong); !errors.Is(err, model.ErrContradiction) {
		t.Errorf("WriteNL of contradictory bounds: %v", err)
	}
	if err := export.WriteNL(&full{100}, plant()); !errors.Is(err, errFull) {
		t.Errorf("a writer that fails: %v", err)
	}
	if err := export.WriteNLNames(&full{1}, io.Discard, plant()); !errors.Is(err, errFull) {
		t.Errorf("a writer of names that fails: %v", err)
	}
}

// An expression that is far deeper than any reader's stack is cut into common expressions, and the model is left as it was.
func TestDeepNL(t *testing.T) {
	m := model.New("deep")
	x := m.Leader().Var("x", 0, 1)
	d := m.DAG()
	n := d.Var(x.Index())
	const depth = 100_000
	for range depth / 2 {
		n = d.Unary(expr.OpSin, d.Unary(expr.OpExp, n))
	}
	m.Leader().SetObjective(model.Objective{F: model.Function{Nonlinear: n}})
	before := d.Len()
	text := string(nl(t, m, false))
	if got := strings.Count(text, "\nV"); got < depth/1000 || got > depth/100 {
		t.Errorf("%d common expressions for a depth of %d", got, depth)
	}
	if d.Len() != before || m.NumVars() != 1 {
		t.Error("the model was changed")
	}
}
