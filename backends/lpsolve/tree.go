package lpsolve

import (
	"math"
)

// mip solves a problem with integer columns or sets. Where there are no sets, the relaxation is solved first, which gives a proven bound;
// then lp_solve's tree search.
func (w *work) mip(p *problem) (*answer, error) {
	if len(p.sets) > 0 {
		return w.branched(p)
	}
	relaxed := *p
	relaxed.integer, relaxed.sets = nil, nil
	r, err := w.lp(&relaxed)
	if err != nil {
		return nil, err
	}
	switch r.verdict {
	case infeasible:
		return r, nil
	case stopped:
		return w.soFar(stopped, r.message), nil
	case unbounded:
		return w.openEnded(p)
	}
	w.raise(r.bound)
	if r.verdict == optimal && p.violation(r.x, w.feasibility, 1e-9) <= w.feasibility {
		r.y, r.d = nil, nil
		return r, nil
	}
	return w.search(p)
}

// raise notes a proven bound.
func (w *work) raise(bound float64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.bound = math.Max(w.bound, bound)
}

// soFar is the answer of a search that ended without a proof: the best point so far.
func (w *work) soFar(v verdict, message string) *answer {
	w.mu.Lock()
	defer w.mu.Unlock()
	return &answer{verdict: v, x: w.best, bound: w.bound, accurate: w.best != nil, message: message}
}

// allowed is how far a point of an objective may be from the optimum by the gaps asked for.
func (w *work) allowed(value float64) float64 {
	return math.Max(orDefault(w.opt.AbsoluteGap, 1e-6), orDefault(w.opt.Gap, 1e-4)*math.Abs(w.model.sign*value+w.model.offset))
}

// search runs the tree search until it gives an answer that stands.
//
// The solver drops a node whose bound is within max(a, r (1 + |value|)) of the incumbent's value, where a and r are its absolute and relative
// gaps and the value is without the constant term: what was asked for is relative to the objective as declared. Where it dropped too
// much, the search is repeated with the gap that the value asks for.
func (w *work) search(p *problem) (*answer, error) {
	if w.best != nil && w.value-w.bound <= w.allowed(w.value) {
		return w.proven(w.bound), nil
	}
	gaps := [2]float64{orDefault(w.opt.Gap, 1e-4) / 2, orDefault(w.opt.AbsoluteGap, 1e-6)}
	q, limited := w.limit(p)
	denials, message := 0, "the tree search gave no answer that stands"
	for k := 0; k < len(attempts); k++ {
		known := w.best != nil
		out, err := w.run(q, attempts[k], true, gaps)
		if err != nil {
			return nil, err
		}
		if out.code.stopped() || out.code == codeSuboptimal && w.ctx.Err() != nil {
			w.take(out.x)
			return w.soFar(stopped, out.code.String()), nil
		}
		if out.code == codeInfeasible && (known || w.best == nil) {
			if denials++; denials < 2 {
				continue
			}
			switch {
			case w.best != nil:
				// No better point than the one at hand, which the limit is taken from.
				return w.proven(w.value - gapSlack(w.value)), nil
			case limited:
				return &answer{verdict: cutOff, bound: w.cutoff(), message: "no point is better than the cutoff"}, nil
			}
			return &answer{verdict: infeasible, bound: math.Inf(-1), message: "infeasible"}, nil
		}
		if out.x == nil {
			message = out.code.String()
			continue
		}
		if w.take(out.x) && (out.code == codeOptimal || out.code == codePresolved) {
			dropped := math.Max(gaps[1], gaps[0]*(1+math.Abs(w.value)))
			if allowed := w.allowed(w.value); dropped > allowed {
				gaps[0] = 0.9 * allowed / (1 + math.Abs(w.value))
				k--
				continue
			}
			return w.proven(w.value - dropped), nil
		}
		w.say("%v, %s: the point violates the problem", out.code, attempts[k].name)
	}
	if w.best != nil {
		return w.soFar(feasible, message), nil
	}
	return &answer{bound: w.bound, message: message}, nil
}

// gapSlack is the arithmetic's share in a bound that a limit on the objective proves.
func gapSlack(value float64) float64 { return 1e-9 * math.Max(1, math.Abs(value)) }

// proven is the best point with the bound that makes it optimal.
func (w *work) proven(bound float64) *answer {
	w.raise(math.Min(bound, w.value))
	return w.soFar(optimal, "optimal")
}

