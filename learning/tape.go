package learning

import (
	"errors"
	"math"
	"slices"
	"time"
)

// tape is what a search has asked of its followers, in order, with the answers. A search is a function of these answers alone: one that is
// continued asks for the same again, is answered from the tape up to its end, and then by the followers, which stand as they did.
type tape struct {
	entries []answer
	at      int  // the next one to be answered from
	torn    bool // the search asked for something else than the tape says
}

// answer is a question and its answer. Its fields are those of gob.
type answer struct {
	Kind        question
	Key         uint64 // of the point that was asked for
	Loss, Slope float64
	Vector      []float64 // hypergradient by the logarithms; sizes of the weights; losses at the points of a descent
	Failed      string    // why a training failed
	Curve       *Curve    // the loss over a line
	Trainings   int       // that the curve took, and their pieces
	Pieces      int
	Gradients   int // of the descents of askOutside
	Elapsed     time.Duration
}

// question is what is asked.
type question uint8

const (
	askLosses question = iota
	askGradient
	askSizes
	askCurve
	askSampled
	askOutside
)

// replays reports whether answers are left on the tape.
func (t *tape) replays() bool { return t.at < len(t.entries) }

// next is the answer on the tape; nil where the tape has ended or does not fit.
func (t *tape) next(kind question, theta []float64) *answer {
	if !t.replays() {
		return nil
	}
	a := &t.entries[t.at]
	if a.Kind != kind || a.Key != pointKey(theta) {
		t.torn = true
		return nil
	}
	t.at++
	return a
}

// add notes an answer of the followers.
func (t *tape) add(a answer) {
	t.entries = append(t.entries, a)
	t.at = len(t.entries)
}

// pointKey is the FNV-1a hash of the bits of a point.
func pointKey(theta []float64) uint64 {
	h := uint64(14695981039346656037)
	for _, v := range theta {
		b := math.Float64bits(v)
		for range 8 {
			h = (h ^ b&0xff) * 1099511628211
			b >>= 8
		}
	}
	return h
}

// elapsed is the time of the search; while a tape answers, that of its last answer.
func (s *search) elapsed() time.Duration {
	if s.tape.replays() {
		return s.now
	}
	return s.earlier + time.Since(s.start)
}

// losses evaluates a point, from the tape or by the followers.
func (s *search) losses(theta []float64) (loss, slope float64, replayed bool, err error) {
	if a := s.tape.next(askLosses, theta); a != nil {
		s.cv.Trainings += len(s.cv.folds)
		s.now = a.Elapsed
		if a.Failed != "" {
			return 0, 0, true, errors.New(a.Failed)
		}
		return a.Loss, a.Slope, true, nil
	}
	if s.tape.torn {
		return 0, 0, false, errTorn
	}
	before := s.cv.standing()
	trainings := s.cv.Trainings
	loss, slope, err = s.cv.evaluate(s.ctx, s.space.hyper(theta))
	if err != nil && s.ctx.Err() != nil {
		// The followers go back to where they stood, so that the search goes on from there.
		s.cv.stand(before)
		s.cv.Trainings = trainings
		s.halted = true
		return 0, 0, false, errStopped
	}
	s.now = s.elapsed()
	a := answer{Kind: askLosses, Key: pointKey(theta), Loss: loss, Slope: slope, Elapsed: s.now}
	if err != nil {
		a.Failed = err.Error()
	}
	s.tape.add(a)
	return loss, slope, false, err
}

// ask is the answer to a question about a long piece of work: from the tape, or else of find, which answers nil where the end of the search cut it short; then nothing is
// on the tape.
func (s *search) ask(kind question, key []float64, find func() *answer) (a *answer, replayed bool, err error) {
	if a = s.tape.next(kind, key); a == nil {
		if s.tape.torn {
			return nil, false, errTorn
		}
		if s.stopped() {
			return nil, false, errStopped
		}
		if a = find(); a == nil {
			s.halted = true
			return nil, false, errStopped
		}
		a.Kind, a.Key, a.Elapsed = kind, pointKey(key), s.elapsed()
		s.tape.add(*a)
	} else {
		replayed = true
	}
	s.now = a.Elapsed
	s.cv.Pieces += a.Pieces
	s.cv.Gradients += a.Gradients
	return a, replayed, nil
}

// failure is the error of an answer.
func (a *answer) failure() error {
	if a.Failed == "" {
		return nil
	}
	return errors.New(a.Failed)
}

// failed is the text of an error that an answer keeps.
func failed(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// over is the loss over a line through theta along coordinate from, on the folds of the search (part 0) or on other ones. A path that is interrupted leaves the
// followers where they stand.
func (s *search) over(v *Validation, part int, theta []float64, from int, line Line) (*Curve, error) {
	a, replayed, err := s.ask(askCurve, append(slices.Clone(theta), float64(from), float64(part)), func() *answer {
		trainings, pieces := v.Trainings, v.Pieces
		defer func() { v.Trainings, v.Pieces = trainings, pieces }()
		c, err := v.Over(s.ctx, line)
		if s.ctx.Err() != nil && err != nil {
			return nil
		}
		return &answer{Curve: c, Trainings: v.Trainings - trainings, Pieces: v.Pieces - pieces, Failed: failed(err)}
	})
	if err != nil {
		return nil, err
	}
	s.cv.Trainings += a.Trainings
	if a.Trainings > 0 {
		s.tell(math.NaN(), math.NaN(), replayed, false)
	}
	s.keep.now(s, false)
	return a.Curve, a.failure()
}

// errStopped tells of a question that the end of the search has cut short. It is not on the tape.
var errStopped = errors.New("learning: the search has ended")

// errTorn ends a search whose tape does not fit; Tune begins it anew.
var errTorn = errors.New("learning: the state is not that of this search")

// gradient stores the hypergradient of the loss that is descended along, by the logarithms, where the followers stand.
func (s *search) gradient(theta, out []float64) (replayed bool) {
	if a := s.tape.next(askGradient, theta); a != nil {
		s.cv.Gradients++
		s.now = a.Elapsed
		copy(out, a.Vector)
		return true
	}
	if s.tape.torn {
		clear(out)
		return false
	}
	d := s.cv.Gradient()
	s.space.gradient(theta, &d, out)
	s.now = s.elapsed()
	s.tape.add(answer{Kind: askGradient, Key: pointKey(theta), Vector: slices.Clone(out), Elapsed: s.now})
	return false
}

// sizes are the means over the folds of the absolute values of the weights at the point where the followers stand.
func (s *search) sizes(theta []float64) []float64 {
	out := make([]float64, s.space.n)
	if a := s.tape.next(askSizes, theta); a != nil {
		copy(out, a.Vector)
		return out
	}
	if s.tape.torn {
		return out
	}
	for i := range out {
		for _, f := range s.cv.folds {
			out[i] += math.Abs(f.f.at()[i]) / float64(len(s.cv.folds))
		}
	}
	s.tape.add(answer{Kind: askSizes, Key: pointKey(theta), Vector: out, Elapsed: s.elapsed()})
	return out
}
