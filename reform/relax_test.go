package reform_test

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/reform"
	"github.com/gobilevel/bilevel/reform/reformtest"
)

// pairModel has one pair whose members a = v - 1 and b = 5 - (2w + v) are slacks of a lower and of an upper bound: what a pass writes has to get
// both right.
func pairModel() *model.Model {
	m := model.New("pair")
	l := m.Leader()
	v, w := l.Var("v", 1, model.Inf), l.Var("w", -model.Inf, model.Inf)
	r := m.AddRow(0, "r", model.Function{Vars: []int32{0, 1}, Coefs: []float64{1, 2}}, -model.Inf, 5)
	m.AddPairs("p", nil, model.Pair{A: model.Member{Side: model.AtLower, Index: int32(v.Index())}, B: model.Member{Row: true, Side: model.AtUpper, Index: int32(r)}})
	l.Minimize(v.Times(v).Plus(w.Times(w)))
	return m
}

// at is the point of pairModel with the given members.
func at(a, b float64) []float64 {
	v := a + 1
	return []float64{v, (5 - b - v) / 2}
}

// pairForms are the passes on pairs with a description of the set that each makes of a and b, from the definition and not by the formulas that the
// passes write: the distance by which a point is outside, negative inside.
var pairForms = []struct {
	pass reform.Pass
	t    float64
	out  func(a, b, t float64) float64
}{
	{reform.Relax{Kind: reform.Scholtes, T: 0.3}, 0.3, func(a, b, t float64) float64 { return max(-a, -b, a*b-t) }},
	{reform.Relax{Kind: reform.LinFukushima, T: 0.3}, 0.3, func(a, b, t float64) float64 {
		if a <= -t || b <= -t {
			return max(-t-a, -t-b) // touches the set at no point
		}
		return max(a*b-t*t, t*t-(a+t)*(b+t))
	}},
	{reform.Relax{Kind: reform.Kadrani, T: 0.3}, 0.3, func(a, b, t float64) float64 {
		return max(-t-min(a, b), min(a, b)-t, t-max(a, b)) // the smaller member in [-t, t], the larger at least t
	}},
	{reform.Relax{Kind: reform.KanzowSchwartz, T: 0.3}, 0.3, func(a, b, t float64) float64 { return max(-a, -b, min(a, b)-t) }},
	{reform.Relax{Kind: reform.SteffensenUlbrich, T: 0.3}, 0.3, func(a, b, t float64) float64 {
		if math.Abs(a-b) >= t {
			return max(-a, -b, min(a, b))
		}
		z := (a - b) / t
		return max(-a, -b, a+b-t*(3+6*z*z-z*z*z*z)/8)
	}},
	{reform.Product{}, 0, func(a, b, _ float64) float64 { return max(-a, -b, min(a, b)) }},
	{reform.NCP{Kind: reform.FischerBurmeister}, 0, func(a, b, _ float64) float64 { return math.Abs(min(a, b)) }},
	{reform.NCP{Kind: reform.MinFunction}, 0, func(a, b, _ float64) float64 { return math.Abs(min(a, b)) }},
	{reform.NCP{Kind: reform.PenalisedFB}, 0, func(a, b, _ float64) float64 { return math.Abs(min(a, b)) }},
	{reform.NCP{Kind: reform.SmoothedFB, T: 0.3}, 0.3, func(a, b, t float64) float64 { return max(-a, -b, math.Abs(a*b-t)) }},
	{reform.NCP{Kind: reform.CHKS, T: 0.3}, 0.3, func(a, b, t float64) float64 { return max(-a, -b, math.Abs(a*b-t)) }},
}

