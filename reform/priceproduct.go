package reform

import (
	"context"
	"fmt"
	"math"
	"sort"

	"github.com/gobilevel/bilevel/model"
)

// PriceProduct makes the products of leader's prices and follower's quantities in the leader's objective linear, exactly. Let a block of
// a follower's problem (own variables y and own constraints that hang together) be, in minimisation form,
//
//	min (c + Px)'y + 1/2 y'Qy   s.t.  a_i y >= or <= or = b_i,  y within bounds,
//
// with no leader's variable in its constraints. At an optimal answer with shadow prices d_i (of this minimisation form) of the
// constraints, stationarity c + Px + Qy = Σ d_i a_i + reduced costs, multiplied by y, and complementarity give
//
//	x'P'y = Σ_i d_i b_i + Σ_j r_j bound_j - c'y - y'Qy.
//
// Where the leader's objective contains κ x'P'y, the same products up to one factor κ a block, they are replaced by κ times the right-hand
// side. Ranges are split into two constraints, and bounds other than zero become constraints, so that every b_i is unambiguous; the
// d_i enter as variables NAME.dual.
//
// Accepts: linear and convex-quadratic followers; at least one block whose products match.
// Adds:    variables for shadow prices. Products that remain are named in the notes.
// Valid:   at every bilevel-feasible point with every optimal multiplier: exact. Source: Labbé, Marcotte, Savard (1998).
type PriceProduct struct{}

// Name is "price-product".
func (PriceProduct) Name() string { return "price-product" }

// Proves is global: the objective keeps its value at every bilevel-feasible point.
func (PriceProduct) Proves(*model.Model) model.Proof { return model.ProofGlobal }

// Accepts refuses models in which no product of the leader's objective can be replaced, with the reason for the first.
func (p PriceProduct) Accepts(m *model.Model) error {
	blocks, reasons := priceBlocks(m)
	if len(blocks) > 0 {
		return nil
	}
	reason := "no product of a leader's and a follower's variable stands in it"
	if len(reasons) > 0 {
		reason = reasons[0]
	} else if name, ok := dualProduct(m); ok {
		reason = "it multiplies the shadow price " + name + "; only products with prices that the leader sets are replaced"
	}
	return &NotAcceptedError{Pass: "price-product", Where: "the leader's objective", Reason: reason}
}

// dualProduct finds a shadow price in a product of the leader's objective.
func dualProduct(m *model.Model) (string, bool) {
	for _, q := range m.Leader().Objective().F.Quad {
		for _, j := range [2]int32{q.I, q.J} {
			if _, ok := m.DualOf(int(j)); ok {
				return m.VarName(int(j)), true
			}
		}
	}
	return "", false
}

// priceBlock is a block of a follower whose products with prices stand in the leader's objective with the factor kappa.
type priceBlock struct {
	player int
	vars   []int
	rows   []int
	kappa  float64
}

// Apply replaces the products.
func (p PriceProduct) Apply(_ context.Context, m *model.Model) (*Result, error) {
	if err := p.Accepts(m); err != nil {
		return nil, err
	}
	blocks, reasons := priceBlocks(m)
	d := m.Derive()
	obj := d.Leader().Objective()
	acc := d.Accumulator()
	acc.AddFunction(1, obj.F)
	var moved []movedBound
	for _, b := range blocks {
		moved = append(moved, replaceProducts(d, acc, b)...)
	}
	before := countProducts(m, obj.F)
	obj.F = acc.Function()
	replaced := before - countProducts(m, obj.F)
	d.Leader().SetObjective(obj)
	notes := []string{fmt.Sprintf("price-product: %s of price and quantity replaced exactly, in %s", plural(replaced, "product"), plural(len(blocks), "block"))}
	if len(moved) > 0 {
		notes = append(notes, fmt.Sprintf("price-product: %s moved into constraints", plural(len(moved), "bound")))
	}
	if n := len(obj.F.Quad); n > 0 {
		notes = append(notes, fmt.Sprintf("price-product: %s left in the leader's objective", plural(n, "quadratic term")))
	}
	for _, r := range reasons {
		notes = append(notes, "price-product: "+r)
	}
	return &Result{Model: d, Recovery: recoverMoved(m, d, moved), Notes: notes}, nil
}

