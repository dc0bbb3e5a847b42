package learning

import (
	"bytes"
	"context"
	"math"
	"math/rand/v2"
	"strconv"
	"testing"
)

// fewValues are samples whose features take two to five values, so that samples stand twice, margins are zero, and answers change at several samples at once.
func fewValues(seed uint64) *Data {
	r := rand.New(rand.NewPCG(seed, 1))
	n, l, levels := 1+r.IntN(3), 6+r.IntN(20), 2+r.IntN(4)
	d := &Data{Name: "few values"}
	for k := range n {
		d.Features = append(d.Features, "x"+strconv.Itoa(k))
	}
	for range l {
		x, sum, y := make([]float64, n), 0.0, 0.0
		for k := range x {
			x[k] = float64(r.IntN(levels))
			sum += x[k]
		}
		if sum+2*r.NormFloat64() > float64(n*(levels-1))/2 {
			y = 1
		}
		d.X, d.Y = append(d.X, x), append(d.Y, y)
	}
	return d
}

// TestCurveOfFewValues holds the curve of misclassification against trainings in the middle of each of its parts, where several samples change their class at
// once.
func TestCurveOfFewValues(t *testing.T) {
	parts := 0
	for seed := range uint64(400) {
		d, err := fewValues(seed).Binary()
		if err != nil {
			continue // one class
		}
		d = NewScaler(d, Range).Apply(d)
		folds, err := Folds(d.Len(), 3, seed)
		if err != nil {
			t.Fatal(err)
		}
		v, err := NewValidation(d, SVC, folds, Misclassification)
		if err != nil {
			continue // a fold with one class
		}
		c, err := v.Over(context.Background(), Line{Along: Hyper{C: 1}, From: 1e-4, To: 1e4})
		if err != nil {
			t.Fatal(err)
		}
		if !c.whole() {
			continue
		}
		for i := range c.Pieces {
			p := &c.Pieces[i]
			if p.To-p.From < 1e-6*p.To {
				continue
			}
			parts++
			at := p.From + 0.45*(p.To-p.From)
			loss, slope, err := v.Evaluate(Hyper{C: at})
			if err != nil {
				t.Fatal(err)
			}
			if l, s := c.at(at); math.Abs(l-loss) > 1e-9 || math.Abs(s-slope) > 1e-6*(1+slope) {
				t.Errorf("data %d, C = %g: the curve has %g (hinge %g), trainings have %g (%g)", seed, at, l, s, loss, slope)
			}
		}
	}
	if parts < 500 {
		t.Errorf("%d parts were looked at", parts)
	}
}

// TestLeastOfFewValues tries to refute what is said of the least misclassification over the whole range of C, and compares the method with its grid.
func TestLeastOfFewValues(t *testing.T) {
	claims, all := 0, 0
	for seed := range uint64(150) {
		res, err := Tune(context.Background(), fewValues(seed), SVC, Options{Choice: Least, Seed: seed, Folds: 2 + int(seed%2), Points: 17, Random: 40,
			Methods: []string{"bilevel", "grid", "random"}})
		if err != nil {
			continue // one class
		}
		all++
		own, grid := &res.Runs[0], &res.Runs[1]
		if own.CV > grid.CV+1e-12 {
			t.Errorf("data %d: %g at C = %g, and the grid has %g at %g", seed, own.CV, own.Hyper.C, grid.CV, grid.Hyper.C)
		}
		if !own.Exhausted {
			continue
		}
		claims++
		if math.Abs(own.CV-own.Least) > 1e-9 {
			t.Errorf("data %d: the least loss is said to be %g, and %g was found", seed, own.Least, own.CV)
		}
		for _, run := range res.Runs[1:] {
			if run.CV < own.Least-1e-9 {
				t.Errorf("data %d: %s has %g at C = %g, below the least, %g", seed, run.Method, run.CV, run.Hyper.C, own.Least)
			}
		}
	}
	if claims < all/3 || all < 100 {
		t.Errorf("the least loss was known for %d of %d", claims, all)
	}
}

// A run that goes on from any of its states knows how far its curves may be wrong, as the one that was not interrupted.
func TestContinuedWithFewValues(t *testing.T) {
	doubtful := 0
	for seed := range uint64(12) {
		opt := Options{Seed: seed, Choice: Choice(seed % 2), Folds: 2 + int(seed%2)}
		whole, err := Tune(context.Background(), fewValues(seed), SVC, opt)
		if err != nil {
			continue // one class
		}
		if !whole.Runs[0].Exhausted {
			doubtful++
		}
		var states []*State
		opt.SaveEvery = 1
		opt.Save = func(s *State) error {
			var b bytes.Buffer
			if err := s.Write(&b); err != nil {
				return err
			}
			s, err := ReadState(&b)
			states = append(states, s)
			return err
		}
		if _, err := Tune(context.Background(), fewValues(seed), SVC, opt); err != nil {
			t.Fatal(err)
		}
		opt.Save = nil
		for k, s := range states {
			opt.Resume = s
			got, err := Tune(context.Background(), fewValues(seed), SVC, opt)
			if err != nil {
				t.Fatal(err)
			}
			a, b := &whole.Runs[0], &got.Runs[0]
			if a.CV != b.CV || a.Hyper.C != b.Hyper.C || a.Trainings != b.Trainings || a.Exhausted != b.Exhausted || len(a.History) != len(b.History) {
				t.Errorf("data %d, from state %d of %d: %v at C = %v with %d trainings, without an interruption %v at %v with %d", seed, k, len(states), b.CV, b.Hyper.C, b.Trainings, a.CV, a.Hyper.C, a.Trainings)
				break
			}
		}
	}
	if doubtful < 2 {
		t.Errorf("%d of the curves are in doubt", doubtful)
	}
}
