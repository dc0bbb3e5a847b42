package tasks_test

import (
	"context"
	"errors"
	"math"
	"testing"

	"github.com/gobilevel/bilevel/hypergrad"
	"github.com/gobilevel/bilevel/hypergrad/matrix"
	"github.com/gobilevel/bilevel/hypergrad/tasks"
)

// environments are two environments with labels that a shape explains alike in both and a colour better in the second; a sample is the shape in
// one of two channels and a constant.
func environments(n int) []tasks.Environment {
	var envs []tasks.Environment
	for e, flip := range []float64{0.25, 0.05} {
		part := func(seed tasks.Stream) tasks.Data {
			x, y := matrix.NewDense(n, 7), make([]float64, n)
			for i := range n {
				y[i] = 1
				if seed.Uniform(4*i) < 0.5 {
					y[i] = -1
				}
				colour := 0
				if (y[i] > 0) != (seed.Uniform(4*i+1) < flip) {
					colour = 1
				}
				for j := range 3 {
					x.Row(i)[3*colour+j] = 1 + 0.4*y[i]*float64(j-1) + 0.5*(seed+1).Normal(3*i+j)
				}
				x.Row(i)[6] = 1
			}
			return tasks.Data{X: x, Y: y}
		}
		envs = append(envs, tasks.Environment{Train: part(tasks.Stream(100 + 10*e)), Valid: part(tasks.Stream(200 + 10*e))})
	}
	return envs
}

func family(p int) tasks.TaskFamily {
	f := tasks.TaskFamily{Centre: make([]float64, p), Spread: make([]float64, p), Noise: 0.5}
	for j := range p {
		f.Centre[j], f.Spread[j] = math.Cos(float64(2*j)), 0.1+0.9*float64(j%3)/2
	}
	return f
}

// poisoned are a training set of which the first k labels are wrong, and a validation set.
func poisoned(n, p, k int) (train, valid tasks.Data) {
	part := func(seed tasks.Stream, n int) tasks.Data {
		x := tasks.Design(seed, n, p, 0)
		y := tasks.Labels(seed, x, tasks.TrueWeights(p, 1, 2))
		return tasks.Data{X: x, Y: y}
	}
	train, valid = part(tasks.TrainSeed, n), part(tasks.ValidationSeed, 2*n)
	for i := range k {
		train.Y[i] = -train.Y[i]
	}
	return train, valid
}

func TestMoreTasksCheck(t *testing.T) {
	type entry struct {
		name string
		p    hypergrad.Problem
		err  error
		at   float64
	}
	var list []entry
	add := func(name string, at float64) func(p hypergrad.Problem, err error) {
		return func(p hypergrad.Problem, err error) { list = append(list, entry{name, p, err, at}) }
	}
	penalty, err := tasks.NewCleaningPenalty(digits(81, 5, 4), digits(40, 5, 4))
	add("cleaning with a learnt penalty", -0.7)(penalty, err)
	for _, w := range []tasks.Weighting{tasks.ForAll, tasks.ForClass, tasks.ForFeature, tasks.ForEntry} {
		m, err := tasks.NewMultinomial(digits(83, 5, 4), digits(41, 5, 4), w)
		add("multinomial for "+w.String(), -2)(m, err)
	}
	for _, centre := range []bool{false, true} {
		m, err := tasks.NewMeta(family(4).Draw(7, 6, 8, 10), centre)
		add("meta", -1)(m, err)
	}
	train, valid := poisoned(30, 4, 3)
	for _, loss := range []tasks.Loss{tasks.Logistic, tasks.Squares} {
		q, err := tasks.NewPoisoning(train, valid, loss, 3, 0.1)
		add("poisoning", 0.4)(q, err)
	}
	for _, filters := range []int{1, 2, 3} {
		v, err := tasks.NewInvariant(environments(60), tasks.InvariantOptions{Channels: 2, Common: 1, Filters: filters, Invariance: 20})
		add("invariant", 0.8)(v, err)
	}
	for _, test := range list {
		t.Run(test.name, func(t *testing.T) {
			if test.err != nil {
				t.Fatal(test.err)
			}
			n, _ := test.p.Size()
			x := make([]float64, n)
			for j := range x {
				x[j] = test.at + 0.3*math.Sin(float64(j+1))
			}
			check, err := hypergrad.CheckHypergradient(context.Background(), test.p, x, nil, hypergrad.CheckOptions{Tolerance: 1e-6})
			if err != nil {
				t.Fatal(err)
			}
			if !check.Passed {
				t.Errorf("error %.3g: analytic %v, differences %v; oracles %v", check.Error, check.Analytic, check.Difference, check.Oracles)
			}
			if m, ok := test.p.(hypergrad.ForwardMixed); ok {
				adjointMixed(t, test.p, m, x)
			}
		})
	}
}

