package verify

import (
	"context"
	"fmt"
	"math"

	"github.com/gobilevel/bilevel/model"
)

// dualVar is a variable that stands for the shadow price of a follower's constraint.
type dualVar struct {
	variable int
	row      int // in the follower's problem
}

// dualVars lists the variables that stand for shadow prices, by player.
func (c *checker) dualVars() [][]dualVar {
	list := c.m.DualVars()
	if len(list) == 0 {
		return nil
	}
	out := make([][]dualVar, c.m.NumPlayers())
	place := make([]int32, c.m.NumRows())
	for p := 1; p < len(out); p++ {
		for k, r := range c.problems.Rows(p) {
			place[r] = int32(k)
		}
	}
	for _, j := range list {
		r, _ := c.m.DualOf(j)
		p := c.m.RowOwner(r)
		out[p] = append(out[p], dualVar{j, int(place[r])})
	}
	return out
}

// checkDuals measures Certificate.DualResidual.
func (c *checker) checkDuals(ctx context.Context) {
	for p, list := range c.dualVars() {
		if len(list) == 0 {
			continue
		}
		r, name, why := c.dualResidual(ctx, c.tasks[p], list)
		t := c.cert
		switch {
		case why != "":
			t.DualResidual = math.NaN()
			c.dualWhy = append(c.dualWhy, fmt.Sprintf("the shadow prices of follower %s were not checked: %s", c.m.Player(p).Name(), why))
		case !(r <= c.opt.Tolerance):
			c.dualWhy = append(c.dualWhy, fmt.Sprintf("%s is not an optimal multiplier of follower %s: residual %s", name, c.m.Player(p).Name(), num(r)))
		}
		if !math.IsNaN(t.DualResidual) && (r > t.DualResidual || t.DualWorst == "" && r > 0) {
			t.DualResidual, t.DualWorst = r, name
		}
	}
}

func (c *checker) dualReasons() []string { return c.dualWhy }

// dualResidual finds the least t for which multipliers lambda of the follower's constraints exist with
//
//	|lambda_r - value_r| <= t max(|value_r|, unit_r)          for the constraints with a variable,
//	(gradient - A' lambda)_j = 0, >= 0, <= 0 to t size_j      by the bounds that y_j touches,
//	lambda_r >= 0 at its lower, <= 0 at its upper side, = 0 at neither.
//
// It is one linear problem. name is the variable that is farthest off; why says why nothing was computed.
func (c *checker) dualResidual(ctx context.Context, t *task, list []dualVar) (residual float64, name, why string) {
	switch {
	case !t.continuous() && !t.nonlinear() || t.integers:
		return math.NaN(), "", "its problem is not continuous"
	case t.kinks:
		return math.NaN(), "", "its functions have kinks"
	case c.opt.Backend == nil:
		return math.NaN(), "", "no backend was given"
	case ctx.Err() != nil:
		return math.NaN(), "", ctx.Err().Error()
	}
	lp := model.New("multipliers")
	y := t.fp.Restrict(c.x)
	s := c.addMultipliers(lp, t, y)
	slack := lp.AddVars(0, "t", nil, 1, model.Continuous, 0, model.Inf)
	s.relax(lp, slack)
	value := func(d dualVar) float64 { return t.sign * c.given[d.variable] }
	unit := func(d dualVar) float64 {
		largest := 1.0
		_, val := t.rowAt(d.row, y)
		for _, v := range val {
			largest = math.Max(largest, math.Abs(v))
		}
		return math.Max(math.Abs(value(d)), t.size/largest)
	}
	for _, d := range list {
		u, v := unit(d), value(d)/unit(d)
		acc := lp.Accumulator()
		acc.AddTerm(1/u, s.columns+d.row)
		acc.AddTerm(1, slack)
		lp.AddRow(0, fmt.Sprintf("least%d", d.variable), acc.Function(), v, model.Inf)
		acc.AddTerm(-2, slack)
		lp.AddRow(0, fmt.Sprintf("most%d", d.variable), acc.Function(), -model.Inf, v)
	}
	lp.Leader().SetObjective(minimise(slack))
	x, why := c.solveMultipliers(ctx, lp)
	if x == nil {
		return math.NaN(), "", why
	}
	for r := range t.lo {
		lo, hi := lp.VarBounds(s.columns + r)
		x[s.columns+r] = math.Min(math.Max(x[s.columns+r], lo), hi)
	}
	far := -1.0
	for _, d := range list {
		if off := math.Abs(x[s.columns+d.row]-value(d)) / unit(d); off > far {
			far, name = off, c.m.VarName(d.variable)
		}
	}
	// What the solver says of its residual is measured again.
	residual = math.Max(far, s.residual(lp, x))
	return residual, name, ""
}

// residual is the largest scaled violation of the stationarity rows at x, after multipliers were put on the right side.
func (s *multiplierBlock) residual(lp *model.Model, x []float64) float64 {
	worst := 0.0
	for j, r := range s.rows {
		if r >= 0 {
			v := lp.RowValue(r, x)
			worst = math.Max(worst, math.Max(s.lo[j]-v, v-s.hi[j])/s.unit[j])
		}
	}
	return worst
}

