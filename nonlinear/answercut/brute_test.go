package answercut

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/gobilevel/bilevel/backends"
	_ "github.com/gobilevel/bilevel/backends/highs"
	"github.com/gobilevel/bilevel/model"
)

func needsHiGHS(t *testing.T) {
	t.Helper()
	if _, err := backends.Open("highs"); err != nil {
		t.Skip("HiGHS is not there")
	}
}

// random is a model whose variables are all integer between 0 and top, with one or two followers.
func random(r *rand.Rand) (m *model.Model, top int) {
	m = model.New("random")
	top = 1 + r.IntN(3)
	n := 2 + r.IntN(2)
	x := m.Leader().Integers("x", n, 0, float64(top))
	linear := func(vars []model.Var, low, high int) model.Expr {
		e := model.Const(0)
		for _, v := range vars {
			if r.IntN(4) > 0 {
				e = e.Plus(v.Times(low + r.IntN(high-low+1)))
			}
		}
		return e
	}
	optimise := func(p *model.Player, e model.Expr) {
		if r.IntN(2) == 0 {
			p.Minimize(e)
		} else {
			p.Maximize(e)
		}
	}
	all := x
	for k := range 1 + r.IntN(2) {
		f := m.Follower([]string{"f", "g"}[k])
		y := f.Integers(f.Name()+"y", 1+r.IntN(2), 0, float64(top))
		optimise(f, linear(y, -5, 5).Plus(linear(x, -2, 2)))
		for i := range y { // some are blocked, as in interdiction
			if r.IntN(2) == 0 {
				f.Constrain(f.Name()+"block"+string(rune('a'+i)), y[i].LE(model.Const(float64(top)).Minus(x[i%n])))
			}
		}
		for i := range 1 + r.IntN(2) {
			e := linear(y, -2, 4).Plus(linear(x, -3, 3).Times([]float64{1, 0.5, 1.25}[r.IntN(3)]))
			name := f.Name() + "row" + string(rune('a'+i))
			switch d := float64(r.IntN(5*top + 1)); r.IntN(5) {
			case 0:
				f.Constrain(name, e.GE(-d))
			case 1:
				f.Constrain(name, e.Between(-d, d))
			default:
				f.Constrain(name, e.LE(d))
			}
		}
		all = append(all, y...)
	}
	optimise(m.Leader(), linear(all, -6, 6))
	switch r.IntN(4) {
	case 0:
		m.Leader().Constrain("coupling", linear(all, -3, 3).LE(r.IntN(4*top)))
	case 1:
		m.Leader().Constrain("narrow", linear(all, -3, 3).LE(-r.IntN(8*top)))
	}
	return m, top
}

// bestOf enumerates all points: the optimistic optimum by definition, +Inf in minimisation form where there is none.
func bestOf(m *model.Model, top int) (best float64) {
	n := m.NumVars()
	var points [][]float64
	var grow func(x []float64)
	grow = func(x []float64) {
		if len(x) == n {
			points = append(points, append([]float64(nil), x...))
			return
		}
		for v := range top + 1 {
			grow(append(x, float64(v)))
		}
	}
	grow(nil)
	// holds reports whether a player's own constraints hold.
	holds := func(p int, x []float64) bool {
		for r := range m.NumRows() {
			if m.RowOwner(r) == p && m.RowViolation(r, x) > 1e-9 {
				return false
			}
		}
		return true
	}
	// least is the least value of follower p by the leader's decision.
	type decision [4]float64
	of := func(x []float64) (d decision) {
		for j, v := range x {
			if m.VarOwner(j) == 0 {
				d[j] = v
			}
		}
		return d
	}
	value := func(p int, x []float64) float64 {
		return m.Player(p).Objective().Sense.Sign() * m.ObjectiveValue(p, x)
	}
	least := make([]map[decision]float64, m.NumPlayers())
	for p := 1; p < m.NumPlayers(); p++ {
		least[p] = map[decision]float64{}
		for _, x := range points {
			if !holds(p, x) {
				continue
			}
			if v, seen := least[p][of(x)]; !seen || value(p, x) < v {
				least[p][of(x)] = value(p, x)
			}
		}
	}
	best = math.Inf(1)
	for _, x := range points {
		good := holds(0, x)
		for p := 1; p < m.NumPlayers() && good; p++ {
			good = holds(p, x) && value(p, x) <= least[p][of(x)]+1e-9
		}
		if good {
			best = math.Min(best, value(0, x))
		}
	}
	return best
}

