package expr

import "math"

// first returns the derivatives of an instruction that is not a sum with respect to
// its arguments a and b at the values v.
func (in *instr) first(v []float64) (da, db float64) {
	x, y := v[in.a], v[in.dst]
	switch in.op {
	case codeSquare:
		return 2 * x, 0
	case codeCube:
		return 3 * x * x, 0
	case codePowInt:
		return in.k * powInt(x, int(in.b)-1), 0
	case codePowReal:
		return in.k * power(x, in.k-1), 0
	case codeExpBase:
		return y * in.k2, 0
	}
	switch Op(in.op) {
	case OpMul:
		return v[in.b], x
	case OpDiv:
		da = 1 / v[in.b]
		return da, -y * da
	case OpPow:
		da, db, _, _, _ = powPartials(x, v[in.b], y)
	case OpAbs:
		da = 1
		if x < 0 {
			da = -1
		}
	case OpSqrt:
		da = 0.5 / y
	case OpExp:
		da = y
	case OpLog:
		da = 1 / x
	case OpLog10:
		da = log10e / x
	case OpSin:
		da = math.Cos(x)
	case OpCos:
		da = -math.Sin(x)
	case OpTan:
		da = 1 + y*y
	case OpAsin:
		da = 1 / math.Sqrt((1-x)*(1+x))
	case OpAcos:
		da = -1 / math.Sqrt((1-x)*(1+x))
	case OpAtan:
		da = 1 / (1 + x*x)
	case OpSinh:
		da = math.Cosh(x)
	case OpCosh:
		da = math.Sinh(x)
	case OpTanh:
		da = (1 - y) * (1 + y)
	case OpAsinh:
		da = 1 / math.Sqrt(1+x*x)
	case OpAcosh:
		da = 1 / math.Sqrt((x-1)*(x+1))
	case OpAtanh:
		da = 1 / ((1 - x) * (1 + x))
	case OpAtan2:
		b := v[in.b]
		r := x*x + b*b
		return b / r, -x / r
	case OpMod:
		return 1, -math.Trunc(x / v[in.b])
	case OpLess:
		if x >= v[in.b] {
			return 1, -1
		}
	case OpMin:
		return choice(x <= v[in.b])
	case OpMax:
		return choice(x >= v[in.b])
	case OpIf:
		return choice(v[in.c] != 0)
	}
	return da, db
}

func choice(first bool) (da, db float64) {
	if first {
		return 1, 0
	}
	return 0, 1
}

// both returns the first and second derivatives of an instruction that is not a sum.
func (in *instr) both(v []float64) (da, db, daa, dab, dbb float64) {
	x, y := v[in.a], v[in.dst]
	switch in.op {
	case codeSquare:
		return 2 * x, 0, 2, 0, 0
	case codeCube:
		return 3 * x * x, 0, 6 * x, 0, 0
	case codePowInt:
		k, n := in.k, int(in.b)
		p := powInt(x, n-2)
		return k * p * x, 0, k * (k - 1) * p, 0, 0
	case codePowReal:
		k := in.k
		return k * power(x, k-1), 0, k * (k - 1) * power(x, k-2), 0, 0
	case codeExpBase:
		da = y * in.k2
		return da, 0, da * in.k2, 0, 0
	}
	switch Op(in.op) {
	case OpMul:
		return v[in.b], x, 0, 1, 0
	case OpDiv:
		da = 1 / v[in.b]
		db = -y * da
		return da, db, 0, -da * da, -2 * db * da
	case OpPow:
		return powPartials(x, v[in.b], y)
	case OpSqrt:
		da = 0.5 / y
		daa = -0.5 * da / x
	case OpExp:
		da, daa = y, y
	case OpLog:
		da = 1 / x
		daa = -da * da
	case OpLog10:
		da = log10e / x
		daa = -da / x
	case OpSin:
		da, daa = math.Cos(x), -y
	case OpCos:
		da, daa = -math.Sin(x), -y
	case OpTan:
		da = 1 + y*y
		daa = 2 * y * da
	case OpAsin:
		r := (1 - x) * (1 + x)
		da = 1 / math.Sqrt(r)
		daa = x * da / r
	case OpAcos:
		r := (1 - x) * (1 + x)
		da = -1 / math.Sqrt(r)
		daa = x * da / r
	case OpAtan:
		da = 1 / (1 + x*x)
		daa = -2 * x * da * da
	case OpSinh:
		da, daa = math.Cosh(x), y
	case OpCosh:
		da, daa = math.Sinh(x), y
	case OpTanh:
		da = (1 - y) * (1 + y)
		daa = -2 * y * da
	case OpAsinh:
		r := 1 + x*x
		da = 1 / math.Sqrt(r)
		daa = -x * da / r
	case OpAcosh:
		r := (x - 1) * (x + 1)
		da = 1 / math.Sqrt(r)
		daa = -x * da / r
	case OpAtanh:
		da = 1 / ((1 - x) * (1 + x))
		daa = 2 * x * da * da
	case OpAtan2:
		b := v[in.b]
		r := x*x + b*b
		da, db = b/r, -x/r
		return da, db, 2 * da * db, (x*x - b*b) / (r * r), -2 * da * db
	default:
		da, db = in.first(v)
	}
	return da, db, daa, dab, dbb
}

// powPartials returns the derivatives of y = a^b. At a = 0 with b > 0 those with
// respect to b are the limits, zero.
func powPartials(a, b, y float64) (da, db, daa, dab, dbb float64) {
	p := power(a, b-1)
	da = b * p
	daa = b * (b - 1) * power(a, b-2)
	if a == 0 && b > 0 {
		return da, 0, daa, 0, 0
	}
	l := math.Log(a)
	db = y * l
	return da, db, daa, p * (1 + b*l), db * l
}