// adjointMixed holds v'(Cu) against u'(C'v).
func adjointMixed(t *testing.T, p hypergrad.Problem, forward hypergrad.ForwardMixed, x []float64) {
	n, m := p.Size()
	u, y, v, cu, cv := make([]float64, n), make([]float64, m), make([]float64, m), make([]float64, m), make([]float64, n)
	for j := range u {
		u[j] = math.Sin(float64(3*j + 1))
	}
	for j := range v {
		y[j], v[j] = math.Cos(float64(j)), math.Sin(float64(2*j+1))
	}
	forward.MixedForward(x, y, u, cu)
	p.Mixed(x, y, v, cv)
	near(t, "v'Cu", matrix.Dot(v, cu), matrix.Dot(u, cv), 1e-10)
}

// TestMultinomialIsLogistic: with two classes, penalties w on both classes are one of w/2 on the difference of their weights.
func TestMultinomialIsLogistic(t *testing.T) {
	train, valid := digits(60, 4, 2), digits(50, 4, 2)
	m, err := tasks.NewMultinomial(train, valid, tasks.ForFeature)
	if err != nil {
		t.Fatal(err)
	}
	binary := func(c tasks.Classes) tasks.Data {
		d := tasks.Data{X: c.X}
		for _, y := range c.Y {
			d.Y = append(d.Y, float64(2*y-1))
		}
		return d
	}
	l, err := tasks.NewLinear(binary(train), binary(valid), tasks.Logistic, tasks.LinearOptions{})
	if err != nil {
		t.Fatal(err)
	}
	x := []float64{-1, -2, 0.5, -3}
	half := make([]float64, 4)
	for j := range x {
		half[j] = x[j] - math.Ln2
	}
	a, b := evaluate(t, m, x), evaluate(t, l, half)
	near(t, "value", a.Value, b.Value, 1e-9)
	for j := range x {
		near(t, "hypergradient", a.Gradient[j], b.Gradient[j], 1e-8)
		near(t, "weight", a.Y[4+j]-a.Y[j], b.Y[j], 1e-7)
	}
}

