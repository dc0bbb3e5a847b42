package family

import (
	"fmt"
	"math"

	"github.com/gobilevel/bilevel/model"
)

// Rand is a random sparse linear bilevel program with m rows and n variables a level; both levels' rows contain both levels' variables, all
// within [-1000, 1000]. Many draws are infeasible.
func Rand(rows, n int, seed uint64) *model.Model {
	r := NewRandom(seed)
	matrix := func() [][]float64 {
		a := make([][]float64, rows)
		for i := range a {
			a[i] = make([]float64, n)
		}
		for j := 0; j < n; j++ {
			for i := 0; i < rows; i++ {
				if r.Uniform() < 0.5 {
					sign := -1.0
					if r.Uniform() > 0.25 {
						sign = 1
					}
					a[i][j] = sign * (15 + 30*r.Uniform())
				}
			}
		}
		return a
	}
	vector := func(n int, f func() float64) []float64 {
		v := make([]float64, n)
		for i := range v {
			v[i] = f()
		}
		return v
	}
	rhs := func() float64 { return 50 * r.Uniform() }
	sign := func() float64 {
		if r.Uniform() > 0.2 {
			return 1
		}
		return -1
	}
	cost := func() float64 {
		if r.Uniform() < 0.5 {
			return 40 * (r.Uniform() - 0.5)
		}
		return 0
	}
	al, au, bl, bu := matrix(), matrix(), matrix(), matrix()
	rl, ru := vector(rows, rhs), vector(rows, rhs)
	sl, su := vector(rows, sign), vector(rows, sign)
	cl, cu := vector(n, cost), vector(n, cost)
	m := model.New(fmt.Sprintf("RAND (%d,%d) seed %d", rows, n, seed))
	l, f := m.Leader(), m.Follower("follower")
	x, y := l.Vars("x", n, -1000, 1000), f.Vars("y", n, -1000, 1000)
	l.Minimize(model.Dot(cu, x))
	l.ConstrainEach("upper", rows, func(i int) model.Relation { return row(su[i], au[i], x, bu[i], y, ru[i]) })
	f.Minimize(model.Dot(cl, y))
	f.ConstrainEach("lower", rows, func(i int) model.Relation { return row(sl[i], al[i], x, bl[i], y, rl[i]) })
	return m
}

// row is s*(a x + b y) <= s*rhs.
func row(s float64, a []float64, x []model.Var, b []float64, y []model.Var, rhs float64) model.Relation {
	scale := func(v []float64) []float64 {
		out := make([]float64, len(v))
		for i := range v {
			out[i] = s * v[i]
		}
		return out
	}
	return model.Dot(scale(a), x).Plus(model.Dot(scale(b), y)).Between(math.Inf(-1), s*rhs)
}
