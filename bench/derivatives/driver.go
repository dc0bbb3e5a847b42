package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
)

// The functions that are timed.
const (
	objective = iota
	rows
	gradient
	jacobian
	hessian
	functions
)

var functionNames = [functions]string{"f", "c", "∇f", "J", "H"}

// times are the seconds that a call of each function takes.
type times [functions]float64

// counts are how often each function was called.
type counts [functions]int

// total is the time of all calls.
func (t times) total(calls counts) float64 {
	sum := 0.0
	for k, n := range calls {
		sum += t[k] * float64(n)
	}
	return sum
}

// line is a line of the driver's output that tells a number for a function.
type line struct {
	function int
	pattern  *regexp.Regexp
}

// timeLines tell seconds on the processor. Equations and inequalities are timed apart and evaluated together.
var timeLines = []line{
	{objective, regexp.MustCompile(`Objective function\.+:\s+(\S+)`)},
	{gradient, regexp.MustCompile(`Objective function gradient\.+:\s+(\S+)`)},
	{rows, regexp.MustCompile(`Equality constraints\.+:\s+(\S+)`)},
	{rows, regexp.MustCompile(`Inequality constraints\.+:\s+(\S+)`)},
	{jacobian, regexp.MustCompile(`Equality constraint Jacobian\.+:\s+(\S+)`)},
	{jacobian, regexp.MustCompile(`Inequality constraint Jacobian\.+:\s+(\S+)`)},
	{hessian, regexp.MustCompile(`(?m)^ Lagrangian Hessian\.+:\s+(\S+)`)},
}

var countLines = []line{
	{objective, regexp.MustCompile(`objective function evaluations\s+= (\d+)`)},
	{gradient, regexp.MustCompile(`objective gradient evaluations\s+= (\d+)`)},
	{rows, regexp.MustCompile(`equality constraint evaluations\s+= (\d+)`)},
	{rows, regexp.MustCompile(`inequality constraint evaluations\s+= (\d+)`)},
	{jacobian, regexp.MustCompile(`equality constraint Jacobian evaluations\s+= (\d+)`)},
	{jacobian, regexp.MustCompile(`inequality constraint Jacobian evaluations\s+= (\d+)`)},
	{hessian, regexp.MustCompile(`Lagrangian Hessian evaluations\s+= (\d+)`)},
}

// driver runs ipopt on the file of a problem.
func driver(ctx context.Context, p *problem, s settings) (times, counts, error) {
	dir, err := os.MkdirTemp("", "derivatives")
	if err != nil {
		return times{}, counts{}, err
	}
	defer os.RemoveAll(dir)
	if err := os.WriteFile(filepath.Join(dir, "m.nl"), p.file, 0o666); err != nil {
		return times{}, counts{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, s.limit)
	defer cancel()
	cmd := exec.CommandContext(ctx, "ipopt", "m.nl", "print_timing_statistics=yes", "tol=1e-20", "max_iter="+strconv.Itoa(s.iterations))
	cmd.Dir = dir
	said, err := cmd.CombinedOutput()
	if ctx.Err() != nil {
		return times{}, counts{}, fmt.Errorf("ipopt: %w", ctx.Err())
	}
	t, n, parseErr := parse(string(said))
	if parseErr != nil {
		return t, n, fmt.Errorf("ipopt: %v: %w in what it printed:\n%s", err, parseErr, said)
	}
	return t, n, nil
}

// parse finds times and counts in what the driver prints.
func parse(said string) (times, counts, error) {
	var t times
	var n counts
	for _, l := range timeLines {
		v, err := number(l.pattern, said)
		if err != nil {
			return t, n, err
		}
		t[l.function] += v
	}
	for _, l := range countLines {
		v, err := number(l.pattern, said)
		if err != nil {
			return t, n, err
		}
		n[l.function] = max(n[l.function], int(v))
	}
	for k := range t {
		if n[k] > 0 {
			t[k] /= float64(n[k])
		}
	}
	return t, n, nil
}

func number(pattern *regexp.Regexp, said string) (float64, error) {
	found := pattern.FindStringSubmatch(said)
	if found == nil {
		return 0, fmt.Errorf("no line %q", pattern)
	}
	return strconv.ParseFloat(found[1], 64)
}
