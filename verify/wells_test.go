package verify_test

import (
	"context"
	"math"
	"math/rand"
	"strings"
	"testing"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/smooth"
	"github.com/gobilevel/bilevel/nonlinear/newton"
	"github.com/gobilevel/bilevel/verify"
)

// wells has n variables with two wells each, (y² - 1)² + 0.3 y, of which the left one is deeper. left and right are the minimisers: the roots of
// 4y³ - 4y + 0.3 on the two sides.
func wells(n int) (m *model.Model, left, right float64) {
	m = model.New("wells")
	m.Leader().Var("x", 0, 1)
	f := m.Follower("f")
	y := f.Vars("y", n, -2, 2)
	cost := model.Const(0)
	for _, v := range y {
		cost = cost.Plus(v.Pow(2).Minus(1).Pow(2)).Plus(v.Times(0.3))
	}
	f.Minimize(cost)
	m.Leader().Minimize(y[0])
	root := func(y float64) float64 {
		for range 50 {
			y -= (4*y*y*y - 4*y + 0.3) / (12*y*y - 4)
		}
		return y
	}
	return m, root(-1), root(1)
}

func fill(n int, v float64) []float64 {
	x := make([]float64, n+1)
	for j := range n {
		x[1+j] = v
	}
	return x
}

// TestLocalAnswerIsFoundOut puts a local minimiser that is no global one to the check, which a local solver started there confirms.
func TestLocalAnswerIsFoundOut(t *testing.T) {
	for _, s := range smoothSolvers(t) {
		for _, c := range []struct {
			n, boxes int
			evidence verify.Evidence
		}{{1, 0, verify.EvidenceProof}, {2, 0, verify.EvidenceProof}, {1, -1, verify.EvidenceSearch}, {4, -1, verify.EvidenceSearch}} {
			m, left, right := wells(c.n)
			opt := options(t)
			opt.Smooth, opt.Boxes = s, c.boxes
			got := checkWith(t, m, fill(c.n, right), opt)
			wantReason(t, got, "follower f: objective")
			mixed := fill(c.n, left)
			mixed[c.n] = right
			wantReason(t, checkWith(t, m, mixed, opt), "follower f: objective")

			got = checkWith(t, m, fill(c.n, left), opt)
			wantVerified(t, got)
			f := got.Followers[0]
			well := (left*left-1)*(left*left-1) + 0.3*left
			wantNear(t, "best response", f.BestResponse, float64(c.n)*well)
			if f.Evidence != c.evidence || got.Evidence != c.evidence {
				t.Errorf("%s, %d variables: evidence %v, want %v\n%v", s.Name(), c.n, f.Evidence, c.evidence, got)
			}
			if c.evidence == verify.EvidenceSearch {
				if f.Starts < 5 || !math.IsNaN(f.Bound) || !strings.Contains(got.String(), "proves nothing") || !strings.Contains(got.String(), "local searches") {
					t.Errorf("%s: starts %d, bound %v\n%v", s.Name(), f.Starts, f.Bound, got)
				}
			}
			// A saddle and a maximum between the wells are no answers.
			wantReason(t, checkWith(t, m, fill(c.n, 0.0752), opt), "follower f")
		}
	}
}

func TestAnswerOfANonconvexFollower(t *testing.T) {
	m, left, right := wells(3)
	opt := smoothOptions(t)
	for _, guess := range []float64{math.NaN(), right, 1.7} {
		p, err := verify.Respond(context.Background(), m, fill(3, guess), opt)
		if err != nil {
			t.Fatal(err)
		}
		for j := range 3 {
			wantNear(t, "answer", p.X[1+j], left)
		}
		if p, err = verify.BestTie(context.Background(), m, fill(3, guess), opt); err != nil {
			t.Fatal(err)
		}
		wantNear(t, "answer of the best tie", p.X[1], left)
	}
}

