package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// learnNumbers are 40 samples of four features whose label is a number that follows the first two.
func learnNumbers(t *testing.T) string {
	t.Helper()
	text := "a,b,c,d,y\n"
	for i := range 40 {
		a, b, c, d := i*7%11, i*5%13, i*3%7, i*11%17
		text += fmt.Sprintf("%d,%d,%d,%d,%d\n", a, b, c, d, 3*a-2*b+(i%3))
	}
	name := filepath.Join(t.TempDir(), "numbers.csv")
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return name
}

// The kernel's JSON has the support vectors that the prediction needs.
func TestLearnKernel(t *testing.T) {
	file := learnSamples(t)
	var got struct {
		Runs []struct {
			Method  string
			CV      float64
			Hyper   struct{ C, Gamma float64 }
			Weights []float64
			Vectors [][]float64
		}
	}
	r := command(t, "", "learn", file, "--task", "svc-rbf", "--json", "--test", "0.25", "--compare", "grid")
	if err := json.Unmarshal([]byte(r.stdout), &got); err != nil {
		t.Fatalf("%v: %s%s", err, r.stdout, r.stderr)
	}
	for _, q := range got.Runs {
		if q.Hyper.C <= 0 || q.Hyper.Gamma <= 0 || len(q.Weights) == 0 || len(q.Weights) != len(q.Vectors) || len(q.Vectors[0]) != 2 {
			t.Errorf("%+v", q)
		}
	}
	if len(got.Runs) != 2 || got.Runs[0].CV > got.Runs[1].CV {
		t.Errorf("%+v", got.Runs)
	}
	r = command(t, "", "learn", file, "--task", "svc-rbf")
	if !strings.Contains(r.stdout, "gamma ") || !strings.Contains(r.stdout, " support vectors, intercept") {
		t.Errorf("%s%s", r.stdout, r.stderr)
	}
	r = command(t, "", "learn", file, "--task", "svc-rbf", "--model", "-")
	if r.code != exitDone || !strings.Contains(r.stdout, "exp(") || !strings.Contains(r.stdout, "balance1.dual") {
		t.Errorf("%s%s", r.stdout, r.stderr)
	}
}

func TestLearnGroups(t *testing.T) {
	file := learnNumbers(t)
	r := command(t, "", "learn", file, "--task", "group-lasso", "--groups", "2", "--per-feature", "--json")
	var got struct {
		Runs []struct {
			Hyper   struct{ Penalties []float64 }
			Weights []float64
		}
	}
	if err := json.Unmarshal([]byte(r.stdout), &got); err != nil {
		t.Fatalf("%v: %s%s", err, r.stdout, r.stderr)
	}
	if len(got.Runs) != 1 || len(got.Runs[0].Hyper.Penalties) != 2 || len(got.Runs[0].Weights) != 4 {
		t.Errorf("%+v", got.Runs)
	}
	r = command(t, "", "learn", file, "--task", "group-lasso", "--groups", "2,2")
	if !strings.Contains(r.stdout, "trained on all 40 samples with l1 ") {
		t.Errorf("%s%s", r.stdout, r.stderr)
	}
	r = command(t, "", "learn", file, "--task", "group-lasso", "--groups", "2", "--model", "-")
	if r.code != exitDone || !strings.Contains(r.stdout, "group1") {
		t.Errorf("%s%s", r.stdout, r.stderr)
	}
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"--task", "lasso", "--groups", "2"}, "--groups: lasso has no groups of features\ngive --task group-lasso"},
		{[]string{"--task", "group-lasso", "--groups", "3"}, "sizes [3] add up to 3 of 4 features; give each feature to a group"},
		{[]string{"--task", "svc-rbf", "--per-feature"}, "svc-rbf has no hyperparameters of single features"},
	} {
		if r := command(t, "", append([]string{"learn", file}, c.args...)...); r.code == exitDone || !strings.Contains(r.stderr, c.want) {
			t.Errorf("%v: %s", c.args, r.stderr)
		}
	}
}

func TestLearnDCA(t *testing.T) {
	file := learnSamples(t)
	var got struct {
		Runs []struct {
			Method string
			CV     float64
			Hyper  struct {
				C, Radius float64
				Box       []float64
			}
		}
	}
	r := command(t, "", "learn", file, "--method", "dca", "--per-feature", "--loss", "hinge", "--json", "--compare", "grid")
	if err := json.Unmarshal([]byte(r.stdout), &got); err != nil {
		t.Fatalf("%v: %s%s", err, r.stdout, r.stderr)
	}
	if len(got.Runs) != 2 || got.Runs[0].Method != "dca" || got.Runs[0].Hyper.Radius <= 0 || got.Runs[0].Hyper.C != 0 || len(got.Runs[0].Hyper.Box) != 2 || got.Runs[1].Hyper.C <= 0 {
		t.Errorf("%+v", got.Runs)
	}
	if r := command(t, "", "learn", file, "--method", "dca"); !strings.Contains(r.stdout, "radius ") {
		t.Errorf("%s%s", r.stdout, r.stderr)
	}
	if r := command(t, "", "learn", file, "--task", "logistic", "--method", "dca"); r.code == exitDone || !strings.Contains(r.stderr, "dca does not choose the hyperparameters of logistic; it is for svc") {
		t.Errorf("%s", r.stderr)
	}
}
