package backendtest

import (
	"context"
	"fmt"
	"math"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/smooth"
)

// SmoothConfig says what RunSmooth may expect of a solver.
type SmoothConfig struct {
	AbsTol   float64 // how far objectives may be off, relative to their size where that exceeds 1; default 1e-6
	PointTol float64 // how far points and multipliers may be off; default 1e-4

	// UnknownOption is a name that Options.Native must refuse by an error that contains it; "" where the solver has no such options.
	UnknownOption string
}

// smoothSuite is a run of RunSmooth on one solver.
type smoothSuite struct {
	solver smooth.Solver
	SmoothConfig
}

// RunSmooth runs the tests of smooth.Solver as subtests of t: known solutions with their multipliers, that what an answer says of itself is
// so, warm starts, progress, limits, cancellation, and starts that are no starts.
func RunSmooth(t *testing.T, solver smooth.Solver, c SmoothConfig) {
	if c.AbsTol == 0 {
		c.AbsTol = 1e-6
	}
	if c.PointTol == 0 {
		c.PointTol = 1e-4
	}
	s := &smoothSuite{solver, c}
	for _, table := range [][]curved{curvedProblems, convexCurvedProblems} {
		for _, c := range table {
			t.Run(c.name, func(t *testing.T) { s.check(t, c) })
		}
	}
	for _, c := range fallingProblems {
		t.Run(c.name, func(t *testing.T) {
			if a := s.solve(t, compiled(t, c), smooth.Options{}); a.Solved() || a.Status == infeasible {
				t.Errorf("%v (%s) with %v, yet %s", a.Status, a.Message, a.Objective, c.reason)
			}
		})
	}
	for _, c := range outsideProblems {
		t.Run(c.name, func(t *testing.T) {
			a := s.solve(t, compiled(t, c), smooth.Options{})
			if a.Status != optimal && a.Message == "" || a.Status == infeasible || a.Status == unbounded {
				t.Errorf("%v, %q", a.Status, a.Message)
			}
		})
	}
	t.Run("warm start", s.warm)
	t.Run("limits", s.limits)
	t.Run("stop", s.stop)
	t.Run("mistakes", s.mistakes)
	t.Run("changed bounds", s.changedBounds)
	t.Run("concurrent", s.concurrent)
}

// started is a program with its start.
type started struct {
	*smooth.Compiled
	start smooth.Start
	sign  float64
}

func compiled(t *testing.T, c curved) *started {
	t.Helper()
	m := c.model()
	p, err := smooth.Compile(m)
	if err != nil {
		t.Fatalf("the case itself is wrong: %v", err)
	}
	x, _ := m.StartPoint()
	return &started{p, smooth.Start{X: x}, m.Leader().Objective().Sense.Sign()}
}

// solve solves and checks what holds for every answer.
func (s *smoothSuite) solve(t *testing.T, p *started, o smooth.Options) *smooth.Answer {
	t.Helper()
	return s.solveIn(t, context.Background(), p, o)
}

func (s *smoothSuite) solveIn(t *testing.T, ctx context.Context, p *started, o smooth.Options) *smooth.Answer {
	t.Helper()
	if o.TimeLimit == 0 {
		o.TimeLimit = time.Minute
	}
	a, err := s.solver.Solve(ctx, p, p.start, o)
	if err != nil {
		t.Fatalf("error: %v", err)
	}
	s.consistent(t, p, a)
	return a
}

