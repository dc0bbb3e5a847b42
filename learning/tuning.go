package learning

import (
	"context"
	"fmt"
	"math"
	"slices"
	"time"
)

// tuning is a call of Tune: its methods, one after the other.
type tuning struct {
	ctx         context.Context
	opt         Options
	train, test *Data
	folds       [][]int
	space       *space
	ranges      Ranges
	result      *Result
	keep        *keeping
	budget      time.Duration // see Options.EqualTime
}

func (t *tuning) run(now []setting) (*Result, error) {
	if t.opt.Save != nil {
		t.keep = &keeping{save: t.opt.Save, every: t.opt.SaveEvery, last: time.Now(), state: State{Version: stateVersion, Settings: now}}
	}
	var before []progress
	if from := t.opt.Resume; from != nil {
		if err := from.fits(now); err != nil {
			return nil, err
		}
		if before = from.Methods; len(before) > len(t.opt.Methods) {
			return nil, damaged(fmt.Errorf("it has %d runs of %d methods", len(before), len(t.opt.Methods)))
		}
		if t.keep != nil {
			t.keep.state.Budget = from.Budget
		}
		t.budget = from.Budget
	} else if t.keep != nil {
		if t.keep.put(nil, false); t.keep.err != nil {
			return nil, t.keep.err
		}
	}
	for k := range t.opt.Methods {
		var from *progress
		if k < len(before) {
			from = &before[k]
		}
		run, err := t.method(k, from)
		if run != nil {
			t.result.Runs = append(t.result.Runs, *run)
			if run.Failed > 0 {
				t.result.Notes = append(t.result.Notes, fmt.Sprintf("%s passed over %d points, as a training failed there; the last time: %s", run.Method, run.Failed, run.Failure))
			}
		}
		switch some := len(t.result.Runs) > 0; {
		case err == nil:
		case some && t.ctx.Err() != nil && run == nil:
			return t.result, nil
		case some:
			return t.result, err
		default:
			return nil, err
		}
		if t.ctx.Err() != nil && t.result.Runs[k].Interrupted {
			return t.result, nil
		}
	}
	return t.result, nil
}

// method runs the method k, from where the state left it if there is one.
func (t *tuning) method(k int, from *progress) (*Run, error) {
	first := k == 0
	limit, budget := t.opt.TimeLimit, time.Duration(0)
	if t.opt.EqualTime {
		if budget = limit; limit == 0 && !first {
			limit, budget = t.budget, t.budget
		}
	}
	if from != nil && from.Run != nil && (!from.Run.Interrupted || limit > 0 && limit <= from.Elapsed) {
		if t.keep != nil {
			t.keep.state.Methods = append(t.keep.state.Methods, *from)
		}
		return from.Run, nil
	}
	s, err := t.search(t.opt.Methods[k], limit, budget, from)
	if err == nil && s.tape.torn {
		// Another version of the search made the state: begin anew.
		s, err = t.search(t.opt.Methods[k], limit, budget, nil)
	}
	if err != nil {
		return nil, err
	}
	stopped := s.halted && t.ctx.Err() != nil
	if stopped {
		t.keep.now(s, true)
	}
	run, err := s.conclude(t.train, t.test)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", s.method, err)
	}
	if first {
		t.budget = run.Elapsed
		if t.keep != nil {
			t.keep.state.Budget = run.Elapsed
		}
	}
	if !stopped {
		t.keep.ended(s, run, k == len(t.opt.Methods)-1)
	}
	if t.keep != nil {
		err = t.keep.err
	}
	return run, err
}

// search goes through a method.
func (t *tuning) search(name string, limit, budget time.Duration, from *progress) (*search, error) {
	cv, err := NewValidation(t.train, t.space.task, t.folds, t.opt.Loss)
	if err != nil {
		return nil, err
	}
	s := &search{ctx: t.ctx, cv: cv, train: t.train, space: t.space, opt: t.opt, method: name, limit: limit, budget: budget, keep: t.keep, best: point{loss: math.Inf(1), slope: math.Inf(1)}}
	if from != nil && from.Followers != nil && slices.Contains(keepable, name) {
		if err := cv.load(from.Followers); err != nil {
			return nil, err
		}
		s.tape.entries, s.earlier = slices.Clip(from.Answers), from.Elapsed
	}
	s.start = time.Now()
	switch name {
	case "bilevel":
		s.bilevel()
	case "dca":
		s.space = t.space.withRadius(t.ranges)
		s.dca()
	case "smoothing":
		s.smoothing()
	case "relaxation":
		s.relaxation()
	case "grid":
		s.grid()
	case "random":
		s.random()
	}
	return s, nil
}
