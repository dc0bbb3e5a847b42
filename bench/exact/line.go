package main

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// result writes an outcome in one word: its time, "> t" where it was stopped, the value where it is wrong.
func (o outcome) result() string {
	switch {
	case o.wrong && o.claim == infeasible:
		return "WRONG (infeasible)"
	case o.wrong:
		return "WRONG (" + strconv.FormatFloat(o.value, 'g', 9, 64) + ")"
	case o.claim == failed:
		return "failed"
	case o.claim == stopped:
		return "> " + duration(o.seconds)
	}
	return duration(o.seconds)
}

// duration writes seconds with as many places as mean something.
func duration(s float64) string {
	switch {
	case s < 0.995:
		return strconv.FormatFloat(s, 'f', 2, 64)
	case s < 9.95:
		return strconv.FormatFloat(s, 'f', 1, 64)
	}
	return strconv.FormatFloat(s, 'f', 0, 64)
}

// line is what is printed when an instance is done.
func (c *contest) line() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%-9s %-9s %5d ", c.name, label(c.size), c.seed)
	ours := c.outcomes[0]
	switch {
	case ours.claim == infeasible:
		b.WriteString(" infeasible     ")
	case math.IsNaN(ours.value):
		b.WriteString(" no point       ")
	default:
		fmt.Fprintf(&b, " %-15.8g", ours.value)
	}
	for _, o := range c.outcomes {
		fmt.Fprintf(&b, "  %s %-8s", o.who, o.result())
		if o.claim == stopped {
			b.WriteString(" gap " + percent(o.gap()))
		}
		if !o.verified && o.claim == optimal && o.who != "direct" {
			b.WriteString(" (point not verified)")
		}
	}
	if r, ok := c.ratio(); ok {
		fmt.Fprintf(&b, "  ratio %s", c.bounded(r))
	}
	if ours.claim == failed {
		fmt.Fprintf(&b, "  (%s)", ours.note)
	}
	return strings.TrimRight(b.String(), " ")
}

// bounded writes a ratio, with a sign where it is a bound only: "<" where the alternatives were stopped, ">" where ours was.
func (c *contest) bounded(r float64) string {
	text := strconv.FormatFloat(r, 'f', 2, 64)
	if r < 0.1 {
		text = strconv.FormatFloat(r, 'g', 2, 64)
	}
	best, _ := c.best()
	switch {
	case !c.outcomes[0].solved():
		return "> " + text
	case !best.solved():
		return "< " + text
	}
	return text
}

func percent(gap float64) string {
	if math.IsInf(gap, 0) {
		return "inf"
	}
	return strconv.FormatFloat(100*gap, 'g', 2, 64) + " %"
}
