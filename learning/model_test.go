package learning

import (
	"context"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/gobilevel/bilevel"
	"github.com/gobilevel/bilevel/model/modfile"
)

// The proven optimum of the bilevel model is no worse than what tuning finds, its hyperparameters have that value when the followers are solved
// by the package, and tuning comes close to it.
func TestModelOptimum(t *testing.T) {
	for _, c := range []struct {
		name    string
		task    Task
		loss    Loss
		l, n, T int
		c       float64 // largest C
		each    bool
		slack   float64 // of tuning above the optimum, which it need not reach
		unique  bool    // whether the followers have one answer at the optimum: otherwise the leader of the model takes the best one
	}{
		{"svc, hinge, 30 samples", SVC, Hinge, 30, 2, 2, 1, false, 1e-3, true},
		{"svc, hinge, 30 samples, 3 folds", SVC, Hinge, 30, 1, 3, 1, false, 1e-3, true},
		{"svc, misclassification", SVC, Misclassification, 12, 2, 3, 10, false, 0.1, false},
		{"svc with boxes", SVC, Hinge, 10, 2, 2, 1, true, 0.05, false},
		{"svr", SVR, Absolute, 10, 2, 2, 10, false, 0.02, true},
		{"lasso", Lasso, Absolute, 12, 3, 2, 1, false, 1e-3, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := sample(5, c.l, c.n, c.task.Classifies())
			folds, err := Folds(c.l, c.T, 3)
			if err != nil {
				t.Fatal(err)
			}
			rg := Ranges{C: [2]float64{0.01, c.c}, Epsilon: [2]float64{1e-2, 1}, Box: [2]float64{1e-3, 4}, L1: [2]float64{0.01, 10}}
			m, err := BuildModel(d, c.task, folds, ModelOptions{Loss: c.loss, PerFeature: c.each, Range: rg})
			if err != nil {
				t.Fatal(err)
			}
			began := time.Now()
			res, err := bilevel.Solve(context.Background(), m.Model, bilevel.Options{Reform: "kkt", TimeLimit: 20 * time.Second})
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("%v %v %v %v in %.2f s", res.Status, res.Proof, res.Objective, res.Plan, time.Since(began).Seconds())
			if res.Proof.String() != "global" {
				t.Fatalf("no proof: %v %v", res.Status, res.Proof)
			}
			cv, err := NewValidation(d, c.task, folds, c.loss)
			if err != nil {
				t.Fatal(err)
			}
			loss, _, err := cv.Evaluate(m.Hyper(res.Value))
			if err != nil {
				t.Fatal(err)
			}
			if loss < res.Objective-1e-5 || c.unique && loss > res.Objective+1e-4 {
				t.Errorf("the model says %v, the followers %v", res.Objective, loss)
			}
			answersAreOptimal(t, d, c.task, folds, m, res)
			s := &search{ctx: context.Background(), cv: cv, space: newSpace(c.task, c.n, c.each, rg), method: "bilevel", best: point{loss: math.Inf(1)}}
			if s.opt, err = (Options{}).filled(c.task); err != nil {
				t.Fatal(err)
			}
			s.bilevel()
			if s.best.loss < res.Objective-1e-5 {
				t.Errorf("tuning found %v below the proven optimum %v", s.best.loss, res.Objective)
			}
			if s.best.loss > res.Objective+c.slack {
				t.Errorf("tuning stopped at %v above the optimum %v", s.best.loss, res.Objective)
			}
		})
	}
}

// Each task gives a model without mistakes that has the pairs, followers and names that its description says, and can be printed.
func TestModelsOfAllTasks(t *testing.T) {
	for task := SVC; task <= Logistic; task++ {
		d := sample(1, 9, 2, task.Classifies())
		folds, _ := Folds(9, 3, 0)
		m, err := BuildModel(d, task, folds, ModelOptions{})
		if err != nil {
			t.Fatal(err)
		}
		pairs := 0
		if task.Classifies() {
			pairs = 18
		}
		if m.Model.NumFollowers() != 3 || m.Model.NumPairs() != pairs {
			t.Errorf("%v: %d followers, %d pairs", task, m.Model.NumFollowers(), m.Model.NumPairs())
		}
		var text strings.Builder
		if err := modfile.Print(&text, m.Model); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(text.String(), "fold3") || !strings.Contains(text.String(), "w1") {
			t.Errorf("%v: the text is\n%s", task, text.String())
		}
	}
}

// Nonlinear models are solved to local answers: the followers say the same of the hyperparameters, and tuning finds nothing much better.
func TestNonlinearModels(t *testing.T) {
	for _, c := range []struct {
		name string
		task Task
		loss Loss
		opt  ModelOptions
		l    int
		tie  float64 // what the leader of the model may gain by a choice among several intercepts
	}{
		{"ridge", Ridge, Squared, ModelOptions{}, 12, 0},
		{"logistic", Logistic, LogLoss, ModelOptions{}, 8, 0},
		{"svc with λ", SVC, Hinge, ModelOptions{Ratio: true}, 12, 0.01},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := sample(8, c.l, 2, c.task.Classifies())
			folds, err := Folds(c.l, 2, 1)
			if err != nil {
				t.Fatal(err)
			}
			rg := Ranges{C: [2]float64{0.05, 2}, L2: [2]float64{0.1, 50}}
			c.opt.Loss, c.opt.Range = c.loss, rg
			m, err := BuildModel(d, c.task, folds, c.opt)
			if err != nil {
				t.Fatal(err)
			}
			res, err := bilevel.Solve(context.Background(), m.Model, bilevel.Options{Multistart: 1, TimeLimit: 10 * time.Second})
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("%v %v %v %v", res.Status, res.Proof, res.Objective, res.Plan)
			cv, err := NewValidation(d, c.task, folds, c.loss)
			if err != nil {
				t.Fatal(err)
			}
			loss, _, err := cv.Evaluate(m.Hyper(res.Value))
			if err != nil {
				t.Fatal(err)
			}
			if d := loss - res.Objective; d < -1e-4 || d > 1e-4+c.tie {
				t.Errorf("the model says %v, the followers %v", res.Objective, loss)
			}
			answersAreOptimal(t, d, c.task, folds, m, res)
			s := &search{ctx: context.Background(), cv: cv, space: newSpace(c.task, 2, false, rg), method: "bilevel", best: point{loss: math.Inf(1)}}
			if s.opt, err = (Options{}).filled(c.task); err != nil {
				t.Fatal(err)
			}
			s.bilevel()
			if math.Abs(s.best.loss-res.Objective) > 1e-3+c.tie {
				t.Errorf("tuning ends at %v, the model at %v", s.best.loss, res.Objective)
			}
		})
	}
}

// answersAreOptimal holds the weights of each fold in an answer of the model against the exact follower, by the training objective.
func answersAreOptimal(t *testing.T, d *Data, task Task, folds [][]int, m *Model, res *bilevel.Result) {
	t.Helper()
	h := m.Hyper(res.Value)
	for k := range folds {
		train := d.Subset(rest(folds, k))
		f, err := NewFollower(train, task)
		if err != nil {
			t.Fatal(err)
		}
		w, b, err := f.Fit(h)
		if err != nil {
			t.Fatal(err)
		}
		var own []float64
		for _, v := range m.W[k] {
			own = append(own, res.Value(v))
		}
		want, got := objective(train, task, h, w, b), objective(train, task, h, own, res.Value(m.B[k]))
		if math.Abs(got-want) > 1e-5*(1+math.Abs(want)) {
			t.Errorf("fold %d trains to %.8g in the model, to %.8g by itself", k+1, got, want)
		}
	}
}