// consistent checks sizes, signs, and that objective, violation, residual and gap are those of the point and multipliers.
func (s *smoothSuite) consistent(t *testing.T, p smooth.Program, a *smooth.Answer) {
	t.Helper()
	n, m := p.NumVars(), p.NumRows()
	if len(a.X) != n || len(a.Rows) != m || len(a.Lower) != n || len(a.Upper) != n {
		t.Fatalf("sizes %d, %d, %d and %d of X, Rows, Lower and Upper, want %d, %d, %d and %d", len(a.X), len(a.Rows), len(a.Lower), len(a.Upper), n, m, n, n)
	}
	if a.Iterations < 0 || a.Evaluations < 0 || a.Seconds < 0 {
		t.Errorf("negative counts: %d iterations, %d evaluations, %v s", a.Iterations, a.Evaluations, a.Seconds)
	}
	lo, hi := p.Bounds()
	for j := range a.X {
		if a.Lower[j] < 0 || a.Upper[j] < 0 || a.Lower[j] > 0 && math.IsInf(lo[j], -1) || a.Upper[j] > 0 && math.IsInf(hi[j], 1) {
			t.Errorf("variable %d in [%v, %v] has the multipliers %v and %v", j, lo[j], hi[j], a.Lower[j], a.Upper[j])
		}
	}
	if !a.Solved() {
		return
	}
	c, g := make([]float64, m), make([]float64, n)
	p.Rows(a.X, c)
	p.Gradient(a.X, g)
	at, cols := p.JacobianPattern()
	jac := make([]float64, len(at))
	p.Jacobian(a.X, jac)
	for k, r := range at {
		g[cols[k]] += a.Rows[r] * jac[k]
	}
	residual, gap := 0.0, 0.0
	for j := range g {
		residual = math.Max(residual, math.Abs(g[j]-a.Lower[j]+a.Upper[j]))
		gap = math.Max(gap, math.Max(finiteProduct(a.Lower[j], a.X[j]-lo[j]), finiteProduct(a.Upper[j], hi[j]-a.X[j])))
	}
	lo, hi = p.RowBounds()
	for r, v := range c {
		if y := a.Rows[r]; y > 1e-6 && math.IsInf(hi[r], 1) || y < -1e-6 && math.IsInf(lo[r], -1) {
			t.Errorf("row %d between %v and %v has the multiplier %v", r, lo[r], hi[r], y)
		}
		if lo[r] != hi[r] {
			gap = math.Max(gap, math.Max(finiteProduct(math.Max(0, a.Rows[r]), hi[r]-v), finiteProduct(math.Max(0, -a.Rows[r]), v-lo[r])))
		}
	}
	for _, v := range []struct {
		what      string
		got, want float64
	}{{"objective", a.Objective, p.Objective(a.X)}, {"violation", a.Violation, smooth.Violation(p, a.X, c)}, {"residual", a.Residual, residual}, {"gap", a.Gap, gap}} {
		if !(math.Abs(v.got-v.want) <= 1e-9*max(1, math.Abs(v.want))) {
			t.Errorf("%s %v, at the point it is %v", v.what, v.got, v.want)
		}
	}
	if a.Violation > 1e-6 || a.Residual > 1e-4 || a.Gap > 1e-4 {
		t.Errorf("%v with violation %v, residual %v, gap %v", a.Status, a.Violation, a.Residual, a.Gap)
	}
}

// finiteProduct is |multiplier * slack|, 0 for a side at infinity, which consistent looks at apart.
func finiteProduct(multiplier, slack float64) float64 {
	if multiplier == 0 || math.IsInf(slack, 0) {
		return 0
	}
	return math.Abs(multiplier * slack)
}

