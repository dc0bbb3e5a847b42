package learning

import (
	"context"
	"fmt"
	"math"
)

// groupLasso is solved by descent in blocks: with the gradient q of the squares at w_g = 0 and the others as they are, w_g is the answer of
//
//	min ½ w'G_gg w + q'w + Λ_g|w|,   Λ_g = λ_g √n_g,
//
// which is 0 where |q| <= Λ_g, and else -(G_gg + (Λ_g/s) I)⁻¹ q for the length s = |w_g| that this gives. After the groups comes b, round after round, until the duality gap
// is at the size of rounding (see gap) or Newton's method on the groups in use, where the objective is smooth, ends at an answer that satisfies all conditions.
type groupLasso struct {
	*gram
	yy     float64 // Σ y²
	groups [][]int
	root   []float64  // √n_g
	block  []spectrum // of G_gg
	lam    []float64  // Λ_g
	v, g   []float64
	k      []float64 // the factorised Hessian on the groups in use and b
	on     []int     // their features, group by group, and then b
	used   []int     // the groups in use
}

func newGroupLasso(d *Data) *groupLasso {
	n1 := d.Width() + 1
	l := &groupLasso{gram: newGram(d), groups: d.groups(), v: make([]float64, n1), g: make([]float64, n1)}
	for _, y := range d.Y {
		l.yy += y * y
	}
	for _, q := range l.groups {
		l.root = append(l.root, math.Sqrt(float64(len(q))))
		l.block = append(l.block, l.spectrum(q))
	}
	l.lam = make([]float64, len(l.groups))
	return l
}

func (l *groupLasso) row(k int) []float64 { return l.gram.g[k*(l.n+1) : (k+1)*(l.n+1)] }
func (l *groupLasso) at() []float64       { return l.v }

// size is |a_g|.
func size(a []float64, q []int) float64 {
	s := 0.0
	for _, k := range q {
		s = math.Hypot(s, a[k])
	}
	return s
}

func (l *groupLasso) fit(ctx context.Context, h *Hyper) error {
	for i := range l.lam {
		l.lam[i] = h.L1 * l.root[i]
		if h.Weights != nil {
			l.lam[i] = h.Weights[i] * l.root[i]
		}
	}
	if norm := math.Sqrt(dot(l.v, l.v)); !(norm < 1e12) {
		clear(l.v) // the last answer is no place to start from
	}
	l.gradient(l.v, l.g)
	for round := range 100000 {
		if err := ctx.Err(); err != nil {
			return err
		}
		most := 0.0
		for i, q := range l.groups {
			most = math.Max(most, l.update(i, q))
		}
		l.intercept()
		if round%10 == 9 || most < 1e-9 {
			if l.exact() {
				return nil
			}
			l.gradient(l.v, l.g)
			l.intercept()
			if l.gap() <= 1e-15*(1+l.yy) {
				break
			}
		}
	}
	l.exact()
	if r := l.residual(); !(r <= 1e-6) {
		return fmt.Errorf("learning: descent in blocks stopped at a residual of %.1e; scale the features or raise the penalty", r)
	}
	return nil
}

// intercept solves for b.
func (l *groupLasso) intercept() {
	d := -l.g[l.n] / l.row(l.n)[l.n]
	l.v[l.n] += d
	addTimes(l.g, d, l.row(l.n))
}

// gap is the objective less the value of the dual problem at s r, with the residuals r = y - Xw + b (of sum 0 for the best b) and the best s:
//
//	max y'θ - ½|θ|²   over Σ θ = 0, |X_g'θ| <= Λ_g for all groups.
//
// It bounds how far the objective is above its least value.
func (l *groupLasso) gap() float64 {
	most, penalty := math.Inf(1), 0.0
	for i, q := range l.groups {
		if s := size(l.g, q); s > 0 {
			most = math.Min(most, l.lam[i]/s)
		}
		penalty += l.lam[i] * size(l.v, q)
	}
	yr := l.yy - dot(l.c, l.v)
	rr := math.Max(yr+dot(l.v, l.g), 0)
	if rr == 0 {
		return penalty
	}
	s := math.Min(math.Max(yr/rr, -most), most)
	return rr/2 + penalty - s*yr + s*s*rr/2
}

