package lpsolve

import (
	"fmt"
	"math"
)

// indivisible names a constraint that no integers satisfy: an equation over integer variables whose coefficients have a common divisor
// that does not divide the right-hand side. A tree search over variables without bounds would never find out. "" where there is none.
func (l *lowered) indivisible() string {
	if l.integer == nil {
		return ""
	}
	divisor := make([]float64, len(l.rowLo)) // 0: no term yet, -1: not a row to look at
	for i := range divisor {
		if l.rowLo[i] != l.rowHi[i] || l.rowLo[i] != math.Trunc(l.rowLo[i]) {
			divisor[i] = -1
		}
	}
	for j := range l.cost {
		for k := l.start[j]; k < l.start[j+1]; k++ {
			i, v := l.index[k], math.Abs(l.value[k])
			switch {
			case divisor[i] < 0:
			case !l.integer[j] || v != math.Trunc(v) || v > 1<<50:
				divisor[i] = -1
			default:
				divisor[i] = greatestDivisor(divisor[i], v)
			}
		}
	}
	for i, row := range l.rowOf {
		if row >= 0 && divisor[row] > 1 && math.Mod(l.rowLo[row], divisor[row]) != 0 {
			return fmt.Sprintf("constraint %s: its coefficients are multiples of %v, and its right-hand side is not", l.m.RowName(i), divisor[row])
		}
	}
	return ""
}

func greatestDivisor(a, b float64) float64 {
	for b != 0 {
		a, b = b, math.Mod(a, b)
	}
	return a
}
