package expr

import (
	"math"
	"strconv"
)

// unary returns op(x) in floating point.
func unary(op Op, x float64) float64 {
	switch op {
	case OpAbs:
		return math.Abs(x)
	case OpSqrt:
		return math.Sqrt(x)
	case OpExp:
		return math.Exp(x)
	case OpLog:
		return math.Log(x)
	case OpLog10:
		return math.Log10(x)
	case OpSin:
		return math.Sin(x)
	case OpCos:
		return math.Cos(x)
	case OpTan:
		return math.Tan(x)
	case OpAsin:
		return math.Asin(x)
	case OpAcos:
		return math.Acos(x)
	case OpAtan:
		return math.Atan(x)
	case OpSinh:
		return math.Sinh(x)
	case OpCosh:
		return math.Cosh(x)
	case OpTanh:
		return math.Tanh(x)
	case OpAsinh:
		return math.Asinh(x)
	case OpAcosh:
		return math.Acosh(x)
	case OpAtanh:
		return math.Atanh(x)
	case OpFloor:
		return math.Floor(x)
	case OpCeil:
		return math.Ceil(x)
	case OpRound:
		return math.RoundToEven(x)
	case OpTrunc:
		return math.Trunc(x)
	case OpNot:
		return truth(x == 0)
	}
	return math.NaN()
}

// binary returns "x op y" in floating point.
func binary(op Op, x, y float64) float64 {
	switch op {
	case OpMul:
		return x * y
	case OpDiv:
		return x / y
	case OpPow:
		return power(x, y)
	case OpAtan2:
		return math.Atan2(x, y)
	case OpMod:
		return math.Mod(x, y)
	case OpIntDiv:
		return math.Trunc(x / y)
	case OpLess:
		return max(x-y, 0)
	case OpRound:
		return roundDecimals(x, y)
	case OpTrunc:
		return truncDecimals(x, y)
	case OpPrecision:
		return roundDigits(x, y)
	case OpMin:
		return min(x, y)
	case OpMax:
		return max(x, y)
	case OpLT:
		return truth(x < y)
	case OpLE:
		return truth(x <= y)
	case OpEQ:
		return truth(x == y)
	case OpNE:
		return truth(x != y)
	case OpGE:
		return truth(x >= y)
	case OpGT:
		return truth(x > y)
	case OpAnd:
		return truth(x != 0 && y != 0)
	case OpOr:
		return truth(x != 0 || y != 0)
	}
	return math.NaN()
}

func truth(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// maxIntPower is the largest exponent for which repeated multiplication is both
// faster than and as accurate as math.Pow.
const maxIntPower = 32

// power returns x^y. Small integer exponents use multiplication, so they work for
// negative x and are exact where the result is a small integer.
func power(x, y float64) float64 {
	if k := int(y); float64(k) == y && k >= -maxIntPower && k <= maxIntPower {
		return powInt(x, k)
	}
	return math.Pow(x, y)
}

func powInt(x float64, k int) float64 {
	if k < 0 {
		return 1 / powInt(x, -k)
	}
	y := 1.0
	for {
		if k&1 != 0 {
			y *= x
		}
		if k >>= 1; k == 0 {
			return y
		}
		x *= x
	}
}

// roundDecimals rounds x to n decimals; a negative n rounds to tens, hundreds and so on.
func roundDecimals(x, n float64) float64 {
	switch n = math.Trunc(n); {
	case n != n || !isFinite(x):
		return x + n - n
	case n >= 324:
		return x
	case n < -308:
		return 0
	case n < 0:
		unit := math.Pow(10, -n)
		return math.RoundToEven(x/unit) * unit
	case n == 0:
		return math.RoundToEven(x)
	}
	var buf [700]byte
	return parsed(strconv.AppendFloat(buf[:0], x, 'f', int(n), 64))
}

// truncDecimals cuts x off after n decimals.
func truncDecimals(x, n float64) float64 {
	y := roundDecimals(x, n)
	if math.Abs(y) <= math.Abs(x) || y != y {
		return y
	}
	half := 0.5 * math.Pow(10, -math.Trunc(n))
	return roundDecimals(x-math.Copysign(half, x), n)
}

// roundDigits rounds x to n significant digits.
func roundDigits(x, n float64) float64 {
	switch n = math.Trunc(n); {
	case n != n || !isFinite(x):
		return x + n - n
	case n >= 17:
		return x
	case n < 1:
		n = 1
	}
	var buf [64]byte
	return parsed(strconv.AppendFloat(buf[:0], x, 'e', int(n)-1, 64))
}

func parsed(text []byte) float64 {
	v, err := strconv.ParseFloat(string(text), 64)
	if err != nil && !math.IsInf(v, 0) {
		return math.NaN()
	}
	return v
}
