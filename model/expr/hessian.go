package expr

// HessianPattern returns the places of the entries of the lower triangle that may be
// nonzero: model's variables, rows[k] >= cols[k], sorted by row, then column. They
// are views that must not be modified.
func (t *Tape) HessianPattern() (rows, cols []int32) { return t.hess.rows, t.hess.cols }

// Hessian stores the lower triangle of sum_k w[k] * Hessian of root k at x in vals,
// one value for each entry of [Tape.HessianPattern].
func (t *Tape) Hessian(ws *Workspace, x, w, vals []float64) {
	p := t.hess
	t.check("w", len(w), len(t.roots))
	t.check("vals", len(vals), len(p.rows))
	t.forward(ws, x)
	h, adj := ws.second, ws.adj
	clear(h)
	for k, slot := range t.roots {
		adj[slot] += w[k]
	}
	if len(p.elements) > 0 {
		t.sweepElements(ws, h)
	}
	t.eliminate(ws.v, adj, h)
	clear(adj)
	copy(vals, h[:len(p.rows)])
}

// sweepElements leaves the adjoints of the elements that are not swept. The
// adjoints of swept ones are taken off first, because the sweeps need a clean array.
func (t *Tape) sweepElements(ws *Workspace, h []float64) {
	p, adj := t.hess, ws.adj
	t.reverse(ws.v, adj, p.affine)
	for s := range t.vars {
		adj[s] = 0
	}
	weights := ws.local.weights
	for k := range p.elements {
		el := &p.elements[k]
		for j, s := range el.seeds {
			weights[el.weight+j] = adj[s]
			adj[s] = 0
		}
	}
	for k, s := range p.rest {
		ws.local.rest[k] = adj[s]
		adj[s] = 0
	}
	for k := range p.elements {
		t.sweepElement(ws, &p.elements[k], h)
	}
	for k, s := range p.rest {
		adj[s] = ws.local.rest[k]
	}
}

// eliminate runs the steps of the plan: adj and h hold adjoints and edges.
func (t *Tape) eliminate(v, adj, h []float64) {
	p := t.hess
	for k := range p.steps {
		s := &p.steps[k]
		in := &t.code[s.instr]
		w := adj[in.dst]
		if in.op.isAffine() {
			if w != 0 {
				t.affineAdjoint(in, w, adj)
			}
			for _, q := range p.linear[s.from:s.to] {
				h[q.dst] += q.coef * h[q.src]
			}
			continue
		}
		own := 0.0
		if s.self >= 0 {
			own = h[s.self]
		}
		pushes := p.pushes[s.from:s.to]
		if w == 0 && own == 0 && allZero(pushes, h) {
			continue // a branch not taken, where derivatives may be NaN
		}
		switch in.op {
		case codeSquare:
			da := 2 * v[in.a]
			adj[in.a] += w * da
			h[s.aa] += 2*w + own*da*da
			for _, q := range pushes {
				d := da
				if q.kind == 2 {
					d += da
				}
				h[q.dst] += d * h[q.src]
			}
			continue
		case code(OpMul):
			if s.self < 0 && len(pushes) == 0 {
				adj[in.a] += w * v[in.b]
				adj[in.b] += w * v[in.a]
				if s.ab >= 0 {
					h[s.ab] += w
				}
				continue
			}
		}
		da, db, daa, dab, dbb := in.both(v)
		if w != 0 {
			if da != 0 {
				adj[in.a] += w * da
			}
			if db != 0 {
				adj[in.b] += w * db
			}
			if s.aa >= 0 && daa != 0 {
				h[s.aa] += w * daa
			}
			if s.ab >= 0 && dab != 0 {
				h[s.ab] += w * dab
			}
			if s.bb >= 0 && dbb != 0 {
				h[s.bb] += w * dbb
			}
		}
		if own != 0 {
			if s.aa >= 0 && da != 0 {
				h[s.aa] += own * da * da
			}
			if s.ab >= 0 && da != 0 && db != 0 {
				h[s.ab] += own * da * db
			}
			if s.bb >= 0 && db != 0 {
				h[s.bb] += own * db * db
			}
		}
		factor := [4]float64{da, db, 2 * da, 2 * db}
		for _, q := range pushes {
			if f, e := factor[q.kind&3], h[q.src]; f != 0 && e != 0 {
				h[q.dst] += f * e
			}
		}
	}
}

func allZero(pushes []push, h []float64) bool {
	for _, q := range pushes {
		if h[q.src] != 0 {
			return false
		}
	}
	return true
}

// affineAdjoint propagates the adjoint w of an affine instruction.
func (t *Tape) affineAdjoint(in *instr, w float64, adj []float64) {
	switch in.op {
	case codeAdd:
		adj[in.a] += w
		adj[in.b] += w
	case codeSub:
		adj[in.a] += w
		adj[in.b] -= w
	case codeShift:
		adj[in.a] += w * in.k2
	case codeLinear2:
		adj[in.a] += w * in.k2
		adj[in.b] += w * in.k3
	case codeSum:
		for _, term := range t.terms[in.a:in.b] {
			adj[term.slot] += w * term.coef
		}
	}
}
