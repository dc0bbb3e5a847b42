package model_test

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gobilevel/bilevel/internal/dataset"
	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/modfile"
)

// TestConvexityRules: functions of y (two variables in [-1, 2] and [0, 3]) with a leader's x in [0, 2], what each rule makes of them, and why.
func TestConvexityRules(t *testing.T) {
	for _, c := range []struct {
		name   string
		f      func(x model.Var, y []model.Var) model.Expr
		more   func(f *model.Player, x model.Var, y []model.Var)
		class  model.Class
		convex model.Tri
		rule   string
	}{
		{"a quadratic that an exponential outweighs on the bounds", func(x model.Var, y []model.Var) model.Expr {
			return model.Exp(y[1].Times(3).Plus(4)).Minus(y[1].Times(y[1]))
		}, nil, model.Convex, model.Yes, "range of its second derivatives"},
		{"the same quadratic alone", func(x model.Var, y []model.Var) model.Expr {
			return y[1].Times(y[1]).Neg()
		}, nil, model.Quadratic, model.No, "negative curvature"},
		{"a quadratic that an exponential does not outweigh: not claimed to be nonconvex either", func(x model.Var, y []model.Var) model.Expr {
			return model.Exp(y[1]).Minus(y[1].Times(y[1]).Times(4))
		}, nil, model.Nonlinear, model.Unknown, "no composition rule"},
		{"a product along an equation: y1 y2 = y1 (1 + y1)", func(x model.Var, y []model.Var) model.Expr {
			return y[0].Times(y[1])
		}, func(f *model.Player, x model.Var, y []model.Var) { f.Constrain("e", y[1].Minus(y[0]).Eq(1)) }, model.Convex, model.Yes, "along the follower's equations"},
		{"a product along an equation of the wrong slope: y1 y2 = y1 (1 - y1)", func(x model.Var, y []model.Var) model.Expr {
			return y[0].Times(y[1])
		}, func(f *model.Player, x model.Var, y []model.Var) { f.Constrain("e", y[1].Plus(y[0]).Eq(1)) }, model.Quadratic, model.No, "negative curvature"},
		{"a product with a variable that is fixed", func(x model.Var, y []model.Var) model.Expr {
			return y[0].Times(y[1])
		}, func(f *model.Player, x model.Var, y []model.Var) { _ = y[1].Fix(1) }, model.Convex, model.Yes, "along the follower's equations"},
		{"a cube where a constraint of the follower keeps it above zero", func(x model.Var, y []model.Var) model.Expr {
			return y[0].Pow(3)
		}, func(f *model.Player, x model.Var, y []model.Var) { f.Constrain("above", y[0].GE(0.5)) }, model.Convex, model.Yes, "convex: a power"},
		{"a cube that only the leader keeps above zero", func(x model.Var, y []model.Var) model.Expr {
			return y[0].Pow(3)
		}, nil, model.Nonlinear, model.Unknown, "no composition rule"},
		{"a parameter that a constraint keeps positive", func(x model.Var, y []model.Var) model.Expr {
			return x.Minus(1).Times(y[0]).Times(y[0])
		}, func(f *model.Player, x model.Var, y []model.Var) { f.Constrain("p", x.GE(1)) }, model.Convex, model.Yes, "range of its second derivatives"},
		{"a pole inside: 1/y² is curved upwards wherever it has a value", func(x model.Var, y []model.Var) model.Expr {
			return y[0].Pow(-2)
		}, nil, model.Nonlinear, model.Unknown, "no composition rule"},
		{"entropy", func(x model.Var, y []model.Var) model.Expr {
			return y[1].Times(model.Log(y[1])).Plus(x.Times(y[0]))
		}, nil, model.Convex, model.Yes, "convex: a convex function times"},
		{"relative entropy", func(x model.Var, y []model.Var) model.Expr {
			return y[1].Times(2).Times(model.Log(y[1].Over(x.Plus(1))))
		}, nil, model.Convex, model.Yes, "convex: a convex function times"},
		{"a cube in a product with a parameter of unknown sign", func(x model.Var, y []model.Var) model.Expr {
			return x.Minus(1).Times(model.Exp(y[0]))
		}, nil, model.Nonlinear, model.Unknown, "no composition rule"},
		{"a kink inwards, which second derivatives do not see", func(x model.Var, y []model.Var) model.Expr {
			return model.Abs(y[0]).Neg().Plus(y[0].Pow(4))
		}, nil, model.Nonlinear, model.Unknown, "no composition rule"},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := model.New("m")
			x := m.Leader().Var("x", 0, 2)
			f := m.Follower("f")
			y := []model.Var{f.Var("y0", -1, 2), f.Var("y1", 0, 3)}
			m.Leader().Minimize(x)
			m.Leader().Constrain("seen", y[0].GE(0)) // the follower does not see this one
			f.Minimize(c.f(x, y))
			if c.more != nil {
				c.more(f, x, y)
			}
			if err := m.Err(); err != nil {
				t.Fatal(err)
			}
			got := m.Classify().Followers[0]
			if got.Class != c.class || got.Convex != c.convex || !strings.Contains(strings.Join(got.Reasons, "; "), c.rule) {
				t.Errorf("%v, convex %v, %q; want %v, %v, %q", got.Class, got.Convex, got.Reasons, c.class, c.convex, c.rule)
			}
		})
	}
}

