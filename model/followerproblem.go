package model

import (
	"fmt"
	"math"

	"github.com/gobilevel/bilevel/model/expr"
)

// FollowerProblem is one follower's problem at a point: a model without followers in that follower's variables alone, with every other
// variable replaced by its value. Its leader has the follower's objective, with the sense as declared. Names are those of the original
// model.
type FollowerProblem struct {
	Model  *Model
	Player int
	Vars   []int32 // variable of the original model for each variable of Model, ascending
	Rows   []int32 // constraint of the original model for each constraint of Model, ascending
}

// Restrict returns the part of a point x of the original model that the follower decides.
func (f *FollowerProblem) Restrict(x []float64) []float64 {
	y := make([]float64, len(f.Vars))
	for k, j := range f.Vars {
		y[k] = x[j]
	}
	return y
}

// Extend writes an answer y of the follower into a point x of the original model.
func (f *FollowerProblem) Extend(x, y []float64) {
	for k, j := range f.Vars {
		x[j] = y[k]
	}
}

// FollowerProblems makes the problems of a model's followers at given points. It sorts variables and constraints by owner once, so that
// each problem costs no more than its own size. It is not for use by several goroutines at once.
type FollowerProblems struct {
	m     *Model
	vars  byOwner
	rows  byOwner
	sos   byOwner
	inds  byOwner
	local []int32 // by variable: its index in the problem that is being made, -1 outside
}

// byOwner lists indices by player: those of player p are list[start[p]:start[p+1]].
type byOwner struct {
	start []int
	list  []int32
}

func (b *byOwner) of(p int) []int32 { return b.list[b.start[p]:b.start[p+1]] }

// group sorts the indices 0..n-1 by owner; a negative owner leaves an index out.
func group(players, n int, owner func(i int) int) byOwner {
	b := byOwner{start: make([]int, players+1)}
	for i := 0; i < n; i++ {
		if p := owner(i); p >= 0 {
			b.start[p+1]++
		}
	}
	for p := 0; p < players; p++ {
		b.start[p+1] += b.start[p]
	}
	b.list = make([]int32, b.start[players])
	next := append([]int(nil), b.start[:players]...)
	for i := 0; i < n; i++ {
		if p := owner(i); p >= 0 {
			b.list[next[p]] = int32(i)
			next[p]++
		}
	}
	return b
}

// FollowerProblems prepares the making of follower problems; m must not change while it is in use.
func (m *Model) FollowerProblems() *FollowerProblems {
	players := m.NumPlayers()
	f := &FollowerProblems{m: m}
	f.vars = group(players, m.NumVars(), func(j int) int {
		if _, dual := m.DualOf(j); dual {
			return -1
		}
		return m.VarOwner(j)
	})
	f.rows = group(players, m.NumRows(), m.RowOwner)
	f.sos = group(players, len(m.sos), func(k int) int { return m.sos[k].Owner })
	f.inds = group(players, len(m.inds), func(k int) int { return m.RowOwner(m.inds[k].Row) })
	f.local = make([]int32, m.NumVars())
	for j := range f.local {
		f.local[j] = -1
	}
	return f
}

// Vars lists the variables that player p decides, ascending; those that stand for shadow prices are not among them.
func (f *FollowerProblems) Vars(p int) []int32 { return f.vars.of(p) }

// Rows lists the constraints of player p, ascending.
func (f *FollowerProblems) Rows(p int) []int32 { return f.rows.of(p) }

// FollowerProblem returns the problem of follower p at x. To make many, use FollowerProblems.
func (m *Model) FollowerProblem(p int, x []float64) (*FollowerProblem, error) {
	return m.FollowerProblems().At(p, x)
}

