package main

import (
	"context"
	"testing"

	"github.com/gobilevel/bilevel/examples/digits"
	"github.com/gobilevel/bilevel/hypergrad/tasks"
)

// TestColour: plain training is below 20 % on the test, and so is a filter learnt for a small loss; the filter learnt for invariance is above 60 %.
func TestColour(t *testing.T) {
	set := digits.Here(t)
	if testing.Short() {
		t.Skip("-short leaves out what trains for some seconds")
	}
	ctx := context.Background()
	s := colour(set, 71)
	plain, err := s.plain(ctx)
	if err != nil {
		t.Fatal(err)
	}
	small, err := s.learn(ctx, 0)
	if err != nil {
		t.Fatal(err)
	}
	invariant, err := s.learn(ctx, price)
	if err != nil {
		t.Fatal(err)
	}
	if plain.test > 0.2 || small.test > 0.2 || invariant.test < 0.6 {
		t.Errorf("accuracy on the test %.3f plain, %.3f for a small loss, %.3f for invariance", plain.test, small.test, invariant.test)
	}
}

// TestData: shares of colours and labels are what the protocol says, whatever the images are.
func TestData(t *testing.T) {
	s := colour(digits.Drawn(10000, 1), 71)
	for e, d := range []tasks.Data{s.envs[0].Train, s.envs[1].Train, s.test} {
		agree := 0
		x := make([]float64, 2*pixels+1)
		for j := range x {
			if x[j] = -1; j >= pixels {
				x[j] = 1
			}
		}
		x[2*pixels] = 0
		for i, v := range tasks.Predict(d.X, x) {
			if v*d.Y[i] > 0 {
				agree++
			}
		}
		if share := 1 - float64(agree)/float64(len(d.Y)); share < flips[e]-0.03 || share > flips[e]+0.03 {
			t.Errorf("environment %d: the colour contradicts %.3f of the labels, want %.2f", e, share, flips[e])
		}
	}
}
