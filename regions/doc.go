// Package regions solves bilevel problems to a proven optimum by counting through the critical regions of their followers, where few columns θ of the leader, at most three, reach
// them. All other variables of the leader may be as many as they like.
//
// # The followers as a parametric complementarity problem
//
// The followers are linear or convex quadratic programs
//
//	min_y 1/2 y'Qy + (c + Dθ)'y   over   A y + B θ <= b (or >=, or =),  l <= y <= u,   Q positive semidefinite,
//
// whose costs and right-hand sides depend on θ. Their optimality conditions are a monotone linear complementarity problem w = q + Rθ + Mz, 0 <= w ⟂ z >= 0, whose z are distances of variables
// from a bound and multipliers of constraints, and whose w are reduced costs and slacks; M + M' is positive semidefinite. Variables without bounds, and multipliers of equations, are
// made basic at once and stay so.
//
// A complementary basis, which of each w_i and z_i takes one, makes the basic variables affine functions of θ. Where these are not negative they are an optimal answer with multipliers: the critical
// region of the basis, a closed polyhedron. The θ to which a follower has an answer are a convex polyhedron, and the regions of full dimension cover it.
//
// # Covering
//
// A stack of convex pieces begins with the box of θ. An inner point of a piece is drawn, the basis there found by parametric principal pivoting along the segment
// from the point of the last basis, and its region taken out of the piece, side by side: what is beyond the first side, what is within it and beyond the second, and so on, are new pieces. Where a
// basic variable becomes negative on the segment its index is exchanged: by itself where its diagonal entry d in the tableau is positive, and otherwise together with the index
// that is the first to block its complement. Nothing blocks where no choice of the nonbasic variables makes that basic variable positive; its row then is the certificate
// that the follower has no feasible answer, or no bound, on the half-space beyond, which is taken out of all pieces. Ties of basic variables that are zero on all of a region are broken by q + εp, p > 0, with an ε as small as needed.
//
// θ need not have bounds: pieces are polytopes in the coordinates of a projective map that takes the box of θ into the unit cube (see the type frame).
//
// # Why the best of all leaves is the optimum
//
// At a θ inside a region let I be the indices whose multiplier is positive there. The optimal answers to θ are all feasible y with the same Qy as the basis has and no slack in I. So
// the optimality conditions with the pattern "slack zero for i in I, multiplier zero for the others" are a program of the leader, the leaf of the region: all its points are bilevel feasible, wherever θ
// is, and it contains all bilevel feasible points with θ inside the region.
//
// On the boundary a multiplier J of I may vanish, and then the answers may be more than the limits from both sides. Such a face is one more leaf, with the slacks of J set free. It is
// needed only where the block of the tableau of J is singular: otherwise a positive slack in J would change the multipliers. And it is not needed at all in a determined problem: where all that the
// leader's objective and constraints see of the answers lies in the row space of Q and of the equations, it is a single, continuous function of θ (Mangasarian, 1988), which the closed regions
// carry to their boundaries.
//
// In a determined problem with a linear leader most leaves are closed without a program of their own: the leader's value is a convex function of θ and of what it sees of the answers, and
// tangents to it that were made on one region bound it on the others.
//
// # What the proof rests on
//
// Each region is held against the followers' data by itself: the affine answer has to satisfy w = q + Rθ + Mz. Numbers below 1e-9 count as zero, parts of pieces thinner than 1e-9 as nothing, and where
// rounding moves a side, a strip of 3e-6 beside it is given up; lengths are those of the unit cube. A range of θ that goes far beyond 1e3 is
// divided, so that these lengths stay small beside θ up to 1e6; see newFrames. A thin region that a point falls into has its leaf solved. A piece in which rounding hides every answer is
// divided down to 1e-6 and then given up, 200 times at most before the enumeration ends without a proof. So an optimum that
// only decisions in a sliver of this width attain could be missed; in a determined problem the objective is continuous, and its neighbours are as good to that order.
//
// Sources: Faísca, Dua, Rustem, Saraiva and Pistikopoulos, Parametric global optimisation for bilevel programming (2007); Domínguez and Pistikopoulos (2010), for integer variables; Columbano, Fukuda and
// Jones, An output-sensitive algorithm for multi-parametric LCPs (2009); principal pivoting as in Cottle, Pang and Stone, The Linear Complementarity Problem (1992); the cover by
// rest pieces as in Bemporad, Morari, Dua and Pistikopoulos (2002).
package regions
