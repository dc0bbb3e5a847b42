package learning

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// timeless removes what depends on the clock; what is left has to be the same to the last bit.
func timeless(r *Result) *Result {
	for k := range r.Runs {
		r.Runs[k].Elapsed = 0
		for i := range r.Runs[k].History {
			r.Runs[k].History[i].Elapsed = 0
		}
	}
	return r
}

// bits compares results with NaN as a number like any other.
func bits(a, b *Result) string {
	return cmp.Diff(a, b, cmp.Comparer(func(x, y float64) bool { return math.Float64bits(x) == math.Float64bits(y) }))
}

// searches are a search for each task, with small numbers.
func searches() []struct {
	task Task
	opt  Options
} {
	var out []struct {
		task Task
		opt  Options
	}
	for task := SVC; task <= Logistic; task++ {
		for _, per := range []bool{false, true} {
			if per && (task == Lasso || task == ElasticNet) {
				continue
			}
			out = append(out, struct {
				task Task
				opt  Options
			}{task, Options{Methods: []string{"bilevel", "grid", "random"}, TestShare: 0.3, Seed: 5, Points: 5, Starts: 2, PerFeature: per}})
		}
	}
	return out
}

// A run that is continued from any of its states, through a file, ends where the run did that was not interrupted.
func TestContinuedRunsEndAlike(t *testing.T) {
	draw := rand.New(rand.NewPCG(1, 2))
	for _, c := range searches() {
		d := sample(3, 50, 3, c.task.Classifies())
		c.opt.SaveEvery = 1
		var states []*State
		c.opt.Save = func(s *State) error { states = append(states, s); return nil }
		whole, err := Tune(context.Background(), d, c.task, c.opt)
		if err != nil {
			t.Fatalf("%v: %v", c.task, err)
		}
		timeless(whole)
		if len(states) < 15 || !states[len(states)-1].Finished || states[len(states)-2].Finished {
			t.Fatalf("%v: %d states", c.task, len(states))
		}
		c.opt.Save = nil
		for _, k := range append(draw.Perm(len(states) - 2)[:6], 0, len(states)-2, len(states)-1) {
			file := filepath.Join(t.TempDir(), "state")
			if err := states[k].WriteFile(file); err != nil {
				t.Fatal(err)
			}
			if c.opt.Resume, err = ReadStateFile(file); err != nil {
				t.Fatal(err)
			}
			anew := 0
			c.opt.Events = func(Event) { anew++ }
			again, err := Tune(context.Background(), d, c.task, c.opt)
			if err != nil {
				t.Fatalf("%v from state %d of %d: %v", c.task, k, len(states), err)
			}
			if diff := bits(whole, timeless(again)); diff != "" {
				t.Errorf("%v, per feature %v, from state %d of %d: %s", c.task, c.opt.PerFeature, k, len(states), diff)
			}
			// A state is saved after each evaluation, after the first one, and after each method.
			if most := 2 * (len(states) - k); anew > most {
				t.Errorf("%v from state %d of %d: %d events, what was done before is done again", c.task, k, len(states), anew)
			}
		}
	}
}

