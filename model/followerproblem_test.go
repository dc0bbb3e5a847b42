package model_test

import (
	"errors"
	"math"
	"math/rand"
	"strings"
	"testing"

	"github.com/gobilevel/bilevel/model"
)

// mixed is a model with two followers of every kind of function, and a variable that stands for a shadow price.
func mixed() *model.Model {
	m := model.New("mixed")
	l := m.Leader()
	x := l.Vars("x", 3, -5, 5)
	a, b := m.Follower("a").Nash(), m.Follower("b").Nash()
	u := a.Vars("u", 3, 0, 9)
	v := b.Integers("v", 2, -4, 4)
	w := a.Binary("w")
	a.Constrain("affine", u[0].Plus(x[1].Times(2)).Minus(u[2]).LE(7))
	r := a.ConstrainEach("each", 3, func(k int) model.Relation { return u[k].Times(x[k]).Plus(v[0]).GE(-20) })
	b.Constrain("own", v[0].Plus(v[1]).Between(-3, 3))
	a.Constrain("nonlinear", model.Exp(x[0]).Times(u[1]).Plus(u[1].Pow(2)).Plus(model.Sin(u[0].Times(x[2]))).LE(50))
	l.Constrain("coupling", x[0].Plus(u[1]).LE(9))
	a.Maximize(u[0].Times(x[0]).Plus(u[1].Times(u[2])).Plus(v[1].Times(w)).Plus(x[1]).Plus(3))
	b.Minimize(v[0].Pow(2).Plus(v[1].Times(u[0])))
	l.Minimize(r[1].Dual().Plus(x[0]))
	return m
}

// TestFollowerProblemAgreesWithTheModel compares values, bounds, kinds and names of each follower's problem with those of the model at
// random points.
func TestFollowerProblemAgreesWithTheModel(t *testing.T) {
	m := mixed()
	if err := m.Err(); err != nil {
		t.Fatal(err)
	}
	rng := rand.New(rand.NewSource(1))
	problems := m.FollowerProblems()
	for trial := 0; trial < 50; trial++ {
		x := make([]float64, m.NumVars())
		for j := range x {
			x[j] = rng.NormFloat64()
		}
		for p := 1; p <= 2; p++ {
			f, err := problems.At(p, x)
			if err != nil {
				t.Fatal(err)
			}
			q := f.Model
			if q.NumFollowers() != 0 || q.NumVars() != len(f.Vars) || q.NumRows() != len(f.Rows) {
				t.Fatalf("%d followers, %d variables, %d constraints", q.NumFollowers(), q.NumVars(), q.NumRows())
			}
			y := f.Restrict(x)
			near(t, "objective", q.ObjectiveValue(0, y), m.ObjectiveValue(p, x))
			if q.Leader().Objective().Sense != m.Player(p).Objective().Sense {
				t.Error("the sense changed")
			}
			for k, r := range f.Rows {
				near(t, "violation of "+m.RowName(int(r)), q.RowViolation(k, y), m.RowViolation(int(r), x))
				if q.RowName(k) != m.RowName(int(r)) {
					t.Errorf("constraint %q is called %q", m.RowName(int(r)), q.RowName(k))
				}
			}
			for k, j := range f.Vars {
				lo, hi := q.VarBounds(k)
				wantLo, wantHi := m.VarBounds(int(j))
				if lo != wantLo || hi != wantHi || q.VarKind(k) != m.VarKind(int(j)) || q.VarName(k) != m.VarName(int(j)) {
					t.Errorf("%s [%v, %v] %v became %s [%v, %v] %v", m.VarName(int(j)), wantLo, wantHi, m.VarKind(int(j)), q.VarName(k), lo, hi, q.VarKind(k))
				}
			}
			back := append([]float64(nil), x...)
			f.Extend(back, y)
			for j := range x {
				if back[j] != x[j] {
					t.Errorf("variable %s changed", m.VarName(j))
				}
			}
		}
	}
}

