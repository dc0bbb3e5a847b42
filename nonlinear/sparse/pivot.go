package sparse

import "math"

// elimination is the partial factorisation of a front: a dense symmetric matrix of which the lower triangle is stored by columns, and of
// which only the first summed columns are complete and may be pivots. It stores the columns of L over those of the front, row exchanges
// applied, and leaves the Schur complement of the pivots behind them.
//
// Pivots are looked for in a window of columns that are up to date; the others are updated by a whole window at once.
type elimination struct {
	a       []float64
	size    int
	summed  int
	index   []int32
	inverse []float64
	weak    float64 // threshold for pivots where none is good
	last    bool    // there is no parent that could take what is left
	done    int
	end     int // the window is done .. end-1
	inertia Inertia
	weights [2 * window]float64
}

const (
	window = 16
	// A pivot that bounds the entries of L by 10 is taken before all others.
	strong = 0.1
	// negligible is the size below which an entry of the scaled matrix counts as a rounding error.
	negligible = 1e-13
	// cancelled is the part of its products that the determinant of a pivot of order two must exceed.
	cancelled = 1e-10
)

// run eliminates what it can.
func (e *elimination) run() {
	e.end = min(window, e.summed)
	for {
		before := e.done
		for e.done < e.end && (e.step(strong) || e.step(e.weak)) {
		}
		if e.end < e.summed {
			e.update(before, e.done)
			e.end = min(e.summed, e.end+max(window/2, window-(e.end-e.done)))
			continue
		}
		if e.last {
			for e.done < e.end {
				e.force()
			}
		}
		e.update(before, e.done)
		return
	}
}

// step looks for a pivot of the window that meets the threshold u and applies it.
func (e *elimination) step(u float64) bool {
	for q := e.done; q < e.end; q++ {
		off, r := e.largest(q, -1)
		d := math.Abs(e.a[q*e.size+q])
		if max(d, off) <= negligible {
			e.swap(e.done, q)
			e.null()
			return true
		}
		if d >= u*off && d > negligible {
			e.swap(e.done, q)
			e.one()
			return true
		}
		if r >= 0 && e.pair(q, r, u) {
			return true
		}
	}
	return false
}

// at is the entry in row i and column j of the symmetric matrix.
func (e *elimination) at(i, j int) float64 { return e.a[min(i, j)*e.size+max(i, j)] }

// largest returns the largest size of an entry of column q off the diagonal, not counting row skip, and the row of the window where the
// largest entry in it stands, -1 where all are zero.
func (e *elimination) largest(q, skip int) (off float64, row int) {
	row = -1
	for i := e.done; i < q; i++ {
		if v := math.Abs(e.a[i*e.size+q]); v > off && i != skip {
			off, row = v, i
		}
	}
	col := e.a[q*e.size : (q+1)*e.size]
	for i := q + 1; i < e.end; i++ {
		if v := math.Abs(col[i]); v > off && i != skip {
			off, row = v, i
		}
	}
	for i, v := range col[e.end:] {
		if v = math.Abs(v); v > off && i+e.end != skip {
			off = v
		}
	}
	return off, row
}

// pair tests columns q and r as a pivot of order two,
//
//	|D^-1| (m_q, m_r)' <= (1, 1)' / u,
//
// with m the largest other entries of the columns, and applies it.
func (e *elimination) pair(q, r int, u float64) bool {
	mq, _ := e.largest(q, r)
	mr, _ := e.largest(r, q)
	a, b, c := e.at(q, q), e.at(r, q), e.at(r, r)
	det := a*c - b*b
	if math.Abs(det) <= cancelled*max(math.Abs(a*c), b*b) || math.Abs(det) <= negligible*max(math.Abs(a), math.Abs(b), math.Abs(c)) {
		return false
	}
	limit := math.Abs(det) / u
	if math.Abs(c)*mq+math.Abs(b)*mr > limit || math.Abs(b)*mq+math.Abs(a)*mr > limit {
		return false
	}
	e.bring(q, r)
	e.two()
	return true
}

