package learning

import (
	"context"
	"math"
)

// fitRadius solves the problem in the form of Ivanov,
//
//	min Σ_j max(0, r_j - a_j'v)   over ½|w|² <= R, |w_k| <= box_k,
//
// by a search for the C at which the answer w(C) of the form with a penalty has ½|w|² = R: ½|w(C)|² does not fall as C grows, and its derivative comes from the
// active set. Where the radius does not bind, C grows until the penalty is no longer felt: the loss is within (R - ½|w|²)/C of the least one.
func (h *hinges) fitRadius(ctx context.Context, p *Hyper) error {
	const most, close = 1e6, 1e-10
	q := *p
	q.Radius, q.C = 0, 1
	if h.warm {
		q.C = h.c
	}
	lo, hi := 0.0, most
	for range 60 {
		if err := h.fit(ctx, &q); err != nil {
			if ctx.Err() != nil {
				return err
			}
			if lo == 0 {
				if hi = q.C; hi <= 1e-6 {
					return err
				}
				if q.C = 1; hi <= 1 {
					q.C = hi / 10
				}
				continue
			}
			hi, q.C = q.C, math.Sqrt(lo*q.C) // rounding ends what C can be
			if hi/lo < 2 {
				q.C = lo
				return h.fit(ctx, &q)
			}
			continue
		}
		half := dot(h.v[:h.n], h.v[:h.n]) / 2
		off := half - p.Radius
		if off < 0 && (half <= nothing || h.loss() <= nothing) {
			return nil // no C does better: no loss is left, or weights of zero balance all losses
		}
		if math.Abs(off) <= close*p.Radius || off < 0 && -off/(q.C*float64(h.m)) <= 1e-9 || off < 0 && q.C >= most {
			return nil
		}
		if off < 0 {
			lo = q.C
		} else {
			hi = q.C
		}
		// Newton's step for ln ½|w|² as a function of ln C, within the bracket.
		rate := q.C * h.growth() / half
		next := q.C * math.Exp(math.Max(-5, math.Min(math.Log(p.Radius/half)/rate, 5)))
		switch {
		case next > lo && next < hi:
		case off < 0 && hi == most:
			next = most
		case lo == 0:
			next = hi / 100
		default:
			next = math.Sqrt(lo * hi)
		}
		if lo > 0 && hi/lo < 1+1e-12 {
			return nil
		}
		q.C = next
	}
	return nil
}

// nothing is a loss or half of a squared length that rounding makes of zero.
const nothing = 1e-20

// loss is the mean of the hinges.
func (h *hinges) loss() float64 {
	s := 0.0
	for j, a := range h.a {
		s += math.Max(0, h.r[j]-dot(a, h.v)) / float64(h.m)
	}
	return s
}

// growth is the derivative of ½|w|² by C.
func (h *hinges) growth() float64 {
	g := append(append([]float64(nil), h.v[:h.n]...), 0)
	d := Hyper{Box: make([]float64, h.n)}
	h.pullPenalty(g, &d)
	return d.C
}

// pull adds the derivatives of g'v. With a radius that binds, C is the function of it and of the box by which ½|w|² stays at R.
func (h *hinges) pull(g []float64, out *Hyper) {
	if h.radius == 0 {
		h.pullPenalty(g, out)
		return
	}
	of, size := Hyper{Box: make([]float64, h.n)}, Hyper{Box: make([]float64, h.n)}
	h.pullPenalty(g, &of)
	h.pullPenalty(append(append([]float64(nil), h.v[:h.n]...), 0), &size)
	rate := 0.0
	if half := dot(h.v[:h.n], h.v[:h.n]) / 2; math.Abs(half-h.radius) <= 1e-8*h.radius && size.C > 0 {
		rate = of.C / size.C
	}
	out.Radius += rate
	for k := range out.Box {
		out.Box[k] += of.Box[k] - rate*size.Box[k]
	}
}

// shadow gives, for the mean of the hinges as a function of R and the box, a bound from below that is exact at the present ones where the answer is: the
// value at them, and the rates at which it falls as R and each bound grow. It holds by weak duality whatever C is.
func (h *hinges) shadow(box []float64) (value, byRadius float64) {
	scale := 1 / (h.c * float64(h.m))
	half := dot(h.v[:h.n], h.v[:h.n]) / 2
	if value = h.loss(); value <= nothing || half <= nothing {
		clear(box)
		return value, 0
	}
	value += scale * (half - h.radius)
	for k := range box {
		// At a side of the box, |Σ α_j a_jk - w_k| is the multiplier of the bound.
		g := h.v[k]
		for j, a := range h.a {
			g -= h.alpha[j] * a[k]
		}
		box[k] = 0
		if h.weight[k] == above {
			box[k] = scale * math.Abs(g)
		}
	}
	return value, scale
}
