package main

import (
	"math"
)

// road joins two places and is open in both directions; places are numbered from 1 as on the map.
type road struct {
	from, to       int
	time, capacity float64 // minutes; thousands of vehicles a day, each way
}

// arc is a road in one direction.
type arc struct{ from, to, road int }

// network is the data of both models.
type network struct {
	nodes               int
	roads               []road
	origin, destination int
	budget              int     // roads that can be hit
	delay               float64 // what a hit adds to the time of a road
}

// siouxFalls is the instance of sioux-falls.dat.
func siouxFalls() *network {
	return &network{nodes: 24, roads: roads, origin: 8, destination: 22, budget: 3, delay: 10}
}

// roads are those of Sioux Falls, one line for the roads from a place to places with higher numbers.
var roads = []road{
	{1, 2, 6, 25.9}, {1, 3, 4, 23.4},
	{2, 6, 5, 5},
	{3, 4, 4, 17.1}, {3, 12, 4, 23.4},
	{4, 5, 2, 17.8}, {4, 11, 6, 4.9},
	{5, 6, 4, 4.9}, {5, 9, 5, 10},
	{6, 8, 2, 4.9},
	{7, 8, 3, 7.8}, {7, 18, 2, 23.4},
	{8, 9, 10, 5.1}, {8, 16, 5, 5},
	{9, 10, 3, 13.9},
	{10, 11, 5, 10}, {10, 15, 6, 13.5}, {10, 16, 4, 4.9}, {10, 17, 8, 5},
	{11, 12, 6, 4.9}, {11, 14, 4, 4.9},
	{12, 13, 3, 25.9},
	{13, 24, 4, 5.1},
	{14, 15, 5, 5.1}, {14, 23, 4, 4.9},
	{15, 19, 3, 14.6}, {15, 22, 3, 9.6},
	{16, 17, 2, 5.2}, {16, 18, 3, 19.7},
	{17, 19, 2, 4.8},
	{18, 20, 4, 23.4},
	{19, 20, 4, 5},
	{20, 21, 6, 5.1}, {20, 22, 5, 5.1},
	{21, 22, 2, 5.2}, {21, 24, 3, 4.9},
	{22, 23, 4, 5},
	{23, 24, 2, 5.1},
}

// grid is a town of n times n places in a square, from one corner to the other. Times from 1 to 9 and capacities from 1 to 7 follow a fixed
// rule.
func grid(n, budget int, delay float64) *network {
	net := &network{nodes: n * n, origin: 1, destination: n * n, budget: budget, delay: delay}
	for k := range n * n {
		draw := func(salt int) (time, capacity float64) {
			return float64(1 + (7*k*k+5*k+salt)%9), float64(1 + (3*k*k+11*k+salt)%7)
		}
		if k%n < n-1 {
			time, capacity := draw(2)
			net.roads = append(net.roads, road{k + 1, k + 2, time, capacity})
		}
		if k/n < n-1 {
			time, capacity := draw(4)
			net.roads = append(net.roads, road{k + 1, k + n + 1, time, capacity})
		}
	}
	return net
}

// arcs are the roads in both directions, sorted by where they begin and end.
func (net *network) arcs() []arc {
	var list []arc
	for i := 1; i <= net.nodes; i++ {
		for j := 1; j <= net.nodes; j++ {
			for r, rd := range net.roads {
				if rd.from == i && rd.to == j || rd.from == j && rd.to == i {
					list = append(list, arc{i, j, r})
				}
			}
		}
	}
	return list
}

// shortest is the length of a shortest way from the origin to the destination where each road takes its time and what a hit adds, by
// repeated relaxation of all roads (Bellman and Ford), and the roads on it.
func (net *network) shortest(hit []bool) (length float64, way []int) {
	dist, by := make([]float64, net.nodes+1), make([]int, net.nodes+1)
	for k := range dist {
		dist[k] = math.Inf(1)
	}
	dist[net.origin] = 0
	for changed := true; changed; {
		changed = false
		for r, rd := range net.roads {
			time := rd.time
			if hit[r] {
				time += net.delay
			}
			if d := dist[rd.from] + time; d < dist[rd.to] {
				dist[rd.to], by[rd.to], changed = d, r, true
			}
			if d := dist[rd.to] + time; d < dist[rd.from] {
				dist[rd.from], by[rd.from], changed = d, r, true
			}
		}
	}
	if math.IsInf(dist[net.destination], 1) {
		return dist[net.destination], nil
	}
	for k := net.destination; k != net.origin; {
		r := by[k]
		way = append(way, r)
		k = net.roads[r].from + net.roads[r].to - k
	}
	return dist[net.destination], way
}

// maxFlow is the most that can be sent from the origin to the destination over the roads that are not hit, by augmenting ways that are
// found breadth first (Edmonds and Karp).
func (net *network) maxFlow(hit []bool) float64 {
	const least = 1e-9                         // what counts as no room
	room := make([][2]float64, len(net.roads)) // from -> to, to -> from
	for r, rd := range net.roads {
		if !hit[r] {
			room[r] = [2]float64{rd.capacity, rd.capacity}
		}
	}
	for sent := 0.0; ; {
		from, by := make([]int, net.nodes+1), make([]int, net.nodes+1)
		from[net.origin] = net.origin
		for queue := []int{net.origin}; len(queue) > 0; queue = queue[1:] {
			for r, rd := range net.roads {
				for d, ends := range [2][2]int{{rd.from, rd.to}, {rd.to, rd.from}} {
					if ends[0] == queue[0] && from[ends[1]] == 0 && room[r][d] > least {
						from[ends[1]], by[ends[1]] = ends[0], 2*r+d
						queue = append(queue, ends[1])
					}
				}
			}
		}
		if from[net.destination] == 0 {
			return sent
		}
		more := math.Inf(1)
		for k := net.destination; k != net.origin; k = from[k] {
			more = min(more, room[by[k]/2][by[k]%2])
		}
		for k := net.destination; k != net.origin; k = from[k] {
			room[by[k]/2][by[k]%2] -= more
			room[by[k]/2][1-by[k]%2] += more
		}
		sent += more
	}
}
