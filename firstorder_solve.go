package bilevel

import (
	"context"
	"fmt"
	"math"

	"github.com/gobilevel/bilevel/backends"
	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/smooth"
	"github.com/gobilevel/bilevel/nonlinear/firstorder"
	"github.com/gobilevel/bilevel/nonlinear/response"
)

// firstOrderWays are the methods of package firstorder by name. The penalty method along gradients is called gradient, for value-function:penalty is
// the pass that moves the value-function constraint into the objective.
var firstOrderWays = []struct {
	name   string
	method firstorder.Method
}{
	{"value-function:dca", firstorder.DCA},
	{"value-function:gradient", firstorder.Penalty},
	{"value-function:bome", firstorder.BOME},
	{"value-function:f2sa", firstorder.F2SA},
}

// firstOrderRun runs such a method from one point.
func (s *solver) firstOrderRun(ctx context.Context, p *response.Problem, x []float64, way string, solver smooth.Solver, backend backends.Backend) (*answerRun, error) {
	events := s.events()
	opt := firstorder.Options{Smooth: solver, Backend: backend, Progress: func(e firstorder.Event) bool {
		if e.Iteration%50 == 1 {
			events(backends.Event{Step: way, Iteration: e.Iteration, Incumbent: math.NaN(), Bound: math.NaN(), Gap: math.NaN(), Residual: e.Residual})
		}
		return true
	}}
	for _, w := range firstOrderWays {
		if w.name == way {
			opt.Method = w.method
		}
	}
	if s.opt.Penalty > 0 {
		opt.Lambda = s.opt.Penalty
	}
	r, err := firstorder.Solve(ctx, p, x, opt)
	if err != nil {
		return nil, err
	}
	out := &answerRun{status: r.Status, x: r.X, objective: r.Objective, iterations: r.Iterations, evaluations: r.Answers, message: r.Message}
	if r.Status == model.StatusLocal {
		out.sentence = fmt.Sprintf("the method stopped with a residual of %.1e and a follower gap of %.1e at the weight %.4g", r.Residual, r.Gap, r.Lambda)
	}
	return out, nil
}
