package regions

import "math"

// quadratic is a term c y_i y_j of a cost.
type quadratic struct {
	i, j int
	c    float64
}

// rowSpace is the space spanned by the rows of Q and of the equations of a follower. All optimal answers y to one decision have the same Qy (Mangasarian,
// 1988), and the same a·y for every a in this space.
type rowSpace struct {
	n    int
	rows [][]float64 // orthonormal
}

// newRowSpace orthonormalises the rows, twice each.
func newRowSpace(n int, hessian []quadratic, equations [][]entry) *rowSpace {
	s := &rowSpace{n: n}
	dense := map[int][]float64{}
	var order []int
	row := func(i int) []float64 {
		if dense[i] == nil {
			dense[i] = make([]float64, n)
			order = append(order, i)
		}
		return dense[i]
	}
	for _, t := range hessian {
		row(t.i)[t.j] += t.c
		row(t.j)[t.i] += t.c
	}
	for _, i := range order {
		s.add(dense[i])
	}
	for _, e := range equations {
		v := make([]float64, n)
		for _, t := range e {
			v[t.at] += t.v
		}
		s.add(v)
	}
	return s
}

// add takes a vector into the space.
func (s *rowSpace) add(v []float64) {
	size := norm(v)
	if size == 0 {
		return
	}
	left := s.rest(v)
	if d := norm(left); d > 1e-9*size {
		for i := range left {
			left[i] /= d
		}
		s.rows = append(s.rows, left)
	}
}

// rest is the part of v that is orthogonal to the space.
func (s *rowSpace) rest(v []float64) []float64 {
	out := append([]float64(nil), v...)
	for range 2 {
		for _, r := range s.rows {
			d := 0.0
			for i, w := range r {
				d += w * out[i]
			}
			if d != 0 {
				for i, w := range r {
					out[i] -= d * w
				}
			}
		}
	}
	return out
}

// has reports whether v lies in the space.
func (s *rowSpace) has(v []float64) bool {
	size := norm(v)
	return size == 0 || norm(s.rest(v)) <= 1e-9*size
}

func norm(v []float64) float64 {
	s := 0.0
	for _, x := range v {
		s += x * x
	}
	return math.Sqrt(s)
}
