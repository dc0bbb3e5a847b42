package bilevelglobal

import (
	"context"
	"fmt"
	"math"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/expr"
	"github.com/gobilevel/bilevel/reform"
)

// UnsupportedError says what of a model this package does not take.
type UnsupportedError struct {
	Construct model.Constructs // 0 where it is none of these
	Where     string
	Reason    string
}

func (e *UnsupportedError) Error() string {
	at := ""
	if e.Where != "" {
		at = " (" + e.Where + ")"
	}
	return "global: " + e.Reason + at
}

// Accepts returns nil, or an *UnsupportedError that says why Solve does not take the model.
func Accepts(m *model.Model) error {
	c := m.Constructs()
	if !c.Has(model.Followers) {
		return &UnsupportedError{Reason: "the model has no follower: it is a problem of one level"}
	}
	if m.NumVars() == 0 {
		return &UnsupportedError{Reason: "the model has no variable: there is nothing to decide"}
	}
	for _, bad := range []struct {
		c      model.Constructs
		reason string
	}{
		{model.NashGame, "followers that take each other's variables as given are not taken: their answers are an equilibrium, no value function bounds them"},
		{model.DualVariables, "variables that stand for shadow prices are not taken"},
		{model.MixedPairs, "mixed complementarity pairs are not taken: write them as standard ones"},
		{model.SOS1Sets, "SOS1 sets are not taken: write them with binary variables"},
		{model.IndicatorRows, "conditional constraints are not taken: write them with a big-M"},
	} {
		if c.Has(bad.c) {
			return &UnsupportedError{Construct: bad.c, Where: m.Where(bad.c), Reason: bad.reason}
		}
	}
	return nil
}

// problem is a bilevel model as the search sees it: all functions in one graph, the followers' necessary conditions as rows and pairs.
type problem struct {
	m         *model.Model
	work      *model.Model // without followers: the variables of m, then multipliers
	chain     *reform.Chain
	kinds     []string // which conditions are used, for the notes
	g         *graph
	cost      int     // node of the leader's objective in minimisation form
	off       float64 // how far the node may be from it
	sign      float64
	rows      []side
	pairs     [][2]int // nodes of the members, both not negative
	followers []*follower
	box       []expr.Interval
	lower     []float64 // bounds of the variables, those of integers rounded inward
	upper     []float64
	whole     []bool  // integer variables
	n         int     // variables of m
	support   [][]int // variables that each node depends on
	used      []bool  // variables that a function mentions
}

// newProblem writes the problem of a model. in are ranges of its variables in which all points lie that satisfy the constraints of both levels; nil for
// a first version without the followers' conditions, from which they are found.
func newProblem(ctx context.Context, m *model.Model, in []expr.Interval) (*problem, error) {
	if err := m.Err(); err != nil {
		return nil, err
	}
	if err := Accepts(m); err != nil {
		return nil, err
	}
	p := &problem{m: m, n: m.NumVars(), sign: m.Leader().Objective().Sense.Sign()}
	if in == nil {
		p.dropFollowers()
	} else if err := p.writeConditions(ctx, in); err != nil {
		return nil, err
	}
	w := p.work
	d := w.DAG()
	p.g = newGraph(w.NumVars())
	for j := 0; j < w.NumVars(); j++ {
		lo, hi := w.VarBounds(j)
		p.whole = append(p.whole, w.VarKind(j) != model.Continuous)
		if p.whole[j] {
			lo, hi = math.Ceil(lo), math.Floor(hi)
		}
		p.lower, p.upper = append(p.lower, lo), append(p.upper, hi)
		p.box = append(p.box, expr.Interval{Lo: lo, Hi: hi})
		if j < len(in) {
			p.box[j] = p.box[j].Intersect(in[j])
		}
	}
	cost, off := p.squared(w.Leader().Objective().F)
	p.cost, p.off = p.g.add(d, d.Scale(p.sign, cost)), off
	for r := 0; r < w.NumRows(); r++ {
		lo, hi := w.RowBounds(r)
		if math.IsInf(lo, -1) && math.IsInf(hi, 1) {
			continue
		}
		n, off := p.squared(w.RowFunction(r))
		p.rows = append(p.rows, side{p.g.add(d, n), expr.Interval{Lo: lo - loose(lo) - off, Hi: hi + loose(hi) + off}})
	}
	for k := 0; k < w.NumPairs(); k++ {
		pr := w.Pair(k)
		if pr.Mixed() {
			return nil, &UnsupportedError{Construct: model.MixedPairs, Where: w.PairName(k), Reason: "a mixed complementarity pair is left"}
		}
		a, b := p.g.add(d, w.Node(w.MemberFunction(pr.A))), p.g.add(d, w.Node(w.MemberFunction(pr.B)))
		p.pairs = append(p.pairs, [2]int{a, b})
		for _, n := range []int{a, b} {
			p.rows = append(p.rows, side{n, expr.Interval{Lo: -loose(0), Hi: math.Inf(1)}})
		}
	}
	for k := 1; k < m.NumPlayers(); k++ {
		p.followers = append(p.followers, p.newFollower(k, d))
	}
	p.support, p.used = p.g.supports(), make([]bool, len(p.box))
	for k, list := range p.support {
		if p.g.nodes[k].kind != variable {
			for _, j := range list {
				p.used[j] = true
			}
		}
	}
	for _, s := range p.rows {
		for _, j := range p.support[s.node] {
			p.used[j] = true
		}
	}
	for _, j := range p.support[p.cost] {
		p.used[j] = true
	}
	return p, nil
}

