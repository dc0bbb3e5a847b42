package bilevel_test

import (
	"math"
	"math/big"
	"sort"
)

// tieCase is a small problem with integer data: leader's variables x in [0, width], followers' variables y in [0, height] and constraints
// a y + b x <= c (or = c). All followers together are one linear program, for none mentions another's variables.
type tieCase struct {
	integer  []bool // by leader's variable
	width    int64
	height   []int64
	owner    []int // follower of each y, from 0
	rows     []tieRow
	cost     []int64   // of y
	price    [][]int64 // [y][x]: the cost of y has price*x in it
	ofY, ofX []int64   // leader's objective
	kappa    int64     // and kappa times the products of the followers' costs
	coupling []tieRow
	best     *big.Rat // weight of the best answer
	maximise bool
}

type tieRow struct {
	a, b     []int64
	c        int64
	equation bool
}

func rat(v int64) *big.Rat           { return big.NewRat(v, 1) }
func mul(a, b *big.Rat) *big.Rat     { return new(big.Rat).Mul(a, b) }
func add(a, b *big.Rat) *big.Rat     { return new(big.Rat).Add(a, b) }
func minus(a, b *big.Rat) *big.Rat   { return new(big.Rat).Sub(a, b) }
func below(a, b *big.Rat) bool       { return a.Cmp(b) < 0 }
func value(f, x []*big.Rat) *big.Rat { return combine(f, x, rat(1)) }
func zeroes(n int) []*big.Rat        { return repeated(n, rat(0)) }
func repeated(n int, v *big.Rat) (r []*big.Rat) {
	for range n {
		r = append(r, new(big.Rat).Set(v))
	}
	return r
}

// combine is the affine function f (constant last) at x, with the constant times one.
func combine(f, x []*big.Rat, one *big.Rat) *big.Rat {
	v := mul(f[len(f)-1], one)
	for i := range x {
		v = add(v, mul(f[i], x[i]))
	}
	return v
}

// halfspaces are the followers' constraints as a y + b x <= c.
func (c *tieCase) halfspaces() []tieRow {
	var out []tieRow
	for j := range c.height {
		unit := func(v int64) []int64 { a := make([]int64, len(c.height)); a[j] = v; return a }
		none := make([]int64, len(c.integer))
		out = append(out, tieRow{a: unit(-1), b: none}, tieRow{a: unit(1), b: none, c: c.height[j]})
	}
	for _, r := range c.rows {
		out = append(out, tieRow{a: r.a, b: r.b, c: r.c})
		if r.equation {
			neg := func(v []int64) []int64 {
				w := make([]int64, len(v))
				for i := range v {
					w[i] = -v[i]
				}
				return w
			}
			out = append(out, tieRow{a: neg(r.a), b: neg(r.b), c: -r.c})
		}
	}
	return out
}

// invert returns the inverse of a square matrix, nil where it is singular.
func invert(a [][]int64) [][]*big.Rat {
	n := len(a)
	m := make([][]*big.Rat, n)
	for i := range m {
		m[i] = zeroes(2 * n)
		for j := range n {
			m[i][j].SetInt64(a[i][j])
		}
		m[i][n+i].SetInt64(1)
	}
	for k := range n {
		p := k
		for p < n && m[p][k].Sign() == 0 {
			p++
		}
		if p == n {
			return nil
		}
		m[k], m[p] = m[p], m[k]
		d := new(big.Rat).Inv(m[k][k])
		for j := range m[k] {
			m[k][j] = mul(m[k][j], d)
		}
		for i := range n {
			if i == k || m[i][k].Sign() == 0 {
				continue
			}
			f := m[i][k]
			for j := range m[i] {
				m[i][j] = minus(m[i][j], mul(f, m[k][j]))
			}
		}
	}
	out := make([][]*big.Rat, n)
	for i := range out {
		out[i] = m[i][n:]
	}
	return out
}

// vertices are all basic answers as affine functions of x, [vertex][y][x..., constant], with the multipliers of each.
func (c *tieCase) vertices() (list [][][]*big.Rat, duals [][]*big.Rat) {
	h := c.halfspaces()
	n, nx := len(c.height), len(c.integer)
	pick := make([]int, n)
	var choose func(k, from int)
	choose = func(k, from int) {
		if k < n {
			for i := from; i < len(h); i++ {
				pick[k] = i
				choose(k+1, i+1)
			}
			return
		}
		a := make([][]int64, n)
		for i, r := range pick {
			a[i] = h[r].a
		}
		inv := invert(a)
		if inv == nil {
			return
		}
		y := make([][]*big.Rat, n)
		for j := range y {
			y[j] = zeroes(nx + 1)
			for i, r := range pick {
				for k := range nx {
					y[j][k] = minus(y[j][k], mul(inv[j][i], rat(h[r].b[k])))
				}
				y[j][nx] = add(y[j][nx], mul(inv[j][i], rat(h[r].c)))
			}
		}
		list = append(list, y)
		for i := range n { // u_i = -(cost)' inv_i
			u := zeroes(nx + 1)
			for j := range n {
				for k := range nx {
					u[k] = minus(u[k], mul(rat(c.price[j][k]), inv[j][i]))
				}
				u[nx] = minus(u[nx], mul(rat(c.cost[j]), inv[j][i]))
			}
			duals = append(duals, u)
		}
	}
	choose(0, 0)
	return list, duals
}

