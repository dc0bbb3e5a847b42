package learning

import (
	"context"
	"math"
)

// active goes from the present α to the exact answer by a primal active set method: the equations of the free samples M,
//
//	[ Q_MM + δ  y_M ] [ dα ]     [ grad_M ]
//	[ y_M'      0   ] [ -b ] = - [ y'α    ]
//
// give a direction, along which α moves until a sample meets a bound and leaves M; where none does, the sample that violates its condition most enters.
// It reports whether all conditions hold.
func (k *kernel) active(ctx context.Context) bool {
	k.gradient()
	k.free = k.free[:0]
	for j, a := range k.alpha {
		if a > 0 && a < k.c {
			k.free = append(k.free, j)
		}
	}
	if len(k.free) > 1500 {
		return false // the factorisations would cost more than further pairs
	}
	settled := 0 // full steps since the set changed
	for range 3*len(k.free) + 60 {
		if ctx.Err() != nil {
			return false
		}
		tol := 1e-10
		for _, a := range k.alpha {
			tol += 1e-14 * a
		}
		if len(k.free) == 0 {
			lo, hi, i, j := k.interval()
			if lo <= hi+tol || i < 0 || j < 0 {
				k.centre(lo, hi, i, j)
				return true
			}
			k.enter(i)
			if i != j {
				k.enter(j)
			}
		}
		d, b := k.direction()
		t, hit := 1.0, -1
		for i, j := range k.free {
			switch a := k.alpha[j]; {
			case a+d[i] < 0 && -a/d[i] < t:
				t, hit = -a/d[i], i
			case a+d[i] > k.c && (k.c-a)/d[i] < t:
				t, hit = (k.c-a)/d[i], i
			}
		}
		left := k.free[:0]
		for i, j := range k.free {
			to := k.alpha[j] + t*d[i]
			if i == hit {
				to = 0
				if d[i] > 0 {
					to = k.c
				}
			}
			k.move(j, k.snap(to))
			if k.alpha[j] > 0 && k.alpha[j] < k.c {
				left = append(left, j)
			}
		}
		if len(left) < len(k.free) {
			k.free, settled = left, 0
			continue
		}
		k.b = b
		worst, at := tol, -1
		for j, g := range k.grad {
			g -= b * k.y[j]
			if k.alpha[j] == 0 && -g > worst || k.alpha[j] == k.c && g > worst {
				worst, at = math.Abs(g), j
			}
		}
		if at >= 0 && !k.enter(at) {
			return false
		}
		if at >= 0 {
			settled = 0
			continue
		}
		// A second full step removes what δ left over, with a fresh gradient.
		if settled++; settled > 1 {
			return k.residual() <= 1e-9
		}
		k.gradient()
	}
	return false
}

// snap moves what is within rounding of a bound to it.
func (k *kernel) snap(a float64) float64 {
	switch {
	case a < 1e-11*k.c:
		return 0
	case a > k.c*(1-1e-11):
		return k.c
	}
	return a
}

// enter frees a sample; it reports whether it was not free before.
func (k *kernel) enter(j int) bool {
	at := 0
	for at < len(k.free) && k.free[at] < j {
		at++
	}
	if at < len(k.free) && k.free[at] == j {
		return false
	}
	k.free = append(k.free, 0)
	copy(k.free[at+1:], k.free[at:])
	k.free[at] = j
	return true
}

// direction solves the equations of the free samples for dα and b.
func (k *kernel) direction() (d []float64, b float64) {
	k.factor()
	m := len(k.free)
	d, u := make([]float64, m), make([]float64, m)
	sum := 0.0
	for j, a := range k.alpha {
		sum += a * k.y[j]
	}
	for i, j := range k.free {
		d[i], u[i] = -k.grad[j], k.y[j]
	}
	choleskySolve(k.h, m, d)
	choleskySolve(k.h, m, u)
	yd, yu := 0.0, 0.0
	for i, j := range k.free {
		yd += k.y[j] * d[i]
		yu += k.y[j] * u[i]
	}
	b = -(sum + yd) / yu
	for i := range d {
		d[i] += b * u[i]
	}
	return d, b
}

// factor factorises Q_MM + δ; δ chooses among the answers where samples coincide.
func (k *kernel) factor() {
	const delta = 1e-11
	m := len(k.free)
	if cap(k.h) < m*m {
		k.h = make([]float64, m*m+m*m/2)
	}
	k.h = k.h[:m*m]
	for i, j := range k.free {
		row := k.row(j)
		for q, s := range k.free[:i+1] {
			k.h[i*m+q] = row[s]
		}
		k.h[i*m+i] += delta
	}
	cholesky(k.h, m)
}

// centre puts b in the middle of its interval where no sample is free.
func (k *kernel) centre(lo, hi float64, i, j int) {
	k.ends = [2]int{i, j}
	switch {
	case i >= 0 && j >= 0:
		k.b = lo/2 + hi/2
	case i >= 0:
		k.b = hi
	case j >= 0:
		k.b = lo
	}
}
