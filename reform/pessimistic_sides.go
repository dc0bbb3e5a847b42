package reform

import (
	"fmt"
	"math"

	"github.com/gobilevel/bilevel/model"
)

// tieBreaker writes the model of Pessimistic. Variables of the model before are called by their index, columns are those of the new model.
type tieBreaker struct {
	m, d     *model.Model
	sign     float64 // +1 where the leader minimises
	blocks   []priceBlock
	block    []int32 // by variable: the part of a follower's problem that it belongs to, -1 for the leader's
	sides    []tieSide
	ofBlock  [][]int // by block: its sides
	cost     []model.Function
	extremes []*tieExtreme
	quad     model.Function // the part of the objective that is quadratic in the leader's variables

	copies [][]tieCopy // by block: the copies of its variables, the first of which are the original columns
	second []int32     // by leader's variable: its column in the second point
	t      int32
	u, u2  []int32   // by side: multiplier and that of the second point
	maxima [][]int32 // by side: its multipliers in maxima
	digits []tieDigits
	late   []lateRow
}

// tieSide is a condition s >= 0, or s = 0, of a follower, with s affine.
type tieSide struct {
	block        int
	s            model.Function
	equation     bool
	prefix, base string // of the names made from it
	sub          string
	variable     bool // a bound of variable of, otherwise a side of constraint of
	of           int
	upper        bool
}

// tieDigits are the binary digits of variable - low at both points: n columns from first and from second on.
type tieDigits struct {
	variable, first, second, n int
	low                        float64
}

// tieCopy is a copy of the variables of a block: columns of the point and of the second point, by variable.
type tieCopy struct{ first, second map[int32]int32 }

// extremeKind says what a maximum or minimum over the followers' optimal answers is for.
type extremeKind int

const (
	weakPart extremeKind = iota
	strongPart
	couplingSide
)

// tieExtreme is the best or worst value of a function of the leader over the followers' optimal answers.
type tieExtreme struct {
	kind   extremeKind
	h      model.Function // minimised by the leader; linear
	kappa  []float64      // by block: the multiple of the follower's optimal cost that belongs to it
	blocks []int          // the blocks whose variables h contains
	copy   map[int]int    // by block: the copy in which it is evaluated
	row    int            // of the leader, for couplingSide
	bound  float64        // h <= bound
}

// newTieBreaker takes the model apart and says what stops it.
func newTieBreaker(m *model.Model, p Pessimistic) (*tieBreaker, error) {
	if err := acceptTies(m); err != nil {
		return nil, err
	}
	b := &tieBreaker{m: m, sign: m.Leader().Objective().Sense.Sign()}
	b.findBlocks()
	b.findSides()
	strong, weak := p.Strong, p.Weak
	if strong == nil && weak == nil {
		f := m.Leader().Objective().F
		weak = &f
	}
	acc := m.Accumulator()
	for _, part := range []struct {
		f    *model.Function
		kind extremeKind
	}{{weak, weakPart}, {strong, strongPart}} {
		if part.f == nil {
			continue
		}
		if part.f.Nonlinear != 0 {
			return nil, refusal("the leader's objective", "it is not linear or quadratic", "")
		}
		acc.Reset()
		acc.AddFunction(b.sign, *part.f)
		e, quad, err := b.linear(acc.Function())
		if err != nil {
			return nil, err
		}
		acc.Reset()
		acc.AddFunction(1, b.quad)
		acc.AddFunction(1, quad)
		b.quad = acc.Function()
		e.kind = part.kind
		b.extremes = append(b.extremes, e)
	}
	if p.Level != nil && len(b.quad.Quad) > 0 {
		return nil, refusal("the leader's objective", "it is not linear, so that the level cannot be homogenised", "")
	}
	b.addCoupling()
	return b, b.acceptIntegers()
}

// findBlocks splits the followers' problems.
func (b *tieBreaker) findBlocks() {
	b.block = make([]int32, b.m.NumVars())
	for j := range b.block {
		b.block[j] = -1
	}
	for p := 1; p < b.m.NumPlayers(); p++ {
		for _, k := range followerBlocks(b.m, p) {
			for _, j := range k.vars {
				b.block[j] = int32(len(b.blocks))
			}
			b.blocks = append(b.blocks, k)
		}
	}
	b.ofBlock = make([][]int, len(b.blocks))
	b.copies = make([][]tieCopy, len(b.blocks))
	b.cost = make([]model.Function, len(b.blocks))
	for c, k := range b.blocks {
		o := b.m.Player(k.player).Objective()
		acc := b.m.Accumulator()
		sign := o.Sense.Sign()
		for i, j := range o.F.Vars {
			if b.block[j] == int32(c) {
				acc.AddTerm(sign*o.F.Coefs[i], int(j))
			}
		}
		for _, q := range o.F.Quad {
			if b.block[q.I] == int32(c) || b.block[q.J] == int32(c) {
				acc.AddProduct(sign*q.Coef, int(q.I), int(q.J))
			}
		}
		b.cost[c] = acc.Function()
	}
}

