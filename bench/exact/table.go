package main

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// median is the middle value, or the mean of the two middle ones; NaN of nothing.
func median(v []float64) float64 {
	if len(v) == 0 {
		return math.NaN()
	}
	v = slices.Sorted(slices.Values(v))
	n := len(v)
	if v[n/2] == v[(n-1)/2] { // infinities have no mean
		return v[n/2]
	}
	return (v[n/2] + v[(n-1)/2]) / 2
}

// geometricMean is the n-th root of the product of positive numbers; NaN of nothing.
func geometricMean(v []float64) float64 {
	sum := 0.0
	for _, x := range v {
		sum += math.Log(x)
	}
	return math.Exp(sum / float64(len(v)))
}

// groups splits contests by family and size, in the order in which they come.
func groups(list []*contest) [][]*contest {
	var out [][]*contest
	at := map[string]int{}
	for _, c := range list {
		key := c.name + " " + label(c.size)
		k, ok := at[key]
		if !ok {
			k, out = len(out), append(out, nil)
			at[key] = k
		}
		out[k] = append(out[k], c)
	}
	return out
}

// of is the outcome of one contestant, false where it did not take part.
func (c *contest) of(who string) (outcome, bool) {
	k := slices.IndexFunc(c.outcomes, func(o outcome) bool { return o.who == who })
	if k < 0 {
		return outcome{}, false
	}
	return c.outcomes[k], true
}

// cell is a contestant's place in a line of the table: how many it solved, the median time with ">" where half or more of the runs were
// stopped, the median gap where some were, and how many were wrong or failed. Those stand at infinity in the median, so that a false answer
// is never a fast one.
func cell(group []*contest, who string) string {
	var seconds, gaps []float64
	solved, bad, late := 0, 0, 0
	for _, c := range group {
		o, ok := c.of(who)
		if !ok {
			return "-"
		}
		switch {
		case o.solved():
			solved++
		case o.wrong || o.claim == failed:
			bad++
			o.seconds = math.Inf(1)
		default:
			late++
			gaps = append(gaps, o.gap())
		}
		seconds = append(seconds, o.seconds)
	}
	text := fmt.Sprintf("%d/%d", solved, len(group))
	switch t := median(seconds); {
	case math.IsInf(t, 1):
		text += ", failed"
	case 2*solved <= len(group):
		text += ", > " + duration(t)
	default:
		text += ", " + duration(t)
	}
	if late > 0 {
		text += ", gap " + percent(median(gaps))
	}
	if bad > 0 {
		text += fmt.Sprintf(", %d wrong or failed", bad)
	}
	return text
}

// sizesTable is a Markdown table with a line for each family and size.
func sizesTable(list []*contest, rivals []string) string {
	var b strings.Builder
	head := "| family | size | ours |"
	rule := "| --- | --- | --- |"
	for _, r := range rivals {
		head += " " + r + " |"
		rule += " --- |"
	}
	fmt.Fprintf(&b, "Solved of runs, median seconds, median gap of those that were stopped; ratio of ours to the best alternative of each instance.\n\n")
	fmt.Fprintf(&b, "%s ratio, geometric mean | worst |\n%s --- | --- |\n", head, rule)
	for _, g := range groups(list) {
		fmt.Fprintf(&b, "| %s | %s | %s |", g[0].name, label(g[0].size), cell(g, "ours"))
		for _, r := range rivals {
			fmt.Fprintf(&b, " %s |", cell(g, r))
		}
		ratios, worst := ratiosOf(g, func(*contest) bool { return true })
		if worst == nil {
			b.WriteString(" - | - |\n")
			continue
		}
		r, _ := worst.ratio()
		fmt.Fprintf(&b, " %.2f | %s |\n", geometricMean(ratios), worst.bounded(r))
	}
	return b.String()
}

// ratiosOf lists the ratios of some contests, and the contest with the largest; nil where there is none.
func ratiosOf(list []*contest, counts func(c *contest) bool) (ratios []float64, worst *contest) {
	top := 0.0
	for _, c := range list {
		if r, ok := c.ratio(); ok && counts(c) {
			ratios = append(ratios, r)
			if r > top {
				top, worst = r, c
			}
		}
	}
	return ratios, worst
}

// slow reports whether ours or the best alternative takes more than a second.
func slow(c *contest) bool {
	best, _ := c.best()
	return max(c.outcomes[0].seconds, best.seconds) > 1
}

// summary is the second table: all instances together.
func summary(list []*contest) string {
	var b strings.Builder
	b.WriteString("| all instances | |\n| --- | --- |\n")
	for _, who := range append([]string{"ours"}, rivals...) {
		solved, wrong, n := 0, 0, 0
		for _, c := range list {
			if o, ok := c.of(who); ok {
				n++
				if o.solved() {
					solved++
				}
				if o.wrong || o.claim == failed {
					wrong++
				}
			}
		}
		if n > 0 {
			fmt.Fprintf(&b, "| %s: solved, wrong or failed, of | %d, %d, %d |\n", who, solved, wrong, n)
		}
	}
	ratios, _ := ratiosOf(list, func(*contest) bool { return true })
	if len(ratios) > 0 {
		fmt.Fprintf(&b, "| geometric mean of ours / best alternative, over %d | %.3f |\n", len(ratios), geometricMean(ratios))
	}
	if _, worst := ratiosOf(list, slow); worst != nil {
		r, _ := worst.ratio()
		fmt.Fprintf(&b, "| worst ratio where ours or the best alternative takes above 1 s | %s: %s (%s) seed %d |\n", worst.bounded(r), worst.name, label(worst.size), worst.seed)
	}
	return b.String()
}
