package page_test

import (
	"bytes"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/modfile"
	"github.com/gobilevel/bilevel/report"
	"github.com/gobilevel/bilevel/report/page"
	"github.com/gobilevel/bilevel/verify"
)

// roads has a leader with a constraint of its own that couples, and drivers between three places.
const roads = `
set N := 1..3;
set A := {(1,2),(2,3),(1,3),(3,1)};
param time {(i,j) in A} := i + 2*j;
upper;
var toll {(i,j) in A: i < 3 and j = 3} >= 0, <= 4;
lower drivers;
var flow {N, A} >= 0;
minimize cost: sum {o in N, (i,j) in A} time[i,j]*flow[o,i,j] + sum {o in N} (toll[2,3]*flow[o,2,3] + toll[1,3]*flow[o,1,3]);
subject to trips {o in N, k in N: k <> o}: sum {(i,k) in A} flow[o,i,k] - sum {(k,j) in A} flow[o,k,j] = 1;
upper;
subject to quiet: sum {o in N} flow[o,1,3] <= 5;
maximize revenue: sum {o in N} (toll[2,3]*flow[o,2,3] + toll[1,3]*flow[o,1,3]);
`

func read(t *testing.T, text string) *model.Model {
	t.Helper()
	m, err := modfile.Read("roads.mod", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

var nan = math.NaN()

// full is a page with every part.
func full(t *testing.T) *page.Page {
	t.Helper()
	m := read(t, roads)
	x := make([]float64, m.NumVars())
	for j := range x {
		x[j] = float64(j % 4)
	}
	c := &verify.Certificate{Objective: 3, Tolerance: 1e-6, Verified: true, Method: "highs LP", Evidence: verify.EvidenceProof, Pessimistic: 1, Optimistic: 3,
		FollowerViolation: 2e-9, FollowerWorst: "trips[1,2]", Followers: []verify.FollowerCheck{{Name: "drivers", Objective: 5, BestResponse: 5, Sentence: "as good as the best response"}}}
	p := &page.Page{
		Summary: &report.Summary{Model: m, Status: model.StatusOptimal, Proof: model.ProofGlobal, X: x, Objective: 3, Bound: 3.5, Gap: 0.1, Certificate: c,
			Plan: []string{"kkt", "big-m"}, Backend: "highs", Seconds: 1.5, Nodes: 7, Notes: []string{"a note"}, Optimistic: 3, Pessimistic: 1, Infimum: nan},
		Point:       &model.Point{X: x, RowDuals: make([]float64, m.NumRows()), VarDuals: nil},
		Explanation: &report.Explanation{Model: m, Classification: m.Classify(), Plan: []string{"kkt"}, Backend: "highs", Why: []string{"a reason"}, Rejected: []report.RejectedPlan{{Chain: "sos1", Backend: "highs", Reason: "none"}}},
		Stages:      []page.Stage{{Name: "as it is", Model: m}, {Name: "again", Model: m.Derive()}},
		Remarks:     []string{"a remark"},
	}
	for k, s := range []report.State{{Incumbent: nan, Bound: 9}, {Incumbent: 1, Bound: 8}, {Incumbent: 0.5, Bound: 8.5}, {Incumbent: 3, Bound: 3.5, Message: "done"}} {
		s.Step, s.Elapsed, s.Gap = "branch", time.Duration(k)*time.Second, nan
		p.Progress = append(p.Progress, s)
	}
	r := &page.Response{Along: "toll[1,3]", Objective: "revenue", Here: 2, Followers: []string{"drivers"}, Answers: []string{"flow[1,1,3]", "flow[2,1,3]"}, Remarks: []string{"held"}}
	for k := range 21 {
		at := float64(k) / 5
		place := page.Place{At: at, Best: 10 * at, Worst: 10 * at, Values: []float64{at * at}, Low: []float64{1, 0}, High: []float64{1, 0}}
		switch {
		case at == 2:
			place.Worst, place.Low[0] = 0, 0
		case at > 3.5:
			place = page.Place{At: at, Best: nan, Worst: nan, Values: []float64{at * at}, Low: []float64{nan, nan}, High: []float64{nan, nan}, Reason: "excluded"}
		case at > 2:
			place.Best, place.Worst, place.Low[0], place.High[0] = 0, 0, 0, 0
		}
		r.Places = append(r.Places, place)
	}
	p.Response = r
	var err error
	if p.Network, err = page.FindNetwork(m, x, ""); err != nil || p.Network == nil {
		t.Fatalf("no network: %v", err)
	}
	return p
}

// large has n variables and as many constraints.
func large(n int) *page.Page {
	m := model.New("large")
	f := m.Follower("many")
	y := f.Vars("y", n, 0, 10)
	f.Minimize(model.Sum(y...))
	f.ConstrainEach("c", n, func(k int) model.Relation { return y[k].Plus(y[(k*7+1)%n]).GE(k % 5) })
	x := make([]float64, n)
	duals := make([]float64, n)
	for k := range x {
		x[k] = float64(k*7919%1000) / 8
		duals[k] = float64(k%13) / 7
	}
	return &page.Page{Summary: &report.Summary{Model: m, Status: model.StatusFeasible, Proof: model.ProofFeasible, X: x, Objective: 1, Bound: nan, Gap: nan, Seconds: 1,
		Optimistic: nan, Pessimistic: nan, Infimum: nan}, Brief: n > 10_000, Point: &model.Point{X: x, RowDuals: duals, VarDuals: duals}, Stages: []page.Stage{{Name: "as it is", Model: m}}}
}

func write(t *testing.T, p *page.Page) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := page.Write(&b, p); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// file writes a page into a file and returns its name.
func file(t *testing.T, p *page.Page) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "page.html")
	if err := os.WriteFile(name, write(t, p), 0o666); err != nil {
		t.Fatal(err)
	}
	return name
}

