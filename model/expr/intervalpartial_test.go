package expr

import (
	"math"
	"testing"
)

// TestConditionsOnWhatIsNoNumber takes the branch that evaluation takes where a condition has no value: a comparison is false there, a number that is none
// counts as true.
func TestConditionsOnWhatIsNoNumber(t *testing.T) {
	d := New()
	x := d.Var(0)
	acos := d.Unary(OpAcos, x)
	compared := d.If(d.Binary(OpGE, acos, d.Const(0)), acos, d.Const(-7))
	logical := d.Sum(d.Not(d.Binary(OpGE, d.Unary(OpSqrt, x), d.Const(0))), x)
	// 0 where x >= 0 and no number elsewhere.
	zero := d.Mul(d.Unary(OpFloor, d.Div(x, d.Const(1e9))), d.Unary(OpSqrt, x))
	number := d.If(zero, d.Const(5), d.Const(6))
	box := []Interval{{-2, 2}}
	for _, n := range []Node{compared, logical, number} {
		tape := d.Compile([]Node{n})
		out := make([]Interval, 1)
		tape.Intervals(tape.NewWorkspace(), box, out)
		direct := d.Interval(n, func(int) Interval { return box[0] })
		for _, v := range []float64{-2, -0.5, 0, 0.5, 1.5, 2} {
			y := d.Eval(n, []float64{v})
			if !math.IsNaN(y) && (!out[0].Contains(y) || !direct.Contains(y)) {
				t.Errorf("%s is %v at %v, outside of %v or %v", d.String(n, nil), y, v, out[0], direct)
			}
		}
	}
	// Conditions that have values everywhere are decided as before.
	plain := d.If(d.Binary(OpGE, d.Square(x), d.Const(-1)), d.Const(1), d.Const(2))
	if got := d.Interval(plain, func(int) Interval { return box[0] }); got != (Interval{1, 1}) {
		t.Errorf("got %v for a condition that always holds", got)
	}
}

func TestMiddleAndMagnitude(t *testing.T) {
	inf := math.Inf(1)
	for _, c := range []struct {
		a    Interval
		want float64
	}{{Interval{1, 3}, 2}, {Everything, 0}, {Interval{5, inf}, 51}, {Interval{-inf, -5}, -51}, {Interval{-inf, 5}, -41}, {Interval{1e308, 1.7e308}, 1.35e308}} {
		if got := c.a.Middle(); math.Abs(got-c.want) > 1e-12*math.Abs(c.want) || !c.a.Contains(got) {
			t.Errorf("the middle of %v is %v, want %v", c.a, got, c.want)
		}
	}
	if !math.IsNaN(Empty.Middle()) || Empty.Magnitude() != 0 || (Interval{-3, 2}).Magnitude() != 3 {
		t.Error("the empty interval has no middle and no members")
	}
}
