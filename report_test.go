package bilevel_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/gobilevel/bilevel"
	"github.com/gobilevel/bilevel/model/modfile"
	"github.com/gobilevel/bilevel/report/page"
)

// roadsWithToll has a toll t on one of two roads; by hand, with 100 drivers, 2 + t minutes on the one and 7 on the other:
// F = 100 t up to t = 5, where all answers tie, and 0 beyond; the drivers' value is 100 min(2 + t, 7).
const roadsWithToll = `
upper;
var t >= 0, <= 10;
lower drivers;
var x >= 0, <= 100;
var y >= 0;
minimize cost: (2 + t) * x + 7 * y;
subject to all: x + y = 100;
upper;
maximize revenue: t * x;
`

func modelOf(t *testing.T, text string) *bilevel.Model {
	t.Helper()
	m, err := modfile.Read("model.mod", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestResponseAlong(t *testing.T) {
	needsHighs(t)
	m := modelOf(t, roadsWithToll)
	r, err := bilevel.ResponseAlong(context.Background(), m, []float64{5, 100, 0}, bilevel.ResponseOptions{Along: "t", TimeLimit: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	if fmt.Sprintf("%v %v %v %v %v", r.Along, r.Objective, r.Here, r.Followers, r.Answers) != "t revenue 5 [drivers] [x y]" || len(r.Places) < 41 {
		t.Fatalf("the response is %+v", r)
	}
	near := func(what string, at, got, want float64) {
		t.Helper()
		if !(math.Abs(got-want) <= 1e-5*math.Max(1, math.Abs(want))) {
			t.Errorf("t = %v: %s %v, want %v", at, what, got, want)
		}
	}
	tie := false
	for k, p := range r.Places {
		if k > 0 && p.At <= r.Places[k-1].At {
			t.Errorf("place %v comes after %v", p.At, r.Places[k-1].At)
		}
		best, worst, low, high := 100*p.At, 100*p.At, 100.0, 100.0
		switch {
		case p.At == 5:
			worst, low, tie = 0, 0, true
		case p.At > 5:
			best, worst, low, high = 0, 0, 0, 0
		}
		near("best", p.At, p.Best, best)
		near("worst", p.At, p.Worst, worst)
		near("value", p.At, p.Values[0], 100*math.Min(2+p.At, 7))
		near("least x", p.At, p.Low[0], low)
		near("largest x", p.At, p.High[0], high)
		near("least y", p.At, p.Low[1], 100-high)
		near("largest y", p.At, p.High[1], 100-low)
	}
	if !tie {
		t.Error("the tie at t = 5 is not among the places")
	}
	// The jump is enclosed by places that are close together.
	for k, p := range r.Places[:len(r.Places)-1] {
		if next := r.Places[k+1]; p.At <= 5 && next.At > 5 && next.At-p.At > 0.02 {
			t.Errorf("the jump lies between %v and %v", p.At, next.At)
		}
	}
}

// Where the leader's constraints exclude the followers' answers there is a reason, and the value function all the same.
func TestResponseWithinTheLeadersConstraints(t *testing.T) {
	needsHighs(t)
	m := modelOf(t, strings.Replace(roadsWithToll, "maximize revenue", "subject to calm: y <= 40;\nmaximize revenue", 1))
	r, err := bilevel.ResponseAlong(context.Background(), m, []float64{5, 100, 0}, bilevel.ResponseOptions{Along: "t", From: 4, To: 6, Points: 5, Answers: []string{"y"}})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range r.Places {
		switch {
		case p.At <= 5 && (!p.Answered() || math.Abs(p.Best-100*p.At) > 1e-3):
			t.Errorf("t = %v: %+v", p.At, p)
		case p.At > 5 && (p.Answered() || !math.IsNaN(p.Best) || !math.IsNaN(p.Low[0]) || p.Reason == ""):
			t.Errorf("t = %v: %+v, and no answer satisfies y <= 40", p.At, p)
		case p.At > 5 && math.Abs(p.Values[0]-700) > 1e-3:
			t.Errorf("t = %v: the drivers' value is %v, want 700", p.At, p.Values)
		case p.At == 5 && (math.Abs(p.Low[0]) > 1e-4 || math.Abs(p.High[0]-40) > 1e-4):
			t.Errorf("t = 5: y from %v to %v, want 0 to 40: the rest is excluded", p.Low[0], p.High[0])
		}
	}
}

// Followers of random problems whose answers are known one variable by one: y_i goes to an end by the sign of its cost, or ties.
func TestResponseOfRandomProblems(t *testing.T) {
	needsHighs(t)
	random := rand.New(rand.NewPCG(3, 4))
	for trial := range 12 {
		m := bilevel.NewModel("random")
		x := m.Leader().Vars("x", 2, -3, 3)
		f := m.Follower("f")
		n := 2 + random.IntN(3)
		y := f.Vars("y", n, 0, 4)
		cost, slope, gain := make([]float64, n), make([]float64, n), make([]float64, n)
		var goal, own []bilevel.Expr
		for i := range y {
			cost[i], slope[i], gain[i] = float64(random.IntN(5)-2), float64(random.IntN(5)-2), float64(random.IntN(7)-3)
			own = append(own, x[0].Times(slope[i]).Plus(cost[i]).Times(y[i]))
			goal = append(goal, y[i].Times(gain[i]))
		}
		f.Minimize(bilevel.Sum(own...))
		m.Leader().Minimize(bilevel.Sum(goal...).Plus(x[0]).Plus(x[1]))
		point := make([]float64, m.NumVars())
		point[1] = 2
		r, err := bilevel.ResponseAlong(context.Background(), m, point, bilevel.ResponseOptions{Along: "x[0]", Points: 7, TimeLimit: time.Minute})
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range r.Places {
			best, worst, value := p.At+2, p.At+2, 0.0
			for i := range y {
				switch c := cost[i] + slope[i]*p.At; {
				case c < 0:
					best, worst, value = best+4*gain[i], worst+4*gain[i], value+4*c
				case c == 0:
					best, worst = best+4*math.Min(gain[i], 0), worst+4*math.Max(gain[i], 0)
				}
			}
			if math.Abs(p.Best-best) > 1e-5 || math.Abs(p.Worst-worst) > 1e-5 || math.Abs(p.Values[0]-value) > 1e-5 {
				t.Errorf("trial %d, x = %v: got %v, %v, %v, want %v, %v, %v", trial, p.At, p.Best, p.Worst, p.Values[0], best, worst, value)
			}
		}
	}
}

func TestResponseOfWholeDecisions(t *testing.T) {
	needsHighs(t)
	m := modelOf(t, strings.Replace(roadsWithToll, "var t >= 0, <= 10;", "var t integer >= 0, <= 10;", 1))
	r, err := bilevel.ResponseAlong(context.Background(), m, []float64{5, 100, 0}, bilevel.ResponseOptions{Along: "t"})
	if err != nil || len(r.Places) != 11 {
		t.Fatalf("%d places, %v; want 0, 1, ..., 10", len(r.Places), err)
	}
	for k, p := range r.Places {
		if p.At != float64(k) {
			t.Errorf("place %d is %v", k, p.At)
		}
	}
}

func TestResponseOptions(t *testing.T) {
	m := modelOf(t, roadsWithToll)
	for _, c := range []struct {
		opt  bilevel.ResponseOptions
		want string
	}{
		{bilevel.ResponseOptions{Along: "u"}, `no variable "u"`},
		{bilevel.ResponseOptions{Along: "x"}, "x is a variable of follower drivers"},
		{bilevel.ResponseOptions{Along: "t", Points: 1}, "not between 2 and 10000"},
		{bilevel.ResponseOptions{Along: "t", From: 3, To: 2}, "no values from 3 to 2"},
		{bilevel.ResponseOptions{Along: "t", Answers: []string{"t"}}, `no follower has a variable "t"`},
		{bilevel.ResponseOptions{Along: "t", TimeLimit: -1}, "negative"},
	} {
		var e *bilevel.OptionError
		if err := c.opt.Check(m); !errors.As(err, &e) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: %v, want %q", c.opt, err, c.want)
		}
	}
	if err := (bilevel.ResponseOptions{Along: "t"}).Check(m); err != nil {
		t.Error(err)
	}
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := bilevel.ResponseAlong(ended, m, []float64{5, 100, 0}, bilevel.ResponseOptions{Along: "t"}); !errors.Is(err, context.Canceled) {
		t.Errorf("after the end of the context: %v", err)
	}
}

func TestWriteReport(t *testing.T) {
	needsHighs(t)
	m := modelOf(t, roadsWithToll)
	var recording bilevel.Recording
	opt := bilevel.Options{Events: recording.Record}
	r, err := bilevel.Solve(context.Background(), m, opt)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	ask := bilevel.ReportOptions{Solve: opt, Progress: recording.Events(), Response: bilevel.ResponseOptions{Along: "t", Points: 11}}
	if err := bilevel.WriteReport(context.Background(), &b, r, ask); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"<h2 id=\"h-answer\">", "proven optimal", "<figcaption><strong>kkt-strong</strong>", `data-chart="progress"`, `data-chart="response-answers"`, `data-table="variables"`,
		"Linking variables: the leader&#39;s in a follower&#39;s problem (1)", "Ties matter", "optimality conditions (kkt-strong)"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("the report has no %q", want)
		}
	}
	// When the context has ended the page is written all the same, and says what is missing.
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	b.Reset()
	if err := bilevel.WriteReport(ended, &b, r, ask); err != nil || !strings.Contains(b.String(), "interrupted before the response along t was found") || !strings.Contains(b.String(), "were not made again") {
		t.Errorf("after the end of the context: %v", err)
	}
	var network *page.NetworkError
	if err := bilevel.WriteReport(context.Background(), &b, r, bilevel.ReportOptions{Network: "x"}); !errors.As(err, &network) {
		t.Errorf("no network: %v", err)
	}
	var option *bilevel.OptionError
	if err := bilevel.WriteReport(context.Background(), &b, r, bilevel.ReportOptions{Response: bilevel.ResponseOptions{Along: "z"}}); !errors.As(err, &option) {
		t.Errorf("no such variable: %v", err)
	}
}

// A model without a solution has a report without one.
func TestReportOfInfeasible(t *testing.T) {
	needsHighs(t)
	m := modelOf(t, strings.Replace(roadsWithToll, "maximize revenue", "subject to never: t + x <= -1;\nmaximize revenue", 1))
	r, err := bilevel.Solve(context.Background(), m)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := bilevel.WriteReport(context.Background(), &b, r, bilevel.ReportOptions{Response: bilevel.ResponseOptions{Along: "t"}}); err != nil {
		t.Fatal(err)
	}
	if text := b.String(); strings.Contains(text, `data-table="variables"`) || !strings.Contains(text, "no response is drawn") || !strings.Contains(text, ">infeasible.<") {
		t.Error("the report of an infeasible model is wrong")
	}
}

func TestRecording(t *testing.T) {
	var r bilevel.Recording
	nan := math.NaN()
	for k := range 100 {
		r.Record(bilevel.Event{Nodes: k, Incumbent: nan, Bound: float64(k / 40), Elapsed: time.Duration(k)})
	}
	r.Record(bilevel.Event{Message: "done", Incumbent: nan, Bound: 2, Elapsed: 100})
	r.Record(bilevel.Event{Incumbent: nan, Bound: 2, Elapsed: 101})
	var at []int
	for _, e := range r.Events() {
		at = append(at, int(e.Elapsed))
	}
	if fmt.Sprint(at) != "[0 40 80 100 101]" {
		t.Errorf("kept are the events at %v", at)
	}
	for k := range 70_000 {
		r.Record(bilevel.Event{Incumbent: float64(k), Bound: nan, Elapsed: time.Duration(200 + k)})
	}
	list := r.Events()
	if n := len(list); n > 20_001 || n < 9_000 || list[0].Elapsed != 0 || list[n-1].Elapsed != 200+69_999 {
		t.Errorf("%d events, from %v to %v", n, list[0].Elapsed, list[n-1].Elapsed)
	}
}
