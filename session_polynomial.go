package bilevel

import (
	"cmp"
	"math"

	"github.com/gobilevel/bilevel/model"
)

// polynomial is shift + Σ coefs[k] x_vars[k] + Σ_q Coef x_I x_J, of degree two at most. Terms are sorted and not zero.
type polynomial struct {
	shift float64
	vars  []int32
	coefs []float64
	quad  []model.QuadTerm
}

// difference is g - f for two functions with the same nonlinear part.
func difference(f, g model.Function) polynomial {
	d := polynomial{shift: g.Const - f.Const}
	i, k := 0, 0
	for i < len(f.Vars) || k < len(g.Vars) {
		var j int32
		c := 0.0
		switch {
		case k == len(g.Vars) || i < len(f.Vars) && f.Vars[i] < g.Vars[k]:
			j, c = f.Vars[i], -f.Coefs[i]
			i++
		case i == len(f.Vars) || g.Vars[k] < f.Vars[i]:
			j, c = g.Vars[k], g.Coefs[k]
			k++
		default:
			j, c = g.Vars[k], g.Coefs[k]-f.Coefs[i]
			i, k = i+1, k+1
		}
		if c != 0 {
			d.vars, d.coefs = append(d.vars, j), append(d.coefs, c)
		}
	}
	d.quad = quadDifference(f.Quad, g.Quad)
	return d
}

func quadDifference(f, g []model.QuadTerm) (out []model.QuadTerm) {
	for len(f) > 0 || len(g) > 0 {
		var t model.QuadTerm
		order := 0
		switch {
		case len(f) == 0:
			order = 1
		case len(g) == 0:
			order = -1
		default:
			order = cmp.Or(cmp.Compare(f[0].I, g[0].I), cmp.Compare(f[0].J, g[0].J))
		}
		if order >= 0 {
			t = g[0]
			g = g[1:]
		}
		if order <= 0 {
			t = model.QuadTerm{I: f[0].I, J: f[0].J, Coef: t.Coef - f[0].Coef}
			f = f[1:]
		}
		if t.Coef != 0 {
			out = append(out, t)
		}
	}
	return out
}

// extent is the least and the most that each term takes over the bounds of the variables, added up. Variables that the model does not
// have yet have no bounds.
func (p *polynomial) extent(m *model.Model) (least, most float64) {
	bounds := func(j int32) (lo, hi float64) {
		if int(j) < m.NumVars() {
			return m.VarBounds(int(j))
		}
		return math.Inf(-1), math.Inf(1)
	}
	least, most = p.shift, p.shift
	add := func(c, lo, hi float64) {
		if c < 0 {
			lo, hi = hi, lo
		}
		least, most = least+product(c, lo), most+product(c, hi)
	}
	for k, j := range p.vars {
		lo, hi := bounds(j)
		add(p.coefs[k], lo, hi)
	}
	for _, q := range p.quad {
		a, b := bounds(q.I)
		c, d := bounds(q.J)
		lo, hi := min(product(a, c), product(a, d), product(b, c), product(b, d)), max(product(a, c), product(a, d), product(b, c), product(b, d))
		if q.I == q.J {
			lo = max(lo, 0)
		}
		add(q.Coef, lo, hi)
	}
	return least, most
}

// product is a*b, and 0 where one is 0 and the other infinite: the value at the end of a range that is approached from inside.
func product(a, b float64) float64 {
	if a == 0 || b == 0 {
		return 0
	}
	return a * b
}

// between finds t in (0, 1) with t a + (1-t) b constant for the changes of two objectives: the new one then is, but for a constant, the mean
// of the old ones with the weights t and 1-t. Differences as small as rounding makes them count as none.
func between(a, b polynomial) (t float64, ok bool) {
	if len(a.vars) != len(b.vars) || len(a.quad) != len(b.quad) || len(a.vars)+len(a.quad) == 0 {
		return 0, false
	}
	if len(a.vars) > 0 {
		t = weight(a.coefs[0], b.coefs[0])
	} else {
		t = weight(a.quad[0].Coef, b.quad[0].Coef)
	}
	if !(t > 0 && t < 1) {
		return 0, false
	}
	none := func(c, d float64) bool { return math.Abs(t*c+(1-t)*d) <= 1e-14*(math.Abs(c)+math.Abs(d)) }
	for k := range a.vars {
		if a.vars[k] != b.vars[k] || !none(a.coefs[k], b.coefs[k]) {
			return 0, false
		}
	}
	for k, q := range a.quad {
		if r := b.quad[k]; q.I != r.I || q.J != r.J || !none(q.Coef, r.Coef) {
			return 0, false
		}
	}
	return t, true
}

// weight is the t with t a + (1-t) b = 0.
func weight(a, b float64) float64 { return b / (b - a) }
