package hypergrad

import (
	"fmt"
	"math"
	"slices"
)

// oracleCheck compares the oracles of a problem with each other at one point.
type oracleCheck struct {
	p     Problem
	x, y  []float64
	u, v  []float64 // a direction of each player
	n, m  int
	count int // of coordinates
	wrong []string
}

// checkOracles names the oracles that disagree near the follower's answer y; first derivatives are looked at along count coordinates of each player.
func checkOracles(p Problem, x, y []float64, count int) []string {
	c := &oracleCheck{p: p, count: count, x: x, y: slices.Clone(y), n: len(x), m: len(y), u: make([]float64, len(x)), v: make([]float64, len(y))}
	for j := range c.u {
		c.u[j] = (1 + math.Abs(x[j])) * math.Sin(float64(2*j+1))
	}
	for j := range c.v {
		c.v[j] = (1 + math.Abs(y[j])) * math.Cos(float64(3*j+2))
	}
	if s, ok := p.(Supported); ok {
		free := make([]bool, c.m)
		s.Free(x, y, free)
		mask(free, c.v)
	}
	// At the answer itself the follower's gradient is zero, and so is a wrong multiple of it.
	moved := slices.Clone(y)
	for j := range moved {
		moved[j] += 1e-2 * c.v[j] * math.Sin(float64(j+1))
	}
	if isA[Contraction](p) {
		c.contraction(p.(Contraction))
		c.gradient("Leader", p.Leader)
		return c.wrong
	}
	g := make([]float64, c.m)
	sum := p.Follower(x, moved, nil, g) + p.Leader(x, moved, nil, nil)
	if !isA[Supported](p) && finite(g) && !math.IsNaN(sum) && !math.IsInf(sum, 0) {
		c.y = moved
	}
	c.gradient("Leader", p.Leader)
	c.gradient("Follower", p.Follower)
	c.products()
	c.batches()
	if r, ok := p.(Constrained); ok {
		c.rows(r)
	}
	return c.wrong
}

// near compares vectors entry by entry: got with want, which is known to doubt. Small entries count where they are not rounding of the largest one.
func (c *oracleCheck) near(what string, got, want, doubt []float64, tolerance float64) {
	var size float64
	for j := range want {
		size = max(size, math.Abs(got[j]), math.Abs(want[j]))
	}
	for j := range want {
		limit := tolerance*(math.Abs(got[j])+math.Abs(want[j])) + 1e-9*size
		if doubt != nil {
			limit += doubt[j]
		}
		if !(math.Abs(got[j]-want[j]) <= limit) {
			entry := ""
			if len(want) > 1 {
				entry = fmt.Sprintf(", entry %d", j)
			}
			c.wrong = append(c.wrong, fmt.Sprintf("%s%s: %.8g, by differences or other oracles %.8g", what, entry, got[j], want[j]))
			return
		}
	}
}

// derivative is that of f at 0, by extrapolated central differences of several steps: of the two that agree best the second, and how much they differ.
func derivative(size int, f func(t float64, out []float64)) (want, doubt []float64) {
	central := func(t float64) []float64 {
		a, b := make([]float64, size), make([]float64, size)
		f(t, a)
		f(-t, b)
		var most float64
		for j := range a {
			most = max(most, math.Abs(a[j]), math.Abs(b[j]))
			a[j] = (a[j] - b[j]) / (2 * t)
		}
		return append(a, 1e-15*most/t)
	}
	best := math.Inf(1)
	var before, last []float64
	for t := 1e-3; t > 1e-8; t /= 8 {
		now := central(t)
		if last != nil {
			next := slices.Clone(now)
			for j := range size {
				next[j] = (64*now[j] - last[j]) / 63
			}
			if before != nil {
				apart := slices.Clone(next[:size])
				add(apart, -1, before[:size])
				if d := norm(apart); d < best || want == nil {
					best, want = d, next[:size]
					doubt = make([]float64, size)
					for j := range doubt {
						doubt[j] = 3*math.Abs(apart[j]) + next[size]
					}
				}
			}
			before = next
		}
		last = now
	}
	return want, doubt
}

// along is z + t d.
func along(z, d []float64, t float64) []float64 {
	out := slices.Clone(z)
	add(out, t, d)
	return out
}

// unit is what entry j of z is moved in terms of: one, its size, or that of the others.
func unit(z []float64, j int) float64 {
	return 1 + math.Abs(z[j]) + norm(z)/math.Sqrt(float64(len(z)))
}

