package reform

import (
	"context"
	"fmt"
	"math"
	"strings"

	"github.com/gobilevel/bilevel/model"
)

// KKT replaces every follower by its optimality conditions. A follower min f(x,y) s.t. lo <= g(x,y) <= hi, l <= y <= h (in minimisation
// form) becomes, with L = f + Σ u (g - hi) + Σ w (lo - g) and one column a multiplier,
//
//	rows of the follower, now the leader's
//	0 <= u ⟂ hi - g >= 0,   0 <= w ⟂ g - lo >= 0,   v free for an equation
//	y_j free:            ∂L/∂y_j  = 0
//	y_j >= l:       0 <= ∂L/∂y_j      ⟂ y_j - l >= 0
//	y_j <= h:       0 <= -∂L/∂y_j     ⟂ h - y_j >= 0
//	l <= y_j <= h:  0 <= ∂L/∂y_j + d  ⟂ y_j - l >= 0,   0 <= d ⟂ h - y_j >= 0
//	y_j fixed:      nothing: the multiplier of a fixed variable is free.
//
// A lower bound's multiplier is the slack of its stationarity row and gets no column. A variable NAME.dual of a constraint with one
// finite side or of an equation is itself the multiplier, up to sign.
//
// Accepts: followers that are not known to be nonconvex, or any where Stationary is set; without integer variables, SOS1 sets and conditional
// constraints.
// Adds:    complementarity pairs, one column a constraint; products of leader's variables with multipliers where a leader's variable
// multiplies a follower's variable in a follower's constraint; nonlinear rows for nonlinear followers.
// Valid:   a follower that is convex in its own variables; with affine constraints no constraint qualification is needed, otherwise
// Slater's condition is. In a Nash game the conditions of all players together are those of an equilibrium. What is known of each follower stands
// in Result.Followers and, where it is no linear or convex quadratic program, in the notes.
type KKT struct {
	// Inequality adds the primal-dual inequality of each block, which holds at every bilevel-feasible point: it ties multipliers to
	// the primal variables, which the relaxation without pairs does not. The pass is then called "kkt-strong".
	Inequality bool
	// Stationary also takes followers that are known to be nonconvex: their stationary points take the place of their answers, which are
	// among them where a constraint qualification holds. A point is then a candidate until the follower is solved again.
	Stationary bool
	// Samples is the number of points at which the curvature of a follower that no rule shows convex is looked at; 0: 200.
	Samples int
}

// Name is "kkt" or "kkt-strong".
func (k KKT) Name() string {
	if k.Inequality {
		return "kkt-strong"
	}
	return "kkt"
}

// Accepts refuses followers with integer variables, SOS1 sets or conditional constraints and, unless Stationary is set, ones that are known to be
// nonconvex.
func (k KKT) Accepts(m *model.Model) error { return acceptFollowers("kkt", m, k.Stationary) }

// acceptConvexFollowers refuses followers that are known to be nonconvex and such for which there are no optimality conditions.
func acceptConvexFollowers(pass string, m *model.Model) error {
	return acceptFollowers(pass, m, false)
}

func acceptFollowers(pass string, m *model.Model, nonconvex bool) error {
	if m.NumFollowers() == 0 {
		return &NotAcceptedError{Pass: pass, Reason: "the model has no follower", Remedy: "leave the pass out"}
	}
	for _, s := range m.SOS1Sets() {
		if s.Owner > 0 {
			return &NotAcceptedError{Pass: pass, Construct: model.SOS1Sets, Where: "follower " + m.Player(s.Owner).Name(),
				Reason: "the SOS1 set " + s.Name + ": optimality conditions do not describe its answer", Remedy: "make it a set of the leader, or leave it out"}
		}
	}
	for _, ind := range m.Indicators() {
		if p := m.RowOwner(ind.Row); p > 0 {
			return &NotAcceptedError{Pass: pass, Construct: model.IndicatorRows, Where: "follower " + m.Player(p).Name(),
				Reason: "the conditional constraint " + m.RowName(ind.Row) + ": optimality conditions do not describe its answer", Remedy: "write it with a big-M of your own"}
		}
	}
	for _, f := range m.Classify().Followers {
		if f.Integers > 0 {
			return &NotAcceptedError{Pass: pass, Construct: model.IntegerVariables, Where: "follower " + f.Name,
				Reason: plural(f.Integers, "integer variable") + ": optimality conditions do not describe its answer",
				Remedy: "use --reform answer-cuts for linear followers that integer variables of the leader reach, else --reform global, which divides the box of all variables"}
		}
		if f.Convex == model.No && !nonconvex {
			return &NotAcceptedError{Pass: pass, Where: "follower " + f.Name, Reason: "nonconvex in its own variables (" + nonconvexReason(f.Reasons) + "): stationary points need not be optimal",
				Remedy: "make it convex, or ask for candidates by naming kkt"}
		}
	}
	return nil
}

