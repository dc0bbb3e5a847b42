package bilevelglobal

import (
	"context"
	"math"
	"slices"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/expr"
	"github.com/gobilevel/bilevel/nonlinear/global"
)

// look bounds the value of the decisions of a box and divides it; nothing is returned where it holds none that is sought.
func (s *hostile) look(ctx context.Context, b *box) []*box {
	mid := make([]float64, len(b.in))
	for j, v := range b.in {
		mid[j] = middle(v)
	}
	optimistic := s.optimistic(ctx, b, mid)
	if optimistic == nil {
		return nil
	}
	s.decide(ctx, mid)
	if optimistic.X != nil && s.apart(optimistic.X, mid) {
		s.decide(ctx, optimistic.X)
	}
	if optimistic = s.optimistic(ctx, b, mid); optimistic == nil {
		return nil
	}
	if !s.pessimistic(ctx, b, mid) {
		return nil
	}
	return s.split(b)
}

// apart reports whether two points differ in the decision.
func (s *hostile) apart(x, y []float64) bool {
	for _, j := range s.decisions {
		if math.Abs(x[j]-y[j]) > 1e-9*math.Max(1, math.Abs(x[j])) {
			return true
		}
	}
	return false
}

// continued is a seed that satisfies the follower's constraints throughout a box of decisions: z(x) = base + a (x - x0).
type continued struct {
	s    *seed
	a    []float64
	base []float64 // by own variable
}

// z(x) stands for a point that satisfies the follower's equations and is at most equationRoom from it; that is taken to be worth equationWorth in the
// follower's objective, relative to it.
const (
	equationRoom  = 1e-9
	equationWorth = 1e-6
)

// follow continues a seed over a box, along its derivatives or, where that fails, as it is; nil where neither is seen to satisfy the constraints.
func (s *hostile) follow(d *seed, in []expr.Interval, straight bool) *continued {
	a := d.a
	if straight {
		a = make([]float64, len(d.a))
	}
	t := 0.0
	for range 4 {
		over, at := s.f.answers(d, a, t, in)
		if over == nil {
			return nil
		}
		v := s.f.excess(a, over, at)
		if slices.ContainsFunc(s.f.room, func(r expr.Interval) bool { return r.Hi > equationRoom }) {
			return nil
		}
		if v <= 0 {
			c := &continued{d, slices.Clone(a), make([]float64, len(s.f.vars))}
			for k, j := range s.f.vars {
				c.base[k] = d.point[j]
				if d.d != nil && t > 0 {
					c.base[k] += t * d.d[k]
				}
				if over[j].Lo == over[j].Hi { // the steps along the derivatives are in it
					c.base[k] = over[j].Lo
					clear(c.a[k*len(s.f.others) : (k+1)*len(s.f.others)])
				}
			}
			return c
		}
		if d.d == nil || math.IsInf(v, 0) {
			return nil
		}
		t += 1.5*v + 1e-10
	}
	return nil
}

// ways are the continuations of a seed over a box.
func (s *hostile) ways(d *seed, in []expr.Interval) []*continued {
	var out []*continued
	if c := s.follow(d, in, false); c != nil {
		out = append(out, c)
	}
	if slices.ContainsFunc(d.a, func(v float64) bool { return v != 0 }) {
		if c := s.follow(d, in, true); c != nil {
			out = append(out, c)
		}
	}
	return out
}

// along is a function of decisions and answers with z(x) for the answers.
func (s *hostile) along(m *model.Model, f model.Function, c *continued) expr.Node {
	d := m.DAG()
	no := len(s.f.others)
	return d.Substitute(m.Node(f), func(v int) (expr.Node, bool) {
		k := slices.Index(s.f.vars, v)
		if k < 0 {
			return 0, false
		}
		constant := c.base[k]
		var coefs []float64
		var args []expr.Node
		for o, i := range s.f.others {
			if q := c.a[k*no+o]; q != 0 {
				constant -= q * c.s.point[i]
				coefs, args = append(coefs, q), append(args, d.Var(i))
			}
		}
		if len(args) == 0 {
			return d.Const(constant), true
		}
		return d.Linear(constant, coefs, args), true
	})
}

// optimistic bounds the best value of the optimistic problem over the box; nil where nothing of interest is left.
func (s *hostile) optimistic(ctx context.Context, b *box, mid []float64) *global.Answer {
	d := s.all.Derive()
	n := 0
	for _, seed := range s.f.ranked(mid, 4) {
		for _, c := range s.ways(seed, b.in) {
			acc := d.Accumulator()
			acc.AddFunction(1, s.gain)
			acc.AddNode(-1, s.along(d, s.gain, c))
			slack := exactness
			if s.f.equal {
				slack = equationWorth
			}
			d.AddRow(0, d.FreshBase("cut"), acc.Function(), -model.Inf, slack*math.Max(1, math.Abs(seed.value)))
			n++
		}
		if n >= 2 {
			break
		}
	}
	acc := d.Accumulator()
	acc.AddFunction(s.sign, s.m.Leader().Objective().F)
	d.Leader().SetObjective(model.Objective{Name: d.FreshBase("hope"), Set: true, F: acc.Function()})
	o := global.Options{MaxBoxes: boxBoxes, AbsGap: s.opt.Gap / 20, RelGap: s.opt.Gap / 20}
	if t := s.target(); !math.IsInf(t, 1) {
		o.Target = &global.Target{Value: t}
	}
	a, ok := s.bounded(ctx, d, b.in, o)
	if !ok || ctx.Err() != nil {
		return &global.Answer{}
	}
	if a.Status == global.Infeasible {
		s.stats.Contracted++
		return nil
	}
	b.bound = math.Max(b.bound, a.Bound)
	if a.Status == global.AboveTarget || b.bound >= s.target() {
		s.stats.ByBound++
		return nil
	}
	return &a
}

