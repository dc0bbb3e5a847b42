package expr

import (
	"fmt"
	"math/big"
)

// contains compares an interval with the exact rational result of "a op b"; the
// answer is empty if it is inside.
func contains(got Interval, a, b float64, op byte) string {
	x, y, z := new(big.Rat).SetFloat64(a), new(big.Rat).SetFloat64(b), new(big.Rat)
	switch op {
	case '+':
		z.Add(x, y)
	case '*':
		z.Mul(x, y)
	case '/':
		z.Quo(x, y)
	}
	lo, hi := new(big.Rat).SetFloat64(got.Lo), new(big.Rat).SetFloat64(got.Hi)
	if lo.Cmp(z) > 0 || hi.Cmp(z) < 0 {
		return fmt.Sprintf("%g %c %g = %s is not in %v", a, op, b, z.FloatString(30), got)
	}
	return ""
}
