// Package response looks at a bilevel problem as one of the leader alone: the followers of a model are answered at a decision x,
//
//	y(x) in argmin_y { f(x, y) : L <= c(x, y) <= U, l <= y <= u },   phi(x) = f(x, y(x)),
//
// and what first-order methods ask for is computed: the answer with its multipliers, the value function and, with the multipliers, its
// derivative
//
//	∇phi(x) = ∇_x f(x, y) + ∇_x c(x, y)'λ,
//
// a subgradient where the follower is convex in (x, y) jointly, the derivative where the answer and its multipliers are the only ones. Followers that do
// not depend on one another are one follower whose objective is the sum of theirs, each in minimisation form. Linear
// followers go to a backend, so that the answer is a vertex; others to a smooth solver, with the last answer as a warm start. Quadratic ones are
// among these: derivatives need the active constraints, and solvers of quadratic programs are not accurate enough for them.
//
// Signs of multipliers are those of model/smooth.
package response