// check solves a case and compares. The multipliers of the program are those of its minimisation: minus the shadow price for rows.
func (s *smoothSuite) check(t *testing.T, c curved) {
	t.Helper()
	p := compiled(t, c)
	a := s.solve(t, p, smooth.Options{})
	if c.status != optimal {
		if a.Solved() {
			t.Errorf("%v with %v, yet %s", a.Status, a.Objective, c.reason)
		}
		return
	}
	if a.Status != optimal {
		t.Fatalf("%v (%s), want optimal: %s", a.Status, a.Message, c.reason)
	}
	near := func(what string, got, want, tolerance float64) {
		t.Helper()
		if !(math.Abs(got-want) <= tolerance*max(1, math.Abs(want))) {
			t.Errorf("%s %v, want %v: %s", what, got, want, c.reason)
		}
	}
	near("objective", a.Objective, p.sign*c.objective, s.AbsTol)
	for j, want := range c.x {
		near(fmt.Sprint("x ", j), a.X[j], want, s.PointTol)
	}
	for r, want := range c.rowDuals {
		near(fmt.Sprint("multiplier of row ", r), a.Rows[r], -p.sign*want, s.PointTol)
	}
	for j, want := range c.varDuals {
		near(fmt.Sprint("multiplier of variable ", j), a.Lower[j]-a.Upper[j], p.sign*want, s.PointTol)
	}
}

// warm checks that a solution with its multipliers is found again in fewer iterations, and that a wrong one does no harm.
func (s *smoothSuite) warm(t *testing.T) {
	for _, c := range []curved{curvedProblems[1], curvedProblems[2], convexCurvedProblems[4]} {
		p := compiled(t, c)
		cold := s.solve(t, p, smooth.Options{})
		p.start = smooth.Start{X: cold.X, Rows: cold.Rows, Lower: cold.Lower, Upper: cold.Upper}
		for _, o := range []smooth.Options{{Warm: true}, {Warm: true, Mu: 1e-6}} {
			warm := s.solve(t, p, o)
			if !warm.Solved() || math.Abs(warm.Objective-p.sign*c.objective) > 1e-6*max(1, math.Abs(c.objective)) {
				t.Errorf("%s: %v %v from its solution", c.name, warm.Status, warm.Objective)
			}
			if warm.Iterations >= cold.Iterations {
				t.Errorf("%s: %d iterations from its solution with Mu %v, %d from its start", c.name, warm.Iterations, o.Mu, cold.Iterations)
			}
		}
		for j := range p.start.X {
			p.start.X = append([]float64(nil), p.start.X...)
			p.start.X[j]++
		}
		if far := s.solve(t, p, smooth.Options{Warm: true}); !far.Solved() || math.Abs(far.Objective-p.sign*c.objective) > 1e-6*max(1, math.Abs(c.objective)) {
			t.Errorf("%s: %v %v from a warm start that is off by 1", c.name, far.Status, far.Objective)
		}
	}
}

