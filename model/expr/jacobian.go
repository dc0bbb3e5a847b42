package expr

import (
	"slices"
	"sort"
)

// jacobianPlan says how to compute the gradient of each root on its own.
//
// Each root is swept in reverse over the instructions below it. Where roots share
// so much that these sweeps repeat work, the tape is cut at the shared instructions: the
// gradient of a cut is computed once, and the sweeps above treat it as a leaf
// whose gradient is known. If even that is long, because cuts have long gradients
// themselves, every root sweeps the whole tape, skipping zeros.
type jacobianPlan struct {
	cuts, roots []rowPlan
	list        []int32 // instructions of the sweeps
	slots       []int32 // variables of the cuts' rows
	uses        []int32 // cuts used by the sweeps
	cutValues   int     // length of all cuts' rows

	rows, cols []int32
}

// rowPlan is the sweep for one gradient.
type rowPlan struct {
	seed  int32
	whole bool // from and to are a part of Tape.all instead of list
	from  int  // instructions
	to    int
	use   int // cuts at which the sweep stopped
	used  int
	first int // the row: variable slots, and values of a cut
	last  int
}

// Budgets of work, in instructions and entries, as multiples of the tape's length.
const (
	plainBudget = 8
	cutBudget   = 64
)

func planJacobian(t *Tape) *jacobianPlan {
	r := newReach(t)
	size := len(t.all) + 1<<12
	p := r.planRows(nil, plainBudget*size)
	if p == nil {
		p = r.planRows(r.findCuts(), cutBudget*size)
	}
	if p == nil {
		p = r.planWholeRows()
	}
	p.findPattern(t)
	return p
}

func (p *jacobianPlan) findPattern(t *Tape) {
	for k, row := range p.roots {
		for _, s := range p.slots[row.first:row.last] {
			p.rows = append(p.rows, int32(k))
			p.cols = append(p.cols, int32(t.vars[s]))
		}
	}
}

// findCuts marks the slots that are used from two sides: in the disjoint regions
// that the marks divide the tape into, only the entry of a region is used from outside.
func (r *reach) findCuts() []bool {
	t := r.t
	cut := make([]bool, t.slots)
	region := make([]int32, t.slots) // entry slot plus one
	for _, s := range t.roots {
		region[s] = s + 1
	}
	for _, i := range t.all {
		in := &t.code[i]
		own := region[in.dst]
		if cut[in.dst] {
			own = in.dst + 1
		}
		if own == 0 {
			continue
		}
		t.eachArg(in, func(slot int32, _ float64) {
			switch {
			case !r.depends[slot] || t.isVar(slot):
			case region[slot] == 0:
				region[slot] = own
			case region[slot] != own:
				cut[slot] = true
			}
		})
	}
	return cut
}

// planRows plans the sweeps with the given cuts; nil if they exceed the budget.
func (r *reach) planRows(cut []bool, budget int) *jacobianPlan {
	t := r.t
	p := &jacobianPlan{}
	cutOf := make(map[int32]int32) // slot -> index in p.cuts
	add := func(seed int32) (rowPlan, bool) {
		r.from(cut, seed)
		row := rowPlan{seed: seed, from: len(p.list), use: len(p.uses), first: len(p.slots)}
		vars := r.vars
		for _, s := range r.stops {
			c := p.cuts[cutOf[s]]
			p.uses = append(p.uses, cutOf[s])
			budget -= c.last - c.first
			for _, v := range p.slots[c.first:c.last] {
				if r.mark[v] != r.search {
					r.mark[v] = r.search
					vars = append(vars, v)
				}
			}
		}
		slices.Sort(vars)
		p.slots = append(p.slots, vars...)
		r.vars = vars
		// One root alone often needs everything below it, which is stored already.
		if tail := t.tail(seed); len(tail) == len(r.instrs) {
			row.whole, row.from = true, len(t.all)-len(tail)
			row.to = len(t.all)
		} else {
			p.list = append(p.list, r.instrs...)
			row.to = len(p.list)
		}
		row.used, row.last = len(p.uses), len(p.slots)
		budget -= len(r.instrs)
		return row, budget >= 0
	}
	for s, isCut := range cut {
		if isCut {
			row, ok := add(int32(s))
			if !ok {
				return nil
			}
			cutOf[int32(s)] = int32(len(p.cuts))
			p.cuts = append(p.cuts, row)
		}
	}
	p.cutValues = len(p.slots)
	for _, s := range t.roots {
		row, ok := add(s)
		if !ok {
			return nil
		}
		p.roots = append(p.roots, row)
	}
	return p
}

// planWholeRows sweeps for each root everything up to it.
func (r *reach) planWholeRows() *jacobianPlan {
	t := r.t
	p := &jacobianPlan{}
	for _, s := range t.roots {
		r.from(nil, s)
		tail := t.tail(s)
		row := rowPlan{seed: s, whole: true, from: len(t.all) - len(tail), to: len(t.all), first: len(p.slots)}
		p.slots = append(p.slots, r.vars...)
		row.last = len(p.slots)
		p.roots = append(p.roots, row)
	}
	return p
}

// tail returns the instructions of all that are not behind slot.
func (t *Tape) tail(slot int32) []int32 {
	k := sort.Search(len(t.all), func(k int) bool { return t.all[k] <= slot-t.base })
	return t.all[k:]
}

// JacobianPattern returns the places of the entries that may be nonzero: rows are
// roots, cols the model's variables, sorted by row, then column. They are views that
// must not be modified.
func (t *Tape) JacobianPattern() (rows, cols []int32) { return t.jac.rows, t.jac.cols }

// Jacobian stores the derivatives of the roots at x in vals, one for each entry of
// [Tape.JacobianPattern].
func (t *Tape) Jacobian(ws *Workspace, x, vals []float64) {
	p := t.jac
	t.check("vals", len(vals), len(p.cols))
	t.forward(ws, x)
	for k := range p.cuts {
		c := &p.cuts[k]
		t.row(ws, c, ws.rows[c.first:c.last])
	}
	for k := range p.roots {
		r := &p.roots[k]
		t.row(ws, r, vals[r.first-p.cutValues:r.last-p.cutValues])
	}
}

// row computes one gradient.
func (t *Tape) row(ws *Workspace, r *rowPlan, out []float64) {
	p, adj := t.jac, ws.adj
	adj[r.seed] = 1
	if r.whole {
		t.reverse(ws.v, adj, t.all[r.from:r.to])
	} else {
		t.reverse(ws.v, adj, p.list[r.from:r.to])
	}
	for _, u := range p.uses[r.use:r.used] {
		c := &p.cuts[u]
		w := adj[c.seed]
		if w == 0 {
			continue
		}
		adj[c.seed] = 0
		vals := ws.rows[c.first:c.last]
		for j, s := range p.slots[c.first:c.last] {
			adj[s] += w * vals[j]
		}
	}
	for j, s := range p.slots[r.first:r.last] {
		out[j] = adj[s]
		adj[s] = 0
	}
}
