package main

import (
	"context"
	"fmt"
	"math"
	"testing"

	"github.com/gobilevel/bilevel"
)

// shifts are the shift factors of a network: what one MW, fed in at a bus and taken out at bus 1, sends over each branch. They come from the
// matrix of susceptances by elimination.
func (s *system) shifts() [][]float64 {
	n := len(s.demand) - 1 // all buses but the first
	a := make([][]float64, n)
	for i := range a {
		a[i] = make([]float64, 2*n)
		a[i][n+i] = 1
	}
	for _, b := range s.branches {
		for _, e := range [2][2]int{{b.from - 2, b.to - 2}, {b.to - 2, b.from - 2}} {
			if e[0] >= 0 {
				a[e[0]][e[0]] += base / b.reactance
				if e[1] >= 0 {
					a[e[0]][e[1]] -= base / b.reactance
				}
			}
		}
	}
	for p := range a { // the matrix is positive definite: any order of pivots will do
		for c := 2*n - 1; c >= p; c-- {
			a[p][c] /= a[p][p]
		}
		for i := range a {
			if i != p {
				for c := 2*n - 1; c >= p; c-- {
					a[i][c] -= a[i][p] * a[p][c]
				}
			}
		}
	}
	angle := func(bus, at int) float64 { // at a bus, in radians, for one MW fed in at another
		if bus == 1 || at == 1 {
			return 0
		}
		return a[bus-2][n+at-2]
	}
	h := make([][]float64, len(s.branches))
	for l, b := range s.branches {
		h[l] = make([]float64, len(s.demand))
		for i := range h[l] {
			h[l][i] = base / b.reactance * (angle(b.from, i+1) - angle(b.to, i+1))
		}
	}
	return h
}

// clear clears the market at given bids and with some demand more, as an ordinary linear program in the outputs alone: angles and flows
// are put in by shift factors.
func (s *system) clear(t *testing.T, bids, more []float64) (cost float64, outputs []float64) {
	t.Helper()
	m := bilevel.NewModel("clearing")
	var output []bilevel.Var
	var price []float64
	for _, gen := range s.generators {
		output = append(output, m.Leader().Var("output_"+gen.name, 0, gen.capacity))
		price = append(price, gen.cost)
	}
	for k, g := range s.own {
		price[g] = bids[k]
	}
	total := 0.0
	for i, d := range s.demand {
		total += d + more[i]
	}
	m.Leader().Constrain("total", bilevel.Sum(output...).Eq(total))
	for l, factors := range s.shifts() {
		taken := 0.0
		coefs := make([]float64, len(output))
		for i, h := range factors {
			taken += h * (s.demand[i] + more[i])
		}
		for g, gen := range s.generators {
			coefs[g] = factors[gen.bus-1]
		}
		m.Leader().Constrain(fmt.Sprintf("limit[%d]", l), bilevel.Dot(coefs, output).Between(taken-s.branches[l].limit, taken+s.branches[l].limit))
	}
	m.Leader().Minimize(bilevel.Dot(price, output))
	r, err := bilevel.Solve(context.Background(), m)
	if err != nil || r.Point == nil {
		t.Fatalf("no clearing at bids %v: %v, %+v", bids, err, r)
	}
	return r.Objective, r.Values(output)
}

// earns brackets the leader's profit at given bids and outputs that are optimal for them, without use of duality: the slopes of the
// cost of clearing, to the left and to the right, when demand grows at the leader's generators in proportion to their outputs. What the
// outputs bring at any prices of the market lies between.
func (s *system) earns(t *testing.T, bids, outputs []float64) (least, most float64) {
	t.Helper()
	const step = 1e-3
	cost, expenses := s.slopes(t, bids, outputs, step), 0.0
	for _, g := range s.own {
		expenses += s.generators[g].cost * outputs[g]
	}
	return cost[0] - expenses, cost[1] - expenses
}

// slopes are the differences of the cost of clearing to the left and to the right, along the leader's outputs.
func (s *system) slopes(t *testing.T, bids, outputs []float64, step float64) [2]float64 {
	t.Helper()
	var at [3]float64
	for k := range at {
		more := make([]float64, len(s.demand))
		for _, g := range s.own {
			more[s.generators[g].bus-1] += float64(k-1) * step * outputs[g]
		}
		at[k], _ = s.clear(t, bids, more)
	}
	return [2]float64{(at[1] - at[0]) / step, (at[2] - at[1]) / step}
}

// Power that is fed in at one end of a branch and taken out at the other goes over all ways between them, and all of it arrives.
func TestShifts(t *testing.T) {
	for _, s := range []*system{fourteen(), twentyFour()} {
		testShifts(t, s)
	}
}

func testShifts(t *testing.T, s *system) {
	h := s.shifts()
	for i := range s.demand {
		for bus := range s.demand {
			arrives := 0.0
			for l, b := range s.branches {
				switch bus + 1 {
				case b.to:
					arrives += h[l][i]
				case b.from:
					arrives -= h[l][i]
				}
			}
			want := 0.0
			if i != 0 && bus == 0 {
				want = 1
			} else if i != 0 && bus == i {
				want = -1
			}
			if math.Abs(arrives-want) > 1e-9 {
				t.Errorf("of a MW from bus %d to bus 1, %g arrives at bus %d", i+1, arrives, bus+1)
			}
		}
	}
}
