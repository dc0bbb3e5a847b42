package highs

import (
	"context"
	"math"
	"sync"
	"time"

	"github.com/gobilevel/bilevel/backends"
)

// grace is how long a solve waits, after its context is done, for the solver to notice. The simplex and the tree search ask at each
// iteration or node, but presolve, the root relaxation of a MILP and the QP solver do not ask at all.
const grace = 250 * time.Millisecond

// session is one instance of the solver working for a call of Solve, with what it reported so far.
type session struct {
	e         engine
	a         *Arrays
	sign      float64
	start     time.Time
	unstarted bool // the context was done before the last run began
	abandoned bool // the instance was left to a solve that does not end, and must not be touched any more

	mu     sync.Mutex // guards what the solver's callbacks and the caller share
	quiet  bool       // the call has returned: report nothing more
	events func(backends.Event)
	step   string
	lines  *lineSplitter

	bestX      []float64 // the best point that the solver handed over, nil: none
	bestXValue float64   // its objective in the minimisation
	best       float64   // the incumbent's objective as declared, NaN: none; the solver may report it before its point
	bound      float64   // as declared, NaN: none
	nodes      int
	iterations int
	last       [4]float64 // what the last event said
	reported   bool       // there was one
}

func newSession(a *Arrays, step string, log func(string), events func(backends.Event)) (*session, error) {
	e, err := openEngine()
	if err != nil {
		return nil, err
	}
	s := &session{e: e, a: a, sign: a.sign(), start: time.Now(), step: step, events: events, best: math.NaN(), bound: math.NaN()}
	l := &listener{columns: a.NumCols()}
	if log != nil {
		s.lines = &lineSplitter{line: log}
		l.log = func(text string) {
			s.mu.Lock()
			defer s.mu.Unlock()
			if !s.quiet {
				s.lines.write(text)
			}
		}
		if a.Maximize {
			log("the problem is a maximisation; the solver minimises the negative of its objective, and its log shows that")
		}
	}
	mip := a.IsMIP()
	if mip {
		l.improved, l.progress = s.improved, s.progress
	}
	e.listen(l, mip)
	return s, nil
}

// close silences the solver and frees it, unless it is still at work.
func (s *session) close() {
	s.mu.Lock()
	s.quiet = true
	if s.lines != nil {
		s.lines.flush()
	}
	s.mu.Unlock()
	if !s.abandoned {
		closeEngine(s.e)
	}
}

// run runs the solver until it ends or, once the context is done, a little longer. It returns false where the solver did not
// end: it is then left to itself, its instance is freed when it ends, and only what the callbacks reported is known.
func (s *session) run(ctx context.Context) (code int, ended bool) {
	if ctx.Done() == nil {
		return s.e.run(), true
	}
	if ctx.Err() != nil {
		s.unstarted = true
		return 0, true
	}
	s.unstarted = false
	done := make(chan int, 1)
	go func() { done <- s.e.run() }()
	select {
	case code = <-done:
		return code, true
	case <-ctx.Done():
	}
	s.e.stop(true)
	timer := time.NewTimer(grace)
	defer timer.Stop()
	select {
	case code = <-done:
		s.e.stop(false)
		return code, true
	case <-timer.C:
		s.abandoned = true
		e := s.e
		go func() {
			<-done
			closeEngine(e)
		}()
		return 0, false
	}
}

// improved receives each better point of a MILP. Objectives are those of the minimisation.
func (s *session) improved(objective float64, x []float64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.quiet || x == nil || s.bestX != nil && s.bestXValue <= objective {
		return
	}
	s.bestX, s.bestXValue = append(s.bestX[:0], x...), objective
	if !(s.sign*s.best <= objective) {
		s.best = s.sign * objective
		s.report()
	}
}

// progress receives the lines of the branch and bound's table.
func (s *session) progress(nodes, iterations int, primal, dual float64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.quiet {
		return
	}
	s.nodes, s.iterations = nodes, iterations
	if math.Abs(dual) < infinite && !(s.sign*s.bound >= dual) {
		s.bound = s.sign * dual
	}
	if math.Abs(primal) < infinite && !(s.sign*s.best <= primal) {
		s.best = s.sign * primal
	}
	s.report()
}

func (s *session) report() {
	now := [4]float64{s.best, s.bound, float64(s.nodes), float64(s.iterations)}
	if s.events == nil || s.reported && sameNumbers(now, s.last) {
		return
	}
	s.last, s.reported = now, true
	s.events(backends.Event{Step: s.step, Iteration: s.iterations, Nodes: s.nodes, Incumbent: s.best, Bound: s.bound,
		Gap: gap(s.best, s.bound), Residual: math.NaN(), Elapsed: time.Since(s.start)})
}

// sameNumbers is equality in which NaN equals itself.
func sameNumbers(a, b [4]float64) bool {
	for i := range a {
		if a[i] != b[i] && !(math.IsNaN(a[i]) && math.IsNaN(b[i])) {
			return false
		}
	}
	return true
}

// gap is the relative gap between an objective and a bound, NaN where one of them is.
func gap(objective, bound float64) float64 {
	if math.IsInf(objective, 0) || math.IsInf(bound, 0) {
		return math.NaN()
	}
	return math.Abs(objective-bound) / max(1e-10, math.Abs(objective))
}
