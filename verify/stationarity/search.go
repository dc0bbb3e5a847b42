package stationarity

import (
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/gobilevel/bilevel/model"
)

// node is a linear program of the search: its parent's with one more pair fixed.
type node struct {
	parent *node
	pair   int
	branch Branch
	bound  float64   // of the parent
	y      []float64 // the multipliers that prove it, where leaves are kept
}

// missTolerance is how far a pair may be from holding along a direction, in units of the linear program: a little more than its own tolerance.
const missTolerance = 1e-8

// searching is the state of one search.
type searching struct {
	*linearised
	opt       LPECOptions
	choices   []choice
	block     int
	out       *Direction
	d, y, r   []float64
	best      float64 // value of the best direction, in units of the radius
	bound     float64 // least bound of what was cut off
	slack     float64 // what is not worth searching for
	rootBound float64
}

func (s *linearised) searcher(opt LPECOptions, choices []choice, block int) *searching {
	return &searching{linearised: s, opt: opt, choices: choices, block: block, out: &Direction{D: make([]float64, s.p.n), Branches: s.branches},
		d: make([]float64, s.p.n), y: make([]float64, s.p.m), r: make([]float64, s.p.n), slack: 0.1 * opt.Tolerance * (1 + s.gradNorm)}
}

// search finds the best direction by branching on pairs, depth first. Where the pairs that do not hold in the first linear program are
// in several groups of variables that have nothing to do with each other, each group is searched by itself.
func (s *linearised) search(ctx context.Context, opt LPECOptions) (*Direction, error) {
	z := s.searcher(opt, s.choices, 0)
	open, err := z.step(ctx, []*node{{pair: -1, bound: -inf}})
	if err != nil {
		return nil, err
	}
	if len(open) > 1 {
		if block, groups := z.brokenBlocks(); len(groups) > 2 {
			if z, err = z.apart(ctx, block, groups); err != nil {
				return nil, err
			}
			open = nil
		}
	}
	if err := z.run(ctx, open); err != nil {
		return nil, err
	}
	for _, c := range s.choices {
		z.out.Choices = append(z.out.Choices, c.pair)
	}
	return z.conclude(), nil
}

// run visits nodes until none is open or a limit is hit.
func (z *searching) run(ctx context.Context, open []*node) error {
	for len(open) > 0 && z.out.Message != stoppedMessage {
		if z.out.Nodes >= z.opt.NodeLimit {
			z.out.Message = fmt.Sprintf("stopped after %d linear programs", z.out.Nodes)
			break
		}
		if z.out.Nodes > 0 && z.best < 0 && z.best <= z.opt.Sufficient*z.rootBound {
			break
		}
		var err error
		if open, err = z.step(ctx, open); err != nil {
			return err
		}
	}
	for _, n := range open {
		z.bound = math.Min(z.bound, math.Max(n.bound, z.trivialBound()))
		if n.y != nil {
			z.leaf(n, n.bound, n.y)
		}
	}
	return nil
}

const stoppedMessage = "stopped by the time limit"

// step visits the last open node and returns what is open then.
func (z *searching) step(ctx context.Context, open []*node) ([]*node, error) {
	n := open[len(open)-1]
	rest := open[:len(open)-1]
	if z.cut(n.bound) {
		z.bound = math.Min(z.bound, n.bound)
		z.leaf(n, n.bound, n.y)
		return rest, nil
	}
	children, stopped, err := z.visit(ctx, n)
	if err != nil {
		return nil, err
	}
	if stopped {
		z.out.Message = stoppedMessage
		return open, nil
	}
	return append(rest, children...), nil
}