// At returns the problem of follower p at x, of which the entries of the follower's own variables are not read. Errors are of type
// *BuildError: a p that is no follower, an x of another length, a value that is not finite where the problem needs it.
func (f *FollowerProblems) At(p int, x []float64) (*FollowerProblem, error) {
	m := f.m
	switch {
	case p < 1 || p >= m.NumPlayers():
		return nil, &BuildError{Where: m.Name, Problem: fmt.Sprintf("there is no follower %d", p), Remedy: fmt.Sprintf("followers are numbered 1 to %d", m.NumFollowers())}
	case len(x) != m.NumVars():
		return nil, &BuildError{Where: m.Name, Problem: fmt.Sprintf("a point with %d entries for %d variables", len(x), m.NumVars()), Remedy: "give one value a variable"}
	}
	out := &FollowerProblem{Player: p, Vars: f.vars.of(p), Rows: f.rows.of(p), Model: New(m.players[p].name)}
	for k, j := range out.Vars {
		f.local[j] = int32(k)
	}
	defer func() {
		for _, j := range out.Vars {
			f.local[j] = -1
		}
	}()
	f.copyVars(out)
	fix := &fixing{to: out.Model, from: m, local: f.local, x: x, acc: out.Model.Accumulator()}
	f.copyRows(out, fix)
	f.copyIndicators(out, x)
	if err := f.copySets(out); err != nil {
		return nil, err
	}
	if o := m.players[p].objective; o.Set {
		out.Model.Leader().SetObjective(Objective{Name: o.Name, Sense: o.Sense, F: fix.function(o.F)})
	}
	if err := out.Model.Err(); err != nil {
		return nil, &BuildError{Where: "follower " + m.players[p].name, Problem: "its problem cannot be written at this point: " + err.Error(), Remedy: "give finite values", Err: ErrNotFinite}
	}
	return out, nil
}

// copyVars adds the follower's variables with bounds, kinds, wishes and names: a block of names for each run in a block of the original.
func (f *FollowerProblems) copyVars(out *FollowerProblem) {
	to, from := out.Model, f.m
	n := len(out.Vars)
	v := &to.vars
	v.lo, v.hi, v.start = make([]float64, n), make([]float64, n), fill(nil, n, math.NaN())
	v.kind, v.owner = make([]Kind, n), make([]int32, n)
	for k, j := range out.Vars {
		v.lo[k], v.hi[k], v.kind[k] = from.vars.lo[j], from.vars.hi[j], from.vars.kind[j]
	}
	v.names.addRuns(&from.vars.names, out.Vars)
}

// addRuns names members 0, 1, ... as the given ascending indices are named in another table.
func (t *names) addRuns(from *names, list []int32) {
	for k := 0; k < len(list); {
		b := from.find(int(list[k]))
		e := k + 1
		for e < len(list) && list[e] == list[e-1]+1 && b != nil && list[e] < b.start+b.n {
			e++
		}
		if b == nil {
			t.add(k, e-k, "", nil)
		} else if shift := int(list[k] - b.start); b.sub == nil || shift == 0 {
			t.add(k, e-k, b.base, b.sub)
		} else {
			sub := b.sub
			t.add(k, e-k, b.base, func(i int) string { return sub(i + shift) })
		}
		k = e
	}
}

func (f *FollowerProblems) copyRows(out *FollowerProblem, fix *fixing) {
	to, from := out.Model, f.m
	to.StartRows(0, "", nil, len(out.Rows))
	to.rows.names = names{}
	to.rows.names.addRuns(&from.rows.names, out.Rows)
	for k, r := range out.Rows {
		lo, hi := from.RowBounds(int(r))
		if from.RowIsAffine(int(r)) && from.rows.shift[r] == 0 {
			fix.affineRow(k, int(r), lo, hi)
			continue
		}
		to.SetRow(k, fix.function(from.RowFunction(int(r))), lo, hi)
	}
}

// copyIndicators makes rows conditional as they were; a condition on a binary variable of another player is decided now.
func (f *FollowerProblems) copyIndicators(out *FollowerProblem, x []float64) {
	list := f.inds.of(out.Player)
	if len(list) == 0 {
		return
	}
	local := make(map[int]int, len(out.Rows))
	for k, r := range out.Rows {
		local[int(r)] = k
	}
	for _, i := range list {
		ind := f.m.inds[i]
		r := local[ind.Row]
		if b := f.local[ind.Binary]; b >= 0 {
			out.Model.AddIndicator(Indicator{Row: r, Binary: int(b), When: ind.When})
		} else if (x[ind.Binary] >= 0.5) != ind.When {
			out.Model.rows.lo[r], out.Model.rows.hi[r] = math.Inf(-1), math.Inf(1)
		}
	}
}

// copySets adds the follower's SOS1 sets, which must be sets of its own variables.
func (f *FollowerProblems) copySets(out *FollowerProblem) error {
	for _, i := range f.sos.of(out.Player) {
		s := f.m.sos[i]
		c := SOS1{Name: s.Name, Weights: s.Weights, Vars: make([]int32, len(s.Vars))}
		for k, j := range s.Vars {
			if c.Vars[k] = f.local[j]; c.Vars[k] < 0 {
				return &BuildError{Where: s.Name, Problem: fmt.Sprintf("the set of follower %s contains %s, which is not its own", f.m.players[out.Player].name, f.m.VarName(int(j))),
					Remedy: "make it a set of one player's variables", Err: ErrScope}
			}
		}
		out.Model.AddSOS1(c)
	}
	return nil
}

