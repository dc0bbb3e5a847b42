package stationarity

import (
	"context"
	"math"
	"strings"
	"testing"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/modfile"
)

// parse reads a model from text.
func parse(t *testing.T, text string) *model.Model {
	t.Helper()
	m, err := modfile.Read("test.mod", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// labels writes the answers in the order W A C M B S, y, n or ?.
func labels(r *Report) string {
	var b strings.Builder
	for _, v := range []Verdict{r.W, r.A, r.C, r.M, r.B, r.S} {
		b.WriteByte("?ny"[v])
	}
	return b.String()
}

// TestKnownPoints judges points whose kind is known by hand or from the literature.
func TestKnownPoints(t *testing.T) {
	const scholtes4 = `var z{1..2} >= 0; var z3; minimize f: z[1] + z[2] - z3;
		subject to lin1: -4*z[1] + z3 <= 0; lin2: -4*z[2] + z3 <= 0; pair: 0 <= z[1] complements z[2] >= 0;`
	const twoGood = `var x >= 0; var y >= 0; minimize f: (x-1)^2 + (y-1)^2; subject to pair: 0 <= x complements y >= 0;`
	for _, c := range []struct {
		name, text string
		x          []float64
		class      Class
		labels     string // W A C M B S
		licq, mfcq Verdict
		reason     string
	}{
		{"kth1", `var z1 >= 0; var z2 >= 0; minimize f: z1 + z2; subject to pair: 0 <= z1 complements z2 >= 0;`, []float64{0, 0}, SStationary, "yyyyyy", Yes, Yes,
			"multipliers (1, 1)"},
		{"kth2", `var z1 >= 0; var z2 >= 0; minimize f: z1 + (z2-1)^2; subject to pair: 0 <= z1 complements z2 >= 0;`, []float64{0, 0}, AStationary, "yynnnn", Yes, Yes,
			"multipliers (1, -2)"},
		{"scholtes4", scholtes4, []float64{0, 0, 0}, BStationary, "yyyyyn", No, Yes,
			"Scheel and Scholtes (2000): the minimiser; the multipliers of the pair sum to -2, so that S fails; four gradients in three variables"},
		{"ralph1", `var x >= 0; var y >= 0; minimize f: 2*x - y; subject to pair: 0 <= y complements y - x >= 0;`, []float64{0, 0}, BStationary, "yyyyyn", No, No,
			"the minimiser: y = 0 leaves x = 0, and along y = x the objective is x; the multipliers of the pair sum to -1"},
		{"ralph2", `var x >= 0; var y >= 0; minimize f: x^2 + y^2 - 4*x*y; subject to pair: 0 <= x complements y >= 0;`, []float64{0, 0}, SStationary, "yyyyyy", Yes, Yes,
			"the gradient is zero"},
		{"both bad", twoGood, []float64{0, 0}, CStationary, "ynynnn", Yes, Yes, "multipliers (-2, -2): C, and neither A nor M"},
		{"one solution of two", twoGood, []float64{1, 0}, SStationary, "yyyyyy", Yes, Yes, "no biactive pair; multiplier -2 of the zero member"},
		{"not stationary in a branch", twoGood, []float64{0.5, 0}, NotStationary, "nnnnnn", Yes, Yes, "x moves freely and the objective falls"},
		{"A but not C", `var x >= 0; var y >= 0; minimize f: x - y; subject to pair: 0 <= x complements y >= 0;`, []float64{0, 0}, AStationary, "yynnnn", Yes, Yes,
			"multipliers (1, -1)"},
		{"M but not S", `var x >= 0; var y >= 0; minimize f: x^2 - y; subject to pair: 0 <= x complements y >= 0;`, []float64{0, 0}, MStationary, "yyyynn", Yes, Yes,
			"multipliers (0, -1): y descends"},
		{"W but not A or C", `var x{1..2} >= 0; var y{1..2} >= 0; minimize f: -x[1] - y[1] + x[2] - y[2];
			subject to pair{i in 1..2}: 0 <= x[i] complements y[i] >= 0;`, []float64{0, 0, 0, 0}, WStationary, "ynnnnn", Yes, Yes, "multipliers (-1, -1) and (1, -1)"},
		{"maximisation", `var x >= 0; var y >= 0; maximize f: x + y; subject to cap: x + y <= 2; pair: 0 <= x complements y >= 0;`, []float64{2, 0}, SStationary, "yyyyyy", Yes, Yes,
			"the multiplier of cap makes up the objective, and that of y is zero"},
		{"no pairs", `var x >= 1; var y; minimize f: x + (y-2)^2; subject to r: 1 <= x*y <= 2;`, []float64{1, 2}, Stationary, "yyyyyy", Yes, Yes,
			"x at its bound, y at its own minimum; row r at its upper side with multiplier zero"},
		{"wrong sign at an upper side", `var x; minimize f: -x; subject to r: 0 <= x <= 1;`, []float64{0}, NotStationary, "nnnnnn", Yes, Yes, "at the lower side, and growing x helps"},
		{"fixed variable", `var x >= 3 <= 3; var y >= 0; minimize f: x - y; subject to r: y <= x;`, []float64{3, 3}, Stationary, "yyyyyy", Yes, Yes, "y at the side that the fixed x gives"},
		{"mixed at its lower bound", `var x; var y >= 0 <= 5; minimize f: y + x^2; subject to pair: 0 <= y <= 5 complements x;`, []float64{0, 0}, SStationary, "yyyyyy", Yes, Yes,
			"y = 0 and x = 0: biactive at the lower bound with multipliers (1, 0)"},
		{"mixed at its upper bound", `var x; var y >= 0 <= 5; minimize f: -y + 3*x; subject to pair: 0 <= y <= 5 complements x;`, []float64{0, 5}, AStationary, "yynnnn", Yes, Yes,
			"biactive at the upper bound: A = 5 - y has multiplier 1, B = -x has multiplier -3: x falls"},
		{"mixed between", `var x; var y >= 0 <= 5; minimize f: (y-2)^2 - x; subject to pair: 0 <= y <= 5 complements x;`, []float64{0, 2}, SStationary, "yyyyyy", Yes, Yes, "x is zero as an equation"},
		{"pair settled by a fixed variable", `var x >= 0 <= 0; var y >= 0; minimize f: -y; subject to pair: 0 <= x complements y >= 0; r: y <= 4;`, []float64{0, 0}, NotStationary, "nnnnnn", Yes, Yes,
			"y is free to grow"},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := parse(t, c.text)
			for _, solvers := range availableSolvers() {
				p, err := NewOfModel(m)
				if err != nil {
					t.Fatal(err)
				}
				p.solvers = solvers
				r, err := p.Classify(context.Background(), c.x, Options{})
				if err != nil {
					t.Fatal(err)
				}
				if r.Class != c.class || labels(r) != c.labels || r.LICQ != c.licq || r.MFCQ != c.mfcq {
					t.Errorf("%v %s, LICQ %v, MFCQ %v; expected %v %s, LICQ %v, MFCQ %v (%s)", r.Class, labels(r), r.LICQ, r.MFCQ, c.class, c.labels, c.licq, c.mfcq, c.reason)
				}
				checkReport(t, p, c.x, r)
			}
		})
	}
}

