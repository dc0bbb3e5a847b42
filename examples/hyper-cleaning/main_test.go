package main

import (
	"context"
	"testing"

	"github.com/gobilevel/bilevel/examples/digits"
)

// TestCleaning: with half of the labels replaced, learnt weights bring the test error at least two points below training on all labels and within one
// point of training on the right labels alone, each of them at the best penalty of the grid; at the penalty 0.2 they pass the bars known from other
// software: a validation loss below 0.7456 and a test error below 15 %.
func TestCleaning(t *testing.T) {
	set := digits.Here(t)
	if testing.Short() {
		t.Skip("trains for half a minute")
	}
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
	list, err := s.all(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	all, allGrid, oracle, oracleGrid, protocol, learnt := list[0], list[1], list[2], list[3], list[4], list[5]
	// Figures known from other software for the same protocol.
	if all.test < 0.159 || all.test > 0.162 || oracle.test < 0.146 || oracle.test > 0.149 {
		t.Errorf("test error %.4f on all labels, want 0.1604; %.4f on right ones, want 0.1476", all.test, oracle.test)
	}
	if protocol.loss > 0.7456 || protocol.test > 0.15 {
		t.Errorf("penalty 0.2: validation loss %.4f, test error %.4f", protocol.loss, protocol.test)
	}
	if learnt.test > min(all.test, allGrid.test)-0.02 || learnt.test > min(oracle.test, oracleGrid.test)+0.01 {
		t.Errorf("test error %.4f; %.4f and %.4f on all labels, %.4f and %.4f on right ones", learnt.test, all.test, allGrid.test, oracle.test, oracleGrid.test)
	}
}
