package reform

import (
	"context"
	"fmt"
	"math"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/expr"
)

// Smooth replaces kinks by functions that have derivatives and tend to them as the parameter μ > 0 goes to zero:
//
//	|a|                      √(a² + μ²)
//	max(a, b)                (a + b + √((a-b)² + μ²)) / 2         min with a minus before the root; of several one after another
//	less(a, b)               max(a - b, 0)
//	√a where a can be zero and not negative, as in norms: √(a + μ²)
//	if a >= b then p else q  w p + (1-w) q,  w = (1 + tanh((a-b)/(2μ)))/2
//
// The first three are at most μ, μ/2 and μ/2 above (below for min) the function; conditions are joined by products. A choice whose branches do not meet is a jump, which the
// smoothed function only follows outside of a strip of some 10μ.
//
// Accepts: models with such a function and without rounding, remainders or other steps.
// Adds:    nothing.
// Valid:   as a sequence μ -> 0: solutions tend to solutions where followers have one answer. Prefer epigraph, which is exact, where it applies.
// Source:  Chen and Mangasarian (1996); Nesterov (2005).
type Smooth struct {
	Mu float64 // 0: DefaultRelaxation
}

// Name is "smooth".
func (Smooth) Name() string { return "smooth" }

// Proves is that a point is feasible, after the check in the model: values of followers change by the smoothing.
func (Smooth) Proves(*model.Model) model.Proof { return model.ProofFeasible }

// Accepts refuses models without kinks, steps that have no smooth neighbour, and a μ that is no positive number.
func (s Smooth) Accepts(m *model.Model) error {
	if math.IsNaN(s.Mu) || s.Mu < 0 || math.IsInf(s.Mu, 1) {
		return &NotAcceptedError{Pass: s.Name(), Reason: fmt.Sprintf("its parameter is %v", s.Mu), Remedy: "give a positive finite number"}
	}
	w := newSmoothing(m.Derive(), s.mu())
	found := false
	var bad error
	eachFunction(m, func(name string, n expr.Node) {
		found = found || w.node(n) != n
		if w.step != "" && bad == nil {
			bad = &NotAcceptedError{Pass: s.Name(), Construct: model.NonlinearFunctions, Where: name, Reason: w.step + " has steps", Remedy: "model what is whole by integer variables"}
		}
	})
	if bad == nil && !found {
		return &NotAcceptedError{Pass: s.Name(), Reason: "no function has a kink", Remedy: "leave the pass out"}
	}
	return bad
}

func (s Smooth) mu() float64 {
	if s.Mu == 0 {
		return DefaultRelaxation
	}
	return s.Mu
}

// Apply replaces the functions.
func (s Smooth) Apply(_ context.Context, m *model.Model) (*Result, error) {
	if err := s.Accepts(m); err != nil {
		return nil, err
	}
	d := m.Derive()
	w := newSmoothing(d, s.mu())
	write := func(f model.Function) (model.Function, bool) {
		n := w.node(f.Nonlinear)
		if n == f.Nonlinear {
			return f, false
		}
		f.Nonlinear = 0
		acc := d.Accumulator()
		acc.AddFunction(1, f)
		acc.AddFunction(1, d.FromNode(n))
		return acc.Function(), true
	}
	changed := 0
	for k := range d.NumPlayers() {
		o := d.Player(k).Objective()
		if f, ok := write(o.F); ok {
			o.F = f
			d.Player(k).SetObjective(o)
			changed++
		}
	}
	for r := range d.NumRows() {
		if f, ok := write(d.RowFunction(r)); ok {
			lo, hi := d.RowBounds(r)
			d.SetRow(r, f, lo, hi)
			changed++
		}
	}
	same := func(p *model.Point) (*model.Point, error) { return p.Clone(), nil }
	note := fmt.Sprintf("smooth: kinks of %s rounded with μ = %g", plural(changed, "function"), s.mu())
	return &Result{Model: d, Recovery: maps{recover: same, lift: same}, Notes: []string{note}}, nil
}

