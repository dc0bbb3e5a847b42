package page

import "math"

// mostPlaced is the number of nodes up to which places are chosen by distances: that takes time and memory of its square.
const mostPlaced = 400

// layout chooses a place for each node. Up to mostPlaced nodes it makes the stress
//
//	sum over i < j of (|p_i - p_j| - d_ij)^2 / d_ij^2
//
// small, where d_ij is the number of links between i and j: classical scaling, then majorisation, each step of which lowers it. Nothing is drawn
// at random, so that the same network has the same picture. More nodes stand on a circle.
//
// Source: Gansner, Koren and North, "Graph drawing by stress majorization" (2004).
func layout(n *Network) [][2]float64 {
	count := len(n.Nodes)
	at := make([][2]float64, count)
	for i := range at {
		angle := 2 * math.Pi * float64(i) / float64(count)
		at[i] = [2]float64{-math.Cos(angle), -math.Sin(angle)}
	}
	if count > 2 && count <= mostPlaced {
		d := distances(n)
		scaled(d, at)
		for range 300 {
			majorise(d, at)
		}
	}
	fit(at)
	return at
}

// distances counts the links between all nodes, whatever their direction; nodes that are not joined are a little farther than any that are.
func distances(n *Network) [][]float64 {
	count := len(n.Nodes)
	near := make([][]int, count)
	for _, l := range n.Links {
		near[l.From], near[l.To] = append(near[l.From], l.To), append(near[l.To], l.From)
	}
	d := make([][]float64, count)
	far := 0.0
	for s := range d {
		d[s] = make([]float64, count)
		for i := range d[s] {
			d[s][i] = -1
		}
		d[s][s] = 0
		queue := []int{s}
		for len(queue) > 0 {
			i := queue[0]
			queue = queue[1:]
			for _, j := range near[i] {
				if d[s][j] < 0 {
					d[s][j] = d[s][i] + 1
					far = math.Max(far, d[s][j])
					queue = append(queue, j)
				}
			}
		}
	}
	for s := range d {
		for i := range d[s] {
			if d[s][i] < 0 {
				d[s][i] = far + 1
			}
		}
	}
	return d
}

// scaled places the nodes by the two main directions of the squared distances, doubly centred.
func scaled(d [][]float64, at [][2]float64) {
	n := len(d)
	b := make([][]float64, n)
	mean, all := make([]float64, n), 0.0
	for i := range d {
		for j := range d {
			mean[i] += d[i][j] * d[i][j] / float64(n)
		}
		all += mean[i] / float64(n)
	}
	for i := range d {
		b[i] = make([]float64, n)
		for j := range d {
			b[i][j] = -(d[i][j]*d[i][j] - mean[i] - mean[j] + all) / 2
		}
	}
	for axis := range 2 {
		v := make([]float64, n)
		for i := range v {
			v[i] = math.Sin(float64((axis+1)*(i+1))) + 1e-3*float64(i) // no direction of symmetry
		}
		value := 0.0
		for range 200 {
			next := make([]float64, n)
			norm := 0.0
			for i := range b {
				for j := range b {
					next[i] += b[i][j] * v[j]
				}
				norm += next[i] * next[i]
			}
			norm = math.Sqrt(norm)
			if norm < 1e-12 {
				return // all distances are the same: the circle is as good
			}
			for i := range next {
				v[i] = next[i] / norm
			}
			value = norm
		}
		for i := range v {
			at[i][axis] = v[i] * math.Sqrt(value)
			for j := range v { // the next axis is perpendicular
				b[i][j] -= value * v[i] * v[j]
			}
		}
	}
}

// majorise moves each node in turn to the mean of where the others want it.
func majorise(d [][]float64, at [][2]float64) {
	for i := range at {
		var sum [2]float64
		weights := 0.0
		for j := range at {
			if i == j {
				continue
			}
			w := 1 / (d[i][j] * d[i][j])
			dx, dy := at[i][0]-at[j][0], at[i][1]-at[j][1]
			length := math.Hypot(dx, dy)
			if length < 1e-9 { // two nodes at one place: one goes aside
				dx, dy, length = 1e-3*float64(i+1), 1e-3*float64(j+1), 1
			}
			sum[0] += w * (at[j][0] + d[i][j]*dx/length)
			sum[1] += w * (at[j][1] + d[i][j]*dy/length)
			weights += w
		}
		at[i] = [2]float64{sum[0] / weights, sum[1] / weights}
	}
}

// fit turns and stretches the places to the room of the drawing, one scale for both axes, the longer extent along the wider one.
func fit(at [][2]float64) {
	extent := func() (low, high [2]float64) {
		low, high = [2]float64{math.Inf(1), math.Inf(1)}, [2]float64{math.Inf(-1), math.Inf(-1)}
		for _, p := range at {
			for k := range p {
				low[k], high[k] = math.Min(low[k], p[k]), math.Max(high[k], p[k])
			}
		}
		return low, high
	}
	low, high := extent()
	if high[1]-low[1] > high[0]-low[0] {
		for i, p := range at {
			at[i] = [2]float64{p[1], p[0]}
		}
		low, high = extent()
	}
	room := [2]float64{networkWidth - 2*networkMargin, networkHeight - 2*networkMargin}
	scale := math.Inf(1)
	for k := range room {
		if size := high[k] - low[k]; size > 1e-9 {
			scale = math.Min(scale, room[k]/size)
		}
	}
	if math.IsInf(scale, 1) {
		scale = 1
	}
	for i := range at {
		for k := range room {
			at[i][k] = networkMargin + room[k]/2 + scale*(at[i][k]-(low[k]+high[k])/2)
		}
	}
}
