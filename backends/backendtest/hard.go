package backendtest

import (
	"math/rand"

	"github.com/gobilevel/bilevel/model"
)

// marketSplit is a MILP that no tree search solves in a minute, though feasible points are found at once: choose from n items so that m
// weighted sums are half of the total, with the deviations as the objective. All bounds of relaxations are 0. planted tells a choice that
// reaches 0 where plant is set; otherwise the halves are rounded, and 0 may be out of reach.
//
// Source: Cornuéjols and Dawande, A class of hard small 0-1 programs, INFORMS J. Computing 11 (1999).
func marketSplit(seed int64, m, n int, plant, maximize bool) (f form, planted []float64) {
	r := rand.New(rand.NewSource(seed))
	f.maximize = maximize
	unit := 1.0
	if maximize {
		unit = -1
	}
	columns := n + 2*m
	f.cost, f.kind = make([]float64, columns), make([]model.Kind, columns)
	planted = make([]float64, columns)
	for j := range columns {
		f.hi = append(f.hi, inf)
		if j < n {
			f.kind[j], f.hi[j] = model.Binary, 1
			planted[j] = float64(r.Intn(2))
		} else {
			f.cost[j] = unit
		}
	}
	for i := range m {
		coef := make([]float64, columns)
		total, chosen := 0.0, 0.0
		for j := range n {
			coef[j] = float64(r.Intn(100))
			total += coef[j]
			chosen += coef[j] * planted[j]
		}
		coef[n+2*i], coef[n+2*i+1] = 1, -1
		target := float64(int(total) / 2)
		if plant {
			target = chosen
		}
		f.rows = append(f.rows, eq(target, coef...))
	}
	return f, planted
}

// middling is a MILP that takes some nodes and much less than a second: a knapsack with several rows.
func middling() form {
	r := rand.New(rand.NewSource(11))
	const n, m = 30, 4
	f := form{maximize: true, kind: binaries(n)}
	for i := range m {
		coef, total := make([]float64, n), 0.0
		for j := range n {
			coef[j] = float64(10 + r.Intn(90))
			total += coef[j]
		}
		f.rows = append(f.rows, le(float64(int(total/2)+i), coef...))
	}
	for range n {
		f.cost = append(f.cost, float64(10+r.Intn(90)))
	}
	return f
}