// TestRandom compares with enumeration.
func TestRandom(t *testing.T) {
	needsHiGHS(t)
	count := map[model.Status]int{}
	for seed := range uint64(250) {
		m, top := random(rand.New(rand.NewPCG(seed, 1)))
		if m.NumVars() > 7 || m.Err() != nil {
			continue
		}
		want := bestOf(m, top)
		a, err := Solve(context.Background(), m, Options{Gap: 1e-6, Threads: 1})
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		count[a.Status]++
		sign := m.Leader().Objective().Sense.Sign()
		switch {
		case math.IsInf(want, 1):
			if a.Proof != model.ProofInfeasible || a.X != nil {
				t.Errorf("seed %d: %v, %v at %v, and there is no point", seed, a.Status, a.Objective, a.X)
			}
		case a.Proof != model.ProofGlobal || math.Abs(sign*a.Objective-want) > 1e-6 || math.Abs(a.Objective-a.Bound) > 1e-5*math.Max(1, math.Abs(a.Bound)):
			t.Errorf("seed %d: %v, %v, objective %v, bound %v, note %q; want %v", seed, a.Status, a.Proof, a.Objective, a.Bound, a.Note, sign*want)
		case math.Abs(m.ObjectiveValue(0, a.X)-a.Objective) > 1e-6:
			t.Errorf("seed %d: the point has %v, not %v", seed, m.ObjectiveValue(0, a.X), a.Objective)
		}
	}
	t.Log(count)
	if count[model.StatusOptimal] < 100 || count[model.StatusInfeasible] < 10 {
		t.Errorf("the random models are too much alike: %v", count)
	}
}

// interdiction is a knapsack from which the leader takes items: the values, weights and costs of n of them.
func interdiction(n int) (m *model.Model, values, weights, costs []float64, room, budget float64) {
	m = model.New("interdiction")
	for i := range n {
		values = append(values, float64(5+i*7%18))
		weights = append(weights, float64(3+i*5%11))
		costs = append(costs, float64(1+i*3%5))
		room += weights[i] / 2
		budget += costs[i] / 3
	}
	room, budget = math.Floor(room), math.Floor(budget)
	x := m.Leader().Binaries("x", n)
	f := m.Follower("thief")
	y := f.Binaries("y", n)
	f.Maximize(model.Dot(values, y))
	f.Constrain("sack", model.Dot(weights, y).LE(room))
	f.ConstrainEach("gone", n, func(i int) model.Relation { return y[i].Plus(x[i]).LE(1) })
	m.Leader().Minimize(model.Dot(values, y))
	m.Leader().Constrain("guards", model.Dot(costs, x).LE(budget))
	return m, values, weights, costs, room, budget
}

// TestInterdiction has ten items, so that all 1024 decisions are enumerated with a knapsack each, and the cuts of giving up an item.
func TestInterdiction(t *testing.T) {
	needsHiGHS(t)
	m, values, weights, costs, room, budget := interdiction(10)
	want := math.Inf(1)
	for x := range 1 << 10 {
		spent := 0.0
		best := make([]float64, int(room)+1)
		for i := range values {
			if x>>i&1 == 1 {
				spent += costs[i]
				continue
			}
			for r := int(room); r >= int(weights[i]); r-- {
				best[r] = math.Max(best[r], best[r-int(weights[i])]+values[i])
			}
		}
		if spent <= budget {
			want = math.Min(want, best[int(room)])
		}
	}
	a, err := Solve(context.Background(), m, Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%v: %v, bound %v, %+v", a.Status, a.Objective, a.Bound, a.Statistics)
	if a.Proof != model.ProofGlobal || a.Objective != want || a.Bound != want {
		t.Errorf("%v, %v, bound %v, want %v", a.Proof, a.Objective, a.Bound, want)
	}
	if a.Statistics.Rounds > 200 {
		t.Errorf("%d decisions were answered of the 1024: the cuts are weak", a.Statistics.Rounds)
	}
}

func TestRefused(t *testing.T) {
	needsHiGHS(t)
	for name, build := range map[string]func(m *model.Model){
		"a continuous linking variable": func(m *model.Model) {
			x, f := m.Leader().Var("x", 0, 1), m.Follower("f")
			y := f.Binary("y")
			f.Minimize(y)
			f.Constrain("r", y.GE(x))
		},
		"a product": func(m *model.Model) {
			x, f := m.Leader().Integer("x", 0, 3), m.Follower("f")
			f.Maximize(x.Times(f.Binary("y")))
		},
		"no bounds": func(m *model.Model) {
			x, f := m.Leader().Integer("x", math.Inf(-1), math.Inf(1)), m.Follower("f")
			y := f.Binary("y")
			f.Minimize(y)
			f.Constrain("r", y.Plus(x).GE(1))
		},
		"a follower without a limit": func(m *model.Model) {
			x, f := m.Leader().Integer("x", 0, 3), m.Follower("f")
			y := f.Integer("y", 0, math.Inf(1))
			f.Maximize(y)
			f.Constrain("r", y.GE(x))
		},
	} {
		m := model.New(name)
		build(m)
		var no *UnsupportedError
		if _, err := Solve(context.Background(), m, Options{}); !errors.As(err, &no) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestStopped ends at once: nothing is claimed of what was not looked at.
func TestStopped(t *testing.T) {
	needsHiGHS(t)
	m, _, _, _, _, _ := interdiction(12)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	a, err := Solve(ctx, m, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if a.Status != model.StatusInterrupted || a.Proof != model.ProofNone || a.X != nil || !math.IsNaN(a.Bound) {
		t.Errorf("%v, %v, %v, bound %v", a.Status, a.Proof, a.X, a.Bound)
	}
}

func BenchmarkInterdiction(b *testing.B) {
	for b.Loop() {
		m, _, _, _, _, _ := interdiction(10)
		if _, err := Solve(context.Background(), m, Options{}); err != nil {
			b.Fatal(err)
		}
	}
}
