package verify_test

import (
	"context"
	"fmt"
	"math"
	"math/rand"
	"testing"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/verify"
)

// polytope is { y : a_i'y <= b_i }, bounded, in a few dimensions.
type polytope struct {
	n int
	a [][]float64
	b []float64
}

func (p *polytope) with(a []float64, b float64) *polytope {
	q := &polytope{p.n, append([][]float64(nil), p.a...), append([]float64(nil), p.b...)}
	q.a, q.b = append(q.a, a), append(q.b, b)
	return q
}

// vertices enumerates the vertices: every n constraints with a unique intersection that satisfies all others.
func (p *polytope) vertices() [][]float64 {
	var out [][]float64
	pick := make([]int, 0, p.n)
	var rec func(from int)
	rec = func(from int) {
		if len(pick) == p.n {
			if y := p.intersection(pick); y != nil && p.contains(y, 1e-9) {
				out = append(out, y)
			}
			return
		}
		for i := from; i < len(p.a); i++ {
			pick = append(pick, i)
			rec(i + 1)
			pick = pick[:len(pick)-1]
		}
	}
	rec(0)
	return out
}

func (p *polytope) intersection(rows []int) []float64 {
	m := make([][]float64, p.n)
	for k, i := range rows {
		m[k] = append(append([]float64(nil), p.a[i]...), p.b[i])
	}
	return solveLinear(m)
}

// solveLinear solves a square system with its right-hand side as the last column; nil where it is singular.
func solveLinear(m [][]float64) []float64 {
	n := len(m)
	for k := 0; k < n; k++ {
		best := k
		for i := k + 1; i < n; i++ {
			if math.Abs(m[i][k]) > math.Abs(m[best][k]) {
				best = i
			}
		}
		if math.Abs(m[best][k]) < 1e-9 {
			return nil
		}
		m[k], m[best] = m[best], m[k]
		for i := 0; i < n; i++ {
			if i == k {
				continue
			}
			f := m[i][k] / m[k][k]
			for j := k; j <= n; j++ {
				m[i][j] -= f * m[k][j]
			}
		}
	}
	y := make([]float64, n)
	for k := range y {
		y[k] = m[k][n] / m[k][k]
	}
	return y
}

// minimise finds a minimum of y'Qy + c'y: on each face, the point where the gradient is normal to it; the best of those that are feasible.
// A face without a unique one has its minimum on a smaller face too.
func (p *polytope) minimise(q [][]float64, c []float64) (best []float64, value float64) {
	value = math.Inf(1)
	var pick []int
	var rec func(from int)
	rec = func(from int) {
		size := p.n + len(pick)
		m := make([][]float64, size)
		for i := range m {
			m[i] = make([]float64, size+1)
		}
		for i := 0; i < p.n; i++ {
			for j := 0; j < p.n; j++ {
				m[i][j] = 2 * q[i][j]
			}
			m[i][size] = -c[i]
			for k, r := range pick {
				m[i][p.n+k], m[p.n+k][i] = p.a[r][i], p.a[r][i]
				m[p.n+k][size] = p.b[r]
			}
		}
		if y := solveLinear(m); y != nil && p.contains(y[:p.n], 1e-9) {
			if v := form(q, y[:p.n]) + dot(c, y[:p.n]); v < value {
				best, value = y[:p.n], v
			}
		}
		if len(pick) == p.n {
			return
		}
		for r := from; r < len(p.a); r++ {
			pick = append(pick, r)
			rec(r + 1)
			pick = pick[:len(pick)-1]
		}
	}
	rec(0)
	return best, value
}

func form(q [][]float64, y []float64) float64 {
	s := 0.0
	for i := range q {
		s += y[i] * dot(q[i], y)
	}
	return s
}

func dot(a, b []float64) float64 {
	s := 0.0
	for k := range a {
		s += a[k] * b[k]
	}
	return s
}

func (p *polytope) contains(y []float64, tol float64) bool {
	for i := range p.a {
		if dot(p.a[i], y) > p.b[i]+tol {
			return false
		}
	}
	return true
}

// extremes are the least and the largest value of c'y over the vertices; infinite where there is none.
func (p *polytope) extremes(c []float64) (least, largest float64) {
	least, largest = math.Inf(1), math.Inf(-1)
	for _, y := range p.vertices() {
		v := dot(c, y)
		least, largest = math.Min(least, v), math.Max(largest, v)
	}
	return least, largest
}

