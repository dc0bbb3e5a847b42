package implicit

import (
	"context"
	"errors"
	"math"

	"github.com/gobilevel/bilevel/nonlinear/response"
)

// sample is an evaluation: a decision, the penalised objective and a derivative of it.
type sample struct {
	x         []float64 // of the leader's variables, in the order of response.Problem.LeaderOwn
	value     float64   // F + σ violation
	grad      []float64
	objective float64
	total     float64 // sum of violations
	worst     float64 // largest violation
	answer    *response.Answer
	kink      bool
	singular  bool
}

// reduced evaluates the penalised objective as a function of the decision.
type reduced struct {
	p      *response.Problem
	opt    Options
	sigma  float64
	last   *response.Answer // the warm start
	point  []float64        // by variable of the model
	evals  int
	kinks  int
	soft   []int // leader's constraints that are penalised
	memory []*sample
}

// errEvaluations ends a solve whose evaluations are used up.
var errEvaluations = errors.New("the evaluations are used up")

// memorySize is how many evaluations are kept for the bundle.
const memorySize = 60

func newReduced(p *response.Problem, opt Options, hard map[int]bool) *reduced {
	r := &reduced{p: p, opt: opt, point: make([]float64, p.Model.NumVars())}
	lo, hi := p.Outer.RowBounds()
	for i := range lo {
		if !hard[i] && !(math.IsInf(lo[i], -1) && math.IsInf(hi[i], 1)) {
			r.soft = append(r.soft, i)
		}
	}
	return r
}

func (r *reduced) solvers() response.Solvers {
	return response.Solvers{Smooth: r.opt.Smooth, Backend: r.opt.Backend}
}

// full is the point with the decision x and the entries of the last answer.
func (r *reduced) full(x []float64) []float64 {
	out := append([]float64(nil), r.point...)
	if r.last != nil {
		copy(out, r.last.X)
	}
	for i, j := range r.p.LeaderOwn {
		out[j] = x[i]
	}
	return out
}

// at evaluates a decision. The sample is nil where the follower has no answer there, or a function has no value.
func (r *reduced) at(ctx context.Context, x []float64) (*sample, error) {
	if r.opt.MaxEvaluations > 0 && r.evals >= r.opt.MaxEvaluations {
		return nil, errEvaluations
	}
	r.evals++
	a, err := r.p.At(ctx, r.full(x), r.last, r.solvers())
	var none *response.NoAnswerError
	if errors.As(err, &none) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	r.last = a
	s := r.measure(ctx, x, a)
	if math.IsNaN(s.value) || math.IsInf(s.value, 0) {
		return nil, nil
	}
	for _, g := range s.grad {
		if math.IsNaN(g) || math.IsInf(g, 0) {
			return nil, nil
		}
	}
	if s.kink {
		r.kinks++
	}
	r.memory = append(r.memory, s)
	if len(r.memory) > memorySize {
		r.memory = r.memory[1:]
	}
	return s, nil
}

// measure computes value and derivative of the penalised objective at an answer.
func (r *reduced) measure(ctx context.Context, x []float64, a *response.Answer) *sample {
	out := r.p.Outer
	s := &sample{x: append([]float64(nil), x...), objective: out.Objective(a.X), answer: a}
	g := make([]float64, len(a.X))
	out.Gradient(a.X, g)
	if len(r.soft) > 0 {
		lo, hi := out.RowBounds()
		c := make([]float64, out.NumRows())
		out.Rows(a.X, c)
		weight := make([]float64, len(c))
		for _, i := range r.soft {
			v := 0.0
			switch {
			case c[i] > hi[i]:
				v, weight[i] = c[i]-hi[i], r.sigma
			case c[i] < lo[i]:
				v, weight[i] = lo[i]-c[i], -r.sigma
			}
			s.total += v
			s.worst = math.Max(s.worst, v)
		}
		rows, cols := out.JacobianPattern()
		vals := make([]float64, len(rows))
		out.Jacobian(a.X, vals)
		for k, i := range rows {
			if weight[i] != 0 {
				g[cols[k]] += weight[i] * vals[k]
			}
		}
	}
	s.value = s.objective + r.sigma*s.total
	d := NewAdjoint(ctx, r.p, a, r.opt.Smooth)
	full := d.Gradient(g)
	s.grad = make([]float64, len(x))
	for i, j := range r.p.LeaderOwn {
		s.grad[i] = full[j]
	}
	s.kink, s.singular = d.Kink, d.Singular
	return s
}
