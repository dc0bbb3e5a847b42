package learning

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"
)

// farData are samples and the same samples with features, and labels of a regression, around 131072; a constant feature of 1e6 is added. All numbers are exact.
func farData(task Task, draw *rand.Rand) (near, far *Data) {
	near, far = &Data{Features: []string{"a", "b", "c"}}, &Data{Features: []string{"a", "b", "c"}}
	for i := range 14 {
		x := []float64{math.Round(draw.NormFloat64()*1024) / 1024, math.Round(draw.NormFloat64()*1024) / 1024, 0}
		y := math.Round((x[0]-x[1]/2+draw.NormFloat64()/2)*1024) / 1024
		if task.Classifies() {
			if y = math.Copysign(1, y); i < 2 {
				y = float64(2*i - 1)
			}
		}
		near.X, near.Y = append(near.X, x), append(near.Y, y)
		if !task.Classifies() {
			y += 1 << 14
		}
		far.X, far.Y = append(far.X, []float64{x[0] + 1<<17, x[1] - 1<<17, 1e6}), append(far.Y, y)
	}
	return near, far
}

// The training problems do not depend on the origin of the features, nor of the labels of a regression: predictions far from it are those near it.
func TestFollowersFarFromTheOrigin(t *testing.T) {
	draw := rand.New(rand.NewPCG(4, 11))
	for _, task := range []Task{SVC, SVR, Ridge, Lasso, ElasticNet, Logistic, GroupLasso} {
		for range 20 {
			near, far := farData(task, draw)
			a, err := NewFollower(near, task)
			if err != nil {
				t.Fatal(err)
			}
			b, err := NewFollower(far, task)
			if err != nil {
				t.Fatal(err)
			}
			h := Hyper{C: math.Exp(draw.Float64()*14 - 4), Epsilon: 0.01, L1: 0.1 + draw.Float64(), L2: math.Exp(draw.Float64()*12 - 8)}
			if _, _, err := a.Fit(h); err != nil {
				t.Fatal(err)
			}
			w, intercept, err := b.Fit(h)
			if err != nil {
				t.Errorf("%v at %+v: %v", task, h, err)
				continue
			}
			want, got := a.Scores(near), b.Scores(far)
			shift := far.Y[0] - near.Y[0]
			for i, x := range far.X {
				if math.Abs(got[i]-shift-want[i]) > 1e-7 || math.Abs(dot(x, w)-intercept-got[i]) > 1e-7 {
					t.Errorf("%v at %+v: sample %d has %v far from the origin, %v there and %v by (w, b)", task, h, i, got[i]-shift, want[i], dot(x, w)-intercept-shift)
					break
				}
			}
		}
	}
}

// Cross-validation and paths do not depend on the origin either.
func TestPathsFarFromTheOrigin(t *testing.T) {
	draw := rand.New(rand.NewPCG(5, 12))
	ctx := context.Background()
	for _, c := range []struct {
		task Task
		loss Loss
	}{{SVC, Hinge}, {SVR, Absolute}} {
		near, far := farData(c.task, draw)
		folds, err := Folds(near.Len(), 3, 1)
		if err != nil {
			t.Fatal(err)
		}
		line := Line{At: Hyper{Epsilon: 0.05}, Along: Hyper{C: 1}, From: 0.01, To: 100}
		var curves [2]*Curve
		var values [2]*Validation
		for k, d := range []*Data{near, far} {
			if curves[k], err = CurveOver(ctx, d, c.task, folds, c.loss, line); err != nil {
				t.Fatal(err)
			}
			if values[k], err = NewValidation(d, c.task, folds, c.loss); err != nil {
				t.Fatal(err)
			}
		}
		for _, at := range []float64{0.02, 0.3, 1, 7, 60} {
			x, _ := curves[0].at(at)
			y, _ := curves[1].at(at)
			z, _, err := values[1].Evaluate(Hyper{C: at, Epsilon: 0.05})
			if err != nil || math.Abs(x-y) > 1e-6 || math.Abs(x-z) > 1e-6 {
				t.Errorf("%v at C = %v: the curve has %v near the origin and %v far from it, a training %v, %v", c.task, at, x, y, z, err)
			}
		}
		f, err := NewFollower(far, c.task)
		if err != nil {
			t.Fatal(err)
		}
		_, err = Path(ctx, far, c.task, line, func(p Piece) error {
			s := (p.To - p.From) / 2
			if _, _, err := f.Fit(Hyper{C: p.From + s, Epsilon: 0.05}); err != nil {
				return err
			}
			n := far.Width()
			for i, want := range f.Scores(far) {
				x := far.X[i]
				got := dot(x, p.V[:n]) - p.V[n] + s*(dot(x, p.Rate[:n])-p.Rate[n])
				if math.Abs(got-want) > 1e-6 {
					t.Fatalf("%v at C = %v: a piece predicts %v, a training %v", c.task, p.From+s, got, want)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}
