package bilevel

import "github.com/gobilevel/bilevel/model"

// Outcome is the answer in one word, the same in everything that the command prints or writes:
//
//	optimal      a verified point that is optimal to the tolerances
//	feasible     a verified point of which that is not claimed; Proof says what is known of it, "local" for instance
//	infeasible   proven
//	unbounded    proven
//	limit        stopped with nothing verified and nothing proven
//	error        a solver failed
func (r *Result) Outcome() string {
	verified := r.confirmed()
	switch {
	case r.Status == model.StatusFailed && !verified:
		return "error"
	case verified && r.Status == model.StatusOptimal:
		return "optimal"
	case verified:
		return "feasible"
	case r.Proof == model.ProofInfeasible:
		return "infeasible"
	case r.Proof == model.ProofUnbounded:
		return "unbounded"
	}
	return "limit"
}

// attaining says of an optimistic answer with a point whether that is known to have the best value: it is where it is proven to be optimal.
func (r *Result) attaining() *Result {
	if r != nil && r.Point != nil && r.Attitude.IsOptimistic() {
		r.Attainment = AttainmentUnknown
		if r.Proof == model.ProofGlobal || r.Proof == model.ProofGlobalIfBounds {
			r.Attainment = Attained
		}
	}
	return r
}
