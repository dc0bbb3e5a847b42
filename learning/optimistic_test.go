package learning

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"os"
	"testing"
	"time"

	"github.com/gobilevel/bilevel"
)

// The optimum over C by the paths is that which the exact branch and cut proves for the model of the same data, and where that comes to no proof it lies
// between its bound and its best point.
func TestOptimumIsTheModels(t *testing.T) {
	proven, seeds, limit := 0, uint64(1), time.Second
	if os.Getenv("BILEVEL_LEARNING") == "full" {
		seeds, limit = 5, 10*time.Second
	}
	for _, c := range []struct {
		task    Task
		loss    Loss
		l, n, T int
		most    float64
	}{
		{SVC, Hinge, 30, 1, 3, 1}, {SVC, Hinge, 12, 2, 3, 10}, {SVC, Misclassification, 12, 2, 3, 10}, {SVC, Misclassification, 12, 1, 2, 10},
		{SVR, Absolute, 9, 2, 3, 5}, {SVR, Absolute, 12, 1, 2, 5},
	} {
		for seed := range seeds {
			d := sample(seed+20, c.l, c.n, c.task.Classifies())
			folds, _ := Folds(c.l, c.T, seed)
			m, err := BuildModel(d, c.task, folds, ModelOptions{Loss: c.loss, Range: Ranges{C: [2]float64{0.01, c.most}, Epsilon: [2]float64{0.1, 0.1}}})
			if err != nil {
				t.Fatal(err)
			}
			cv, err := NewValidation(d, c.task, folds, c.loss)
			if err != nil {
				t.Fatal(err)
			}
			opt, err := cv.Optimum(context.Background(), Line{At: Hyper{Epsilon: 0.1}, Along: Hyper{C: 1}, From: 0.01, To: c.most})
			if err != nil {
				t.Fatal(err)
			}
			res, err := bilevel.Solve(context.Background(), m.Model, bilevel.Options{Reform: "kkt", TimeLimit: limit})
			if err != nil {
				t.Fatal(err)
			}
			if res.Proof.String() == "global" {
				proven++
				if math.Abs(opt.Loss-res.Objective) > 1e-5 {
					t.Errorf("%v %v seed %d: %v at C = %v, the model's optimum is %v at %v", c.task, c.loss, seed, opt.Loss, opt.At, res.Objective, m.Hyper(res.Value).C)
				}
			} else if opt.Loss > res.Objective+1e-5 || opt.Loss < res.Bound-1e-5 {
				t.Errorf("%v %v seed %d: %v, the search says %v to %v", c.task, c.loss, seed, opt.Loss, res.Bound, res.Objective)
			}
		}
	}
	t.Logf("%d proven", proven)
	if seeds > 1 && proven < 10 {
		t.Errorf("only %d proofs by branch and cut", proven)
	}
}

// Thirty samples of two features in three folds: optima over C within a second, not above what evaluations at many values find.
func TestOptimumOfThirty(t *testing.T) {
	for _, c := range []struct {
		task Task
		loss Loss
	}{{SVC, Hinge}, {SVC, Misclassification}, {SVR, Absolute}} {
		for seed := range uint64(5) {
			d := sample(seed, 30, 2, c.task.Classifies())
			folds, _ := Folds(30, 3, seed)
			cv, err := NewValidation(d, c.task, folds, c.loss)
			if err != nil {
				t.Fatal(err)
			}
			line := Line{At: Hyper{Epsilon: 0.1}, Along: Hyper{C: 1}, From: 0.01, To: 10}
			began := time.Now()
			opt, err := cv.Optimum(context.Background(), line)
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("%v %v seed %d: %.6f at C = %.4f in %v", c.task, c.loss, seed, opt.Loss, opt.At, time.Since(began))
			curve, err := cv.Over(context.Background(), line)
			if err != nil {
				t.Fatal(err)
			}
			if opt.Gaps != 0 || !curve.whole() {
				t.Errorf("%v %v seed %d: parts of the line were jumped over: %v", c.task, c.loss, seed, opt.Gaps)
			}
			if least, _ := curve.least(); opt.Loss > least+1e-7 {
				t.Errorf("%v is above the least value %v with intercepts in the middle", opt.Loss, least)
			}
			r := rand.New(rand.NewPCG(seed, 3))
			for range 200 {
				h := line.Hyper(math.Exp(math.Log(0.01) + r.Float64()*math.Log(1000)))
				if l, _, err := cv.Evaluate(h); err != nil || l < opt.Loss-1e-7 {
					t.Errorf("%v at C = %v is below %v, %v", l, h.C, opt.Loss, err)
				}
			}
		}
	}
	cv, _ := NewValidation(sample(1, 9, 2, true), SVC, [][]int{{0, 1, 2}, {3, 4, 5, 6, 7, 8}}, LogLoss)
	if _, err := cv.Optimum(context.Background(), Line{Along: Hyper{C: 1}, From: 1, To: 2}); !errors.Is(err, ErrOptions) {
		t.Errorf("log-loss: %v", err)
	}
}

// A curve one of whose paths has jumped over a part of the line does not claim to have seen all of it.
func TestGapsAreNotWhole(t *testing.T) {
	if c := (&Curve{Paths: []PathResult{{Pieces: 3}, {Pieces: 2, Gaps: 1e-7}}}); c.whole() {
		t.Error("a line with a gap is whole")
	}
	if c := (&Curve{Paths: []PathResult{{Pieces: 3}, {Pieces: 2}}}); !c.whole() {
		t.Error("a line without gaps is not whole")
	}
}
