package system

import (
	"context"
	"errors"
	"math"
	"math/rand"
	"slices"
	"strings"
	"testing"
	"time"
)

// dense systems of functions for tests.
type fun struct {
	m, n int
	phi  func(w, phi []float64)
	jac  func(w []float64, j [][]float64)
}

func (f fun) Equations() int            { return f.m }
func (f fun) Unknowns() int             { return f.n }
func (f fun) Residual(w, phi []float64) { f.phi(w, phi) }
func (f fun) Pattern() (rows, cols []int32) {
	for i := range f.m {
		for j := range f.n {
			rows, cols = append(rows, int32(i)), append(cols, int32(j))
		}
	}
	return rows, cols
}
func (f fun) Jacobian(w, vals []float64) {
	j := make([][]float64, f.m)
	for i := range j {
		j[i] = vals[i*f.n : (i+1)*f.n]
		clear(j[i])
	}
	f.jac(w, j)
}

var methods = []Method{Newton, GaussNewton, LevenbergMarquardt}

// rosenbrock and the others are from Moré, Garbow and Hillstrom, Testing unconstrained optimization software (1981).
func rosenbrock() fun {
	return fun{2, 2, func(w, p []float64) { p[0], p[1] = 10*(w[1]-w[0]*w[0]), 1-w[0] },
		func(w []float64, j [][]float64) { j[0][0], j[0][1], j[1][0] = -20*w[0], 10, -1 }}
}

func powellSingular() fun {
	return fun{4, 4, func(w, p []float64) {
		p[0], p[1] = w[0]+10*w[1], math.Sqrt(5)*(w[2]-w[3])
		p[2], p[3] = (w[1]-2*w[2])*(w[1]-2*w[2]), math.Sqrt(10)*(w[0]-w[3])*(w[0]-w[3])
	}, func(w []float64, j [][]float64) {
		j[0][0], j[0][1] = 1, 10
		j[1][2], j[1][3] = math.Sqrt(5), -math.Sqrt(5)
		a, b := 2*(w[1]-2*w[2]), 2*math.Sqrt(10)*(w[0]-w[3])
		j[2][1], j[2][2] = a, -2*a
		j[3][0], j[3][3] = b, -b
	}}
}

func TestKnownZeros(t *testing.T) {
	cases := []struct {
		name  string
		sys   fun
		start []float64
		want  []float64
		tol   float64
	}{
		{"rosenbrock", rosenbrock(), []float64{-1.2, 1}, []float64{1, 1}, 1e-7},
		{"powell singular: the Jacobian has rank 2 at the zero", powellSingular(), []float64{3, -1, 0, 1}, []float64{0, 0, 0, 0}, 1e-3},
	}
	for _, c := range cases {
		for _, m := range methods {
			r, err := Solve(context.Background(), c.sys, c.start, Options{Method: m})
			if err != nil {
				t.Fatal(err)
			}
			if r.Outcome != Solved {
				t.Errorf("%s by %v: %v: %s", c.name, m, r.Outcome, r.Message)
			}
			for j, v := range r.W {
				if math.Abs(v-c.want[j]) > c.tol {
					t.Errorf("%s by %v: %v", c.name, m, r.W)
					break
				}
			}
			if r.Steps[StepNone] != 0 || sum(r.Steps[:]) != r.Iterations {
				t.Errorf("%s by %v: steps %v in %d iterations", c.name, m, r.Steps, r.Iterations)
			}
		}
	}
}

func sum(s []int) (t int) {
	for _, v := range s {
		t += v
	}
	return t
}

// lcp is the linear complementarity problem 0 <= x ⟂ Mx + q >= 0 through an NCP function.
func lcp(mat [][]float64, q []float64, f NCP) fun {
	n := len(q)
	value := func(w []float64, i int) float64 {
		v := q[i]
		for j, x := range w {
			v += mat[i][j] * x
		}
		return v
	}
	return fun{n, n, func(w, p []float64) {
		for i := range p {
			p[i] = f.Value(w[i], value(w, i))
		}
	}, func(w []float64, jac [][]float64) {
		for i := range jac {
			s := 0.0
			for _, v := range mat[i] {
				s += v
			}
			pa, pb := f.Derivative(w[i], value(w, i), 1, s)
			for j := range w {
				jac[i][j] = pb * mat[i][j]
			}
			jac[i][i] += pa
		}
	}}
}

