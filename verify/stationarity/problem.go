package stationarity

import (
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/smooth"
)

var inf = math.Inf(1)

// Problem is an MPCC whose points are to be judged: a smooth program and complementarity pairs over its variables and rows. The bounds
// are those that the program had when New was called. A Problem is used by one goroutine at a time.
type Problem struct {
	prog             smooth.Program
	n, m             int
	pairs            []model.Pair
	lower, upper     []float64 // by quantity: variables, then rows
	rowStart         []int32   // Jacobian by rows
	rowIndex         []int32
	sidePairs        [2][]int32 // by side (AtLower, AtUpper) and quantity: the pairs whose member it is, which then bound it
	varName, rowName func(int) string
	pairName         func(int) string
	memberName       func(model.Member) string
	solvers          solverChoice
	basis            *boxBasis // of the last LPEC
	maximise         bool      // the model's objective is maximised; the program is its negative
	nameless         bool      // there are no names but numbers
}

// solverChoice says which solvers of linear programs and multipliers to use.
type solverChoice uint8

const (
	solversBySize solverChoice = iota // HiGHS where it is in the binary and the problem is not small
	solversOwn                        // those of this package
	solversHiGHS                      // HiGHS, small or not
)

// PairError says what is wrong with a complementarity pair.
type PairError struct {
	Pair   int    // its index
	Reason string // with the remedy
}

func (e *PairError) Error() string {
	return fmt.Sprintf("stationarity: complementarity pair %d: %s", e.Pair, e.Reason)
}

// PointError says why a point cannot be judged.
type PointError struct {
	Reason string
}

func (e *PointError) Error() string { return "stationarity: " + e.Reason }

// New prepares a problem. Its pairs refer to the variables and rows of prog, and members of standard pairs to finite bounds of them;
// the error is of type *PairError where one does not.
func New(prog smooth.Program, pairs []model.Pair) (*Problem, error) {
	p := &Problem{prog: prog, n: prog.NumVars(), m: prog.NumRows(), pairs: slices.Clone(pairs)}
	lo, hi := prog.Bounds()
	rlo, rhi := prog.RowBounds()
	p.lower, p.upper = slices.Concat(lo, rlo), slices.Concat(hi, rhi)
	rows, cols := prog.JacobianPattern()
	p.rowStart, p.rowIndex = make([]int32, p.m+1), cols
	for _, r := range rows {
		p.rowStart[r+1]++
	}
	for r := range p.m {
		p.rowStart[r+1] += p.rowStart[r]
	}
	for s := range p.sidePairs {
		p.sidePairs[s] = make([]int32, p.n+p.m)
	}
	for k, pair := range pairs {
		if err := p.checkPair(pair); err != "" {
			return nil, &PairError{Pair: k, Reason: err}
		}
		if p.settled(pair) {
			continue
		}
		if pair.Mixed() {
			p.sidePairs[model.AtLower][p.quantity(pair.A)]++
			p.sidePairs[model.AtUpper][p.quantity(pair.A)]++
			continue
		}
		for _, s := range [2]model.Member{pair.A, pair.B} {
			p.sidePairs[s.Side][p.quantity(s)]++
		}
	}
	p.nameless = true
	p.varName = func(j int) string { return fmt.Sprintf("variable %d", j) }
	p.rowName = func(r int) string { return fmt.Sprintf("constraint %d", r) }
	p.pairName = func(k int) string { return fmt.Sprintf("pair %d", k) }
	p.memberName = func(s model.Member) string {
		if s.Row {
			return p.rowName(int(s.Index))
		}
		return p.varName(int(s.Index))
	}
	return p, nil
}

// checkPair returns what is wrong with a pair, "" where nothing is.
func (p *Problem) checkPair(pair model.Pair) string {
	if (pair.A.Side == model.Range) != (pair.B.Side == model.Value) {
		return fmt.Sprintf("a %v and a %v do not make a pair; pair a range with a value, or two slacks", pair.A.Side, pair.B.Side)
	}
	for _, s := range [2]model.Member{pair.A, pair.B} {
		size := p.n
		if s.Row {
			size = p.m
		}
		if s.Index < 0 || int(s.Index) >= size {
			return fmt.Sprintf("member %d is out of the %d that there are", s.Index, size)
		}
		q := p.quantity(s)
		if s.Side == model.AtLower && math.IsInf(p.lower[q], -1) || s.Side == model.AtUpper && math.IsInf(p.upper[q], 1) {
			return fmt.Sprintf("a member has no finite bound %v; give it that bound, or use a mixed pair", s.Side)
		}
	}
	return ""
}

// OfModel classifies a point of a model without followers, with names for people; see Problem.Classify. Integer variables are held at
// their values, unless a bound of theirs is a member of a pair; sets and conditions are left out of account.
func OfModel(ctx context.Context, m *model.Model, x []float64, opt Options) (*Report, error) {
	p, err := ofModel(m, x)
	if err != nil {
		return nil, err
	}
	return p.Classify(ctx, x, opt)
}

// NewOfModel prepares the problem of a model without followers: its constraints, bounds and pairs. The integrality of variables, sets
// and conditions are left out of account.
func NewOfModel(m *model.Model) (*Problem, error) { return ofModel(m, nil) }

// ofModel is NewOfModel with integer variables fixed at x, where that is not nil.
func ofModel(m *model.Model, x []float64) (*Problem, error) {
	prog, err := smooth.Compile(m)
	if err != nil {
		return nil, err
	}
	if len(x) == m.NumVars() {
		member := make([]bool, len(x))
		for k := range m.NumPairs() {
			for _, s := range [2]model.Member{m.Pair(k).A, m.Pair(k).B} {
				if !s.Row {
					member[s.Index] = true
				}
			}
		}
		for j, v := range x {
			if lo, hi := m.VarBounds(j); m.VarKind(j) != model.Continuous && !member[j] && math.Round(v) >= lo && math.Round(v) <= hi {
				prog.SetBounds(j, math.Round(v), math.Round(v))
			}
		}
	}
	p, err := New(prog, PairsOf(m))
	if err != nil {
		return nil, err
	}
	p.nameless = false
	p.maximise = m.Leader().Objective().Sense.Sign() < 0
	p.varName, p.rowName, p.pairName, p.memberName = m.VarName, m.RowName, m.PairName, m.MemberName
	return p, nil
}

// Classify is New followed by Problem.Classify.
func Classify(ctx context.Context, prog smooth.Program, pairs []model.Pair, x []float64, opt Options) (*Report, error) {
	p, err := New(prog, pairs)
	if err != nil {
		return nil, err
	}
	return p.Classify(ctx, x, opt)
}

// LPEC is New followed by Problem.LPEC.
func LPEC(ctx context.Context, prog smooth.Program, pairs []model.Pair, x []float64, opt LPECOptions) (*Direction, error) {
	p, err := New(prog, pairs)
	if err != nil {
		return nil, err
	}
	return p.LPEC(ctx, x, opt)
}

// PairsOf lists the pairs of a model.
func PairsOf(m *model.Model) []model.Pair {
	pairs := make([]model.Pair, m.NumPairs())
	for k := range pairs {
		pairs[k] = m.Pair(k)
	}
	return pairs
}

// quantity numbers what bounds are on: variable j is quantity j, row r is n+r.
func (p *Problem) quantity(s model.Member) int {
	if s.Row {
		return p.n + int(s.Index)
	}
	return int(s.Index)
}

// fixed reports whether the bounds of a quantity are equal.
func (p *Problem) fixed(q int) bool { return p.lower[q] == p.upper[q] }
