package learning

// arrow is a symmetric positive definite matrix of blocks on the diagonal with a border,
//
//	[ C   E_1' ... E_T' ]
//	[ E_1 B_1           ]
//	[ ...      ...      ]
//	[ E_T          B_T  ],
//
// C of size e, each B of size n; of C and B the lower triangles are read.
type arrow struct {
	e, n   int
	corner []float64
	block  [][]float64
	side   [][]float64 // n x e
	half   [][]float64 // B⁻¹E, e columns of n
}

func newArrow(e, blocks, n int) *arrow {
	a := &arrow{e: e, n: n, corner: make([]float64, e*e)}
	for range blocks {
		a.block = append(a.block, make([]float64, n*n))
		a.side = append(a.side, make([]float64, n*e))
		a.half = append(a.half, make([]float64, e*n))
	}
	return a
}

// factor factorises the blocks and the Schur complement C - Σ E'B⁻¹E.
func (a *arrow) factor() {
	for t, b := range a.block {
		cholesky(b, a.n)
		half, side := a.half[t], a.side[t]
		for i := range a.e {
			for k := range a.n {
				half[i*a.n+k] = side[k*a.e+i]
			}
			choleskySolve(b, a.n, half[i*a.n:(i+1)*a.n])
		}
		for k := range a.n {
			for i, v := range side[k*a.e : (k+1)*a.e] {
				if v == 0 {
					continue
				}
				for j := range i + 1 {
					a.corner[i*a.e+j] -= v * half[j*a.n+k]
				}
			}
		}
	}
	cholesky(a.corner, a.e)
}

// solve overwrites x by the solution.
func (a *arrow) solve(x []float64) {
	top := x[:a.e]
	for t, b := range a.block {
		y := x[a.e+t*a.n : a.e+(t+1)*a.n]
		choleskySolve(b, a.n, y)
		for k, v := range y {
			for i, s := range a.side[t][k*a.e : (k+1)*a.e] {
				top[i] -= s * v
			}
		}
	}
	choleskySolve(a.corner, a.e, top)
	for t := range a.block {
		y := x[a.e+t*a.n : a.e+(t+1)*a.n]
		for i, v := range top {
			addTimes(y, -v, a.half[t][i*a.n:(i+1)*a.n])
		}
	}
}
