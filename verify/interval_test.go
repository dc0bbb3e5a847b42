package verify

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/expr"
)

// randomNode is a random expression of two variables, with operations that have no value everywhere and selections.
func randomNode(rng *rand.Rand, d *expr.DAG, depth int) expr.Node {
	if depth == 0 {
		if rng.IntN(4) == 0 {
			return d.Const(math.Round(rng.NormFloat64()*4) / 2)
		}
		return d.Var(rng.IntN(2))
	}
	a, b := randomNode(rng, d, depth-1), randomNode(rng, d, depth-1)
	switch rng.IntN(16) {
	case 0:
		return d.Mul(a, b)
	case 1:
		return d.Div(a, b)
	case 2:
		return d.Pow(a, d.Const(float64(rng.IntN(5)-1)))
	case 3:
		return d.Unary(expr.OpExp, a)
	case 4:
		return d.Unary(expr.OpLog, a)
	case 5:
		return d.Unary(expr.OpSqrt, a)
	case 6:
		return d.Unary(expr.OpAbs, a)
	case 7:
		return d.Max(a, b)
	case 8:
		return d.If(d.Binary(expr.OpGE, a, b), a, d.Unary(expr.OpSqrt, b))
	case 9:
		return d.Unary(expr.OpSin, a)
	case 10:
		return d.Pow(a, d.Const(1.5))
	case 11:
		return d.Min(a, d.Unary(expr.OpLog, b))
	}
	return d.Linear(math.Round(rng.NormFloat64()), []float64{math.Round(rng.NormFloat64()*3) / 2, 1}, []expr.Node{a, b})
}

// overflows reports whether some subexpression is infinite at x: a pole has no value among the reals.
func overflows(d *expr.DAG, n expr.Node, x []float64) bool {
	for k := expr.Node(0); k <= n; k++ {
		if math.IsInf(d.Eval(k, x), 0) {
			return true
		}
	}
	return false
}

// TestContractionKeepsWhatHolds narrows random boxes by random constraints and looks whether a point that satisfied them was lost.
func TestContractionKeepsWhatHolds(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	kept, shrunk := 0, 0
	for trial := range 3000 {
		d := expr.New()
		d.Var(0)
		d.Var(1)
		n := randomNode(rng, d, 3)
		box := []expr.Interval{{Lo: -2 - rng.Float64(), Hi: 2 + rng.Float64()}, {Lo: -rng.Float64(), Hi: 3}}
		if rng.IntN(4) == 0 {
			box[0].Hi = math.Inf(1)
		}
		side := expr.Interval{Lo: rng.NormFloat64() * 2, Hi: math.Inf(1)}
		if rng.IntN(2) == 0 {
			side = expr.Interval{Lo: math.Inf(-1), Hi: rng.NormFloat64() * 2}
		}
		whole := append([]expr.Interval(nil), box...)
		left := newContractor(d, []expr.Node{n}, []expr.Interval{side}).narrow(box)
		if !left || measure(box) < measure(whole) {
			shrunk++
		}
		for range 300 {
			x := []float64{whole[0].Lo + rng.Float64()*5, whole[1].Lo + rng.Float64()*(whole[1].Hi-whole[1].Lo)}
			if v := d.Eval(n, x); overflows(d, n, x) || !side.Contains(v) || !whole[0].Contains(x[0]) {
				continue
			}
			kept++
			if !left || !box[0].Contains(x[0]) || !box[1].Contains(x[1]) {
				t.Fatalf("trial %d: %s in %v holds at %v, but the box became %v (%v)", trial, d.String(n, nil), side, x, box, left)
			}
		}
	}
	if kept < 10000 || shrunk < 1000 {
		t.Errorf("%d points kept, %d boxes shrunk: too few for a test", kept, shrunk)
	}
}

