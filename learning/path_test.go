package learning

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/gobilevel/bilevel/internal/dataset"
)

// pathCases draws problems with duplicates, ties on a lattice, boxes that bind, and lines in all directions.
func pathCases(r *rand.Rand, seed int) (*Data, Task, Line) {
	task := SVC
	if seed%3 == 2 {
		task = SVR
	}
	l, n := 4+r.IntN(20), 1+r.IntN(5)
	d := sample(uint64(seed), l, n, task == SVC)
	if seed%4 == 1 {
		for i := range d.X {
			for k := range d.X[i] {
				d.X[i][k] = math.Round(d.X[i][k]) // many samples stand twice, with either label
			}
			if task == SVR {
				d.Y[i] = math.Round(d.Y[i])
			}
		}
	}
	// Both classes are there.
	if task == SVC {
		d.Y[0], d.Y[1] = 1, -1
	}
	line := Line{Along: Hyper{C: 1}, At: Hyper{Epsilon: 0.3}, From: 1e-3, To: 100}
	switch seed % 5 {
	case 1, 2:
		for range n {
			line.At.Box = append(line.At.Box, math.Abs(r.NormFloat64()))
		}
		if seed%2 == 0 {
			line.At.Box[0] = 0
		}
	case 3:
		line = Line{At: Hyper{C: math.Exp(3 * r.NormFloat64()), Epsilon: 0.3, Box: make([]float64, n)}, Along: Hyper{Box: make([]float64, n)}, From: 1e-3, To: 3}
		for k := range n {
			line.Along.Box[k] = r.Float64()
		}
	case 4:
		line = Line{At: Hyper{C: math.Exp(2 * r.NormFloat64())}, Along: Hyper{C: 0.3 * r.Float64(), Epsilon: 1}, From: 1e-3, To: 5}
	}
	return d, task, line
}

// The pieces of a path cover its line, and anywhere on them the answer is that of the follower solved there: the weights, and the intercept as far as the
// training loss tells.
func TestPathAnswers(t *testing.T) {
	cases := 400
	if os.Getenv("BILEVEL_LEARNING") == "full" {
		cases = 5000
	}
	if testing.Short() {
		cases = 100
	}
	pieces := 0
	for seed := range cases {
		r := rand.New(rand.NewPCG(uint64(seed), 77))
		d, task, line := pathCases(r, seed)
		f, err := NewFollower(d, task)
		if err != nil {
			t.Fatal(err)
		}
		last := line.From
		res, err := Path(context.Background(), d, task, line, func(p Piece) error {
			if math.Abs(p.From-last) > 1e-12*math.Abs(last) && !(p.From-last < 1e-6*last) {
				t.Errorf("seed %d: nothing between %v and %v", seed, last, p.From)
			}
			last = p.To
			at := p.From + r.Float64()*(p.To-p.From)
			h := line.Hyper(at)
			w, b, err := f.Fit(h)
			if err != nil {
				t.Errorf("seed %d: %v", seed, err)
				return nil
			}
			got := make([]float64, len(w)+1)
			off := 0.0
			for k := range got {
				got[k] = p.V[k] + (at-p.From)*p.Rate[k]
				if k < len(w) {
					off = math.Max(off, math.Abs(got[k]-w[k])/(1+math.Abs(w[k])))
				}
			}
			best, mine := trainingValue(d, task, h, w, b), trainingValue(d, task, h, got[:len(w)], got[len(w)])
			if off > 1e-5 || mine > best+1e-7*(1+best)+1e-8*h.C*float64(d.Len()) { // what the moves of right-hand sides cost
				t.Errorf("seed %d at %v: weights differ by %.2e, training value %v and %v", seed, at, off, mine, best)
			}
			for k, v := range h.Box {
				if math.Abs(got[k]) > v+1e-9 {
					t.Errorf("seed %d: weight %v outside of the box %v", seed, got[k], v)
				}
			}
			return nil
		})
		pieces += res.Pieces
		if err != nil || math.Abs(last-line.To) > 1e-9*line.To {
			t.Errorf("seed %d: %v, ends at %v of %v", seed, err, last, line.To)
		}
		if res.Gaps > 1e-6 {
			t.Errorf("seed %d: gaps %.2e", seed, res.Gaps)
		}
	}
	t.Logf("%d pieces", pieces)
}

