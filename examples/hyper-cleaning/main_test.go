package main

import (
	"context"
	"os"
	"testing"

	"github.com/gobilevel/bilevel/examples/digits"
)

// TestProtocol: at the penalty 0.2 learnt weights pass the bars known from other software for the same data, a validation loss below 0.7456 and a test error
// below 15 %, and the classifiers of all labels and of the right ones have the errors known from there.
func TestProtocol(t *testing.T) {
	set := digits.Here(t)
	if testing.Short() {
		t.Skip("-short leaves out what trains for some seconds")
	}
	ctx := context.Background()
	s := prepare(set, 0.5)
	count := 0
	for _, wrong := range s.wrong {
		if wrong {
			count++
		}
	}
	if count != 2271 {
		t.Errorf("%d wrong labels, want 2271", count)
	}
	all, err := s.fit(ctx, "all", s.weights(nil), 0.2)
	if err != nil {
		t.Fatal(err)
	}
	oracle, err := s.fit(ctx, "oracle", s.weights(s.wrong), 0.2)
	if err != nil {
		t.Fatal(err)
	}
	if all.test < 0.159 || all.test > 0.162 || oracle.test < 0.146 || oracle.test > 0.149 {
		t.Errorf("test error %.4f on all labels, want 0.1604; %.4f on right ones, want 0.1476", all.test, oracle.test)
	}
	learnt, err := s.protocol(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if learnt.loss > 0.7456 || learnt.test > 0.15 {
		t.Errorf("validation loss %.4f, test error %.4f", learnt.loss, learnt.test)
	}
}

// TestMadeUp: on images that are made up, labels that are right teach more than all of them.
func TestMadeUp(t *testing.T) {
	ctx := context.Background()
	s := prepare(digits.Drawn(10000, 3), 0.5)
	all, err := s.fit(ctx, "all", s.weights(nil), 0.2)
	if err != nil {
		t.Fatal(err)
	}
	oracle, err := s.fit(ctx, "oracle", s.weights(s.wrong), 0.2)
	if err != nil {
		t.Fatal(err)
	}
	if !(oracle.loss < all.loss-0.05) || oracle.test > all.test {
		t.Errorf("validation loss %.4f and test error %.4f with right labels, %.4f and %.4f with all", oracle.loss, oracle.test, all.loss, all.test)
	}
}

// TestTable: weights and penalty learnt bring the test error at least two points below training on all labels and within one point of training on the
// right labels alone, each of them at the best penalty of the grid.
func TestTable(t *testing.T) {
	set := digits.Here(t)
	if os.Getenv("BILEVEL_LEARNING") != "full" {
		t.Skip("trains for half a minute of processor time: set BILEVEL_LEARNING=full")
	}
	list, err := prepare(set, 0.5).all(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	all, allGrid, oracle, oracleGrid, learnt := list[0], list[1], list[2], list[3], list[5]
	if learnt.test > min(all.test, allGrid.test)-0.02 || learnt.test > min(oracle.test, oracleGrid.test)+0.01 {
		t.Errorf("test error %.4f; %.4f and %.4f on all labels, %.4f and %.4f on right ones", learnt.test, all.test, allGrid.test, oracle.test, oracleGrid.test)
	}
}
