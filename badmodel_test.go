package bilevel_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gobilevel/bilevel"
	"github.com/gobilevel/bilevel/backends/highs"
	"github.com/gobilevel/bilevel/bench/family"
	"github.com/gobilevel/bilevel/model"
)

var (
	inf = math.Inf(1)
	nan = math.NaN()
)

// duo is a leader's x in [0, 10] and a follower's y in [0, 10] who minimises y subject to x + y >= 3.
func duo() (m *bilevel.Model, x, y bilevel.Var, f *bilevel.Player) {
	m = bilevel.NewModel("duo")
	x = m.Leader().Var("x", 0, 10)
	f = m.Follower("f")
	y = f.Var("y", 0, 10)
	f.Minimize(y.Expr())
	f.Constrain("need", x.Plus(y).GE(3))
	m.Leader().Minimize(x.Plus(y.Times(2)))
	return m, x, y, f
}

// badModel is a model with a mistake or a contradiction, or a way of solving it that cannot be. Its golden file holds the error, or status,
// proof, objective and notes of the result.
type badModel struct {
	name  string
	build func() (*bilevel.Model, bilevel.Options)
	is    error // a cause that errors.Is must find; nil: none
}

// alter is a badModel that spoils duo.
func alter(name string, is error, spoil func(m *bilevel.Model, x, y bilevel.Var, f *bilevel.Player)) badModel {
	return badModel{name, func() (*bilevel.Model, bilevel.Options) {
		m, x, y, f := duo()
		spoil(m, x, y, f)
		return m, bilevel.Options{Threads: 1}
	}, is}
}

// with is a badModel that solves duo with bad options.
func with(name string, o bilevel.Options) badModel {
	return badModel{name, func() (*bilevel.Model, bilevel.Options) { m, _, _, _ := duo(); return m, o }, nil}
}

