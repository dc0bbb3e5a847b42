package global

import (
	"math"

	"github.com/gobilevel/bilevel/model/expr"
)

// well is a local solution with its multipliers, in the signs of package smooth.
type well struct {
	x            []float64
	value        float64
	rows         []float64 // of the constraints
	lower, upper []float64 // of the bounds
}

// lagrangian bounds the objective over boxes near a well by the augmented Lagrangian; it holds the memory for that.
type lagrangian struct {
	h       symmetric
	work    []float64
	radius  []float64
	over    []expr.Interval // Hessian, lower triangle
	weights []expr.Interval
	penalty []float64
	pull    []float64 // penalties of the bounds
	place   []int     // variable: its index among those with width, or -1
	free    []int
	grad    []expr.Interval
	c       []float64
}

// bound returns a lower bound of the objective over the feasible points of the box, -Inf where it finds none. With the well's multipliers λ and zl, zu,
//
//	A(x) = f + Σ_r ( λ_r e_r + ρ_r/2 e_r² ) + Σ_j ( -zl_j a_j + σ_j/2 a_j² ),   e_r = c_r - s_r,   a_j = x_j - l_j,
//
// (upper bounds alike), which is at most f where 0 >= e_r >= -2λ_r/ρ_r and 0 <= a_j <= 2 zl_j/σ_j; equations take any ρ. Taylor's theorem at the point c of the box
// that is nearest to the well gives
//
//	A(x) >= A(c) + ∇A(c)'(x - c) + ½ mu Σ_j ((x_j - c_j)/w_j)²,
//
// w the widths of the box and mu a proven lower bound of the eigenvalues of the Hessians of A over the box in units of w.
func (g *lagrangian) bound(s *search, w *well, box []expr.Interval) float64 {
	none := math.Inf(-1)
	if !s.ranges[0].Smooth || !g.prepare(s, w, box) {
		return none
	}
	mu := g.curvature(s, box)
	if math.IsInf(mu, -1) {
		return none
	}
	v := g.taylor(s, w, box)
	if v.IsEmpty() {
		return none
	}
	for j, b := range box {
		d := b.Sub(expr.Point(g.c[j]))
		if d.Lo == 0 && d.Hi == 0 {
			continue
		}
		v = v.Add(expr.Point(leastOf(g.grad[j], d, mu, b.Width())))
	}
	return v.Lo
}

// leastOf bounds g d + ½ mu (d/w)² from below over d in an interval around 0.
func leastOf(g, d expr.Interval, mu, w float64) float64 {
	line := g.Mul(d).Lo
	if w <= 0 {
		return line
	}
	curve := func(d float64) expr.Interval { return expr.Point(d).Div(expr.Point(w)).Square().Scale(mu).Scale(0.5) }
	if mu <= 0 { // concave: least at an end
		a := g.Mul(expr.Point(d.Lo)).Add(curve(d.Lo))
		b := g.Mul(expr.Point(d.Hi)).Add(curve(d.Hi))
		return math.Min(math.Min(a.Lo, b.Lo), 0)
	}
	// Over all d the least is -g²w²/2mu.
	m := g.Magnitude()
	free := expr.Point(m).Mul(expr.Point(w)).Square().Div(expr.Point(mu).Scale(2)).Neg().Lo
	return math.Max(line, free)
}