func near(t *testing.T, what string, got, want float64) {
	t.Helper()
	if got != want && !(math.Abs(got-want) <= 1e-12*math.Max(1, math.Abs(want))) {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

func TestFollowerProblemLeavesShadowPricesOut(t *testing.T) {
	m := mixed()
	f, err := m.FollowerProblem(1, make([]float64, m.NumVars()))
	if err != nil {
		t.Fatal(err)
	}
	for _, j := range f.Vars {
		if _, dual := m.DualOf(int(j)); dual {
			t.Errorf("%s is a variable of the follower's problem", m.VarName(int(j)))
		}
	}
	if has := f.Model.Constructs(); has.Has(model.DualVariables) || has.Has(model.Followers) {
		t.Errorf("the problem contains %v", has)
	}
}

func TestFollowerProblemBecomesLinearAtAPoint(t *testing.T) {
	m := model.New("prices")
	x := m.Leader().Var("x", 0, 2)
	f := m.Follower("f")
	y := f.Vars("y", 2, 0, 1)
	f.Constrain("c", model.Exp(x).Times(y[0]).Plus(x.Times(y[1])).LE(4))
	f.Minimize(x.Times(y[0]).Plus(model.Sqrt(x.Plus(1)).Times(y[1])))
	q, err := m.FollowerProblem(1, []float64{1, 0, 0})
	if err != nil {
		t.Fatal(err)
	}
	if has := q.Model.Constructs(); has != 0 {
		t.Errorf("the problem contains %v, want a linear one", has)
	}
	if c := q.Model.RowFunction(0).Coef(0); math.Abs(c-math.E) > 1e-15 {
		t.Errorf("coefficient %v, want e", c)
	}
}

func TestFollowerProblemConditions(t *testing.T) {
	m := model.New("conditions")
	z := m.Leader().Binary("z")
	f := m.Follower("f")
	y, w := f.Var("y", 0, 9), f.Binary("w")
	small, large := f.Constrain("small", y.LE(1)), f.Constrain("large", y.GE(5))
	f.Minimize(y)
	m.AddIndicator(model.Indicator{Row: small.Index(), Binary: z.Index(), When: true})
	m.AddIndicator(model.Indicator{Row: large.Index(), Binary: w.Index(), When: true})
	m.AddSOS1(model.SOS1{Name: "one", Owner: 1, Vars: []int32{1, 2}, Weights: []float64{1, 2}})
	for _, c := range []struct{ z, hi float64 }{{1, 1}, {0, math.Inf(1)}} {
		q, err := m.FollowerProblem(1, []float64{c.z, 0, 0})
		if err != nil {
			t.Fatal(err)
		}
		if _, hi := q.Model.RowBounds(0); hi != c.hi {
			t.Errorf("z = %v: upper side %v, want %v", c.z, hi, c.hi)
		}
		if list := q.Model.Indicators(); len(list) != 1 || list[0] != (model.Indicator{Row: 1, Binary: 1, When: true}) {
			t.Errorf("conditions %v", list)
		}
		if sets := q.Model.SOS1Sets(); len(sets) != 1 || sets[0].Vars[0] != 0 || sets[0].Vars[1] != 1 {
			t.Errorf("sets %v", sets)
		}
	}
	m.AddSOS1(model.SOS1{Name: "foreign", Owner: 1, Vars: []int32{0, 1}})
	if _, err := m.FollowerProblem(1, []float64{0, 0, 0}); !errors.Is(err, model.ErrScope) {
		t.Errorf("got %v, want ErrScope", err)
	}
}

func TestFollowerProblemErrors(t *testing.T) {
	m := mixed()
	for _, c := range []struct {
		name string
		p    int
		x    []float64
		want string
	}{
		{"the leader", 0, make([]float64, m.NumVars()), "there is no follower 0"},
		{"no such follower", 3, make([]float64, m.NumVars()), "there is no follower 3"},
		{"too short", 1, []float64{1}, "1 entries"},
		{"NaN", 1, filled(m.NumVars(), math.NaN()), "NaN"},
		{"overflow", 1, filled(m.NumVars(), 1e308), "Inf"},
	} {
		_, err := m.FollowerProblem(c.p, c.x)
		var bad *model.BuildError
		if !errors.As(err, &bad) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want a BuildError with %q", c.name, err, c.want)
		}
	}
}

func filled(n int, v float64) []float64 {
	x := make([]float64, n)
	for j := range x {
		x[j] = v
	}
	return x
}

// BenchmarkFollowerProblems makes the problems of 1000 followers of 100 variables and constraints each.
func BenchmarkFollowerProblems(b *testing.B) {
	m := model.New("many")
	x := m.Leader().Vars("x", 10, 0, 1)
	for k := 0; k < 1000; k++ {
		f := m.Follower(string(rune('a'+k%26)) + strings.Repeat("'", k/26))
		y := f.Vars(f.Name(), 100, 0, 1)
		f.ConstrainEach("c"+f.Name(), 100, func(i int) model.Relation {
			return y[i].Plus(y[(i+1)%100]).Plus(x[i%10]).LE(2)
		})
		f.Minimize(model.Sum(y...))
	}
	point := make([]float64, m.NumVars())
	b.ResetTimer()
	for i := 0; i < b.N; i++ {
		problems := m.FollowerProblems()
		for p := 1; p <= 1000; p++ {
			if _, err := problems.At(p, point); err != nil {
				b.Fatal(err)
			}
		}
	}
}
