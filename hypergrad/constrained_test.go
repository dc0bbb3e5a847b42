package hypergrad_test

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/gobilevel/bilevel/hypergrad"
)

// affine is min s Σ w_i (y_i - (Px)_i)²/2 subject to Ay <= b + Bx, the last rows with equality; F = |y - t|²/2.
type affine struct {
	n, m, inequalities int
	s                  float64
	w, t               []float64
	p                  [][]float64
	rows               []affineRow
}

type affineRow struct {
	a, b []float64
	rest float64
}

func (c *affine) Size() (leader, follower int) { return c.n, c.m }

func (c *affine) Leader(x, y, gx, gy []float64) (value float64) {
	clear(gx)
	for i, v := range y {
		d := v - c.t[i]
		value += d * d / 2
		if gy != nil {
			gy[i] = d
		}
	}
	return value
}

func (c *affine) Follower(x, y, gx, gy []float64) (value float64) {
	clear(gx)
	for i, v := range y {
		d := v - product(c.p[i], x)
		value += c.s * c.w[i] * d * d / 2
		if gy != nil {
			gy[i] = c.s * c.w[i] * d
		}
		for j := range gx {
			gx[j] -= c.s * c.w[i] * d * c.p[i][j]
		}
	}
	return value
}

func (c *affine) Hessian(x, y, v, hv []float64) {
	for i := range v {
		hv[i] = c.s * c.w[i] * v[i]
	}
}

func (c *affine) Mixed(x, y, v, cv []float64) {
	clear(cv)
	for i := range v {
		for j := range cv {
			cv[j] -= c.s * c.w[i] * v[i] * c.p[i][j]
		}
	}
}

func (c *affine) Rows() (inequalities, equations int) {
	return c.inequalities, len(c.rows) - c.inequalities
}

func (c *affine) Values(x, y, g []float64) {
	for k, r := range c.rows {
		g[k] = product(r.a, y) - product(r.b, x) - r.rest
	}
}

func (c *affine) AdjointRows(x, y, u, ay, bx []float64) {
	clear(ay)
	clear(bx)
	for k, r := range c.rows {
		for i := range ay {
			ay[i] += r.a[i] * u[k]
		}
		for j := range bx {
			bx[j] -= r.b[j] * u[k]
		}
	}
}

func (c *affine) ForwardRows(x, y, v, av []float64) {
	for k, r := range c.rows {
		av[k] = product(r.a, v)
	}
}

func (c *affine) LagrangianHessian(x, y, u, v, hv, cv []float64) {}

func product(a, b []float64) (s float64) {
	for j := range b {
		s += a[j] * b[j]
	}
	return s
}

// answer looks at every set of active rows; nil where none is feasible.
func (c *affine) answer(x []float64) []float64 {
	best := math.Inf(1)
	var y []float64
	for set := range 1 << c.inequalities {
		var active []affineRow
		for k, r := range c.rows {
			if k >= c.inequalities || set>>k&1 == 1 {
				active = append(active, r)
			}
		}
		size := c.m + len(active)
		system := make([][]float64, size)
		for i := range system {
			system[i] = make([]float64, size+1)
		}
		for i := range c.m {
			system[i][i], system[i][size] = c.w[i], c.w[i]*product(c.p[i], x)
			for k, r := range active {
				system[i][c.m+k], system[c.m+k][i] = r.a[i], r.a[i]
			}
		}
		for k, r := range active {
			system[c.m+k][size] = r.rest + product(r.b, x)
		}
		z := eliminate(system)
		if z == nil {
			continue
		}
		g := make([]float64, len(c.rows))
		c.Values(x, z[:c.m], g)
		feasible := true
		for k, v := range g {
			feasible = feasible && v <= 1e-9 && (k < c.inequalities || v >= -1e-9)
		}
		if v := c.Follower(x, z[:c.m], nil, nil); feasible && v < best {
			best, y = v, z[:c.m]
		}
	}
	return y
}

// eliminate solves a square system with its right-hand side in the last column; nil where it is singular.
func eliminate(a [][]float64) []float64 {
	n := len(a)
	for k := range n {
		p := k
		for i := k; i < n; i++ {
			if math.Abs(a[i][k]) > math.Abs(a[p][k]) {
				p = i
			}
		}
		if a[k], a[p] = a[p], a[k]; math.Abs(a[k][k]) < 1e-12 {
			return nil
		}
		for i := range n {
			if i == k {
				continue
			}
			f := a[i][k] / a[k][k]
			for j := k; j <= n; j++ {
				a[i][j] -= f * a[k][j]
			}
		}
	}
	x := make([]float64, n)
	for i := range x {
		x[i] = a[i][n] / a[i][i]
	}
	return x
}

