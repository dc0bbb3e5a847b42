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
	next    int // where the search for a pivot begins
	inertia Inertia
	weights [2 * window]float64
	// The largest entry of a column below the window, where the column's stamp is the current one.
	below  []float64
	stamps []int
	stamp  int
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
		for e.done < e.end && e.step() {
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

// step applies a pivot of the window: the first that meets the strong threshold or else the first that meets the weak one. The search
// begins behind the column where the last one ended, as those before it have just been found wanting.
func (e *elimination) step() bool {
	e.stamp++
	count := e.end - e.done
	from := max(e.next-e.done, 0)
	if from >= count {
		from = 0
	}
	weakQ, weakR := -1, -1
	for k := range count {
		q := e.done + from + k
		if q >= e.end {
			q -= count
		}
		off, r := e.largest(q, -1)
		d := math.Abs(e.a[q*e.size+q])
		switch {
		case max(d, off) <= negligible:
			e.next = q + 1
			e.swap(e.done, q)
			e.null()
			return true
		case d <= negligible:
		case d >= strong*off:
			e.next = q + 1
			e.swap(e.done, q)
			e.one()
			return true
		case d >= e.weak*off && weakQ < 0:
			weakQ, weakR = q, -1
		}
		if r < 0 {
			continue
		}
		if u := e.pair(q, r); u >= strong {
			e.next = q + 1
			e.bring(q, r)
			e.two()
			return true
		} else if u >= e.weak && weakQ < 0 {
			weakQ, weakR = q, r
		}
	}
	switch {
	case weakQ < 0:
		return false
	case weakR < 0:
		e.swap(e.done, weakQ)
		e.one()
	default:
		e.bring(weakQ, weakR)
		e.two()
	}
	return true
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
	if e.stamps[q] != e.stamp {
		e.stamps[q], e.below[q] = e.stamp, peak(col[e.end:])
	}
	return max(off, e.below[q]), row
}

// peak is the largest size of an entry.
func peak(x []float64) float64 {
	var a, b float64
	i := 0
	for ; i+1 < len(x); i += 2 {
		if v := math.Abs(x[i]); v > a {
			a = v
		}
		if v := math.Abs(x[i+1]); v > b {
			b = v
		}
	}
	if i < len(x) {
		a = max(a, math.Abs(x[i]))
	}
	return max(a, b)
}

// pair returns the largest threshold u that columns q and r meet as a pivot of order two,
//
//	|D^-1| (m_q, m_r)' <= (1, 1)' / u,
//
// with m the largest other entries of the columns; 0 where the pivot is next to singular.
func (e *elimination) pair(q, r int) (u float64) {
	mq, _ := e.largest(q, r)
	mr, _ := e.largest(r, q)
	a, b, c := math.Abs(e.at(q, q)), e.at(r, q), math.Abs(e.at(r, r))
	det := math.Abs(e.at(q, q)*e.at(r, r) - b*b)
	b = math.Abs(b)
	if det <= cancelled*max(a*c, b*b) || det <= negligible*max(a, b, c) {
		return 0
	}
	most := max(c*mq+b*mr, b*mq+a*mr)
	if most <= det {
		return 1
	}
	return det / most
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
