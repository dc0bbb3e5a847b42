package bilevel

import (
	"math"
	"slices"
	"sync"

	"github.com/gobilevel/bilevel/report"
)

// State is the event as package report shows it.
func (e Event) State() report.State {
	return report.State{Step: e.Step, Message: e.Message, Nodes: e.Nodes, Iteration: e.Iteration, Incumbent: e.Incumbent, Bound: e.Bound, Gap: e.Gap, Elapsed: e.Elapsed}
}

// Recording keeps the events of a solve for a report: those that bring another point or bound or a message, and the last one. Its method Record
// goes into Options.Events. The zero value is ready; a Recording is for one solve.
type Recording struct {
	mu     sync.Mutex
	events []Event
	last   Event
	some   bool
}

// mostRecorded bounds the events that are kept. Beyond it every other one goes, the last ones excepted.
const mostRecorded = 20000

// Record takes an event. It may be called from any goroutine.
func (r *Recording) Record(e Event) {
	r.mu.Lock()
	defer r.mu.Unlock()
	changed := !r.some || e.Message != "" || !sameNumber(e.Incumbent, r.last.Incumbent) || !sameNumber(e.Bound, r.last.Bound)
	r.last, r.some = e, true
	if !changed {
		return
	}
	if len(r.events) == mostRecorded {
		half := r.events[:0]
		for k, e := range r.events {
			if k%2 == 0 || k > mostRecorded-100 {
				half = append(half, e)
			}
		}
		r.events = half
	}
	r.events = append(r.events, e)
}

// Events are the events that were kept, in their order.
func (r *Recording) Events() []Event {
	r.mu.Lock()
	defer r.mu.Unlock()
	out := slices.Clone(r.events)
	if n := len(out); n > 0 && r.last.Elapsed > out[n-1].Elapsed {
		out = append(out, r.last)
	}
	return out
}

// sameNumber reports whether two numbers are the same, both not existing included.
func sameNumber(a, b float64) bool { return a == b || math.IsNaN(a) && math.IsNaN(b) }
