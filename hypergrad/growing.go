package hypergrad

import (
	"context"
	"fmt"
	"math"
	"time"
)

// partShares are the shares of the samples that Growing begins with.
var partShares = []float64{1. / 32, 1. / 8}

// grow runs on parts and then on all samples, each stage from the answer, the adjoint and the pairs of the one before.
func (r *leaderRun) grow(ctx context.Context, p Parts, x, y []float64) (*Result, error) {
	nf, nl := p.Samples()
	_, m := p.Size()
	last := *r
	share := 0.0 // of the stage before
	for _, s := range partShares {
		f, l := int(s*float64(nf)), int(s*float64(nl))
		// Smaller parts than that tell little of m weights.
		if f < 10*m || l < 10*m {
			continue
		}
		part, err := p.Part(f, l)
		if err != nil {
			return nil, fmt.Errorf("hypergrad: %d and %d of %d and %d samples: %w", f, l, nf, nl, err)
		}
		// Where a stage begins, its gradient is the sampling error of the one before; errors fall with the root of the share.
		stage := r.stage(last)
		stage.opt.Save = nil
		stage.enough = func(first float64) float64 {
			if share == 0 {
				return 0.1 * first
			}
			return 0.5 * first * math.Sqrt(share/s)
		}
		res, err := stage.run(ctx, part, x, y)
		if err != nil || res.Status == Interrupted || res.Status == Limit || res.Status == Spent {
			if res != nil {
				res.Message += fmt.Sprintf(", on %d and %d of %d and %d samples", f, l, nf, nl)
			}
			return res, err
		}
		share = s
		x, y, last = res.X, res.Y, *stage
	}
	return r.stage(last).run(ctx, p, x, y)
}

// stage is a run that continues another, which may not have begun.
func (r *leaderRun) stage(last leaderRun) *leaderRun {
	next := &leaderRun{opt: r.opt, begin: r.begin, tight: 1, inside: 1}
	if last.e == nil {
		return next
	}
	next.before, next.spent = last.before+last.k, last.e.Tally()
	next.history = last.history
	next.s, next.y, next.v = last.s, last.y, last.e.v
	next.first, next.norm, next.step = last.first, last.norm, last.step
	if r.opt.TimeLimit > 0 {
		next.opt.TimeLimit = max(1, r.opt.TimeLimit-time.Since(r.begin))
	}
	return next
}
