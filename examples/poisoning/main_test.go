package main

import (
	"context"
	"testing"

	"github.com/gobilevel/bilevel/examples/digits"
	"github.com/gobilevel/bilevel/hypergrad"
)

// TestHypergradient: it is right on images that are made up.
func TestHypergradient(t *testing.T) {
	p, err := prepare(digits.Drawn(10000, 2)).flipped().problem()
	if err != nil {
		t.Fatal(err)
	}
	check, err := hypergrad.CheckHypergradient(context.Background(), p, p.Start(), nil, hypergrad.CheckOptions{Directions: 3})
	if err != nil {
		t.Fatal(err)
	}
	if !check.Passed {
		t.Errorf("hypergradient: error %.3g, oracles %v", check.Error, check.Oracles)
	}
}

// TestAttack: the leader's images do far more harm than turned labels and random images, stay in the box, and the hypergradient that finds them is right.
func TestAttack(t *testing.T) {
	clean := prepare(digits.Here(t))
	s := clean.flipped()
	ctx := context.Background()
	p, err := s.problem()
	if err != nil {
		t.Fatal(err)
	}
	check, err := hypergrad.CheckHypergradient(ctx, p, p.Start(), nil, hypergrad.CheckOptions{Directions: 6})
	if err != nil {
		t.Fatal(err)
	}
	if !check.Passed {
		t.Errorf("hypergradient: error %.3g, oracles %v", check.Error, check.Oracles)
	}
	turned, err := s.at(ctx, p, p.Start())
	if err != nil {
		t.Fatal(err)
	}
	random, err := s.random(ctx, p)
	if err != nil {
		t.Fatal(err)
	}
	attacked, res, err := s.attack(ctx, p)
	if err != nil {
		t.Fatal(err)
	}
	if attacked.loss < turned.loss+0.1 || attacked.loss < random.loss+0.1 || attacked.test < turned.test+0.04 || attacked.test < random.test+0.04 {
		t.Errorf("attacked %+v, labels turned %+v, random images %+v", attacked, turned, random)
	}
	for j, v := range res.X {
		if constant := j%(pixels+1) == pixels; v < 0 || v > 1 || constant && v != 1 {
			t.Fatalf("entry %d of the moved images is %v", j, v)
		}
	}
}