// gradient compares both gradients of a function with its values, along coordinates and along a direction of all.
func (c *oracleCheck) gradient(of string, f func(x, y, gx, gy []float64) float64) {
	gx, gy := make([]float64, c.n), make([]float64, c.m)
	f(c.x, c.y, gx, gy)
	sides := []struct {
		name    string
		z, g, d []float64
		f       func(z []float64) float64
	}{
		{"x", c.x, gx, c.u, func(z []float64) float64 { return f(z, c.y, nil, nil) }},
		{"y", c.y, gy, c.v, func(z []float64) float64 { return f(c.x, z, nil, nil) }},
	}
	for _, s := range sides {
		what := of + "'s gradient along " + s.name
		single := spread(len(s.z), c.count)
		got, want, doubt := []float64{dot(s.g, s.d)}, []float64{}, []float64{}
		differ := func(d []float64) {
			w, e := derivative(1, func(t float64, out []float64) { out[0] = s.f(along(s.z, d, t)) })
			want, doubt = append(want, w...), append(doubt, e...)
		}
		differ(s.d)
		for _, j := range single {
			if s.d[j] == 0 {
				continue // an entry that does not move
			}
			d := make([]float64, len(s.z))
			d[j] = unit(s.z, j)
			got = append(got, s.g[j]*d[j])
			differ(d)
		}
		c.near(what, got, want, doubt, 1e-5)
	}
}

// products compares products of second derivatives with differences of the follower's gradient, and matrices with products.
func (c *oracleCheck) products() {
	slope := func(x, y, g []float64) { c.p.Follower(x, y, nil, g) }
	hv, cv := make([]float64, c.m), make([]float64, c.n)
	c.p.Hessian(c.x, c.y, c.v, hv)
	want, doubt := derivative(c.m, func(t float64, g []float64) { slope(c.x, along(c.y, c.v, t), g) })
	for j := range c.m {
		if isA[Supported](c.p) && c.v[j] == 0 {
			hv[j], want[j], doubt[j] = 0, 0, 0
		}
	}
	c.near("Hessian product", hv, want, doubt, 1e-5)
	if d, ok := c.p.(DenseHessian); ok && c.m <= 500 {
		h := make([]float64, c.m*c.m)
		if d.HessianMatrix(c.x, c.y, h) {
			got := make([]float64, c.m)
			for i := range got {
				got[i] = dot(h[i*c.m:(i+1)*c.m], c.v)
			}
			c.near("HessianMatrix", got, hv, nil, 1e-7)
		}
	}
	if isA[Supported](c.p) {
		return // the mixed product of a nonsmooth follower has terms that its smooth part knows nothing of
	}
	want, doubt = derivative(c.m, func(t float64, g []float64) { slope(along(c.x, c.u, t), c.y, g) })
	c.p.Mixed(c.x, c.y, c.v, cv)
	right := len(c.wrong)
	c.scalar("mixed product", dot(cv, c.u), want, c.v, doubt)
	if right == len(c.wrong) {
		c.mixedEntries(cv)
	}
	if f, ok := c.p.(ForwardMixed); ok {
		got := make([]float64, c.m)
		f.MixedForward(c.x, c.y, c.u, got)
		c.near("MixedForward", got, want, doubt, 1e-5)
	}
}

// mixedEntries compares single entries of the mixed product.
func (c *oracleCheck) mixedEntries(cv []float64) {
	var got, want, doubt []float64
	for _, j := range spread(c.n, c.count) {
		d, g := make([]float64, c.n), make([]float64, c.m)
		d[j] = unit(c.x, j)
		w, e := derivative(1, func(t float64, out []float64) {
			c.p.Follower(along(c.x, d, t), c.y, nil, g)
			out[0] = dot(g, c.v)
		})
		got, want, doubt = append(got, cv[j]*d[j]), append(want, w...), append(doubt, e...)
	}
	c.near("mixed product", got, want, doubt, 1e-5)
}