// TestComplementarityProblems solves random LCPs with a positive definite matrix, whose only solution is known, a third of the pairs
// biactive at it. Then it holds the methods to fast convergence.
func TestComplementarityProblems(t *testing.T) {
	rng := rand.New(rand.NewSource(5))
	for trial := range 60 {
		n := 1 + rng.Intn(12)
		mat, q, x := make([][]float64, n), make([]float64, n), make([]float64, n)
		b := make([][]float64, n)
		for i := range b {
			b[i] = make([]float64, n)
			for j := range b[i] {
				b[i][j] = rng.NormFloat64()
			}
		}
		for i := range mat {
			mat[i] = make([]float64, n)
			for j := range mat[i] {
				for k := range n {
					mat[i][j] += b[i][k] * b[j][k]
				}
			}
			mat[i][i] += 0.5
			for j := range i {
				s := rng.NormFloat64() // a skew part, so that it is not symmetric
				mat[i][j] += s
				mat[j][i] -= s
			}
		}
		for i := range x {
			if i%3 == 0 {
				x[i] = rng.Float64()
			}
		}
		for i := range q {
			if i%3 == 1 {
				q[i] = rng.Float64()
			}
			for j, v := range x {
				q[i] -= mat[i][j] * v
			}
		}
		start := make([]float64, n)
		for j := range start {
			start[j] = 3 * rng.NormFloat64()
		}
		if trial%4 == 0 {
			clear(start) // a kink
		}
		for _, m := range methods {
			for _, f := range []NCP{FischerBurmeister{}, Penalised{}} {
				var norms []float64
				r, err := Solve(context.Background(), lcp(mat, q, f), start, Options{Method: m, Tolerance: 1e-11, DenseLimit: 1 + 50*(trial%2), Progress: func(it Iterate) bool {
					norms = append(norms, it.Norm)
					return true
				}})
				if err != nil {
					t.Fatal(err)
				}
				if r.Outcome != Solved {
					t.Fatalf("trial %d, %v, %s: %v: %s", trial, m, f.Name(), r.Outcome, r.Message)
				}
				for j := range x {
					if math.Abs(r.W[j]-x[j]) > 1e-7 {
						t.Fatalf("trial %d, %v, %s: %v, want %v", trial, m, f.Name(), r.W, x)
					}
				}
				if k := slices.IndexFunc(norms, func(v float64) bool { return v < 1e-3 }); len(norms)-k > 8 {
					t.Errorf("trial %d, %v, %s: from 1e-3 on %d iterations: %v", trial, m, f.Name(), len(norms)-k, norms[k:])
				}
			}
		}
	}
}

// TestShortestStep: one Gauss-Newton step solves a linear system of deficient rank, at the point nearest to the start.
func TestShortestStep(t *testing.T) {
	s := fun{3, 3, func(w, p []float64) {
		p[0] = w[0] + w[1] - 2
		p[1] = 2*w[0] + 2*w[1] - 4
		p[2] = w[2] - 1
	}, func(_ []float64, j [][]float64) { j[0][0], j[0][1], j[1][0], j[1][1], j[2][2] = 1, 1, 2, 2, 1 }}
	r, err := Solve(context.Background(), s, []float64{3, 1, 0}, Options{Method: GaussNewton})
	if err != nil {
		t.Fatal(err)
	}
	for j, want := range []float64{2, 0, 1} {
		if math.Abs(r.W[j]-want) > 1e-9 {
			t.Fatalf("%v, want the projection (2, 0, 1)", r.W)
		}
	}
	if r.Iterations != 1 {
		t.Errorf("%d iterations", r.Iterations)
	}
	// Newton's method sees a singular matrix and goes on by the damped step.
	r, err = Solve(context.Background(), s, []float64{3, 1, 0}, Options{Method: Newton})
	if err != nil || r.Outcome != Solved || r.Steps[StepNewton] != 0 || r.Steps[StepDamped] == 0 {
		t.Errorf("Newton: %v, %+v", err, r)
	}
}

