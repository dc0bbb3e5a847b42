package reform_test

import (
	"context"
	"math"
	"testing"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/reform"
	"github.com/gobilevel/bilevel/reform/reformtest"
)

// TestNormaliseSharedVariable: a variable that is the value of one mixed pair and the range of another keeps its bounds, which the other pair
// is about. Points on a grid satisfy the pairs before exactly where the lifted points satisfy those after.
func TestNormaliseSharedVariable(t *testing.T) {
	m := model.New("shared")
	x, y, z := m.Leader().Var("x", 0, model.Inf), m.Leader().Var("y", -2, 2), m.Leader().Var("z", -3, 3)
	member := func(v model.Var, s model.Side) model.Member { return model.Member{Side: s, Index: int32(v.Index())} }
	m.AddPairs("first", nil, model.Pair{A: member(x, model.Range), B: member(y, model.Value)})  // 0 <= x ⟂ y
	m.AddPairs("second", nil, model.Pair{A: member(y, model.Range), B: member(z, model.Value)}) // -2 <= y <= 2 ⟂ z
	r, err := (reform.Normalise{}).Apply(context.Background(), m)
	if err != nil {
		t.Fatal(err)
	}
	lift := r.Recovery.(reform.Lifter).Lift
	holding := 0
	for i := 0; i <= 6; i++ {
		for j := -4; j <= 4; j++ {
			for k := -6; k <= 6; k++ {
				p := &model.Point{X: []float64{float64(i) / 2, float64(j) / 2, float64(k) / 2}}
				q, err := lift(p)
				if err != nil {
					t.Fatal(err)
				}
				before, _ := reformtest.Residual(m, p.X)
				after, where := reformtest.Residual(r.Model, q.X)
				if (before < 1e-9) != (after < 1e-9) {
					t.Errorf("%v: residual %v before, %v after (%s)", p.X, before, after, where)
				}
				if before < 1e-9 {
					holding++
				}
			}
		}
	}
	if holding == 0 || math.IsNaN(m.PairViolation(0, []float64{0, 0, 0})) {
		t.Error("no point of the grid satisfies the pairs")
	}
}