// TestExclusionKeepsBetterAnswers excludes random boxes by derivatives and looks for a point below the target in them.
func TestExclusionKeepsBetterAnswers(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	excluded := 0
	for trial := range 3000 {
		m := model.New("exclusion")
		m.Leader().Vars("y", 2, -3, 3)
		f := m.FromNode(randomNode(rng, m.DAG(), 3))
		m.Leader().SetObjective(model.Objective{Sense: model.Minimize, F: f})
		m.Leader().Constrain("g", m.Var(0).Plus(m.Var(1)).LE(1))
		if m.Err() != nil {
			continue
		}
		k := taskOf(t, m)
		target := rng.NormFloat64()
		s := newIntervalSearch(k, nil, target, []float64{-rng.Float64()}, 0)
		box := make([]expr.Interval, 2)
		for j := range box {
			c, w := -2+4*rng.Float64(), math.Pow(10, -2*rng.Float64())
			box[j] = expr.Interval{Lo: c - w, Hi: c + w}
		}
		if !s.excluded(box) {
			continue
		}
		excluded++
		for range 200 {
			y := make([]float64, 2)
			for j, b := range box {
				y[j] = b.Lo + rng.Float64()*b.Width()
			}
			if v := m.Value(f, y); v < target && y[0]+y[1] <= 1 && !overflows(m.DAG(), m.Node(f), y) {
				t.Fatalf("trial %d: %s is %v < %v at %v in the excluded box %v", trial, m.DAG().String(m.Node(f), nil), v, target, y, box)
			}
		}
	}
	if excluded < 500 {
		t.Errorf("only %d boxes were excluded", excluded)
	}
}

// taskOf is the task of a model without followers.
func taskOf(t *testing.T, m *model.Model) *task {
	t.Helper()
	n := m.NumVars()
	k := &task{p: m, sign: 1, class: generalProblem, terms: 1, size: 1, phi: math.NaN(), bound: math.Inf(-1)}
	k.fp = &model.FollowerProblem{Model: m}
	k.cost = m.Leader().Objective().F
	k.lo, k.hi = make([]float64, m.NumRows()), make([]float64, m.NumRows())
	for r := range k.lo {
		k.lo[r], k.hi[r] = m.RowBounds(r)
	}
	k.vlo, k.vhi = make([]float64, n), make([]float64, n)
	for j := range k.vlo {
		k.vlo[j], k.vhi[j] = m.VarBounds(j)
	}
	if err := k.compile(); err != nil {
		t.Fatal(err)
	}
	return k
}

func TestRewrittenFunctionsAreTheSame(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	for trial := range 500 {
		m := model.New("rewrite")
		y := m.Leader().Vars("y", 2, -3, 3)
		e := y[0].Pow(2).Times(rng.NormFloat64()).Plus(y[0].Times(rng.NormFloat64())).Plus(y[1].Pow(2)).Plus(y[0].Times(y[1])).Plus(rng.NormFloat64())
		f := m.FromNode(randomNode(rng, m.DAG(), 4))
		acc := m.Accumulator()
		acc.AddFunction(1, f)
		m.Leader().Minimize(e)
		acc.AddFunction(1, m.Leader().Objective().F)
		acc.AddFunction(1, m.FromNode(m.DAG().Unary(expr.OpExp, m.Node(m.Leader().Objective().F))))
		f = acc.Function()
		node, off := squaredNode(m, f)
		for range 20 {
			x := []float64{rng.NormFloat64(), rng.NormFloat64()}
			a, b := m.Value(f, x), m.DAG().Eval(node, x)
			if math.IsNaN(a) != math.IsNaN(b) || math.Abs(a-b) > 1e-9*math.Max(1, math.Abs(a))+off {
				t.Fatalf("trial %d: %v at %v became %v: %s", trial, a, x, b, m.DAG().String(node, nil))
			}
		}
	}
}

// TestSignedFit checks the conditions of random least-squares problems with signs: no column that is out helps, none that is in hurts.
func TestSignedFit(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	for trial := range 300 {
		n, k := 1+rng.IntN(8), rng.IntN(10)
		f := &signedFit{n: n, target: make([]float64, n)}
		for j := range f.target {
			f.target[j] = rng.NormFloat64()
		}
		idx := make([]int32, n)
		for j := range idx {
			idx[j] = int32(j)
		}
		columns := make([][]float64, k)
		for c := range columns {
			columns[c] = make([]float64, n)
			for j := range columns[c] {
				columns[c][j] = math.Round(rng.NormFloat64() * 2)
			}
			f.add(idx, columns[c], 1, rng.IntN(4) == 0)
		}
		w, left := f.solve()
		if w == nil {
			t.Fatalf("trial %d: no solution", trial)
		}
		for c := range columns {
			slope := inner(columns[c], left)
			switch {
			case f.free[c] && math.Abs(slope) > 1e-8, !f.free[c] && (w[c] < 0 || slope > 1e-8 || w[c] > 1e-8 && slope < -1e-8):
				t.Fatalf("trial %d: column %d (free %v) has weight %v and slope %v", trial, c, f.free[c], w[c], slope)
			}
		}
	}
}

