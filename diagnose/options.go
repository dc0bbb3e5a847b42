package diagnose

import (
	"context"
	"time"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/verify"
)

// Options are the settings of Run. The zero value of each field is its default.
type Options struct {
	// Solve solves a bilevel model; nil: the problem itself is not solved, and only the relaxation and the followers are looked at.
	Solve func(ctx context.Context, m *model.Model) (*Outcome, error)
	// Verify are the settings of the checks along rays and of ties.
	Verify verify.Options
	// TimeLimit bounds the whole diagnosis; default 20 s.
	TimeLimit time.Duration
	// Decisions is the number of decisions at which followers are tested; default 24, negative: none.
	Decisions int
	// Seed is that of the decisions sampled.
	Seed uint64
	// LargestFilter is the number of sides of constraints and bounds up to which a conflict of the bilevel problem is made small; each takes about
	// two solves. Default 400.
	LargestFilter int
}

// Outcome is the answer of Options.Solve.
type Outcome struct {
	Status model.Status
	Proof  model.Proof
	X      []float64 // nil where there is no point
	// Optimistic and Pessimistic are the best and the worst leader's objective over the followers' optimal answers at X; NaN where not computed.
	Optimistic, Pessimistic float64
}

func (o Options) withDefaults() Options {
	if o.TimeLimit == 0 {
		o.TimeLimit = 20 * time.Second
	}
	if o.Decisions == 0 {
		o.Decisions = 24
	}
	if o.LargestFilter == 0 {
		o.LargestFilter = 400
	}
	return o
}
