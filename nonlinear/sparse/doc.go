// Package sparse factorises sparse symmetric indefinite matrices, as they come from the optimality conditions of programs:
//
//	P S A S P' = L D L',
//
// with a permutation P that keeps L sparse and pivots stable, a diagonal scaling S, a unit lower triangular L and a block diagonal D of
// 1x1 and 2x2 pivots. By Sylvester's law of inertia D has as many positive, negative and zero eigenvalues as A, and a factorisation reports
// their numbers.
//
// The pattern of A is analysed once (Analyse): an approximate minimum degree ordering, the elimination tree, its supernodes. Matrices of
// that pattern are then factorised as often as needed (Factor.Factorise), in memory that is kept from one to the next. The numerical part is
// the multifrontal method: columns with the same pattern below the diagonal are eliminated together in a dense matrix, the front, and what
// remains of it is added to the front of the parent in the tree. A pivot column that is too small beside its off-diagonal entries is delayed
// to the parent.
//
// Where a matrix is block diagonal but for a small border (FindBlocks), the border can be eliminated last and the blocks at the same time (AnalyseBlocks).
//
// Sources: Amestoy, Davis and Duff (1996) for the ordering; Duff and Reid (1983) for the multifrontal method on indefinite matrices; Bunch
// and Kaufman (1977) and Bunch and Parlett (1971) for the pivots; Ruiz (2001) for the scaling.
package sparse