func TestLatinHypercubeFillsEveryPart(t *testing.T) {
	lo, hi, y := []float64{-1, 5}, []float64{1, 9}, []float64{0, 6}
	const n = 20
	points := latinHypercube(n, lo, hi, y, 3)
	for j := range lo {
		seen := map[int]bool{}
		for _, p := range points {
			if p[j] < lo[j] || p[j] > hi[j] {
				t.Fatalf("%v is outside of the box", p)
			}
			seen[int((p[j]-lo[j])/(hi[j]-lo[j])*n)] = true
		}
		if len(seen) != n {
			t.Errorf("variable %d: %d of %d parts hold a point", j, len(seen), n)
		}
	}
	again := latinHypercube(n, lo, hi, y, 3)
	other := latinHypercube(n, lo, hi, y, 4)
	if points[7][1] != again[7][1] || points[7][1] == other[7][1] {
		t.Error("the seed does not decide the points")
	}
}

// TestRestoreReachesSetsWithoutInterior moves points onto y0² <= 0 and onto a circle.
func TestRestoreReachesSetsWithoutInterior(t *testing.T) {
	m := model.New("restore")
	y := m.Leader().Vars("y", 2, -5, 5)
	m.Leader().Minimize(y[0])
	m.Leader().Constrain("point", y[0].Pow(2).LE(0))
	k := taskOf(t, m)
	if z := k.restore([]float64{1e-4, 2}); !k.feasible(z) || math.Abs(z[0]) > 1e-7 || z[1] != 2 {
		t.Errorf("got %v", z)
	}
	m = model.New("circle")
	y = m.Leader().Vars("y", 2, -5, 5)
	m.Leader().Minimize(y[0])
	m.Leader().Constrain("circle", y[0].Pow(2).Plus(y[1].Pow(2)).Eq(1))
	k = taskOf(t, m)
	z := k.restore([]float64{0.61, 0.8})
	if !k.feasible(z) || math.Hypot(z[0]-0.6, z[1]-0.8) > 0.02 {
		t.Errorf("got %v", z)
	}
}

// TestBoundOfAConvexFunctionWithoutBounds compares the bound with the least value, from points beside the minimiser and with singular curvature.
func TestBoundOfAConvexFunctionWithoutBounds(t *testing.T) {
	m := model.New("bound")
	y := m.Leader().Vars("y", 3, -model.Inf, model.Inf)
	// Curvature that is far from diagonal, least at (1, 2, 3) with value 3.
	u, v, w := y[0].Minus(1), y[1].Minus(2), y[2].Minus(3)
	a, b, c := u.Plus(v), u.Plus(v.Times(1.1)).Plus(w), u.Minus(w.Times(3))
	cost := model.Const(0)
	for _, e := range []model.Expr{a, b, c} {
		cost = cost.Plus(model.Exp(e)).Minus(e)
	}
	m.Leader().Minimize(cost)
	k := taskOf(t, m)
	k.class = convexProblem
	if low := k.convexBound([]float64{1, 2, 3}, nil); !(low <= 3 && low > 3-1e-12) {
		t.Errorf("at the minimiser: %v, want 3", low)
	}
	for _, d := range []float64{1e-9, 1e-7} {
		if low := k.convexBound([]float64{1 + d, 2 - d, 3}, nil); !(low <= 3) || low < 3-1e-3 && !math.IsInf(low, -1) {
			t.Errorf("%v beside it: %v, which is no bound or a poor one", d, low)
		}
	}
	// Far away the tangents say less, but nothing false.
	if low := k.convexBound([]float64{1.5, 2, 3}, nil); low > 3 {
		t.Errorf("far away: %v is no bound", low)
	}
	m = model.New("ridge")
	y = m.Leader().Vars("y", 2, -model.Inf, model.Inf)
	m.Leader().Minimize(model.Exp(y[0].Plus(y[1])).Minus(y[0].Times(1 + 1e-11)).Minus(y[1]))
	k = taskOf(t, m)
	k.class = convexProblem
	if low := k.convexBound([]float64{0.3, -0.3}, nil); !math.IsInf(low, -1) {
		t.Errorf("a cost that falls along its ridge got the bound %v", low)
	}
}
