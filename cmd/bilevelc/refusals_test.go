package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
)

const idle = "var x >= 0, <= 1;\nminimize cost: x;\n"

// What is refused before anything is solved says what is wrong, in the words of who typed it, and what to type instead.
func TestRefusals(t *testing.T) {
	dir := t.TempDir()
	mod := writeFile(t, dir, "idle.mod", []byte(idle))
	priced := writeFile(t, dir, "priced.mod", []byte("param price default 1;\nvar toll >= 0, <= 1;\nlower f;\nvar flow >= 0, <= 1;\nminimize cost: flow*toll;\nupper;\nminimize c: price*toll;\n"))
	empty := writeFile(t, dir, "empty.mod", nil)
	remarks := writeFile(t, dir, "remarks.mod", []byte("# nothing\n/* yet */\n"))
	sets := writeFile(t, dir, "sets.mod", []byte("set S := 1..3;\nparam a {S} default 1;\n"))
	list := writeFile(t, dir, "index.json", []byte("[1,2]"))
	other := writeFile(t, dir, "other.mod", []byte(idle))
	for _, c := range []struct{ args, want string }{
		{"compare " + mod + " --way kkt+bigm/highs", "did you mean big-m?"},
		{"compare " + mod + " --way auto/brnch", "did you mean branch?"},
		{"solve " + mod + " --timelimit 5s", "did you mean --time-limit?"},
		{"bench " + dir + " --way auto/brnch", "did you mean branch?"},
		{"solve " + mod + " --reform gloabl", "did you mean global?"},
		{"solve " + mod + " --backend brnch", "did you mean branch?"},
		{"explain " + mod + " --reform kktt", "did you mean kkt?"},
		{"sweep " + priced + " --param price=1:2:1 --reform kktt", "did you mean kkt?"},
		{"solve " + mod + " --without cutz", "did you mean cuts?"},
		{"solve " + priced + " --param prce=2", "there is no such parameter; did you mean price?"},
		{"plot " + priced + " --along tol", "the model has no variable \"tol\"; did you mean toll?"},
		{"plot " + priced + " --along zz", "the model has no variable \"zz\"; its leader decides toll"},
		{"plot " + priced + " --along toll --answer flwo", "no follower has a variable \"flwo\"; did you mean flow?"},
		{"solve " + dir + "/m.lp", "m.lp is an LP file, which bilevelc does not read: a model is read as .mod"},
		{"solve " + dir + "/m.gms", "m.gms is a GAMS program"},
		{"explain " + dir + "/m.tex", "m.tex is a LaTeX document"},
		{"sweep " + dir + "/m.lp --param a=1:2:1", "m.lp is an LP file"},
		{"solve " + mod + " " + other, "other.mod is a second model file after"},
		{"solve " + dir + "/m.dat", "m.dat is a file with data, and stands where the model is due"},
		{"solve " + mod + " " + list, "a point to start from is given by --start"},
		{"solve " + empty, "empty.mod:1:1: this is no model yet: it declares no variable, no objective and no constraint"},
		{"explain " + remarks, "remarks.mod:1:1: this is no model yet"},
		{"solve " + sets, "sets.mod:1:1: this is no model yet"},
		{"bench " + dir, "index.json:1: a number stands where an object is due"},
		{"solve " + mod + " --gap 0", "--gap 0: expected a number above 0 and below 1"},
		{"solve " + mod + " --gap 1", "--gap 1: expected a number above 0 and below 1"},
		{"solve " + mod + " --gap x", "--gap x: expected a number above 0 and below 1"},
	} {
		r := command(t, "", strings.Fields(c.args)...)
		if r.code != exitInput || !strings.Contains(r.stderr, c.want) || strings.Contains(r.stderr, "Go value") {
			t.Errorf("%s: code %d, %q, want %q", c.args, r.code, r.stderr, c.want)
		}
	}
	if r := command(t, `{"tol": 0.5}`, "check", priced, "-"); r.code != exitInput || !strings.Contains(r.stderr, "did you mean toll?") {
		t.Errorf("a point with a wrong name: %d %q", r.code, r.stderr)
	}
}