func minimise(column int) model.Objective {
	return model.Objective{Sense: model.Minimize, F: model.Function{Vars: []int32{int32(column)}, Coefs: []float64{1}}}
}

func (c *checker) solveMultipliers(ctx context.Context, lp *model.Model) (x []float64, why string) {
	res, err := c.run(ctx, lp, c.lpOptions())
	switch {
	case err != nil:
		return nil, err.Error()
	case res.Status != model.StatusOptimal && res.Status != model.StatusReducedAccuracy || res.Point == nil:
		return nil, "the solver stopped: " + res.Status.String()
	}
	return res.Point.X, ""
}

// multipliersAt finds multipliers that make y optimal as nearly as can be, nil where the solver fails.
func (c *checker) multipliersAt(ctx context.Context, t *task, y []float64) []float64 {
	lp := model.New("multipliers")
	s := c.addMultipliers(lp, t, y)
	slack := lp.AddVars(0, "t", nil, 1, model.Continuous, 0, model.Inf)
	s.relax(lp, slack)
	lp.Leader().SetObjective(minimise(slack))
	x, _ := c.solveMultipliers(ctx, lp)
	if x == nil {
		return nil
	}
	lambda := make([]float64, len(t.lo))
	copy(lambda, x[s.columns:])
	return lambda
}

// relax lets each stationarity row be violated by the value of column slack times the size of its terms.
func (s *multiplierBlock) relax(lp *model.Model, slack int) {
	for j, r := range s.rows {
		if r < 0 {
			continue
		}
		unit := s.unit[j]
		lo, hi := lp.RowBounds(r)
		idx, val := lp.RowAffine(r)
		acc := lp.Accumulator()
		acc.AddFunction(1/unit, model.Function{Vars: idx, Coefs: val})
		acc.AddTerm(1, slack)
		if !math.IsInf(lo, -1) {
			lp.AddRow(0, "above", acc.Function(), lo/unit, model.Inf)
		}
		acc.AddTerm(-2, slack)
		if !math.IsInf(hi, 1) {
			lp.AddRow(0, "below", acc.Function(), -model.Inf, hi/unit)
		}
		lp.SetRowBounds(r, -model.Inf, model.Inf)
	}
}

// multiplierBlock is where the multipliers of a follower lie in a joint problem.
type multiplierBlock struct {
	columns int   // column of the multiplier of constraint 0
	rows    []int // by variable: its stationarity row, -1 for a fixed variable
	lo, hi  []float64
	unit    []float64 // size of the row's terms
}

// addMultipliers adds columns for the multipliers of a follower's constraints and rows that make them optimal, y being an optimal answer:
// multipliers are complementary to every optimal answer or to none. Where the cost is quadratic its gradient at y is that at every
// optimal answer.
func (c *checker) addMultipliers(to *model.Model, t *task, y []float64) multiplierBlock {
	s := multiplierBlock{columns: to.NumVars(), rows: make([]int, len(y)), lo: make([]float64, len(y)), hi: make([]float64, len(y)), unit: make([]float64, len(y))}
	for r := range t.lo {
		v := t.p.RowValue(r, y)
		size, _ := rowSize(t.p, r, y)
		active := func(side float64) bool { return math.Abs(v-side) <= c.opt.Tolerance*size }
		lo, hi := 0.0, 0.0
		if t.lo[r] == t.hi[r] {
			lo, hi = -model.Inf, model.Inf
		}
		if active(t.lo[r]) {
			hi = model.Inf
		}
		if active(t.hi[r]) {
			lo = -model.Inf
		}
		to.AddVars(0, "multiplier", nil, 1, model.Continuous, lo, hi)
	}
	g, size := t.gradient(y)
	terms := make([]*model.Accumulator, len(y))
	for j := range terms {
		terms[j] = to.Accumulator()
		s.unit[j] = size[j]
	}
	for r := range t.lo {
		idx, val := t.rowAt(r, y)
		for k, j := range idx {
			terms[j].AddTerm(-val[k], s.columns+r)
			s.unit[j] = math.Max(s.unit[j], math.Min(1, math.Abs(val[k]))*t.size)
		}
	}
	for j, v := range y {
		if s.unit[j] == 0 {
			s.unit[j] = t.size
		}
		s.rows[j] = -1
		lo, hi := -g[j], -g[j]
		reach := func(side float64) bool {
			return math.Abs(v-side) <= c.opt.Tolerance*math.Max(1, math.Min(math.Abs(side), sizeLimit))
		}
		if reach(t.vlo[j]) {
			hi = model.Inf
		}
		if reach(t.vhi[j]) {
			lo = -model.Inf
		}
		if math.IsInf(lo, -1) && math.IsInf(hi, 1) {
			continue
		}
		s.lo[j], s.hi[j] = lo, hi
		s.rows[j] = to.AddRow(0, "stationary", terms[j].Function(), lo, hi)
	}
	return s
}
