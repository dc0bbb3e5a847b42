package tasks_test

import (
	"context"
	"errors"
	"math"
	"testing"

	"github.com/gobilevel/bilevel/hypergrad"
	"github.com/gobilevel/bilevel/hypergrad/matrix"
	"github.com/gobilevel/bilevel/hypergrad/tasks"
)

// samples are n rows of p features and labels ±1; entry (2, 1) is odd.
func samples(n, p int, odd float64) tasks.Data {
	d := tasks.Data{Y: make([]float64, n)}
	x := matrix.NewDense(n, p)
	for i := range n {
		d.Y[i] = 1 - 2*float64(i%2)
		for j := range p {
			x.Row(i)[j] = math.Sin(float64(i*i + 5*j + 1))
		}
	}
	x.Row(2)[1] = odd
	d.X = x
	return d
}

// Features that are no numbers, losses that there are not, and sizes that do not fit are refused where a task is made, with the place.
func TestBadDataIsRefused(t *testing.T) {
	good := samples(6, 3, 1)
	classes := func(d tasks.Data) tasks.Classes {
		return tasks.Classes{X: d.X.(*matrix.Dense), Y: []int{0, 1, 0, 1, 0, 1}, Classes: 2}
	}
	for _, odd := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		bad := samples(6, 3, odd)
		sparse, err := matrix.NewCSR(6, 3, []int{0, 1, 1, 2, 2, 2, 2}, []int32{0, 1}, []float64{1, odd})
		if err != nil {
			t.Fatal(err)
		}
		for _, parts := range [][2]tasks.Data{{bad, good}, {good, bad}} {
			a, b := parts[0], parts[1]
			_, linear := tasks.NewLinear(a, b, tasks.Logistic, tasks.LinearOptions{})
			_, lasso := tasks.NewLasso(a, b, false)
			_, ridge := tasks.NewRidge(a, b)
			_, meta := tasks.NewMeta([]tasks.LearningTask{{Train: a, Valid: b}}, true)
			_, poisoning := tasks.NewPoisoning(a, b, tasks.Squares, 2, 0.1)
			_, multinomial := tasks.NewMultinomial(classes(a), classes(b), tasks.ForAll)
			_, cleaning := tasks.NewCleaning(classes(a), classes(b), 0.1)
			_, invariant := tasks.NewInvariant([]tasks.Environment{{Train: good, Valid: good}, {Train: a, Valid: b}}, tasks.InvariantOptions{})
			for name, err := range map[string]error{"linear": linear, "lasso": lasso, "ridge": ridge, "meta": meta, "poisoning": poisoning, "multinomial": multinomial, "cleaning": cleaning,
				"invariant": invariant} {
				if !errors.Is(err, tasks.ErrData) {
					t.Errorf("%s with a feature %v: %v", name, odd, err)
				}
			}
		}
		if _, err := tasks.NewLinear(tasks.Data{X: sparse, Y: good.Y}, good, tasks.Logistic, tasks.LinearOptions{}); !errors.Is(err, tasks.ErrData) {
			t.Errorf("sparse with an entry %v: %v", odd, err)
		}
	}
	var none *matrix.Dense
	for name, make := range map[string]func() error{
		"loss": func() error { _, err := tasks.NewLinear(good, good, tasks.Loss(9), tasks.LinearOptions{}); return err },
		"missing": func() error {
			_, err := tasks.NewLinear(tasks.Data{X: none, Y: good.Y}, good, tasks.Logistic, tasks.LinearOptions{})
			return err
		},
		"keep":    func() error { _, err := tasks.SyntheticLogistic(5, 5, 3, 0, 1, tasks.LinearOptions{}); return err },
		"samples": func() error { _, err := tasks.SyntheticLogistic(-1, 5, 3, 1, 1, tasks.LinearOptions{}); return err },
	} {
		if err := make(); !errors.Is(err, tasks.ErrData) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := matrix.DenseOf(1<<32, 1<<32, nil); err == nil {
		t.Error("a matrix of 2⁶⁴ entries was made of none")
	}
	tasks.Standardise(good.X.(*matrix.Dense), matrix.NewDense(2, 2)) // fewer features
	if list := (tasks.TaskFamily{Centre: []float64{1, 2}, Spread: []float64{1}}).Draw(1, 1, 3, 3); len(list) != 1 {
		t.Errorf("%d tasks", len(list))
	}
}

// Gradients of linear tasks are right with sparse samples that have empty rows and columns, columns out of order and places given twice, on one sample, and with one class
// absent; they are those of the same matrix as a dense one.
func TestSparseSamplesInAnyOrder(t *testing.T) {
	start, index, vals := []int{0, 3, 3, 7, 8, 8}, []int32{4, 0, 4, 2, 2, 0, 2, 5}, []float64{1, -2, 0.5, 1, 1, 3, -4, 0.7}
	dense := matrix.NewDense(5, 7)
	for i := range 5 {
		for k := start[i]; k < start[i+1]; k++ {
			dense.Row(i)[index[k]] += vals[k]
		}
	}
	sparse, err := matrix.NewCSR(5, 7, start, index, vals)
	if err != nil {
		t.Fatal(err)
	}
	x := []float64{-1, 0, 0.5, -2, -1, -0.3, 1}
	for _, y := range [][]float64{{1, -1, 1, 1, -1}, {1, 1, 1, 1, 1}} {
		for _, loss := range []tasks.Loss{tasks.Logistic, tasks.Squares} {
			var gradients [2][]float64
			for i, m := range []matrix.Matrix{sparse, dense} {
				one := m.Take([]int{2})
				p, err := tasks.NewLinear(tasks.Data{X: m, Y: y}, tasks.Data{X: one, Y: y[2:3]}, loss, tasks.LinearOptions{})
				if err != nil {
					t.Fatal(err)
				}
				check, err := hypergrad.CheckHypergradient(context.Background(), p, x, nil, hypergrad.CheckOptions{})
				if err != nil || !check.Passed {
					t.Fatalf("%T: %+v, %v", m, check, err)
				}
				gradients[i] = check.Analytic
			}
			for j, g := range gradients[0] {
				if math.Abs(g-gradients[1][j]) > 1e-9 {
					t.Errorf("entry %d: %v sparse, %v dense", j, g, gradients[1][j])
				}
			}
		}
	}
}