// A folder in the place of a file, and more threads than any solver takes, are refused with what to do.
func TestFoldersAndThreads(t *testing.T) {
	dir := t.TempDir()
	mod := writeFile(t, dir, "m.mod", []byte("var x >= 0;\nminimize c: x;\n"))
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"solve", dir}, dir + " is a folder; name a file in it"},
		{[]string{"check", mod, dir}, dir + " is a folder; name a file in it"},
		{[]string{"solve", mod, "--threads", "100000"}, "100000 is more than 1024"},
	} {
		if r := command(t, "", c.args...); r.code != exitInput || !strings.Contains(r.stderr, c.want) {
			t.Errorf("%v: code %d, %s", c.args, r.code, r.stderr)
		}
	}
}

// Errors in samples have their place in the JSON object, as those in models have.
func TestLearnErrorsHavePlaces(t *testing.T) {
	dir := t.TempDir()
	missing := writeFile(t, dir, "missing.csv", []byte("a,b,c\n1,2,1\n1,?,3\n"))
	for _, c := range []struct {
		file, message string
		line          any
	}{
		{missing, "the value is missing", 3.0},
		{filepath.Join(dir, "none.csv"), "no such file or directory; give the path", nil},
	} {
		r := command(t, "", "learn", c.file, "--json")
		var answer struct{ Error map[string]any }
		if err := json.Unmarshal([]byte(r.stdout), &answer); err != nil || r.code != exitInput {
			t.Fatalf("code %d, %v: %s", r.code, err, r.stdout)
		}
		if e := answer.Error; e["file"] != c.file || e["line"] != c.line || !strings.Contains(e["message"].(string), c.message) || strings.Contains(e["message"].(string), dir) {
			t.Errorf("%v, want %v", e, c)
		}
	}
}

// The default of --gap is the library's, which differs by the way; an explicit one is honoured in each.
func TestGapIsWhatWasAsked(t *testing.T) {
	needsSolver(t)
	mod := writeFile(t, t.TempDir(), "n.mod", []byte("var x >= -1, <= 1;\nlower f;\nvar y >= -1, <= 1;\nminimize c: -y^2 + x*y;\nupper;\nminimize d: x + y;\n"))
	for _, c := range []struct{ flags, want string }{
		{"", "by more than 0.001"},
		{"--gap 1e-6", "by more than 1e-06"},
		{"--gap 0.01", "by more than 0.01"},
	} {
		r := command(t, "", strings.Fields("solve "+mod+" --reform global --json "+c.flags)...)
		var answer struct{ Notes []string }
		if err := json.Unmarshal([]byte(r.stdout), &answer); err != nil || r.code != exitDone {
			t.Fatalf("code %d, %v: %s%s", r.code, err, r.stdout, r.stderr)
		}
		if notes := strings.Join(answer.Notes, "\n"); !strings.Contains(notes, c.want) {
			t.Errorf("%q: the notes are %q, want %q", c.flags, notes, c.want)
		}
	}
	r := command(t, "", "solve", "--help")
	for _, want := range []string{"default 1e-06; 0.001 in the way global"} {
		if !strings.Contains(r.stdout, want) {
			t.Errorf("the help does not say %q", want)
		}
	}
}

// An interruption is told in words; what was said of it on the way stays.
func TestInterruptionInWords(t *testing.T) {
	for _, c := range []struct {
		err  error
		want string
	}{
		{context.Canceled, "interrupted before there was anything to tell"},
		{context.DeadlineExceeded, "the time limit was met before there was anything to tell"},
		{fmt.Errorf("no point: %w", context.Canceled), "no point: context canceled"},
	} {
		err := error(&stoppedError{c.err})
		if err.Error() != c.want || !errors.Is(err, errors.Unwrap(err)) {
			t.Errorf("%q, want %q", err, c.want)
		}
	}
}