// findSides lists the followers' constraints and bounds as conditions on slacks, sorted so that families of names stay together.
func (b *tieBreaker) findSides() {
	variables := false
	add := func(c, of int, f model.Function, at float64, upper, equation bool, prefix, base, sub string) {
		acc := b.m.Accumulator()
		if upper {
			acc.AddFunction(-1, f)
			acc.AddConst(at)
		} else {
			acc.AddFunction(1, f)
			acc.AddConst(-at)
		}
		b.ofBlock[c] = append(b.ofBlock[c], len(b.sides))
		b.sides = append(b.sides, tieSide{c, acc.Function(), equation, prefix, base, sub, variables, of, upper})
	}
	each := func(upper bool, n func(k priceBlock) []int, bounds func(i int) (float64, float64), f func(i int) model.Function,
		names func(i int) (string, string), prefixes [2]string) {
		for c, k := range b.blocks {
			for _, i := range n(k) {
				lo, hi := bounds(i)
				base, sub := names(i)
				switch {
				case lo == hi && !upper:
					add(c, i, f(i), lo, false, true, prefixes[0], base, sub)
				case lo == hi:
				case upper && !math.IsInf(hi, 1):
					add(c, i, f(i), hi, true, false, prefixes[1], base, sub)
				case !upper && !math.IsInf(lo, -1):
					add(c, i, f(i), lo, false, false, prefixes[0], base, sub)
				}
			}
		}
	}
	variable := func(j int) model.Function { return model.Function{Vars: []int32{int32(j)}, Coefs: []float64{1}} }
	rows := func(k priceBlock) []int { return k.rows }
	vars := func(k priceBlock) []int { return k.vars }
	rowNames := func(r int) (string, string) { return b.m.RowBase(r), b.m.RowSub(r) }
	varNames := func(j int) (string, string) { return b.m.VarBase(j), b.m.VarSub(j) }
	each(false, rows, b.m.RowBounds, b.m.RowFunction, rowNames, [2]string{"", "up_"})
	each(true, rows, b.m.RowBounds, b.m.RowFunction, rowNames, [2]string{"", "up_"})
	variables = true
	each(false, vars, b.m.VarBounds, variable, varNames, [2]string{"lb_", "ub_"})
	each(true, vars, b.m.VarBounds, variable, varNames, [2]string{"lb_", "ub_"})
}

// linear removes from a function, in minimisation form, the products that match those of the followers, and splits off what is quadratic
// in the leader's variables alone.
func (b *tieBreaker) linear(f model.Function) (*tieExtreme, model.Function, error) {
	e := &tieExtreme{kappa: make([]float64, len(b.blocks)), copy: map[int]int{}}
	inLeader := map[product]float64{}
	priced := make([]bool, len(b.blocks))
	for _, q := range f.Quad {
		switch i, j := b.block[q.I], b.block[q.J]; {
		case i >= 0 && j >= 0:
			return nil, f, refusal("the leader's objective", fmt.Sprintf("it contains the product %s*%s of followers' variables", b.m.VarName(int(q.I)), b.m.VarName(int(q.J))), "")
		case i >= 0 || j >= 0:
			inLeader[product{q.I, q.J}] = q.Coef
			priced[max(i, j)] = true
		}
	}
	acc := b.m.Accumulator()
	acc.AddFunction(1, f)
	for c, k := range b.blocks {
		if !priced[c] {
			continue
		}
		kappa, why := matchBlock(b.m, k, inLeader, b.m.Player(k.player).Name())
		if why != "" {
			return nil, f, refusal("the leader's objective", why, "the products of the leader's objective must be those of the follower's")
		}
		e.kappa[c] = kappa
		acc.AddFunction(-kappa, b.cost[c])
	}
	f = acc.Function()
	quad := b.m.Accumulator()
	for _, q := range f.Quad {
		if b.block[q.I] < 0 && b.block[q.J] < 0 {
			quad.AddProduct(q.Coef, int(q.I), int(q.J))
			continue
		}
		return nil, f, refusal("the leader's objective", fmt.Sprintf("%s*%s is a product of a leader's and a follower's variable that does not stand in the follower's objective",
			b.m.VarName(int(q.I)), b.m.VarName(int(q.J))), "")
	}
	e.h = model.Function{Const: f.Const, Vars: f.Vars, Coefs: f.Coefs}
	b.findTouched(e)
	return e, quad.Function(), nil
}

// findTouched lists the blocks whose variables the function contains.
func (b *tieBreaker) findTouched(e *tieExtreme) {
	seen := make([]bool, len(b.blocks))
	for k, j := range e.h.Vars {
		if c := b.block[j]; c >= 0 && e.h.Coefs[k] != 0 {
			seen[c] = true
		}
	}
	for c, ok := range seen {
		if ok {
			e.blocks = append(e.blocks, c)
		}
	}
}

// addCoupling lists the sides of the leader's constraints that contain followers' variables.
func (b *tieBreaker) addCoupling() {
	for r := range b.m.NumRows() {
		if b.m.RowOwner(r) != 0 {
			continue
		}
		lo, hi := b.m.RowBounds(r)
		for _, side := range []struct{ sign, bound float64 }{{1, hi}, {-1, -lo}} {
			if math.IsInf(side.bound, 1) {
				continue
			}
			acc := b.m.Accumulator()
			acc.AddFunction(side.sign, b.m.RowFunction(r))
			e := &tieExtreme{kind: couplingSide, h: acc.Function(), kappa: make([]float64, len(b.blocks)), copy: map[int]int{}, row: r, bound: side.bound}
			if b.findTouched(e); len(e.blocks) > 0 {
				b.extremes = append(b.extremes, e)
			}
		}
	}
}

// mostDigits bounds the binary digits of an integer variable of the leader.
const mostDigits = 20

// acceptIntegers refuses integer variables of the leader without bounds.
func (b *tieBreaker) acceptIntegers() error {
	for j := range b.m.NumVars() {
		if b.block[j] >= 0 || b.m.VarKind(j) == model.Continuous {
			continue
		}
		if lo, hi := b.m.VarBounds(j); !(hi-lo < 1<<mostDigits) {
			return refusal("variable "+b.m.VarName(j), fmt.Sprintf("an integer variable of the leader with the bounds %g and %g has too many values", lo, hi), "give it closer bounds")
		}
	}
	return nil
}
