// Package exampletest holds what the tests of the examples share: reading a model file, checking that it is the model that the Go program
// builds, and checking an answer against what is known.
package exampletest

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/gobilevel/bilevel"
	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/modfile"
)

// Read reads a model file and its data files.
func Read(t *testing.T, mod string, dat ...string) *bilevel.Model {
	t.Helper()
	m, err := modfile.ReadFiles(mod, dat...)
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Err(); err != nil {
		t.Fatal(err)
	}
	return m
}

// Same checks that two models have the same players, variables, constraints, complementarity pairs and objectives in the same order. Names of
// constraints may differ, those of variables must differ at most in how their subscripts are written. Nonlinear functions are compared by
// their values.
func Same(t *testing.T, text, code *bilevel.Model) {
	t.Helper()
	if err := code.Err(); err != nil {
		t.Fatal(err)
	}
	textRows, codeRows := constraints(text), constraints(code)
	if text.NumPlayers() != code.NumPlayers() || text.NumVars() != code.NumVars() || len(textRows) != len(codeRows) {
		t.Fatalf("the text has %d players, %d variables, %d constraints; the program %d, %d, %d", text.NumPlayers(), text.NumVars(),
			len(textRows), code.NumPlayers(), code.NumVars(), len(codeRows))
	}
	for j := range text.NumVars() {
		lo, hi := text.VarBounds(j)
		l, h := code.VarBounds(j)
		if lo != l || hi != h || !sameStart(text.VarStart(j), code.VarStart(j)) || text.VarOwner(j) != code.VarOwner(j) || text.VarKind(j) != code.VarKind(j) || text.VarBase(j) != code.VarBase(j) {
			t.Errorf("variable %d: %s in [%g, %g] of player %d from %g in the text; %s in [%g, %g] of player %d from %g in the program", j, text.VarName(j), lo, hi,
				text.VarOwner(j), text.VarStart(j), code.VarName(j), l, h, code.VarOwner(j), code.VarStart(j))
		}
	}
	points := samples(text)
	for p := range text.NumPlayers() {
		a, b := text.Player(p).Objective(), code.Player(p).Objective()
		if text.Player(p).IsNash() != code.Player(p).IsNash() {
			t.Errorf("%s plays a Nash game in one of the two", text.Player(p).Name())
		}
		if a.Set != b.Set || a.Sense != b.Sense || !sameFunction(text, a.F, code, b.F, points) {
			t.Errorf("the objectives of %s differ: %v %+v in the text, %v %+v in the program", text.Player(p).Name(), a.Sense, a.F, b.Sense, b.F)
		}
	}
	for i, r := range textRows {
		q := codeRows[i]
		lo, hi := text.RowBounds(r)
		l, h := code.RowBounds(q)
		if lo != l || hi != h || text.RowOwner(r) != code.RowOwner(q) || !sameFunction(text, text.RowFunction(r), code, code.RowFunction(q), points) {
			t.Errorf("constraint %d, %s in the text and %s in the program, differ: [%g, %g] %+v and [%g, %g] %+v", i, text.RowName(r), code.RowName(q),
				lo, hi, text.RowFunction(r), l, h, code.RowFunction(q))
		}
	}
	samePairs(t, text, code, points)
}

// constraints lists the constraints that do not only carry a member of a pair.
func constraints(m *bilevel.Model) []int {
	var out []int
	for r := range m.NumRows() {
		if !m.IsPairRow(r) {
			out = append(out, r)
		}
	}
	return out
}

// samePairs compares the complementarity pairs of two models.
func samePairs(t *testing.T, text, code *bilevel.Model, points [][]float64) {
	t.Helper()
	if text.NumPairs() != code.NumPairs() {
		t.Fatalf("the text has %d pairs, the program %d", text.NumPairs(), code.NumPairs())
	}
	for k := range text.NumPairs() {
		p, q := text.Pair(k), code.Pair(k)
		same := p.Mixed() == q.Mixed()
		for _, m := range [][2]model.Member{{p.A, q.A}, {p.B, q.B}} {
			same = same && m[0].Side == m[1].Side && sameFunction(text, text.MemberFunction(m[0]), code, code.MemberFunction(m[1]), points)
		}
		if !same {
			t.Errorf("pair %d, %s in the text and %s in the program, differ", k, text.PairName(k), code.PairName(k))
		}
	}
}

