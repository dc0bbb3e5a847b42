package bilevel

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/gobilevel/bilevel/model"
)

// Attitude says how the followers break the ties between their optimal answers. With S(x) the followers' optimal answers to the leader's
// decision x and F the leader's objective, to be minimised, a decision has the value
//
//	optimistic   min { F(x,y) : y in S(x) and y satisfies the leader's constraints }
//	pessimistic  max { F(x,y) : y in S(x) }
//	Cooperation(β)   β min { F(x,y) : y in S(x) } + (1-β) max { F(x,y) : y in S(x) },  0 < β < 1
//	StrongWeak(s, w)   min { s(x,y) : y in S(x) } + max { w(x,y) : y in S(x) }
//
// and where F is maximised, min and max change places. For all but the optimistic attitude the leader's constraints have to hold for every y in
// S(x): the leader cannot count on the follower to keep them. So Cooperation(β) tends to the optimistic problem as β tends to 1 only where no
// constraint of the leader contains followers' variables.
//
// The zero value is optimistic. The others are for linear followers, see reform.Pessimistic; their least value need not be attained, see Result.Infimum.
// Pessimistic is also for convex followers that are not linear, where no value is proven, and in models of at most six variables, all with bounds, for one
// follower of any shape; see bilevelglobal.SolvePessimistic for what is proven there.
type Attitude struct {
	kind         attitudeKind
	beta         float64
	strong, weak model.Function
	m            *model.Model // of strong and weak
}

type attitudeKind uint8

const (
	optimistic attitudeKind = iota
	pessimistic
	cooperating
	strongWeak
)

// The attitudes at the two ends.
var (
	Optimistic  = Attitude{}
	Pessimistic = Attitude{kind: pessimistic}
)

// Cooperation is the attitude of followers that break ties for the leader with weight beta in [0, 1]: 1 is optimistic, 0 pessimistic.
func Cooperation(beta float64) Attitude {
	switch beta {
	case 1:
		return Optimistic
	case 0:
		return Pessimistic
	}
	return Attitude{kind: cooperating, beta: beta}
}

// StrongWeak splits the leader's objective, which it replaces for the solve, into a part for which the followers break ties for the
// leader and one for which they break them against it; each is a number, a Var or an Expr of m, in the sense of the leader's objective. It
// describes followers of whom some cooperate and others don't, and a leader who is cautious about some costs only. Mistakes in an expression
// are mistakes of the model: m.Err returns them.
func StrongWeak(m *Model, strong, weak any) Attitude {
	leader := m.Leader()
	keep := leader.Objective()
	defer leader.SetObjective(keep)
	gather := func(e any) model.Function {
		leader.SetObjective(model.Objective{})
		leader.Minimize(e)
		return leader.Objective().F
	}
	return Attitude{kind: strongWeak, strong: gather(strong), weak: gather(weak), m: m}
}

// ParseAttitude reads "optimistic", "pessimistic", or a number between 0 and 1, the weight of Cooperation.
func ParseAttitude(s string) (Attitude, error) {
	switch strings.TrimSpace(s) {
	case "", "optimistic":
		return Optimistic, nil
	case "pessimistic":
		return Pessimistic, nil
	}
	v, err := strconv.ParseFloat(strings.TrimSpace(s), 64)
	if err != nil || !(v >= 0 && v <= 1) {
		return Attitude{}, &OptionError{"attitude", fmt.Sprintf("%q is not optimistic, pessimistic, or a number from 0 (pessimistic) to 1 (optimistic)", s)}
	}
	return Cooperation(v), nil
}

// String is the word or number that ParseAttitude reads; "strong-weak" for StrongWeak, which has none.
func (a Attitude) String() string {
	switch a.kind {
	case pessimistic:
		return "pessimistic"
	case cooperating:
		return strconv.FormatFloat(a.beta, 'g', -1, 64)
	case strongWeak:
		return "strong-weak"
	}
	return "optimistic"
}

// IsOptimistic reports whether ties are broken for the leader.
func (a Attitude) IsOptimistic() bool { return a.kind == optimistic }

// check says what is wrong with an attitude for a model.
func (a Attitude) check(m *model.Model) error {
	switch {
	case a.kind == cooperating && !(a.beta > 0 && a.beta < 1):
		return &OptionError{"attitude", fmt.Sprintf("%v is not in [0, 1]", a.beta)}
	case a.kind == strongWeak && a.m != m:
		return &OptionError{"attitude", "the strong and the weak objective belong to another model"}
	}
	return nil
}

// parts are the objectives for which ties are broken for and against the leader, nil where there is none, in the sense as declared.
func (a Attitude) parts(m *model.Model) (strong, weak *model.Function) {
	f := m.Leader().Objective().F
	times := func(c float64) *model.Function {
		acc := m.Accumulator()
		acc.AddFunction(c, f)
		g := acc.Function()
		return &g
	}
	switch a.kind {
	case pessimistic:
		return nil, &f
	case cooperating:
		return times(a.beta), times(1 - a.beta)
	case strongWeak:
		return &a.strong, &a.weak
	}
	return &f, nil
}

// Attainment says whether the best value is that of a decision.
type Attainment uint8

const (
	// Attained: the reported decision has the best value, as surely as Result.Proof says; it is global or global-if-bounds.
	Attained Attainment = iota
	// NotAttained: decisions come as near to the best value as one likes, and none has it.
	NotAttained
	// AttainmentUnknown: the reported decision is not known to have the best value. It is a local answer, or the best one found when the search
	// was stopped; or, for another attitude than the optimistic one, it is within a tolerance of the best value, and whether another
	// decision has it was not decided.
	AttainmentUnknown
)

func (a Attainment) String() string {
	return [...]string{"attained", "not attained", "not known to be attained"}[min(a, AttainmentUnknown)]
}

// weighted is the value of a decision from the best and the worst value over the followers' optimal answers.
func (a Attitude) weighted(best, worst float64) float64 {
	switch a.kind {
	case pessimistic:
		return worst
	case cooperating:
		if math.IsInf(worst, 0) {
			return worst
		}
		return a.beta*best + (1-a.beta)*worst
	}
	return best
}
