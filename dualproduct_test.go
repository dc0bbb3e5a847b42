package bilevel_test

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/gobilevel/bilevel"
	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/reform/reformtest"
)

// dualTerm is coef * (shadow price of row) * z_col in the leader's objective.
type dualTerm struct {
	row, col int
	coef     float64
}

// priced is an instance with products of shadow prices in the leader's objective.
type priced struct {
	*reformtest.Instance
	terms []dualTerm
}

// randomPriced draws a leader with one or two variables of few whole values and a linear follower with two bounded variables; the leader
// earns the shadow prices for some of the follower's variables, for its own contributions to the rows, or, where any is true, for anything.
func randomPriced(r *rand.Rand, contribution, any bool) *priced {
	num := func(lo, hi int) float64 { return float64(lo + r.IntN(hi-lo+1)) }
	in := &reformtest.Instance{Players: make([]reformtest.Objective, 2)}
	n := 1 + r.IntN(2)
	for range n {
		in.Vars = append(in.Vars, reformtest.Variable{Hi: 1 + reformtest.Bound(r.IntN(2)), Integer: true})
	}
	for range 2 {
		v := reformtest.Variable{Owner: 1, Hi: reformtest.Bound(num(1, 5))}
		if r.IntN(4) == 0 {
			v.Lo = reformtest.Bound(num(-3, 0))
		}
		in.Vars = append(in.Vars, v)
	}
	sells := []bool{r.IntN(2) == 0, r.IntN(2) == 0}
	follower := &in.Players[1]
	follower.Max = r.IntN(2) == 0
	follower.C = make([]float64, n+2)
	for j := range 2 {
		follower.C[n+j] = num(-4, 4)
		for k := range n {
			if (sells[j] || contribution) && r.IntN(2) == 0 {
				follower.Quad = append(follower.Quad, reformtest.Term{I: k, J: n + j, Coef: num(1, 2)})
			}
		}
	}
	p := &priced{Instance: in}
	for row := range 1 + r.IntN(2) {
		a := make([]float64, n+2)
		for j := range a {
			if (j >= n || contribution || any && r.IntN(2) == 0) && r.IntN(4) > 0 {
				a[j] = num(-3, 3)
			}
		}
		lo, hi := reformtest.Bound(math.Inf(-1)), reformtest.Bound(num(1, 6))
		switch r.IntN(6) {
		case 0:
			lo = hi
		case 1:
			lo = hi - reformtest.Bound(num(1, 4))
		case 2:
			lo, hi = -hi, reformtest.Bound(math.Inf(1))
		}
		in.Rows = append(in.Rows, reformtest.Row{Owner: 1, A: a, Lo: lo, Hi: hi})
		for j, v := range a {
			earns := j < n && contribution || j >= n && !contribution && sells[j-min(j, n)]
			if any {
				earns, v = r.IntN(2) == 0, num(-2, 2)
			}
			if v != 0 && earns {
				p.terms = append(p.terms, dualTerm{row, j, v})
			}
		}
	}
	leader := &in.Players[0]
	leader.Max = r.IntN(3) > 0
	leader.C = make([]float64, n+2)
	for j := range leader.C {
		leader.C[j] = num(-3, 3)
	}
	if contribution {
		leader.Quad = append(leader.Quad, follower.Quad...)
	}
	return p
}

// model is the instance through the API.
func (p *priced) model() *bilevel.Model {
	m := p.Instance.Model()
	o := m.Leader().Objective()
	acc := m.Accumulator()
	acc.AddFunction(1, o.F)
	for _, t := range p.terms {
		acc.AddProduct(t.coef, m.DualVar(t.row).Index(), t.col)
	}
	o.F = acc.Function()
	m.Leader().SetObjective(o)
	return m
}

// enumerate finds the optimum. For fixed x the optimal answers and the optimal multipliers of a linear follower are chosen independently of each
// other, so that for some optimal multipliers the best answer is a vertex: all vertices are tried, and with y fixed the objective is
// linear in the multipliers.
func (p *priced) enumerate(t *testing.T) *reformtest.Outcome {
	n := len(p.Vars) - 2
	best := &reformtest.Outcome{}
	sign := 1.0
	if p.Players[0].Max {
		sign = -1
	}
	x := make([]float64, n)
	var try func(k int)
	try = func(k int) {
		if k < n {
			for v := 0.0; v <= float64(p.Vars[k].Hi); v++ {
				x[k] = v
				try(k + 1)
			}
			return
		}
		for _, y := range p.vertices(x) {
			z := append(append([]float64(nil), x...), y[0], y[1])
			if p.CheckPoint(z, 1e-7) != nil {
				continue
			}
			if got := p.at(t, z); got.Answer > best.Answer || got.Answer == reformtest.Optimal && best.Answer == got.Answer && sign*got.Value < sign*best.Value {
				best = got
			}
		}
	}
	try(0)
	return best
}

