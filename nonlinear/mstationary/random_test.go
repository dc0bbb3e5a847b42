package mstationary

import (
	"context"
	"math"
	"math/rand"
	"reflect"
	"slices"
	"testing"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/nonlinear/system/dense"
)

// randomProgram is a small quadratic program with pairs of lower bounds of variables, lower and upper sides of rows, and data with few
// digits, so that degenerate points come up.
func randomProgram(rng *rand.Rand, convex bool) (*quadratic, []model.Pair) {
	n, np := 2+rng.Intn(4), 1+rng.Intn(3)
	digit := func() float64 { return float64(rng.Intn(9) - 4) }
	p := &quadratic{n: n, hess: make([][]float64, n), q: make([]float64, n), lower: make([]float64, n), upper: make([]float64, n)}
	for i := range n {
		p.hess[i] = make([]float64, n)
		p.q[i] = digit()
		p.lower[i], p.upper[i] = 0, math.Inf(1)
		if rng.Intn(3) == 0 {
			p.upper[i] = 1 + float64(rng.Intn(3))
		}
		if rng.Intn(5) == 0 {
			p.lower[i] = -2
		}
	}
	b := make([][]float64, n)
	for i := range b {
		b[i] = make([]float64, n)
		for j := range b[i] {
			b[i][j] = digit() / 2
		}
	}
	for i := range n {
		for j := range n {
			if convex {
				for k := range n {
					p.hess[i][j] += b[i][k] * b[j][k]
				}
			} else {
				p.hess[i][j] = b[min(i, j)][max(i, j)]
			}
		}
		if convex {
			p.hess[i][i]++
		}
	}
	var members []model.Member
	for i := range n {
		members = append(members, model.Member{Index: int32(i), Side: model.AtLower})
	}
	for r := range 2 + rng.Intn(2) {
		row := make([]float64, n)
		for j := range row {
			if rng.Intn(2) == 0 {
				row[j] = digit()
			}
		}
		row[rng.Intn(n)] = 1 + float64(rng.Intn(3))
		p.a = append(p.a, row)
		lo, hi := -float64(rng.Intn(3)), math.Inf(1)
		switch {
		case r == 0 && rng.Intn(3) == 0:
			lo = 1
			hi = lo
		case rng.Intn(3) == 0:
			lo, hi = math.Inf(-1), float64(rng.Intn(4))
			members = append(members, model.Member{Row: true, Index: int32(r), Side: model.AtUpper})
		default:
			members = append(members, model.Member{Row: true, Index: int32(r), Side: model.AtLower})
		}
		p.rowLower, p.rowUpper = append(p.rowLower, lo), append(p.rowUpper, hi)
	}
	rng.Shuffle(len(members), func(i, j int) { members[i], members[j] = members[j], members[i] })
	var pairs []model.Pair
	for k := 0; k < np && 2*k+1 < len(members); k++ {
		pairs = append(pairs, model.Pair{A: members[2*k], B: members[2*k+1]})
	}
	return p, pairs
}

// stationaryPoints lists the M-stationary points of a program with a positive definite Hessian by all choices of what is held: of each pair
// one member or both, of each other side nothing or the side. The point of a choice is unique, also where its constraints are
// dependent; that it is stationary is left to the independent check.
func stationaryPoints(p *quadratic, pairs []model.Pair) (points [][]float64) {
	l := newLayout(p, pairs)
	v := newValues(l)
	b := newBranchSystem(l, v)
	w, n := make([]float64, l.unknowns()), len(l.free)
	v.at(w)
	v.hessian(w)
	r, s := make([]float64, n), make([]float64, b.constraints())
	for k, j := range l.free {
		r[k] = -v.grad[j]
	}
	var try func(at int)
	try = func(at int) {
		ne, ns := len(l.eqs), len(l.sides)
		switch {
		case at < ne:
			b.active[at] = true
			try(at + 1)
		case at < ne+ns:
			for _, on := range []bool{false, true} {
				b.active[at] = on
				try(at + 1)
			}
		case at < ne+ns+2*len(l.pairs):
			for _, on := range [][2]bool{{true, false}, {false, true}, {true, true}} {
				b.active[at], b.active[at+1] = on[0], on[1]
				try(at + 2)
			}
		default:
			v.at(w)
			for i := range s {
				s[i] = -b.value(i)
			}
			u := make([]float64, len(w))
			if b.factorise(0) {
				b.solve(r, s, u[:n], u[n:])
			} else if !b.shortest(r, s, u[:n], u[n:]) {
				return
			}
			x := make([]float64, l.n)
			l.full(u, x)
			violation, complementarity := violations(p, pairs, x)
			if violation < 1e-9 && complementarity < 1e-9 && !slices.ContainsFunc(points, func(y []float64) bool { return distance(x, y) < 1e-9 }) {
				if _, m, _ := distances(p, pairs, x, 1e-8); m < 1e-8 {
					points = append(points, x)
				}
			}
		}
	}
	try(0)
	return points
}

