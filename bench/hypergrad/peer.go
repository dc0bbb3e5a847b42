package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
)

// pairing is a peer in Python and ours for the same task, stopped by the same measure.
type pairing struct {
	task      string
	peer      map[string]any // its options
	ours      settings
	tolerance float64
	name      string // of ours
	what      string
}

// pairings are the rows of the table. The steps of peers are the best ones of a grid by hand; ours finds its own.
func pairings(rate float64) []pairing {
	const optimum = 1098.083848
	saba := func(method string) map[string]any {
		return map[string]any{"method": method, "inner": 0.125, "outer": 1.25, "every": 2048, "seed": 1, "period": 0}
	}
	stretch := func(options map[string]any, every int) map[string]any {
		options["every"] = every
		return options
	}
	same := func(method string) settings {
		return settings{method: method, inner: 0.125, outer: 1.25, every: 2048, untimed: true}
	}
	newton := settings{method: "quasi-newton", growing: true}
	list := []pairing{
		{task: "logistic", peer: map[string]any{"method": "quasi-newton"}, ours: newton},
		{task: "logistic", peer: saba("saba"), ours: newton},
		{task: "logistic", peer: saba("srba"), ours: newton},
		{task: "logistic", peer: map[string]any{"method": "aid-cg", "outer": 300}, ours: newton},
		{task: "logistic", peer: saba("saba"), ours: settings{method: "saba"}},
		{task: "logistic", peer: saba("srba"), ours: settings{method: "srba"}},
		{task: "logistic", peer: saba("saba"), ours: same("saba")},
		{task: "logistic", peer: saba("srba"), ours: same("srba")},
		{task: "logistic", peer: stretch(saba("amigo"), 256), ours: settings{method: "amigo"}, tolerance: 1e-6},
		{task: "logistic", peer: stretch(saba("stocbio"), 256), ours: settings{method: "stocbio"}, tolerance: 1e-5},
		{task: "small", peer: map[string]any{"method": "quasi-newton"}, ours: newton},
		{task: "small", peer: map[string]any{"method": "aid-cg", "outer": 300}, ours: newton},
		{task: "one-weight", peer: map[string]any{"method": "quasi-newton", "best": optimum}, ours: newton, tolerance: 1e-6},
		{task: "one-weight", peer: map[string]any{"method": "hoag", "best": optimum}, ours: newton, tolerance: 1e-6},
	}
	for i := range list {
		p := &list[i]
		if p.tolerance == 0 {
			p.tolerance = 1e-8
		}
		p.ours.task, p.ours.engine, p.ours.threads, p.ours.seed, p.ours.seconds = p.task, "cg", 1, 1, rate
		p.peer["tolerance"], p.peer["limit"] = p.tolerance, rate
		p.name = p.ours.method
		if p.ours.untimed {
			p.name += ", same steps"
		}
		p.what = fmt.Sprintf("%s: %s and %s", p.task, p.peer["method"], p.name)
	}
	return list
}

// python is a process of peer.py for one task.
type python struct {
	in    io.WriteCloser
	out   *bufio.Scanner
	wait  func() error
	about struct {
		Value, Square   float64
		Compiled, Numpy string
	}
}

// startPython starts it, on one thread and with the AVX-512 kernels of OpenBLAS where the processor has them: left alone it may take much slower ones.
func startPython(ctx context.Context, script, task string) (*python, error) {
	cmd := exec.CommandContext(ctx, "/usr/bin/env", "python3", script)
	if name := os.Getenv("PYTHON"); name != "" {
		cmd = exec.CommandContext(ctx, name, script)
	}
	cmd.Env = append(os.Environ(), "OPENBLAS_NUM_THREADS=1", "OMP_NUM_THREADS=1", "NUMBA_NUM_THREADS=1")
	if info, err := os.ReadFile("/proc/cpuinfo"); err == nil && strings.Contains(string(info), " avx512dq") {
		cmd.Env = append(cmd.Env, "OPENBLAS_CORETYPE=SkylakeX")
	}
	cmd.Stderr = os.Stderr
	p := &python{wait: cmd.Wait}
	var err error
	if p.in, err = cmd.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	p.out = bufio.NewScanner(out)
	p.out.Buffer(nil, 1<<26)
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("%w; the peers need python3 with numpy and scipy, PYTHON names another one", err)
	}
	return p, p.ask(map[string]any{"task": task}, &p.about)
}

// ask sends a line and reads the answer.
func (p *python) ask(question, answer any) error {
	line, err := json.Marshal(question)
	if err != nil {
		return err
	}
	if _, err := p.in.Write(append(line, '\n')); err != nil {
		return fmt.Errorf("the Python process ended: %w", err)
	}
	if !p.out.Scan() {
		return errors.Join(errors.New("the Python process ended; it needs numpy and scipy (Debian: python3-scipy, python3-numba)"), p.out.Err())
	}
	return json.Unmarshal(p.out.Bytes(), answer)
}