// support factorises the Hessian on the groups in use: to G_gg comes Λ_g (I/|w_g| - w_g w_g'/|w_g|³). The diagonal grows by a share, which keeps steps short
// where features depend on each other.
func (l *groupLasso) support(share float64) {
	l.on, l.used = l.on[:0], l.used[:0]
	for i, q := range l.groups {
		if size(l.v, q) > 0 {
			l.used = append(l.used, i)
			l.on = append(l.on, q...)
		}
	}
	l.on = append(l.on, l.n)
	s := len(l.on)
	l.k = append(l.k[:0], make([]float64, s*s)...)
	for i, k := range l.on {
		for j, q := range l.on[:i+1] {
			l.k[i*s+j] = l.row(k)[q]
		}
	}
	from := 0
	for _, i := range l.used {
		q := l.groups[i]
		w := size(l.v, q)
		for a, k := range q {
			for b, t := range q[:a+1] {
				l.k[(from+a)*s+from+b] -= l.lam[i] / w * (l.v[k] / w) * (l.v[t] / w)
			}
			l.k[(from+a)*s+from+a] += l.lam[i] / w
		}
		from += len(q)
	}
	for i := range s {
		l.k[i*s+i] *= 1 + share
	}
	cholesky(l.k, s)
}

// value is the objective, for which the gradient of the squares is up to date.
func (l *groupLasso) value() float64 {
	f := (l.yy - dot(l.c, l.v) + dot(l.v, l.g)) / 2
	for i, q := range l.groups {
		f += l.lam[i] * size(l.v, q)
	}
	return f
}

// exact goes on by Newton's method on the groups in use, with steps that do not raise the objective, and reports whether the answer satisfies all conditions.
func (l *groupLasso) exact() bool {
	old := make([]float64, len(l.v))
	l.gradient(l.v, l.g)
	f := l.value()
	for range 30 {
		l.support(1e-10)
		step := make([]float64, len(l.on))
		for i, k := range l.on {
			step[i] = -l.g[k]
		}
		from := 0
		for _, i := range l.used {
			q := l.groups[i]
			w := size(l.v, q)
			for a, k := range q {
				step[from+a] -= l.lam[i] * l.v[k] / w
			}
			from += len(q)
		}
		choleskySolve(l.k, len(l.on), step)
		norm, far := math.Sqrt(dot(step, step)), 10*(1+math.Sqrt(dot(l.v, l.v)))
		if math.IsNaN(norm) || math.IsInf(norm, 0) {
			break
		}
		copy(old, l.v)
		// Along directions without curvature steps are long, and the objective loses its digits.
		t, better := math.Min(1, far/norm), false
		for range 12 {
			for i, k := range l.on {
				l.v[k] = old[k] + t*step[i]
			}
			l.gradient(l.v, l.g)
			if next := l.value(); next <= f+1e-13*(1+l.yy) {
				better = next < f-1e-12*(1e-3*l.yy+f)
				f = next
				break
			}
			t /= 3
		}
		for _, i := range l.used {
			if q := l.groups[i]; size(l.v, q) < 1e-9*size(old, q) {
				for _, k := range q {
					l.v[k] = 0
				}
				l.gradient(l.v, l.g)
			}
		}
		if l.residual() <= 1e-12 {
			return true
		}
		if !better {
			if !(l.value() <= f+1e-13*(1+l.yy)) {
				copy(l.v, old)
			}
			break
		}
	}
	l.gradient(l.v, l.g)
	return l.residual() <= 1e-11
}

func (l *groupLasso) residual() float64 {
	g := make([]float64, l.n+1)
	l.gradient(l.v, g)
	worst := math.Abs(g[l.n]) / (1 + math.Abs(l.c[l.n]))
	for i, q := range l.groups {
		w, scale := size(l.v, q), 1+size(l.c, q)+l.lam[i]
		if w == 0 {
			worst = math.Max(worst, (size(g, q)-l.lam[i])/scale)
			continue
		}
		for _, k := range q {
			g[k] += l.lam[i] * l.v[k] / w
		}
		worst = math.Max(worst, size(g, q)/scale)
	}
	if math.IsNaN(worst) {
		return math.Inf(1)
	}
	return worst
}

func (l *groupLasso) pull(g []float64, out *Hyper) {
	l.support(0)
	p := make([]float64, len(l.on))
	for i, k := range l.on {
		p[i] = g[k]
	}
	choleskySolve(l.k, len(l.on), p)
	from := 0
	for _, i := range l.used {
		q := l.groups[i]
		w := size(l.v, q)
		for a, k := range q {
			t := p[from+a] * l.root[i] * l.v[k] / w
			out.L1 -= t
			out.Weights[i] -= t
		}
		from += len(q)
	}
}
