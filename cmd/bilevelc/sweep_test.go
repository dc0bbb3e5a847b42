package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/xml"
	"fmt"
	"image/png"
	"io"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/gobilevel/bilevel/internal/golden"
)

// effort are the gap, the nodes and the seconds of a table, which differ from run to run or with the method.
var effort = regexp.MustCompile(`(?:[-.e\d]+ %|-) +\d+ +\d+\.\d{3}(  (?:cold|warm|no search)\n)`)

func TestSweepForPeople(t *testing.T) {
	needsSolver(t)
	var all strings.Builder
	for _, args := range []string{
		"sweep capacity.mod --param demand=20:120:10",
		"sweep capacity.mod --param limit=1:9:1",
		"sweep capacity.mod --param limit=3,-1,5 --param demand=50,60,100",
		"sweep capacity.mod --param weight=1,1 --param demand=90",
		"sweep capacity.mod --param demand=90:90:1",
	} {
		r := command(t, "", inModels(args)...)
		fmt.Fprintf(&all, "$ bilevelc %s\n%s(%d)\n\n", args, strings.ReplaceAll(effort.ReplaceAllString(r.stdout, "...$1"), models, ""), r.code)
		if r.stderr != "" {
			t.Errorf("%s: %s", args, r.stderr)
		}
	}
	golden.Check(t, "testdata/sweeps.txt", []byte(all.String()))
}

func TestSweepErrors(t *testing.T) {
	needsSolver(t)
	var all strings.Builder
	for _, args := range []string{
		"sweep",
		"sweep capacity.mod",
		"sweep capacity.mod --param demand=90",
		"sweep capacity.mod --param demand",
		"sweep capacity.mod --param demand=",
		"sweep capacity.mod --param demand=1:2",
		"sweep capacity.mod --param demand=1:2:0",
		"sweep capacity.mod --param demand=1:2:-1",
		"sweep capacity.mod --param demand=1:2:1:1",
		"sweep capacity.mod --param demand=1:many:1",
		"sweep capacity.mod --param demand=1,two",
		"sweep capacity.mod --param demand=1,inf",
		"sweep capacity.mod --param demand=0:1:1e-9",
		"sweep capacity.mod --param demand=0:1000:1 --param limit=0:1000:1",
		"sweep capacity.mod --param demand=1,2 --param demand=3,4",
		"sweep capacity.mod --param demnd=1,2",
		"sweep capacity.mod --param demand[3]=1,2",
		"sweep capacity.mod --param limit=-2,-1",
		"sweep capacity.mod --param demand=1,2 --plot out.gif",
		"sweep capacity.mod --param demand=1,2 --plot out",
		"sweep capacity.mod --param demand=1,2 --plot nofolder/out.svg",
		"sweep capacity.mod --param demand=1,2 --quiet --verbose",
		"sweep capacity.mod --param demand=1,2 --gap 2",
		"sweep nonconvex.mod --param a=1,2",
		"sweep nofile.mod --param a=1,2",
		"sweep broken.mod --param a=1,2",
	} {
		r := command(t, "", inModels(args)...)
		fmt.Fprintf(&all, "$ bilevelc %s\n%s(%d)\n\n", args, strings.ReplaceAll(r.stderr, models, ""), r.code)
		if r.code != exitInput || r.stdout != "" || r.stderr == "" {
			t.Errorf("%s: code %d, stdout %q", args, r.code, r.stdout)
		}
	}
	golden.Check(t, "testdata/sweep_errors.txt", []byte(all.String()))
	if r := command(t, "", inModels("sweep capacity.mod --param demand=1,2 --json --csv")...); r.code != exitInput || !strings.Contains(r.stdout, "exclude each other") {
		t.Errorf("--json and --csv: code %d, %s", r.code, r.stdout)
	}
}

// sweepContract is the object of "sweep --json".
type sweepContract struct {
	Model      string `json:"model"`
	Parameters []struct {
		Name   string    `json:"name"`
		Values []float64 `json:"values"`
	} `json:"parameters"`
	Points []struct {
		Values       map[string]float64 `json:"values"`
		Status       string             `json:"status"`
		Proof        *string            `json:"proof"`
		Objective    *float64           `json:"objective"`
		Bound        *float64           `json:"bound"`
		Gap          *float64           `json:"gap"`
		Nodes        *int               `json:"nodes"`
		Iterations   *int               `json:"iterations"`
		Seconds      *float64           `json:"seconds"`
		Start        *float64           `json:"start"`
		CarriedBound *float64           `json:"carried_bound"`
		Settled      *bool              `json:"settled"`
		Decision     map[string]float64 `json:"decision"`
		Notes        []string           `json:"notes"`
		Error        *struct {
			File    *string `json:"file"`
			Line    *int    `json:"line"`
			Column  *int    `json:"column"`
			Message string  `json:"message"`
		} `json:"error"`
	} `json:"points"`
	Seconds float64 `json:"seconds"`
}

