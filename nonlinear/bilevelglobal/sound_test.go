package bilevelglobal

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/expr"
)

// TestClaimsHold solves small problems whose answers are known by hand: whatever is claimed allows for them.
func TestClaimsHold(t *testing.T) {
	opt := checks(t)
	// double gives a follower y with two wells at ±1, which does not look at the decision.
	double := func(m *model.Model, f *model.Player) model.Var {
		y := f.Var("y", -2, 2)
		f.Minimize(y.Pow(4).Minus(y.Pow(2).Times(2)))
		return y
	}
	for _, c := range []struct {
		name   string
		write  func(m *model.Model, l, f *model.Player)
		best   float64
		proven bool // the least that is expected besides soundness
	}{
		{"a constraint of the follower has values for y <= x only", func(m *model.Model, l, f *model.Player) {
			x, y := l.Var("x", -1, 1), f.Var("y", -4, 4)
			f.Minimize(y.Minus(0.4).Pow(2))
			f.Constrain("g", model.Sqrt(x.Minus(y)).LE(4))
			l.Constrain("c", x.Pow(2).GE(0.5))
			l.Minimize(y.Minus(x.Pow(2)))
		}, -2, false},
		{"the follower's objective has values for y <= x only", func(m *model.Model, l, f *model.Player) {
			x, y := l.Var("x", -1, 1), f.Var("y", -4, 4)
			f.Minimize(y.Minus(0.4).Pow(2).Plus(x.Minus(y).Pow(1.5).Times(1e-3)))
			l.Constrain("c", x.Pow(2).GE(0.5))
			l.Minimize(y.Minus(x.Pow(2)))
		}, -2, false},
		{"a pole of an even power", func(m *model.Model, l, f *model.Player) {
			x, y := l.Var("x", -1, 1), f.Var("y", -2, 2)
			f.Minimize(y.Minus(x).Pow(2))
			l.Constrain("c", x.Pow(-2).GE(4))
			l.Minimize(x.Minus(1).Pow(2).Plus(y.Pow(2)).Minus(x.Pow(2)))
		}, 0.25, true},
		{"a pole of an even power in the follower's constraint", func(m *model.Model, l, f *model.Player) {
			x, y := l.Var("x", -2, 1), f.Var("y", -3, 3)
			f.Maximize(y)
			f.Constrain("g", y.LE(x.Pow(-4)))
			l.Constrain("c", y.GE(2))
			l.Minimize(x.Plus(1).Pow(2))
		}, math.Pow(1-math.Pow(2, -0.25), 2), false},
		{"small terms of a definite form", func(m *model.Model, l, f *model.Player) {
			a, b := l.Var("a", -1, 1), l.Var("b", 0, 1e5)
			y := double(m, f)
			l.Constrain("k", a.Eq(0))
			l.Constrain("c", a.Pow(2).Times(1e4).Plus(a.Times(b).Times(1e-7)).Plus(b.Pow(2).Times(5e-9)).GE(20))
			l.Minimize(b.Times(1e-4).Plus(y))
		}, 1e-4*math.Sqrt(4e9) - 1, true},
		{"bounds of an integer between integers", func(m *model.Model, l, f *model.Player) {
			x, y := l.Var("x", 0, 4), f.Integer("y", 0.5, 3.5)
			f.Minimize(y.Minus(1.5).Pow(2))
			l.Minimize(x.Minus(y).Pow(2).Minus(y))
		}, -2, true},
		{"an integer and another variable of the follower", func(m *model.Model, l, f *model.Player) {
			x, y, w := l.Var("x", 0, 4), f.Integer("y", 0.5, 3.5), f.Var("w", -5, 5)
			f.Minimize(y.Minus(1.25).Pow(2).Plus(w.Minus(x).Pow(2)))
			l.Minimize(x.Minus(y).Pow(2).Minus(y).Plus(w))
		}, -0.25, false},
		{"an integer that nothing mentions", func(m *model.Model, l, f *model.Player) {
			x := l.Var("x", 0, 10)
			l.Binary("idle")
			y := double(m, f)
			l.Constrain("c", model.Sin(x.Times(40)).Plus(y).GE(1.9999))
			l.Minimize(x)
		}, (math.Pi/2 - math.Acos(0.9999)) / 40, false},
	} {
		m := model.New("claim")
		c.write(m, m.Leader(), m.Follower("f"))
		nodes := 40
		if c.proven {
			nodes = 400
		}
		a, err := Solve(context.Background(), m, Options{Verify: opt, MaxNodes: nodes, TimeLimit: 8 * time.Second})
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		if a.Proof == model.ProofInfeasible || a.Bound > c.best+1e-6 || a.Point != nil && a.Proof == model.ProofGlobal && math.Abs(a.F-c.best) > 2e-3*math.Max(1, math.Abs(c.best)) {
			t.Errorf("%s: %v, proof %v, F %v, bound %v; the answer is %v", c.name, a.Status, a.Proof, a.F, a.Bound, c.best)
		}
		if c.proven && a.Proof != model.ProofGlobal {
			t.Errorf("%s: %v, proof %v, F %v, bound %v, %+v", c.name, a.Status, a.Proof, a.F, a.Bound, a.Statistics)
		}
	}
}

