package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gobilevel/bilevel/internal/dataset"
	"github.com/gobilevel/bilevel/model/smooth"
	"github.com/gobilevel/bilevel/nonlinear/mpcc"
)

func needCollection(t *testing.T) {
	t.Helper()
	if _, ok := dataset.Find("macmpec"); !ok {
		t.Skip("the MacMPEC collection is not there: set BILEVEL_DATA to the folder of the problem libraries")
	}
}

// TestRun solves small instances with known values, a mixed pair and a maximum among them, and reads the CSV back.
func TestRun(t *testing.T) {
	needCollection(t)
	file := filepath.Join(t.TempDir(), "runs.csv")
	var out, errs bytes.Buffer
	code := run(context.Background(), []string{"-id", "bard1,gnash10m,design-cent-1", "-method", "scholtes", "-solver", "builtin", "-limit", "60s", "-parallel", "2", "-csv", file, "-v"},
		&out, &errs)
	if code != 0 || errs.Len() > 0 {
		t.Fatalf("exit code %d: %s", code, &errs)
	}
	if !strings.Contains(out.String(), "| builtin | scholtes | 3 | 3 (100.0 %) | 3 (100.0 %) |") {
		t.Errorf("the table is not as it should be:\n%s", &out)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	lines, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
	if err != nil || len(lines) != 4 {
		t.Fatalf("%d lines of CSV, %v; want a head and three runs", len(lines), err)
	}
	for k, id := range []string{"bard1", "design-cent-1", "gnash10m"} {
		if lines[k+1][0] != id || lines[k+1][3] != "target" {
			t.Errorf("line %v, want %s at the target", lines[k+1], id)
		}
	}
}

// TestJudge: a point is judged by the rule of the collection, in the original model.
func TestJudge(t *testing.T) {
	needCollection(t)
	list, err := instances("bard1")
	if err != nil || len(list) != 1 {
		t.Fatalf("%v, %v", list, err)
	}
	task, err := list[0].load(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	r, err := mpcc.Solve(context.Background(), task.problem, task.start, mpcc.Options{Solver: must(t, "builtin"), Method: mpcc.Scholtes})
	if err != nil {
		t.Fatal(err)
	}
	v, err := task.judge(r.X)
	if err != nil || !v.feasible || !v.agrees {
		t.Errorf("the solution is judged %+v, %v", v, err)
	}
	x := append([]float64(nil), r.X...)
	for j := range x {
		x[j] += 1e-3
	}
	if v, err = task.judge(x); err != nil || v.feasible || v.agrees || v.where == "" {
		t.Errorf("a point off the solution is judged %+v, %v", v, err)
	}
}

func TestFlags(t *testing.T) {
	for _, c := range []struct {
		args []string
		code int
		says string
	}{
		{[]string{"-h"}, 0, "-method"},
		{[]string{"extra"}, 1, "extra"},
		{[]string{"-method", "sholtes"}, 1, "sholtes"},
		{[]string{"-solver", "nothing"}, 1, "nothing"},
		{[]string{"-limit", "0s"}, 1, "-limit"},
		{[]string{"-multistart", "0"}, 1, "-multistart"},
	} {
		var out, errs bytes.Buffer
		if code := run(context.Background(), c.args, &out, &errs); code != c.code || !strings.Contains(errs.String(), c.says) {
			t.Errorf("%v: exit code %d, %q; want %d and %q", c.args, code, &errs, c.code, c.says)
		}
	}
	t.Setenv("BILEVEL_DATA", t.TempDir())
	var out, errs bytes.Buffer
	if code := run(context.Background(), nil, &out, &errs); code != 3 || !strings.Contains(errs.String(), "BILEVEL_DATA") {
		t.Errorf("without the collection: exit code %d, %q", code, &errs)
	}
}

// TestTable: shares and medians of given outcomes.
func TestTable(t *testing.T) {
	result := &mpcc.Result{Programs: 2, Iterations: 10}
	done := []outcome{
		{id: "a", solver: "s", method: mpcc.Scholtes, vars: 5, verdict: verdict{feasible: true, agrees: true}, seconds: 0.001, result: result},
		{id: "b", solver: "s", method: mpcc.Scholtes, vars: 60, verdict: verdict{feasible: true}, seconds: 0.003, result: result},
		{id: "c", solver: "s", method: mpcc.Scholtes, vars: 61, verdict: verdict{agrees: true}, target: "I", seconds: 5, result: result},
		{id: "d", solver: "s", method: mpcc.Penalty, vars: 4, verdict: verdict{violation: 1, where: "constraint r"}, seconds: 0.5, result: result},
	}
	var out bytes.Buffer
	printTable(&out, done)
	for _, want := range []string{
		"| s | scholtes | 3 | 3 (100.0 %) | 2 (66.7 %) | 2.0 | 0.0 | 5.0 | 6 | 30 |",
		"| s | penalty | 1 | 0 (0.0 %) | 0 (0.0 %) | 500.0 | 0.0 | 0.5 | 2 | 10 |",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no line %q in\n%s", want, &out)
		}
	}
	out.Reset()
	printMisses(&out, done)
	if s := out.String(); !strings.Contains(s, "b, s, scholtes") || !strings.Contains(s, "constraint r") || strings.Contains(s, "a, s") || strings.Contains(s, "c, s") {
		t.Errorf("misses:\n%s", s)
	}
}

func must(t *testing.T, name string) smooth.Solver {
	t.Helper()
	s, err := solver(name)
	if err != nil {
		t.Fatal(err)
	}
	return s
}
