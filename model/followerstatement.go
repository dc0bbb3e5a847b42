package model

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// FollowerStatement says what is known of a follower whose optimality conditions take its place: whether what satisfies them is an answer of
// the follower, which convexity ensures, and whether its answers satisfy them, which a constraint qualification ensures.
type FollowerStatement struct {
	Follower string
	// Convex is Yes where rules show it. It is No where a rule shows that, where the objective has a direction of negative curvature inside of the
	// constraints, and where there are integer variables. Otherwise it is Unknown.
	Convex Tri
	// Rules lists what decides for each function that is not affine in the follower's variables, the objective first; see PlayerClass.Reasons.
	Rules []string
	// Samples is the number of points at which second derivatives were looked at, 0 where rules had shown all; Feasible is the number of those
	// that satisfy the follower's constraints.
	Samples, Feasible int
	// Against is the counterexample that says most: of the objective at a feasible point, if there is one. nil: none was found.
	Against       *Counterexample
	Qualification Qualification
}

// Counterexample is a direction of the wrong curvature of one function of a follower at one point: f(x + τd) is not convex in τ.
type Counterexample struct {
	Function  string    // the name of the objective or constraint
	Objective bool      // whether it is the objective
	Inside    bool      // whether the point, and some way from it along the direction, satisfies the follower's constraints
	X         []float64 // the point, one entry a variable of the model
	Direction []float64 // d of length 1, likewise; zero but for variables of the follower, and along its affine equations
	Curvature float64   // d'∇²f d < 0, of the function in minimisation or <= form
}

// QualificationKind is how the constraints of a follower are qualified.
type QualificationKind uint8

// The kinds.
const (
	// QualificationUnknown: nothing is known.
	QualificationUnknown QualificationKind = iota
	// AffineConstraints: constraints that are affine in the follower's variables need no qualification.
	AffineConstraints
	// SlaterProven: one answer satisfies all constraints, those that are not affine strictly, for every decision within the ranges of the
	// other variables.
	SlaterProven
	// SlaterTested: such answers were looked for at sampled decisions.
	SlaterTested
	// LICQTested: the gradients of the active constraints were looked at, at sampled points; for followers that are not known to be convex.
	LICQTested
)

// Qualification is what is known of the qualification of a follower's constraints.
type Qualification struct {
	Kind         QualificationKind
	Tested, Held int       // points at which it was tested and at which it held, where the kind is one of tests
	Point        []float64 // the answer of SlaterProven, or a point at which a tested one fails; one entry a variable of the model, or nil
}

// Holds reports whether the qualification is shown for all decisions of the other players.
func (q Qualification) Holds() bool { return q.Kind == AffineConstraints || q.Kind == SlaterProven }

// Exact reports whether it is shown that the answers of the follower are the points that satisfy its optimality conditions.
func (s *FollowerStatement) Exact() bool { return s.Convex == Yes && s.Qualification.Holds() }

// Text writes the statement about the follower of a model in a sentence or two.
func (s *FollowerStatement) Text(m *Model) string {
	return "follower " + s.Follower + " " + s.convexText(m) + "; " + s.qualificationText(m) + ": " + s.consequence()
}

func (s *FollowerStatement) convexText(m *Model) string {
	switch {
	case s.Convex == Yes:
		return "is convex by rules"
	case s.Against != nil:
		a := s.Against
		where, what := "constraint "+a.Function, "is not convex as it is written"
		if a.Objective {
			where = "objective " + a.Function
		}
		if s.Convex == No && a.Objective {
			what = "is not convex"
		}
		outside := ""
		if !a.Inside {
			outside = ", which is not inside of its constraints"
		}
		return fmt.Sprintf("%s: its %s has the curvature %s along %s at %s%s", what, where, short(a.Curvature), m.entries(a.Direction, true), m.entries(a.X, false), outside)
	case s.Convex == No:
		return "is not convex (" + strings.Join(s.Rules, "; ") + ")"
	case s.Samples == 0:
		return "is not known to be convex, and was not tested"
	}
	return fmt.Sprintf("is not known to be convex; no counterexample in %d samples", s.Samples)
}

func (s *FollowerStatement) qualificationText(m *Model) string {
	q := s.Qualification
	fails := ""
	if q.Point != nil && q.Held < q.Tested {
		fails = ", not at " + m.entries(q.Point, false)
	}
	switch q.Kind {
	case AffineConstraints:
		return "its constraints are affine"
	case SlaterProven:
		return "an answer inside of its constraints exists for every decision"
	case SlaterTested:
		return fmt.Sprintf("an answer inside of its constraints was found at %d of %d sampled decisions%s", q.Held, q.Tested, fails)
	case LICQTested:
		return fmt.Sprintf("the gradients of its active constraints are independent at %d of %d sampled points%s", q.Held, q.Tested, fails)
	}
	return "nothing is known of a constraint qualification"
}

func (s *FollowerStatement) consequence() string {
	switch {
	case s.Exact():
		return "its answers are its stationary points"
	case s.Convex == Yes:
		return "its stationary points are answers, and answers may be missing where the qualification fails"
	}
	return "stationary points need not be answers, so that a point is a candidate until the follower is solved again"
}

// entries writes the nonzero entries of a vector, or all, by name; at most eight.
func (m *Model) entries(x []float64, nonzero bool) string {
	const most = 8
	var out []string
	for j, v := range x {
		if math.IsNaN(v) || nonzero && math.Abs(v) < 1e-9 {
			continue
		}
		if len(out) == most {
			return strings.Join(out, ", ") + ", ..."
		}
		out = append(out, m.VarName(j)+" = "+short(v))
	}
	return strings.Join(out, ", ")
}

func short(v float64) string { return strconv.FormatFloat(v, 'g', 4, 64) }
