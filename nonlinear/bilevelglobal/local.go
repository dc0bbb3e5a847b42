package bilevelglobal

import (
	"cmp"
	"context"
	"math"
	"slices"
	"time"

	"github.com/gobilevel/bilevel/nonlinear/mpcc"
	"github.com/gobilevel/bilevel/verify"
)

// given tries the points that the options give.
func (s *search) given(ctx context.Context) {
	s.gather(ctx, func() {
		for _, x := range s.opt.Incumbents {
			if len(x) == s.p.n {
				s.check(ctx, x)
			}
		}
	})
}

// firstIncumbents makes seeds of the points that are given, and searches locally from several starts.
func (s *search) firstIncumbents(ctx context.Context) {
	s.gather(ctx, func() {
		for _, x := range append(slices.Clone(s.opt.Incumbents), s.best) {
			if len(x) == s.p.n {
				for _, f := range s.p.followers {
					f.addSeed(x)
				}
			}
		}
		if s.opt.Starts > 0 {
			for _, x := range s.starts() {
				if ctx.Err() != nil {
					break
				}
				s.improve(ctx, x)
			}
		}
	})
}

// gather makes searches, and proves what they find in the order of its cost, until one point holds.
func (s *search) gather(ctx context.Context, searches func()) {
	s.gathering = true
	searches()
	s.gathering = false
	slices.SortStableFunc(s.gathered, func(a, b incumbent) int { return cmp.Compare(a.cost, b.cost) })
	for _, n := range s.gathered {
		if s.prove(ctx, n) {
			break
		}
	}
	s.gathered = nil
}

// starts are the points from which the first local searches set out: the model's own, and others drawn from the box.
func (s *search) starts() [][]float64 {
	x, _ := s.p.m.StartPoint()
	out := [][]float64{x}
	if problem := s.local(); problem != nil && s.opt.Starts > 1 {
		w, _ := s.p.work.StartPoint()
		for _, p := range problem.Starts(w, s.opt.Starts, 1, s.opt.Verify.Seed) {
			out = append(out, p[:s.p.n])
		}
	}
	return out[:min(len(out), s.opt.Starts)]
}

// improve answers the decision in x by the followers, and goes from there to a local optimum of the followers' conditions.
func (s *search) improve(ctx context.Context, x []float64) {
	y := append([]float64(nil), x[:s.p.n]...)
	for _, f := range s.p.followers {
		if p := s.respond(ctx, f, y); p != nil {
			for _, j := range f.vars {
				y[j] = p[j]
			}
		}
	}
	s.check(ctx, y)
	s.descend(ctx, y)
}

// polish goes from the incumbent to a local optimum, where that is better by more than rounding.
func (s *search) polish(ctx context.Context) {
	if s.best == nil || ctx.Err() != nil {
		return
	}
	s.polishing = true
	s.descend(ctx, s.best)
	s.polishing = false
}

// local is the model with the followers' conditions as a problem of smooth optimisation, nil where there is none.
func (s *search) local() *mpcc.Problem {
	if s.p.chain == nil || s.opt.Verify.Smooth == nil {
		return nil
	}
	if s.problem == nil {
		s.problem, _ = mpcc.FromModel(s.p.chain.Model())
	}
	return s.problem
}

// descend goes from a point to a local optimum of the followers' conditions and checks it.
func (s *search) descend(ctx context.Context, x []float64) {
	problem := s.local()
	if problem == nil || ctx.Err() != nil {
		return
	}
	s.stats.Locals++
	start, _ := s.p.work.StartPoint()
	copy(start, x[:s.p.n])
	if p, err := verify.Respond(ctx, s.p.m, x[:s.p.n], s.quick()); err == nil {
		q := p.Clone()
		copy(q.X, x[:s.p.n])
		if l, err := s.p.chain.Lift(q); err == nil && len(l.X) == len(start) {
			start = l.X
		}
	}
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	r, err := mpcc.Solve(ctx, problem, start, mpcc.Options{Solver: s.opt.Verify.Smooth, Effort: -1, MaxEvaluations: 1000})
	if err != nil || !r.Feasible() {
		return
	}
	if s.check(ctx, r.X) {
		return
	}
	// The decision may be good where the answer was not: answered again.
	y := append([]float64(nil), r.X[:s.p.n]...)
	for _, f := range s.p.followers {
		if p := s.respond(ctx, f, y); p != nil {
			for _, j := range f.vars {
				y[j] = p[j]
			}
		}
	}
	s.check(ctx, y)
}

// propose looks for an incumbent near the point of a relaxation.
func (s *search) propose(ctx context.Context, b *box, at []float64) {
	x := append([]float64(nil), at[:s.p.n]...)
	s.check(ctx, s.answered(x))
	simple := s.simplest(b, x)
	s.check(ctx, s.answered(simple))
	if s.accepted(simple) {
		s.check(ctx, simple)
	}
	if s.accepted(x) {
		s.check(ctx, x)
	}
	if s.stats.Nodes >= cleanBoxes {
		s.takeReserve(ctx)
	}
	if n := s.stats.Nodes; n == 1 || n == s.next || s.best == nil && n%10 == 0 {
		s.next = n + n/2 + 2 // more and more seldom
		s.improve(ctx, x)
	}
}

// answered is a point with the followers' part replaced by the best seed's.
func (s *search) answered(x []float64) []float64 {
	y := append([]float64(nil), x...)
	for _, f := range s.p.followers {
		if list := f.ranked(y, 1); len(list) > 0 {
			list[0].answerAt(f, y)
		}
	}
	return y
}

// simplest is the point of a box with the fewest decimals in the leader's part, beside x. Decisions at which a follower is indifferent are often such
// numbers, and no other decision nearby has their value.
func (s *search) simplest(b *box, x []float64) []float64 {
	y := append([]float64(nil), x...)
	for j := range y {
		if s.p.m.VarOwner(j) != 0 {
			continue
		}
		for unit := math.Pow(10, math.Ceil(math.Log10(math.Max(1, math.Abs(x[j]))))); unit > 1e-7; unit /= 10 {
			if v := math.Round(x[j]/unit) * unit; b.in[j].Contains(v) {
				y[j] = v
				break
			}
		}
	}
	return y
}

// accepted reports whether no seed of any follower is better than its part of x.
func (s *search) accepted(x []float64) bool {
	y := append([]float64(nil), x...)
	for _, f := range s.p.followers {
		vals := make([]float64, 1+len(f.rows))
		f.tape.Values(f.ws, x, vals)
		own := vals[0]
		list := f.ranked(x, 1)
		if len(list) == 0 {
			return false
		}
		copy(y, x)
		list[0].answerAt(f, y)
		f.tape.Values(f.ws, y, vals)
		if !(own <= vals[0]+0.9*s.opt.Verify.Tolerance*math.Max(1, math.Abs(vals[0]))) {
			return false
		}
	}
	return true
}
