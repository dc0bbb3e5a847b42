package mstationary

import (
	"math"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/smooth"
)

// side is a slack: v - bound (sign 1) or bound - v (sign -1), where v is a variable or the value of a row.
type side struct {
	row   bool
	index int32 // of the row, or of the variable in the program
	sign  float64
	bound float64 // scaled
}

// layout says which unknowns and equations the system of a program has. Variables with equal bounds are constants, and a pair of which a
// member is zero by its bounds asks only for the other member to be non-negative. The unknowns are, in this order,
//
//	x (free variables), μ (rows that are equations), p (sides that are no member of a pair), ν_G,1, ν_H,1, ν_G,2, ...
type layout struct {
	prog   smooth.Program
	n, m   int
	free   []int32 // the variables that are not fixed
	place  []int32 // by variable: its number among the free ones, -1: fixed
	eqs    []int32 // rows that are equations
	sides  []side
	pairs  [][2]side
	live   []int     // by pair here: its number in the call
	fixed  []float64 // by variable: the value of a fixed one
	cross  int       // a variable or row with lower > upper, -1: none
	crossR bool      // whether cross is a row

	objScale float64
	rowScale []float64

	jacRows, jacCols   []int32
	jacStart           []int32 // by row: its first entry
	hessRows, hessCols []int32
}

// newLayout arranges the system. The scales are 1 until setScales.
func newLayout(p smooth.Program, pairs []model.Pair) *layout {
	l := &layout{prog: p, n: p.NumVars(), m: p.NumRows(), cross: -1, objScale: 1}
	lo, hi := p.Bounds()
	rlo, rhi := p.RowBounds()
	l.place, l.fixed = make([]int32, l.n), make([]float64, l.n)
	for j := range l.place {
		l.place[j] = -1
		switch {
		case lo[j] > hi[j] && l.cross < 0:
			l.cross = j
		case lo[j] == hi[j]:
			l.fixed[j] = lo[j]
		default:
			l.place[j] = int32(len(l.free))
			l.free = append(l.free, int32(j))
		}
	}
	for r := range l.m {
		if rlo[r] > rhi[r] && l.cross < 0 {
			l.cross, l.crossR = r, true
		}
		if rlo[r] == rhi[r] {
			l.eqs = append(l.eqs, int32(r))
		}
	}
	l.rowScale = make([]float64, l.m)
	for r := range l.rowScale {
		l.rowScale[r] = 1
	}
	l.jacRows, l.jacCols = p.JacobianPattern()
	l.hessRows, l.hessCols = p.HessianPattern()
	l.jacStart = make([]int32, l.m+1)
	for _, r := range l.jacRows {
		l.jacStart[r+1]++
	}
	for r := range l.m {
		l.jacStart[r+1] += l.jacStart[r]
	}
	l.takePairs(pairs, lo, hi, rlo, rhi)
	return l
}

// takePairs lists the pairs that have to be enforced and the sides that are members of none of them.
func (l *layout) takePairs(pairs []model.Pair, lo, hi, rlo, rhi []float64) {
	member := map[model.Member]bool{}
	zero := func(s model.Member) bool {
		if s.Row {
			return rlo[s.Index] == rhi[s.Index]
		}
		return lo[s.Index] == hi[s.Index]
	}
	take := func(s model.Member) side {
		lower, upper := lo, hi
		if s.Row {
			lower, upper = rlo, rhi
		}
		if s.Side == model.AtLower {
			return side{s.Row, s.Index, 1, lower[s.Index]}
		}
		return side{s.Row, s.Index, -1, upper[s.Index]}
	}
	for k, p := range pairs {
		if zero(p.A) || zero(p.B) {
			continue
		}
		member[p.A], member[p.B] = true, true
		l.pairs = append(l.pairs, [2]side{take(p.A), take(p.B)})
		l.live = append(l.live, k)
	}
	ordinary := func(row bool, count int, lower, upper []float64) {
		for j := range count {
			if lower[j] == upper[j] {
				continue
			}
			for _, s := range []model.Side{model.AtLower, model.AtUpper} {
				bound := lower[j]
				if s == model.AtUpper {
					bound = upper[j]
				}
				if mem := (model.Member{Row: row, Index: int32(j), Side: s}); !math.IsInf(bound, 0) && !member[mem] {
					l.sides = append(l.sides, take(mem))
				}
			}
		}
	}
	ordinary(false, l.n, lo, hi)
	ordinary(true, l.m, rlo, rhi)
}

// Where the blocks of unknowns begin.
func (l *layout) atMu() int       { return len(l.free) }
func (l *layout) atP() int        { return len(l.free) + len(l.eqs) }
func (l *layout) atNu() int       { return l.atP() + len(l.sides) }
func (l *layout) unknowns() int   { return l.atNu() + 2*len(l.pairs) }
func (l *layout) nu(k, i int) int { return l.atNu() + 2*k + i }

// full stores the point of the program that belongs to the unknowns.
func (l *layout) full(w, x []float64) {
	copy(x, l.fixed)
	for k, j := range l.free {
		x[j] = w[k]
	}
}

// scaleLimit is the size of derivatives up to which nothing is scaled, scaleLeast the smallest scale.
const (
	scaleLimit = 100
	scaleLeast = 1e-8
)

// setScales divides the objective and each row by what its largest derivative at v exceeds scaleLimit by.
func (l *layout) setScales(v *values) {
	scale := func(size float64) float64 {
		if !(size > scaleLimit) || math.IsInf(size, 1) {
			return 1
		}
		return max(scaleLeast, scaleLimit/size)
	}
	size := 0.0
	for _, j := range l.free {
		size = max(size, math.Abs(v.grad[j]))
	}
	l.objScale = scale(size)
	for r := range l.m {
		size := 0.0
		for k := l.jacStart[r]; k < l.jacStart[r+1]; k++ {
			if l.place[l.jacCols[k]] >= 0 {
				size = max(size, math.Abs(v.jac[k]))
			}
		}
		l.rowScale[r] = scale(size)
	}
	rescale := func(s *side) {
		if s.row {
			s.bound *= l.rowScale[s.index]
		}
	}
	for i := range l.sides {
		rescale(&l.sides[i])
	}
	for k := range l.pairs {
		rescale(&l.pairs[k][0])
		rescale(&l.pairs[k][1])
	}
}
