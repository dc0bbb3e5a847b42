package learning

import (
	"context"
	"errors"
	"math"
	"testing"
	"time"

	"github.com/gobilevel/bilevel/model/smooth"
	"github.com/gobilevel/bilevel/nonlinear/sparse"
)

// relaxedAt is the relaxed program of samples, begun from followers that are trained at the middle of the ranges.
func relaxedAt(t *testing.T, task Task, loss Loss, each bool, l, folds int) (p *relaxedProgram, value float64) {
	t.Helper()
	d := sample(11, l, 3, task.Classifies())
	parts, err := Folds(l, folds, 1)
	if err != nil {
		t.Fatal(err)
	}
	cv, err := NewValidation(d, task, parts, loss)
	if err != nil {
		t.Fatal(err)
	}
	rg, err := Ranges{}.filled(d)
	if err != nil {
		t.Fatal(err)
	}
	s := &search{ctx: context.Background(), cv: cv, space: newSpace(task, 3, each, rg)}
	theta := make([]float64, len(s.space.lo))
	for i := range theta {
		theta[i] = 0.4*s.space.lo[i] + 0.6*s.space.hi[i]
		if i >= s.space.scalars {
			theta[i] = math.Log(0.2 * float64(1+i)) // bounds that some weights meet
		}
	}
	if value, _, err = cv.Evaluate(s.space.hyper(theta)); err != nil {
		t.Fatal(err)
	}
	if p, err = newRelaxedProgram(s, theta); err != nil {
		t.Fatal(err)
	}
	back := p.theta(p.start)
	for i := range theta {
		if math.Abs(back[i]-theta[i]) > 1e-12 {
			t.Errorf("%v: coordinate %d is %v, at the start %v", task, i, back[i], theta[i])
		}
	}
	return p, value
}

// The exact followers' answers satisfy the program as t vanishes, and its objective there is the validation loss: the conditions are the followers'.
func TestRelaxedProgramAtExactAnswers(t *testing.T) {
	for _, c := range []struct {
		task Task
		loss Loss
		each bool
	}{{SVC, Hinge, false}, {SVC, Misclassification, false}, {SVC, LogLoss, false}, {SVC, Hinge, true}, {SVC, Misclassification, true}, {SVR, Absolute, false}, {SVR, Squared, true},
		{SVR, Absolute, true}, {KernelSVC, Hinge, false}, {KernelSVC, Misclassification, false}, {KernelSVC, LogLoss, false}} {
		p, value := relaxedAt(t, c.task, c.loss, c.each, 24, 3)
		p.set(1e-6)
		rows := make([]float64, p.program.NumRows())
		p.program.Rows(p.start, rows)
		if v := smooth.Violation(p.program, p.start, rows); v > 1e-6 {
			t.Errorf("%+v: the answers violate the program by %v", c, v)
		}
		if got := p.program.Objective(p.start); math.Abs(got-value) > 1e-9*(1+value) {
			t.Errorf("%+v: the objective is %v, the validation loss %v", c, got, value)
		}
		if len(p.pairs) == 0 {
			t.Errorf("%+v: there are no pairs", c)
		}
	}
}

// A point with another follower's answer is not one of the program: what it says is not true of all points.
func TestRelaxedProgramRefusesOthers(t *testing.T) {
	p, _ := relaxedAt(t, SVC, Hinge, false, 24, 3)
	p.set(1e-6)
	x := append([]float64(nil), p.start...)
	x[p.hyper[0].Index()] *= 0.5 // C falls, and the answers stay
	rows := make([]float64, p.program.NumRows())
	p.program.Rows(x, rows)
	if v := smooth.Violation(p.program, x, rows); v < 1e-3 {
		t.Errorf("answers to C at half of C: violation %v", v)
	}
}

// kktOf is the matrix [W + I, J'; J, -1e-4 I] of a program at its start, with unit multipliers in W.
func kktOf(p *relaxedProgram) (order int, rows, cols []int32, vals []float64) {
	q := p.program
	n, m := q.NumVars(), q.NumRows()
	lambda := make([]float64, m)
	for r := range lambda {
		lambda[r] = 1
	}
	hr, hc := q.HessianPattern()
	jr, jc := q.JacobianPattern()
	hess, jac := make([]float64, len(hr)), make([]float64, len(jr))
	q.Hessian(p.start, 1, lambda, hess)
	q.Jacobian(p.start, jac)
	rows, cols = append(rows, hr...), append(cols, hc...)
	for k := range jr {
		rows, cols = append(rows, int32(n)+jr[k]), append(cols, jc[k])
	}
	vals = append(hess, jac...)
	for i := range int32(n + m) {
		rows, cols = append(rows, i), append(cols, i)
		if int(i) < n {
			vals = append(vals, 1)
		} else {
			vals = append(vals, -1e-4)
		}
	}
	return n + m, rows, cols, vals
}

