package bilevelglobal

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/verify"
)

// random is a small bilevel problem over a box whose answer a grid knows nearly.
type random struct {
	m      *model.Model
	n1, n2 int
}

// newRandom draws a leader of n1 and a follower of n2 variables in [-1, 1]: polynomials of degree four at most, sines and cosines; sometimes constraints of
// the follower, affine or a ball, and a constraint of the leader on the answer.
func newRandom(rng *rand.Rand, n1, n2 int) random {
	m := model.New("random")
	x := m.Leader().Vars("x", n1, -1, 1)
	fw := m.Follower("follower")
	y := fw.Vars("y", n2, -1, 1)
	all := append(append([]model.Var(nil), x...), y...)
	coef := func() float64 { return math.Round(rng.NormFloat64()*10) / 10 }
	term := func(v, w model.Var) any {
		switch rng.IntN(6) {
		case 0:
			return v.Times(w)
		case 1:
			return v.Pow(2).Times(w)
		case 2:
			return model.Sin(v.Times(float64(1 + rng.IntN(4))).Plus(w))
		case 3:
			return model.Cos(v.Times(float64(1 + rng.IntN(4))))
		case 4:
			return v.Pow(2)
		}
		return v
	}
	function := func(terms int, own []model.Var) model.Expr {
		e := model.Const(coef())
		for range terms {
			v, w := own[rng.IntN(len(own))], all[rng.IntN(len(all))]
			e = e.Plus(model.SumOver(1, func(int) any { return term(v, w) }).Times(coef()))
		}
		return e
	}
	m.Leader().Minimize(function(3+rng.IntN(3), all))
	f := function(3, y)
	for _, v := range y {
		f = f.Plus(v.Times(x[rng.IntN(n1)]).Times(coef()))
		if rng.IntN(3) == 0 {
			f = f.Plus(v.Pow(4).Times(math.Abs(coef())))
		}
	}
	fw.Minimize(f)
	switch rng.IntN(4) {
	case 0:
		fw.Constrain("g", model.Sum(y...).Plus(x[0].Times(coef())).LE(math.Abs(coef())))
	case 1:
		e := model.Const(0)
		for _, v := range y {
			e = e.Plus(v.Pow(2))
		}
		fw.Constrain("g", e.LE(x[0].Times(0.4).Plus(0.5)))
	}
	if rng.IntN(3) == 0 {
		m.Leader().Constrain("G", y[0].Plus(x[0].Times(coef())).LE(math.Abs(coef())+0.3))
	}
	return random{m, n1, n2}
}

// follows reports whether a point satisfies the follower's constraints to within tol.
func (r random) follows(p []float64, tol float64) bool {
	for k := range r.m.NumRows() {
		if r.m.RowOwner(k) > 0 && r.m.RowViolation(k, p) > tol {
			return false
		}
	}
	return true
}

// least answers the decision in p[:n1] by a grid of so many points a side, refined about the best ones, and returns the least objective. The answer is
// written into p. alone reports that no answer far from it is nearly as good.
func (r random) least(p []float64, side int) (value float64, alone bool) {
	type candidate struct {
		y []float64
		v float64
	}
	var list []candidate
	q := append([]float64(nil), p...)
	at := func(k int) float64 { return -1 + 2*float64(k)/float64(side-1) }
	total := 1
	for range r.n2 {
		total *= side
	}
	value = math.Inf(1)
	for k := range total {
		for j, c := 0, k; j < r.n2; j++ {
			q[r.n1+j] = at(c % side)
			c /= side
		}
		if r.follows(q, 0) {
			v := r.m.ObjectiveValue(1, q)
			list = append(list, candidate{append([]float64(nil), q[r.n1:]...), v})
			value = math.Min(value, v)
		}
	}
	best := math.Inf(1)
	alone = true
	var win []float64
	for _, c := range list {
		if c.v > value+0.05 {
			continue
		}
		copy(q[r.n1:], c.y)
		v := c.v
		for step := 2 / float64(side-1); step > 1e-10; {
			moved := false
			for j := r.n1; j < r.n1+r.n2; j++ {
				for _, d := range [...]float64{-step, step} {
					old := q[j]
					q[j] = math.Min(1, math.Max(-1, old+d))
					if w := r.m.ObjectiveValue(1, q); w < v && r.follows(q, 0) {
						v, moved = w, true
					} else {
						q[j] = old
					}
				}
			}
			if !moved {
				step /= 2
			}
		}
		if win != nil && math.Abs(v-best) < 1e-3 && distance(win, q[r.n1:]) > 0.1 {
			alone = false
		}
		if v < best {
			best, win = v, append([]float64(nil), q[r.n1:]...)
		}
	}
	copy(p[r.n1:], win)
	return best, alone && win != nil
}

