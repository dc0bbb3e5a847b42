package main

import (
	"fmt"
	"io"
	"slices"
)

// report gathers the rounds of one task.
type report struct {
	task        string
	file        int64 // bytes
	built, read []sample
}

const mega = 1e6

// print writes the medians. Ratios are medians of the rounds' ratios, each of which compares two runs that followed each other.
func (p report) print(w io.Writer) {
	b := p.built[0]
	fmt.Fprintf(w, "%s: %d variables, %d constraints, %d nonzeros; arrays %.0f MB, MPS file %.0f MB; median (smallest to largest) of %d rounds\n",
		p.task, b.Cols, b.Rows, b.Nonzeros, float64(b.Arrays)/mega, float64(p.file)/mega, len(p.built))
	line := func(what, unit string, list []sample, f func(s sample) float64) {
		v := values(list, f)
		fmt.Fprintf(w, "  %-34s %8.2f %-2s (%.2f to %.2f)\n", what, median(v), unit, slices.Min(v), slices.Max(v))
	}
	line("build in Go", "s", p.built, func(s sample) float64 { return s.Build })
	if p.task == "kkt" {
		line("kkt", "s", p.built, func(s sample) float64 { return s.KKT })
	}
	line("lower to arrays", "s", p.built, func(s sample) float64 { return s.Lower })
	line("together", "s", p.built, sample.seconds)
	line("HiGHS reads the MPS file", "s", p.read, func(s sample) float64 { return s.Read })
	ratio("together / reading", p, sample.seconds, w)
	if b.CPU > 0 {
		ratio("the same in processor time", p, func(s sample) float64 { return s.CPU }, w)
	}
	if b.Peak == 0 {
		return
	}
	line("peak memory", "MB", p.built, func(s sample) float64 { return float64(s.Peak) / mega })
	line("peak memory / arrays", "", p.built, func(s sample) float64 { return float64(s.Peak) / float64(s.Arrays) })
	line("peak memory of reading / arrays", "", p.read, func(s sample) float64 { return float64(s.Peak) / float64(b.Arrays) })
}

// ratio prints the ratio of a figure of building to that of reading.
func ratio(what string, p report, f func(s sample) float64, w io.Writer) {
	var v []float64
	for k := range p.built {
		v = append(v, f(p.built[k])/f(p.read[k]))
	}
	fmt.Fprintf(w, "  %-34s %8.2f    (%.2f to %.2f)\n", what, median(v), slices.Min(v), slices.Max(v))
}

func values(list []sample, f func(s sample) float64) []float64 {
	out := make([]float64, len(list))
	for k, s := range list {
		out[k] = f(s)
	}
	return out
}

// median is the middle value, or the mean of the two middle ones.
func median(v []float64) float64 {
	v = slices.Sorted(slices.Values(v))
	n := len(v)
	return (v[n/2] + v[(n-1)/2]) / 2
}