// TestLargeFollowersAreHeldToTheTolerance puts points beside the best answer of a follower that is too large for multipliers to be fitted to it: what counts is by how much
// its cost is above the least one, and not how many variables share it.
func TestLargeFollowersAreHeldToTheTolerance(t *testing.T) {
	const n = 420
	m, left, _ := wells(n)
	f := func(y float64) float64 { return (y*y-1)*(y*y-1) + 0.3*y }
	for _, c := range []struct {
		off      float64
		verified bool
	}{{1e-5, true}, {1e-3, false}} {
		opt := options(t)
		opt.Smooth, opt.Starts = &newton.Solver{}, -1
		got := checkWith(t, m, fill(n, left+c.off), opt)
		excess := (f(left+c.off) - f(left)) / -f(left)
		if want := excess <= opt.Tolerance || opt.Tolerance == 0 && excess <= 1e-6; want != c.verified {
			t.Fatalf("off by %v the cost is %v too large: not what was meant", c.off, excess)
		}
		if got.Verified != c.verified {
			t.Errorf("off by %v, at a cost %.2g too large: verified %v\n%v", c.off, excess, got.Verified, got)
		}
	}
}

// TestSearchIsNeverCalledAProof checks with few and with no starts.
func TestSearchIsNeverCalledAProof(t *testing.T) {
	m, left, _ := wells(4)
	opt := smoothOptions(t)
	opt.Boxes, opt.Starts = -1, 3
	c := checkWith(t, m, fill(4, left), opt)
	if c.Evidence == verify.EvidenceProof || c.Followers[0].Starts > 4 {
		t.Errorf("evidence %v from %d starts", c.Evidence, c.Followers[0].Starts)
	}
	opt.Smooth = nil
	c = checkWith(t, m, fill(4, left), opt)
	wantReason(t, c, "no solver of nonlinear problems was given")
	if c.Evidence != verify.EvidenceNone {
		t.Errorf("evidence %v", c.Evidence)
	}
}

func TestSameSeedSameCertificate(t *testing.T) {
	m, left, _ := wells(4)
	opt := smoothOptions(t)
	opt.Boxes = -1
	a, b := checkWith(t, m, fill(4, left), opt), checkWith(t, m, fill(4, left), opt)
	if a.String() != b.String() {
		t.Errorf("%v\n%v", a, b)
	}
}

// TestKinkedFollower has |y - x| + max(0, y - 2): the answer x has no gradient.
func TestKinkedFollower(t *testing.T) {
	build := func(n int) *model.Model {
		m := model.New("kinks")
		x := m.Leader().Var("x", 0, 4)
		f := m.Follower("f")
		y := f.Vars("y", n, -3, 3)
		cost := model.Const(0)
		for _, v := range y {
			cost = cost.Plus(model.Abs(v.Minus(x))).Plus(model.Max(0, v.Minus(2)).Times(2))
		}
		f.Minimize(cost)
		m.Leader().Minimize(y[0])
		return m
	}
	opt := smoothOptions(t)
	for _, n := range []int{1, 2, 4} {
		x := fill(n, 1)
		x[0] = 1
		c := checkWith(t, build(n), x, opt)
		wantVerified(t, c)
		opt.Boxes = -1
		c = checkWith(t, build(n), x, opt)
		if c.Verified && c.Evidence > verify.EvidenceSearch {
			t.Errorf("evidence %v without intervals\n%v", c.Evidence, c)
		}
		opt.Boxes = 0
		x[n] = 1.3
		wantReason(t, checkWith(t, build(n), x, opt), "follower f")
		for j := range n {
			x[1+j] = 2 // the kink of the second term
		}
		x[0] = 3
		wantVerified(t, checkWith(t, build(n), x, opt))
	}
}

