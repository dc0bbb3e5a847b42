package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gobilevel/bilevel/internal/dataset"
	"github.com/gobilevel/bilevel/verify"
)

func needCollection(t *testing.T) {
	t.Helper()
	if _, ok := dataset.Find("bolib"); !ok {
		t.Skip("the BOLIB collection is not there: set BILEVEL_DATA to the folder of the problem libraries")
	}
}

// TestRun runs two small problems with known values by a single weight and by a whole way, and reads the CSV back.
func TestRun(t *testing.T) {
	needCollection(t)
	file := filepath.Join(t.TempDir(), "runs.csv")
	var out, errs bytes.Buffer
	code := run(context.Background(), []string{"-id", "MitsosBarton2006Ex31,Bard1988Ex1", "-method", "lm,value-function:newton", "-lambda", "1,10", "-limit", "30s", "-parallel", "2", "-csv", file, "-v"}, &out, &errs)
	if code != 0 || errs.Len() > 0 {
		t.Fatalf("exit code %d: %s", code, &errs)
	}
	for _, want := range []string{"| value-function:newton | 2 | ", "| 2 (100.0 %) | 0 |", "| lm λ=10 | 2 |", "value-function:newton misses 0", "lm: best single weight"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is not in the output:\n%s", want, &out)
		}
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	lines, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
	if err != nil || len(lines) != 7 {
		t.Fatalf("%d lines of CSV, %v; want a head and six runs", len(lines), err)
	}
	if l := lines[3]; l[0] != "Bard1988Ex1" || l[1] != "value-function:newton" || l[3] != "agrees" {
		t.Errorf("line %v", l)
	}
}

// TestJudge: the rule of the collection.
func TestJudge(t *testing.T) {
	i := &instance{dataset.BolibProblem{Known: -10}}
	for _, c := range []struct {
		name                     string
		cert                     verify.Certificate
		feasible, agrees, better bool
	}{
		{"verified", verify.Certificate{Objective: -9.95, Verified: true}, true, true, false},
		{"worse", verify.Certificate{Objective: -9.8, Verified: true}, true, false, false},
		{"better", verify.Certificate{Objective: -11, Verified: true}, true, true, true},
		{"gap of the rule", verify.Certificate{Objective: -10, FollowerGap: 9e-6, Evidence: verify.EvidenceProof}, true, true, false},
		{"gap", verify.Certificate{Objective: -10, FollowerGap: 2e-5, Evidence: verify.EvidenceProof}, false, false, false},
		{"not solved", verify.Certificate{Objective: -10, FollowerGap: math.NaN()}, false, false, false},
		{"constraint", verify.Certificate{Objective: -10, LeaderViolation: 1e-5, Evidence: verify.EvidenceProof}, false, false, false},
	} {
		if v := i.judge(&c.cert); v.feasible != c.feasible || v.agrees != c.agrees || v.better != c.better {
			t.Errorf("%s: %+v", c.name, v)
		}
	}
}

func TestMistakes(t *testing.T) {
	for _, args := range [][]string{{"-limit", "0s"}, {"-lambda", "-1"}, {"-lambda", "x"}, {"-parallel", "0"}, {"more"}, {"-nothing"}} {
		var out, errs bytes.Buffer
		if code := run(context.Background(), args, &out, &errs); code != 1 || errs.Len() == 0 {
			t.Errorf("%v: exit code %d, %q", args, code, &errs)
		}
	}
	needCollection(t)
	var out, errs bytes.Buffer
	if code := run(context.Background(), []string{"-id", "NoSuch*"}, &out, &errs); code != 1 || !strings.Contains(errs.String(), "no problem") {
		t.Errorf("exit code %d, %q", code, &errs)
	}
}
