// Package ipopt solves smooth nonlinear programs by Ipopt 3.11 to 3.14 (https://github.com/coin-or/Ipopt), an interior point method with a
// filter line search: Solver solves a smooth.Program, and Backend, which the registry of package backends has under the name "ipopt", a
// model in continuous variables.
//
// The library is not linked but opened when it is first needed, so that a program builds and runs without it; the backend is then among
// backends.Missing with the way to get it. It is looked for where Debian, Fedora and Homebrew put it; the environment variable
// BILEVEL_IPOPT names another file. All versions from 3.11 on work with the same binary, but for libraries built with indices of 64 bits. All
// cgo of the package is in library.go, native.go, callback.go and library.c. With the build tag noipopt or without cgo the package compiles as
// well.
//
// What the library says is not taken on trust. Residuals are measured in the program as it was given, a point so far out that its residual is
// all rounding is no solution, and Backend calls an answer global, infeasible or unbounded only where multipliers or a ray show it.
//
// Programs are minimised inside, with multipliers in the signs of package smooth; objectives and duals of models come out as declared.
package ipopt
