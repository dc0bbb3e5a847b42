package learning

// columns is a matrix kept by columns, for products with all of its rows.
type columns struct {
	rows int
	col  [][]float64
}

func newColumns(rows [][]float64) *columns {
	c := &columns{rows: len(rows)}
	if len(rows) == 0 {
		return c
	}
	flat := make([]float64, len(rows)*len(rows[0]))
	for k := range rows[0] {
		col := flat[k*len(rows) : (k+1)*len(rows)]
		for j, r := range rows {
			col[j] = r[k]
		}
		c.col = append(c.col, col)
	}
	return c
}

// times stores the products of all rows with v.
func (c *columns) times(v, out []float64) {
	clear(out[:c.rows])
	c.add(v, 1, out)
}

// add adds sign times the products of all rows with v. Columns whose entry of v is zero are left out, and four others are taken at a time.
func (c *columns) add(v []float64, sign float64, out []float64) {
	out = out[:c.rows]
	var at [4]int
	count := 0
	for k, t := range v[:len(c.col)] {
		if t == 0 {
			continue
		}
		at[count] = k
		if count++; count < 4 {
			continue
		}
		count = 0
		p, q, r, s := c.col[at[0]], c.col[at[1]], c.col[at[2]], c.col[at[3]]
		p, q, r, s = p[:len(out)], q[:len(out)], r[:len(out)], s[:len(out)]
		t, u, w, x := sign*v[at[0]], sign*v[at[1]], sign*v[at[2]], sign*v[at[3]]
		for j := range out {
			out[j] += (t*p[j] + u*q[j]) + (w*r[j] + x*s[j])
		}
	}
	for _, k := range at[:count] {
		addTimes(out, sign*v[k], c.col[k])
	}
}