// checkReport holds a report against the problem: the signs and the residual of its witness, its proofs, and its direction of descent.
func checkReport(t *testing.T, p *Problem, x []float64, r *Report) {
	t.Helper()
	l, err := p.at(x, 0)
	if err != nil {
		t.Fatal(err)
	}
	tolerance := 1e-6 * (1 + l.gradNorm) * 1.01
	if m := r.Multipliers; m != nil {
		if v := leftOver(l, m); v > tolerance {
			t.Errorf("the witness leaves %v", v)
		}
		for _, k := range r.Biactive {
			a, b := m.First[k], m.Second[k]
			ok := true
			switch r.Class {
			case SStationary:
				ok = a >= 0 && b >= 0
			case MStationary, BStationary:
				ok = a > 0 && b > 0 || a*b == 0
			case CStationary:
				ok = a*b >= 0
			case AStationary:
				ok = a >= 0 || b >= 0
			}
			if !ok {
				t.Errorf("%v with multipliers (%v, %v) of pair %d", r.Class, a, b, k)
			}
		}
		checkComplementary(t, l, m)
	}
	for _, f := range r.Proofs {
		if v := leftOver(l, f.Multipliers); v > tolerance || math.Abs(v-f.Residual) > 1e-9*(1+v) {
			t.Errorf("a proof leaves %v and claims %v", v, f.Residual)
		}
		checkComplementary(t, l, f.Multipliers)
		for _, k := range f.Group {
			a, b := f.Multipliers.First[k], f.Multipliers.Second[k]
			var fixed Branch = 255
			for i, q := range f.Pairs {
				if q == k {
					fixed = f.Branches[i]
				}
			}
			if a < 0 && fixed != FirstZero && fixed != RangeAtLower && fixed != RangeAtUpper || b < 0 && fixed != SecondZero && fixed != ValueZero {
				t.Errorf("a proof has the multipliers (%v, %v) of pair %d with branch %v", a, b, k, fixed)
			}
		}
	}
	if (r.B == Yes) != (r.Multipliers != nil && r.S == Yes || len(r.Proofs) > 0) {
		t.Errorf("B %v with %d proofs", r.B, len(r.Proofs))
	}
	if r.B == No {
		checkDescent(t, l, r)
	}
}

