package mpcc

import (
	"math"
	"slices"

	"github.com/gobilevel/bilevel/model/smooth"
)

// branch solves the branch program of a pattern from a point of the lifted program. from may be nil; its multipliers of the lifted rows are
// used else. It returns nil where the pattern contradicts itself or the solver broke.
func (r *run) branch(pattern []Zero, z []float64, from *smooth.Answer, warm bool) *candidate {
	return r.branchWithin(pattern, z, from, warm, 0)
}

// branchWithin is branch with a limit of iterations; 0: none.
func (r *run) branchWithin(pattern []Zero, z []float64, from *smooth.Answer, warm bool, iterations int) *candidate {
	q := &piece{lifted: r.p.prog, p: r.p}
	if !q.set(pattern) {
		return nil
	}
	start := slices.Clone(z)
	for j, v := range start {
		start[j] = math.Min(math.Max(v, q.lowerP[j]), q.upperP[j])
	}
	c := call{stage: "branch", program: q, start: smooth.Start{X: start}, tolerance: r.opt.Tolerance / 10, maxIter: iterations}
	if from != nil && warm {
		c.warm, c.mu = true, 1e-6
		c.start.Rows = from.Rows[:r.p.prog.NumRows()]
		c.start.Lower, c.start.Upper = from.Lower, from.Upper
	}
	a := r.solve(c)
	if a == nil {
		return nil
	}
	out := &candidate{z: slices.Clone(a.X), answer: a, pattern: slices.Clone(pattern)}
	// What the solver keeps inside its bounds by a hair belongs on them.
	for j := range out.z {
		out.z[j] = math.Min(math.Max(out.z[j], q.lowerP[j]), q.upperP[j])
	}
	out.nu, out.reduced = r.branchMultipliers(out.z, a.Rows)
	if a.Solved() {
		out.label = Weak
	}
	return out
}

// branchMultipliers returns the multipliers of the members at a point of a branch from those of the rows: for a member that is zero
// and no other pair's, ν = ±(∇f + J'λ) at its variable. The second result is ∇f + J'λ itself.
func (r *run) branchMultipliers(z, lambda []float64) (nu [][2]float64, reduced []float64) {
	l := r.p.prog
	reduced = make([]float64, l.NumVars())
	l.Gradient(z, reduced)
	jac := make([]float64, len(l.jacRows))
	l.Jacobian(z, jac)
	for k, v := range jac {
		reduced[l.jacCols[k]] += lambda[l.jacRows[k]] * v
	}
	nu = make([][2]float64, len(r.p.sides))
	seen := map[side]bool{}
	for _, k := range r.p.live {
		for i, s := range r.p.sides[k] {
			if !seen[s] && r.p.slack(s, z) <= r.active() {
				seen[s] = true
				nu[k][i] = s.sign() * reduced[s.col]
			}
		}
	}
	return nu, reduced
}

// active is how near to zero a member counts as zero.
func (r *run) active() float64 { return r.opt.Feasibility }

// biactive lists the live pairs of which both members are zero at a point.
func (r *run) biactive(z []float64) []int {
	var list []int
	for _, k := range r.p.live {
		s := r.p.sides[k]
		if math.Max(r.p.slack(s[0], z), r.p.slack(s[1], z)) <= r.active() {
			list = append(list, k)
		}
	}
	return list
}

// most branch programs of one polish
const mostBranches = 50

// polish goes from a point near a solution to a B-stationary point: it guesses the pattern, solves the branch program, moves biactive pairs
// with a negative multiplier to their other branch, and lets a linear program with complementarity constraints decide where multipliers
// cannot: each step lowers the objective. It reports whether it found a feasible point.
func (r *run) polish(it *iterate, method Method) bool {
	c := r.firstBranch(it)
	if c == nil {
		return false
	}
	c.method = method
	r.consider(c)
	if !c.feasible {
		return false
	}
	r.descend(c)
	return true
}

