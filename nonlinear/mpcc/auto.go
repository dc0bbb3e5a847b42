package mpcc

import (
	"math"
)

// auto is the sequence of methods that measurements on public collections show to be best: see the package comment.
func (r *run) auto(z []float64) {
	r.one(Scholtes, r.opt.firstT(Scholtes), z, 0.5)
	if r.best == nil || !r.best.feasible {
		r.rescue(z)
	}
	if r.opt.Effort >= 0 && !r.opt.NoPolish {
		r.stage("search", 0.5, func(*Stage) { r.search() })
	}
}

// rescue goes through other ways while nothing feasible has been found.
func (r *run) rescue(z []float64) {
	ways := []struct {
		method Method
		t0     float64
	}{{Scholtes, 100 * r.opt.firstT(Scholtes)}, {Penalty, r.opt.firstT(Penalty)}, {Scholtes, 1e-2 * r.opt.firstT(Scholtes)}, {KanzowSchwartz, 0}, {LinFukushima, 0}}
	for _, w := range ways {
		if r.over() || r.best != nil && r.best.feasible {
			return
		}
		t := w.t0
		if t == 0 {
			t = r.opt.firstT(w.method)
		}
		r.one(w.method, t, z, 0.5)
	}
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

// iterations of the branch program of a pattern that a search proposes
const searchIterations = 100

// far makes one attempt for each of some radii and reports whether one improved on the candidate.
func (r *run) far(c *candidate) bool {
	size := math.Max(1, maxAbs(c.z[:r.p.NumVars()]))
	for _, radius := range []float64{0.1 * size, size, 10 * size} {
		d, ok := r.lpec(c, radius, 300)
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
