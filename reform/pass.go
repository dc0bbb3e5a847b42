// Package reform turns a model into another model: one file a reformulation, each a Pass that removes one construct (followers,
// complementarity pairs, price products, mixed pairs) in favour of others, and the planner that chains passes until a backend takes
// what is left. Every pass can map a point of the new model back to a point of the old one, multipliers included.
package reform

import (
	"context"
	"fmt"

	"github.com/gobilevel/bilevel/model"
)

// Pass is one reformulation.
type Pass interface {
	// Name is how the pass is called in a plan: "kkt", "big-m".
	Name() string
	// Accepts returns nil or a *NotAcceptedError that says which construct in which named row stops the pass.
	Accepts(m *model.Model) error
	// Proves is the strongest proof about m that an answer found through the pass can carry.
	Proves(m *model.Model) model.Proof
	// Apply returns a new model; m is left alone.
	Apply(ctx context.Context, m *model.Model) (*Result, error)
}

// Result is what a pass made.
type Result struct {
	Model    *model.Model
	Recovery Recovery
	Notes    []string // what the user should know: bounds used and their origin, what could not be done
	Assumed  []Assumption
	// Followers are what is known of the followers that the pass has replaced by their optimality conditions, in the order of the model; nil
	// for other passes.
	Followers []*model.FollowerStatement
	// Infeasible says that the pass has proven that no point satisfies all constraints and pairs.
	Infeasible bool
}

// Recovery maps a point of a pass's model back to the model that the pass was given.
type Recovery interface {
	Recover(p *model.Point) (*model.Point, error)
}

// RecoveryFunc is a Recovery made of a function.
type RecoveryFunc func(p *model.Point) (*model.Point, error)

// Recover calls the function.
func (f RecoveryFunc) Recover(p *model.Point) (*model.Point, error) { return f(p) }

// Assumption is a bound that was used and is not proven: an answer that rests on it is global only if the bound holds.
type Assumption struct {
	What  string // the multiplier or slack, by name
	Bound float64
	// Vouched says that the modeller has stated the bound; it is used as it is. Others are ours, and may be enlarged.
	Vouched bool
	Touch   func(x []float64) bool // whether the point of the pass's model lies at the bound
}

// NotAcceptedError says why a pass cannot be used on a model.
type NotAcceptedError struct {
	Pass      string
	Construct model.Constructs // what stopped it, 0 where it is not a construct
	Where     string           // a name in the model
	Reason    string
	Remedy    string
}

func (e *NotAcceptedError) Error() string {
	s := e.Pass + ": "
	if e.Where != "" {
		s += e.Where + ": "
	}
	s += e.Reason
	if e.Remedy != "" {
		s += "; " + e.Remedy
	}
	return s
}

// truncate recovers a point of a model whose first n variables and first r rows are those of the model before.
func truncate(n, r int) Recovery {
	return RecoveryFunc(func(p *model.Point) (*model.Point, error) {
		if len(p.X) < n {
			return nil, fmt.Errorf("recover: a point with %d entries for a model with at least %d variables", len(p.X), n)
		}
		q := &model.Point{X: append([]float64(nil), p.X[:n]...)}
		if len(p.RowDuals) >= r {
			q.RowDuals = append([]float64(nil), p.RowDuals[:r]...)
		}
		if len(p.VarDuals) >= n {
			q.VarDuals = append([]float64(nil), p.VarDuals[:n]...)
		}
		return q, nil
	})
}