// randomBilevel is a small bilevel problem with a linear or convex quadratic follower and integer data, at a fixed leader's decision, and what
// brute force needs of its follower there.
type randomBilevel struct {
	m        *model.Model
	x        []float64 // leader's part
	feasible *polytope // the follower's feasible set at x
	cost     []float64 // minimisation form
	quad     [][]float64
	leader   []float64 // leader's objective in y
	base     float64   // and its part in x
	maximise bool      // leader
	coupling *polytope // rows of the leader at x that contain y, as a set of y
	decided  bool      // the leader's rows that contain x only hold
	open     []int     // rows of feasible that stand for bounds at infinity: their right-hand side is where brute force stops
}

func newRandomBilevel(rng *rand.Rand, quadratic, unbounded bool) *randomBilevel {
	small := func() float64 { return float64(rng.Intn(7) - 3) }
	nx, ny := 1+rng.Intn(2), 1+rng.Intn(3)
	r := &randomBilevel{m: model.New("random"), cost: make([]float64, ny), leader: make([]float64, ny), decided: true}
	l, f := r.m.Leader(), r.m.Follower("f")
	xs := l.Vars("x", nx, -5, 5)
	lo := make([]float64, ny)
	hi := make([]float64, ny)
	var ys []model.Var
	r.feasible, r.coupling = &polytope{n: ny}, &polytope{n: ny}
	unit := func(j int, s float64) []float64 {
		e := make([]float64, ny)
		e[j] = s
		return e
	}
	for j := 0; j < ny; j++ {
		lo[j], hi[j] = float64(-rng.Intn(3)), float64(1+rng.Intn(4))
		low, high := lo[j], hi[j]
		if unbounded && rng.Intn(2) == 0 {
			low, lo[j] = math.Inf(-1), -far
			r.open = append(r.open, len(r.feasible.a)+1)
		}
		if unbounded && rng.Intn(2) == 0 {
			high, hi[j] = math.Inf(1), far
			r.open = append(r.open, len(r.feasible.a))
		}
		ys = append(ys, f.Var(fmt.Sprintf("y%d", j), low, high))
		r.feasible = r.feasible.with(unit(j, 1), hi[j]).with(unit(j, -1), -lo[j])
	}
	for range xs {
		r.x = append(r.x, small())
	}
	row := func() (e model.Expr, a []float64, c float64) {
		a = make([]float64, ny)
		e = model.Const(0)
		for j := range a {
			a[j] = small()
			e = e.Plus(ys[j].Times(a[j]))
		}
		for k := range xs {
			b := small()
			e = e.Plus(xs[k].Times(b))
			c += b * r.x[k]
		}
		return e, a, c
	}
	neg := func(a []float64) []float64 {
		out := make([]float64, len(a))
		for k := range a {
			out[k] = -a[k]
		}
		return out
	}
	for i, k := 0, rng.Intn(4); i < k; i++ {
		e, a, c := row()
		rhs := small() + 3
		switch rng.Intn(4) {
		case 0:
			f.Constrain(fmt.Sprintf("g%d", i), e.GE(-rhs))
			r.feasible = r.feasible.with(neg(a), rhs+c)
		case 1:
			f.Constrain(fmt.Sprintf("g%d", i), e.Between(-rhs, rhs+1))
			r.feasible = r.feasible.with(a, math.Max(rhs+1, rhs+1)-c).with(neg(a), rhs+c)
			if rhs+1 < -rhs {
				return newRandomBilevel(rng, quadratic, unbounded)
			}
		case 2:
			if rng.Intn(3) > 0 {
				f.Constrain(fmt.Sprintf("g%d", i), e.LE(rhs))
				r.feasible = r.feasible.with(a, rhs-c)
				break
			}
			f.Constrain(fmt.Sprintf("g%d", i), e.Eq(rhs-3))
			r.feasible = r.feasible.with(a, rhs-3-c).with(neg(a), -(rhs - 3 - c))
		default:
			f.Constrain(fmt.Sprintf("g%d", i), e.LE(rhs))
			r.feasible = r.feasible.with(a, rhs-c)
		}
	}
	// The cost has constant, price and pure leader terms; zero costs make ties.
	cost := model.Const(small())
	for j := range ys {
		c := float64(rng.Intn(3) - 1)
		r.cost[j] = c
		cost = cost.Plus(ys[j].Times(c))
		if rng.Intn(3) == 0 {
			k := rng.Intn(nx)
			cost = cost.Plus(xs[k].Times(ys[j]))
			r.cost[j] += r.x[k]
		}
	}
	r.quad = make([][]float64, ny)
	for i := range r.quad {
		r.quad[i] = make([]float64, ny)
	}
	for k := 0; quadratic && k < 1+rng.Intn(ny); k++ { // squares of linear forms, fewer than variables: ties
		e, a := model.Const(0), make([]float64, ny)
		for j := range a {
			a[j] = float64(rng.Intn(3) - 1)
			e = e.Plus(ys[j].Times(a[j]))
		}
		for i := range a {
			for j := range a {
				r.quad[i][j] += a[i] * a[j]
			}
		}
		cost = cost.Plus(e.Pow(2))
	}
	if rng.Intn(2) == 0 {
		f.Maximize(cost.Neg())
	} else {
		f.Minimize(cost)
	}
	F := model.Const(0)
	for j := range ys {
		r.leader[j] = small()
		F = F.Plus(ys[j].Times(r.leader[j]))
	}
	for k := range xs {
		c := small()
		F = F.Plus(xs[k].Times(c))
		r.base += c * r.x[k]
	}
	if r.maximise = rng.Intn(2) == 0; r.maximise {
		l.Maximize(F)
	} else {
		l.Minimize(F)
	}
	for i, k := 0, rng.Intn(3); i < k; i++ {
		e, a, c := row()
		rhs := small() + 6
		l.Constrain(fmt.Sprintf("G%d", i), e.LE(rhs))
		if dot(a, a) > 0 {
			r.coupling = r.coupling.with(a, rhs-c)
		} else {
			r.decided = r.decided && c <= rhs
		}
	}
	return r
}

