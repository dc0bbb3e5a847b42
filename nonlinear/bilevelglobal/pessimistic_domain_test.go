package bilevelglobal

import (
	"context"
	"math"
	"testing"
	"time"

	"github.com/gobilevel/bilevel/model"
)

// TestAnswersHaveRowsOfTheirOwn answers a decision at which a constraint of the leader has no value at the follower's best answer: that is an answer nevertheless.
func TestAnswersHaveRowsOfTheirOwn(t *testing.T) {
	m := model.New("own")
	x, f := m.Leader().Var("x", 0, 1), m.Follower("f")
	y := f.Var("y", -1, 1)
	f.Minimize(y.Plus(x.Times(0.1)))
	m.Leader().Constrain("root", model.Sqrt(y).LE(5))
	m.Leader().Minimize(x)
	s, err := newHostile(context.Background(), m, PessimisticOptions{}, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	if at, v := s.answer(context.Background(), []float64{0.5, 0}); at == nil || math.Abs(v+0.95) > 1e-6 {
		t.Errorf("the best answer is %v with %v; want -1 with -0.95", at, v)
	}
}
