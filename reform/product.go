package reform

import (
	"context"

	"github.com/gobilevel/bilevel/model"
)

// Product replaces each pair 0 <= a ⟂ b >= 0 by
//
//	a >= 0,   b >= 0,   ab <= 0.
//
// It is the pair as a nonlinear program, and the limit t = 0 of Relax{Kind: Scholtes}. No feasible point satisfies the constraint qualification
// of Mangasarian and Fromovitz, so that multipliers are unbounded where they exist; methods of sequential quadratic programming cope well with
// that, interior point methods less so. Recover turns shadow prices into multipliers of the pairs as Relax does.
//
// Accepts: models with standard pairs.
// Adds:    one constraint a pair, product_ and the name of the pair.
// Valid:   always.
// Source:  Fletcher and Leyffer (2004).
type Product struct {
	Only func(m *model.Model, pair int) bool // restricts the pass to some pairs; nil: all
}

// Name is "product".
func (Product) Name() string { return "product" }

// Proves is global: the two models have the same feasible points.
func (Product) Proves(*model.Model) model.Proof { return model.ProofGlobal }

// Accepts refuses models without pairs or with mixed ones.
func (Product) Accepts(m *model.Model) error { return acceptPairs("product", m) }

// Apply writes the constraints.
func (p Product) Apply(_ context.Context, m *model.Model) (*Result, error) {
	if err := p.Accepts(m); err != nil {
		return nil, err
	}
	f := formula{rows: []formulaRow{{prefix: "product_", lo: -model.Inf, hi: 0,
		write: func(p *pairTerms) model.Function { return p.product(0) },
		slope: func(a, b float64) (float64, float64) { return b, a }}}}
	return f.apply(m, p.Only).Result, nil
}
