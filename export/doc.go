// Package export writes models in the formats of other solvers: CPLEX LP, free MPS, and the .nl files of AMPL's solvers. What these formats
// can hold is a problem of one player. LP and MPS have affine and quadratic functions, integer and binary variables, SOS1 sets and indicator
// constraints; NL has nonlinear functions and complementarity pairs, too, and no indicator constraints. A model with anything else is refused
// by a *NotWritableError that names the first of it and the remedy; a pass (package reform) turns such a model into one that can be
// written, and the project's own language (package model/modfile) holds it as it is.
//
// WriteGAMS and WriteAMPL write programs in the languages of GAMS, followers and pairs included, and of AMPL, pairs included. WriteJSON
// writes any model for programs (package model/jsonfile reads it), WriteLaTeX and WriteMarkdown write any model for people.
//
// # Names
//
// An .nl file has no names; they stand, as they are, in files beside it. LP and MPS restrict the characters of a name, so names are
// rewritten, always in the same way:
//
//	brackets become parentheses, quotes are dropped        x[3,"a"]    ->  x(3,a)
//	any other character than A-Z a-z 0-9 _ . ,  becomes _  x[-1]       ->  x(_1)
//	a name that a reader could take for a number or for a
//	keyword (e9, inf, nancy, st, free), or that starts with
//	anything but a letter or _, gets a leading _            e9          ->  _e9
//	more than 90 bytes are cut                              long...     ->  long...
//	a name that is taken by then gets ~2, ~3, ...           x["3"]      ->  x(3)~2
//
// GAMS and AMPL have letters, digits and underscores only: brackets and commas become underscores, x[3,"a"] -> x_3_a, a name that is a
// word of the language gets an underscore at its end, and one that is taken _2, _3, ....
//
// No two variables and no two constraints share a name after that. The file starts with comments that list the names that were changed
// in more than brackets and quotes; Names gives all of them to a program that reads a solution back.
package export
