package main

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gobilevel/bilevel/internal/golden"
)

func TestSolveReport(t *testing.T) {
	needsSolver(t)
	file := filepath.Join(t.TempDir(), "out.html")
	r := command(t, "", "solve", models+"roads.mod", "--report", file, "--along", "t=4:6", "--points", "3", "--answer", `x["toll"]`, "--json")
	if r.code != exitDone || !json.Valid([]byte(r.stdout)) {
		t.Fatalf("code %d, stderr %q", r.code, r.stderr)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"<!DOCTYPE html>", "proven optimal", `"name":"x[\"toll\"]","kind":"ties"`, `id="data-progress"`, "probe</strong>"} {
		if !bytes.Contains(text, []byte(want)) {
			t.Errorf("the page has no %q", want)
		}
	}
	if bytes.Contains(text, []byte(`"name":"x[\"free\"]","kind":"ties"`)) {
		t.Error("an answer is drawn that was not asked for")
	}
}

func TestPlot(t *testing.T) {
	needsSolver(t)
	dir := t.TempDir()
	for _, c := range []struct{ name, args, want string }{
		{"progress.svg", "", "best point"},
		{"response.svg", "--along t --points 5", "ties against it"},
		{"followers.svg", "--along t --points 5 --kind followers", "optimal value"},
		{"region.svg", "--along t --points 5 --kind region", "answer"},
		{"value.svg", "--param demand=50,100", "demand"},
		{"region.png", "--along t --points 5 --kind region", ""},
	} {
		file := filepath.Join(dir, c.name)
		r := command(t, "", append(strings.Fields("plot "+models+"roads.mod "+c.args), "--out", file)...)
		if r.code != exitDone || r.stdout != "" {
			t.Errorf("%s: code %d, stdout %q, stderr %q", c.name, r.code, r.stdout, r.stderr)
			continue
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(c.name, ".png") {
			if _, err := png.Decode(bytes.NewReader(text)); err != nil {
				t.Errorf("%s: %v", c.name, err)
			}
			continue
		}
		d := xml.NewDecoder(bytes.NewReader(text))
		for err == nil {
			_, err = d.Token()
		}
		if err != io.EOF || !bytes.Contains(text, []byte(c.want)) || bytes.Contains(text, []byte("NaN")) {
			t.Errorf("%s: %v; %q is looked for", c.name, err, c.want)
		}
	}
}

// The picture in the terminal has the kink and the tie of the two roads.
func TestPlotText(t *testing.T) {
	needsSolver(t)
	var all bytes.Buffer
	for _, kind := range []string{"response", "followers", "region"} {
		r := command(t, "", strings.Fields("plot "+models+"roads.mod --along t --points 11 --kind "+kind)...)
		if r.code != exitDone {
			t.Errorf("%s: code %d, stderr %q", kind, r.code, r.stderr)
		}
		fmt.Fprintf(&all, "== %s\n%s", kind, r.stdout)
	}
	golden.Check(t, "testdata/plot.txt", all.Bytes())
}

// TestReportErrors pins the messages for flags of the page and of the pictures that do not fit; nothing is solved before they are seen.
func TestReportErrors(t *testing.T) {
	needsSolver(t)
	var all strings.Builder
	for _, args := range []string{
		"solve roads.mod --along t",
		"solve roads.mod --network flow",
		"solve roads.mod --report out.html --along u",
		"solve roads.mod --report out.html --along x[\"toll\"]",
		"solve roads.mod --report out.html --along t=5:1",
		"solve roads.mod --report out.html --along t=low:high",
		"solve roads.mod --report out.html --along t --points 1",
		"solve roads.mod --report out.html --along t --answer t",
		"solve roads.mod --report out.html --answer t",
		"solve roads.mod --report out.html --network flow",
		"solve roads.mod --report out.html --network x",
		"solve roads.mod --report nofolder/out.html",
		"plot",
		"plot roads.mod --kind pie",
		"plot roads.mod --kind region",
		"plot roads.mod --kind value",
		"plot roads.mod --kind progress --along t",
		"plot roads.mod --along t --param demand=1,2",
		"plot roads.mod --along u",
		"plot roads.mod --out picture.gif",
		"plot roads.mod --out nofolder/picture.svg",
	} {
		r := command(t, "", inModels(args)...)
		fmt.Fprintf(&all, "$ bilevelc %s\n%s(%d)\n\n", args, strings.ReplaceAll(r.stderr, models, ""), r.code)
		if r.code != exitInput || r.stdout != "" || r.stderr == "" {
			t.Errorf("%s: code %d, stdout %q", args, r.code, r.stdout)
		}
	}
	golden.Check(t, "testdata/report-errors.txt", []byte(all.String()))
}
