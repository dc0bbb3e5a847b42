package stationarity

import (
	"math"

	"github.com/gobilevel/bilevel/model"
)

// Branch is one way in which a complementarity pair can hold.
type Branch uint8

// The branches: the first two of a standard pair 0 <= A ⟂ B >= 0, the others of a mixed pair lo <= A <= hi ⟂ B.
const (
	FirstZero    Branch = iota // A = 0 <= B
	SecondZero                 // B = 0 <= A
	RangeAtLower               // A = lo, B >= 0; where lo = hi, B is free
	RangeAtUpper               // A = hi, B <= 0
	ValueZero                  // lo <= A <= hi, B = 0
)

var branchNames = [...]string{"first zero", "second zero", "range at lower bound", "range at upper bound", "value zero"}

func (b Branch) String() string { return branchNames[b] }

// Bounded is what has bounds that can be changed, a *smooth.Compiled for instance.
type Bounded interface {
	Bounds() (lower, upper []float64)
	RowBounds() (lower, upper []float64)
	SetBounds(j int, lower, upper float64)
	SetRowBounds(r int, lower, upper float64)
}

// Restrict narrows the bounds of a program to those points where the pair holds in the way of the branch. With one branch for every pair
// the program is a smooth one without complementarity, whose points are points of the MPCC.
func (b Branch) Restrict(prog Bounded, pair model.Pair) {
	alo, ahi := boundsOf(prog, pair.A)
	lo, hi := boundsOf(prog, pair.B)
	switch b {
	case FirstZero:
		setBounds(prog, pair.A, zeroOf(pair.A.Side, alo, ahi))
	case SecondZero:
		setBounds(prog, pair.B, zeroOf(pair.B.Side, lo, hi))
	case RangeAtLower:
		if alo != ahi {
			setBounds(prog, pair.A, [2]float64{alo, alo})
			setBounds(prog, pair.B, [2]float64{math.Max(lo, 0), hi})
		}
	case RangeAtUpper:
		if alo != ahi {
			setBounds(prog, pair.A, [2]float64{ahi, ahi})
			setBounds(prog, pair.B, [2]float64{lo, math.Min(hi, 0)})
		}
	case ValueZero:
		setBounds(prog, pair.B, [2]float64{math.Max(lo, 0), math.Min(hi, 0)})
	}
}

// zeroOf are the bounds of a quantity whose slack on a side is zero.
func zeroOf(side model.Side, lo, hi float64) [2]float64 {
	if side == model.AtUpper {
		return [2]float64{hi, hi}
	}
	return [2]float64{lo, lo}
}

func boundsOf(prog Bounded, s model.Member) (lo, hi float64) {
	lower, upper := prog.Bounds()
	if s.Row {
		lower, upper = prog.RowBounds()
	}
	return lower[s.Index], upper[s.Index]
}

func setBounds(prog Bounded, s model.Member, to [2]float64) {
	if s.Row {
		prog.SetRowBounds(int(s.Index), to[0], to[1])
	} else {
		prog.SetBounds(int(s.Index), to[0], to[1])
	}
}