// Without the hyperparameters the linear systems of the program are as many blocks as there are folds.
func TestRelaxedProgramHasBlocks(t *testing.T) {
	for _, c := range []struct {
		task  Task
		loss  Loss
		each  bool
		folds int
	}{{SVC, Hinge, false, 3}, {SVC, Misclassification, true, 4}, {SVR, Absolute, true, 5}, {KernelSVC, Hinge, false, 3}} {
		p, _ := relaxedAt(t, c.task, c.loss, c.each, 30, c.folds)
		n, rows, cols, _ := kktOf(p)
		hint := append(append([]int32(nil), p.program.Groups()...), make([]int32, p.program.NumRows())...)
		block := sparse.FindBlocks(n, rows, cols, hint)
		if block == nil {
			t.Fatalf("%+v: no blocks", c)
		}
		border := 0
		for i, b := range block {
			if b < 0 {
				if border++; i >= len(p.hyper) {
					t.Errorf("%+v: unknown %d is in the border, and no hyperparameter", c, i)
				}
			}
		}
		s, err := sparse.AnalyseBlocks(n, rows, cols, block)
		if err != nil {
			t.Fatal(err)
		}
		if s.Blocks() != c.folds || border != len(p.hyper) {
			t.Errorf("%+v: %d blocks and a border of %d for %d folds and %d hyperparameters", c, s.Blocks(), border, c.folds, len(p.hyper))
		}
	}
}

// The loss is exact: with C alone it is never below the least value over all C, and never above that of the start. In a range of C in which the loss has one local
// minimum, that is found.
func TestRelaxation(t *testing.T) {
	wide := 0
	for seed := uint64(2); seed <= 4; seed++ {
		d := sample(seed, 24, 2, true)
		at, _ := Split(d.Len(), 0, seed)
		train := d.Subset(at)
		train = NewScaler(train, Range).Apply(train)
		folds, _ := Folds(train.Len(), 3, seed)
		for _, loss := range []Loss{Hinge, Misclassification} {
			curve, err := CurveOver(context.Background(), train, SVC, folds, loss, Line{Along: Hyper{C: 1}, From: 1e-4, To: 1e4})
			if err != nil {
				t.Fatal(err)
			}
			compare := func(r [2]float64) (run, exact *Run) {
				res, err := Tune(context.Background(), d, SVC, Options{Methods: []string{"bilevel", "relaxation"}, Loss: loss, Seed: seed, Choice: Least, Range: Ranges{C: r}})
				if err != nil {
					t.Fatal(err)
				}
				exact, run = &res.Runs[0], &res.Runs[1]
				if !exact.Exhausted {
					t.Fatalf("seed %d, %v: not all of the range was seen", seed, loss)
				}
				if run.CV < exact.Least-1e-9 {
					t.Errorf("seed %d, %v, C in %v: %v is below the least value %v", seed, loss, r, run.CV, exact.Least)
				}
				first, _ := curve.at(math.Min(math.Max(1, r[0]), r[1]))
				if run.CV > first+1e-9 {
					t.Errorf("seed %d, %v, C in %v: %v is above the %v of the start", seed, loss, r, run.CV, first)
				}
				t.Logf("seed %d, %v, C in %.3g: %v at C = %v; the least is %v at %v, %v at the start", seed, loss, r, run.CV, run.Hyper.C, exact.Least, exact.Hyper.C, first)
				return run, exact
			}
			if loss != Hinge {
				if seed == 2 {
					compare([2]float64{1e-2, 1e2})
				}
				continue
			}
			if seed == 4 {
				compare([2]float64{1e-2, 1e2})
			}
			if r := valley(curve); r[1] > 1.5*r[0] {
				wide++
				if run, exact := compare(r); run.CV > exact.Least+1e-4*(1+exact.Least) {
					t.Errorf("seed %d, C in %v: %v, and the only local minimum is %v", seed, r, run.CV, exact.Least)
				}
			}
		}
	}
	if wide < 2 {
		t.Errorf("%d curves have a wide valley", wide)
	}
}

// valley is the range of C around the least loss in which a curve falls and then rises.
func valley(c *Curve) (r [2]float64) {
	const count = 2000
	at := func(i int) float64 { return 1e-2 * math.Pow(1e4, float64(i)/count) }
	loss := make([]float64, count+1)
	best := 0
	for i := range loss {
		if loss[i], _ = c.at(at(i)); loss[i] < loss[best] {
			best = i
		}
	}
	lo, hi := best, best
	for lo > 0 && loss[lo-1] >= loss[lo] {
		lo--
	}
	for hi < count && loss[hi+1] >= loss[hi] {
		hi++
	}
	return [2]float64{at(lo), at(hi)}
}