// TestPairSets compares the feasible points of what the passes write with the sets that they are to describe, at random points, points on the
// pair and points on the curve ab = t.
func TestPairSets(t *testing.T) {
	rng := rand.New(rand.NewPCG(11, 3))
	for _, form := range pairForms {
		t.Run(form.pass.Name(), func(t *testing.T) {
			m := pairModel()
			after := applied(t, form.pass, m).Model
			in, out := 0, 0
			for n := range 20000 {
				a, b := 3*rng.Float64()-1, 3*rng.Float64()-1
				switch n % 4 {
				case 1:
					a, b = 0, math.Abs(b)
				case 2:
					b = math.Abs(a) / 4
					a = 0
				case 3:
					a = math.Abs(a)
					b = form.t / a
				}
				if n%8 >= 4 {
					a, b = b, a
				}
				want := form.out(a, b, form.t)
				if math.Abs(want) > 1e-12 && math.Abs(want) < 1e-6 {
					continue // too near to call
				}
				v, where := reformtest.Residual(after, at(a, b))
				if (want <= 1e-12) != (v < 1e-9) {
					t.Fatalf("a = %v, b = %v: %v outside of the set, and the violation is %v of %s", a, b, want, v, where)
				}
				if want <= 1e-12 {
					in++
				} else {
					out++
				}
			}
			if in < 1000 || out < 1000 {
				t.Errorf("%d points in the set and %d outside: too few of one of them to say anything", in, out)
			}
		})
	}
}

func applied(t *testing.T, p reform.Pass, m *model.Model) *reform.Result {
	t.Helper()
	r, err := p.Apply(context.Background(), m)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Model.Err(); err != nil {
		t.Fatal(err)
	}
	if r.Model.NumPairs() != 0 {
		t.Fatalf("%d pairs are left", r.Model.NumPairs())
	}
	return r
}

// TestRelaxationsContainTheModel: a point that satisfies the pairs of a random model with many pairs satisfies every relaxation of it but
// Kadrani's, which cuts off exactly the points where both members of a pair are below t.
func TestRelaxationsContainTheModel(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 8))
	cut, kept := 0, 0
	for range 300 {
		m, x := randomPairs(rng, 1+rng.IntN(6))
		if v, where := reformtest.Residual(m, x); v > 1e-12 {
			t.Fatalf("the point violates %s by %v: the test is wrong", where, v)
		}
		T := math.Pow(10, -4*rng.Float64())
		for _, kind := range reform.RelaxKinds() {
			r := applied(t, reform.Relax{Kind: kind, T: T}, m)
			q, err := r.Recovery.(reform.Lifter).Lift(&model.Point{X: x})
			if err != nil {
				t.Fatal(err)
			}
			inside := true
			if kind == reform.Kadrani {
				for k := range m.NumPairs() {
					p := m.Pair(k)
					inside = inside && max(m.MemberValue(p.A, x), m.MemberValue(p.B, x)) >= T
				}
				if inside {
					kept++
				} else {
					cut++
				}
			}
			if v, where := reformtest.Residual(r.Model, q.X); (v <= 1e-12) != inside {
				t.Fatalf("%v at t = %v: the point violates %s by %v, and should be inside: %v", kind, T, where, v, inside)
			}
		}
	}
	if cut < 20 || kept < 20 {
		t.Errorf("%d points cut off by Kadrani, %d kept", cut, kept)
	}
}

// randomPairs is a model of pairs of slacks of all sorts, in which variables and sides occur more than once, and a point that satisfies it.
func randomPairs(rng *rand.Rand, n int) (*model.Model, []float64) {
	m := model.New("random")
	l := m.Leader()
	var x []float64
	slack := func(zero bool) model.Member {
		s := 0.0
		if !zero {
			s = math.Pow(10, 1-5*rng.Float64())
		}
		bound := float64(rng.IntN(7) - 3)
		side := model.Side(rng.IntN(2)) // AtLower or AtUpper
		value, lo, hi := bound+s, bound, model.Inf
		if side == model.AtUpper {
			value, lo, hi = bound-s, -model.Inf, bound
		}
		if rng.IntN(2) == 0 && s == 0 || rng.IntN(4) == 0 { // a bound that says something, too
			if side == model.AtLower {
				hi = value + 20
			} else {
				lo = value - 20
			}
		}
		if rng.IntN(2) == 0 {
			v := l.Var(fmt.Sprintf("v%d", len(x)), lo, hi)
			x = append(x, value)
			return model.Member{Side: side, Index: int32(v.Index())}
		}
		v := l.Var(fmt.Sprintf("v%d", len(x)), -model.Inf, model.Inf)
		x = append(x, value/2)
		r := m.AddRow(0, fmt.Sprintf("r%d", m.NumRows()), model.Function{Vars: []int32{int32(v.Index())}, Coefs: []float64{2}}, lo, hi)
		return model.Member{Row: true, Side: side, Index: int32(r)}
	}
	var zeros []model.Member
	var list []model.Pair
	for range n {
		z := slack(true)
		if len(zeros) > 0 && rng.IntN(3) == 0 {
			z = zeros[rng.IntN(len(zeros))]
		}
		zeros = append(zeros, z)
		p := model.Pair{A: z, B: slack(rng.IntN(5) == 0)}
		if rng.IntN(2) == 0 {
			p.A, p.B = p.B, p.A
		}
		list = append(list, p)
	}
	m.AddPairs("p", nil, list...)
	sum := model.Const(0)
	for j := range x {
		sum = sum.Plus(m.Var(j))
	}
	l.Minimize(sum)
	return m, x
}

