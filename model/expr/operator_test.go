package expr

import (
	"math"
	"math/rand/v2"
	"testing"
)

// operatorCase is one operation on random arguments between lo and hi.
type operatorCase struct {
	name   string
	build  func(d *DAG, x, y Node) Node
	lo, hi float64
	value  func(x, y float64) float64
}

func unaryCase(op Op, lo, hi float64, f func(float64) float64) operatorCase {
	return operatorCase{
		name:  op.String(),
		build: func(d *DAG, x, _ Node) Node { return d.Unary(op, x) },
		lo:    lo, hi: hi,
		value: func(x, _ float64) float64 { return f(x) },
	}
}

func powCase(name string, k, lo, hi float64) operatorCase {
	return operatorCase{
		name:  name,
		build: func(d *DAG, x, _ Node) Node { return d.Pow(x, d.Const(k)) },
		lo:    lo, hi: hi,
		value: func(x, _ float64) float64 { return math.Pow(x, k) },
	}
}

func binaryCase(op Op, lo, hi float64, f func(x, y float64) float64) operatorCase {
	return operatorCase{
		name:  op.String(),
		build: func(d *DAG, x, y Node) Node { return d.Binary(op, x, y) },
		lo:    lo, hi: hi, value: f,
	}
}

// operatorCases covers every operation that has a derivative. The expected values
// are those of package math.
var operatorCases = []operatorCase{
	{"sum", func(d *DAG, x, y Node) Node { return d.Linear(3, []float64{2, -5}, []Node{x, y}) }, -2, 2,
		func(x, y float64) float64 { return 3 + 2*x - 5*y }},
	{"add", func(d *DAG, x, y Node) Node { return d.Add(x, y) }, -2, 2, func(x, y float64) float64 { return x + y }},
	{"sub", func(d *DAG, x, y Node) Node { return d.Sub(y, x) }, -2, 2, func(x, y float64) float64 { return y - x }},
	{"neg", func(d *DAG, x, y Node) Node { return d.Neg(x) }, -2, 2, func(x, y float64) float64 { return -x }},
	{"mul", func(d *DAG, x, y Node) Node { return d.Mul(x, y) }, -2, 2, func(x, y float64) float64 { return x * y }},
	{"product", func(d *DAG, x, y Node) Node { return d.Product(x, y, d.Unary(OpExp, x), d.Unary(OpSin, y)) }, -2, 2,
		func(x, y float64) float64 { return x * y * math.Exp(x) * math.Sin(y) }},
	binaryCase(OpDiv, 0.5, 2, func(x, y float64) float64 { return x / y }),
	{"quotient", func(d *DAG, x, y Node) Node { return d.Div(d.Const(3), x) }, 0.5, 2, func(x, y float64) float64 { return 3 / x }},
	powCase("square", 2, -2, 2), powCase("cube", 3, -2, 2), powCase("fourth", 4, -2, 2),
	powCase("seventh", 7, -2, 2), powCase("thirty-third", 33, -1.1, 1.1),
	powCase("inverse", -1, 0.5, 2), powCase("inverse square", -2, -2, -0.5), powCase("inverse cube", -3, 0.5, 2),
	powCase("power 1.5", 1.5, 0.5, 2), powCase("power -0.7", -0.7, 0.5, 2),
	binaryCase(OpPow, 0.5, 2, math.Pow),
	{"base", func(d *DAG, x, y Node) Node { return d.Pow(d.Const(2.5), x) }, -2, 2, func(x, y float64) float64 { return math.Pow(2.5, x) }},
	{"x^x", func(d *DAG, x, y Node) Node { return d.Pow(x, x) }, 0.5, 2, func(x, y float64) float64 { return math.Pow(x, x) }},
	{"atan2(x,x)", func(d *DAG, x, y Node) Node { return d.Binary(OpAtan2, x, x) }, 0.5, 2, func(x, y float64) float64 { return math.Pi / 4 }},

	unaryCase(OpAbs, -2, 2, math.Abs), unaryCase(OpSqrt, 0.1, 3, math.Sqrt), unaryCase(OpExp, -2, 2, math.Exp),
	unaryCase(OpLog, 0.1, 3, math.Log), unaryCase(OpLog10, 0.1, 3, math.Log10), unaryCase(OpSin, -4, 4, math.Sin),
	unaryCase(OpCos, -4, 4, math.Cos), unaryCase(OpTan, -1.2, 1.2, math.Tan), unaryCase(OpAsin, -0.9, 0.9, math.Asin),
	unaryCase(OpAcos, -0.9, 0.9, math.Acos), unaryCase(OpAtan, -3, 3, math.Atan), unaryCase(OpSinh, -2, 2, math.Sinh),
	unaryCase(OpCosh, -2, 2, math.Cosh), unaryCase(OpTanh, -2, 2, math.Tanh), unaryCase(OpAsinh, -3, 3, math.Asinh),
	unaryCase(OpAcosh, 1.2, 4, math.Acosh), unaryCase(OpAtanh, -0.9, 0.9, math.Atanh),
	unaryCase(OpFloor, -4, 4, math.Floor), unaryCase(OpCeil, -4, 4, math.Ceil),
	unaryCase(OpRound, -4, 4, math.RoundToEven), unaryCase(OpTrunc, -4, 4, math.Trunc),

	binaryCase(OpAtan2, -2, 2, math.Atan2),
	binaryCase(OpMod, 0.3, 4, math.Mod),
	binaryCase(OpIntDiv, 0.3, 4, func(x, y float64) float64 { return math.Trunc(x / y) }),
	binaryCase(OpLess, -2, 2, func(x, y float64) float64 { return max(x-y, 0) }),
	{"min", func(d *DAG, x, y Node) Node { return d.Min(d.Square(x), y, d.Const(1.5)) }, -2, 2,
		func(x, y float64) float64 { return min(x*x, y, 1.5) }},
	{"max", func(d *DAG, x, y Node) Node { return d.Max(d.Square(x), d.Square(y)) }, -2, 2,
		func(x, y float64) float64 { return max(x*x, y*y) }},
	{"if", func(d *DAG, x, y Node) Node {
		return d.If(d.Binary(OpAnd, d.Binary(OpLT, x, y), d.Not(d.Binary(OpGE, y, d.Const(1)))), d.Unary(OpExp, x), d.Mul(x, y))
	}, -2, 2, func(x, y float64) float64 {
		if x < y && y < 1 {
			return math.Exp(x)
		}
		return x * y
	}},
	{"guarded log", func(d *DAG, x, y Node) Node {
		return d.If(d.Binary(OpGT, x, 0), d.Mul(y, d.Unary(OpLog, x)), d.Square(y))
	}, -2, 2, func(x, y float64) float64 {
		if x > 0 {
			return y * math.Log(x)
		}
		return y * y
	}},
}