// take polishes a point of the tree search and keeps it if it is feasible, and reports whether it is.
func (w *work) take(x []float64) bool {
	if x == nil {
		return false
	}
	p := &w.model.problem
	x = x[:len(p.cost)]
	if p.violation(x, 1e-9, 1e-9) > 1e-9 {
		if y := w.polish(p, x); y != nil {
			x = y
		}
	}
	if p.violation(x, w.feasibility, w.integrality) > w.feasibility {
		return false
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.keep(x)
	w.report(w.nodes, w.iterations)
	return true
}

// polish solves the LP that is left where integer columns are fixed at what they round to and all members of a set but the largest at 0.
// It returns nil where that has no solution.
func (w *work) polish(p *problem, x []float64) []float64 {
	q := *p
	q.integer, q.sets = nil, nil
	q.lo, q.hi = append([]float64(nil), p.lo...), append([]float64(nil), p.hi...)
	for j := range x {
		if p.integer != nil && p.integer[j] {
			v := math.Min(math.Max(math.Round(x[j]), p.lo[j]), p.hi[j])
			q.lo[j], q.hi[j] = v, v
		}
	}
	for _, s := range p.sets {
		largest := s.columns[0]
		for _, j := range s.columns {
			if x[j] > x[largest] {
				largest = j
			}
		}
		for _, j := range s.columns {
			if j != largest {
				if q.lo[j] > 0 {
					return nil
				}
				q.lo[j], q.hi[j] = 0, 0
			}
		}
	}
	r, err := w.lp(&q)
	if err != nil || r.x == nil || p.violation(r.x, w.feasibility, 1e-9) > w.feasibility {
		return nil
	}
	return r.x
}

// cutoff is the cutoff in terms of the problem.
func (w *work) cutoff() float64 { return w.model.sign * (w.opt.Cutoff - w.model.offset) }

// limit adds a row that keeps the objective from being worse than the cutoff or the best point so far, and reports whether a cutoff is in it.
func (w *work) limit(p *problem) (q *problem, cutoff bool) {
	at := w.value + gapSlack(w.value)
	if w.opt.HasCutoff && w.cutoff() < at {
		at, cutoff = w.cutoff(), true
	}
	if math.IsInf(at, 1) || math.IsNaN(at) || math.Abs(at) >= infinite {
		return p, false
	}
	return p.withObjectiveRow(math.Inf(-1), at), cutoff
}

// withObjectiveRow is the problem with the row lo <= cost'x <= hi, or the problem itself where all costs are 0.
func (p *problem) withObjectiveRow(lo, hi float64) *problem {
	q := *p
	row := int32(len(p.rowLo))
	q.start, q.index, q.value = make([]int32, 1, len(p.start)), nil, nil
	for j, c := range p.cost {
		q.index = append(q.index, p.index[p.start[j]:p.start[j+1]]...)
		q.value = append(q.value, p.value[p.start[j]:p.start[j+1]]...)
		if c != 0 {
			q.index, q.value = append(q.index, row), append(q.value, c)
		}
		q.start = append(q.start, int32(len(q.index)))
	}
	if len(q.index) == len(p.index) {
		return p
	}
	q.rowLo, q.rowHi = append(append([]float64(nil), p.rowLo...), lo), append(append([]float64(nil), p.rowHi...), hi)
	return &q
}

// openEnded solves a problem whose relaxation is unbounded, which the solver calls unbounded without a look at integers. First it
// asks for a point with a very good objective. Where there is none, the objective is bounded there, and the problem has an optimum or no point at all.
func (w *work) openEnded(p *problem) (*answer, error) {
	far := 1.0
	for _, c := range p.cost {
		far = math.Max(far, 1+math.Abs(c))
	}
	far *= 1e6
	low := p.withObjectiveRow(math.Inf(-1), -far)
	still := *low
	still.cost = make([]float64, len(p.cost))
	denials := 0
	for _, a := range attempts {
		out, err := w.run(&still, a, false, [2]float64{})
		switch {
		case err != nil:
			return nil, err
		case out.code.stopped():
			return w.soFar(stopped, out.code.String()), nil
		case out.code == codeInfeasible:
			if denials++; denials == 2 {
				return w.bounded(p.withObjectiveRow(-far, math.Inf(1)))
			}
		case out.x != nil && low.violation(out.x, w.feasibility, w.integrality) <= w.feasibility:
			return w.alongRay(p, out.x)
		}
	}
	return w.soFar(unclear, "the relaxation is unbounded, and whether the problem is could not be found out"), nil
}

// bounded solves a problem that has no point beyond the objective row that was added.
func (w *work) bounded(p *problem) (*answer, error) {
	relaxed := *p
	relaxed.integer, relaxed.sets = nil, nil
	r, err := w.lp(&relaxed)
	if err != nil || r.verdict == infeasible {
		return r, err
	}
	if r.verdict == stopped {
		return w.soFar(stopped, r.message), nil
	}
	w.raise(r.bound)
	return w.search(p)
}

// alongRay looks for a ray from a feasible point: the problem is unbounded then, in rational data also with integer columns (Meyer, On the existence of optimal solutions to integer and mixed-integer programming problems, Math. Programming 7, 1974).
func (w *work) alongRay(p *problem, x []float64) (*answer, error) {
	ray, err := w.ray(p)
	if err != nil {
		return nil, err
	}
	if y := w.polish(p, x); y != nil {
		x = y
	}
	if ray == nil {
		return &answer{verdict: endless, bound: math.Inf(-1), message: "a point with a very good objective was found, but no ray"}, nil
	}
	return &answer{verdict: unbounded, x: x, ray: ray, accurate: true, bound: math.Inf(-1), message: "unbounded"}, nil
}