func TestSweepJSON(t *testing.T) {
	needsSolver(t)
	r := command(t, "", inModels("sweep capacity.mod --param limit=4,-1,7,9 --param demand=50,100 --json")...)
	var got sweepContract
	strict(t, r.stdout, &got)
	if r.code != exitInput || got.Model != "capacity" || len(got.Parameters) != 2 || !slices.Equal(got.Parameters[0].Values, []float64{4, -1, 7, 9}) || len(got.Points) != 8 {
		t.Fatalf("code %d: %+v", r.code, got)
	}
	for k, p := range got.Points {
		limit, demand := []float64{4, -1, 7, 9}[k/2], []float64{50, 100}[k%2]
		status, value := "optimal", 80*math.Min(limit, 5)
		if demand == 50 {
			status = "infeasible"
		}
		if limit < 0 {
			status = "error"
		}
		if p.Values["limit"] != limit || p.Values["demand"] != demand || p.Status != status {
			t.Errorf("point %d: %+v, want %s", k, p, status)
		}
		switch status {
		case "optimal":
			if math.Abs(*p.Objective-value) > 1e-4 || *p.Proof != "global" || p.Decision["t"] == 0 || len(p.Decision) != 1 || p.Error != nil {
				t.Errorf("point %d: %+v, want %v", k, p, value)
			}
		case "infeasible":
			if p.Objective != nil || p.Decision != nil || *p.Proof != "infeasible" {
				t.Errorf("point %d: %+v", k, p)
			}
		case "error":
			if p.Error == nil || p.Error.Line == nil || *p.Error.Line != 9 || p.Objective != nil || p.Proof != nil {
				t.Errorf("point %d: %+v", k, p)
			}
		}
	}
}

func TestSweepCSV(t *testing.T) {
	needsSolver(t)
	r := command(t, "", inModels(`sweep roads.mod --param time["free"]=3,7 --param demand=0.5:1.5:0.5 --csv`)...)
	rows, err := csv.NewReader(strings.NewReader(r.stdout)).ReadAll()
	if err != nil || r.code != exitDone || len(rows) != 7 || !slices.Equal(rows[0], []string{`time["free"]`, "demand", "objective", "status", "proof", "bound", "gap", "nodes", "seconds", "way"}) {
		t.Fatalf("%v: code %d, %q", err, r.code, rows)
	}
	if last := rows[6]; last[0] != "7" || last[1] != "1.5" || last[2] != "7.5" || last[3] != "optimal" || last[4] != "global" {
		t.Errorf("%q", last)
	}
}

func TestSweepPictures(t *testing.T) {
	needsSolver(t)
	dir := t.TempDir()
	for _, name := range []string{"a.svg", "a.png"} {
		file := filepath.Join(dir, name)
		r := command(t, "", append(inModels("sweep capacity.mod --param demand=40:120:20 --quiet --plot"), file)...)
		if r.code != exitDone || r.stdout+r.stderr != "" {
			t.Errorf("%s: code %d, %q", name, r.code, r.stdout+r.stderr)
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if name == "a.png" {
			if _, err := png.Decode(bytes.NewReader(text)); err != nil {
				t.Error(err)
			}
			continue
		}
		d := xml.NewDecoder(bytes.NewReader(text))
		for err == nil {
			_, err = d.Token()
		}
		if err != io.EOF || !bytes.Contains(text, []byte("revenue")) || !bytes.Contains(text, []byte("infeasible")) {
			t.Errorf("%v, or no labels in the SVG", err)
		}
	}
}

// A sweep that is interrupted reports what it has; one with a time limit that is too short says so at each point.
func TestSweepStopped(t *testing.T) {
	needsSolver(t)
	r := command(t, "", inModels("sweep roads.mod --param demand=1:3:1 --time-limit 1ns --csv")...)
	if rows := strings.Count(r.stdout, "\n"); rows != 4 || r.code != exitNoGood && r.code != exitDone {
		t.Errorf("code %d: %s", r.code, r.stdout)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	var out, stderr bytes.Buffer
	if code := run(ctx, inModels("sweep roads.mod --param demand=1:3:1"), strings.NewReader(""), &out, &stderr); code != exitNoGood || !strings.Contains(stderr.String(), "interrupted") {
		t.Errorf("code %d, %q", code, stderr.String())
	}
}

// --cold and the default give the same answers, and --verbose tells of each point.
func TestSweepColdAndVerbose(t *testing.T) {
	needsSolver(t)
	var value [2][]string
	for k, flag := range []string{"", " --cold"} {
		r := command(t, "", inModels("sweep capacity.mod --param limit=1:9:1 --csv"+flag)...)
		rows, err := csv.NewReader(strings.NewReader(r.stdout)).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range rows[1:] {
			value[k] = append(value[k], row[1]+" "+row[2]+" "+row[3])
			if k == 1 && row[8] != "cold" {
				t.Errorf("--cold: %q", row)
			}
		}
	}
	if !slices.Equal(value[0], value[1]) {
		t.Errorf("warm %q, cold %q", value[0], value[1])
	}
	if r := command(t, "", inModels("sweep capacity.mod --param limit=1:3:1 --verbose")...); !strings.Contains(r.stderr, "point 3 of 3: limit=2: 160 (global)") {
		t.Errorf("--verbose: %s", r.stderr)
	}
}
