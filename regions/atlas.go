package regions

// atlas finds the region about a point: the cube is divided into cells, each of which lists the regions whose boxes touch it.
type atlas struct {
	dim   int
	n     int // cells along a side
	cells [][]*region
}

// newAtlas has some thousand cells.
func newAtlas(dim int) *atlas {
	a := &atlas{dim: dim, n: [mostParameters + 1]int{1, 4096, 96, 20}[dim]}
	size := 1
	for range dim {
		size *= a.n
	}
	a.cells = make([][]*region, size)
	return a
}

// cell is the number of the cell of a coordinate.
func (a *atlas) cell(v float64) int { return max(0, min(a.n-1, int(v*float64(a.n)))) }

// add lists a region.
func (a *atlas) add(g *region) {
	var lo, hi, at [mostParameters]int
	for k := range a.dim {
		lo[k], hi[k] = a.cell(g.lo[k]), a.cell(g.hi[k])
	}
	at = lo
	for {
		i := 0
		for k := range a.dim {
			i = i*a.n + at[k]
		}
		a.cells[i] = append(a.cells[i], g)
		k := 0
		for ; k < a.dim; k++ {
			if at[k]++; at[k] <= hi[k] {
				break
			}
			at[k] = lo[k]
		}
		if k == a.dim {
			return
		}
	}
}

// find looks for a known region about a point, the latest ones first.
func (a *atlas) find(v *[mostParameters]float64) *region {
	i := 0
	for k := range a.dim {
		i = i*a.n + a.cell(v[k])
	}
	list := a.cells[i]
	for k := len(list) - 1; k >= 0; k-- {
		if list[k].contains(v, a.dim) {
			return list[k]
		}
	}
	return nil
}
