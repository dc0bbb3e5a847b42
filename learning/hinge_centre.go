package learning

import "math"

// centre puts b in the middle of its interval where the answer leaves it free, which it does where no hinge is at its corner with a multiplier
// between its bounds; ends are the hinges that reach their corners at the ends of the interval, -1 for an end that is infinite.
func (h *hinges) centre() {
	h.ends = [2]int{-1, -1}
	const tie = 1e-9
	for _, j := range h.at0 {
		if h.alpha[j] > tie*h.c && h.alpha[j] < (1-tie)*h.c {
			return
		}
	}
	// One hinge alone at its corner is at an end of the interval: the multipliers of the others sum up to a multiple of C, and so does its own.
	for _, j := range h.at0 {
		if h.hinge[j] = below; h.alpha[j] > h.c/2 {
			h.hinge[j] = above
		}
	}
	h.classify()
	lo, hi := math.Inf(-1), math.Inf(1)
	for j, a := range h.a {
		// The hinge stays on its side of its corner while b stays on its side of here.
		b := (h.r[j] - dot(a[:h.n], h.v)) / a[h.n]
		if (h.hinge[j] == below) == (a[h.n] > 0) {
			if b > lo {
				lo, h.ends[0] = b, j
			}
		} else if b < hi {
			hi, h.ends[1] = b, j
		}
	}
	switch {
	case h.ends[0] >= 0 && h.ends[1] >= 0:
		h.v[h.n] = lo/2 + hi/2
	case h.ends[0] >= 0:
		h.v[h.n] = lo
	case h.ends[1] >= 0:
		h.v[h.n] = hi
	}
}

// centred replaces the derivative by b by those of the middle of its interval: a_jb db = dr_j - a_jw'dw at both ends.
func (h *hinges) centred(g []float64, out *Hyper) []float64 {
	if len(h.at0) > 0 {
		return g
	}
	g = append([]float64(nil), g...)
	gb := g[h.n]
	g[h.n] = 0
	if h.ends[0] >= 0 && h.ends[1] >= 0 {
		gb /= 2
	}
	for _, j := range h.ends {
		if j < 0 {
			continue
		}
		a := h.a[j]
		for k := range h.n {
			g[k] -= gb * a[k] / a[h.n]
		}
		out.Epsilon -= gb * h.tube / a[h.n]
	}
	return g
}
