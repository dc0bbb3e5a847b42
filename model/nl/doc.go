// Package nl reads the .nl files that AMPL and other modelling systems write for solvers, in their text and their binary form, into a
// model.Model. Package export writes them.
//
// What the format holds becomes
//
//	variables, bounds, start values           variables of the leader; a start value outside the bounds is moved to the nearest bound
//	linear and nonlinear parts                functions in normal form: quadratic parts are expanded, what is left is nonlinear
//	a constraint that complements a variable  a complementarity pair: 0 <= g ⟂ v - l >= 0 or 0 <= -g ⟂ u - v >= 0, mixed where both bounds count
//	suffixes sosno and ref                    SOS1 sets
//	several objectives                        the first; a note says so
//
// Start values of multipliers and other suffixes are read over. Imported functions, logical constraints and SOS2 sets are refused: the
// error wraps ErrUnsupported.
//
// Sources: Gay, Writing .nl files (2005); Gay, Hooking your solver to AMPL (1997).
package nl
