package main

import (
	"bytes"
	"context"
	"math"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/gobilevel/bilevel/export"
	"github.com/gobilevel/bilevel/internal/dataset"
	"github.com/gobilevel/bilevel/model"
)

// said is what the driver prints, as far as it matters.
const said = `Number of nonzeros in Lagrangian Hessian.............:       10
Number of objective function evaluations             = 40
Number of objective gradient evaluations             = 20
Number of equality constraint evaluations            = 40
Number of inequality constraint evaluations          = 0
Number of equality constraint Jacobian evaluations   = 20
Number of inequality constraint Jacobian evaluations = 0
Number of Lagrangian Hessian evaluations             = 19
Function Evaluations................:      1.388 (sys:      0.015 wall:      4.982)
 Objective function.................:      0.004 (sys:      0.000 wall:      0.001)
 Objective function gradient........:      0.008 (sys:      0.000 wall:      0.019)
 Equality constraints...............:      0.266 (sys:      0.005 wall:      1.188)
 Inequality constraints.............:      0.014 (sys:      0.000 wall:      0.007)
 Equality constraint Jacobian.......:      0.006 (sys:      0.000 wall:      0.017)
 Inequality constraint Jacobian.....:      0.234 (sys:      0.001 wall:      0.783)
 Lagrangian Hessian.................:      0.95 (sys:      0.009 wall:      2.966)
`

func TestParse(t *testing.T) {
	got, calls, err := parse(said)
	if err != nil {
		t.Fatal(err)
	}
	want := counts{40, 40, 20, 20, 19}
	if calls != want {
		t.Errorf("calls %v, want %v", calls, want)
	}
	for f, want := range []float64{1e-4, 7e-3, 4e-4, 12e-3, 0.05} {
		if math.Abs(got[f]-want) > 1e-12 {
			t.Errorf("%s takes %v s a call, want %v", functionNames[f], got[f], want)
		}
	}
	if total := got.total(calls); math.Abs(total-1.482) > 1e-12 {
		t.Errorf("total %v", total)
	}
	for _, broken := range []string{"", strings.Replace(said, "= 19", "= x", 1), strings.Replace(said, "0.95", "fast", 1)} {
		if _, _, err := parse(broken); err == nil {
			t.Errorf("no error for %q", broken)
		}
	}
}

// small is a model with two pairs.
func small(t *testing.T) *problem {
	t.Helper()
	m := model.New("small")
	l := m.Leader()
	x := l.Vars("x", 2, 0, 4)
	l.Minimize(model.Exp(x[0]).Plus(x[1].Times(x[1])))
	l.Complement("first", x[0], x[1].Minus(x[0]).Plus(1))
	l.Mixed("second", 0, x[1], 4, x[0].Minus(1))
	p, err := relaxed("small", m)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestRelaxed(t *testing.T) {
	p := small(t)
	if p.model.NumPairs() != 0 || p.nonzeros == 0 {
		t.Errorf("%d pairs are left, %d nonzeros", p.model.NumPairs(), p.nonzeros)
	}
	x := make([]float64, p.model.NumVars())
	x[0], x[1] = 2, 3
	r, ok := p.model.RowByName("product_of_first")
	if !ok {
		t.Fatal("no constraint product_of_first")
	}
	lo, hi := p.model.RowBounds(r.Index())
	if v := p.model.RowValue(r.Index(), x); v-hi != 2*2-relaxation || !math.IsInf(lo, -1) {
		t.Errorf("the product exceeds its bound by %v, want %v", v-hi, 2*2-relaxation)
	}
}

func TestEvaluateAndTable(t *testing.T) {
	p := small(t)
	calls := counts{10, 10, 5, 5, 5}
	ours, err := evaluate(p, calls)
	if err != nil {
		t.Fatal(err)
	}
	for f, v := range ours {
		if !(v > 0 && v < 1) {
			t.Errorf("%s takes %v s", functionNames[f], v)
		}
	}
	r := result{problem: p, ours: times{1, 1, 1, 1, 1}, asl: times{2, 2, 2, 2, 2}, calls: calls}
	if r.ratio() != 0.5 || !strings.Contains(table([]result{r, r}), "geometric mean 0.50, worst 0.50") {
		t.Errorf("ratio %v in\n%s", r.ratio(), table([]result{r}))
	}
	if got := median([]float64{4, 1, 3, 2}); got != 2.5 {
		t.Errorf("median %v", got)
	}
}

// The driver on a small problem, where it is installed.
func TestDriver(t *testing.T) {
	if _, err := exec.LookPath("ipopt"); err != nil {
		t.Skip("ipopt, the driver for AMPL, is not installed")
	}
	p := small(t)
	var b bytes.Buffer
	if err := export.WriteNL(&b, p.model); err != nil {
		t.Fatal(err)
	}
	p.file = b.Bytes()
	r, err := measure(context.Background(), p, settings{rounds: 2, iterations: 10, limit: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	if r.calls[objective] < 2 || r.calls[hessian] < 2 {
		t.Errorf("calls %v", r.calls)
	}
}

func TestFlags(t *testing.T) {
	for _, args := range []string{"-rounds 0", "-nothing", "extra"} {
		var out, errs bytes.Buffer
		if code := run(context.Background(), strings.Fields(args), &out, &errs); code != 1 || errs.Len() == 0 {
			t.Errorf("%s: code %d, %q", args, code, errs.String())
		}
	}
	if _, ok := dataset.Find("macmpec"); !ok {
		t.Skip("the MacMPEC collection is not there: set BILEVEL_DATA to the folder of the problem libraries")
	}
	var out, errs bytes.Buffer
	if code := run(context.Background(), []string{"-id", "nosuchmodel"}, &out, &errs); code != 3 {
		t.Errorf("a model that is not there: code %d, %q", code, errs.String())
	}
	list, err := problems(settings{ids: "bard1,bard2"})
	if err != nil || len(list) != 2 || len(list[0].file) == 0 || list[0].nonzeros < list[1].nonzeros {
		t.Errorf("two models by name: %d, %v", len(list), err)
	}
}
