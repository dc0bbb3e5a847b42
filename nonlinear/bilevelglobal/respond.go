package bilevelglobal

import (
	"context"
	"math"
	"slices"
	"time"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/expr"
	"github.com/gobilevel/bilevel/model/smooth"
	"github.com/gobilevel/bilevel/nonlinear/global"
	"github.com/gobilevel/bilevel/verify"
)

// mostSeeds is how many seeds a follower keeps.
const mostSeeds = 400

// firstResponses is the number of decisions at which followers are answered by searches from many starts. Later ones are answered from the seeds
// that there are.
const firstResponses = 40

// ranked are the seeds of a follower that promise the least objective at the decision in x, with their values there.
func (f *follower) ranked(x []float64, most int) []*seed {
	type entry struct {
		s *seed
		v float64
		d float64
	}
	y := append([]float64(nil), x...)
	vals := make([]float64, 1+len(f.rows))
	var list []entry
	for _, s := range f.seeds {
		s.answerAt(f, y)
		f.tape.Values(f.ws, y, vals)
		v := vals[0]
		for r := range f.rows {
			e := math.Max(vals[1+r]-f.hi[r], f.lo[r]-vals[1+r])
			if e > 1e-3*math.Max(1, math.Abs(vals[1+r])) || math.IsNaN(e) {
				v = math.Inf(1)
				break
			}
			if e > 0 {
				v += 10 * e // an estimate of what feasibility costs
			}
		}
		if math.IsNaN(v) || math.IsInf(v, 0) {
			continue
		}
		d := 0.0
		for _, i := range f.others {
			d += math.Abs(x[i] - s.point[i])
		}
		list = append(list, entry{s, v, d})
	}
	slices.SortStableFunc(list, func(a, b entry) int {
		switch tol := 1e-9 * math.Max(1, math.Abs(a.v)); {
		case a.v < b.v-tol:
			return -1
		case a.v > b.v+tol:
			return 1
		case a.d < b.d:
			return -1
		case a.d > b.d:
			return 1
		}
		return 0
	})
	var out []*seed
	for _, e := range list {
		if out = append(out, e.s); len(out) == most {
			break
		}
	}
	return out
}

// near reports whether a seed was made at a decision within the box.
func (f *follower) near(box []expr.Interval) bool {
	for _, s := range f.seeds {
		in := true
		for _, i := range f.others {
			if !box[i].Contains(s.point[i]) {
				in = false
				break
			}
		}
		if in {
			return true
		}
	}
	return false
}

// addSeed keeps a point as a seed if it satisfies the follower's constraints nearly.
func (f *follower) addSeed(point []float64) bool {
	if len(f.seeds) >= mostSeeds {
		return false
	}
	p := append([]float64(nil), point...)
	for k, j := range f.vars {
		if f.whole[k] {
			p[j] = math.Round(p[j])
		}
		p[j] = math.Min(math.Max(p[j], f.vlo[k]), f.vhi[k])
		if math.IsNaN(p[j]) || math.IsInf(p[j], 0) {
			return false
		}
	}
	vals := make([]float64, 1+len(f.rows))
	f.tape.Values(f.ws, p, vals)
	for r := range f.rows {
		if e := math.Max(vals[1+r]-f.hi[r], f.lo[r]-vals[1+r]); !(e <= 1e-5*math.Max(1, math.Abs(vals[1+r]))) {
			return false
		}
	}
	if s := f.newSeed(p); !math.IsNaN(s.value) {
		f.seeds = append(f.seeds, s)
		return true
	}
	return false
}

