package main

import (
	"context"
	"math"
	"testing"

	"github.com/gobilevel/bilevel/hypergrad"
	"github.com/gobilevel/bilevel/hypergrad/tasks"
)

// TestSlope fits curves whose slope is known.
func TestSlope(t *testing.T) {
	for _, s := range []float64{0.5, 1, 2} {
		var c curve
		for k := 0; k <= 120; k++ {
			terms := 100 * math.Pow(10, float64(k)/perDecade)
			c = append(c, curvePoint{terms, math.Pow(terms/100, -1/s)})
		}
		slope, decades := c.slope(c.final(), fitDecades)
		if math.Abs(slope-s) > 1e-6 || decades > fitDecades+0.1 {
			t.Errorf("slope %v over %v decades, should be %v", slope, decades, s)
		}
		if got, want := c.reach(1e-2), 100*math.Pow(10, 2*s); math.Abs(got/want-1) > 1e-9 {
			t.Errorf("1e-2 after %v terms, should be %v", got, want)
		}
	}
}

// TestSpy compares the spy's counts with those of the library and its gradients with the closed form.
func TestSpy(t *testing.T) {
	q, err := tasks.NewQuadratic(7, 512, 256, 12, 3)
	if err != nil {
		t.Fatal(err)
	}
	x, y := slopeStart(q)
	s := newSpy(q)
	_, g := q.Gradient(x)
	var square float64
	for _, v := range g {
		square += v * v
	}
	if math.Abs(s.square(x)-square) > 1e-10*square {
		t.Errorf("square %v, closed form %v", s.square(x), square)
	}
	res, err := hypergrad.MinimizeSampled(context.Background(), s, x, y, hypergrad.SampledOptions{Method: hypergrad.SRBA{}, Batch: 16, MaxIterations: 200, Progress: func(p hypergrad.Progress) bool {
		s.progress(p)
		return true
	}})
	if err != nil {
		t.Fatal(err)
	}
	if all := float64(res.Tally.Terms.Total()); s.terms != all {
		t.Errorf("the spy counted %v terms, the library %v", s.terms, all)
	}
	if checks := float64(res.Checks.Terms.Total()); s.checks != checks || checks == 0 {
		t.Errorf("the spy heard of %v terms of checks, the library of %v", s.checks, checks)
	}
}
