package reform

import (
	"context"
	"fmt"
	"math"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/expr"
)

// RelaxKind is one of the relaxations of a complementarity pair.
type RelaxKind uint8

// The relaxations of 0 <= a ⟂ b >= 0 with parameter t > 0. Beside its formula each says which set it describes.
const (
	// Scholtes is a, b >= 0, ab <= t: what lies under a hyperbola.
	Scholtes RelaxKind = iota
	// LinFukushima is ab <= t², (a+t)(b+t) >= t²: a band about the two half-axes, in which a and b may fall to just above -t.
	LinFukushima
	// Kadrani is a, b >= -t, (a-t)(b-t) <= 0: one member is at least t, the other in [-t, t]. It cuts off the points with a, b < t,
	// feasible ones among them: the others contain every point that satisfies the pair, this one does not.
	Kadrani
	// SteffensenUlbrich is a, b >= 0, a + b <= |a-b| where |a-b| >= t, and a + b <= tθ((a-b)/t), θ(z) = (-z⁴ + 6z² + 3)/8, where
	// |a-b| < t: the pair itself outside of a corner of size t, which is rounded, twice continuously differentiable.
	SteffensenUlbrich
	// KanzowSchwartz is a, b >= 0, φ <= 0 with φ = (a-t)(b-t) where a + b >= 2t and -((a-t)² + (b-t)²)/2 where not: a, b >= 0 and
	// min(a, b) <= t, with a continuously differentiable φ.
	KanzowSchwartz
)

var relaxNames = [...]string{"scholtes", "lin-fukushima", "kadrani", "steffensen-ulbrich", "kanzow-schwartz"}

// RelaxKinds lists the relaxations.
func RelaxKinds() []RelaxKind {
	return []RelaxKind{Scholtes, LinFukushima, Kadrani, SteffensenUlbrich, KanzowSchwartz}
}

// String is the name of the relaxation after the colon of the name of its pass.
func (k RelaxKind) String() string {
	if int(k) < len(relaxNames) {
		return relaxNames[k]
	}
	return fmt.Sprintf("RelaxKind(%d)", uint8(k))
}

// DefaultRelaxation is the parameter t of Relax and of the smoothed NCP functions where none is given.
const DefaultRelaxation = 1e-2

// Relax replaces each pair 0 <= a ⟂ b >= 0 by constraints of a smooth program that hold on a larger set, which shrinks to the pair as the
// parameter t goes to zero: see the kinds. A solution at a given t satisfies a pair only to
//
//	min(a, b) <= √t (Scholtes),  t (Lin-Fukushima, Kadrani, Kanzow-Schwartz),  3t/16 (Steffensen-Ulbrich)
//
// and a, b > -t (Lin-Fukushima), >= -t (Kadrani). Except for Kadrani the least objective of the relaxation is a bound on that of the model.
// Limits of stationary points for t -> 0 are C-stationary for Scholtes, Lin-Fukushima and Steffensen-Ulbrich and M-stationary for Kadrani and
// Kanzow-Schwartz, under constraint qualifications for MPCCs and with exact solutions; where these are inexact, Scholtes keeps most of it.
//
// Recover keeps the variables. Shadow prices become multipliers of the pairs: with the multipliers α of a >= 0, β of b >= 0 and d of φ(a, b) <= 0,
//
//	ν_a = α - d ∂φ/∂a,   ν_b = β - d ∂φ/∂b
//
// are those that stationarity of MPCCs is about (S-stationary points have ν >= 0 in biactive pairs); they become the dual of the variable or
// constraint whose bound a or b is the slack of.
//
// Accepts: models with standard pairs.
// Adds:    one constraint a pair, NAME being relax_ and the name of the pair; Lin-Fukushima two, relax_ and inside_.
// Valid:   as a sequence t -> 0. A pair of a member with itself is written as an equation, one with a member that its bounds fix is left out.
// Source:  Scholtes (2001); Lin and Fukushima (2005); Kadrani, Dussault and Benchakroun (2009); Steffensen and Ulbrich (2010); Kanzow and
// Schwartz (2013); compared by Hoheisel, Kanzow and Schwartz (2013).
type Relax struct {
	Kind RelaxKind
	T    float64                             // the parameter t > 0; 0: DefaultRelaxation
	Only func(m *model.Model, pair int) bool // restricts the pass to some pairs; nil: all
}

// Name is "relax:" and the name of the kind.
func (r Relax) Name() string { return "relax:" + r.Kind.String() }

// Proves is local: a solution of the relaxation satisfies the pairs only nearly, and what is near it need not be the best there is.
func (Relax) Proves(*model.Model) model.Proof { return model.ProofLocal }