// prepare chooses the penalties and the weights of the constraints' Hessians; false where a constraint that has to be used is not smooth over the box.
func (g *lagrangian) prepare(s *search, w *well, box []expr.Interval) bool {
	n, m := s.p.n, len(s.p.functions)
	if g.place == nil {
		g.place, g.pull, g.grad, g.c = make([]int, n), make([]float64, n), make([]expr.Interval, n), make([]float64, n)
		g.weights, g.penalty = make([]expr.Interval, m), make([]float64, m)
		g.work, g.radius, g.over = make([]float64, n*n), make([]float64, n*n), make([]expr.Interval, n*n)
	}
	g.free = g.free[:0]
	for j, b := range box {
		g.place[j] = -1
		if math.IsInf(b.Lo, 0) || math.IsInf(b.Hi, 0) {
			return false
		}
		g.c[j] = math.Min(math.Max(w.x[j], b.Lo), b.Hi)
		if b.Lo < b.Hi {
			g.place[j] = len(g.free)
			g.free = append(g.free, j)
		}
		g.pull[j] = 0
		width := b.Hi - b.Lo
		if z := w.lower[j] - w.upper[j]; z > 0 && b.Lo <= s.p.lower[j]+width || z < 0 && b.Hi >= s.p.upper[j]-width {
			far := b.Hi - s.p.lower[j]
			if z < 0 {
				far = s.p.upper[j] - b.Lo
			}
			if far > 0 {
				g.pull[j] = 2 * math.Abs(z) / far * (1 - 1e-12)
			}
		}
	}
	g.weights[0], g.penalty[0] = expr.Point(1), 0
	for k := 1; k < m; k++ {
		g.weights[k], g.penalty[k] = expr.Interval{}, 0
		l, side := s.multiplier(w, k)
		equation := s.p.sides[k].Lo == s.p.sides[k].Hi
		if l == 0 && !equation || math.IsInf(side, 0) {
			continue
		}
		r := s.ranges[k]
		if !r.Smooth {
			if l == 0 {
				continue
			}
			return false
		}
		e := r.Value.Sub(expr.Point(side))
		if math.IsInf(e.Lo, 0) || math.IsInf(e.Hi, 0) || e.IsEmpty() {
			return false
		}
		far, share := -e.Lo, 1.0
		if l < 0 {
			far = e.Hi
		}
		if s.p.functions[k].affine {
			share = 2
		}
		strength := math.Abs(l)
		if equation {
			far = e.Magnitude()
			strength = math.Max(strength, s.ranges[0].largestSlope())
		}
		if far > 0 {
			g.penalty[k] = math.Min(share*strength/far*(1-1e-12), 1e12)
		}
		g.weights[k] = expr.Point(l).Add(e.Scale(g.penalty[k]))
	}
	return true
}

// largestSlope is the size of the gradient in the middle of its ranges.
func (r Range) largestSlope() float64 {
	v := 0.0
	for _, g := range r.Gradient {
		if m := math.Abs(g.Middle()); !math.IsNaN(m) {
			v = math.Max(v, m)
		}
	}
	return v
}

// multiplier is that of function k at the well, and the side that it belongs to.
func (s *search) multiplier(w *well, k int) (l, side float64) {
	if k-1 >= len(w.rows) { // a pair
		return 0, math.Inf(1)
	}
	l = w.rows[k-1]
	if side = s.p.sides[k].Hi; l < 0 {
		side = s.p.sides[k].Lo
	}
	return l, side
}

// curvature bounds the eigenvalues of the Hessians of A over the box in units of its widths from below.
func (g *lagrangian) curvature(s *search, box []expr.Interval) float64 {
	n := len(g.free)
	if n == 0 {
		return 0
	}
	tri := g.over[:n*(n+1)/2]
	for k := range tri {
		tri[k] = expr.Interval{}
	}
	for k, f := range s.p.functions {
		w := g.weights[k]
		if f.affine || w.Lo == 0 && w.Hi == 0 {
			continue
		}
		h := f.HessianOver(box)
		for a, i := range f.vars {
			for b, j := range f.vars[:a+1] {
				x, y := g.place[i], g.place[j]
				if e := h[a*(a+1)/2+b]; x >= 0 && y >= 0 && (e.Lo != 0 || e.Hi != 0) {
					if x < y {
						x, y = y, x
					}
					tri[x*(x+1)/2+y] = tri[x*(x+1)/2+y].Add(w.Mul(e))
				}
			}
		}
	}
	// H in units of the widths is M + E, |E| <= R, and more by what follows.
	g.h.reset(n)
	loss := 0.0
	radius := g.radius[:n]
	clear(radius)
	for x, i := range g.free {
		for y, j := range g.free[:x+1] {
			h := tri[x*(x+1)/2+y].Scale(box[i].Width()).Scale(box[j].Width())
			if x == y {
				h = h.Add(expr.Point(g.pull[i] * (1 - 1e-12)).Scale(box[i].Width()).Scale(box[i].Width()))
			}
			if h.IsEmpty() || math.IsInf(h.Lo, 0) || math.IsInf(h.Hi, 0) {
				return math.Inf(-1)
			}
			mid := h.Lo/2 + h.Hi/2
			rad := math.Nextafter(math.Max(h.Hi-mid, mid-h.Lo), math.Inf(1))
			g.h.add(x, y, mid)
			radius[x] += rad
			if x != y {
				radius[y] += rad
			}
		}
	}
	for k := 1; k < len(s.p.functions); k++ {
		if g.penalty[k] > 0 {
			loss += g.ridge(s, k, box)
		}
	}
	worst := 0.0
	for _, r := range radius {
		worst = math.Max(worst, r)
	}
	mu := g.h.curvature(g.work)
	return mu - (worst+loss)*(1+1e-12)
}

