package lpsolve

import "math"

// lp solves a problem without integer columns and sets, and proves the answer: an optimum from its duals, infeasible and unbounded by
// LPs that show it. Where one way to solve it gives an answer that does not stand, the next is tried.
func (w *work) lp(p *problem) (*answer, error) {
	if len(p.rowLo) == 0 {
		return p.box(), nil
	}
	best := &answer{bound: math.Inf(-1), message: "no way to solve the LP led to an answer that stands"}
	for _, a := range attempts {
		out, err := w.run(p, a, false, [2]float64{})
		if err != nil {
			return nil, err
		}
		switch {
		case out.code.stopped():
			best.verdict, best.message = stopped, out.code.String()
			return best, nil
		case out.x != nil && !endlessPoint(out.x):
			if got := w.judge(p, out); got.verdict == optimal {
				return got, nil
			} else if better(p, got, best) {
				best = got
			}
		case out.code == codeInfeasible:
			if got, err := w.checkInfeasible(p); err != nil || got.verdict != unclear {
				return got, err
			}
		case out.code == codeUnbounded || out.x != nil:
			if got, err := w.checkUnbounded(p); err != nil || got.verdict != unclear {
				return got, err
			}
		}
		w.say("%v, %s: not confirmed", out.code, a.name)
	}
	return best, nil
}

// box answers a problem without rows: each column at its better bound. The solver calls unbounded ones optimal.
func (p *problem) box() *answer {
	n := len(p.cost)
	a := &answer{verdict: optimal, x: make([]float64, n), y: []float64{}, d: p.cost, accurate: true, message: "optimal: there are no constraints"}
	ray := make([]float64, n)
	for j, c := range p.cost {
		at, rest := p.lo[j], p.hi[j]
		if c < 0 {
			at, rest = rest, at
		}
		if math.IsInf(at, 0) {
			if c != 0 {
				ray[j], a.ray = math.Copysign(1, at), ray
			}
			if at = 0; !math.IsInf(rest, 0) {
				at = rest
			}
		}
		a.x[j] = at
	}
	a.bound = p.objective(a.x)
	if a.ray != nil {
		a.verdict, a.y, a.d, a.bound, a.message = unbounded, nil, nil, math.Inf(-1), "unbounded"
	}
	return a
}

// better orders answers that are not proven.
func better(p *problem, a, b *answer) bool {
	if b.x == nil || a.accurate != b.accurate {
		return b.x == nil || a.accurate
	}
	return p.objective(a.x) < p.objective(b.x)
}

// judge measures the point and duals of an LP.
func (w *work) judge(p *problem, out *outcome) *answer {
	got := &answer{verdict: unclear, x: out.x, bound: math.Inf(-1), message: out.code.String()}
	got.accurate = p.violation(out.x, w.feasibility, w.integrality) <= w.feasibility
	if got.accurate {
		got.verdict = feasible
	}
	if out.y == nil {
		return got
	}
	bound, reduced := p.dualBound(out.y)
	if math.IsNaN(bound) || reduced == nil {
		return got
	}
	got.bound, got.y, got.d = bound, out.y, reduced
	if got.accurate && math.Abs(p.objective(out.x)-bound) <= 1e-7*p.size(out.x) {
		got.verdict, got.message = optimal, "optimal"
	}
	return got
}

// checkInfeasible minimises the violation of the rows. Duals that prove it positive prove the problem infeasible.
func (w *work) checkInfeasible(p *problem) (*answer, error) {
	q, tolerance := p.elastic(), math.Max(1e-9, w.feasibility/10)
	for _, a := range attempts {
		out, err := w.run(q, a, false, [2]float64{})
		if err != nil {
			return nil, err
		}
		if out.code.stopped() {
			return &answer{verdict: stopped, bound: math.Inf(-1), message: out.code.String()}, nil
		}
		if out.x == nil || out.y == nil {
			continue
		}
		if bound, _ := q.dualBound(out.y); bound > tolerance {
			return &answer{verdict: infeasible, bound: math.Inf(-1), message: "infeasible"}, nil
		}
		if x := out.x[:len(p.cost)]; p.violation(x, w.feasibility, w.integrality) <= w.feasibility {
			break // the claim is wrong
		}
	}
	return &answer{bound: math.Inf(-1)}, nil
}

// elastic is the problem with two columns a row that take up its violation, as a share of the row's largest coefficient, and their sum as
// the objective.
func (p *problem) elastic() *problem {
	n, m := len(p.cost), len(p.rowLo)
	q := &problem{cost: make([]float64, n, n+2*m), lo: append([]float64(nil), p.lo...), hi: append([]float64(nil), p.hi...), rowLo: p.rowLo, rowHi: p.rowHi,
		start: append([]int32(nil), p.start...), index: append([]int32(nil), p.index...), value: append([]float64(nil), p.value...)}
	largest := make([]float64, m)
	for k, i := range p.index {
		largest[i] = math.Max(largest[i], math.Abs(p.value[k]))
	}
	for i, v := range largest {
		for _, sign := range []float64{1, -1} {
			q.cost, q.lo, q.hi = append(q.cost, 1), append(q.lo, 0), append(q.hi, math.Inf(1))
			q.index, q.value = append(q.index, int32(i)), append(q.value, sign*v)
			q.start = append(q.start, int32(len(q.index)))
		}
	}
	return q
}

// endlessPoint reports whether the solver calls a point optimal that lies at infinity, as it does for some unbounded LPs.
func endlessPoint(x []float64) bool {
	for _, v := range x {
		if math.Abs(v) >= infinite {
			return true
		}
	}
	return false
}

// checkUnbounded looks for a feasible point and a ray along which the objective falls without limit.
func (w *work) checkUnbounded(p *problem) (*answer, error) {
	none := &answer{bound: math.Inf(-1)}
	ray, err := w.ray(p)
	if err != nil || ray == nil {
		return none, err
	}
	still := *p
	still.cost = make([]float64, len(p.cost))
	point, err := w.lp(&still)
	if err != nil {
		return nil, err
	}
	switch point.verdict {
	case stopped, infeasible:
		return point, nil
	case optimal, feasible:
		return &answer{verdict: unbounded, x: point.x, ray: ray, bound: math.Inf(-1), accurate: true, message: "unbounded"}, nil
	}
	return none, nil
}

// ray solves the recession problem with -1 <= d <= 1 and returns a direction in which the objective falls, nil where none was found.
func (w *work) ray(p *problem) ([]float64, error) {
	q := &problem{cost: p.cost, start: p.start, index: p.index, value: p.value}
	q.lo, q.hi = cone(p.lo, p.hi, 1)
	q.rowLo, q.rowHi = cone(p.rowLo, p.rowHi, math.Inf(1))
	largest := 0.0
	for _, c := range p.cost {
		largest = math.Max(largest, math.Abs(c))
	}
	for _, a := range attempts {
		out, err := w.run(q, a, false, [2]float64{})
		if err != nil || out.code.stopped() {
			return nil, err
		}
		if out.x != nil && q.violation(out.x, 1e-9, 1) <= 1e-9 && q.objective(out.x) < -1e-7*largest {
			return out.x, nil
		}
	}
	return nil, nil
}

// cone is the recession cone of bounds: 0 for a finite bound, reach for an infinite one.
func cone(lo, hi []float64, reach float64) (down, up []float64) {
	down, up = make([]float64, len(lo)), make([]float64, len(lo))
	for i := range lo {
		if math.IsInf(lo[i], -1) {
			down[i] = -reach
		}
		if math.IsInf(hi[i], 1) {
			up[i] = reach
		}
	}
	return down, up
}