// guessIterations limits the branch program of a guessed pattern: where the guess is right the start is near its solution, and where it is
// wrong a solver may search long for a feasible point that does not exist.
const guessIterations = 100

// firstBranch solves branch programs at an iterate until one is feasible.
func (r *run) firstBranch(it *iterate) *candidate {
	tol := math.Max(r.active(), 10*it.complement)
	var last *candidate
	var tried [][]Zero
	try := func(pattern []Zero, warm bool) bool {
		if slices.ContainsFunc(tried, func(t []Zero) bool { return slices.Equal(t, pattern) }) {
			return false
		}
		tried = append(tried, pattern)
		c := r.branchWithin(pattern, it.z, it.answer, warm, guessIterations)
		if c == nil {
			return false
		}
		c.violation, c.complement = r.p.Residual(c.z[:r.p.NumVars()])
		c.feasible = c.violation <= r.opt.Feasibility && c.complement <= r.opt.Feasibility
		if last == nil || c.feasible || c.violation < last.violation {
			last = c
		}
		return c.feasible
	}
	if try(r.p.patternAt(it.z, it.nu, tol), true) || try(r.p.patternAt(it.z, nil, 0), true) {
		return last
	}
	if it.before != nil && try(r.p.patternByDecrease(it.z, it.before), true) {
		return last
	}
	if last == nil || r.over() || r.late() {
		return last
	}
	near := last.z
	if last.violation > 1e-2 {
		near = it.z
	}
	if z, pattern, ok := r.restore(near, last.pattern); ok {
		tried = nil
		it = &iterate{z: z}
		try(pattern, false)
	}
	return last
}

// descend walks from a feasible point of a branch to a B-stationary one.
func (r *run) descend(c *candidate) {
	for range mostBranches {
		if r.over() || r.late() {
			return
		}
		c.descended = true
		next, done := r.step(c)
		if next != nil {
			next.method = c.method
			r.consider(next)
			c = next
		}
		if done {
			return
		}
	}
}

// step goes from a branch solution to a better one. done says that there is none, or that nothing is known of one.
func (r *run) step(c *candidate) (next *candidate, done bool) {
	negative, scale := r.negative(c)
	if len(negative) == 0 {
		c.label = Strong
		r.relabel(c)
		return nil, true
	}
	var turn []int
	for _, k := range negative {
		if c.nu[k][c.pattern[k]] < -scale {
			turn = append(turn, k)
		}
	}
	if len(turn) > 0 {
		if n := r.branch(flip(c.pattern, turn), c.z, c.answer, true); r.better(n, c) {
			return n, false
		}
	}
	return r.lpecStep(c)
}

// negative lists the biactive pairs with a negative multiplier, and gives the size that counts as negative.
func (r *run) negative(c *candidate) (pairs []int, scale float64) {
	scale = 1e-6 * math.Max(1, maxAbs(c.reduced))
	for _, k := range r.biactive(c.z) {
		if math.Min(c.nu[k][0], c.nu[k][1]) < -scale {
			pairs = append(pairs, k)
		}
	}
	return pairs, scale
}

// strong reports whether a branch solution is strongly stationary by its own multipliers.
func (r *run) strong(c *candidate) bool {
	n, _ := r.negative(c)
	return len(n) == 0
}

// better reports whether a branch solution is feasible and lower than another by more than rounding.
func (r *run) better(n, c *candidate) bool {
	if n == nil {
		return false
	}
	n.violation, n.complement = r.p.Residual(n.z[:r.p.NumVars()])
	n.objective = r.p.prog.Objective(n.z)
	return n.violation <= r.opt.Feasibility && n.complement <= r.opt.Feasibility && n.objective < c.objective-1e-8*math.Max(1, math.Abs(c.objective))
}

// relabel offers the candidate again, so that a label that was found later counts.
func (r *run) relabel(c *candidate) {
	if r.best == c {
		return
	}
	r.consider(c)
}

func maxAbs(v []float64) float64 {
	m := 0.0
	for _, a := range v {
		m = math.Max(m, math.Abs(a))
	}
	return m
}
