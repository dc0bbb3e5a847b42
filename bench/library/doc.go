// Package library runs a folder of models whose answers are known: it reads the folder's index.json, solves each model within a time limit
// through one or several ways, and says of each run whether it agrees with the index.
//
//	l, err := library.Open("models")
//	results, err := l.Run(ctx, library.Options{Ways: []bilevel.Way{{Reform: "auto", Backend: "auto"}, {Reform: "kkt+big-m", Backend: "highs"}}})
//	changes := library.Compare(before, results, library.CompareOptions{})
//
// # The index
//
// An index of one's own is an object; value is in the direction of the leader's objective as the model declares it:
//
//	{
//	  "library": "mine",
//	  "tolerance": 1e-4,
//	  "problems": [
//	    {"name": "roads", "model": "roads.mod", "data": ["city.dat"], "params": {"demand": 100}, "value": 500, "proven": true},
//	    {"name": "closed", "model": "closed.mod", "value": "infeasible"},
//	    {"name": "open", "model": "open.json"}
//	  ]
//	}
//
//	library      the name of the library; default: that of the folder
//	tolerance    how far an objective may be from the value, relative to max(1, |value|); default 1e-4
//	name         of the problem; default: the model's file name without its ending
//	model        a .mod, .mps, .json or .nl file, relative to the folder
//	data         .dat files of a .mod file, or the AUX file of an .mps file
//	params       values of parameters of a .mod file
//	value        the best objective known, "infeasible", "unbounded", or null (default): nothing is known
//	proven       true: the value is the optimum beyond doubt, so that a better one is a mistake
//	note         anything
//
// Unknown keys are errors. The indices of three public collections are understood as they are: those that list F_best (BOLIB), target
// (MacMPEC) and optimal (MibS' data set), each with its rule of agreement; see Rule.
//
// # Verdicts
//
// A point counts only when the certificate of the result accepts it: all constraints of both levels hold and the followers, solved again,
// have no better answer. With d = (F - value)/max(1, |value|), positive where F is worse,
//
//	solved     |d| is within the tolerance, or infeasible or unbounded as the index says
//	better     the point is better than the value, which is not said to be proven
//	worse      the run ended by itself with a point that is worse
//	time-out   the limit came before a point that agrees
//	wrong      answer and index contradict each other: a proven optimum or a bound that the value refutes, a proven infeasibility of a
//	           problem with a value, a point better than a proven value
//	error      the model cannot be read, a solver failed, or the run ended without a point that counts
//	refused    the way does not apply to the model
//	unjudged   there is an answer, and the index knows none
package library