// far is where brute force stops when a bound is infinite, beyond every vertex of such small data.
const far = 1e4

// twice is the problem with brute force going twice as far.
func (r *randomBilevel) twice() *randomBilevel {
	q := *r
	q.feasible = &polytope{r.feasible.n, r.feasible.a, append([]float64(nil), r.feasible.b...)}
	for _, i := range r.open {
		q.feasible.b[i] *= 2
	}
	return &q
}

// spread are the worst and the best leader's objective over the optimal answers, for the best those within the coupling rows.
func (r *randomBilevel) spread() (worst, best float64) {
	_, face := r.answers()
	low, high := face.extremes(r.leader)
	joint := &polytope{face.n, append(append([][]float64(nil), face.a...), r.coupling.a...), append(append([]float64(nil), face.b...), r.coupling.b...)}
	jointLow, jointHigh := joint.extremes(r.leader)
	if r.maximise {
		return low + r.base, jointHigh + r.base
	}
	return high + r.base, jointLow + r.base
}

// limit turns a value that moves when brute force goes farther into an infinite one.
func limit(near, twice float64) float64 {
	if math.Abs(near-twice) > 1 {
		return math.Inf(int(math.Copysign(1, twice-near)))
	}
	return near
}

// answers are the least cost and the set of optimal answers: y with the same Qy and c'y as one of them.
func (r *randomBilevel) answers() (phi float64, face *polytope) {
	star, phi := r.feasible.minimise(r.quad, r.cost)
	face = r.feasible
	fix := func(a []float64) {
		if dot(a, a) > 0 {
			minus := make([]float64, len(a))
			for k := range a {
				minus[k] = -a[k]
			}
			face = face.with(a, dot(a, star)).with(minus, -dot(a, star))
		}
	}
	fix(r.cost)
	for _, row := range r.quad {
		fix(row)
	}
	return phi, face
}

func TestRandomLinearFollowersAgainstVertexEnumeration(t *testing.T) {
	randomFollowers(t, 1500, false, false)
}
func TestRandomUnboundedFollowersAgainstVertexEnumeration(t *testing.T) {
	randomFollowers(t, 1000, false, true)
}
func TestRandomQuadraticFollowersAgainstFaceEnumeration(t *testing.T) {
	randomFollowers(t, 600, true, false)
}