func evaluate(t *testing.T, p hypergrad.Problem, x []float64) *hypergrad.Evaluation {
	t.Helper()
	e, err := hypergrad.NewEvaluator(p, nil, hypergrad.EngineOptions{})
	if err != nil {
		t.Fatal(err)
	}
	at, err := e.Evaluate(context.Background(), x, 1e-11)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// TestMetaFindsTheFamily: with many tasks the leader's answer comes near what is right for the family, in the penalties of features that are free, the
// centre, and the held-out error, where a ridge around zero cannot follow.
func TestMetaFindsTheFamily(t *testing.T) {
	f := family(6)
	const n = 12
	m, err := tasks.NewMeta(f.Draw(3, 300, n, 30), true)
	if err != nil {
		t.Fatal(err)
	}
	res, err := hypergrad.Minimize(context.Background(), m, make([]float64, 12), nil, hypergrad.Options{Set: hypergrad.Bounds(-8, 8), Tolerance: 1e-5})
	if err != nil {
		t.Fatal(err)
	}
	if res.Status != hypergrad.Stationary {
		t.Errorf("%v: %s", res.Status, res.Message)
	}
	best := f.Best(n)
	narrow, wide := math.Inf(1), math.Inf(-1)
	for j := range 6 {
		if f.Spread[j] > 0.9 {
			wide = max(wide, res.X[j])
			continue // with hardly a penalty its centre does not matter
		}
		near(t, "centre", res.X[6+j], best[6+j], 0.25)
		if f.Spread[j] < 0.2 {
			narrow = min(narrow, res.X[j])
		}
	}
	// Small penalties hardly matter, so that they are known less well than that they are small.
	if narrow < wide+1 {
		t.Errorf("penalties %.3f, want those of the weights that hardly vary well above those of the weights that vary most", res.X[:6])
	}
	unseen := f.Draw(4, 200, n, 30)
	loss := func(x []float64) (mean float64) {
		for _, task := range unseen {
			z, err := m.Learn(x, task.Train)
			if err != nil {
				t.Fatal(err)
			}
			for i, p := range tasks.Predict(task.Valid.X, z) {
				mean += (p - task.Valid.Y[i]) * (p - task.Valid.Y[i]) / 30 / float64(len(unseen))
			}
		}
		return mean
	}
	learnt, right, start := loss(res.X), loss(best), loss(make([]float64, 12))
	if learnt > 1.02*right || learnt > 0.6*start {
		t.Errorf("squared error on tasks unseen: %.4f learnt, %.4f with the family known, %.4f untaught", learnt, right, start)
	}
}

// TestPoisoningByBruteForce: one sample with one feature and a constant, moved within a box, against all places of a fine grid with the ridge in closed form.
func TestPoisoningByBruteForce(t *testing.T) {
	for seed := range 6 {
		x := matrix.NewDense(8, 2)
		train := tasks.Data{X: x, Y: make([]float64, 8)}
		s := tasks.Stream(50 + seed)
		for i := range 8 {
			x.Row(i)[0], x.Row(i)[1] = s.Normal(2*i), 1
			train.Y[i] = 0.7*x.Row(i)[0] + 0.3*s.Normal(2*i+1)
		}
		const rho = 0.05
		// The ridge by hand: two equations.
		value := func(a float64) float64 {
			var h00, h01, b0, b1 float64
			for i := range 8 {
				v := x.Row(i)[0]
				if i == 0 {
					v = a
				}
				h00, h01, b0, b1 = h00+v*v/8, h01+v/8, b0+v*train.Y[i]/8, b1+train.Y[i]/8
			}
			h00, h11 := h00+rho, 1+rho
			det := h00*h11 - h01*h01
			z0, z1 := (h11*b0-h01*b1)/det, (h00*b1-h01*b0)/det
			var loss float64
			for i := range 8 {
				d := z0*x.Row(i)[0] + z1 - train.Y[i]
				loss += d * d / 16
			}
			return loss
		}
		worst := 0.0
		for k := range 4001 {
			worst = max(worst, value(-2+float64(k)/1000))
		}
		q, err := tasks.NewPoisoning(train, train, tasks.Squares, 1, rho)
		if err != nil {
			t.Fatal(err)
		}
		found := 0.0
		for _, start := range []float64{-2, -0.7, 0.7, 2} {
			res, err := hypergrad.Minimize(context.Background(), q, []float64{start, 1}, nil, hypergrad.Options{
				Set: hypergrad.Box{Lower: []float64{-2, 1}, Upper: []float64{2, 1}}, FirstMove: 0.1, Tolerance: 1e-8})
			if err != nil {
				t.Fatal(err)
			}
			near(t, "the ridge's answer", -res.Value, value(res.X[0]), 1e-8)
			found = max(found, -res.Value)
		}
		if found < worst-1e-6 || found > worst+1e-5 {
			t.Errorf("seed %d: the worst loss found is %.7f, the grid's %.7f", seed, found, worst)
		}
	}
}

// TestPoisoningHurtsMore than flipped labels alone and than random places.
func TestPoisoningHurtsMore(t *testing.T) {
	train, valid := poisoned(60, 5, 6)
	q, err := tasks.NewPoisoning(train, valid, tasks.Logistic, 6, 0.01)
	if err != nil {
		t.Fatal(err)
	}
	flipped := -evaluate(t, q, q.Start()).Value
	place := make([]float64, 30)
	worst := 0.0
	for try := range 20 {
		for j := range place {
			place[j] = 4*tasks.Stream(900+try).Uniform(j) - 2
		}
		worst = max(worst, -evaluate(t, q, place).Value)
	}
	res, err := hypergrad.Minimize(context.Background(), q, q.Start(), nil, hypergrad.Options{Set: hypergrad.Bounds(-2, 2), MaxIterations: 100})
	if err != nil {
		t.Fatal(err)
	}
	if attacked := -res.Value; attacked < flipped+0.1 || attacked < worst+0.1 {
		t.Errorf("validation loss %.4f after the attack, %.4f with flipped labels alone, %.4f at the worst of 20 random places", attacked, flipped, worst)
	}
}

// TestInvariantLeavesColourOut: where the colour's share of right labels differs between environments, a leader that pays for it mixes both channels alike; one that
// does not, tells them apart.
func TestInvariantLeavesColourOut(t *testing.T) {
	envs := environments(800)
	colour := func(invariance float64) float64 {
		v, err := tasks.NewInvariant(envs, tasks.InvariantOptions{Channels: 2, Common: 1, Filters: 1, Invariance: invariance})
		if err != nil {
			t.Fatal(err)
		}
		var best *hypergrad.Result
		for _, start := range [][]float64{{1, -1}, {1, 0.2}, {1, 0.7}} {
			res, err := hypergrad.Minimize(context.Background(), v, start, nil, hypergrad.Options{Set: hypergrad.Bounds(-2, 2), FirstMove: 0.1, MaxIterations: 60, Tolerance: 1e-4})
			if err != nil {
				t.Fatal(err)
			}
			if best == nil || res.Value < best.Value {
				best = res
			}
		}
		return best.X[1] / best.X[0]
	}
	if plain, invariant := colour(0), colour(3000); plain > 0.5 || math.Abs(invariant-1) > 0.2 {
		t.Errorf("the ratio of the channels is %.3f for plain loss, below 0.5 expected, and %.3f for invariance, 1 expected", plain, invariant)
	}
}

func TestMoreBadData(t *testing.T) {
	good, wide := digits(8, 2, 4), digits(8, 3, 4)
	train, valid := poisoned(10, 2, 1)
	envs := environments(5)
	odd := environments(5)
	odd[1].Valid.Y[2] = 0
	for name, f := range map[string]func() error{
		"features of classes":   func() error { _, err := tasks.NewMultinomial(good, wide, tasks.ForAll); return err },
		"weighting":             func() error { _, err := tasks.NewMultinomial(good, good, tasks.ForEntry+1); return err },
		"name of a weighting":   func() error { _, err := tasks.ParseWeighting("none"); return err },
		"penalty":               func() error { _, err := tasks.NewCleaning(good, good, math.NaN()); return err },
		"no tasks":              func() error { _, err := tasks.NewMeta(nil, true); return err },
		"an empty task":         func() error { _, err := tasks.NewMeta([]tasks.LearningTask{{}}, true); return err },
		"no moved sample":       func() error { _, err := tasks.NewPoisoning(train, valid, tasks.Logistic, 0, 1); return err },
		"too many moved":        func() error { _, err := tasks.NewPoisoning(train, valid, tasks.Logistic, 11, 1); return err },
		"one environment":       func() error { _, err := tasks.NewInvariant(envs[:1], tasks.InvariantOptions{}); return err },
		"channels":              func() error { _, err := tasks.NewInvariant(envs, tasks.InvariantOptions{Channels: 3}); return err },
		"labels of environment": func() error { _, err := tasks.NewInvariant(odd, tasks.InvariantOptions{}); return err },
		"invariance":            func() error { _, err := tasks.NewInvariant(envs, tasks.InvariantOptions{Invariance: -1}); return err },
	} {
		if err := f(); !errors.Is(err, tasks.ErrData) {
			t.Errorf("bad %s: %v", name, err)
		}
	}
}

// TestKeptProbabilities: a product at another point than that of the last value does not take the probabilities kept from there.
func TestKeptProbabilities(t *testing.T) {
	m, err := tasks.NewMultinomial(digits(50, 5, 4), digits(20, 5, 4), tasks.ForAll)
	if err != nil {
		t.Fatal(err)
	}
	x, z, other, v := []float64{-1}, make([]float64, 20), make([]float64, 20), make([]float64, 20)
	for j := range z {
		z[j], other[j], v[j] = math.Sin(float64(j)), math.Cos(float64(3*j)), math.Sin(float64(2*j+1))
	}
	var all []int
	for i := range 50 {
		all = append(all, i)
	}
	whole, batch := make([]float64, 20), make([]float64, 20)
	m.Follower(x, z, nil, whole)
	for _, at := range [][]float64{other, z, z, other} {
		m.Hessian(x, at, v, whole)
		m.HessianBatch(all, x, at, v, batch)
		for j := range whole {
			near(t, "product", whole[j], batch[j], 1e-12)
		}
	}
}

// TestSampledMultinomial: a sampled method comes to the point that the deterministic one finds.
func TestSampledMultinomial(t *testing.T) {
	m, err := tasks.NewMultinomial(digits(200, 5, 4), digits(120, 5, 4), tasks.ForClass)
	if err != nil {
		t.Fatal(err)
	}
	set, start := hypergrad.Bounds(-3, 3), make([]float64, 4)
	exact, err := hypergrad.Minimize(context.Background(), m, start, nil, hypergrad.Options{Set: set})
	if err != nil {
		t.Fatal(err)
	}
	res, err := hypergrad.MinimizeSampled(context.Background(), m, start, nil, hypergrad.SampledOptions{Method: hypergrad.SABA{}, Set: set, Batch: 20, Tolerance: 1e-4, MaxIterations: 40000, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	if res.Status != hypergrad.Stationary {
		t.Errorf("%v: %s", res.Status, res.Message)
	}
	near(t, "F", res.Value, exact.Value, 1e-4)
}
