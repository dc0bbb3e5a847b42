package learning

import (
	"context"
	"math"
	"math/rand/v2"
	"strconv"
	"testing"

	"github.com/gobilevel/bilevel"
)

// sample draws a small data set with a linear signal in every second feature.
func sample(seed uint64, l, n int, classify bool) *Data {
	r := rand.New(rand.NewPCG(seed, 7))
	d := &Data{Name: "drawn"}
	for k := range n {
		d.Features = append(d.Features, "x"+strconv.Itoa(k+1))
	}
	for range l {
		x := make([]float64, n)
		p := 0.3
		for k := range x {
			x[k] = r.NormFloat64()
			if k%2 == 0 {
				p += x[k] * float64(k+1)
			}
		}
		p += r.NormFloat64()
		d.X = append(d.X, x)
		if classify {
			p = math.Copysign(1, p)
		}
		d.Y = append(d.Y, p)
	}
	if classify {
		d.Classes = [2]string{"-1", "1"}
	}
	return d
}

func hypers(task Task, n int) []Hyper {
	var out []Hyper
	box := make([]float64, n)
	for k := range box {
		box[k] = 0.1 * float64(k+1)
	}
	for _, c := range []float64{1e-3, 0.02, 1, 30, 1e3} {
		h := Hyper{C: c, Epsilon: 0.4, L1: c, L2: 0.7}
		if task == Ridge || task == Logistic {
			h.L2 = c
		}
		out = append(out, h)
		switch task {
		case SVC, SVR:
			h.Box = box
			out = append(out, h)
		case Ridge, Logistic:
			h.Weights = box
			out = append(out, h)
		}
	}
	return out
}

// The followers satisfy their conditions to 1e-8 along a path of hyperparameters, cold and warm answers agree, and no small move is better.
func TestFollowersAreExact(t *testing.T) {
	for task := SVC; task <= Logistic; task++ {
		for seed := range uint64(4) {
			d := sample(seed, 40, 6, task.Classifies())
			warm, err := NewFollower(d, task)
			if err != nil {
				t.Fatal(err)
			}
			for _, h := range hypers(task, 6) {
				cold, _ := NewFollower(d, task)
				w, b, err := warm.Fit(h)
				if err != nil {
					t.Fatalf("%v %+v: %v", task, h, err)
				}
				if r := warm.Residual(); r > 1e-8 {
					t.Errorf("%v %+v: residual %g", task, h, r)
				}
				w2, b2, err := cold.Fit(h)
				if err != nil {
					t.Fatal(err)
				}
				if f, f2 := objective(d, task, h, w, b), objective(d, task, h, w2, b2); math.Abs(f-f2) > 1e-8*(1+f) {
					t.Errorf("%v %+v: warm %v, cold %v", task, h, f, f2)
				}
			}
		}
	}
}

// objective is the training objective by its definition.
func objective(d *Data, task Task, h Hyper, w []float64, b float64) float64 {
	s := 0.0
	for k, v := range w {
		switch task {
		case SVC, SVR:
			s += v * v / 2
		case Ridge, Logistic:
			s += h.weight(k) * v * v / 2
		case Lasso:
			s += h.L1 * math.Abs(v)
		case ElasticNet:
			s += h.L1*math.Abs(v) + h.L2*v*v/2
		}
	}
	for i, x := range d.X {
		p := dot(x, w) - b
		switch task {
		case SVC:
			s += h.C * math.Max(0, 1-d.Y[i]*p)
		case SVR:
			s += h.C * math.Max(0, math.Abs(p-d.Y[i])-h.Epsilon)
		case Logistic:
			s += logOnePlusExp(-d.Y[i] * p)
		default:
			s += (p - d.Y[i]) * (p - d.Y[i]) / 2
		}
	}
	return s
}

// HiGHS solves the training problems of SVMs and lasso as quadratic programs to the same value and weights.
func TestFollowersAgainstQuadraticPrograms(t *testing.T) {
	for _, task := range []Task{SVC, SVR, Lasso, ElasticNet} {
		d := sample(11, 14, 3, task.Classifies())
		f, err := NewFollower(d, task)
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range hypers(task, 3) {
			if h.C > 100 {
				continue
			}
			w, b, err := f.Fit(h)
			if err != nil {
				t.Fatal(err)
			}
			m := bilevel.NewModel("qp")
			q := m.Leader()
			wv := q.Vars("w", 3, math.Inf(-1), math.Inf(1))
			bv := q.Var("b", math.Inf(-1), math.Inf(1))
			addTraining(q, d, task, trainingTerms{c: h.C, eps: h.Epsilon, l1: h.L1, l2: h.L2}, wv, bv)
			for k := range h.Box {
				q.Constrain("box"+strconv.Itoa(k), wv[k].Between(-h.Box[k], h.Box[k]))
			}
			res, err := bilevel.Solve(context.Background(), m, bilevel.Options{Backend: "highs"})
			if err != nil {
				t.Fatal(err)
			}
			got := objective(d, task, h, w, b)
			if math.Abs(res.Objective-got) > 1e-6*(1+math.Abs(got)) || got > res.Objective+1e-8*(1+math.Abs(got)) {
				t.Errorf("%v %+v: HiGHS %.10g, follower %.10g", task, h, res.Objective, got)
			}
			for k := range w {
				if math.Abs(res.Value(wv[k])-w[k]) > 1e-4 {
					t.Errorf("%v %+v: w[%d] %g, HiGHS %g", task, h, k, w[k], res.Value(wv[k]))
				}
			}
		}
	}
}