// TestGivenPointsComeFirst gives a point that is verified within the tolerance of the check to a problem without exact ones: it is not called infeasible.
func TestGivenPointsComeFirst(t *testing.T) {
	m := model.New("nearly")
	x, y := m.Leader().Var("x", 0, 1), m.Follower("f").Var("y", -1, 1)
	m.Follower("f").Minimize(y.Minus(x).Pow(2))
	m.Leader().Constrain("c", x.GE(1+5e-7))
	m.Leader().Minimize(y)
	for _, given := range [][][]float64{nil, {{1, 1}}} {
		a, err := Solve(context.Background(), m, Options{Verify: checks(t), Incumbents: given})
		if err != nil {
			t.Fatal(err)
		}
		if given == nil {
			if a.Proof != model.ProofInfeasible {
				t.Errorf("without a point: %v, proof %v", a.Status, a.Proof)
			}
		} else if a.Point == nil || a.Status == model.StatusInfeasible || a.Bound > a.F {
			t.Errorf("given a point: %v, proof %v, F %v, bound %v", a.Status, a.Proof, a.F, a.Bound)
		}
	}
}

// TestIdleIntegersAreWhole freezes what nothing mentions.
func TestIdleIntegersAreWhole(t *testing.T) {
	m := model.New("idle")
	x := m.Leader().Var("x", 0, 1)
	for k, b := range [][2]float64{{0, 1}, {-3, 0}, {2, math.Inf(1)}, {math.Inf(-1), -7}, {0.3, 2.7}} {
		m.Leader().Integer(fmt.Sprint("idle", k), b[0], b[1])
	}
	m.Follower("f").Minimize(m.Follower("f").Var("y", 0, 1).Minus(x).Pow(2))
	m.Leader().Minimize(x)
	s, err := newSearch(context.Background(), m, Options{}, time.Now(), nil)
	if err != nil {
		t.Fatal(err)
	}
	b := s.first()
	s.freeze(b)
	for j := range m.NumVars() {
		if lo, hi := m.VarBounds(j); m.VarKind(j) != model.Continuous && (b.in[j].Lo != math.Round(b.in[j].Lo) || b.in[j].Lo != b.in[j].Hi || b.in[j].Lo < lo || b.in[j].Hi > hi) {
			t.Errorf("%s in [%v, %v] is held at %v", m.VarName(j), lo, hi, b.in[j])
		}
	}
}

// TestLinesOfEveryCurve holds the lines that bound functions of one argument against their values, on ranges with poles, kinks and ends of domains.
func TestLinesOfEveryCurve(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	keys := []curveKey{}
	for _, p := range []float64{-4, -3, -2.5, -2, -1.5, -1, -0.5, 0.5, 1.5, 2, 2.5, 3, 4, 5} {
		keys = append(keys, curveKey{expr.OpPow, p})
	}
	for _, op := range []expr.Op{expr.OpAbs, expr.OpSqrt, expr.OpExp, expr.OpLog, expr.OpLog10, expr.OpSin, expr.OpCos, expr.OpTan, expr.OpAsin, expr.OpAcos, expr.OpAtan,
		expr.OpSinh, expr.OpCosh, expr.OpTanh, expr.OpAsinh, expr.OpAcosh, expr.OpAtanh} {
		keys = append(keys, curveKey{op: op})
	}
	held := map[curveKey]int{}
	g := newGraph(1)
	for trial := range 3100 {
		key := keys[trial%len(keys)]
		u := g.curve(key.op, key.exponent)
		in := expr.Interval{Lo: math.Round(rng.NormFloat64()*8) / 4}
		in.Hi = in.Lo + math.Round(rng.Float64()*16+1)/4
		below, above := u.lines(in, in.Lo+rng.Float64()*in.Width())
		y := expr.Interval{Lo: rng.NormFloat64(), Hi: math.Inf(1)}
		if trial%2 == 0 {
			y = expr.Interval{Lo: y.Lo, Hi: y.Lo + 1}
		}
		left := u.inverse(y, in)
		for k := range 25 {
			x := in.Lo + in.Width()*float64(k)/24
			v, _ := u.at(x)
			if math.IsNaN(v) || math.IsInf(v, 0) {
				continue
			}
			if y.Contains(v) && !left.Contains(x) {
				t.Fatalf("%v: %v in %v is %v, but only %v is said to be in %v", key, x, in, v, left, y)
			}
			for i, list := range [2][]line{below, above} {
				for _, l := range list {
					w := l.value + l.slope*(x-l.at)
					if math.IsNaN(w) || math.IsInf(w, 0) {
						continue
					}
					held[key]++
					if d := float64(1-2*i) * (w - v); d > 1e-11*(1+math.Abs(v)+math.Abs(l.value)+math.Abs(l.slope*(x-l.at))) {
						t.Fatalf("%v over %v: the line %v is %v at %v, where the function is %v", key, in, l, w, x, v)
					}
				}
			}
		}
	}
	for _, key := range keys {
		if held[key] < 100 {
			t.Errorf("%v: lines held at %d points: too few for a test", key, held[key])
		}
	}
}

