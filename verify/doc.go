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
package verify