// sameFunction compares normal forms up to the rounding of their coefficients, or, where one has a nonlinear part, values at points.
func sameFunction(text *bilevel.Model, f model.Function, code *bilevel.Model, g model.Function, points [][]float64) bool {
	same := func(a, b float64) bool { return math.Abs(a-b) <= 1e-12*max(1, math.Abs(a)) }
	if f.Nonlinear != 0 || g.Nonlinear != 0 {
		return !slices.ContainsFunc(points, func(x []float64) bool {
			v, w := text.Value(f, x), code.Value(g, x)
			return !(math.Abs(v-w) <= 1e-9*max(1, math.Abs(v))) && !(math.IsNaN(v) && math.IsNaN(w))
		})
	}
	return same(f.Const, g.Const) && slices.Equal(f.Vars, g.Vars) && slices.EqualFunc(f.Coefs, g.Coefs, same) &&
		slices.EqualFunc(f.Quad, g.Quad, func(a, b model.QuadTerm) bool { return a.I == b.I && a.J == b.J && same(a.Coef, b.Coef) })
}

// sameStart compares start values, NaN for none.
func sameStart(a, b float64) bool { return a == b || math.IsNaN(a) && math.IsNaN(b) }

// samples are points at which functions are compared: the start, and others from the bounds, cut to 10 either side of zero where they are wide.
func samples(m *bilevel.Model) [][]float64 {
	start, _ := m.StartPoint()
	points := [][]float64{start}
	rng := rand.New(rand.NewPCG(1, 2))
	for range 20 {
		x := make([]float64, m.NumVars())
		for j := range x {
			lo, hi := m.VarBounds(j)
			lo, hi = max(lo, min(hi, 10)-20), min(hi, max(lo, -10)+20)
			x[j] = lo + (hi-lo)*rng.Float64()
		}
		points = append(points, x)
	}
	return points
}

// Optimal solves a model and checks that the answer is proven optimal, verified, and has a value within the tolerance, relative to
// max(1, |value|).
func Optimal(t *testing.T, m *bilevel.Model, value, tol float64, options ...bilevel.Options) *bilevel.Result {
	t.Helper()
	r, err := bilevel.Solve(context.Background(), m, options...)
	if err != nil {
		t.Fatal(err)
	}
	if r.Status != bilevel.StatusOptimal || r.Proof != bilevel.ProofGlobal || r.Point == nil {
		t.Fatalf("status %v, proof %v, bound %v; want a proven optimum of %g; notes %q", r.Status, r.Proof, r.Bound, value, r.Notes)
	}
	if len(r.Assumptions) > 0 {
		t.Errorf("the proof rests on %q", r.Assumptions)
	}
	if math.Abs(r.Objective-value) > tol*max(1, math.Abs(value)) {
		t.Errorf("the optimum is %.9g, want %.9g", r.Objective, value)
	}
	if !r.Certificate.Verified {
		t.Errorf("the point is not verified: %q", r.Certificate.Reasons)
	}
	return r
}

// Local solves a model and checks that the answer is local, verified, proven stationary of one of the classes, "S" or "SB" for instance, and has a
// value within the tolerance, relative to max(1, |value|). The stationarity is judged once more from the values of the variables alone.
func Local(t *testing.T, m *bilevel.Model, value, tol float64, classes string, options ...bilevel.Options) *bilevel.Result {
	t.Helper()
	r, err := bilevel.Solve(context.Background(), m, options...)
	if err != nil {
		t.Fatal(err)
	}
	if r.Status != bilevel.StatusLocal || r.Proof != bilevel.ProofLocal || r.Point == nil {
		t.Fatalf("status %v, proof %v; want a local solution of value %g; notes %q", r.Status, r.Proof, value, r.Notes)
	}
	if !(math.Abs(r.Objective-value) <= tol*max(1, math.Abs(value))) {
		t.Errorf("the value is %.9g, want %.9g", r.Objective, value)
	}
	if !r.Certificate.Verified {
		t.Errorf("the point is not verified: %q", r.Certificate.Reasons)
	}
	if r.Stationarity == "" || !strings.Contains(classes, r.Stationarity) {
		t.Errorf("the point is %q-stationary, want one of %q", r.Stationarity, classes)
	}
	again, err := bilevel.Stationarity(context.Background(), m, r.Point.X, options...)
	if err != nil {
		t.Errorf("the stationarity of the point: %v", err)
	} else if r.StationarityReport == nil || again.Class != r.StationarityReport.Class {
		t.Errorf("judged once more the point is %v: %s", again.Class, again.Message)
	}
	return r
}