// TestFollowersWithSetsAreNotConvex: an SOS1 set or a condition makes the answers of a follower a union of pieces.
func TestFollowersWithSetsAreNotConvex(t *testing.T) {
	build := func() (*model.Model, *model.Player, []model.Var, model.Var) {
		m := model.New("m")
		z := m.Leader().Binary("z")
		f := m.Follower("f")
		y := f.Vars("y", 2, 0, 3)
		f.Minimize(y[0].Plus(y[1]))
		m.Leader().Minimize(z)
		return m, f, y, z
	}
	m, f, y, _ := build()
	f.SOS1("s", y...)
	if c := m.Classify().Followers[0]; c.Convex != model.No || c.Class <= model.ConvexQuadratic {
		t.Errorf("with a set: %v, convex %v", c.Class, c.Convex)
	}
	m, f, y, z := build()
	f.When("w", z, true, y[0].LE(1))
	if c := m.Classify().Followers[0]; c.Convex == model.Yes || c.Class <= model.ConvexQuadratic {
		t.Errorf("with a condition on the leader's decision: %v, convex %v", c.Class, c.Convex)
	}
	m, f, y, _ = build()
	f.When("w", f.Binary("b"), true, y[0].LE(1))
	if c := m.Classify().Followers[0]; c.Convex != model.No {
		t.Errorf("with a condition of its own: convex %v", c.Convex)
	}
}

// TestBolibConvexity compares the verdicts with those of the collection, which were found by hand: no follower that is not convex is called convex,
// all that are convex are called so but one, and for every other one a counterexample is found inside of its constraints or in a constraint.
func TestBolibConvexity(t *testing.T) {
	dir, ok := dataset.Find("bolib")
	if !ok {
		t.Skip("the BOLIB collection is not there: set BILEVEL_DATA to the folder of the problem libraries")
	}
	text, err := os.ReadFile(filepath.Join(dir, "index.json"))
	if err != nil {
		t.Fatal(err)
	}
	var list []map[string]any
	if err := json.Unmarshal(text, &list); err != nil {
		t.Fatal(err)
	}
	// Convex by the identity of Lagrange, (a'a)(b'b) - (a'b)² = det², in the leader's variables.
	beyond := map[string]bool{"DesignCentringP3": true}
	convex, against := 0, 0
	for _, e := range list {
		name := e["name"].(string)
		m, err := modfile.ReadFiles(filepath.Join(dir, name+".mod"))
		if err != nil {
			t.Fatal(err)
		}
		s := m.ExamineFollower(1, model.Examination{})
		want, decided := e["lower_convex"].(bool)
		switch {
		case !decided:
		case want && beyond[name]:
			if s.Convex != model.Unknown || s.Against != nil || s.Samples < 100 {
				t.Errorf("%s: %s", name, s.Text(m))
			}
		case want:
			convex++
			if s.Convex != model.Yes {
				t.Errorf("%s is convex: %s", name, s.Text(m))
			}
		case s.Convex == model.Yes:
			t.Errorf("%s is not convex: %s", name, s.Text(m))
		default:
			if against++; s.Against == nil || s.Against.Objective && !s.Against.Inside {
				t.Errorf("%s: no counterexample: %s", name, s.Text(m))
			}
		}
	}
	t.Logf("%d followers convex by rules, %d shown to be nonconvex", convex, against)
	if convex != 72 || against < 30 {
		t.Errorf("%d convex, %d nonconvex", convex, against)
	}
}