// Values agree with package math, first derivatives with central differences, and all
// modes with each other.
func TestOperators(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for _, c := range operatorCases {
		t.Run(c.name, func(t *testing.T) {
			d := New()
			x, y := d.Var(0), d.Var(1)
			f := c.build(d, x, y)
			// The operation alone, and inside others so that edges are pushed through it.
			nested := d.Mul(d.Unary(OpExp, d.Scale(0.1, f)), d.Add(x, d.Mul(y, f)))
			grad := d.Gradient(f, []int{0, 1})
			for range 40 {
				p := []float64{c.lo + (c.hi-c.lo)*rng.Float64(), c.lo + (c.hi-c.lo)*rng.Float64()}
				near(t, "value", d.Eval(f, p), c.value(p[0], p[1]), 0, 1e-14)
				for i, g := range grad {
					const h = 1e-5
					q, r := []float64{p[0], p[1]}, []float64{p[0], p[1]}
					q[i] += h
					r[i] -= h
					fq, fr := c.value(q[0], q[1]), c.value(r[0], r[1])
					difference := (fq - fr) / (2 * h)
					mid := c.value(p[0], p[1])
					if math.Abs(fq-2*mid+fr) > 1e-6 {
						continue // a kink or a jump between the two points
					}
					near(t, "derivative", d.Eval(g, p), difference, 0, 1e-6)
				}
				checkModes(t, d, []Node{f, nested}, p, 1e-10)
				if t.Failed() {
					t.Fatalf("at %v", p)
				}
			}
		})
	}
}

// Every operation is in the table, so that a new one cannot be forgotten.
func TestOperatorsComplete(t *testing.T) {
	seen := map[Op]bool{OpConst: true, OpPrecision: true}
	for _, c := range operatorCases {
		d := New()
		n := c.build(d, d.Var(0), d.Var(1))
		s := acquire(d)
		for _, m := range s.walk(d, n) {
			seen[d.Op(m)] = true
		}
		s.release()
	}
	for op := range numOps {
		if !seen[op] && !op.IsLogical() {
			t.Errorf("no case for %v", op)
		}
	}
}