var badModels = []badModel{
	alter("nan-coefficient", model.ErrNotFinite, func(m *bilevel.Model, x, y bilevel.Var, f *bilevel.Player) {
		f.Constrain("bad", x.Times(nan).Plus(y).LE(4))
	}),
	alter("nan-coefficient-in-dot", model.ErrNotFinite, func(m *bilevel.Model, x, y bilevel.Var, f *bilevel.Player) {
		f.Constrain("bad", bilevel.Dot([]float64{1, nan}, []bilevel.Var{x, y}).LE(4))
	}),
	alter("infinite-coefficient", model.ErrNotFinite, func(m *bilevel.Model, x, y bilevel.Var, f *bilevel.Player) {
		m.Leader().Minimize(bilevel.Dot([]float64{inf, 1}, []bilevel.Var{x, y}))
	}),
	alter("nan-product", model.ErrNotFinite, func(m *bilevel.Model, x, y bilevel.Var, f *bilevel.Player) {
		f.Minimize(x.Times(y).Times(nan))
	}),
	alter("division-by-zero", model.ErrNotFinite, func(m *bilevel.Model, x, y bilevel.Var, f *bilevel.Player) {
		f.Constrain("bad", y.Over(0).LE(4))
	}),
	alter("nan-bound", model.ErrNotFinite, func(m *bilevel.Model, x, y bilevel.Var, f *bilevel.Player) { f.Var("z", nan, 1) }),
	alter("infinite-lower-bound", model.ErrNotFinite, func(m *bilevel.Model, x, y bilevel.Var, f *bilevel.Player) { f.Var("z", inf, inf) }),
	alter("contradictory-bounds", model.ErrContradiction, func(m *bilevel.Model, x, y bilevel.Var, f *bilevel.Player) { f.Var("z", 5, 2) }),
	alter("contradictory-row-bounds", model.ErrContradiction, func(m *bilevel.Model, x, y bilevel.Var, f *bilevel.Player) {
		f.Constrain("bad", x.Plus(y).Between(4, 3))
	}),
	alter("nan-right-hand-side", model.ErrNotFinite, func(m *bilevel.Model, x, y bilevel.Var, f *bilevel.Player) {
		f.Constrain("bad", x.Plus(y).LE(nan))
	}),
	alter("variable-of-another-model", model.ErrOtherModel, func(m *bilevel.Model, x, y bilevel.Var, f *bilevel.Player) {
		other := bilevel.NewModel("other").Leader().Var("stranger", 0, 1)
		f.Constrain("bad", y.Plus(other).LE(4))
	}),
	alter("zero-var", model.ErrOtherModel, func(m *bilevel.Model, x, y bilevel.Var, f *bilevel.Player) {
		f.Minimize(y.Plus(bilevel.Var{}))
	}),
	alter("operand-of-a-wrong-type", model.ErrOperand, func(m *bilevel.Model, x, y bilevel.Var, f *bilevel.Player) {
		f.Constrain("bad", y.Plus("3").LE(4))
	}),
	alter("dot-of-different-lengths", model.ErrOperand, func(m *bilevel.Model, x, y bilevel.Var, f *bilevel.Player) {
		f.Constrain("bad", bilevel.Dot([]float64{1}, []bilevel.Var{x, y}).LE(4))
	}),
	alter("duplicate-variable", model.ErrDuplicate, func(m *bilevel.Model, x, y bilevel.Var, f *bilevel.Player) { f.Var("x", 0, 1) }),
	alter("duplicate-constraint", model.ErrDuplicate, func(m *bilevel.Model, x, y bilevel.Var, f *bilevel.Player) { f.Constrain("need", y.LE(9)) }),
	alter("empty-name", model.ErrDuplicate, func(m *bilevel.Model, x, y bilevel.Var, f *bilevel.Player) { f.Var("", 0, 1) }),
	alter("empty-follower", nil, func(m *bilevel.Model, x, y bilevel.Var, f *bilevel.Player) { m.Follower("idle") }),
	alter("empty-follower-with-objective", nil, func(m *bilevel.Model, x, y bilevel.Var, f *bilevel.Player) {
		m.Follower("idle").Minimize(x.Expr())
	}),
	alter("other-followers-variable", model.ErrScope, func(m *bilevel.Model, x, y bilevel.Var, f *bilevel.Player) {
		g := m.Follower("g")
		z := g.Var("z", 0, 1)
		g.Minimize(z.Plus(y))
	}),
	alter("other-followers-variable-in-row", model.ErrScope, func(m *bilevel.Model, x, y bilevel.Var, f *bilevel.Player) {
		g := m.Follower("g").Nash() // f plays no game
		z := g.Var("z", 0, 1)
		g.Minimize(z.Expr())
		g.Constrain("bad", z.Plus(y).LE(1))
	}),
	alter("dual-of-leaders-row", model.ErrScope, func(m *bilevel.Model, x, y bilevel.Var, f *bilevel.Player) {
		row := m.Leader().Constrain("mine", x.LE(4))
		m.Leader().Minimize(x.Plus(row.Dual()))
	}),
	alter("dual-in-follower", model.ErrScope, func(m *bilevel.Model, x, y bilevel.Var, f *bilevel.Player) {
		row := f.Constrain("more", y.LE(8))
		f.Minimize(y.Plus(row.Dual()))
	}),
	alter("pair-of-a-follower", model.ErrScope, func(m *bilevel.Model, x, y bilevel.Var, f *bilevel.Player) {
		f.Complement("bad", x, y)
	}),
	alter("start-outside-the-bounds", model.ErrContradiction, func(m *bilevel.Model, x, y bilevel.Var, f *bilevel.Player) { x.Start(11) }),
	alter("infinite-start", model.ErrNotFinite, func(m *bilevel.Model, x, y bilevel.Var, f *bilevel.Player) { x.Start(inf) }),
	alter("steering-bound-negative", model.ErrNotFinite, func(m *bilevel.Model, x, y bilevel.Var, f *bilevel.Player) {
		m.SteerVar(y.Index(), model.Steer{DualBound: -1})
	}),
	alter("steering-bound-nan", model.ErrNotFinite, func(m *bilevel.Model, x, y bilevel.Var, f *bilevel.Player) {
		m.SteerVar(y.Index(), model.Steer{SlackBound: nan})
	}),
	alter("steering-unknown-reform", nil, func(m *bilevel.Model, x, y bilevel.Var, f *bilevel.Player) {
		m.SteerVar(y.Index(), model.Steer{Reform: "magic"})
	}),
	alter("pair-without-bound", model.ErrContradiction, func(m *bilevel.Model, x, y bilevel.Var, f *bilevel.Player) {
		z := m.Leader().Var("z", -inf, inf)
		m.AddPairs("bad", nil, model.Pair{A: model.Member{Index: int32(z.Index())}, B: model.Member{Index: int32(x.Index())}})
	}),
	alter("pair-of-slack-and-value", model.ErrOperand, func(m *bilevel.Model, x, y bilevel.Var, f *bilevel.Player) {
		m.AddPairs("bad", nil, model.Pair{A: model.Member{Index: int32(x.Index())}, B: model.Member{Index: int32(x.Index()), Side: model.Value}})
	}),
	alter("mixed-pair-without-bounds", nil, func(m *bilevel.Model, x, y bilevel.Var, f *bilevel.Player) {
		m.Leader().Mixed("mix", -inf, x.Minus(4), inf, y.Minus(1)) // b = 0: y = 1, so x = 2
	}),
	alter("mixed-pair-contradicts", model.ErrContradiction, func(m *bilevel.Model, x, y bilevel.Var, f *bilevel.Player) {
		m.Leader().Mixed("mix", 3, x, 1, y)
	}),
	alter("many-mistakes", model.ErrDuplicate, func(m *bilevel.Model, x, y bilevel.Var, f *bilevel.Player) {
		for k := 0; k < 30; k++ {
			f.Var("x", 0, 1)
		}
	}),
	alter("follower-without-objective", nil, func(m *bilevel.Model, x, y bilevel.Var, f *bilevel.Player) {
		g := m.Follower("free") // any point within its constraints is an answer: the leader chooses
		z := g.Var("z", 0, 4)
		g.Constrain("g1", z.Minus(x).LE(1))
		m.Leader().Minimize(x.Plus(y.Times(2)).Minus(z))
	}),
	alter("leader-without-objective", nil, func(m *bilevel.Model, x, y bilevel.Var, f *bilevel.Player) {
		m.Leader().Minimize(0)
	}),
	alter("integer-follower", nil, func(m *bilevel.Model, x, y bilevel.Var, f *bilevel.Player) { m.SetVarKind(y.Index(), model.Integer) }),
	alter("nonconvex-follower", nil, func(m *bilevel.Model, x, y bilevel.Var, f *bilevel.Player) { f.Maximize(y.Times(y)) }),
	alter("indefinite-follower", nil, func(m *bilevel.Model, x, y bilevel.Var, f *bilevel.Player) {
		z := f.Var("z", 0, 4)
		f.Minimize(y.Times(z))
	}),
	alter("nonconvex-leader", nil, func(m *bilevel.Model, x, y bilevel.Var, f *bilevel.Player) { m.Leader().Maximize(x.Times(y)) }),
	alter("leader-multiplies-in-followers-row", nil, func(m *bilevel.Model, x, y bilevel.Var, f *bilevel.Player) {
		f.Constrain("product", x.Times(y).LE(4))
	}),
	alter("follower-infeasible-everywhere", nil, func(m *bilevel.Model, x, y bilevel.Var, f *bilevel.Player) {
		f.Constrain("never", y.GE(11))
	}),
	alter("follower-infeasible-for-some", nil, func(m *bilevel.Model, x, y bilevel.Var, f *bilevel.Player) {
		f.Constrain("cap", y.LE(1)) // so an answer exists from x = 2 on: 7 there, where x = 0 and y = 3 would cost 3
		m.Leader().Minimize(x.Times(3).Plus(y))
	}),
	alter("follower-unbounded-everywhere", nil, func(m *bilevel.Model, x, y bilevel.Var, f *bilevel.Player) {
		z := f.Var("z", 0, inf)
		f.Minimize(y.Minus(z))
	}),
	alter("follower-unbounded-for-some", nil, func(m *bilevel.Model, x, y bilevel.Var, f *bilevel.Player) {
		z := f.Var("z", 0, inf) // its cost is x - 2: an answer exists from x = 2 on
		f.Minimize(y.Plus(x.Minus(2).Times(z)))
		m.Leader().Minimize(x.Times(3).Plus(y))
	}),
	alter("coupling-excludes-all", nil, func(m *bilevel.Model, x, y bilevel.Var, f *bilevel.Player) {
		m.Leader().Constrain("couple", y.GE(4)) // the follower answers at most 3
	}),
	alter("leader-unbounded", nil, func(m *bilevel.Model, x, y bilevel.Var, f *bilevel.Player) {
		z := m.Leader().Var("z", 0, inf)
		m.Leader().Minimize(x.Minus(z))
	}),
	with("unknown-reformulation", bilevel.Options{Reform: "kkt+magic"}),
	with("empty-name-in-chain", bilevel.Options{Reform: "kkt+"}),
	with("followers-replaced-twice", bilevel.Options{Reform: "kkt+strong-duality"}),
	with("big-m-before-kkt", bilevel.Options{Reform: "big-m+kkt"}),
	with("unknown-backend", bilevel.Options{Backend: "oracle"}),
	with("backend-that-does-not-fit", bilevel.Options{Reform: "kkt", Backend: "highs"}),
	with("gap-of-one", bilevel.Options{Gap: 1}),
	with("gap-nan", bilevel.Options{Gap: nan}),
	with("negative-big-m", bilevel.Options{BigM: -5}),
	with("infinite-big-m", bilevel.Options{BigM: inf}),
	with("tolerance-of-two", bilevel.Options{Tolerance: 2}),
	with("negative-time-limit", bilevel.Options{TimeLimit: -time.Second}),
	with("negative-threads", bilevel.Options{Threads: -1}),
	with("negative-multistart", bilevel.Options{Multistart: -1}),
	with("negative-evaluations", bilevel.Options{MaxEvaluations: -1}),
	with("method-before-another-pass", bilevel.Options{Reform: "kkt+relax:scholtes+big-m"}),
	with("method-by-a-backend-that-is-none", bilevel.Options{Reform: "kkt+relax:scholtes", Backend: "highs"}),
	with("system-by-a-solver-of-programs", bilevel.Options{Reform: "kkt+mstationary", Backend: "highs"}),
	with("start-of-another-length", bilevel.Options{Start: &bilevel.Point{X: []float64{1}}, Threads: 1}),
	with("start-not-a-number", bilevel.Options{Start: &bilevel.Point{X: []float64{nan, nan}}, Threads: 1}),
	{"no-model", func() (*bilevel.Model, bilevel.Options) { return nil, bilevel.Options{} }, nil},
	{"empty-model", func() (*bilevel.Model, bilevel.Options) { return bilevel.NewModel("empty"), bilevel.Options{} }, nil},
	{"constant-rows", func() (*bilevel.Model, bilevel.Options) {
		m, _, y, f := duo()
		f.Constrain("true", y.Times(0).LE(1))
		f.Constrain("false", y.Times(0).GE(1))
		return m, bilevel.Options{Threads: 1}
	}, nil},
}

