package answercut

import (
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/gobilevel/bilevel/backends/highs"
	"github.com/gobilevel/bilevel/model"
)

// UnsupportedError says why a model is none for this method.
type UnsupportedError struct {
	Construct model.Constructs // what the method does not take, 0 where that is no construct
	Where     string           // the variable, constraint or follower
	Reason    string
}

func (e *UnsupportedError) Error() string {
	if e.Where == "" {
		return "answer-cuts: " + e.Reason
	}
	return "answer-cuts: " + e.Where + ": " + e.Reason
}

// Accepts returns an *UnsupportedError where the model is none for this method. Whether bounds that the method needs follow from the constraints shows
// in Solve.
func Accepts(m *model.Model) error {
	c := m.Constructs()
	if !c.Has(model.Followers) {
		return &UnsupportedError{Reason: "the model has no follower: it is a problem of one level"}
	}
	for _, bad := range []struct {
		c      model.Constructs
		reason string
	}{
		{model.NashGame, "followers that take each other's variables as given are not taken"},
		{model.DualVariables, "variables that stand for shadow prices are not taken"},
		{model.Complementarity | model.MixedPairs, "complementarity pairs are not taken"},
		{model.SOS1Sets, "SOS1 sets are not taken"},
		{model.IndicatorRows, "conditional constraints are not taken"},
	} {
		if c&bad.c != 0 {
			return &UnsupportedError{Construct: bad.c & c, Where: m.Where(bad.c & c), Reason: bad.reason}
		}
	}
	for r := range m.NumRows() {
		if !m.RowIsAffine(r) {
			return &UnsupportedError{Where: m.RowName(r), Reason: "the constraint is not linear"}
		}
		owner := m.RowOwner(r)
		if owner == 0 {
			continue
		}
		vars, _ := m.RowAffine(r)
		for _, v := range vars {
			j := int(v)
			switch k := m.VarOwner(j); {
			case k == owner || k == 0 && m.VarKind(j) != model.Continuous:
			case k == 0:
				return &UnsupportedError{Where: m.VarName(j), Reason: fmt.Sprintf("it stands in %s of a follower and is not integer", m.RowName(r))}
			default:
				return &UnsupportedError{Where: m.RowName(r), Reason: "it mentions a variable of another follower"}
			}
		}
	}
	if f := m.Leader().Objective().F; !f.IsAffine() {
		return &UnsupportedError{Where: "the leader's objective", Reason: "it is not linear"}
	}
	for p := 1; p < m.NumPlayers(); p++ {
		o := m.Player(p).Objective().F
		own := func(j int32) bool { return m.VarOwner(int(j)) == p }
		linear := o.Nonlinear == 0
		for _, q := range o.Quad {
			linear = linear && !own(q.I) && !own(q.J)
		}
		if !linear {
			return &UnsupportedError{Where: "follower " + m.Player(p).Name(), Reason: "its objective is not linear in its variables with constant coefficients"}
		}
	}
	return nil
}

// term is a coefficient times a variable.
type term struct {
	col  int
	coef float64
}

// halfRow is a constraint of a follower, a'x + b'y <= d.
type halfRow struct {
	x, y       []term
	d          float64
	grid       float64 // the values of a'x are whole numbers divided by grid
	least, top float64 // of a'x over the box of the linking variables
}

// follower is a follower in minimisation form.
type follower struct {
	player int
	vars   []int
	cost   []float64 // by variable of the model: f, zero for those of others, times a power of two that makes the largest at least 1
	rows   []halfRow
	// harmless says of a variable whether a smaller, a greater value violates no row that held.
	harmless map[int][2]bool
	most     float64 // the greatest f'y of the high-point relaxation without integrality
	arrays   *highs.Arrays
	mixed    bool // some variables are integer, and some are not
}

// problem is a model as the method sees it.
type problem struct {
	m         *model.Model
	sign      float64       // of the leader's objective: minimised after multiplication by it
	base      *highs.Arrays // the high-point relaxation
	lower     []float64
	upper     []float64
	linking   []int
	followers []*follower
	whole     bool // the leader's objective is a whole number at all points
}

