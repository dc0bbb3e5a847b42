package mpcc

import (
	"math"
	"time"
)

// auto is the sequence of methods that measurements on public collections show to be best: see the package comment.
func (r *run) auto(z []float64) {
	s := r.opt.firstT(Scholtes)
	begun := false // the first way could be followed
	few := min(1000, max(150, firstWork/r.p.size()))
	for k, w := range []way{
		{Scholtes, s, few}, {Scholtes, 100 * s, few}, {Penalty, r.opt.firstT(Penalty), few}, {Scholtes, 1e-2 * s, 2 * few},
		{KanzowSchwartz, r.opt.firstT(KanzowSchwartz), 2 * few}, {LinFukushima, r.opt.firstT(LinFukushima), 2 * few}, {Scholtes, s, 0},
	} {
		if k > 0 && (r.over() || r.best != nil && r.best.feasible) || w.first == 0 && begun {
			break
		}
		follows := r.one(w, z, 0.5)
		begun = begun || k == 0 && follows
	}
	if r.opt.Effort < 0 || r.opt.NoPolish || r.best == nil || !r.best.feasible {
		return
	}
	spent := r.iterations
	r.stage("search", 0.5, func(*Stage) { r.search() })
	if r.varies {
		r.vary(z, spent)
	}
}

// firstWork limits what the first programs of ways may take, in iterations times the size of the problem: where one is stuck another is better than
// patience.
const firstWork = 3_000_000

// vary follows other ways from the start after a solution has been found, and the first from random points, as far as a number of iterations
// goes that depends on how many that took and on the size of the problem: what costs little is tried. Where all rows are linear it does
// nothing: there the LPECs of the search see every branch as it is.
func (r *run) vary(z []float64, spent int) {
	if r.linearRows() {
		return
	}
	budget := min(8*spent+200, varyWork/r.p.size()) * (1 + r.opt.Effort)
	if budget < spent/2 {
		return // no other way would come to its end
	}
	s := r.opt.firstT(Scholtes)
	points := r.p.Starts(z[:r.p.NumVars()], varyStarts+1, 1, r.opt.Seed)[1:]
	ways := []way{{KanzowSchwartz, r.opt.firstT(KanzowSchwartz), 0}, {Scholtes, 100 * s, 0}, {Penalty, r.opt.firstT(Penalty), 0}, {Scholtes, 1e-2 * s, 0}}
	end := r.iterations + budget
	defer func() { r.quota = 0 }()
	for k := range len(ways) + len(points) {
		if r.over() || r.iterations >= end {
			return
		}
		w, from := way{Scholtes, s, 0}, z
		if k < len(ways) {
			w = ways[k]
		} else {
			from = r.begins(points[k-len(ways)])
		}
		r.quota = min(end, r.iterations+max(50, budget/4))
		r.one(w, from, 0.3)
	}
}

// varyWork limits what vary does, in iterations times the number of derivatives and variables; varyStarts is its number of random points.
const (
	varyWork   = 2_000_000
	varyStarts = 6
)

// linearRows reports whether the Hessian of the rows vanishes at the best point.
func (r *run) linearRows() bool {
	lambda := make([]float64, r.p.prog.NumRows())
	for k := range lambda {
		lambda[k] = 1 + r.rng.Float64()
	}
	hr, _ := r.p.prog.HessianPattern()
	h := make([]float64, len(hr))
	r.p.prog.Hessian(r.best.z, 0, lambda, h)
	for _, v := range h {
		if v != 0 {
			return false
		}
	}
	return true
}

// search looks for better branches far from the best point: by LPECs with large trust regions.
func (r *run) search() {
	if end := time.Now().Add(2*time.Second + time.Since(r.begin)); r.until.IsZero() || end.Before(r.until) {
		r.until = end
	}
	for range mostBranches {
		c := r.best
		if r.over() || r.late() || c == nil || !c.feasible || c.pattern == nil {
			return
		}
		if !r.far(c) {
			return
		}
	}
}

// searchIterations limits the branch program of a pattern that a search proposes, searchWork its linear
// programs times the size of the problem.
const (
	searchIterations = 100
	searchWork       = 1_000_000
	searchGain       = 1e-5 // of the linear model, relative to the objective, that makes a search worth while
)

// far makes one attempt for each of some radii and reports whether one improved on the candidate.
func (r *run) far(c *candidate) bool {
	size := math.Max(1, maxAbs(c.z[:r.p.NumVars()]))
	// The bound of the first linear program in the largest region says whether there is something to search for.
	worth := -searchGain * (1 + math.Abs(c.objective))
	if d, ok := r.lpec(c, 10*size, 1, 1); !ok || d.Bound > worth {
		return false
	}
	for _, radius := range []float64{0.1 * size, size, 10 * size} {
		if r.over() || r.late() {
			return false
		}
		d, ok := r.lpec(c, radius, min(300, max(10, searchWork/r.p.size())), 0.5)
		if !ok {
			return false
		}
		if d.Value > worth {
			continue
		}
		if n := r.along(c, d, searchIterations); r.better(n, c) {
			n.method = c.method
			r.consider(n)
			r.descend(n)
			return true
		}
	}
	return false
}