// at optimises over the multipliers with all variables fixed.
func (p *priced) at(t *testing.T, z []float64) *reformtest.Outcome {
	in := *p.Instance
	in.Players = append([]reformtest.Objective(nil), in.Players...)
	leader := in.Players[0]
	constant := 0.0
	for _, q := range leader.Quad {
		constant += q.Coef * z[q.I] * z[q.J]
	}
	leader.Quad, leader.Dual = nil, map[string]float64{"0": 1e-300} // not empty, so that all sets of multipliers are tried
	for _, d := range p.terms {
		leader.Dual[fmt.Sprint(d.row)] += d.coef * z[d.col]
	}
	in.Players[0] = leader
	for j := range z {
		a := make([]float64, len(z))
		a[j] = 1
		in.Rows = append(in.Rows, reformtest.Row{A: a, Lo: reformtest.Bound(z[j] - 1e-7), Hi: reformtest.Bound(z[j] + 1e-7)})
	}
	out, err := in.Solve()
	if err != nil {
		t.Fatal(err)
	}
	out.Value += constant
	return out
}

// vertices are the points where two of the lines meet that bound the follower's answers to x.
func (p *priced) vertices(x []float64) [][2]float64 {
	type line struct{ a, b, c float64 }
	var lines []line
	add := func(a, b float64, lo, hi float64) {
		for _, c := range []float64{lo, hi} {
			if !math.IsInf(c, 0) {
				lines = append(lines, line{a, b, c})
			}
		}
	}
	n := len(x)
	for _, row := range p.Rows {
		taken := 0.0
		for k, v := range x {
			taken += row.A[k] * v
		}
		add(row.A[n], row.A[n+1], float64(row.Lo)-taken, float64(row.Hi)-taken)
	}
	add(1, 0, float64(p.Vars[n].Lo), float64(p.Vars[n].Hi))
	add(0, 1, float64(p.Vars[n+1].Lo), float64(p.Vars[n+1].Hi))
	var out [][2]float64
	for i, l := range lines {
		for _, k := range lines[:i] {
			if d := l.a*k.b - l.b*k.a; d != 0 {
				out = append(out, [2]float64{(l.c*k.b - l.b*k.c) / d, (l.a*k.c - l.c*k.a) / d})
			}
		}
	}
	return out
}

// TestPricesTimesQuantities compares leaders who earn shadow prices, written as products, with enumeration.
func TestPricesTimesQuantities(t *testing.T) {
	tally := map[string]int{}
	for seed := uint64(1); seed <= 700; seed++ {
		r := rand.New(rand.NewPCG(seed, 5))
		contribution, any := seed%3 == 1, seed%3 == 2
		p := randomPriced(r, contribution, any)
		want := p.enumerate(t)
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		m := p.model()
		got, err := bilevel.Solve(ctx, m)
		cancel()
		if err != nil {
			if !refused(err) {
				t.Fatalf("seed %d: %v", seed, err)
			}
			if tally["refused"]++; !any && len(m.Leader().Objective().F.Quad) > 0 {
				t.Errorf("seed %d: refused: %v\n%v %v", seed, err, p.Instance, p.terms)
			}
			continue
		}
		if contains := len(m.Leader().Objective().F.Quad) > 0 && m.Constructs().Has(model.QuadraticObjective); contains {
			tally["replaced, "+want.Answer.String()]++
		}
		ok := false
		switch want.Answer {
		case reformtest.Optimal:
			ok = got.Proof == bilevel.ProofGlobal && math.Abs(got.Objective-want.Value) <= 1e-5*math.Max(1, math.Abs(want.Value))
		case reformtest.Infeasible:
			ok = got.Proof == bilevel.ProofInfeasible
		case reformtest.Unbounded:
			ok = got.Proof == bilevel.ProofUnbounded
		}
		if !ok {
			t.Errorf("seed %d: want %v %v, got %v, proof %v, %v, bound %v, plan %v, notes %q\n%v%v", seed, want.Answer, want.Value, got.Status, got.Proof, got.Objective, got.Bound,
				got.Plan, got.Notes, p.Instance, p.terms)
		}
	}
	t.Log(tally)
	if tally["replaced, optimal"] < 200 {
		t.Errorf("only %v", tally)
	}
}
