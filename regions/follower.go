package regions

import (
	"math"

	"github.com/gobilevel/bilevel/model"
)

// entry is a coefficient of a sparse vector.
type entry struct {
	at int
	v  float64
}

// sort of an index of a follower's complementarity problem.
const (
	pair = iota // 0 <= w ⟂ z >= 0
	free        // z free, w = 0: a variable without bounds, or the multiplier of an equation
)

// follower is the parametric linear complementarity problem of one follower,
//
//	w = q + R θ + M z,
//
// with an index for each of its variables that is not fixed and one for each side of a constraint, or of a second bound, that is finite. The z of a
// variable is its distance from a bound, and its w the reduced cost; the z of a side is its multiplier, and its w the slack.
type follower struct {
	name  string
	n     int       // indices
	kind  []int     // by index
	m     [][]entry // rows of M
	q     []float64
	r     [][]float64 // n x k
	slack []model.Member
	dual  []bool // whether z, rather than w, is the multiplier: sides of constraints and second bounds
	vars  []int  // of the model, by index; -1 where the index is no variable
	shift []float64
	sign  []float64   // the variable is shift + sign z
	index map[int]int // of a variable that is not fixed
	span  *rowSpace   // of Q and the equations, in the variables that are not fixed
}

// newFollower writes the problem of player p; at is the number of a parameter by the variable of the model, and fixed are values of the leader's variables
// that cannot move.
func newFollower(m *model.Model, p int, k int, at map[int]int, value func(j int) float64) *follower {
	f := &follower{name: m.Player(p).Name(), index: map[int]int{}}
	add := func(kind int, s model.Member, dual bool, v int, shift, sign float64) int {
		f.kind, f.slack, f.dual, f.vars = append(f.kind, kind), append(f.slack, s), append(f.dual, dual), append(f.vars, v)
		f.shift, f.sign = append(f.shift, shift), append(f.sign, sign)
		f.q, f.r, f.m = append(f.q, 0), append(f.r, make([]float64, k)), append(f.m, nil)
		f.n++
		return f.n - 1
	}
	fixed := map[int]float64{}
	var second []int // variables with two bounds
	for j := range m.NumVars() {
		if _, isDual := m.DualOf(j); m.VarOwner(j) != p || isDual {
			continue
		}
		lo, hi := m.VarBounds(j)
		switch {
		case lo == hi:
			fixed[j] = lo
			continue
		case !math.IsInf(lo, -1):
			f.index[j] = add(pair, model.Member{Side: model.AtLower, Index: int32(j)}, false, j, lo, 1)
			if !math.IsInf(hi, 1) {
				second = append(second, j)
			}
		case !math.IsInf(hi, 1):
			f.index[j] = add(pair, model.Member{Side: model.AtUpper, Index: int32(j)}, false, j, hi, -1)
		default:
			f.index[j] = add(free, model.Member{}, false, j, 0, 1)
		}
	}
	own := len(f.vars)
	// The cost: q and R from its linear terms, M from its quadratic ones.
	o := m.Player(p).Objective()
	sense := o.Sense.Sign()
	cost := sense
	linear := func(j int, c float64) {
		if i, ok := f.index[j]; ok {
			f.q[i] += c * f.sign[i]
		}
	}
	for t, j := range o.F.Vars {
		linear(int(j), cost*o.F.Coefs[t])
	}
	curve := func(i, j int, c float64) { // d/dz_i of c y_i y_j by y_j
		f.m[i] = append(f.m[i], entry{j, c * f.sign[i] * f.sign[j]})
		f.q[i] += c * f.sign[i] * f.shift[j]
	}
	var hessian []quadratic
	for _, t := range o.F.Quad {
		a, b, c := int(t.I), int(t.J), cost*t.Coef
		i, isA := f.index[a]
		j, isB := f.index[b]
		if isA && isB {
			curve(i, j, c)
			curve(j, i, c)
			hessian = append(hessian, quadratic{i, j, c * f.sign[i] * f.sign[j]})
			continue
		}
		for _, s := range [2][2]int{{a, b}, {b, a}} {
			i, is := f.index[s[0]]
			if !is || isA && isB {
				continue
			}
			if th, ok := at[s[1]]; ok {
				f.r[i][th] += c * f.sign[i]
			} else if v, ok := fixed[s[1]]; ok {
				linear(s[0], c*v)
			} else {
				linear(s[0], c*value(s[1]))
			}
		}
	}
	// side adds s = d (a·y + b·θ - e) >= 0, or = 0.
	var equations [][]entry
	side := func(kind int, member model.Member, idx []int32, val []float64, e, d float64) {
		most := 0.0
		for t, j := range idx {
			if _, ok := f.index[int(j)]; ok {
				most = math.Max(most, math.Abs(val[t]))
			}
		}
		if most == 0 {
			most = 1
		}
		d /= most
		i := add(kind, member, true, -1, 0, 1)
		f.q[i] = -d * e
		for t, j := range idx {
			v := d * val[t]
			if c, ok := f.index[int(j)]; ok {
				f.q[i] += v * f.shift[c]
				f.m[i] = append(f.m[i], entry{c, v * f.sign[c]})
				f.m[c] = append(f.m[c], entry{i, -v * f.sign[c]})
			} else if th, ok := at[int(j)]; ok {
				f.r[i][th] += v
			} else if w, ok := fixed[int(j)]; ok {
				f.q[i] += v * w
			} else {
				f.q[i] += v * value(int(j))
			}
		}
		if kind == free {
			equations = append(equations, f.m[i])
		}
	}
	for r := range m.NumRows() {
		if m.RowOwner(r) != p {
			continue
		}
		lo, hi := m.RowBounds(r)
		idx, val := m.RowAffine(r)
		switch {
		case lo == hi:
			side(free, model.Member{}, idx, val, lo, 1)
			continue
		case !math.IsInf(lo, -1):
			side(pair, model.Member{Row: true, Side: model.AtLower, Index: int32(r)}, idx, val, lo, 1)
		}
		if !math.IsInf(hi, 1) {
			side(pair, model.Member{Row: true, Side: model.AtUpper, Index: int32(r)}, idx, val, hi, -1)
		}
	}
	for _, j := range second {
		_, hi := m.VarBounds(j)
		side(pair, model.Member{Side: model.AtUpper, Index: int32(j)}, []int32{int32(j)}, []float64{1}, hi, -1)
	}
	f.span = newRowSpace(own, hessian, equations)
	return f
}

// residual is the largest violation of w = q + Rθ + Mz by columns of w and z, relative to the size of the terms; column 0 belongs to q and the others to θ.
func (f *follower) residual(w, z [][]float64) float64 {
	worst := 0.0
	for i := range f.n {
		for c := range w[i] {
			rhs := f.q[i]
			if c > 0 {
				rhs = f.r[i][c-1]
			}
			size := math.Max(1, math.Abs(rhs))
			for _, e := range f.m[i] {
				t := e.v * z[e.at][c]
				rhs += t
				size = math.Max(size, math.Abs(t))
			}
			size = math.Max(size, math.Abs(w[i][c]))
			worst = math.Max(worst, math.Abs(w[i][c]-rhs)/size)
		}
	}
	return worst
}
