// Package expr holds nonlinear functions as a hash-consed expression DAG and
// differentiates them exactly.
//
// A [DAG] stores each distinct subexpression once: two constructions of the
// same expression give the same [Node]. Arguments of a node always have smaller
// ids than the node, so that ascending ids are a topological order and every
// walk is a loop, never a recursion: a chain of a million operations does not
// touch the stack.
//
// Derivatives come in two forms. [DAG.Gradient] is symbolic: it adds nodes for
// the derivatives, which is what stationarity conditions written as constraints
// need. [DAG.Compile] turns a set of roots into a [Tape], which evaluates values,
// weighted gradients, sparse Jacobians and the sparse Hessian of a Lagrangian
// without allocating. Neither uses finite differences.
//
// # Conventions
//
// Values follow AMPL: logical results are 0 and 1, any nonzero number counts as
// true, mod has the sign of its left operand (C's fmod), div truncates towards
// zero, "a less b" is max(a-b, 0), round breaks exact ties to even. Anything
// outside a function's domain is NaN, an overflow is an infinity, and both are
// left for the caller to report.
//
// Where a function has a kink the derivative is one fixed element of its
// generalised derivative, the same in symbolic and compiled form:
//
//	abs at 0               +1
//	min, max at a tie      the first tied argument in the node's order
//	a less b at a = b      (1, -1)
//	floor, ceil, round,
//	trunc, precision, div,
//	comparisons, and, or   0 everywhere
//	a mod b                (1, -(a div b))
//	if                     the derivative of the branch taken
//
// At the end of a domain the formula is taken literally: the derivative of sqrt
// at 0 is +Inf. A branch not taken (of if, min, max, less) contributes exactly
// zero, even where its own derivative is infinite or NaN.
//
// # Simplification
//
// Constructors fold constants whose result is finite, flatten short nested sums
// and products, merge equal terms and equal factors with positive integer
// exponents, and hoist constant factors: (2x)(3y) is 6(xy). The terms x-x and 0x
// become 0. What would change the domain at ordinary points is left alone: x/x,
// sqrt(x)^2 and exp(log(x)) stay as they are.
package expr