// ridge adds the penalty ρ J'J of a constraint, J its gradient over the box in units of the widths. With J = j + E,
//
//	(Jz)² >= (1-θ) (j'z)² - (1/θ - 1) |E|² |z|²,   θ = 1/4,
//
// whose second part it returns.
func (g *lagrangian) ridge(s *search, k int, box []expr.Interval) (loss float64) {
	const theta = 0.25
	f := s.p.functions[k]
	rho := g.penalty[k]
	j := g.work[:len(g.free)]
	clear(j)
	off := 0.0
	for a, v := range f.vars {
		x := g.place[v]
		if x < 0 {
			continue
		}
		d := s.ranges[k].Gradient[a].Scale(box[v].Width())
		if d.IsEmpty() || math.IsInf(d.Lo, 0) || math.IsInf(d.Hi, 0) {
			return math.Inf(1)
		}
		j[x] = d.Lo/2 + d.Hi/2
		r := math.Nextafter(math.Max(d.Hi-j[x], j[x]-d.Lo), math.Inf(1))
		off += r * r
	}
	share := 1 - theta
	if off == 0 {
		share = 1
	}
	size := 0.0
	for x := range j {
		for y := range j[:x+1] {
			v := share * rho * j[x] * j[y]
			g.h.add(x, y, v)
			size = math.Max(size, math.Abs(v))
		}
	}
	return ((1/theta-1)*rho*off + float64(4*len(j)*len(j))*epsilon*size) * (1 + 1e-12)
}

// taylor encloses A at the point c and leaves its gradient in grad.
func (g *lagrangian) taylor(s *search, w *well, box []expr.Interval) expr.Interval {
	v, d := s.p.functions[0].At(g.c)
	for j := range g.grad {
		g.grad[j] = expr.Interval{}
	}
	for a, j := range s.p.functions[0].vars {
		g.grad[j] = d[a]
	}
	for k := 1; k < len(s.p.functions); k++ {
		l, side := s.multiplier(w, k)
		if l == 0 && g.penalty[k] == 0 {
			continue
		}
		f := s.p.functions[k]
		c, d := f.At(g.c)
		e := c.Sub(expr.Point(side))
		rho := expr.Point(g.penalty[k])
		v = v.Add(e.Scale(l)).Add(e.Square().Mul(rho).Scale(0.5))
		t := expr.Point(l).Add(e.Mul(rho))
		for a, j := range f.vars {
			g.grad[j] = g.grad[j].Add(d[a].Mul(t))
		}
	}
	for j := range g.c {
		z := w.lower[j] - w.upper[j]
		if g.pull[j] == 0 {
			continue
		}
		a := expr.Point(g.c[j])
		if z > 0 {
			a = a.Sub(expr.Point(s.p.lower[j]))
		} else {
			a = a.Sub(expr.Point(s.p.upper[j]))
		}
		sigma := expr.Point(g.pull[j])
		v = v.Sub(a.Scale(z)).Add(a.Square().Mul(sigma).Scale(0.5))
		g.grad[j] = g.grad[j].Sub(expr.Point(z)).Add(a.Mul(sigma))
	}
	return v
}
