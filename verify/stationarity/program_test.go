package stationarity

import (
	"math/rand/v2"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/smooth"
)

// affine is the program min c'x s.t. L <= A x + b <= U, l <= x <= u, dense.
type affine struct {
	c          []float64
	a          [][]float64
	b          []float64
	lo, hi     []float64
	rlo, rhi   []float64
	rows, cols []int32
}

func (p *affine) pattern() *affine {
	for r := range p.a {
		for j := range p.c {
			p.rows, p.cols = append(p.rows, int32(r)), append(p.cols, int32(j))
		}
	}
	return p
}

func (p *affine) NumVars() int                          { return len(p.c) }
func (p *affine) NumRows() int                          { return len(p.a) }
func (p *affine) Bounds() (lower, upper []float64)      { return p.lo, p.hi }
func (p *affine) RowBounds() (lower, upper []float64)   { return p.rlo, p.rhi }
func (p *affine) JacobianPattern() (rows, cols []int32) { return p.rows, p.cols }
func (p *affine) HessianPattern() (rows, cols []int32)  { return nil, nil }
func (p *affine) Objective(x []float64) float64         { return dot(p.c, x) }
func (p *affine) Gradient(x, g []float64)               { copy(g, p.c) }
func (p *affine) Rows(x, c []float64) {
	for r := range p.a {
		c[r] = dot(p.a[r], x) + p.b[r]
	}
}
func (p *affine) Jacobian(x, vals []float64) {
	for r := range p.a {
		copy(vals[r*len(p.c):], p.a[r])
	}
}
func (p *affine) Hessian(x []float64, sigma float64, lambda, vals []float64) {}
func (p *affine) Clone() smooth.Program                                      { return p }

func (p *affine) SetBounds(j int, lower, upper float64)    { p.lo[j], p.hi[j] = lower, upper }
func (p *affine) SetRowBounds(r int, lower, upper float64) { p.rlo[r], p.rhi[r] = lower, upper }

// small draws an integer, so that vertices meet often and ties are exact.
func small(r *rand.Rand) float64 { return float64(r.IntN(7) - 3) }

// randomMPCC draws an MPCC with a point that satisfies it. near: slacks that are not zero are of this size.
func randomMPCC(r *rand.Rand, n, m, k int, near float64) (*affine, []model.Pair, []float64) {
	p := &affine{c: make([]float64, n), lo: make([]float64, n), hi: make([]float64, n)}
	x := make([]float64, n)
	slack := func() float64 {
		if r.IntN(2) == 0 {
			return 0
		}
		return near * (1 + float64(r.IntN(3)))
	}
	sides := func(v float64, lo, hi *float64) {
		switch r.IntN(6) {
		case 0:
			*lo, *hi = v, v
		case 1:
			*lo, *hi = -inf, v+slack()
		case 2:
			*lo, *hi = v-slack(), v+1+slack()
		case 3:
			*lo, *hi = -inf, inf
		default:
			*lo, *hi = v-slack(), inf
		}
	}
	for j := range x {
		p.c[j], x[j] = small(r), small(r)
		sides(x[j], &p.lo[j], &p.hi[j])
	}
	for range m {
		row := make([]float64, n)
		for j := range row {
			if r.IntN(2) == 0 {
				row[j] = small(r)
			}
		}
		lo, hi := 0.0, 0.0
		p.a, p.b = append(p.a, row), append(p.b, small(r))
		sides(dot(row, x)+p.b[len(p.b)-1], &lo, &hi)
		p.rlo, p.rhi = append(p.rlo, lo), append(p.rhi, hi)
	}
	p.pattern()
	// Members get bounds that put the pair where it holds.
	taken := map[model.Member]bool{}
	member := func() model.Member {
		for {
			s := model.Member{Row: m > 0 && r.IntN(2) == 0}
			if s.Row {
				s.Index = int32(r.IntN(m))
			} else {
				s.Index = int32(r.IntN(n))
			}
			if !taken[s] {
				taken[s] = true
				return s
			}
		}
	}
	value := func(s model.Member) float64 {
		if s.Row {
			return dot(p.a[s.Index], x) + p.b[s.Index]
		}
		return x[s.Index]
	}
	var pairs []model.Pair
	for range min(k, (n+m)/2) {
		a, b := member(), member()
		if r.IntN(3) == 0 {
			pairs = append(pairs, randomMixed(r, p, a, b, value, slack))
			continue
		}
		sa, sb := slack(), slack()
		if sa > 0 && sb > 0 {
			sa = 0
		}
		for i, s := range [2]*model.Member{&a, &b} {
			v, d := value(*s), [2]float64{sa, sb}[i]
			if s.Side = model.Side(r.IntN(2)); s.Side == model.AtLower {
				setBounds(p, *s, [2]float64{v - d, v + 1 + slack()})
			} else {
				setBounds(p, *s, [2]float64{-inf, v + d})
			}
		}
		pairs = append(pairs, model.Pair{A: a, B: b})
	}
	return p, pairs, x
}

// randomMixed makes a mixed pair that holds: the value of b, a row's or variable's, is moved by the row's constant or left where it is zero.
func randomMixed(r *rand.Rand, p *affine, a, b model.Member, value func(model.Member) float64, slack func() float64) model.Pair {
	a.Side, b.Side = model.Range, model.Value
	v, w := value(a), value(b)
	if b.Row {
		shift := slack() * float64(r.IntN(3)-1)
		p.b[b.Index] += shift - w
		w = shift
		setBounds(p, b, [2]float64{-inf, inf})
	}
	switch {
	case r.IntN(6) == 0:
		setBounds(p, a, [2]float64{v, v})
	case w > 0:
		setBounds(p, a, [2]float64{v, v + 1 + slack()})
	case w < 0:
		setBounds(p, a, [2]float64{v - 1 - slack(), v})
	default:
		setBounds(p, a, [2]float64{v - slack(), v + slack()})
	}
	return model.Pair{A: a, B: b}
}
