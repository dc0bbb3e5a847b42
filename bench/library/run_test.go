package library_test

import (
	"bytes"
	"context"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/gobilevel/bilevel"
	"github.com/gobilevel/bilevel/backends"
	"github.com/gobilevel/bilevel/bench/library"
)

func needsSolver(t *testing.T) {
	t.Helper()
	if _, err := backends.Open("highs"); err != nil {
		t.Skip(err)
	}
}

// models of a library whose index is right in some places and deliberately wrong in others.
var models = map[string]string{
	// The optimum is 8 at x = 4.
	"coupled.mod": "var x >= 0, <= 10; lower f; var y >= 0; maximize g: y; subject to a: y <= x; upper; maximize F: x + y; subject to limit: y <= 4;",
	// The optimum is 1 at x = 0, y = 1.
	"least.mod":      "var x >= 0, <= 5; lower f; var y >= 0; minimize g: y; subject to a: y >= 1 + x; upper; minimize F: x + y;",
	"infeasible.mod": "var x >= 0, <= 1; lower f; var y >= 0; maximize g: y; subject to a: y <= 1 + x; upper; minimize F: x; subject to limit: y <= 0.5;",
	"unbounded.mod":  "var x >= 0; lower f; var y >= 0; minimize g: y; subject to a: 3 * y >= x; upper; maximize F: x - 2 * y;",
	"integer.mod":    "var x >= 0, <= 5; var idle{1..100} >= 0, <= 1; lower f; var y integer >= 0, <= 5; maximize g: y; subject to a: 2 * y <= 2 + x; upper; minimize F: y - x;",
	"local.mod":      "var fee >= 0, <= 20; var idle{1..8} >= 0, <= 1; lower f; var y >= 0; maximize g: 10 * log(1 + y) - (1 + fee) * y; upper; maximize F: fee * y;",
	"broken.mod":     "var x >= ;",
	"index.json": `{"library": "trial", "problems": [
		{"name": "right", "model": "coupled.mod", "value": 8, "proven": true},
		{"name": "right-min", "model": "least.mod", "value": 1.00005, "proven": true},
		{"name": "too-good", "model": "coupled.mod", "value": 9},
		{"name": "too-good-min", "model": "least.mod", "value": 0.5},
		{"name": "beaten", "model": "coupled.mod", "value": 7},
		{"name": "beaten-proven", "model": "coupled.mod", "value": 7, "proven": true},
		{"name": "no-value", "model": "coupled.mod"},
		{"name": "infeasible", "model": "infeasible.mod", "value": "infeasible"},
		{"name": "not-infeasible", "model": "coupled.mod", "value": "infeasible"},
		{"name": "claims-infeasible", "model": "infeasible.mod", "value": 0},
		{"name": "unbounded", "model": "unbounded.mod", "value": "unbounded"},
		{"name": "not-unbounded", "model": "coupled.mod", "value": "unbounded"},
		{"name": "integer", "model": "integer.mod", "value": 0},
		{"name": "local", "model": "local.mod", "value": 4.675444679663241},
		{"name": "local-worse", "model": "local.mod", "value": 5},
		{"name": "broken", "model": "broken.mod", "value": 1},
		{"name": "missing", "model": "missing.mod", "value": 1}]}`,
}