// TestBadModels solves every bad model and compares what comes of it with its golden file. Nothing panics, and no error goes without
// saying where.
func TestBadModels(t *testing.T) {
	if len(badModels) < 60 {
		t.Errorf("%d bad models", len(badModels))
	}
	seen := map[string]bool{}
	for _, c := range badModels {
		if seen[c.name] {
			t.Errorf("two cases are called %s", c.name)
		}
		seen[c.name] = true
		t.Run(c.name, func(t *testing.T) {
			m, o := c.build()
			ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
			defer cancel()
			r, err := bilevel.Solve(ctx, m, o)
			if c.is != nil && !errors.Is(err, c.is) {
				t.Errorf("the error %v does not wrap %q", err, c.is)
			}
			golden(t, filepath.Join("testdata", "badmodel", c.name+".golden"), outcome(r, err))
		})
	}
	if open := highs.OpenInstances(); open != 0 {
		t.Errorf("%d instances of HiGHS were left open", open)
	}
}

// outcome writes an error or a result without numbers that depend on the machine.
func outcome(r *bilevel.Result, err error) string {
	if err != nil {
		// lp_solve and Ipopt are in the list of backends on machines that have them.
		return "error: " + strings.NewReplacer(", lpsolve", "", ", ipopt", "").Replace(err.Error()) + "\n"
	}
	s := fmt.Sprintf("status: %v\nproof: %v\n", r.Status, r.Proof)
	if r.Point != nil {
		s += fmt.Sprintf("objective: %.6g\n", r.Objective+0)
		if !r.Certificate.Verified {
			s += "not verified: " + strings.Join(r.Certificate.Reasons, "; ") + "\n"
		}
	}
	for _, n := range r.Notes {
		if !ofPlan(n) {
			s += "note: " + n + "\n"
		}
	}
	return s
}