// What a signal does: the context ends at any time, the last state is continued, again and again.
func TestInterruptedRunsEndAlike(t *testing.T) {
	draw := rand.New(rand.NewPCG(3, 4))
	for _, c := range searches() {
		d := sample(4, 40, 3, c.task.Classifies())
		events := 0
		c.opt.Events = func(Event) { events++ }
		whole, err := Tune(context.Background(), d, c.task, c.opt)
		if err != nil {
			t.Fatal(err)
		}
		timeless(whole)
		all := events
		var state *State
		c.opt.Save = func(s *State) error { state = s; return nil }
		for rounds := 0; ; rounds++ {
			if rounds > 100 {
				t.Fatalf("%v: no end", c.task)
			}
			ctx, cancel := context.WithCancel(context.Background())
			left := 1 + draw.IntN(all/3)
			c.opt.Events = func(Event) {
				if left--; left == 0 {
					cancel()
				}
			}
			c.opt.Resume = state
			r, err := Tune(ctx, d, c.task, c.opt)
			cancel()
			if errors.Is(err, context.Canceled) && state != nil { // before the first point, on a path
				continue
			}
			if err != nil {
				t.Fatalf("%v: %v", c.task, err)
			}
			if len(r.Runs) == len(c.opt.Methods) && !r.Runs[len(r.Runs)-1].Interrupted {
				if diff := bits(whole, timeless(r)); diff != "" {
					t.Errorf("%v, per feature %v, %d rounds: %s", c.task, c.opt.PerFeature, rounds, diff)
				}
				if rounds == 0 || !state.Finished {
					t.Errorf("%v: %d rounds, finished %v", c.task, rounds, state.Finished)
				}
				break
			}
			if !r.Runs[len(r.Runs)-1].Interrupted && len(r.Runs) == len(c.opt.Methods) || state.Finished {
				t.Fatalf("%v: an interrupted run has finished", c.task)
			}
		}
	}
}

// A state whose answers are those of another search is not believed: the method begins anew.
func TestTornTape(t *testing.T) {
	d := sample(3, 40, 2, true)
	opt := Options{Points: 5, SaveEvery: 1}
	var states []*State
	opt.Save = func(s *State) error { states = append(states, s); return nil }
	whole, err := Tune(context.Background(), d, SVC, opt)
	if err != nil {
		t.Fatal(err)
	}
	opt.Save, opt.Resume = nil, states[len(states)-3]
	opt.Resume.Methods[0].Answers[1].Key++
	again, err := Tune(context.Background(), d, SVC, opt)
	if err != nil {
		t.Fatal(err)
	}
	if diff := bits(timeless(whole), timeless(again)); diff != "" {
		t.Error(diff)
	}
}

// A method that a limit stopped goes on under a longer one.
func TestLongerLimit(t *testing.T) {
	d := sample(3, 60, 3, true)
	opt := Options{Methods: []string{"grid", "random"}}
	whole, err := Tune(context.Background(), d, SVC, opt)
	if err != nil {
		t.Fatal(err)
	}
	var state *State
	opt.Save = func(s *State) error { state = s; return nil }
	opt.TimeLimit = 1
	short, err := Tune(context.Background(), d, SVC, opt)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range short.Runs {
		if !r.Interrupted || r.Trainings != 3 {
			t.Errorf("%s: stopped %v after %d trainings", r.Method, r.Interrupted, r.Trainings)
		}
	}
	opt.Save, opt.Resume = nil, state
	same, err := Tune(context.Background(), d, SVC, opt)
	if err != nil || len(same.Runs) != 2 || same.Runs[0].Trainings != 3 || !same.Runs[1].Interrupted {
		t.Errorf("under the same limit: %+v, %v", same, err)
	}
	opt.TimeLimit = time.Minute
	again, err := Tune(context.Background(), d, SVC, opt)
	if err != nil {
		t.Fatal(err)
	}
	if diff := bits(timeless(whole), timeless(again)); diff != "" {
		t.Error(diff)
	}
}

