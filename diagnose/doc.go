// Package diagnose finds out why a bilevel model has no answer, or not the one that was meant.
//
// Three questions are kept apart, because their remedies differ:
//
//   - Is the high-point relaxation infeasible or unbounded, that is, the constraints of both levels together, whoever states them? Then a small
//     infeasible subset of constraints and bounds, or a ray, is named in the user's constraints and variables.
//   - Is it only the bilevel problem? Then the subset also holds the optimality of the followers that it needs.
//   - Is it only that a follower has no answer to some decisions? Then the decision is named, and what conflicts in the follower there.
//
// Besides, it reports the sizes of the numbers in a model and what looks like a slip of the modeller. Nothing here changes the model.
package diagnose
