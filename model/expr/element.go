package expr

import "slices"

// element is a nonlinear term, or a group of them, whose Hessian is computed by
// sweeps of its own.
type element struct {
	seeds    []int32 // the slots of the terms
	weight   int     // where their adjoints start in localMemory.weights
	from, to int     // instructions, last first
	vars     []int32 // variable slots, ascending
	dst      []int32 // places of the lower triangle, by row
}

// Budgets of pushes.
const (
	// jointBudget, for each instruction, lets almost every model through in one go.
	jointBudget = 40
	// An instruction costs about as much in a sweep as sweepFactor pushes, and a
	// sweep as much as sweepOverhead instructions on top.
	sweepFactor   = 4
	sweepOverhead = 64
	// Up to fewVars variables, sweeping everything costs no more than jointBudget.
	fewVars = jointBudget / sweepFactor
	// maxPushes bounds the memory of a plan.
	maxPushes = 1 << 25
)

func planHessian(t *Tape) *hessianPlan {
	r := newReach(t)
	e := newEdgePlanner(t, r.depends)
	if e.run(t.all, jointBudget*len(t.all)+1<<16) {
		e.number(nil)
		return e.p
	}
	return planElements(t, r, e, sweepFactor)
}

// planElements decides for each element between edges and sweeps: edges may take
// factor pushes for each instruction and variable of the element. What is too
// entangled to look at one by one is decided together.
func planElements(t *Tape, r *reach, e *edgePlanner, factor int) *hessianPlan {
	affine, slots := t.elementSlots(r.depends)
	var groups [][]int32
	var edges []int32
	budget := func() int { return min(factor*len(r.vars)*(len(r.instrs)+sweepOverhead), maxPushes) }
	work := jointBudget*len(t.all) + 1<<20
	if len(t.vars) <= fewVars {
		work = 0
	}
	for work > 0 && len(slots) > 0 {
		r.from(nil, slots[0])
		limit := budget()
		e.reset()
		if e.run(r.instrs, limit) {
			edges = append(edges, slots[0])
		} else {
			groups = append(groups, slots[:1])
		}
		work -= len(r.instrs) + limit - max(e.budget, 0)
		slots = slots[1:]
	}
	if len(slots) > 0 {
		r.from(nil, slots...)
		e.reset()
		if e.run(r.instrs, budget()) {
			edges = append(edges, slots...)
		} else {
			groups = append(groups, slots)
		}
	}
	e.reset()
	const unlimited = 1 << 62
	if len(groups) == 0 {
		e.run(t.all, unlimited)
		e.number(nil)
		return e.p
	}
	e.p.affine, e.p.rest = affine, edges
	extra := e.p.addElements(r, groups)
	r.from(nil, edges...)
	e.run(r.instrs, unlimited)
	e.number(extra)
	return e.p
}

// addElements makes one element of each group, and returns their pairs of variables.
func (p *hessianPlan) addElements(r *reach, groups [][]int32) []edge {
	var pairs []edge
	for _, seeds := range groups {
		r.from(nil, seeds...)
		el := element{seeds: seeds, weight: p.seeds, from: len(p.list), vars: slices.Clone(r.vars)}
		p.list = append(p.list, r.instrs...)
		el.to = len(p.list)
		p.seeds += len(seeds)
		p.longest = max(p.longest, len(r.instrs))
		p.elements = append(p.elements, el)
		for j, a := range el.vars {
			for _, b := range el.vars[:j+1] {
				pairs = append(pairs, edge{a, b, 0})
			}
		}
	}
	return pairs
}

// elementSlots returns the affine instructions above the elements, last first, and
// the slots of the elements: the nonlinear instructions that roots are sums of.
func (t *Tape) elementSlots(depends []bool) (affine, slots []int32) {
	reached := make([]bool, t.slots)
	for _, s := range t.roots {
		reached[s] = true
	}
	for _, i := range t.all {
		in := &t.code[i]
		switch {
		case !reached[in.dst]:
		case in.op.isAffine():
			affine = append(affine, i)
			t.eachArg(in, func(slot int32, _ float64) { reached[slot] = reached[slot] || depends[slot] })
		default:
			slots = append(slots, in.dst)
		}
	}
	return affine, slots
}

// place finds the pattern's entries that belong to each element.
func (p *hessianPlan) place(pattern []edge) {
	for k := range p.elements {
		el := &p.elements[k]
		for j, a := range el.vars {
			for _, b := range el.vars[:j+1] {
				at, _ := slices.BinarySearchFunc(pattern, edge{a, b, 0}, func(x, y edge) int {
					if x.high != y.high {
						return int(x.high - y.high)
					}
					return int(x.low - y.low)
				})
				el.dst = append(el.dst, int32(at))
			}
		}
	}
}

