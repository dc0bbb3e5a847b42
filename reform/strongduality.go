package reform

import (
	"context"
	"fmt"

	"github.com/gobilevel/bilevel/model"
)

// StrongDuality replaces every linear or convex-quadratic follower by its primal constraints, its dual constraints and, instead of
// complementarity pairs 0 <= a_i ⟂ b_i >= 0, one constraint a follower that their products sum to nothing:
//
//	Σ_i a_i b_i <= 0.
//
// Written out, the products of multipliers with the follower's own variables cancel and what is left is
//
//	(c + Px)'y + y'Qy + u'(b - Bx) + v'(e - Dx) <= 0,
//
// the equality of the primal and the dual objective. The products u_i x_j and x_i y_j are bilinear where the leader enters the follower's
// constraints or prices; without them the constraint is linear (Q = 0) or convex. A product of an integer x of few values with a multiplier
// that has a proven bound (see vertexBounds), and one of such an x with a bounded y, is written exactly by a column (see productColumn), so
// that a leader with binary variables on the right-hand sides of a network leads to a MILP without pairs. So does a leader with prices on a network with whole
// data, whose answers may be taken to be whole (see wholeAnswers): there each block has a constraint of its own.
//
// Accepts: linear and convex-quadratic followers, not in a Nash game.
// Adds:    one row a follower; quadratic rows where products remain.
// Valid:   always for such followers (strong duality needs no constraint qualification).
type StrongDuality struct{}

// Name is "strong-duality".
func (StrongDuality) Name() string { return "strong-duality" }

// Accepts refuses followers that are not linear or convex quadratic.
func (StrongDuality) Accepts(m *model.Model) error {
	if err := acceptConvexFollowers("strong-duality", m); err != nil {
		return err
	}
	for p, f := range m.Classify().Followers {
		if f.Class > model.ConvexQuadratic {
			return &NotAcceptedError{Pass: "strong-duality", Where: "follower " + f.Name, Reason: fmt.Sprintf("its problem is %v, and duality is written for linear and convex quadratic ones", f.Class), Remedy: "use kkt"}
		}
		if m.Player(p + 1).IsNash() {
			return &NotAcceptedError{Pass: "strong-duality", Construct: model.NashGame, Where: "follower " + f.Name, Reason: "it plays a Nash game", Remedy: "use kkt"}
		}
	}
	return nil
}

// Proves is global.
func (StrongDuality) Proves(*model.Model) model.Proof { return model.ProofGlobal }

// Apply writes the constraints.
func (d StrongDuality) Apply(ctx context.Context, m *model.Model) (*Result, error) {
	if err := d.Accepts(m); err != nil {
		return nil, err
	}
	s := newStationarity(m)
	if err := s.write(ctx); err != nil {
		return nil, err
	}
	w := newProducts(s)
	functions, names := s.dualityGaps(w)
	w.boundMultipliers(functions)
	var notes []string
	for i, name := range names {
		f, least := w.writeExactly(functions[i]), -model.Inf
		if w.exactly(functions[i]) {
			least = 0
		}
		s.m.AddRow(0, s.m.FreshBase("duality_"+name), f, least, 0)
		if n := len(f.Quad); n > 0 {
			notes = append(notes, fmt.Sprintf("strong-duality: the constraint of follower %s keeps %d products", name, n))
		}
	}
	if n := len(w.list); n > 0 {
		notes = append(notes, fmt.Sprintf("strong-duality: %s of leader's variables written exactly", plural(n, "product")))
	}
	if n := len(w.answers); n > 0 {
		notes = append(notes, fmt.Sprintf("strong-duality: %s taken to be whole, %d of them found to stay at their lower bounds", plural(n, "answer"), n-w.priced()))
	}
	w.write()
	s.products = w
	r := s.result()
	r.Notes = notes
	return r, nil
}

// dualityGaps are the sums Σ a_i b_i, which are to be at most zero, and the followers' names: one for each follower, and one for each block with answers that are taken to be whole, since
// the sum over blocks says less as long as answers are not whole.
func (s *stationarity) dualityGaps(w *products) (functions []model.Function, names []string) {
	blocks := make([]*model.Accumulator, s.blocks+1)
	for b := range blocks {
		blocks[b] = s.m.Accumulator()
	}
	for _, l := range s.collectPairs() {
		for _, pair := range l.list {
			blocks[s.pairBlock(pair)].AddMul(1, s.m.MemberFunction(pair.A), s.m.MemberFunction(pair.B))
		}
	}
	s.eachZeroProduct(func(b int32, f, g model.Function) { blocks[b].AddMul(1, f, g) })
	gaps := make([]model.Function, s.blocks+1)
	for b := range gaps {
		gaps[b] = s.substitute(blocks[b].Function())
	}
	w.chooseWhole(gaps)
	player := make([]int, s.blocks+1)
	for j, b := range s.block {
		player[b] = s.old.VarOwner(j)
	}
	for p := 1; p < s.old.NumPlayers(); p++ {
		name := s.old.Player(p).Name()
		rest, any := s.m.Accumulator(), false
		for b := 1; b <= s.blocks; b++ {
			switch {
			case player[b] != p:
			case w.whole != nil && w.whole.b.ok[b]:
				functions, names = append(functions, gaps[b]), append(names, name)
			default:
				rest.AddFunction(1, gaps[b])
				any = true
			}
		}
		if any {
			functions, names = append(functions, rest.Function()), append(names, name)
		}
	}
	return functions, names
}

// eachZeroProduct visits the products that vanish because one factor does: of an equation with its free multiplier, of the stationarity
// row of a free variable with the variable. They make the products of multipliers and follower's variables cancel. A fixed variable has
// no stationarity row, so that products with it stay: substitute makes them linear.
func (s *stationarity) eachZeroProduct(visit func(block int32, f, g model.Function)) {
	for r := range s.upper {
		if v := s.upper[r]; v.col >= 0 && s.sides(r) == sideEqual {
			_, hi := s.old.RowBounds(r)
			acc := s.m.Accumulator()
			acc.AddFunction(-1, s.old.RowFunction(r))
			acc.AddConst(hi)
			visit(s.rowBlock[r], model.Function{Vars: []int32{v.col}, Coefs: []float64{v.sign}}, acc.Function())
		}
	}
	for j, row := range s.statRow {
		if row < 0 || s.boundKind(j) != 0 {
			continue
		}
		lo, _ := s.m.RowBounds(int(row))
		acc := s.m.Accumulator()
		acc.AddFunction(1, s.m.RowFunction(int(row)))
		acc.AddConst(-lo)
		visit(s.block[j], acc.Function(), model.Function{Vars: []int32{int32(j)}, Coefs: []float64{1}})
	}
}
