package mpcc

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/nonlinear/newton"
)

func newRun(t *testing.T, m *model.Model) *run {
	t.Helper()
	p, err := FromModel(m)
	if err != nil {
		t.Fatal(err)
	}
	opt, err := Options{Solver: &newton.Solver{}}.filled()
	if err != nil {
		t.Fatal(err)
	}
	r := &run{p: p, opt: opt, begin: time.Now(), rng: rand.New(rand.NewPCG(1, 2))}
	r.ctx, r.cancel = context.WithCancel(context.Background())
	t.Cleanup(r.cancel)
	return r
}

// forced has three pairs of variables, each of which can hold in one way only.
func forced(t *testing.T) *model.Model {
	m := model.New("forced")
	l := m.Leader()
	x, y := l.Vars("x", 3, 0, 5), l.Vars("y", 3, 0, 5)
	for k, name := range []string{"a", "b", "c"} {
		l.Complement(name, x[k], y[k])
	}
	l.Constrain("first", x[0].Times(1).GE(1))
	l.Constrain("second", model.Sum(y[1].Times(1), x[0].Times(1)).Eq(3))
	l.Constrain("third", model.Sum(y[2].Times(y[2]), y[1].Times(1)).GE(2))
	l.Constrain("not", x[2].Times(1).LE(0))
	l.Minimize(model.Sum(x[0].Times(1), y[2].Times(1)))
	if err := m.Err(); err != nil {
		t.Fatal(err)
	}
	return m
}

// TestRestore: from the pattern that is wrong in every pair, the descent on the violation finds a feasible branch.
func TestRestore(t *testing.T) {
	r := newRun(t, forced(t))
	z := r.begins([]float64{0, 1, 1, 1, 0, 0})
	wrong := []Zero{ZeroG, ZeroH, ZeroH}
	c := r.branch(wrong, z, nil, false)
	r.consider(c)
	if c.feasible {
		t.Fatal("the wrong pattern is feasible; the test tests nothing")
	}
	at, pattern, ok := r.restore(z, wrong)
	if !ok || pattern[0] != ZeroH || pattern[1] != ZeroG {
		t.Fatalf("found %v, %v; want H = 0, G = 0 first", ok, pattern)
	}
	good := r.branch(pattern, at, nil, false)
	r.consider(good)
	// By hand: x0 = 1 costs 1 and allows y1 = 2, which the third constraint is content with.
	if !good.feasible || math.Abs(good.objective-1) > 1e-6 {
		t.Errorf("value %g, violation %g; want 1", good.objective, good.violation)
	}
}

// TestRestoreGivesUp: where no branch is feasible, it says so.
func TestRestoreGivesUp(t *testing.T) {
	m := forced(t)
	m.Leader().Constrain("impossible", model.Sum(m.Var(0).Times(1), m.Var(3).Times(-1)).LE(-1))
	r := newRun(t, m)
	if _, _, ok := r.restore(r.begins(nil), []Zero{ZeroG, ZeroG, ZeroG}); ok {
		t.Error("a feasible branch was claimed, while x_0 >= 1 and y_0 >= x_0 + 1 contradict their pair")
	}
}

// TestPatternByDecrease: of two members of like size along a path, the one that falls as t is zero, not the one that falls as the root of t or
// stays.
func TestPatternByDecrease(t *testing.T) {
	m := model.New("two")
	l := m.Leader()
	x, y := l.Vars("x", 3, 0, model.Inf), l.Vars("y", 3, 0, model.Inf)
	for k, name := range []string{"a", "b", "c"} {
		l.Complement(name, x[k], y[k])
	}
	p, err := FromModel(m)
	if err != nil {
		t.Fatal(err)
	}
	//           x: stays, small; falls as t; clear      y: falls as t; stays; clear
	before := []float64{2e-4, 5e-3, 1e-9, 5e-3, 2e-4, 3}
	now := []float64{2e-4, 5e-5, 1e-11, 5e-5, 2e-4, 3}
	want := []Zero{ZeroH, ZeroG, ZeroG}
	if got := p.patternByDecrease(now, before); !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// TestDescend: from the worst branch of separate pairs every step goes to a better one, to the best.
func TestDescend(t *testing.T) {
	m := model.New("steps")
	l := m.Leader()
	x, y := l.Vars("x", 4, 0, model.Inf), l.Vars("y", 4, 0, model.Inf)
	var terms []model.Expr
	for k, name := range []string{"a", "b", "c", "d"} {
		l.Complement(name, x[k], y[k])
		// Along x the value rises from zero, along y it falls to -1 at y = 1: all pairs are biactive on the branch y = 0.
		d := y[k].Minus(1)
		terms = append(terms, x[k].Times(1), d.Times(d))
	}
	l.Minimize(model.Sum(terms...))
	r := newRun(t, m)
	worst := []Zero{ZeroH, ZeroH, ZeroH, ZeroH}
	c := r.branch(worst, make([]float64, 8), nil, false)
	c.method = Scholtes
	r.consider(c)
	if math.Abs(c.objective-4) > 1e-6 {
		t.Fatalf("the branch y = 0 has value %g, want 4", c.objective)
	}
	r.descend(c)
	if math.Abs(r.best.objective) > 1e-8 || r.best.label != Strong {
		t.Errorf("descended to %g, %v; want 0, S-stationary", r.best.objective, r.best.label)
	}
}