// TestPairMultipliers compares the multipliers that Recover makes of shadow prices with central differences of what the pass has written: with
// the price p of a constraint φ(a, b), the dual of the bound of a changes by p ∂φ/∂a, which is the change of φ along a point that moves by one
// unit of that slack.
func TestPairMultipliers(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 4))
	for _, form := range pairForms {
		t.Run(form.pass.Name(), func(t *testing.T) {
			m := pairModel()
			r := applied(t, form.pass, m)
			for range 400 {
				a, b := 2*rng.Float64()-0.5, 2*rng.Float64()-0.5
				if math.Abs(a-b) < 1e-3 || math.Abs(a) < 1e-3 || math.Abs(b) < 1e-3 {
					continue // near a kink
				}
				for row := m.NumRows(); row < r.Model.NumRows(); row++ {
					p := &model.Point{X: at(a, b), RowDuals: make([]float64, r.Model.NumRows()), VarDuals: make([]float64, r.Model.NumVars())}
					p.RowDuals[row] = 2
					q, err := r.Recovery.Recover(p)
					if err != nil {
						t.Fatal(err)
					}
					const h = 1e-6
					value := func(a, b float64) float64 { return r.Model.RowValue(row, at(a, b)) }
					da, db := (value(a+h, b)-value(a-h, b))/(2*h), (value(a, b+h)-value(a, b-h))/(2*h)
					// The slack of v >= 1 grows with v, that of r <= 5 falls as r grows.
					if math.Abs(q.VarDuals[0]-2*da) > 1e-6 || math.Abs(q.RowDuals[0]+2*db) > 1e-6 || q.VarDuals[1] != 0 {
						t.Fatalf("a = %v, b = %v: duals %v and %v, differences %v and %v", a, b, q.VarDuals[0], q.RowDuals[0], 2*da, -2*db)
					}
				}
			}
		})
	}
}

// TestPairDerivatives compares the derivatives of what the passes write, which solvers compute from the expressions, with central differences, also
// where the branches of the piecewise functions meet.
func TestPairDerivatives(t *testing.T) {
	rng := rand.New(rand.NewPCG(6, 1))
	for _, form := range pairForms {
		if n, ok := form.pass.(reform.NCP); ok && !n.Kind.Smooth() {
			continue // with kinks
		}
		m := pairModel()
		after := applied(t, form.pass, m).Model
		d := after.DAG()
		for row := m.NumRows(); row < after.NumRows(); row++ {
			g := d.Gradient(after.Node(after.RowFunction(row)), []int{0, 1})
			for n := range 400 {
				a, b := 2*rng.Float64()-0.5, 2*rng.Float64()-0.5
				if n%3 == 0 { // on the seams of Steffensen-Ulbrich and Kanzow-Schwartz
					b = a + form.t
				} else if n%3 == 1 {
					b = 2*form.t - a
				}
				for j := range 2 {
					const h = 1e-6
					x := at(a, b)
					got := d.Eval(g[j], x)
					x[j] += h
					up := after.RowValue(row, x)
					x[j] -= 2 * h
					if want := (up - after.RowValue(row, x)) / (2 * h); math.Abs(got-want) > 1e-4 {
						t.Fatalf("%s at a = %v, b = %v: derivative %v, difference %v", form.pass.Name(), a, b, got, want)
					}
				}
			}
		}
	}
	// At the origin the Fischer-Burmeister function has no gradient; what is computed is an element of the generalised one:
	// (ξ-1, η-1) with ξ² + η² = 1.
	m := pairModel()
	after := applied(t, reform.NCP{Kind: reform.FischerBurmeister}, m).Model
	d := after.DAG()
	g := d.Gradient(after.Node(after.RowFunction(1)), []int{0, 1})
	gv, gw := d.Eval(g[0], at(0, 0)), d.Eval(g[1], at(0, 0))
	pb := -gw / 2 // b = 5 - v - 2w
	pa := gv + pb
	if ξ, η := pa+1, pb+1; !(math.Abs(ξ*ξ+η*η-1) < 1e-12) {
		t.Errorf("at the origin the derivative is (%v, %v)", pa, pb)
	}
}

