package main

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/gobilevel/bilevel"
	"github.com/gobilevel/bilevel/report"
	"github.com/gobilevel/bilevel/report/plot"
)

// sweepTable is a sweep that was done.
type sweepTable struct {
	params []bilevel.Parameter
	points []bilevel.SweepPoint
}

// place names a point: "demand=50, cap=3".
func (t *sweepTable) place(p bilevel.SweepPoint) string {
	parts := make([]string, len(t.params))
	for i, q := range t.params {
		parts[i] = q.Name + "=" + report.Number(p.Values[i])
	}
	return strings.Join(parts, ", ")
}

// outcome is what came of a point, in a few words.
func outcome(p bilevel.SweepPoint) string {
	switch {
	case p.Err != nil:
		return p.Err.Error()
	case verified(p.Result):
		return report.Number(p.Result.Objective) + " (" + p.Result.Proof.String() + ")"
	}
	return statusWord(p.Result)
}

// way says how a point got its answer.
func way(p bilevel.SweepPoint) string {
	switch {
	case p.Err != nil:
		return "-"
	case p.Reuse.Settled:
		return "no search"
	case !math.IsNaN(p.Reuse.Start), !math.IsNaN(p.Reuse.Bound):
		return "warm"
	}
	return "cold"
}

// exitCode is that of the worst point.
func (t *sweepTable) exitCode() int {
	worst := exitDone
	rank := []int{exitDone, exitNoGood, exitInput, exitBroken}
	for _, p := range t.points {
		code := exitDone
		var broken *solverError
		switch {
		case p.Err == nil:
			code = exitCode(p.Result)
		case stoppedPoint(p.Err):
			code = exitNoGood
		case errors.As(inputOrSolver(p.Err), &broken):
			code = exitBroken
		default:
			code = exitInput
		}
		if slices.Index(rank, code) > slices.Index(rank, worst) {
			worst = code
		}
	}
	return worst
}

// pointStatus is the status of a point in the words of the JSON contract.
func pointStatus(p bilevel.SweepPoint) string {
	switch {
	case p.Err == nil:
		return statusWord(p.Result)
	case stoppedPoint(p.Err):
		return "limit"
	}
	return "error"
}

// write prints the table and, where there is something to draw, the chart.
func (t *sweepTable) write(w io.Writer, s report.Style) error {
	table := &report.Table{}
	for _, p := range t.params {
		table.Head, table.Align = append(table.Head, p.Name), append(table.Align, report.Decimal)
	}
	table.Head = append(table.Head, t.objectiveName(), "status", "proof", "gap", "nodes", "seconds", "way")
	table.Align = append(table.Align, report.Decimal, report.Left, report.Left, report.Right, report.Right, report.Decimal, report.Left)
	var wrong wrongPoints
	for _, p := range t.points {
		var row []string
		for _, v := range p.Values {
			row = append(row, report.Number(v))
		}
		if p.Err != nil {
			row = append(row, "-", pointStatus(p), "-", "-", "-", "-", "-")
			if !stoppedPoint(p.Err) {
				wrong.add(t.place(p), p.Err.Error())
			}
		} else {
			r := p.Result
			objective := math.NaN()
			if verified(r) {
				objective = r.Objective
			}
			row = append(row, report.Number(objective), statusWord(r), r.Proof.String(), report.Percent(r.Gap), strconv.Itoa(r.Nodes),
				strconv.FormatFloat(r.Seconds, 'f', 3, 64), way(p))
		}
		table.Rows = append(table.Rows, row)
	}
	if err := table.Write(w, s); err != nil {
		return err
	}
	wrong.write(w)
	if len(t.params[len(t.params)-1].Values) < 2 {
		return nil
	}
	c := t.chart()
	if len(c.Lines) > mostLines {
		return nil
	}
	fmt.Fprintln(w)
	width := s.Width
	if width <= 0 {
		width = 80
	}
	return c.WriteText(w, min(width, 100))
}

