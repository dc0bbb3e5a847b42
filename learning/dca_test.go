package learning

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gobilevel/bilevel"
	"github.com/gobilevel/bilevel/model"
)

// meanHinge is the mean training loss.
func meanHinge(d *Data, w []float64, b float64) float64 {
	s := 0.0
	for i, x := range d.X {
		s += math.Max(0, 1-d.Y[i]*(dot(x, w)-b)) / float64(d.Len())
	}
	return s
}

// The answer for a radius is that of a convex program, keeps its bounds, and the linear function of its multipliers lies below the least loss everywhere.
func TestRadiusFollower(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for seed := range uint64(3) {
		d := sample(60+seed, 24, 3, true)
		f, err := NewFollower(d, SVC)
		if err != nil {
			t.Fatal(err)
		}
		other, _ := NewFollower(d, SVC)
		for _, h := range []Hyper{{Radius: 0.05}, {Radius: 1}, {Radius: 0.3, Box: []float64{0.5, 0.01, 0.4}}, {Radius: 100, Box: []float64{0.5, 0.3, 0.4}}, {Radius: 1e-4}, {Radius: 10, Box: []float64{1e-6, 1e-6, 1e-6}}} {
			w, b, err := f.Fit(h)
			if err != nil {
				t.Fatalf("%+v: %v", h, err)
			}
			if half := dot(w, w) / 2; half > h.Radius*(1+1e-9) {
				t.Errorf("%+v: ½|w|² = %v", h, half)
			}
			for k := range h.Box {
				if math.Abs(w[k]) > h.Box[k]*(1+1e-12) {
					t.Errorf("%+v: w[%d] = %v", h, k, w[k])
				}
			}
			m := bilevel.NewModel("ball")
			q := m.Leader()
			wv, bv := q.Vars("w", 3, math.Inf(-1), math.Inf(1)), q.Var("b", math.Inf(-1), math.Inf(1))
			xi := q.Vars("xi", d.Len(), 0, math.Inf(1))
			q.ConstrainEach("margin", d.Len(), func(j int) model.Relation { return prediction(d.X[j], wv, bv).Times(d.Y[j]).Plus(xi[j]).GE(1) })
			q.Constrain("ball", model.SumOver(3, func(k int) any { return wv[k].Times(wv[k]) }).LE(2*h.Radius))
			for k, v := range h.Box {
				q.Constrain("box"+string(rune('0'+k)), wv[k].Between(-v, v))
			}
			q.Minimize(model.Dot(nil, xi).Times(1 / float64(d.Len())))
			res, err := bilevel.Solve(context.Background(), m, bilevel.Options{Backend: "builtin"})
			if err != nil {
				t.Fatal(err)
			}
			got := meanHinge(d, w, b)
			if math.Abs(got-res.Objective) > 2e-6*(1+got) {
				t.Errorf("seed %d %+v: loss %.9g, of the program %.9g", seed, h, got, res.Objective)
			}
			box := make([]float64, len(h.Box))
			value, byRadius := f.f.(*hinges).shadow(box)
			if math.Abs(value-got) > 1e-7+h.Radius/(1e6*24) {
				t.Errorf("%+v: loss %v, its bound %v", h, got, value)
			}
			for range 6 {
				h2 := h.Clone()
				h2.Radius *= math.Exp(2 * r.NormFloat64())
				below := value - byRadius*(h2.Radius-h.Radius)
				for k := range h2.Box {
					h2.Box[k] *= math.Exp(2 * r.NormFloat64())
					below -= box[k] * (h2.Box[k] - h.Box[k])
				}
				w2, b2, err := other.Fit(h2)
				if err != nil {
					t.Fatal(err)
				}
				if loss := meanHinge(d, w2, b2); loss < below-1e-7 {
					t.Errorf("from %+v to %+v: loss %v below the bound %v", h, h2, loss, below)
				}
			}
		}
	}
}

// Derivatives by the radius and by bounds on weights, with a radius that binds, agree with differences.
func TestRadiusPullAgainstDifferences(t *testing.T) {
	for seed := range uint64(4) {
		d := sample(20+seed, 30, 4, true)
		g := []float64{0.3, -1, 0.7, 0.2}
		h := Hyper{Radius: 0.21, Box: []float64{0.3, 3, 0.4, 0.11}}
		value := func(h Hyper) float64 {
			f, _ := NewFollower(d, SVC)
			w, b, err := f.Fit(h)
			if err != nil {
				t.Fatal(err)
			}
			return dot(g, w) - 0.6*b
		}
		f, _ := NewFollower(d, SVC)
		w, _, err := f.Fit(h)
		if err != nil {
			t.Fatal(err)
		}
		if half := dot(w, w) / 2; math.Abs(half-h.Radius) > 1e-8 {
			h.Radius = half / 2 // the bounds alone held it
			if _, _, err := f.Fit(h); err != nil {
				t.Fatal(err)
			}
		}
		p := f.Pull(g, -0.6)
		for k := -1; k < 4; k++ {
			got, at := p.Radius, func(h *Hyper) *float64 { return &h.Radius }
			if k >= 0 {
				got, at = p.Box[k], func(h *Hyper) *float64 { return &h.Box[k] }
			}
			up, down := h.Clone(), h.Clone()
			e := 1e-5 * *at(&h)
			*at(&up) += e
			*at(&down) -= e
			if want := (value(up) - value(down)) / (2 * e); math.Abs(got-want) > 1e-3*(1+math.Abs(want)) {
				t.Errorf("seed %d, %d: %g, differences %g", seed, k, got, want)
			}
		}
	}
}

