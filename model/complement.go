package model

import "math"

// Side says which quantity of a variable or constraint v with bounds lo <= v <= hi is a member of a complementarity pair.
type Side uint8

// The sides. A standard pair has two members of AtLower or AtUpper: 0 <= a ⟂ b >= 0. A mixed pair has a Range member a and a Value
// member b: b >= 0 where a = lo, b <= 0 where a = hi, b = 0 between (with lo = hi, b is free).
const (
	AtLower Side = iota // the slack v - lo
	AtUpper             // the slack hi - v
	Range               // v itself, between both of its bounds
	Value               // v itself, as the signed partner of a Range member
)

var sideNames = [...]string{"at lower bound", "at upper bound", "range", "value"}

func (s Side) String() string { return sideNames[s] }

// Member is one side of a pair: a slack or value of a variable (Row false) or of a constraint.
type Member struct {
	Row   bool
	Side  Side
	Index int32
}

// Pair is a complementarity pair of two members. The bounds that the members refer to stay ordinary bounds of the variables and
// constraints, so that fixing a member to zero is a change of bounds.
type Pair struct {
	A, B Member
}

// Mixed reports whether the pair is lo <= a <= hi ⟂ b.
func (p Pair) Mixed() bool { return p.A.Side == Range }

type pairs struct {
	list    []Pair
	names   names
	steer   map[int32]Steer
	implied []Pair
	// inequalities f <= 0 that hold wherever the pairs do
	inequalities []Function
}

// AddPairs appends pairs as one family and returns the index of the first. sub gives the subscripts; nil with more than one numbers them from 0.
func (m *Model) AddPairs(base string, sub func(k int) string, list ...Pair) int {
	first := len(m.pairs.list)
	if len(list) == 0 {
		return first
	}
	if sub == nil && len(list) > 1 {
		sub = counting
	}
	m.pairs.names.add(first, len(list), base, sub)
	if first == 0 {
		m.pairs.list = append(make([]Pair, 0, len(list)), list...)
	} else {
		m.pairs.list = append(m.pairs.list, list...)
	}
	for _, p := range list {
		for _, s := range []Member{p.A, p.B} {
			lo, hi := m.memberBounds(s)
			if s.Side == AtLower && math.IsInf(lo, -1) || s.Side == AtUpper && math.IsInf(hi, 1) {
				m.fail(base, "give it that bound, or use a mixed pair", ErrContradiction, "%s has no finite bound for a member %v", m.MemberName(s), s.Side)
			}
		}
		if (p.A.Side == Range) != (p.B.Side == Value) {
			m.fail(base, "pair a range with a value, or two slacks", ErrOperand, "a %v and a %v do not make a pair", p.A.Side, p.B.Side)
		}
	}
	return first
}

// AddImplied notes standard pairs that need not be enforced: wherever the model has an optimal point, it has one with the same values of
// the variables that a user sees at which they hold, too. They are for the tightening of bounds, and are no construct.
func (m *Model) AddImplied(list ...Pair) { m.pairs.implied = append(m.pairs.implied, list...) }

// Implied returns the pairs that hold at some optimal point, not to be changed.
func (m *Model) Implied() []Pair { return m.pairs.implied }

// AddImpliedInequality notes that f <= 0 at every point that satisfies all constraints and pairs, with f quadratic and perhaps not convex: the
// sum of the products of the members of some pairs, written out. It need not be enforced, and is no construct.
func (m *Model) AddImpliedInequality(f Function) {
	m.pairs.inequalities = append(m.pairs.inequalities, f)
}

// ImpliedInequalities returns the functions that are not positive wherever the pairs hold, not to be changed.
func (m *Model) ImpliedInequalities() []Function { return m.pairs.inequalities }

// ClearImplied drops the pairs and inequalities that are noted to be implied: a pass has written pairs so that they need no longer hold.
func (m *Model) ClearImplied() { m.pairs.implied, m.pairs.inequalities = nil, nil }

// Pair returns pair k.
func (m *Model) Pair(k int) Pair { return m.pairs.list[k] }

// PairName is the full name of pair k.
func (m *Model) PairName(k int) string { _, n := m.pairs.names.name(k); return n }

// PairBase is the name of the family of pair k, without its subscript.
func (m *Model) PairBase(k int) string { b, _ := m.pairs.names.name(k); return b }

// PairSub is the subscript of pair k as it stands between the brackets, "" for a single name.
func (m *Model) PairSub(k int) string { return m.pairs.names.subscript(k) }

