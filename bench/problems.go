// Package bench holds the problems and benchmarks by which the cost of building and reformulating large models is measured. The program
// in bench/scale measures time and memory at full size against HiGHS; the benchmarks here tell the cost per constraint and per nonzero.
package bench

import "github.com/gobilevel/bilevel/model"

// PerRow is the number of nonzeros of a constraint of Plain and of a follower's constraint of Bilevel.
const PerRow = 5

// linkedRows is the number of the follower's constraints in Bilevel that contain a variable of the leader.
const linkedRows = 100

// Plain builds, in the way that a user's program does, the linear program of n variables, n constraints and 5n nonzeros
//
//	min c'x  s.t.  A x >= b,  x >= 0
//
// with positive c, A and b, so that it has an optimal point. The columns of a constraint are scattered over all variables and do not
// come in order; coefficients have two or three digits, which a text file writes as briefly as can be. n is at least 5.
func Plain(n int) *model.Model {
	m := model.New("plain")
	x := m.Leader().Vars("x", n, 0, model.Inf)
	m.Leader().Minimize(model.Dot(costs(n), x))
	constrain(m.Leader(), x, nil)
	return m
}

// Bilevel builds the problem of a leader with 10 prices t in [0, 10] and a follower whose problem is that of Plain with a price in its
// first 100 constraints:
//
//	leader:    min Σ t + x_0,   0 <= t <= 10
//	follower:  min c'x  s.t.  A x + t_i >= b (i < 100),  A x >= b (i >= 100),  x >= 0.
func Bilevel(n int) *model.Model {
	m := model.New("bilevel")
	t := m.Leader().Vars("t", 10, 0, 10)
	follower := m.Follower("follower")
	x := follower.Vars("x", n, 0, model.Inf)
	follower.Minimize(model.Dot(costs(n), x))
	constrain(follower, x, t)
	m.Leader().Minimize(model.Sum(t...).Plus(x[0]))
	return m
}

func costs(n int) []float64 {
	c := make([]float64, n)
	for j := range c {
		c[j] = float64(1 + j%17)
	}
	return c
}

// constrain adds A x >= b, with one of the prices in each of the first constraints where there are some.
func constrain(p *model.Player, x, prices []model.Var) {
	vars, coefs := make([]model.Var, 0, PerRow+1), make([]float64, 0, PerRow+1)
	p.ConstrainEach("need", len(x), func(i int) model.Relation {
		vars, coefs = vars[:0], coefs[:0]
		for k := range PerRow {
			j, c := entry(i, (i+k)%PerRow, len(x))
			vars, coefs = append(vars, x[j]), append(coefs, c)
		}
		if len(prices) > 0 && i < linkedRows {
			vars, coefs = append(vars, prices[i%len(prices)]), append(coefs, 1)
		}
		return model.Dot(coefs, vars).GE(float64(10 + i%91))
	})
}

// entry is the k-th nonzero of constraint i: a column of the k-th fifth of n, and its coefficient, 0.1 to 10.0.
func entry(i, k, n int) (column int, coef float64) {
	h := uint64(i*PerRow+k)*0x9e3779b97f4a7c15 + 1
	h ^= h >> 29
	h *= 0xbf58476d1ce4e5b9
	h ^= h >> 32
	from, to := k*n/PerRow, (k+1)*n/PerRow
	return from + int(h%uint64(to-from)), float64(1+h>>40%100) / 10
}
