package verify

import (
	"math"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/expr"
)

// squaredNode writes a function for intervals, in which a variable should stand but once: a y² + b y becomes a (y + c)² - a c², c = b/2a. It returns a
// bound on how far the node is from the function at any point, by the rounding of its constant; what the rounding of c leaves of b y is kept as a term.
func squaredNode(m *model.Model, f model.Function) (node expr.Node, off float64) {
	d := m.DAG()
	linear := map[int32]float64{}
	for k, j := range f.Vars {
		linear[j] = f.Coefs[k]
	}
	constant, sum := f.Const, math.Abs(f.Const)
	var coefs []float64
	var args []expr.Node
	add := func(c float64, a expr.Node) {
		if c != 0 {
			coefs, args = append(coefs, c), append(args, a)
		}
	}
	for _, q := range f.Quad {
		if q.I != q.J {
			add(q.Coef, d.Mul(d.Var(int(q.I)), d.Var(int(q.J))))
			continue
		}
		b := linear[q.I]
		c := b / (2 * q.Coef)
		if b == 0 || math.IsInf(c, 0) || math.IsInf(q.Coef*c*c, 0) {
			add(q.Coef, d.Square(d.Var(int(q.I))))
			continue
		}
		add(q.Coef, d.Square(d.Linear(c, []float64{1}, []expr.Node{d.Var(int(q.I))})))
		linear[q.I] = math.FMA(-2*q.Coef, c, b)
		constant -= q.Coef * c * c
		sum += math.Abs(q.Coef * c * c)
	}
	for _, j := range f.Vars {
		add(linear[j], d.Var(int(j)))
	}
	if f.Nonlinear != 0 {
		add(1, factored(d, f.Nonlinear))
	}
	n := float64(len(f.Quad) + 4)
	return d.Linear(constant, coefs, args), 4 * n * epsilon * sum
}

// factored writes the node n with each a v² + b v inside of it as v (b + a v), which is bounded on one side where v is not bounded.
func factored(d *expr.DAG, n expr.Node) expr.Node {
	used := make([]bool, int(n)+1)
	used[n] = true
	for k := int(n); k >= 0; k-- {
		if used[k] {
			for _, a := range d.Args(expr.Node(k)) {
				used[a] = true
			}
		}
	}
	to := make([]expr.Node, int(n)+1)
	var args []expr.Node
	for k := range to {
		if !used[k] {
			continue
		}
		node := expr.Node(k)
		args = args[:0]
		same := true
		for _, a := range d.Args(node) {
			args = append(args, to[a])
			same = same && to[a] == a
		}
		switch op := d.Op(node); {
		case op == expr.OpSum:
			to[k] = factoredSum(d, d.Value(node), append([]float64(nil), d.Coefs(node)...), append([]expr.Node(nil), args...))
		case same:
			to[k] = node
		case op == expr.OpMul:
			to[k] = d.Product(args...)
		case op == expr.OpDiv:
			to[k] = d.Div(args[0], args[1])
		case op == expr.OpPow:
			to[k] = d.Pow(args[0], args[1])
		case op == expr.OpMin:
			to[k] = d.Min(args...)
		case op == expr.OpMax:
			to[k] = d.Max(args...)
		case op == expr.OpIf:
			to[k] = d.If(args[0], args[1], args[2])
		case op == expr.OpNot:
			to[k] = d.Not(args[0])
		case op.IsUnary() && len(args) == 1:
			to[k] = d.Unary(op, args[0])
		case op.IsBinary() && len(args) == 2:
			to[k] = d.Binary(op, args[0], args[1])
		default:
			to[k] = node
		}
	}
	return to[n]
}

func factoredSum(d *expr.DAG, constant float64, coefs []float64, args []expr.Node) expr.Node {
	place := map[expr.Node]int{}
	for k, a := range args {
		place[a] = k
	}
	for k, a := range args {
		if d.Op(a) != expr.OpPow {
			continue
		}
		if p, ok := d.IsConst(d.Args(a)[1]); !ok || p != 2 {
			continue
		}
		v := d.Args(a)[0]
		l, ok := place[v]
		if !ok || coefs[l] == 0 {
			continue
		}
		args[k] = d.Mul(v, d.Linear(coefs[l], []float64{coefs[k]}, []expr.Node{v}))
		coefs[k], coefs[l] = 1, 0
	}
	return d.Linear(constant, coefs, args)
}

// combinationLimit bounds the number of pairs of constraints that are combined.
const combinationLimit = 500

// combinations adds to the constraints those that follow from two affine ones by eliminating a variable that has no finite bounds: together they may
// bound what each alone does not. Their sides are widened by what the rounding of coefficients of the size of the others may change.
//
// Source: one step of Fourier and Motzkin's elimination.
func combinations(t *task, roots []expr.Node, sides []expr.Interval) ([]expr.Node, []expr.Interval) {
	d := t.p.DAG()
	var affine []int
	for r := range t.lo {
		if idx, _ := t.p.RowAffine(r); t.p.RowIsAffine(r) && len(idx) > 1 {
			affine = append(affine, r)
		}
	}
	made := 0
	for j := range t.vlo {
		if !math.IsInf(t.vlo[j], -1) && !math.IsInf(t.vhi[j], 1) {
			continue
		}
		for i, r := range affine {
			a := t.p.RowFunction(r).Coef(j)
			for _, s := range affine[:i] {
				b := t.p.RowFunction(s).Coef(j)
				if a == 0 || b == 0 || made >= combinationLimit {
					continue
				}
				made++
				weights := map[int32]float64{}
				var vars []int32
				for k, row := range [2]int{r, s} {
					factor := b
					if k == 1 {
						factor = -a
					}
					idx, val := t.p.RowAffine(row)
					for l, v := range idx {
						if _, ok := weights[v]; !ok {
							vars = append(vars, v)
						}
						weights[v] += factor * val[l]
					}
				}
				coefs, args := make([]float64, 0, len(vars)), make([]expr.Node, 0, len(vars))
				for _, v := range vars {
					if int(v) != j && weights[v] != 0 {
						coefs, args = append(coefs, weights[v]), append(args, d.Var(int(v)))
					}
				}
				side := expr.Interval{Lo: t.lo[r], Hi: t.hi[r]}.Scale(b).Add(expr.Interval{Lo: t.lo[s], Hi: t.hi[s]}.Scale(-a))
				side.Lo -= 1e-12 * math.Max(1, math.Abs(side.Lo))
				side.Hi += 1e-12 * math.Max(1, math.Abs(side.Hi))
				if len(args) > 0 && (!math.IsInf(side.Lo, -1) || !math.IsInf(side.Hi, 1)) {
					roots, sides = append(roots, d.Linear(0, coefs, args)), append(sides, side)
				}
			}
		}
	}
	return roots, sides
}
