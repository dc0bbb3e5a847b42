// Package mpsaux reads MPS files and, with them, the auxiliary files (AUX) of the bilevel solver MibS, into a model.Model. Package export
// writes both.
//
// # MPS
//
// Both layouts are read: free, where blanks part the fields, and fixed, where fields stand in columns 2-3, 5-12, 15-22, 25-36, 40-47 and
// 50-61 and names may have blanks in them. Where readers of MPS differ, or a keyword is not self-evident, this is what holds:
//
//	ROWS      the first row of type N is the objective, or the one that OBJNAME names; another one is a constraint without bounds
//	OBJSENSE  MAX or MIN, on the line of the keyword or on the next; without it the objective is minimised
//	COLUMNS   the entries of a column stand together; 'MARKER' 'INTORG' and 'INTEND' enclose integer columns, 'SOSORG' and 'SOSEND' a set
//	RHS       on the objective: minus its constant
//	RANGES    r on a row of right-hand side b:  L [b-|r|, b]   G [b, b+|r|]   E [b, b+r] for r >= 0, [b-|r|, b] for r < 0
//	BOUNDS    UP LO FX MI PL FR BV UI LI; none: [0, ∞), but [0, 1] for a column between integer markers; MI leaves the upper bound as it
//	          is; UP below zero without a lower bound: (-∞, u]; 1e30 and more is infinite
//	QUADOBJ, QSECTION   one triangle of Q in ½x'Qx; QSECTION may name a constraint
//	QMATRIX             both triangles of Q in ½x'Qx
//	QCMATRIX row        both triangles of Q in x'Qx, of a constraint
//	SOS, SETS S1 sets, in the dialects of CPLEX and Gurobi (x 1), lp_solve (SOS x 1) and Xpress (set x 1)
//	INDICATORS          IF row column 0 or 1
//
// Of several sets of right-hand sides, ranges or bounds the first is taken, as usual; a note of the model says so. Semicontinuous
// variables, S2 sets, lazy constraints and cones are refused by an error that wraps ErrUnsupported. What contradicts itself is refused,
// too: unknown and repeated names, an entry that stands twice, a file without ENDATA.
//
// Integer columns whose values are 0 and 1 become binary variables.
//
// # AUX
//
// An AUX file says which columns and rows of the MPS file are the follower's, and what its objective is; everything else is the leader's.
// Columns and rows are given by index from 0 (rows of type N not counted) or by name:
//
//	N 1   M 2   LC 3   LR 0   LR 1   LO 5   OS -1       @NUMVARS 1   @NUMCONSTRS 2   @VARSBEGIN y 5 @VARSEND ...   @OBJSENSE MAX
//
// In an interdiction pair (keys IC and IB) the MPS file holds a problem min p'y of the follower alone, and the leader blocks columns:
//
//	min  -p'y   over binary x   subject to   Σ IC_i x_i <= IB   and   y optimal for  f'y  (LO, OS)  subject to  the rows,  y_i + u_i x_i <= u_i
//
// The variables x are called interdict["name of the column"].
//
// MibS takes every leader to minimise, whatever OBJSENSE says; this package follows OBJSENSE.
//
// Names of a file that package export wrote are turned back into those of the model, as far as the file tells them.
//
// Sources: the manual of lp_solve 5.5 (MPS format); IBM, CPLEX file formats reference; Maros and Mészáros, A repository of convex quadratic
// programming problems, Optimization Methods and Software 11 (1999), for QUADOBJ; Tahernejad, Ralphs and DeNegre, Mathematical Programming
// Computation 12 (2020), for MibS.
package mpsaux
