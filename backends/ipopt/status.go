package ipopt

import (
	"fmt"

	"github.com/gobilevel/bilevel/model"
)

// code is a result of the library's function IpoptSolve: the enumeration ApplicationReturnStatus of IpReturnCodes_inc.h.
type code int

const (
	codeSolved        code = 0
	codeAcceptable    code = 1
	codeInfeasible    code = 2
	codeSmallStep     code = 3
	codeDiverging     code = 4
	codeUserStop      code = 5
	codeFeasible      code = 6
	codeIterations    code = -1
	codeRestoration   code = -2
	codeStep          code = -3
	codeCPUTime       code = -4
	codeWallTime      code = -5
	codeFreedom       code = -10
	codeProblem       code = -11
	codeOption        code = -12
	codeNumber        code = -13
	codeUnrecoverable code = -100
	codeException     code = -101
	codeMemory        code = -102
	codeInternal      code = -199
	codeLeftRunning   code = -1000 // ours: the solver did not stop in time and was left to finish in the background
	codeNotStarted    code = -1001 // ours: the solve was ended before it began
)

var codeText = map[code]string{
	codeSolved: "solved", codeAcceptable: "solved to the acceptable tolerance", codeInfeasible: "converged to a point of local infeasibility",
	codeSmallStep: "the search direction became too small", codeDiverging: "the iterates diverge", codeUserStop: "stopped",
	codeFeasible: "a feasible point of a square system of equations was found", codeIterations: "the limit on iterations was reached",
	codeRestoration: "the restoration of feasibility failed", codeStep: "no step could be computed, even with the largest perturbation",
	codeCPUTime: "the limit on processor time was reached", codeWallTime: "the limit on time was reached",
	codeFreedom: "there are more equations than variables", codeProblem: "the solver found the problem's definition wrong",
	codeOption: "the solver found an option wrong", codeNumber: "a function has no value", codeUnrecoverable: "the solver ended by an exception",
	codeException: "the solver ended by an exception of another library", codeMemory: "out of memory", codeInternal: "internal error of the solver",
	codeLeftRunning: "did not stop in time and was left to finish in the background", codeNotStarted: "stopped before the start",
}

// String is the code in words.
func (c code) String() string {
	if s, ok := codeText[c]; ok {
		return s
	}
	return fmt.Sprintf("status %d, which this version does not know", int(c))
}

// tryAgain reports whether another attempt may do better than one that ended with a code and a status.
func (c code) tryAgain(warm bool, status model.Status) bool {
	switch c {
	case codeIterations:
		return true
	case codeInfeasible:
		return warm || status == model.StatusFailed
	case codeSmallStep, codeDiverging, codeRestoration, codeStep, codeNumber, codeInternal:
		return status == model.StatusFailed
	}
	return false
}
