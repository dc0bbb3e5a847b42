package expr

import (
	"math"
	"math/rand/v2"
	"testing"
)

// randomBox has finite, infinite and single-point sides.
func randomBox(rng *rand.Rand, lo, hi float64) Interval {
	a, b := lo+(hi-lo)*rng.Float64(), lo+(hi-lo)*rng.Float64()
	switch rng.IntN(10) {
	case 0:
		return Point(a)
	case 1:
		return Interval{math.Round(a), max(math.Round(b), math.Round(a))}
	case 2:
		return Interval{min(a, b), math.Inf(1)}
	case 3:
		return Interval{math.Inf(-1), max(a, b)}
	}
	return Interval{min(a, b), max(a, b)}
}

// inside returns a random point of a, often an end.
func inside(rng *rand.Rand, a Interval) float64 {
	lo, hi := max(a.Lo, -1e3), min(a.Hi, 1e3)
	switch rng.IntN(8) {
	case 0:
		return lo
	case 1:
		return hi
	}
	return min(hi, lo+(hi-lo)*rng.Float64()*rng.Float64())
}

// Every value at a point of the box is inside the interval, for each operation over
// its domain and beyond.
func TestIntervalContains(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	var ops []operatorCase
	ops = append(ops, operatorCases...)
	for _, op := range []Op{OpLT, OpLE, OpEQ, OpNE, OpGE, OpGT, OpAnd, OpOr, OpRound, OpTrunc, OpPrecision} {
		ops = append(ops, binaryCase(op, -2, 4, nil))
	}
	for _, k := range []float64{-5, -2.5, 0.25, 5, 40, 41, 101.5} {
		ops = append(ops, powCase(formatNumber(k), k, -2, 2))
	}
	for _, c := range ops {
		t.Run(c.name, func(t *testing.T) {
			d := New()
			f := c.build(d, d.Var(0), d.Var(1))
			tape := d.Compile([]Node{f})
			ws := tape.NewWorkspace()
			centre, radius := (c.lo+c.hi)/2, c.hi-c.lo
			out := make([]Interval, 1)
			for range 400 {
				box := []Interval{randomBox(rng, centre-radius, centre+radius), randomBox(rng, centre-radius, centre+radius)}
				got := d.Interval(f, func(v int) Interval { return box[v] })
				tape.Intervals(ws, box, out)
				if got.IsEmpty() != out[0].IsEmpty() {
					t.Fatalf("over %v: %v, compiled %v", box, got, out[0])
				}
				for range 20 {
					x := []float64{inside(rng, box[0]), inside(rng, box[1])}
					v := d.Eval(f, x)
					if v != v || math.IsInf(v, 0) && (x[0] == 0 || x[1] == 0) {
						continue // outside the domain, or at a pole
					}
					if !got.Contains(v) || !out[0].Contains(v) {
						t.Fatalf("%s over %v: %v and %v lack the value %.17g at %v", c.name, box, got, out[0], v, x)
					}
				}
			}
		})
	}
}

func TestIntervalContainsRandomDAGs(t *testing.T) {
	for seed := range uint64(200) {
		g := newGenerator(seed, 3, seed%2 == 0)
		roots := g.functions(30, 3)
		tape := g.d.Compile(roots)
		ws := tape.NewWorkspace()
		out := make([]Interval, len(roots))
		box := []Interval{randomBox(g.Rand, -1, 1), randomBox(g.Rand, -1, 1), randomBox(g.Rand, -3, 3)}
		tape.Intervals(ws, box, out)
		for range 50 {
			x := []float64{inside(g.Rand, box[0]), inside(g.Rand, box[1]), inside(g.Rand, box[2])}
			for k, r := range roots {
				want := g.d.Interval(r, func(v int) Interval { return box[v] })
				if v := g.d.Eval(r, x); v == v && !(out[k].Contains(v) && want.Contains(v)) {
					t.Fatalf("seed %d root %d over %v: %v and %v lack %.17g at %v", seed, k, box, out[k], want, v, x)
				}
			}
		}
	}
}

