package learning

import (
	"fmt"
	"math"
)

// groupLasso is solved by descent in blocks: with L_g a bound on the largest eigenvalue of the block G_gg of the least-squares data and the gradient q,
//
//	u = w_g - q_g/L_g,   w_g <- max(0, 1 - Λ_g/(L_g|u|)) u,   Λ_g = λ_g √n_g,
//
// then b, round after round, until the duality gap is at the size of rounding (see gap) or Newton's method on the groups in use, where the objective is smooth,
// ends at an answer that satisfies all conditions.
type groupLasso struct {
	*gram
	yy     float64 // Σ y²
	groups [][]int
	root   []float64 // √n_g
	curve  []float64 // L_g
	lam    []float64 // Λ_g
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
		l.curve = append(l.curve, l.bound(q))
	}
	l.lam = make([]float64, len(l.groups))
	return l
}

// bound is (tr B^16)^(1/16) of the block B of a group: at least its largest eigenvalue, and at most n_g^(1/16) times it.
func (l *groupLasso) bound(q []int) float64 {
	n, trace := len(q), 0.0
	b, c := make([]float64, n*n), make([]float64, n*n)
	for i, k := range q {
		trace += l.row(k)[k]
		for j, s := range q {
			b[i*n+j] = l.row(k)[s]
		}
	}
	if !(trace > 0) {
		return 0
	}
	for i := range b {
		b[i] /= trace
	}
	for range 4 {
		clear(c)
		for i := range n {
			for j, t := range b[i*n : i*n+n] {
				if t != 0 {
					addTimes(c[i*n:i*n+n], t, b[j*n:j*n+n])
				}
			}
		}
		b, c = c, b
	}
	s := 0.0
	for i := range n {
		s += b[i*n+i]
	}
	return trace * math.Pow(s, 1.0/16) * (1 + 1e-12)
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

func (l *groupLasso) fit(h *Hyper) error {
	for i := range l.lam {
		l.lam[i] = h.L1 * l.root[i]
		if h.Weights != nil {
			l.lam[i] = h.Weights[i] * l.root[i]
		}
	}
	l.gradient(l.v, l.g)
	for round := range 100000 {
		most := 0.0
		for i, q := range l.groups {
			most = math.Max(most, l.block(i, q))
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

// block moves one group and returns how far, in the norm of its curvature.
func (l *groupLasso) block(i int, q []int) float64 {
	c := l.curve[i]
	if c == 0 {
		return 0 // features that are zero everywhere keep the weight 0
	}
	u, s := make([]float64, len(q)), 0.0
	for j, k := range q {
		u[j] = l.v[k] - l.g[k]/c
		s = math.Hypot(s, u[j])
	}
	shrink := 0.0
	if s > 0 {
		shrink = math.Max(0, 1-l.lam[i]/(c*s))
	}
	moved := 0.0
	for j, k := range q {
		if d := shrink*u[j] - l.v[k]; d != 0 {
			l.v[k] += d
			addTimes(l.g, d, l.row(k))
			moved = math.Hypot(moved, d)
		}
	}
	return moved * math.Sqrt(c)
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

// support factorises the Hessian on the groups in use: to G_gg comes Λ_g (I/|w_g| - w_g w_g'/|w_g|³).
func (l *groupLasso) support() {
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
	cholesky(l.k, s)
}

// exact goes on by Newton's method on the groups in use and keeps the answer if it satisfies all conditions.
func (l *groupLasso) exact() bool {
	old := append([]float64(nil), l.v...)
	for range 12 {
		l.support()
		l.gradient(l.v, l.g)
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
		for i, k := range l.on {
			l.v[k] += step[i]
		}
		if l.residual() <= 1e-12 {
			return true
		}
	}
	if l.residual() <= 1e-11 {
		return true
	}
	copy(l.v, old)
	return false
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
	l.support()
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
