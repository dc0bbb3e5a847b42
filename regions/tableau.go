package regions

import (
	"math"
	"math/rand/v2"
	"slices"
)

// Numbers of a tableau below zero, beside the terms that they come from, are zero.
const (
	zero       = 1e-11
	pivotLimit = 1e-9
	shakyPivot = 1e-5  // below which the tableau is computed afresh
	precise    = 1e-11 // of an affine answer in the follower's problem, relative to the terms, above which it is corrected
	accuracy   = 1e-8  // above which it is not believed
)

// tableau is a complementary basis of a follower's problem: of each index one of w and z is basic, the other one is zero, and
//
//	basic = T·nonbasic + T_q + T_θ θ + T_t t + ε T_p.
//
// t is the parameter of Lemke's covering vector, which is zero where the basis is one of the problem itself; ε stands for a positive number as small as needed: the problem with
// q + ε p has no ties, and its bases are among those of the problem.
type tableau struct {
	f      *follower
	k      int // parameters
	width  int
	a      []float64 // n rows of width
	inZ    []bool    // whether z is the basic one
	dead   []bool    // free indices that are zero rows: a direction, or an equation, that says nothing
	start  []float64 // a, after the free indices have been made basic
	startZ []bool
	point  []float64 // θ and t, at which the basis is feasible
	pivots int
	shaky  bool // a small pivot was taken since then
	stale  int  // pivots since the tableau was computed afresh
	tol    []float64
	where  []int32 // scratch
	first  []float64
	second []float64
}

// Columns after the n nonbasic ones.
func (t *tableau) constant() int   { return t.f.n }
func (t *tableau) theta(i int) int { return t.f.n + 1 + i }
func (t *tableau) cover() int      { return t.f.n + 1 + t.k }
func (t *tableau) epsilon() int    { return t.f.n + 2 + t.k }

func (t *tableau) row(i int) []float64 { return t.a[i*t.width : (i+1)*t.width] }

// newTableau makes all free z basic. ok is false where the follower has an answer on a hyperplane of θ at most, and none is true where it has no
// answer anywhere.
func newTableau(f *follower, k int, r *rand.Rand) (t *tableau, ok, none bool) {
	t = &tableau{f: f, k: k, width: f.n + 3 + k, inZ: make([]bool, f.n), dead: make([]bool, f.n)}
	t.a, t.first, t.second = make([]float64, f.n*t.width), make([]float64, f.n), make([]float64, f.n)
	for i := range f.n {
		row := t.row(i)
		for _, e := range f.m[i] {
			row[e.at] += e.v
		}
		row[t.constant()] = f.q[i]
		for j, v := range f.r[i] {
			row[t.theta(j)] = v
		}
	}
	if ok, none = t.free(); !ok {
		return t, false, none
	}
	for i := range f.n {
		if f.kind[i] == pair {
			t.row(i)[t.cover()], t.row(i)[t.epsilon()] = 1, 1+r.Float64()
		}
	}
	t.start, t.startZ = slices.Clone(t.a), slices.Clone(t.inZ)
	return t, true, false
}

// free makes the free z basic by principal pivots.
func (t *tableau) free() (ok, none bool) {
	n := t.f.n
	for {
		best, bi, bj := pivotLimit, -1, -1
		for i := range n { // the largest diagonal entry
			if t.f.kind[i] == free && !t.inZ[i] {
				if v := math.Abs(t.row(i)[i]); v > best {
					best, bi = v, i
				}
			}
		}
		if bi >= 0 {
			t.pivot(bi)
			continue
		}
		for pass := 0; pass < 2 && bi < 0; pass++ { // two at a time, with another free one before a pair
			for i := range n {
				if t.f.kind[i] != free || t.inZ[i] {
					continue
				}
				row := t.row(i)
				for j := range n {
					if j == i || pass == 0 && t.f.kind[j] != free || pass == 1 && t.f.kind[j] == free || t.f.kind[j] == free && t.inZ[j] {
						continue
					}
					if v := math.Abs(row[j]); v > best {
						best, bi, bj = v, i, j
					}
				}
			}
		}
		if bi < 0 {
			break
		}
		t.pivotTwo(bi, bj)
	}
	for i := range n {
		if t.f.kind[i] != free || t.inZ[i] {
			continue
		}
		t.dead[i] = true
		row := t.row(i)
		moves := false
		for j := range t.k {
			moves = moves || math.Abs(row[t.theta(j)]) > accuracy
		}
		if moves {
			return false, false
		}
		if math.Abs(row[t.constant()]) > accuracy {
			return false, true
		}
		clear(row)
	}
	return true, false
}

// pivot exchanges w and z of one index, whose diagonal entry is not zero.
func (t *tableau) pivot(i int) {
	row := t.row(i)
	t.shaky = t.shaky || row[i] < shakyPivot
	inv := 1 / row[i]
	row[i] = -1
	for c := range row {
		row[c] *= -inv
	}
	where := t.nonzeros(row)
	for r := range t.f.n {
		if r == i {
			continue
		}
		other := t.row(r)
		v := other[i]
		if v == 0 {
			continue
		}
		other[i] = 0
		axpy(v, row, other, where)
	}
	t.inZ[i] = !t.inZ[i]
	t.pivots++
	t.stale++
}

