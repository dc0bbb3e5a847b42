package reform_test

import (
	"context"
	"encoding/json"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/gobilevel/bilevel/internal/dataset"
	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/modfile"
	"github.com/gobilevel/bilevel/model/smooth"
	"github.com/gobilevel/bilevel/nonlinear/newton"
	"github.com/gobilevel/bilevel/reform"
)

// TestKKTAtAnswersOfFollowers solves the followers of the BOLIB collection at the start of the collection and at decisions near it, and looks whether
// the answer, with its multipliers lifted to the model that kkt makes, satisfies the stationarity constraints, the pairs and the signs. This holds at
// every local solution with multipliers, convex or not: it checks the gradients that the pass writes and the signs of all multipliers. The multipliers
// must also come back.
func TestKKTAtAnswersOfFollowers(t *testing.T) {
	dir, ok := dataset.Find("bolib")
	if !ok {
		t.Skip("the BOLIB collection is not there: set BILEVEL_DATA to the folder of the problem libraries")
	}
	text, err := os.ReadFile(filepath.Join(dir, "index.json"))
	if err != nil {
		t.Fatal(err)
	}
	var list []struct{ Name, Class string }
	if err := json.Unmarshal(text, &list); err != nil {
		t.Fatal(err)
	}
	problems, points, active := 0, 0, 0
	for _, e := range list {
		if e.Class == "linear" {
			continue
		}
		m, err := modfile.ReadFiles(filepath.Join(dir, e.Name+".mod"))
		if err != nil {
			t.Fatal(err)
		}
		chain := reform.NewChain(m)
		if err := chain.Apply(context.Background(), reform.KKT{Stationary: true}); err != nil {
			t.Errorf("%s: %v", e.Name, err)
			continue
		}
		rng := rand.New(rand.NewPCG(1, uint64(len(e.Name))))
		start, _ := m.StartPoint()
		found := 0
		for k := range 4 {
			x := append([]float64(nil), start...)
			for j := range x {
				if lo, hi := m.VarBounds(j); k > 0 && m.VarOwner(j) == 0 {
					x[j] = math.Min(math.Max(x[j]+2*rng.Float64()-1, lo), hi)
				}
			}
			p := followerAnswer(t, m, x)
			if p == nil {
				continue
			}
			found++
			q, err := chain.Lift(p)
			if err != nil {
				t.Fatalf("%s: %v", e.Name, err)
			}
			where, v := conditionResidual(m, chain.Model(), q.X)
			if v > 1e-5 {
				t.Errorf("%s: at %v the lifted answer violates %s by %v", e.Name, p.X, where, v)
			}
			back, err := chain.Recover(q)
			if err != nil {
				t.Fatalf("%s: %v", e.Name, err)
			}
			for r := range p.RowDuals {
				own := false // a constraint without variables of the follower restricts the leader's decision, and has no multiplier
				m.EachVar(m.RowFunction(r), func(j int) { own = own || m.VarOwner(j) > 0 })
				if own && m.RowOwner(r) > 0 && math.Abs(back.RowDuals[r]-p.RowDuals[r]) > 1e-6*math.Max(1, math.Abs(p.RowDuals[r])) {
					t.Errorf("%s: the dual of %s comes back as %v, was %v", e.Name, m.RowName(r), back.RowDuals[r], p.RowDuals[r])
				}
				if math.Abs(p.RowDuals[r]) > 1e-4 {
					active++
				}
			}
		}
		if points += found; found > 0 {
			problems++
		}
	}
	t.Logf("%d answers of %d followers, %d multipliers that are not zero", points, problems, active)
	if problems < 70 || active < 100 {
		t.Errorf("only %d answers of %d followers, %d multipliers", points, problems, active)
	}
}

// followerAnswer solves the follower at x and returns the point with shadow prices, nil where no solution to high accuracy was found.
func followerAnswer(t *testing.T, m *model.Model, x []float64) *model.Point {
	t.Helper()
	f, err := m.FollowerProblem(1, x)
	if err != nil {
		return nil // a function has no value there
	}
	prog, err := smooth.Compile(f.Model)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	a, err := (&newton.Solver{}).Solve(ctx, prog, smooth.Start{X: f.Restrict(x)}, smooth.Options{Tolerance: 1e-10})
	if err != nil {
		t.Fatal(err)
	}
	if !a.Solved() || a.Residual > 1e-7 || a.Violation > 1e-7 || a.Gap > 1e-7 {
		return nil
	}
	σ := m.Player(1).Objective().Sense.Sign()
	p := &model.Point{X: append([]float64(nil), x...), RowDuals: make([]float64, m.NumRows()), VarDuals: make([]float64, m.NumVars())}
	f.Extend(p.X, a.X)
	for k, r := range f.Rows {
		p.RowDuals[r] = -σ * a.Rows[k]
	}
	for k, j := range f.Vars {
		p.VarDuals[j] = σ * (a.Lower[k] - a.Upper[k])
	}
	return p
}