func open(t *testing.T, files map[string]string) *library.Library {
	t.Helper()
	l, err := library.Open(write(t, files))
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestVerdicts(t *testing.T) {
	needsSolver(t)
	l := open(t, models)
	r, err := l.Run(context.Background(), library.Options{Solve: bilevel.Options{TimeLimit: 20 * time.Second}})
	if err != nil {
		t.Fatal(err)
	}
	want := []struct {
		verdict library.Verdict
		remark  string
	}{
		{library.Solved, ""},
		{library.Solved, ""},
		{library.Wrong, "claimed that no point is better than 8"},
		{library.Wrong, "claimed that no point is better than 1"},
		{library.Better, ""},
		{library.Wrong, "better than 7, which the index calls proven"},
		{library.Unjudged, ""},
		{library.Solved, ""},
		{library.Wrong, "infeasible by the index"},
		{library.Wrong, "claimed to be proven infeasible, and the index says: 0"},
		{library.Solved, ""},
		{library.Wrong, "claimed to be optimal, and the index says: unbounded"},
		{library.Refused, "integer"},
		{library.Solved, ""},
		{library.Worse, "a local solution"},
		{library.Failed, "broken.mod:1:10"},
		{library.Failed, "missing.mod"},
	}
	for k, w := range want {
		x := r.Runs[k]
		if x.Problem != l.Problems[k].Name || x.Verdict != w.verdict || !strings.Contains(x.Remark, w.remark) || w.remark == "" && x.Remark != "" {
			t.Errorf("%s: %s (%s), want %s (%s)", x.Problem, x.Verdict, x.Remark, w.verdict, w.remark)
		}
	}
	if x := r.Runs[0]; x.Objective != 8 || x.Bound != 8 || x.Status != "optimal" || x.Proof != "global" || x.Evidence != "proof" || !x.Maximise || x.Solver == "" || len(x.Plan) == 0 || x.Seconds <= 0 {
		t.Errorf("%+v", x)
	}
	if n, _ := r.Count(bilevel.Way{Reform: "auto", Backend: "auto"}); n[library.Solved] != 5 || n[library.Wrong] != 6 {
		t.Errorf("%v", n)
	}
}

// A run of which the backend refuses the model, beside one that solves it.
func TestSeveralWaysInParallel(t *testing.T) {
	needsSolver(t)
	l, err := open(t, models).Select([]string{"right*", "local"})
	if err != nil {
		t.Fatal(err)
	}
	ways := []bilevel.Way{{Reform: "auto", Backend: "auto"}, {Reform: "kkt+big-m", Backend: "highs"}, {Reform: "kkt", Backend: "nonsense"}}
	var heard []string
	r, err := l.Run(context.Background(), library.Options{Ways: ways, Parallel: 3, Done: func(done, of int, x library.Run) {
		heard = append(heard, x.Problem)
		if done != len(heard) || of != 9 {
			t.Errorf("%d of %d runs are done after %d", done, of, len(heard))
		}
	}})
	if err != nil || len(r.Runs) != 9 || len(heard) != 9 {
		t.Fatalf("%v, %d runs, heard of %d", err, len(r.Runs), len(heard))
	}
	for k, x := range r.Runs {
		if x.Problem != l.Problems[k/3].Name || x.Way() != ways[k%3] {
			t.Errorf("run %d is %s on %v", k, x.Problem, x.Way())
		}
		switch {
		case k%3 == 0 && x.Verdict != library.Solved, k%3 == 1 && x.Problem != "local" && x.Verdict != library.Solved,
			k%3 == 1 && x.Problem == "local" && x.Verdict != library.Refused, k%3 == 2 && x.Verdict != library.Failed:
			t.Errorf("%s on %v: %s (%s)", x.Problem, x.Way(), x.Verdict, x.Remark)
		}
	}
}

// A limit that is over before anything is found, and one that comes while the model is searched.
func TestTimeOut(t *testing.T) {
	needsSolver(t)
	l, err := open(t, models).Select([]string{"right"})
	if err != nil {
		t.Fatal(err)
	}
	r, err := l.Run(context.Background(), library.Options{Solve: bilevel.Options{TimeLimit: time.Nanosecond}})
	if err != nil || r.Runs[0].Verdict != library.TimeOut || !math.IsNaN(float64(r.Runs[0].Objective)) {
		t.Errorf("%v: %+v", err, r.Runs)
	}
}

func TestInterruptionKeepsWhatWasDone(t *testing.T) {
	needsSolver(t)
	l := open(t, models)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	half, err := l.Run(ctx, library.Options{Done: func(done, _ int, _ library.Run) {
		if done == 4 {
			cancel()
		}
	}})
	if err != context.Canceled || len(half.Runs) != 4 {
		t.Fatalf("%v, %d runs", err, len(half.Runs))
	}
	made := 0
	half.Runs[0].Seconds = 1e9 // would be overwritten if it were made again
	whole, err := l.Run(context.Background(), library.Options{Earlier: half.Runs, Done: func(int, int, library.Run) { made++ }})
	if err != nil || made != len(l.Problems)-4 || len(whole.Runs) != len(l.Problems) || whole.Runs[0].Seconds != 1e9 {
		t.Errorf("%v: %d runs were made, %d are there", err, made, len(whole.Runs))
	}
	// A value that the index has changed since is judged again.
	l.Problems[0].Known.Value = 9
	if again, err := l.Run(context.Background(), library.Options{Earlier: whole.Runs}); err != nil || again.Runs[0].Verdict != library.Wrong || again.Runs[1].Verdict != library.Solved {
		t.Errorf("%v, %s", err, again.Runs[0].Verdict)
	}
}

func TestResultFile(t *testing.T) {
	needsSolver(t)
	l := open(t, models)
	opt := library.Options{Solve: bilevel.Options{Gap: 1e-5}}
	r, err := l.Run(context.Background(), opt)
	if err != nil {
		t.Fatal(err)
	}
	r.Version = "v1"
	name := filepath.Join(t.TempDir(), "r.json")
	if err := r.WriteFile(name); err != nil {
		t.Fatal(err)
	}
	again, err := library.ReadResults(name)
	if err != nil {
		t.Fatal(err)
	}
	var a, b bytes.Buffer
	if err := r.Write(&a); err != nil {
		t.Fatal(err)
	}
	if err := again.Write(&b); err != nil {
		t.Fatal(err)
	}
	if a.String() != b.String() || !strings.Contains(a.String(), `"problem":"integer","reform":"auto","backend":"auto","verdict":"refused"`) {
		t.Errorf("written\n%s\nread and written\n%s", a.String(), b.String())
	}
	if err := again.Resumable(l, opt); err != nil {
		t.Error(err)
	}
	if err := again.Resumable(l, library.Options{Solve: bilevel.Options{Gap: 1e-3}}); err == nil || !strings.Contains(err.Error(), "other settings") {
		t.Errorf("another gap: %v", err)
	}
	l.Name = "other"
	if err := again.Resumable(l, opt); err == nil || !strings.Contains(err.Error(), "the library trial, not other") {
		t.Errorf("another library: %v", err)
	}
	for text, message := range map[string]string{"": "unexpected end", "{}": "no result file of format 1", `{"bilevel_bench": 2}`: "format 1", `{"bilevel_bench": "x"}`: "cannot unmarshal"} {
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := library.ReadResults(name); err == nil || !strings.Contains(err.Error(), message) || !strings.Contains(err.Error(), "--out") {
			t.Errorf("%q: %v", text, err)
		}
	}
}
