package hypergrad

import (
	"maps"
	"slices"
)

func (r *sampledRun) kind() string { return r.opt.Method.Name() }

// save copies the run; it is called after a check.
func (r *sampledRun) save() *State {
	s := newState(r.kind(), r.o, r.k, r.options(), r.guard.x, r.guard.y)
	s.Elapsed, s.Memory, s.History, s.Checks = r.elapsed(), r.memory, slices.Clip(r.history), r.checks
	g := &r.guard
	s.Numbers = map[string]float64{"ay": g.ay, "av": g.av, "ax": g.ax, "most": g.most, "shrink": g.shrink, "value": g.value, "height": g.height, "norm": g.norm, "residual": g.residual,
		"first value": g.firstValue, "first norm": g.firstNorm, "best": g.best, "first residual": g.firstRes}
	s.Integers = map[string]int64{"seed": int64(r.random.seed), "drawn": int64(r.random.drawn), "next": int64(g.next), "failures": int64(g.failures), "batch": int64(r.opt.Batch)}
	s.Vectors = map[string][]float64{"x": slices.Clone(r.x), "y": slices.Clone(r.y), "v": slices.Clone(r.v), "good x": slices.Clone(g.x), "good y": slices.Clone(g.y),
		"good v": slices.Clone(g.v), "d": slices.Clone(g.d), "q": slices.Clone(g.q), "adjoint": slices.Clone(g.adjoint)}
	for name, v := range r.vectors {
		s.Vectors["method "+name] = slices.Clone(v)
	}
	for name, v := range r.numbers {
		s.Numbers["method "+name] = *v
	}
	return s
}

// load goes on where save was called; the method has made its vectors.
func (r *sampledRun) load(s *State) error {
	if err := s.fits(r.kind(), r.o, r.options()); err != nil {
		return err
	}
	g := &r.guard
	g.x, g.y, g.v, g.d = make([]float64, s.N), make([]float64, s.M), make([]float64, s.M), make([]float64, s.N)
	g.q, g.adjoint = make([]float64, s.M), make([]float64, s.M)
	into := map[string][]float64{"x": r.x, "y": r.y, "v": r.v, "good x": g.x, "good y": g.y, "good v": g.v, "d": g.d, "q": g.q, "adjoint": g.adjoint}
	for name, v := range r.vectors {
		into["method "+name] = v
	}
	for _, name := range slices.Sorted(maps.Keys(into)) {
		v := into[name]
		if len(s.Vectors[name]) != len(v) {
			return badOption("the state has %d entries of %s in place of %d; it is of other options or was damaged", len(s.Vectors[name]), name, len(v))
		}
		copy(v, s.Vectors[name])
	}
	if err := s.knows(r.o, g.x, g.y); err != nil {
		return err
	}
	for name, v := range r.numbers {
		*v = s.Numbers["method "+name]
	}
	n := s.Numbers
	g.ay, g.av, g.ax, g.shrink, g.value, g.height, g.norm, g.residual = n["ay"], n["av"], n["ax"], n["shrink"], n["value"], n["height"], n["norm"], n["residual"]
	g.firstNorm, g.most = n["first norm"], n["most"]
	g.firstValue, g.best, g.firstRes = n["first value"], n["best"], n["first residual"]
	g.next, g.failures = int(s.Integers["next"]), int(s.Integers["failures"])
	r.random.drawn = uint64(s.Integers["drawn"])
	r.memory, r.k, r.earlier, r.o.tally, r.checks = s.Memory, s.Iteration, s.Elapsed, s.Tally, s.Checks
	r.history = slices.Clone(s.History)
	return nil
}
