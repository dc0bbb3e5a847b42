package model

import (
	"math"
	"math/rand/v2"

	"github.com/gobilevel/bilevel/model/expr"
)

// Examination says how much is looked at in ExamineFollower; the zero value is the default.
type Examination struct {
	Samples int    // points at which second derivatives are looked at; default 200
	Seed    uint64 // of the points
}

// Limits of an examination: the variables and constraints of a follower that is sampled, and the operations that evaluations may take.
const (
	examineVars = 1000
	examineRows = 2000
	examineWork = 2e7 // shared by all followers
	decisions   = 40  // at which constraint qualifications are tested
)

// ExamineFollower says what is known of follower p: by the rules of Classify; where these do not show it convex, by second derivatives at points
// drawn at random from the ranges of all variables (about the start value where these are infinite), every other one of which is moved into the
// follower's constraints; and by constraint qualifications. What is found is the same in each run. A follower of more than 1000 variables or 2000
// constraints is judged by rules alone.
func (m *Model) ExamineFollower(p int, opt Examination) *FollowerStatement {
	class := m.classifyPlayer(p)
	s := &FollowerStatement{Follower: class.Name, Convex: class.Convex, Rules: class.Reasons}
	if opt.Samples <= 0 {
		opt.Samples = 200
	}
	affine := m.affineConstraints(p)
	if affine {
		s.Qualification.Kind = AffineConstraints
	}
	if class.Integers > 0 || affine && s.Convex == Yes {
		return s
	}
	f := m.newFollowerSampler(p, opt.Seed)
	if f == nil {
		return s
	}
	if s.Convex != Yes {
		f.testCurvature(s, opt.Samples)
	}
	switch {
	case affine:
	case s.Convex == Yes:
		f.testSlater(s)
	default:
		f.testLICQ(s)
	}
	return s
}

// affineConstraints reports whether the constraints of player p are affine in its own variables.
func (m *Model) affineConstraints(p int) bool {
	g := m.newJudge(p)
	for r := 0; r < m.NumRows(); r++ {
		if m.RowOwner(r) != p || m.RowIsAffine(r) {
			continue
		}
		f := m.RowFunction(r)
		if len(g.ownQuad(f.Quad)) > 0 || f.Nonlinear != 0 && !m.dag.Curvature(f.Nonlinear, g.varies, g.bounds).IsAffine() {
			return false
		}
	}
	return true
}

// followerSampler evaluates the functions of one follower at points. Variables are numbered by themselves: the follower's own ones that are not
// fixed come first.
type followerSampler struct {
	m      *Model
	judge  *judge
	rng    *rand.Rand
	vars   []int // of the model
	own    int   // the first own of these are the follower's
	lo, hi []float64
	start  []float64
	rows   []sampledRow
	curved []int // roots whose second derivatives count: 0 the objective, k+1 row k
	tape   *expr.Tape
	ws     *expr.Workspace
	values []float64
	jac    []float64
	hess   []float64
	work   float64 // operations that are left
	narrow bool    // whether a margin holds for affine constraints, too
}

// sampledRow is one constraint lo <= f <= hi.
type sampledRow struct {
	name   string
	lo, hi float64
	affine bool // in the own variables
	size   float64
}

func (m *Model) newFollowerSampler(p int, seed uint64) *followerSampler {
	f := &followerSampler{m: m, judge: m.newJudge(p), rng: rand.New(rand.NewPCG(seed, uint64(p)+0x51ab)), work: examineWork / float64(m.NumFollowers())}
	conditional := m.conditionalRows()
	functions := []Function{m.players[p].objective.F}
	for r := 0; r < m.NumRows(); r++ {
		if m.RowOwner(r) != p || conditional[r] {
			continue
		}
		g := m.RowFunction(r)
		mine := false
		m.EachVar(g, func(j int) { mine = mine || f.judge.owns(j) })
		if !mine {
			continue
		}
		lo, hi := m.RowBounds(r)
		affine := len(f.judge.ownQuad(g.Quad)) == 0 && (g.Nonlinear == 0 || m.dag.Curvature(g.Nonlinear, f.judge.varies, f.judge.bounds).IsAffine())
		f.rows = append(f.rows, sampledRow{m.RowName(r), lo, hi, affine, 1})
		functions = append(functions, g)
		if len(f.rows) > examineRows {
			return nil
		}
	}
	if !f.number(functions) {
		return nil
	}
	f.compile(functions, m.players[p].objective.Sense.Sign())
	return f
}

// number finds the variables that occur, own ones first, with their ranges.
func (f *followerSampler) number(functions []Function) bool {
	seen := map[int]bool{}
	var own, others []int
	for _, g := range functions {
		f.m.EachVar(g, func(j int) {
			if seen[j] {
				return
			}
			seen[j] = true
			if f.judge.varies(j) {
				own = append(own, j)
			} else {
				others = append(others, j)
			}
		})
	}
	f.vars, f.own = append(own, others...), len(own)
	start, _ := f.m.StartPoint()
	for _, j := range f.vars {
		lo, hi := f.judge.bounds(j)
		f.lo, f.hi = append(f.lo, lo), append(f.hi, hi)
		f.start = append(f.start, math.Min(math.Max(start[j], lo), hi))
	}
	return f.own > 0 && len(f.vars) <= examineVars
}

