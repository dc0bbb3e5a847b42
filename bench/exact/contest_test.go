package main

import (
	"math"
	"testing"
	"time"

	"github.com/gobilevel/bilevel/model"
)

var nan = math.NaN()

func TestRivalLimit(t *testing.T) {
	for _, c := range []struct {
		limit time.Duration
		ours  float64
		want  time.Duration
	}{
		{time.Minute, 0.01, 5 * time.Second},
		{time.Minute, 1.25, 5 * time.Second},
		{time.Minute, 2, 8 * time.Second},
		{time.Minute, 15, time.Minute},
		{time.Minute, 60, time.Minute},
		{3 * time.Second, 0.01, 3 * time.Second},
	} {
		if got := rivalLimit(c.limit, c.ours); got != c.want {
			t.Errorf("limit %v, ours %g s: %v, want %v", c.limit, c.ours, got, c.want)
		}
	}
}

// found is an outcome that claims an optimum and whose decision has the value measured.
func found(who string, value, measured, seconds float64) outcome {
	return outcome{who: who, claim: optimal, value: value, bound: value, measured: measured, verified: !math.IsNaN(measured), seconds: seconds}
}

func late(who string, value, bound, seconds float64) outcome {
	return outcome{who: who, claim: stopped, value: value, bound: bound, measured: value, verified: !math.IsNaN(value), seconds: seconds}
}

func none(who string, seconds float64) outcome {
	return outcome{who: who, claim: infeasible, value: nan, bound: nan, measured: nan, seconds: seconds}
}

func broken(who string) outcome {
	return outcome{who: who, claim: failed, value: nan, bound: nan, measured: nan, seconds: 60}
}

