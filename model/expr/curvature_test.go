package expr

import (
	"math"
	"math/rand/v2"
	"testing"
)

// The curvature of known functions of x = 0 and y = 1, with the parameters p = 2 in
// [0, 3] and q = 3 in [-2, 2]. What is not claimed to be unknown follows from the
// definition, by hand.
func TestCurvature(t *testing.T) {
	d := New()
	x, y, p, q := d.Var(0), d.Var(1), d.Var(2), d.Var(3)
	c := d.Const
	exp := func(n Node) Node { return d.Unary(OpExp, n) }
	log := func(n Node) Node { return d.Unary(OpLog, n) }
	sqrt := func(n Node) Node { return d.Unary(OpSqrt, n) }
	sq := d.Square
	for _, tc := range []struct {
		name string
		f    Node
		want Curvature
	}{
		{"parameters only", d.Mul(p, exp(q)), Constant},
		{"affine with parameter factors", d.Linear(1, []float64{3, 1}, []Node{d.Mul(q, y), x}), Affine},
		{"p y^2", d.Mul(p, sq(y)), Convex},
		{"q y^2, the sign of q is open", d.Mul(q, sq(y)), Unknown},
		{"-p y^2", d.Scale(-1, d.Mul(p, sq(y))), Concave},
		{"square of affine", sq(d.Linear(1, []float64{2, -3}, []Node{x, d.Mul(q, y)})), Convex},
		{"cube on x >= 0", d.Pow(x, c(3)), Convex},
		{"cube on both signs", d.Pow(y, c(3)), Unknown},
		{"fourth power of a convex function >= 0", d.Pow(d.Add(sq(x), sq(y)), c(4)), Convex},
		{"square of a convex function of both signs", sq(d.Sub(sq(x), c(1))), Unknown},
		{"x^1.5", d.Pow(x, c(1.5)), Convex},
		{"x^0.3", d.Pow(x, c(0.3)), Concave},
		{"1/x on x >= 0", d.Div(c(1), x), Convex},
		{"1/y on both signs", d.Div(c(1), y), Unknown},
		{"q/x", d.Div(q, x), Unknown},
		{"p/x", d.Div(p, x), Convex},
		{"y/(1+p)", d.Div(y, d.Linear(1, nil, []Node{p})), Affine},
		{"exp of convex", exp(sq(y)), Convex},
		{"log of affine", log(d.Add(x, y)), Concave},
		{"log of convex", log(sq(y)), Unknown},
		{"2^y", d.Pow(c(2), y), Convex},
		{"(1+p)^y", d.Pow(d.Linear(1, nil, []Node{p}), y), Convex},
		{"x^(1+p)", d.Pow(x, d.Linear(1, nil, []Node{p})), Convex},
		{"norm", sqrt(d.Linear(1, []float64{1, 4}, []Node{sq(x), sq(d.Sub(x, y))})), Convex},
		{"root of one square", sqrt(sq(y)), Convex},
		{"sqrt of concave", sqrt(d.Sub(x, sq(y))), Concave},
		{"log-sum-exp", log(d.Linear(2, []float64{1, 3}, []Node{exp(x), exp(sq(y))})), Convex},
		{"log of exp minus exp", log(d.Sub(exp(x), exp(y))), Unknown},
		{"square over affine", d.Div(sq(y), d.Linear(1, nil, []Node{x})), Convex},
		{"square over affine of both signs", d.Div(sq(x), y), Unknown},
		{"sum of squares over affine", d.Div(d.Linear(1, []float64{1, 2}, []Node{sq(y), sq(x)}), d.Linear(1, nil, []Node{x})), Convex},
		{"bilinear", d.Mul(x, y), Unknown},
		{"max of convex", d.Max(sq(y), x, exp(y)), Convex},
		{"min of convex", d.Min(sq(y), x), Unknown},
		{"min of affine", d.Min(x, y, c(0)), Concave},
		{"abs of affine", d.Unary(OpAbs, d.Sub(x, y)), Convex},
		{"abs of x >= 0", d.Unary(OpAbs, x), Affine},
		{"less", d.Binary(OpLess, sq(y), x), Convex},
		{"if on a parameter", d.If(d.Binary(OpGT, q, c(0)), sq(y), x), Convex},
		{"if on a variable", d.If(d.Binary(OpGT, y, c(0)), sq(y), x), Unknown},
		{"sin on [0, 2]", d.Unary(OpSin, x), Concave},
		{"cos on [-2, 2]", d.Unary(OpCos, y), Unknown},
		{"tanh on x >= 0", d.Unary(OpTanh, x), Concave},
		{"entropy", d.Mul(x, log(x)), Convex},
		{"entropy of an affine function, with a factor", d.Product(p, d.Add(x, y), log(d.Scale(3, d.Add(x, y)))), Convex},
		{"negative entropy", d.Scale(-2, d.Mul(x, log(x))), Concave},
		{"entropy times a parameter of both signs", d.Product(q, x, log(x)), Unknown},
		{"relative entropy", d.Mul(x, log(d.Div(x, d.Linear(1, nil, []Node{p})))), Convex},
		{"relative to a parameter of both signs", d.Mul(x, log(d.Mul(x, q))), Unknown},
		{"product with another logarithm", d.Mul(x, log(y)), Unknown},
		{"product with the logarithm of a negative multiple", d.Mul(y, log(d.Scale(-1, y))), Unknown},
		{"floor", d.Unary(OpFloor, y), Unknown},
	} {
		got := d.Curvature(tc.f, func(v int) bool { return v < 2 }, curvatureBounds)
		if got != tc.want {
			t.Errorf("%s: got %v, want %v", tc.name, got, tc.want)
		}
	}
	if got := d.Curvature(sq(x), nil, nil); got != Convex {
		t.Errorf("without bounds: got %v", got)
	}
}

