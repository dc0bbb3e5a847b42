package learning

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"testing"
)

// The derivatives of the smoothed problem's Lagrangian are those that differences show, with and without boxes.
func TestSmoothedDerivatives(t *testing.T) {
	for _, each := range []bool{false, true} {
		r := rand.New(rand.NewPCG(4, 4))
		d := sample(3, 12, 2, true)
		folds, _ := Folds(12, 3, 1)
		cv, err := NewValidation(d, SVC, folds, Hinge)
		if err != nil {
			t.Fatal(err)
		}
		rg, _ := Ranges{}.filled(d)
		s := &search{ctx: context.Background(), cv: cv, space: newSpace(SVC, 2, each, rg)}
		theta := make([]float64, len(s.space.lo))
		for i := range theta {
			theta[i] = 0.5 + r.Float64()
		}
		m := newSmoothed(s, theta)
		m.kappa = 0.3
		f := m.folds[1]
		for i := range f.at {
			f.at[i], f.lambda[i] = 0.3*r.NormFloat64(), r.NormFloat64()
		}
		// The parts of l + λ'F that the code keeps, at present values: value, F, derivatives by v and θ.
		lagrangian := func() float64 {
			m.fold(f)
			return f.value + dot(f.f, f.lambda)
		}
		lagrangian()
		n1, dim := 3, m.dim
		lv, lt := append([]float64(nil), f.lv...), append([]float64(nil), f.lt...)
		hess, cross := append([]float64(nil), f.hess...), append([]float64(nil), f.cross...)
		fTheta, second := append([]float64(nil), f.fTheta...), append([]float64(nil), f.second...)
		// J is kept by its factor.
		jac := make([]float64, n1*n1)
		for i := range n1 {
			for k := range n1 {
				for q := range min(i, k) + 1 {
					jac[i*n1+k] += f.jac[i*n1+q] * f.jac[k*n1+q]
				}
			}
		}
		// lv holds ∂l/∂v + J λ without J's own λ for w, which the derivative of F by w gives.
		const h = 1e-5
		near := func(what string, got, want float64) {
			t.Helper()
			if math.Abs(got-want) > 1e-5*(1+math.Abs(want)) {
				t.Errorf("boxes %v: %s is %v, differences say %v", each, what, got, want)
			}
		}
		vary := func(at *float64, read func()) {
			old := *at
			*at = old + h
			lagrangian()
			read()
			*at = old
		}
		for i := range n1 {
			up, down := make([]float64, 2*n1+1), make([]float64, 2*n1+1)
			keep := func(to []float64) func() {
				return func() { copy(to, f.f); copy(to[n1:], f.lv); to[2*n1] = f.value + dot(f.f, f.lambda) }
			}
			old := f.at[i]
			vary(&f.at[i], keep(up))
			f.at[i] = old - 2*h
			vary(&f.at[i], keep(down)) // at old - h
			f.at[i] = old
			near("the derivative by v", lv[i], (up[2*n1]-down[2*n1])/(2*h))
			for k := range n1 {
				near("the Jacobian", jac[k*n1+i], (up[k]-down[k])/(2*h))
				near("the Hessian", hess[k*n1+i], (up[n1+k]-down[n1+k])/(2*h))
			}
		}
		for q := range dim {
			up, down := make([]float64, 2*n1+2), make([]float64, 2*n1+2)
			keep := func(to []float64) func() {
				return func() {
					copy(to, f.f)
					copy(to[n1:], f.lv)
					to[2*n1], to[2*n1+1] = f.value+dot(f.f, f.lambda), f.lt[q]
				}
			}
			old := m.theta[q]
			vary(&m.theta[q], keep(up))
			m.theta[q] = old - 2*h
			vary(&m.theta[q], keep(down))
			m.theta[q] = old
			near("the derivative by θ", lt[q], (up[2*n1]-down[2*n1])/(2*h))
			near("the second derivative by θ", second[q], (up[2*n1+1]-down[2*n1+1])/(2*h))
			for k := range n1 {
				near("the derivative of F by θ", fTheta[k*dim+q], (up[k]-down[k])/(2*h))
				near("the mixed derivative", cross[k*dim+q], (up[n1+k]-down[n1+k])/(2*h))
			}
		}
	}
}

// With C alone the method ends at a local minimum of the exact curve, never below the least value of that; with boxes it beats the grid.
func TestSmoothing(t *testing.T) {
	for seed := uint64(1); seed <= 5; seed++ {
		d := sample(seed, 40, 3, true)
		res, err := Tune(context.Background(), d, SVC, Options{Methods: []string{"bilevel", "smoothing"}, Loss: Hinge, Seed: seed, Starts: 1})
		if err != nil {
			t.Fatal(err)
		}
		exact, run := res.Runs[0], res.Runs[1]
		if !exact.Exhausted || math.Abs(exact.CV-exact.Least) > 1e-7 {
			t.Errorf("seed %d: the best point has %v, the least value is %v", seed, exact.CV, exact.Least)
		}
		if run.CV < exact.Least-1e-7 {
			t.Errorf("seed %d: %v is below the least value %v", seed, run.CV, exact.Least)
		}
		at, _ := Split(d.Len(), 0, seed)
		train := d.Subset(at)
		train = NewScaler(train, Range).Apply(train)
		folds, _ := Folds(40, 3, seed)
		c, err := CurveOver(context.Background(), train, SVC, folds, Hinge, Line{Along: Hyper{C: 1}, From: 1e-4, To: 1e4})
		if err != nil {
			t.Fatal(err)
		}
		for _, by := range []float64{0.98, 1.02} {
			if l, _ := c.at(run.Hyper.C * by); l < run.CV-2e-4 {
				t.Errorf("seed %d: %v at C = %v, and %v at %v times that", seed, run.CV, run.Hyper.C, l, by)
			}
		}
		res, err = Tune(context.Background(), d, SVC, Options{Methods: []string{"smoothing", "grid"}, Loss: Hinge, Seed: seed, PerFeature: true})
		if err != nil {
			t.Fatal(err)
		}
		if res.Runs[0].CV > res.Runs[1].CV {
			t.Errorf("seed %d with boxes: %v, the grid %v", seed, res.Runs[0].CV, res.Runs[1].CV)
		}
	}
	if _, err := Tune(context.Background(), sample(1, 9, 2, false), Ridge, Options{Methods: []string{"smoothing"}}); !errors.Is(err, ErrOptions) {
		t.Errorf("another task: %v", err)
	}
}
