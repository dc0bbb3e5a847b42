package learning

import "github.com/gobilevel/bilevel/hypergrad/matrix"

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
	var at [4][]float64
	var by [4]float64
	count := 0
	for k, t := range v[:len(c.col)] {
		if t == 0 {
			continue
		}
		at[count], by[count] = c.col[k], sign*t
		if count++; count == 4 {
			matrix.Axpy4(&by, at[0], at[1], at[2], at[3], out)
			count = 0
		}
	}
	if count == 0 {
		return
	}
	for q := count; q < 4; q++ {
		at[q], by[q] = at[0], 0
	}
	matrix.Axpy4(&by, at[0], at[1], at[2], at[3], out)
}

// sums stores the sums of the rows, each times its entry of by.
func (c *columns) sums(by, out []float64) {
	by = by[:c.rows]
	k := 0
	for ; k+4 <= len(c.col); k += 4 {
		matrix.Dot4(c.col[k], c.col[k+1], c.col[k+2], c.col[k+3], by, (*[4]float64)(out[k:]))
	}
	for ; k < len(c.col); k++ {
		out[k] = matrix.Dot(c.col[k], by)
	}
}