func TestStateRefuses(t *testing.T) {
	d := sample(3, 40, 2, false)
	var state *State
	opt := Options{Points: 3, Save: func(s *State) error { state = s; return nil }}
	if _, err := Tune(context.Background(), d, Ridge, opt); err != nil {
		t.Fatal(err)
	}
	opt.Save, opt.Resume = nil, state
	other := sample(3, 40, 2, false)
	other.X[7][1] += 1e-12
	for _, c := range []struct {
		name   string
		data   *Data
		task   Task
		change func(*Options)
		want   string
	}{
		{"one number", other, Ridge, func(*Options) {}, "data: those with the checksum"},
		{"size", sample(3, 41, 2, false), Ridge, func(*Options) {}, "samples: 40 there, 41 here"},
		{"task", d, Lasso, func(*Options) {}, "task: ridge there, lasso here"},
		{"folds", d, Ridge, func(o *Options) { o.Folds = 4 }, "folds: 3 there, 4 here"},
		{"two options", d, Ridge, func(o *Options) { o.Seed, o.TestShare = 9, 0.5 }, "(test share: 0 there, 0.5 here; seed: 0 there, 9 here)"},
		{"methods", d, Ridge, func(o *Options) { o.Methods = []string{"bilevel", "grid"} }, "methods: bilevel there, bilevel,grid here"},
		{"range", d, Ridge, func(o *Options) { o.Range.L2 = [2]float64{1, 2} }, "range of l2: the default there, 1 to 2 here"},
		{"scaling", d, Ridge, func(o *Options) { o.Scaling = Standard }, "scaling: range there, standard here"},
		{"version", d, Ridge, func(o *Options) { s := *state; s.Version = 0; o.Resume = &s }, "the state has version 0, this program continues version 4"},
		{"too many runs", d, Ridge, func(o *Options) { s := *state; s.Methods = append(s.Methods, s.Methods...); o.Resume = &s }, "2 runs of 1 methods"},
		{"followers", d, Ridge, func(o *Options) { s := *state; s.Methods = []progress{{Followers: [][]byte{{1}}}}; o.Resume = &s }, "1 followers for 3 folds"},
		{"followers' bytes", d, Ridge, func(o *Options) { s := *state; s.Methods = []progress{{Followers: make([][]byte, 3)}}; o.Resume = &s }, "the state was damaged"},
	} {
		o := opt
		c.change(&o)
		_, err := Tune(context.Background(), c.data, c.task, o)
		var state *StateError
		if !errors.As(err, &state) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
	var b bytes.Buffer
	if err := state.Write(&b); err != nil {
		t.Fatal(err)
	}
	text := b.String()
	for _, c := range []struct{ name, text, want string }{
		{"nothing", "", "no state"},
		{"another text", "a,b,class\n1,2,3\n", "no state"},
		{"cut short", text[:len(text)-1], "checksum"},
		{"half a line", text[:len(stateHead)+5], "damaged"},
		{"a byte", text[:200] + string(text[200]^1) + text[201:], "checksum"},
		{"another version", strings.Replace(text, "state 4 ", "state 7 ", 1), "version 7, this program continues version 4"},
	} {
		_, err := ReadState(strings.NewReader(c.text))
		var state *StateError
		if !errors.As(err, &state) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
	if _, err := ReadStateFile(filepath.Join(t.TempDir(), "none")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a file that is not there: %v", err)
	}
}

// An error of Save ends the run, and what was found comes back with it.
func TestSaveFails(t *testing.T) {
	d := sample(3, 40, 2, false)
	full := errors.New("the disk is full")
	for fail := range 4 {
		calls := 0
		opt := Options{Points: 3, SaveEvery: 1, Save: func(*State) error {
			if calls++; calls > fail {
				return full
			}
			return nil
		}}
		r, err := Tune(context.Background(), d, Ridge, opt)
		if !errors.Is(err, full) || (r == nil) != (fail == 0) || calls != fail+1 {
			t.Errorf("%d saves: %v, %+v after %d calls", fail, err, r, calls)
		}
	}
}

// Whoever kills a run while it saves finds the state before.
func TestStateFileIsReplacedAsAWhole(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "state")
	d := sample(3, 40, 2, false)
	if _, err := Tune(context.Background(), d, Ridge, Options{Points: 3, SaveEvery: 1, Save: func(s *State) error { return s.WriteFile(file) }}); err != nil {
		t.Fatal(err)
	}
	if list, err := os.ReadDir(dir); err != nil || len(list) != 1 {
		t.Errorf("%v, %v", list, err)
	}
	if s, err := ReadStateFile(file); err != nil || !s.Finished {
		t.Errorf("%+v, %v", s, err)
	}
}