// Followers with affine rows, in any units of f and of the rows, with rows given twice, against the enumeration of active sets and differences of it.
func TestConstrainedFollowersInAnyUnits(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 2))
	draw := func(n int) []float64 {
		v := make([]float64, n)
		for j := range v {
			v[j] = r.NormFloat64()
		}
		return v
	}
	solved := 0
	for trial := range 240 {
		n, m := 1+r.IntN(3), 1+r.IntN(4)
		plain := &affine{n: n, m: m, s: 1, t: draw(m), inequalities: 1 + r.IntN(4)}
		for range m {
			plain.w, plain.p = append(plain.w, math.Exp(r.NormFloat64())), append(plain.p, draw(n))
		}
		equations := 0
		if m > 1 {
			equations = r.IntN(2)
		}
		for range plain.inequalities + equations {
			plain.rows = append(plain.rows, affineRow{draw(m), draw(n), r.NormFloat64()})
		}
		given := *plain
		given.rows = append([]affineRow(nil), plain.rows...)
		scaled := func(s float64) {
			q := given.rows[0]
			q.a, q.b, q.rest = append([]float64(nil), q.a...), append([]float64(nil), q.b...), q.rest*s
			for i := range q.a {
				q.a[i] *= s
			}
			for j := range q.b {
				q.b[j] *= s
			}
			given.rows[0] = q
		}
		kind := trial % 7
		switch kind {
		case 1:
			given.s = 1e-8
		case 2:
			given.s = 1e6
		case 3: // an inequality twice
			given.rows = append([]affineRow{plain.rows[0]}, given.rows...)
			given.inequalities++
		case 4: // the last row twice, as an equation where it is one
			if given.rows = append(given.rows, given.rows[len(given.rows)-1]); equations == 0 {
				given.inequalities++
			}
		case 5:
			scaled(1e6)
		case 6:
			scaled(1e-6)
		}
		x := draw(n)
		want := plain.answer(x)
		e, err := hypergrad.NewEvaluator(&given, nil, hypergrad.EngineOptions{})
		if err != nil {
			t.Fatal(err)
		}
		at, err := e.Evaluate(context.Background(), x, 1e-10)
		if want == nil {
			if !errors.Is(err, hypergrad.ErrFollower) {
				t.Errorf("trial %d, kind %d: an infeasible follower: %v", trial, kind, err)
			}
			continue
		}
		if solved++; err != nil {
			t.Errorf("trial %d, kind %d: %v", trial, kind, err)
			continue
		}
		near(t, "answer", at.Y, want, 1e-6)
		for j := range x {
			h := func(d float64) float64 {
				moved := append([]float64(nil), x...)
				moved[j] += d
				return plain.Leader(moved, plain.answer(moved), nil, nil)
			}
			if d := (h(1e-6) - h(-1e-6)) / 2e-6; !(math.Abs(d-at.Gradient[j]) <= 1e-5*(1+math.Abs(d))) {
				t.Errorf("trial %d, kind %d: gradient %v, by differences %v", trial, kind, at.Gradient[j], d)
			}
		}
		// Multipliers are those of the rows as they are given.
		gy, ay := make([]float64, m), make([]float64, m)
		given.Follower(x, at.Y, nil, gy)
		given.AdjointRows(x, at.Y, at.U, ay, nil)
		for i := range gy {
			if !(math.Abs(gy[i]+ay[i]) <= 1e-7*(1e-7*given.s+length(gy)+given.s*length(at.Y))) {
				t.Errorf("trial %d, kind %d: ∇f %v and A'u %v do not add up to zero", trial, kind, gy, ay)
			}
		}
	}
	if solved < 150 {
		t.Errorf("%d followers were feasible", solved)
	}
}

// Rows that hold with equality and no multiplier are counted, at each scale; followers that are convex only along their equations are solved.
func TestDegenerateAndNonconvexRows(t *testing.T) {
	for _, s := range []float64{1, 1e-8, 1e8} {
		// min s|y - x|²/2, y_0 <= 0, y_1 <= 1 at x = (0, 0): the first row is weakly active.
		c := &affine{n: 2, m: 2, s: s, inequalities: 2, w: []float64{1, 1}, t: []float64{1, 1}, p: [][]float64{{1, 0}, {0, 1}},
			rows: []affineRow{{[]float64{1, 0}, []float64{0, 0}, 0}, {[]float64{0, 1}, []float64{0, 0}, 1}}}
		e, err := hypergrad.NewEvaluator(c, []float64{-3, -3}, hypergrad.EngineOptions{})
		if err != nil {
			t.Fatal(err)
		}
		for _, at := range []struct {
			x          []float64
			degenerate int
		}{{[]float64{0, 0}, 1}, {[]float64{1, 0}, 0}, {[]float64{-1, 1}, 1}, {[]float64{0, 1}, 2}, {[]float64{-1, -1}, 0}} {
			ev, err := e.Evaluate(context.Background(), at.x, 1e-10)
			if err != nil {
				t.Fatal(err)
			}
			if ev.Degenerate != at.degenerate {
				t.Errorf("f times %g, x = %v: %d degenerate rows, want %d; u = %v, y = %v", s, at.x, ev.Degenerate, at.degenerate, ev.U, ev.Y)
			}
		}
		// f = s(y_0²/2 - 50 y_1²) with y_1 = x_1: the answer is (0, x_1), ∇h = (0, x_1 - 1).
		c = &affine{n: 2, m: 2, s: s, w: []float64{1, -100}, t: []float64{1, 1}, p: [][]float64{{0, 0}, {0, 0}}, rows: []affineRow{{[]float64{0, 1}, []float64{0, 1}, 0}}}
		if e, err = hypergrad.NewEvaluator(c, []float64{1, 1}, hypergrad.EngineOptions{}); err != nil {
			t.Fatal(err)
		}
		ev, err := e.Evaluate(context.Background(), []float64{0.5, 3}, 1e-10)
		if err != nil {
			t.Fatalf("f times %g: %v", s, err)
		}
		near(t, "answer", ev.Y, []float64{0, 3}, 1e-8)
		near(t, "gradient", ev.Gradient, []float64{0, 2}, 1e-6)
	}
}
