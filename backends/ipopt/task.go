package ipopt

import (
	"sync"
	"time"

	"github.com/gobilevel/bilevel/model/smooth"
)

// task is one call of Solve as the library's callbacks see it. They run on one thread, one at a time; mu keeps them off the program once the
// caller has been told that the solve was left to itself, and the log's lines off Options.Progress.
type task struct {
	program smooth.Program
	opt     smooth.Options
	start   time.Time
	engine  engine
	shape   shape
	alone   bool // the library may run one solve at a time only

	buffer               []float64 // of the next
	x, g, lambda, zl, zu []float64 // in and out, in the shape's sizes

	mu          sync.Mutex
	began       bool      // its turn has come
	left        bool      // the caller does not wait any more
	panicked    any       // what a function of the program or Progress panicked with
	ended       bool      // Progress said so
	failed      string    // the function that had no value when one was last missed
	evaluations int       // of the objective
	iterations  int       // of this attempt
	before      int       // iterations of earlier attempts
	heard       bool      // of an iterate
	last        []float64 // where the gradient was evaluated last: near the current iterate
	c, jac      []float64 // program's rows and Jacobian where rows are left out
	weights     []float64 // program's multipliers where rows are left out
}

func newTask(p smooth.Program, opt smooth.Options, s *shape) *task {
	t := &task{program: p, opt: opt, shape: *s, start: time.Now(), last: make([]float64, s.own)}
	t.buffer = make([]float64, 3*s.n+2*s.m)
	rest := t.buffer
	cut := func(n int) []float64 {
		part := rest[:n:n]
		rest = rest[n:]
		return part
	}
	t.x, t.zl, t.zu, t.g, t.lambda = cut(s.n), cut(s.n), cut(s.n), cut(s.m), cut(s.m)
	if s.keep != nil {
		rows, _ := p.JacobianPattern()
		t.c, t.jac, t.weights = make([]float64, p.NumRows()), make([]float64, len(rows)), make([]float64, p.NumRows())
	}
	return t
}