// dcaCase is the program of a first step on drawn data.
func dcaCase(seed uint64, boxed bool) (p *dcaProgram, x []float64) {
	r := rand.New(rand.NewPCG(seed, 3))
	p = &dcaProgram{n: 3, folds: 2, boxed: boxed, prox: 0.05, penalty: 0.5 + 2*r.Float64(), lo: 1e-6, hi: 2}
	for t := range 2 {
		for _, train := range []bool{true, false} {
			d := sample(seed*10+uint64(t), 12, 3, true)
			for i, z := range d.X {
				a := append([]float64(nil), z...)
				a = append(a, -1)
				for k := range a {
					a[k] *= d.Y[i]
				}
				p.hinges = append(p.hinges, dcaHinge{t, a, train, 1.0 / 12})
			}
		}
	}
	x = make([]float64, p.block(2))
	x[0] = 0.4
	p.l = []float64{0.3 * r.Float64()}
	for k := 1; k < p.border(); k++ {
		x[k] = 0.1 * r.Float64()
		p.l = append(p.l, 0.2*r.Float64())
	}
	for i := p.border(); i < len(x); i++ {
		x[i] = 0.2 * r.NormFloat64()
	}
	p.d = 1 + dot(p.l, x[:p.border()])
	return p, x
}

// The built-in solver finds the same value of the program of a step.
func TestDCAProgramAgainstSolver(t *testing.T) {
	for seed := range uint64(6) {
		p, x := dcaCase(seed, seed%2 == 0)
		q, ok := p.solve(x)
		if !ok {
			t.Fatalf("seed %d: the path ended early", seed)
		}
		m := bilevel.NewModel("step")
		l := m.Leader()
		v := l.Vars("x", len(x), math.Inf(-1), math.Inf(1))
		z := l.Vars("z", len(p.hinges), 0, math.Inf(1))
		s := l.Var("s", 0, math.Inf(1))
		l.ConstrainEach("hinge", len(z), func(j int) model.Relation {
			at := p.block(p.hinges[j].fold)
			return model.Dot(p.hinges[j].a, v[at:at+4]).Plus(z[j]).GE(1)
		})
		train, valid := make([]float64, len(z)), make([]float64, len(z))
		for j, h := range p.hinges {
			if h.train {
				train[j] = h.weight
			} else {
				valid[j] = h.weight
			}
		}
		l.Constrain("row", model.Dot(train, z).Plus(model.Dot(p.l, v[:len(p.l)])).Minus(s).LE(p.d))
		for t2 := range 2 {
			w := v[p.block(t2) : p.block(t2)+3]
			l.Constrain("ball"+string(rune('0'+t2)), model.SumOver(3, func(k int) any { return w[k].Times(w[k]) }).Times(0.5).Minus(v[0]).LE(0))
			if p.boxed {
				l.ConstrainEach("up"+string(rune('0'+t2)), 3, func(k int) model.Relation { return w[k].Minus(v[1+k]).LE(0) })
				l.ConstrainEach("down"+string(rune('0'+t2)), 3, func(k int) model.Relation { return w[k].Plus(v[1+k]).GE(0) })
			}
		}
		if p.boxed {
			l.ConstrainEach("range", 3, func(k int) model.Relation { return v[1+k].Between(p.lo, p.hi) })
		}
		l.Minimize(model.Dot(valid, z).Plus(s.Times(p.penalty)).Plus(model.SumOver(len(x), func(i int) any {
			d := v[i].Minus(x[i])
			return d.Times(d).Times(p.prox / 2)
		})))
		res, err := bilevel.Solve(context.Background(), m, bilevel.Options{Backend: "builtin"})
		if err != nil {
			t.Fatal(err)
		}
		if got := p.objective(q, x); math.Abs(got-res.Objective) > 1e-6*(1+got) {
			t.Errorf("seed %d: %.9g, of the solver %.9g", seed, got, res.Objective)
		}
		for i, u := range q.x {
			if math.Abs(res.Value(v[i])-u) > 1e-3 {
				t.Errorf("seed %d: x[%d] %v, of the solver %v", seed, i, u, res.Value(v[i]))
			}
		}
	}
}

