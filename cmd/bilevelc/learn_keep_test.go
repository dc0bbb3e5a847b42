package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/gobilevel/bilevel/learning"
)

// learnLarge is a data set on which a search takes about a second.
func learnLarge(t *testing.T) string {
	t.Helper()
	draw := rand.New(rand.NewPCG(8, 9))
	var b strings.Builder
	for range 150 {
		sum := 0.0
		for k := range 12 {
			x := draw.NormFloat64()
			sum += x * float64(k%3)
			fmt.Fprintf(&b, "%.6f,", x)
		}
		fmt.Fprintln(&b, map[bool]string{true: "yes", false: "no"}[sum+2*draw.NormFloat64() > 0])
	}
	name := filepath.Join(t.TempDir(), "large.csv")
	if err := os.WriteFile(name, []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	return name
}

// learningProcess starts "bilevelc learn" as a process of its own.
func learningProcess(t *testing.T, args ...string) (cmd *exec.Cmd, stdout, stderr *bytes.Buffer) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	stdout, stderr = &bytes.Buffer{}, &bytes.Buffer{}
	cmd = exec.Command(self, append([]string{"learn"}, args...)...)
	cmd.Env = append(os.Environ(), "BILEVELC_TEST_RUN=1")
	cmd.Stdout, cmd.Stderr = stdout, stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill() })
	return cmd, stdout, stderr
}

var learnSeconds = regexp.MustCompile(`"seconds": [^,]*,`)

// A search that is killed at random times, also while it saves, and continued each time, writes the bytes of one that was left alone.
func TestLearnKilledAndResumed(t *testing.T) {
	if testing.Short() {
		t.Skip("-short leaves out what takes some seconds")
	}
	file, state := learnLarge(t), filepath.Join(t.TempDir(), "state")
	args := []string{file, "--test", "0.3", "--per-feature", "--compare", "grid,random", "--json"}
	begin := time.Now()
	whole, want, stderr := learningProcess(t, args...)
	if ended(t, whole); whole.ProcessState.ExitCode() != exitDone {
		t.Fatalf("%s%s", want, stderr)
	}
	long := time.Since(begin)
	draw := rand.New(rand.NewPCG(uint64(begin.UnixNano()), 1))
	more := append([]string{"--checkpoint-every", "1ms", "--checkpoint", state}, args...)
	kills := 0
	for round := 0; ; round++ {
		if round > 200 {
			t.Fatal("no end")
		}
		cmd, stdout, stderr := learningProcess(t, more...)
		// Each round has more time than the one before, so that there is an end on a busy machine.
		wait := time.Duration(draw.Float64() * float64(long) * (0.3 + 0.1*float64(round)))
		killed := time.AfterFunc(wait, func() { cmd.Process.Kill() })
		ended(t, cmd)
		killed.Stop()
		if _, err := os.Stat(state); err == nil {
			more[2] = "--resume"
		}
		if code := cmd.ProcessState.ExitCode(); code == -1 {
			kills++
			continue
		} else if code != exitDone {
			t.Fatalf("code %d after %d kills: %s%s", code, kills, stdout, stderr)
		}
		a, b := learnSeconds.ReplaceAllString(want.String(), ""), learnSeconds.ReplaceAllString(stdout.String(), "")
		if a != b {
			t.Errorf("after %d kills the result is another:\n%s\nwithout them:\n%s", kills, b, a)
		}
		break
	}
	t.Logf("killed %d times", kills)
	// What a kill left behind while a state was saved is gone.
	if list, err := os.ReadDir(filepath.Dir(state)); err != nil || len(list) != 1 {
		t.Errorf("beside the state there are %v, %v", list, err)
	}
}

// Before a training has ended there is no loss, and no number is shown for it.
func TestLearnStateWithoutALoss(t *testing.T) {
	for _, cv := range []float64{math.Inf(1), math.NaN()} {
		s := learnState(learning.Event{Method: "bilevel", CV: cv, Trainings: 120}, math.NaN(), time.Second)
		if s.Message != "no validation loss yet  120 trainings" {
			t.Errorf("%v: %q", cv, s.Message)
		}
	}
	if s := learnState(learning.Event{CV: 0.25, Trainings: 1}, math.NaN(), time.Second); s.Message != "validation loss 0.25  1 training" {
		t.Errorf("%q", s.Message)
	}
}

