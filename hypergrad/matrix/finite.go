package matrix

import "math"

// NotFinite is the first entry that is NaN or infinite, and whether there is one.
func (d *Dense) NotFinite() (row, col int, found bool) {
	if allFinite(d.data) {
		return 0, 0, false
	}
	for i := range d.rows {
		for j, v := range d.Row(i) {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				return i, j, true
			}
		}
	}
	return 0, 0, false
}

// NotFinite is the first entry that is NaN or infinite, and whether there is one.
func (c *CSR) NotFinite() (row, col int, found bool) {
	if allFinite(c.vals) {
		return 0, 0, false
	}
	for i := range c.rows {
		cols, vals := c.Row(i)
		for k, v := range vals {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				return i, int(cols[k]), true
			}
		}
	}
	return 0, 0, false
}

// allFinite adds up products with zero, which are zero for finite numbers alone.
func allFinite(v []float64) bool {
	var a, b, c, d float64
	for ; len(v) >= 4; v = v[4:] {
		a += 0 * v[0]
		b += 0 * v[1]
		c += 0 * v[2]
		d += 0 * v[3]
	}
	for _, x := range v {
		a += 0 * x
	}
	return a+b+c+d == 0
}
