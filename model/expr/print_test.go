package expr

import (
	"errors"
	"strings"
	"testing"
)

func TestString(t *testing.T) {
	d := New()
	x, y, z := d.Var(0), d.Var(1), d.Var(2)
	c := d.Const
	name := func(v int) string { return []string{"x", "y", "z"}[v] }
	lt := d.Binary(OpLT, x, y)
	for _, tc := range []struct {
		n    Node
		want string
	}{
		{0, "0"},
		{c(-2.5), "-2.5"},
		{c(1e-20), "1e-20"},
		{c(0.1), "0.1"},
		{d.Linear(3, []float64{1, -2.5}, []Node{x, y}), "x - 2.5*y + 3"},
		{d.Linear(1, []float64{-1}, []Node{x}), "1 - x"},
		{d.Neg(x), "-x"},
		{d.Neg(d.Square(x)), "-x^2"},
		{d.Square(d.Neg(x)), "x^2"},
		{d.Pow(d.Add(x, y), c(3)), "(x + y)^3"},
		{d.Pow(c(-2), x), "(-2)^x"},
		{d.Pow(x, c(-2)), "x^(-2)"},
		{d.Pow(d.Pow(x, y), z), "(x^y)^z"},
		{d.Pow(x, d.Pow(y, z)), "x^(y^z)"},
		{d.Mul(x, d.Add(y, z)), "x*(y + z)"},
		{d.Scale(3, d.Mul(x, y)), "3*x*y"},
		{d.Div(x, d.Mul(y, z)), "x/(y*z)"},
		{d.Div(d.Mul(x, y), z), "x*y/z"},
		{d.Div(x, d.Div(y, z)), "x/(y/z)"},
		{d.Sub(x, d.Binary(OpMod, y, z)), "x - y mod z"},
		{d.Mul(x, d.Binary(OpMod, y, z)), "x*(y mod z)"},
		{d.Scale(2, d.Binary(OpIntDiv, y, z)), "2*(y div z)"},
		{d.Add(x, d.Binary(OpLess, y, z)), "x + (y less z)"},
		{d.Unary(OpLog10, d.Unary(OpAbs, x)), "log10(abs(x))"},
		{d.Binary(OpAtan2, c(-1), x), "atan2(-1, x)"},
		{d.Binary(OpRound, x, c(2)), "round(x, 2)"},
		{d.Max(x, y, c(1)), "max(x, y, 1)"},
		{d.If(lt, x, d.Add(y, z)), "if x < y then x else y + z"},
		{d.Add(d.If(lt, x, y), z), "z + (if x < y then x else y)"},
		{d.If(lt, d.If(d.Binary(OpLE, y, z), x, y), d.If(d.Binary(OpNE, x, z), y, z)),
			"if x < y then (if y <= z then x else y) else if x <> z then y else z"},
		{d.If(d.Binary(OpOr, d.Binary(OpAnd, lt, d.Not(d.Binary(OpEQ, y, z))), x), c(1), 0),
			"if x <> 0 or x < y and not (y = z) then 1 else 0"},
		{d.Mul(x, lt), "x*(if x < y then 1 else 0)"},
	} {
		if got := d.String(tc.n, name); got != tc.want {
			t.Errorf("got %q, want %q", got, tc.want)
		}
	}
}

// Shared subexpressions can be named; without names an expression that would explode
// is refused, not written for hours.
func TestPrintShared(t *testing.T) {
	d := New()
	n := d.Var(0)
	for range 60 {
		n = d.Mul(d.Unary(OpSin, n), d.Unary(OpCos, n))
	}
	var b strings.Builder
	if err := d.Print(&b, n, nil, nil); !errors.Is(err, ErrTooLong) {
		t.Errorf("2^60 operations: error %v", err)
	}
	if s := d.String(n, nil); !strings.Contains(s, "too long") {
		t.Errorf("String gave %.50q", s)
	}

	x, y := d.Var(0), d.Var(1)
	s := d.Unary(OpExp, d.Add(x, y))
	f, g := d.Add(d.Square(s), d.Neg(x)), d.Mul(s, y)
	shared := d.Shared([]Node{f, g})
	if len(shared) != 1 || shared[0] != s {
		t.Fatalf("shared nodes %v, want only %v", shared, s)
	}
	names := map[Node]string{s: "e1"}
	for _, tc := range []struct {
		n    Node
		want string
	}{
		{s, "exp(x[0] + x[1])"}, {f, "e1^2 - x[0]"}, {g, "x[1]*e1"},
		{d.If(s, x, y), "if e1 <> 0 then x[0] else x[1]"},
	} {
		b.Reset()
		if err := d.Print(&b, tc.n, nil, names); err != nil || b.String() != tc.want {
			t.Errorf("got %q, %v, want %q", b.String(), err, tc.want)
		}
	}
	if err := d.Print(failingWriter{}, f, nil, nil); !errors.Is(err, errFull) {
		t.Errorf("the writer's error became %v", err)
	}
}

var errFull = errors.New("full")

type failingWriter struct{}

func (failingWriter) Write([]byte) (int, error) { return 0, errFull }