// exactness is the part by which sides are moved outward, so that rounding drops no point that satisfies them.
const exactness = 1e-9

func loose(side float64) float64 {
	if math.IsInf(side, 0) {
		return 0
	}
	return exactness * math.Max(1, math.Abs(side))
}

// writeConditions makes the model without followers. Their optimality conditions are written where their functions have derivatives at all points.
func (p *problem) writeConditions(ctx context.Context, in []expr.Interval) error {
	m := p.m
	smooth, qualified := true, true
	d := m.DAG().Fork()
	box := func(j int) expr.Interval { return in[j] }
	check := func(f model.Function) {
		if f.Nonlinear != 0 && !differentiable(d, f.Nonlinear, box, false) {
			smooth = false
		}
	}
	for k := 1; k < m.NumPlayers(); k++ {
		check(m.Player(k).Objective().F)
	}
	own := func(player int) func(int) bool { return func(j int) bool { return m.VarOwner(j) == player } }
	for r := 0; r < m.NumRows(); r++ {
		k := m.RowOwner(r)
		if k == 0 {
			continue
		}
		f := m.RowFunction(r)
		check(f)
		if !affineIn(d, f, own(k)) {
			qualified = false
		}
	}
	p.chain = reform.NewChain(m)
	var pass reform.Pass = reform.FritzJohn{Stationary: true}
	word := "the followers' answers satisfy the conditions of Fritz John"
	if qualified {
		pass, word = reform.KKT{Stationary: true, Samples: 1}, "the followers' answers satisfy the conditions of Karush, Kuhn and Tucker"
	}
	if !smooth || pass.Accepts(m) != nil {
		p.chain = nil
		p.kinds = append(p.kinds, "the followers' optimality conditions are left out: a function has no derivatives somewhere, or a follower has integer variables")
		p.dropFollowers()
		return nil
	}
	if err := p.chain.Apply(ctx, pass); err != nil {
		return fmt.Errorf("global: %w", err)
	}
	if p.chain.Model().Constructs().Has(model.MixedPairs) {
		if err := p.chain.Apply(ctx, reform.Normalise{}); err != nil {
			return fmt.Errorf("global: %w", err)
		}
	}
	p.kinds = append(p.kinds, word)
	p.work = p.chain.Model().Derive()
	return nil
}

// dropFollowers makes the model in which the leader decides all.
func (p *problem) dropFollowers() {
	p.work = p.m.Derive()
	for j := 0; j < p.n; j++ {
		p.work.SetVarOwner(j, 0)
	}
	for r := 0; r < p.m.NumRows(); r++ {
		p.work.SetRowOwner(r, 0)
	}
	p.work.DropFollowers()
}

// affineIn reports whether a function is affine in the variables for which own is true, the others fixed.
func affineIn(d *expr.DAG, f model.Function, own func(int) bool) bool {
	for _, q := range f.Quad {
		if own(int(q.I)) && own(int(q.J)) {
			return false
		}
	}
	if f.Nonlinear == 0 {
		return true
	}
	g := d.Degree(f.Nonlinear, own)
	return g == 0 || g == 1
}

// differentiable reports whether every operation of n has a finite derivative at all points of the box: conditions that are made of derivatives
// would lose a point without. Where kinks are allowed, abs, min and max are, too, and so are operations that have slopes
// wherever they have values: the mean value theorem serves them on boxes throughout which they are seen to have any.
func differentiable(d *expr.DAG, n expr.Node, box func(int) expr.Interval, kinks bool) bool {
	seen := map[expr.Node]bool{}
	var visit func(n expr.Node) bool
	positive := func(a expr.Node) bool { return d.Interval(a, box).Lo > 0 }
	visit = func(n expr.Node) bool {
		if seen[n] {
			return true
		}
		seen[n] = true
		args := d.Args(n)
		for _, a := range args {
			if !visit(a) {
				return false
			}
		}
		switch d.Op(n) {
		case expr.OpConst, expr.OpVar, expr.OpSum, expr.OpMul, expr.OpExp, expr.OpSin, expr.OpCos, expr.OpAtan, expr.OpSinh, expr.OpCosh, expr.OpTanh, expr.OpAsinh:
			return true
		case expr.OpAbs, expr.OpMin, expr.OpMax, expr.OpLess:
			return kinks
		case expr.OpDiv:
			return kinks || !d.Interval(args[1], box).Contains(0)
		case expr.OpLog, expr.OpLog10, expr.OpSqrt:
			return kinks || positive(args[0])
		case expr.OpTan, expr.OpAsin, expr.OpAcos, expr.OpAcosh, expr.OpAtanh:
			return kinks
		case expr.OpPow:
			p, ok := d.IsConst(args[1])
			return ok && (kinks || p >= 0 && p == math.Trunc(p) || positive(args[0]))
		}
		return false
	}
	return visit(n)
}

// declared is the range that the model gives a variable.
func (p *problem) declared(j int) expr.Interval {
	lo, hi := p.work.VarBounds(j)
	return expr.Interval{Lo: lo, Hi: hi}
}
