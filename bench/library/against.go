package library

import (
	"fmt"
	"math"
)

// CompareOptions say what counts as a regression.
type CompareOptions struct {
	Objective float64 // an objective is worse by more than that, relative to max(1, |F|); default 1e-4
	Factor    float64 // a run takes longer by that factor; default 2
	// Floor is the time in seconds below which differences are noise: shorter times count as Floor. Default 0.1.
	Floor float64
}

// Change is a run that became worse, or better.
type Change struct {
	Problem, Way string
	What         string // "verdict", "objective", "proof" or "time"
	Text         string // from what to what
}

// Changes are the differences of two result files. A run is listed once, under the first of verdict, objective, proof and time that changed.
type Changes struct {
	Regressions, Improvements []Change
	Compared                  int // runs that both have
	Missing, New              int // runs that only the earlier one has, only the later one
}

// Compare holds the runs of now against those of before.
func Compare(before, now *Results, opt CompareOptions) *Changes {
	if opt.Objective <= 0 {
		opt.Objective = 1e-4
	}
	if opt.Factor <= 1 {
		opt.Factor = 2
	}
	if opt.Floor <= 0 {
		opt.Floor = 0.1
	}
	key := func(r Run) [3]string { return [3]string{r.Problem, r.Reform, r.Backend} }
	old := map[[3]string]Run{}
	for _, r := range before.Runs {
		old[key(r)] = r
	}
	c := &Changes{}
	for _, b := range now.Runs {
		a, ok := old[key(b)]
		if !ok {
			c.New++
			continue
		}
		delete(old, key(b))
		c.Compared++
		what, text, worse := opt.difference(a, b)
		if what == "" {
			continue
		}
		change := Change{b.Problem, b.Way().String(), what, text}
		if worse {
			c.Regressions = append(c.Regressions, change)
		} else {
			c.Improvements = append(c.Improvements, change)
		}
	}
	c.Missing = len(old)
	return c
}

// difference names the first difference of two runs of a problem on a way.
func (o CompareOptions) difference(a, b Run) (what, text string, worse bool) {
	if x, y := a.Verdict.rank(), b.Verdict.rank(); x != y {
		return "verdict", fmt.Sprintf("%s, was %s", b.Verdict, a.Verdict) + remark(b), y > x
	}
	if f, g := float64(a.Objective), float64(b.Objective); !math.IsNaN(f) || !math.IsNaN(g) {
		sign := 1.0
		if b.Maximise {
			sign = -1
		}
		switch d := sign * (g - f) / max(1, math.Abs(f)); {
		case math.IsNaN(g):
			return "objective", fmt.Sprintf("no point, was %.6g", f), true
		case math.IsNaN(f):
			return "objective", fmt.Sprintf("%.6g, was no point", g), false
		case math.Abs(d) > o.Objective:
			return "objective", fmt.Sprintf("%.6g, was %.6g", g, f), d > 0
		}
	}
	if x, y := strength(a.Proof), strength(b.Proof); x != y {
		return "proof", fmt.Sprintf("%s, was %s", b.Proof, a.Proof), y < x
	}
	// Of runs that did not bring what was asked for the times say nothing.
	if b.Verdict.rank() > 0 {
		return "", "", false
	}
	s, t := max(a.Seconds, o.Floor), max(b.Seconds, o.Floor)
	switch {
	case t > o.Factor*s:
		return "time", fmt.Sprintf("%.3g s, was %.3g s", b.Seconds, a.Seconds), true
	case s > o.Factor*t:
		return "time", fmt.Sprintf("%.3g s, was %.3g s", b.Seconds, a.Seconds), false
	}
	return "", "", false
}

func remark(r Run) string {
	if r.Remark == "" {
		return ""
	}
	return ": " + r.Remark
}

// strength orders proofs: those that are beyond doubt stand above those that rest on something.
func strength(proof string) int {
	switch proof {
	case "feasible":
		return 1
	case "local":
		return 2
	case "global-if-bounds":
		return 3
	case "global", "infeasible", "unbounded":
		return 4
	}
	return 0
}
