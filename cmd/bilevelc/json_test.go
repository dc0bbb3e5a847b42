package main

import (
	"bytes"
	"encoding/json"
	"io"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/google/go-cmp/cmp"
)

// contract is the object of "solve --json", as tools rely on it. Pointers may be null.
type contract struct {
	Model        string   `json:"model"`
	Status       string   `json:"status"`
	Proof        string   `json:"proof"`
	Stationarity string   `json:"stationarity"`
	Objective    *float64 `json:"objective"`
	Bound        *float64 `json:"bound"`
	Gap          *float64 `json:"gap"`
	Attitude     string   `json:"attitude"`
	Attainment   string   `json:"attainment"`
	Infimum      *float64 `json:"infimum"`
	Followers    []struct {
		Name         string   `json:"name"`
		Objective    *float64 `json:"objective"`
		BestResponse *float64 `json:"best_response"`
		Gap          *float64 `json:"gap"`
	} `json:"followers"`
	Values      map[string]*float64 `json:"values"`
	Duals       map[string]*float64 `json:"duals"`
	Certificate *struct {
		LeaderViolation      *float64 `json:"leader_violation"`
		FollowerViolation    *float64 `json:"follower_violation"`
		FollowerGap          *float64 `json:"follower_gap"`
		Complementarity      *float64 `json:"complementarity"`
		PessimisticObjective *float64 `json:"pessimistic_objective"`
		OptimisticObjective  *float64 `json:"optimistic_objective"`
		Method               string   `json:"method"`
		Verified             bool     `json:"verified"`
	} `json:"certificate"`
	Plan       []string `json:"plan"`
	Backend    string   `json:"backend"`
	Seconds    *float64 `json:"seconds"`
	Nodes      int      `json:"nodes"`
	Iterations int      `json:"iterations"`
	Search     *struct {
		Threads                int      `json:"threads"`
		LPs                    int      `json:"lps"`
		Tangents               int      `json:"tangents"`
		ProbeRounds            int      `json:"probe_rounds"`
		ProbeFixed             int      `json:"probe_fixed"`
		OpenAfterProbe         int      `json:"open_after_probe"`
		Propagated             int      `json:"propagated"`
		PropagationPruned      int      `json:"propagation_pruned"`
		PenaltyFixed           int      `json:"penalty_fixed"`
		CutRounds              int      `json:"cut_rounds"`
		CutsMade               int      `json:"cuts_made"`
		CutsKept               int      `json:"cuts_kept"`
		FirstBound             *float64 `json:"first_bound"`
		RootBound              *float64 `json:"root_bound"`
		ReducedCostTightenings int      `json:"reduced_cost_tightenings"`
		StrongTrials           int      `json:"strong_trials"`
		StrongFixed            int      `json:"strong_fixed"`
		LocalRows              int      `json:"local_rows"`
		LeaderBranchings       int      `json:"leader_branchings"`
		Incumbents             int      `json:"incumbents"`
		Answers                int      `json:"answers"`
		RoundingPoints         int      `json:"rounding_points"`
		NearPoints             int      `json:"near_points"`
		ExchangePoints         int      `json:"exchange_points"`
		AlternationPoints      int      `json:"alternation_points"`
		LocalSearchPoints      int      `json:"local_search_points"`
	} `json:"search"`
	Notes []string `json:"notes"`
}

// keys are those of the contract in their order.
var keys = []string{"model", "status", "proof", "stationarity", "objective", "bound", "gap", "attitude", "attainment", "infimum", "followers", "values", "duals", "certificate",
	"plan", "backend", "seconds", "nodes", "iterations", "search", "notes"}

// strict decodes one object without unknown keys and nothing after it.
func strict(t *testing.T, text string, into any) {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		t.Fatalf("%v:\n%s", err, text)
	}
	if _, err := d.Token(); err != io.EOF {
		t.Fatalf("more than one object:\n%s", text)
	}
}

// topKeys lists the keys of an object in their order.
func topKeys(t *testing.T, text string) []string {
	t.Helper()
	list, err := entries([]byte(text), 0)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, e := range list {
		out = append(out, e.key)
	}
	return out
}

