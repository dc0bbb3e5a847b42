package lpsolve

import (
	"context"
	"fmt"
	"math"
	"strings"
	"sync"
	"time"

	"github.com/gobilevel/bilevel/backends"
)

// grace is how long a solve waits, after its context is done, for the solver to notice.
const grace = 300 * time.Millisecond

// work is one call of Solve.
type work struct {
	ctx   context.Context // ends with the time limit, too
	opt   backends.Options
	start time.Time
	model *lowered

	feasibility, integrality float64
	given                    []option // settings by the solver's own names
	nodes, iterations        int      // of the runs that ended

	mu     sync.Mutex // guards what the solver's callbacks and the caller share
	quiet  bool       // the call has returned: report nothing more
	events func(backends.Event)
	best   []float64 // the best feasible point so far, in columns of the model's problem
	value  float64   // its objective, +Inf: none
	bound  float64   // -Inf: none
	told   float64   // the incumbent that the last event gave
	rest   string    // of the log, what has no end of line yet
	seen   int       // nodes that the last event gave
}

// outcome is a run of the solver.
type outcome struct {
	code code
	x, y []float64
}

// attempt is a way to run the solver.
type attempt struct {
	name     string
	settings map[setting]float64
}

// Values of lp_lib.h.
const (
	scaleGeometric  = 4 + 64 // geometric and equilibrated
	scaleDynamic    = 256
	scalePower2     = 32
	scaleIntegers   = 128
	simplexDefault  = 6 // dual, then primal
	simplexPrimal   = 5
	simplexDual     = 10
	pricerDevex     = 2
	pricerDantzig   = 1
	pricerFirst     = 0
	priceAdaptive   = 32
	improveDefault  = 6
	ceilFirst       = 1
	fewerPivots     = 30
	noPerturbation  = 0
	degenerateModes = 4 + 8 + 16 // stalling, numerical failure, lost feasibility
)

// attempts are the ways to solve a problem, tried one after another until an answer stands.
var attempts = []attempt{
	{"as usual", map[setting]float64{setScaling: scaleGeometric + scalePower2 + scaleIntegers}},
	{"without scaling", map[setting]float64{setScaling: 0, setFloorFirst: ceilFirst}},
	{"primal simplex", map[setting]float64{setScaling: scaleGeometric + scalePower2, setSimplexType: simplexPrimal, setPivoting: pricerDevex + priceAdaptive, setMaxPivots: fewerPivots}},
	{"dual simplex, Dantzig", map[setting]float64{setScaling: scaleGeometric + scaleDynamic, setSimplexType: simplexDual, setPivoting: pricerDantzig + priceAdaptive, setAntiDegen: degenerateModes}},
	{"first index", map[setting]float64{setScaling: 0, setSimplexType: simplexPrimal, setPivoting: pricerFirst, setMaxPivots: fewerPivots}},
}

// run solves a problem in one way. own says that its columns are those of the model's problem and feasible points worth keeping.
func (w *work) run(p *problem, a attempt, own bool, gaps [2]float64) (*outcome, error) {
	if w.ctx.Err() != nil {
		return &outcome{code: codeAborted}, nil
	}
	e, err := openEngine()
	if err != nil {
		return nil, err
	}
	for s := setVerbose; s <= setNegativeRange; s++ {
		if v, ok := a.settings[s]; ok {
			e.set(s, v)
		}
	}
	e.set(setDepthLimit, 0) // beyond a limit the solver drops nodes in silence
	e.set(setIntegrality, w.integrality/10)
	e.set(setPrimalTolerance, math.Min(1e-9, w.feasibility/10))
	e.set(setRelativeGap, gaps[0])
	e.set(setAbsoluteGap, gaps[1])
	for _, o := range w.given {
		e.set(o.setting, o.value)
	}
	l := &listener{columns: len(p.cost)}
	if w.opt.Log != nil {
		e.set(setVerbose, 5)
		l.log = w.log
	}
	if own && p.isMIP() {
		l.improved = func(x []float64, nodes, iterations int) { w.improved(x[:len(w.model.cost)], nodes, iterations) }
	}
	e.listen(l)
	if err := e.load(p); err != nil {
		closeEngine(e)
		return nil, err
	}
	done := make(chan code, 1)
	go func() { done <- code(e.run()) }()
	select {
	case c := <-done:
		return w.collect(e, p, c), nil
	case <-w.ctx.Done():
	}
	e.stop()
	timer := time.NewTimer(grace)
	defer timer.Stop()
	select {
	case c := <-done:
		return w.collect(e, p, c), nil
	case <-timer.C:
		go func() {
			<-done
			closeEngine(e)
		}()
		return &outcome{code: codeLeftRunning}, nil
	}
}

