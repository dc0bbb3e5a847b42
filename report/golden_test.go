package report_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gobilevel/bilevel/internal/golden"
	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/report"
	"github.com/gobilevel/bilevel/verify"
)

// check compares with testdata/name, or writes it.
func check(t *testing.T, name string, got []byte) {
	t.Helper()
	golden.Check(t, filepath.Join("testdata", name), got)
}

// roads is the toll on one of n roads; the answer's point is x.
func roads(n int) (*model.Model, []float64) {
	m := model.New("roads")
	toll := m.Leader().Var("toll", 0, 10)
	d := m.Follower("drivers")
	x := d.Vars("cars", n, 0, model.Inf)
	d.Minimize(model.Sum(toll.Plus(2).Times(x[0]), x[1].Times(7)))
	d.Constrain("trips", model.Sum(x...).Eq(100))
	m.Leader().SetObjective(model.Objective{Name: "revenue", Sense: model.Maximize, F: model.Function{Quad: []model.QuadTerm{{I: 0, J: 1, Coef: 1}}}})
	point := make([]float64, n+1)
	point[0], point[1] = 5, 100
	return m, point
}

func solved(n int) *report.Summary {
	m, x := roads(n)
	return &report.Summary{
		Model: m, Status: model.StatusOptimal, Proof: model.ProofGlobal, X: x, Objective: 500, Bound: 500.004, Gap: 8e-6,
		Certificate: &verify.Certificate{Objective: 500, FollowerViolation: 2.5e-9, FollowerWorst: "trips", Followers: []verify.FollowerCheck{
			{Name: "drivers", Objective: 700, BestResponse: 700, Gap: 1e-12}}, FollowerGap: 1e-12, Pessimistic: 0, Optimistic: 500,
			Method: "highs LP", Tolerance: 1e-6, Verified: true},
		Plan: []string{"price-product", "kkt", "big-m"}, Backend: "highs", Seconds: 0.0213, Nodes: 1, Iterations: 17,
		Notes: []string{"big-m: the bound 10 of the multiplier of trips is proven by an LP, and so are the bounds of the other multipliers of this follower"},
	}
}

func TestSummaries(t *testing.T) {
	refuted := solved(2)
	refuted.Status, refuted.Proof, refuted.Assumptions = model.StatusFeasible, model.ProofGlobalIfBounds, []string{"multiplier of trips <= 10000"}
	c := refuted.Certificate
	c.Verified, c.FollowerGap, c.Reasons = false, 0.3, []string{"drivers: a better answer exists, 700 instead of 910"}
	c.Followers[0] = verify.FollowerCheck{Name: "drivers", Objective: 910, BestResponse: 700, Gap: 0.3, Sentence: "A better answer exists: 700 instead of 910."}
	c.Pessimistic = math.NaN()

	m, _ := roads(2)
	none := &report.Summary{Model: m, Status: model.StatusInfeasible, Proof: model.ProofInfeasible, Objective: math.NaN(), Bound: math.NaN(), Gap: math.NaN(), Seconds: 0.5}
	stopped := &report.Summary{Model: m, Status: model.StatusLimit, Objective: math.NaN(), Bound: 812.25, Gap: math.NaN(), Plan: []string{"kkt"}, Backend: "branch", Seconds: 60.02, Nodes: 120345}
	calm := solved(2)
	calm.Certificate.Pessimistic = 500

	many := solved(2)
	many.Model = model.New("many")
	l := many.Model.Leader()
	l.Minimize(l.Var("price", 0, 1))
	many.X = []float64{0.5}
	many.Certificate.Followers, many.Certificate.Pessimistic = nil, 500
	for k := range 10 {
		f := many.Model.Follower(fmt.Sprintf("buyer%d", k))
		f.Minimize(f.Var(fmt.Sprintf("y%d", k), 0, 1))
		many.X = append(many.X, float64(k)/4)
		many.Certificate.Followers = append(many.Certificate.Followers, verify.FollowerCheck{Name: f.Name(), Objective: float64(k) / 4, BestResponse: float64(k) / 4})
	}

	for _, c := range []struct {
		name  string
		a     *report.Summary
		style report.Style
	}{
		{"optimal", solved(2), report.Style{}},
		{"colour", solved(2), report.Style{Colour: true}},
		{"narrow", solved(2), report.Style{Width: 40}},
		{"calm", calm, report.Style{}},
		{"refuted", refuted, report.Style{}},
		{"infeasible", none, report.Style{}},
		{"stopped", stopped, report.Style{}},
		{"large", solved(2000), report.Style{}},
		{"many", many, report.Style{}},
	} {
		var b bytes.Buffer
		if err := report.WriteSummary(&b, c.a, c.style); err != nil {
			t.Fatal(err)
		}
		check(t, c.name+".txt", b.Bytes())
	}
}

