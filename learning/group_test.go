package learning

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/gobilevel/bilevel"
	"github.com/gobilevel/bilevel/model/modfile"
)

// grouped draws l samples of three groups of 3, 2 and 3 features, of which the second says nothing.
func grouped(seed uint64, l int) *Data {
	d := sample(seed, l, 8, false)
	r := rand.New(rand.NewPCG(seed, 23))
	w := []float64{2, -1, 0.5, 0, 0, 1, 1, -3}
	for i, x := range d.X {
		x[1] += x[0] / 2
		d.Y[i] = dot(x, w) + 1.5 + r.NormFloat64()
	}
	d.Groups = [][]int{{0, 1, 2}, {3, 4}, {5, 6, 7}}
	return d
}

func groupObjective(d *Data, lam []float64, w []float64, b float64) float64 {
	s := 0.0
	for i, x := range d.X {
		r := dot(x, w) - b - d.Y[i]
		s += r * r / 2
	}
	for g, q := range d.groups() {
		s += lam[g] * math.Sqrt(float64(len(q))) * size(w, q)
	}
	return s
}

// The answers satisfy their conditions, do not depend on the start, have a dual gap that proves them, and no drawn point is below them by more; with groups
// of one feature they are those of the lasso.
func TestGroupLassoIsExact(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for seed := range uint64(5) {
		d := grouped(seed, 30)
		if seed == 4 { // more features than samples, and a feature that is zero
			d = d.Subset([]int{0, 1, 2, 3, 4, 5})
			for _, x := range d.X {
				x[2] = 0
			}
		}
		warm, err := NewFollower(d, GroupLasso)
		if err != nil {
			t.Fatal(err)
		}
		sparse := 0
		for _, l1 := range []float64{1e-3, 0.3, 4, 25, 300, 2, 0.05} {
			for _, each := range []bool{false, true} {
				h, lam := Hyper{L1: l1}, []float64{l1, l1, l1}
				if each {
					lam = []float64{l1 / 2, l1, 3 * l1}
					h.Weights = lam
				}
				w, b, err := warm.Fit(h)
				if err != nil {
					t.Fatalf("seed %d %+v: %v", seed, h, err)
				}
				if q := warm.Residual(); q > 1e-9 {
					t.Errorf("seed %d %+v: residual %g", seed, h, q)
				}
				f := groupObjective(d, lam, w, b)
				l := warm.f.(*groupLasso)
				l.gradient(l.v, l.g)
				if gap := l.gap(); math.Abs(gap) > 1e-9*(1+f) {
					t.Errorf("seed %d %+v: gap %g", seed, h, gap)
				}
				if size(w, d.Groups[1]) == 0 {
					sparse++
				}
				cold, _ := NewFollower(d, GroupLasso)
				w2, b2, err := cold.Fit(h)
				if err != nil {
					t.Fatal(err)
				}
				if f2 := groupObjective(d, lam, w2, b2); math.Abs(f-f2) > 1e-9*(1+f) {
					t.Errorf("seed %d %+v: warm %v, cold %v", seed, h, f, f2)
				}
				for range 20 {
					at := make([]float64, 8)
					for k := range at {
						at[k] = w[k] + 0.1*r.NormFloat64()
					}
					// Of any point, the gap says how far it is above the answer at most.
					copy(l.v, at)
					l.v[8] = b
					l.gradient(l.v, l.g)
					l.intercept()
					above := groupObjective(d, lam, at, l.v[8]) - f
					if gap := l.gap(); above < -1e-9*(1+f) || gap < above-1e-9*(1+f) {
						t.Fatalf("seed %d %+v: a point %g above the answer, with the gap %g", seed, h, above, gap)
					}
				}
			}
		}
		if sparse == 0 {
			t.Errorf("seed %d: the second group is always in use", seed)
		}
	}
	d := sample(4, 25, 5, false)
	one, _ := NewFollower(d, GroupLasso)
	lasso, _ := NewFollower(d, Lasso)
	for _, l1 := range []float64{0.1, 3, 20} {
		w, b, err := one.Fit(Hyper{L1: l1})
		if err != nil {
			t.Fatal(err)
		}
		w2, b2, _ := lasso.Fit(Hyper{L1: l1})
		for k := range w {
			if math.Abs(w[k]-w2[k]) > 1e-9 || math.Abs(b-b2) > 1e-9 {
				t.Errorf("λ %g: w[%d] %v, of the lasso %v", l1, k, w[k], w2[k])
			}
		}
	}
}

