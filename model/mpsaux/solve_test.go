package mpsaux_test

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gobilevel/bilevel"
	"github.com/gobilevel/bilevel/backends"
	"github.com/gobilevel/bilevel/model/mpsaux"
)

// interdictionPair is a random interdiction pair whose follower packs continuous amounts; every third has an objective of its own.
func interdictionPair(seed uint64) (mps, aux string) {
	rng := rand.New(rand.NewPCG(seed, 4))
	n, rows := 3+rng.IntN(3), 1+rng.IntN(2)
	var m, a, cols, bounds strings.Builder
	fmt.Fprintf(&m, "NAME pair%d\nROWS\n", seed)
	for r := range rows {
		fmt.Fprintf(&m, " L r%d\n", r)
	}
	m.WriteString(" N value\nCOLUMNS\n")
	fmt.Fprintf(&a, "N %d\nM %d\n", n, rows+n)
	budget := 0
	for j := range n {
		p := -1 - rng.IntN(9)
		fmt.Fprintf(&cols, " y%d value %d\n", j, p)
		for r := range rows {
			fmt.Fprintf(&cols, " y%d r%d %d\n", j, r, 1+rng.IntN(5))
		}
		fmt.Fprintf(&bounds, " UP B y%d %d\n", j, 1+rng.IntN(4))
		if seed%3 == 0 {
			p = -1 - rng.IntN(9)
		}
		cost := 1 + rng.IntN(6)
		budget += cost
		fmt.Fprintf(&a, "LO %d\nIC %d\n", p, cost)
	}
	m.WriteString(cols.String() + "RHS\n")
	for r := range rows {
		fmt.Fprintf(&m, " R r%d %d\n", r, 5+rng.IntN(20))
	}
	m.WriteString("BOUNDS\n" + bounds.String() + "ENDATA\n")
	fmt.Fprintf(&a, "IB %d\nOS 1\n", budget/2)
	return m.String(), a.String()
}

// TestInterdictionPairsAreSolved compares with all decisions of the leader, one by one: for each the follower's problem is solved, and among
// its optimal answers the leader's best is found by a second linear program.
func TestInterdictionPairsAreSolved(t *testing.T) {
	if _, err := backends.Open("highs"); err != nil {
		t.Skip(err)
	}
	for seed := range uint64(15) {
		mps, aux := interdictionPair(seed)
		m, err := mpsaux.ReadBilevel(strings.NewReader(mps), strings.NewReader(aux), mpsaux.Options{})
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		r, err := bilevel.Solve(ctx, m, bilevel.Options{})
		cancel()
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		if want := bestOfAll(t, m); math.Abs(r.Objective-want) > 1e-5*(1+math.Abs(want)) {
			t.Errorf("seed %d: objective %v, want %v\n%s%s", seed, r.Objective, want, mps, aux)
		}
	}
}

func bestOfAll(t *testing.T, m *bilevel.Model) float64 {
	t.Helper()
	n := m.NumVars() / 2
	budget, _ := m.RowByName("budget")
	_, limit := m.RowBounds(budget.Index())
	best := math.Inf(1)
	for decision := range 1 << n {
		x := make([]float64, 2*n)
		for j := range n {
			x[j] = float64(decision >> j & 1)
		}
		if m.Value(m.RowFunction(budget.Index()), x) > limit {
			continue
		}
		follower, err := m.FollowerProblem(1, x)
		if err != nil {
			t.Fatal(err)
		}
		value := optimum(t, follower.Model)
		if math.IsNaN(value) {
			continue
		}
		// Of the answers with that value, the leader's best.
		leader := follower.Model.Derive()
		o := leader.Leader().Objective()
		leader.AddRow(0, "optimal", o.F, math.Inf(-1), value+1e-9)
		f := m.Leader().Objective().F
		a := leader.Accumulator()
		for k, j := range f.Vars {
			a.AddTerm(f.Coefs[k], slices.Index(follower.Vars, j))
		}
		o.F = a.Function()
		leader.Leader().SetObjective(o)
		best = min(best, optimum(t, leader))
	}
	return best
}
