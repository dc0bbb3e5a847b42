package firstorder

import (
	"context"
	"math"
	"testing"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/modfile"
	"github.com/gobilevel/bilevel/nonlinear/newton"
	"github.com/gobilevel/bilevel/nonlinear/response"
)

// TestSettle lets two decisions be answered, of which the first is the better one: what is said of the second is not said of the first, which is returned.
func TestSettle(t *testing.T) {
	m, err := modfile.Read("settle.mod", []byte("upper; var x >= -5, <= 5; lower; var y; minimize f: (y - x)^2; upper; minimize F: (x - 1)^2 + y^2;"))
	if err != nil {
		t.Fatal(err)
	}
	p, err := response.New(m)
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	begin := func() (r *run, better, worse *response.Answer) {
		r = &run{p: p, opt: Options{Smooth: &newton.Solver{}}, result: &Result{Violation: math.Inf(1)}}
		r.opt.fill()
		if better, err = r.exact(ctx, []float64{0.5, 0}); err != nil || better == nil {
			t.Fatal(better, err)
		}
		if worse, err = r.exact(ctx, []float64{2, 0}); err != nil || worse == nil {
			t.Fatal(worse, err)
		}
		return r, better, worse
	}
	r, _, worse := begin()
	r.settle(worse)
	r.conclude(ctx)
	if r.result.Status != model.StatusFeasible || math.Abs(r.result.X[0]-0.5) > 1e-9 {
		t.Errorf("the better decision was not tested: status %v, x = %v", r.result.Status, r.result.X)
	}
	r, better, _ := begin()
	r.settle(better)
	r.conclude(ctx)
	if r.result.Status != model.StatusLocal || math.Abs(r.result.X[0]-0.5) > 1e-9 {
		t.Errorf("the best decision was tested: status %v, x = %v", r.result.Status, r.result.X)
	}
	r.result = &Result{Violation: math.Inf(1)}
	r.conclude(ctx)
	if r.result.Status != model.StatusUnknown || r.result.Message == "" {
		t.Errorf("nothing was answered: status %v, %q", r.result.Status, r.result.Message)
	}
}