// conditionResidual is the largest violation of what the conditions of the follower ask for, in units of their terms: the leader's own constraints
// do not count.
func conditionResidual(m, after *model.Model, x []float64) (string, float64) {
	name, worst := "", 0.0
	see := func(n string, v float64) {
		if v > worst || math.IsNaN(v) {
			name, worst = n, v
		}
	}
	for r := range after.NumRows() {
		if r >= m.NumRows() || m.RowOwner(r) > 0 {
			see(after.RowName(r), after.RowViolation(r, x)/math.Max(1, math.Abs(after.RowValue(r, x))))
		}
	}
	for j := range after.NumVars() {
		if j >= m.NumVars() || m.VarOwner(j) > 0 {
			see(after.VarName(j), after.VarViolation(j, x[j]))
		}
	}
	for k := range after.NumPairs() {
		see(after.PairName(k), after.PairViolation(k, x))
	}
	return name, worst
}

// TestKKTOnRandomNonlinearFollowers does the same with what the collection lacks: followers that maximise, ranges, equations, bounds of all
// sorts, and shadow prices that the model names.
func TestKKTOnRandomNonlinearFollowers(t *testing.T) {
	found, active := 0, 0
	for seed := range uint64(120) {
		m := randomNonlinear(rand.New(rand.NewPCG(seed, 77)))
		chain := reform.NewChain(m)
		if err := chain.Apply(context.Background(), reform.KKT{Stationary: true}); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		x := make([]float64, m.NumVars())
		x[0], x[1] = 0.3, -0.4
		p := followerAnswer(t, m, x)
		if p == nil {
			continue
		}
		for _, j := range m.DualVars() {
			r, _ := m.DualOf(j)
			p.X[j] = p.RowDuals[r]
		}
		found++
		q, err := chain.Lift(p)
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		if where, v := conditionResidual(m, chain.Model(), q.X); v > 1e-5 {
			t.Errorf("seed %d: the lifted answer violates %s by %v", seed, where, v)
		}
		back, err := chain.Recover(q)
		if err != nil {
			t.Fatal(err)
		}
		for r, want := range p.RowDuals {
			if math.Abs(want) > 1e-4 {
				active++
			}
			if math.Abs(back.RowDuals[r]-want) > 1e-6*math.Max(1, math.Abs(want)) {
				t.Errorf("seed %d: the dual of %s comes back as %v, was %v", seed, m.RowName(r), back.RowDuals[r], want)
			}
		}
		for j, want := range p.VarDuals {
			if lo, hi := m.VarBounds(j); m.VarOwner(j) > 0 && lo < hi && math.Abs(back.VarDuals[j]-want) > 1e-5*math.Max(1, math.Abs(want)) {
				if _, dual := m.DualOf(j); !dual {
					t.Errorf("seed %d: the dual of the bounds of %s comes back as %v, was %v", seed, m.VarName(j), back.VarDuals[j], want)
				}
			}
		}
	}
	if found < 70 || active < 100 {
		t.Errorf("only %d answers, %d multipliers", found, active)
	}
}

// randomNonlinear is a model with two variables of the leader and three of a follower, whose problem is convex with nonlinear functions.
func randomNonlinear(rng *rand.Rand) *model.Model {
	m := model.New("random")
	x := m.Leader().Vars("x", 2, -1, 1)
	f := m.Follower("f")
	bounds := [][2]float64{{-model.Inf, model.Inf}, {-0.5, model.Inf}, {-model.Inf, 0.5}, {-0.6, 0.6}, {0.2, 0.2}}
	var y []model.Var
	for k := range 3 {
		b := bounds[rng.IntN(len(bounds))]
		y = append(y, f.Var([]string{"a", "b", "c"}[k], b[0], b[1]))
	}
	num := func() float64 { return 2*rng.Float64() - 1 }
	linear := func() model.Expr {
		return y[0].Times(num()).Plus(y[1].Times(num())).Plus(y[2].Times(num())).Plus(x[0].Times(num()))
	}
	objective := model.Exp(linear()).Plus(linear().Pow(2)).Plus(linear().Pow(4)).Plus(x[1].Times(y[0])).Plus(linear().Times(2))
	if rng.IntN(2) == 0 {
		f.Minimize(objective)
	} else {
		f.Maximize(objective.Neg())
	}
	rows := []model.Constraint{
		f.Constrain("ball", y[0].Pow(2).Plus(y[1].Pow(2)).Plus(y[2].Pow(2)).LE(x[0].Plus(0.5+rng.Float64()))),
		f.Constrain("above", model.Exp(linear()).Neg().GE(-2)),
	}
	if rng.IntN(2) == 0 {
		rows = append(rows, f.Constrain("range", linear().Between(-0.2, 0.3)))
	}
	if rng.IntN(2) == 0 {
		rows = append(rows, f.Constrain("equal", linear().Eq(0.1)))
	}
	total := x[0].Plus(y[0])
	for _, r := range rows {
		if rng.IntN(2) == 0 {
			total = total.Plus(r.Dual())
		}
	}
	m.Leader().Minimize(total)
	return m
}
