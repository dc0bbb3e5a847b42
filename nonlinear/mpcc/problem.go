package mpcc

import (
	"fmt"
	"math"
	"slices"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/smooth"
)

// Problem is a smooth program with standard complementarity pairs:
//
//	min f(x)  subject to  L <= c(x) <= U,  l <= x <= u,  0 <= G_k(x) ⟂ H_k(x) >= 0,
//
// where each member G_k, H_k is the slack of a bound of a variable or of a side of a row. Inside, the value of a row of which a slack is
// a member becomes a variable of its own,
//
//	c_r(x) - v_r = 0,  L_r <= v_r <= U_r
//
// (where the row has one variable only, its sides become bounds of that), so that every member is the slack of a bound of one variable. A Problem is used by one goroutine at a time; see Clone.
type Problem struct {
	base   smooth.Program
	pairs  []model.Pair
	names  func(k int) string
	prog   *lifted
	sides  [][2]side         // by pair: its members
	merged map[int32]*merged // by row: those that became bounds
	live   []int             // pairs that have to be enforced: not those of which a member is zero by its bounds
}

// side is a member: the slack x_col - lower or upper - x_col of a bound of a variable of the lifted program.
type side struct {
	col   int32
	upper bool
}

// PairError says why a pair is not one of this package.
type PairError struct {
	Pair           int
	Name           string // of the pair, where it is known
	Reason, Remedy string
}

func (e *PairError) Error() string {
	name := e.Name
	if name == "" {
		name = fmt.Sprintf("pair %d", e.Pair)
	}
	return fmt.Sprintf("mpcc: %s: %s; %s", name, e.Reason, e.Remedy)
}

// ModelError says what of a model is not for this package.
type ModelError struct {
	Construct model.Constructs
	Where     string
}

func (e *ModelError) Error() string {
	return fmt.Sprintf("mpcc does not take %v (%s): reformulate the model first", e.Construct, e.Where)
}

// FromModel makes the problem of a model: its program by smooth.Compile, and its pairs. Variable j and row r are those of the model.
// It refuses followers, integer variables, sets and conditions (*ModelError), and mixed pairs (*PairError), which the pass normalise
// writes as standard ones.
func FromModel(m *model.Model) (*Problem, error) {
	if err := m.Err(); err != nil {
		return nil, err
	}
	foreign := model.IntegerVariables | model.SOS1Sets | model.IndicatorRows
	if found := foreign & m.Constructs(); found != 0 {
		return nil, &ModelError{found, m.Where(found)}
	}
	base, err := smooth.Compile(m)
	if err != nil {
		return nil, err
	}
	pairs := make([]model.Pair, m.NumPairs())
	for k := range pairs {
		pairs[k] = m.Pair(k)
	}
	constants := make([]float64, base.NumRows())
	base.Rows(make([]float64, base.NumVars()), constants)
	return newProblem(base, pairs, m.PairName, func(r int32) (int32, float64, float64, bool) {
		if !m.RowIsAffine(int(r)) {
			return 0, 0, 0, false
		}
		vars, coefs := m.RowAffine(int(r))
		if len(vars) != 1 || math.Abs(coefs[0]) != 1 {
			return 0, 0, 0, false
		}
		return vars[0], coefs[0], constants[r], true
	})
}

// New makes a problem of a program and standard pairs of slacks of its variables and rows. The program belongs to the problem from then
// on. Errors are of type *PairError.
func New(base smooth.Program, pairs []model.Pair) (*Problem, error) {
	return newProblem(base, pairs, nil, nil)
}

func newProblem(base smooth.Program, pairs []model.Pair, names func(k int) string, single singles) (*Problem, error) {
	p := &Problem{base: base, pairs: pairs, names: names}
	fail := func(k int, reason, remedy string) error {
		name := ""
		if names != nil {
			name = names(k)
		}
		return &PairError{k, name, reason, remedy}
	}
	lo, hi := base.Bounds()
	rlo, rhi := base.RowBounds()
	for k, pair := range pairs {
		for i, s := range [2]model.Member{pair.A, pair.B} {
			if s.Side != model.AtLower && s.Side != model.AtUpper {
				return nil, fail(k, "it is a mixed pair", "write it as standard pairs by the pass normalise")
			}
			l, h, count := lo, hi, base.NumVars()
			if s.Row {
				l, h, count = rlo, rhi, base.NumRows()
			}
			if s.Index < 0 || int(s.Index) >= count {
				return nil, fail(k, fmt.Sprintf("its member %d has index %d of %d", i+1, s.Index, count), "give an index that exists")
			}
			bound := l[s.Index]
			if s.Side == model.AtUpper {
				bound = h[s.Index]
			}
			if math.IsInf(bound, 0) || math.IsNaN(bound) {
				return nil, fail(k, fmt.Sprintf("its member %d is the slack of a bound that is not finite", i+1), "give the variable or constraint that bound")
			}
		}
	}
	lower, upper := slices.Clone(lo), slices.Clone(hi)
	if single != nil {
		p.merged = merge(pairs, rlo, rhi, lower, upper, single)
	}
	p.place(lower, upper)
	p.findLive()
	return p, nil
}

