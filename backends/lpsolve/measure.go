package lpsolve

import "math"

// objective is cost'x.
func (p *problem) objective(x []float64) float64 {
	v := 0.0
	for j, c := range p.cost {
		v += c * x[j]
	}
	return v
}

// activity is A x and the size of the terms that were added up in each row.
func (p *problem) activity(x []float64) (value, size []float64) {
	value, size = make([]float64, len(p.rowLo)), make([]float64, len(p.rowLo))
	for j := range p.cost {
		for k := p.start[j]; k < p.start[j+1]; k++ {
			term := p.value[k] * x[j]
			value[p.index[k]] += term
			size[p.index[k]] += math.Abs(term)
		}
	}
	return value, size
}

// outside is the distance of a number to an interval.
func outside(v, lo, hi float64) float64 { return math.Max(0, math.Max(lo-v, v-hi)) }

// violation is the largest violation at x: of bounds and rows relative to max(1, the size of their terms), and of integrality as a share of
// the tolerance on it, so that it compares with feasibility. A set is violated by the size of its second largest member.
func (p *problem) violation(x []float64, feasibility, integrality float64) float64 {
	worst := 0.0
	note := func(v float64) {
		if !(v <= worst) { // so that a NaN is noted
			worst = v
		}
	}
	for j, v := range x {
		if math.Abs(v) >= infinite {
			return math.Inf(1) // the solver's way to say that there is no limit
		}
		note(outside(v, p.lo[j], p.hi[j]) / math.Max(1, math.Abs(v)))
		if p.integer != nil && p.integer[j] {
			note(math.Abs(v-math.Round(v)) / integrality * feasibility)
		}
	}
	value, size := p.activity(x)
	for i, v := range value {
		note(outside(v, p.rowLo[i], p.rowHi[i]) / math.Max(1, size[i]))
	}
	for _, s := range p.sets {
		first, second := 0.0, 0.0
		for _, j := range s.columns {
			if v := math.Abs(x[j]); v > first {
				first, second = v, first
			} else if v > second {
				second = v
			}
		}
		note(second)
	}
	return worst
}

// dualBound is the bound on the objective that row duals y prove, with the reduced costs cost - A'y:
//
//	Σ_i y_i b_i + Σ_j d_j β_j,  b_i = rowLo_i where y_i > 0 and rowHi_i where y_i < 0, β_j likewise of lo and hi.
//
// A dual whose sign points to an infinite bound makes it -Inf, unless it is within rounding of 0. Integrality and sets are not regarded, so
// that it bounds the relaxation.
func (p *problem) dualBound(y []float64) (bound float64, reduced []float64) {
	side := func(dual, size, lo, hi float64) float64 {
		at := lo
		if dual < 0 {
			at = hi
		}
		if dual == 0 || math.IsInf(at, 0) && math.Abs(dual) <= 1e-8*math.Max(1, size) {
			return 0
		}
		return dual * at
	}
	largest := 0.0
	for _, v := range y {
		largest = math.Max(largest, math.Abs(v))
	}
	clean := make([]float64, len(y))
	for i, v := range y {
		// An infinite side admits no dual of its sign: what is there is rounding.
		if v > 0 && math.IsInf(p.rowLo[i], -1) || v < 0 && math.IsInf(p.rowHi[i], 1) {
			if math.Abs(v) > 1e-8*math.Max(1, largest) {
				return math.Inf(-1), nil
			}
			continue
		}
		clean[i] = v
		bound += side(v, largest, p.rowLo[i], p.rowHi[i])
	}
	reduced = make([]float64, len(p.cost))
	for j, d := range p.cost {
		size := math.Abs(d)
		for k := p.start[j]; k < p.start[j+1]; k++ {
			term := p.value[k] * clean[p.index[k]]
			d -= term
			size = math.Max(size, math.Abs(term))
		}
		if math.Abs(d) <= 1e-11*size {
			d = 0
		}
		reduced[j] = d
		bound += side(d, size, p.lo[j], p.hi[j])
	}
	return bound, reduced
}

// size is the magnitude that errors of the objective at x are judged by.
func (p *problem) size(x []float64) float64 {
	s := 1.0
	for j, c := range p.cost {
		s = math.Max(s, math.Abs(c*x[j]))
	}
	return s
}