func solveJSON(t *testing.T, line string) (contract, result) {
	t.Helper()
	r := command(t, "", inModels("solve --json "+line)...)
	var c contract
	strict(t, r.stdout, &c)
	if d := cmp.Diff(keys, topKeys(t, r.stdout)); d != "" {
		t.Errorf("%s: the keys (-want +got):\n%s", line, d)
	}
	if c.Followers == nil || c.Values == nil || c.Duals == nil || c.Plan == nil || c.Notes == nil || c.Seconds == nil {
		t.Errorf("%s: a list or map is null:\n%s", line, r.stdout)
	}
	if r.stderr != "" {
		t.Errorf("%s: stderr has %q", line, r.stderr)
	}
	return c, r
}

func TestContract(t *testing.T) {
	needsSolver(t)
	c, r := solveJSON(t, "roads.mod")
	if c.Model != "roads" || c.Status != "optimal" || c.Proof != "global" || c.Stationarity != "" || c.Objective == nil || math.Abs(*c.Objective-500) > 1e-6 ||
		c.Bound == nil || c.Gap == nil || len(c.Followers) != 1 || c.Followers[0].Name != "drivers" || c.Certificate == nil || !c.Certificate.Verified ||
		c.Certificate.Method == "" || len(c.Plan) == 0 || c.Backend == "" {
		t.Errorf("the toll on two roads:\n%s", r.stdout)
	}
	list, err := pointValues([]byte(r.stdout))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, v := range list {
		names = append(names, v.name)
	}
	if d := cmp.Diff([]string{"t", `x["toll"]`, `x["free"]`}, names); d != "" {
		t.Errorf("values in the order of the model (-want +got):\n%s", d)
	}
	if _, ok := c.Duals["trips"]; !ok {
		t.Errorf("no dual of trips:\n%s", r.stdout)
	}
}

func TestContractWithoutPoint(t *testing.T) {
	needsSolver(t)
	for _, x := range []struct{ line, status, proof string }{
		{"infeasible.mod", "infeasible", "infeasible"},
		{"unbounded.mod", "unbounded", "unbounded"},
		{"roads.mod --time-limit 1ns", "limit", "none"},
	} {
		c, r := solveJSON(t, x.line)
		if c.Status != x.status || c.Proof != x.proof || c.Objective != nil || c.Gap != nil || len(c.Values) > 0 || c.Certificate != nil {
			t.Errorf("%s:\n%s", x.line, r.stdout)
		}
		if strings.Contains(r.stdout, "NaN") || strings.Contains(r.stdout, "Inf") {
			t.Errorf("%s: a number that is no JSON:\n%s", x.line, r.stdout)
		}
	}
}

func TestInputErrorsAsJSON(t *testing.T) {
	needsSolver(t)
	for _, c := range []struct {
		line, stdin, file string
		at                [2]int
		message           string
	}{
		{line: "solve broken.mod --json", file: "broken.mod", at: [2]int{2, 17}, message: "value is needed"},
		{line: "explain broken.mod --json", file: "broken.mod", at: [2]int{2, 17}, message: "value is needed"},
		{line: "solve nofile.mod --json", file: "nofile.mod", message: "no such file"},
		{line: "check roads.mod - --json", stdin: "{\"t\": 1,\n \"u\": 2}", file: "-", at: [2]int{2, 2}, message: "no variable"},
		{line: "solve roads.mod --json --frobnicate", message: "unknown flag"},
		{line: "solve --json", message: "needs a model file"},
		{line: "solve noplan.mod --json", message: "1 integer variable"},
	} {
		r := command(t, c.stdin, inModels(c.line)...)
		var o struct {
			Status string `json:"status"`
			Error  struct {
				File    *string `json:"file"`
				Line    *int    `json:"line"`
				Column  *int    `json:"column"`
				Message string  `json:"message"`
			} `json:"error"`
		}
		strict(t, r.stdout, &o)
		file, at := "", [2]int{}
		if o.Error.File != nil {
			file = strings.TrimPrefix(*o.Error.File, models)
		}
		if o.Error.Line != nil && o.Error.Column != nil {
			at = [2]int{*o.Error.Line, *o.Error.Column}
		}
		if r.code != exitInput || o.Status != "error" || file != c.file || at != c.at || !strings.Contains(o.Error.Message, c.message) || r.stderr != "" {
			t.Errorf("%s: code %d, stderr %q\n%s", c.line, r.code, r.stderr, r.stdout)
		}
	}
}