// nonconvexReason is the first reason that is not about something convex.
func nonconvexReason(reasons []string) string {
	for _, r := range reasons {
		_, why, _ := strings.Cut(r, ": ")
		if !strings.HasPrefix(why, "convex") {
			return r
		}
	}
	return "no reason known"
}

// Apply writes the conditions.
func (k KKT) Apply(ctx context.Context, m *model.Model) (*Result, error) {
	if err := k.Accepts(m); err != nil {
		return nil, err
	}
	s := newStationarity(m)
	if err := s.write(ctx); err != nil {
		return nil, err
	}
	var notes []string
	if k.Inequality {
		notes = append(notes, s.addInequalities())
		s.addOpposed()
	}
	s.addPairs()
	r := s.result()
	k.state(m, r)
	r.Notes = append(r.Notes, notes...)
	return r, nil
}

// multiplier is the column of the multiplier of one side of a constraint: u = sign * column.
type multiplier struct {
	col  int32
	sign float64
}

// stationarity writes the stationarity conditions of all followers of old into m. The pairs are listed apart, for kkt to add them and
// for strong-duality to sum them up.
type stationarity struct {
	old, m         *model.Model
	upper, lower   []multiplier // by constraint: u of the upper side (v of an equation), w of the lower side; col -1 where there is none
	statRow        []int32      // by variable: its stationarity row, -1 none
	upperBoundMult []int32      // by variable: the column d of a two-sided bound, -1 none
	hasOwn         []bool       // by constraint: whether a follower's constraint contains a decision of that follower
	block          []int32      // by variable: the block of its follower's problem that a follower's variable is in, from 1; 0 for others
	rowBlock       []int32      // by constraint, likewise
	blocks         int
	boxLo, boxHi   []float64 // of the leader's variables, tightened; nil before they are needed
	weights        []int32   // by player: the column of the weight of its objective, nil where it is 1; see FritzJohn
	products       *products // nil where there are none
}

// pairList is a family of pairs and the player that they belong to.
type pairList struct {
	base   string
	sub    func(k int) string
	list   []model.Pair
	steer  []model.Steer
	player int
}

func newStationarity(m *model.Model) *stationarity {
	s := &stationarity{old: m}
	n, r := m.NumVars(), m.NumRows()
	s.findBlocks()
	s.m = m.DeriveWithRoom(s.room())
	s.setGroups()
	s.upper, s.lower = make([]multiplier, r), make([]multiplier, r)
	for i := range s.upper {
		s.upper[i].col, s.lower[i].col = -1, -1
	}
	s.statRow, s.upperBoundMult = make([]int32, n), make([]int32, n)
	for j := range s.statRow {
		s.statRow[j], s.upperBoundMult[j] = -1, -1
	}
	return s
}

// room is how many variables and constraints the conditions add, but for a few.
func (s *stationarity) room() (vars, rows int) {
	for r := range s.hasOwn {
		switch s.sides(r) {
		case sideUpper | sideLower:
			vars += 2
		case sideUpper, sideLower, sideEqual:
			vars++
		}
	}
	for j := range s.block {
		if lo, hi := s.old.VarBounds(j); s.block[j] > 0 && lo < hi {
			rows++
			if !math.IsInf(lo, -1) && !math.IsInf(hi, 1) {
				vars++
			}
		}
	}
	return vars, rows
}

// isOwn reports whether variable j is a decision of a follower (a variable that stands for a multiplier is not).
func (s *stationarity) isOwn(j int) bool {
	if s.old.VarOwner(j) == 0 || j >= len(s.statRow) {
		return false
	}
	_, dual := s.old.DualOf(j)
	return !dual
}

func (s *stationarity) write(ctx context.Context) error {
	s.addMultipliers()
	if err := ctx.Err(); err != nil {
		return err
	}
	s.addBoundMultipliers()
	if err := s.addStationarityRows(); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	s.hideFollowers()
	return nil
}

