package ipopt

import "sync/atomic"

// engine is one problem in the library. native.go implements it by cgo. Not safe for concurrent use, except for stop.
type engine interface {
	make() bool // of the task's sizes and bounds
	set(o option) bool
	logTo(file string, level int) bool
	run() code
	current() []float64 // the iterate, within task.iterate only; nil where the library can't tell
	stop()              // ends a running solve soon; safe from any goroutine
	free()
}

// newEngine makes an engine for a task, opening the library first. It is nil where the package was built without.
var newEngine func(t *task) (engine, error)

// nativeVersion is the version of the library, "" where there is none.
var nativeVersion = func() string { return "" }

var instances atomic.Int64

// OpenInstances is the number of problems in the library that are not yet freed: those being solved, and those left to finish in the
// background because they did not stop in time.
func OpenInstances() int { return int(instances.Load()) }
