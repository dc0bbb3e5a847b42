package bilevel

import (
	"math"

	"github.com/gobilevel/bilevel/branch"
	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/verify"
	"github.com/gobilevel/bilevel/verify/stationarity"
)

// Result is the answer of a solve. It never claims more than its weakest step: Proof is what the search established, Certificate what was
// measured of the point in the original model.
type Result struct {
	Model        *model.Model // the model as it was given
	Status       model.Status
	Proof        model.Proof
	Stationarity string // S, M, C, A, W or B for a local answer, KKT for one of a model without pairs, Clarke of the method implicit, else ""
	// StationarityReport has the multipliers that show it, computed afresh, and says which constraint qualifications hold; nil for other answers.
	StationarityReport *stationarity.Report
	Point              *model.Point // nil where there is none
	Objective          float64      // leader's, as declared; NaN where there is no point
	Bound              float64      // proven bound on it; NaN where none
	Gap                float64      // |Objective - Bound| / max(1e-10, |Objective|), in the way global / max(1, |Objective|); NaN where none
	Certificate        *verify.Certificate
	Attitude           Attitude // the one asked for; Objective is the value of the leader's decision that it defines
	// Optimistic and Pessimistic are the best and the worst value of the leader's objective over the followers' optimal answers to the leader's
	// decision at Point; their difference is the pessimistic spread. NaN where not computed, with the reason in Certificate.Spread.
	// For an attitude that is not optimistic, Point has the followers' worst answers.
	Optimistic, Pessimistic float64
	// Infimum is the proven best value where no decision is known to have it: see Attainment. NaN otherwise.
	Infimum     float64
	Attainment  Attainment
	Plan        []string // names of the passes that were applied
	Backend     string
	Size        Size // of the model that the backend was handed
	Seconds     float64
	Nodes       int
	Iterations  int
	Search      *branch.Statistics // what each part of the search on pairs brought; nil where that did not run
	Notes       []string           // what the user should know: bounds and their origin, choices, what could not be done
	Assumptions []string           // bounds that the proof rests on; empty for an unconditional proof
}

// Value is the value of a variable at the point, NaN where there is none.
func (r *Result) Value(v model.Var) float64 {
	if r.Point == nil || v.Model() != r.Model {
		return math.NaN()
	}
	return r.Point.X[v.Index()]
}

// Values are the values of several variables at the point.
func (r *Result) Values(vars []model.Var) []float64 {
	out := make([]float64, len(vars))
	for k, v := range vars {
		out[k] = r.Value(v)
	}
	return out
}

// Dual is the shadow price of a constraint: the change of its player's objective, as declared, for one unit more on the right-hand
// side; NaN where it is not known.
func (r *Result) Dual(c model.Constraint) float64 {
	if r.Point == nil || c.Index() >= len(r.Point.RowDuals) {
		return math.NaN()
	}
	return r.Point.RowDuals[c.Index()]
}