func (f *followerSampler) compile(functions []Function, sign float64) {
	d := expr.New()
	local := map[int]int{}
	for k, j := range f.vars {
		local[j] = k
	}
	roots := make([]expr.Node, len(functions))
	for k, g := range functions {
		coefs, args := []float64{}, []expr.Node{}
		for i, j := range g.Vars {
			coefs, args = append(coefs, g.Coefs[i]), append(args, d.Var(local[int(j)]))
		}
		for _, q := range g.Quad {
			coefs, args = append(coefs, q.Coef), append(args, d.Mul(d.Var(local[int(q.I)]), d.Var(local[int(q.J)])))
		}
		if g.Nonlinear != 0 {
			coefs, args = append(coefs, 1), append(args, d.Import(f.m.dag, g.Nonlinear, func(j int) int { return local[j] }))
		}
		roots[k] = d.Linear(g.Const, coefs, args)
		if k == 0 {
			roots[k] = d.Scale(sign, roots[k])
		}
		if k == 0 || !f.rows[k-1].affine {
			f.curved = append(f.curved, k)
		}
	}
	f.tape = d.Compile(roots)
	f.ws = f.tape.NewWorkspace()
	f.values = make([]float64, len(roots))
	rows, _ := f.tape.JacobianPattern()
	f.jac = make([]float64, len(rows))
	rows, _ = f.tape.HessianPattern()
	f.hess = make([]float64, len(rows))
}

// spend takes the cost of n evaluations off the budget, and reports whether any is left.
func (f *followerSampler) spend(n int) bool {
	f.work -= float64(n) * float64(f.tape.NumInstructions()+len(f.jac)+len(f.hess)+len(f.vars))
	return f.work > 0
}

// draw draws a point from the ranges. Where one is infinite it is drawn about the start value, near by and far away by turns.
func (f *followerSampler) draw(x []float64, from, to int) {
	reach := math.Pow(10, 2.5*f.rng.Float64()-1)
	for k := from; k < to; k++ {
		lo, hi := f.lo[k], f.hi[k]
		if w := reach * math.Max(1, math.Abs(f.start[k])); hi-lo > 20*w || math.IsInf(hi-lo, 1) {
			lo, hi = math.Max(lo, f.start[k]-w), math.Min(hi, f.start[k]+w)
		}
		x[k] = lo + (hi-lo)*f.rng.Float64()
		if f.rng.IntN(20) == 0 && !math.IsInf(f.lo[k], -1) {
			x[k] = f.lo[k]
		} else if f.rng.IntN(20) == 0 && !math.IsInf(f.hi[k], 1) {
			x[k] = f.hi[k]
		}
	}
}

// violation of row k at the values that were computed last: how far f is above hi or, negative, below lo; 0 inside. margin makes inequalities
// narrower, in units of their size: those that are not affine, or all.
func (f *followerSampler) violation(k int, margin float64) float64 {
	r, v := &f.rows[k], f.values[k+1]
	if r.affine && !f.narrow || r.lo == r.hi {
		margin = 0
	}
	margin *= r.size
	switch {
	case v > r.hi-margin:
		return v - r.hi + margin
	case v < r.lo+margin:
		return v - r.lo - margin
	case math.IsNaN(v):
		return math.Inf(1)
	}
	return 0
}

// enter moves the own variables of x into the constraints with a margin, see violation: by steps onto the linearisation of the constraint
// that is violated most. It reports whether it has come there to a tolerance.
func (f *followerSampler) enter(x []float64, margin float64, steps int) bool {
	rows, cols := f.tape.JacobianPattern()
	for range steps {
		if !f.spend(1) {
			return false
		}
		f.tape.Values(f.ws, x, f.values)
		worst, at := 0.0, -1
		for k := range f.rows {
			tol := 1e-9 * math.Max(1, f.rows[k].size)
			if v := math.Abs(f.violation(k, margin)); v > tol && v/f.rows[k].size > worst {
				worst, at = v/f.rows[k].size, k
			}
		}
		if at < 0 {
			return true
		}
		if math.IsInf(worst, 1) {
			return false
		}
		f.tape.Jacobian(f.ws, x, f.jac)
		sq, lo := 0.0, -1
		for i, r := range rows {
			if int(r) != at+1 || int(cols[i]) >= f.own {
				continue
			}
			if lo < 0 {
				lo = i
			}
			k, d := int(cols[i]), f.jac[i]
			if down := f.violation(at, margin)*d > 0; down && x[k] <= f.lo[k] || !down && x[k] >= f.hi[k] {
				continue // a bound is in the way
			}
			sq += d * d
		}
		if !(sq > 0) || math.IsInf(sq, 1) {
			return false
		}
		step := f.violation(at, margin) / sq
		if !f.rows[at].affine && f.rows[at].lo != f.rows[at].hi {
			step *= 1.05 // to come inside within finitely many steps
		}
		for i := lo; i < len(rows) && int(rows[i]) == at+1; i++ {
			if k := int(cols[i]); k < f.own {
				x[k] = math.Min(math.Max(x[k]-step*f.jac[i], f.lo[k]), f.hi[k])
			}
		}
	}
	return false
}

// feasible reports whether x satisfies the follower's constraints and bounds to a tolerance.
func (f *followerSampler) feasible(x []float64) bool {
	for k := range f.own {
		if x[k] < f.lo[k] || x[k] > f.hi[k] {
			return false
		}
	}
	f.tape.Values(f.ws, x, f.values)
	for k := range f.rows {
		if !(math.Abs(f.violation(k, 0)) <= 1e-7*math.Max(1, math.Abs(f.values[k+1]))) {
			return false
		}
	}
	return true
}

// wide is a point of the sampler as one of the model; entries of variables that do not occur are not a number.
func (f *followerSampler) wide(x []float64) []float64 {
	out := make([]float64, f.m.NumVars())
	for j := range out {
		out[j] = math.NaN()
	}
	for k, j := range f.vars {
		out[j] = x[k]
	}
	return out
}
