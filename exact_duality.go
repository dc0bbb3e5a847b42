package bilevel

import (
	"context"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/reform"
)

// withoutPairs reports whether strong duality describes linear followers by linear constraints alone, because every variable of the leader that
// stands in a follower's problem is integer and the multipliers that it meets have a proven bound, and whether there are so many pairs that
// a MILP with nothing to decide but the leader's variables is to be preferred to one that decides pairs.
func (s *solver) withoutPairs(m *model.Model) bool {
	if s.opt.Backend != "" && s.opt.Backend != "auto" && s.opt.Backend != "highs" {
		return false
	}
	pairs, linking := 0, 0
	for p, f := range m.Classify().Followers {
		if f.Class != model.Linear || f.Integers > 0 || m.Player(p+1).IsNash() {
			return false
		}
		linking += len(f.Linking)
		for _, j := range f.Linking {
			if m.VarKind(j) == model.Continuous {
				return false
			}
		}
	}
	if m.Constructs()&(model.Complementarity|model.MixedPairs|model.NonlinearFunctions) != 0 || steered(m) {
		return false
	}
	for r := 0; r < m.NumRows(); r++ {
		if lo, hi := m.RowBounds(r); m.RowOwner(r) > 0 && lo != hi {
			pairs++
		}
	}
	for j := 0; j < m.NumVars(); j++ {
		if lo, hi := m.VarBounds(j); m.VarOwner(j) > 0 && lo < hi && (lo > -model.Inf || hi < model.Inf) {
			pairs++
		}
	}
	if pairs <= bigMPairs || linking == 0 {
		return false
	}
	r, err := (reform.StrongDuality{}).Apply(context.Background(), m)
	if err != nil {
		return false
	}
	backend, _ := pickBackend(r.Model.Constructs().Without(model.QuadraticObjective))
	return backend == "highs"
}

// steered reports whether the modeller asks for a way for some pair.
func steered(m *model.Model) bool {
	for r := 0; r < m.NumRows(); r++ {
		if m.RowSteer(r) != (model.Steer{}) {
			return true
		}
	}
	for j := 0; j < m.NumVars(); j++ {
		if m.VarSteer(j) != (model.Steer{}) {
			return true
		}
	}
	return false
}
