package jsonfile_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/expr"
	"github.com/gobilevel/bilevel/reform/reformtest"
)

// anything is a model, drawn from a seed, with each of the things that a model can hold. It makes no sense as a problem.
func anything(seed uint64) *model.Model {
	rng := rand.New(rand.NewPCG(seed, 11))
	m := model.New([]string{"", "plain", "a \"quoted\"\nname", "größe \u2028 \x01"}[rng.IntN(4)])
	for range rng.IntN(3) {
		m.Notes = append(m.Notes, fmt.Sprintf("note %g", rng.Float64()))
	}
	players := 1 + rng.IntN(3)
	for p := 1; p < players; p++ {
		m.Follower(fmt.Sprintf("follower %d", p)).Nash()
	}
	number := func() float64 { return math.Ldexp(rng.Float64()-0.5, rng.IntN(60)-30) }
	for p := range players {
		for range 1 + rng.IntN(3) {
			n := 2 + rng.IntN(3)
			var sub func(int) string
			if rng.IntN(2) == 0 {
				sub = func(k int) string { return fmt.Sprintf(`"%c",%d`, 'a'+k, p) }
			}
			lo := number()
			first := m.AddVars(p, []string{"x", "y", "x[1]", "Σ"}[rng.IntN(4)], sub, n, model.Continuous, lo, lo+1)
			for j := first; j < first+n; j++ {
				switch rng.IntN(6) {
				case 0:
					m.SetVarBounds(j, math.Inf(-1), math.Inf(1))
				case 1:
					m.SetVarBounds(j, -7, 9)
					m.SetVarKind(j, model.Integer)
				case 2:
					m.SetVarBounds(j, 0, 1)
					m.SetVarKind(j, model.Binary)
					m.SetStart(j, 1)
				case 3:
					m.SetStart(j, lo+0.5)
					m.SetVarGroup(j, 1+rng.IntN(3))
				case 4:
					m.SteerVar(j, model.Steer{Reform: "sos1", DualBound: 3.5})
				}
			}
		}
	}
	vars := m.NumVars()
	d := m.DAG()
	var nodes []expr.Node
	for j := range vars {
		nodes = append(nodes, d.Var(j))
	}
	pick := func() expr.Node { return nodes[rng.IntN(len(nodes))] }
	for range rng.IntN(12) {
		var n expr.Node
		op := expr.Op(rng.IntN(int(expr.OpNot) + 1))
		switch {
		case op == expr.OpSum:
			n = d.Linear(number(), []float64{number(), number()}, []expr.Node{pick(), pick()})
		case op == expr.OpMul:
			n = d.Product(pick(), pick(), pick())
		case op == expr.OpMin:
			n = d.Min(pick(), pick(), d.Const(number()))
		case op == expr.OpMax:
			n = d.Max(pick(), pick())
		case op == expr.OpIf:
			n = d.If(d.Binary(expr.OpLT, pick(), d.Const(math.Inf(1))), pick(), pick())
		case op.IsUnary():
			n = d.Unary(op, pick())
		case op.IsBinary():
			n = d.Binary(op, pick(), pick())
		}
		if n != 0 {
			nodes = append(nodes, n)
		}
	}
	function := func() model.Function {
		a := m.Accumulator()
		for range rng.IntN(4) {
			a.AddTerm(number(), rng.IntN(vars))
		}
		if rng.IntN(3) == 0 {
			a.AddProduct(number(), rng.IntN(vars), rng.IntN(vars))
		}
		if rng.IntN(3) == 0 {
			a.AddFunction(1, m.FromNode(pick()))
		}
		a.AddConst(number())
		return a.Function()
	}
	for p := range players {
		if rng.IntN(4) > 0 {
			m.Player(p).SetObjective(model.Objective{Name: []string{"", "cost"}[rng.IntN(2)], Sense: model.Sense(rng.IntN(2)), F: function()})
		}
		first := m.StartRows(p, []string{"c", "c", "limit"}[rng.IntN(3)], nil, 2+rng.IntN(2))
		for r := first; r < m.NumRows(); r++ {
			lo, hi := number(), math.Inf(1)
			switch rng.IntN(4) {
			case 0:
				hi = lo
			case 1:
				lo, hi = math.Inf(-1), lo
			case 2:
				lo = math.Inf(-1)
			}
			m.SetRow(r, function(), lo, hi)
			if rng.IntN(5) == 0 {
				m.SteerRow(r, model.Steer{SlackBound: 2, Reform: "big-m"})
			}
		}
		if p > 0 && rng.IntN(2) == 0 {
			m.DualVar(first + 1)
		}
	}
	decorate(m, rng, function)
	return m
}

// decorate adds pairs, sets and conditions.
func decorate(m *model.Model, rng *rand.Rand, function func() model.Function) {
	slack := func() model.Member {
		r := m.AddRow(0, "carrier", function(), -1, 2)
		m.MarkPairRow(r)
		return model.Member{Row: true, Side: model.Side(rng.IntN(2)), Index: int32(r)}
	}
	for range rng.IntN(3) {
		p := model.Pair{A: slack(), B: slack()}
		if rng.IntN(2) == 0 {
			p = model.Pair{A: model.Member{Side: model.Range, Index: 0}, B: model.Member{Row: true, Side: model.Value, Index: p.B.Index}}
		}
		k := m.AddPairs("pair", []func(int) string{nil, func(int) string { return "α" }}[rng.IntN(2)], p)
		if rng.IntN(2) == 0 {
			m.SteerPair(k, model.Steer{DualBound: 0.25})
		}
	}
	if rng.IntN(3) == 0 {
		m.AddImplied(model.Pair{A: slack(), B: slack()})
		m.AddImpliedInequality(function())
	}
	if rng.IntN(2) == 0 {
		s := model.SOS1{Name: "set[1]", Owner: rng.IntN(m.NumPlayers()), Vars: []int32{0, 1}}
		if rng.IntN(2) == 0 {
			s.Weights = []float64{1, 2.5}
		}
		m.AddSOS1(s)
		m.AddIndicator(model.Indicator{Row: 0, Binary: 0, When: rng.IntN(2) == 0})
	}
}

func TestRoundTripOfRandomModels(t *testing.T) {
	drawn := 0
	for seed := uint64(0); drawn < 500 && seed < 5000; seed++ {
		m := anything(seed)
		if m.Err() != nil {
			continue // some draws let a follower use what it may not
		}
		drawn++
		roundTrip(t, fmt.Sprintf("seed %d", seed), m)
		if t.Failed() {
			return
		}
	}
	if drawn < 500 {
		t.Errorf("only %d models were drawn", drawn)
	}
}

func TestRoundTripOfRandomBilevelModels(t *testing.T) {
	for seed := range uint64(200) {
		in, _ := reformtest.Random(seed)
		stages(t, fmt.Sprintf("seed %d", seed), in.Model())
		if t.Failed() {
			return
		}
	}
}
