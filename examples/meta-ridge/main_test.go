package main

import (
	"context"
	"testing"
)

// TestUnseenTasks: with 80 tasks a centre and penalties learnt do nearly as well on unseen tasks as those that are right for the family, and far better than
// the best single penalty.
func TestUnseenTasks(t *testing.T) {
	s := draw(80)
	_, one, err := s.common()
	if err != nil {
		t.Fatal(err)
	}
	_, _, learnt, err := s.learn(context.Background(), true)
	if err != nil {
		t.Fatal(err)
	}
	known, err := s.known()
	if err != nil {
		t.Fatal(err)
	}
	if learnt > 1.1*known || learnt > 0.5*one {
		t.Errorf("squared error on unseen tasks: %.3f learnt, %.3f with the family known, %.3f with one penalty", learnt, known, one)
	}
}
