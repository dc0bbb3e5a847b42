package main

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/gobilevel/bilevel/internal/golden"
)

// learnSamples are two features of 24 samples on a lattice; the label follows the first, but for two samples.
func learnSamples(t *testing.T) string {
	t.Helper()
	text := "size,noise,class\n"
	for i := range 24 {
		class := "small"
		if (i%12 >= 6) != (i == 3 || i == 20) {
			class = "large"
		}
		text += fmt.Sprintf("%d,%d,%s\n", i%12, i*7%24, class)
	}
	name := filepath.Join(t.TempDir(), "samples.csv")
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestLearnForPeople(t *testing.T) {
	r := command(t, "", "learn", learnSamples(t), "--compare", "grid,random", "--loss", "hinge", "--seed", "3")
	if r.code != exitDone {
		t.Fatalf("code %d: %s", r.code, r.stderr)
	}
	// The seconds depend on the machine.
	text := regexp.MustCompile(`(?m) +\d+\.\d\d  C`).ReplaceAllString(r.stdout, "  #  C")
	golden.Check(t, "testdata/learn.txt", []byte(text))
}

func TestLearnJSON(t *testing.T) {
	file := learnSamples(t)
	var got struct {
		Task, Loss         string
		Folds, Train, Test int
		Features           []string
		Classes            []string
		Scaler             struct{ Shift, Size []float64 }
		Runs               []struct {
			Method    string
			CV        float64
			Test      *float64
			Hyper     struct{ C float64 }
			Chosen    struct{ C float64 }
			Weights   []float64
			Trainings int
			Gradients int
			History   []struct {
				Trainings, Gradients int
				Seconds, CV, Slope   float64
				Norm                 *float64
			}
		}
	}
	r := command(t, "", "learn", file, "--json", "--test", "0.25")
	if err := json.Unmarshal([]byte(r.stdout), &got); err != nil {
		t.Fatalf("%v: %s%s", err, r.stdout, r.stderr)
	}
	if got.Task != "svc" || got.Loss != "misclassification" || got.Train != 18 || got.Test != 6 || got.Folds != 3 || len(got.Features) != 2 || len(got.Scaler.Size) != 2 {
		t.Errorf("%+v", got)
	}
	if !slices.Equal(got.Classes, []string{"large", "small"}) {
		t.Errorf("classes %q", got.Classes)
	}
	// The samples of the second class are those of small size, whose predictions are to be positive: the weight of the size is negative.
	if len(got.Runs) == 1 && got.Runs[0].Weights[0] >= 0 {
		t.Errorf("weights %v", got.Runs[0].Weights)
	}
	if len(got.Runs) != 1 || got.Runs[0].Method != "bilevel" || got.Runs[0].Test == nil || got.Runs[0].Hyper.C <= 0 || len(got.Runs[0].Weights) != 2 || got.Runs[0].Trainings < 3 {
		t.Errorf("%+v", got.Runs)
	}
	run := got.Runs[0]
	if h := run.History; len(h) == 0 || h[len(h)-1].CV != run.CV || h[0].Norm != nil || h[0].Trainings%3 != 0 || h[0].Trainings == 0 || h[len(h)-1].Trainings > run.Trainings || h[len(h)-1].Gradients > run.Gradients {
		t.Errorf("%+v", run)
	}
	if diff := run.Chosen.C*2/3 - run.Hyper.C; diff > 1e-12*run.Chosen.C || diff < -1e-12*run.Chosen.C {
		t.Errorf("C %v on the folds, %v on all samples", run.Chosen.C, run.Hyper.C)
	}
	if again := command(t, "", "learn", file, "--json"); !strings.Contains(again.stdout, `"test": null`) {
		t.Errorf("a test loss without a test set:\n%s", again.stdout)
	}
}

// Naming the first method among those to compare with is no mistake.
func TestLearnCompareAll(t *testing.T) {
	file := learnSamples(t)
	r := command(t, "", "learn", file, "--compare", "grid,bilevel", "--json")
	if r.code != exitDone || strings.Count(r.stdout, `"method": "bilevel"`) != 1 || strings.Count(r.stdout, `"method": "grid"`) != 1 {
		t.Errorf("code %d: %s%s", r.code, r.stdout, r.stderr)
	}
}

// The model that is written can be read and explained.
func TestLearnModel(t *testing.T) {
	r := command(t, "", "learn", learnSamples(t), "--loss", "hinge", "--model", "-")
	if r.code != exitDone || !strings.Contains(r.stdout, "lower fold3;") {
		t.Fatalf("code %d: %s%s", r.code, r.stdout, r.stderr)
	}
	if e := command(t, r.stdout, "explain", "-"); e.code != exitDone {
		t.Errorf("%s%s", e.stdout, e.stderr)
	}
}

func TestLearnMistakes(t *testing.T) {
	file := learnSamples(t)
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{file, "--task", "tree"}, "--task: there is no task \"tree\"\nchoose svc, svr"},
		{[]string{file, "--task", "ridge"}, "\n--label NAME names the column; --task svr"},
		{[]string{file, "--task", "logistc"}, "did you mean logistic?"},
		{[]string{file, "--task", "ridge"}, `the labels are words, as "small"; a regression needs numbers`},
		{[]string{file, "--compare", "tpe"}, `there is no method "tpe"`},
		{[]string{file, "--equal-time"}, "--equal-time: there is nothing to compare"},
		{[]string{file, "--label", "colour"}, `there is no column "colour"; the columns are size, noise, class`},
		{[]string{file, file}, "learn takes one file"},
		{[]string{file, "--folds", "1"}, "1 folds of 24 samples; give at least 2 folds"},
		{[]string{filepath.Join(t.TempDir(), "none.csv")}, "give the path of a CSV or LIBSVM file"},
	} {
		r := command(t, "", append([]string{"learn"}, c.args...)...)
		if r.code != exitInput || !strings.Contains(r.stderr, c.want) {
			t.Errorf("%v: code %d, %s", c.args, r.code, r.stderr)
		}
	}
	r := command(t, "1,,2\n", "learn", "-")
	if r.code != exitInput || !strings.Contains(r.stderr, "stdin:1: column x2: the value is missing") {
		t.Errorf("a missing value: code %d, %s", r.code, r.stderr)
	}
}