// TestPenaltyObjective: at points that satisfy the pairs the penalised objective is the objective, elsewhere it is worse by the weight times the
// products, in either sense; and the multipliers that Recover states differ by the weight times the other member.
func TestPenaltyObjective(t *testing.T) {
	for _, sense := range []model.Sense{model.Minimize, model.Maximize} {
		m := pairModel()
		o := m.Leader().Objective()
		o.Sense = sense
		m.Leader().SetObjective(o)
		r := applied(t, reform.Penalty{Rho: 7}, m)
		for _, p := range [][2]float64{{0, 2}, {3, 0}, {0, 0}, {1, 2}, {0.5, 0.25}} {
			x := at(p[0], p[1])
			want := m.ObjectiveValue(0, x) + sense.Sign()*7*p[0]*p[1]
			if got := r.Model.ObjectiveValue(0, x); math.Abs(got-want) > 1e-12 {
				t.Errorf("%v at %v: %v, want %v", sense, p, got, want)
			}
			q, err := r.Recovery.Recover(&model.Point{X: x, RowDuals: make([]float64, r.Model.NumRows()), VarDuals: make([]float64, r.Model.NumVars())})
			if err != nil {
				t.Fatal(err)
			}
			if s := sense.Sign(); math.Abs(q.VarDuals[0]+s*7*p[1]) > 1e-12 || math.Abs(q.RowDuals[0]-s*7*p[0]) > 1e-12 {
				t.Errorf("%v at %v: duals %v and %v", sense, p, q.VarDuals[0], q.RowDuals[0])
			}
		}
	}
}

// TestOnlySomePairs: a pair that is left to another pass stays, and a bound that it shares with one that is written keeps its place.
func TestOnlySomePairs(t *testing.T) {
	m := model.New("two")
	l := m.Leader()
	a, b, c := l.Var("a", 1, model.Inf), l.Var("b", 0, model.Inf), l.Var("c", 0, model.Inf)
	member := func(v model.Var) model.Member { return model.Member{Index: int32(v.Index())} }
	m.AddPairs("p", nil, model.Pair{A: member(a), B: member(b)}, model.Pair{A: member(a), B: member(c)})
	l.Minimize(a.Plus(b).Plus(c))
	first := func(_ *model.Model, k int) bool { return k == 0 }
	for _, pass := range []reform.Pass{
		reform.Relax{Kind: reform.Kadrani, T: 0.5, Only: first}, reform.NCP{Kind: reform.MinFunction, Only: first},
		reform.Product{Only: first}, reform.Penalty{Only: first},
	} {
		r, err := pass.Apply(context.Background(), m)
		if err != nil {
			t.Fatal(err)
		}
		d := r.Model
		if d.NumPairs() != 1 || d.PairName(0) != "p[1]" {
			t.Errorf("%s: %d pairs are left", pass.Name(), d.NumPairs())
			continue
		}
		if lo, _ := d.VarBounds(a.Index()); lo != 1 {
			t.Errorf("%s: the bound of a, which the pair that stays refers to, has moved to %v", pass.Name(), lo)
		}
		if lo, _ := d.VarBounds(c.Index()); lo != 0 {
			t.Errorf("%s: the bound of c has moved to %v", pass.Name(), lo)
		}
		for row := m.NumRows(); row < d.NumRows(); row++ {
			if !strings.HasSuffix(d.RowName(row), "_p[0]") {
				t.Errorf("%s: the name %s does not tell the pair p[0]", pass.Name(), d.RowName(row))
			}
		}
	}
}

