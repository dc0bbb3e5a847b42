package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/gobilevel/bilevel/bench/library"
	"github.com/gobilevel/bilevel/internal/golden"
)

// benchLibrary makes a library with a value that is right, one that is too good to be true, and one that is not known.
func benchLibrary(t *testing.T, values ...string) string {
	t.Helper()
	dir := t.TempDir()
	if values == nil {
		values = []string{"500", "600", "null"}
	}
	index := `{"library": "trial", "problems": [` +
		`{"name": "roads", "model": "roads.mod", "value": ` + values[0] + `},` +
		`{"name": "dream", "model": "roads.mod", "value": ` + values[1] + `},` +
		`{"name": "open", "model": "roads.mod", "params": {"demand": 50}, "value": ` + values[2] + `}]}`
	text, err := os.ReadFile(models + "roads.mod")
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"roads.mod": string(text), "index.json": index} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

var benchSeconds = regexp.MustCompile(` +\d+\.\d+(\n|$)`)

func TestBenchForPeople(t *testing.T) {
	needsSolver(t)
	dir := benchLibrary(t)
	r := command(t, "", "bench", dir, "--way", "auto/auto", "--way", "kkt+big-m/highs")
	if r.code != exitNoGood {
		t.Errorf("code %d for a wrong answer", r.code)
	}
	text := benchSeconds.ReplaceAllString(r.stdout, "  #$1")
	// Shares of the fastest way depend on the day.
	text = regexp.MustCompile(`(?m) +\d+ %( +\d+ %)* +(\d+ %)$`).ReplaceAllString(text, "  # $2")
	golden.Check(t, "testdata/bench.txt", []byte(text))
	if n := strings.Count(r.stderr, "\n"); n != 6 || !strings.Contains(r.stderr, "6/6  open (kkt+big-m -> highs): unjudged, ") {
		t.Errorf("progress:\n%s", r.stderr)
	}
	quiet := command(t, "", "bench", dir, "--quiet", "--only", "r*")
	if quiet.code != exitDone || quiet.stdout+quiet.stderr != "" {
		t.Errorf("--quiet: code %d, %q", quiet.code, quiet.stdout+quiet.stderr)
	}
}