// Accepts refuses models without pairs or with mixed ones, and a t that is no positive number.
func (r Relax) Accepts(m *model.Model) error {
	if int(r.Kind) >= len(relaxNames) {
		return &NotAcceptedError{Pass: r.Name(), Reason: "there is no such relaxation", Remedy: "choose one of RelaxKinds"}
	}
	return acceptSmooth(r.Name(), m, r.T)
}

// acceptSmooth refuses what no pass that smooths or relaxes pairs takes.
func acceptSmooth(pass string, m *model.Model, t float64) error {
	if math.IsNaN(t) || t < 0 || math.IsInf(t, 1) {
		return &NotAcceptedError{Pass: pass, Reason: fmt.Sprintf("its parameter is %v", t), Remedy: "give a positive finite number"}
	}
	return acceptPairs(pass, m)
}

// Apply writes the constraints.
func (r Relax) Apply(_ context.Context, m *model.Model) (*Result, error) {
	if err := r.Accepts(m); err != nil {
		return nil, err
	}
	t := r.t()
	res := r.formula(t).apply(m, r.Only)
	within := t
	switch r.Kind {
	case Scholtes:
		within = math.Sqrt(t)
	case SteffensenUlbrich:
		within = 3 * t / 16
	}
	res.Notes = append(res.Notes, fmt.Sprintf("%s: %s at t = %g: a solution satisfies a pair to within %.3g", r.Name(), plural(len(res.pairs), "pair"), t, within))
	return res.Result, nil
}

func (r Relax) t() float64 {
	if r.T == 0 {
		return DefaultRelaxation
	}
	return r.T
}

// formula is the relaxation as constraints.
func (r Relax) formula(t float64) formula {
	up := func(prefix string, write func(*pairTerms) model.Function, hi float64, slope slope) formulaRow {
		return formulaRow{prefix: prefix, write: write, lo: -model.Inf, hi: hi, slope: slope}
	}
	product := func(shift float64) func(p *pairTerms) model.Function {
		return func(p *pairTerms) model.Function { return p.product(shift) }
	}
	switch r.Kind {
	case LinFukushima:
		return formula{room: t, rows: []formulaRow{
			up("relax_", product(0), t*t, func(a, b float64) (float64, float64) { return b, a }),
			{prefix: "inside_", write: product(t), lo: t * t, hi: model.Inf, slope: func(a, b float64) (float64, float64) { return b + t, a + t }},
		}}
	case Kadrani:
		return formula{room: t, rows: []formulaRow{
			up("relax_", product(-t), 0, func(a, b float64) (float64, float64) { return b - t, a - t }),
		}}
	case SteffensenUlbrich:
		return formula{rows: []formulaRow{up("relax_", steffensenUlbrich(t), 0, func(a, b float64) (float64, float64) {
			s := 1.0
			if z := (a - b) / t; z <= -1 {
				s = -1
			} else if z < 1 {
				s = (3*z - z*z*z) / 2
			}
			return 1 - s, 1 + s
		})}}
	case KanzowSchwartz:
		return formula{rows: []formulaRow{up("relax_", kanzowSchwartz(t), 0, func(a, b float64) (float64, float64) {
			if a+b >= 2*t {
				return b - t, a - t
			}
			return t - a, t - b
		})}}
	}
	return formula{rows: []formulaRow{up("relax_", product(0), t, func(a, b float64) (float64, float64) { return b, a })}}
}

// steffensenUlbrich writes a + b - |a-b| with the corner |a-b| < t rounded by θ.
func steffensenUlbrich(t float64) func(p *pairTerms) model.Function {
	return func(p *pairTerms) model.Function {
		d := p.m.DAG()
		a, b := p.nodes()
		diff := d.Sub(a, b)
		sq := d.Square(diff)
		corner := d.Linear(-3*t/8, []float64{1, 1, -0.75 / t, 0.125 / t / t / t}, []expr.Node{a, b, sq, d.Square(sq)})
		right := d.If(d.Binary(expr.OpGE, diff, d.Const(t)), d.Scale(2, b), corner)
		return p.m.FromNode(d.If(d.Binary(expr.OpLE, diff, d.Const(-t)), d.Scale(2, a), right))
	}
}

// kanzowSchwartz writes the two branches of φ.
func kanzowSchwartz(t float64) func(p *pairTerms) model.Function {
	return func(p *pairTerms) model.Function {
		d := p.m.DAG()
		a, b := p.nodes()
		at, bt := d.Sub(a, d.Const(t)), d.Sub(b, d.Const(t))
		above := d.Binary(expr.OpGE, d.Add(a, b), d.Const(2*t))
		below := d.Linear(0, []float64{-0.5, -0.5}, []expr.Node{d.Square(at), d.Square(bt)})
		return p.m.FromNode(d.If(above, d.Mul(at, bt), below))
	}
}