// respond finds answers of a follower to the decision in x, keeps them as seeds, and returns x with the best one.
func (s *search) respond(ctx context.Context, f *follower, x []float64) []float64 {
	s.stats.Responses++
	best, value := []float64(nil), math.Inf(1)
	consider := func(p []float64) {
		if !f.addSeed(p) {
			return
		}
		if d := f.seeds[len(f.seeds)-1]; d.value < value {
			best, value = d.point, d.value
		}
	}
	if s.stats.Responses <= firstResponses || len(f.seeds) == 0 {
		if p, err := verify.Respond(ctx, s.p.m, x, s.quick()); err == nil {
			q := append([]float64(nil), x...)
			for _, j := range f.vars {
				q[j] = p.X[j]
			}
			consider(q)
		}
	}
	starts := f.ranked(x, 2)
	for _, d := range starts {
		y := append([]float64(nil), x...)
		d.answerAt(f, y)
		if p := s.refine(ctx, f, y); p != nil {
			consider(p)
		}
	}
	for _, y := range f.wholeStarts(x) {
		if p := s.refine(ctx, f, y); p != nil {
			consider(p)
		}
	}
	if best == nil && s.stats.Responses <= firstResponses {
		if p := s.enclosed(ctx, f, x); p != nil {
			consider(p)
		}
	}
	return best
}

// answerBoxes is how many boxes the answer to one decision may take where searches find none.
const answerBoxes = 300

// enclosed answers the decision in x by boxes, which needs no point to start from at which the follower's functions have values; nil where none is found.
func (s *search) enclosed(ctx context.Context, f *follower, x []float64) []float64 {
	for k := range f.vars {
		if math.IsInf(f.vlo[k], 0) || math.IsInf(f.vhi[k], 0) {
			return nil
		}
	}
	fp, err := s.followers.At(f.player, x)
	if err != nil {
		return nil
	}
	a, err := global.Minimise(ctx, fp.Model, global.Options{MaxBoxes: answerBoxes, Local: s.opt.Verify.Smooth, TimeLimit: time.Second})
	if err != nil || a.X == nil {
		return nil
	}
	out := append([]float64(nil), x...)
	fp.Extend(out, a.X)
	return out
}

// mostWhole is the number of combinations of a follower's integers up to which all are tried.
const mostWhole = 200

// wholeStarts are copies of x with all values of the follower's integer variables, or of those next to the ones in x where these are too many;
// x alone where it has none.
func (f *follower) wholeStarts(x []float64) [][]float64 {
	out := [][]float64{append([]float64(nil), x...)}
	total := 1.0
	for k, w := range f.whole {
		if w {
			total *= f.vhi[k] - f.vlo[k] + 1
		}
	}
	for k, w := range f.whole {
		if !w {
			continue
		}
		lo, hi := f.vlo[k], f.vhi[k]
		if total > mostWhole {
			v := math.Min(math.Max(math.Round(x[f.vars[k]]), lo), hi)
			lo, hi = math.Max(lo, v-1), math.Min(hi, v+1)
		}
		var next [][]float64
		for _, p := range out {
			for v := lo; v <= hi && len(next) < mostWhole; v++ {
				q := append([]float64(nil), p...)
				q[f.vars[k]] = v
				next = append(next, q)
			}
		}
		out = next
	}
	return out
}

// refine searches for a local optimum of a follower from its part of x.
func (s *search) refine(ctx context.Context, f *follower, x []float64) []float64 {
	if s.opt.Verify.Smooth == nil {
		return nil
	}
	if !slices.Contains(f.whole, false) {
		return append([]float64(nil), x...) // nothing is left to search
	}
	fp, err := s.followers.At(f.player, x)
	if err != nil {
		return nil
	}
	prog, err := smooth.Compile(fp.Model)
	if err != nil {
		return nil
	}
	for j := 0; j < fp.Model.NumVars(); j++ {
		if fp.Model.VarKind(j) != model.Continuous { // stays where it is
			v := math.Min(math.Max(math.Round(x[fp.Vars[j]]), s.p.lower[fp.Vars[j]]), s.p.upper[fp.Vars[j]])
			prog.SetBounds(j, v, v)
		}
	}
	a, err := s.opt.Verify.Smooth.Solve(ctx, prog, smooth.Start{X: fp.Restrict(x)}, smooth.Options{MaxIterations: 200})
	if err != nil || a.X == nil || !(a.Violation <= 1e-6) {
		return nil
	}
	out := append([]float64(nil), x...)
	fp.Extend(out, a.X)
	return out
}
