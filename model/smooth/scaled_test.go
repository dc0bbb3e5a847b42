package smooth_test

import (
	"testing"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/smooth"
)

func TestScales(t *testing.T) {
	m := model.New("scales")
	x, y := m.Leader().Var("x", -5, 5), m.Leader().Var("y", -5, 5)
	m.Leader().Minimize(x.Pow(2).Plus(y.Times(3)))
	m.Leader().Constrain("a", x.Times(y).LE(4))
	m.Leader().Constrain("b", y.Pow(3).Plus(x).GE(1))
	p, err := smooth.Compile(m)
	if err != nil {
		t.Fatal(err)
	}
	rowsOf, colsOf := p.JacobianPattern()
	s := smooth.Scales{Objective: 0.5, Rows: []float64{2, 10}, JacobianRows: rowsOf}
	grad, rows, jac := make([]float64, 2), make([]float64, 2), make([]float64, len(rowsOf))
	if got := s.Evaluate(p, []float64{2, 1}, grad, rows, jac); got != 3.5 {
		t.Errorf("objective %v, want (4 + 3)/2", got)
	}
	if grad[0] != 2 || grad[1] != 1.5 || rows[0] != 4 || rows[1] != 30 {
		t.Errorf("gradient %v, want [2 1.5]; rows %v, want [4 30]", grad, rows)
	}
	want := [2][2]float64{{2, 4}, {10, 30}}
	for k, r := range rowsOf {
		if jac[k] != want[r][colsOf[k]] {
			t.Errorf("derivative of row %d by variable %d is %v, want %v", r, colsOf[k], jac[k], want[r][colsOf[k]])
		}
	}
}