// Derivatives of a linear function of the answer by each penalty agree with differences.
func TestGroupLassoPullAgainstDifferences(t *testing.T) {
	for seed := range uint64(4) {
		d := grouped(30+seed, 24)
		g := []float64{0.3, -1, 0.7, 0.2, 1, 0.4, -0.8, 2}
		value := func(h Hyper) float64 {
			f, _ := NewFollower(d, GroupLasso)
			w, b, err := f.Fit(h)
			if err != nil {
				t.Fatal(err)
			}
			return dot(g, w) - 0.6*b
		}
		check := func(what string, got float64, h Hyper, at func(h *Hyper) *float64) {
			up, down := h.Clone(), h.Clone()
			const e = 1e-5
			*at(&up) += e
			*at(&down) -= e
			if want := (value(up) - value(down)) / (2 * e); math.Abs(got-want) > 1e-6*(1+math.Abs(want)) {
				t.Errorf("seed %d %s: %g, differences %g", seed, what, got, want)
			}
		}
		f, _ := NewFollower(d, GroupLasso)
		for _, l1 := range []float64{0.2, 5} {
			h := Hyper{L1: l1}
			if _, _, err := f.Fit(h); err != nil {
				t.Fatal(err)
			}
			check("l1", f.Pull(g, -0.6).L1, h, func(h *Hyper) *float64 { return &h.L1 })
			h = Hyper{Weights: []float64{l1, 2 * l1, l1 / 3}}
			if _, _, err := f.Fit(h); err != nil {
				t.Fatal(err)
			}
			p := f.Pull(g, -0.6)
			if len(p.Weights) != 3 {
				t.Fatalf("%d derivatives by 3 penalties", len(p.Weights))
			}
			for k := range 3 {
				check("weight", p.Weights[k], h, func(h *Hyper) *float64 { return &h.Weights[k] })
			}
		}
	}
}

// The model's local answer has the weights and the loss of the package's own followers, also where a group is out, and tuning ends no higher.
func TestGroupLassoModel(t *testing.T) {
	for _, c := range []struct {
		each bool
		l1   [2]float64
		out  bool // whether the second group has no weights
	}{{false, [2]float64{0.5, 40}, true}, {true, [2]float64{0.5, 40}, false}, {false, [2]float64{9, 40}, true}, {true, [2]float64{9, 40}, true}} {
		each := c.each
		d := grouped(5, 20)
		folds, err := Folds(20, 2, 1)
		if err != nil {
			t.Fatal(err)
		}
		rg := Ranges{L1: c.l1}
		m, err := BuildModel(d, GroupLasso, folds, ModelOptions{Range: rg, PerFeature: each})
		if err != nil {
			t.Fatal(err)
		}
		res, err := bilevel.Solve(context.Background(), m.Model, bilevel.Options{Multistart: 1, TimeLimit: 20 * time.Second, Reform: "kkt+relax:scholtes"})
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%v %v %v %v %+v", res.Status, res.Proof, res.Objective, res.Plan, m.Hyper(res.Value))
		cv, err := NewValidation(d, GroupLasso, folds, Squared)
		if err != nil {
			t.Fatal(err)
		}
		loss, _, err := cv.Evaluate(m.Hyper(res.Value))
		if err != nil {
			t.Fatal(err)
		}
		if math.Abs(loss-res.Objective) > 1e-5*(1+loss) {
			t.Errorf("the model says %v, the followers %v", res.Objective, loss)
		}
		if w := cv.folds[0].f.at(); c.out != (w[3] == 0 && w[4] == 0) {
			t.Errorf("%+v: the weights of the first fold are %v", c, w)
		}
		for t2, f := range cv.folds {
			for k, v := range f.f.at()[:8] {
				if math.Abs(res.Value(m.W[t2][k])-v) > 1e-4 {
					t.Errorf("fold %d: w[%d] %v in the model, %v by itself", t2+1, k, res.Value(m.W[t2][k]), v)
				}
			}
			if b := f.f.at()[8]; math.Abs(res.Value(m.B[t2])-b) > 1e-4 {
				t.Errorf("fold %d: the price is %v, the intercept %v", t2+1, res.Value(m.B[t2]), b)
			}
		}
		s := &search{ctx: context.Background(), cv: cv, space: newSpace(GroupLasso, 3, each, rg), method: "bilevel", best: point{loss: math.Inf(1)}}
		if s.opt, err = (Options{}).filled(GroupLasso); err != nil {
			t.Fatal(err)
		}
		s.bilevel()
		if s.best.loss > res.Objective+1e-5 {
			t.Errorf("per group %v: tuning ends at %v, the model at %v", each, s.best.loss, res.Objective)
		}
		var text strings.Builder
		if err := modfile.Print(&text, m.Model); err != nil {
			t.Fatal(err)
		}
		if again, err := modfile.Read("again", []byte(text.String())); err != nil || again.NumFollowers() != 2 {
			t.Errorf("the printed model: %v", err)
		}
	}
}

