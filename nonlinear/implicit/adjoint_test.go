package implicit_test

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/nonlinear/implicit"
	"github.com/gobilevel/bilevel/nonlinear/newton"
	"github.com/gobilevel/bilevel/nonlinear/response"
)

// randomFollower is a model whose follower has a strongly convex objective with a quartic term and constraints that are active at x = 0 and
// y = point with multipliers strong[i] > 0, or zero where strong[i] is; a negative one makes the constraint slack.
func randomFollower(t *testing.T, rng *rand.Rand, n, m int, strong []float64) (*response.Problem, []float64) {
	t.Helper()
	md := model.New("random")
	leader, follower := md.Leader(), md.Follower("f")
	x := leader.Vars("x", n, -model.Inf, model.Inf)
	y := follower.Vars("y", m, -model.Inf, model.Inf)
	point := make([]float64, n+m)
	grad := make([]float64, m) // of the objective at the point, without the linear term
	for i := range m {
		point[n+i] = rng.NormFloat64()
	}
	f := model.Const(0)
	for i := range m {
		f = f.Plus(y[i].Times(y[i]).Times(1.0 + rng.Float64())).Plus(y[i].Pow(4).Times(0.1))
		v := point[n+i]
		grad[i] += 0.4 * v * v * v
		for k := range n {
			f = f.Plus(y[i].Times(x[k]).Times(rng.NormFloat64()))
		}
	}
	// The quadratic part is read back from the model's own derivative below, so that the linear term can be chosen.
	rows := make([][]float64, len(strong))
	for r, s := range strong {
		rows[r] = make([]float64, m)
		e, at := model.Const(0), 0.0
		for i := range m {
			rows[r][i] = rng.NormFloat64()
			e = e.Plus(y[i].Times(rows[r][i]))
			at += rows[r][i] * point[n+i]
		}
		for k := range n {
			e = e.Plus(x[k].Times(rng.NormFloat64()))
		}
		slack := 0.0
		if s < 0 {
			slack = 1
		}
		follower.Constrain(fmt.Sprintf("c%d", r), e.LE(at+slack))
	}
	follower.Minimize(f)
	leader.Minimize(x[0])
	if err := md.Err(); err != nil {
		t.Fatal(err)
	}
	p, err := response.New(md)
	if err != nil {
		t.Fatal(err)
	}
	g := make([]float64, n+m)
	p.Inner.Gradient(point, g)
	linear := f
	for i := range m {
		want := -g[n+i]
		for r, s := range strong {
			if s > 0 {
				want -= s * rows[r][i]
			}
		}
		linear = linear.Plus(y[i].Times(want))
	}
	follower.Minimize(linear)
	if p, err = response.New(md); err != nil {
		t.Fatal(err)
	}
	return p, point
}

func answer(t *testing.T, p *response.Problem, x []float64) *response.Answer {
	t.Helper()
	a, err := p.At(context.Background(), x, nil, response.Solvers{Smooth: &newton.Solver{}, Tolerance: 1e-11})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// weights are the derivatives of the function w'(x, y) that the tests look at.
func weights(k int) []float64 {
	w := make([]float64, k)
	for i := range w {
		w[i] = 1 + 0.37*float64(i)
	}
	return w
}

// TestAdjointDifferences compares the derivative with differences of the solved follower where the active set does not change.
func TestAdjointDifferences(t *testing.T) {
	ctx := context.Background()
	rng := rand.New(rand.NewPCG(3, 5))
	compared := 0
	for range 40 {
		n, m := 1+rng.IntN(3), 2+rng.IntN(3)
		strong := []float64{1 + rng.Float64(), -1}
		if m > 2 {
			strong = append(strong, 0.5)
		}
		p, x := randomFollower(t, rng, n, m, strong)
		a := answer(t, p, x)
		for i := range m {
			if math.Abs(a.X[n+i]-x[n+i]) > 1e-6 {
				t.Fatalf("the answer is %v, and %v by construction", a.X, x)
			}
		}
		d := implicit.NewAdjoint(ctx, p, a, &newton.Solver{})
		if d.Kink || d.Singular {
			t.Fatalf("kink %v, singular %v at a point without", d.Kink, d.Singular)
		}
		w := weights(n + m)
		got := d.Gradient(w)
		for k := range n {
			const h = 1e-5
			value := func(step float64) (v, phi float64) {
				z := append([]float64(nil), x...)
				z[k] += step
				b := answer(t, p, z)
				for j, c := range w {
					v += c * b.X[j]
				}
				return v, b.Value
			}
			up, phiUp := value(h)
			down, phiDown := value(-h)
			compared++
			if want := (up - down) / (2 * h); math.Abs(want-got[k]) > 1e-5*(1+math.Abs(want)) {
				t.Errorf("derivative %d is %v, differences say %v", k, got[k], want)
			}
			if want := (phiUp - phiDown) / (2 * h); math.Abs(want-a.Slope[k]) > 1e-5*(1+math.Abs(want)) {
				t.Errorf("derivative %d of the value function is %v, differences say %v", k, a.Slope[k], want)
			}
		}
	}
	if compared < 40 {
		t.Errorf("only %d derivatives were compared", compared)
	}
}

// TestAdjointAtKinks looks at points where constraints are active without multipliers: the derivative has to be one that is met at points nearby.
func TestAdjointAtKinks(t *testing.T) {
	ctx := context.Background()
	rng := rand.New(rand.NewPCG(7, 1))
	for trial := range 25 {
		n, m := 1+rng.IntN(2), 3
		p, x := randomFollower(t, rng, n, m, []float64{0, 0.7, 0})
		d := implicit.NewAdjoint(ctx, p, answer(t, p, x), &newton.Solver{})
		if !d.Kink {
			t.Fatalf("trial %d: no kink was found", trial)
		}
		w := weights(n + m)
		got := d.Gradient(w)
		nearest := math.Inf(1)
		for range 60 {
			z := append([]float64(nil), x...)
			for k := range n {
				z[k] += 1e-3 * rng.NormFloat64()
			}
			near := implicit.NewAdjoint(ctx, p, answer(t, p, z), &newton.Solver{})
			if near.Kink {
				continue
			}
			distance := 0.0
			for k, v := range near.Gradient(w)[:n] {
				distance = math.Max(distance, math.Abs(v-got[k]))
			}
			nearest = math.Min(nearest, distance)
		}
		if nearest > 2e-2 {
			t.Errorf("trial %d: the derivative %v is none that is met nearby: the nearest is %v away", trial, got[:n], nearest)
		}
	}
}

// TestAdjointOrthant is the projection on the orthant at its corner, where every entry of the derivative is 0 or 1 times the weight.
func TestAdjointOrthant(t *testing.T) {
	p := problem(t, "upper; var x {1..2}; lower; var y {1..2} >= 0; minimize f: sum {i in 1..2} (y[i] - x[i])^2; upper; minimize F: x[1];")
	d := implicit.NewAdjoint(context.Background(), p, answer(t, p, make([]float64, 4)), &newton.Solver{})
	g := d.Gradient([]float64{0, 0, 1, 2})
	if !d.Kink || (g[0] != 0 && math.Abs(g[0]-1) > 1e-9) || (g[1] != 0 && math.Abs(g[1]-2) > 1e-9) || g[0] == 0 && g[1] == 0 {
		t.Errorf("kink %v, derivative %v: by hand an element of {0, 1} x {0, 2} in the direction (0.5 + 0.618.., -(0.5 + 0.236..)), which is (1, 0)", d.Kink, g)
	}
}
