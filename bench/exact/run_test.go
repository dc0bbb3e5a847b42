package main

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/gobilevel/bilevel/bench/program"
)

func TestInstances(t *testing.T) {
	for _, c := range []struct {
		families, sizes string
		seeds, want     string // want: labels, or the error
	}{
		{"TOLL", "", "1", "TOLL 5, TOLL 10, TOLL 20, TOLL 50, TOLL 100, TOLL 200"},
		{"TOLL", "5 7", "2", "TOLL 5, TOLL 5, TOLL 7, TOLL 7"},
		{"RAND,SVR", "5,10;20,20", "1", "SVR 5,10, RAND 5,10, RAND 20,20"},
		{"PRICING", "3,3,2", "1", "PRICING 3,3,2"},
		{"ROAD", "", "1", `there is no family "ROAD"; choose from SVR, RAND, TOLL, FORECAST, PRICING, INTERDICT`},
		{"TOLL", "5,5", "1", "-size 5,5: no family has such a size"},
		{"TOLL", "five", "1", "-size five: want numbers from 1 on, as 5,10"},
		{"TOLL", "0", "1", "-size 0: want numbers from 1 on, as 5,10"},
		{"TOLL", "", "11", "-seeds 11: choose 1 to 10, or some of [1234 2345 3456 4567 5678 6789 7890 8901 9012 123], separated by commas"},
		{"TOLL", "5", "4567,123", "TOLL 5, TOLL 5"},
		{"TOLL", "5", "4567,4", "-seeds 4567,4: choose 1 to 10, or some of [1234 2345 3456 4567 5678 6789 7890 8901 9012 123], separated by commas"},
	} {
		list, err := instances(c.families, c.sizes, c.seeds)
		var labels []string
		for _, i := range list {
			labels = append(labels, i.name+" "+label(i.size))
		}
		got := strings.Join(labels, ", ")
		if err != nil {
			got = err.Error()
		}
		if got != c.want {
			t.Errorf("%s %s %s: %s, want %s", c.families, c.sizes, c.seeds, got, c.want)
		}
	}
}

func TestMistakes(t *testing.T) {
	for _, args := range [][]string{{"-family", "X"}, {"-rivals", "gurobi"}, {"-limit", "0s"}, {"-seeds", "0"}, {"-nosuch"}, {"TOLL"}} {
		var errs strings.Builder
		if code := run(context.Background(), args, io.Discard, &errs); code != 1 || errs.Len() == 0 {
			t.Errorf("%v: exit code %d, %q", args, code, errs.String())
		}
	}
}

func needPrograms(t *testing.T) {
	t.Helper()
	for _, p := range []program.Program{program.HiGHS, program.CBC} {
		if !p.Installed() {
			t.Skipf("%s is not installed", p.Name)
		}
	}
}

// TestRun runs small instances of four families, one of them infeasible and one with a program written directly.
func TestRun(t *testing.T) {
	needPrograms(t)
	for _, c := range []struct {
		family, size, seeds string
		want                []string
	}{
		{"RAND", "5,5", "2", []string{"RAND      5,5        1234  -4701.4939 ", "RAND      5,5        2345  infeasible ", "| RAND | 5,5 | 2/2, ", "| ours: solved, wrong or failed, of | 2, 0, 2 |"}},
		{"TOLL", "4", "1", []string{"| TOLL | 4 | 1/1, ", "| highs: solved, wrong or failed, of | 1, 0, 1 |"}},
		{"SVR", "1,6", "1", []string{"| SVR | 1,6 | 1/1, ", "| cbc: solved, wrong or failed, of | 1, 0, 1 |"}},
		{"INTERDICT", "3,3,2", "1", []string{"| direct: solved, wrong or failed, of | 1, 0, 1 |"}},
	} {
		file := filepath.Join(t.TempDir(), "runs.csv")
		var out, errs strings.Builder
		code := run(context.Background(), []string{"-family", c.family, "-size", c.size, "-seeds", c.seeds, "-limit", "20s", "-csv", file}, &out, &errs)
		if code != 0 {
			t.Fatalf("%s: exit code %d, %s\n%s", c.family, code, errs.String(), out.String())
		}
		for _, want := range c.want {
			if !strings.Contains(out.String(), want) {
				t.Errorf("%s: no %q in\n%s", c.family, want, out.String())
			}
		}
		if strings.Contains(out.String(), "WRONG") {
			t.Errorf("%s", out.String())
		}
		if text, err := os.ReadFile(file); err != nil || !strings.Contains(string(text), c.family) {
			t.Errorf("%s: %v, %s", c.family, err, text)
		}
	}
}

// TestEnlarged: a bound on the multipliers that is too small makes an answer wrong, and the next one is tried.
func TestEnlarged(t *testing.T) {
	needPrograms(t)
	i := instance{sources[2], []int{4}, 1234}
	for _, c := range []struct {
		name  string
		list  []bigM
		wrong bool
		note  string
	}{
		{"too small", []bigM{{1e-3, 1}}, true, "M 0.001 "},
		{"enlarged", []bigM{{1e-3, 1}, {100, 100}}, false, "M 100 "},
	} {
		i.bigMs = always(c.list...)
		m := i.model()
		k := &contest{instance: i, sense: m.Leader().Objective().Sense, optimum: i.optimum(), outcomes: []outcome{found("ours", i.optimum(), i.optimum(), 1)}}
		o, ok, err := rivalRun{instance: i, m: m, limit: 20 * time.Second, right: k.agrees}.solve(context.Background(), "highs")
		if err != nil || !ok {
			t.Fatal(err)
		}
		k.outcomes = append(k.outcomes, o)
		k.judge()
		if got := k.outcomes[1]; got.wrong != c.wrong || !strings.HasPrefix(got.note, c.note) {
			t.Errorf("%s: %+v", c.name, got)
		}
	}
}

// TestInterrupted: what was done before an interrupt is printed.
func TestInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	var out, errs strings.Builder
	if code := run(ctx, []string{"-family", "TOLL", "-size", "4", "-rivals", "none"}, &out, &errs); code != 3 || !strings.Contains(errs.String(), "interrupted") {
		t.Errorf("exit code %d, %s", code, errs.String())
	}
}