// TestSquaresLeaveNothing compares quadratic functions with what is written of them, in ranges of coefficients in which one term hides the other.
func TestSquaresLeaveNothing(t *testing.T) {
	rng := rand.New(rand.NewPCG(8, 9))
	written := 0
	for trial := range 300 {
		m := model.New("form")
		n := 2 + trial%3
		x := m.Leader().Vars("x", n, -1e4, 1e4)
		m.Follower("f").Minimize(m.Follower("f").Var("y", -1, 1).Pow(2))
		e := model.Const(rng.NormFloat64())
		for range n { // a sum of squares of vectors of very different lengths
			a := model.Const(0)
			size := math.Pow(10, -9*rng.Float64())
			for k := range n {
				a = a.Plus(x[k].Times(size * rng.NormFloat64() * math.Pow(10, -4*rng.Float64())))
			}
			e = e.Plus(a.Pow(2))
		}
		e = e.Plus(x[0].Times(rng.NormFloat64()))
		m.Leader().Minimize(e)
		p, err := newProblem(context.Background(), m, nil)
		if err != nil {
			t.Fatal(err)
		}
		f := p.work.Leader().Objective().F
		d := p.work.DAG()
		node, off := p.squared(f)
		if off > 1e-8 {
			t.Errorf("form %d: off by up to %v", trial, off)
		}
		if !slices.Equal(d.Vars(node), d.Vars(p.work.Node(f))) {
			t.Errorf("form %d: variables %v became %v", trial, d.Vars(p.work.Node(f)), d.Vars(node))
		}
		for range 20 {
			at := make([]float64, p.work.NumVars())
			for k := range n {
				at[k] = rng.NormFloat64() * 1e3
			}
			at[rng.IntN(n)] = 0
			if trial%2 == 0 {
				clear(at[:n-1])
			}
			written++
			want, got, size := d.Eval(p.work.Node(f), at), d.Eval(node, at), 1.0
			for _, q := range f.Quad {
				size += math.Abs(q.Coef * at[q.I] * at[q.J])
			}
			for k, j := range f.Vars {
				size += math.Abs(f.Coefs[k] * at[j])
			}
			if math.Abs(want-got) > off+1e-9+1e-13*size {
				t.Fatalf("form %d at %v: %v became %v, off %v", trial, at[:n], want, got, off)
			}
		}
	}
	if written < 5000 {
		t.Errorf("%d values compared", written)
	}
}

// TestBoundsAreNumbers asks for the bound of a program whose terms are beyond the largest number.
func TestBoundsAreNumbers(t *testing.T) {
	r := &relaxation{}
	r.a.Cost = []float64{1e200, -1e200}
	r.a.ColLower, r.a.ColUpper = []float64{1e200, -1}, []float64{1e300, 1e200}
	r.a.Start = []int32{0}
	if b := r.proven(nil, true); !math.IsInf(b, -1) {
		t.Errorf("the bound is %v", b)
	}
}