// TestJudge: who is wrong, who is the best alternative, and our time over its.
func TestJudge(t *testing.T) {
	for _, c := range []struct {
		name     string
		sense    model.Sense
		optimum  float64
		outcomes []outcome
		wrong    []bool
		best     string // "" none
		ratio    float64
		text     string // of the ratio
	}{
		{"all agree", model.Minimize, nan, []outcome{found("ours", 10, 10, 1), found("highs", 10.0005, 10.0005, 4), found("cbc", 10, 10, 2)},
			[]bool{false, false, false}, "cbc", 0.5, "0.50"},
		{"M cut the optimum off", model.Minimize, nan, []outcome{found("ours", -100, -100, 1), found("highs", -90, -90, 0.1), late("cbc", nan, -200, 5)},
			[]bool{false, true, false}, "cbc", 0.2, "< 0.20"},
		{"a value that is not attained", model.Maximize, nan, []outcome{found("ours", 100, 100, 1), found("highs", 101, nan, 0.1)},
			[]bool{false, true}, "", nan, ""},
		{"ours is wrong", model.Maximize, nan, []outcome{found("ours", 100, 100, 1), found("highs", 101, 101, 3)}, []bool{true, false}, "highs", nan, ""},
		{"the closed form decides", model.Maximize, 102, []outcome{found("ours", 102, 102, 1), found("highs", 101, 101, 3)}, []bool{false, true}, "", nan, ""},
		{"the closed form against infeasible", model.Maximize, 102, []outcome{none("ours", 1), late("highs", nan, nan, 3)}, []bool{true, false}, "highs", nan, ""},
		{"falsely infeasible", model.Minimize, nan, []outcome{found("ours", 1, 1, 1), none("highs", 0.1), none("cbc", 0.1)}, []bool{false, true, true}, "", nan, ""},
		{"infeasible", model.Minimize, nan, []outcome{none("ours", 2), none("highs", 1), found("cbc", 3, nan, 0.1)}, []bool{false, false, true}, "highs", 2, "2.00"},
		{"ours claims infeasible, a point is there", model.Minimize, nan, []outcome{none("ours", 2), late("highs", 3, 1, 60)}, []bool{true, false}, "highs", nan, ""},
		{"only ours was stopped", model.Minimize, nan, []outcome{late("ours", 11, 9, 60), found("highs", 10, 10, 20), found("cbc", 10, 10, 30)},
			[]bool{false, false, false}, "highs", 3, "> 3.00"},
		{"all were stopped", model.Minimize, nan, []outcome{late("ours", 11, 9, 60), late("highs", 10, 9, 60)}, []bool{false, false}, "highs", nan, ""},
		{"the slow one that solved is the best", model.Minimize, nan, []outcome{found("ours", 1, 1, 10), late("highs", 2, 0, 40), found("cbc", 1, 1, 39)},
			[]bool{false, false, false}, "cbc", 10. / 39, "0.26"},
		{"a proof of a worse value than another's point", model.Minimize, nan, []outcome{late("ours", 9, 8, 60), found("highs", 10, 10, 20)}, []bool{false, true}, "", nan, ""},
		{"one broke down", model.Minimize, nan, []outcome{found("ours", 1, 1, 0.1), broken("cbc"), found("direct", 1, 1, 0.5)}, []bool{false, false, false}, "direct", 0.2, "0.20"},
		{"ours broke down", model.Minimize, nan, []outcome{broken("ours"), found("cbc", 1, 1, 0.5)}, []bool{false, false}, "cbc", nan, ""},
		{"below the clock's resolution", model.Minimize, nan, []outcome{found("ours", 1, 1, 0.004), found("cbc", 1, 1, 0)}, []bool{false, false}, "cbc", 1, "1.00"},
		{"far ahead", model.Minimize, nan, []outcome{found("ours", 1, 1, 0.02), late("cbc", nan, nan, 5)}, []bool{false, false}, "cbc", 0.004, "< 0.004"},
	} {
		t.Run(c.name, func(t *testing.T) {
			k := &contest{sense: c.sense, optimum: c.optimum, outcomes: c.outcomes}
			k.judge()
			for i, o := range k.outcomes {
				if o.wrong != c.wrong[i] {
					t.Errorf("%s: wrong is %v", o.who, o.wrong)
				}
			}
			best, ok := k.best()
			if ok != (c.best != "") || best.who != c.best {
				t.Errorf("best is %q, want %q", best.who, c.best)
			}
			r, ok := k.ratio()
			if ok == math.IsNaN(c.ratio) || ok && math.Abs(r-c.ratio) > 1e-12 {
				t.Errorf("ratio %g, want %g", r, c.ratio)
			}
			if ok && k.bounded(r) != c.text {
				t.Errorf("ratio %q, want %q", k.bounded(r), c.text)
			}
		})
	}
}

// TestAgrees: an outcome agrees when it is right and makes none of the others wrong.
func TestAgrees(t *testing.T) {
	c := &contest{sense: model.Minimize, optimum: nan, outcomes: []outcome{found("ours", 10, 10, 1)}}
	for _, k := range []struct {
		o    outcome
		want bool
	}{
		{found("highs", 10, 10, 1), true}, {found("highs", 11, 11, 1), false}, {found("highs", 9, 9, 1), false}, {none("highs", 1), false}, {late("highs", 12, 3, 1), true},
	} {
		if got := c.agrees(k.o); got != k.want {
			t.Errorf("%v %g: %v", k.o.claim, k.o.value, got)
		}
	}
	if len(c.outcomes) != 1 || c.outcomes[0].wrong {
		t.Error("agrees changed the contest")
	}
}

func TestGap(t *testing.T) {
	for _, c := range []struct {
		o    outcome
		want float64
	}{
		{found("a", 5, 5, 1), 0}, {none("a", 1), 0}, {late("a", 10, 9, 1), 0.1}, {late("a", -10, -12, 1), 0.2}, {late("a", nan, 9, 1), math.Inf(1)}, {late("a", 3, nan, 1), math.Inf(1)},
	} {
		if got := c.o.gap(); got != c.want && math.Abs(got-c.want) > 1e-12 {
			t.Errorf("%+v: gap %g, want %g", c.o, got, c.want)
		}
	}
}
