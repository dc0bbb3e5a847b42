package model

import (
	"math"
	"testing"
)

// TestMembersOfPairs: a member that is a variable at a bound that it has needs no row, and any other does.
func TestMembersOfPairs(t *testing.T) {
	m := New("pairs")
	l := m.Leader()
	x := l.Var("x", 0, math.Inf(1))
	y := l.Var("y", 1, 4)
	z := l.Var("z", math.Inf(-1), math.Inf(1))
	l.Complement("bounds", y.Minus(1), Const(4).Minus(y))
	l.Complement("rows", z, x.Times(2))
	l.Mixed("box", 1, y, 4, z)
	l.Mixed("narrow", 1, y, 3, z)
	l.ComplementEach("family", 2, func(k int) (a, b any) { return x.Plus(float64(k)), x })
	if err := m.Err(); err != nil {
		t.Fatal(err)
	}
	at := func(s Side, v Var) Member { return Member{Side: s, Index: v.id} }
	for k, want := range []Pair{
		{at(AtLower, y), at(AtUpper, y)},
		{Member{Row: true, Side: AtLower, Index: 0}, Member{Row: true, Side: AtLower, Index: 1}},
		{at(Range, y), at(Value, z)},
		{Member{Row: true, Side: Range, Index: 2}, at(Value, z)},
		{at(AtLower, x), at(AtLower, x)},
		{Member{Row: true, Side: AtLower, Index: 3}, at(AtLower, x)},
	} {
		if got := m.Pair(k); got != want {
			t.Errorf("%s: %+v, want %+v", m.PairName(k), got, want)
		}
	}
	if m.NumRows() != 4 || m.PairName(5) != "family[1]" || m.RowName(3) != "family_a1" {
		t.Errorf("%d rows, %s, %s", m.NumRows(), m.PairName(5), m.RowName(3))
	}
	for _, x := range [][]float64{{0, 1, 0}, {3, 2.5, -1}, {0, 4, -2}} {
		for k, want := range []float64{math.Min(x[1]-1, 4-x[1])} {
			if got := m.PairViolation(k, x); math.Abs(got-want) > 1e-12 {
				t.Errorf("residual of %s at %v: %v, want %v", m.PairName(k), x, got, want)
			}
		}
	}
}
