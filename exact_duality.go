package bilevel

import (
	"context"
	"math"

	"github.com/gobilevel/bilevel/backends"
	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/reform"
	"github.com/gobilevel/bilevel/verify"
)

// dualises reports whether the followers lose what the leader gains, so that their dual problems take their place and no pairs are needed, and
// whether the backend takes what is left.
func (s *solver) dualises(m *model.Model) bool {
	if steered(m) {
		return false
	}
	r, err := (reform.Dualise{}).Apply(context.Background(), m)
	if err != nil {
		return false
	}
	c := r.Model.Constructs()
	if want := s.opt.Backend; want != "" && want != "auto" {
		b, err := backends.Open(want)
		return err == nil && c.Without(b.Capabilities().Takes) == 0
	}
	name, _ := pickBackend(c)
	return name != ""
}

// answer completes the leader's decision in x by the followers' answers that the leader likes best. After dualise all their optimal answers are
// the same to the leader, and any will do; its objective need not be convex in them.
func (s *solver) answer(ctx context.Context, plan []string, x []float64) (*model.Point, error) {
	if contains(plan, "dualise") {
		return verify.Respond(ctx, s.m, x, s.verifyOptions())
	}
	return verify.BestTie(ctx, s.m, x, s.verifyOptions())
}

// roundDecisions makes integer decisions of the leader whole, which a solver leaves so up to its tolerance.
func (s *solver) roundDecisions(x []float64) {
	for j := range x {
		if s.m.VarOwner(j) == 0 && s.m.VarKind(j) != model.Continuous {
			x[j] = math.Round(x[j])
		}
	}
}

// feasiblePoint finds a point of a linear program without an objective, nil where there is none or no solver in this binary.
func feasiblePoint(ctx context.Context, m *model.Model) ([]float64, error) {
	b, err := backends.Open("highs")
	if err != nil {
		return nil, nil
	}
	r, err := b.Solve(ctx, m, backends.Options{Threads: 1}, nil)
	if err != nil || r.Point == nil {
		return nil, ctx.Err()
	}
	for j := range r.Point.X {
		lo, hi := m.VarBounds(j)
		r.Point.X[j] = math.Min(math.Max(r.Point.X[j], lo), hi)
	}
	return r.Point.X, nil
}

// withoutPairs reports whether strong duality describes linear followers by linear constraints alone, because every variable of the leader that
// stands in a follower's problem is integer and the multipliers that it meets have a proven bound, and whether there are so many pairs that
// a MILP with nothing to decide but the leader's variables is to be preferred to one that decides pairs.
func (s *solver) withoutPairs(m *model.Model) bool {
	if s.opt.Backend != "" && s.opt.Backend != "auto" && s.opt.Backend != "highs" {
		return false
	}
	linking := 0
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
	if linking == 0 || inequalities(m) <= bigMPairs {
		return false
	}
	r, err := (reform.StrongDuality{}).Apply(context.Background(), m)
	if err != nil {
		return false
	}
	backend, _ := pickBackend(r.Model.Constructs().Without(model.QuadraticObjective))
	return backend == "highs"
}

// inequalities is the number of pairs that the optimality conditions of linear followers would have, but for two sides of one constraint.
func inequalities(m *model.Model) int {
	pairs := 0
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
	return pairs
}

// wholeAnswers is the name in Options.Without of taking answers of networks to be whole; see pricesWholeAnswers.
const wholeAnswers = "whole-answers"

// pricesWholeAnswers reports whether the leader's continuous variables are prices of followers' variables that may be taken to be whole, so that strong duality describes the followers by linear constraints and integer
// variables, one for each price and variable, where their conditions would have more than bigMPairs pairs.
func (s *solver) pricesWholeAnswers(m *model.Model) bool {
	if b := s.opt.Backend; b != "" && b != "auto" && b != "highs" && b != "branch" || s.without(wholeAnswers) || s.session {
		return false
	}
	if m.Constructs()&(model.Complementarity|model.MixedPairs|model.NonlinearFunctions|model.QuadraticRows|model.SOS1Sets|model.IndicatorRows) != 0 || steered(m) || inequalities(m) <= bigMPairs {
		return false
	}
	priced := false
	for p, f := range m.Classify().Followers {
		if f.Class != model.Linear || f.Integers > 0 || m.Player(p+1).IsNash() {
			return false
		}
		priced = priced || len(f.Linking) > 0
	}
	if !priced || leaderInFollowersRows(m) {
		return false
	}
	if p := (reform.PriceProduct{}); p.Accepts(m) == nil {
		r, err := p.Apply(context.Background(), m)
		if err != nil {
			return false
		}
		m = r.Model
	}
	r, err := (reform.StrongDuality{}).Apply(context.Background(), m)
	return err == nil && r.Model.Constructs() == model.IntegerVariables
}

// leaderInFollowersRows reports whether a follower's constraint holds a variable of the leader.
func leaderInFollowersRows(m *model.Model) bool {
	for r := 0; r < m.NumRows(); r++ {
		if m.RowOwner(r) == 0 {
			continue
		}
		found := false
		m.EachVar(m.RowFunction(r), func(j int) { found = found || m.VarOwner(j) == 0 })
		if found {
			return true
		}
	}
	return false
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