// TestIntegerNonlinearFollower: min (y - x)² + z² - 3.1 z, y and z integers in [-10, 10], y + z >= 2.
func TestIntegerNonlinearFollower(t *testing.T) {
	m := model.New("integers")
	x := m.Leader().Var("x", -10, 10)
	f := m.Follower("f")
	y, z := f.Integer("y", -10, 10), f.Integer("z", -10, 10)
	cost := func(x, y, z float64) float64 { return math.Exp(0.3*(y-x)) - 0.3*(y-x) + z*z - 3.1*z }
	e := y.Minus(x).Times(0.3)
	f.Minimize(model.Exp(e).Minus(e).Plus(z.Pow(2)).Minus(z.Times(3.1)))
	f.Constrain("least", y.Plus(z).GE(2))
	m.Leader().Minimize(y)
	for _, at := range []float64{0.4, -3.3, 2.5} {
		best, answer := math.Inf(1), []float64{}
		for a := -10.0; a <= 10; a++ {
			for b := -10.0; b <= 10; b++ {
				if v := cost(at, a, b); a+b >= 2 && v < best {
					best, answer = v, []float64{at, a, b}
				}
			}
		}
		for _, o := range []verify.Options{{}, smoothOptions(t)} {
			c := checkWith(t, m, answer, o)
			wantVerified(t, c)
			wantNear(t, "best response", c.Followers[0].BestResponse, best)
			if c.Evidence != verify.EvidenceProof {
				t.Errorf("evidence %v", c.Evidence)
			}
			wantReason(t, checkWith(t, m, []float64{at, answer[1] + 1, answer[2]}, o), "follower f: objective")
		}
	}
}

// TestExtremesFound: exp(y0 + y1) - e (y0 + y1) over [0, 5]² has the answers y0 + y1 = 1; the leader wants y0 large.
func TestExtremesFound(t *testing.T) {
	m := model.New("valley")
	m.Leader().Var("x", 0, 1)
	f := m.Follower("f")
	y := f.Vars("y", 2, 0, 5)
	f.Minimize(model.Exp(y[0].Plus(y[1])).Minus(y[0].Plus(y[1]).Times(math.E)))
	m.Leader().Maximize(y[0])
	m.Leader().Constrain("share", y[0].LE(0.7))
	for _, s := range smoothSolvers(t) {
		opt := options(t)
		opt.Smooth = s
		c := checkWith(t, m, []float64{0, 0.25, 0.75}, opt)
		wantVerified(t, c)
		// An answer 1e-3 off the valley costs 1e-6 more: what is found is that accurate.
		if !math.IsNaN(c.Optimistic) || math.Abs(c.BestFound-0.7) > 2e-3 || !math.IsNaN(c.Pessimistic) || math.Abs(c.WorstFound) > 2e-3 {
			t.Errorf("%s: optimistic %v, found %v, pessimistic %v, found %v", s.Name(), c.Optimistic, c.BestFound, c.Pessimistic, c.WorstFound)
		}
		if !strings.Contains(c.String(), "found: from") {
			t.Errorf("the text does not tell:\n%v", c)
		}
		opt.SkipSpread = true
		if c = checkWith(t, m, []float64{0, 0.25, 0.75}, opt); !math.IsNaN(c.BestFound) {
			t.Errorf("%s: found %v without being asked", s.Name(), c.BestFound)
		}
	}
}

// lyingSolver changes what a solver says.
type lyingSolver struct {
	smooth.Solver
	lie func(p smooth.Program, start []float64, a *smooth.Answer) *smooth.Answer
}

func (l lyingSolver) Solve(ctx context.Context, p smooth.Program, start smooth.Start, opt smooth.Options) (*smooth.Answer, error) {
	from := append([]float64(nil), start.X...)
	a, err := l.Solver.Solve(ctx, p, start, opt)
	if err != nil {
		return nil, err
	}
	return l.lie(p, from, a), nil
}

