// Package exampletest holds what the tests of the examples share: reading a model file, checking that it is the model that the Go program
// builds, and checking an answer against what is known.
package exampletest

import (
	"context"
	"math"
	"slices"
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

// Same checks that two models have the same players, variables, constraints and objectives in the same order. Names of constraints may
// differ, those of variables must differ at most in how their subscripts are written.
func Same(t *testing.T, text, code *bilevel.Model) {
	t.Helper()
	if err := code.Err(); err != nil {
		t.Fatal(err)
	}
	if text.NumPlayers() != code.NumPlayers() || text.NumVars() != code.NumVars() || text.NumRows() != code.NumRows() {
		t.Fatalf("the text has %d players, %d variables, %d constraints; the program %d, %d, %d", text.NumPlayers(), text.NumVars(),
			text.NumRows(), code.NumPlayers(), code.NumVars(), code.NumRows())
	}
	for j := range text.NumVars() {
		lo, hi := text.VarBounds(j)
		l, h := code.VarBounds(j)
		if lo != l || hi != h || text.VarOwner(j) != code.VarOwner(j) || text.VarKind(j) != code.VarKind(j) || text.VarBase(j) != code.VarBase(j) {
			t.Errorf("variable %d: %s in [%g, %g] of player %d in the text; %s in [%g, %g] of player %d in the program", j, text.VarName(j), lo, hi,
				text.VarOwner(j), code.VarName(j), l, h, code.VarOwner(j))
		}
	}
	for p := range text.NumPlayers() {
		a, b := text.Player(p).Objective(), code.Player(p).Objective()
		if a.Set != b.Set || a.Sense != b.Sense || !sameFunction(a.F, b.F) {
			t.Errorf("the objectives of %s differ: %v %+v in the text, %v %+v in the program", text.Player(p).Name(), a.Sense, a.F, b.Sense, b.F)
		}
	}
	for r := range text.NumRows() {
		lo, hi := text.RowBounds(r)
		l, h := code.RowBounds(r)
		if lo != l || hi != h || text.RowOwner(r) != code.RowOwner(r) || !sameFunction(text.RowFunction(r), code.RowFunction(r)) {
			t.Errorf("constraint %d, %s in the text and %s in the program, differ: [%g, %g] %+v and [%g, %g] %+v", r, text.RowName(r), code.RowName(r),
				lo, hi, text.RowFunction(r), l, h, code.RowFunction(r))
		}
	}
}

// sameFunction compares normal forms up to the rounding of their coefficients.
func sameFunction(f, g model.Function) bool {
	same := func(a, b float64) bool { return math.Abs(a-b) <= 1e-12*max(1, math.Abs(a)) }
	return same(f.Const, g.Const) && slices.Equal(f.Vars, g.Vars) && slices.EqualFunc(f.Coefs, g.Coefs, same) &&
		slices.EqualFunc(f.Quad, g.Quad, func(a, b model.QuadTerm) bool { return a.I == b.I && a.J == b.J && same(a.Coef, b.Coef) }) &&
		f.Nonlinear == 0 && g.Nonlinear == 0
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