// batches compares means over two batches, of one and two thirds of the terms, with whole sums, and joint batches with single ones.
func (c *oracleCheck) batches() {
	s, ok := c.p.(Sampled)
	if !ok {
		return
	}
	nf, nl := s.Samples()
	if nf <= 0 || nl <= 0 {
		c.wrong = append(c.wrong, fmt.Sprintf("Samples: %d and %d terms; both sums need one", nf, nl))
		return
	}
	compare := func(what string, of, size int, whole func(out []float64), part func(batch []int, out []float64)) {
		want, got, some := make([]float64, size), make([]float64, size), make([]float64, size)
		whole(want)
		order := inOrder(of)
		for _, b := range [][]int{order[:of/3], order[of/3:]} {
			if len(b) > 0 {
				part(b, some)
				add(got, float64(len(b))/float64(of), some)
			}
		}
		c.near(what, got, want, nil, 1e-7)
	}
	n, m := c.n, c.m
	compare("LeaderBatch", nl, 1+n+m, func(o []float64) { o[0] = s.Leader(c.x, c.y, o[1:1+n], o[1+n:]) },
		func(b []int, o []float64) { o[0] = s.LeaderBatch(b, c.x, c.y, o[1:1+n], o[1+n:]) })
	compare("FollowerBatch", nf, 1+n+m, func(o []float64) { o[0] = s.Follower(c.x, c.y, o[1:1+n], o[1+n:]) },
		func(b []int, o []float64) { o[0] = s.FollowerBatch(b, c.x, c.y, o[1:1+n], o[1+n:]) })
	compare("HessianBatch", nf, m, func(o []float64) { s.Hessian(c.x, c.y, c.v, o) }, func(b []int, o []float64) { s.HessianBatch(b, c.x, c.y, c.v, o) })
	compare("MixedBatch", nf, n, func(o []float64) { s.Mixed(c.x, c.y, c.v, o) }, func(b []int, o []float64) { s.MixedBatch(b, c.x, c.y, c.v, o) })
	if j, ok := c.p.(Joint); ok {
		b := inOrder(nf)[:(nf+2)/3]
		got, want := make([]float64, 2*m+n), make([]float64, 2*m+n)
		j.JointBatch(b, c.x, c.y, c.v, got[:m], got[m:2*m], got[2*m:])
		s.FollowerBatch(b, c.x, c.y, nil, want[:m])
		s.HessianBatch(b, c.x, c.y, c.v, want[m:2*m])
		s.MixedBatch(b, c.x, c.y, c.v, want[2*m:])
		c.near("JointBatch", got, want, nil, 1e-7)
	}
}

// rows compares the products of a follower's constraints with differences of their values, and second ones with differences of first ones.
func (c *oracleCheck) rows(r Constrained) {
	inequalities, equations := r.Rows()
	k := inequalities + equations
	w := make([]float64, k)
	for i := range w {
		w[i] = 1 + 0.5*math.Sin(float64(4*i+1))
	}
	value := func(x, y, g []float64) { r.Values(x, y, g) }
	ay, bx, av := make([]float64, c.m), make([]float64, c.n), make([]float64, k)
	r.AdjointRows(c.x, c.y, w, ay, bx)
	r.ForwardRows(c.x, c.y, c.v, av)
	want, doubt := derivative(k, func(t float64, g []float64) { value(c.x, along(c.y, c.v, t), g) })
	c.near("ForwardRows", av, want, doubt, 1e-5)
	c.scalar("AdjointRows along y", dot(ay, c.v), want, w, doubt)
	want, doubt = derivative(k, func(t float64, g []float64) { value(along(c.x, c.u, t), c.y, g) })
	c.scalar("AdjointRows along x", dot(bx, c.u), want, w, doubt)
	hv, cv := make([]float64, c.m), make([]float64, c.n)
	r.LagrangianHessian(c.x, c.y, w, c.v, hv, cv)
	want, doubt = derivative(c.m, func(t float64, g []float64) { r.AdjointRows(c.x, along(c.y, c.v, t), w, g, nil) })
	c.near("LagrangianHessian in y", hv, want, doubt, 1e-5)
	want, doubt = derivative(c.m, func(t float64, g []float64) { r.AdjointRows(along(c.x, c.u, t), c.y, w, g, nil) })
	c.scalar("LagrangianHessian in x", dot(cv, c.u), want, c.v, doubt)
}

// contraction compares the products of a map with differences of its values.
func (c *oracleCheck) contraction(p Contraction) {
	px, py := make([]float64, c.n), make([]float64, c.m)
	p.MapAdjoint(c.x, c.y, c.v, px, py)
	want, doubt := derivative(c.m, func(t float64, out []float64) { p.Map(along(c.x, c.u, t), c.y, out) })
	c.scalar("MapAdjoint along x", dot(px, c.u), want, c.v, doubt)
	d := slices.Clone(c.v)
	for j := range d {
		d[j] = (1 + math.Abs(c.y[j])) * math.Sin(float64(5*j+1))
	}
	want, doubt = derivative(c.m, func(t float64, out []float64) { p.Map(c.x, along(c.y, d, t), out) })
	c.scalar("MapAdjoint along y", dot(py, d), want, c.v, doubt)
}

// scalar compares got with the product of a derivative and weights.
func (c *oracleCheck) scalar(what string, got float64, want, weights, doubt []float64) {
	all := 1e-9 * norm(want) * norm(weights)
	for j, d := range doubt {
		all += d * math.Abs(weights[j])
	}
	c.near(what, []float64{got}, []float64{dot(want, weights)}, []float64{all}, 1e-5)
}
