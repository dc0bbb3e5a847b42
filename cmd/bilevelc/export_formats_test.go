package main

import (
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Each format is chosen by its name and by the ending of the output, and says what it should.
func TestExportFormats(t *testing.T) {
	dir := t.TempDir()
	for _, c := range []struct{ name, ending, args, want string }{
		{"json", "json", "export roads.mod", `{"format": "bilevel-model", "version": 1`},
		{"gams", "gms", "export roads.mod", `bilevel t`},
		{"gams", "gms", "export roads.mod --after kkt", `using MPEC`},
		{"ampl", "ampl", "export roads.mod --after kkt", `complements`},
		{"latex", "tex", "export roads.mod", `\end{document}`},
		{"latex", "tex", "export roads.mod --with-kkt", `\section*{KKT system}`},
		{"markdown", "md", "export roads.mod --with-kkt", `# KKT system`},
	} {
		named := command(t, "", append(inModels(c.args), "--format", c.name)...)
		if named.code != exitDone || !strings.Contains(named.stdout, c.want) {
			t.Errorf("%s --format %s: code %d, no %s in\n%s%s", c.args, c.name, named.code, c.want, named.stdout, named.stderr)
		}
		file := filepath.Join(dir, "roads."+c.ending)
		if r := command(t, "", append(inModels(c.args), "--out", file)...); r.code != exitDone || r.stdout != "" {
			t.Errorf("%s --out roads.%s: code %d, %s%s", c.args, c.ending, r.code, r.stdout, r.stderr)
		}
	}
}

func TestExportRefuses(t *testing.T) {
	for _, c := range []struct{ args, want string }{
		{"export roads.mod --format ampl", "apply kkt first"},
		{"export roads.mod --with-kkt", "--with-kkt: mod is no document"},
		{"export roads.mod --after kkt --format latex --with-kkt", "kkt"},
	} {
		if r := command(t, "", inModels(c.args)...); r.code != exitInput || !strings.Contains(r.stderr, c.want) {
			t.Errorf("%s: code %d, %s", c.args, r.code, r.stderr)
		}
	}
}

// What is exported as JSON, or after kkt as NL, is a model file of its own with the same answer.
func TestStoredModelsSolve(t *testing.T) {
	needsSolver(t)
	dir := t.TempDir()
	value := regexp.MustCompile(`"objective": [-0-9.e+]+`)
	want := value.FindString(command(t, "", inModels("solve roads.mod --json")...).stdout)
	if want == "" {
		t.Fatal("no objective")
	}
	for _, c := range []struct{ ending, args string }{{"json", "export roads.mod"}, {"json", "export roads.mod --after kkt"}, {"nl", "export roads.mod --after kkt"}} {
		file := filepath.Join(dir, "roads."+c.ending)
		if r := command(t, "", append(inModels(c.args), "--out", file)...); r.code != exitDone {
			t.Fatalf("%s: %s", c.args, r.stderr)
		}
		r := command(t, "", "solve", file, "--json")
		if got := value.FindString(r.stdout); r.code != exitDone || got != want {
			t.Errorf("%s: code %d, %s, want %s: %s", c.args, r.code, got, want, r.stderr)
		}
		for _, wrong := range [][]string{{"solve", file, "--param", "a=1"}, {"solve", file, file}, {"sweep", file, "--param", "a=1:2:1"}} {
			if r := command(t, "", wrong...); r.code != exitInput || !strings.Contains(r.stderr, "file of ") {
				t.Errorf("%v: code %d, %s", wrong, r.code, r.stderr)
			}
		}
	}
	if r := command(t, "", "solve", filepath.Join(dir, "absent.json")); r.code != exitInput || !strings.Contains(r.stderr, "absent.json") {
		t.Errorf("a file that is not there: code %d, %s", r.code, r.stderr)
	}
}
