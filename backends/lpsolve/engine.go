package lpsolve

import "sync/atomic"

// engine is one instance of the solver with a problem loaded. native.go implements it by cgo. Not safe for concurrent use, except for stop.
type engine interface {
	destroy()
	listen(l *listener) // nil: nobody listens
	stop()              // ends a running solve soon, and keeps another from starting; safe from any goroutine
	set(o setting, v float64)
	load(p *problem) error
	run() (status int)
	primal(x []float64) bool
	duals(rows []float64) bool // of the rows, in load's order
	nodes() int
	iterations() int
}

// listener receives what the solver reports while it runs, on the solver's thread.
type listener struct {
	columns  int
	log      func(text string)
	improved func(x []float64, nodes, iterations int) // x is valid during the call only
}

// setting is one parameter of the solver.
type setting int

const (
	setVerbose setting = iota
	setScaling
	setScaleLimit
	setImprove
	setSimplexType
	setPivoting
	setBasisCrash
	setRelativeGap
	setAbsoluteGap
	setIntegrality
	setPrimalTolerance
	setDualTolerance
	setPivotTolerance
	setBranchRule
	setFloorFirst
	setDepthLimit
	setMaxPivots
	setAntiDegen
	setNegativeRange
)

// newEngine makes an instance. It is nil where there is no library.
var newEngine func() (engine, error)

// nativeVersion is the version of the library, "" where there is none.
var nativeVersion = func() string { return "" }

var instances atomic.Int64

// OpenInstances is the number of instances of the solver that are not yet freed.
func OpenInstances() int { return int(instances.Load()) }

func openEngine() (engine, error) {
	if newEngine == nil {
		return nil, errAbsent()
	}
	e, err := newEngine()
	if err == nil {
		instances.Add(1)
	}
	return e, err
}

func closeEngine(e engine) {
	e.destroy()
	instances.Add(-1)
}
