package stationarity

import (
	"context"
	"math"
)

// rankLimit is the largest number of operations of a dense factorisation.
const rankLimit = 4e9

// independence measures whether the gradients of some columns are linearly independent: the least share of a gradient, of length 1,
// that is not made up by the ones before it in an order in which the largest share comes first. Gradients that have a variable to
// themselves, or a single variable left, are set aside first, exactly; the rest goes through a QR factorisation with pivoting. It
// returns NaN where the rest is too large or ctx is done.
func (a *active) independence(ctx context.Context, columns []int) float64 {
	p := newPeeling(a, columns)
	p.peel()
	rows, cols := p.rest()
	if len(rows) == 0 {
		return p.least
	}
	if len(rows) > len(cols) {
		return 0
	}
	if float64(len(rows))*float64(len(rows))*float64(len(cols)) > rankLimit {
		return math.NaN()
	}
	at := make(map[int32]int, len(cols))
	for i, j := range cols {
		at[j] = i
	}
	m := make([][]float64, len(rows))
	for i, r := range rows {
		m[i] = make([]float64, len(cols))
		for e, j := range p.index[r] {
			if p.alive[j] {
				m[i][at[j]] = p.value[r][e]
			}
		}
	}
	return math.Min(p.least, leastPivot(ctx, m))
}

// leastPivot orthogonalises vectors of length at most 1, the one with the largest rest first, and returns the least rest.
func leastPivot(ctx context.Context, m [][]float64) float64 {
	least := inf
	square := make([]float64, len(m)) // of the rests, brought up to date and computed afresh where that cancels
	fresh := make([]float64, len(m))
	for i := range m {
		square[i] = dot(m[i], m[i])
		fresh[i] = square[i]
	}
	for k := range m {
		if ctx.Err() != nil {
			return math.NaN()
		}
		at := k
		for i := k + 1; i < len(m); i++ {
			if square[i] > square[at] {
				at = i
			}
		}
		m[k], m[at], square[at], fresh[at] = m[at], m[k], square[k], fresh[k]
		for i := range k { // for what rounding left
			subtract(m[k], dot(m[i], m[k]), m[i])
		}
		size := math.Sqrt(dot(m[k], m[k]))
		least = math.Min(least, size)
		if size == 0 {
			return 0
		}
		for i := range m[k] {
			m[k][i] /= size
		}
		for i := k + 1; i < len(m); i++ {
			h := dot(m[k], m[i])
			if h == 0 {
				continue
			}
			subtract(m[i], h, m[k])
			if square[i] -= h * h; square[i] < 1e-3*fresh[i] {
				square[i] = dot(m[i], m[i])
				fresh[i] = square[i]
			}
		}
	}
	return least
}

// subtract takes h times v away from a vector.
func subtract(from []float64, h float64, v []float64) {
	if h == 0 {
		return
	}
	for j, x := range v {
		from[j] -= h * x
	}
}

// peeling sets gradients aside one by one.
type peeling struct {
	index  [][]int32 // by gradient
	value  [][]float64
	left   []int32 // by gradient: variables alive
	gone   []bool  // by gradient
	alive  []bool  // by variable
	users  [][]int32
	count  []int32 // by variable: gradients that are not gone
	least  float64
	todo   []int32 // gradients to look at
	single []int32 // variables to look at
}

func newPeeling(a *active, columns []int) *peeling {
	p := &peeling{index: make([][]int32, len(columns)), value: make([][]float64, len(columns)), left: make([]int32, len(columns)), gone: make([]bool, len(columns)),
		alive: make([]bool, a.p.n), users: make([][]int32, a.p.n), count: make([]int32, a.p.n), least: inf}
	for g, i := range columns {
		q := a.columns[i].quantity
		size := 0.0
		a.each(q, func(_ int32, v float64) { size += (v / a.normInf[q]) * (v / a.normInf[q]) })
		size = math.Sqrt(size) * a.normInf[q]
		a.each(q, func(j int32, v float64) {
			// A share below 1e-13 of the whole is rounding.
			if v /= size; math.Abs(v) > 1e-13 {
				p.index[g], p.value[g] = append(p.index[g], j), append(p.value[g], v)
				p.users[j] = append(p.users[j], int32(g))
				p.alive[j] = true
				p.count[j]++
			}
		})
		p.left[g] = int32(len(p.index[g]))
		p.todo = append(p.todo, int32(g))
	}
	for j := range p.alive {
		p.single = append(p.single, int32(j))
	}
	return p
}

// peel sets aside what it can. Only entries of a decent size serve.
func (p *peeling) peel() {
	const decent = 1e-2
	for len(p.todo)+len(p.single) > 0 {
		if n := len(p.todo); n > 0 {
			g := p.todo[n-1]
			p.todo = p.todo[:n-1]
			if p.gone[g] {
				continue
			}
			if p.left[g] == 0 {
				p.least = 0
				p.drop(g)
				continue
			}
			if p.left[g] == 1 {
				for e, j := range p.index[g] {
					if p.alive[j] && math.Abs(p.value[g][e]) >= decent {
						p.drop(g)
						p.alive[j] = false
						for _, u := range p.users[j] {
							p.left[u]--
							if !p.gone[u] && p.left[u] <= 1 {
								p.todo = append(p.todo, u)
							}
						}
						p.least = math.Min(p.least, math.Abs(p.value[g][e]))
						break
					}
				}
			}
			continue
		}
		n := len(p.single)
		j := p.single[n-1]
		p.single = p.single[:n-1]
		if !p.alive[j] || p.count[j] != 1 {
			continue
		}
		for _, g := range p.users[j] {
			if !p.gone[g] {
				if v := p.entry(g, j); math.Abs(v) >= decent {
					p.least = math.Min(p.least, math.Abs(v))
					p.alive[j] = false
					p.drop(g)
				}
				break
			}
		}
	}
}

// drop takes a gradient out of the rest.
func (p *peeling) drop(g int32) {
	p.gone[g] = true
	for _, j := range p.index[g] {
		if p.count[j]--; p.count[j] == 1 && p.alive[j] {
			p.single = append(p.single, j)
		}
	}
}

func (p *peeling) entry(g, j int32) float64 {
	for e, k := range p.index[g] {
		if k == j {
			return p.value[g][e]
		}
	}
	return 0
}

// rest is what is left: gradients, and variables that they use.
func (p *peeling) rest() (gradients []int, variables []int32) {
	for g := range p.gone {
		if !p.gone[g] {
			gradients = append(gradients, g)
		}
	}
	for j := range p.alive {
		if p.alive[j] && p.count[j] > 0 {
			variables = append(variables, int32(j))
		}
	}
	return gradients, variables
}
