package bilevelglobal

import (
	"math"
	"math/big"
	"slices"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/expr"
)

// square is coef (shift + Σ coefs vars)².
type square struct {
	coef, shift float64
	coefs       []float64
	vars        []int32
}

// squared is a function as a node in which its quadratic part stands as squares: q x² + c x as q (x + c/2q)² - c²/4q, and a form with products that is
// convex or concave as a sum of squares of affine functions. The interval of a square over an unbounded box has one finite end, and its tangents bound
// it as well as a linear function can.
//
// What rounding leaves between the squares and the function is computed exactly, and stays as terms of its own unless it is tiny over the whole box. off
// bounds how far the node is from the function at any point of the box.
func (p *problem) squared(f model.Function) (node expr.Node, off float64) {
	d := p.work.DAG()
	linear := map[int32]float64{}
	for k, j := range f.Vars {
		linear[j] += f.Coefs[k]
	}
	var list []square
	quad := f.Quad
	for _, sign := range []float64{1, -1} {
		if products(quad) && p.work.Definiteness(quad, nil, sign) == model.PSD {
			list = completed(quad, linear)
			if p.endless(remainder(f, list), quad) {
				other := completed(reserved(quad), linear)
				other = append(other, covered(remainder(f, other), sign)...)
				if !p.endless(remainder(f, other), quad) {
					list = other
				}
			}
			quad = nil
		}
	}
	for _, q := range quad {
		if q.I != q.J {
			continue
		}
		c, h := linear[q.I], shiftOf(linear[q.I], q.Coef)
		most := q.Coef
		if h != 0 && isInfinite(p.box[q.I]) && math.FMA(-2*most, h, c) != 0 { // as in covered
			most -= q.Coef * 0x1p-36
			list = append(list, square{q.Coef - most, shiftOf(math.FMA(-2*most, h, c), q.Coef-most), []float64{1}, []int32{q.I}})
		}
		list = append(list, square{most, h, []float64{1}, []int32{q.I}})
	}
	var coefs []float64
	var args []expr.Node
	for _, s := range list {
		arg := d.Var(int(s.vars[0]))
		if s.shift != 0 || len(s.vars) > 1 || s.coefs[0] != 1 {
			arg = d.Linear(s.shift, s.coefs, variables(d, s.vars))
		}
		coefs, args = append(coefs, s.coef), append(args, d.Square(arg))
	}
	rest := remainder(f, list)
	for _, t := range rest.terms {
		v, _ := t.value.Float64()
		size := p.reach(t, v)
		if math.Abs(v) <= tinyPart*t.scale && off+size <= tinySum {
			off += size
			continue
		}
		switch {
		case v == 0, math.IsInf(size, 1) && math.Abs(v) <= tinyPart*tinyPart*t.scale: // rounding of the rounding
		case t.j < 0:
			coefs, args = append(coefs, v), append(args, d.Var(int(t.i)))
		default:
			coefs, args = append(coefs, v), append(args, d.Mul(d.Var(int(t.i)), d.Var(int(t.j))))
		}
	}
	if f.Nonlinear != 0 {
		coefs, args = append(coefs, 1), append(args, f.Nonlinear)
	}
	c, exact := rest.constant.Float64()
	if !exact {
		off += 0x1p-52 * math.Abs(c)
	}
	if f.Nonlinear != 0 && c != f.Const { // the constant of a sum inside is folded with it
		off += 0x1p-51 * math.Abs(c)
	}
	return d.Linear(c, coefs, args), off
}

// What is at most tinyPart of the numbers that it is the difference of is due to rounding; it is left out while what is left out adds up to at most tinySum
// over the box.
const (
	tinyPart = 1e-12
	tinySum  = 1e-10
)

// endless reports whether something is left in variables of a form that have no bounds, however little.
func (p *problem) endless(left rest, quad []model.QuadTerm) bool {
	of := map[int32]bool{}
	for _, q := range quad {
		of[q.I], of[q.J] = true, true
	}
	return slices.ContainsFunc(left.terms, func(t leftover) bool {
		v, _ := t.value.Float64()
		return of[t.i] && math.Abs(v) > tinyPart*tinyPart*t.scale && math.IsInf(p.reach(t, v), 1)
	})
}

// reserved takes a tiny part off the squares of a form, see covered.
func reserved(quad []model.QuadTerm) []model.QuadTerm {
	out := slices.Clone(quad)
	for k, q := range out {
		if q.I == q.J {
			out[k].Coef -= q.Coef * 0x1p-36
		}
	}
	return out
}

// covered writes what rounding has left of a form as squares of the same sign, with the part that was reserved: r x y is s |r|/2 ((x ± y)² - x² - y²). Their
// intervals over unbounded boxes have one finite end, as that of the form. Nothing is written of what the reserve does not cover.
func covered(left rest, sign float64) []square {
	diagonal, slope := map[int32]float64{}, map[int32]float64{}
	for _, t := range left.terms {
		v, _ := t.value.Float64()
		switch {
		case t.j < 0:
			slope[t.i] = v
		case t.i == t.j:
			diagonal[t.i] += v
		}
	}
	var out []square
	for _, t := range left.terms {
		v, _ := t.value.Float64()
		if t.j < 0 || t.i == t.j || v == 0 {
			continue
		}
		half := sign * math.Abs(v) / 2
		if !(sign*(diagonal[t.i]-half) > 0 && sign*(diagonal[t.j]-half) > 0) {
			continue
		}
		diagonal[t.i] -= half
		diagonal[t.j] -= half
		out = append(out, square{half, 0, []float64{1, math.Copysign(1, sign*v)}, []int32{t.i, t.j}})
	}
	for _, t := range left.terms {
		if v := diagonal[t.i]; t.i == t.j && sign*v > 0 {
			out = append(out, square{v, shiftOf(slope[t.i], v), []float64{1}, []int32{t.i}})
		}
	}
	return out
}

