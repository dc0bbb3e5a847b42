package main

import (
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"github.com/gobilevel/bilevel"
	"github.com/gobilevel/bilevel/bench/library"
	"github.com/gobilevel/bilevel/report"
)

// benchTable is a library that was run.
type benchTable struct {
	flags       *benchFlags
	lib         *library.Library
	ways        []bilevel.Way
	results     *library.Results
	changes     *library.Changes // nil: nothing to compare with
	interrupted bool
}

// exitCode tells what a script wants to know: whether something is wrong or became worse.
func (t *benchTable) exitCode() int {
	if t.interrupted || t.changes != nil && len(t.changes.Regressions) > 0 {
		return exitNoGood
	}
	for _, r := range t.results.Runs {
		if r.Verdict == library.Wrong {
			return exitNoGood
		}
	}
	return exitDone
}

// progress prints a run as it ends.
func (t *benchTable) progress(w io.Writer, done, of int, r library.Run) {
	way := ""
	if len(t.ways) > 1 {
		way = " (" + r.Way().String() + ")"
	}
	fmt.Fprintf(w, "%d/%d  %s%s: %s, %s\n", done, of, r.Problem, way, r.Verdict, report.Seconds(r.Seconds))
}

// write prints the runs, the counts, the profile, what is wrong, and the changes.
func (t *benchTable) write(w io.Writer, s report.Style) error {
	if err := t.runs().Write(w, s); err != nil {
		return err
	}
	fmt.Fprintln(w)
	if err := t.counts().Write(w, s); err != nil {
		return err
	}
	if err := t.profile(w, s); err != nil {
		return err
	}
	t.remarks(w)
	t.compared(w)
	if t.interrupted {
		fmt.Fprintf(w, "\ninterrupted: %d of %d runs were done", len(t.results.Runs), len(t.lib.Problems)*len(t.ways))
		if t.flags.out != "" {
			fmt.Fprintf(w, "; --out %s --resume goes on", t.flags.out)
		}
		fmt.Fprintln(w)
	}
	return nil
}

// runs has a line a run.
func (t *benchTable) runs() *report.Table {
	table := &report.Table{Head: []string{"problem"}, Align: []report.Align{report.Left}}
	if len(t.ways) > 1 {
		table.Head, table.Align = append(table.Head, "way"), append(table.Align, report.Left)
	}
	table.Head = append(table.Head, "verdict", "objective", "known", "proof", "nodes", "seconds")
	table.Align = append(table.Align, report.Left, report.Decimal, report.Decimal, report.Left, report.Right, report.Decimal)
	known := map[string]string{}
	for _, p := range t.lib.Problems {
		known[p.Name] = p.Known.Kind.String()
		if p.Known.Kind == library.Value {
			known[p.Name] = report.Number(p.Known.Value)
		}
	}
	for _, r := range t.results.Runs {
		row := []string{r.Problem}
		if len(t.ways) > 1 {
			row = append(row, r.Way().String())
		}
		proof := r.Proof
		if r.Stationarity != "" {
			proof += ", " + r.Stationarity
		}
		table.Rows = append(table.Rows, append(row, string(r.Verdict), report.Number(float64(r.Objective)), known[r.Problem], proof, strconv.Itoa(r.Nodes),
			strconv.FormatFloat(r.Seconds, 'f', 3, 64)))
	}
	return table
}

// counts has a line a way.
func (t *benchTable) counts() *report.Table {
	table := &report.Table{Head: []string{"way"}, Align: []report.Align{report.Left}}
	for _, v := range library.Verdicts() {
		table.Head, table.Align = append(table.Head, string(v)), append(table.Align, report.Right)
	}
	table.Head, table.Align = append(table.Head, "seconds"), append(table.Align, report.Decimal)
	for _, w := range t.ways {
		row := []string{w.String()}
		n, total := t.results.Count(w)
		for _, v := range library.Verdicts() {
			row = append(row, strconv.Itoa(n[v]))
		}
		table.Rows = append(table.Rows, append(row, strconv.FormatFloat(total.Seconds(), 'f', 1, 64)))
	}
	return table
}

