package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gobilevel/bilevel/backends"
	"github.com/gobilevel/bilevel/internal/golden"
	"github.com/gobilevel/bilevel/model"
)

// models is the folder of the models of these tests.
const models = "testdata/models/"

// result is what a run of the command left.
type result struct {
	code           int
	stdout, stderr string
}

// command runs the command in this process.
func command(t *testing.T, stdin string, args ...string) result {
	t.Helper()
	t.Setenv("COLUMNS", "80")
	var out, err bytes.Buffer
	code := run(context.Background(), args, strings.NewReader(stdin), &out, &err)
	return result{code, out.String(), err.String()}
}

// TestMain turns the test binary into the command where a test asks for it, so that signals can be tested.
func TestMain(m *testing.M) {
	if os.Getenv("BILEVELC_TEST_RUN") == "1" {
		os.Exit(run(context.Background(), os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
	}
	os.Exit(m.Run())
}

// needsSolver skips a test in a binary without HiGHS.
func needsSolver(t *testing.T) {
	t.Helper()
	if _, err := backends.Open("highs"); err != nil {
		t.Skip(err)
	}
}

func TestHelp(t *testing.T) {
	for _, name := range []string{"", "solve", "check", "explain", "export", "backends", "version", "exit-codes", "sweep", "plot", "compare", "bench"} {
		r := command(t, "", strings.Fields("help "+name)...)
		if r.code != exitDone || r.stderr != "" {
			t.Errorf("help %s: code %d, %s", name, r.code, r.stderr)
		}
		if name == "" {
			name = "bilevelc"
			if bare := command(t, ""); bare.stdout != r.stdout || bare.code != exitDone {
				t.Errorf("without arguments: code %d and another text than help", bare.code)
			}
		}
		golden.Check(t, "testdata/help/"+name+".txt", []byte(r.stdout))
	}
}

// TestErrors pins every message for bad input, with its exit code.
func TestErrors(t *testing.T) {
	needsSolver(t)
	var all strings.Builder
	for _, c := range []struct {
		args, stdin string
	}{
		{args: "slove roads.mod"},
		{args: "nonsense"},
		{args: "solve"},
		{args: "check roads.mod"},
		{args: "version please"},
		{args: "solve --foo roads.mod"},
		{args: "solve roads.mod --gap much"},
		{args: "solve roads.mod --gap 2"},
		{args: "solve roads.mod --gap NaN"},
		{args: "solve roads.mod --big-m -1"},
		{args: "solve roads.mod --threads -1"},
		{args: "solve roads.mod --tolerance 0"},
		{args: "solve roads.mod --time-limit soon"},
		{args: "solve roads.mod --time-limit -5"},
		{args: "solve roads.mod --time-limit 1e300"},
		{args: "solve roads.mod --quiet --verbose"},
		{args: "solve roads.mod --param demand"},
		{args: "solve roads.mod --param demand=many"},
		{args: "solve roads.mod --param demnd=3"},
		{args: "solve roads.mod --reform kkt+magic"},
		{args: "solve roads.mod --without cuts,magic"},
		{args: "solve roads.mod --attitude hopeful"},
		{args: "solve roads.mod --attitude 1.5"},
		{args: "solve roads.mod --attitude pessimistic --reform kkt"},
		{args: "solve roads.mod --backend oracle"},
		{args: "solve nofile.mod"},
		{args: "solve roads.mod nofile.dat"},
		{args: "solve - -", stdin: "var x >= 0;"},
		{args: "solve broken.mod"},
		{args: "solve nodata.mod"},
		{args: "solve noplan.mod"},
		{args: "solve -", stdin: "minimize F: x;\n"},
		{args: "solve roads.mod --start -", stdin: `{"z": 1}`},
		{args: "solve roads.mod --out nofolder/result.json"},
		{args: "export roads.mod --format xls"},
		{args: "export roads.mod --format nl"},
		{args: "export roads.mod --format lp"},
		{args: "export roads.mod --format lp --after magic"},
		{args: "export roads.mod --out nofolder/roads.mod"},
		{args: "check roads.mod -", stdin: ``},
		{args: "check roads.mod -", stdin: `[1, 2]`},
		{args: "check roads.mod -", stdin: "{\n  \"t\": 4\n  \"x\": 1}"},
		{args: "check roads.mod -", stdin: `{"t": 4`},
		{args: "check roads.mod -", stdin: `{"t": 4} {}`},
		{args: "check roads.mod -", stdin: `{"t": "four"}`},
		{args: "check roads.mod -", stdin: "{\"values\":\n {\"t\": [4]}}"},
		{args: "check roads.mod -", stdin: `{"u": 4}`},
		{args: "check roads.mod -", stdin: `{"x[\"toll\"]": 4}`},
		{args: "check roads.mod -", stdin: `{"t": 4, "x[\"toll\"]": 4}`},
		{args: "check roads.mod -", stdin: `{"t": 1e999}`},
		{args: "explain broken.mod"},
	} {
		args := inModels(c.args)
		r := command(t, c.stdin, args...)
		fmt.Fprintf(&all, "$ bilevelc %s\n", c.args)
		if c.stdin != "" {
			fmt.Fprintf(&all, "< %q\n", c.stdin)
		}
		// lp_solve is in the list of backends on machines that have it.
		stderr := strings.NewReplacer(models, "", ", lpsolve", "", ", ipopt", "").Replace(r.stderr)
		fmt.Fprintf(&all, "%s(%d)\n\n", stderr, r.code)
		if r.code != exitInput || r.stdout != "" || r.stderr == "" {
			t.Errorf("%s: code %d, stdout %q", c.args, r.code, r.stdout)
		}
	}
	golden.Check(t, "testdata/errors.txt", []byte(all.String()))
}

// inModels splits a command line and puts files into the folder of the models.
func inModels(line string) []string {
	args := strings.Fields(line)
	for i, s := range args {
		if strings.HasSuffix(s, ".mod") && !strings.Contains(s, "/") || strings.HasSuffix(s, ".dat") {
			args[i] = models + s
		}
	}
	return args
}

func TestExitCodes(t *testing.T) {
	needsSolver(t)
	for _, c := range []struct {
		args, stdin, reason string
		want                int
	}{
		{"solve roads.mod", "", "a verified optimum", exitDone},
		{"solve infeasible.mod", "", "proven infeasible", exitDone},
		{"solve unbounded.mod", "", "proven unbounded", exitDone},
		{"solve roads.mod --time-limit 1ns", "", "stopped before a point was found", exitNoGood},
		{"solve broken.mod", "", "a mistake in the text", exitInput},
		{"check roads.mod -", `{"t": 5}`, "the followers' answers are filled in and verified", exitDone},
		{"check roads.mod -", `{"t": 4, "x[\"toll\"]": 90, "x[\"free\"]": 10}`, "the drivers have a better answer", exitNoGood},
		{"check roads.mod -", `{"t": 11}`, "the toll is above its bound", exitNoGood},
	} {
		if r := command(t, c.stdin, inModels(c.args)...); r.code != c.want {
			t.Errorf("%s (%s): code %d, want %d\n%s%s", c.args, c.reason, r.code, c.want, r.stdout, r.stderr)
		}
	}
	a := &app{stderr: &bytes.Buffer{}}
	for _, c := range []struct {
		err  error
		want int
	}{
		{classified(errors.New("the solver broke")), exitBroken},
		{classified(fmt.Errorf("wrapped: %w", &model.BuildError{Problem: "a mistake"})), exitInput},
		{&stoppedError{context.Canceled}, exitNoGood},
	} {
		if got := a.fail(c.err, false); got != c.want {
			t.Errorf("%v: code %d, want %d", c.err, got, c.want)
		}
	}
}

func TestWhyNoPoint(t *testing.T) {
	needsSolver(t)
	for line, want := range map[string]string{
		"solve infeasible.mod": "bilevelc explain with the same files names what cannot hold together.",
		"solve unbounded.mod":  "bilevelc explain with the same files names the variables that grow without limit.",
		"solve roads.mod":      "",
	} {
		r := command(t, "", inModels(line)...)
		if got := strings.Contains(r.stdout, "bilevelc explain"); got != (want != "") || !strings.Contains(r.stdout, want) {
			t.Errorf("%s: want %q in\n%s", line, want, r.stdout)
		}
	}
}

func TestSolveForPeople(t *testing.T) {
	needsSolver(t)
	r := command(t, "", inModels("solve roads.mod")...)
	for _, want := range []string{"roads: optimal.", "proven optimal to the gap below, without any assumed bound", "objective     500", "t  5", "Follower drivers", "verified to 1e-6", "Ties matter"} {
		if !strings.Contains(r.stdout, want) {
			t.Errorf("the summary does not say %q:\n%s", want, r.stdout)
		}
	}
	if strings.Contains(r.stdout+r.stderr, "\x1b") {
		t.Error("escape sequences on what is no terminal")
	}
	if r.stderr != "" {
		t.Errorf("a short solve writes to stderr: %q", r.stderr)
	}
	if q := command(t, "", inModels("solve roads.mod --quiet")...); q.stdout+q.stderr != "" || q.code != exitDone {
		t.Errorf("--quiet: code %d, %q", q.code, q.stdout+q.stderr)
	}
	if v := command(t, "", inModels("solve roads.mod --verbose")...); !strings.Contains(v.stderr, "reformulate: ") {
		t.Errorf("--verbose: %q", v.stderr)
	}
}

func TestSolveReadsStandardInputAndParameters(t *testing.T) {
	needsSolver(t)
	text, err := os.ReadFile(models + "roads.mod")
	if err != nil {
		t.Fatal(err)
	}
	r := command(t, string(text), "solve", "-", "--param", "demand=50")
	if r.code != exitDone || !strings.Contains(r.stdout, "stdin: optimal") || !strings.Contains(r.stdout, "objective     250") {
		t.Errorf("a model from standard input with half the demand: code %d\n%s%s", r.code, r.stdout, r.stderr)
	}
	if r := command(t, "", inModels("solve roads.mod roads.dat --param time[\"toll\"]=6")...); !strings.Contains(r.stdout, "objective     100") {
		t.Errorf("one member of a parameter: %s%s", r.stdout, r.stderr)
	}
}

func TestExplainForPeople(t *testing.T) {
	needsSolver(t)
	r := command(t, "", inModels("explain roads.mod")...)
	for _, want := range []string{"roads: 3 variables, 1 constraint, 1 follower", "linking variables: t", "\nPlan\n", "Why not another"} {
		if r.code != exitDone || !strings.Contains(r.stdout, want) {
			t.Errorf("code %d, and the explanation does not say %q:\n%s", r.code, want, r.stdout)
		}
	}
	if r := command(t, "", inModels("explain noplan.mod")...); r.code != exitDone || !strings.Contains(r.stdout, "none: kkt: follower f: 1 integer variable") {
		t.Errorf("a model without a plan: code %d\n%s%s", r.code, r.stdout, r.stderr)
	}
}

func TestExport(t *testing.T) {
	needsSolver(t)
	dir := t.TempDir()
	for _, name := range []string{"roads.lp", "roads.mps"} {
		file := filepath.Join(dir, name)
		args := inModels("export roads.mod --after kkt+big-m")
		r := command(t, "", append(args, "--out", file)...)
		if r.code != exitDone || r.stdout != "" {
			t.Errorf("%s: code %d, %s%s", name, r.code, r.stdout, r.stderr)
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if again := command(t, "", append(args, "--format", name[6:])...); again.stdout != string(text) {
			t.Errorf("%s: another text on standard output than in the file", name)
		}
		if !strings.Contains(string(text), "x(toll)") {
			t.Errorf("%s has no x(toll):\n%s", name, text)
		}
	}
}

// A model that is exported as .mod, as it is or after a pass, has the same optimum.
func TestExportAsMod(t *testing.T) {
	needsSolver(t)
	for _, after := range []string{"", " --after kkt"} {
		r := command(t, "", inModels("export roads.mod --format mod"+after)...)
		if r.code != exitDone {
			t.Fatalf("code %d: %s", r.code, r.stderr)
		}
		if again := command(t, r.stdout, "solve", "-"); again.code != exitDone || !strings.Contains(again.stdout, "objective     500") {
			t.Errorf("the model%s, read back: code %d\n%s%s\n%s", after, again.code, again.stdout, again.stderr, r.stdout)
		}
	}
}

func TestVersionAndCompletion(t *testing.T) {
	if r := command(t, "", "version"); r.code != exitDone || !strings.HasPrefix(r.stdout, "bilevelc ") {
		t.Errorf("version: %d %q", r.code, r.stdout)
	}
	for _, shell := range []string{"bash", "zsh", "fish", "powershell"} {
		if r := command(t, "", "completion", shell); r.code != exitDone || !strings.Contains(r.stdout, "bilevelc") {
			t.Errorf("completion %s: %d", shell, r.code)
		}
	}
	for _, c := range []struct{ line, want string }{
		{"solve --reform kkt+", "kkt+big-m"},
		{"solve --backend a", "auto"},
		{"export --format m", "mps"},
		{"expl", "explain"},
	} {
		if r := command(t, "", append([]string{"__complete"}, strings.Fields(c.line)...)...); !strings.Contains(r.stdout, c.want) {
			t.Errorf("completing %q gives %q, without %s", c.line, r.stdout, c.want)
		}
	}
}

// The manual is what the command writes.
func TestManualIsUpToDate(t *testing.T) {
	r := command(t, "", "docs")
	golden.Check(t, filepath.Join("..", "..", "docs", "command.md"), []byte(r.stdout))
}

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errors.New("broken pipe") }

func TestOutputThatFails(t *testing.T) {
	needsSolver(t)
	var stderr bytes.Buffer
	if code := run(context.Background(), inModels("solve roads.mod"), strings.NewReader(""), broken{}, &stderr); code != exitInput || !strings.Contains(stderr.String(), "broken pipe") {
		t.Errorf("code %d, %q", code, stderr.String())
	}
}