// tieSearch is the exact enumeration of one case.
type tieSearch struct {
	*tieCase
	h     []tieRow
	verts [][][]*big.Rat
	lines [][]*big.Rat // where the structure of the answers may change: affine functions of x
}

func newTieSearch(c *tieCase) *tieSearch {
	s := &tieSearch{tieCase: c, h: c.halfspaces()}
	var duals [][]*big.Rat
	s.verts, duals = c.vertices()
	nx := len(c.integer)
	seen := map[string]bool{}
	line := func(f []*big.Rat) {
		lead := -1
		for k := range nx {
			if f[k].Sign() != 0 {
				lead = k
				break
			}
		}
		if lead < 0 {
			return
		}
		d := new(big.Rat).Inv(f[lead])
		g, key := make([]*big.Rat, nx+1), ""
		for k := range f {
			g[k] = mul(f[k], d)
			key += g[k].RatString() + " "
		}
		if !seen[key] {
			seen[key] = true
			s.lines = append(s.lines, g)
		}
	}
	for k := range nx {
		for v := int64(0); v <= c.width; v++ {
			f := zeroes(nx + 1)
			f[k].SetInt64(1)
			f[nx].SetInt64(-v)
			if v == 0 || v == c.width || c.integer[k] {
				line(f)
			}
		}
	}
	for _, u := range duals {
		line(u)
	}
	along := func(a, b []int64, c int64, y [][]*big.Rat) []*big.Rat {
		f := zeroes(nx + 1)
		for k := range nx {
			f[k].SetInt64(b[k])
		}
		f[nx].SetInt64(-c)
		for j, v := range a {
			for k := range f {
				f[k] = add(f[k], mul(rat(v), y[j][k]))
			}
		}
		return f
	}
	for i, y := range s.verts {
		for _, r := range s.h {
			line(along(r.a, r.b, r.c, y))
		}
		for _, r := range c.coupling {
			line(along(r.a, r.b, r.c, y))
		}
		for _, z := range s.verts[:i] {
			f := zeroes(nx + 1)
			for j, v := range c.ofY {
				for k := range f {
					f[k] = add(f[k], mul(rat(v), minus(y[j][k], z[j][k])))
				}
			}
			if c.kappa != 0 { // the followers' constraints contain no x: their vertices don't, either
				for j := range y {
					for k := range nx {
						f[k] = add(f[k], mul(rat(c.kappa*c.price[j][k]), minus(y[j][nx], z[j][nx])))
					}
				}
			}
			line(f)
		}
	}
	return s
}

// at is the value of a decision, to be minimised, and whether it has one: the followers have an answer, and all answers keep the
// leader's constraints.
func (s *tieSearch) at(x []*big.Rat) (*big.Rat, bool) {
	for k, v := range x {
		if v.Sign() < 0 || below(rat(s.width), v) || s.integer[k] && !v.IsInt() {
			return nil, false
		}
	}
	var least *big.Rat
	var optimal [][]*big.Rat
	for _, v := range s.verts {
		y := make([]*big.Rat, len(v))
		for j := range y {
			y[j] = value(v[j], x)
		}
		if !s.keeps(s.h, x, y) {
			continue
		}
		f := rat(0)
		for j := range y {
			p := rat(s.cost[j])
			for k := range x {
				p = add(p, mul(rat(s.price[j][k]), x[k]))
			}
			f = add(f, mul(p, y[j]))
		}
		if least == nil || below(f, least) {
			least, optimal = f, nil
		}
		if f.Cmp(least) == 0 {
			optimal = append(optimal, y)
		}
	}
	if least == nil {
		return nil, false
	}
	var lo, hi *big.Rat
	for _, y := range optimal {
		if !s.keeps(s.coupling, x, y) {
			return nil, false
		}
		v := rat(0)
		for k := range x {
			v = add(v, mul(rat(s.ofX[k]), x[k]))
		}
		for j := range y {
			p := rat(s.ofY[j])
			for k := range x {
				p = add(p, mul(rat(s.kappa*s.price[j][k]), x[k]))
			}
			v = add(v, mul(p, y[j]))
		}
		if lo == nil || below(v, lo) {
			lo = v
		}
		if hi == nil || below(hi, v) {
			hi = v
		}
	}
	return add(mul(s.best, lo), mul(minus(rat(1), s.best), hi)), true
}

func (s *tieSearch) keeps(rows []tieRow, x, y []*big.Rat) bool {
	for _, r := range rows {
		v := rat(-r.c)
		for j := range y {
			v = add(v, mul(rat(r.a[j]), y[j]))
		}
		for k := range x {
			v = add(v, mul(rat(r.b[k]), x[k]))
		}
		if v.Sign() > 0 || r.equation && v.Sign() != 0 {
			return false
		}
	}
	return true
}