// apart searches groups of variables one after the other, the other variables held still, and puts the steps together. The variables
// of number 0 keep the step of the first linear program, in which all their pairs hold.
func (z *searching) apart(ctx context.Context, block []int, groups [][]choice) (*searching, error) {
	sum := z.searcher(z.opt, z.choices, 0)
	sum.out.Nodes, sum.out.Iterations = z.out.Nodes, z.out.Iterations
	sum.bound = z.lp.boundOf(z.y, z.r, func(q int) bool { return block[q] == 0 })
	sum.rootBound = z.rootBound
	for j, d := range z.d {
		if block[j] == 0 {
			sum.best += z.grad[j] * d
			sum.out.D[j] = z.radius*d + 0
		}
	}
	for i := range groups[0] {
		z.choose(&groups[0][i])
	}
	whole := z.linearised.root
	z.reset()
	sum.leaf(nil, sum.bound, z.y)
	for g := 1; g < len(groups); g++ {
		held := [2][]float64{slices.Clone(whole[0]), slices.Clone(whole[1])}
		for j, b := range block[:z.p.n] {
			if b != g {
				held[0][j], held[1][j] = 0, 0
			}
		}
		z.linearised.hold(held)
		opt := z.opt
		opt.NodeLimit -= sum.out.Nodes
		part := z.searcher(opt, groups[g], g)
		if err := part.run(ctx, []*node{{pair: -1, bound: -inf}}); err != nil {
			return nil, err
		}
		part.reset()
		sum.best += part.best
		sum.bound += math.Min(part.bound, part.best)
		sum.out.Nodes, sum.out.Iterations = sum.out.Nodes+part.out.Nodes, part.out.Iterations
		sum.out.Leaves = append(sum.out.Leaves, part.out.Leaves...)
		if part.out.Message != "" {
			sum.out.Message = part.out.Message
		}
		for j, d := range part.out.D {
			if block[j] == g {
				sum.out.D[j] = d
			}
		}
	}
	z.linearised.hold(whole)
	return sum, nil
}

// cut reports whether nothing above a bound is worth searching for.
func (z *searching) cut(bound float64) bool { return bound >= z.best-z.slack }

// trivialBound is that of the box alone.
func (z *searching) trivialBound() float64 {
	sum := 0.0
	for j, g := range z.grad {
		sum += leastOf(g, z.root[0][j], z.root[1][j])
	}
	return sum
}

// visit solves a node and returns its children, the one to visit first last.
func (z *searching) visit(ctx context.Context, n *node) (children []*node, stopped bool, err error) {
	z.reset()
	for a := n; a.pair >= 0; a = a.parent {
		z.restrict(z.p.pairs[a.pair], a.branch, false)
	}
	status, err := z.lp.solver.solve(ctx, z.lp, z.d, z.y)
	z.out.Nodes++
	z.out.Iterations = z.lp.solver.iterations()
	if err != nil {
		return nil, false, err
	}
	switch {
	case status == boxStopped:
		return nil, true, nil
	case status == boxFailed || status == boxInfeasible && n.pair < 0: // at the root d = 0 is allowed
		z.bound = math.Min(z.bound, math.Max(n.bound, z.trivialBound()))
		z.out.Message = "a linear program could not be solved"
		return nil, false, nil
	case status == boxInfeasible:
		z.leaf(n, inf, nil)
		return nil, false, nil
	}
	bound := math.Max(z.lp.bound(z.y, z.r), math.Max(n.bound, z.trivialBound()))
	if n.pair < 0 {
		z.rootBound = bound
	}
	if z.cut(bound) {
		z.bound = math.Min(z.bound, bound)
		z.leaf(n, bound, z.y)
		return nil, false, nil
	}
	at := z.branchOn(n)
	if at == nil {
		z.accept(n)
		z.bound = math.Min(z.bound, bound)
		z.leaf(n, bound, z.y)
		return nil, false, nil
	}
	order := slices.Clone(at.branches)
	slices.SortStableFunc(order, func(a, b Branch) int { // the likeliest last
		switch va, vb := z.miss(at.pair, a), z.miss(at.pair, b); {
		case va > vb:
			return -1
		case va < vb:
			return 1
		}
		return 0
	})
	var y []float64
	if z.opt.Leaves {
		y = slices.Clone(z.y)
	}
	for _, b := range order {
		children = append(children, &node{parent: n, pair: at.pair, branch: b, bound: bound, y: y})
	}
	return children, false, nil
}

