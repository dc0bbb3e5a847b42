package global

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/expr"
)

func TestRewrittenFunctionsAreTheSame(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	for trial := range 500 {
		m := model.New("rewrite")
		y := m.Leader().Vars("y", 2, -3, 3)
		e := y[0].Pow(2).Times(rng.NormFloat64()).Plus(y[0].Times(rng.NormFloat64())).Plus(y[1].Pow(2)).Plus(y[0].Times(y[1])).Plus(rng.NormFloat64())
		f := m.FromNode(randomNode(rng, m.DAG(), 2, 4))
		acc := m.Accumulator()
		acc.AddFunction(1, f)
		m.Leader().Minimize(e)
		acc.AddFunction(1, m.Leader().Objective().F)
		acc.AddFunction(1, m.FromNode(m.DAG().Unary(expr.OpExp, m.Node(m.Leader().Objective().F))))
		f = acc.Function()
		node, off := Rewrite(m.DAG(), f)
		for range 20 {
			x := []float64{rng.NormFloat64(), rng.NormFloat64()}
			a, b := m.Value(f, x), m.DAG().Eval(node, x)
			if math.IsNaN(a) != math.IsNaN(b) || math.Abs(a-b) > 1e-9*math.Max(1, math.Abs(a))+off {
				t.Fatalf("trial %d: %v at %v became %v: %s", trial, a, x, b, m.DAG().String(node, nil))
			}
		}
	}
}
