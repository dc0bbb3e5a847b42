package learning

import (
	"context"
	"math"
	"testing"
)

// Data that leave little to train on: folds of one class, features that do not vary, samples that all stand at one place, with either label. Tuning ends with
// a point no worse than the grid's, and by either choice no worse than the least value.
func TestTuneOnPoorData(t *testing.T) {
	same := func(x ...float64) func(int) []float64 { return func(int) []float64 { return x } }
	for name, c := range map[string]struct {
		x func(int) []float64
		y func(int) float64
	}{
		"one sample of a class": {func(i int) []float64 { return []float64{float64(i)} }, func(i int) float64 {
			if i == 4 {
				return 1
			}
			return -1
		}},
		"constant features": {same(3, 3), func(i int) float64 { return float64(i%2*2 - 1) }},
		"a lattice of ties": {func(i int) []float64 { return []float64{float64(i % 2), float64(i % 3)} }, func(i int) float64 { return float64(i/2%2*2 - 1) }},
		"separable":         {func(i int) []float64 { return []float64{float64(i), -float64(i)} }, func(i int) float64 { return math.Copysign(1, float64(i)-5.5) }},
		"huge and tiny":     {func(i int) []float64 { return []float64{1e8 * float64(i), 1e-8 * float64(i*i%7)} }, func(i int) float64 { return math.Copysign(1, float64(i*i%7)-2.5) }},
	} {
		d := &Data{Name: name, Classes: [2]string{"-1", "1"}}
		for i := range 12 {
			d.X, d.Y = append(d.X, c.x(i)), append(d.Y, c.y(i))
		}
		for k := range d.X[0] {
			d.Features = append(d.Features, string(rune('a'+k)))
		}
		for _, loss := range []Loss{Misclassification, Hinge} {
			for choice := range Choice(2) {
				res, err := Tune(context.Background(), d, SVC, Options{Methods: []string{"bilevel", "grid"}, Loss: loss, Choice: choice, Repeats: 3})
				if err != nil {
					t.Errorf("%s: %v", name, err)
					continue
				}
				b, g := res.Runs[0], res.Runs[1]
				if b.CV > g.CV+1e-9 || b.Exhausted && loss == Hinge && b.CV > b.Least+1e-6 || b.Exhausted && b.CV < b.Least-1e-6 {
					t.Errorf("%s, %v: bilevel %v, least %v, grid %v", name, loss, b.CV, b.Least, g.CV)
				}
			}
		}
	}
}