// TestCounterexamplesAreReal: at a counterexample the second difference of the function along the direction is negative, and a point inside
// satisfies the constraints on both sides.
func TestCounterexamplesAreReal(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 2))
	found := 0
	for range 1500 {
		c := newRandomFollower(rng)
		s := c.m.ExamineFollower(1, model.Examination{Samples: 40})
		a := s.Against
		if s.Convex == model.Yes && (a != nil || s.Samples > 0) {
			t.Fatalf("convex by rules and sampled: %+v", s)
		}
		if a == nil || !a.Objective {
			continue
		}
		value := func(step float64) float64 { // where it is called inside, 1e-4 to both sides are
			x := append([]float64(nil), a.X...)
			for j, d := range a.Direction {
				if math.IsNaN(x[j]) {
					x[j] = 0 // does not occur
				}
				x[j] += step * d
			}
			if a.Inside && math.Abs(step) <= 1e-4 {
				for r := range c.m.NumRows() {
					if v := c.m.RowViolation(r, x); v > 1e-6 {
						t.Fatalf("inside, and %s is violated by %v\n%s", c.m.RowName(r), v, c.text)
					}
				}
			}
			return c.m.ObjectiveValue(1, x)
		}
		// The curvature is that of the limit: some step must come near it.
		near := false
		for _, h := range [...]float64{1e-1, 1e-2, 1e-3, 1e-4} {
			near = near || math.Abs((value(-h)-2*value(0)+value(h))/(h*h)-a.Curvature) < 0.25*math.Abs(a.Curvature)
		}
		if found++; !near || !(a.Curvature < 0) {
			t.Fatalf("curvature %v at %v along %v\n%s", a.Curvature, a.X, a.Direction, c.text)
		}
	}
	if found < 200 {
		t.Errorf("only %d counterexamples could be checked", found)
	}
}

// TestSlaterPointsAreInside: an answer that is said to be inside of the constraints for every decision is so at random decisions, and where one
// was looked for at sampled decisions and the constraint has no inside, none is found.
func TestSlaterPointsAreInside(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 3))
	proven := 0
	for range 100 {
		m := model.New("m")
		x := m.Leader().Vars("x", 2, -1, 1)
		f := m.Follower("f")
		y := f.Vars("y", 2, -4, 4)
		f.Minimize(y[0])
		m.Leader().Minimize(x[0])
		a, b, c, r := rng.Float64(), 2*rng.Float64()-1, 2*rng.Float64()-1, 3*rng.Float64()-0.5
		ball := y[0].Minus(x[0].Times(a)).Pow(2).Plus(y[1].Plus(x[1].Times(b)).Pow(2)).Minus(x[0].Times(c))
		f.Constrain("ball", ball.LE(r))
		f.Constrain("cut", y[0].Plus(y[1].Times(b)).GE(c))
		s := m.ExamineFollower(1, model.Examination{})
		if s.Convex != model.Yes {
			t.Fatalf("the follower is convex: %s", s.Text(m))
		}
		q := s.Qualification
		if q.Kind != model.SlaterProven {
			continue
		}
		proven++
		for range 200 {
			p := append([]float64(nil), q.Point...)
			for _, v := range x {
				p[v.Index()] = 2*rng.Float64() - 1
			}
			if v := m.RowValue(0, p); !(v < r) {
				_, hi := m.RowBounds(0)
				if !(v < hi) {
					t.Fatalf("%v is not inside of the ball: %v, bound %v", p, v, hi)
				}
			}
			if m.RowViolation(1, p) > 1e-8 {
				t.Fatalf("%v violates the cut", p)
			}
		}
	}
	if proven < 10 {
		t.Errorf("only %d answers inside were proven", proven)
	}
	m := model.New("flat")
	x := m.Leader().Var("x", 0, 1)
	f := m.Follower("f")
	y := f.Var("y", -model.Inf, model.Inf)
	f.Minimize(y)
	m.Leader().Minimize(x)
	f.Constrain("point", y.Minus(x).Pow(2).LE(0))
	if q := m.ExamineFollower(1, model.Examination{}).Qualification; q.Kind != model.SlaterTested || q.Held != 0 || q.Tested == 0 || q.Point == nil {
		t.Errorf("a constraint without inside: %+v", q)
	}
}

// TestExaminationIsRepeatable: the same model gives the same statement.
func TestExaminationIsRepeatable(t *testing.T) {
	for seed := range uint64(30) {
		one := newRandomFollower(rand.New(rand.NewPCG(seed, 1)))
		two := newRandomFollower(rand.New(rand.NewPCG(seed, 1)))
		a, b := one.m.ExamineFollower(1, model.Examination{}), two.m.ExamineFollower(1, model.Examination{})
		if a.Text(one.m) != b.Text(two.m) || a.Samples != b.Samples {
			t.Errorf("seed %d: %s, then %s", seed, a.Text(one.m), b.Text(two.m))
		}
	}
}
