package reform

import (
	"context"
	"fmt"
	"math"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/expr"
)

// NCPKind is an NCP function: φ(a, b) = 0 exactly where 0 <= a ⟂ b >= 0, or a smoothed form of one.
type NCPKind uint8

// The NCP functions.
const (
	// SmoothedFB is √(a² + b² + 2t) - a - b. It is zero exactly where a, b > 0 and ab = t.
	SmoothedFB NCPKind = iota
	// FischerBurmeister is √(a² + b²) - a - b. It has a kink at the origin, where √(a² + b²) is written as (a+b)/√2, so that its derivative
	// there is an element of the generalised one.
	FischerBurmeister
	// MinFunction is min(a, b), with kinks where a = b.
	MinFunction
	// PenalisedFB is c(√(a² + b²) - a - b) - (1-c) max(a, 0) max(b, 0) with c = 0.95: unlike FischerBurmeister it grows with a and b
	// where both are large.
	PenalisedFB
	// CHKS is a + b - √((a-b)² + 4t), after Chen, Harker, Kanzow and Smale: a smoothed 2 min(a, b), zero exactly where a, b > 0 and ab = t.
	CHKS
)

var ncpNames = [...]string{"smoothed", "fischer-burmeister", "min", "penalised", "chks"}

// NCPKinds lists the NCP functions.
func NCPKinds() []NCPKind {
	return []NCPKind{SmoothedFB, FischerBurmeister, MinFunction, PenalisedFB, CHKS}
}

// String is the name of the function after the colon of the name of its pass.
func (k NCPKind) String() string {
	if int(k) < len(ncpNames) {
		return ncpNames[k]
	}
	return fmt.Sprintf("NCPKind(%d)", uint8(k))
}

// Smooth reports whether the function is a smoothed one, with a parameter t.
func (k NCPKind) Smooth() bool { return k == SmoothedFB || k == CHKS }

// penalisedWeight is the c of PenalisedFB, penalisedRest is 1 - c.
const (
	penalisedWeight = 0.95
	penalisedRest   = 0.05
)

// NCP replaces each pair 0 <= a ⟂ b >= 0 by an equation φ(a, b) = 0: see the kinds. The equation says of a and b all that the pair does, so that
// the bounds a >= 0 and b >= 0 are dropped; beside them no constraint qualification would hold. With a smoothed function they stay, and a
// solution has ab = t, min(a, b) <= √t, in place of ab = 0: the function is for a sequence t -> 0.
//
// Recover turns shadow prices into multipliers of the pairs as Relax does.
//
// Accepts: models with standard pairs.
// Adds:    one constraint a pair, ncp_ and the name of the pair.
// Valid:   always; for a smoothed function as t -> 0.
// Source:  Fischer (1992); Chen, Chen and Kanzow (2000); Kanzow (1996); Facchinei, Jiang and Qi (1999) for the method.
type NCP struct {
	Kind NCPKind
	T    float64                             // the parameter t > 0 of a smoothed function; 0: DefaultRelaxation
	Only func(m *model.Model, pair int) bool // restricts the pass to some pairs; nil: all
}

// Name is "ncp:" and the name of the kind.
func (n NCP) Name() string { return "ncp:" + n.Kind.String() }

// Proves is global for an exact function, whose model has the same feasible points, and local for a smoothed one.
func (n NCP) Proves(*model.Model) model.Proof {
	if n.Kind.Smooth() {
		return model.ProofLocal
	}
	return model.ProofGlobal
}

// Accepts refuses models without pairs or with mixed ones, and a t that is no positive number.
func (n NCP) Accepts(m *model.Model) error {
	if int(n.Kind) >= len(ncpNames) {
		return &NotAcceptedError{Pass: n.Name(), Reason: "there is no such function", Remedy: "choose one of NCPKinds"}
	}
	return acceptSmooth(n.Name(), m, n.T)
}

// Apply writes the equations.
func (n NCP) Apply(_ context.Context, m *model.Model) (*Result, error) {
	if err := n.Accepts(m); err != nil {
		return nil, err
	}
	t := n.T
	if t == 0 {
		t = DefaultRelaxation
	}
	row := formulaRow{prefix: "ncp_", write: n.write(t), slope: n.slope(t)}
	f := formula{rows: []formulaRow{row}, room: math.Inf(1)}
	if n.Kind.Smooth() {
		f.room = 0
	}
	res := f.apply(m, n.Only)
	if n.Kind.Smooth() {
		res.Notes = append(res.Notes, fmt.Sprintf("%s: %s at t = %g: a solution satisfies a pair to within %.3g", n.Name(), plural(len(res.pairs), "pair"), t, math.Sqrt(t)))
	}
	return res.Result, nil
}

// write returns the function that writes φ.
func (n NCP) write(t float64) func(p *pairTerms) model.Function {
	return func(p *pairTerms) model.Function {
		d := p.m.DAG()
		a, b := p.nodes()
		root := func(x expr.Node) expr.Node { return d.Unary(expr.OpSqrt, x) }
		squares := func(c float64) expr.Node { return d.Linear(c, nil, []expr.Node{d.Square(a), d.Square(b)}) }
		norm := func() expr.Node { // √(a² + b²), with a derivative at the origin
			s := squares(0)
			return d.If(d.Binary(expr.OpGT, s, d.Const(0)), root(s), d.Scale(math.Sqrt2/2, d.Add(a, b)))
		}
		var φ expr.Node
		switch n.Kind {
		case SmoothedFB:
			φ = d.Linear(0, []float64{1, -1, -1}, []expr.Node{root(squares(2 * t)), a, b})
		case FischerBurmeister:
			φ = d.Linear(0, []float64{1, -1, -1}, []expr.Node{norm(), a, b})
		case MinFunction:
			φ = d.Min(a, b)
		case PenalisedFB:
			c, zero := penalisedWeight, d.Const(0)
			both := d.Mul(d.Max(a, zero), d.Max(b, zero))
			φ = d.Linear(0, []float64{c, -c, -c, -penalisedRest}, []expr.Node{norm(), a, b, both})
		case CHKS:
			s := root(d.Linear(4*t, nil, []expr.Node{d.Square(d.Sub(a, b))}))
			φ = d.Linear(0, []float64{1, 1, -1}, []expr.Node{a, b, s})
		}
		return p.m.FromNode(φ)
	}
}

// slope returns the function that computes the partial derivatives of φ.
func (n NCP) slope(t float64) slope {
	fb := func(a, b, μ float64) (float64, float64) {
		r := math.Sqrt(a*a + b*b + 2*μ)
		if r == 0 {
			return math.Sqrt2/2 - 1, math.Sqrt2/2 - 1
		}
		return a/r - 1, b/r - 1
	}
	switch n.Kind {
	case SmoothedFB:
		return func(a, b float64) (float64, float64) { return fb(a, b, t) }
	case MinFunction:
		return func(a, b float64) (float64, float64) {
			if a <= b {
				return 1, 0
			}
			return 0, 1
		}
	case PenalisedFB:
		return func(a, b float64) (float64, float64) {
			c := penalisedWeight
			da, db := fb(a, b, 0)
			da, db = c*da, c*db
			if a > 0 && b > 0 {
				da, db = da-penalisedRest*b, db-penalisedRest*a
			}
			return da, db
		}
	case CHKS:
		return func(a, b float64) (float64, float64) {
			s := (a - b) / math.Sqrt((a-b)*(a-b)+4*t)
			return 1 - s, 1 + s
		}
	}
	return func(a, b float64) (float64, float64) { return fb(a, b, 0) }
}