// TestContinuedAnswersAtOneDecision continues a seed to another decision alone: the derivatives are counted once.
func TestContinuedAnswersAtOneDecision(t *testing.T) {
	m := model.New("sloped")
	x, f := m.Leader().Var("x", -2, 2), m.Follower("f")
	y := f.Var("y", -5, 5)
	f.Minimize(y.Minus(x.Times(2)).Pow(2))
	m.Leader().Minimize(y)
	s, err := newHostile(context.Background(), m, PessimisticOptions{}, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	c := s.follow(s.f.newSeed([]float64{0.5, 1}), []expr.Interval{expr.Point(1.5), {Lo: -5, Hi: 5}}, false)
	if c == nil {
		t.Fatal("the seed is not continued")
	}
	d := s.answers.Derive()
	if z := d.DAG().Eval(s.along(d, model.Function{Vars: []int32{1}, Coefs: []float64{1}}, c), []float64{1.5, 0}); math.Abs(z-3) > 1e-12 {
		t.Errorf("the answer at 1.5 is 3; it became %v", z)
	}
}

// TestEquationsInOtherUnits makes cuts from points that miss an equation by little in its units, and by much in those of the objective: what is said
// of the optimal value, which is -w x here, is true nevertheless.
func TestEquationsInOtherUnits(t *testing.T) {
	for k, c := range []struct {
		equation func(gap model.Expr) model.Expr
		weight   float64
		cut      bool
	}{
		{func(g model.Expr) model.Expr { return g }, 1, true},
		{func(g model.Expr) model.Expr { return g.Times(1e-6) }, 1e4, true},
		{func(g model.Expr) model.Expr { return g.Plus(g.Pow(3)).Times(1e-6) }, 1e4, true},
		{func(g model.Expr) model.Expr { return g.Pow(2) }, 1e4, false},
	} {
		m := model.New("units")
		x, f := m.Leader().Var("x", -3, 3), m.Follower("f")
		y := f.Var("y", -5, 5)
		f.Maximize(y.Times(c.weight))
		f.Constrain("e", c.equation(y.Minus(x)).Eq(0))
		m.Leader().Minimize(x.Pow(2))
		p, err := newProblem(context.Background(), m, nil)
		if err != nil {
			t.Fatal(err)
		}
		made := 0
		for _, miss := range []float64{0, 1e-12, 3e-5, 4e-4} {
			for _, width := range []float64{0, 1e-6, 1e-3, 0.1} {
				fw := p.followers[0]
				got := fw.newCut(fw.newSeed([]float64{1, 1 + miss}), []expr.Interval{{Lo: 1 - width, Hi: 1 + width}, {Lo: -5, Hi: 5}})
				if got == nil {
					continue
				}
				made++
				for _, at := range []float64{1 - width, 1, 1 + width} {
					linear := got.value
					for o := range fw.others {
						linear += got.slope[o] * (at - got.at[o])
					}
					if least := math.Min(got.highest, linear); least < -c.weight*at*(1+1e-12) {
						t.Errorf("equation %d, missed by %v, width %v: the optimal value at %v is said to be at most %v; it is %v", k, miss, width, at, least, -c.weight*at)
					}
				}
			}
		}
		if c.cut && made < 8 || !c.cut && made > 1 { // the one that is met exactly, at a point
			t.Errorf("equation %d: %d cuts", k, made)
		}
	}
}

// TestFormsOverUnboundedVariables writes convex forms whose squares round, and one that has a direction without curvature and whose squares do not: over variables without bounds they are bounded from below.
func TestFormsOverUnboundedVariables(t *testing.T) {
	rng := rand.New(rand.NewPCG(10, 11))
	for trial := range 200 {
		m := model.New("form")
		inf := math.Inf(1)
		n := 1 + trial%4
		x := m.Leader().Vars("x", n, -inf, inf)
		m.Follower("f").Minimize(m.Follower("f").Var("y", -1, 1).Pow(2))
		e := model.Const(0)
		for i := range x {
			e = e.Plus(x[i].Times(rng.NormFloat64())).Plus(x[i].Pow(2).Times(float64(n) + rng.Float64()))
			for j := range i {
				e = e.Plus(x[i].Times(x[j]).Times(2*rng.Float64() - 1))
			}
		}
		if trial%10 == 1 {
			e = x[0].Pow(2).Plus(x[0].Times(x[1]).Times(2)).Plus(x[1].Pow(2))
		}
		m.Leader().Minimize(e)
		p, err := newProblem(context.Background(), m, nil)
		if err != nil {
			t.Fatal(err)
		}
		vals := make([]expr.Interval, len(p.g.nodes))
		p.g.forward(p.box, vals)
		if v := vals[p.cost]; v.Lo < -10 || v.Hi < inf || !(p.off <= 1e-9) {
			t.Errorf("form %d: %v, off %v", trial, v, p.off)
		}
		at := make([]float64, p.work.NumVars())
		for k := range n {
			at[k] = rng.NormFloat64() * 100
		}
		values, ok := p.g.valuesAt(at)
		if want := m.ObjectiveValue(0, at[:m.NumVars()]); !ok || math.Abs(values[p.cost]-want) > 1e-12*(1+math.Abs(want))+p.off {
			t.Errorf("form %d at %v: %v became %v", trial, at, want, values[p.cost])
		}
	}
}