// ofPlan reports whether a note tells how the model was solved, which is not what the golden files are about.
func ofPlan(note string) bool {
	for _, p := range append(bilevel.PassNames(), "pairs are", "after probing", "mixed pairs", "highs takes", "branch takes") {
		if strings.HasPrefix(note, p) {
			return true
		}
	}
	return false
}

func golden(t *testing.T, file, got string) {
	t.Helper()
	if f := flag.Lookup("update"); f != nil && f.Value.String() == "true" { // go test -update rewrites all golden files of the package
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), got); d != "" {
		t.Errorf("%s differs (-want +got):\n%s", file, d)
	}
}

// TestBigMTooSmall: assumed bounds that cut the answer off are enlarged until the right value comes, and the proof says what it rests on. On
// these instances M = 100 makes the reformulated problem infeasible, and M = 10 000 gives an optimum of it that is 77 % off.
func TestBigMTooSmall(t *testing.T) {
	for _, c := range []struct {
		m    *bilevel.Model
		bigM float64
		want float64
	}{
		{family.Rand(5, 5, 1234), 100, -4701.493940},
		{family.Rand(5, 10, 1234), 100, -46203.982000},
		{family.Rand(10, 10, 1234), 100, -39755.846691},
		{family.Rand(10, 10, 1234), 1e4, -39755.846691},
	} {
		t.Run(fmt.Sprintf("%s, M %g", c.m.Name, c.bigM), func(t *testing.T) {
			r, err := bilevel.Solve(context.Background(), c.m, bilevel.Options{Reform: "kkt+big-m", Backend: "highs", BigM: c.bigM, Threads: 1, TimeLimit: 2 * time.Minute})
			if err != nil {
				t.Fatal(err)
			}
			if r.Proof != bilevel.ProofGlobalIfBounds || math.Abs(r.Objective-c.want) > 1e-4*math.Abs(c.want) || !r.Certificate.Verified {
				t.Errorf("%v %v %v, want %v; notes %q", r.Status, r.Proof, r.Objective, c.want, r.Notes)
			}
			if len(r.Assumptions) == 0 {
				t.Error("no assumption is named")
			}
		})
	}
}

