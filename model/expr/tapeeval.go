package expr

import "math"

// Workspace is the memory of a tape's evaluations. One goroutine at a time may use
// it. It remembers the point last evaluated: calls at the same point, bit by bit,
// share one forward sweep.
type Workspace struct {
	t      *Tape
	v      []float64 // slot -> value
	adj    []float64 // slot -> adjoint; zero between calls
	second []float64 // Hessian edges; see hessianPlan
	rows   []float64 // gradients of the Jacobian's cuts; see jacobianPlan
	local  localMemory
	valid  bool // v belongs to the variables stored in it
	boxes  []Interval
}

// NewWorkspace returns a workspace for t.
func (t *Tape) NewWorkspace() *Workspace {
	ws := &Workspace{
		t:   t,
		v:   make([]float64, t.slots),
		adj: make([]float64, t.slots),
	}
	copy(ws.v[len(t.vars):], t.consts)
	if t.jac != nil {
		ws.rows = make([]float64, t.jac.cutValues)
	}
	if t.hess != nil {
		ws.second = make([]float64, t.hess.edges)
		ws.local = t.hess.newLocalMemory(t.slots)
	}
	return ws
}

// Values stores the value of root k at x in out[k]. Entry i of x belongs to the
// model's variable i.
func (t *Tape) Values(ws *Workspace, x, out []float64) {
	t.check("out", len(out), len(t.roots))
	t.forward(ws, x)
	for k, slot := range t.roots {
		out[k] = ws.v[slot]
	}
}

// forward computes all slots at x unless they hold that point already.
func (t *Tape) forward(ws *Workspace, x []float64) {
	if ws.t != t {
		panic("expr: workspace of another tape")
	}
	t.check("the point", len(x), t.width)
	v := ws.v[:t.slots]
	same := ws.valid
	for s, i := range t.vars {
		if xi := x[i]; math.Float64bits(v[s]) != math.Float64bits(xi) {
			v[s] = xi
			same = false
		}
	}
	if same {
		return
	}
	for i := range t.code {
		in := &t.code[i]
		var y float64
		switch in.op {
		case codeAdd:
			y = v[in.a] + v[in.b]
		case codeSub:
			y = v[in.a] - v[in.b]
		case codeShift:
			y = in.k + in.k2*v[in.a]
		case codeLinear2:
			y = in.k + in.k2*v[in.a] + in.k3*v[in.b]
		case codeSum:
			y = in.k
			for _, term := range t.terms[in.a:in.b] {
				y += term.coef * v[term.slot]
			}
		case code(OpMul):
			y = v[in.a] * v[in.b]
		case codeSquare:
			a := v[in.a]
			y = a * a
		case codeCube:
			a := v[in.a]
			y = a * a * a
		case code(OpDiv):
			y = v[in.a] / v[in.b]
		case codePowInt:
			y = powInt(v[in.a], int(in.b))
		case codePowReal:
			y = math.Pow(v[in.a], in.k)
		case codeExpBase:
			y = power(in.k, v[in.a])
		case code(OpExp):
			y = math.Exp(v[in.a])
		case code(OpLog):
			y = math.Log(v[in.a])
		case code(OpSqrt):
			y = math.Sqrt(v[in.a])
		case code(OpSin):
			y = math.Sin(v[in.a])
		case code(OpCos):
			y = math.Cos(v[in.a])
		case code(OpIf):
			if v[in.c] != 0 {
				y = v[in.a]
			} else {
				y = v[in.b]
			}
		case codeRound2:
			y = roundDecimals(v[in.a], v[in.b])
		case codeTrunc2:
			y = truncDecimals(v[in.a], v[in.b])
		default:
			if op := Op(in.op); op.IsUnary() {
				y = unary(op, v[in.a])
			} else {
				y = binary(op, v[in.a], v[in.b])
			}
		}
		v[int(t.base)+i] = y
	}
	ws.valid = true
}

// Gradient adds sum_k w[k] * gradient of root k at x to g, which is indexed like x.
func (t *Tape) Gradient(ws *Workspace, x, w, g []float64) {
	t.check("w", len(w), len(t.roots))
	t.check("g", len(g), t.width)
	t.forward(ws, x)
	adj := ws.adj
	for k, slot := range t.roots {
		adj[slot] += w[k]
	}
	t.reverse(ws.v, adj, t.all)
	for s, i := range t.vars {
		g[i] += adj[s]
	}
	clear(adj)
}

// reverse propagates adjoints through the given instructions, last first, and
// clears those of the instructions. A zero adjoint is not propagated, so that a branch
// not taken does not spread its NaNs.
func (t *Tape) reverse(v, adj []float64, list []int32) {
	adj = adj[:len(v)]
	for _, i := range list {
		in := &t.code[i]
		w := adj[in.dst]
		if w == 0 {
			continue
		}
		adj[in.dst] = 0
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
		case code(OpMul):
			adj[in.a] += w * v[in.b]
			adj[in.b] += w * v[in.a]
		case codeSquare:
			adj[in.a] += w * 2 * v[in.a]
		case codeCube:
			adj[in.a] += w * 3 * v[in.a] * v[in.a]
		case code(OpDiv):
			q := w / v[in.b]
			adj[in.a] += q
			adj[in.b] -= q * v[in.dst]
		case code(OpExp):
			adj[in.a] += w * v[in.dst]
		case code(OpLog):
			adj[in.a] += w / v[in.a]
		case code(OpIf):
			if v[in.c] != 0 {
				adj[in.a] += w
			} else {
				adj[in.b] += w
			}
		default:
			da, db := in.first(v)
			if da != 0 {
				adj[in.a] += w * da
			}
			if db != 0 {
				adj[in.b] += w * db
			}
		}
	}
}