// infimum is the exact least value and whether a decision has it; nil where no decision has a value. On every face of the arrangement of
// the lines the value is affine or there is none, and the face's closure has a vertex where the infimum over it is approached: each
// vertex and each face around it is looked at.
func (s *tieSearch) infimum() (least *big.Rat, attained bool) {
	see := func(v *big.Rat, has bool) {
		if c := 1; least != nil {
			if c = v.Cmp(least); c > 0 {
				return
			} else if c == 0 {
				attained = attained || has
				return
			}
		}
		least, attained = v, has
	}
	for _, v := range s.corners() {
		if at, ok := s.at(v); ok {
			see(at, true)
		}
		for _, d := range s.directions(v) {
			step := s.step(v, d)
			if step == nil {
				continue
			}
			near, far := mul(step, big.NewRat(1, 3)), mul(step, big.NewRat(2, 3))
			a, ok := s.at(moved(v, d, near))
			b, too := s.at(moved(v, d, far))
			if ok && too {
				limit := minus(add(a, a), b)
				see(limit, limit.Cmp(a) == 0)
			}
		}
	}
	return least, attained
}

func moved(v, d []*big.Rat, t *big.Rat) []*big.Rat {
	out := make([]*big.Rat, len(v))
	for k := range v {
		out[k] = add(v[k], mul(t, d[k]))
	}
	return out
}

// corners are the vertices of the arrangement in the leader's box.
func (s *tieSearch) corners() [][]*big.Rat {
	var out [][]*big.Rat
	seen := map[string]bool{}
	keep := func(x ...*big.Rat) {
		key := ""
		for _, v := range x {
			if v.Sign() < 0 || below(rat(s.width), v) {
				return
			}
			key += v.RatString() + " "
		}
		if !seen[key] {
			seen[key] = true
			out = append(out, x)
		}
	}
	for i, f := range s.lines {
		if len(s.integer) == 1 {
			keep(new(big.Rat).Quo(new(big.Rat).Neg(f[1]), f[0]))
			continue
		}
		for _, g := range s.lines[:i] {
			det := minus(mul(f[0], g[1]), mul(f[1], g[0]))
			if det.Sign() == 0 {
				continue
			}
			keep(new(big.Rat).Quo(minus(mul(f[1], g[2]), mul(f[2], g[1])), det), new(big.Rat).Quo(minus(mul(f[2], g[0]), mul(f[0], g[2])), det))
		}
	}
	return out
}

// snapped is a point as it was meant: at the vertex of the arrangement that it misses by rounding only, where there is one. Beside a tie a
// decision has another value than at it.
func (s *tieSearch) snapped(x []float64) []*big.Rat {
	for _, v := range s.corners() {
		same := true
		for k := range x {
			f, _ := v[k].Float64()
			same = same && math.Abs(f-x[k]) <= 1e-9
		}
		if same {
			return v
		}
	}
	out := make([]*big.Rat, len(x))
	for k := range x {
		out[k] = new(big.Rat).SetFloat64(x[k])
	}
	return out
}

// directions lead from a vertex into each face around it.
func (s *tieSearch) directions(v []*big.Rat) [][]*big.Rat {
	if len(v) == 1 {
		if s.integer[0] {
			return nil
		}
		return [][]*big.Rat{{rat(1)}, {rat(-1)}}
	}
	var rays [][]*big.Rat
	for _, f := range s.lines {
		if value(f, v).Sign() == 0 {
			rays = append(rays, []*big.Rat{f[1], new(big.Rat).Neg(f[0])}, []*big.Rat{new(big.Rat).Neg(f[1]), f[0]})
		}
	}
	angle := func(d []*big.Rat) float64 {
		a, _ := d[0].Float64()
		b, _ := d[1].Float64()
		return math.Atan2(b, a)
	}
	sort.Slice(rays, func(i, j int) bool { return angle(rays[i]) < angle(rays[j]) })
	out := rays
	for i := range rays {
		next := rays[(i+1)%len(rays)]
		out = append(out, []*big.Rat{add(rays[i][0], next[0]), add(rays[i][1], next[1])})
	}
	kept := out[:0:0]
	for _, d := range out {
		if s.integer[0] && d[0].Sign() != 0 || s.integer[1] && d[1].Sign() != 0 {
			continue
		}
		kept = append(kept, d)
	}
	return kept
}

// step is how far one can go before the next line, nil where there is none.
func (s *tieSearch) step(v, d []*big.Rat) *big.Rat {
	var out *big.Rat
	for _, f := range s.lines {
		slope := combine(f, d, rat(0))
		if slope.Sign() == 0 {
			continue
		}
		if t := new(big.Rat).Quo(new(big.Rat).Neg(value(f, v)), slope); t.Sign() > 0 && (out == nil || below(t, out)) {
			out = t
		}
	}
	return out
}
