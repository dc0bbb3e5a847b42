package expr

import (
	"cmp"
	"math"
	"slices"
)

// factor is base^exp in an OpMul under construction; node is that power if it
// exists already.
type factor struct {
	base, node Node
	exp        float64
}

// Mul returns a*b.
func (d *DAG) Mul(a, b Node) Node { return d.Product(a, b) }

// Product returns the product of args, 1 if there are none. Constant factors are
// hoisted to a coefficient, short nested products flattened, and equal factors
// with positive integer exponents merged: x*x is x^2. A constant factor 0 gives 0.
func (d *DAG) Product(args ...Node) Node {
	coef := 1.0
	factors := d.factors[:0]
	for _, a := range args {
		if v, ok := d.IsConst(a); ok {
			coef *= v
			continue
		}
		c, base := d.scaled(a)
		coef *= c
		if k, inverse := d.overConst(base); k != 1 {
			coef *= k
			base = inverse
		}
		if r := &d.nodes[base]; r.op == OpMul && r.num <= flattenLimit {
			for _, f := range d.Args(base) {
				factors = append(factors, d.factorOf(f))
			}
		} else {
			factors = append(factors, d.factorOf(base))
		}
	}
	d.factors = factors
	if coef == 0 {
		return 0
	}
	slices.SortFunc(factors, func(a, b factor) int { return cmp.Compare(a.base, b.base) })
	var buf [flattenLimit]Node
	nodes := buf[:0]
	for k := 0; k < len(factors); {
		f := factors[k]
		for k++; k < len(factors) && factors[k].base == f.base; k++ {
			f.exp += factors[k].exp
			f.node = -1
		}
		if f.node < 0 {
			f.node = d.intern(OpPow, 0, 0, []Node{f.base, d.Const(f.exp)}, nil)
		}
		nodes = append(nodes, f.node)
	}
	switch len(nodes) {
	case 0:
		return d.Const(coef)
	case 1:
		return d.Scale(coef, nodes[0])
	}
	slices.Sort(nodes)
	return d.Scale(coef, d.intern(OpMul, 0, 0, nodes, nil))
}

// overConst splits the quotient k/b with a constant k into k and 1/b. Anything else
// gives 1 and itself.
func (d *DAG) overConst(n Node) (k float64, inverse Node) {
	if r := &d.nodes[n]; r.op == OpDiv {
		if k, ok := d.IsConst(d.args[r.arg]); ok && k != 1 && k != 0 {
			return k, d.intern(OpDiv, 0, 0, []Node{d.Const(1), d.args[r.arg+1]}, nil)
		}
	}
	return 1, n
}

// factorOf reads n as a power with a positive integer exponent. Other exponents
// stay inside the base: merging x^2 and x^(-2) would lose the pole.
func (d *DAG) factorOf(n Node) factor {
	if r := &d.nodes[n]; r.op == OpPow {
		if e, ok := d.IsConst(d.args[r.arg+1]); ok && e > 0 && e == math.Trunc(e) {
			return factor{d.args[r.arg], n, e}
		}
	}
	return factor{n, n, 1}
}

// Div returns a/b. Constant factors of a and b are hoisted; x/x stays.
func (d *DAG) Div(a, b Node) Node {
	av, aConst := d.IsConst(a)
	bv, bConst := d.IsConst(b)
	switch {
	case aConst && bConst:
		if q := av / bv; isFinite(q) {
			return d.Const(q)
		}
	case bConst && bv != 0 && isFinite(bv):
		return d.divideBy(a, bv)
	case bConst:
	case a == 0:
		return 0
	default:
		cb, base := d.scaled(b)
		ca, num := d.scaled(a)
		if aConst {
			ca, num = av, d.Const(1)
		}
		coef := ca / cb
		if coef == 0 || !isFinite(coef) {
			break
		}
		if aConst { // 6/(2x) is 3/x, and the sign goes to the front
			num = d.Const(math.Abs(coef))
			coef = math.Copysign(1, coef)
		}
		return d.Scale(coef, d.intern(OpDiv, 0, 0, []Node{num, base}, nil))
	}
	return d.intern(OpDiv, 0, 0, []Node{a, b}, nil)
}

// Pow returns a^b. With a constant exponent, a^0 is 1, a^1 is a, a^0.5 is sqrt(a),
// a^(-1) is 1/a; nested positive integer exponents multiply, and the constant
// factor of a is hoisted out of an integer power.
func (d *DAG) Pow(a, b Node) Node {
	bv, bConst := d.IsConst(b)
	if av, ok := d.IsConst(a); ok {
		if av == 1 {
			return a
		}
		if bConst {
			if p := power(av, bv); isFinite(p) {
				return d.Const(p)
			}
		}
	}
	if !bConst {
		return d.intern(OpPow, 0, 0, []Node{a, b}, nil)
	}
	switch bv {
	case 0:
		return d.Const(1)
	case 1:
		return a
	case 0.5:
		return d.Unary(OpSqrt, a)
	case -1:
		return d.Div(d.Const(1), a)
	}
	if bv != math.Trunc(bv) {
		return d.intern(OpPow, 0, 0, []Node{a, b}, nil)
	}
	if c, base := d.scaled(a); c != 1 {
		if p := power(c, bv); isFinite(p) && p != 0 {
			return d.Scale(p, d.Pow(base, b))
		}
	}
	if f := d.factorOf(a); bv > 0 && f.exp > 1 && !math.IsInf(f.exp*bv, 0) {
		a, b = f.base, d.Const(f.exp*bv)
	}
	return d.intern(OpPow, 0, 0, []Node{a, b}, nil)
}

// Square returns a^2.
func (d *DAG) Square(a Node) Node { return d.Pow(a, d.Const(2)) }

func isFinite(x float64) bool { return x-x == 0 }
