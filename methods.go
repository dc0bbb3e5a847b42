package bilevel

import "slices"

// MethodNames lists the names that Options.Reform may have, or end with, besides those of passes: they solve systems of equations or search in
// another way, and leave no model to look at.
func MethodNames() []string {
	return slices.Concat([]string{mStationary}, valueFunctionNames(), answerWays(), []string{globalWay, answerCutsWay, regionsWay})
}
