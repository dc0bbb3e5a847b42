package report_test

import (
	"bytes"
	"math"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gobilevel/bilevel/report"
)

func state(s float64, incumbent float64) report.State {
	return report.State{Step: "milp", Nodes: int(10 * s), Incumbent: incumbent, Bound: 500, Gap: math.Abs(500-incumbent) / math.Abs(incumbent), Elapsed: time.Duration(s * float64(time.Second))}
}

func TestProgressInAFile(t *testing.T) {
	var b bytes.Buffer
	p := report.NewProgress(&b, false, report.Style{})
	for k := range 6000 { // ten minutes, ten states a second
		incumbent := math.NaN()
		if k > 55 {
			incumbent = 400 + float64(k/2000)*40
		}
		p.Show(state(float64(k)/10, incumbent))
	}
	p.Done()
	lines := strings.Split(strings.TrimSuffix(b.String(), "\n"), "\n")
	if len(lines) < 10 || len(lines) > 60 {
		t.Errorf("%d lines for ten minutes:\n%s", len(lines), b.String())
	}
	if want := "  1.0 s  milp  bound 500  10 nodes"; lines[0] != want {
		t.Errorf("the first line is %q, want %q", lines[0], want)
	}
	if !strings.Contains(b.String(), "incumbent 440  bound 500  gap 13.6 %") {
		t.Errorf("no line with the second incumbent:\n%s", b.String())
	}
	if strings.ContainsAny(b.String(), "\r\x1b") {
		t.Error("control characters in a file")
	}
}

func TestShortSolvesAreSilentInAFile(t *testing.T) {
	var b bytes.Buffer
	p := report.NewProgress(&b, false, report.Style{})
	p.Show(state(0.1, 1))
	p.Show(state(0.9, 2))
	p.Done()
	if b.Len() > 0 {
		t.Errorf("%q", b.String())
	}
}

// buffer is a bytes.Buffer for two goroutines.
type buffer struct {
	sync.Mutex
	b bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.Lock()
	defer b.Unlock()
	return b.b.Write(p)
}

func (b *buffer) String() string {
	b.Lock()
	defer b.Unlock()
	return b.b.String()
}

func TestProgressOnATerminal(t *testing.T) {
	b := &buffer{}
	p := report.NewProgress(b, true, report.Style{Width: 50})
	p.Show(state(0.01, 450))
	first := b.String()
	if !strings.HasPrefix(first, "\r") || strings.Contains(first, "\n") || !strings.Contains(first, "incumbent 450") {
		t.Errorf("the line is %q", first)
	}
	if n := len([]rune(strings.TrimSuffix(strings.TrimPrefix(first, "\r"), "\x1b[K"))); n >= 50 {
		t.Errorf("the line has %d characters on a terminal of 50", n)
	}
	p.Println("a line of the solver")
	if !strings.Contains(b.String(), "\r\x1b[Ka line of the solver\n\r") {
		t.Errorf("the line of the solver does not stand above: %q", b.String())
	}
	deadline := time.Now().Add(5 * time.Second)
	for written := len(b.String()); len(b.String()) == written; {
		if time.Now().After(deadline) {
			t.Fatal("the time stands still between two states")
		}
		time.Sleep(10 * time.Millisecond)
	}
	p.Done()
	if !strings.HasSuffix(b.String(), "\r\x1b[K") {
		t.Errorf("the line is left behind: %q", b.String())
	}
	n := len(b.String())
	p.Done()
	time.Sleep(300 * time.Millisecond)
	if len(b.String()) != n {
		t.Error("something is written after Done")
	}
}
