package reform

import (
	"context"
	"math"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/expr"
)

// Epigraph writes kinks that face the right way exactly, in smooth functions: where a player minimises an increasing function of max(a, b, ...), or
// keeps one below a bound, a variable t of that player takes its place with
//
//	t >= a,  t >= b, ...
//
// and where min(a, b, ...) is maximised or kept above a bound, one with t <= a, t <= b, ... |a| is max(a, -a), less(a, b) is max(a - b, 0), and
// "if a >= b then p else q" is a max or a min where p - q is a multiple of a - b. Increasing are sums with coefficients
// of the right sign, exp, log, sqrt, sinh, atan, tanh, asinh, and powers of what is not negative. Any best t has the value of what it replaces or
// can be given it without a loss, so that the answers of followers are the same; where the pass is applied to affine terms, what comes of a linear player is
// linear again. Kinks that face the other way, such as -|y| in a cost, stay; smooth is for them.
//
// Accepts: models with such a term. A term of a follower's function is judged by the follower's sense.
// Adds:    one variable a term and one constraint an argument, owned by the player: max_, abs_ or min_ and the name of the function.
// Valid:   always: exact for the values and answers of all players.
type Epigraph struct{}

// Name is "epigraph".
func (Epigraph) Name() string { return "epigraph" }

// Proves is global: nothing changes but the way in which functions are written.
func (Epigraph) Proves(*model.Model) model.Proof { return model.ProofGlobal }

// Accepts refuses models without a kink that can be written so.
func (e Epigraph) Accepts(m *model.Model) error {
	if !hasKink(m) {
		return &NotAcceptedError{Pass: e.Name(), Reason: "no function has a kink", Remedy: "leave the pass out"}
	}
	w := newEpigraph(m.Derive())
	if w.write(); len(w.terms) == 0 {
		where := ""
		eachFunction(m, func(name string, n expr.Node) {
			if ok, _ := m.DAG().Smooth(n); !ok && where == "" {
				where = name
			}
		})
		return &NotAcceptedError{Pass: e.Name(), Where: where, Reason: "its kinks face the wrong way, or stand inside of functions that do not increase", Remedy: "use smooth"}
	}
	return nil
}

// Apply writes the terms.
func (e Epigraph) Apply(_ context.Context, m *model.Model) (*Result, error) {
	if err := e.Accepts(m); err != nil {
		return nil, err
	}
	w := newEpigraph(m.Derive())
	w.write()
	rec := maps{recover: truncate(m.NumVars(), m.NumRows()).Recover, lift: w.lift}
	note := "epigraph: " + plural(len(w.terms), "kink") + " written by variables above or below their arguments: exact"
	if hasKink(w.m) {
		note += "; others are left"
	}
	return &Result{Model: w.m, Recovery: rec, Notes: []string{note}}, nil
}

// hasKink reports whether a function of the model is not smooth.
func hasKink(m *model.Model) bool {
	found := false
	eachFunction(m, func(_ string, n expr.Node) {
		ok, _ := m.DAG().Smooth(n)
		found = found || !ok
	})
	return found
}

// eachFunction visits the nonlinear parts of all objectives and constraints.
func eachFunction(m *model.Model, visit func(name string, n expr.Node)) {
	for k := range m.NumPlayers() {
		if o := m.Player(k).Objective(); o.F.Nonlinear != 0 {
			visit(o.Name, o.F.Nonlinear)
		}
	}
	for r := range m.NumRows() {
		if m.RowIsAffine(r) {
			continue
		}
		if f := m.RowFunction(r); f.Nonlinear != 0 {
			visit(m.RowName(r), f.Nonlinear)
		}
	}
}

// epigraph is one application.
type epigraph struct {
	m     *model.Model
	d     *expr.DAG
	rows  int // constraints of the model before
	terms []epigraphTerm
	done  map[epigraphKey]expr.Node
	owner int
	where string
}

