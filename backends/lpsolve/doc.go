// Package lpsolve solves linear and mixed-integer linear programs, with SOS1 sets as such, by lp_solve 5.5 (https://lpsolve.sourceforge.net).
// Its Backend is found in the registry of package backends under the name "lpsolve".
//
// The library is not linked but opened when the program starts, so that a program builds and runs without it; the backend is then among
// backends.Missing with the way to get it. It is looked for where Debian, Fedora and Homebrew put it; the environment variable
// BILEVEL_LPSOLVE names another file. All cgo of the package is in native.go, callback.go and library.c. With the build tag nolpsolve or
// without cgo the package compiles as well.
//
// What the solver says is checked as far as that is cheap. The point is measured; the optimum of an LP is proven again from its duals, an
// infeasible LP by the duals of the LP that minimises its violation, an unbounded one by a ray; an infeasible MILP is searched twice,
// with other settings. What remains is the tree search: lp_solve drops a node whose LP fails numerically without a word, so
// that its optimum of a MILP is as good as its arithmetic.
//
// Problems are minimised inside, and objectives, bounds and duals come out as those of the problem as declared.
package lpsolve