// Trainings in which the interior point method divides by a slack of zero are completed by the start of a path.
func TestTrainingAfterInterior(t *testing.T) {
	dir, ok := dataset.Find("svm")
	if !ok {
		t.Skip("there is no folder svm with the public data sets; set BILEVEL_DATA to the folder that has it")
	}
	d, err := ReadFile(filepath.Join(dir, "wdbc.csv"), ReadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if d, err = d.Binary(); err != nil {
		t.Fatal(err)
	}
	for seed, c := range map[uint64]float64{32: 100, 38: 1000} {
		at, _ := Split(d.Len(), 0.5, seed)
		train := d.Subset(at)
		train = NewScaler(train, Range).Apply(train)
		folds, _ := Folds(train.Len(), 3, seed)
		for k := range folds {
			f, err := NewFollower(train.Subset(rest(folds, k)), SVC)
			if err != nil {
				t.Fatal(err)
			}
			if _, _, err := f.Fit(Hyper{C: c}); err != nil || f.Residual() > 1e-9 {
				t.Errorf("seed %d, fold %d: %v, residual %v", seed, k, err, f.Residual())
			}
		}
	}
}

// trainingValue is the follower's objective.
func trainingValue(d *Data, task Task, h Hyper, w []float64, b float64) float64 {
	s := dot(w, w) / 2
	for i, x := range d.X {
		p := dot(x, w) - b
		if task == SVC {
			s += h.C * math.Max(0, 1-d.Y[i]*p)
		} else {
			s += h.C * math.Max(0, math.Abs(p-d.Y[i])-h.Epsilon)
		}
	}
	return s
}

// Anywhere on its pieces a curve is the loss that Evaluate finds there, for each loss, and it ends where the line does. Points where the intercept is
// not unique to rounding, or a margin is, are rare enough to be left out by the choice of points.
func TestCurveIsTheLoss(t *testing.T) {
	for seed := range 60 {
		r := rand.New(rand.NewPCG(uint64(seed), 78))
		d, task, line := pathCases(r, seed)
		if d.Len() < 9 || seed%4 == 1 {
			continue // ties on a lattice leave intercepts and margins to rounding
		}
		folds, _ := Folds(d.Len(), 3, uint64(seed))
		losses := []Loss{Misclassification, Hinge}
		if task == SVR {
			losses = []Loss{Absolute, Squared}
		}
		for _, loss := range losses {
			c, err := CurveOver(context.Background(), d, task, folds, loss, line)
			if err != nil {
				t.Fatal(err)
			}
			cv, err := NewValidation(d, task, folds, loss)
			if err != nil {
				t.Fatal(err)
			}
			last := line.From
			for i, p := range c.Pieces {
				if p.From != last {
					t.Fatalf("seed %d: nothing between %v and %v", seed, last, p.From)
				}
				last = p.To
				if i%3 > 0 || p.To-p.From < 1e-6*p.To {
					continue
				}
				s := (0.1 + 0.8*r.Float64()) * (p.To - p.From)
				l, sl, err := cv.Evaluate(line.Hyper(p.From + s))
				if err != nil {
					t.Fatal(err)
				}
				tied := false
				for k, f := range cv.folds {
					for _, x := range cv.held[k].X {
						v := f.f.at()
						tied = tied || math.Abs(dot(x, v[:f.n])-v[f.n]) < 1e-6
					}
				}
				if !(tied && loss == Misclassification) && math.Abs(valueOf(&p.Loss, s)-l) > 1e-5*(1+l) || math.Abs(valueOf(&p.Slope, s)-sl) > 1e-5*(1+sl) {
					t.Errorf("seed %d %v at %v: curve %v %v, followers %v %v", seed, loss, p.From+s, valueOf(&p.Loss, s), valueOf(&p.Slope, s), l, sl)
				}
			}
			if last != line.To {
				t.Errorf("seed %d: the curve ends at %v", seed, last)
			}
		}
	}
}

func TestPathMistakes(t *testing.T) {
	d := sample(1, 9, 2, true)
	nothing := func(Piece) error { return nil }
	good := Line{Along: Hyper{C: 1}, From: 1, To: 2}
	for name, c := range map[string]struct {
		task Task
		line Line
	}{
		"no direction in range": {SVC, Line{Along: Hyper{C: 1}, From: 0, To: 2}},
		"backwards":             {SVC, Line{Along: Hyper{C: 1}, From: 2, To: 1}},
		"no number":             {SVC, Line{Along: Hyper{C: 1}, From: math.NaN(), To: 1}},
		"infinite":              {SVC, Line{Along: Hyper{C: 1}, From: 1, To: math.Inf(1)}},
		"boxes of other length": {SVC, Line{At: Hyper{Box: []float64{1}}, Along: Hyper{C: 1}, From: 1, To: 2}},
		"boxes from nowhere":    {SVC, Line{At: Hyper{}, Along: Hyper{C: 1, Box: []float64{1, 1}}, From: 1, To: 2}},
		"another task":          {Ridge, good},
	} {
		if _, err := Path(context.Background(), d, c.task, c.line, nothing); !errors.Is(err, ErrOptions) {
			t.Errorf("%s: %v", name, err)
		}
	}
	stop := errors.New("enough")
	if _, err := Path(context.Background(), d, SVC, good, func(Piece) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("the error of visit: %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Path(ctx, d, SVC, good, nothing); !errors.Is(err, context.Canceled) {
		t.Errorf("the context: %v", err)
	}
	if _, err := CurveOver(context.Background(), d, SVC, [][]int{{0, 1, 2}, {3, 4, 5, 6, 7, 8}}, LogLoss, good); !errors.Is(err, ErrOptions) {
		t.Errorf("log-loss: %v", err)
	}
}