// Ctrl-C and SIGTERM end the search with the best point so far, and say how to go on.
func TestLearnInterrupted(t *testing.T) {
	if testing.Short() {
		t.Skip("-short leaves out what takes some seconds")
	}
	file := learnLarge(t)
	for _, sig := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM} {
		state := filepath.Join(t.TempDir(), "state")
		args := []string{file, "--per-feature", "--choice", "least", "--json", "--starts", "20", "--compare", "random", "--random", "1000000"}
		cmd, stdout, stderr := learningProcess(t, append(args, "--checkpoint", state, "--verbose")...)
		for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(5 * time.Millisecond) {
			if _, err := os.Stat(state); err == nil {
				break
			}
			if time.Now().After(deadline) {
				t.Fatal("no state is saved at the start")
			}
		}
		time.Sleep(300 * time.Millisecond)
		cmd.Process.Signal(sig)
		if took := ended(t, cmd); took > 5*time.Second {
			t.Errorf("%v: ends %v after the signal", sig, took)
		}
		var got struct {
			Runs []struct {
				Interrupted bool
				CV          float64
				History     []struct{ CV float64 }
			}
		}
		if err := json.Unmarshal(stdout.Bytes(), &got); err != nil || cmd.ProcessState.ExitCode() != exitDone {
			t.Fatalf("%v: code %d, %v: %s%s", sig, cmd.ProcessState.ExitCode(), err, stdout, stderr)
		}
		last := got.Runs[len(got.Runs)-1]
		if !last.Interrupted || last.History[len(last.History)-1].CV != last.CV {
			t.Errorf("%v: %+v", sig, last)
		}
		if !strings.Contains(stderr.String(), "--resume "+state) || !strings.Contains(stderr.String(), "bilevel: validation loss") {
			t.Errorf("%v: %s", sig, stderr)
		}
		// The same again is refused: the run in the file would be lost.
		if r := command(t, "", append([]string{"learn"}, append(args, "--checkpoint", state)...)...); r.code != exitInput || !strings.Contains(r.stderr+r.stdout, "has not ended") || r.code != exitInput {
			t.Errorf("an unfinished run is overwritten: %s%s", r.stdout, r.stderr)
		}
	}
}

