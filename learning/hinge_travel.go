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
	return p.depart(before, h.c, h.r, h.box) && p.arrive(ctx, h.worth()) == nil && h.take(p)
}

// depart aims from the answer of a training problem at another C, other right-hand sides and boxes. It reports whether there is a line.
func (p *tracer) depart(from *hinges, c float64, r, box []float64) bool {
	copy(p.r, from.r)
	copy(p.box, from.box)
	copy(p.v, from.v)
	copy(p.alpha, from.alpha)
	copy(p.hinge, from.hinge)
	copy(p.weight, from.weight)
	p.c, p.dc, p.dbox, p.still = from.c, c-from.c, nil, false
	for k, w := range p.box {
		if p.sign[k] = math.Copysign(1, p.v[k]); w == box[k] {
			continue
		}
		if math.IsInf(w, 1) || math.IsInf(box[k], 1) {
			return false
		}
		if p.dbox == nil {
			p.dbox = make([]float64, p.n)
		}
		p.dbox[k] = box[k] - w
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
		p.dr[j] = apart(r[j], j) - p.r[j]
	}
	return corners <= p.n+1
}

// apart is a right-hand side moved a little, so that no two hinges meet their corners at one place.
func apart(r float64, j int) float64 { return r + 1e-9*(1+math.Abs(r))*(goldenFraction(j)-0.5) }

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
