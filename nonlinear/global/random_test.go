package global

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"testing"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/expr"
)

// randomNode is a random expression of n variables with all kinds of operations, those with values in a part of the line only among them.
func randomNode(rng *rand.Rand, d *expr.DAG, n, depth int) expr.Node {
	if depth == 0 {
		if rng.IntN(4) == 0 {
			return d.Const(math.Round(rng.NormFloat64()*4) / 2)
		}
		return d.Var(rng.IntN(n))
	}
	a, b := randomNode(rng, d, n, depth-1), randomNode(rng, d, n, depth-1)
	unary := []expr.Op{expr.OpExp, expr.OpLog, expr.OpSqrt, expr.OpAbs, expr.OpSin, expr.OpCos, expr.OpTan, expr.OpAtan, expr.OpTanh, expr.OpAsinh, expr.OpSinh,
		expr.OpCosh, expr.OpAcosh, expr.OpAtanh, expr.OpAsin, expr.OpAcos, expr.OpLog10, expr.OpFloor}
	switch k := rng.IntN(26); {
	case k < 4:
		return d.Mul(a, b)
	case k < 5:
		return d.Div(a, b)
	case k < 7:
		return d.Pow(a, d.Const(float64(rng.IntN(7)-2)))
	case k < 8:
		return d.Pow(a, d.Const([]float64{1.5, 0.5, -0.5, 2.5}[rng.IntN(4)]))
	case k < 9:
		return d.Pow(d.Const(0.5+rng.Float64()*2), a)
	case k < 10:
		return d.Max(a, b)
	case k < 11:
		return d.Min(a, b)
	case k < 12:
		return d.Binary(expr.OpLess, a, b)
	case k < 13:
		return d.If(d.Binary(expr.OpGE, a, b), a, d.Unary(expr.OpSqrt, b))
	case k < 14:
		return d.Binary(expr.OpAtan2, a, b)
	case k < 20:
		return d.Unary(unary[rng.IntN(len(unary))], a)
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

func randomBox(rng *rand.Rand, n int) []expr.Interval {
	box := make([]expr.Interval, n)
	for j := range box {
		c, w := -2+4*rng.Float64(), 2*math.Pow(10, -3*rng.Float64())
		if rng.IntN(6) == 0 {
			c = math.Round(c)
		}
		box[j] = expr.Interval{Lo: c - w, Hi: c + w}
		if rng.IntN(10) == 0 {
			box[j] = expr.Point(c)
		}
	}
	return box
}

func pointIn(rng *rand.Rand, box []expr.Interval) []float64 {
	x := make([]float64, len(box))
	for j, b := range box {
		switch rng.IntN(8) {
		case 0:
			x[j] = b.Lo
		case 1:
			x[j] = b.Hi
		default:
			x[j] = math.Min(math.Max(b.Lo+rng.Float64()*b.Width(), b.Lo), b.Hi)
		}
	}
	return x
}

// TestRelaxationsBoundFromTheirSide samples random functions between their linear bounds, intervals and mean value forms.
func TestRelaxationsBoundFromTheirSide(t *testing.T) {
	rng := rand.New(rand.NewPCG(11, 12))
	samples, finite, tighter := 0, 0, 0
	for trial := range 2500 {
		d := expr.New()
		for j := range 3 {
			d.Var(j)
		}
		n := randomNode(rng, d, 3, 1+rng.IntN(4))
		f := NewFunction(d, n)
		p := NewPropagator(d, []expr.Node{n}, []expr.Interval{expr.Everything})
		r := NewRelaxation(p, 3)
		box := randomBox(rng, 3)
		variant := rng.IntN(3)
		if !r.Over(box, variant) {
			t.Fatal("a finite box was refused")
		}
		below, okBelow := r.Below(0)
		above, okAbove := r.Above(0)
		values := f.Over(box)
		mean := f.MeanValue(box, pointIn(rng, box), values)
		if okBelow {
			finite++
		}
		if v := r.Root(0); v.Width() < 0.99*values.Value.Width() {
			tighter++
		}
		for range 60 {
			x := pointIn(rng, box)
			v := d.Eval(n, x)
			if math.IsNaN(v) || overflows(d, n, x) {
				continue
			}
			samples++
			tiny := 1e-9 * (1 + math.Abs(v)) // of the evaluation, which is not exact
			switch {
			case !values.Value.Contains(v) && !(v > values.Value.Lo-tiny && v < values.Value.Hi+tiny):
				t.Fatalf("trial %d: %s is %v at %v, outside of %v", trial, d.String(n, nil), v, x, values.Value)
			case okBelow && below.Value(x) > v+tiny:
				t.Fatalf("trial %d: %s is %v at %v, below the cut's %v on %v", trial, d.String(n, nil), v, x, below.Value(x), box)
			case okAbove && above.Value(x) < v-tiny:
				t.Fatalf("trial %d: %s is %v at %v, above the cut's %v on %v", trial, d.String(n, nil), v, x, above.Value(x), box)
			case !(v >= mean.Lo-tiny && v <= mean.Hi+tiny):
				t.Fatalf("trial %d: %s is %v at %v, outside of the mean value form %v on %v", trial, d.String(n, nil), v, x, mean, box)
			case !(v >= r.Root(0).Lo-tiny && v <= r.Root(0).Hi+tiny):
				t.Fatalf("trial %d: %s is %v at %v, outside of the relaxed interval %v on %v", trial, d.String(n, nil), v, x, r.Root(0), box)
			}
		}
	}
	if samples < 20000 || finite < 1000 || tighter < 100 {
		t.Errorf("%d samples, %d finite bounds, %d tighter: too few for a test", samples, finite, tighter)
	}
}

// TestHessiansHoldDifferences compares second derivatives as intervals with those evaluated at points of the box.
func TestHessiansHoldDifferences(t *testing.T) {
	rng := rand.New(rand.NewPCG(13, 14))
	compared := 0
	for trial := range 2000 {
		d := expr.New()
		n := randomNode(rng, d, 3, 1+rng.IntN(3))
		f := NewFunction(d, n)
		box := randomBox(rng, 3)
		if !f.Over(box).Smooth {
			continue
		}
		h := append([]expr.Interval(nil), f.HessianOver(box)...)
		tape := d.Compile([]expr.Node{n})
		ws := tape.NewWorkspace()
		rows, cols := tape.HessianPattern()
		vals := make([]float64, len(rows))
		index := map[int]int{}
		for k, v := range f.Vars() {
			index[v] = k
		}
		for range 20 {
			x := pointIn(rng, box)
			tape.Hessian(ws, x, []float64{1}, vals)
			for k := range rows {
				a, b := index[int(rows[k])], index[int(cols[k])]
				e := h[a*(a+1)/2+b]
				if tiny := 1e-8 * (1 + math.Abs(vals[k])); !(vals[k] >= e.Lo-tiny && vals[k] <= e.Hi+tiny) {
					t.Fatalf("trial %d: entry (%d, %d) of %s is %v at %v, outside of %v", trial, rows[k], cols[k], d.String(n, nil), vals[k], x, e)
				}
				compared++
			}
		}
	}
	if compared < 5000 {
		t.Errorf("%d entries compared: too few for a test", compared)
	}
}

// TestPropagationKeepsWhatHolds narrows random boxes by random constraints and looks whether a point that satisfied them was lost.
func TestPropagationKeepsWhatHolds(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	kept, shrunk := 0, 0
	for trial := range 2500 {
		d := expr.New()
		for j := range 2 {
			d.Var(j)
		}
		n := randomNode(rng, d, 2, 1+rng.IntN(4))
		box := []expr.Interval{{Lo: -2 - rng.Float64(), Hi: 2 + rng.Float64()}, {Lo: -rng.Float64(), Hi: 3}}
		if rng.IntN(4) == 0 {
			box[0].Hi = math.Inf(1)
		}
		side := expr.Interval{Lo: rng.NormFloat64() * 2, Hi: math.Inf(1)}
		if rng.IntN(2) == 0 {
			side = expr.Interval{Lo: math.Inf(-1), Hi: rng.NormFloat64() * 2}
		}
		whole := append([]expr.Interval(nil), box...)
		left := NewPropagator(d, []expr.Node{n}, []expr.Interval{side}).Narrow(box)
		if !left || measure(box) < measure(whole) {
			shrunk++
		}
		for range 200 {
			x := []float64{whole[0].Lo + rng.Float64()*5, whole[1].Lo + rng.Float64()*(whole[1].Hi-whole[1].Lo)}
			v := d.Eval(n, x)
			if tiny := 1e-12 * (1 + math.Abs(v)); !side.Contains(v-tiny) || !side.Contains(v+tiny) || overflows(d, n, x) || !whole[0].Contains(x[0]) {
				continue
			}
			kept++
			if !left || !box[0].Contains(x[0]) || !box[1].Contains(x[1]) {
				t.Fatalf("trial %d: %s in %v holds at %v, but the box became %v (%v)", trial, d.String(n, nil), side, x, box, left)
			}
		}
	}
	if kept < 5000 || shrunk < 1000 {
		t.Errorf("%d points kept, %d boxes shrunk: too few for a test", kept, shrunk)
	}
}

// randomProgram is a random nonlinear program of up to three variables in a box, with up to two constraints.
func randomProgram(rng *rand.Rand) *model.Model {
	m := model.New("random")
	n := 1 + rng.IntN(3)
	for j := range n {
		if rng.IntN(6) == 0 {
			m.Leader().Integer(fmt.Sprint("k", j), -2, 2)
			continue
		}
		lo := -2 + 2*rng.Float64()
		m.Leader().Var(fmt.Sprint("x", j), lo, lo+1+2*rng.Float64())
	}
	m.Leader().SetObjective(model.Objective{Set: true, Sense: model.Minimize, F: m.FromNode(randomNode(rng, m.DAG(), n, 2+rng.IntN(2)))})
	for r := range rng.IntN(3) {
		f := m.FromNode(randomNode(rng, m.DAG(), n, 1+rng.IntN(2)))
		side := rng.NormFloat64()
		switch rng.IntN(3) {
		case 0:
			m.AddRow(0, fmt.Sprint("c", r), f, side, math.Inf(1))
		case 1:
			m.AddRow(0, fmt.Sprint("c", r), f, side-0.5, side+0.5)
		default:
			m.AddRow(0, fmt.Sprint("c", r), f, math.Inf(-1), side)
		}
	}
	return m
}

// bestOfGrid is the least objective over feasible points of a dense grid, +Inf where there are none.
func bestOfGrid(m *model.Model, places int) (best float64, at []float64) {
	n := m.NumVars()
	best = math.Inf(1)
	total := 1
	for range n {
		total *= places
	}
	x := make([]float64, n)
	f := m.Leader().Objective().F
	for k := range total {
		rest := k
		for j := range x {
			lo, hi := m.VarBounds(j)
			x[j] = lo + (hi-lo)*float64(rest%places)/float64(places-1)
			if m.VarKind(j) != model.Continuous {
				x[j] = math.Round(x[j])
			}
			rest /= places
		}
		v := m.Value(f, x)
		if !(v < best) || math.IsInf(v, 0) || overflows(m.DAG(), m.Node(f), x) {
			continue
		}
		feasible := true
		for r := range m.NumRows() {
			feasible = feasible && m.RowViolation(r, x) == 0 && !overflows(m.DAG(), m.Node(m.RowFunction(r)), x)
		}
		if feasible {
			best, at = v, append([]float64(nil), x...)
		}
	}
	return best, at
}

// TestBoundsAgainstGrids compares random programs with dense grids: no bound exceeds a feasible value, nothing is called infeasible that is not, and a
// closed gap means what it says.
func TestBoundsAgainstGrids(t *testing.T) {
	rng := rand.New(rand.NewPCG(21, 22))
	trials, closed, infeasible, boxes := 120, 0, 0, 0
	if os.Getenv("BILEVEL_PROPERTY") != "" {
		trials = 3000
	}
	for trial := range trials {
		m := randomProgram(rng)
		if m.Err() != nil {
			continue
		}
		a, err := Minimise(context.Background(), m, Options{MaxBoxes: 2000})
		if err != nil {
			t.Fatal(err)
		}
		boxes += a.Boxes
		places := []int{0, 1001, 41, 13}[m.NumVars()]
		best, at := bestOfGrid(m, places)
		tiny := 1e-9 * math.Max(1, math.Abs(best))
		if a.Bound > best+tiny {
			t.Errorf("trial %d: the bound %v (%v) exceeds the value %v at %v of\n%v", trial, a.Bound, a.Status, best, at, describe(m))
		}
		if a.Status == Infeasible && at != nil {
			t.Errorf("trial %d: called infeasible, but %v is feasible", trial, at)
		}
		if a.X != nil {
			for r := range m.NumRows() {
				if v := m.RowViolation(r, a.X); !(v <= 1e-8) {
					t.Errorf("trial %d: the point violates constraint %d by %v", trial, r, v)
				}
			}
			if v := m.Value(m.Leader().Objective().F, a.X); math.Abs(v-a.Value) > 1e-12*math.Max(1, math.Abs(v)) {
				t.Errorf("trial %d: value %v at a point of value %v", trial, a.Value, v)
			}
		}
		switch a.Status {
		case Optimal:
			closed++
			if a.Value > best+1e-6*math.Max(1, math.Abs(a.Value))+tiny || a.Value-a.Bound > 1.01e-6*math.Max(1, math.Abs(a.Value)) {
				t.Errorf("trial %d: optimal with value %v and bound %v, the grid has %v", trial, a.Value, a.Bound, best)
			}
		case Infeasible:
			infeasible++
		}
	}
	t.Logf("%d optimal, %d infeasible of %d, %d boxes", closed, infeasible, trials, boxes)
	if closed+infeasible < trials*8/10 {
		t.Errorf("only %d optimal and %d infeasible of %d", closed, infeasible, trials)
	}
}

func describe(m *model.Model) string {
	d := m.DAG()
	s := "min " + d.String(m.Node(m.Leader().Objective().F), nil)
	for r := range m.NumRows() {
		lo, hi := m.RowBounds(r)
		s += fmt.Sprintf("\n %v <= %s <= %v", lo, d.String(m.Node(m.RowFunction(r)), nil), hi)
	}
	for j := range m.NumVars() {
		lo, hi := m.VarBounds(j)
		s += fmt.Sprintf("\n %v <= x[%d] <= %v %v", lo, j, hi, m.VarKind(j))
	}
	return s
}
