package verify

import (
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/gobilevel/bilevel/backends"
	"github.com/gobilevel/bilevel/model"
)

// spread fills in Certificate.Pessimistic and Optimistic.
func (c *checker) spread(ctx context.Context) {
	t := c.cert
	switch {
	case c.m.NumFollowers() == 0:
		t.Pessimistic, t.Optimistic = t.Objective, t.Objective
		return
	case c.opt.SkipSpread:
		t.Spread = "not asked for"
		return
	}
	why := ""
	t.Pessimistic, why = c.pessimistic(ctx)
	if math.IsNaN(t.Pessimistic) {
		t.Spread = "pessimistic value: " + why
	}
	t.Optimistic, why = c.optimistic(ctx)
	if math.IsNaN(t.Optimistic) {
		if t.Spread != "" {
			t.Spread += "; "
		}
		t.Spread += "optimistic value: " + why
	}
	c.searchSpread(ctx)
}

// involved reports for each follower whether a function mentions one of its variables, and whether it mentions any.
func (c *checker) involved(f model.Function, in []bool) (any bool) {
	c.m.EachVar(f, func(j int) {
		if p := c.m.VarOwner(j); p > 0 {
			in[p], any = true, true
		}
	})
	return any
}

// unsolved names a follower without an optimal answer, among all of them: without one there is nothing to optimise over.
func (c *checker) unsolved() string {
	for p := 1; p < c.m.NumPlayers(); p++ {
		if c.tasks[p] == nil || c.tasks[p].y == nil {
			return c.m.Player(p).Name()
		}
	}
	return ""
}

func (c *checker) pessimistic(ctx context.Context) (value float64, why string) {
	if name := c.unsolved(); name != "" {
		return math.NaN(), "follower " + name + " was not solved"
	}
	o := c.m.Player(0).Objective()
	in := make([]bool, c.m.NumPlayers())
	if !c.involved(o.F, in) {
		return c.m.ObjectiveValue(0, c.x), ""
	}
	a, err := c.newAnswers(in)
	if err != nil {
		return math.NaN(), err.Error()
	}
	return a.extreme(ctx, a.function(o.F), -o.Sense.Sign(), false)
}

func (c *checker) optimistic(ctx context.Context) (value float64, why string) {
	if name := c.unsolved(); name != "" {
		return math.NaN(), "follower " + name + " was not solved"
	}
	a, coupled, err := c.optimisticAnswers()
	if err != nil {
		return math.NaN(), err.Error()
	}
	o := c.m.Player(0).Objective()
	if a == nil {
		return c.m.ObjectiveValue(0, c.x), ""
	}
	return a.extreme(ctx, a.function(o.F), o.Sense.Sign(), coupled)
}

// extreme is the least of sign*f over the set, and why there is none. A set with the leader's constraints may be empty.
func (a *answers) extreme(ctx context.Context, f model.Function, sign float64, coupled bool) (float64, string) {
	switch {
	case a.single():
		if !a.holds(a.start) {
			return math.Inf(int(sign)), ""
		}
		return a.joint.Value(f, a.start), ""
	case a.c.opt.Backend == nil:
		return math.NaN(), "no backend was given"
	}
	p := a.joint.Derive()
	p.Leader().SetObjective(model.Objective{Sense: model.Minimize, F: scaledBy(p, f, sign)})
	if err := backends.Check(a.c.opt.Backend, p); err != nil {
		if sign == a.c.m.Player(0).Objective().Sense.Sign() {
			return math.NaN(), "the leader's objective or constraints are not linear or convex in the answers"
		}
		return math.NaN(), "the leader's objective is not linear in the answers"
	}
	value, _, status, err := a.optimise(ctx, f, sign)
	switch {
	case err != nil:
		return math.NaN(), err.Error()
	case ctx.Err() != nil:
		return math.NaN(), ctx.Err().Error()
	case math.IsNaN(value) || status == model.StatusInfeasible && !coupled:
		return math.NaN(), "the solver stopped: " + status.String()
	}
	return value, ""
}

// single reports whether the set is one point.
func (a *answers) single() bool {
	for j := 0; j < a.joint.NumVars(); j++ {
		if lo, hi := a.joint.VarBounds(j); lo != hi {
			return false
		}
	}
	return true
}

func scaledBy(p *model.Model, f model.Function, sign float64) model.Function {
	acc := p.Accumulator()
	acc.AddFunction(sign, f)
	return acc.Function()
}

// optimisticAnswers is the set of the answers that satisfy the leader's constraints, of the followers on which the leader's objective
// or constraints depend; nil where they depend on none. coupled is true where the leader's constraints cut into the set.
func (c *checker) optimisticAnswers() (a *answers, coupled bool, err error) {
	in := make([]bool, c.m.NumPlayers())
	any := c.involved(c.m.Player(0).Objective().F, in)
	var rows []int
	for _, r := range c.problems.Rows(0) {
		if c.involved(c.m.RowFunction(int(r)), in) {
			rows = append(rows, int(r))
		}
	}
	if err := c.separable(); err != nil {
		return nil, false, err
	}
	if !any && len(rows) == 0 {
		return nil, false, nil
	}
	if a, err = c.newAnswers(in); err != nil {
		return nil, false, err
	}
	for _, r := range rows {
		f := a.function(c.m.RowFunction(r))
		lo, hi := c.m.RowBounds(r)
		// What the point itself violates within the tolerance does not make the set empty.
		for _, x := range [3][]float64{c.x, c.given, c.answered()} {
			if raw, scaled := rowResidual(c.m, r, x); raw > 0 && scaled <= c.opt.Tolerance {
				v := c.m.RowValue(r, x)
				lo, hi = math.Min(lo, v), math.Max(hi, v)
			}
		}
		a.joint.AddRow(0, c.m.RowName(r), f, lo, hi)
	}
	return a, len(rows) > 0, a.joint.Err()
}

// answered is the point with the answers of nonlinear followers in place of the point's own, which they equal to the tolerance.
func (c *checker) answered() []float64 {
	x := c.x
	for _, t := range c.tasks {
		if t != nil && t.nonlinear() && t.y != nil {
			x = slices.Clone(x)
			t.fp.Extend(x, t.y)
		}
	}
	return x
}

// separable refuses pairs, sets and conditions of the leader that depend on the followers' answers: with them the set is not convex.
func (c *checker) separable() error {
	m := c.m
	answer := func(j int) bool { return m.VarOwner(j) > 0 }
	depends := func(s model.Member) bool {
		if !s.Row {
			return answer(int(s.Index))
		}
		return c.involved(m.RowFunction(int(s.Index)), make([]bool, m.NumPlayers()))
	}
	for k := 0; k < m.NumPairs(); k++ {
		if p := m.Pair(k); depends(p.A) || depends(p.B) {
			return &unsupportedError{fmt.Sprintf("the pair %s of the leader depends on the followers' answers", m.PairName(k))}
		}
	}
	for _, s := range m.SOS1Sets() {
		for _, j := range s.Vars {
			if s.Owner == 0 && answer(int(j)) {
				return &unsupportedError{fmt.Sprintf("the SOS1 set %s of the leader contains followers' variables", s.Name)}
			}
		}
	}
	for _, i := range m.Indicators() {
		if m.RowOwner(i.Row) == 0 && (answer(i.Binary) || c.involved(m.RowFunction(i.Row), make([]bool, m.NumPlayers()))) {
			return &unsupportedError{fmt.Sprintf("the conditional constraint %s of the leader depends on the followers' answers", m.RowName(i.Row))}
		}
	}
	return nil
}
