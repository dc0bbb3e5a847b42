// Package highs solves linear, mixed-integer linear and convex quadratic programs by HiGHS (https://highs.dev), through its C interface.
// It has three doors:
//
//   - Backend solves a model.Model and is found in the registry of package backends under the name "highs";
//   - Solve solves a problem given as Arrays;
//   - LP is a linear program that stays in the solver and is solved again and again from the basis it has, with bounds, rows and columns
//     changed between, for tree searches.
//
// All cgo of the package is in native.go, callback.go and control.c. With the build tag nohighs or without cgo the package compiles
// as well: its constructors then return a *backends.UnknownError that says how to get it.
//
// Signs are turned to the project's convention here: problems are minimised inside, and objectives, bounds, duals and reduced
// costs come out as those of the problem as declared.
package highs