// The derivative at a kink is the documented one, in both forms.
func TestKinks(t *testing.T) {
	d := New()
	x, y := d.Var(0), d.Var(1)
	for _, c := range []struct {
		name string
		f    Node
		at   [2]float64
		want [2]float64
	}{
		{"abs at 0 is +1", d.Unary(OpAbs, x), [2]float64{0, 0}, [2]float64{1, 0}},
		{"min tie takes the first", d.Min(x, y), [2]float64{1, 1}, [2]float64{1, 0}},
		{"max tie takes the first", d.Max(x, y), [2]float64{1, 1}, [2]float64{1, 0}},
		{"min of three, tie of the last two", d.Min(x, y, d.Const(5)), [2]float64{7, 5}, [2]float64{0, 1}},
		{"less at equality", d.Binary(OpLess, x, y), [2]float64{2, 2}, [2]float64{1, -1}},
		{"mod", d.Binary(OpMod, x, y), [2]float64{7, 2}, [2]float64{1, -3}},
		{"sqrt at 0 is infinite", d.Unary(OpSqrt, x), [2]float64{0, 0}, [2]float64{math.Inf(1), 0}},
		{"branch not taken", d.If(d.Binary(OpGT, x, 0), d.Unary(OpSqrt, x), y), [2]float64{-1, 0}, [2]float64{0, 1}},
		{"max hides an infinite slope", d.Max(d.Unary(OpSqrt, x), d.Const(1)), [2]float64{0, 0}, [2]float64{0, 0}},
	} {
		g := d.Gradient(c.f, []int{0, 1})
		tape := d.Compile([]Node{c.f})
		got := make([]float64, 2)
		tape.Gradient(tape.NewWorkspace(), c.at[:], []float64{1}, got)
		for i := range got {
			if got[i] != c.want[i] || d.Eval(g[i], c.at[:]) != c.want[i] {
				t.Errorf("%s: derivative %d: tape %g, symbolic %g, want %g", c.name, i, got[i], d.Eval(g[i], c.at[:]), c.want[i])
			}
		}
	}
}

// Values of what AMPL defines and package math does not.
func TestAMPLValues(t *testing.T) {
	d := New()
	c := d.Const
	for _, tc := range []struct {
		name string
		n    Node
		want float64
	}{
		{"0^0", d.Pow(0, 0), 1},
		{"(-2)^3", d.Pow(c(-2), c(3)), -8},
		{"(-2)^(-2)", d.Pow(c(-2), c(-2)), 0.25},
		{"10^2 is exact", d.Pow(c(10), c(2)), 100},
		{"-7 mod 3", d.Binary(OpMod, c(-7), c(3)), -1},
		{"7 mod -3", d.Binary(OpMod, c(7), c(-3)), 1},
		{"-7 div 2", d.Binary(OpIntDiv, c(-7), c(2)), -3},
		{"3 less 5", d.Binary(OpLess, c(3), c(5)), 0},
		{"round(2.5)", d.Unary(OpRound, c(2.5)), 2},
		{"round(2.345, 2)", d.Binary(OpRound, c(2.345), c(2)), 2.35}, // 2.345 is stored a little above
		{"round(1234, -2)", d.Binary(OpRound, c(1234), c(-2)), 1200},
		{"trunc(-2.79)", d.Unary(OpTrunc, c(-2.79)), -2},
		{"trunc(2.79, 1)", d.Binary(OpTrunc, c(2.79), c(1)), 2.7},
		{"trunc(-2.79, 1)", d.Binary(OpTrunc, c(-2.79), c(1)), -2.7},
		{"precision(123456, 3)", d.Binary(OpPrecision, c(123456), c(3)), 123000},
		{"not 0.5", d.Not(c(0.5)), 0},
		{"2 and 3", d.Binary(OpAnd, c(2), c(3)), 1},
		{"0 or -1", d.Binary(OpOr, 0, c(-1)), 1},
		{"atan2(1, -1)", d.Binary(OpAtan2, c(1), c(-1)), 3 * math.Pi / 4},
	} {
		if got := d.Eval(tc.n, nil); got != tc.want {
			t.Errorf("%s: got %.17g, want %.17g", tc.name, got, tc.want)
		}
	}
	for _, n := range []Node{d.Unary(OpLog, c(-1)), d.Unary(OpSqrt, c(-1)), d.Div(0, 0), d.Pow(c(-1), c(0.5)), d.Var(3)} {
		if v := d.Eval(n, nil); !math.IsNaN(v) {
			t.Errorf("%s is %g, want NaN", d.String(n, nil), v)
		}
	}
}
