package branch

import (
	"context"
	"math"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/gobilevel/bilevel/backends/highs"
	"github.com/gobilevel/bilevel/bench/family"
	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/reform"
)

// killed is a problem that is stopped at random moments, with what is known of it.
type killed struct {
	name    string
	m       *model.Model
	optimum float64 // as declared
	seconds float64 // of the search without a stop
}

func killedProblems(t *testing.T) []*killed {
	t.Helper()
	build := func(name string, m *model.Model) *killed {
		k, err := (reform.KKT{Inequality: true}).Apply(context.Background(), m)
		if err != nil {
			t.Fatal(err)
		}
		return &killed{name: name, m: k.Model, optimum: math.NaN()}
	}
	list := []*killed{build("RAND (20,20)", family.Rand(20, 20, 2)), build("FORECAST (5,10)", family.Forecast(5, 10, 1234)), build("TOLL 10", family.Toll(10, 1234))}
	list[2].optimum = family.TollOptimum(10, 1234)
	for _, k := range list {
		start := time.Now()
		ctx, cancel := context.WithTimeout(context.Background(), 90*time.Second)
		r, err := Solve(ctx, k.m, Options{})
		cancel()
		if err != nil {
			t.Fatal(err)
		}
		k.seconds = time.Since(start).Seconds()
		if r.Proof != model.ProofGlobal {
			t.Fatalf("%s: not solved in %.0f s, there is no optimum to compare with", k.name, k.seconds)
		}
		if !math.IsNaN(k.optimum) && math.Abs(r.Objective-k.optimum) > 1e-6*math.Abs(k.optimum) {
			t.Errorf("%s: %v, the closed form is %v", k.name, r.Objective, k.optimum)
		}
		k.optimum = r.Objective
		t.Logf("%s: %v in %.2f s", k.name, k.optimum, k.seconds)
	}
	return list
}

// check is what must hold of any answer to the problem, wherever the search was stopped: a point that satisfies rows, bounds and pairs, the
// value that it is said to have, and a bound on the right side of the optimum, which is on the right side of the point.
func (k *killed) check(t *testing.T, what string, r *Result) {
	t.Helper()
	sign := k.m.Leader().Objective().Sense.Sign()
	tol := 2e-6 * math.Max(1, math.Abs(k.optimum))
	switch r.Proof {
	case model.ProofNone:
		if r.X != nil || r.Status != model.StatusLimit && r.Status != model.StatusInterrupted {
			t.Errorf("%s: %v without proof, point %v", what, r.Status, r.X != nil)
		}
	case model.ProofFeasible, model.ProofGlobal:
		if r.X == nil {
			t.Fatalf("%s: %v about no point", what, r.Proof)
		}
		p, err := newProblem(k.m)
		if err != nil {
			t.Fatal(err)
		}
		if v := p.residual(r.X); v > 1e-6 {
			t.Errorf("%s: the point misses a row, bound or pair by %v", what, v)
		}
		if v := p.sign * p.value(r.X); math.Abs(v-r.Objective) > 1e-9*math.Max(1, math.Abs(v)) {
			t.Errorf("%s: the point has the value %v, not %v", what, v, r.Objective)
		}
		if sign*(r.Objective-k.optimum) < -tol {
			t.Errorf("%s: the point's value %v is better than the optimum %v", what, r.Objective, k.optimum)
		}
		if r.Proof == model.ProofGlobal && math.Abs(r.Objective-k.optimum) > tol {
			t.Errorf("%s: %v called optimal, the optimum is %v", what, r.Objective, k.optimum)
		}
		if sign*(r.Bound-r.Objective) > tol {
			t.Errorf("%s: bound %v beyond the point's %v", what, r.Bound, r.Objective)
		}
	default:
		t.Errorf("%s: %v, but the problem has points", what, r.Proof)
	}
	if sign*(r.Bound-k.optimum) > tol {
		t.Errorf("%s: bound %v beyond the optimum %v", what, r.Bound, k.optimum)
	}
}

// TestKill stops searches at random moments, by a cancelled context, a deadline, a time limit or a limit of nodes, with one to four
// threads. What they say then is consistent and true, they return soon, and no solver stays open. BILEVEL_KILLS is the number of stops, 24 by default.
func TestKill(t *testing.T) {
	noLeak(t)
	kills := 24
	if n, err := strconv.Atoi(os.Getenv("BILEVEL_KILLS")); err == nil {
		kills = n
	} else if testing.Short() {
		kills = 6
	}
	problems := killedProblems(t)
	r := rand.New(rand.NewPCG(uint64(kills), 2))
	stopped, latest := 0, time.Duration(0)
	for i := range kills {
		k := problems[i%len(problems)]
		// Most of what can go wrong is in the first second: the moments are spread evenly over the orders of magnitude.
		span := math.Min(k.seconds, 3)
		limit := time.Duration(span * math.Pow(1e-3, r.Float64()) * float64(time.Second))
		o := Options{Threads: 1 + r.IntN(4), Opportunistic: r.IntN(3) == 0}
		ctx, cancel := context.WithCancel(context.Background())
		way := r.IntN(4)
		switch way {
		case 0:
			time.AfterFunc(limit, cancel)
		case 1:
			ctx, cancel = context.WithTimeout(ctx, limit)
		case 2:
			o.TimeLimit = limit
		case 3:
			o.NodeLimit = 1 + r.IntN(300)
		}
		start := time.Now()
		got, err := Solve(ctx, k.m, o)
		took := time.Since(start)
		cancel()
		what := k.name + ", stop " + strconv.Itoa(i) + " by " + []string{"cancelling", "deadline", "time limit", "node limit"}[way]
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		if way < 3 {
			latest = max(latest, took-limit)
			if took > limit+time.Second {
				t.Errorf("%s: returned %v after the limit of %v", what, took-limit, limit)
			}
		} else if got.Statistics.Nodes > o.NodeLimit*o.Threads {
			t.Errorf("%s: %d nodes, the limit was %d on %d threads", what, got.Statistics.Nodes, o.NodeLimit, o.Threads)
		}
		if got.Proof != model.ProofGlobal {
			stopped++
		}
		k.check(t, what, got)
		if n := highs.OpenInstances(); n != 0 {
			t.Fatalf("%s: %d solvers are still open", what, n)
		}
	}
	t.Logf("%d stops, %d of them before the proof; the latest return was %v after the limit", kills, stopped, latest)
	if stopped < kills/3 {
		t.Errorf("only %d of %d stops came before the proof", stopped, kills)
	}
}
