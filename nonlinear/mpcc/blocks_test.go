package mpcc_test

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/smooth"
	"github.com/gobilevel/bilevel/nonlinear/mpcc"
	"github.com/gobilevel/bilevel/nonlinear/newton"
	"github.com/gobilevel/bilevel/reform"
)

// severalFollowers is a leader with three decisions and followers that buy what is cheap, by strictly convex programs; the leader wants given amounts.
func severalFollowers(rng *rand.Rand, followers, goods int) *model.Model {
	m := model.New("several")
	l := m.Leader()
	x := l.Vars("x", 3, 0, 5)
	var total []model.Expr
	for t := range followers {
		f := m.Follower(fmt.Sprintf("f%d", t))
		y := f.Vars(fmt.Sprintf("y%d", t), goods, 0, math.Inf(1))
		var cost []model.Expr
		for j := range goods {
			price := x[rng.IntN(3)].Times(0.2 + rng.Float64())
			cost = append(cost, y[j].Times(y[j]).Times(0.5+rng.Float64()), y[j].Times(price), y[j].Times(-3*rng.Float64()))
			d := y[j].Minus(rng.Float64())
			total = append(total, d.Times(d))
		}
		for k := range goods / 2 {
			f.Constrain(fmt.Sprintf("r%d_%d", t, k), model.SumOver(goods, func(j int) any { return y[j].Times(rng.Float64()) }).LE(1+rng.Float64()))
		}
		f.Minimize(model.Sum(cost...))
	}
	l.Minimize(model.Sum(append(total, x[0].Times(0.01))...))
	return m
}

// The solver finds the same value whether it factorises the followers' conditions apart or not, and the program says which variables are whose.
func TestBlocksOnAndOff(t *testing.T) {
	for seed := range uint64(4) {
		m := severalFollowers(rand.New(rand.NewPCG(seed, 7)), 4+int(seed), 6)
		conditions, err := reform.KKT{}.Apply(context.Background(), m)
		if err != nil {
			t.Fatal(err)
		}
		p, err := mpcc.FromModel(conditions.Model)
		if err != nil {
			t.Fatal(err)
		}
		program, err := smooth.Compile(conditions.Model)
		if err != nil {
			t.Fatal(err)
		}
		seen := map[int32]bool{}
		for _, g := range smooth.GroupsOf(program) {
			seen[g] = true
		}
		if len(seen) < 4+int(seed)+1 {
			t.Errorf("seed %d: the program has %d groups for %d followers", seed, len(seen)-1, 4+seed)
		}
		var value [2]float64
		for k, word := range []string{"yes", "no"} {
			res, err := mpcc.Solve(context.Background(), p, nil, mpcc.Options{Method: mpcc.Scholtes, Solver: &newton.Solver{}, Native: map[string]string{"blocks": word}})
			if err != nil {
				t.Fatal(err)
			}
			if res.Status != model.StatusLocal {
				t.Fatalf("seed %d, blocks %s: %v %s", seed, word, res.Status, res.Message)
			}
			value[k] = res.Objective
		}
		if math.Abs(value[0]-value[1]) > 1e-6*(1+math.Abs(value[1])) {
			t.Errorf("seed %d: %v with blocks, %v without", seed, value[0], value[1])
		}
	}
}