// smoothing is one application.
type smoothing struct {
	m    *model.Model
	d    *expr.DAG
	mu   float64
	done map[expr.Node]expr.Node
	step string // a function that cannot be smoothed
}

func newSmoothing(m *model.Model, mu float64) *smoothing {
	return &smoothing{m: m, d: m.DAG(), mu: mu, done: map[expr.Node]expr.Node{}}
}

// node is n with its kinks rounded.
func (w *smoothing) node(n expr.Node) expr.Node {
	if v, ok := w.done[n]; ok {
		return v
	}
	v := w.replace(n)
	w.done[n] = v
	return v
}

func (w *smoothing) replace(n expr.Node) expr.Node {
	d := w.d
	old := d.Args(n)
	if len(old) == 0 {
		return n
	}
	args := make([]expr.Node, len(old))
	same := true
	for i, a := range append([]expr.Node(nil), old...) {
		args[i] = w.node(a)
		same = same && args[i] == a
	}
	switch op := d.Op(n); op {
	case expr.OpAbs:
		return w.root(d.Square(args[0]))
	case expr.OpMax:
		return w.fold(args, 0.5)
	case expr.OpMin:
		return w.fold(args, -0.5)
	case expr.OpLess:
		return w.fold([]expr.Node{d.Sub(args[0], args[1]), d.Const(0)}, 0.5)
	case expr.OpSqrt:
		if w.interval(args[0]).Lo <= 0 { // as far as is known: squares that are multiplied out show no sign
			return w.root(args[0])
		}
	case expr.OpIf:
		return d.Add(d.Mul(args[0], args[1]), d.Mul(d.Sub(d.Const(1), args[0]), args[2]))
	case expr.OpGE, expr.OpGT:
		return w.weight(d.Sub(args[0], args[1]))
	case expr.OpLE, expr.OpLT:
		return w.weight(d.Sub(args[1], args[0]))
	case expr.OpAnd:
		return d.Product(args...)
	case expr.OpOr:
		other := d.Const(1)
		for _, a := range args {
			other = d.Mul(other, d.Sub(d.Const(1), a))
		}
		return d.Sub(d.Const(1), other)
	case expr.OpNot:
		return d.Sub(d.Const(1), args[0])
	default:
		if !op.IsSmooth() {
			w.step = op.String()
			return n
		}
	}
	if same {
		return n
	}
	switch op := d.Op(n); {
	case op == expr.OpSum:
		return d.Linear(d.Value(n), append([]float64(nil), d.Coefs(n)...), args)
	case op == expr.OpMul:
		return d.Product(args...)
	case op.IsUnary():
		return d.Unary(op, args[0])
	default:
		return d.Binary(op, args[0], args[1])
	}
}

func (w *smoothing) interval(n expr.Node) expr.Interval {
	return w.d.Interval(n, func(v int) expr.Interval {
		lo, hi := w.m.VarBounds(v)
		return expr.Interval{Lo: lo, Hi: hi}
	})
}

// root is √(a + μ²).
func (w *smoothing) root(a expr.Node) expr.Node {
	return w.d.Unary(expr.OpSqrt, w.d.Add(a, w.d.Const(w.mu*w.mu)))
}

// fold is the rounded max (c = 1/2) or min (c = -1/2).
func (w *smoothing) fold(args []expr.Node, c float64) expr.Node {
	d := w.d
	out := args[0]
	for _, a := range args[1:] {
		out = d.Linear(0, []float64{0.5, 0.5, c}, []expr.Node{out, a, w.root(d.Square(d.Sub(out, a)))})
	}
	return out
}

// weight is nearly 1 where a > 0 and nearly 0 where a < 0.
func (w *smoothing) weight(a expr.Node) expr.Node {
	return w.d.Linear(0.5, []float64{0.5}, []expr.Node{w.d.Unary(expr.OpTanh, w.d.Scale(0.5/w.mu, a))})
}
