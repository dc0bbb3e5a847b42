package main

import (
	"context"
	"testing"

	"github.com/gobilevel/bilevel/examples/digits"
	"github.com/gobilevel/bilevel/hypergrad/tasks"
)

// TestMadeUp: on images that are made up, the learnt penalty is at least as good on the validation samples as the grid's.
func TestMadeUp(t *testing.T) {
	ctx := context.Background()
	s := prepare(digits.Drawn(10000, 4))
	grid, _, err := s.grid(ctx)
	if err != nil {
		t.Fatal(err)
	}
	one, err := s.learn(ctx, tasks.ForAll, -1)
	if err != nil {
		t.Fatal(err)
	}
	if one.loss > grid.loss+1e-4 {
		t.Errorf("validation loss %.5f by the grid, %.5f with one learnt penalty", grid.loss, one.loss)
	}
}

// TestPenalties: one learnt penalty is at least as good on the validation samples as the grid's, and one for each pixel is better.
func TestPenalties(t *testing.T) {
	set := digits.Here(t)
	if testing.Short() {
		t.Skip("-short leaves out what trains for some seconds")
	}
	ctx := context.Background()
	s := prepare(set)
	grid, at, err := s.grid(ctx)
	if err != nil {
		t.Fatal(err)
	}
	one, err := s.learn(ctx, tasks.ForAll, -1)
	if err != nil {
		t.Fatal(err)
	}
	each, err := s.learn(ctx, tasks.ForFeature, at)
	if err != nil {
		t.Fatal(err)
	}
	if one.loss > grid.loss+1e-4 || each.loss > 0.95*grid.loss {
		t.Errorf("validation loss %.4f by the grid, %.4f with one penalty, %.4f with one for each pixel", grid.loss, one.loss, each.loss)
	}
	if grid.test > 0.13 {
		t.Errorf("test error %.4f at the grid's penalty", grid.test)
	}
}
