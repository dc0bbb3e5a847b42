package family

import "math"

// arc joins two nodes.
type arc struct{ from, to int }

// gridArcs joins neighbours in a grid whose nodes are numbered line by line: for each node the arc to the right and, where back is set, its
// opposite, then the arc down and its opposite.
func gridArcs(rows, cols int, back bool) []arc {
	var list []arc
	for r := range rows {
		for c := range cols {
			v := r*cols + c
			if c+1 < cols {
				list = append(list, arc{v, v + 1})
				if back {
					list = append(list, arc{v + 1, v})
				}
			}
			if r+1 < rows {
				list = append(list, arc{v, v + cols}, arc{v + cols, v})
			}
		}
	}
	return list
}

// distances are the lengths of the shortest ways from a node to each of n nodes, by repeated relaxation (Bellman and Ford). Arcs of
// infinite length are not used.
func distances(n int, arcs []arc, length func(a int) float64, from int) []float64 {
	d := make([]float64, n)
	for v := range d {
		d[v] = math.Inf(1)
	}
	d[from] = 0
	for changed := true; changed; {
		changed = false
		for a, e := range arcs {
			if via := d[e.from] + length(a); via < d[e.to] {
				d[e.to], changed = via, true
			}
		}
	}
	return d
}

// whole draws a whole number from lo to hi, each as likely.
func (r *Random) whole(lo, hi int) int { return lo + int(r.Uniform()*float64(hi-lo+1)) }