// TestOverDetermined: an over-determined system without zero ends at the least-squares solution, and says that this is no zero.
func TestOverDetermined(t *testing.T) {
	s := fun{3, 1, func(w, p []float64) { p[0], p[1], p[2] = w[0]-1, w[0]-2, w[0]*w[0]/4-3 },
		func(w []float64, j [][]float64) { j[0][0], j[1][0], j[2][0] = 1, 1, w[0]/2 }}
	for _, m := range []Method{GaussNewton, LevenbergMarquardt} {
		r, err := Solve(context.Background(), s, []float64{10}, Options{Method: m})
		if err != nil {
			t.Fatal(err)
		}
		w := r.W[0]
		if g := (w - 1) + (w - 2) + w/2*(w*w/4-3); r.Outcome != Stationary || math.Abs(g) > 1e-6 || !strings.Contains(r.Message, "gradient") {
			t.Errorf("%v: %v at %v, gradient %g: %s", m, r.Outcome, w, g, r.Message)
		}
	}
	var shape *ShapeError
	if _, err := Solve(context.Background(), s, []float64{10}, Options{}); !errors.As(err, &shape) {
		t.Errorf("Newton on it: %v", err)
	}
}

// TestDomain: log x = 0 from x = 3, where the full Newton step leaves the domain.
func TestDomain(t *testing.T) {
	s := fun{1, 1, func(w, p []float64) { p[0] = math.Log(w[0]) }, func(w []float64, j [][]float64) { j[0][0] = 1 / w[0] }}
	for _, m := range methods {
		r, err := Solve(context.Background(), s, []float64{3}, Options{Method: m})
		if err != nil || r.Outcome != Solved || math.Abs(r.W[0]-1) > 1e-7 {
			t.Errorf("%v: %v, %+v", m, err, r)
		}
		r, err = Solve(context.Background(), s, []float64{-1}, Options{Method: m})
		if err != nil || r.Outcome != Undefined || !strings.Contains(r.Message, "equation 0") {
			t.Errorf("%v from outside: %v, %+v", m, err, r)
		}
	}
}

// TestStationaryPoint: atan-like valleys without zero and a square system with a stationary point of the merit.
func TestStationaryPoint(t *testing.T) {
	s := fun{1, 1, func(w, p []float64) { p[0] = w[0]*w[0] + 1 }, func(w []float64, j [][]float64) { j[0][0] = 2 * w[0] }}
	for _, m := range methods {
		r, err := Solve(context.Background(), s, []float64{0.7}, Options{Method: m})
		if err != nil || (r.Outcome != Stationary && r.Outcome != Stalled) || math.Abs(r.W[0]) > 0.02 || r.Message == "" {
			t.Errorf("%v: %v, %+v", m, err, r)
		}
	}
}

func TestStops(t *testing.T) {
	slow := fun{1, 1, func(w, p []float64) { p[0] = math.Pow(w[0], 9) }, func(w []float64, j [][]float64) { j[0][0] = 9 * math.Pow(w[0], 8) }}
	done, cancel := context.WithCancel(context.Background())
	cancel()
	if r, err := Solve(done, slow, []float64{1}, Options{}); err != nil || r.Outcome != Interrupted || r.W[0] != 1 {
		t.Errorf("cancelled: %v, %+v", err, r)
	}
	if r, err := Solve(context.Background(), slow, []float64{1e9}, Options{MaxIterations: 3}); err != nil || r.Outcome != Limit || r.Iterations != 3 {
		t.Errorf("iterations: %v, %+v", err, r)
	}
	if r, err := Solve(context.Background(), slow, []float64{1}, Options{TimeLimit: time.Nanosecond}); err != nil || r.Outcome != Limit {
		t.Errorf("time: %v, %+v", err, r)
	}
	if r, err := Solve(context.Background(), slow, []float64{1}, Options{Progress: func(it Iterate) bool { return it.Iteration < 2 }}); err != nil || r.Outcome != Interrupted || r.Iterations != 2 {
		t.Errorf("progress: %v, %+v", err, r)
	}
	bad := fun{1, 1, slow.phi, func(_ []float64, j [][]float64) { j[0][0] = math.NaN() }}
	if r, err := Solve(context.Background(), bad, []float64{1}, Options{}); err != nil || r.Outcome != Stalled || !strings.Contains(r.Message, "derivative") {
		t.Errorf("a Jacobian of NaN: %v, %+v", err, r)
	}
}