func TestBenchRegressions(t *testing.T) {
	needsSolver(t)
	dir := benchLibrary(t, "500", "500", "null")
	file := filepath.Join(t.TempDir(), "before.json")
	if r := command(t, "", "bench", dir, "--out", file); r.code != exitDone || !strings.Contains(r.stdout, "solved") {
		t.Fatalf("code %d\n%s%s", r.code, r.stdout, r.stderr)
	}
	if r := command(t, "", "bench", dir, "--against", file); r.code != exitDone || !strings.Contains(r.stdout, "3 runs compared, 0 regressions, 0 improvements") {
		t.Errorf("nothing changed, and the code is %d\n%s", r.code, r.stdout)
	}
	// A reference that was better in three ways: a verdict, an objective, a time.
	edit := func(old, new string) {
		t.Helper()
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		changed := strings.Replace(string(text), old, new, 1)
		if changed == string(text) {
			t.Fatalf("the file has no %s:\n%s", old, text)
		}
		if err := os.WriteFile(file, []byte(changed), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	edit(`"objective":250`, `"objective":260`)
	index := filepath.Join(dir, "index.json")
	text, err := os.ReadFile(index)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(index, bytes.Replace(text, []byte(`"name": "dream", "model": "roads.mod", "value": 500`), []byte(`"name": "dream", "model": "roads.mod", "value": 600`), 1), 0o644); err != nil {
		t.Fatal(err)
	}
	r := command(t, "", "bench", dir, "--against", file)
	for _, want := range []string{"3 runs compared, 2 regressions", "REGRESSION  dream (auto -> auto): verdict: wrong, was solved: claimed that no point is better than 500, and the index knows 600",
		"REGRESSION  open (auto -> auto): objective: 250, was 260"} {
		if r.code != exitNoGood || !strings.Contains(r.stdout, want) {
			t.Errorf("code %d, and the output does not say %q:\n%s", r.code, want, r.stdout)
		}
	}
	if r := command(t, "", "bench", dir, "--against", file, "--only", "roads"); r.code != exitDone || !strings.Contains(r.stdout, "2 runs of that file were not made now") {
		t.Errorf("a part of the library: code %d\n%s", r.code, r.stdout)
	}
}

func TestBenchMachineReadable(t *testing.T) {
	needsSolver(t)
	dir := benchLibrary(t)
	r := command(t, "", "bench", dir, "--json", "--quiet")
	var file struct {
		Format  int                `json:"bilevel_bench"`
		Library string             `json:"library"`
		Version string             `json:"version"`
		Runs    []map[string]any   `json:"runs"`
		Setting map[string]float64 `json:"settings"`
	}
	if err := json.Unmarshal([]byte(r.stdout), &file); err != nil {
		t.Fatalf("%v\n%s", err, r.stdout)
	}
	if file.Format != 1 || file.Library != "trial" || file.Version == "" || len(file.Runs) != 3 || file.Setting["time_limit"] != 60 {
		t.Errorf("%+v", file)
	}
	if x := file.Runs[2]; x["verdict"] != "unjudged" || x["known"] != nil || x["objective"] != 250.0 || x["proof"] != "global" || x["maximise"] != true {
		t.Errorf("%v", x)
	}
	r = command(t, "", "bench", dir, "--csv", "--quiet")
	lines, err := csv.NewReader(strings.NewReader(r.stdout)).ReadAll()
	if err != nil || len(lines) != 4 || lines[2][3] != "wrong" || lines[3][5] != "" || lines[1][4] != "500" {
		t.Errorf("%v: %v", err, lines)
	}
}

func TestBenchResumes(t *testing.T) {
	needsSolver(t)
	dir, out := benchLibrary(t, "500", "500", "null"), filepath.Join(t.TempDir(), "out.json")
	if r := command(t, "", "bench", dir, "--out", out, "--only", "dream"); r.code != exitDone {
		t.Fatalf("code %d: %s", r.code, r.stderr)
	}
	r := command(t, "", "bench", dir, "--out", out, "--resume")
	if r.code != exitDone || strings.Contains(r.stderr, "dream") || !strings.HasPrefix(r.stderr, "2/3  roads") {
		t.Errorf("code %d, progress %q", r.code, r.stderr)
	}
	have := func() string {
		all, err := library.ReadResults(out)
		if err != nil {
			t.Fatal(err)
		}
		names := ""
		for _, x := range all.Runs {
			names += " " + x.Problem
		}
		return names
	}
	if got := have(); got != " roads dream open" {
		t.Errorf("the file has%s", got)
	}
	// What is in the file and not asked for stays in it.
	if r := command(t, "", "bench", dir, "--out", out, "--resume", "--only", "open"); r.code != exitDone || have() != " open roads dream" {
		t.Errorf("code %d, and the file has%s", r.code, have())
	}
	if r := command(t, "", "bench", dir, "--out", out, "--resume", "--gap", "1e-3"); r.code != exitInput || !strings.Contains(r.stderr, "other settings") {
		t.Errorf("another gap: code %d, %s", r.code, r.stderr)
	}
}

// An interrupted run keeps what was done, says so, and can go on.
func TestBenchInterrupted(t *testing.T) {
	needsSolver(t)
	if testing.Short() {
		t.Skip("waits for a process")
	}
	dir := t.TempDir()
	index := `{"problems": [{"model": "roads.mod", "value": 500}`
	text, err := os.ReadFile(models + "roads.mod")
	if err != nil {
		t.Fatal(err)
	}
	for k := range 3000 {
		index += fmt.Sprintf(`,{"name": "p%d", "model": "roads.mod"}`, k)
	}
	for name, text := range map[string]string{"roads.mod": string(text), "index.json": index + "]}"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	out := filepath.Join(dir, "out.json")
	cmd := exec.Command(os.Args[0], "bench", dir, "--out", out, "--csv", "--quiet")
	cmd.Env = append(os.Environ(), "BILEVELC_TEST_RUN=1")
	var stdout bytes.Buffer
	cmd.Stdout = &stdout
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	deadline := time.Now().Add(20 * time.Second)
	for time.Now().Before(deadline) {
		if _, err := os.Stat(out); err == nil {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	if err := cmd.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	cmd.Wait() // its exit code is looked at below
	r, err := library.ReadResults(out)
	if err != nil {
		t.Fatal(err)
	}
	if n := len(r.Runs); cmd.ProcessState.ExitCode() != exitNoGood || n == 0 || n >= 3001 || strings.Count(stdout.String(), "\n") != n+1 || r.Runs[0].Verdict != library.Solved {
		t.Errorf("code %d, %d runs in the file, %d lines", cmd.ProcessState.ExitCode(), n, strings.Count(stdout.String(), "\n"))
	}
}

func TestBenchMistakes(t *testing.T) {
	dir, empty := benchLibrary(t), t.TempDir()
	var all strings.Builder
	for _, args := range []string{
		"bench", "bench LIB other", "bench EMPTY", "bench nofolder", "bench LIB --only z*", "bench LIB --way auto/auto --backend highs",
		"bench LIB --way highs", "bench LIB --resume", "bench LIB --time-limit 0", "bench LIB --parallel 0", "bench LIB --slower 1", "bench LIB --plot x.gif",
		"bench LIB --against nofile.json", "bench LIB --against LIB/roads.mod", "bench LIB --out nofolder/x.json", "bench LIB --tolerance 2", "bench LIB --gap much",
	} {
		line := strings.NewReplacer("LIB", dir, "EMPTY", empty).Replace(args)
		r := command(t, "", strings.Fields(line)...)
		if r.code != exitInput || r.stdout != "" || r.stderr == "" {
			t.Errorf("%s: code %d, stdout %q", args, r.code, r.stdout)
		}
		all.WriteString("$ bilevelc " + args + "\n" + strings.NewReplacer(dir, "LIB", empty, "EMPTY").Replace(r.stderr) + "\n")
	}
	if r := command(t, "", "bench", dir, "--json", "--csv"); r.code != exitInput || !strings.Contains(r.stdout, "exclude each other") {
		t.Errorf("--json --csv: code %d, %s", r.code, r.stdout)
	}
	if r := command(t, "", "bench", empty, "--json"); r.code != exitInput || !strings.Contains(r.stdout, `index.json",`) {
		t.Errorf("the place of a mistake: code %d, %s", r.code, r.stdout)
	}
	golden.Check(t, "testdata/bench_errors.txt", []byte(all.String()))
}

func TestBenchPicture(t *testing.T) {
	needsSolver(t)
	file := filepath.Join(t.TempDir(), "profile.svg")
	r := command(t, "", "bench", benchLibrary(t), "--quiet", "--way", "auto/auto", "--way", "kkt+sos1/branch", "--only", "roads", "--plot", file)
	text, err := os.ReadFile(file)
	if err != nil || r.code != exitDone || !bytes.Contains(text, []byte("kkt+sos1 -&gt; branch")) || !bytes.Contains(text, []byte("problems solved")) {
		t.Errorf("code %d, %v: %.200s", r.code, err, text)
	}
}
