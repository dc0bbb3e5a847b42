package learning

import (
	"bytes"
	"encoding/gob"
	"fmt"
	"reflect"
	"slices"
	"time"
)

// keeping saves the state of a run now and then. A nil keeping saves nothing.
type keeping struct {
	save  func(*State) error
	every time.Duration // 0: 10 s, and at least 20 times what the last save took
	state State         // without the method that runs
	last  time.Time
	took  time.Duration // by the last save
	err   error         // of a save; it ends the run
}

// keepable are the methods that ask their followers by losses, gradient, sizes and over alone; others begin anew when a state is continued.
var keepable = []string{"bilevel", "grid", "random"}

// now saves where the search stands, if it is time to or at once.
func (k *keeping) now(s *search, atOnce bool) {
	if k == nil || k.err != nil || s.tape.torn || s.tape.replays() {
		return
	}
	every := k.every
	if every == 0 {
		every = max(10*time.Second, 20*k.took)
	}
	if !atOnce && time.Since(k.last) < every {
		return
	}
	begin := time.Now()
	k.put(append(slices.Clip(k.state.Methods), s.progress(nil)), false)
	k.last, k.took = time.Now(), time.Since(begin)
}

// ended saves the run of a method that has ended.
func (k *keeping) ended(s *search, run *Run, finished bool) {
	if k != nil && k.err == nil {
		k.state.Methods = append(slices.Clip(k.state.Methods), s.progress(run))
		k.put(k.state.Methods, finished)
	}
}

// progress is how far the search is.
func (s *search) progress(run *Run) progress {
	p := progress{Run: run, Elapsed: s.elapsed()}
	if slices.Contains(keepable, s.method) && (run == nil || run.Interrupted) {
		if followers, ok := s.cv.save(); ok {
			p.Answers, p.Followers = slices.Clip(s.tape.entries), followers
		}
	}
	return p
}

// put saves the state with the methods so far.
func (k *keeping) put(methods []progress, finished bool) {
	s := k.state
	s.Methods, s.Finished = methods, finished
	if err := k.save(&s); err != nil {
		k.err = fmt.Errorf("learning: saving the state: %w", err)
	}
}

// kept is a fitter whose answers depend on the ones before; its state is what its fields point to, of fixed lengths, and revive computes what follows
// from them.
type kept interface {
	state() []any
	revive()
}

func (h *hinges) state() []any {
	return []any{&h.c, &h.r, &h.box, &h.v, &h.alpha, &h.hinge, &h.weight, &h.warm, &h.ends}
}
func (h *hinges) revive() { h.classifyOnly() }

func (r *ridge) state() []any { return []any{&r.v, &r.h} }
func (r *ridge) revive()      { r.factor() }

func (l *lasso) state() []any { return []any{&l.v, &l.l1, &l.l2} }
func (l *lasso) revive()      {}

func (l *logistic) state() []any { return []any{&l.v, &l.h} }
func (l *logistic) revive() {
	l.derivatives()
	cholesky(l.k, l.n+1)
}

// save is the state of the follower of each fold; it answers false where one has none that could be saved.
func (c *Validation) save() ([][]byte, bool) {
	out := make([][]byte, len(c.folds))
	for t, f := range c.folds {
		k, ok := f.f.(kept)
		if !ok {
			return nil, false
		}
		var b bytes.Buffer
		e := gob.NewEncoder(&b)
		for _, field := range k.state() {
			if err := e.Encode(field); err != nil {
				return nil, false
			}
		}
		out[t] = b.Bytes()
	}
	return out, true
}

// load puts the followers where save found them.
func (c *Validation) load(states [][]byte) error {
	if len(states) != len(c.folds) {
		return damaged(fmt.Errorf("it has %d followers for %d folds", len(states), len(c.folds)))
	}
	for t, f := range c.folds {
		k, ok := f.f.(kept)
		if !ok {
			return damaged(fmt.Errorf("follower %d keeps no state", t+1))
		}
		d := gob.NewDecoder(bytes.NewReader(states[t]))
		for _, field := range k.state() {
			n := length(field)
			if err := d.Decode(field); err != nil {
				return damaged(err)
			}
			if length(field) != n {
				return damaged(fmt.Errorf("follower %d has %d numbers in place of %d", t+1, length(field), n))
			}
		}
		k.revive()
	}
	return nil
}

// standing is a copy of the state of each follower that keeps one, for stand.
func (c *Validation) standing() [][]any {
	out := make([][]any, len(c.folds))
	for t, f := range c.folds {
		if k, ok := f.f.(kept); ok {
			for _, field := range k.state() {
				switch v := field.(type) {
				case *[]float64:
					out[t] = append(out[t], slices.Clone(*v))
				case *[]side:
					out[t] = append(out[t], slices.Clone(*v))
				default:
					out[t] = append(out[t], reflect.ValueOf(field).Elem().Interface())
				}
			}
		}
	}
	return out
}

// stand puts the followers where standing found them. Those that keep no state go on from where they are, to the same answers but for rounding.
func (c *Validation) stand(at [][]any) {
	for t, f := range c.folds {
		if k, ok := f.f.(kept); ok {
			for i, field := range k.state() {
				reflect.ValueOf(field).Elem().Set(reflect.ValueOf(at[t][i]))
			}
			k.revive()
		}
	}
}

// length is that of the list that a field of a state points to, 0 for other kinds.
func length(field any) int {
	switch v := field.(type) {
	case *[]float64:
		return len(*v)
	case *[]side:
		return len(*v)
	}
	return 0
}
