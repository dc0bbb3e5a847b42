package bilevel_test

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/gobilevel/bilevel"
	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/modfile"
)

// harmCase is a model whose follower is indifferent to z, which lies within ±reach, with the leader's objective at x and z where y answers x by x.
type harmCase struct {
	text  string
	reach float64
	f     func(x, z float64) float64
}

// harmCases are a model that local searches from the optimal answer make 0.85 of at a decision worth 1.9, and random ones.
func harmCases() []harmCase {
	out := []harmCase{{"upper; var x >= -1, <= 1; lower; var y; var z >= -10, <= 10; minimize f: (y - x)^4; upper; minimize F: x^2 + sin(3*z) + 0.1*z;", 10,
		func(x, z float64) float64 { return x*x + math.Sin(3*z) + 0.1*z }}}
	r := rand.New(rand.NewPCG(17, 4))
	for range 9 {
		at, wave, slope, mixed, power := float64(r.IntN(9)-4)/4, float64(2+r.IntN(3)), float64(r.IntN(5)-2)/10, float64(r.IntN(3)-1)/2, 2+2*r.IntN(2)
		out = append(out, harmCase{
			fmt.Sprintf("upper; var x >= -1, <= 1; lower; var y; var z >= -6, <= 6; minimize f: (y - x)^%d; upper; minimize F: (x - (%v))^2 + sin(%v*z) + (%v)*z + (%v)*x*cos(2*z);", power, at, wave, slope, mixed),
			6, func(x, z float64) float64 { return (x-at)*(x-at) + math.Sin(wave*z) + slope*z + mixed*x*math.Cos(2*z) }})
	}
	return out
}

// worstOf is the worst value of a decision over a grid of answers.
func (c *harmCase) worstOf(x float64) float64 {
	v := math.Inf(-1)
	for k := -4000; k <= 4000; k++ {
		v = math.Max(v, c.f(x, c.reach*float64(k)/4000))
	}
	return v
}

// TestPessimisticValueIsNotTooGood compares the value of the decision reported with a grid over the follower's answers, with all the time in the world and with next to
// none: no answer is worse than the value where it is called safe.
func TestPessimisticValueIsNotTooGood(t *testing.T) {
	for _, c := range harmCases() {
		m, err := modfile.Read("harm.mod", []byte(c.text))
		if err != nil {
			t.Fatal(err)
		}
		for _, limit := range []time.Duration{0, 5 * time.Millisecond} {
			r, err := bilevel.Solve(context.Background(), m, bilevel.Options{Attitude: bilevel.Pessimistic, Reform: "pessimistic", TimeLimit: limit})
			if err != nil {
				t.Fatal(err)
			}
			if r.Point == nil || r.Proof > bilevel.ProofFeasible {
				t.Errorf("limit %v: status %v, proof %v without one, point %v\n%s", limit, r.Status, r.Proof, r.Point, c.text)
				continue
			}
			safe := strings.Contains(strings.Join(r.Notes, "\n"), "the objective is safe")
			if !safe && limit == 0 {
				t.Errorf("the value of three variables is not safe: %q\n%s", r.Notes, c.text)
			}
			x := r.Point.X[0]
			if want := c.worstOf(x); safe && (r.Pessimistic < want-1e-6 || r.Objective < want-1e-6 || r.Pessimistic > want+0.1) {
				t.Errorf("limit %v: value %v and objective %v of x = %v, whose worst answer brings %v\n%s", limit, r.Pessimistic, r.Objective, x, want, c.text)
			}
			if limit > 0 {
				continue
			}
			best := math.Inf(1) // which a local way need not find; it comes near
			for k := -50; k <= 50; k++ {
				best = math.Min(best, c.worstOf(float64(k)/50))
			}
			if r.Pessimistic > best+0.2 {
				t.Errorf("value %v, while a grid of decisions has %v\n%s", r.Pessimistic, best, c.text)
			}
		}
	}
}

// TestPessimisticValueByLocalSearchIsCalledThat looks at a follower with more answers than a branch and bound goes through: nothing is called safe.
func TestPessimisticValueByLocalSearchIsCalledThat(t *testing.T) {
	text := "upper; var x >= -1, <= 1; lower; var y; var z {1..7} >= -3, <= 3; minimize f: (y - x)^2; upper; minimize F: x^2 + sum {i in 1..7} sin(3*z[i]);"
	m, err := modfile.Read("harm.mod", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	r, err := bilevel.Solve(context.Background(), m, bilevel.Options{Attitude: bilevel.Pessimistic, Reform: "pessimistic"})
	if err != nil {
		t.Fatal(err)
	}
	notes := strings.Join(r.Notes, "\n")
	if strings.Contains(notes, "safe") || !strings.Contains(notes, "no proven one") || r.Proof != bilevel.ProofFeasible || r.Status == model.StatusOptimal {
		t.Errorf("status %v, proof %v, notes %s", r.Status, r.Proof, notes)
	}
	if r.Pessimistic != r.Objective || r.Objective < r.Certificate.WorstFound {
		t.Errorf("value %v, objective %v, and the check found %v", r.Pessimistic, r.Objective, r.Certificate.WorstFound)
	}
}

// TestNoValueAtAnOptimalAnswer has a follower that is indifferent between all answers from -1 to 1, some of which leave the leader's objective without a value
// where x < 1: such a decision is worth nothing.
func TestNoValueAtAnOptimalAnswer(t *testing.T) {
	m := bilevel.NewModel("root")
	x := m.Leader().Var("x", 0, 2)
	f := m.Follower("f")
	y := f.Var("y", -4, 4)
	f.Minimize(model.Max(y.Pow(2), 1))
	m.Leader().Minimize(x.Pow(2).Minus(x).Plus(model.Sqrt(y.Plus(x))))
	for _, reform := range []string{"", "global"} {
		r, err := bilevel.Solve(context.Background(), m, bilevel.Options{Reform: reform, Attitude: bilevel.Pessimistic, TimeLimit: 20 * time.Second})
		if err != nil {
			t.Fatal(err)
		}
		if r.Point == nil {
			continue
		}
		if at := r.Value(x); at < 1-1e-6 || math.Abs(r.Objective-(at*at-at+math.Sqrt(1+at))) > 1e-4 {
			t.Errorf("%q: %v, proof %v: objective %v at x = %v; for x < 1 there is no value", reform, r.Status, r.Proof, r.Objective, at)
		}
		if r.Proof >= bilevel.ProofGlobalIfBounds {
			t.Errorf("%q: proof %v: the optimistic problem is better", reform, r.Proof)
		}
	}
}
