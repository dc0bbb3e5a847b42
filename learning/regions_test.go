package learning

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/gobilevel/bilevel"
)

// The critical regions of the model of thirty samples in three folds prove, over C alone, the optimum that the exact paths find, which share no code with them; over C and ε the proven optimum is
// not above what any evaluation finds, and its hyperparameters have that value.
func TestRegionsOfThirty(t *testing.T) {
	for _, c := range []struct {
		task  Task
		loss  Loss
		l     int
		eps   [2]float64
		seeds uint64
	}{{SVC, Hinge, 30, [2]float64{}, 3}, {SVR, Absolute, 30, [2]float64{0.1, 0.1}, 2}, {SVC, Misclassification, 15, [2]float64{}, 1}, {SVR, Absolute, 15, [2]float64{1e-3, 1}, 2}} {
		for seed := range c.seeds {
			d := sample(seed, c.l, 2, c.task.Classifies())
			folds, err := Folds(c.l, 3, seed)
			if err != nil {
				t.Fatal(err)
			}
			rg := Ranges{C: [2]float64{0.01, 10}, Epsilon: c.eps}
			m, err := BuildModel(d, c.task, folds, ModelOptions{Loss: c.loss, Range: rg})
			if err != nil {
				t.Fatal(err)
			}
			res, err := bilevel.Solve(context.Background(), m.Model, bilevel.Options{Reform: "regions"})
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("%v %v, %d samples, seed %d: %.6f at %v, %d regions, %.2f s", c.task, c.loss, c.l, seed, res.Objective, m.Hyper(res.Value), res.Nodes, res.Seconds)
			if res.Proof != bilevel.ProofGlobal || !res.Certificate.Verified {
				t.Errorf("%v %v seed %d: proof %v, %q", c.task, c.loss, seed, res.Proof, res.Notes)
				continue
			}
			cv, err := NewValidation(d, c.task, folds, c.loss)
			if err != nil {
				t.Fatal(err)
			}
			if c.eps[0] == c.eps[1] {
				opt, err := cv.Optimum(context.Background(), Line{At: Hyper{Epsilon: c.eps[0]}, Along: Hyper{C: 1}, From: 0.01, To: 10})
				if err != nil {
					t.Fatal(err)
				}
				if math.Abs(opt.Loss-res.Objective) > 1e-6 {
					t.Errorf("%v %v seed %d: the regions prove %v, the paths %v", c.task, c.loss, seed, res.Objective, opt.Loss)
				}
				continue
			}
			if loss, _, err := cv.Evaluate(m.Hyper(res.Value)); err != nil || loss < res.Objective-1e-6 {
				t.Errorf("seed %d: the model says %v, the followers %v, %v", seed, res.Objective, loss, err)
			}
			r := rand.New(rand.NewPCG(seed, 3))
			for range 300 {
				h := Hyper{C: math.Exp(math.Log(0.01) + r.Float64()*math.Log(1000)), Epsilon: math.Exp(math.Log(1e-3) * r.Float64())}
				if loss, _, err := cv.Evaluate(h); err != nil || loss < res.Objective-1e-6 {
					t.Errorf("seed %d: %v at %v is below the optimum %v, %v", seed, loss, h, res.Objective, err)
				}
			}
		}
	}
}
