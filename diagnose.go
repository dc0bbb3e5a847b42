package bilevel

import (
	"context"
	"time"

	"github.com/gobilevel/bilevel/diagnose"
)

// DiagnoseOptions are the settings of Diagnose. The zero value of each field is its default.
type DiagnoseOptions struct {
	Options                 // of the solves; TimeLimit bounds the whole diagnosis, default 20 s
	Quick     bool          // solve neither the problem itself nor others of its kind: linear programs only
	SolveTime time.Duration // for one solve of a bilevel problem; default 5 s
	Decisions int           // decisions of the leader at which followers are tested; default 24, negative: none
}

// Diagnose says why a model is infeasible or unbounded, at which decisions of the leader its followers have no answer, how large its numbers
// are, and what looks like a slip. See package diagnose. It is the optimistic problem that is diagnosed, whatever Options.Attitude: only there
// does whatever leaves a follower more answers leave the leader more, so that a smallest conflict makes sense.
func Diagnose(ctx context.Context, m *Model, opt DiagnoseOptions) (*diagnose.Report, error) {
	if _, err := newSolver(m, []Options{opt.Options}); err != nil {
		return nil, err
	}
	if opt.SolveTime <= 0 {
		opt.SolveTime = 5 * time.Second
	}
	d := diagnose.Options{Verify: VerifyOptions(opt.Options), TimeLimit: opt.TimeLimit, Decisions: opt.Decisions, Seed: uint64(opt.Seed)}
	if !opt.Quick {
		d.Solve = func(ctx context.Context, m *Model) (*diagnose.Outcome, error) {
			o := opt.Options
			o.TimeLimit, o.Start, o.Reform, o.Backend, o.Attitude = opt.SolveTime, nil, "", "", Optimistic
			r, err := Solve(ctx, m, o)
			if err != nil {
				return nil, err
			}
			out := &diagnose.Outcome{Status: r.Status, Proof: r.Proof, Optimistic: r.Optimistic, Pessimistic: r.Pessimistic}
			if r.Point != nil {
				out.X = r.Point.X
			}
			return out, nil
		}
	}
	r, err := diagnose.Run(ctx, m, d)
	return r, inModel(m, err)
}