// leftOver is ‖∇f - Σ multipliers gradients‖∞, from the formula of Multipliers.
func leftOver(l *local, m *Multipliers) float64 {
	v := make([]float64, l.p.n)
	copy(v, l.grad)
	add := func(q int, w float64) { l.each(q, func(j int32, g float64) { v[j] += w * g }) }
	for i, w := range m.Rows {
		add(l.p.n+i, w)
	}
	for j := range v {
		v[j] += m.Upper[j] - m.Lower[j]
	}
	for k, pair := range l.p.pairs {
		sa, sb := 1.0, 1.0
		if pair.A.Side == model.AtUpper || m.AtUpper[k] {
			sa = -1
		}
		if pair.B.Side == model.AtUpper || m.AtUpper[k] {
			sb = -1
		}
		add(l.p.quantity(pair.A), -m.First[k]*sa)
		add(l.p.quantity(pair.B), -m.Second[k]*sb)
	}
	worst := 0.0
	for _, r := range v {
		worst = math.Max(worst, math.Abs(r))
	}
	return worst
}

// checkComplementary checks that only what is active has a multiplier, of the right sign.
func checkComplementary(t *testing.T, l *local, m *Multipliers) {
	t.Helper()
	for j := range l.p.n {
		if m.Lower[j] < 0 || m.Upper[j] < 0 || m.Lower[j] > 0 && l.toLower(j) > 0 || m.Upper[j] > 0 && l.toUpper(j) > 0 {
			t.Errorf("multipliers %v, %v of the bounds of variable %d", m.Lower[j], m.Upper[j], j)
		}
	}
	for r, w := range m.Rows {
		if w > 0 && l.toUpper(l.p.n+r) > 0 || w < 0 && l.toLower(l.p.n+r) > 0 {
			t.Errorf("multiplier %v of row %d", w, r)
		}
	}
	for k, pair := range l.p.pairs {
		if pair.Mixed() {
			continue
		}
		if m.First[k] != 0 && l.slack(pair.A) > l.tolerance*l.scale[l.p.quantity(pair.A)] || m.Second[k] != 0 && l.slack(pair.B) > l.tolerance*l.scale[l.p.quantity(pair.B)] {
			t.Errorf("multipliers %v, %v of pair %d with members %v, %v", m.First[k], m.Second[k], k, l.slack(pair.A), l.slack(pair.B))
		}
	}
}

// checkDescent checks that a direction descends and stays in the branches that it names, to first order.
func checkDescent(t *testing.T, l *local, r *Report) {
	t.Helper()
	d := r.Descent
	if d == nil {
		t.Error("B does not hold, and no direction says why")
		return
	}
	if s := dot(l.grad, d); s >= -1e-6 || s != r.Slope {
		t.Errorf("slope %v, claimed %v", s, r.Slope)
	}
	low, high := append([]float64(nil), l.p.lower...), append([]float64(nil), l.p.upper...)
	for k, b := range r.DescentBranches {
		restrictQuantities(l.p, l.p.pairs[k], b, low, high)
	}
	for q := range low {
		v := l.along(q, d)
		if tol := 1e-6 * (1 + l.norm1[q]); l.value[q]-low[q] <= l.tolerance*l.scale[q] && v < -tol || high[q]-l.value[q] <= l.tolerance*l.scale[q] && v > tol {
			t.Errorf("quantity %d moves by %v out of [%v, %v] at %v", q, v, low[q], high[q], l.value[q])
		}
	}
}

// restrictQuantities is Branch.Restrict for bounds by quantity.
func restrictQuantities(p *Problem, pair model.Pair, b Branch, low, high []float64) {
	q := &quantities{n: p.n, low: low, high: high}
	b.Restrict(q, pair)
}

type quantities struct {
	n         int
	low, high []float64
}

func (q *quantities) Bounds() (lower, upper []float64)      { return q.low[:q.n], q.high[:q.n] }
func (q *quantities) RowBounds() (lower, upper []float64)   { return q.low[q.n:], q.high[q.n:] }
func (q *quantities) SetBounds(j int, lower, upper float64) { q.low[j], q.high[j] = lower, upper }
func (q *quantities) SetRowBounds(r int, lower, upper float64) {
	q.low[q.n+r], q.high[q.n+r] = lower, upper
}