// countProducts counts the products of a leader's and a follower's variable.
func countProducts(m *model.Model, f model.Function) int {
	n := 0
	for _, q := range f.Quad {
		if int(q.J) < m.NumVars() && (m.VarOwner(int(q.I)) == 0) != (m.VarOwner(int(q.J)) == 0) {
			n++
		}
	}
	return n
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// movedBound is one side of a variable's bounds or of a range that became the constraint row.
type movedBound struct {
	row, from int
	variable  bool // from is a variable, otherwise a constraint
	upper     bool
}

// recoverMoved drops the variables and constraints that the pass has added and gives their duals back to where they came from; lift spreads
// the duals over the new constraints.
func recoverMoved(m, d *model.Model, moved []movedBound) Recovery {
	lift := func(p *model.Point) (*model.Point, error) {
		if len(p.RowDuals) < m.NumRows() || len(p.VarDuals) < m.NumVars() {
			return nil, errNoLift
		}
		q := &model.Point{X: make([]float64, d.NumVars()), RowDuals: make([]float64, d.NumRows()), VarDuals: make([]float64, d.NumVars())}
		copy(q.X, p.X)
		copy(q.RowDuals, p.RowDuals)
		copy(q.VarDuals, p.VarDuals)
		for _, b := range moved {
			σ := d.Player(d.RowOwner(b.row)).Objective().Sense.Sign()
			from := q.RowDuals
			if b.variable {
				from = q.VarDuals
			}
			// An upper side has a shadow price of at most zero in a minimisation, a lower side one of at least zero.
			if v := σ * from[b.from]; v < 0 && b.upper || v > 0 && !b.upper {
				q.RowDuals[b.row], from[b.from] = from[b.from], 0
			}
		}
		for _, j := range d.DualVars() {
			r, _ := d.DualOf(j)
			q.X[j] = q.RowDuals[r]
		}
		return q, nil
	}
	drop := truncate(m.NumVars(), m.NumRows())
	recover := func(p *model.Point) (*model.Point, error) {
		q, err := drop.Recover(p)
		if err != nil {
			return nil, err
		}
		for _, b := range moved {
			to := q.RowDuals
			if b.variable {
				to = q.VarDuals
			}
			if b.from < len(to) && b.row < len(p.RowDuals) {
				to[b.from] += p.RowDuals[b.row]
			}
		}
		return q, nil
	}
	return maps{recover, lift}
}

// replaceProducts adds κ(Σ d b - c'y - y'Qy - x'P'y) to the objective, and returns the bounds that became constraints.
func replaceProducts(d *model.Model, acc *model.Accumulator, b priceBlock) []movedBound {
	var moved []movedBound
	f := d.Player(b.player).Objective()
	σ := f.Sense.Sign()
	in := b.members()
	for k, j := range f.F.Vars {
		if in[j] {
			acc.AddTerm(-b.kappa*σ*f.F.Coefs[k], int(j))
		}
	}
	addQuadratic(d, acc, b)
	// The variable NAME.dual is the change of the objective as declared: σ times the shadow price of the minimisation form.
	addDual := func(r int, rhs float64) {
		if rhs != 0 {
			acc.AddTerm(b.kappa*σ*rhs, d.DualVar(r).Index())
		}
	}
	for _, r := range b.rows {
		lo, hi := d.RowBounds(r)
		switch {
		case lo == hi:
			addDual(r, lo)
		case math.IsInf(lo, -1) && math.IsInf(hi, 1):
		case math.IsInf(lo, -1):
			addDual(r, hi)
		case math.IsInf(hi, 1):
			addDual(r, lo)
		default:
			var both [2]int
			both, moved = splitRange(d, r, moved)
			addDual(both[0], hi)
			addDual(both[1], lo)
		}
	}
	for _, j := range b.vars {
		lo, hi := d.VarBounds(j)
		y := model.Function{Vars: []int32{int32(j)}, Coefs: []float64{1}}
		if !math.IsInf(hi, 1) && hi != 0 {
			r := d.AddRow(b.player, d.FreshBase(d.VarBase(j)+"_upper"), y, -model.Inf, hi)
			d.SetVarBounds(j, lo, model.Inf)
			addDual(r, hi)
			moved = append(moved, movedBound{r, j, true, true})
		}
		lo, hi = d.VarBounds(j)
		if !math.IsInf(lo, -1) && lo != 0 {
			r := d.AddRow(b.player, d.FreshBase(d.VarBase(j)+"_lower"), y, lo, model.Inf)
			d.SetVarBounds(j, -model.Inf, hi)
			addDual(r, lo)
			moved = append(moved, movedBound{r, j, true, false})
		}
	}
	return moved
}

// splitRange makes the two sides of a range constraints of their own, and returns the upper and the lower one. The shadow price that the
// leader sees is the sum of both sides'.
func splitRange(d *model.Model, r int, moved []movedBound) ([2]int, []movedBound) {
	lo, hi := d.RowBounds(r)
	f := d.RowFunction(r)
	up, low := d.AddRow(d.RowOwner(r), d.FreshBase(d.RowBase(r)+"_upper"), f, -model.Inf, hi), r
	moved = append(moved, movedBound{up, r, false, true})
	if j, named := dualVariable(d, r); named {
		low = d.AddRow(d.RowOwner(r), d.FreshBase(d.RowBase(r)+"_lower"), f, lo, model.Inf)
		moved = append(moved, movedBound{low, r, false, false})
		d.SetRowBounds(r, -model.Inf, model.Inf)
		sumOfDuals(d, j, up, low)
	} else {
		d.SetRowBounds(r, lo, model.Inf)
	}
	return [2]int{up, low}, moved
}

// addQuadratic adds -κ(x'P'y + y'Qy), the quadratic part of what replaceProducts adds.
func addQuadratic(m *model.Model, acc *model.Accumulator, b priceBlock) {
	f := m.Player(b.player).Objective()
	σ := f.Sense.Sign()
	in := b.members()
	for _, q := range f.F.Quad {
		switch {
		case in[q.I] && in[q.J]: // y'Qy is twice the quadratic part
			acc.AddProduct(-2*b.kappa*σ*q.Coef, int(q.I), int(q.J))
		case in[q.I] || in[q.J]:
			acc.AddProduct(-b.kappa*σ*q.Coef, int(q.I), int(q.J))
		}
	}
}

func (b priceBlock) members() map[int32]bool {
	in := make(map[int32]bool, len(b.vars))
	for _, j := range b.vars {
		in[int32(j)] = true
	}
	return in
}

// foreignVariable finds a constraint of the block that contains a variable of another player: then products with it would remain.
func foreignVariable(m *model.Model, b priceBlock) (where string, found bool) {
	for _, r := range b.rows {
		bad := -1
		m.EachVar(m.RowFunction(r), func(j int) {
			if m.VarOwner(j) != b.player && bad < 0 {
				bad = j
			}
		})
		if bad >= 0 {
			return fmt.Sprintf("constraint %s of follower %s contains %s of the leader", m.RowName(r), m.Player(b.player).Name(), m.VarName(bad)), true
		}
	}
	return "", false
}

// dualVariable finds the variable that stands for the shadow price of constraint r, without making one.
func dualVariable(m *model.Model, r int) (int, bool) {
	for _, j := range m.DualVars() {
		if row, _ := m.DualOf(j); row == r {
			return j, true
		}
	}
	return 0, false
}

// sumOfDuals makes variable j an ordinary one of the leader that equals the sum of the shadow prices of two constraints.
func sumOfDuals(d *model.Model, j, up, low int) {
	d.ClearDual(j)
	d.SetVarOwner(j, 0)
	acc := d.Accumulator()
	acc.AddTerm(1, j)
	acc.AddTerm(-1, d.DualVar(up).Index())
	acc.AddTerm(-1, d.DualVar(low).Index())
	d.AddRow(0, d.FreshBase("dual_sum"), acc.Function(), 0, 0)
}

// product is an unordered pair of variables.
type product struct{ i, j int32 }

// priceBlocks finds the blocks that can be replaced and says why others, whose products stand in the leader's objective, can't.
func priceBlocks(m *model.Model) (blocks []priceBlock, reasons []string) {
	obj := m.Leader().Objective().F
	inLeader := map[product]float64{}
	wanted := map[int32]bool{} // follower's variables that occur in a product with a leader's variable
	for _, q := range obj.Quad {
		oi, oj := m.VarOwner(int(q.I)), m.VarOwner(int(q.J))
		_, di := m.DualOf(int(q.I))
		_, dj := m.DualOf(int(q.J))
		if (oi == 0) != (oj == 0) && !di && !dj {
			inLeader[product{q.I, q.J}] = q.Coef
			if oi > 0 {
				wanted[q.I] = true
			} else {
				wanted[q.J] = true
			}
		}
	}
	if len(inLeader) == 0 {
		return nil, nil
	}
	classes := m.Classify().Followers
	for p := 1; p < m.NumPlayers(); p++ {
		name := m.Player(p).Name()
		for _, b := range followerBlocks(m, p) {
			want := false
			for _, j := range b.vars {
				want = want || wanted[int32(j)]
			}
			if !want {
				continue
			}
			why := ""
			switch {
			case classes[p-1].Class > model.ConvexQuadratic || classes[p-1].Integers > 0:
				why = fmt.Sprintf("the problem of follower %s is %v, not linear or convex quadratic", name, classes[p-1].Class)
			case m.Player(p).IsNash():
				why = fmt.Sprintf("follower %s plays a Nash game", name)
			default:
				b.kappa, why = matchBlock(m, b, inLeader, name)
			}
			if why == "" {
				blocks = append(blocks, b)
			} else {
				reasons = append(reasons, why)
			}
		}
	}
	return blocks, reasons
}

// matchBlock finds the factor κ with which the products of the block's follower stand in the leader's objective.
func matchBlock(m *model.Model, b priceBlock, inLeader map[product]float64, name string) (kappa float64, why string) {
	in := b.members()
	if why, bad := foreignVariable(m, b); bad {
		return 0, why
	}
	f := m.Player(b.player).Objective()
	σ := f.Sense.Sign()
	matched, first := 0, product{-1, -1}
	for _, q := range f.F.Quad {
		if in[q.I] == in[q.J] {
			continue
		}
		k := product{q.I, q.J}
		c, ok := inLeader[k]
		if !ok {
			return 0, fmt.Sprintf("%s*%s stands in the objective of follower %s and not in the leader's", m.VarName(int(q.I)), m.VarName(int(q.J)), name)
		}
		ratio := c / (σ * q.Coef)
		if first.i < 0 {
			kappa, first = ratio, k
		} else if math.Abs(ratio-kappa) > 1e-12*math.Abs(kappa) {
			return 0, fmt.Sprintf("%s*%s and %s*%s stand in the leader's objective with different factors of those of follower %s (%g and %g)",
				m.VarName(int(first.i)), m.VarName(int(first.j)), m.VarName(int(q.I)), m.VarName(int(q.J)), name, kappa, ratio)
		}
		matched++
	}
	if matched == 0 {
		return 0, fmt.Sprintf("the leader's products with variables of follower %s do not stand in that follower's objective", name)
	}
	return kappa, ""
}

// followerBlocks splits a follower's variables and constraints into blocks that share no own variable, in a constraint or a product of
// the objective.
func followerBlocks(m *model.Model, p int) []priceBlock {
	parent := map[int]int{}
	root := func(j int) int {
		for parent[j] != j {
			parent[j] = parent[parent[j]]
			j = parent[j]
		}
		return j
	}
	var vars []int
	for j := 0; j < m.NumVars(); j++ {
		if _, dual := m.DualOf(j); m.VarOwner(j) == p && !dual {
			vars = append(vars, j)
			parent[j] = j
		}
	}
	own := func(j int) bool { _, ok := parent[j]; return ok }
	rowVar := map[int]int{}
	for r := 0; r < m.NumRows(); r++ {
		if m.RowOwner(r) != p {
			continue
		}
		first := -1
		m.EachVar(m.RowFunction(r), func(j int) {
			if !own(j) {
				return
			}
			if first < 0 {
				first = j
			}
			parent[root(j)] = root(first)
		})
		if first >= 0 {
			rowVar[r] = first
		}
	}
	o := m.Player(p).Objective()
	for _, q := range o.F.Quad {
		if own(int(q.I)) && own(int(q.J)) {
			parent[root(int(q.I))] = root(int(q.J))
		}
	}
	byRoot := map[int]*priceBlock{}
	var order []int
	for _, j := range vars {
		r := root(j)
		if byRoot[r] == nil {
			byRoot[r] = &priceBlock{player: p}
			order = append(order, r)
		}
		byRoot[r].vars = append(byRoot[r].vars, j)
	}
	rows := make([]int, 0, len(rowVar))
	for r := range rowVar {
		rows = append(rows, r)
	}
	sort.Ints(rows)
	for _, r := range rows {
		b := byRoot[root(rowVar[r])]
		b.rows = append(b.rows, r)
	}
	out := make([]priceBlock, 0, len(order))
	for _, r := range order {
		out = append(out, *byRoot[r])
	}
	return out
}
