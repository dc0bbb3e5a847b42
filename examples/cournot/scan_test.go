package main

import "math"

// scan finds the leader's best profit without the library. Given the quantity Q of all companies, the quantity of a follower is the one number at
// which a unit more earns nothing,
//
//	marginal(q) = p(Q) + q p'(Q),    p(Q) = (5000/Q)^(1/γ),  p'(Q) = -p(Q)/(γ Q),
//
// for the left side rises in q and the right side falls; it is found by bisection, and cut at the limit. What remains of Q is the leader's.
// The remainder rises with Q where the equilibrium is unique, so that going through Q is going through the leader's quantities.
type scan struct {
	market
	marginal func(f firm, q float64) float64 // cost of the next unit of a follower
}

// newScan has the cost of the market's companies.
func newScan(mk market) scan {
	return scan{mk, func(f firm, q float64) float64 { return f.cost + math.Pow(q/f.size, 1/f.bend) }}
}

func (s scan) price(total float64) float64 { return math.Pow(5000/total, 1/s.elasticity) }

// replies are the quantities of some companies where all bring the total.
func (s scan) replies(firms []firm, total float64) (q []float64, sum float64) {
	p := s.price(total)
	for _, f := range firms {
		lo, hi := 0.0, s.limit
		for range 52 {
			mid := (lo + hi) / 2
			if s.marginal(f, mid) < p-mid*p/(s.elasticity*total) {
				lo = mid
			} else {
				hi = mid
			}
		}
		q = append(q, hi)
		sum += hi
	}
	return q, sum
}

// lead is the leader's quantity and profit where all bring the total, and the quantities of the others.
func (s scan) lead(total float64) (quantity, profit float64, others []float64) {
	others, sum := s.replies(s.firms[1:], total)
	f := s.firms[0]
	quantity = total - sum
	power := 1 + 1/f.bend
	return quantity, quantity*(s.price(total)-f.cost) - math.Pow(f.size, -1/f.bend)/power*math.Pow(max(0, quantity), power), others
}

// root is the argument at which an increasing function reaches a value.
func root(f func(x float64) float64, value, lo, hi float64) float64 {
	for range 60 {
		if mid := (lo + hi) / 2; f(mid) < value {
			lo = mid
		} else {
			hi = mid
		}
	}
	return (lo + hi) / 2
}

// best goes through the leader's quantities from 0 to the limit in equal steps of the total, and narrows the surroundings of the best step by
// the golden section.
func (s scan) best() (quantity, profit float64, others []float64) {
	quantityAt := func(total float64) float64 { q, _, _ := s.lead(total); return q }
	most := s.limit * float64(len(s.firms))
	from, to := root(quantityAt, 0, 1e-3, most), root(quantityAt, s.limit, 1e-3, most)
	profitAt := func(total float64) float64 { _, v, _ := s.lead(total); return v }
	const steps = 4000
	width, at, top := (to-from)/steps, from, math.Inf(-1)
	for k := range steps + 1 {
		if t := from + float64(k)*width; profitAt(t) > top {
			at, top = t, profitAt(t)
		}
	}
	lo, hi := max(from, at-width), min(to, at+width)
	golden := (math.Sqrt(5) - 1) / 2
	for range 60 {
		if a, b := hi-golden*(hi-lo), lo+golden*(hi-lo); profitAt(a) > profitAt(b) {
			hi = b
		} else {
			lo = a
		}
	}
	return s.lead((lo + hi) / 2)
}