// newProblem gathers what the method needs of a model that Accepts takes. Missing bounds of linking variables and of the followers' objectives are
// those of the linear relaxation.
func newProblem(ctx context.Context, m *model.Model) (*problem, error) {
	if err := Accepts(m); err != nil {
		return nil, err
	}
	base, err := highs.Lower(m.HighPoint())
	if err != nil {
		return nil, err
	}
	n := m.NumVars()
	p := &problem{m: m, base: base, sign: 1, lower: make([]float64, n), upper: make([]float64, n)}
	if base.Maximize {
		p.sign = -1
	}
	copy(p.lower, base.ColLower)
	copy(p.upper, base.ColUpper)
	for j := range n {
		if m.VarKind(j) != model.Continuous {
			p.lower[j], p.upper[j] = math.Ceil(p.lower[j]-1e-9), math.Floor(p.upper[j]+1e-9)
		}
	}
	p.whole = p.wholeObjective()
	links := make([]bool, n)
	for k := 1; k < m.NumPlayers(); k++ {
		f := p.newFollower(k)
		p.followers = append(p.followers, f)
		for _, r := range f.rows {
			for _, t := range r.x {
				links[t.col] = true
			}
		}
	}
	for j, is := range links {
		if is {
			p.linking = append(p.linking, j)
		}
	}
	if err := p.relaxedBounds(ctx); err != nil {
		return nil, err
	}
	for _, f := range p.followers {
		for i := range f.rows {
			if err := p.prepare(&f.rows[i]); err != nil {
				return nil, err
			}
		}
	}
	return p, nil
}

// wholeObjective reports whether the leader's objective is a sum of integers times integers.
func (p *problem) wholeObjective() bool {
	if p.base.Offset != math.Trunc(p.base.Offset) {
		return false
	}
	for j, c := range p.base.Cost {
		if c != 0 && (c != math.Trunc(c) || p.m.VarKind(j) == model.Continuous) {
			return false
		}
	}
	return true
}

// newFollower reads follower k.
func (p *problem) newFollower(k int) *follower {
	m := p.m
	f := &follower{player: k, cost: make([]float64, m.NumVars()), harmless: map[int][2]bool{}}
	o := m.Player(k).Objective()
	for i, v := range o.F.Vars {
		if m.VarOwner(int(v)) == k {
			f.cost[v] = o.Sense.Sign() * o.F.Coefs[i]
		}
	}
	// Tolerances of HiGHS are absolute: costs in millionths would all be the same to it.
	largest := 0.0
	for _, c := range f.cost {
		largest = math.Max(largest, math.Abs(c))
	}
	if largest > 0 && largest < 1 {
		for j := range f.cost {
			f.cost[j] = math.Ldexp(f.cost[j], -math.Ilogb(largest))
		}
	}
	whole := 0
	for j := range m.NumVars() {
		if m.VarOwner(j) == k {
			f.vars = append(f.vars, j)
			if m.VarKind(j) != model.Continuous {
				whole++
			}
			f.harmless[j] = [2]bool{true, true}
		}
	}
	for r := range m.NumRows() {
		if m.RowOwner(r) != k {
			continue
		}
		lo, hi := m.RowBounds(r)
		vars, coefs := m.RowAffine(r)
		for _, side := range []struct{ sign, d float64 }{{1, hi}, {-1, -lo}} {
			if math.IsInf(side.d, 1) {
				continue
			}
			h := halfRow{d: side.d}
			for i, v := range vars {
				switch t := (term{int(v), side.sign * coefs[i]}); {
				case t.coef == 0:
				case m.VarOwner(t.col) == k:
					h.y = append(h.y, t)
					safe := f.harmless[t.col]
					safe[0], safe[1] = safe[0] && t.coef > 0, safe[1] && t.coef < 0
					f.harmless[t.col] = safe
				default:
					h.x = append(h.x, t)
				}
			}
			f.rows = append(f.rows, h)
		}
	}
	f.mixed = whole > 0 && whole < len(f.vars)
	f.arrays = p.answering(f)
	return f
}

// answering is the program of a follower on all columns of the model, of which only the linking ones are to be fixed.
func (p *problem) answering(f *follower) *highs.Arrays {
	a := &highs.Arrays{Cost: f.cost, Integer: p.base.Integer, Start: []int32{0}, ColLower: append([]float64(nil), p.lower...), ColUpper: append([]float64(nil), p.upper...)}
	for _, r := range f.rows {
		for _, t := range append(append([]term(nil), r.x...), r.y...) {
			a.Index, a.Value = append(a.Index, int32(t.col)), append(a.Value, t.coef)
		}
		a.Start = append(a.Start, int32(len(a.Index)))
		a.RowLower, a.RowUpper = append(a.RowLower, math.Inf(-1)), append(a.RowUpper, r.d)
	}
	return a
}

