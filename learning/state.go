package learning

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/gob"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"strings"
	"time"

	"github.com/gobilevel/bilevel/internal/replace"
)

// stateVersion changes with the meaning of a State, and with the searches that it continues.
const stateVersion = 4

// State is all that Tune needs to go on where it was saved: with the same data and options it ends at the same result, to the last bit, as a run
// that was not interrupted, but for times and what depends on them (EqualTime, TimeLimit). Its fields are those of gob and are not for other use.
type State struct {
	Version  int
	Settings []setting     // data and options
	Budget   time.Duration // of the methods after the first, see Options.EqualTime
	Methods  []progress    // that have begun, in their order
	Finished bool          // all methods have ended
}

// progress is how far a method is.
type progress struct {
	Run       *Run // nil: it has not ended
	Elapsed   time.Duration
	Answers   []answer // of one that has not ended, or was stopped
	Followers [][]byte // one a fold, after the last of the answers; nil: it begins anew
}

// setting is something that a state and the run that continues it have to agree on.
type setting struct{ Name, Value string }

// StateError is a state that cannot be continued: Problem says why.
type StateError struct {
	Problem, Remedy string
	Err             error // what it follows from, where there is such
}

// Error writes learning: problem; remedy.
func (e *StateError) Error() string { return "learning: " + e.Problem + "; " + e.Remedy }

// Unwrap is the cause.
func (e *StateError) Unwrap() error { return e.Err }

// stateHead begins the first line of a state file: version and checksum follow.
const stateHead = "bilevel learning state"

// Write writes the state: a line with the version and the SHA-256 of the rest, and the rest in gob.
func (s *State) Write(w io.Writer) error {
	var body bytes.Buffer
	if err := gob.NewEncoder(&body).Encode(s); err != nil {
		return err
	}
	sum := sha256.Sum256(body.Bytes())
	if _, err := fmt.Fprintf(w, "%s %d %s\n", stateHead, s.Version, hex.EncodeToString(sum[:])); err != nil {
		return err
	}
	_, err := w.Write(body.Bytes())
	return err
}

// ReadState reads what Write wrote. Errors are of type *StateError, but for those of r.
func ReadState(r io.Reader) (*State, error) {
	b := bufio.NewReader(r)
	head := make([]byte, len(stateHead))
	if _, err := io.ReadFull(b, head); err != nil || string(head) != stateHead {
		if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
			return nil, err
		}
		return nil, &StateError{Problem: "this is no state of a search for hyperparameters", Remedy: "give a file that a run has saved its state to"}
	}
	line, err := b.ReadString('\n')
	var version int
	var want string
	if _, scanned := fmt.Sscanf(line, " %d %s\n", &version, &want); err != nil || scanned != nil {
		return nil, damaged(errors.Join(err, scanned))
	}
	if version != stateVersion {
		return nil, &StateError{Problem: fmt.Sprintf("the state has version %d, this program continues version %d", version, stateVersion), Remedy: "continue it with the program that saved it, or begin anew"}
	}
	body, err := io.ReadAll(b)
	if err != nil {
		return nil, err
	}
	if sum := sha256.Sum256(body); hex.EncodeToString(sum[:]) != want {
		return nil, damaged(errors.New("the checksum is another"))
	}
	s := new(State)
	if err := gob.NewDecoder(bytes.NewReader(body)).Decode(s); err != nil {
		return nil, damaged(err)
	}
	return s, nil
}

func damaged(err error) error {
	return &StateError{"the state was damaged: " + err.Error(), "begin anew, or take a copy from before", err}
}

// WriteFile writes the state beside name and then renames it, so that a run that is killed while it saves leaves the state before.
func (s *State) WriteFile(name string) error { return replace.File(name, s.Write) }

// ReadStateFile reads a state from a file.
func ReadStateFile(name string) (*State, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return ReadState(f)
}

// settings are what the answers depend on, in words.
func settings(d *Data, task Task, o *Options) []setting {
	s := []setting{{"task", task.String()}, {"samples", fmt.Sprint(d.Len())}, {"features", fmt.Sprint(d.Width())}, {"data", "those with the checksum " + d.checksum()}}
	add := func(name string, v any) { s = append(s, setting{name, fmt.Sprint(v)}) }
	add("methods", strings.Join(o.Methods, ","))
	add("loss", o.Loss)
	add("per feature", o.PerFeature)
	add("scaling", o.Scaling)
	add("folds", o.Folds)
	add("test share", o.TestShare)
	add("seed", o.Seed)
	add("points", o.Points)
	add("random", o.Random)
	add("starts", o.Starts)
	add("iterations", o.Iterations)
	add("equal time", o.EqualTime)
	add("choice", ChoiceNames[min(int(o.Choice), len(ChoiceNames)-1)])
	add("repeats", o.Repeats)
	add("groups", d.Groups)
	add("dca", fmt.Sprintf("%+v", o.DCA))
	for _, r := range []struct {
		name string
		r    [2]float64
	}{{"C", o.Range.C}, {"radius", o.Range.Radius}, {"epsilon", o.Range.Epsilon}, {"gamma", o.Range.Gamma}, {"l1", o.Range.L1}, {"l2", o.Range.L2}, {"box", o.Range.Box}} {
		v := "the default"
		if r.r != [2]float64{} {
			v = fmt.Sprintf("%v to %v", r.r[0], r.r[1])
		}
		add("range of "+r.name, v)
	}
	return s
}

// checksum is the beginning of a SHA-256 of the numbers, labels and names.
func (d *Data) checksum() string {
	h := sha256.New()
	var b []byte
	numbers := func(v []float64) {
		b = b[:0]
		for _, x := range v {
			b = binary.LittleEndian.AppendUint64(b, math.Float64bits(x))
		}
		h.Write(b)
	}
	words := func(list []string) {
		for _, s := range list {
			fmt.Fprintf(h, "%q ", s)
		}
		h.Write([]byte{'\n'})
	}
	words(d.Features)
	words(d.Classes[:])
	for _, x := range d.X {
		numbers(x)
	}
	numbers(d.Y)
	if len(d.Y) == 0 {
		words(d.Labels)
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}

// fits says in which data or options the state differs from the run that is to continue it.
func (s *State) fits(now []setting) error {
	if s.Version != stateVersion {
		return &StateError{Problem: fmt.Sprintf("the state has version %d, this program continues version %d", s.Version, stateVersion), Remedy: "continue it with the program that saved it, or begin anew"}
	}
	old := map[string]string{}
	for _, t := range s.Settings {
		old[t.Name] = t.Value
	}
	var differ []string
	for _, t := range now {
		if v, ok := old[t.Name]; !ok || v != t.Value {
			differ = append(differ, fmt.Sprintf("%s: %s there, %s here", t.Name, v, t.Value))
		}
	}
	if differ != nil || len(s.Settings) != len(now) {
		return &StateError{Problem: "the state is of another run (" + strings.Join(differ, "; ") + ")", Remedy: "continue it with the data and options that it was saved with, or begin anew", Err: ErrOptions}
	}
	return nil
}