func TestLargeModelsShowWhatIsNotZero(t *testing.T) {
	a := solved(5000)
	for j := range a.X {
		a.X[j] = float64(j%3) + 0.5*float64(j%2)
	}
	var b, all bytes.Buffer
	report.WriteSummary(&b, a, report.Style{})
	report.WriteSummary(&all, a, report.Style{All: true})
	if n := strings.Count(b.String(), "cars["); n != 48 {
		t.Errorf("%d values are shown of 5000, want 48", n)
	}
	if !strings.Contains(b.String(), "more values; 833 are zero") {
		t.Errorf("what is left out is not said:\n%s", b.String())
	}
	if n := strings.Count(all.String(), "cars["); n != 5000 {
		t.Errorf("%d values are shown with All", n)
	}
}

func TestExplanation(t *testing.T) {
	m, _ := roads(2)
	for k := range 20 {
		m.Leader().Constrain(fmt.Sprintf("couple%d", k), m.Var(1).LE(float64(100+k)))
	}
	var b bytes.Buffer
	err := report.WriteExplanation(&b, &report.Explanation{
		Model: m, Classification: m.Classify(), Plan: []string{"price-product", "kkt", "big-m"}, Backend: "highs",
		Why: []string{"the products of toll and cars stand in the follower's objective too, so that they become linear"},
		Rejected: []report.RejectedPlan{{"kkt+sos1", "highs", "highs does not take SOS1 sets: reformulate the model first, or choose another backend"},
			{"strong-duality", "highs", "the row of equal objectives has products of variables"}},
	}, report.Style{})
	if err != nil {
		t.Fatal(err)
	}
	check(t, "explanation.txt", b.Bytes())
}

func TestTable(t *testing.T) {
	table := &report.Table{
		Head:  []string{"name", "value", "n", "remark"},
		Align: []report.Align{report.Left, report.Decimal, report.Right, report.Left},
		Rows: [][]string{{"a", "1.5", "1", "a remark that is long enough to be broken into lines where the table ends"},
			{"größe", "-10", "200", ""}, {"c", "0.125", "-", "short"}},
	}
	var b bytes.Buffer
	if err := table.Write(&b, report.Style{Width: 60}); err != nil {
		t.Fatal(err)
	}
	check(t, "table.txt", b.Bytes())
}

type broken struct{}

var errBroken = errors.New("broken")

func (broken) Write([]byte) (int, error) { return 0, errBroken }

func TestWriteErrorsAreTold(t *testing.T) {
	for name, err := range map[string]error{
		"summary":     report.WriteSummary(broken{}, solved(2), report.Style{}),
		"certificate": report.Certificate(broken{}, solved(2).Model, solved(2).Certificate, report.Style{}),
		"table":       (&report.Table{Rows: [][]string{{"a"}}}).Write(broken{}, report.Style{}),
	} {
		if !errors.Is(err, errBroken) {
			t.Errorf("%s: %v", name, err)
		}
	}
	var _ io.Writer = broken{}
}
