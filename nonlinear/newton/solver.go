package newton

import (
	"context"
	"fmt"
	"time"

	"github.com/gobilevel/bilevel/model/smooth"
)

// Solver is the built-in local solver of smooth programs. The zero value is ready for use, by several goroutines at once.
type Solver struct{}

// Name is "builtin".
func (*Solver) Name() string { return "builtin" }

// Defaults of the options.
const (
	DefaultTolerance     = 1e-8
	DefaultMaxIterations = 3000
)

// Solve looks for a point that satisfies the first-order conditions of the program, from the start given. See the package comment for how.
func (*Solver) Solve(ctx context.Context, p smooth.Program, start smooth.Start, opt smooth.Options) (*smooth.Answer, error) {
	if len(start.X) != p.NumVars() {
		return nil, fmt.Errorf("newton: a start of %d values for %d variables", len(start.X), p.NumVars())
	}
	r := &run{ctx: ctx, p: p, opt: opt, start: start, began: time.Now()}
	if r.opt.Tolerance <= 0 {
		r.opt.Tolerance = DefaultTolerance
	}
	if r.opt.Feasibility <= 0 {
		r.opt.Feasibility = r.opt.Tolerance
	}
	if r.opt.MaxIterations <= 0 {
		r.opt.MaxIterations = DefaultMaxIterations
	}
	return r.solve()
}