// branchOn is the pair that is farthest from holding at the node's direction, nil where all hold.
func (z *searching) branchOn(n *node) *choice {
	var at *choice
	worst := missTolerance
	for i := range z.choices {
		c := &z.choices[i]
		if miss := z.least(c); miss > worst && !fixedOn(n, c.pair) {
			worst, at = miss, c
		}
	}
	return at
}

// least is how far a pair is from the nearest of its branches at the node's direction.
func (z *searching) least(c *choice) float64 {
	miss := inf
	for _, b := range c.branches {
		miss = math.Min(miss, z.miss(c.pair, b))
	}
	return miss
}

// choose notes the branch that a pair is nearest to at the node's direction.
func (z *searching) choose(c *choice) {
	best := inf
	for _, b := range c.branches {
		if miss := z.miss(c.pair, b); miss < best-missTolerance {
			best, z.out.Branches[c.pair] = miss, b
		}
	}
}

func fixedOn(n *node, pair int) bool {
	for ; n.pair >= 0; n = n.parent {
		if n.pair == pair {
			return true
		}
	}
	return false
}

// miss is how far a pair is from a branch at the node's direction, in units of the linear program.
func (z *searching) miss(k int, b Branch) float64 {
	pair := z.p.pairs[k]
	qa, qb := z.p.quantity(pair.A), z.p.quantity(pair.B)
	switch b {
	case FirstZero:
		return z.gap(pair.A.Side, qa, z.distance(pair.A))
	case SecondZero:
		return z.gap(pair.B.Side, qb, z.distance(pair.B))
	}
	v := z.snapped(pair.B)/z.unit[qb] + z.moved(qb)
	switch b {
	case RangeAtLower:
		return math.Max(math.Abs(z.moved(qa)+z.toLower(qa)/z.unit[qa]), -v)
	case RangeAtUpper:
		return math.Max(math.Abs(z.moved(qa)-z.toUpper(qa)/z.unit[qa]), v)
	}
	return math.Abs(v)
}

// gap is the slack that a member has left at the node's direction.
func (z *searching) gap(side model.Side, q int, distance float64) float64 {
	if side == model.AtUpper {
		return math.Abs(distance/z.unit[q] - z.moved(q))
	}
	return math.Abs(distance/z.unit[q] + z.moved(q))
}

// moved is the change of a quantity along the node's direction, in units of the linear program.
func (z *searching) moved(q int) float64 {
	if q < z.p.n {
		return z.d[q]
	}
	return z.lp.along(q-z.p.n, z.d)
}

// accept keeps the node's direction, which all pairs hold along.
func (z *searching) accept(n *node) {
	value := 0.0
	for j, g := range z.grad {
		value += g * z.d[j]
	}
	if value >= z.best {
		return
	}
	z.best = value
	for j, v := range z.d {
		z.out.D[j] = z.radius*v + 0 // no negative zero
	}
	for i := range z.choices {
		z.choose(&z.choices[i])
	}
	for ; n.pair >= 0; n = n.parent {
		z.out.Branches[n.pair] = n.branch
	}
}

// leaf keeps a part of the proof. n is nil for the part without choices.
func (z *searching) leaf(n *node, bound float64, y []float64) {
	if !z.opt.Leaves {
		return
	}
	f := Leaf{Block: z.block, Bound: bound * z.radius}
	for ; n != nil && n.pair >= 0; n = n.parent {
		f.Pairs, f.Branches = append(f.Pairs, n.pair), append(f.Branches, n.branch)
	}
	if y != nil {
		f.Rows = make([]float64, z.p.m)
		for r := range f.Rows {
			f.Rows[r] = y[r] * z.radius / z.unit[z.p.n+r]
		}
	}
	z.out.Leaves = append(z.out.Leaves, f)
}

// conclude states the outcome in units of the problem.
func (z *searching) conclude() *Direction {
	z.out.Violation, z.out.PairResidual = z.violation, z.pairGap
	small := z.opt.Tolerance * (1 + z.gradNorm)
	z.bound = math.Min(z.bound, z.best)
	z.out.Value, z.out.Bound = z.best*z.radius, z.bound*z.radius
	switch {
	case z.bound >= -small:
		z.out.Stationary = Yes
	case z.best < -small:
		z.out.Stationary = No
	}
	return z.out
}