// TestInfeasibleUnderBigM: a problem without points is not called infeasible by a chain that rests on assumed bounds, and is by one that does not.
func TestInfeasibleUnderBigM(t *testing.T) {
	m := family.Rand(10, 5, 1234)
	r, err := bilevel.Solve(context.Background(), m, bilevel.Options{Reform: "kkt+big-m", Backend: "highs", BigM: 100, Threads: 1})
	if err != nil || r.Proof != bilevel.ProofNone && r.Proof != bilevel.ProofInfeasible || r.Proof == bilevel.ProofNone && r.Status == bilevel.StatusInfeasible {
		t.Errorf("%v %v, %v", r.Status, r.Proof, err)
	}
	if r, err = bilevel.Solve(context.Background(), m); err != nil || r.Proof != bilevel.ProofInfeasible {
		t.Errorf("%v %v, %v", r.Status, r.Proof, err)
	}
}

// TestStopped: a cancelled context and time limits of all sizes come back soon, with what was found and no more.
func TestStopped(t *testing.T) {
	cancelled, cancel := context.WithCancel(context.Background())
	cancel()
	expired, cancel := context.WithDeadline(context.Background(), time.Now().Add(-time.Second))
	defer cancel()
	for _, c := range []struct {
		name   string
		ctx    context.Context
		o      bilevel.Options
		status bilevel.Status // 0: any that is honest
	}{
		{"cancelled", cancelled, bilevel.Options{}, model.StatusInterrupted},
		{"expired", expired, bilevel.Options{}, bilevel.StatusLimit},
		{"1 ms", context.Background(), bilevel.Options{TimeLimit: time.Millisecond}, 0},
		{"20 ms", context.Background(), bilevel.Options{TimeLimit: 20 * time.Millisecond}, 0},
		{"300 ms", context.Background(), bilevel.Options{TimeLimit: 300 * time.Millisecond}, 0},
		{"1 ms big-m", context.Background(), bilevel.Options{TimeLimit: time.Millisecond, Reform: "kkt+big-m", Backend: "highs"}, 0},
		{"300 ms big-m", context.Background(), bilevel.Options{TimeLimit: 300 * time.Millisecond, Reform: "kkt+big-m", Backend: "highs"}, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			start := time.Now()
			r, err := bilevel.Solve(c.ctx, family.Rand(50, 50, 1234), c.o)
			if err != nil {
				t.Fatal(err)
			}
			if late := time.Since(start) - c.o.TimeLimit; late > 1500*time.Millisecond {
				t.Errorf("%v late", late)
			}
			if c.status != 0 && r.Status != c.status {
				t.Errorf("status %v, want %v", r.Status, c.status)
			}
			if r.Proof > bilevel.ProofFeasible || r.Proof == bilevel.ProofFeasible && !r.Certificate.Verified || r.Status == bilevel.StatusOptimal {
				t.Errorf("%v %v of a problem that nobody has solved in so little time", r.Status, r.Proof)
			}
		})
	}
}
