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

// randomNonlinear makes a follower of one or two variables with random smooth or kinked functions in a box, whose answers a grid knows.
func randomNonlinear(rng *rand.Rand, n int) (m *model.Model, lo, hi float64) {
	m = model.New("random")
	m.Leader().Var("x", 0, 1)
	f := m.Follower("f")
	lo, hi = -2+rng.Float64(), 1+rng.Float64()
	y := f.Vars("y", n, lo, hi)
	coef := func() float64 { return math.Round(rng.NormFloat64()*4) / 2 }
	affine := func() model.Expr {
		e := model.Const(coef())
		for j := range y {
			e = e.Plus(y[j].Times(coef()))
		}
		return e
	}
	term := func() model.Expr {
		switch rng.Intn(9) {
		case 0:
			return model.Exp(affine().Times(0.5))
		case 1:
			return model.Sin(affine())
		case 2:
			return affine().Pow(2)
		case 3:
			return affine().Pow(3).Times(0.2)
		case 4:
			return affine().Times(affine())
		case 5:
			return model.Log(affine().Pow(2).Plus(0.5))
		case 6:
			return model.Abs(affine())
		case 7:
			return affine().Over(model.Exp(affine()).Plus(1))
		}
		return affine().Pow(4).Times(0.1)
	}
	sum := func(terms int) model.Expr {
		e := affine()
		for range terms {
			e = e.Plus(term().Times(coef()))
		}
		return e
	}
	if rng.Intn(2) == 0 {
		f.Minimize(sum(1 + rng.Intn(3)))
	} else {
		f.Maximize(sum(1 + rng.Intn(3)))
	}
	for k := range rng.Intn(3) {
		f.Constrain(fmt.Sprintf("g%d", k), sum(1).LE(rng.Float64()*3))
	}
	m.Leader().Minimize(y[0])
	return m, lo, hi
}

// TestNoAnswerBeatsAProvenBound compares what is proven of random followers with the best point of a grid, and checks points of the grid: one that is
// clearly worse than another must not be verified, and the bound must not exceed what a feasible point attains.
func TestNoAnswerBeatsAProvenBound(t *testing.T) {
	for _, s := range append(smoothSolvers(t), nil) {
		name := "no solver"
		if s != nil {
			name = s.Name()
		}
		t.Run(name, func(t *testing.T) {
			rng := rand.New(rand.NewSource(17))
			proofs, refused, verified := 0, 0, 0
			trials := 150
			if s != nil && s.Name() == "ipopt" { // the same walks, at a hundred times the cost
				trials = 15
			}
			for trial := range trials {
				n := 1 + rng.Intn(2)
				m, lo, hi := randomNonlinear(rng, n)
				if m.Err() != nil {
					t.Fatal(m.Err())
				}
				best, bestAt, worse := gridAnswers(rng, m, n, lo, hi)
				if bestAt == nil {
					continue
				}
				opt := options(t)
				opt.Smooth, opt.SkipSpread = s, true
				if trial%3 == 0 {
					opt.Boxes = -1
				}
				sign := m.Player(1).Objective().Sense.Sign()
				anywhere := make([]float64, n)
				for j := range anywhere {
					anywhere[j] = lo + (hi-lo)*rng.Float64()
				}
				for k, y := range [][]float64{bestAt, worse, anywhere} {
					if y == nil {
						continue
					}
					c, err := verify.Check(context.Background(), m, append([]float64{0}, y...), opt)
					if err != nil {
						t.Fatal(err)
					}
					f := c.Followers[0]
					if sign*f.Bound > best+1e-9*math.Max(1, math.Abs(best)) {
						t.Fatalf("trial %d: bound %v, but %v attains %v\n%v", trial, f.Bound, bestAt, sign*best, c)
					}
					if f.Evidence == verify.EvidenceProof {
						proofs++
					}
					if f.Status == model.StatusInfeasible || f.Status == model.StatusUnbounded {
						t.Fatalf("trial %d: %v, but %v is feasible in a box\n%v", trial, f.Status, bestAt, c)
					}
					if k == 1 && c.Verified {
						t.Fatalf("trial %d: %v was verified, %v is better: %v\n%v", trial, y, bestAt, sign*best, c)
					}
					if k == 1 {
						refused++
					}
					// From what was found the point is completed and must be an answer as good as the grid's.
					if p, err := verify.Respond(context.Background(), m, append([]float64{0}, y...), opt); err == nil && opt.Boxes == 0 {
						c, err := verify.Check(context.Background(), m, p.X, opt)
						if err != nil {
							t.Fatal(err)
						}
						if v := sign * c.Followers[0].Objective; v > best+1e-6*math.Max(1, math.Abs(best)) {
							t.Errorf("trial %d: answer %v costs %v, the grid has %v at %v\n%v", trial, p.X, v, best, bestAt, c)
						}
						if c.Verified {
							verified++
						}
					}
				}
			}
			if t.Logf("%d proofs, %d points refused, %d answers verified", proofs, refused, verified); 10*proofs < 6*trials || 10*refused < 5*trials || 10*verified < 4*trials {
				t.Errorf("too few for a test: %d proofs, %d points refused, %d answers verified", proofs, refused, verified)
			}
		})
	}
}

// gridAnswers is the least cost over a grid, in minimisation form, where it is attained, and a feasible point of the grid that costs clearly more.
func gridAnswers(rng *rand.Rand, m *model.Model, n int, lo, hi float64) (best float64, at, worse []float64) {
	places := 3000
	if n == 2 {
		places = 90
	}
	best = math.Inf(1)
	sign := m.Player(1).Objective().Sense.Sign()
	var feasible [][]float64
	var costs []float64
	total := int(math.Pow(float64(places), float64(n)))
	for k := range total {
		x := make([]float64, n+1)
		rest := k
		for j := range n {
			x[1+j] = lo + (hi-lo)*float64(rest%places)/float64(places-1)
			rest /= places
		}
		ok := true
		for r := range m.NumRows() {
			ok = ok && m.RowViolation(r, x) == 0
		}
		v := sign * m.ObjectiveValue(1, x)
		if !ok || math.IsNaN(v) {
			continue
		}
		feasible, costs = append(feasible, x[1:]), append(costs, v)
		if v < best {
			best, at = v, x[1:]
		}
	}
	for range 50 {
		if len(feasible) == 0 {
			break
		}
		if k := rng.Intn(len(feasible)); costs[k] > best+1e-4*math.Max(1, math.Abs(best)) {
			return best, at, feasible[k]
		}
	}
	return best, at, nil
}