type epigraphKey struct {
	n     expr.Node
	owner int
	up    bool
}

// epigraphTerm is a variable with the node that it stands for.
type epigraphTerm struct {
	variable int
	node     expr.Node
}

func newEpigraph(m *model.Model) *epigraph {
	return &epigraph{m: m, d: m.DAG(), rows: m.NumRows(), done: map[epigraphKey]expr.Node{}}
}

func (w *epigraph) write() {
	for k := range w.m.NumPlayers() {
		p := w.m.Player(k)
		if o := p.Objective(); w.kinked(o.F) {
			w.owner, w.where = k, o.Name
			o.F = w.function(o.F, o.Sense == model.Minimize)
			p.SetObjective(o)
		}
	}
	for r := range w.rows {
		if w.m.RowIsAffine(r) {
			continue
		}
		f := w.m.RowFunction(r)
		lo, hi := w.m.RowBounds(r)
		if !w.kinked(f) || !math.IsInf(lo, -1) && !math.IsInf(hi, 1) || w.m.IsPairRow(r) {
			continue
		}
		w.owner, w.where = w.m.RowOwner(r), w.m.RowName(r)
		w.m.SetRow(r, w.function(f, math.IsInf(lo, -1)), lo, hi)
	}
}

func (w *epigraph) kinked(f model.Function) bool {
	ok, _ := w.d.Smooth(f.Nonlinear)
	return !ok
}

// function writes the nonlinear part of a function that is wanted small (up: what replaces it may be larger) or large.
func (w *epigraph) function(f model.Function, up bool) model.Function {
	n := w.node(f.Nonlinear, up)
	if n == f.Nonlinear {
		return f
	}
	f.Nonlinear = 0
	acc := w.m.Accumulator()
	acc.AddFunction(1, f)
	acc.AddFunction(1, w.m.FromNode(n))
	return acc.Function()
}

// node is n with its kinks replaced, where n may become larger (up) or smaller.
func (w *epigraph) node(n expr.Node, up bool) expr.Node {
	if ok, _ := w.d.Smooth(n); ok {
		return n
	}
	key := epigraphKey{n, w.owner, up}
	if v, ok := w.done[key]; ok {
		return v
	}
	v := w.replace(n, up)
	w.done[key] = v
	return v
}

func (w *epigraph) replace(n expr.Node, up bool) expr.Node {
	d := w.d
	args := append([]expr.Node(nil), d.Args(n)...)
	switch op := d.Op(n); op {
	case expr.OpSum:
		coefs := append([]float64(nil), d.Coefs(n)...)
		for i := range args {
			args[i] = w.node(args[i], up == (coefs[i] > 0))
		}
		return d.Linear(d.Value(n), coefs, args)
	case expr.OpExp, expr.OpLog, expr.OpLog10, expr.OpSqrt, expr.OpSinh, expr.OpAtan, expr.OpTanh, expr.OpAsinh:
		return d.Unary(op, w.node(args[0], up))
	case expr.OpPow:
		if c, ok := d.IsConst(args[1]); ok && d.Op(args[0]) == expr.OpAbs && c == math.Trunc(c) && math.Mod(c, 2) == 0 {
			return w.node(d.Pow(d.Args(args[0])[0], args[1]), up)
		} else if ok && up && c > 0 && d.Interval(args[0], w.box).Lo >= 0 { // downwards the variable might become negative
			return d.Pow(w.node(args[0], up), args[1])
		}
	case expr.OpAbs:
		if up {
			return w.variable("abs_", n, up, args[0], d.Neg(args[0]))
		}
	case expr.OpLess:
		if up {
			return w.variable("max_", n, up, d.Sub(args[0], args[1]), d.Const(0))
		}
	case expr.OpMax:
		if up {
			return w.variable("max_", n, up, args...)
		}
	case expr.OpMin:
		if !up {
			return w.variable("min_", n, up, args...)
		}
	case expr.OpIf:
		if p, q, above, ok := w.selection(args); ok && above == up {
			return w.variable(map[bool]string{true: "max_", false: "min_"}[up], n, up, p, q)
		}
	}
	return n
}

