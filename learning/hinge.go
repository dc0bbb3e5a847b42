package learning

import (
	"context"
	"fmt"
	"math"
	"slices"
)

// side is where a hinge or a weight of an answer stands.
type side uint8

const (
	below  side = iota // hinge: no loss, α = 0; weight: within its box
	corner             // hinge: at its corner, 0 <= α <= C
	above              // hinge: loss, α = C; weight: at a side of its box
)

// inner is the sign that makes the gap r_j - a_j'v of a hinge negative on its side; the index is a side, of which there are three.
var inner = [4]float64{below: 1, corner: 0, above: -1}

// hinges is the training problem of support vector machines in the form
//
//	min ½|w|² + C Σ_j max(0, r_j - a_j'v)   over v = (w, b), |w_k| <= box_k,
//
// with a_j = y_j (x_j, -1), r_j = 1 for a classifier; a regression has two hinges a sample, ±(x_j, -1) and ±y_j - ε. Its optimality
// conditions, with multipliers α of the hinges and γ of the boxes, are
//
//	w - Σ α_j a_jw + γ = 0,   Σ α_j a_jb = 0,   α_j = C, in [0, C], 0 where r_j - a_j'v is positive, zero, negative.
//
// Answers come from the active set of the last answer where it still fits, else from an interior point method whose active set
// is then made exact.
type hinges struct {
	n, m   int
	a      [][]float64 // m rows of n+1
	fixed  []float64   // r = fixed - ε*tube
	tube   float64
	r      []float64
	c      float64
	radius float64 // R of the last fit; 0: none
	box    []float64
	span   []float64 // the largest |a_jk|, at least 1, of each weight
	v      []float64
	alpha  []float64
	hinge  []side
	weight []side
	warm   bool
	k      lu
	free   []int  // weights within their box
	at0    []int  // hinges at their corner
	ends   [2]int // hinges that bound b where it is free

	columns *columns  // of a, for paths; nil before the first
	lengths []float64 // Σ_k |a_jk|
	widest  float64   // the largest |a_jk|
}

func newHinges(d *Data, task Task) *hinges {
	h := &hinges{n: d.Width(), m: d.Len()}
	if task == SVR {
		h.m, h.tube = 2*h.m, 1
	}
	h.a, h.fixed = make([][]float64, 0, h.m), make([]float64, 0, h.m)
	rows := make([]float64, h.m*(h.n+1))
	add := func(x []float64, sign, r float64) {
		at := len(h.a) * (h.n + 1)
		a := rows[at : at+h.n+1 : at+h.n+1]
		for k, v := range x {
			a[k] = sign * v
		}
		a[h.n] = -sign
		h.a, h.fixed = append(h.a, a), append(h.fixed, r)
	}
	for i, x := range d.X {
		if task == SVC {
			add(x, d.Y[i], 1)
			continue
		}
		add(x, -1, -d.Y[i])
		add(x, 1, d.Y[i])
	}
	h.span = make([]float64, h.n)
	for k := range h.span {
		h.span[k] = 1
		for _, a := range h.a {
			h.span[k] = math.Max(h.span[k], math.Abs(a[k]))
		}
	}
	h.r, h.alpha = make([]float64, h.m), make([]float64, h.m)
	h.hinge, h.weight = make([]side, h.m), make([]side, h.n)
	h.v, h.box = make([]float64, h.n+1), make([]float64, h.n)
	return h
}

func (h *hinges) at() []float64 { return h.v }

func (h *hinges) fit(ctx context.Context, p *Hyper) error {
	if h.radius = 0; p.Radius > 0 {
		err := h.fitRadius(ctx, p)
		h.radius = p.Radius
		return err
	}
	before := h.copied()
	h.c = p.C
	for j := range h.r {
		h.r[j] = h.fixed[j] - p.Epsilon*h.tube
	}
	for k := range h.box {
		h.box[k] = math.Inf(1)
		if p.Box != nil {
			h.box[k] = p.Box[k]
		}
	}
	// A regression away from its last answer has too many hinges on the wrong side for a start from extreme multipliers.
	if h.warm && (h.follow(before.c) || h.travel(ctx, before)) || !(h.warm && h.tube > 0) && h.sprint(ctx) {
		h.warm = true
		return nil
	}
	h.warm = false
	h.interior(ctx)
	if err := ctx.Err(); err != nil {
		return err
	}
	h.classify()
	v, alpha := slices.Clone(h.v), slices.Clone(h.alpha)
	worst := h.residual()
	h.correct()
	if after := h.residual(); !(after <= worst) {
		h.v, h.alpha = v, alpha
	}
	h.centre()
	r := h.residual()
	if !(r <= 1e-8) {
		r = h.traced(ctx, p, r)
		if err := ctx.Err(); err != nil {
			return err
		}
	}
	if !(r <= 1e-6) {
		return fmt.Errorf("learning: the training of a support vector machine with C = %.4g stopped at a residual of %.1e; scale the features", h.c, r)
	}
	h.warm = true
	return nil
}

// rounding is the share of the terms of a sum that the sum may be wrong by, for each unit of a residual: 1e-14 for 1e-10.
const rounding = 1e-4

// residual is the largest violation of the conditions, each as the distance to its projection, relative to its terms: multipliers to C, gaps to what they are differences
// of, weights to their own size and at least to that which moves a prediction by one.
func (h *hinges) residual() float64 {
	worst, size := 0.0, 1.0
	for k := 0; k <= h.n; k++ {
		g, terms := 0.0, 0.0
		for j, a := range h.a {
			t := h.alpha[j] * a[k]
			g -= t
			terms += math.Abs(t)
		}
		// The terms are of the size of C, and may cancel in a weight that is much smaller: they count as much as rounding makes them.
		terms = 1 + rounding*terms
		if k == h.n {
			worst = math.Max(worst, math.Abs(g)/terms)
			continue
		}
		w := h.v[k]
		g += w
		terms += math.Abs(w) + 1/h.span[k] - 1
		worst = math.Max(worst, math.Abs(w-math.Min(math.Max(w-g, -h.box[k]), h.box[k]))/terms)
	}
	for j, a := range h.a {
		gap := h.r[j] - dot(a, h.v)
		size = 1 + math.Abs(h.r[j])
		for k, t := range a {
			size += math.Abs(t * h.v[k])
		}
		// Shares of C and of the gap's terms are compared: neither hides the other where C is small.
		al := h.alpha[j] / h.c
		worst = math.Max(worst, math.Abs(math.Min(math.Max(al+gap/size, 0), 1)-al))
	}
	if math.IsNaN(worst) {
		return math.Inf(1)
	}
	return worst
}
