package simplex

// Rest sets columns and rows aside that have no part in the program: the columns are fixed, the rows are free, and no entry of the rows joins one of them to
// another. They take the last places of the tableau, which pivots then pass over. The basis becomes that of all rows. Rest does nothing and is false where
// these conditions do not hold. What rests wakes as soon as one of its bounds changes, or a row or coefficient joins it to the others.
func (s *LP) Rest(columns, rows []int32) bool {
	restCol, restRow := make([]bool, s.n), make([]bool, s.m)
	for _, j := range columns {
		if s.lo[j] != s.hi[j] {
			return false
		}
		restCol[j] = true
	}
	for _, i := range rows {
		if finite(s.lo[s.n+int(i)]) || finite(s.hi[s.n+int(i)]) {
			return false
		}
		restRow[i] = true
	}
	for i := range s.m {
		for _, j := range s.index[s.start[i]:s.start[i+1]] {
			if restRow[i] != restCol[j] {
				return false
			}
		}
	}
	s.restCol, s.restRow = restCol, restRow
	s.arrange()
	s.mark.valid = false
	s.slack()
	return true
}

// wake makes all quantities those of the program again.
func (s *LP) wake() {
	if s.restCol == nil {
		return
	}
	s.restCol, s.restRow = nil, nil
	s.arrange()
	s.remake()
}

// rests says whether a quantity rests.
func (s *LP) rests(q int) bool {
	if s.restCol == nil {
		return false
	}
	if q < s.n {
		return s.restCol[q]
	}
	return s.restRow[q-s.n]
}

// arrange gives each column and row its place in the tableau of the basis of all rows, and counts what does not rest.
func (s *LP) arrange() {
	s.colPlace, s.liveCols = places(s.colPlace[:0], s.n, s.restCol)
	s.rowPlace, s.liveRows = places(s.rowPlace[:0], s.m, s.restRow)
}

func places(to []int32, n int, rest []bool) (place []int32, live int) {
	for k := range n {
		if rest == nil || !rest[k] {
			live++
		}
	}
	next, last := 0, live
	for k := range n {
		if rest == nil || !rest[k] {
			to = append(to, int32(next))
			next++
		} else {
			to = append(to, int32(last))
			last++
		}
	}
	return to, live
}
