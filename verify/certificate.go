package verify

import (
	"math"

	"github.com/gobilevel/bilevel/model"
)

// Certificate is what was measured of a point. Residuals are in the units of the constraint, variable or pair that is named beside
// them: the one that is worst by the measure of the package comment. A name is "" where nothing is violated.
type Certificate struct {
	Objective float64 // leader's objective, as declared

	LeaderViolation   float64 // of the leader's constraints and bounds
	LeaderWorst       string
	FollowerViolation float64 // of the followers' constraints and bounds
	FollowerWorst     string

	Followers   []FollowerCheck
	FollowerGap float64 // the gap that is farthest from zero, 0 without followers, NaN where a follower could not be solved
	// Evidence is the weakest on which a follower's best response rests: EvidenceProof without followers, EvidenceNone where one was not solved. A
	// verified point is an optimal answer of the followers as surely as that.
	Evidence Evidence

	Complementarity      float64 // of pairs, see model.Model.PairResidual
	ComplementarityWorst string
	Integrality          float64 // distance to the nearest integer
	IntegralityWorst     string
	SOS1                 float64 // second largest absolute value in a set
	SOS1Worst            string
	Indicators           float64 // of the constraints whose condition holds
	IndicatorsWorst      string

	// DualResidual is how far the variables that stand for shadow prices are from being, together, optimal multipliers of their
	// followers: the least t with which multipliers exist that differ from the values by t and satisfy the follower's optimality
	// conditions at the point to t, both relative to the terms. 0 where there is no such variable, NaN where it was not computed.
	DualResidual float64
	DualWorst    string

	// Pessimistic and Optimistic are the worst and the best leader's objective over all optimal answers of the followers to this
	// decision of the leader, jointly for all followers. The optimistic one is taken over the answers that satisfy those of
	// the leader's constraints that contain them, the pessimistic one over all. They are computed for linear and convex quadratic followers with a leader's
	// objective that is linear (for the optimistic one, convex) in the answers; NaN where not computed, for the reason in Spread.
	// A verified point's own answers count among the optimal ones.
	// An infinite value means that the objective has no limit over the answers, or, on the wrong side of Optimistic, that no answer satisfies
	// the leader's constraints.
	Pessimistic, Optimistic float64
	Spread                  string // why Pessimistic or Optimistic is NaN, else ""

	// WorstFound and BestFound are the worst and the best leader's objective that local searches from the point found over answers that count as
	// optimal to half the Tolerance, the best one within the leader's constraints. They are given where Pessimistic or Optimistic
	// is not, for followers that are nonlinear; NaN otherwise. Nothing says that there is no worse or better one, and where an answer is
	// flat at its optimum the tolerance alone moves it by about its root.
	WorstFound, BestFound float64

	Method    string // how the followers were solved again: "highs LP"
	Tolerance float64
	Verified  bool
	Reasons   []string // why the point is not verified
}

// FollowerCheck is what was found of one follower. With f the objective at the point and phi the proven Bound on the optimal value of
// the follower's problem at the rest of the point, both in minimisation form,
//
//	Gap = (f - phi) / max(s, |phi|)
//
// where s is 1, or the size of the objective's terms at the point where that is smaller, so that a follower that counts in billionths
// is held to the same standard. Where nothing bounds the optimal value (Evidence is EvidenceSearch or EvidenceConditions) phi is the value of the
// best answer found. A negative gap means that the point is better than any feasible answer, which takes a violation of the
// follower's constraints.
type FollowerCheck struct {
	Name         string
	Objective    float64 // at the point, as declared
	BestResponse float64 // optimal value of the follower's problem, as declared; NaN where unknown
	Bound        float64 // what is proven of the optimal value, as declared; NaN where unknown
	Gap          float64 // NaN where unknown
	Evidence     Evidence
	Starts       int     // local searches that settled, behind EvidenceSearch
	Grounds      string  // Evidence in words, for nonlinear followers
	Violation    float64 // worst violation of the follower's constraints and bounds, and where
	Worst        string
	Status       model.Status // of the follower's problem
	Method       string       // "highs LP", or "not solved again: " and why
	Moved        string       // "" where the follower's problem was solved as it stands; else which sides were moved to take in the point, and how far
	Sentence     string       // the finding in a sentence
}

// worst keeps the largest scaled residual with its raw value and name.
type worst struct {
	raw, scaled float64
	name        string
}

func (w *worst) see(raw, scaled float64, name func() string) {
	if scaled > w.scaled || math.IsNaN(scaled) && !math.IsNaN(w.scaled) {
		*w = worst{raw, scaled, name()}
	}
}

func (w *worst) merge(o worst) {
	if o.scaled > w.scaled || math.IsNaN(o.scaled) {
		*w = o
	}
}