// TestAgainstGrids solves random problems and holds the answers against grids: the bound is below every point that a grid shows to be bilevel-feasible,
// and no grid refutes that the follower answers the point optimally. BILEVEL_PROPERTY is a number of problems for longer runs.
func TestAgainstGrids(t *testing.T) {
	n := 9
	if v, err := strconv.Atoi(os.Getenv("BILEVEL_PROPERTY")); err == nil {
		n = v
	}
	opt := checks(t)
	proven, held := 0, 0
	for trial := range n {
		rng := rand.New(rand.NewPCG(uint64(trial), 11))
		n1, n2 := 1+trial%3/2, 1+trial%3%2
		r := newRandom(rng, n1, n2)
		if err := r.m.Err(); err != nil {
			t.Fatal(err)
		}
		name := fmt.Sprintf("problem %d, %d+%d variables", trial, n1, n2)
		a, err := Solve(context.Background(), r.m, Options{TimeLimit: 10 * time.Second, Verify: opt, Starts: 2})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if a.Proof == model.ProofGlobal || a.Proof == model.ProofInfeasible {
			proven++
		} else {
			t.Logf("%s: %v, proof %v, F %v, bound %v, %+v", name, a.Status, a.Proof, a.F, a.Bound, a.Statistics)
		}
		if a.Point != nil {
			r.checkPoint(t, name, a)
		}
		// Decisions on a grid, answered by grids.
		side, inner := 21, 201
		if n1 == 2 {
			side = 9
		}
		if n2 == 2 {
			inner = 25
		}
		p := make([]float64, n1+n2)
		for k := range int(math.Pow(float64(side), float64(n1))) {
			for j, c := 0, k; j < n1; j++ {
				p[j] = -1 + 2*float64(c%side)/float64(side-1)
				c /= side
			}
			best, alone := r.least(p, inner)
			// Steps along the variables stall at constraints: a local search goes on from there.
			if q, err := verify.Respond(context.Background(), r.m, p, verify.Options{Backend: opt.Backend, Smooth: opt.Smooth, Boxes: -1, Starts: 1}); err == nil && r.n2 == 2 {
				if v := r.m.ObjectiveValue(1, q.X); v < best && r.follows(q.X, 1e-9) {
					alone = alone && distance(p, q.X) < 0.1
					copy(p, q.X)
				}
			}
			if !alone || leaderViolation(r.m, p) > 0 {
				continue
			}
			held++
			f := r.m.ObjectiveValue(0, p)
			switch {
			case a.Proof == model.ProofInfeasible:
				t.Fatalf("%s: proven infeasible, but %v is bilevel-feasible", name, p)
			case f < a.Bound-1e-4:
				t.Fatalf("%s: the bound is %v, but %v is bilevel-feasible with %v", name, a.Bound, p, f)
			}
		}
	}
	t.Logf("%d of %d proven, bounds held at %d points", proven, n, held)
	if proven < n*9/10 || held < 10*n {
		t.Errorf("only %d of %d problems are proven, and bounds were held against %d points", proven, n, held)
	}
}

// checkPoint looks for an answer of the follower that is better than the one of the point.
func (r random) checkPoint(t *testing.T, name string, a *Answer) {
	t.Helper()
	p := append([]float64(nil), a.Point.X...)
	own := r.m.ObjectiveValue(1, p)
	if !r.follows(p, 1e-5) || leaderViolation(r.m, p) > 1e-5 {
		t.Errorf("%s: the point %v violates constraints", name, p)
	}
	inner := 401
	if r.n2 == 2 {
		inner = 61
	}
	if v, _ := r.least(p, inner); v < own-1e-5*math.Max(1, math.Abs(own)) {
		t.Errorf("%s: the follower has %v at %v, but %v is better: %v", name, own, a.Point.X, p, v)
	}
	if sign := r.m.Leader().Objective().Sense.Sign(); sign*(a.F-a.Bound) < -1e-9 {
		t.Errorf("%s: F %v is beyond the bound %v", name, a.F, a.Bound)
	}
}

func leaderViolation(m *model.Model, p []float64) float64 {
	v := 0.0
	for k := range m.NumRows() {
		if m.RowOwner(k) == 0 {
			v = math.Max(v, m.RowViolation(k, p))
		}
	}
	return v
}
