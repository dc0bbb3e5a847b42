// Package matrix holds the data of learning problems, one sample a row, and goes over them in single passes:
//
//	out = X'φ(Xv)
//
// where φ acts on the products of each row and may gather a loss on its way. A gradient and a Hessian product of a linear model are one such
// pass each. Dense rows are padded with zeros to whole registers; sparse rows are kept as compressed rows (CSR).
//
// A matrix is cut into chunks by its own shape alone, each chunk is summed in the order of its rows and the chunks in theirs: results do not
// depend on the number of threads. They may differ in the last bits between machines with and without AVX2; the build tag purego leaves
// the vector kernels out.
package matrix
