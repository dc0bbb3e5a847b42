package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A run is refused before it starts where its end could not be written: the backend that does not exist would be the later error.
func TestOutputsAreTriedFirst(t *testing.T) {
	dir := t.TempDir()
	mod := writeFile(t, dir, "m.mod", []byte("param p := 1;\nvar x >= 0;\nminimize c: p*x;\n"))
	start := writeFile(t, dir, "start.json", []byte(`{"x": 1}`))
	missing := filepath.Join(dir, "none", "out")
	for _, c := range []struct{ args, want string }{
		{"solve MOD --backend none --out MISSING.json", "there is no folder " + filepath.Dir(missing) + ": make it"},
		{"solve MOD --backend none --report MISSING.html", "there is no folder"},
		{"plot MOD --backend none --kind progress --out MISSING.svg", "there is no folder"},
		{"sweep MOD --backend none --param p=1,2 --plot MISSING.svg", "there is no folder"},
		{"export MOD --after none --out MISSING.lp", "there is no folder"},
		{"solve MOD --backend none --out MOD/out.json", mod + " is a file and no folder"},
		{"solve MOD --backend none --out MOD", mod + ": what is written would take the place of what is read\nname another file"},
		{"solve MOD --backend none --start START --out START", start + ": what is written would take the place of what is read"},
		{"solve MOD --backend none --out DIR/a --report DIR/../" + filepath.Base(dir) + "/a", "is to be written twice\nname two files"},
		{"export MOD --after none --out DIR/m.mod", "would take the place of what is read"},
		{"solve MOD --backend none --out DIR", dir + " is a folder; name a file in it"},
	} {
		line := strings.NewReplacer("MOD", mod, "MISSING", missing, "START", start, "DIR", dir).Replace(c.args)
		if r := command(t, "", strings.Fields(line)...); r.code != exitInput || !strings.Contains(r.stderr, c.want) {
			t.Errorf("%s: code %d, %q, want %q", c.args, r.code, r.stderr, c.want)
		}
	}
	if list, err := os.ReadDir(dir); err != nil || len(list) != 2 {
		t.Errorf("files are left behind: %v, %v", list, err)
	}
}

// What cannot be written in a format leaves the file of that name as it was.
func TestFailedExportKeepsTheFile(t *testing.T) {
	dir := t.TempDir()
	mod := writeFile(t, dir, "m.mod", []byte("var x >= 0, <= 1;\nlower f;\nvar y >= 0;\nminimize c: y - x;\n"))
	for _, ending := range []string{"lp", "mps", "nl"} {
		out := writeFile(t, dir, "old."+ending, []byte("the old text"))
		r := command(t, "", "export", mod, "--out", out)
		if r.code != exitInput || !strings.Contains(r.stderr, "export a later stage") || strings.Contains(r.stderr, out) {
			t.Errorf("%s: code %d, %q", ending, r.code, r.stderr)
		}
		if got, err := os.ReadFile(out); err != nil || string(got) != "the old text" {
			t.Errorf("%s: the file has %q, %v", ending, got, err)
		}
	}
}

func TestNamesOfStandardOutput(t *testing.T) {
	mod := writeFile(t, t.TempDir(), "m.mod", []byte("var x >= 0;\nminimize c: x;\n"))
	want := command(t, "", "export", mod).stdout
	for _, name := range []string{"-", "/dev/stdout", "/dev/fd/1"} {
		if r := command(t, "", "export", mod, "--format", "mod", "--out", name); r.code != exitDone || r.stdout != want {
			t.Errorf("%s: code %d, %q %s", name, r.code, r.stdout, r.stderr)
		}
	}
}

func TestNestedPoints(t *testing.T) {
	mod := writeFile(t, t.TempDir(), "m.mod", []byte("var t;\nvar x {1..2, {\"a\", \"b\"}} >= 0;\nminimize c: t;\n"))
	members := `each variable stands in one flat object under its full name: {"x[1,\"a\"]": 0, "x[1,\"b\"]": 0, "x[2,\"a\"]": 0, ...}`
	first := `each variable stands in one flat object under its full name: {"t": 0, "x[1,\"a\"]": 0, "x[1,\"b\"]": 0, ...}`
	for _, c := range []struct{ point, want string }{
		{`{"t": 1, "x": {"1": {"a": 2}}}`, `-:1:10: the value of "x" is an object; expected a finite number; ` + members},
		{`{"values": {"x": [[1, 2], [3, 4]]}}`, `-:1:13: the value of "x" is a list; expected a finite number; ` + members},
		{`{"point": {"t": 1}}`, `-:1:2: the value of "point" is an object; expected a finite number; ` + first},
	} {
		if r := command(t, c.point, "check", mod, "-"); r.code != exitInput || !strings.Contains(r.stderr, c.want) {
			t.Errorf("%s: code %d, %q, want %q", c.point, r.code, r.stderr, c.want)
		}
	}
}

func TestContradictoryParameters(t *testing.T) {
	mod := writeFile(t, t.TempDir(), "m.mod", []byte("param p := 1;\nvar x >= p;\nminimize c: x;\n"))
	for _, c := range []struct{ args, want string }{
		{"--param p=1 --param p=2", "--param p=2: p is given twice\ngive one value"},
		{"--param p=nan", `--param p=nan: "nan" is not a number`},
	} {
		if r := command(t, "", append([]string{"solve", mod}, strings.Fields(c.args)...)...); r.code != exitInput || !strings.Contains(r.stderr, c.want) {
			t.Errorf("%s: code %d, %q", c.args, r.code, r.stderr)
		}
	}
}

// Flags of one format are refused in another, where they would go unnoticed.
func TestFlagsOfOtherFormats(t *testing.T) {
	mod := writeFile(t, t.TempDir(), "m.mod", []byte("var x >= 0;\nminimize c: x;\n"))
	for _, c := range []struct {
		args string
		fits bool
	}{
		{"--format lp --portable", true}, {"--format mod --portable", false}, {"--format mps+aux --portable", false},
		{"--format mps --tagged-sos", true}, {"--format lp --tagged-sos", false},
		{"--format mps --fixed", true}, {"--fixed", false}, {"--format json --fixed", false},
		{"--format mps --aux-indices", false},
		{"--format nl --binary", true}, {"--format lp --binary", false},
	} {
		r := command(t, "", append([]string{"export", mod}, strings.Fields(c.args)...)...)
		if refused := r.code == exitInput && strings.Contains(r.stderr, "has no meaning in the format") && strings.Contains(r.stderr, "choose --format"); refused == c.fits {
			t.Errorf("%s: code %d, %q", c.args, r.code, r.stderr)
		}
	}
}