// addMultipliers adds a column for each side of each follower's constraint, family by family.
func (s *stationarity) addMultipliers() {
	duals := map[int]int{} // constraint -> variable that stands for its shadow price
	for _, j := range s.old.DualVars() {
		r, _ := s.old.DualOf(j)
		duals[r] = j
	}
	for r := 0; r < s.old.NumRows(); {
		kind := s.sides(r)
		if kind == 0 {
			r++
			continue
		}
		if _, named := duals[r]; named {
			s.dualAsMultiplier(r, kind, duals[r])
			r++
			continue
		}
		e := r + 1
		for e < s.old.NumRows() && s.sides(e) == kind && s.old.SameFamily(r, e) {
			if _, named := duals[e]; named {
				break
			}
			e++
		}
		s.family(r, e-r, kind)
		r = e
	}
	for r, j := range duals { // the order does not matter: each touches its own variable
		if s.sides(r) == 0 {
			s.m.ClearDual(j)
			s.m.SetVarOwner(j, 0)
			s.m.SetVarBounds(j, 0, 0)
		}
	}
}

// The sides that a follower's constraint has.
const (
	sideUpper = 1 << iota
	sideLower
	sideEqual
)

func (s *stationarity) sides(r int) int {
	if !s.hasOwn[r] {
		return 0 // of the leader, or a restriction of the leader's decision: its multiplier can be zero
	}
	lo, hi := s.old.RowBounds(r)
	switch {
	case lo == hi:
		return sideEqual
	case math.IsInf(lo, -1) && math.IsInf(hi, 1):
		return 0
	case math.IsInf(lo, -1):
		return sideUpper
	case math.IsInf(hi, 1):
		return sideLower
	}
	return sideUpper | sideLower
}

// family adds the multipliers of n consecutive constraints of one family and kind.
func (s *stationarity) family(r, n, kind int) {
	base := s.old.RowBase(r)
	sub := func(k int) string { return s.old.RowSub(r + k) }
	if n == 1 && sub(0) == "" {
		sub = nil
	}
	add := func(prefix string, lo float64, to []multiplier) {
		first := s.m.AddVars(0, s.m.FreshBase(prefix+base), sub, n, model.Continuous, lo, model.Inf)
		for k := 0; k < n; k++ {
			to[r+k] = multiplier{int32(first + k), 1}
			s.setGroup(first+k, s.rowBlock[r+k])
		}
	}
	switch kind {
	case sideEqual:
		add("v_", -model.Inf, s.upper)
	case sideUpper:
		add("u_", 0, s.upper)
	case sideLower:
		add("u_", 0, s.lower)
	default:
		add("uu_", 0, s.upper)
		add("ul_", 0, s.lower)
	}
}

// dualAsMultiplier lets the variable d that stands for the shadow price of constraint r serve as its multiplier. With σ = 1 for a
// follower that minimises and -1 for one that maximises, d = -σ u (upper side), σ w (lower side), -σ v (equation), σ (w - u) (both).
func (s *stationarity) dualAsMultiplier(r, kind, d int) {
	σ := s.old.Player(s.old.RowOwner(r)).Objective().Sense.Sign()
	s.m.ClearDual(d)
	s.m.SetVarOwner(d, 0)
	s.setGroup(d, s.rowBlock[r])
	nonneg := func(sign float64) { // sign*d >= 0
		if sign > 0 {
			s.m.SetVarBounds(d, 0, model.Inf)
		} else {
			s.m.SetVarBounds(d, -model.Inf, 0)
		}
	}
	switch kind {
	case sideEqual:
		s.upper[r] = multiplier{int32(d), -σ}
	case sideUpper:
		s.upper[r] = multiplier{int32(d), -σ}
		nonneg(-σ)
	case sideLower:
		s.lower[r] = multiplier{int32(d), σ}
		nonneg(σ)
	default:
		s.family(r, 1, kind)
		acc := s.m.Accumulator()
		acc.AddTerm(1, d)
		acc.AddTerm(σ, int(s.upper[r].col))
		acc.AddTerm(-σ, int(s.lower[r].col))
		s.m.AddRow(0, s.m.FreshBase("dual_"+s.old.RowBase(r)), acc.Function(), 0, 0)
	}
}

