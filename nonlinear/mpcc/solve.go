package mpcc

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/gobilevel/bilevel/model"
)

// Solve looks for a local solution of a problem from start, a point of NumVars entries that may violate anything; nil stands for the point of
// the bounds nearest to zero. It follows the method's parameter to zero, guesses from the last point which members are zero, solves the
// branch program of that pattern, and descends from branch to branch to a B-stationary point. It returns an error only where the
// call itself is wrong; what was found until a limit is in the result, and is never worse than what some stage had found.
func Solve(ctx context.Context, p *Problem, start []float64, opt Options) (*Result, error) {
	return solve(ctx, p, start, opt, true)
}

// solve is Solve; without vary, Auto tries no other starts and methods once it has a solution.
func solve(ctx context.Context, p *Problem, start []float64, opt Options, vary bool) (*Result, error) {
	opt, err := opt.filled()
	if err != nil {
		return nil, err
	}
	if start != nil && len(start) != p.NumVars() {
		return nil, &OptionError{"start", fmt.Sprintf("of length %d", len(start)), fmt.Sprintf("one entry for each of %d variables", p.NumVars())}
	}
	r := &run{p: p, opt: opt, varies: vary, begin: time.Now(), rng: rand.New(rand.NewPCG(opt.Seed, 0x6d706363))}
	if opt.TimeLimit > 0 {
		r.ctx, r.cancel = context.WithTimeout(ctx, opt.TimeLimit)
	} else {
		r.ctx, r.cancel = context.WithCancel(ctx)
	}
	defer r.cancel()
	z := r.begins(start)
	if opt.Method == Auto {
		r.auto(z)
	} else {
		r.one(way{method: opt.Method, t0: opt.firstT(opt.Method)}, z, 1)
	}
	r.settle()
	return r.result(z), nil
}

// begins is the start point in the lifted program, within the bounds.
func (r *run) begins(start []float64) []float64 {
	x := make([]float64, r.p.NumVars())
	copy(x, start)
	lo, hi := r.p.base.Bounds()
	for j, v := range x {
		if math.IsNaN(v) {
			v = 0
		}
		x[j] = math.Min(math.Max(v, lo[j]), hi[j])
	}
	z := r.p.lift(x)
	r.p.clip(z)
	return z
}

// way is a method with its first parameter, and the iterations that its first program may take; 0: no limit.
type way struct {
	method Method
	t0     float64
	first  int
}

// one follows a way from a point of the lifted program, within a share of the time that is left, and polishes its end. It reports whether
// the way could be followed at all, its first program being solved.
func (r *run) one(w way, z []float64, share float64) (follows bool) {
	var it *iterate
	r.stage(w.method.String(), 0.7*share, func(s *Stage) {
		if w.method == Penalty {
			it = r.penalise(w.t0, z, w.first)
		} else {
			it = r.follow(w.method, w.t0, z, w.first)
		}
		s.Message = it.reason
	})
	follows = it != nil && it.answer != nil
	if it == nil || it.done || it.above || r.opt.NoPolish || !follows && r.opt.Method == Auto {
		return follows // without a solved program there is no pattern to see, and other ways may see one
	}
	r.stage("branch", share, func(s *Stage) {
		if !r.polish(it, w.method) {
			s.Message = "no branch program near the point was solved"
		}
	})
	return follows
}

// settle descends from the best point where no stage did, because it went on to other points.
func (r *run) settle() {
	if b := r.best; b != nil && b.feasible && b.pattern != nil && b.label == Weak && !b.descended && !r.opt.NoPolish {
		r.stage("descent", 1, func(*Stage) { r.descend(b) })
	}
}

// result is what the run found.
func (r *run) result(z []float64) *Result {
	p := r.p
	if r.best == nil {
		r.consider(&candidate{z: z})
	}
	b := r.best
	res := &Result{X: slices.Clone(b.z[:p.NumVars()]), Objective: b.objective, Label: b.label, Violation: b.violation, Complementarity: b.complement,
		Method: b.method, Pattern: b.pattern, Programs: r.programs, Iterations: r.iterations, Evaluations: r.evaluations, Seconds: since(r.begin),
		Stages: r.stages, Message: r.stopped}
	if res.Pattern == nil {
		res.Pattern = p.patternAt(b.z, b.nu, r.active())
	}
	r.fillMultipliers(res, b)
	switch {
	case b.feasible && b.label > Unlabelled:
		res.Status = model.StatusLocal
	case b.feasible:
		res.Status = model.StatusFeasible
	case r.ctx.Err() == context.DeadlineExceeded || r.opt.MaxEvaluations > 0 && r.evaluations >= r.opt.MaxEvaluations:
		res.Status = model.StatusLimit
	case r.ctx.Err() != nil:
		res.Status = model.StatusInterrupted
	case r.unbounded > r.infeasible:
		res.Status, res.Message = model.StatusUnbounded, "the objective fell without limit in the programs that were solved"
	case r.infeasible > 0:
		res.Status, res.Message = model.StatusInfeasible, "the programs ended at stationary points of the violation: perhaps no point is feasible, perhaps another start finds one"
	default:
		res.Status = model.StatusFailed
		res.Message = r.failure()
	}
	return res
}

// failure is the reason of the last stage that failed.
func (r *run) failure() string {
	if r.broken != nil {
		return r.broken.Error()
	}
	for i := len(r.stages) - 1; i >= 0; i-- {
		if r.stages[i].Message != "" {
			return r.stages[i].Name + ": " + r.stages[i].Message
		}
	}
	return "no stage found a feasible point"
}

// fillMultipliers takes the multipliers of the best point apart: those of bounds and rows without what belongs to pairs.
func (r *run) fillMultipliers(res *Result, b *candidate) {
	p, a := r.p, b.answer
	if a == nil || b.nu == nil {
		return
	}
	n, l := p.NumVars(), p.prog
	if len(a.Rows) < l.NumRows() || len(a.Lower) < l.NumVars() || len(a.Upper) < l.NumVars() {
		return
	}
	res.Pairs = b.nu
	res.Rows = make([]float64, p.NumRows())
	for i, row := range l.kept {
		res.Rows[row] = a.Rows[i]
	}
	res.Lower, res.Upper = slices.Clone(a.Lower[:n]), slices.Clone(a.Upper[:n])
	if b.reduced != nil {
		// On a branch the bounds have what is left of ∇f + J'λ without the pairs.
		left := slices.Clone(b.reduced[:n])
		for _, k := range p.live {
			for i, s := range p.sides[k] {
				if int(s.col) < n {
					left[s.col] -= s.sign() * b.nu[k][i]
				}
			}
		}
		for j, v := range left {
			res.Lower[j], res.Upper[j] = math.Max(v, 0), math.Max(-v, 0)
		}
	}
	for _, k := range p.live {
		for i, s := range p.sides[k] {
			switch {
			case int(s.col) >= n:
				// c_r - v = 0 carries the multiplier of the member: ν (c_r - L) is taken out of λ c_r.
				res.Rows[l.rows[int(s.col)-n]] += s.sign() * b.nu[k][i]
			case b.reduced != nil:
			case s.upper:
				res.Upper[s.col] = 0
			default:
				res.Lower[s.col] = 0
			}
		}
	}
	// What is left at a bound that is a row's is the row's.
	for row := range res.Rows {
		m := p.merged[int32(row)]
		if m == nil {
			continue
		}
		if m.lower {
			res.Rows[row] -= m.sign * res.Lower[m.col]
			res.Lower[m.col] = 0
		}
		if m.upper {
			res.Rows[row] += m.sign * res.Upper[m.col]
			res.Upper[m.col] = 0
		}
	}
}