// bring moves columns q and r to the front of the window.
func (e *elimination) bring(q, r int) {
	if q > r {
		q, r = r, q
	}
	e.swap(e.done, q)
	e.swap(e.done+1, r)
}

// force eliminates with the best pivot of what is left, which is at most the window, by Bunch and Parlett's rule, or declares it null.
func (e *elimination) force() {
	diag, q := -1.0, e.done
	off, r, s := 0.0, -1, -1
	for j := e.done; j < e.end; j++ {
		if v := math.Abs(e.a[j*e.size+j]); v > diag {
			diag, q = v, j
		}
		for i := j + 1; i < e.end; i++ {
			if v := math.Abs(e.a[j*e.size+i]); v > off {
				off, r, s = v, i, j
			}
		}
	}
	switch {
	case max(diag, off) <= negligible:
		e.null()
	case diag >= 0.64*off || r < 0:
		e.swap(e.done, q)
		e.one()
	default:
		e.bring(s, r)
		e.two()
	}
}

// swap exchanges two rows and columns, p <= q.
func (e *elimination) swap(p, q int) {
	if p == q {
		return
	}
	a, n := e.a, e.size
	e.index[p], e.index[q] = e.index[q], e.index[p]
	for k := 0; k < p*n; k += n {
		a[k+p], a[k+q] = a[k+q], a[k+p]
	}
	a[p*n+p], a[q*n+q] = a[q*n+q], a[p*n+p]
	for i := p + 1; i < q; i++ {
		a[p*n+i], a[i*n+q] = a[i*n+q], a[p*n+i]
	}
	cp, cq := a[p*n+q+1:p*n+n], a[q*n+q+1:q*n+n]
	for i, v := range cp {
		cp[i], cq[i] = cq[i], v
	}
}

// null takes the first column of the window as a zero pivot.
func (e *elimination) null() {
	k := e.done
	clear(e.a[k*e.size+k+1 : (k+1)*e.size])
	e.inverse[2*k], e.inverse[2*k+1] = 0, 0
	e.inertia.Zero++
	e.done++
}

func (e *elimination) count(positive bool) {
	if positive {
		e.inertia.Positive++
	} else {
		e.inertia.Negative++
	}
}

// one applies the first column of the window as a pivot to the rest of the window.
func (e *elimination) one() {
	k, n := e.done, e.size
	col := e.a[k*n : (k+1)*n]
	d := 1 / col[k]
	e.count(d > 0)
	e.inverse[2*k], e.inverse[2*k+1] = d, 0
	for j := k + 1; j < e.end; j++ {
		if w := col[j] * d; w != 0 {
			subtract(e.a[j*n+j:(j+1)*n], col[j:], w)
		}
	}
	for i := k + 1; i < n; i++ {
		col[i] *= d
	}
	e.done++
}

// two applies the first two columns of the window as a pivot to the rest of the window.
func (e *elimination) two() {
	k, n := e.done, e.size
	c0, c1 := e.a[k*n:(k+1)*n], e.a[(k+1)*n:(k+2)*n]
	a, b, c := c0[k], c0[k+1], c1[k+1]
	// Division by b first keeps the products from running out of range.
	t := a/b*(c/b) - 1
	ia, ib, ic := c/b/b/t, -1/b/t, a/b/b/t
	if det := a*c - b*b; det < 0 {
		e.count(true)
		e.count(false)
	} else {
		e.count(a > 0)
		e.count(a > 0)
	}
	e.inverse[2*k], e.inverse[2*k+1], e.inverse[2*k+2], e.inverse[2*k+3] = ia, ib, ic, 0
	for j := k + 2; j < e.end; j++ {
		v0, v1 := c0[j], c1[j]
		if v0 != 0 || v1 != 0 {
			subtract2(e.a[j*n+j:(j+1)*n], c0[j:], c1[j:], ia*v0+ib*v1, ib*v0+ic*v1)
		}
	}
	for i := k + 2; i < n; i++ {
		v0, v1 := c0[i], c1[i]
		c0[i], c1[i] = ia*v0+ib*v1, ib*v0+ic*v1
	}
	c0[k+1] = 0 // L is unit lower triangular: the coupling is part of D
	e.done += 2
}
