package main

import "math"

// The search of this file shares no code with the library. Traffic is found on the ways through the town: cars go over from the slowest way that is
// used to the quickest one, as many as make the two equal by bisection, until all ways that are used take the same time. Expansions are found
// on a grid, and from its best points by steps along the axes that are halved where none helps.

type traffic struct {
	network
	ways [][]int // links of each way from the origin to the destination
	cars []float64
	load []float64
}

func newTraffic(n network) *traffic {
	tr := &traffic{network: n, load: make([]float64, len(n.links))}
	tr.walk(n.origin, nil)
	tr.cars = make([]float64, len(tr.ways))
	return tr
}

// walk collects the ways from a node; the streets have no circle.
func (tr *traffic) walk(node string, way []int) {
	if node == tr.destination {
		tr.ways = append(tr.ways, append([]int(nil), way...))
		return
	}
	for k, l := range tr.links {
		if l.from == node {
			tr.walk(l.to, append(way, k))
		}
	}
}

func (l link) time(load, add float64) float64 {
	q := load / (l.capacity + add)
	return l.free * (1 + 0.15*q*q*q*q)
}

func (tr *traffic) loads() {
	for k, l := range tr.links {
		tr.load[k] = l.local
	}
	for p, way := range tr.ways {
		for _, k := range way {
			tr.load[k] += tr.cars[p]
		}
	}
}

func (tr *traffic) wayTime(p int, add []float64) float64 {
	sum := 0.0
	for _, k := range tr.ways[p] {
		sum += tr.links[k].time(tr.load[k], add[k])
	}
	return sum
}

// settle finds the equilibrium to a difference of times relative to the quickest one.
func (tr *traffic) settle(add []float64, precision float64) {
	clear(tr.cars)
	tr.cars[0] = tr.trips
	for range 10000 {
		tr.loads()
		slow, quick := -1, 0
		for p := range tr.ways {
			if tr.cars[p] > 0 && (slow < 0 || tr.wayTime(p, add) > tr.wayTime(slow, add)) {
				slow = p
			}
			if tr.wayTime(p, add) < tr.wayTime(quick, add) {
				quick = p
			}
		}
		if tr.wayTime(slow, add)-tr.wayTime(quick, add) <= precision*tr.wayTime(quick, add) {
			return
		}
		from, to := tr.cars[slow], tr.cars[quick]
		lo, hi := 0.0, from
		for hi-lo > 1e-14*tr.trips {
			mid := (lo + hi) / 2
			tr.cars[slow], tr.cars[quick] = from-mid, to+mid
			tr.loads()
			if tr.wayTime(slow, add) > tr.wayTime(quick, add) {
				lo = mid
			} else {
				hi = mid
			}
		}
		tr.cars[slow], tr.cars[quick] = from-hi, to+hi
	}
}

// total is what the expansions cost with the traffic that they bring.
func (tr *traffic) total(add []float64, precision float64) float64 {
	tr.settle(add, precision)
	sum := 0.0
	for k, l := range tr.links {
		sum += tr.load[k]*l.time(tr.load[k], add[k]) + l.price*add[k]
	}
	return sum
}

// grid is the best of all combinations of some values for each link.
func (tr *traffic) grid(values []float64) (best []float64) {
	add, top := make([]float64, len(tr.links)), math.Inf(1)
	var fill func(k int)
	fill = func(k int) {
		if k == len(add) {
			if v := tr.total(add, 1e-4); v < top {
				top, best = v, append([]float64(nil), add...)
			}
			return
		}
		for _, v := range values {
			add[k] = v
			fill(k + 1)
		}
	}
	fill(0)
	return best
}

// descend goes from some expansions along the axes to a point where steps of 1e-6 lead to nothing better.
func (tr *traffic) descend(from []float64) (add []float64, total float64) {
	const precision = 1e-11
	add = append([]float64(nil), from...)
	total = tr.total(add, precision)
	for step := 1.0; step > 1e-6; {
		better := false
		for k := range add {
			for _, d := range []float64{-step, step} {
				was := add[k]
				add[k] = min(max(was+d, 0), tr.widest)
				if v := tr.total(add, precision); v < total-1e-12 {
					total, better = v, true
				} else {
					add[k] = was
				}
			}
		}
		if !better {
			step /= 2
		}
	}
	return add, total
}
