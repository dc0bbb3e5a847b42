package highs

// engine is one instance of the solver: the calls of its C interface that this package uses, on whole slices. Return values named
// code are the solver's call statuses: 0 done, 1 done with a warning, -1 refused. native.go implements it by cgo. It is an interface so
// that everything else in this package compiles where the native library is left out. Not safe for concurrent use, except for stop.
type engine interface {
	destroy()
	listen(l *listener, mip bool) // nil: nobody listens. mip: the listener wants the progress of a branch and bound
	stop(on bool)                 // raises or clears the flag that ends a running solve; safe from any goroutine

	setBool(name string, v bool) (code int)
	setInt(name string, v int) (code int)
	setDouble(name string, v float64) (code int)
	setString(name, v string) (code int)
	optionType(name string) (t optionType, known bool)
	optionNames() []string

	// passModel hands over a minimisation: the costs, the offset and the Hessian are those of a multiplied by sign.
	passModel(a *Arrays, sign float64) (code int)
	run() (code int)
	clearSolver() (code int)
	modelStatus() int
	runTime() float64 // seconds spent in run over the life of the instance
	infoInt(name string) int
	infoInt64(name string) int64
	infoDouble(name string) float64
	objective() float64
	solution(x, reducedCost, activity, dual []float64) // a nil slice is left out
	setSolution(x []float64) (code int)
	setStart(x []float64) (code int) // NaN where unknown

	basis(cols, rows []int32) (code int)
	setBasis(cols, rows []int32) (code int)
	basicVariables(out []int32) (code int)
	reducedRow(i int, row []float64, index []int32) (n, code int)
	inverseRow(i int, row []float64, index []int32) (n, code int)
	primalRay(ray []float64) bool
	dualRay(ray []float64) bool

	changeColBounds(index []int32, lower, upper []float64) (code int)
	changeRowBounds(index []int32, lower, upper []float64) (code int)
	changeCosts(index []int32, cost []float64) (code int)
	changeOffset(offset float64) (code int)
	changeCoefficient(row, col int, v float64) (code int)
	addRows(lower, upper []float64, start, index []int32, value []float64) (code int)
	addCols(cost, lower, upper []float64, start, index []int32, value []float64) (code int)
	deleteRows(index []int32) (code int)
	numNonzeros() int
	lp(a *Arrays) (code int) // fills a, whose slices have the right lengths, by rows
}

// listener receives what the solver reports while it runs, on the solver's thread. Objectives are those of the minimisation handed over.
type listener struct {
	columns  int
	log      func(text string)
	improved func(objective float64, x []float64) // x is valid during the call only
	progress func(nodes, iterations int, primal, dual float64)
}

type optionType int

const (
	boolOption optionType = iota
	intOption
	doubleOption
	stringOption
)

// newEngine makes an instance. It is nil in a binary built without the native library.
var newEngine func() engine

// nativeVersion is the version of the native library, "" where there is none.
var nativeVersion = func() string { return "" }
