package main

import (
	"slices"
	"sync"
	"time"

	"github.com/gobilevel/bilevel/bench/library"
)

// keeper keeps the file of --out up to date while the runs come in.
type keeper struct {
	mu      sync.Mutex
	name    string
	results library.Results
	last    time.Time
}

// newKeeper makes the keeper of a file that can be written.
func newKeeper(name string, l *library.Library, opt library.Options) *keeper {
	return &keeper{name: name, results: library.Results{Library: l.Name, Version: programVersion(), Settings: l.Settings(opt), Runs: slices.Clone(opt.Earlier)}}
}

// add takes a run in; the file is written at most once a second, so that a library of many small problems is not slowed down.
func (k *keeper) add(r library.Run) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.results.Runs = append(k.results.Runs, r)
	if k.name == "" || time.Since(k.last) < time.Second {
		return nil
	}
	k.last = time.Now()
	return k.results.WriteFile(k.name)
}

// end writes all runs in their order, and after them those of the file that were not asked for this time.
func (k *keeper) end(r *library.Results, earlier []library.Run) error {
	if k.name == "" {
		return nil
	}
	all := *r
	all.Runs = slices.Clone(r.Runs)
	for _, e := range earlier {
		if !slices.ContainsFunc(r.Runs, func(x library.Run) bool { return x.Problem == e.Problem && x.Way() == e.Way() }) {
			all.Runs = append(all.Runs, e)
		}
	}
	return all.WriteFile(k.name)
}
