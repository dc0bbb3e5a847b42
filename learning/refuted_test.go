package learning

import (
	"context"
	"math"
	"testing"
)

// Features of sizes 1e6 and 1e-6 leave the path of the intercept few digits: the curve falls where trainings show that the loss does not. What is called the least loss of the
// whole range is no lie then, and no point of the grid is better than what is found.
func TestLeastIsConfirmed(t *testing.T) {
	d := &Data{Features: []string{"large", "small"}}
	for _, s := range [][3]float64{{790399, 1.16e-06, -1}, {-685798, -7.47e-07, 1}, {1091215, 7.75e-07, -1}, {-493446, -3.72e-07, 1}, {759731, -4.24e-07, -1}, {249139, -3.86e-07, 1},
		{563330, 1.67e-06, -1}, {1425886, 9.92e-07, 1}, {-531629, 2.11e-07, 1}, {-1787965, -1.09e-06, 1}, {-726499, -2.2e-07, 1}} {
		d.X, d.Y = append(d.X, []float64{s[0], s[1]}), append(d.Y, s[2])
	}
	for _, c := range []struct {
		range0, range1 float64
		scaling        Scaling
	}{{1e-6, 100, Unscaled}, {1e-4, 1e4, Unscaled}, {1e-4, 1e4, Range}} {
		for seed := range uint64(4) {
			r, err := Tune(context.Background(), d, SVC, Options{Methods: []string{"bilevel", "grid"}, Loss: Hinge, Folds: d.Len(), Scaling: c.scaling, Seed: seed + 101,
				Range: Ranges{C: [2]float64{c.range0, c.range1}}})
			if err != nil {
				t.Fatal(err)
			}
			run, grid := r.Runs[0], r.Runs[1]
			if run.CV > grid.CV+1e-9 {
				t.Errorf("%v, seed %d: %v is above the grid's %v", c, seed, run.CV, grid.CV)
			}
			if !run.Exhausted {
				if c.scaling == Range {
					t.Errorf("seed %d: nothing is known of scaled features", seed)
				}
				continue
			}
			if math.Abs(run.CV-run.Least) > 1e-6 {
				t.Errorf("%v, seed %d: the least loss is said to be %v, a training has %v", c, seed, run.Least, run.CV)
			}
		}
	}
}

// A curve is moved by some 1e-7: the points of the grid that are as good as its best one are trained as well.
func TestNotAboveTheGridByWhatCurvesAreMoved(t *testing.T) {
	d := &Data{Features: []string{"x"}}
	for _, s := range [][2]float64{{1, 1}, {0, 1}, {0, 1}, {0, 1}, {0, -1}, {0, -1}, {0, -1}, {0, 1}, {1, -1}, {0, -1}, {0, -1}, {0, -1}, {0, 1}, {0, -1}, {0, -1}} {
		d.X, d.Y = append(d.X, []float64{s[0]}), append(d.Y, s[1])
	}
	r, err := Tune(context.Background(), d, SVC, Options{Methods: []string{"bilevel", "grid"}, Loss: Hinge, Scaling: Standard, Seed: 300, Range: Ranges{C: [2]float64{1, 1e9}}})
	if err != nil {
		t.Fatal(err)
	}
	if run, grid := r.Runs[0], r.Runs[1]; run.CV > grid.CV+1e-12 || run.Exhausted && run.Least > run.CV {
		t.Errorf("%v, least %v, is above the grid's %v", run.CV, run.Least, grid.CV)
	}
}
