package simplex

import (
	"math"
	"slices"
)

// Statuses of quantities in a basis.
const (
	AtLower uint8 = iota
	Basic
	AtUpper
	AtZero
)

// slack makes all rows basic.
func (s *LP) slack() {
	s.basic, s.weight = slices.Grow(s.basic[:0], s.m)[:s.m], slices.Grow(s.weight[:0], s.m)[:s.m]
	for i := range s.m {
		s.basic[s.rowPlace[i]], s.weight[i] = int32(s.n+i), 1
		if len(s.t) <= i {
			s.t = append(s.t, make([]float64, s.n))
		}
	}
	s.t = s.t[:s.m]
	for j := range s.n {
		s.nonbasic[s.colPlace[j]] = int32(j)
	}
	s.places()
	for q := range s.wanted {
		s.wanted[q] = q >= s.n
	}
	s.stale = true
}

// remake has the tableau made anew for the basis at hand.
func (s *LP) remake() {
	s.stale, s.mark.valid = true, false
}

// refactor makes the tableau anew from the rows, for the basis at hand.
func (s *LP) refactor() {
	want := s.wanted
	clear(want)
	for _, q := range s.basic {
		want[q] = true
	}
	for i := range s.m {
		row := s.t[s.rowPlace[i]]
		clear(row)
		for k := s.start[i]; k < s.start[i+1]; k++ {
			row[s.colPlace[s.index[k]]] += s.value[k]
		}
		s.basic[s.rowPlace[i]], s.weight[i] = int32(s.n+i), 1
	}
	for j := range s.n {
		s.nonbasic[s.colPlace[j]] = int32(j)
	}
	s.places()
	s.stale = false
	s.turn()
	s.fresh = true
}

// turn pivots till the quantities that are wanted are basic. Where these are not independent other ones stay.
func (s *LP) turn() {
	s.enter = s.enter[:0]
	for j, q := range s.nonbasic[:s.liveCols] {
		if s.wanted[q] {
			s.enter = append(s.enter, int32(j))
		}
	}
	if len(s.enter) == 0 {
		return
	}
	for _, least := range [3]float64{0.1, 1e-3, pivotTol} {
		left := s.enter[:0]
		for k := range s.enter {
			j := s.enter[k]
			r, best := -1, least
			for i, q := range s.basic[:s.liveRows] {
				if s.wanted[q] {
					continue
				}
				if v := math.Abs(s.t[i][j]); v > best {
					r, best = i, v
				}
			}
			if r < 0 {
				left = append(left, j)
				continue
			}
			s.pivot(r, int(j))
		}
		s.enter = left
	}
	for i := range s.weight {
		s.weight[i] = 1
	}
}

// Basis writes the statuses of columns and rows.
func (s *LP) Basis(cols, rows []uint8) {
	for q := range s.n + s.m {
		v := AtLower
		switch {
		case s.at[q] < 0:
			v = Basic
		case !finite(s.lo[q]) && !finite(s.hi[q]):
			v = AtZero
		case s.up[q] && finite(s.hi[q]) || !finite(s.lo[q]):
			v = AtUpper
		}
		if q < s.n {
			cols[q] = v
		} else {
			rows[q-s.n] = v
		}
	}
}

// SetBasis makes the next solve start from a basis; columns and rows beyond its end are nonbasic and basic. The caller sees to it that as
// many are basic as there are rows.
func (s *LP) SetBasis(cols, rows []uint8) {
	for q := range s.n + s.m {
		v := AtLower
		switch {
		case q < len(cols):
			v = cols[q]
		case q >= s.n && q-s.n < len(rows):
			v = rows[q-s.n]
		case q >= s.n:
			v = Basic
		}
		s.wanted[q] = v == Basic
		if s.rests(q) {
			s.wanted[q] = q >= s.n
		}
		s.up[q] = v == AtUpper
	}
	if s.stale { // noted, and made with the tableau
		b, n := 0, 0
		for q, w := range s.wanted {
			if w && b < s.m {
				s.basic[b] = int32(q)
				b++
			} else if n < s.n {
				s.nonbasic[n] = int32(q)
				n++
			}
		}
		s.places()
		return
	}
	s.turn()
}