// relaxedBounds finds the missing bounds of the linking variables and the greatest values of the followers' objectives by LPs.
func (p *problem) relaxedBounds(ctx context.Context) error {
	relaxed := *p.base
	relaxed.Integer, relaxed.ColLower, relaxed.ColUpper = nil, p.lower, p.upper
	extreme := func(cost []float64, maximise bool) (float64, bool, error) {
		a := relaxed
		a.Cost, a.Maximize, a.Offset = cost, maximise, 0
		s, err := highs.Solve(ctx, &a, highs.SolveOptions{}, nil)
		if err != nil {
			return 0, false, err
		}
		if s.Status == highs.Infeasible {
			return 0, true, nil
		}
		return s.Bound, s.Status == highs.Optimal, nil
	}
	for _, j := range p.linking {
		for side, bound := range []*float64{&p.lower[j], &p.upper[j]} {
			if !math.IsInf(*bound, 0) {
				continue
			}
			unit := make([]float64, len(p.lower))
			unit[j] = 1
			v, ok, err := extreme(unit, side == 1)
			switch {
			case err != nil:
				return err
			case !ok:
				return &UnsupportedError{Where: p.m.VarName(j), Reason: "it stands in a follower's constraints and has no bounds: give it some"}
			case side == 0:
				*bound = math.Ceil(v - 1e-6)
			default:
				*bound = math.Floor(v + 1e-6)
			}
		}
	}
	for _, f := range p.followers {
		v, ok, err := extreme(f.cost, true)
		if err != nil {
			return err
		}
		if !ok {
			return &UnsupportedError{Where: "follower " + p.m.Player(f.player).Name(), Reason: "its objective has no bound over all points of both levels: give its variables bounds"}
		}
		f.most = v + 1e-6*math.Max(1, math.Abs(v))
	}
	return nil
}

// prepare finds the grid and the range of the leader's part of a row.
func (p *problem) prepare(r *halfRow) error {
	if err := p.tells(r); err != nil {
		return err
	}
	if len(r.x) == 0 {
		return nil
	}
	for _, t := range r.x {
		a, b := t.coef*p.lower[t.col], t.coef*p.upper[t.col]
		r.least += math.Min(a, b)
		r.top += math.Max(a, b)
	}
	// fits reports whether the values of a'x times the grid are whole numbers, but for what rounding does to them.
	fits := func(grid float64) bool {
		off, size := 0.0, 0.0
		for _, t := range r.x {
			reach := math.Max(math.Abs(p.lower[t.col]), math.Abs(p.upper[t.col]))
			off += math.Abs(t.coef*grid-math.Round(t.coef*grid)) * reach
			size += math.Abs(t.coef) * grid * reach
		}
		return off <= 1e-9+1e-15*size
	}
	if len(r.x) == 1 {
		r.grid = 1 / math.Abs(r.x[0].coef)
	} else if at := slices.IndexFunc(grids, fits); at >= 0 {
		r.grid = grids[at]
	} else {
		return &UnsupportedError{Where: p.m.VarName(r.x[0].col), Reason: "the coefficients of the leader's variables in a follower's constraint are no multiples of 1e-4: which decisions violate it cannot be told by whole numbers"}
	}
	if size := r.grid * math.Max(math.Abs(r.least), math.Abs(r.top)); size > largestRatio {
		return tooFarApart(p.m.VarName(r.x[0].col), size)
	}
	return nil
}

// grids are what is tried for the leader's part of a row with more than one variable.
var grids = []float64{1, 2, 4, 5, 8, 10, 20, 25, 50, 100, 1000, 1e4}

// largestRatio is how many of the smallest steps of its integer variables a row's numbers may come to: with more, the rounding of double precision is beyond the
// tolerance of HiGHS, 1e-6 of a step, and feasible rows are called infeasible.
const largestRatio = 1e10

// tells returns an error where the smallest step of an integer variable in the row is lost in its largest numbers.
func (p *problem) tells(r *halfRow) error {
	size, smallest, where := math.Abs(r.d), math.Inf(1), 0
	for _, terms := range [][]term{r.x, r.y} {
		for _, t := range terms {
			if reach := math.Max(math.Abs(p.lower[t.col]), math.Abs(p.upper[t.col])); !math.IsInf(reach, 0) {
				size += math.Abs(t.coef) * reach
			}
			if c := math.Abs(t.coef); c < smallest && p.m.VarKind(t.col) != model.Continuous {
				smallest, where = c, t.col
			}
		}
	}
	if size > largestRatio*smallest {
		return tooFarApart(p.m.VarName(where), size/smallest)
	}
	return nil
}

func tooFarApart(where string, ratio float64) error {
	return &UnsupportedError{Where: where, Reason: fmt.Sprintf("a follower's constraint has numbers %.2g times as large as what one step of this variable changes, and up to %.0g can be told apart: give closer bounds, or scale the constraint's large and small coefficients alike", ratio, largestRatio)}
}
