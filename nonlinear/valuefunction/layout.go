package valuefunction

import (
	"math"

	"github.com/gobilevel/bilevel/model/smooth"
)

// side is a slack that is not negative: v - bound (sign 1) or bound - v (sign -1), where v is a variable or the value of a row.
type side struct {
	row   bool
	index int32
	sign  float64
	bound float64 // scaled
	inner bool    // of the follower's constraints at z
}

// layout says which unknowns and equations a system has. Variables with equal bounds are constants. The unknowns are, in this order,
//
//	x and y, z (square system only), multipliers of equations, multipliers of sides, √λ where that is free.
//
// In the reduced system the columns of z are those of y.
type layout struct {
	p       *Problem
	prog    smooth.Program
	reduced bool
	free    bool // λ is an unknown

	vars  []int32 // the variables of the program that are unknowns, ascending
	place []int32 // by variable of the program: its column, -1 where it is fixed
	own   []int32 // by variable z of the program in the reduced system: the number of its equation -L_z/λ = 0, else -1
	nOwn  int
	eqs   []int32 // rows that are equations
	keep  []int32 // the equations of eqs that are equations of the system: in the reduced one those at z say nothing new
	sides []side
	fixed []float64 // by variable: the value of a fixed one
	cross string    // why no point satisfies the bounds, "" where some may

	scale    float64 // of the objectives of both levels
	rowScale []float64

	jacRows, jacCols   []int32
	jacStart           []int32
	hessRows, hessCols []int32
}

func newLayout(p *Problem, prog smooth.Program, reduced, free bool) *layout {
	n, m := prog.NumVars(), prog.NumRows()
	l := &layout{p: p, prog: prog, reduced: reduced, free: free, place: make([]int32, n), own: make([]int32, n), fixed: make([]float64, n),
		scale: 1, rowScale: make([]float64, m)}
	lo, hi := prog.Bounds()
	for j := range n {
		l.place[j], l.own[j] = -1, -1
		switch {
		case lo[j] > hi[j]:
			l.cross = "the bounds of a variable contradict one another"
		case lo[j] == hi[j]:
			l.fixed[j] = lo[j]
		case reduced && p.of[j] >= 0:
			l.place[j], l.own[j] = l.place[p.of[j]], int32(l.nOwn)
			l.nOwn++
		default:
			l.place[j] = int32(len(l.vars))
			l.vars = append(l.vars, int32(j))
		}
	}
	rlo, rhi := prog.RowBounds()
	for r := range m {
		l.rowScale[r] = 1
		switch {
		case rlo[r] > rhi[r]:
			l.cross = "the sides of a constraint contradict one another"
		case rlo[r] == rhi[r]:
			if !reduced || !p.inner[r] {
				l.keep = append(l.keep, int32(len(l.eqs)))
			}
			l.eqs = append(l.eqs, int32(r))
		}
	}
	l.takeSides(lo, hi, rlo, rhi)
	l.jacRows, l.jacCols = prog.JacobianPattern()
	l.hessRows, l.hessCols = prog.HessianPattern()
	l.jacStart = make([]int32, m+1)
	for _, r := range l.jacRows {
		l.jacStart[r+1]++
	}
	for r := range m {
		l.jacStart[r+1] += l.jacStart[r]
	}
	return l
}

// takeSides lists the finite bounds that are not equations: of variables, then of rows.
func (l *layout) takeSides(lo, hi, rlo, rhi []float64) {
	take := func(row bool, index int, lower, upper float64, inner bool) {
		if lower == upper {
			return
		}
		if !math.IsInf(lower, -1) {
			l.sides = append(l.sides, side{row, int32(index), 1, lower, inner})
		}
		if !math.IsInf(upper, 1) {
			l.sides = append(l.sides, side{row, int32(index), -1, upper, inner})
		}
	}
	for j := range lo {
		take(false, j, lo[j], hi[j], l.p.of[j] >= 0)
	}
	for r := range rlo {
		take(true, r, rlo[r], rhi[r], l.p.inner[r])
	}
}

// Where the blocks of unknowns begin.
func (l *layout) atEqs() int   { return len(l.vars) }
func (l *layout) atSides() int { return l.atEqs() + len(l.eqs) }
func (l *layout) atRoot() int  { return l.atSides() + len(l.sides) }

func (l *layout) unknowns() int {
	if l.free {
		return l.atRoot() + 1
	}
	return l.atRoot()
}

func (l *layout) equations() int { return len(l.vars) + l.nOwn + len(l.keep) + len(l.sides) }

// full stores the point of the program that belongs to the unknowns.
func (l *layout) full(w, x []float64) {
	copy(x, l.fixed)
	for j, k := range l.place {
		if k >= 0 {
			x[j] = w[k]
		}
	}
}

// scaleLimit is the size of derivatives up to which nothing is scaled, scaleLeast the smallest scale.
const (
	scaleLimit = 100
	scaleLeast = 1e-6
)

// setScales divides the objectives and each row by what their largest derivative at v exceeds scaleLimit by. A constraint at z has the
// scale of the constraint at y, so that equal multipliers mean the same.
func (l *layout) setScales(v *values) {
	scale := func(size float64) float64 {
		if !(size > scaleLimit) || math.IsInf(size, 1) {
			return 1
		}
		return max(scaleLeast, scaleLimit/size)
	}
	size := func(r int32) float64 {
		s := 0.0
		for k := l.jacStart[r]; k < l.jacStart[r+1]; k++ {
			if l.place[l.jacCols[k]] >= 0 {
				s = max(s, math.Abs(v.jac[k]))
			}
		}
		return s
	}
	largest := 0.0
	for _, j := range l.vars {
		largest = max(largest, math.Abs(v.grad[j]))
	}
	for _, r := range l.p.gaps {
		largest = max(largest, size(r))
	}
	l.scale = scale(largest)
	for r := range l.rowScale {
		if o := l.p.rowOf[r]; o >= 0 {
			l.rowScale[r] = l.rowScale[o]
		} else {
			l.rowScale[r] = scale(size(int32(r)))
		}
	}
	for _, r := range l.p.gaps {
		l.rowScale[r] = l.scale
	}
	for i := range l.sides {
		if s := &l.sides[i]; s.row {
			s.bound *= l.rowScale[s.index]
		}
	}
}