// mostHarmful is the number of candidates that are tried over a box.
const mostHarmful = 4

// pessimistic bounds the value over the box by candidates that are optimal to the level throughout; it reports whether anything of interest is left.
func (s *hostile) pessimistic(ctx context.Context, b *box, mid []float64) bool {
	near := func(h *seed) float64 {
		t := 0.0
		for _, j := range s.decisions {
			if w := b.in[j].Width(); w > 0 {
				t = math.Max(t, math.Abs(h.point[j]-mid[j])/w)
			}
		}
		return t
	}
	list := slices.Clone(s.harmful)
	slices.SortStableFunc(list, func(p, q *seed) int {
		switch x, y := near(p), near(q); {
		case x < y:
			return -1
		case x > y:
			return 1
		}
		return 0
	})
	for _, h := range list[:min(len(list), mostHarmful)] {
		for _, c := range s.ways(h, b.in) {
			v, possible := s.harm(ctx, c, b.in)
			if possible && v <= b.bound+0.05*s.opt.Gap || !s.member(ctx, c, b.in) {
				continue
			}
			if !possible {
				s.stats.Contracted++
				return false
			}
			if b.bound = math.Max(b.bound, v); b.bound >= s.target() {
				s.stats.ByBound++
				return false
			}
		}
	}
	return true
}

// harm is the least value of the leader's objective along z(x), in minimisation form, over the decisions of a box at which the leader's constraints hold
// there; possible is false where these exclude all of the box.
func (s *hostile) harm(ctx context.Context, c *continued, in []expr.Interval) (least float64, possible bool) {
	d := s.answers.Derive()
	fixed := slices.Clone(in)
	for _, j := range s.f.vars { // the answers are replaced: any do
		fixed[j] = expr.Point(c.s.point[j])
	}
	for r := range s.m.NumRows() {
		d.SetRow(r, model.Function{}, -model.Inf, model.Inf) // it need not have a value at the answer that stands for z(x)
	}
	for _, list := range [][]int{s.decides, s.couple} {
		for _, r := range list {
			lo, hi := s.m.RowBounds(r)
			acc := d.Accumulator()
			acc.AddNode(1, s.along(d, s.m.RowFunction(r), c))
			d.AddRow(0, d.FreshBase("kept"), acc.Function(), lo-loose(lo), hi+loose(hi))
		}
	}
	acc := d.Accumulator()
	acc.AddNode(s.sign, s.along(d, s.m.Leader().Objective().F, c))
	d.Leader().SetObjective(model.Objective{Name: d.FreshBase("harm"), Set: true, F: acc.Function()})
	a, ok := s.bounded(ctx, d, fixed, global.Options{MaxBoxes: boxBoxes, AbsGap: s.opt.Gap / 50, RelGap: s.opt.Gap / 50})
	if !ok {
		return math.Inf(-1), true
	}
	return a.Bound, a.Status != global.Infeasible
}

// member proves z(x) optimal to the level for all decisions of a box: f(x, y) >= f(x, z(x)) - e for all of them and all answers y.
func (s *hostile) member(ctx context.Context, c *continued, in []expr.Interval) bool {
	d := s.answers.Derive()
	acc := d.Accumulator()
	acc.AddFunction(1, s.gain)
	acc.AddNode(-1, s.along(d, s.gain, c))
	d.Leader().SetObjective(model.Objective{Name: d.FreshBase("regret"), Set: true, F: acc.Function()})
	a, ok := s.bounded(ctx, d, in, global.Options{Target: &global.Target{Value: -s.opt.Level}, MaxBoxes: boxBoxes})
	return ok && (a.Status == global.AboveTarget || a.Status == global.Infeasible)
}

// split halves a box of decisions in its longest side, relative to the first box; a box that is too small stays undecided.
func (s *hostile) split(b *box) []*box {
	widest, most := -1, 1e-12
	for _, j := range s.decisions {
		w := b.in[j].Width()
		if s.p.whole[j] && w < 1 || w <= 1e-12*math.Max(1, math.Abs(middle(b.in[j]))) {
			continue
		}
		if whole := s.p.box[j].Width(); w/whole > most {
			widest, most = j, w/whole
		}
	}
	if widest < 0 {
		s.stats.Undecided++
		s.undecided = math.Min(s.undecided, b.bound)
		return nil
	}
	at := middle(b.in[widest])
	low, high := at, at
	if s.p.whole[widest] {
		low, high = math.Floor(at), math.Floor(at)+1
	}
	var out []*box
	for _, part := range [2]expr.Interval{{Lo: b.in[widest].Lo, Hi: low}, {Lo: high, Hi: b.in[widest].Hi}} {
		in := slices.Clone(b.in)
		in[widest] = part
		s.numbers++
		out = append(out, &box{in: in, bound: b.bound, depth: b.depth + 1, number: s.numbers})
	}
	return out
}
