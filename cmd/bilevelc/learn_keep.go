package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"time"

	"github.com/spf13/cobra"

	"github.com/gobilevel/bilevel/learning"
	"github.com/gobilevel/bilevel/report"
)

// learnKeep are the flags that keep a long run safe.
type learnKeep struct {
	checkpoint, resume string
	every              durationFlag
	file               string // that is written to; "": none
	finished           bool   // the file holds a run that has ended
}

func (k *learnKeep) flags(c *cobra.Command) {
	c.Flags().StringVar(&k.checkpoint, "checkpoint", "", "keep the state of the search in that `file`, so that it can be continued")
	c.Flags().Var(&k.every, "checkpoint-every", "`time` between two states: seconds, or a duration like 5m (0: 10 s, or more where saving takes long)")
	c.Flags().StringVar(&k.resume, "resume", "", "go on from the state in that `file`, and keep it there unless --checkpoint names another")
}

// set reads the state to continue, and sees to it that the file of the new one is not some other file.
func (k *learnKeep) set(a *app, opt *learning.Options) error {
	if k.every != 0 && k.checkpoint == "" && k.resume == "" {
		return &usageError{"--checkpoint-every: there is nothing to save to", "give --checkpoint FILE"}
	}
	if k.resume != "" && k.resume != "-" {
		var err error
		if opt.Resume, err = learning.ReadStateFile(k.resume); err != nil {
			return k.named(err)
		}
	}
	if k.file = k.checkpoint; k.file == "" {
		k.file = k.resume
	}
	if k.file == "" {
		return nil
	}
	if k.file == "-" {
		return &usageError{"--checkpoint and --resume take no \"-\": a state is read again, and standard output cannot be", "name a file"}
	}
	if k.file != k.resume {
		if err := k.free(); err != nil {
			return err
		}
	}
	k.tidy()
	opt.SaveEvery = time.Duration(k.every)
	saved := false
	if err := creatable("--checkpoint", k.file); err != nil {
		return err
	}
	opt.Save = func(s *learning.State) error {
		err := s.WriteFile(k.file)
		switch {
		case err == nil:
			saved, k.finished = true, s.Finished
		case saved:
			// A long run is not thrown away because a disk is full for a while: the last state is still there.
			fmt.Fprintf(a.stderr, "warning: the state was not saved: %v\n", err)
			return nil
		}
		return err
	}
	return nil
}

// tidy removes what runs have left beside the file that were killed while they saved.
func (k *learnKeep) tidy() {
	list, err := os.ReadDir(filepath.Dir(k.file))
	if err != nil {
		return // the first save says what is wrong
	}
	half := regexp.MustCompile(`^\.` + regexp.QuoteMeta(filepath.Base(k.file)) + `\.[0-9]+$`)
	for _, e := range list {
		if half.MatchString(e.Name()) && e.Type().IsRegular() {
			os.Remove(filepath.Join(filepath.Dir(k.file), e.Name())) // one that stays does no harm
		}
	}
}

// free refuses a file that is something else than a state, or the state of a run that has not ended.
func (k *learnKeep) free() error {
	s, err := learning.ReadStateFile(k.file)
	var other *learning.StateError
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case errors.As(err, &other):
		return &usageError{fmt.Sprintf("--checkpoint %s: there is such a file, and it cannot be told to be a state of this program", k.file), "name another file, or remove that one"}
	case err != nil:
		return unwritable("--checkpoint", k.file, err)
	case !s.Finished:
		return &usageError{fmt.Sprintf("--checkpoint %s: the file has the state of a run that has not ended", k.file), "give --resume " + k.file + " to go on with it, or remove it to begin anew"}
	}
	return nil
}

// named says in which file the trouble with a state is.
func (k *learnKeep) named(err error) error {
	var state *learning.StateError
	switch {
	case errors.As(err, &state):
		return &usageError{fmt.Sprintf("--resume %s: %s", k.resume, state.Problem), state.Remedy}
	case errors.Is(err, fs.ErrNotExist) && k.resume != "" && k.file == "":
		return &usageError{fmt.Sprintf("--resume %s: there is no such file", k.resume), "give the file of --checkpoint of the run that was interrupted"}
	}
	return err
}

// tell says how to go on with a run that was interrupted.
func (k *learnKeep) tell(a *app, interrupted, quiet bool) {
	if k.file != "" && interrupted && !k.finished && !quiet {
		fmt.Fprintf(a.stderr, "The state of the search is in %s; with --resume %s in the place of --checkpoint the same command goes on.\n", k.file, k.file)
	}
}

// watchLearning shows on stderr where the search stands.
func (a *app) watchLearning(opt *learning.Options, f *learnFlags) *report.Progress {
	terminal := isTerminal(a.stderr)
	if f.quiet || f.json && !f.verbose && !terminal {
		return report.NewProgress(io.Discard, false, report.Style{})
	}
	p := report.NewProgress(a.stderr, terminal, style(a.stderr))
	start := time.Now()
	var last learning.Event
	norm := math.NaN()
	opt.Events = func(e learning.Event) {
		if e.Method != last.Method {
			norm = math.NaN()
		}
		if f.verbose && (e.Method != last.Method || e.CV != last.CV) {
			p.Println(fmt.Sprintf("%s: %s after %s and %s", e.Method, lossWords(e.CV), report.Count(e.Trainings, "training"), report.Seconds(e.Elapsed.Seconds())))
		}
		last = e
		if !math.IsNaN(e.Norm) {
			norm = e.Norm
		}
		p.Show(learnState(e, norm, time.Since(start)))
	}
	return p
}

// lossWords says how small the validation loss is so far.
func lossWords(cv float64) string {
	if math.IsInf(cv, 0) || math.IsNaN(cv) {
		return "no validation loss yet"
	}
	return "validation loss " + report.Number(cv)
}

// learnState is the line of progress of an event; norm is that of the last hypergradient, elapsed the time of all methods.
func learnState(e learning.Event, norm float64, elapsed time.Duration) report.State {
	text := lossWords(e.CV)
	if !math.IsNaN(norm) {
		text += fmt.Sprintf("  hypergradient %.1e", norm)
	}
	text += "  " + report.Count(e.Trainings, "training")
	if e.Gradients > 0 {
		text += "  " + report.Count(e.Gradients, "hypergradient")
	}
	return report.State{Step: e.Method, Message: text, Incumbent: math.NaN(), Bound: math.NaN(), Gap: math.NaN(), Elapsed: elapsed}
}
