package branch

import (
	"context"
	"math"
	"testing"
	"time"

	"github.com/gobilevel/bilevel/bench/family"
	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/reform"
)

// TestFamilies solves instances of the benchmark families to their reference values, which other solvers have confirmed; TOLL has a closed form.
// Nodes and seconds are printed, not judged.
func TestFamilies(t *testing.T) {
	noLeak(t)
	const seed = 1234
	for _, c := range []struct {
		name string
		m    *model.Model
		want float64 // NaN: infeasible
	}{
		{"SVR (1,10)", family.SVR(1, 10, seed), 0.268188},
		{"SVR (2,10)", family.SVR(2, 10, seed), 0.132858},
		{"SVR (5,10)", family.SVR(5, 10, seed), 0.384346},
		{"RAND (5,5)", family.Rand(5, 5, seed), -4701.493940},
		{"RAND (10,5)", family.Rand(10, 5, seed), math.NaN()},
		{"RAND (5,10)", family.Rand(5, 10, seed), -46203.982000},
		{"RAND (10,10)", family.Rand(10, 10, seed), -39755.846691},
		{"TOLL 5", family.Toll(5, seed), 17.549577},
		{"TOLL 10", family.Toll(10, seed), 40.119958},
		{"FORECAST (1,10)", family.Forecast(1, 10, seed), -62.914883},
		{"FORECAST (2,10)", family.Forecast(2, 10, seed), -126.094686},
	} {
		t.Run(c.name, func(t *testing.T) {
			k, err := (reform.KKT{Inequality: true}).Apply(context.Background(), c.m)
			if err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithTimeout(context.Background(), 60*time.Second)
			defer cancel()
			start := time.Now()
			r, err := Solve(ctx, k.Model, Options{})
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("%.3f s, %+v", time.Since(start).Seconds(), r.Statistics)
			if math.IsNaN(c.want) {
				if r.Proof != model.ProofInfeasible {
					t.Errorf("%v %v, want infeasible", r.Status, r.Proof)
				}
				return
			}
			if r.Proof != model.ProofGlobal || math.Abs(r.Objective-c.want) > 1.5e-6*math.Max(1, math.Abs(c.want)) {
				t.Errorf("%v %v %.9g (bound %.9g), want %.9g", r.Status, r.Proof, r.Objective, r.Bound, c.want)
			}
		})
	}
}