func TestLearnStateMistakes(t *testing.T) {
	file := learnSamples(t)
	dir := t.TempDir()
	state := filepath.Join(dir, "state")
	if r := command(t, "", "learn", file, "--loss", "hinge", "--checkpoint", state); r.code != exitDone {
		t.Fatalf("%s%s", r.stdout, r.stderr)
	}
	text, err := os.ReadFile(state)
	if err != nil {
		t.Fatal(err)
	}
	cut := filepath.Join(dir, "cut")
	if err := os.WriteFile(cut, text[:len(text)/2], 0o644); err != nil {
		t.Fatal(err)
	}
	other := learnLarge(t)
	link := filepath.Join(dir, "link")
	if err := os.Symlink(file, link); err != nil {
		t.Fatal(err)
	}
	noFolder := "there is no folder " + filepath.Join(dir, "no") + "\nmake the folder, or name a file in another one"
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{file, "--resume", filepath.Join(dir, "none")}, "none: there is no such file\ngive the file of --checkpoint"},
		{[]string{file, "--resume", file}, "samples.csv: this is no state of a search"},
		{[]string{file, "--resume", cut}, "cut: the state was damaged"},
		{[]string{file, "--resume", state}, "loss: hinge there, misclassification here"},
		{[]string{file, "--resume", state, "--loss", "hinge", "--folds", "4", "--test", "0.2"}, "folds: 3 there, 4 here; test share: 0 there, 0.2 here"},
		{[]string{other, "--resume", state, "--loss", "hinge"}, "samples: 24 there, 150 here"},
		{[]string{file, "--checkpoint", other}, "there is such a file, and it cannot be told to be a state"},
		{[]string{file, "--checkpoint", file}, "the result would take the place of the data"},
		{[]string{file, "--checkpoint", filepath.Join(dir, "no", "state")}, noFolder},
		{[]string{file, "--checkpoint", "-"}, "a state is read again"},
		{[]string{file, "--resume", "-"}, "a state is read again"},
		{[]string{file, "--checkpoint", filepath.Join(file, "state")}, "samples.csv is no folder"},
		{[]string{file, "--report", link}, "the result would take the place of the data"},
		{[]string{file, "--model", file}, "the result would take the place of the data"},
		{[]string{file, "--model", filepath.Join(dir, "no", "x.mod")}, noFolder},
		{[]string{file, "--plot", filepath.Join(dir, "no", "x.svg")}, noFolder},
		{[]string{file, "--report", filepath.Join(dir, "x"), "--checkpoint", filepath.Join(dir, ".", "x")}, "--report writes to that file, too"},
		{[]string{file, "--report", "-", "--json"}, "standard output is for what --json asks for"},
		{[]string{file, "--model", filepath.Join(dir, "x.mod"), "--test", "0.5"}, "--test: --model writes the problem of all samples"},
		{[]string{file, "--range", "C=0:0"}, "--range C=0:0: these are no values from one above 0"},
		{[]string{file, "--range", "gamma=1:2"}, "svc has no gamma"},
		{[]string{file, "--checkpoint-every", "5"}, "--checkpoint-every: there is nothing to save to"},
		{[]string{file, "--report", file}, "the result would take the place of the data"},
		{[]string{file, "--report", filepath.Join(dir, "no", "page.html"), "--checkpoint", filepath.Join(dir, "unused")}, noFolder},
		{[]string{file, "--plot", "x.gif"}, `there is no picture format "gif"`},
		{[]string{file, "--quiet", "--verbose"}, "exclude each other"},
	} {
		r := command(t, "", append([]string{"learn"}, c.args...)...)
		said := r.stderr
		if slices.Contains(c.args, "--json") { // mistakes are JSON there, too
			said = r.stdout
		}
		if r.code != exitInput || !strings.Contains(said, c.want) {
			t.Errorf("%v: code %d, %swant %q", c.args, r.code, said, c.want)
		}
	}
	if now, err := os.ReadFile(file); err != nil || !strings.HasPrefix(string(now), "size,noise") {
		t.Errorf("the data were overwritten: %v", err)
	}
	if _, err := os.Stat(filepath.Join(dir, "unused")); err == nil {
		t.Error("a run has begun whose page cannot be written")
	}
	// A run that has ended is told again at once, and a new one takes its place.
	again := command(t, "", "learn", file, "--loss", "hinge", "--resume", state)
	if anew := command(t, "", "learn", file, "--loss", "hinge", "--checkpoint", state); again.code != exitDone || anew.code != exitDone || !strings.Contains(again.stdout, "bilevel") {
		t.Errorf("%s%s%s%s", again.stdout, again.stderr, anew.stdout, anew.stderr)
	}
}

// The pictures and the page are there, the page with the numbers of the JSON.
func TestLearnPictures(t *testing.T) {
	file := learnSamples(t)
	dir := t.TempDir()
	for name, begins := range map[string]string{"a.svg": "<?xml", "a.png": "\x89PNG", "a.pdf": "%PDF"} {
		out := filepath.Join(dir, name)
		r := command(t, "", "learn", file, "--compare", "grid,random", "--plot", out, "--quiet")
		text, err := os.ReadFile(out)
		if r.code != exitDone || err != nil || !strings.HasPrefix(string(text), begins) || r.stdout != "" {
			t.Errorf("%s: code %d, %v, %.20q: %s", name, r.code, err, text, r.stderr)
		}
		if name == "a.svg" && !strings.Contains(string(text), "random") {
			t.Error("the picture has no legend")
		}
	}
	out := filepath.Join(dir, "page.html")
	if r := command(t, "", "learn", file, "--compare", "grid,random", "--report", out, "--test", "0.25"); r.code != exitDone {
		t.Fatalf("%s%s", r.stdout, r.stderr)
	}
	text, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"<title>samples.csv: hyperparameters</title>", `<th scope="row">grid</th>`, "<desc id=", "random ends after", `"name":"feature"`} {
		if !strings.Contains(string(text), want) {
			t.Errorf("the page has no %q", want)
		}
	}
}
