package main

import (
	"math"
	"slices"
)

// route is the cheapest way from an origin to a place: what it costs, tolls included, and the tolls in it. Among ways that cost the same the
// one with the highest tolls is meant, as the optimistic answer has it.
type route struct{ cost, tolls float64 }

// sameCost is the difference of costs that counts as none: tolls that a solver found are exact to its tolerances only.
const sameCost = 1e-5

// better reports whether r is to be preferred to s.
func (r route) better(s route) bool {
	if math.Abs(r.cost-s.cost) > sameCost {
		return r.cost < s.cost
	}
	return r.tolls > s.tolls+sameCost
}

// routes are the cheapest ways from place o+1 to all places, by repeated relaxation of all links (Bellman and Ford). toll[a] is charged
// on links[a]; closed links are not used.
func routes(o int, toll []float64, closed func(a int) bool) []route {
	r := make([]route, nodes)
	for k := range r {
		r[k].cost = math.Inf(1)
	}
	r[o] = route{}
	for range nodes {
		for a, l := range links {
			from := r[l.from-1]
			via := route{from.cost + l.minutes + toll[a], from.tolls + toll[a]}
			if !closed(a) && !math.IsInf(via.cost, 1) && via.better(r[l.to-1]) {
				r[l.to-1] = via
			}
		}
	}
	return r
}

// open closes no link.
func open(int) bool { return false }

// revenue is what tolls on some links bring when all drivers take their cheapest way.
func revenue(tolled []link, tolls []float64) float64 {
	toll := make([]float64, len(links))
	for k, l := range tolled {
		toll[place(l)] = tolls[k]
	}
	sum := 0.0
	for o := range nodes {
		for k, r := range routes(o, toll, open) {
			sum += demand[o][k] * r.tolls
		}
	}
	return sum
}

// loads are the trips on each link when nothing is charged and drivers with several quickest ways spread evenly over them.
func loads() []float64 {
	const quick = 1e-9
	minutes := make([][]route, nodes) // from each place
	ways := make([][]float64, nodes)  // how many quickest ways
	for o := range nodes {
		minutes[o] = routes(o, make([]float64, len(links)), open)
		order := make([]int, nodes)
		for k := range order {
			order[k] = k
		}
		slices.SortFunc(order, func(i, j int) int {
			if d := minutes[o][i].cost - minutes[o][j].cost; math.Abs(d) > quick {
				return int(math.Copysign(1, d))
			}
			return i - j
		})
		ways[o] = make([]float64, nodes)
		ways[o][o] = 1
		for _, k := range order {
			for _, l := range links {
				if l.to == k+1 && math.Abs(minutes[o][l.from-1].cost+l.minutes-minutes[o][k].cost) < quick {
					ways[o][k] += ways[o][l.from-1]
				}
			}
		}
	}
	load := make([]float64, len(links))
	for a, l := range links {
		for o := range nodes {
			for d := range nodes {
				if math.Abs(minutes[o][l.from-1].cost+l.minutes+minutes[l.to-1][d].cost-minutes[o][d].cost) < quick {
					load[a] += demand[o][d] * ways[o][l.from-1] * ways[l.to-1][d] / ways[o][d]
				}
			}
		}
	}
	return load
}
