package main

import (
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strconv"
)

// instances of up to this number of variables are small
const small = 60

func (o *outcome) word() string {
	switch {
	case o.err != nil:
		return "ERROR"
	case o.agrees:
		return "target"
	case o.feasible:
		return "local"
	}
	return "MISS"
}

func printOutcome(w io.Writer, o *outcome, verbose bool) {
	fmt.Fprintf(w, "%-18s %-8s %-26v %-7s", o.id, o.solver, o.method, o.word())
	if o.err != nil {
		fmt.Fprintf(w, " %v\n", o.err)
		return
	}
	r := o.result
	fmt.Fprintf(w, " %14.7g (%v) viol %.0e comp %.0e %-12v %-12v %3d programs %5d iterations %8.3f s  %s\n", o.objective, o.target, o.violation, o.complementarity,
		r.Status, r.Label, r.Programs, r.Iterations, o.seconds, r.Message)
	if verbose {
		before := 0
		for _, e := range o.events {
			fmt.Fprintf(w, "    %-26s round %2d t %.0e %14.7g viol %.0e comp %.0e %5d iterations %8.3f s  incumbent %.7g\n", e.Stage, e.Round, e.T, e.Objective, e.Violation,
				e.Complementarity, e.Iterations-before, e.Elapsed.Seconds(), e.Incumbent)
			before = e.Iterations
		}
		for _, s := range r.Stages {
			fmt.Fprintf(w, "    %-26s %3d programs %5d iterations %8.3f s  %14.7g improved %-5v %s\n", s.Name, s.Rounds, s.Iterations, s.Seconds, s.Objective, s.Improved, s.Message)
		}
	}
}

// summary is one line of the table.
type summary struct {
	runs, feasible, agree int
	small, processor      []float64 // seconds
	total                 float64
	programs, iterations  int
}

func summarise(list []outcome) summary {
	var s summary
	for i := range list {
		o := &list[i]
		s.runs++
		s.total += o.seconds
		if o.result != nil {
			s.programs, s.iterations = s.programs+o.result.Programs, s.iterations+o.result.Iterations
		}
		// Where the collection knows no feasible point, finding none agrees.
		if o.err == nil && (o.feasible || o.target == "I") {
			s.feasible++
		}
		if o.err == nil && o.agrees {
			s.agree++
		}
		if o.vars <= small {
			s.small, s.processor = append(s.small, o.seconds), append(s.processor, o.processor)
		}
	}
	return s
}

func median(v []float64) float64 {
	if len(v) == 0 {
		return 0
	}
	v = slices.Sorted(slices.Values(v))
	return (v[(len(v)-1)/2] + v[len(v)/2]) / 2
}

// printTable prints a Markdown table, a line for each method with each solver.
func printTable(w io.Writer, done []outcome) {
	fmt.Fprintf(w, "\n| solver | method | runs | feasible | target | median ms, n <= %d | the same, computing | total s | programs | iterations |\n| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |\n", small)
	for len(done) > 0 {
		first := done[0]
		end := slices.IndexFunc(done, func(o outcome) bool { return o.solver != first.solver || o.method != first.method })
		if end < 0 {
			end = len(done)
		}
		s := summarise(done[:end])
		percent := func(k int) string {
			return fmt.Sprintf("%d (%.1f %%)", k, 100*float64(k)/float64(s.runs))
		}
		fmt.Fprintf(w, "| %s | %v | %d | %s | %s | %.1f | %.1f | %.1f | %d | %d |\n", first.solver, first.method, s.runs, percent(s.feasible), percent(s.agree),
			1000*median(s.small), 1000*median(s.processor), s.total, s.programs, s.iterations)
		done = done[end:]
	}
}

// printMisses lists the runs that did not agree.
func printMisses(w io.Writer, done []outcome) {
	fmt.Fprintln(w, "\nMisses:")
	for i := range done {
		o := &done[i]
		switch {
		case o.err != nil:
			fmt.Fprintf(w, "%s, %s, %v: %v\n", o.id, o.solver, o.method, o.err)
		case o.agrees:
		case o.feasible:
			fmt.Fprintf(w, "%s, %s, %v: %.7g instead of %v, %v\n", o.id, o.solver, o.method, o.objective, o.target, o.result.Label)
		default:
			fmt.Fprintf(w, "%s, %s, %v: violation %.1e at %s, complementarity %.1e; %v: %s\n", o.id, o.solver, o.method, o.violation, o.where, o.complementarity,
				o.result.Status, o.result.Message)
		}
	}
}

// csvLog writes one line a run; a nil one writes nothing.
type csvLog struct{ w *csv.Writer }

func newCSV(w io.Writer) *csvLog {
	l := &csvLog{csv.NewWriter(w)}
	l.put("id", "solver", "method", "verdict", "objective", "target", "violation", "complementarity", "status", "label", "programs", "iterations", "seconds", "message")
	return l
}

func (l *csvLog) put(fields ...string) {
	// A full disk shows when the file is closed; the runs are worth more than their log.
	_ = l.w.Write(fields)
	l.w.Flush()
}

func (l *csvLog) write(o *outcome) {
	if l == nil {
		return
	}
	num := func(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }
	line := []string{o.id, o.solver, o.method.String(), o.word()}
	if o.err != nil {
		l.put(append(line, "", "", "", "", "", "", "", "", num(o.seconds), o.err.Error())...)
		return
	}
	r := o.result
	l.put(append(line, num(o.objective), fmt.Sprint(o.target), num(o.violation), num(o.complementarity), r.Status.String(), r.Label.String(),
		strconv.Itoa(r.Programs), strconv.Itoa(r.Iterations), num(o.seconds), r.Message)...)
}
