package lpsolve

import "math"

// assumedBound is the magnitude that an integer variable is taken to stay below where neither it nor the relaxation has a bound. An answer
// found under such an assumption is not called proven.
const assumedBound = 1e6

// boundFree lowers the model again with bounds on the integer variables that have none, which the tree search can't do without. They are
// proven by LPs over the relaxation, or else assumed.
func (w *work) boundFree() error {
	relaxed := w.model.problem
	relaxed.integer, relaxed.sets = nil, nil
	from := map[int]origin{}
	for _, j := range w.model.free {
		o := origin{lo: math.Inf(-1), hi: math.Inf(1), known: true}
		for _, direction := range []float64{1, -1} {
			relaxed.cost = make([]float64, len(w.model.cost))
			w.model.each(j, func(column int32, sign float64) { relaxed.cost[column] = direction * sign })
			r, err := w.lp(&relaxed)
			if err != nil {
				return err
			}
			if r.verdict != optimal {
				continue
			}
			bound := r.bound - 1e-6*math.Max(1, math.Abs(r.bound))
			if direction > 0 {
				o.lo = bound
			} else {
				o.hi = -bound
			}
			break // one bound will do
		}
		if math.IsInf(o.lo, -1) && math.IsInf(o.hi, 1) {
			o.lo, o.assumed = -assumedBound, true
		}
		from[j] = o
	}
	again, err := lower(w.model.m, from)
	if err == nil {
		w.model = again
	}
	return err
}