// collect reads what a run that ended found, and frees its instance.
func (w *work) collect(e engine, p *problem, c code) *outcome {
	defer closeEngine(e)
	out := &outcome{code: c}
	w.mu.Lock()
	w.nodes += max(0, e.nodes())
	w.iterations += max(0, e.iterations())
	w.mu.Unlock()
	if c == codeOptimal || c == codeSuboptimal || c == codePresolved || c == codeDegenerate || c == codeFeasible || c == codeAccuracy {
		out.x = make([]float64, len(p.cost))
		if !e.primal(out.x) {
			out.x = nil
		}
	}
	if out.x != nil && !p.isMIP() {
		out.y = make([]float64, len(p.rowLo))
		if !e.duals(out.y) {
			out.y = nil
		}
	}
	return out
}

// improved receives each better point of the tree search. It is kept if it is feasible by our measure.
func (w *work) improved(x []float64, nodes, iterations int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	p := &w.model.problem
	if w.quiet || p.violation(x, w.feasibility, w.integrality) > w.feasibility {
		return
	}
	w.keep(x)
	w.report(w.nodes+nodes, w.iterations+iterations)
}

// keep takes a feasible point where it is better than the one there is. The caller holds the mutex.
func (w *work) keep(x []float64) {
	if v := w.model.objective(x); v < w.value {
		w.best, w.value = append([]float64(nil), x...), v
	}
}

// report tells of progress that there is. The caller holds the mutex.
func (w *work) report(nodes, iterations int) {
	if w.events == nil || math.IsInf(w.value, 1) || w.value >= w.told {
		return
	}
	w.told = w.value
	w.seen = max(w.seen, nodes)
	e := backends.Event{Step: "milp", Iteration: iterations, Nodes: w.seen, Incumbent: w.declared(w.value), Bound: w.declared(min(w.bound, w.value)),
		Residual: math.NaN(), Elapsed: time.Since(w.start)}
	e.Gap = gap(e.Incumbent, e.Bound)
	w.events(e)
}

// declared is an objective of the problem as that of the model, NaN where it is infinite.
func (w *work) declared(v float64) float64 {
	if math.IsInf(v, 0) {
		return math.NaN()
	}
	return w.model.sign*v + w.model.offset
}

// gap is the relative gap between an objective and a bound, NaN where one of them is.
func gap(objective, bound float64) float64 {
	return math.Abs(objective-bound) / max(1e-10, math.Abs(objective))
}

// log hands the solver's messages on line by line.
func (w *work) log(text string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.rest += strings.ReplaceAll(text, "\r", "")
	for {
		line, rest, found := strings.Cut(w.rest, "\n")
		if !found {
			return
		}
		w.rest = rest
		if strings.TrimSpace(line) != "" && !w.quiet {
			w.opt.Log(line)
		}
	}
}

// end silences the solver.
func (w *work) end() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if strings.TrimSpace(w.rest) != "" && w.opt.Log != nil && !w.quiet {
		w.opt.Log(w.rest)
	}
	w.quiet = true
}

// say adds a line of ours to the log.
func (w *work) say(format string, args ...any) {
	if w.opt.Log != nil {
		w.log(fmt.Sprintf(format+"\n", args...))
	}
}
