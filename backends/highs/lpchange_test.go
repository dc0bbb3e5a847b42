//go:build cgo && !nohighs

package highs

import (
	"errors"
	"math/rand"
	"reflect"
	"testing"
)

func TestChangesEqualANewLP(t *testing.T) {
	for seed := range int64(15) {
		r := rand.New(rand.NewSource(seed))
		a := randomLP(r, 12, 8)
		l := newLP(t, a, LPOptions{})
		mustSolve(t, l)
		for step := range 12 {
			var err error
			switch step % 6 {
			case 0:
				j := int32(r.Intn(l.NumCols()))
				err = l.ChangeCosts([]int32{j}, []float64{float64(r.Intn(9) - 4)})
			case 1:
				err = l.ChangeCoefficient(r.Intn(l.NumRows()), r.Intn(l.NumCols()), float64(r.Intn(7)-3))
			case 2:
				addRandomRow(t, r, l)
			case 3:
				err = l.AddCols([]float64{1, -2}, []float64{0, 0}, []float64{3, 1}, []int32{0, 1, 3}, []int32{2, 0, 1}, []float64{1, -1, 2})
			case 4:
				err = l.ChangeOffset(float64(step))
			case 5:
				err = l.DeleteRows([]int32{int32(r.Intn(l.NumRows()))})
			}
			if err != nil {
				t.Fatalf("seed %d step %d: %v", seed, step, err)
			}
			hot, err := l.SolveRobust(bg)
			if err != nil {
				t.Fatal(err)
			}
			now, err := l.Arrays()
			if err != nil {
				t.Fatal(err)
			}
			if err := now.Check(); err != nil {
				t.Fatal(err)
			}
			if s, objective := cold(t, now); s != hot || s == Optimal && !near(objective, l.Objective(), 1e-8) {
				t.Fatalf("seed %d step %d: hot %v %v, cold %v %v", seed, step, hot, l.Objective(), s, objective)
			}
		}
	}
}

func TestArraysComeBackAsTheyWent(t *testing.T) {
	for seed := range int64(6) {
		a := randomLP(rand.New(rand.NewSource(seed)), 9, 7)
		want := a.clone()
		l := newLP(t, a, LPOptions{})
		got, err := l.Arrays()
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got, want) || !reflect.DeepEqual(a, want) {
			t.Errorf("seed %d:\ngot  %+v\nwant %+v", seed, got, want)
		}
	}
}

func TestChangesThatDoNotFitChangeNothing(t *testing.T) {
	a := randomLP(rand.New(rand.NewSource(1)), 4, 3)
	l := newLP(t, a, LPOptions{})
	nan := inf - inf
	for i, err := range []error{
		l.ChangeColBounds([]int32{4}, []float64{0}, []float64{1}),
		l.ChangeColBounds([]int32{-1}, []float64{0}, []float64{1}),
		l.ChangeColBounds([]int32{0, 1}, []float64{0}, []float64{1}),
		l.ChangeColBounds([]int32{0}, []float64{nan}, []float64{1}),
		l.ChangeColBounds([]int32{0}, []float64{inf}, []float64{inf}),
		l.ChangeRowBounds([]int32{3}, []float64{0}, []float64{1}),
		l.ChangeCosts([]int32{0}, []float64{nan}),
		l.ChangeCoefficient(3, 0, 1),
		l.ChangeCoefficient(0, 4, 1),
		l.ChangeCoefficient(0, 0, nan),
		l.ChangeOffset(inf),
		l.AddRows([]float64{0}, []float64{1}, []int32{0, 1}, []int32{4}, []float64{1}),
		l.AddRows([]float64{0}, []float64{1}, []int32{0}, nil, nil),
		l.AddCols([]float64{0}, []float64{0}, []float64{1}, []int32{0, 1}, []int32{3}, []float64{1}),
		l.DeleteRows([]int32{5}),
		l.Primal(make([]float64, 3)),
	} {
		var e *ArrayError
		if !errors.As(err, &e) {
			t.Errorf("call %d: %v", i, err)
		}
	}
	if err := l.ChangeColBounds([]int32{2, 2}, []float64{0, 0}, []float64{1, 1}); err == nil {
		t.Error("the same column twice was taken")
	}
	if got, _ := l.Arrays(); !reflect.DeepEqual(got, a) {
		t.Errorf("the LP became %+v", got)
	}
}
