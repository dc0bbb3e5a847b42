package diagnose

import "github.com/gobilevel/bilevel/model"

// Report is what was found of a model. The same model and options give the same report, unless a time limit was met (see Unfinished).
type Report struct {
	// Relaxation is the status of the high-point relaxation: the linear constraints and the bounds of all players, with the leader's objective
	// where that is linear. StatusFeasible where it is feasible and an unbounded direction was not looked for.
	Relaxation model.Status
	// Omitted lists what the relaxation leaves out besides the followers' objectives: what is not linear, pairs, sets, conditions.
	Omitted []string
	// Curved says whether all constraints of both levels can hold together, those too that are not linear: StatusFeasible, StatusInfeasible (Relaxation
	// is then infeasible as well, and Conflict names the constraints), or StatusUnknown where all are linear, or that was not looked at or not
	// decided, see Unfinished. It is looked at in models of at most 12 variables, by dividing boxes.
	Curved model.Status
	// Problem is the status of the problem itself, StatusUnknown where it was not solved or nothing was proven.
	Problem model.Status
	// Verdict is the finding in a sentence or two.
	Verdict string
	// Conflict is a small infeasible subset, nil where the problem is not known to be infeasible.
	Conflict *Conflict
	// Ray is a direction in which the relaxation is unbounded, nil where there is none.
	Ray *Ray
	// AnswerRay is a direction along which the followers' answers stay optimal, where Ray is none; nil where none was found.
	AnswerRay *Ray
	// Followers says of each follower that was tested at which decisions it has no answer.
	Followers []FollowerTest
	// Ties is what the followers' indifference makes of the leader's objective at the answer, or at the start; nil where it was not computed.
	Ties *Ties
	// Scaling is the sizes of the numbers.
	Scaling Scaling
	// Slips are likely slips, the graver ones first.
	Slips []Slip
	// Unfinished lists what was not done, and why.
	Unfinished []string
}

// Found reports whether something is wrong: a conflict, a ray, a follower without an answer to any decision tried, or a slip that is no mere
// hint. That a follower has no answer to some decisions is common, and not wrong by itself; nor is a ray of the relaxation where the problem
// has an optimum.
func (r *Report) Found() bool {
	if r.Conflict != nil || r.AnswerRay != nil || r.Ray != nil && r.Problem != model.StatusOptimal {
		return true
	}
	for _, f := range r.Followers {
		if f.Never() {
			return true
		}
	}
	for _, s := range r.Slips {
		if !s.Kind.Hint() {
			return true
		}
	}
	return false
}

// MemberKind is what a member of a conflict is.
type MemberKind uint8

// The kinds of members.
const (
	ConstraintSide MemberKind = iota // one side of a constraint
	BoundSide                        // one bound of a variable
	Optimality                       // that a follower answers optimally, with all constraints and bounds of its own
	Complement                       // that one of the two members of a pair is zero
)

func (k MemberKind) String() string {
	return [...]string{"constraint", "bound", "optimality", "pair"}[k]
}

// Member is one member of a conflict.
type Member struct {
	Kind   MemberKind
	Player int    // whose it is, 0 the leader
	Index  int    // of the constraint, variable, follower (1, 2, ...) or pair in the model
	Upper  bool   // of a constraint or bound: its upper side
	Name   string // of the constraint, variable, follower or pair
	Text   string // "x + 2 y <= 4", shortened where it is long
}

// Scope says what is infeasible.
type Scope uint8

// The scopes.
const (
	OfRelaxation Scope = iota // the members cannot hold together, whatever anybody's objective
	OfProblem                 // they cannot hold together with the optimal answers of the followers named
	OfFollower                // they cannot hold together at one decision
)

func (s Scope) String() string { return [...]string{"relaxation", "problem", "follower"}[s] }

// Conflict is a set of constraints, bounds and optimality of followers that cannot hold together.
type Conflict struct {
	Scope   Scope
	Members []Member
	// Irreducible says that without any one of the members the others can hold together. It is false where the time ran out or a problem
	// on the way could not be decided; the set conflicts still.
	Irreducible bool
	// Integral says that the conflict needs the integrality of variables: with fractions the members can hold together.
	Integral bool
}

// Entry is a value of a variable.
type Entry struct {
	Variable int
	Name     string
	Value    float64
}

// Ray is a direction d in which an objective improves without limit: with z feasible, z + t d is feasible for all t >= 0 that leave integer variables
// integer. Its largest entry is 1 in absolute value.
type Ray struct {
	Player    int       // whose objective, 0 the leader
	Direction []float64 // one entry a variable of the model
	Entries   []Entry   // those that are not zero
	Rate      float64   // change of the objective, as declared, for t = 1
	// Stays says whether, from Base on, the followers' answers were found optimal along the ray at the steps t = 1, 100, 10000, or
	// multiples of these that leave integer variables integer.
	Stays model.Tri
	// Grounds says how that was found, and which follower leaves the ray.
	Grounds string
	// Base is a point that satisfies both levels, from which the ray was followed; nil where there is none.
	Base []float64
	// Sampled says that functions are not linear and the ray was found by trying: at the steps from Base that Grounds names all constraints hold, followers
	// answer optimally and the objective gains, by Rate a unit at the longest one. Nothing is proven beyond these.
	Sampled bool
}

// Decision is a decision of the leader at which a follower has no answer.
type Decision struct {
	X       []float64 // one entry a variable of the model; those of followers have no meaning
	Entries []Entry   // the leader's variables in the follower's problem
	// Conflict is why the follower is infeasible, Ray in which direction it is unbounded; one of them may be nil.
	Conflict *Conflict
	Ray      *Ray
}

// FollowerTest is how a follower fared at sampled decisions of the leader that satisfy the leader's own constraints.
type FollowerTest struct {
	Player                int
	Name                  string
	Tried                 int // decisions at which it was solved
	Infeasible, Unbounded int // of these
	InfeasibleAt          *Decision
	UnboundedAt           *Decision
}

// Never reports whether the follower had no answer to any decision tried.
func (f FollowerTest) Never() bool { return f.Tried > 0 && f.Infeasible+f.Unbounded == f.Tried }

// Ties is the range of the leader's objective over the followers' optimal answers to one decision.
type Ties struct {
	Where       string // "the optimal decision", "the start"
	Best, Worst float64
}