// peerRun asks for one run; it answers the processor time to the tolerance, +Inf where the limit came first, and where the run ended.
func (p *python) run(options map[string]any, tolerance float64) (seconds float64, x []float64, err error) {
	var answer struct{ Points [][]any }
	if err := p.ask(options, &answer); err != nil {
		return 0, nil, err
	}
	if len(answer.Points) == 0 {
		return 0, nil, errors.New("a peer's run without a point")
	}
	last := answer.Points[len(answer.Points)-1]
	seconds, _ = last[0].(float64)
	if m, ok := last[1].(float64); !ok || !(m <= tolerance) {
		seconds = math.Inf(1)
	}
	list, _ := last[3].([]any)
	for _, v := range list {
		f, _ := v.(float64)
		x = append(x, f)
	}
	return seconds, x, nil
}

// ourRun is the same for ours.
func (p pairing) ourRun(t *task) (seconds float64, err error) {
	tolerance := p.tolerance
	if t.measure == nil {
		easier := *t
		easier.tolerance = max(t.tolerance, 0.9*math.Sqrt(tolerance))
		t = &easier
	}
	points, _, _, err := p.ours.record(t)
	if err != nil {
		return 0, err
	}
	measure, _, err := t.measures()
	if err != nil {
		return 0, err
	}
	for _, at := range points {
		m, _, err := measure(at)
		if err != nil {
			return 0, err
		}
		if m <= tolerance {
			return at.cpu, nil
		}
	}
	return math.Inf(1), nil
}

// peers runs every pairing several times, peer and ours in turn, and prints medians of processor times and of the ratios of neighbouring runs.
func (s settings) peers(w io.Writer) error {
	runtime.GOMAXPROCS(1)
	script := filepath.Join("bench", "hypergrad", "peer.py")
	if _, err := os.Stat(script); err != nil {
		return fmt.Errorf("%w; run it in the root of the module", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	list := pairings(s.seconds)
	var python *python
	var t *task
	name := ""
	fmt.Fprintf(w, "processor seconds to the tolerance, medians of %d runs in turn, one thread each\n", s.repeat)
	for _, p := range list {
		if s.only != "" && !strings.Contains(p.what, s.only) {
			continue
		}
		if p.task != name {
			if python != nil {
				python.in.Close()
				if err := python.wait(); err != nil {
					return err
				}
			}
			var err error
			if python, err = startPython(ctx, script, p.task); err != nil {
				return err
			}
			if t, err = p.ours.build(); err != nil {
				return err
			}
			name = p.task
			if err := t.agrees(python.about.Value, python.about.Square); err != nil {
				return err
			}
			fmt.Fprintf(w, "%s: both start at h = %.10g (numpy %s, loops by %s)\n", name, python.about.Value, python.about.Numpy, python.about.Compiled)
			fmt.Fprintf(w, "  %-12s %-17s %10s %9s %9s %7s %s\n", "peer", "ours", "tolerance", "peer", "ours", "ratio", "of runs")
		}
		// The first run of a peer compiles and is not counted.
		if _, _, err := python.run(p.peer, p.tolerance); err != nil {
			return err
		}
		var theirs, ours, ratios []float64
		for range s.repeat {
			a, x, err := python.run(p.peer, p.tolerance)
			if err != nil {
				return err
			}
			if err := t.holds(x, p.tolerance, a); err != nil {
				return err
			}
			b, err := p.ourRun(t)
			if err != nil {
				return err
			}
			theirs, ours, ratios = append(theirs, a), append(ours, b), append(ratios, a/b)
		}
		fmt.Fprintf(w, "  %-12s %-17s %10.0e %9.3f %9.3f %7.1f %.1f\n", p.peer["method"], p.name, p.tolerance, median(theirs), median(ours), median(ratios), ratios)
	}
	if python == nil {
		return fmt.Errorf("no pairing has %q in its name", s.only)
	}
	python.in.Close()
	return python.wait()
}

// agrees checks that both languages have the same data and start.
func (t *task) agrees(value, square float64) error {
	measure, _, err := t.measures()
	if err != nil {
		return err
	}
	_, own, err := measure(point{x: t.x})
	if err != nil {
		return err
	}
	if math.Abs(own-value) > 1e-7*math.Abs(own) {
		return fmt.Errorf("the start has h = %.12g here and %.12g in Python: the data differ", own, value)
	}
	return nil
}

// holds checks with our own measure that a peer's last point is what it says.
func (t *task) holds(x []float64, tolerance, seconds float64) error {
	if math.IsInf(seconds, 1) {
		return nil
	}
	measure, name, err := t.measures()
	if err != nil {
		return err
	}
	m, _, err := measure(point{x: x})
	if err == nil && !(m <= 1.01*tolerance) {
		err = fmt.Errorf("a peer's last point has %s %.3g, not %.3g", name, m, tolerance)
	}
	return err
}

func median(v []float64) float64 {
	v = slices.Sorted(slices.Values(v))
	return (v[(len(v)-1)/2] + v[len(v)/2]) / 2
}