// SamePairFamily reports whether pairs i and k were made as one family.
func (m *Model) SamePairFamily(i, k int) bool {
	return m.pairs.names.find(i) == m.pairs.names.find(k)
}

// PairByName finds a pair by its full name.
func (m *Model) PairByName(name string) (int, bool) { return m.pairs.names.lookup(name) }

// SteerPair sets the modeller's wishes for pair k.
func (m *Model) SteerPair(k int, s Steer) {
	m.pairs.steer = m.setSteer(m.pairs.steer, k, s, m.PairName(k))
}

// PairSteer returns the modeller's wishes for pair k.
func (m *Model) PairSteer(k int) Steer { return m.pairs.steer[int32(k)] }

// RemovePairs drops the pairs for which drop is true; the others keep their names and order. Passes use it when they have written
// pairs in another way.
func (m *Model) RemovePairs(drop func(k int) bool) {
	old := m.pairs
	m.pairs = pairs{implied: old.implied, inequalities: old.inequalities}
	for k, p := range old.list {
		if drop(k) {
			continue
		}
		_, name := old.names.name(k)
		i := len(m.pairs.list)
		m.pairs.list = append(m.pairs.list, p)
		m.pairs.names.add(i, 1, name, nil)
		if s, ok := old.steer[int32(k)]; ok {
			m.SteerPair(i, s)
		}
	}
}

// MarkPairRow says that constraint r only carries a member of a pair, so that printing and counting leave it to the pair.
func (m *Model) MarkPairRow(r int) { m.rows.flags[r] |= flagPairRow }

// MemberName names a member for people: "trips, slack at its upper bound".
func (m *Model) MemberName(s Member) string {
	if s.Row {
		return m.RowName(int(s.Index))
	}
	return m.VarName(int(s.Index))
}

func (m *Model) memberBounds(s Member) (lo, hi float64) {
	if s.Row {
		return m.RowBounds(int(s.Index))
	}
	return m.VarBounds(int(s.Index))
}

// MemberFunction returns a member as a function: the slack v - lo or hi - v, or v itself for a Range or Value member.
func (m *Model) MemberFunction(s Member) Function {
	var f Function
	if s.Row {
		f = m.RowFunction(int(s.Index))
	} else {
		f = Function{Vars: []int32{s.Index}, Coefs: []float64{1}}
	}
	lo, hi := m.memberBounds(s)
	switch s.Side {
	case AtLower:
		f.Const -= lo
	case AtUpper:
		a := m.Accumulator()
		a.AddConst(hi)
		a.AddFunction(-1, f)
		f = a.Function()
	}
	return f
}

// PairResidual is how far pair k is from holding at values a and b of its members (for a standard pair, slacks):
//
//	standard: |min(a, b)|          mixed: |a - min(max(a - b, lo), hi)|
func (m *Model) PairResidual(k int, a, b float64) float64 {
	p := m.pairs.list[k]
	if !p.Mixed() {
		return math.Abs(math.Min(a, b))
	}
	lo, hi := m.memberBounds(p.A)
	return math.Abs(a - math.Min(math.Max(a-b, lo), hi))
}

// SOS1 is a set of variables of which at most one may differ from zero; Weights give their order, for branching.
type SOS1 struct {
	Name    string
	Owner   int
	Vars    []int32
	Weights []float64
}

// AddSOS1 appends a set. One without variables says nothing and is left out; few formats could hold it.
func (m *Model) AddSOS1(s SOS1) {
	if len(s.Vars) > 0 {
		m.sos = append(m.sos, s)
	}
}

// SOS1Sets returns the sets, not to be changed.
func (m *Model) SOS1Sets() []SOS1 { return m.sos }

// ClearSOS1 drops all sets; a pass has written them in another way.
func (m *Model) ClearSOS1() { m.sos = nil }

// Indicator says that constraint Row has to hold where the binary variable Binary has the value When.
type Indicator struct {
	Row, Binary int
	When        bool
}

// AddIndicator makes a constraint conditional.
func (m *Model) AddIndicator(ind Indicator) { m.inds = append(m.inds, ind) }

// Indicators returns the conditional constraints, not to be changed.
func (m *Model) Indicators() []Indicator { return m.inds }

// ClearIndicators drops all conditions; a pass has written them in another way.
func (m *Model) ClearIndicators() { m.inds = nil }
