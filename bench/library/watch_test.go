package library

import (
	"context"
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/gobilevel/bilevel"
	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/verify"
)

func one(t *testing.T) *Library {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{"a.mod": "var x >= 0; minimize f: x;", "index.json": `{"problems": [{"model": "a.mod", "value": 0}]}`} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	l, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// What a solve does that it must not do ends up as the verdict of its run.
func TestMisbehavedSolves(t *testing.T) {
	l := one(t)
	block := make(chan struct{})
	defer close(block)
	for _, c := range []struct {
		name    string
		solve   solver
		limit   time.Duration
		verdict Verdict
		remark  string
	}{
		{"a panic", func(context.Context, *bilevel.Model, bilevel.Way, bilevel.Options) (bilevel.Comparison, error) {
			panic("index out of range")
		}, time.Second, Failed, "panicked: index out of range"},
		{"an error", func(context.Context, *bilevel.Model, bilevel.Way, bilevel.Options) (bilevel.Comparison, error) {
			return bilevel.Comparison{Err: errors.New("out of memory")}, nil
		}, time.Second, Failed, "out of memory"},
		{"a deadline as an error", func(context.Context, *bilevel.Model, bilevel.Way, bilevel.Options) (bilevel.Comparison, error) {
			return bilevel.Comparison{Err: context.DeadlineExceeded}, nil
		}, time.Second, TimeOut, ""},
		{"no end", func(context.Context, *bilevel.Model, bilevel.Way, bilevel.Options) (bilevel.Comparison, error) {
			<-block
			return bilevel.Comparison{}, nil
		}, -10*time.Second + 50*time.Millisecond, TimeOut, "did not stop at the limit"}, // with the grace it is left after some milliseconds
	} {
		opt := Options{Ways: []bilevel.Way{{Reform: "auto", Backend: "auto"}}, Solve: bilevel.Options{TimeLimit: c.limit}}
		r, err := l.run(context.Background(), opt, c.solve)
		if err != nil || len(r.Runs) != 1 || r.Runs[0].Verdict != c.verdict || !strings.Contains(r.Runs[0].Remark, c.remark) {
			t.Errorf("%s: %v, %+v", c.name, err, r.Runs)
		}
	}
}

// The rules of agreement, on results that no solver needs to find.
func TestJudge(t *testing.T) {
	m := model.New("m")
	m.Leader().Minimize(m.Leader().Var("x", 0, 1))
	good := &verify.Certificate{Verified: true, Evidence: verify.EvidenceProof}
	bolib, macmpec := Rule{Objective: 1e-2, Feasibility: 1e-6, FollowerGap: 1e-5}, Rule{Objective: 1e-4, Feasibility: 1e-6, NoPointAgrees: true}
	point := func(f float64, p model.Proof, c *verify.Certificate) *bilevel.Result {
		return &bilevel.Result{Model: m, Point: &model.Point{X: []float64{0}}, Objective: f, Bound: math.NaN(), Proof: p, Certificate: c}
	}
	none := func(s model.Status) *bilevel.Result {
		return &bilevel.Result{Model: m, Objective: math.NaN(), Bound: math.NaN(), Status: s}
	}
	bound := func(r *bilevel.Result, b float64) *bilevel.Result { r.Bound = b; return r }
	follower := func(gap, violation float64) *verify.Certificate {
		return &verify.Certificate{FollowerViolation: violation, Followers: []verify.FollowerCheck{{Objective: 10 + 10*gap, BestResponse: 10}}}
	}
	hundred := Known{Kind: Value, Value: 100}
	for _, c := range []struct {
		name   string
		rule   Rule
		known  Known
		result *bilevel.Result
		late   bool
		want   Verdict
	}{
		{"within a hundredth", bolib, hundred, point(100.9, model.ProofLocal, good), false, Solved},
		{"not within a hundredth", bolib, hundred, point(101.1, model.ProofLocal, good), false, Worse},
		{"a wrong optimum", bolib, hundred, point(101.1, model.ProofGlobal, good), false, Wrong},
		{"a wrong optimum, if bounds hold", bolib, hundred, point(101.1, model.ProofGlobalIfBounds, good), false, Wrong},
		{"worse when the time was over", bolib, hundred, point(101.1, model.ProofFeasible, good), true, TimeOut},
		{"agrees when the time was over", bolib, hundred, point(100.1, model.ProofFeasible, good), true, Solved},
		{"better", bolib, hundred, point(90, model.ProofLocal, good), false, Better},
		{"better than a proven value", macmpec, Known{Kind: Value, Value: 100, Proven: true}, point(90, model.ProofLocal, good), false, Wrong},
		{"relative to one for small values", macmpec, Known{Kind: Value, Value: 0}, point(5e-5, model.ProofLocal, good), false, Solved},
		{"a follower's gap that the rule allows", bolib, hundred, point(100, model.ProofNone, follower(5e-6, 0)), false, Solved},
		{"a follower's gap that it does not allow", bolib, hundred, point(100, model.ProofNone, follower(5e-5, 0)), false, Failed},
		{"a violation that it does not allow", bolib, hundred, point(100, model.ProofNone, follower(0, 1e-5)), false, Failed},
		{"a rule without tolerances of its own", Rule{Objective: 1e-4}, hundred, point(100, model.ProofNone, follower(0, 0)), false, Failed},
		{"a bound that the value refutes", bolib, hundred, bound(none(model.StatusLimit), 120), true, Wrong},
		{"a bound that it does not refute", bolib, hundred, bound(none(model.StatusLimit), 80), true, TimeOut},
		{"no point of an infeasible problem", macmpec, Known{Kind: Infeasible}, none(model.StatusUnknown), false, Solved},
		{"no point of an infeasible problem in time", macmpec, Known{Kind: Infeasible}, none(model.StatusLimit), false, TimeOut},
		{"no point where the rule wants a proof", Rule{Objective: 1e-4}, Known{Kind: Infeasible, Proven: true}, none(model.StatusUnknown), false, Failed},
		{"a point of a problem that is listed as infeasible", macmpec, Known{Kind: Infeasible}, point(1, model.ProofLocal, good), false, Better},
		{"a point of an unbounded problem", bolib, Known{Kind: NoOptimum}, point(-1e6, model.ProofLocal, good), false, Worse},
		{"an optimum of an unbounded problem", bolib, Known{Kind: NoOptimum}, point(-1e6, model.ProofGlobal, good), false, Wrong},
		{"nothing known", bolib, Known{}, point(1, model.ProofLocal, good), false, Unjudged},
	} {
		if got, why := c.rule.judge(c.known, c.result, c.late); got != c.want {
			t.Errorf("%s: %s (%s), want %s", c.name, got, why, c.want)
		}
	}
}
