package main

import (
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
)

func (o *outcome) mark() string {
	switch {
	case o.err != nil:
		return "ERROR"
	case math.IsNaN(o.Known):
		return "open"
	case o.better:
		return "better"
	case o.agrees:
		return "agrees"
	case o.feasible:
		return "local"
	}
	return "MISS"
}

func printOutcome(w io.Writer, o *outcome) {
	fmt.Fprintf(w, "%-26s %-32v %-7s", o.Name, o.way, o.mark())
	if o.err != nil {
		fmt.Fprintf(w, " %v\n", o.err)
		return
	}
	fmt.Fprintf(w, " F %12.6g known %12.6g follower gap %9.2g residual %8.1e %5d iterations %8.4f s  %s\n", o.objective, o.Known, o.gap, o.residual, o.iterations, o.seconds, o.word)
}

// summary is one line of the table.
type summary struct {
	runs, zeros, near, verified, agree, better int
	iterations, seconds                        []float64
}

func summarise(list []outcome, of func(*outcome) bool) summary {
	var s summary
	for k := range list {
		o := &list[k]
		if !of(o) || math.IsNaN(o.Known) {
			continue
		}
		s.runs++
		if o.err != nil {
			continue
		}
		if o.zero {
			s.zeros++
		}
		if o.near {
			s.near++
		}
		if o.feasible {
			s.verified++
		}
		if o.agrees {
			s.agree++
		}
		if o.better {
			s.better++
		}
		s.iterations, s.seconds = append(s.iterations, float64(o.iterations)), append(s.seconds, o.seconds)
	}
	return s
}

func median(v []float64) float64 {
	if len(v) == 0 {
		return math.NaN()
	}
	v = slices.Clone(v)
	slices.Sort(v)
	if n := len(v); n%2 == 0 {
		return (v[n/2-1] + v[n/2]) / 2
	}
	return v[len(v)/2]
}

func share(k, n int) string {
	if n == 0 {
		return "-"
	}
	return fmt.Sprintf("%d (%.1f %%)", k, 100*float64(k)/float64(n))
}

// printTable prints a line for each method and weight.
func printTable(w io.Writer, ways []way, done []outcome) {
	fmt.Fprintln(w, "\n| method | problems | zeros or stationary | within 1 %, unchecked | bilevel feasible | within 1 % or better | of these better | median iterations | median time |")
	fmt.Fprintln(w, "| --- | --- | --- | --- | --- | --- | --- | --- | --- |")
	for _, y := range ways {
		s := summarise(done, func(o *outcome) bool { return o.way.String() == y.String() })
		fmt.Fprintf(w, "| %v | %d | %s | %s | %s | %s | %d | %.4g | %.4f s |\n", y, s.runs, share(s.zeros, s.runs), share(s.near, s.runs), share(s.verified, s.runs), share(s.agree, s.runs), s.better,
			median(s.iterations), median(s.seconds))
	}
}

// printHindsight prints, for each method with several weights, the best single weight and the best weight of each problem, and the
// problems that a method misses.
func printHindsight(w io.Writer, ways []way, done []outcome) {
	var methods []string
	for _, y := range ways {
		if !slices.Contains(methods, y.method) {
			methods = append(methods, y.method)
		}
	}
	fmt.Fprintln(w)
	for _, m := range methods {
		solved, runs := map[string]bool{}, 0
		best, count := way{}, -1
		var order []string
		for k := range done {
			if o := &done[k]; o.way.method == m && !math.IsNaN(o.Known) {
				if _, seen := solved[o.Name]; !seen {
					order, runs = append(order, o.Name), runs+1
				}
				solved[o.Name] = solved[o.Name] || o.agrees
			}
		}
		weights := 0
		for _, y := range ways {
			if y.method != m {
				continue
			}
			weights++
			if s := summarise(done, func(o *outcome) bool { return o.way.String() == y.String() }); s.agree > count {
				best, count = y, s.agree
			}
		}
		hindsight := 0
		var missed []string
		for _, name := range order {
			if solved[name] {
				hindsight++
			} else {
				missed = append(missed, name)
			}
		}
		if weights > 1 {
			fmt.Fprintf(w, "%s: best single weight λ=%.4g: %s; best weight of each problem in hindsight: %s\n", m, best.lambda, share(count, runs), share(hindsight, runs))
		}
		fmt.Fprintf(w, "%s misses %d: %s\n", m, len(missed), strings.Join(missed, " "))
	}
}

func writeCSV(file string, done []outcome) error {
	f, err := os.Create(file)
	if err != nil {
		return err
	}
	defer f.Close()
	c := csv.NewWriter(f)
	num := func(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }
	lines := [][]string{{"problem", "method", "lambda", "verdict", "objective", "known", "follower gap", "zero", "residual", "iterations", "seconds", "outcome", "error"}}
	for k := range done {
		o := &done[k]
		message := ""
		if o.err != nil {
			message = o.err.Error()
		}
		lines = append(lines, []string{o.Name, o.way.method, num(o.way.lambda), o.mark(), num(o.objective), num(o.Known), num(o.gap), strconv.FormatBool(o.zero), num(o.residual),
			strconv.Itoa(o.iterations), num(o.seconds), o.word, message})
	}
	if err := c.WriteAll(lines); err != nil {
		return err
	}
	return f.Close()
}
