package main

import (
	"fmt"
	"math"
	"strings"
)

// result is what was measured of a problem.
type result struct {
	problem   *problem
	ours, asl times
	calls     counts
}

// ratio is our time over the library's, for all calls of the driver's run.
func (r result) ratio() float64 { return r.ours.total(r.calls) / r.asl.total(r.calls) }

// table is a Markdown table of all results, and the geometric mean and the worst of their ratios.
func table(list []result) string {
	var b strings.Builder
	b.WriteString("Microseconds a call, ours / asl; time of all calls of a run and its ratio\n\n| model | variables | constraints | nonzeros |")
	for _, name := range functionNames {
		b.WriteString(" " + name + " |")
	}
	b.WriteString(" calls f, ∇f | ours s | asl s | ratio |\n| --- | ---: | ---: | ---: |" + strings.Repeat(" ---: |", functions+4) + "\n")
	logs, worst := 0.0, 0.0
	for _, r := range list {
		p := r.problem
		fmt.Fprintf(&b, "| %s | %d | %d | %d |", p.id, p.program.NumVars(), p.program.NumRows(), p.nonzeros)
		for f := range functions {
			fmt.Fprintf(&b, " %.3g / %.3g |", 1e6*r.ours[f], 1e6*r.asl[f])
		}
		fmt.Fprintf(&b, " %d, %d | %.3g | %.3g | %.2f |\n", r.calls[objective], r.calls[gradient], r.ours.total(r.calls), r.asl.total(r.calls), r.ratio())
		logs += math.Log(r.ratio())
		worst = max(worst, r.ratio())
	}
	if len(list) > 0 {
		fmt.Fprintf(&b, "\nratio: geometric mean %.2f, worst %.2f\n", math.Exp(logs/float64(len(list))), worst)
	}
	return b.String()
}
