package valuefunction

import (
	"context"
	"fmt"
	"math"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/expr"
	"github.com/gobilevel/bilevel/model/smooth"
	"github.com/gobilevel/bilevel/verify"
)

// Where a follower is indifferent between distant answers, φ has a kink that no single z describes, and a solution there is no zero of a
// system. With answers z_1, z_2, ... of the follower,
//
//	min F(x, y)   s.t.   G(x, y) <= 0,   g(x, y) <= 0,   f(x, y) <= f(x, z_k) for all k
//
// relaxes the problem, for a follower whose constraints do not contain the leader's variables. A local solution (x, y) is found, the follower's
// answer at x becomes the next z, and so on until y is as good as it. Near a solution f(x, z_k) differs from φ(x) by the square of the
// distance, so that few cuts are needed. Source: Mitsos, Lemonidis and Barton, Global solution of bilevel programs with a nonconvex inner
// program (2008), where the programs are solved globally; here they are not, and a result is a candidate as any other.

// cutting is the state of the method.
type cutting struct {
	p      *Problem
	opt    Options
	joint  *model.Model // all variables the leader's, without followers
	solver smooth.Solver
}

// newCutting prepares the method; nil where a follower's constraint contains a variable of the leader, or there is no solver.
func (p *Problem) newCutting(opt Options) *cutting {
	m := p.m
	if opt.Verify.Smooth == nil || opt.Cuts < 0 {
		return nil
	}
	for r := range m.NumRows() {
		if m.RowOwner(r) == 0 {
			continue
		}
		foreign := false
		m.EachVar(m.RowFunction(r), func(j int) { foreign = foreign || m.VarOwner(j) == 0 })
		if foreign {
			return nil
		}
	}
	d := m.Derive()
	for j := range d.NumVars() {
		d.SetVarOwner(j, 0)
	}
	for r := range d.NumRows() {
		d.SetRowOwner(r, 0)
	}
	d.DropFollowers()
	return &cutting{p: p, opt: opt, joint: d, solver: opt.Verify.Smooth}
}

// program is the joint problem with a cut for each answer and follower.
func (c *cutting) program(answers [][]float64) (*smooth.Compiled, error) {
	d := c.joint.Derive()
	m := c.p.m
	for k, z := range answers {
		for p := 1; p < m.NumPlayers(); p++ {
			o := m.Player(p).Objective()
			if !o.Set {
				continue
			}
			acc := d.Accumulator()
			acc.AddFunction(o.Sense.Sign(), o.F)
			acc.AddFunction(-o.Sense.Sign(), answered(d, m, o.F, z))
			if f := acc.Function(); !f.IsConst() {
				d.AddRow(0, d.FreshBase(fmt.Sprintf("cut%d_%d", k, p)), f, -model.Inf, 0)
			}
		}
	}
	return smooth.Compile(d)
}

// answered is a function with the followers' variables replaced by their values in z.
func answered(d, m *model.Model, f model.Function, z []float64) model.Function {
	follower := func(j int32) bool { return m.VarOwner(int(j)) > 0 }
	acc := d.Accumulator()
	acc.AddConst(f.Const)
	for k, j := range f.Vars {
		if follower(j) {
			acc.AddConst(f.Coefs[k] * z[j])
		} else {
			acc.AddTerm(f.Coefs[k], int(j))
		}
	}
	for _, q := range f.Quad {
		switch i, j := follower(q.I), follower(q.J); {
		case i && j:
			acc.AddConst(q.Coef * z[q.I] * z[q.J])
		case i:
			acc.AddTerm(q.Coef*z[q.I], int(q.J))
		case j:
			acc.AddTerm(q.Coef*z[q.J], int(q.I))
		default:
			acc.AddProduct(q.Coef, int(q.I), int(q.J))
		}
	}
	if f.Nonlinear != 0 {
		n := d.DAG().Substitute(f.Nonlinear, func(j int) (expr.Node, bool) {
			if m.VarOwner(j) == 0 {
				return 0, false
			}
			return d.DAG().Const(z[j]), true
		})
		acc.AddFunction(1, d.FromNode(n))
	}
	return acc.Function()
}

// cutIterations is what the solver may take for one program, and cutViolation what its point may violate.
const (
	cutIterations = 300
	cutViolation  = 1e-5
)

// run cuts from a point on, and offers each iterate, and the follower's answer to it, as candidates of r.
func (c *cutting) run(ctx context.Context, s *checks, r *Run, x []float64) error {
	a, err := verify.Respond(ctx, c.p.m, x, c.opt.Verify)
	if err != nil {
		return nil // the follower has no answer there
	}
	answers := [][]float64{a.X}
	at := [][]float64{x}
	for range c.opt.Cuts {
		if ctx.Err() != nil {
			return nil
		}
		program, err := c.program(answers)
		if err != nil {
			return err
		}
		var t *smooth.Answer
		for _, x := range at {
			u, err := c.solver.Solve(ctx, program, smooth.Start{X: x}, smooth.Options{MaxIterations: cutIterations})
			if err != nil {
				return err
			}
			r.Iterations += u.Iterations
			// What the cuts leave is no help where it is no better than what is known.
			if finite(u.X) && u.Violation <= cutViolation && !s.worse(c.p.Objective(u.X)) {
				t = u
				break
			}
		}
		if t == nil {
			return nil
		}
		if a, err = verify.Respond(ctx, c.p.m, t.X, c.opt.Verify); err != nil {
			return nil
		}
		if err := s.take(ctx, r, a.X, FromCuts); err != nil {
			return err
		}
		gap := c.p.Gap(t.X, a.X)
		if gap <= c.opt.Verify.Tolerance/10*math.Max(1, c.p.followers(a.X)) || gap <= 1e-7 {
			return s.take(ctx, r, t.X, FromCuts)
		}
		for _, z := range answers {
			if distance(z, a.X) <= 1e-12 {
				return nil
			}
		}
		answers = append(answers, a.X)
		at = [][]float64{t.X, a.X} // near the next solution; and a point that satisfies all cuts
	}
	return nil
}

// refutedStarts is the number of refuted zeros that cuts set out from.
const refutedStarts = 3

// cut tries to improve on the runs by cuts, from the best candidate and from the best zeros that are no answers.
func (c *checks) cut(ctx context.Context, runs []*Run, best *Run) (*Run, error) {
	k := c.p.newCutting(c.opt)
	if k == nil || best == nil {
		return nil, nil
	}
	from := [][]float64{best.Candidate}
	for _, r := range runs {
		if len(from) <= refutedStarts && r.Solved() && r.Certificate != nil && (!r.Verified() || r.Of != FromZero) && c.sign*r.Objective < c.best && distance(r.X, best.Candidate) > 1e-4 {
			from = append(from, r.X)
		}
	}
	out := &Run{Start: best.Start, Lambda: math.NaN(), Of: FromCuts, Residual: math.NaN(), Norm: math.NaN(), Gap: math.NaN(), Outcome: best.Outcome, X: best.X, Z: best.Z}
	for _, x := range from {
		if !finite(x) {
			continue
		}
		if err := k.run(ctx, c, out, x); err != nil {
			return nil, err
		}
	}
	if !out.Verified() {
		return nil, nil
	}
	out.X, out.Z, out.Objective = out.Candidate, out.Candidate, out.Value
	return out, nil
}