var seconds = regexp.MustCompile(`"seconds": [^,]*`)

func TestSameInputSameOutput(t *testing.T) {
	needsSolver(t)
	_, a := solveJSON(t, "roads.mod --threads 1 --seed 3")
	_, b := solveJSON(t, "roads.mod --threads 1 --seed 3")
	if d := cmp.Diff(seconds.ReplaceAllString(a.stdout, ""), seconds.ReplaceAllString(b.stdout, "")); d != "" {
		t.Errorf("two runs differ:\n%s", d)
	}
}

// What solve writes, check and --start read.
func TestResultsAreReadBack(t *testing.T) {
	needsSolver(t)
	file := filepath.Join(t.TempDir(), "result.json")
	_, r := solveJSON(t, "roads.mod --out "+file)
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if string(text) != r.stdout {
		t.Error("--out writes another object than --json")
	}
	if r := command(t, "", append(inModels("check roads.mod"), file)...); r.code != exitDone || !strings.Contains(r.stdout, "objective at this point is 500") {
		t.Errorf("check: code %d\n%s%s", r.code, r.stdout, r.stderr)
	}
	if r := command(t, "", append(inModels("solve roads.mod --start"), file)...); r.code != exitDone || !strings.Contains(r.stdout, "objective     500") {
		t.Errorf("--start: code %d\n%s%s", r.code, r.stdout, r.stderr)
	}
}

func TestCheckAsJSON(t *testing.T) {
	needsSolver(t)
	r := command(t, `{"t": 4}`, inModels("check roads.mod - --json")...)
	var o struct {
		Model       string
		Objective   float64
		Certificate map[string]any
		Filled      bool `json:"followers_filled_in"`
		Values      map[string]float64
	}
	if err := json.Unmarshal([]byte(r.stdout), &o); err != nil {
		t.Fatal(err)
	}
	if !o.Filled || o.Objective != 400 || o.Certificate["verified"] != true || o.Values[`x["toll"]`] != 100 {
		t.Errorf("the best answer to a toll of 4, by hand 100 cars on the toll road:\n%s", r.stdout)
	}
}

func TestOtherObjects(t *testing.T) {
	needsSolver(t)
	for _, line := range []string{"explain roads.mod --json", "explain noplan.mod --json", "backends --json"} {
		r := command(t, "", inModels(line)...)
		var o map[string]any
		strict(t, r.stdout, &o)
		if r.code != exitDone || len(o) < 2 {
			t.Errorf("%s: code %d\n%s", line, r.code, r.stdout)
		}
	}
}

// The writer's text is JSON for any strings and numbers, and reads back to the same.
func TestJSONWriter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		names := rapid.SliceOfDistinct(rapid.String(), rapid.ID[string]).Draw(t, "names")
		values := map[string]float64{}
		var b bytes.Buffer
		j := newJSON(&b)
		j.object("", func() {
			for _, n := range names {
				values[strings.ToValidUTF8(n, "\ufffd")] = rapid.Float64().Draw(t, "value")
				j.number(n, values[strings.ToValidUTF8(n, "\ufffd")])
			}
		})
		if err := j.end(); err != nil {
			t.Fatal(err)
		}
		var back map[string]*float64
		if err := json.Unmarshal(b.Bytes(), &back); err != nil {
			t.Fatalf("%v:\n%s", err, b.String())
		}
		for n, v := range values {
			got := back[n]
			if math.IsNaN(v) || math.IsInf(v, 0) {
				if got != nil {
					t.Fatalf("%q: %v is written as %v, not null", n, v, *got)
				}
			} else if got == nil || *got != v {
				t.Fatalf("%q: %v is read back as %v", n, v, got)
			}
		}
	})
}