func curvatureBounds(v int) (lo, hi float64) {
	b := [][2]float64{{0, 2}, {-2, 2}, {0, 3}, {-2, 2}}[v]
	return b[0], b[1]
}

// composed makes random expressions of the kind the rules are about. Constants are
// few, so that signs often decide.
func composed(rng *rand.Rand, d *DAG) Node {
	pool := []Node{d.Var(0), d.Var(1), d.Var(2), d.Var(3), d.Const(1), d.Const(2)}
	pick := func() Node { return pool[len(pool)-1-rng.IntN(min(len(pool), 8))] }
	coefs := []float64{1, -1, 2, 0.5}
	powers := []float64{2, 3, 4, -1, -2, 0.5, 1.5, -0.5}
	unaries := []Op{OpAbs, OpSqrt, OpExp, OpLog, OpSin, OpCos, OpTan, OpAsin, OpAcos, OpAtan, OpSinh, OpCosh, OpTanh,
		OpAsinh, OpAcosh, OpAtanh, OpFloor}
	for range 1 + rng.IntN(6) {
		a, b := pick(), pick()
		var n Node
		switch rng.IntN(12) {
		case 0, 1, 2:
			n = d.Linear(float64(rng.IntN(3)), []float64{coefs[rng.IntN(4)], coefs[rng.IntN(4)]}, []Node{a, b})
		case 3, 4:
			n = d.Mul(a, b)
		case 5:
			n = d.Div(a, b)
		case 6:
			n = d.Pow(a, d.Const(powers[rng.IntN(len(powers))]))
		case 7:
			n = d.Pow(a, b)
		case 8:
			n = d.Max(a, b)
		case 9:
			n = d.Min(a, b)
		case 10:
			n = d.If(d.Binary(OpLT, d.Var(3), d.Const(0)), a, b)
		default:
			n = d.Unary(unaries[rng.IntN(len(unaries))], a)
		}
		pool = append(pool, n)
	}
	return pool[len(pool)-1]
}

// Whatever is called convex, concave or affine satisfies Jensen's inequality on random
// segments in the own variables with the parameters fixed.
func TestCurvatureIsSound(t *testing.T) {
	rng := rand.New(rand.NewPCG(8, 9))
	claims := map[Curvature]int{}
	for range 60000 {
		d := New()
		f := composed(rng, d)
		c := d.Curvature(f, func(v int) bool { return v < 2 }, curvatureBounds)
		claims[c]++
		if c == Unknown {
			continue
		}
		for range 12 {
			a, b, mid := make([]float64, 4), make([]float64, 4), make([]float64, 4)
			s := rng.Float64()
			for v := range 4 {
				lo, hi := curvatureBounds(v)
				a[v] = lo + (hi-lo)*rng.Float64()
				b[v] = a[v]
				if v < 2 {
					b[v] = lo + (hi-lo)*rng.Float64()
				}
				mid[v] = s*a[v] + (1-s)*b[v]
			}
			fa, fb, fm := everywhere(d, f, a), everywhere(d, f, b), everywhere(d, f, mid)
			if !isFinite(fa) || !isFinite(fb) || !isFinite(fm) {
				continue
			}
			chord := s*fa + (1-s)*fb
			tol := 1e-9 * (1 + math.Abs(fa) + math.Abs(fb))
			if c.IsConvex() && fm > chord+tol || c.IsConcave() && fm < chord-tol || c == Constant && math.Abs(fa-fb) > tol {
				t.Fatalf("%s is called %v, but at %v it is %g and the chord from %v to %v is %g",
					d.String(f, nil), c, mid, fm, a, b, chord)
			}
		}
	}
	for _, c := range []Curvature{Constant, Affine, Convex, Concave} {
		if claims[c] < 500 {
			t.Errorf("only %d random expressions were %v", claims[c], c)
		}
	}
}

// everywhere is the value of n, NaN if any subexpression has no finite value.
func everywhere(d *DAG, n Node, x []float64) float64 {
	s := acquire(d)
	defer s.release()
	v := s.floats(d)
	for _, m := range s.walk(d, n) {
		v[m] = d.evalNode(m, v, x)
		if !isFinite(v[m]) {
			return math.NaN()
		}
	}
	return v[n]
}

func TestDegree(t *testing.T) {
	d := New()
	x, y, p := d.Var(0), d.Var(1), d.Var(2)
	own := func(v int) bool { return v < 2 }
	for _, c := range []struct {
		name string
		f    Node
		want int
	}{
		{"parameter function", d.Unary(OpExp, p), 0},
		{"linear with parameters", d.Div(d.Mul(p, y), d.Unary(OpSin, p)), 1},
		{"product", d.Product(x, y, d.Square(x)), 4},
		{"power of a sum", d.Pow(d.Add(d.Square(x), y), d.Const(5)), 10},
		{"quotient", d.Div(p, x), -1},
		{"exp", d.Unary(OpExp, x), -1},
		{"if on a parameter", d.If(d.Binary(OpGT, p, 0), d.Square(x), y), 2},
		{"if on a variable", d.If(d.Binary(OpGT, x, 0), d.Square(x), y), -1},
	} {
		if got := d.Degree(c.f, own); got != c.want {
			t.Errorf("%s: got %d, want %d", c.name, got, c.want)
		}
	}
}