// pivotTwo exchanges w and z of two indices, whose block of the tableau is not singular.
func (t *tableau) pivotTwo(i, j int) {
	ri, rj := t.row(i), t.row(j)
	a, b, c, d := ri[i], ri[j], rj[i], rj[j]
	det := a*d - b*c
	t.shaky = t.shaky || math.Abs(det) < shakyPivot
	// inverse of the block
	ia, ib, ic, id := d/det, -b/det, -c/det, a/det
	ri[i], ri[j], rj[i], rj[j] = -1, 0, 0, -1
	for k := range ri {
		u, v := ri[k], rj[k]
		if u != 0 || v != 0 {
			ri[k], rj[k] = -(ia*u + ib*v), -(ic*u + id*v)
		}
	}
	for r := range t.f.n {
		t.first[r], t.second[r] = 0, 0
		if r != i && r != j {
			other := t.row(r)
			t.first[r], t.second[r] = other[i], other[j]
			other[i], other[j] = 0, 0
		}
	}
	for _, side := range [2]struct{ row, by []float64 }{{ri, t.first}, {rj, t.second}} {
		where := t.nonzeros(side.row)
		for r, v := range side.by {
			if v != 0 {
				axpy(v, side.row, t.row(r), where)
			}
		}
	}
	t.inZ[i], t.inZ[j] = !t.inZ[i], !t.inZ[j]
	t.pivots += 2
	t.stale += 2
}

// nonzeros lists where a row is not zero, nil where that is nearly everywhere.
func (t *tableau) nonzeros(row []float64) []int32 {
	t.where = t.where[:0]
	for c, v := range row {
		if v != 0 {
			t.where = append(t.where, int32(c))
		}
	}
	if len(t.where) > len(row)*3/5 {
		return nil
	}
	return t.where
}

// axpy is y += v x, where x is not zero.
func axpy(v float64, x, y []float64, where []int32) {
	if where != nil {
		for _, c := range where {
			y[c] += v * x[c]
		}
		return
	}
	y = y[:len(x)]
	for c, u := range x {
		y[c] += v * u
	}
}

// value is the basic variable of index i at a point of θ and t.
func (t *tableau) value(i int, at []float64) float64 {
	row := t.row(i)
	v := row[t.constant()]
	for j, th := range at {
		v += row[t.theta(j)] * th
	}
	return v
}

// size is that of the terms of value.
func (t *tableau) size(i int, at []float64) float64 {
	row := t.row(i)
	v := math.Max(1, math.Abs(row[t.constant()]))
	for j, th := range at {
		v = math.Max(v, math.Abs(row[t.theta(j)]*th))
	}
	return v
}

// answer are the columns of w and z as affine functions of θ.
func (t *tableau) answer() (w, z [][]float64) {
	n := t.f.n
	w, z = make([][]float64, n), make([][]float64, n)
	room := make([]float64, 2*n*(t.k+1))
	for i := range n {
		w[i], z[i] = room[2*i*(t.k+1):(2*i+1)*(t.k+1)], room[(2*i+1)*(t.k+1):(2*i+2)*(t.k+1)]
		to := w[i]
		if t.inZ[i] {
			to = z[i]
		}
		if !t.dead[i] {
			copy(to, t.row(i)[t.constant():t.cover()])
		}
	}
	return w, z
}

// refresh computes the tableau of the basis afresh from the first one. It is false where the basis turns out to be singular.
func (t *tableau) refresh() bool {
	want := slices.Clone(t.inZ)
	pivots := t.pivots
	copy(t.a, t.start)
	copy(t.inZ, t.startZ)
	var left []int
	for i := range want {
		if want[i] != t.inZ[i] {
			left = append(left, i)
		}
	}
	for len(left) > 0 {
		best, bi, bj := pivotLimit, -1, -1
		for x, i := range left {
			if v := math.Abs(t.row(i)[i]); v > best {
				best, bi = v, x
			}
		}
		if bi >= 0 {
			t.pivot(left[bi])
			left = slices.Delete(left, bi, bi+1)
			continue
		}
		for x, i := range left {
			row := t.row(i)
			for y, j := range left {
				if v := math.Abs(row[j]); y != x && v > best {
					best, bi, bj = v, x, y
				}
			}
		}
		if bi < 0 {
			t.pivots, t.stale, t.shaky = pivots, 0, false
			return false
		}
		t.pivotTwo(left[bi], left[bj])
		left = slices.Delete(left, max(bi, bj), max(bi, bj)+1)
		left = slices.Delete(left, min(bi, bj), min(bi, bj)+1)
	}
	t.pivots, t.stale, t.shaky = pivots, 0, false
	return true
}

// reset goes back to the first basis, which is feasible where t is large.
func (t *tableau) reset(theta []float64) {
	copy(t.a, t.start)
	copy(t.inZ, t.startZ)
	t.stale, t.shaky = 0, false
	t.point = append(slices.Clone(theta), 0)
	need := 0.0
	for i := range t.f.n {
		if t.f.kind[i] == pair {
			need = math.Max(need, -t.value(i, t.point))
		}
	}
	t.point[t.k] = 1 + 2*need
}

// residual is that of the affine answers.
func (t *tableau) residual() float64 { return t.f.residual(t.answer()) }

// refine corrects the affine part of the tableau by what it leaves of w = q + Rθ + Mz: a rest d in the row of an index adds d to its w where that is basic, and -d times the column of
// w where it is not.
func (t *tableau) refine() {
	n := t.f.n
	for range 2 {
		w, z := t.answer()
		if t.f.residual(w, z) <= precise {
			return
		}
		for c := range t.k + 1 {
			for i := range n {
				d := t.f.q[i]
				if c > 0 {
					d = t.f.r[i][c-1]
				}
				for _, e := range t.f.m[i] {
					d += e.v * z[e.at][c]
				}
				d -= w[i][c]
				switch {
				case math.Abs(d) < 1e-15 || t.dead[i]:
				case !t.inZ[i]:
					t.row(i)[t.constant()+c] += d
				default:
					for r := range n {
						if v := t.row(r)[i]; v != 0 {
							t.row(r)[t.constant()+c] -= v * d
						}
					}
				}
			}
		}
	}
}