// A penalty for each group finds what one for all cannot: its validation loss is below, and no worse than the grid's in either case.
func TestGroupLassoTune(t *testing.T) {
	d := grouped(8, 60)
	cv := map[bool]float64{}
	for _, each := range []bool{false, true} {
		r, err := Tune(context.Background(), d, GroupLasso, Options{Methods: []string{"bilevel", "grid", "random"}, TestShare: 0.3, PerFeature: each})
		if err != nil {
			t.Fatal(err)
		}
		if r.Runs[0].CV > r.Runs[1].CV+1e-9 || math.IsNaN(r.Runs[0].Test) || len(r.Runs[0].W) != 8 {
			t.Errorf("%+v", r.Runs)
		}
		if each && len(r.Runs[0].Hyper.Weights) != 3 || !each && math.Abs(r.Runs[0].Final.L1-1.5*r.Runs[0].Hyper.L1) > 1e-12 {
			t.Errorf("%+v %+v", r.Runs[0].Hyper, r.Runs[0].Final)
		}
		cv[each] = r.Runs[0].CV
	}
	if cv[true] >= cv[false] {
		t.Errorf("one penalty a group: %v, one for all: %v", cv[true], cv[false])
	}
}

// Groups of any sizes, with features that repeat each other or differ in size by 10⁴, with few samples and without a penalty: every training ends at an answer.
func TestGroupLassoOnHardData(t *testing.T) {
	r := rand.New(rand.NewPCG(77, 1))
	for q := range 150 {
		l, n := 2+r.IntN(30), 1+r.IntN(12)
		d := sample(r.Uint64(), l, n, false)
		for _, x := range d.X {
			if q%3 == 1 && n > 2 {
				x[1] = x[0]
			}
			if q%4 == 1 && n > 2 {
				x[2] *= 1e4
			}
		}
		for left := n; left > 0; {
			s := 1 + r.IntN(left)
			group := make([]int, s)
			for i := range group {
				group[i] = n - left + i
			}
			d.Groups, left = append(d.Groups, group), left-s
		}
		f, err := NewFollower(d, GroupLasso)
		if err != nil {
			t.Fatal(err)
		}
		for k := range 5 {
			h := Hyper{L1: math.Pow(10, 6*r.Float64()-2)}
			if k == 3 {
				h.L1 = 0
			}
			if _, _, err := f.Fit(h); err != nil || f.Residual() > 1e-8 {
				t.Errorf("%d samples, groups %v, λ %g: %v, residual %g", l, d.Groups, h.L1, err, f.Residual())
			}
		}
	}
}

func TestGroups(t *testing.T) {
	for _, c := range []struct {
		n     int
		sizes []int
		count int // 0: an error
	}{{6, []int{2}, 3}, {6, []int{1, 2, 3}, 3}, {6, []int{4}, 0}, {6, []int{3, 4}, 0}, {6, []int{3, 2}, 0}, {6, []int{0, 6}, 0}, {6, []int{-1}, 0}, {6, nil, 0}} {
		q, err := GroupsOf(c.n, c.sizes...)
		if len(q) != c.count || (err == nil) != (c.count > 0) || err != nil && !errors.Is(err, ErrOptions) {
			t.Errorf("%d features in %v: %v, %v", c.n, c.sizes, q, err)
		}
	}
	for _, q := range [][][]int{{{0, 1}}, {{0, 1}, {1, 2, 3, 4, 5, 6, 7}}, {{0, 1, 2, 3, 4, 5, 6, 8}}, {{0, 1, 2, 3, 4, 5, 6, 7}, {}}} {
		d := grouped(1, 5)
		d.Groups = q
		var want *DataError
		if err := d.Check(); !errors.As(err, &want) {
			t.Errorf("%v: %v", q, err)
		}
	}
}