// addBoundMultipliers adds the columns d of follower's variables with two different finite bounds.
func (s *stationarity) addBoundMultipliers() {
	two := func(j int) bool {
		if !s.isOwn(j) {
			return false
		}
		lo, hi := s.old.VarBounds(j)
		return lo < hi && !math.IsInf(lo, -1) && !math.IsInf(hi, 1)
	}
	for j := 0; j < s.old.NumVars(); {
		if !two(j) {
			j++
			continue
		}
		e := j + 1
		for e < s.old.NumVars() && two(e) && s.old.SameVarFamily(j, e) {
			e++
		}
		from := j
		sub := func(k int) string { return s.old.VarSub(from + k) }
		if e-j == 1 && sub(0) == "" {
			sub = nil
		}
		first := s.m.AddVars(0, s.m.FreshBase("ub_"+s.old.VarBase(j)), sub, e-j, model.Continuous, 0, model.Inf)
		for k := j; k < e; k++ {
			s.upperBoundMult[k] = int32(first + k - j)
			s.setGroup(first+k-j, s.block[k])
		}
		j = e
	}
}

// hideFollowers hands all variables and constraints to the leader.
func (s *stationarity) hideFollowers() {
	for j := 0; j < s.old.NumVars(); j++ {
		s.m.SetVarOwner(j, 0)
	}
	for r := 0; r < s.old.NumRows(); r++ {
		s.m.SetRowOwner(r, 0)
	}
	s.m.DropFollowers()
}

func (s *stationarity) addPairs() {
	for _, l := range s.collectPairs() {
		first := s.m.AddPairs(s.m.FreshBase(l.base), l.sub, l.list...)
		for k, st := range l.steer {
			if st != (model.Steer{}) {
				s.m.SteerPair(first+k, st)
			}
		}
	}
}

func (s *stationarity) result() *Result {
	n := s.old.NumVars()
	upper, lower, owners := s.upper, s.lower, make([]int32, s.old.NumRows())
	signs := make([]float64, s.old.NumPlayers())
	for p := range signs {
		signs[p] = s.old.Player(p).Objective().Sense.Sign()
	}
	for r := range owners {
		owners[r] = int32(s.old.RowOwner(r))
	}
	statRow, ubMult, varOwner := s.statRow, s.upperBoundMult, make([]int32, n)
	for j := range varOwner {
		varOwner[j] = int32(s.old.VarOwner(j))
	}
	made, products := s.m, s.products
	recover := func(p *model.Point) (*model.Point, error) {
		if len(p.X) != made.NumVars() {
			return nil, fmt.Errorf("kkt: recover: a point with %d entries for a model with %d variables", len(p.X), made.NumVars())
		}
		q := &model.Point{X: append([]float64(nil), p.X[:n]...), RowDuals: make([]float64, len(upper)), VarDuals: make([]float64, n)}
		for r := range upper {
			σ := signs[owners[r]]
			if c := upper[r]; c.col >= 0 {
				q.RowDuals[r] -= σ * c.sign * p.X[c.col]
			}
			if c := lower[r]; c.col >= 0 {
				q.RowDuals[r] += σ * c.sign * p.X[c.col]
			}
		}
		for j := range statRow {
			if row := statRow[j]; row >= 0 {
				d := 0.0
				if c := ubMult[j]; c >= 0 {
					d = p.X[c]
				}
				lo, _ := made.RowBounds(int(row))
				if hi := mustHi(made, int(row)); lo != hi {
					ref := lo
					if math.IsInf(lo, -1) {
						ref = hi
					}
					q.VarDuals[j] = signs[varOwner[j]] * (made.RowValue(int(row), p.X) - ref - d)
				}
			}
		}
		return q, nil
	}
	// lift sets the multipliers from the duals of the followers' constraints and of their variables' bounds.
	lift := func(p *model.Point) (*model.Point, error) {
		if len(p.RowDuals) < len(upper) || len(p.VarDuals) < n {
			return nil, errNoLift
		}
		x := make([]float64, made.NumVars())
		copy(x, p.X)
		for r := range upper {
			d := signs[owners[r]] * p.RowDuals[r] // w - u, or -v
			up, lo := upper[r], lower[r]
			switch {
			case up.col >= 0 && lo.col < 0:
				x[up.col] = -d * up.sign
			case lo.col >= 0 && up.col < 0:
				x[lo.col] = d * lo.sign
			case up.col >= 0:
				x[up.col], x[lo.col] = math.Max(-d, 0)*up.sign, math.Max(d, 0)*lo.sign
			}
		}
		for j, c := range ubMult {
			if c >= 0 {
				x[c] = math.Max(0, -signs[varOwner[j]]*p.VarDuals[j])
			}
		}
		if products != nil && !products.lift(x) {
			return nil, errNoLift
		}
		return &model.Point{X: x}, nil
	}
	return &Result{Model: s.m, Recovery: maps{recover, lift}}
}

func mustHi(m *model.Model, r int) float64 { _, hi := m.RowBounds(r); return hi }
