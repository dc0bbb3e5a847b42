package highs

import "fmt"

// Status says why a solve stopped.
type Status uint8

// The statuses. After Unknown and Failed nothing is known about the problem: a tree search must not prune on them.
const (
	Unknown               Status = iota // the solver gave up; try another way of solving (LP.SolveRobust does)
	Optimal                             // optimal to the tolerances
	Infeasible                          // no point satisfies the rows and bounds
	Unbounded                           // the objective improves without limit over feasible points
	InfeasibleOrUnbounded               // one of the two
	CutoffReached                       // the objective was proven to be no better than the cutoff
	TargetReached                       // a point as good as the solver's option objective_target was found
	TimeLimit                           // the time limit or the context's deadline was reached
	IterationLimit                      // the limit of iterations or nodes was reached
	SolutionLimit                       // the solver's limit on improving points or leaves was reached
	Interrupted                         // the context was cancelled
	Failed                              // the solver failed
)

var statusText = [...]string{"unknown", "optimal", "infeasible", "unbounded", "infeasible or unbounded", "cutoff reached", "target reached",
	"time limit", "iteration limit", "solution limit", "interrupted", "failed"}

// String is the status in a word or two.
func (s Status) String() string {
	if int(s) < len(statusText) {
		return statusText[s]
	}
	return fmt.Sprintf("Status(%d)", uint8(s))
}

// statusOf maps each model status of the C interface (kHighsModelStatus...) to ours, and says it in words.
var statusOf = [...]struct {
	native  string // the constant without its prefix
	status  Status
	message string
}{
	0:  {"Notset", Unknown, "not solved"},
	1:  {"LoadError", Failed, "the problem could not be loaded"},
	2:  {"ModelError", Failed, "the solver refused the problem"},
	3:  {"PresolveError", Failed, "error in presolve"},
	4:  {"SolveError", Failed, "error in the solver"},
	5:  {"PostsolveError", Failed, "error in postsolve"},
	6:  {"ModelEmpty", Optimal, "optimal: the problem is empty"},
	7:  {"Optimal", Optimal, "optimal"},
	8:  {"Infeasible", Infeasible, "infeasible"},
	9:  {"UnboundedOrInfeasible", InfeasibleOrUnbounded, "primal infeasible or unbounded"},
	10: {"Unbounded", Unbounded, "unbounded"},
	11: {"ObjectiveBound", CutoffReached, "bound on objective reached"},
	12: {"ObjectiveTarget", TargetReached, "target for objective reached"},
	13: {"TimeLimit", TimeLimit, "time limit reached"},
	14: {"IterationLimit", IterationLimit, "iteration limit reached"},
	15: {"Unknown", Unknown, "unknown"},
	16: {"SolutionLimit", SolutionLimit, "solution limit reached"},
	17: {"Interrupt", Interrupted, "interrupted"},
}

// fromNative is the status for a code of the C interface. A code from a newer library is Unknown.
func fromNative(code int) (Status, string) {
	if code < 0 || code >= len(statusOf) {
		return Unknown, fmt.Sprintf("model status %d, which this version does not know", code)
	}
	return statusOf[code].status, statusOf[code].message
}
