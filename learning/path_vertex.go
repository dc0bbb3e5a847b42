package learning

import (
	"context"
	"math"
)

// vertex finds the answer at the start, where C is small, by a short path: from multipliers that are all 0 or C, as most of them are there, and right-hand
// sides for which these are the answer, to the true ones. The multipliers are those of the last of some steps of Frank and Wolfe on the dual problem, each
// of which solves it linearised at the average of those before. It reports whether that got there within as many pieces as make it worth while.
func (p *tracer) vertex(ctx context.Context, r []float64) bool {
	n := p.n
	col := p.columns.col[n]
	for j, t := range r {
		p.r[j] = apart(t, j)
	}
	mean, trial, reach := make([]float64, n+1), make([]float64, n+1), make([]float64, p.m)
	order := make([]int, p.m)
	for step := range 12 {
		for k := range n {
			p.v[k] = math.Min(math.Max(mean[k], -p.box[k]), p.box[k])
		}
		p.v[n] = 0
		copy(reach, p.r)
		p.columns.add(p.v, -1, reach)
		// The b at which each hinge is at its corner: those with a_jb = 1 are above it for smaller b, the others for larger ones. As many of the one as of the
		// other kind are above between two of these.
		up := 0
		for j, s := range col {
			reach[j] *= s
			order[j] = j
			if s > 0 {
				up++
			}
		}
		if up == 0 || up == p.m {
			return false // the intercept has no finite answer
		}
		split(order, reach, up)
		p.v[n] = extreme(order[:up], reach, 1)/2 + extreme(order[up:], reach, -1)/2
		for q, j := range order {
			p.hinge[j], reach[j] = below, 0
			if (q >= up) == (col[j] > 0) {
				p.hinge[j], reach[j] = above, p.c
			}
		}
		p.columns.sums(reach, trial)
		for k := range mean {
			mean[k] += 2 / float64(step+2) * (trial[k] - mean[k])
		}
	}
	for k := range n {
		p.v[k], p.weight[k] = trial[k], below
		if math.Abs(trial[k]) >= p.box[k] {
			p.weight[k], p.sign[k] = above, math.Copysign(1, trial[k])
			p.v[k] = p.sign[k] * p.box[k]
		}
	}
	for j, a := range p.a {
		at, away := dot(a, p.v), 1e-3*(1+goldenFraction(3*j))
		p.dr[j] = 0
		switch from := p.r[j]; {
		case p.hinge[j] == above && from < at+away:
			p.r[j], p.dr[j] = at+away, from-at-away
		case p.hinge[j] == below && from > at-away:
			p.r[j], p.dr[j] = at-away, from-at+away
		}
	}
	p.dc, p.dbox, p.still = 0, nil, false
	return p.arrive(ctx, p.worth()) == nil
}

// arrive goes from hyperparameters and right-hand sides that the answer is known for to those aimed at, t going from 0 to 1, in at most so many pieces.
func (p *tracer) arrive(ctx context.Context, most int) error {
	p.corners, p.inv, p.t = p.corners[:0], p.inv[:0], 0
	for j, s := range p.hinge {
		if s == corner {
			p.corners = append(p.corners, j)
		}
	}
	pieces := 0
	p.slack = 1e3
	defer func() { p.slack = 1 }()
	return p.trace(ctx, 1, func(Piece) error {
		if pieces++; pieces > most {
			return errStuck
		}
		return nil
	})
}

// worth is how many pieces of a path take about half the time of the interior point method.
func (h *hinges) worth() int { return 40 + 25*(h.n*h.n/2+10*h.n)/(h.n+20) }

// split puts those of the n least keys first, 0 < n < len(order), by Hoare's partitions of the part that the border is in.
func split(order []int, key []float64, n int) {
	for lo, hi := 0, len(order)-1; lo < hi; {
		pivot := key[order[lo+(hi-lo)/2]]
		i, j := lo, hi
		for i <= j {
			for key[order[i]] < pivot {
				i++
			}
			for pivot < key[order[j]] {
				j--
			}
			if i <= j {
				order[i], order[j] = order[j], order[i]
				i, j = i+1, j-1
			}
		}
		// Keys up to j are at most the pivot, those from i on at least that, and what is between is equal to it.
		switch {
		case n <= j:
			hi = j
		case n > i:
			lo = i
		default:
			return
		}
	}
}

// extreme is the largest key for the sign 1, the least for -1.
func extreme(list []int, key []float64, sign float64) float64 {
	most := math.Inf(-1)
	for _, j := range list {
		most = math.Max(most, sign*key[j])
	}
	return sign * most
}
