package learning

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/gobilevel/bilevel"
)

func TestLPEC(t *testing.T) {
	for _, c := range []struct {
		task Task
		loss Loss
	}{{SVC, Hinge}, {SVC, Misclassification}, {SVR, Absolute}} {
		for seed := uint64(1); seed <= 2; seed++ {
			d := sample(seed, 30, 2, c.task.Classifies())
			folds, _ := Folds(30, 3, seed)
			rg := Ranges{C: [2]float64{0.01, 10}, Epsilon: [2]float64{0.1, 0.1}}
			m, err := BuildModel(d, c.task, folds, ModelOptions{Loss: c.loss, Range: rg})
			if err != nil {
				t.Fatal(err)
			}
			began := time.Now()
			cv, err := CurveOver(context.Background(), d, c.task, folds, c.loss, Line{At: Hyper{Epsilon: 0.1}, Along: Hyper{C: 1}, From: 0.01, To: 10})
			if err != nil {
				t.Fatal(err)
			}
			b := cv.best(0)
			el := time.Since(began)
			fmt.Println(c, seed, "path", b, len(cv.Pieces), cv.Paths, el)
			began = time.Now()
			res, err := bilevel.Solve(context.Background(), m.Model, bilevel.Options{Reform: "kkt", TimeLimit: 20 * time.Second})
			if err != nil {
				t.Fatal(err)
			}
			fmt.Println("   ", res.Status, res.Proof, res.Objective, res.Bound, m.Hyper(res.Value).C, time.Since(began))
			if s := res.Search; s != nil {
				fmt.Printf("    %+v\n", *s)
			}
		}
	}
}