// place makes the lifted program, and sides of its variables of all members.
func (p *Problem) place(lower, upper []float64) {
	var rows []int32
	out := map[int32]bool{}
	column := map[int32]int32{} // of a lifted row
	for _, pair := range p.pairs {
		var two [2]side
		for i, s := range [2]model.Member{pair.A, pair.B} {
			two[i] = side{s.Index, s.Side == model.AtUpper}
			if !s.Row {
				continue
			}
			if m := p.merged[s.Index]; m != nil {
				two[i], out[s.Index] = m.side(two[i].upper), true
				continue
			}
			c, ok := column[s.Index]
			if !ok {
				c = int32(p.base.NumVars() + len(rows))
				column[s.Index] = c
				rows = append(rows, s.Index)
			}
			two[i].col = c
		}
		p.sides = append(p.sides, two)
	}
	p.prog = newLifted(p.base, rows, out, lower, upper)
}

// findLive lists the pairs that are neither the same as an earlier one nor hold by the bounds of one of their members.
func (p *Problem) findLive() {
	seen := map[[2]side]bool{}
	for k, s := range p.sides {
		if p.alwaysZero(s[0]) || p.alwaysZero(s[1]) || seen[s] {
			continue
		}
		seen[s], seen[[2]side{s[1], s[0]}] = true, true
		p.live = append(p.live, k)
	}
}

// alwaysZero reports whether a member is zero because its variable is fixed.
func (p *Problem) alwaysZero(s side) bool { return p.prog.lower[s.col] == p.prog.upper[s.col] }

// NumVars is the number of variables, NumRows that of rows, NumPairs that of pairs.
func (p *Problem) NumVars() int { return p.base.NumVars() }

// NumRows is the number of rows.
func (p *Problem) NumRows() int { return p.base.NumRows() }

// NumPairs is the number of pairs.
func (p *Problem) NumPairs() int { return len(p.pairs) }

// Clone returns the same problem for another goroutine.
func (p *Problem) Clone() *Problem {
	c := *p
	c.base = p.base.Clone()
	c.prog = p.prog.cloneOver(c.base)
	return &c
}

// slack is the value of a member at a point of the lifted program.
func (p *Problem) slack(s side, x []float64) float64 {
	if s.upper {
		return p.prog.upper[s.col] - x[s.col]
	}
	return x[s.col] - p.prog.lower[s.col]
}

// sign is the derivative of a member by its variable.
func (s side) sign() float64 {
	if s.upper {
		return -1
	}
	return 1
}

// Residual measures a point x of NumVars entries: the largest violation of a bound or row, in their own units, and the largest
// complementarity residual |min(G_k, H_k)|. Both are +Inf where a value is not a number.
func (p *Problem) Residual(x []float64) (violation, complementarity float64) {
	z := p.lift(x)
	n, m := p.NumVars(), p.NumRows()
	violation = smooth.Violation(p.base, x[:n], p.prog.values[:m])
	for _, s := range p.sides {
		r := math.Abs(math.Min(p.slack(s[0], z), p.slack(s[1], z)))
		if !(r <= complementarity) {
			complementarity = r
		}
	}
	if math.IsNaN(complementarity) {
		complementarity = math.Inf(1)
	}
	return violation, complementarity
}

// lift returns the point of the lifted program that belongs to x, its new variables having the values of their rows, and leaves the
// values of all rows in p.prog.values.
func (p *Problem) lift(x []float64) []float64 {
	l := p.prog
	z := make([]float64, l.NumVars())
	copy(z, x[:l.n])
	l.base.Rows(z[:l.n], l.values)
	for k, r := range l.rows {
		z[l.n+k] = l.values[r]
	}
	return z
}

// clip brings a point of the lifted program into its bounds; what is not a number becomes the point of the bounds nearest to zero.
func (p *Problem) clip(z []float64) {
	for j, v := range z {
		if math.IsNaN(v) {
			v = 0
		}
		z[j] = math.Min(math.Max(v, p.prog.lower[j]), p.prog.upper[j])
	}
}

// size is the number of derivatives and variables, as a measure of what one iteration costs.
func (p *Problem) size() int {
	jr, _ := p.prog.JacobianPattern()
	hr, _ := p.prog.HessianPattern()
	return len(jr) + len(hr) + p.prog.NumVars() + 1
}
