package learning

import (
	"context"
	"math"
	"slices"
)

// copied is the training problem and its answer, for use when they change.
func (h *hinges) copied() *hinges {
	c := *h
	c.r, c.box, c.v, c.alpha = slices.Clone(h.r), slices.Clone(h.box), slices.Clone(h.v), slices.Clone(h.alpha)
	c.hinge, c.weight = slices.Clone(h.hinge), slices.Clone(h.weight)
	return &c
}

// travel follows the answer from that of the hyperparameters before to the present ones, along the line between them, and reports whether it got there.
func (h *hinges) travel(ctx context.Context, before *hinges) bool {
	p := before.tracer(Line{})
	p.hinges.r, p.hinges.box, p.hinges.v, p.hinges.alpha = before.r, before.box, before.v, before.alpha
	p.hinges.hinge, p.hinges.weight = before.hinge, before.weight
	p.c, p.dc, p.still = before.c, h.c-before.c, false
	for k, w := range p.box {
		if p.sign[k] = math.Copysign(1, p.v[k]); w == h.box[k] {
			continue
		}
		if math.IsInf(w, 1) || math.IsInf(h.box[k], 1) {
			return false
		}
		if p.dbox == nil {
			p.dbox = make([]float64, h.n)
		}
		p.dbox[k] = h.box[k] - w
	}
	corners := 0
	for j, a := range p.a {
		// The answer is exact for right-hand sides that are moved by its residual.
		at := dot(a, p.v)
		switch p.hinge[j] {
		case corner:
			p.r[j] = at
			corners++
		case below:
			p.r[j] = math.Min(p.r[j], at)
		case above:
			p.r[j] = math.Max(p.r[j], at)
		}
		p.dr[j] = h.r[j] + 1e-9*(1+math.Abs(h.r[j]))*(goldenFraction(j)-0.5) - p.r[j]
	}
	if corners > h.n+1 {
		return false
	}
	return p.arrive(ctx, h.worth()) == nil && h.take(p)
}

// sprint finds the answer without one to start from, see vertex.
func (h *hinges) sprint(ctx context.Context) bool {
	p := h.tracer(Line{})
	p.c = h.c
	copy(p.box, h.box)
	return p.vertex(ctx, h.r) && h.take(p)
}

// take takes the answer that a path has come to, makes it exact for the right-hand sides that are not moved, and reports whether it is. If not, the answer is
// as before.
func (h *hinges) take(p *tracer) bool {
	old := *h
	h.v, h.alpha, h.hinge, h.weight = p.v, p.alpha, p.hinge, p.weight
	h.classify()
	h.correct()
	if h.residual() <= 1e-10 {
		h.centre()
		return true
	}
	h.v, h.alpha, h.hinge, h.weight = old.v, old.alpha, old.hinge, old.weight
	return false
}