// randomFollowers checks status, best response, gap, the verdict, the spread and the best tie of random small
// problems, at optimal, feasible and infeasible answers, against brute force over the vertices of the follower's feasible set.
func randomFollowers(t *testing.T, trials int, quadratic, unbounded bool) {
	rng := rand.New(rand.NewSource(11))
	opt := options(t)
	ctx := context.Background()
	seen := map[string]int{}
	for trial := 0; trial < trials; trial++ {
		r := newRandomBilevel(rng, quadratic, unbounded)
		all := r.feasible.vertices()
		fail := func(format string, args ...any) {
			t.Helper()
			t.Fatalf("trial %d: %s", trial, fmt.Sprintf(format, args...))
		}
		point := func(y []float64) []float64 { return append(append([]float64(nil), r.x...), y...) }
		if len(all) == 0 {
			seen["infeasible"]++
			c, err := verify.Check(ctx, r.m, point(make([]float64, len(r.cost))), opt)
			if err != nil || c.Verified || c.Followers[0].Status != model.StatusInfeasible {
				fail("an infeasible follower: %v\n%v", err, c)
			}
			if _, err := verify.BestTie(ctx, r.m, point(make([]float64, len(r.cost))), opt); !isAnswerError(err, model.StatusInfeasible) {
				fail("best tie of an infeasible follower: %v", err)
			}
			continue
		}
		phi, _ := r.answers()
		worst, optimistic := r.spread()
		if unbounded {
			further := r.twice()
			if other, _ := further.answers(); math.Abs(other-phi) > 1 {
				seen["unbounded"]++
				c, err := verify.Check(ctx, r.m, point(all[rng.Intn(len(all))]), opt)
				if err != nil || c.Verified || c.Followers[0].Status != model.StatusUnbounded {
					fail("an unbounded follower: %v\n%v", err, c)
				}
				if _, err := verify.BestTie(ctx, r.m, point(make([]float64, len(r.cost))), opt); !isAnswerError(err, model.StatusUnbounded) {
					fail("best tie of an unbounded follower: %v", err)
				}
				continue
			}
			otherWorst, otherBest := further.spread()
			worst = limit(worst, otherWorst)
			if !math.IsInf(optimistic, 0) {
				optimistic = limit(optimistic, otherBest)
			}
		}

		y := all[rng.Intn(len(all))]
		if rng.Intn(3) == 0 { // a point between two vertices
			z := all[rng.Intn(len(all))]
			y = append([]float64(nil), y...)
			for k := range y {
				y[k] = (y[k] + z[k]) / 2
			}
		}
		if rng.Intn(8) == 0 {
			y = append([]float64(nil), y...)
			y[0] += 0.5
		}
		c, err := verify.Check(ctx, r.m, point(y), opt)
		if err != nil {
			fail("%v", err)
		}
		const near = 1e-6
		gap := form(r.quad, y) + dot(r.cost, y) - phi
		want := r.decided && r.twice().feasible.contains(y, near) && r.coupling.contains(y, near) && gap <= near
		if c.Verified != want {
			fail("verified %v, want %v at %v (gap %v)\n%v", c.Verified, want, y, gap, c)
		}
		seen[fmt.Sprintf("verified %v", want)]++
		f := c.Followers[0]
		if got := f.Gap * math.Max(1, math.Abs(f.BestResponse)); math.Abs(got-gap) > 1e-6 && f.BestResponse != 0 {
			fail("gap %v, want %v\n%v", got, gap, c)
		}
		if c.Pessimistic != worst && !(math.Abs(c.Pessimistic-worst) <= 1e-6) {
			fail("pessimistic %v, want %v\n%v", c.Pessimistic, worst, c)
		}
		if c.Optimistic != optimistic && !(math.Abs(c.Optimistic-optimistic) <= 1e-6) {
			fail("optimistic %v, want %v\n%v", c.Optimistic, optimistic, c)
		}
		if worst != optimistic {
			seen["ties"]++
		}
		p, cert, err := verify.CheckLeader(ctx, r.m, point(make([]float64, len(y))), opt)
		if math.IsInf(optimistic, 0) {
			why := model.StatusInfeasible
			if (optimistic > 0) == r.maximise {
				why = model.StatusUnbounded
			}
			seen["no best tie: "+why.String()]++
			if !isAnswerError(err, why) {
				fail("best tie: %v, want %v", err, why)
			}
			continue
		}
		if err != nil || cert.Verified != r.decided {
			fail("best tie: %v\n%v", err, cert)
		}
		if math.Abs(r.m.ObjectiveValue(0, p.X)-optimistic) > 1e-6 {
			fail("best tie gives %v, want %v", r.m.ObjectiveValue(0, p.X), optimistic)
		}
	}
	want := []string{"infeasible", "verified true", "verified false", "ties", "no best tie: infeasible"}
	if unbounded {
		want = append(want, "unbounded", "no best tie: unbounded")
	}
	for _, what := range want {
		if seen[what] < trials/200 {
			t.Errorf("only %d cases of %q", seen[what], what)
		}
	}
}