// reach bounds |v x_i x_j|, or |v x_i|, over the box.
func (p *problem) reach(t leftover, v float64) float64 {
	if v == 0 {
		return 0
	}
	size := math.Abs(v) * p.box[t.i].Magnitude()
	if t.j >= 0 {
		size *= p.box[t.j].Magnitude()
	}
	if math.IsNaN(size) {
		return math.Inf(1)
	}
	return size * (1 + 1e-10)
}

func products(quad []model.QuadTerm) bool {
	return slices.ContainsFunc(quad, func(q model.QuadTerm) bool { return q.I != q.J })
}

func variables(d *expr.DAG, vars []int32) []expr.Node {
	out := make([]expr.Node, len(vars))
	for k, j := range vars {
		out[k] = d.Var(int(j))
	}
	return out
}

// shiftOf is c/2q, by which q x² + c x is a square but for a constant; 0 where the constant would be so large that its rounding matters.
func shiftOf(c, q float64) float64 {
	h := c / (2 * q)
	if !(math.Abs(q*h*h) < 1e6) {
		return 0
	}
	return h
}

// completed takes a definite form apart into squares, the largest diagonal entry first, with the shifts that take care of the linear part as well. What is
// left of the form is little, but need not be nothing.
func completed(quad []model.QuadTerm, linear map[int32]float64) []square {
	place := map[int32]int{}
	var vars []int32
	for _, q := range quad {
		vars = append(vars, q.I, q.J)
	}
	slices.Sort(vars)
	vars = slices.Compact(vars)
	n := len(vars)
	h, c := make([][]float64, n), make([]float64, n)
	for k, j := range vars {
		place[j] = k
		h[k], c[k] = make([]float64, n), linear[j]
	}
	for _, q := range quad {
		i, j := place[q.I], place[q.J]
		h[i][j] += q.Coef / 2
		h[j][i] += q.Coef / 2
	}
	first := make([]float64, n)
	for k := range n {
		first[k] = math.Abs(h[k][k])
	}
	var out []square
	for range n {
		k := -1
		for i := range n {
			if v := math.Abs(h[i][i]); v > tinyPart*first[i] && (k < 0 || v > math.Abs(h[k][k])) {
				k = i
			}
		}
		if k < 0 {
			break
		}
		pivot := h[k][k]
		s := square{coef: pivot, shift: shiftOf(c[k], pivot)}
		row := append([]float64(nil), h[k]...)
		for i := range n {
			if row[i] == 0 || math.IsInf(row[i]/pivot, 0) {
				continue
			}
			s.vars, s.coefs = append(s.vars, vars[i]), append(s.coefs, row[i]/pivot)
			for j := range n {
				h[i][j] -= row[i] * row[j] / pivot
			}
			c[i] -= 2 * row[i] * s.shift
		}
		c[k] = 0
		for i := range n {
			h[i][k], h[k][i] = 0, 0
		}
		out = append(out, s)
	}
	return out
}

// leftover is a term of what squares leave of a function: value x_i x_j, or value x_i where j is negative. scale adds up the sizes that value is
// the difference of.
type leftover struct {
	i, j  int32
	value *big.Rat
	scale float64
}

// rest is what squares leave of a function besides its nonlinear part, exactly.
type rest struct {
	constant *big.Rat
	terms    []leftover
}

// remainder subtracts squares from the polynomial part of a function, without rounding.
func remainder(f model.Function, list []square) rest {
	type key struct{ i, j int32 }
	at := map[key]int{}
	r := rest{constant: rational(f.Const)}
	add := func(i, j int32, v *big.Rat) {
		if j >= 0 && i > j {
			i, j = j, i
		}
		k, ok := at[key{i, j}]
		if !ok {
			k = len(r.terms)
			at[key{i, j}] = k
			r.terms = append(r.terms, leftover{i: i, j: j, value: new(big.Rat)})
		}
		r.terms[k].value.Add(r.terms[k].value, v)
		size, _ := v.Float64()
		r.terms[k].scale += math.Abs(size)
	}
	for k, j := range f.Vars {
		add(j, -1, rational(f.Coefs[k]))
	}
	for _, q := range f.Quad {
		add(q.I, q.J, rational(q.Coef))
	}
	for _, s := range list {
		minus := new(big.Rat).Neg(rational(s.coef))
		shift := rational(s.shift)
		product := func(a, b *big.Rat, times int64) *big.Rat {
			v := new(big.Rat).Mul(minus, a)
			v.Mul(v, b)
			return v.Mul(v, big.NewRat(times, 1))
		}
		r.constant.Add(r.constant, product(shift, shift, 1))
		for a, i := range s.vars {
			ca := rational(s.coefs[a])
			if s.shift != 0 {
				add(i, -1, product(shift, ca, 2))
			}
			add(i, i, product(ca, ca, 1))
			for b := range a {
				add(i, s.vars[b], product(ca, rational(s.coefs[b]), 2))
			}
		}
	}
	return r
}

// rational is a finite number exactly.
func rational(v float64) *big.Rat {
	r := new(big.Rat)
	if r.SetFloat64(v) == nil {
		return new(big.Rat)
	}
	return r
}
