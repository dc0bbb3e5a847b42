package hypergrad

import (
	"bytes"
	"crypto/sha256"
	"encoding/gob"
	"fmt"
	"io"
	"os"
	"slices"
	"time"

	"github.com/gobilevel/bilevel/internal/replace"
)

// stateVersion changes with the meaning of a State.
const stateVersion = 3

// stateHead begins a state file; the encoded state and its SHA-256 sum follow.
const stateHead = "hypergrad state\n"

// State is all that a run needs to go on as if it had not been stopped: resumed with the same problem and options it makes the same steps,
// to the last bit. A state of other options (but for limits and the tolerance) or of a problem with other values at its point is refused. Its fields are those of gob and are not for other use.
type State struct {
	Version   int
	Kind      string // loop and engine, or method
	N, M      int
	Options   []setting
	Probe     probe // at the answer
	Iteration int
	Numbers   map[string]float64
	Integers  map[string]int64
	Vectors   map[string][]float64
	Lists     map[string][][]float64
	Memory    stepMemoryState
	Tally     Tally
	Checks    Tally
	Elapsed   time.Duration
	History   []Progress
}

// stepMemoryState is a stepMemory for each of the three players of a sampled run.
type stepMemoryState struct {
	X, Y, V stepMemory
}

func newState(kind string, o *oracles, k int, options []setting, x, y []float64) *State {
	return &State{Version: stateVersion, Kind: kind, N: o.n, M: o.m, Options: options, Probe: probeOf(o, x, y), Iteration: k, Numbers: map[string]float64{}, Integers: map[string]int64{},
		Vectors: map[string][]float64{}, Lists: map[string][][]float64{}, Tally: o.tally}
}

// Write writes the state with a checksum.
func (s *State) Write(w io.Writer) error {
	var body bytes.Buffer
	if err := gob.NewEncoder(&body).Encode(s); err != nil {
		return fmt.Errorf("hypergrad: writing a state: %w", err)
	}
	sum := sha256.Sum256(body.Bytes())
	for _, part := range [][]byte{[]byte(stateHead), body.Bytes(), sum[:]} {
		if _, err := w.Write(part); err != nil {
			return fmt.Errorf("hypergrad: writing a state: %w", err)
		}
	}
	return nil
}

// ReadState reads what Write wrote. It refuses what is no state, was cut short or was changed, with ErrState.
func ReadState(r io.Reader) (*State, error) {
	all, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("hypergrad: reading a state: %w", err)
	}
	body, ok := bytes.CutPrefix(all, []byte(stateHead))
	if !ok || len(body) < sha256.Size {
		return nil, fmt.Errorf("hypergrad: reading a state: it does not begin as one: %w", ErrState)
	}
	body, sum := body[:len(body)-sha256.Size], body[len(body)-sha256.Size:]
	if now := sha256.Sum256(body); !bytes.Equal(now[:], sum) {
		return nil, fmt.Errorf("hypergrad: reading a state: its checksum is another: %w", ErrState)
	}
	s := new(State)
	if err := gob.NewDecoder(bytes.NewReader(body)).Decode(s); err != nil {
		return nil, fmt.Errorf("hypergrad: reading a state: %w: %w", err, ErrState)
	}
	return s, nil
}

// WriteFile writes the state beside name and then renames it, so that a run killed while it saves leaves the state before intact.
func (s *State) WriteFile(name string) error {
	return replace.File(name, s.Write)
}

// ReadStateFile reads a state from a file.
func ReadStateFile(name string) (*State, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return ReadState(f)
}

func (r *leaderRun) kind() string {
	return fmt.Sprintf("%v with %v", r.opt.Loop, r.opt.Engine)
}

// save copies the run.
func (r *leaderRun) save() *State {
	s := newState(r.kind(), r.e.o, r.k, r.options(), r.x, r.at.Y)
	s.Elapsed, s.History = r.elapsed(), slices.Clip(r.history)
	s.Numbers = map[string]float64{"first": r.first, "step": r.step, "tight": r.tight, "value": r.at.Value, "correction": r.at.Correction, "residual": r.at.Residual, "adjoint": r.at.AdjointResidual, "scale": r.e.scale}
	if r.e.hasValue {
		s.Integers["scaled"] = 1
	}
	if r.before > 0 {
		s.Integers["before"] = int64(r.before)
	}
	s.Vectors = map[string][]float64{"x": slices.Clone(r.x), "y": slices.Clone(r.e.y), "v": slices.Clone(r.e.v), "u": slices.Clone(r.e.u),
		"gradient": slices.Clone(r.at.Gradient), "values": slices.Clone(r.values), "norms": slices.Clone(r.norms), "answer": slices.Clone(r.at.Y), "last": slices.Clone(r.e.lastX), "q": slices.Clone(r.e.q),
		"factor x": slices.Clone(r.e.factor.x), "factor y": slices.Clone(r.e.factor.y)}
	s.Lists = map[string][][]float64{"s": cloneAll(r.s), "y": cloneAll(r.y)}
	s.Memory.X = r.memory
	return s
}

// load goes on where save was called.
func (r *leaderRun) load(s *State) error {
	if err := s.fits(r.kind(), r.e.o, r.options()); err != nil {
		return err
	}
	empty := func(v []float64) []float64 {
		if len(v) == 0 {
			return nil
		}
		return slices.Clone(v)
	}
	if err := s.whole(); err != nil {
		return err
	}
	if err := s.knows(r.e.o, s.Vectors["x"], s.Vectors["answer"]); err != nil {
		return err
	}
	e := r.e
	e.y, e.v, e.u = empty(s.Vectors["y"]), empty(s.Vectors["v"]), empty(s.Vectors["u"])
	e.lastX, e.q = empty(s.Vectors["last"]), empty(s.Vectors["q"])
	e.scale, e.hasValue = s.Numbers["scale"], s.Integers["scaled"] == 1
	if fx := empty(s.Vectors["factor x"]); fx != nil {
		e.factor.at(e.o, fx, s.Vectors["factor y"])
	}
	e.o.tally = s.Tally
	r.tight, r.before = s.Numbers["tight"], int(s.Integers["before"])
	r.k, r.first, r.step, r.earlier = s.Iteration, s.Numbers["first"], s.Numbers["step"], s.Elapsed
	r.s, r.y = cloneAll(s.Lists["s"]), cloneAll(s.Lists["y"])
	// The loop notes the iterate of the state once more.
	r.history = slices.DeleteFunc(slices.Clone(s.History), func(p Progress) bool { return p.Iteration >= s.Iteration })
	r.memory, r.values, r.norms = s.Memory.X, slices.Clone(s.Vectors["values"]), slices.Clone(s.Vectors["norms"])
	r.accept(s.Vectors["x"], &Evaluation{Value: s.Numbers["value"], Correction: s.Numbers["correction"], Gradient: slices.Clone(s.Vectors["gradient"]), Y: slices.Clone(s.Vectors["answer"]), Residual: s.Numbers["residual"],
		AdjointResidual: s.Numbers["adjoint"]})
	return nil
}