// Results that are exact stay exact, and signs survive: this is what makes intervals
// useful for convexity and bounds.
func TestIntervalTightness(t *testing.T) {
	d := New()
	x, y := d.Var(0), d.Var(1)
	box := []Interval{{0, 2}, {-1, 3}}
	inf := math.Inf(1)
	for _, c := range []struct {
		name string
		f    Node
		want Interval
	}{
		{"sum", d.Linear(1, []float64{2, -1}, []Node{x, y}), Interval{-2, 6}},
		{"product", d.Mul(x, y), Interval{-2, 6}},
		{"square", d.Square(y), Interval{0, 9}},
		{"sqrt cuts its domain", d.Unary(OpSqrt, d.Sub(d.Scale(2, x), d.Const(0))), Interval{0, 2}},
		{"abs", d.Unary(OpAbs, y), Interval{0, 3}},
		{"quotient by a positive number or 0", d.Div(d.Const(1), x), Interval{0.5, inf}},
		{"log of nothing", d.Unary(OpLog, d.Sub(y, d.Const(4))), Empty},
		{"comparison decided", d.Binary(OpLT, y, d.Const(5)), Interval{1, 1}},
		{"if decided", d.If(d.Binary(OpGT, y, d.Const(5)), x, d.Const(7)), Interval{7, 7}},
		{"if open", d.If(d.Binary(OpGT, y, 0), x, d.Const(7)), Interval{0, 7}},
		{"sine of a whole period", d.Unary(OpSin, d.Scale(5, y)), Interval{-1, 1}},
	} {
		got := d.Interval(c.f, func(v int) Interval { return box[v] })
		if c.want.IsEmpty() && got.IsEmpty() {
			continue
		}
		if got != c.want {
			t.Errorf("%s: got %v, want %v", c.name, got, c.want)
		}
	}
	sine := d.Interval(d.Unary(OpSin, x), func(int) Interval { return Interval{0, 1} })
	if sine.Sign() != SignNonNegative || sine.Hi > math.Sin(1)+1e-15 {
		t.Errorf("sine over [0, 1]: got %v", sine)
	}
}

// Outward rounding is checked against exact arithmetic in higher precision.
func TestIntervalRounding(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	random := func() float64 { return (rng.Float64() - 0.5) * math.Pow(10, float64(rng.IntN(40)-20)) }
	for range 20000 {
		a, b := random(), random()
		if err := contains(Point(a).Add(Point(b)), a, b, '+'); err != "" {
			t.Fatal(err)
		}
		if err := contains(Point(a).Mul(Point(b)), a, b, '*'); err != "" {
			t.Fatal(err)
		}
		if err := contains(Point(a).Div(Point(b)), a, b, '/'); err != "" {
			t.Fatal(err)
		}
	}
	if got := Point(0.5).Add(Point(0.25)); got != Point(0.75) {
		t.Errorf("an exact sum was widened to %v", got)
	}
	if got := Point(0.1).Mul(Point(3)); got.Lo == got.Hi {
		t.Errorf("an inexact product was not widened: %v", got)
	}
}

func TestIntervalSets(t *testing.T) {
	inf := math.Inf(1)
	if Point(math.NaN()) != Everything || !Point(inf).Contains(inf) || Point(inf).Contains(1) || !Point(-inf).Contains(-inf) {
		t.Error("points that are not finite")
	}
	if Empty.Width() != 0 || (Interval{-1, 2}).Width() != 3 || !math.IsInf(Everything.Width(), 1) {
		t.Error("widths")
	}
	a := Interval{1, 2}
	for name, got := range map[string]Interval{
		"add": a.Add(Empty), "mul": Empty.Mul(a), "div": a.Div(Empty), "by zero": a.Div(Interval{}), "min": a.Min(Empty),
		"max": Empty.Max(a), "intersect": a.Intersect(Interval{3, 4}), "exp": intervalUnary(OpExp, Empty), "pow": intervalBinary(OpPow, Empty, a),
	} {
		if !got.IsEmpty() {
			t.Errorf("%s: %v is not empty", name, got)
		}
	}
	if a.Hull(Empty) != a || Empty.Hull(a) != a || a.Hull(Interval{-1, 0}) != (Interval{-1, 2}) {
		t.Error("hulls")
	}
	for want, a := range map[string]Interval{"unknown": {-1, 1}, "non-negative": {0, 1}, "non-positive": {-1, 0}, "zero": {}} {
		if got := a.Sign().String(); got != want {
			t.Errorf("%v is %s, want %s", a, got, want)
		}
	}
	huge := Point(math.MaxFloat64)
	if got := huge.Add(huge); got.Lo != math.MaxFloat64 || !math.IsInf(got.Hi, 1) {
		t.Errorf("overflow: %v", got)
	}
	tiny := Point(math.SmallestNonzeroFloat64)
	if got := tiny.Mul(tiny); got.Lo > 0 || got.Hi <= 0 {
		t.Errorf("underflow: %v", got)
	}
}