// TestBadParameters: a parameter that is no positive number is refused by name.
func TestBadParameters(t *testing.T) {
	m := pairModel()
	for _, v := range []float64{math.NaN(), -1, math.Inf(1)} {
		for _, pass := range []reform.Pass{reform.Relax{T: v}, reform.NCP{T: v}, reform.Penalty{Rho: v}} {
			_, err := pass.Apply(context.Background(), m)
			no, ok := err.(*reform.NotAcceptedError)
			if !ok || no.Pass != pass.Name() || no.Remedy == "" {
				t.Errorf("%s with %v: %v", pass.Name(), v, err)
			}
		}
	}
	for _, pass := range []reform.Pass{reform.Relax{Kind: 99}, reform.NCP{Kind: 99}} {
		if err := pass.Accepts(m); err == nil {
			t.Errorf("%s is accepted", pass.Name())
		}
	}
}

// TestParseNames: a chain takes names with a colon, and their short forms.
func TestParseNames(t *testing.T) {
	known := []string{"kkt", "relax:scholtes", "ncp:smoothed", "ncp:min"}
	for in, want := range map[string]string{
		"kkt+relax:scholtes": "kkt relax:scholtes",
		" kkt + relax ":      "kkt relax:scholtes",
		"ncp":                "ncp:smoothed",
		"ncp:min":            "ncp:min",
	} {
		got, err := reform.Parse(in, known)
		if err != nil || strings.Join(got, " ") != want {
			t.Errorf("%q: %q, %v", in, got, err)
		}
	}
	if _, err := reform.Parse("kkt+relax:nobody", known); err == nil || !strings.Contains(err.Error(), "relax:scholtes") {
		t.Errorf("an unknown relaxation: %v", err)
	}
}

// TestRelaxNonlinearMember takes members that are slacks at the upper side of a nonlinear constraint: their terms have to be those of the new model.
func TestRelaxNonlinearMember(t *testing.T) {
	m := model.New("curved")
	l := m.Leader()
	x, y := l.Var("x", 0, 5), l.Var("y", 0, model.Inf)
	l.Minimize(y.Times(-1).Plus(x))
	r := l.Constrain("bend", model.Exp(x).Plus(y).LE(3))
	m.AddPairs("p", nil, model.Pair{A: model.Member{Index: int32(y.Index())}, B: model.Member{Row: true, Side: model.AtUpper, Index: int32(r.Index())}})
	for _, p := range []reform.Pass{reform.Relax{T: 0.1}, reform.Relax{Kind: reform.Kadrani, T: 0.1}, reform.NCP{T: 0.1}, reform.Product{}, reform.Penalty{Rho: 2}} {
		out, err := p.Apply(context.Background(), m)
		if err != nil {
			t.Fatalf("%s: %v", p.Name(), err)
		}
		d := out.Model
		at := []float64{0.5, 1}
		product := at[1] * (3 - math.Exp(at[0]) - at[1])
		switch p.(type) {
		case reform.Penalty:
			if got, want := d.ObjectiveValue(0, at), -at[1]+at[0]+2*product; math.Abs(got-want) > 1e-12 {
				t.Errorf("%s: objective %v, want %v", p.Name(), got, want)
			}
		case reform.Product:
			if got := d.RowValue(d.NumRows()-1, at) - rowUpper(d, d.NumRows()-1); math.Abs(got-product) > 1e-12 {
				t.Errorf("%s: the new row is %v above its side, want %v", p.Name(), got, product)
			}
		}
	}
}

func rowUpper(m *model.Model, r int) float64 { _, hi := m.RowBounds(r); return hi }
