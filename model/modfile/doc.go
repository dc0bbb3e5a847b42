// Package modfile reads and writes models as text: a subset of AMPL with two statements that say whose problem a declaration belongs to.
//
//	m, err := modfile.ReadFiles("toll.mod", "toll.dat")
//	err = modfile.Print(os.Stdout, m)
//
// [Parse] reads a text once; [File.Data] adds data to it; [File.Instantiate] makes a model of it, any number of times and with other
// values of parameters. [Read] and [ReadFiles] do all three. [Print] writes a model so that it reads back to an equal one, which [Equal]
// checks. Every mistake in a text is an [*Error], with file, line, column, the line with a caret, and what was expected.
//
// # Levels
//
// A file starts in the leader's level. "lower NAME;" opens the problem of the follower NAME ("lower;" that of a follower called lower),
// "upper;" goes back, and naming a follower again continues it. Variables, objectives and constraints belong to the level in force; sets,
// parameters and defined variables belong to all. "lower NAME nash;" declares that NAME plays a Nash game with the other followers
// declared so: these may mention each other's variables. The suffix .dual of a follower's constraint is its shadow price, for the
// leader's objective and constraints: the change of the follower's objective, as declared, for one unit more on the constant side of
// the constraint. That is the side without variables of the follower; where both sides have some, or none, it is the right one.
//
// # Order of evaluation
//
// Data and commands (let, fix, unfix, for, if, check) act in their order. Then everything computed (:=, =, default, within, checks of
// parameters, and check commands of the model section) is evaluated, then variables, objectives and constraints are made in the order of
// their declarations. Sets and parameters may be declared after their use; variables and constraints may not. A value that is computed
// during the commands is computed anew when a later command changes what it depends on.
//
// # Precedence, from the loosest
//
//	if then else
//	or ||
//	exists forall
//	and &&
//	not !                (of a comparison)
//	< <= = == <> != >= > in within
//	union diff symdiff
//	inter
//	cross
//	.. by
//	+ - less
//	sum prod min max     (their body ends before the next + or -)
//	* / div mod
//	+ - (signs)
//	^ **                 (to the right)
//
// # Names
//
// A member of a family is called by its subscript: x[3], f["a",3]; numbers stand plain, strings in double quotes (a double quote inside is
// doubled). A constraint that carries a member of the complementarity pair c is called c_a or c_b. A member of a pair that is just a
// variable against its own declared bound, and is not fixed by a command, is the variable itself.
//
// # Additions to AMPL
//
// These make it possible to write any model, also one that a reformulation has made:
//
//	`any name`                           a name of any characters (a backquote is doubled)
//	var x[3] >= 0;                       a single member of a family, instead of an indexing; further members may follow,
//	subject to c["a"]: x[3] <= 5;        of variables, constraints and SOS1 sets
//	minimize: e;                         an objective without a name
//	b = 1 ==> x <= 5                     a constraint that holds where the binary variable b is 1 (or 0), as in AMPL
//	let x[1].sosno := 1;                 AMPL's suffixes for sets of which at most one variable differs from zero: the number of the
//	let x[1].ref := 2.5;                 set and the weight in it; set k is called sos[k]
//	sos1 s {k in K}: {i in I} x[k,i]: i, y[k]: 0;
//	                                     the same by a statement, which also lets a variable stand in several sets
//	c.lslack >= 0 complements ...        the slack of a constraint at its lower bound (c.uslack: at its upper bound) as an operand of
//	lo <= c.body <= hi complements ...   complements, and its value between its bounds (c.body alone: as the partner of such a range)
//	let c.member := 1;                   the constraint c only carries members of pairs
//
// In lists of data, Infinity stands for no bound. A parameter with := or = takes no data, one with = no let.
package modfile
