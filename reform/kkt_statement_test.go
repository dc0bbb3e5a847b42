package reform_test

import (
	"context"
	"strings"
	"testing"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/reform"
)

// TestWhatKKTProves: the conditions lose nothing only where the follower is shown to be convex and its constraints qualified.
func TestWhatKKTProves(t *testing.T) {
	ctx := context.Background()
	for _, c := range []struct {
		name   string
		build  func(m *model.Model, x model.Var, y []model.Var, f *model.Player)
		proof  model.Proof
		convex model.Tri
		kind   model.QualificationKind
		noted  string // in the notes; "" for no note
		reason string
	}{
		{"linear program", func(m *model.Model, x model.Var, y []model.Var, f *model.Player) {
			f.Minimize(y[0].Plus(y[1].Times(x)))
			f.Constrain("c", y[0].Times(x).Plus(y[1]).GE(1))
		}, model.ProofGlobal, model.Yes, model.AffineConstraints, "", "affine in its own variables"},
		{"convex objective", func(m *model.Model, x model.Var, y []model.Var, f *model.Player) {
			f.Minimize(model.Exp(y[0]).Plus(y[1].Times(y[1])))
			f.Constrain("c", y[0].Plus(y[1]).GE(x))
		}, model.ProofGlobal, model.Yes, model.AffineConstraints, "its constraints are affine", "no qualification is needed"},
		{"ball with an inside", func(m *model.Model, x model.Var, y []model.Var, f *model.Player) {
			f.Minimize(y[0].Minus(x))
			f.Constrain("ball", y[0].Times(y[0]).Plus(y[1].Times(y[1])).LE(x.Plus(1)))
		}, model.ProofGlobal, model.Yes, model.SlaterProven, "for every decision", "0 is inside whatever x >= 0 is"},
		{"ball that shrinks to a point", func(m *model.Model, x model.Var, y []model.Var, f *model.Player) {
			f.Minimize(y[0])
			f.Constrain("ball", y[0].Times(y[0]).Plus(y[1].Times(y[1])).LE(x))
		}, model.ProofLocal, model.Yes, model.SlaterTested, "sampled decisions, not at x = 0", "at x = 0 there is no inside, and no multiplier"},
		{"no rule", func(m *model.Model, x model.Var, y []model.Var, f *model.Player) {
			f.Minimize(x.Times(x).Plus(1).Times(y[0]).Times(y[0]).Plus(x.Times(2).Times(y[0]).Times(y[1])).Plus(y[1].Times(y[1])))
			m.SetVarBounds(x.Index(), -model.Inf, model.Inf)
		}, model.ProofLocal, model.Unknown, model.AffineConstraints, "no counterexample in 200 samples", "convex, by a determinant that no rule computes"},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := model.New("m")
			x := m.Leader().Var("x", 0, 2)
			f := m.Follower("f")
			y := f.Vars("y", 2, -3, 3)
			c.build(m, x, y, f)
			m.Leader().Minimize(x)
			pass := reform.KKT{}
			if got := pass.Proves(m); got != c.proof {
				t.Errorf("it proves %v, want %v: %s", got, c.proof, c.reason)
			}
			chain := reform.NewChain(m)
			if err := chain.Apply(ctx, pass); err != nil {
				t.Fatal(err)
			}
			if len(chain.Followers) != 1 {
				t.Fatalf("%d statements", len(chain.Followers))
			}
			s := chain.Followers[0]
			if s.Convex != c.convex || s.Qualification.Kind != c.kind || s.Exact() != (c.proof == model.ProofGlobal) {
				t.Errorf("convex %v, qualification %v, want %v and %v: %s", s.Convex, s.Qualification.Kind, c.convex, c.kind, c.reason)
			}
			if c.noted == "" && len(chain.Notes) > 0 || !strings.Contains(strings.Join(chain.Notes, " "), c.noted) {
				t.Errorf("notes %q, want %q", chain.Notes, c.noted)
			}
		})
	}
}

// TestNonconvexFollowersAreCandidates: a follower that is known to be nonconvex is refused, unless stationary points are asked for; the statement then
// has a point and a direction that show it.
func TestNonconvexFollowersAreCandidates(t *testing.T) {
	m := model.New("m")
	x := m.Leader().Var("x", 0, 2)
	f := m.Follower("f")
	y := f.Vars("y", 3, -3, 3)
	f.Minimize(y[0].Times(y[1]).Times(-1).Plus(y[2].Times(y[2])))
	f.Constrain("on", y[0].Plus(y[2]).Eq(x))
	m.Leader().Minimize(x)
	if err := (reform.KKT{}).Accepts(m); err == nil || !strings.Contains(err.Error(), "by naming kkt") {
		t.Errorf("not refused: %v", err)
	}
	for _, k := range []reform.KKT{{Stationary: true}, {Stationary: true, Inequality: true}} {
		r, err := k.Apply(context.Background(), m)
		if err != nil {
			t.Fatal(err)
		}
		if k.Proves(m) != model.ProofLocal {
			t.Errorf("%s proves %v", k.Name(), k.Proves(m))
		}
		s := r.Followers[0]
		a := s.Against
		if s.Convex != model.No || a == nil || !a.Objective || !a.Inside {
			t.Fatalf("statement %+v", s)
		}
		// d'Hd by the definition, and d along the equation.
		d := a.Direction
		if got := -2*d[1]*d[2] + 2*d[3]*d[3]; got >= 0 || got < a.Curvature-1e-9 || got > a.Curvature+1e-9 {
			t.Errorf("curvature %v along %v, computed %v", a.Curvature, d, got)
		}
		if e := d[1] + d[3]; e > 1e-9 || e < -1e-9 || d[0] != 0 {
			t.Errorf("the direction %v leaves the equation", d)
		}
	}
}