// derivatives are those of one instruction with two arguments.
type derivatives struct{ da, db, daa, dab, dbb float64 }

// localMemory is what the sweeps of elements need.
type localMemory struct {
	derivs []derivatives
	dot    []float64 // slot -> derivative in the direction of the sweep
	adjDot []float64 // slot -> derivative of the adjoint

	weights, rest []float64 // adjoints of the elements that are swept, and of the others
}

func (p *hessianPlan) newLocalMemory(slots int32) localMemory {
	if len(p.elements) == 0 {
		return localMemory{}
	}
	return localMemory{
		derivs: make([]derivatives, p.longest),
		dot:    make([]float64, slots),
		adjDot: make([]float64, slots),

		weights: make([]float64, p.seeds),
		rest:    make([]float64, len(p.rest)),
	}
}

// sweepElement adds the weighted Hessian of an element to h.
func (t *Tape) sweepElement(ws *Workspace, el *element, h []float64) {
	v, adj := ws.v, ws.adj
	list := t.hess.list[el.from:el.to]
	m := &ws.local
	for k, slot := range el.seeds {
		adj[slot] = m.weights[el.weight+k]
	}
	for k, i := range list {
		in := &t.code[i]
		d := &m.derivs[k]
		if in.op == codeSum {
			for _, term := range t.terms[in.a:in.b] {
				adj[term.slot] += adj[in.dst] * term.coef
			}
			continue
		}
		*d = derivatives{}
		switch in.op {
		case codeAdd:
			d.da, d.db = 1, 1
		case codeSub:
			d.da, d.db = 1, -1
		case codeShift:
			d.da = in.k2
		case codeLinear2:
			d.da, d.db = in.k2, in.k3
		default:
			d.da, d.db, d.daa, d.dab, d.dbb = in.both(v)
		}
		w := adj[in.dst]
		if w == 0 {
			continue // nothing below sees this instruction: its NaNs must not spread
		}
		if d.da != 0 {
			adj[in.a] += w * d.da
		}
		if d.db != 0 {
			adj[in.b] += w * d.db
		}
	}
	for j := range el.vars {
		t.direct(m, adj, list, el, j)
		for k := j; k < len(el.vars); k++ { // column j of the lower triangle
			h[el.dst[k*(k+1)/2+j]] += m.adjDot[el.vars[k]]
		}
		for _, s := range el.vars {
			m.adjDot[s] = 0
		}
	}
	for _, i := range list {
		adj[t.code[i].dst] = 0
	}
	for _, s := range el.vars {
		adj[s] = 0
	}
}

// direct leaves in adjDot the derivatives of the adjoints of el's variables with
// respect to the variable at j.
func (t *Tape) direct(m *localMemory, adj []float64, list []int32, el *element, j int) {
	dot, adjDot := m.dot, m.adjDot
	dot[el.vars[j]] = 1
	for k := len(list) - 1; k >= 0; k-- {
		in := &t.code[list[k]]
		y := 0.0
		if in.op == codeSum {
			for _, term := range t.terms[in.a:in.b] {
				y += term.coef * dot[term.slot]
			}
		} else {
			d := &m.derivs[k]
			if xa := dot[in.a]; xa != 0 && d.da != 0 {
				y = d.da * xa
			}
			if d.db != 0 {
				if xb := dot[in.b]; xb != 0 {
					y += d.db * xb
				}
			}
		}
		dot[in.dst] = y
		adjDot[in.dst] = 0
	}
	for k, i := range list {
		in := &t.code[i]
		wDot := adjDot[in.dst]
		if in.op == codeSum {
			for _, term := range t.terms[in.a:in.b] {
				adjDot[term.slot] += wDot * term.coef
			}
			continue
		}
		d, w := &m.derivs[k], adj[in.dst]
		if wDot != 0 {
			if d.da != 0 {
				adjDot[in.a] += wDot * d.da
			}
			if d.db != 0 {
				adjDot[in.b] += wDot * d.db
			}
		}
		if w == 0 {
			continue
		}
		// A selection has no second derivative, and the direction of the argument
		// that it leaves out may be NaN: hence a test before each product.
		if d.daa != 0 {
			adjDot[in.a] += w * d.daa * dot[in.a]
		}
		if d.dab != 0 {
			adjDot[in.a] += w * d.dab * dot[in.b]
			adjDot[in.b] += w * d.dab * dot[in.a]
		}
		if d.dbb != 0 {
			adjDot[in.b] += w * d.dbb * dot[in.b]
		}
	}
	dot[el.vars[j]] = 0
}