// fixing replaces variables by their values.
type fixing struct {
	to, from *Model
	local    []int32
	x        []float64
	acc      *Accumulator
	sizes    map[int32]float64 // of the function at hand, by variable: sum of the absolute coefficients
}

// affineRow writes constraint r as constraint k. The order of the variables is kept, so that nothing has to be sorted.
func (f *fixing) affineRow(k, r int, lo, hi float64) {
	idx, val := f.from.RowAffine(r)
	n, c, size := 0, 0.0, 0.0
	for i, j := range idx {
		if f.local[j] >= 0 {
			n++
		} else {
			c += val[i] * f.x[j]
			size += math.Abs(val[i] * f.x[j])
		}
	}
	if math.IsNaN(c) || math.IsInf(c, 0) {
		f.to.fail(f.from.RowName(r), "give finite values", ErrNotFinite, "its constant is %s", num(c))
		return
	}
	if math.IsInf(lo, -1) && math.IsInf(hi, 1) && c != 0 {
		f.to.rows.shift = setShift(f.to.rows.shift, k, c)
	}
	vars, coefs := f.to.FillRow(k, n, difference(lo, c, size), difference(hi, c, size))
	n = 0
	for i, j := range idx {
		if l := f.local[j]; l >= 0 {
			vars[n], coefs[n] = l, val[i]
			n++
		}
	}
}

// cancelTol is the part of its terms up to which a sum is a rounding error: a price that cancels a cost leaves nothing, and a bound that a
// decision meets is met.
const cancelTol = 1e-13

// difference is a - b, zero where that is a rounding error of terms of the given size.
func difference(a, b, size float64) float64 {
	d := a - b
	if !math.IsInf(a, 0) && math.Abs(d) <= cancelTol*(math.Abs(a)+size) {
		return 0
	}
	return d
}

func setShift(shift map[int32]float64, k int, c float64) map[int32]float64 {
	if shift == nil {
		shift = map[int32]float64{}
	}
	shift[int32(k)] = c
	return shift
}

// function returns a function of the original model as one of the follower's problem.
func (f *fixing) function(g Function) Function {
	a := f.acc
	a.Reset()
	a.AddConst(g.Const)
	f.sizes = map[int32]float64{}
	for i, j := range g.Vars {
		f.term(g.Coefs[i], j)
	}
	for _, q := range g.Quad {
		switch i, j := f.local[q.I], f.local[q.J]; {
		case i >= 0 && j >= 0:
			a.AddProduct(q.Coef, int(i), int(j))
		case i >= 0:
			f.own(q.Coef*f.x[q.J], i)
		default:
			f.term(q.Coef*f.x[q.I], q.J)
		}
	}
	if g.Nonlinear != 0 {
		a.AddFunction(1, f.to.FromNode(f.node(g.Nonlinear)))
	}
	return f.cancel(a.Function())
}

// cancel drops the coefficients that are rounding errors of the terms that they are sums of.
func (f *fixing) cancel(g Function) Function {
	w := 0
	for i, j := range g.Vars {
		if math.Abs(g.Coefs[i]) > cancelTol*f.sizes[j] {
			g.Vars[w], g.Coefs[w] = j, g.Coefs[i]
			w++
		}
	}
	g.Vars, g.Coefs = g.Vars[:w], g.Coefs[:w]
	return g
}

// own adds a term in one of the follower's variables.
func (f *fixing) own(c float64, l int32) {
	f.acc.AddTerm(c, int(l))
	f.sizes[l] += math.Abs(c)
}

func (f *fixing) term(c float64, j int32) {
	if l := f.local[j]; l >= 0 {
		f.own(c, l)
	} else {
		f.acc.AddConst(c * f.x[j])
	}
}

// node copies a node into the follower's problem: other players' variables pass through indices beyond its own and become constants.
func (f *fixing) node(n expr.Node) expr.Node {
	own := len(f.to.vars.lo)
	d := f.to.dag
	var others []int
	n = d.Import(f.from.dag, n, func(j int) int {
		if l := f.local[j]; l >= 0 {
			return int(l)
		}
		others = append(others, j)
		return own + len(others) - 1
	})
	return d.Substitute(n, func(v int) (expr.Node, bool) {
		if v < own {
			return 0, false
		}
		return d.Const(f.x[others[v-own]]), true
	})
}
