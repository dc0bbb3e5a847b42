package mpcc

import "math"

// auto is the sequence of methods that measurements on public collections show to be best: see the package comment.
func (r *run) auto(z []float64) {
	r.one(Scholtes, r.opt.firstT(Scholtes), z, 0.5)
	if r.best == nil || !r.best.feasible {
		r.rescue(z)
	}
	if r.opt.Effort < 0 || r.opt.NoPolish || r.best == nil || !r.best.feasible {
		return
	}
	spent := r.iterations
	r.stage("search", 0.5, func(*Stage) { r.search() })
	r.vary(z, spent)
}

// way is a method with its first parameter.
type way struct {
	method Method
	t0     float64
}

// rescue goes through other ways while nothing feasible has been found.
func (r *run) rescue(z []float64) {
	s := r.opt.firstT(Scholtes)
	for _, w := range []way{{Scholtes, 100 * s}, {Penalty, r.opt.firstT(Penalty)}, {Scholtes, 1e-2 * s}, {KanzowSchwartz, r.opt.firstT(KanzowSchwartz)},
		{LinFukushima, r.opt.firstT(LinFukushima)}} {
		if r.over() || r.best != nil && r.best.feasible {
			return
		}
		r.one(w.method, w.t0, z, 0.5)
	}
}

// vary follows other ways from the start after a solution has been found, and the first from random points, as far as a number of iterations
// goes that depends on how many that took and on the size of the problem: what costs little is tried. Where all rows are linear it does
// nothing: there the LPECs of the search see every branch as it is.
func (r *run) vary(z []float64, spent int) {
	if r.linearRows() {
		return
	}
	budget := min(8*spent+200, varyWork/r.p.size()) * (1 + r.opt.Effort)
	r.quota = r.iterations + budget
	defer func() { r.quota = 0 }()
	s := r.opt.firstT(Scholtes)
	points := r.p.Starts(z[:r.p.NumVars()], varyStarts+1, 1, r.opt.Seed)[1:]
	ways := []way{{KanzowSchwartz, r.opt.firstT(KanzowSchwartz)}, {Scholtes, 100 * s}, {Penalty, r.opt.firstT(Penalty)}, {Scholtes, 1e-2 * s}}
	for k := range len(ways) + len(points) {
		if r.over() || r.iterations >= r.quota {
			return
		}
		if k < len(ways) {
			r.one(ways[k].method, ways[k].t0, z, 0.3)
		} else {
			r.one(Scholtes, s, r.begins(points[k-len(ways)]), 0.3)
		}
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
	for range mostBranches {
		c := r.best
		if r.over() || c == nil || !c.feasible || c.pattern == nil {
			return
		}
		if !r.far(c) {
			return
		}
	}
}

// searchIterations limits the branch program of a pattern that a search proposes, searchWork its linear programs times the size of the problem.
const (
	searchIterations = 100
	searchWork       = 1_000_000
)

// far makes one attempt for each of some radii and reports whether one improved on the candidate.
func (r *run) far(c *candidate) bool {
	size := math.Max(1, maxAbs(c.z[:r.p.NumVars()]))
	for _, radius := range []float64{0.1 * size, size, 10 * size} {
		d, ok := r.lpec(c, radius, min(300, max(10, searchWork/r.p.size())), 0.5)
		if !ok {
			return false
		}
		if d.Value > -1e-6*(1+math.Abs(c.objective)) {
			continue
		}
		if n := r.along(c, d, searchIterations); r.better(n, c) {
			n.method = c.method
			r.consider(n)
			r.descend(n)
			return true
		}
		if r.over() {
			return false
		}
	}
	return false
}
