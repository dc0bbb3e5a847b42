//go:build cgo && !nohighs

package highs

import (
	"errors"
	"math"
	"reflect"
	"testing"

	"github.com/gobilevel/bilevel/backends"
	"github.com/gobilevel/bilevel/model"
)

func TestLower(t *testing.T) {
	m := model.New("lower")
	p := m.Leader()
	x, y := p.Var("x", -1, inf), p.Integer("y", math.Inf(-1), 5)
	z := p.Binary("z")
	p.Constrain("sum", x.Plus(y).Plus(2).LE(7))
	p.Constrain("range", x.Times(3).Minus(z).Between(-1, 4))
	p.Maximize(x.Times(-1).Times(x).Plus(x.Times(y)).Minus(y.Times(y).Times(2)).Plus(z.Times(4)).Plus(10))
	got, err := Lower(m)
	if err != nil {
		t.Fatal(err)
	}
	want := &Arrays{
		Maximize: true, Offset: 10,
		Cost: []float64{0, 0, 4}, ColLower: []float64{-1, -inf, 0}, ColUpper: []float64{inf, 5, 1},
		RowLower: []float64{-inf, -1}, RowUpper: []float64{5, 4},
		Start: []int32{0, 2, 4}, Index: []int32{0, 1, 0, 2}, Value: []float64{1, 1, 3, -1},
		Integer: []bool{false, true, true},
		QStart:  []int32{0, 2, 3, 3}, QIndex: []int32{0, 1, 1}, QValue: []float64{-2, 1, -4},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	if err := got.Check(); err != nil {
		t.Error(err)
	}
	// The arrays and the model must agree on values: 1/2 x'Qx + c'x + offset.
	at := []float64{1.5, -2, 1}
	activity, size := make([]float64, 2), make([]float64, 2)
	if v := got.evaluate(at, activity, size); !near(v, m.ObjectiveValue(0, at), 1e-12) || !near(activity[1], m.RowValue(1, at), 1e-12) {
		t.Errorf("objective %v, want %v; activities %v", v, m.ObjectiveValue(0, at), activity)
	}
}

func TestLowerRefusesWhatArraysDoNotHold(t *testing.T) {
	m := model.New("refused")
	p := m.Leader()
	x, y := p.Var("x", 0, 1), p.Var("y", 0, 1)
	p.Constrain("curve", x.Times(y).LE(1))
	var e *backends.UnsupportedError
	if _, err := Lower(m); !errors.As(err, &e) || e.Construct != model.QuadraticRows || e.Where != "curve" {
		t.Errorf("%v", err)
	}
}

// large is a model of rows constraints with terms coefficients each.
func large(rows, terms int) *model.Model {
	m := model.New("large")
	n := rows / 2
	m.AddVars(0, "x", nil, n, model.Continuous, 0, 1)
	first := m.StartRows(0, "r", nil, rows)
	for i := range rows {
		vars, coefs := m.FillRow(first+i, terms, 0, 1)
		for k := range vars {
			vars[k], coefs[k] = int32((i%(n/terms))*terms+k), float64(k+1)
		}
	}
	return m
}

func BenchmarkLower(b *testing.B) {
	m := large(1_000_000, 10)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Lower(m); err != nil {
			b.Fatal(err)
		}
	}
}
