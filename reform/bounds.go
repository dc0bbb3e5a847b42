package reform

import (
	"context"
	"math"

	"github.com/gobilevel/bilevel/model"
)

// Maximiser bounds linear functions over a relaxation of a model.
type Maximiser interface {
	// Max returns an upper bound on f over the relaxation, +Inf where it finds none. An infeasible relaxation gives -Inf.
	Max(ctx context.Context, f model.Function) (float64, error)
}

// closeMaximiser frees what a Maximiser holds, if it holds anything.
func closeMaximiser(m Maximiser) {
	if c, ok := m.(interface{ Close() }); ok {
		c.Close()
	}
}

// origin says where a bound comes from.
type origin uint8

const (
	fromBounds  origin = iota // interval arithmetic on the declared bounds
	fromModel                 // vouched for by the modeller
	fromLP                    // an LP over the relaxation
	fromOption                // the big-M given by the caller: an assumption
	fromDefault               // the default big-M: an assumption
)

var originNames = [...]string{"from declared bounds", "vouched for in the model", "proven by an LP", "given, not proven", "assumed, not proven"}

// activity bounds an affine function from above by the bounds of its variables.
func activity(m *model.Model, f model.Function) float64 {
	if !f.IsAffine() {
		return math.Inf(1)
	}
	s := f.Const
	for k, j := range f.Vars {
		lo, hi := m.VarBounds(int(j))
		if f.Coefs[k] > 0 {
			s += f.Coefs[k] * hi
		} else {
			s += f.Coefs[k] * lo
		}
	}
	return s
}

// memberBound bounds the slack of a member from above by declared bounds: of its variable or constraint, and of the terms.
func memberBound(m *model.Model, s model.Member) float64 {
	lo, hi := memberBounds(m, s)
	return math.Min(hi-lo, activity(m, m.MemberFunction(s)))
}