// wrongPoints are the points without an answer, by what is wrong with them.
type wrongPoints struct {
	messages []string
	places   [][]string
}

func (e *wrongPoints) add(place, message string) {
	k := slices.Index(e.messages, message)
	if k < 0 {
		k = len(e.messages)
		e.messages, e.places = append(e.messages, message), append(e.places, nil)
	}
	e.places[k] = append(e.places[k], place)
}

// mostMessages is how many different messages are shown, and for how many points each.
const mostMessages = 3

func (e *wrongPoints) write(w io.Writer) {
	for k, message := range e.messages[:min(len(e.messages), mostMessages)] {
		at := e.places[k]
		more := ""
		if n := len(at) - mostMessages; n > 0 {
			at, more = at[:mostMessages], fmt.Sprintf("; and %d more", n)
		}
		fmt.Fprintf(w, "\n%s%s:\n%s\n", strings.Join(at, "; "), more, message)
	}
	if n := len(e.messages) - mostMessages; n > 0 {
		fmt.Fprintf(w, "\nand %d more messages: --json has them all\n", n)
	}
}

// mostLines is how many lines a chart in text has at most: more cannot be told apart.
const mostLines = 8

// objectiveName is the name of the leader's objective.
func (t *sweepTable) objectiveName() string {
	for _, p := range t.points {
		if p.Result != nil && p.Result.Model.Leader().Objective().Name != "" {
			return p.Result.Model.Leader().Objective().Name
		}
	}
	return "objective"
}

// chart has the last parameter along its axis, and one line for each combination of the others.
func (t *sweepTable) chart() *plot.Chart {
	last := t.params[len(t.params)-1]
	c := &plot.Chart{X: last.Name, Y: t.objectiveName()}
	n := len(last.Values)
	for k := 0; k < len(t.points); k += n {
		others := &sweepTable{params: t.params[:len(t.params)-1]}
		line := plot.Line{Name: others.place(t.points[k])}
		for _, p := range t.points[k : k+n] {
			q := plot.Point{X: p.Values[len(p.Values)-1], Y: math.NaN(), State: plot.Missing}
			switch pointStatus(p) {
			case "optimal":
				q.Y, q.State = p.Result.Objective, plot.Proven
				if p.Result.Proof != bilevel.ProofGlobal {
					q.State = plot.Unproven
				}
			case "feasible":
				q.Y, q.State = p.Result.Objective, plot.Unproven
			case "infeasible":
				q.State = plot.Excluded
			}
			line.Points = append(line.Points, q)
			if p.Result != nil {
				c.Title = p.Result.Model.Name
			}
		}
		slices.SortStableFunc(line.Points, func(a, b plot.Point) int {
			switch {
			case a.X < b.X:
				return -1
			case a.X > b.X:
				return 1
			}
			return 0
		})
		c.Lines = append(c.Lines, line)
	}
	return c
}

// writeCSV writes one line a point; what does not exist is empty.
func (t *sweepTable) writeCSV(w io.Writer) error {
	out := csv.NewWriter(w)
	var head []string
	for _, p := range t.params {
		head = append(head, p.Name)
	}
	out.Write(append(head, "objective", "status", "proof", "bound", "gap", "nodes", "seconds", "way"))
	number := func(v float64) string {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return ""
		}
		return strconv.FormatFloat(v, 'g', -1, 64)
	}
	for _, p := range t.points {
		var row []string
		for _, v := range p.Values {
			row = append(row, number(v))
		}
		if p.Err != nil {
			row = append(row, "", pointStatus(p), "", "", "", "", "", "")
		} else {
			r := p.Result
			row = append(row, number(r.Objective), statusWord(r), r.Proof.String(), number(r.Bound), number(r.Gap), strconv.Itoa(r.Nodes),
				strconv.FormatFloat(r.Seconds, 'f', 6, 64), way(p))
		}
		out.Write(row)
	}
	out.Flush()
	return out.Error()
}
