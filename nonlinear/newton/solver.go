package newton

import (
	"context"
	"time"

	"github.com/gobilevel/bilevel/model/smooth"
)

// Solver is the built-in local solver of smooth programs. The zero value is ready for use, by several goroutines at once.
type Solver struct {
	// Plain chooses the semismooth Newton method on the Fischer-Burmeister system with a line search on its merit function, in place of the
	// interior iteration. It finds stationary points of any kind and from near ones only; it is there for comparison.
	Plain bool
}

// Name is "builtin".
func (*Solver) Name() string { return "builtin" }

// Defaults of the options.
const (
	DefaultTolerance     = 1e-8
	DefaultMaxIterations = 3000
)

// Solve looks for a point that satisfies the first-order conditions of the program, from the start given. See the package comment for how.
//
// Options.Native knows barrier (adaptive or monotone), polish (yes or no), blocks (yes or no), threads (0 to 1024), attempts (1 to 4) and relax (0 to 1e-4). Errors are of type
// *OptionError or *StartError.
func (s *Solver) Solve(ctx context.Context, p smooth.Program, start smooth.Start, opt smooth.Options) (*smooth.Answer, error) {
	if err := checkStart(p, start); err != nil {
		return nil, err
	}
	opt, err := withDefaults(opt)
	if err != nil {
		return nil, err
	}
	set, err := readNative(opt.Native)
	if err != nil {
		return nil, err
	}
	r := &run{ctx: ctx, p: p, opt: opt, set: set, start: start, began: time.Now()}
	return r.solve(s.Plain)
}