// profile prints the performance profile at some ratios.
func (t *benchTable) profile(w io.Writer, s report.Style) error {
	p := t.results.Profile(0)
	if p.Absolute || p.Problems == 0 {
		return nil
	}
	table := &report.Table{Head: []string{"solved within"}, Align: []report.Align{report.Left}}
	ratios := []float64{1, 2, 5, 10, 100, math.Inf(1)}
	for _, x := range ratios[:len(ratios)-1] {
		table.Head, table.Align = append(table.Head, strconv.FormatFloat(x, 'g', -1, 64)+" x"), append(table.Align, report.Right)
	}
	table.Head, table.Align = append(table.Head, "at all"), append(table.Align, report.Right)
	for k, way := range p.Ways {
		row := []string{way.String()}
		for _, x := range ratios {
			row = append(row, fmt.Sprintf("%.0f %%", 100*p.Share(k, x)))
		}
		table.Rows = append(table.Rows, row)
	}
	fmt.Fprintf(w, "\nPerformance profile: share of %s solved within a multiple of the best time\n", report.Count(p.Problems, "problem"))
	return table.Write(w, s)
}

// remarks lists what needs a second look.
func (t *benchTable) remarks(w io.Writer) {
	for _, v := range []library.Verdict{library.Wrong, library.Better, library.Failed} {
		head := false
		for _, r := range t.results.Runs {
			if r.Verdict != v {
				continue
			}
			if !head {
				fmt.Fprintf(w, "\n%s:\n", strings.ToUpper(string(v)[:1])+string(v)[1:])
				head = true
			}
			text := r.Remark
			if v == library.Better {
				text = strings.TrimSuffix(fmt.Sprintf("%s, known %s; %s", report.Number(float64(r.Objective)), report.Number(float64(r.Known)), text), "; ")
			}
			fmt.Fprintf(w, "  %s (%s): %s\n", r.Problem, r.Way(), text)
		}
	}
}

// compared names the changes against the earlier file.
func (t *benchTable) compared(w io.Writer) {
	c := t.changes
	if c == nil {
		return
	}
	fmt.Fprintf(w, "\nAgainst %s: %s compared, %s, %s\n", t.flags.against, report.Count(c.Compared, "run"), report.Count(len(c.Regressions), "regression"), report.Count(len(c.Improvements), "improvement"))
	if c.Missing > 0 {
		fmt.Fprintf(w, "  %s of that file were not made now\n", report.Count(c.Missing, "run"))
	}
	for _, list := range []struct {
		word    string
		changes []library.Change
	}{{"REGRESSION", c.Regressions}, {"improvement", c.Improvements}} {
		for _, x := range list.changes {
			fmt.Fprintf(w, "  %s  %s (%s): %s: %s\n", list.word, x.Problem, x.Way, x.What, x.Text)
		}
	}
}

// writeCSV writes one line a run; what does not exist is empty.
func (t *benchTable) writeCSV(w io.Writer) error {
	out := csv.NewWriter(w)
	out.Write([]string{"problem", "reform", "backend", "verdict", "objective", "known", "status", "proof", "stationarity", "evidence", "bound", "gap", "seconds", "nodes", "iterations", "remark"})
	number := func(n library.Number) string {
		v := float64(n)
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return ""
		}
		return strconv.FormatFloat(v, 'g', -1, 64)
	}
	for _, r := range t.results.Runs {
		out.Write([]string{r.Problem, r.Reform, r.Backend, string(r.Verdict), number(r.Objective), number(r.Known), r.Status, r.Proof, r.Stationarity, r.Evidence,
			number(r.Bound), number(r.Gap), strconv.FormatFloat(r.Seconds, 'f', 6, 64), strconv.Itoa(r.Nodes), strconv.Itoa(r.Iterations), r.Remark})
	}
	out.Flush()
	return out.Error()
}