// The model is that of the folds that a search has: where the penalty is a point both have the same loss.
func TestLearnModelHasTheFoldsOfTheSearch(t *testing.T) {
	draw := rand.New(rand.NewPCG(3, 8))
	text := ""
	for range 20 {
		a, b := draw.NormFloat64(), draw.NormFloat64()
		text += fmt.Sprintf("%.3f,%.3f,%.3f\n", a, b, a+b+draw.NormFloat64())
	}
	dir := t.TempDir()
	file, model := filepath.Join(dir, "drawn.csv"), filepath.Join(dir, "drawn.mod")
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, seed := range []string{"0", "1", "2"} {
		args := []string{"learn", file, "--task", "lasso", "--loss", "absolute", "--folds", "2", "--range", "l1=1:1", "--seed", seed}
		found := command(t, "", append(args, "--json")...)
		if r := command(t, "", append(args, "--model", model)...); r.code != exitDone || found.code != exitDone {
			t.Fatalf("%s%s", r.stderr, found.stderr)
		}
		solved := command(t, "", "solve", model, "--reform", "kkt", "--json")
		var search struct{ Runs []struct{ CV float64 } }
		var answer struct{ Objective float64 }
		if err := json.Unmarshal([]byte(found.stdout), &search); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal([]byte(solved.stdout), &answer); err != nil {
			t.Fatalf("%v: %s%s", err, solved.stdout, solved.stderr)
		}
		if got := search.Runs[0].CV; math.Abs(got-answer.Objective) > 1e-6 {
			t.Errorf("seed %s: the search has %v, the model %v", seed, got, answer.Objective)
		}
	}
}
