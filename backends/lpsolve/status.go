package lpsolve

import "fmt"

// code is a result of the solver's function solve.
type code int

// The codes of lp_lib.h that this package tells apart; all others are failures.
const (
	codeNoMemory    code = -2
	codeOptimal     code = 0
	codeSuboptimal  code = 1
	codeInfeasible  code = 2
	codeUnbounded   code = 3
	codeDegenerate  code = 4
	codeNumeric     code = 5
	codeAborted     code = 6
	codeTimeout     code = 7
	codeRunning     code = 8
	codePresolved   code = 9
	codeFailed      code = 10
	codeBroken      code = 11
	codeFeasible    code = 12
	codeNoneFound   code = 13
	codeAccuracy    code = 25
	codeLeftRunning code = -100 // ours: the solver did not stop in time and was left to finish in the background
)

var codeText = map[code]string{
	codeNoMemory: "out of memory", codeOptimal: "optimal", codeSuboptimal: "stopped with a point that is not proven optimal",
	codeInfeasible: "infeasible", codeUnbounded: "unbounded", codeDegenerate: "degenerate", codeNumeric: "numerical failure",
	codeAborted: "aborted", codeTimeout: "time limit reached", codeRunning: "still running", codePresolved: "solved by presolve", codeFailed: "the search failed",
	codeBroken: "the search was broken off", codeFeasible: "a feasible point was found", codeNoneFound: "no feasible point was found",
	codeAccuracy: "the answer is not accurate", codeLeftRunning: "did not stop in time and was left to finish in the background",
}

// String is the code in words.
func (c code) String() string {
	if s, ok := codeText[c]; ok {
		return s
	}
	return fmt.Sprintf("status %d, which this version does not know", int(c))
}

// stopped reports whether a solve was ended by us.
func (c code) stopped() bool { return c == codeAborted || c == codeTimeout || c == codeLeftRunning }

// verdict is what is established about a problem.
type verdict int

const (
	unclear    verdict = iota // the solver gave up, or its claim did not stand
	optimal                   // x is optimal: for an LP proven by its duals, for a MILP as the tree search says
	feasible                  // x is feasible
	infeasible                // for an LP proven by duals
	unbounded                 // shown by a feasible point x and a ray
	endless                   // infeasible or unbounded
	stopped                   // by the context or the time limit; x may be there
	cutOff                    // no point is better than the cutoff
)

// answer is the outcome of a problem in its own terms: a minimisation over columns.
type answer struct {
	verdict  verdict
	x        []float64 // nil: none
	y, d     []float64 // row duals and reduced costs of an LP
	bound    float64   // -Inf: none
	ray      []float64
	accurate bool // x meets the tolerances
	message  string
}