// hostile has texts that would be markup if they were not escaped.
func hostile() *page.Page {
	m := model.New(`</title><script>alert("name")</script>&amp;`)
	l := m.Leader()
	x := l.VarsBy("x", []string{`"</script><img src=x onerror=alert(1)>"`, `"a&b\"'"`}, 0, 1)
	f := m.Follower("<b>bold</b>")
	y := f.Var("y<i>", 0, 1)
	f.Minimize(y)
	f.Constrain("<u>", y.Minus(x[0]).GE(0))
	l.Minimize(x[0].Plus(x[1]).Plus(y))
	bad := `<svg onload="alert(2)">`
	return &page.Page{Summary: &report.Summary{Model: m, Status: model.StatusOptimal, X: []float64{0, 0, 0}, Objective: 0, Bound: nan, Gap: nan, Seconds: nan, Notes: []string{bad},
		Optimistic: nan, Pessimistic: nan, Infimum: nan, Plan: []string{bad}, Certificate: &verify.Certificate{Reasons: []string{bad}, Pessimistic: nan, LeaderViolation: 1, LeaderWorst: bad,
			Followers: []verify.FollowerCheck{{Name: bad, Sentence: bad}}}},
		Explanation: &report.Explanation{Model: m, Classification: m.Classify(), NoPlan: bad},
		Progress:    []report.State{{Step: bad, Message: fmt.Sprint(bad, "</script>"), Incumbent: 1, Bound: nan}},
		Stages:      []page.Stage{{Name: bad, Model: m}},
		Network:     &page.Network{Flow: bad, Nodes: []string{bad, "b"}, Links: []page.Link{{From: 0, To: 1, Flow: 1, Price: 2}}, Price: bad},
		Response:    &page.Response{Along: bad, Followers: []string{bad}, Answers: []string{bad}, Remarks: []string{bad}, Places: []page.Place{{At: 1, Reason: bad}}},
	}
}