// TestRandomPrograms: whatever is called stationary is, by the independent check, and is on the list of all stationary points; convex
// programs are solved, and never below the least value on the list.
func TestRandomPrograms(t *testing.T) {
	rng := rand.New(rand.NewSource(7))
	tried, solved, best, listed := 0, 0, 0, 0
	for trial := range 300 {
		convex := trial%3 != 0
		p, pairs := randomProgram(rng, convex)
		var points [][]float64
		if convex {
			points = stationaryPoints(p, pairs)
		}
		start := make([]float64, p.n)
		for j := range start {
			start[j] = 2 * rng.NormFloat64()
		}
		r, err := Solve(context.Background(), p, pairs, Start{X: start}, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if again, err := Solve(context.Background(), p, pairs, Start{X: start}, Options{}); err != nil || !sameBut(r, again) {
			t.Fatalf("trial %d: a second run differs", trial)
		}
		if convex && len(points) > 0 {
			tried++
		}
		if !r.Solved() {
			if r.Message == "" {
				t.Errorf("trial %d: %v without a reason", trial, r.Status)
			}
			if len(points) > 0 {
				t.Logf("trial %d: %v, residual %.2g: %s", trial, r.Status, r.Residual, r.Message)
			}
			continue
		}
		violation, complementarity := violations(p, pairs, r.X)
		_, m, strong := distances(p, pairs, r.X, 1e-6)
		if violation > 1e-7 || complementarity > 1e-7 || m > 1e-6 || r.Class < ClassM || r.Class == ClassS && strong > 1e-5 {
			t.Errorf("trial %d: called %v: violation %g, complementarity %g, M %g, S %g", trial, r.Class, violation, complementarity, m, strong)
		}
		if r.Residual > 1e-8 || r.Violation > 1e-6 {
			t.Errorf("trial %d: residual %g, violation %g in the result", trial, r.Residual, r.Violation)
		}
		checkMultipliers(t, p, pairs, r)
		if convex {
			listed++
			if !slices.ContainsFunc(points, func(x []float64) bool { return distance(x, r.X) < 1e-5*(1+dense.MaxAbs(x)) }) {
				t.Errorf("trial %d: %v is not on the list of stationary points %v", trial, r.X, points)
			}
		}
		if convex {
			solved++
			least := math.Inf(1)
			for _, x := range points {
				least = min(least, p.Objective(x))
			}
			if r.Objective < least-1e-6*(1+math.Abs(least)) {
				t.Errorf("trial %d: objective %g below the least one %g", trial, r.Objective, least)
			}
			if r.Objective <= least+1e-6*(1+math.Abs(least)) {
				best++
			}
		}
	}
	t.Logf("convex: %d tried, %d solved, %d at the global minimum; %d held against the full list", tried, solved, best, listed)
	if float64(solved) < 0.98*float64(tried) {
		t.Errorf("only %d of %d convex programs were solved", solved, tried)
	}
	if listed < 150 {
		t.Errorf("only %d results could be held against the full list", listed)
	}
}

func distance(x, y []float64) float64 {
	d := 0.0
	for j := range x {
		d = max(d, math.Abs(x[j]-y[j]))
	}
	return d
}

// sameBut compares two results but for the time.
func sameBut(a, b *Result) bool {
	c := *b
	c.Seconds = a.Seconds
	return reflect.DeepEqual(a, &c) || math.IsNaN(a.Objective) && math.IsNaN(b.Objective)
}

// checkMultipliers holds the multipliers of a result against the gradient of the objective and their signs.
func checkMultipliers(t *testing.T, p *quadratic, pairs []model.Pair, r *Result) {
	t.Helper()
	g := make([]float64, p.n)
	p.Gradient(r.X, g)
	lambda := slices.Clone(r.Rows)
	for j := range g {
		g[j] += r.Upper[j] - r.Lower[j]
		if r.Lower[j] < -1e-7 || r.Upper[j] < -1e-7 {
			t.Errorf("a multiplier of a bound is negative: %g, %g", r.Lower[j], r.Upper[j])
		}
	}
	for k, q := range pairs {
		for i, s := range [2]model.Member{q.A, q.B} {
			d := 1.0
			if s.Side == model.AtUpper {
				d = -1
			}
			if s.Row {
				lambda[s.Index] -= d * r.Pairs[k][i]
			} else {
				g[s.Index] -= d * r.Pairs[k][i]
			}
		}
	}
	for row, y := range lambda {
		for j := range g {
			g[j] += y * p.a[row][j]
		}
	}
	if v := dense.MaxAbs(g); v > 1e-6*(1+dense.MaxAbs(lambda)) {
		t.Errorf("the multipliers miss the gradient by %g", v)
	}
}
