package main

import (
	"encoding/csv"
	"io"
	"math"
	"strconv"
)

// csvLog writes one line a run.
type csvLog struct{ w *csv.Writer }

func newCSV(w io.Writer) *csvLog {
	l := &csvLog{csv.NewWriter(w)}
	l.w.Write([]string{"family", "size", "seed", "who", "result", "seconds", "value", "bound", "gap", "verified", "measured", "note"}) // errors stick and are told by write
	return l
}

var claimNames = [...]string{"stopped", "optimal", "infeasible", "failed"}

// write adds the runs of an instance and flushes, so that an interrupted table keeps what was done. A nil log takes nothing.
func (l *csvLog) write(c *contest) error {
	if l == nil {
		return nil
	}
	for _, o := range c.outcomes {
		result := claimNames[o.claim]
		if o.wrong {
			result = "wrong"
		}
		l.w.Write([]string{c.name, label(c.size), strconv.FormatUint(c.seed, 10), o.who, result, figure(o.seconds), figure(o.value), figure(o.bound),
			figure(o.gap()), strconv.FormatBool(o.verified), figure(o.measured), o.note})
	}
	l.w.Flush()
	return l.w.Error()
}

// figure is empty for what does not exist.
func figure(v float64) string {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return ""
	}
	return strconv.FormatFloat(v, 'g', 10, 64)
}