// Derivatives of a linear function of the answer agree with differences of answers.
func TestPullAgainstDifferences(t *testing.T) {
	for task := SVC; task <= Logistic; task++ {
		for seed := range uint64(3) {
			d := sample(20+seed, 30, 4, task.Classifies())
			f, _ := NewFollower(d, task)
			g := []float64{0.3, -1, 0.7, 0.2}
			value := func(h Hyper) float64 {
				c, _ := NewFollower(d, task)
				w, b, err := c.Fit(h)
				if err != nil {
					t.Fatal(err)
				}
				return dot(g, w) - 0.6*b
			}
			h := Hyper{C: 0.13, Epsilon: 0.37, L1: 5.1, L2: 0.9}
			switch task {
			case SVC, SVR:
				h.Box = []float64{0.21, 3, 0.34, 0.11}
			case Ridge, Logistic:
				h.Weights = []float64{0.5, 2, 1, 4}
			}
			if _, _, err := f.Fit(h); err != nil {
				t.Fatal(err)
			}
			p := f.Pull(g, -0.6)
			check := func(what string, got float64, at func(h *Hyper) *float64) {
				const e = 1e-6
				up, down := h.Clone(), h.Clone()
				*at(&up) += e
				*at(&down) -= e
				if want := (value(up) - value(down)) / (2 * e); math.Abs(got-want) > 1e-4*(1+math.Abs(want)) {
					t.Errorf("%v seed %d %s: %g, differences %g", task, seed, what, got, want)
				}
			}
			switch task {
			case SVC, SVR:
				check("C", p.C, func(h *Hyper) *float64 { return &h.C })
				check("box", p.Box[2], func(h *Hyper) *float64 { return &h.Box[2] })
				check("box", p.Box[0], func(h *Hyper) *float64 { return &h.Box[0] })
				if task == SVR {
					check("epsilon", p.Epsilon, func(h *Hyper) *float64 { return &h.Epsilon })
				}
			case Ridge, Logistic:
				for k := range 4 {
					check("weight", p.Weights[k], func(h *Hyper) *float64 { return &h.Weights[k] })
				}
			default:
				check("l1", p.L1, func(h *Hyper) *float64 { return &h.L1 })
				if task == ElasticNet {
					check("l2", p.L2, func(h *Hyper) *float64 { return &h.L2 })
				}
			}
		}
	}
}

// An answer whose predictions are wrong by a tenth has a residual, whatever the sizes of C and of the features: where C is large the terms of the conditions are large and
// cancel, where it is small multipliers are, and weights where features are large.
func TestResidualSeesWrongAnswers(t *testing.T) {
	draw := rand.New(rand.NewPCG(9, 2))
	for _, task := range []Task{SVC, SVR} {
		for _, size := range []float64{1, 1e6} {
			for _, c := range []float64{1e-5, 1, 1e7} {
				d := &Data{Features: []string{"a", "b"}}
				for i := range 10 {
					x := []float64{draw.NormFloat64(), draw.NormFloat64()}
					d.X, d.Y = append(d.X, []float64{size * x[0], x[1]}), append(d.Y, float64(2*(i%2)-1))
				}
				f, err := NewFollower(d, task)
				if err != nil {
					t.Fatal(err)
				}
				if _, _, err := f.Fit(Hyper{C: c, Epsilon: 0.01}); err != nil {
					t.Fatal(err)
				}
				h := f.f.(*hinges)
				exact := h.residual()
				h.v[0] += 0.1 / size
				if wrong := h.residual(); exact > 1e-10 || wrong < 1e-5 {
					t.Errorf("%v, features of size %v, C = %v: residual %.1e of the answer, %.1e of a wrong one", task, size, c, exact, wrong)
				}
			}
		}
	}
}

// The multipliers of the last feature, all 0 or C, add up to zero, and so its weight is zero. A wrong weight is a small part of the terms of its condition.
func TestZeroWeightAtLargeC(t *testing.T) {
	d := &Data{Features: []string{"a", "b", "c", "d"}, X: [][]float64{{0, 1, 1, 0}, {1, 1, 0, 0}, {1, 0, 0, 1}, {1, 1, 1, 0}, {1, 0, 1, 0}, {0, 1, 0, 0}, {1, 0, 1, 1}}, Y: []float64{1, -1, -1, -1, 1, 1, 1}}
	f, err := NewFollower(d, SVC)
	if err != nil {
		t.Fatal(err)
	}
	box := []float64{0.7786610588251566, 0.08985783552463691, 0.003782710887173849, 0.022631800797229634}
	for _, c := range []float64{158782.91893465348, 959537.5613184681} {
		w, _, err := f.Fit(Hyper{C: c, Box: box})
		if err != nil || math.Abs(w[3]) > 1e-9 || w[0] != -box[0] || w[1] != -box[1] || w[2] != box[2] {
			t.Errorf("C = %v: weights %v, %v", c, w, err)
		}
	}
}