func TestBadCalls(t *testing.T) {
	s := rosenbrock()
	var shape *ShapeError
	for _, start := range [][]float64{nil, {1}, {1, math.NaN()}, {1, math.Inf(1)}} {
		if _, err := Solve(context.Background(), s, start, Options{}); !errors.As(err, &shape) {
			t.Errorf("start %v: %v", start, err)
		}
	}
	var option *OptionError
	for _, o := range []Options{{Method: 9}, {Tolerance: -1}, {Tolerance: math.NaN()}, {Reduction: 1}, {LineSearch: LineSearch{Factor: 2}},
		{MaxIterations: -1}, {TimeLimit: -1}, {Damping: Damping{Max: -1}}, {DenseLimit: -2}} {
		if _, err := Solve(context.Background(), s, []float64{1, 2}, o); !errors.As(err, &option) {
			t.Errorf("%+v: %v", o, err)
		}
	}
}

// TestNonmonotone: with growth allowed and double steps, as released codes do, the best point is returned even so.
func TestNonmonotone(t *testing.T) {
	for _, ls := range []LineSearch{{Memory: 10}, {First: 2, Halvings: 6, Growth: 1e6, Sigma: 1e-6}} {
		best := math.Inf(1)
		r, err := Solve(context.Background(), rosenbrock(), []float64{-1.2, 1}, Options{LineSearch: ls, Progress: func(it Iterate) bool {
			best = min(best, it.Norm)
			return true
		}})
		if err != nil || r.Outcome != Solved || r.Norm != best {
			t.Errorf("%+v: %v, %+v; best seen %g", ls, err, r, best)
		}
	}
	d := Damping{Scale: 2, Power: 2, Max: 0.5}
	if d.Of(0.1) != 2*math.Pow(0.1, 2) || d.Of(10) != 0.5 {
		t.Errorf("damping: %g, %g", d.Of(0.1), d.Of(10))
	}
}

// proposer solves x² = 4 by the step that the test gives it.
type proposer struct {
	fun
	step  func(w float64) (float64, bool)
	calls *int
}

func (p proposer) Propose(w, _, d []float64) bool {
	*p.calls++
	var ok bool
	d[0], ok = p.step(w[0])
	return ok
}

func TestProposals(t *testing.T) {
	square := fun{1, 1, func(w, p []float64) { p[0] = w[0]*w[0] - 4 }, func(w []float64, j [][]float64) { j[0][0] = 2 * w[0] }}
	cases := []struct {
		name string
		step func(w float64) (float64, bool)
		used int
	}{
		{"the solution at once", func(w float64) (float64, bool) { return 2 - w, true }, 1},
		{"an ascent direction is not followed", func(w float64) (float64, bool) { return 3, true }, 0},
		{"not a number", func(w float64) (float64, bool) { return math.NaN(), true }, 0},
		{"none", func(w float64) (float64, bool) { return 2 - w, false }, 0},
	}
	for _, c := range cases {
		calls := 0
		r, err := Solve(context.Background(), proposer{square, c.step, &calls}, []float64{7}, Options{Method: LevenbergMarquardt})
		if err != nil || r.Outcome != Solved || math.Abs(r.W[0]-2) > 1e-6 || r.Steps[StepProposed] != c.used || calls != max(1, r.Iterations) {
			t.Errorf("%s: %v, %+v, %d calls", c.name, err, r, calls)
		}
	}
}

func TestTexts(t *testing.T) {
	seen := map[string]bool{}
	for o := range outcomeEnd {
		if s := o.Sentence(); !strings.HasSuffix(s, ".") || seen[s] || o.String() == "" {
			t.Errorf("outcome %d: %q", o, s)
		} else {
			seen[s] = true
		}
	}
	for k := range stepEnd {
		if k.String() == "" || seen[k.String()] {
			t.Errorf("step %d: %q", k, k)
		}
		seen[k.String()] = true
	}
	for _, m := range methods {
		if m.String() == "" {
			t.Errorf("method %d has no name", m)
		}
	}
}