// TestLyingSmoothSolverNeverVerifies puts points that are not optimal to a check whose solver claims whatever it likes.
func TestLyingSmoothSolverNeverVerifies(t *testing.T) {
	rng := rand.New(rand.NewSource(11))
	within := func(p smooth.Program, x []float64) []float64 {
		lo, hi := p.Bounds()
		for j := range x {
			x[j] = math.Min(math.Max(x[j], lo[j]), hi[j])
		}
		return x
	}
	claim := func(p smooth.Program, x []float64, prices func() float64) *smooth.Answer {
		a := &smooth.Answer{Status: model.StatusOptimal, X: x, Objective: p.Objective(x), Rows: make([]float64, p.NumRows()),
			Lower: make([]float64, len(x)), Upper: make([]float64, len(x))}
		for r := range a.Rows {
			a.Rows[r] = prices()
		}
		return a
	}
	none := func() float64 { return 0 }
	lies := []struct {
		name string
		lie  func(p smooth.Program, start []float64, a *smooth.Answer) *smooth.Answer
	}{
		{"the start is optimal", func(p smooth.Program, start []float64, _ *smooth.Answer) *smooth.Answer { return claim(p, start, none) }},
		{"the start, random prices", func(p smooth.Program, start []float64, _ *smooth.Answer) *smooth.Answer {
			return claim(p, start, func() float64 { return rng.NormFloat64() * 5 })
		}},
		{"anything, huge prices", func(p smooth.Program, start []float64, _ *smooth.Answer) *smooth.Answer {
			for j := range start {
				start[j] += rng.NormFloat64()
			}
			return claim(p, within(p, start), func() float64 { return rng.NormFloat64() * 1e12 })
		}},
		{"a point far outside", func(p smooth.Program, start []float64, _ *smooth.Answer) *smooth.Answer {
			for j := range start {
				start[j] = -1e9
			}
			return claim(p, start, none)
		}},
		{"no number", func(p smooth.Program, start []float64, _ *smooth.Answer) *smooth.Answer {
			start[0] = math.NaN()
			return claim(p, start, none)
		}},
		{"too short", func(p smooth.Program, start []float64, _ *smooth.Answer) *smooth.Answer {
			a := claim(p, start, none)
			a.X = a.X[:len(a.X)-1]
			return a
		}},
		{"prices that are no numbers", func(p smooth.Program, start []float64, _ *smooth.Answer) *smooth.Answer {
			return claim(p, start, math.NaN)
		}},
		{"nothing", func(smooth.Program, []float64, *smooth.Answer) *smooth.Answer { return nil }},
		{"infeasible", func(p smooth.Program, start []float64, a *smooth.Answer) *smooth.Answer {
			return &smooth.Answer{Status: model.StatusInfeasible, X: start}
		}},
		{"changes the program's bounds", func(p smooth.Program, start []float64, _ *smooth.Answer) *smooth.Answer {
			lo, hi := p.Bounds()
			copy(lo, start)
			copy(hi, start)
			return claim(p, start, none)
		}},
	}
	for _, l := range lies {
		t.Run(l.name, func(t *testing.T) {
			solver := lyingSolver{&newton.Solver{}, l.lie}
			for _, c := range convexCases {
				m, _ := c.model()
				opt := options(t)
				opt.Smooth = solver
				wantReason(t, checkWith(t, m, append([]float64{c.x}, c.off...), opt))
			}
			for _, n := range []int{1, 4, 7} {
				m, left, right := wells(n)
				for _, boxes := range []int{0, -1} {
					opt := options(t)
					opt.Smooth, opt.Boxes = solver, boxes
					mixed := fill(n, left)
					mixed[1] = right
					for _, x := range [][]float64{fill(n, 0.5), fill(n, right), mixed, fill(n, left+0.02)} {
						wantReason(t, checkWith(t, m, x, opt))
					}
				}
			}
			for trial := range 10 {
				m, lo, hi := randomNonlinear(rng, 2)
				_, _, worse := gridAnswers(rng, m, 2, lo, hi)
				if worse == nil {
					continue
				}
				opt := options(t)
				opt.Smooth, opt.Boxes = solver, -(trial % 2)
				if c := checkWith(t, m, append([]float64{0}, worse...), opt); c.Verified {
					t.Errorf("trial %d: %v", trial, c)
				}
			}
		})
	}
}

// TestCancelledSearchSaysSo: of a large follower that is not convex nothing is known before its searches end.
func TestCancelledSearchSaysSo(t *testing.T) {
	m, left, _ := wells(40)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	c, err := verify.Check(ctx, m, fill(40, left), smoothOptions(t))
	if err != nil {
		t.Fatal(err)
	}
	wantReason(t, c, "context canceled")
	if c.Evidence != verify.EvidenceNone {
		t.Errorf("evidence %v", c.Evidence)
	}
}
