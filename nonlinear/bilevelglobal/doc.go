// Package bilevelglobal proves global optima of small optimistic bilevel problems whose followers need not be convex:
//
//	min F(x, y)  subject to  G(x, y) <= 0  and, for each follower k,  y_k in argmin { f_k(x, z) : g_k(x, z) <= 0 }
//
// with bounds, equations, integer variables and complementarity pairs of the leader wherever they stand. In a model with several followers each takes
// the variables of the others as given; they stand among x for it.
//
// # What is proven
//
// Let eps = Gap * max(1, |F*|) with F* the objective at the point returned, and let a point be bilevel-feasible if it satisfies all constraints and
// every follower's part of it is a global optimum of that follower's problem. A proof of kind global says:
//
//  1. every bilevel-feasible point has F >= Bound >= F* - eps, and
//  2. the point returned satisfies all constraints, and f_k(x, y) <= phi_k(x) for the optimal value phi_k, to the tolerance of the check in package
//     verify (1e-6 relative to the terms), which bounds phi_k from below by proof.
//
// So the bound is about points that are exactly feasible, and the point is feasible to a tolerance. Where the followers are nearly indifferent the
// point may use that tolerance to be better than the bound, which is no contradiction; the gap is then 0. Points whose follower could gain more than a
// twentieth of the tolerance are held back as long as others are found.
//
// Two tolerances stand in the first claim. Constraints are taken to hold to 1e-9, relative to their sides, so that rounding loses no point. The
// infinitely long columns of a relaxation may have reduced costs of up to 1e-9 of their terms. All else is computed with outward rounding, or with slack
// that exceeds what rounding can do, but for the constants that the writing of derivatives folds. A function has to have a value at a point for the point
// to satisfy a constraint or to be an answer: an answer z dismisses y only at decisions at which the follower's functions are seen to have values at z,
// and satisfies equations only where a solution of them is proven to exist nearby.
//
// # How
//
// A branch and bound divides the box of all variables, the follower's among them. For a box X x Y it has four sources of bounds.
//
//   - The constraints of both levels, and F <= target: HC4 contraction on the graph of operations.
//   - Conditions that an answer of a follower satisfies wherever its functions have derivatives: those of Karush, Kuhn and Tucker if its constraints are
//     affine in its variables, else those of Fritz John, whose multipliers are normalised to add up to 1 and therefore bounded. They enter as rows
//     and pairs, and pairs are decided by branching before boxes are divided. Where the functions have no derivatives at some point of the first
//     box, and for followers with integer variables, they are left out: they speed the search up and are not needed for its convergence.
//   - Value-function cuts. If z(x) satisfies g(x, z(x)) <= 0 for all x in X, then every bilevel-feasible point of the box has
//     f(x, y) <= f(x, z(x)). A seed is an answer z0 at x0, found by a local search, with the sensitivities A of its optimality conditions: z(x) = z0 +
//     A (x - x0) + t d follows the answer to second order, and t d leads inward just as far as interval arithmetic needs to see feasibility over all
//     of X. f(x, z(x)) is bounded by a linear function of x by the mean value form, with an error of the order of the square of the size of X. Fixed
//     points z, as in the discretisations of Blankenship and Falk, are the case A = 0.
//   - A linear relaxation of all that (McCormick for products, tangents and secants for functions of one variable, quadratic forms as sums of squares
//     where they are convex), solved by HiGHS. Its bound, or its emptiness, is computed again from its duals, so that nothing rests on what the solver
//     claims. By it the first box is narrowed in each variable, too.
//
// Points come from local searches on the conditions from several starts, and from points of the relaxation whose follower is answered anew. Every
// incumbent is verified in the model by package verify.
//
// A box is dropped if nothing is left of it or its bound is at least F* - eps of the incumbent at the time. If y is not optimal for x by a margin, and
// answers near the optimal one are feasible with some room, then some cut empties all small boxes about (x, y); if it is optimal, (x, y) is an
// incumbent. Between the two lie boxes on which neither is seen; as they shrink their bound approaches F*, with the square of their size where the
// relaxation is exact to second order. A box that is too small to be divided stays, and its bound counts: the status is then unknown and the bound honest.
//
// Variables without bounds get them from the constraints, the relaxation and F <= target where these imply any. Where they do not, boxes without bounds are
// divided as well, and dropped only beyond Options.Box in absolute value if nothing else is known of them. The proof is then global-if-bounds.
//
// Sources: Mitsos, Lemonidis, Barton, Global solution of bilevel programs with a nonconvex inner program, Journal of Global Optimization 42 (2008);
// Kleniati and Adjiman, Branch-and-Sandwich, Journal of Global Optimization 60 (2014); Blankenship and Falk, Infinitely constrained optimization
// problems, JOTA 19 (1976); Neumaier and Shcherbina, Safe bounds in linear and mixed-integer programming, Mathematical Programming 99 (2004).
package bilevelglobal
