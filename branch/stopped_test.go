package branch

import (
	"context"
	"math"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gobilevel/bilevel/model"
)

// askedOften is a context that ends when its Err was asked so many times: a search can be stopped at each of its steps in turn.
type askedOften struct {
	context.Context
	left  atomic.Int64
	ended atomic.Bool
	done  chan struct{}
	err   error
}

func newAskedOften(times int64, err error) *askedOften {
	c := &askedOften{Context: context.Background(), done: make(chan struct{}), err: err}
	c.left.Store(times)
	return c
}

func (c *askedOften) Err() error {
	if c.left.Add(-1) >= 0 {
		return nil
	}
	if c.ended.CompareAndSwap(false, true) {
		close(c.done)
	}
	return c.err
}

func (c *askedOften) Done() <-chan struct{}       { return c.done }
func (c *askedOften) Deadline() (time.Time, bool) { return time.Time{}, false }

// TestStoppedAtEachStep stops searches at each of their steps, in HiGHS and in the small solver, where the relaxation is unbounded: that no point was found in
// the time says nothing of whether there is one.
func TestStoppedAtEachStep(t *testing.T) {
	noLeak(t)
	inf := math.Inf(1)
	// Without limit for x >= 1, in integers; the first relaxed point has x = 1/2.
	integer := model.New("integer")
	x, y, a, b := integer.Leader().Integer("x", 0, 3), integer.Leader().Var("y", 0, inf), integer.Leader().Var("a", 0, inf), integer.Leader().Var("b", 0, inf)
	integer.Leader().Constrain("half", x.Times(2).GE(1))
	integer.Leader().Constrain("tie", model.Sum(x, y, a).GE(1))
	integer.AddPairs("p", nil, model.Pair{A: model.Member{Index: 2, Side: model.AtLower}, B: model.Member{Index: 3, Side: model.AtLower}})
	integer.Leader().Maximize(model.Sum(y, b))
	// The same without a pair, so that a step that closes the root ends the search.
	alone := model.New("alone")
	x, y = alone.Leader().Integer("x", 0, 3), alone.Leader().Var("y", 0, inf)
	alone.Leader().Constrain("half", x.Times(2).GE(1))
	alone.Leader().Constrain("tie", model.Sum(x, y).GE(1))
	alone.Leader().Maximize(y)
	// Without limit along y where the pair has a = 0.
	pair := model.New("pair")
	y, a, b = pair.Leader().Var("y", 0, inf), pair.Leader().Var("a", 0, 4), pair.Leader().Var("b", 0, 4)
	pair.Leader().Constrain("r", model.Sum(a, b).GE(1))
	pair.AddPairs("p", nil, model.Pair{A: model.Member{Index: 1, Side: model.AtLower}, B: model.Member{Index: 2, Side: model.AtLower}})
	pair.Leader().Maximize(model.Sum(y, a))
	keep := smallLP
	defer func() { smallLP = keep }()
	for _, m := range []*model.Model{integer, alone, pair} {
		for _, smallLP = range []int{0, keep} {
			for k := int64(0); ; k++ {
				ctx := newAskedOften(k, []error{context.Canceled, context.DeadlineExceeded}[k%2])
				r, err := Solve(ctx, m, Options{})
				if err != nil {
					t.Fatal(err)
				}
				what := m.Name + ", step " + strconv.FormatInt(k, 10)
				if r.Proof != model.ProofUnbounded && r.Proof != model.ProofNone && r.Proof != model.ProofFeasible {
					t.Errorf("%s: %v (%v)", what, r.Status, r.Proof)
				}
				if !ctx.ended.Load() {
					if r.Proof != model.ProofUnbounded {
						t.Errorf("%s: %v (%v) without a stop", what, r.Status, r.Proof)
					}
					break
				}
			}
		}
	}
}
