package program

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"time"

	"github.com/gobilevel/bilevel/export"
	"github.com/gobilevel/bilevel/model"
)

// Status is what a program claims about the problem in its file.
type Status int

// The claims.
const (
	Stopped    Status = iota // by the limit, or without a claim; there may be a point
	Optimal                  // to the gap that was asked for
	Infeasible               // or infeasible or unbounded, where the program does not say which
	Unbounded
	Failed // no answer that could be read
)

var statusNames = [...]string{"stopped", "optimal", "infeasible", "unbounded", "failed"}

func (s Status) String() string { return statusNames[s] }

// Answer is what a run brought.
type Answer struct {
	Status  Status
	Value   float64   // the objective of the point, in the sense of the model; NaN without a point
	Bound   float64   // NaN where the program gives none
	X       []float64 // the point, by the model's variables; nil without one
	Seconds float64   // the program's own time for solving, without reading; the time of the process where it gives none
	Process float64   // wall-clock seconds of the process
	Killed  bool      // the program did not keep its limit
	Output  string    // what it printed
}

// Program is one command line.
type Program struct {
	Name string // of the executable
	args func(j job) []string
	read func(log, solution string) (report, error)
	// mps says that the program gets an MPS file, which holds the minimisation of the negative of a maximisation; else an LP file.
	mps bool
	// settings is the text of a settings file that args names; nil: none is written.
	settings func(opt Options) string
}

// job is where a run finds its files, and what it is asked for.
type job struct {
	file, solution, settings string
	opt                      Options
}

func (j job) seconds() string { return strconv.FormatFloat(j.opt.Limit.Seconds(), 'f', -1, 64) }

// report is what the output of a program says.
type report struct {
	status         Status
	value, bound   float64
	seconds        float64 // NaN where it does not say
	values         map[string]float64
	zerosAreUnsaid bool
}

// Options are the settings of a run.
type Options struct {
	Limit time.Duration // given to the program and, with a grace, enforced by a kill; 0: one hour
	Gap   float64       // relative gap at which the search may stop; 0: 1e-4
}

// grace is how much longer than its limit a program may take, to read the file and to write the solution, before it is killed.
func grace(limit time.Duration) time.Duration { return 2*time.Second + limit/5 }

// Installed reports whether the program can be started.
func (p Program) Installed() bool {
	_, err := exec.LookPath(p.Name)
	return err == nil
}

// Solve writes the model, which package export must be able to hold, runs the program and reads its answer. A program that does not keep its limit
// is killed, and the answer says so. The error is that of the export, of the context or of starting the program; a program that
// ends without a readable answer has the status Failed.
func (p Program) Solve(ctx context.Context, m *model.Model, opt Options) (*Answer, error) {
	if opt.Limit <= 0 {
		opt.Limit = time.Hour
	}
	if opt.Gap <= 0 {
		opt.Gap = 1e-4
	}
	dir, err := os.MkdirTemp("", "program")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	j := job{filepath.Join(dir, "model"+p.ending()), filepath.Join(dir, "solution.txt"), filepath.Join(dir, "settings.txt"), opt}
	if err := p.write(j.file, m); err != nil {
		return nil, err
	}
	if p.settings != nil {
		if err := os.WriteFile(j.settings, []byte(p.settings(opt)), 0o600); err != nil {
			return nil, err
		}
	}
	// Each program writes logs into its folder, and so runs in the temporary one.
	hard, cancel := context.WithTimeout(ctx, opt.Limit+grace(opt.Limit))
	defer cancel()
	cmd := exec.CommandContext(hard, p.Name, p.args(j)...)
	var out bytes.Buffer
	cmd.Dir, cmd.Stdout, cmd.Stderr, cmd.WaitDelay = dir, &out, &out, time.Second
	start := time.Now()
	err = cmd.Run()
	a := &Answer{Process: time.Since(start).Seconds(), Output: out.String(), Value: math.NaN(), Bound: math.NaN()}
	var exit *exec.ExitError
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case hard.Err() != nil:
		a.Killed, a.Seconds = true, opt.Limit.Seconds()
		return a, nil
	case err != nil && !errors.As(err, &exit):
		return nil, fmt.Errorf("%s: %w", p.Name, err)
	}
	text, _ := os.ReadFile(j.solution) // the log says enough where there is none
	a.take(p, m, string(text))
	return a, nil
}

func (p Program) ending() string {
	if p.mps {
		return ".mps"
	}
	return ".lp"
}

func (p Program) write(file string, m *model.Model) error {
	f, err := os.Create(file)
	if err != nil {
		return err
	}
	to := export.WriteLP
	if p.mps {
		to = export.WriteMPS
	}
	// A constant in the objective is lost by CBC unless it is written as a variable.
	if err := to(f, m, export.Options{Portable: true}); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}

// take reads the output into the answer.
func (a *Answer) take(p Program, m *model.Model, solution string) {
	r, err := p.read(a.Output, solution)
	if err != nil {
		a.Status, a.Seconds = Failed, a.Process
		return
	}
	if p.mps {
		sign := m.Leader().Objective().Sense.Sign()
		r.value, r.bound = sign*r.value, sign*r.bound
	}
	a.Status, a.Value, a.Bound, a.Seconds = r.status, r.value, r.bound, r.seconds
	if math.IsNaN(a.Seconds) {
		a.Seconds = a.Process
	}
	if r.values == nil {
		a.Value = math.NaN()
		return
	}
	names, _ := export.Names(m)
	x := make([]float64, len(names))
	for j, name := range names {
		v, ok := r.values[name]
		if !ok && !r.zerosAreUnsaid {
			return
		}
		x[j] = v
	}
	a.X = x
}