// Folds are factorised apart or together. What is reported is what exact followers say of the hyperparameters, and no worse than at the start; where the loss has
// one local minimum both find it.
func TestRelaxationWhole(t *testing.T) {
	d := sample(4, 24, 2, true)
	for _, c := range []struct {
		name  string
		task  Task
		data  *Data
		each  bool
		rg    Ranges
		local float64 // what two local solutions may differ by
	}{
		{"one local minimum", SVC, d, false, Ranges{C: [2]float64{1.1, 6}}, 1e-5},
		{"bounds on weights", SVC, sample(4, 15, 2, true), true, Ranges{}, math.Inf(1)},
		{"regression", SVR, sample(4, 15, 2, false), false, Ranges{}, math.Inf(1)},
		{"kernel", KernelSVC, sample(4, 12, 2, true), false, Ranges{}, math.Inf(1)},
	} {
		var cv [2]float64
		loss := Hinge.orAbsolute(c.task)
		for k, whole := range []bool{false, true} {
			first := math.NaN()
			o := Options{Methods: []string{"relaxation"}, Loss: loss, PerFeature: c.each, Range: c.rg, Seed: 4, Relaxation: RelaxationOptions{Whole: whole}}
			o.Events = func(e Event) {
				if math.IsNaN(first) {
					first = e.CV
				}
			}
			res, err := Tune(context.Background(), c.data, c.task, o)
			if err != nil {
				t.Fatal(err)
			}
			run := res.Runs[0]
			cv[k] = run.CV
			if run.Failed > 0 || run.Trainings < 4*3 {
				t.Errorf("%s: %d failed, %d trainings: %s", c.name, run.Failed, run.Trainings, run.Failure)
			}
			if !(run.CV <= first) {
				t.Errorf("%s: %v is above the %v of the start", c.name, run.CV, first)
			}
			train := res.Scaler.Apply(c.data)
			at, _ := Split(train.Len(), 0, 4)
			folds, _ := Folds(train.Len(), 3, 4)
			check, err := NewValidation(train.Subset(at), c.task, folds, loss)
			if err != nil {
				t.Fatal(err)
			}
			if l, _, err := check.Evaluate(run.Hyper); err != nil || math.Abs(l-run.CV) > 1e-7*(1+l) {
				t.Errorf("%s: the loss at the point is %v, reported is %v (%v)", c.name, l, run.CV, err)
			}
		}
		if math.Abs(cv[0]-cv[1]) > c.local*(1+cv[1]) {
			t.Errorf("%s: %v with folds apart, %v together", c.name, cv[0], cv[1])
		}
	}
}

// orAbsolute is the loss for classifiers, the absolute error for others.
func (l Loss) orAbsolute(task Task) Loss {
	if task.Classifies() {
		return l
	}
	return Absolute
}

func TestRelaxationOptions(t *testing.T) {
	d := sample(1, 12, 2, true)
	for _, o := range []RelaxationOptions{{T0: -1}, {T0: math.NaN()}, {Factor: 1}, {TMin: 2}, {C: math.Inf(1)}, {Iterations: -1}} {
		if _, err := Tune(context.Background(), d, SVC, Options{Methods: []string{"relaxation"}, Relaxation: o}); !errors.Is(err, ErrOptions) {
			t.Errorf("%+v: %v", o, err)
		}
	}
	if _, err := Tune(context.Background(), sample(1, 12, 2, false), Ridge, Options{Methods: []string{"relaxation"}}); !errors.Is(err, ErrOptions) {
		t.Errorf("another task: %v", err)
	}
	// A limit that is over at once leaves the start.
	res, err := Tune(context.Background(), sample(1, 60, 4, true), SVC, Options{Methods: []string{"relaxation"}, TimeLimit: time.Microsecond})
	if err != nil {
		t.Fatal(err)
	}
	if run := res.Runs[0]; !run.Interrupted || math.Abs(run.Hyper.C-1) > 1e-9 {
		t.Errorf("%+v", run)
	}
	// So does a context that ends after the first evaluation.
	ctx, stop := context.WithCancel(context.Background())
	res, err = Tune(ctx, sample(1, 60, 4, true), SVC, Options{Methods: []string{"relaxation"}, Events: func(Event) { stop() }})
	if err != nil {
		t.Fatal(err)
	}
	if run := res.Runs[0]; !run.Interrupted {
		t.Errorf("%+v", run)
	}
}