func (w *epigraph) box(v int) expr.Interval {
	lo, hi := w.m.VarBounds(v)
	return expr.Interval{Lo: lo, Hi: hi}
}

// selection reads "if a >= b then p else q", in which p - q is a multiple of a - b, as max(p, q) (above) or min(p, q).
func (w *epigraph) selection(args []expr.Node) (p, q expr.Node, above, ok bool) {
	d := w.d
	cond := d.Args(args[0])
	if len(cond) != 2 {
		return 0, 0, false, false
	}
	gap := d.Sub(cond[0], cond[1])
	switch d.Op(args[0]) {
	case expr.OpGE, expr.OpGT:
	case expr.OpLE, expr.OpLT:
		gap = d.Neg(gap)
	default:
		return 0, 0, false, false
	}
	p, q = args[1], args[2]
	f, g := w.m.FromNode(d.Sub(p, q)), w.m.FromNode(gap)
	ratio, ok := multiple(f, g)
	return p, q, ratio > 0, ok && ratio != 0
}

// multiple finds c with f = c g for affine functions.
func multiple(f, g model.Function) (float64, bool) {
	if !f.IsAffine() || !g.IsAffine() || len(g.Vars) == 0 || len(f.Vars) != len(g.Vars) {
		return 0, false
	}
	c := f.Coefs[0] / g.Coefs[0]
	same := func(a, b float64) bool { return math.Abs(a-b) <= 1e-12*math.Max(1, math.Abs(a)) }
	for k, j := range f.Vars {
		if j != g.Vars[k] || !same(f.Coefs[k], c*g.Coefs[k]) {
			return 0, false
		}
	}
	return c, same(f.Const, c*g.Const)
}

// variable adds t with t >= args (up) or t <= args.
func (w *epigraph) variable(prefix string, n expr.Node, up bool, args ...expr.Node) expr.Node {
	lo := -model.Inf
	if prefix == "abs_" {
		lo = 0
	}
	name := w.m.FreshBase(prefix + plainName(w.where))
	t := w.m.AddVars(w.owner, name, nil, 1, model.Continuous, lo, model.Inf)
	w.terms = append(w.terms, epigraphTerm{t, n})
	first := w.m.StartRows(w.owner, w.m.FreshBase("at_"+name), nil, len(args))
	for i, a := range args {
		acc := w.m.Accumulator()
		acc.AddFunction(1, w.m.FromNode(w.node(a, up)))
		acc.AddTerm(-1, t)
		if up {
			w.m.SetRow(first+i, acc.Function(), -model.Inf, 0)
		} else {
			w.m.SetRow(first+i, acc.Function(), 0, model.Inf)
		}
	}
	return w.d.Var(t)
}

// plainName is a name without what stands in brackets.
func plainName(s string) string {
	for i, c := range s {
		if c == '[' {
			return s[:i]
		}
	}
	return s
}

// lift gives the variables the values of what they stand for; the multipliers of their constraints are left at zero.
func (w *epigraph) lift(p *model.Point) (*model.Point, error) {
	q := &model.Point{X: make([]float64, w.m.NumVars())}
	copy(q.X, p.X)
	for _, t := range w.terms {
		q.X[t.variable] = w.d.Eval(t.node, p.X)
	}
	if p.RowDuals != nil {
		q.RowDuals = append(append([]float64(nil), p.RowDuals...), make([]float64, w.m.NumRows()-len(p.RowDuals))...)
	}
	if p.VarDuals != nil {
		q.VarDuals = append(append([]float64(nil), p.VarDuals...), make([]float64, w.m.NumVars()-len(p.VarDuals))...)
	}
	return q, nil
}
