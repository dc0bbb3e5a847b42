package learning

import (
	"math"
	"slices"
	"time"
)

// Event is where a method stands after an evaluation of hyperparameters, or after a hypergradient.
type Event struct {
	Method    string
	CV        float64       // the least validation loss so far: the leader's objective
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

// Improvements leaves out the events that did not lower the least validation loss.
func (h History) Improvements() History {
	var out History
	for _, e := range h {
		if len(out) == 0 || e.CV < out[len(out)-1].CV {
			out = append(out, e)
		}
	}
	return slices.Clip(out)
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
