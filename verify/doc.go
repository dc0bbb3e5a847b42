// Package verify measures a point in the original model: whether it satisfies every constraint of both levels, and whether each
// follower's part of it is an optimal answer to the rest. What a solver claimed plays no part. [Check] makes the [Certificate] of any
// point of any model; [BestTie] and [CheckLeader] complete a leader's decision by the followers' optimal answers that serve the leader
// best.
//
// # When a residual is small
//
// A residual v of a constraint lo <= f <= hi counts as small when
//
//	v <= Tolerance * s,   s = max( min(T, 1000), min(C, 1) )
//
// where T is the size of the largest term of f at the point (or of a finite side), and C the size of the largest coefficient (or finite
// side). So a constraint is measured relative to its terms where they are large, but never by more than a factor 1000, which keeps one
// large term from hiding the others; and a constraint that was scaled down as a whole is measured in its own small units. Rounding
// errors of the evaluation itself are forgiven. The follower gap is measured likewise: see [FollowerCheck].
//
// # Why a follower's answer counts as optimal
//
// A linear or convex quadratic follower is solved again and its multipliers are turned into a lower bound on its objective by weak
// duality, in this package: the gap is taken to that bound and not to the value that the solver reports. The bound holds for any
// multipliers whatever, so that a wrong claim of the solver makes the gap larger, never smaller. Of a convex quadratic follower first the
// optimality conditions at the point are tried, which are linear; where they do not hold it is solved by an interior point method here when it is
// small, and by the backend otherwise. A follower with integer variables rests on the bound that the backend reports.
//
// # Nonlinear followers
//
// A nonlinear follower is answered by local searches (Options.Smooth), whose points are evaluated, polished by Newton's method and measured here.
// How surely the best of them is the best response is said in [FollowerCheck.Evidence]:
//
//   - If model.Classify proves the follower's problem at the point convex, its tangents bound the optimal value: with u the multipliers that come
//     nearest to the optimality conditions, found here, cost(z) >= L(y, u) + ∇L(y, u)'(z - y) for every answer z. Over variables without bounds more
//     tangents close the set in which z can lie.
//   - With at most twelve variables a branch and bound with intervals is tried, for any functions, kinks and integer variables among them.
//   - Otherwise searches from many starts, in the box and around the point, and looks at values on grids and along the variables may find
//     a better answer. If they do not, the point may count as verified with EvidenceSearch, which proves nothing. The conditions have to
//     hold at the point and at a fair part of the searches' ends as measured here, so that a solver that is wrong does not pass for one that found nothing.
//
// The first two are proofs up to the rounding of single operations that model.Classify, evaluations and the folding of constants leave; interval
// operations round outward.
package verify