// BasicVariables writes what is basic in each place: column j as j, row i as -1-i.
func (s *LP) BasicVariables(out []int32) {
	s.ready()
	for i, q := range s.basic {
		out[i] = q
		if int(q) >= s.n {
			out[i] = int32(s.n) - q - 1
		}
	}
}

// Row returns place i of the tableau and what is nonbasic in each of its places: basic_i = Σ_j t_j nonbasic_j.
func (s *LP) Row(i int) (t []float64, nonbasic []int32) {
	s.ready()
	return s.t[i], s.nonbasic
}

// ready makes the tableau where there is none for the basis at hand.
func (s *LP) ready() {
	if s.stale {
		s.refactor()
	}
}

// snapshot is a tableau to come back to.
type snapshot struct {
	valid           bool
	t               [][]float64
	basic, nonbasic []int32
	up              []bool
	weight          []float64
}

// Mark keeps the basis and its tableau for Restore.
func (s *LP) Mark() {
	s.ready()
	k := &s.mark
	for len(k.t) < s.m {
		k.t = append(k.t, make([]float64, s.n))
	}
	for i, row := range s.t[:s.liveRows] {
		copy(k.t[i], row[:s.liveCols])
	}
	k.basic, k.nonbasic = append(k.basic[:0], s.basic...), append(k.nonbasic[:0], s.nonbasic...)
	k.up, k.weight = append(k.up[:0], s.up...), append(k.weight[:0], s.weight...)
	k.valid = true
}

// Restore brings back what Mark kept. It is false where rows or coefficients have changed since.
func (s *LP) Restore() bool {
	k := &s.mark
	if !k.valid {
		return false
	}
	for i, row := range s.t[:s.liveRows] {
		copy(row, k.t[i][:s.liveCols])
	}
	copy(s.basic, k.basic)
	copy(s.nonbasic, k.nonbasic)
	copy(s.up, k.up)
	copy(s.weight, k.weight)
	s.places()
	s.stale, s.fresh = false, false
	return true
}

// pivot exchanges the basic quantity of place r and the nonbasic one of place e.
func (s *LP) pivot(r, e int) {
	row := s.t[r][:s.liveCols]
	inverse := 1 / row[e]
	nz := s.nz[:0]
	for j, v := range row {
		if v == 0 || j == e {
			continue
		}
		v *= -inverse
		if v < dropTol && v > -dropTol {
			v = 0
		} else {
			nz = append(nz, int32(j))
		}
		row[j] = v
	}
	row[e] = inverse
	s.nz = nz
	dense := 2*len(nz) > s.liveCols
	for i, other := range s.t[:s.liveRows] {
		if i == r {
			continue
		}
		f := other[e]
		if f == 0 {
			continue
		}
		s.combine(other[:len(row)], row, f, dense)
		other[e] = f * inverse
	}
	if f := s.d[e]; f != 0 {
		s.combine(s.d[:len(row)], row, f, dense)
		s.d[e] = f * inverse
	}
	in, out := s.nonbasic[e], s.basic[r]
	s.basic[r], s.nonbasic[e] = in, out
	s.at[in], s.at[out] = int32(-1-r), int32(e)
	s.fresh = false
}

// combine adds f times row to other.
func (s *LP) combine(other, row []float64, f float64, dense bool) {
	if dense {
		other = other[:len(row)]
		for j, v := range row {
			other[j] += f * v
		}
		return
	}
	row = row[:len(other)]
	for _, k := range s.nz {
		j := uint(k)
		if j >= uint(len(row)) {
			break // never: it spares the checks of what follows
		}
		v := other[j] + f*row[j]
		if v < dropTol && v > -dropTol {
			v = 0
		}
		other[j] = v
	}
}

// BasicAt is what is basic in place i.
func (s *LP) BasicAt(i int) int32 { return s.basic[i] }