// limits checks those on iterations and time, and a context that is done at the outset.
func (s *smoothSuite) limits(t *testing.T) {
	p := compiled(t, curvedProblems[0])
	if a := s.solve(t, p, smooth.Options{MaxIterations: 2}); a.Status != model.StatusLimit || a.Iterations > 2 {
		t.Errorf("%v after %d iterations, want %v after 2", a.Status, a.Iterations, model.StatusLimit)
	}
	const limit = 100 * time.Millisecond
	var a *smooth.Answer
	promptly(t, limit, func() {
		a = s.solve(t, p, smooth.Options{TimeLimit: limit, Progress: func(smooth.Iterate) bool { time.Sleep(40 * time.Millisecond); return true }})
	})
	if a.Status != model.StatusLimit {
		t.Errorf("%v, want %v", a.Status, model.StatusLimit)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if a := s.solveIn(t, ctx, p, smooth.Options{}); a.Status != model.StatusInterrupted || a.Iterations > 0 {
		t.Errorf("%v after %d iterations, the context was cancelled before", a.Status, a.Iterations)
	}
}

// stop checks both ways to end a solve from outside, and what progress tells.
func (s *smoothSuite) stop(t *testing.T) {
	p := compiled(t, curvedProblems[0])
	var seen []smooth.Iterate
	a := s.solve(t, p, smooth.Options{Progress: func(it smooth.Iterate) bool {
		it.X = nil
		seen = append(seen, it)
		return len(seen) < 4
	}})
	if a.Status != model.StatusInterrupted || len(seen) != 4 {
		t.Errorf("%v after %d reports, want %v after 4", a.Status, len(seen), model.StatusInterrupted)
	}
	for k := 1; k < len(seen); k++ {
		if seen[k].Iteration < seen[k-1].Iteration || seen[k].Elapsed < seen[k-1].Elapsed {
			t.Errorf("report %d goes back: %+v after %+v", k, seen[k], seen[k-1])
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	calls := 0
	a = s.solveIn(t, ctx, p, smooth.Options{Progress: func(smooth.Iterate) bool {
		if calls++; calls == 3 {
			cancel()
			time.Sleep(20 * time.Millisecond)
		}
		return true
	}})
	if a.Status != model.StatusInterrupted || calls > 6 {
		t.Errorf("%v after %d reports, cancelled in the third", a.Status, calls)
	}
}

// mistakes checks that a wrong call is an error, and no answer.
func (s *smoothSuite) mistakes(t *testing.T) {
	p := compiled(t, curvedProblems[2])
	nan := math.NaN()
	for _, start := range []smooth.Start{{X: nums(1)}, {X: nums(1, 1, 1, nan)}, {X: nums(1, 1, 1, inf)}, {X: p.start.X, Rows: nums(1)}, {X: p.start.X, Lower: nums(1)}} {
		if a, err := s.solver.Solve(context.Background(), p, start, smooth.Options{}); err == nil {
			t.Errorf("the start %v was taken: %v", start, a.Status)
		}
	}
	for _, o := range []smooth.Options{{Tolerance: -1}, {Tolerance: nan}, {Feasibility: -1}, {MaxIterations: -1}, {TimeLimit: -1}, {Mu: -1}} {
		if a, err := s.solver.Solve(context.Background(), p, p.start, o); err == nil {
			t.Errorf("the options %+v were taken: %v", o, a.Status)
		}
	}
	if name := s.UnknownOption; name != "" {
		a, err := s.solver.Solve(context.Background(), p, p.start, smooth.Options{Native: map[string]string{name: "1"}})
		if err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("answer %v, error %v; want an error that names the option", a, err)
		}
	}
}

// changedBounds checks that a program may be solved again after its bounds were changed, bounds that meet and cross among them.
func (s *smoothSuite) changedBounds(t *testing.T) {
	p := compiled(t, convexCurvedProblems[1]) // exp(x) - 2x
	for _, c := range []struct{ lo, hi, want float64 }{{-inf, inf, 2 - 2*math.Log(2)}, {1, 5, math.E - 2}, {-5, 0, 1}, {0, 0, 1}, {0, 5, 2 - 2*math.Log(2)}} {
		p.SetBounds(0, c.lo, c.hi)
		if a := s.solve(t, p, smooth.Options{}); a.Status != optimal || math.Abs(a.Objective-c.want) > 1e-6 {
			t.Errorf("x in [%v, %v]: %v %v, want %v", c.lo, c.hi, a.Status, a.Objective, c.want)
		}
	}
	p.SetBounds(0, 1, 0)
	if a := s.solve(t, p, smooth.Options{}); a.Status != infeasible {
		t.Errorf("bounds that cross: %v", a.Status)
	}
}

// concurrent checks that solves of clones at the same time do not disturb each other.
func (s *smoothSuite) concurrent(t *testing.T) {
	p := compiled(t, curvedProblems[2])
	want := s.solve(t, p, smooth.Options{})
	var wait sync.WaitGroup
	for range 4 {
		own := p.Clone()
		wait.Add(1)
		go func() {
			defer wait.Done()
			for range 10 {
				a, err := s.solver.Solve(context.Background(), own, p.start, smooth.Options{})
				if err != nil || a.Objective != want.Objective || a.Iterations != want.Iterations {
					t.Errorf("%+v, %v; alone it was %v after %d iterations", a, err, want.Objective, want.Iterations)
					return
				}
			}
		}()
	}
	wait.Wait()
}
