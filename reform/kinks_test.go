package reform_test

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/modfile"
	"github.com/gobilevel/bilevel/reform"
	"github.com/gobilevel/bilevel/reform/reformtest"
)

// kinkedTerm is a random function with kinks that is convex where a cost is minimised, of nested selections of affine functions.
func kinkedTerm(rng *rand.Rand, depth int) string {
	affine := func() string {
		return fmt.Sprintf("((%.2f)*x + (%.2f)*y + (%.2f))", rng.NormFloat64(), rng.NormFloat64(), rng.NormFloat64())
	}
	if depth == 0 {
		return affine()
	}
	switch rng.IntN(5) {
	case 0:
		return "abs(" + affine() + ")"
	case 1:
		return "max(" + kinkedTerm(rng, depth-1) + ", " + kinkedTerm(rng, depth-1) + ", " + affine() + ")"
	case 2:
		return "(" + kinkedTerm(rng, depth-1) + " + 2*" + kinkedTerm(rng, depth-1) + ")"
	case 3:
		return "exp(0.1*" + kinkedTerm(rng, depth-1) + ")"
	default:
		return "max(" + kinkedTerm(rng, depth-1) + ", 0)^2"
	}
}

// TestEpigraphRandom sends random points through the pass: the objective stays, the constraints hold, and none of the variables can be less without one
// of them being violated or the objective staying as it is, so that the pass has no better point than the function.
func TestEpigraphRandom(t *testing.T) {
	rng := rand.New(rand.NewPCG(21, 8))
	passed := 0
	for range 200 {
		text := "var x >= -3, <= 3; var y >= -3, <= 3; minimize F: " + kinkedTerm(rng, 3) + " + " + kinkedTerm(rng, 2) + ";"
		m, err := modfile.Read("random.mod", []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		r, err := reform.Epigraph{}.Apply(context.Background(), m)
		if err != nil {
			continue // nothing with a kink was drawn
		}
		passed++
		for range 5 {
			p := &model.Point{X: []float64{rng.Float64()*6 - 3, rng.Float64()*6 - 3}}
			q, err := r.Recovery.(reform.Lifter).Lift(p)
			if err != nil {
				t.Fatal(err)
			}
			want, got := m.ObjectiveValue(0, p.X), r.Model.ObjectiveValue(0, q.X)
			if math.Abs(want-got) > 1e-9*math.Max(1, math.Abs(want)) {
				t.Fatalf("the objective is %v, was %v\n%s", got, want, text)
			}
			if v, where := reformtest.Residual(r.Model, q.X); v > 1e-9 {
				t.Fatalf("%s is violated by %v\n%s", where, v, text)
			}
			for j := 2; j < r.Model.NumVars(); j++ {
				less := append([]float64(nil), q.X...)
				less[j] -= 1e-3
				v, _ := reformtest.Residual(r.Model, less)
				if v < 1e-5 && r.Model.ObjectiveValue(0, less) < got-1e-9 {
					t.Fatalf("%s can be less than the function\n%s", r.Model.VarName(j), text)
				}
			}
		}
	}
	if passed < 150 {
		t.Errorf("only %d models had kinks", passed)
	}
}

// TestSmoothNear holds the rounded functions against the ones they stand for: the error is at most as large as a constant times μ, and shrinks with it.
func TestSmoothNear(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 5))
	for _, f := range []string{
		"abs(x - y)", "max(x, y, 1)", "min(x, y) + (x less y)", "sqrt(x^2 + y^2)", "if x >= y then x else y", "if x >= 0 and y < 1 then abs(x) else abs(x)", "min(abs(x), 2*max(y, 0))",
	} {
		m, err := modfile.Read("smooth.mod", []byte("var x >= -3, <= 3; var y >= -3, <= 3; minimize F: "+f+";"))
		if err != nil {
			t.Fatal(err)
		}
		for _, mu := range []float64{1e-1, 1e-3, 1e-5} {
			r, err := reform.Smooth{Mu: mu}.Apply(context.Background(), m)
			if err != nil {
				t.Fatal(err)
			}
			if ok, _ := r.Model.DAG().Smooth(r.Model.Leader().Objective().F.Nonlinear); !ok {
				t.Errorf("%s: a kink is left", f)
			}
			for range 100 {
				x := []float64{rng.Float64()*6 - 3, rng.Float64()*6 - 3}
				if d := math.Abs(m.ObjectiveValue(0, x) - r.Model.ObjectiveValue(0, x)); d > 3*mu {
					t.Errorf("%s at %v: %v from the function with μ = %v", f, x, d, mu)
				}
			}
		}
	}
}

// TestTikhonovAnswer compares the answer of a follower with ties with the one of least length.
func TestTikhonovAnswer(t *testing.T) {
	m, err := modfile.Read("ties.mod", []byte("upper; var x >= 0, <= 5; lower; var y {1..2}; minimize f: (y[1] + 2*y[2] - x)^2; upper; minimize F: x;"))
	if err != nil {
		t.Fatal(err)
	}
	const alpha = 1e-6
	r, err := reform.Tikhonov{Alpha: alpha}.Apply(context.Background(), m)
	if err != nil {
		t.Fatal(err)
	}
	// (x, y) = (5, 1, 2) is the shortest answer of all with y1 + 2 y2 = 5: the derivative of the new objective is small there, and not elsewhere on the line.
	value := func(a, b float64) float64 { return r.Model.ObjectiveValue(1, []float64{5, a, b}) }
	if at, other := value(1, 2), value(3, 1); at >= other || math.Abs(at-alpha/2*5) > 1e-12 || math.Abs(other-alpha/2*10) > 1e-12 {
		t.Errorf("%v at the shortest answer, %v at another", at, other)
	}
}