// Over wide ranges of ρ, β and R the path ends at an answer, whose multipliers of the row and of s add up to β.
func TestDCAProgramsEnd(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for seed := range uint64(200) {
		p, x := dcaCase(seed, seed%2 == 0)
		p.prox, p.penalty, x[0] = math.Pow(10, 4*r.Float64()-4), math.Pow(10, 3*r.Float64()-1), math.Pow(10, 4*r.Float64()-2)
		q, ok := p.solve(x)
		if !ok || math.Abs(q.nu+q.sigma-p.penalty) > 1e-5*(1+p.penalty) || q.s*q.sigma > 1e-4 {
			t.Errorf("%d, ρ %g, β %g, R %g: %v, multipliers %g and %g, s %g", seed, p.prox, p.penalty, x[0], ok, q.nu, q.sigma, q.s)
		}
		if over := p.violation(q.x); over > q.s+1e-6 {
			t.Errorf("%d: the row is violated by %g, not by s = %g", seed, over, q.s)
		}
	}
}

// The model with a radius has a local answer whose loss the followers confirm; the method ends there or lower, and repeats itself.
func TestDCAAgainstModel(t *testing.T) {
	for _, seed := range []uint64{0, 1, 5} {
		d := sample(seed, 18, 2, true)
		folds, err := Folds(18, 2, 3)
		if err != nil {
			t.Fatal(err)
		}
		ranges, err := Ranges{Radius: [2]float64{0.01, 20}}.filled(d)
		if err != nil {
			t.Fatal(err)
		}
		m, err := BuildModel(d, SVC, folds, ModelOptions{Loss: Hinge, Radius: true, Range: ranges})
		if err != nil {
			t.Fatal(err)
		}
		res, err := bilevel.Solve(context.Background(), m.Model, bilevel.Options{Multistart: 1, TimeLimit: 20 * time.Second, Reform: "kkt+relax:scholtes"})
		if err != nil {
			t.Fatal(err)
		}
		opt, err := (Options{Loss: Hinge, DCA: DCAOptions{Tolerance: 1e-4}}).filled(SVC)
		if err != nil {
			t.Fatal(err)
		}
		run := func() *search {
			cv, err := NewValidation(d, SVC, folds, Hinge)
			if err != nil {
				t.Fatal(err)
			}
			s := &search{ctx: context.Background(), cv: cv, space: newSpace(SVC, 2, false, ranges).withRadius(ranges), opt: opt, method: "dca", best: point{loss: math.Inf(1)}}
			s.dca()
			return s
		}
		a, b := run(), run()
		loss, _, err := a.cv.Evaluate(m.Hyper(res.Value))
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("seed %d: model %v, followers %v, dca %v at R = %v", seed, res.Objective, loss, a.best.loss, math.Exp(a.best.theta[0]))
		if math.Abs(loss-res.Objective) > 1e-5 {
			t.Errorf("seed %d: the model says %v, the followers %v at %+v", seed, res.Objective, loss, m.Hyper(res.Value))
		}
		if a.best.loss > res.Objective+1e-6 {
			t.Errorf("seed %d: dca ends at %v, the model at %v", seed, a.best.loss, res.Objective)
		}
		if !cmp.Equal(a.best.theta, b.best.theta) {
			t.Errorf("seed %d: two runs differ", seed)
		}
	}
}

// With a bound on each weight the method goes below what a lattice of C and a common bound finds.
func TestDCATune(t *testing.T) {
	d := sample(7, 90, 8, true)
	r, err := Tune(context.Background(), d, SVC, Options{Methods: []string{"dca", "grid"}, Loss: Hinge, PerFeature: true, TestShare: 0.3, DCA: DCAOptions{Tolerance: 0.01}})
	if err != nil {
		t.Fatal(err)
	}
	a := r.Runs[0]
	if a.CV >= r.Runs[1].CV || a.Hyper.Radius <= 0 || len(a.Hyper.Box) != 8 || a.Final.Radius != a.Hyper.Radius || len(a.W) != 8 || math.IsNaN(a.Test) {
		t.Errorf("%+v against %v", a, r.Runs[1].CV)
	}
	for k, w := range a.W {
		if math.Abs(w) > a.Final.Box[k]*(1+1e-9) {
			t.Errorf("w[%d] = %v with the bound %v", k, w, a.Final.Box[k])
		}
	}
	for _, c := range []Options{{Methods: []string{"dca"}, DCA: DCAOptions{Prox: -1}}, {Methods: []string{"dca"}, DCA: DCAOptions{Iterations: -1}}} {
		if _, err := Tune(context.Background(), d, SVC, c); !errors.Is(err, ErrOptions) {
			t.Errorf("%+v: %v", c.DCA, err)
		}
	}
	if _, err := Tune(context.Background(), d, Logistic, Options{Methods: []string{"dca"}}); !errors.Is(err, ErrOptions) {
		t.Errorf("dca of a logistic regression: %v", err)
	}
}
