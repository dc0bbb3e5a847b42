package main

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"
)

// started runs the command as a process of its own, on a model whose search takes hours and has a first answer at once.
func started(t *testing.T, args ...string) (*exec.Cmd, *bytes.Buffer) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self, append([]string{"solve", models + "split.mod", "--threads", "1", "--json"}, args...)...)
	cmd.Env = append(os.Environ(), "BILEVELC_TEST_RUN=1")
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill() })
	return cmd, &out
}

// ended waits for the process and returns how long it took.
func ended(t *testing.T, cmd *exec.Cmd) time.Duration {
	t.Helper()
	from := time.Now()
	done := make(chan struct{})
	go func() {
		cmd.Wait()
		close(done)
	}()
	select {
	case <-done:
	case <-time.After(30 * time.Second):
		t.Fatal("still running 30 s later")
	}
	return time.Since(from)
}

func TestInterruptGivesTheIncumbent(t *testing.T) {
	needsSolver(t)
	if testing.Short() {
		t.Skip("takes some seconds")
	}
	for _, sig := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM} {
		for _, way := range []string{"", "--backend highs --reform kkt+big-m"} {
			cmd, out := started(t, strings.Fields(way)...)
			time.Sleep(3 * time.Second)
			cmd.Process.Signal(sig)
			if took := ended(t, cmd); took > 2*time.Second {
				t.Errorf("%v %s: ends %v after the signal", sig, way, took)
			}
			var c contract
			if err := json.Unmarshal(out.Bytes(), &c); err != nil {
				t.Fatalf("%v %s: %v\n%s", sig, way, err, out.String())
			}
			if code := cmd.ProcessState.ExitCode(); code != exitDone || c.Status != "feasible" || c.Objective == nil || c.Certificate == nil || !c.Certificate.Verified {
				t.Errorf("%v %s: code %d\n%s", sig, way, code, out.String())
			}
		}
	}
}

func TestTimeLimitIsKept(t *testing.T) {
	needsSolver(t)
	if testing.Short() {
		t.Skip("takes a second")
	}
	cmd, out := started(t, "--time-limit", "1")
	if took := ended(t, cmd); took > 3*time.Second {
		t.Errorf("a limit of 1 s takes %v\n%s", took, out.String())
	}
}
