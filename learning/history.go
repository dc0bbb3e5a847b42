package learning

import (
	"math"
	"slices"
	"time"
)

// Event is where a method stands after an evaluation of hyperparameters, or after a hypergradient.
type Event struct {
	Method    string
	CV        float64       // validation loss of the best point so far, see Choice: it rises where Steady ends with another point than the one of least loss
	Slope     float64       // the loss that is descended along, at the point looked at
	Norm      float64       // Euclidean norm of the hypergradient there, by the logarithms of what moves, where bounds do not hold it; NaN where it was not asked for
	Trainings int           // followers solved so far
	Gradients int           // hypergradients so far; each takes one linear system a fold
	Elapsed   time.Duration // since the method set out, with the time of runs that it continues
}

// History is what there is to tell of a method's way, in the order of time: the events that improved its best point and those of its hypergradients.
type History []Event

// At is the least validation loss that was known at a time; NaN before the first.
func (h History) At(t time.Duration) float64 {
	best := math.NaN()
	for _, e := range h {
		if e.Elapsed > t {
			break
		}
		best = e.CV
	}
	return best
}

// Improvements are the events that lowered the validation loss towards that of the last one: each is below the one before, and the last has the loss that the method
// ended with.
func (h History) Improvements() History {
	if len(h) == 0 {
		return nil
	}
	final := h[len(h)-1].CV
	end := len(h) - 1
	for end > 0 && h[end-1].CV == final {
		end--
	}
	var out History
	for _, e := range h[:end] {
		if e.CV > final && (len(out) == 0 || e.CV < out[len(out)-1].CV) {
			out = append(out, e)
		}
	}
	return slices.Clip(append(out, h[end]))
}

// tell notes where the search stands; what has been replayed is not told again.
func (s *search) tell(slope, norm float64, replayed, keep bool) {
	e := Event{Method: s.method, CV: s.best.loss, Slope: slope, Norm: norm, Trainings: s.cv.Trainings, Gradients: s.cv.Gradients, Elapsed: s.now}
	if keep {
		s.history = append(s.history, e)
	}
	if s.opt.Events != nil && !replayed {
		s.opt.Events(e)
	}
}
