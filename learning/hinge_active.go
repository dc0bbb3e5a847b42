package learning

import "math"

// classify lists the weights within their boxes and the hinges at their corners, and puts the others where they belong.
func (h *hinges) classify() {
	h.free, h.at0 = h.free[:0], h.at0[:0]
	for k, s := range h.weight {
		if s == below {
			h.free = append(h.free, k)
		} else {
			h.v[k] = math.Copysign(h.box[k], h.v[k])
		}
	}
	for j, s := range h.hinge {
		switch s {
		case below:
			h.alpha[j] = 0
		case above:
			h.alpha[j] = h.c
		default:
			h.at0 = append(h.at0, j)
		}
	}
}

// system factorises the conditions of the active set, with F the weights within their boxes and M the hinges at their corners,
//
//	[ I  0  A_MF' ]
//	[ 0  δ  A_Mb' ]
//	[ A_MF A_Mb -δ ]
//
// where the small δ chooses among answers and multipliers that are not unique.
func (h *hinges) system() {
	const delta = 1e-11
	f, m := len(h.free), len(h.at0)
	size := f + 1 + m
	h.k.n = size
	if cap(h.k.a) < size*size {
		h.k.a = make([]float64, size*size)
	}
	h.k.a = h.k.a[:size*size]
	a := h.k.a
	clear(a)
	for i := range f {
		a[i*size+i] = 1
	}
	a[f*size+f] = delta
	for q, j := range h.at0 {
		row := f + 1 + q
		for i, k := range h.free {
			a[row*size+i], a[i*size+row] = h.a[j][k], h.a[j][k]
		}
		a[row*size+f], a[f*size+row] = h.a[j][h.n], h.a[j][h.n]
		a[row*size+row] = -delta
	}
	h.k.factor()
}

// correct solves the conditions of the active set for v and the multipliers at corners, by corrections of the present ones.
func (h *hinges) correct() {
	if len(h.at0) > 2*h.n+20 {
		return // far from a basis: the multipliers would be arbitrary
	}
	h.system()
	f := len(h.free)
	rhs := make([]float64, f+1+len(h.at0))
	for range 3 {
		clear(rhs)
		for j, a := range h.a {
			if h.alpha[j] == 0 {
				continue
			}
			for i, k := range h.free {
				rhs[i] += h.alpha[j] * a[k]
			}
			rhs[f] += h.alpha[j] * a[h.n]
		}
		for i, k := range h.free {
			rhs[i] -= h.v[k]
		}
		for q, j := range h.at0 {
			rhs[f+1+q] = h.r[j] - dot(h.a[j], h.v)
		}
		h.k.solve(rhs)
		for i, k := range h.free {
			h.v[k] += rhs[i]
		}
		h.v[h.n] += rhs[f]
		for q, j := range h.at0 {
			h.alpha[j] -= rhs[f+1+q]
		}
	}
}

// follow tries the active set of the last answer, and reports whether it fits.
func (h *hinges) follow(old float64) bool {
	for j := range h.alpha {
		h.alpha[j] *= h.c / old
	}
	h.classify()
	h.correct()
	if h.residual() <= 1e-10 {
		h.centre()
		return true
	}
	return false
}

// pullPenalty adds the derivatives of g'v for the form with a penalty.
func (h *hinges) pullPenalty(g []float64, out *Hyper) {
	h.classifyOnly()
	g = h.centred(g, out)
	h.system()
	f := len(h.free)
	p := make([]float64, f+1+len(h.at0))
	for i, k := range h.free {
		p[i] = g[k]
	}
	p[f] = g[h.n]
	h.k.solve(p)
	for j, a := range h.a {
		if h.hinge[j] == above {
			for i, k := range h.free {
				out.C += p[i] * a[k]
			}
			out.C += p[f] * a[h.n]
		}
	}
	for q := range h.at0 {
		out.Epsilon -= p[f+1+q] * h.tube
	}
	for k, s := range h.weight {
		if s != above {
			continue
		}
		d := g[k]
		for q, j := range h.at0 {
			d -= p[f+1+q] * h.a[j][k]
		}
		if h.v[k] < 0 {
			d = -d
		}
		out.Box[k] += d
	}
}

// classifyOnly lists the sets and leaves the answer alone.
func (h *hinges) classifyOnly() {
	h.free, h.at0 = h.free[:0], h.at0[:0]
	for k, s := range h.weight {
		if s == below {
			h.free = append(h.free, k)
		}
	}
	for j, s := range h.hinge {
		if s == corner {
			h.at0 = append(h.at0, j)
		}
	}
}
