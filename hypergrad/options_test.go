package hypergrad_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/gobilevel/bilevel/hypergrad"
)

// What makes no sense is refused by every entry with ErrOptions: problems without variables or functions, numbers that are negative or none, rules and sets that no run can
// follow. Nothing panics.
func TestNonsenseIsRefused(t *testing.T) {
	ctx := context.Background()
	g := graded{2, 4, 10, 1}
	nan, inf := math.NaN(), math.Inf(1)
	refused := func(what string, err error) {
		t.Helper()
		if !errors.Is(err, hypergrad.ErrOptions) {
			t.Errorf("%s: %v", what, err)
		}
	}
	for _, p := range []*hypergrad.Functions{{N: 0, M: 1, F: g.Leader, Fol: g.Follower}, {N: 1, M: 0, F: g.Leader, Fol: g.Follower}, {N: -1, M: 1, F: g.Leader, Fol: g.Follower}, {N: 1, M: 1},
		{N: 1, M: 1, F: g.Leader}, nil} {
		var problem hypergrad.Problem = p
		var x []float64
		if p == nil {
			problem = nil
		} else {
			x = make([]float64, max(0, p.N))
		}
		_, err := hypergrad.Minimize(ctx, problem, x, nil, hypergrad.Options{})
		refused("minimize", err)
		_, err = hypergrad.MinimizeSampled(ctx, problem, x, nil, hypergrad.SampledOptions{})
		refused("sampled", err)
		_, err = hypergrad.CheckHypergradient(ctx, problem, x, nil, hypergrad.CheckOptions{})
		refused("check", err)
		_, err = hypergrad.TikhonovPath(ctx, problem, x, nil, hypergrad.PathOptions{})
		refused("path", err)
	}
	x := []float64{0, 0}
	for _, o := range []hypergrad.Options{
		{Tolerance: inf}, {FirstMove: nan}, {FirstMove: inf}, {TimeLimit: -1}, {Budget: hypergrad.Counts{Mixed: -1}}, {Loop: 7},
		{EngineOptions: hypergrad.EngineOptions{StepSize: nan}}, {EngineOptions: hypergrad.EngineOptions{StepSize: inf}},
		{Set: &hypergrad.Box{Lower: []float64{1, 2, 3}}}, {Set: hypergrad.Bounds(inf, inf)}, {Set: hypergrad.Bounds(nan, 1)}, {Set: hypergrad.Ball{Centre: []float64{nan, 0}, Radius: 1}},
		{Set: hypergrad.Simplex{Sum: inf}}, {Set: &hypergrad.Ball{Radius: -1}},
	} {
		_, err := hypergrad.Minimize(ctx, g, x, nil, o)
		refused(fmt.Sprintf("%+v", o), err)
	}
	for _, s := range []hypergrad.Steps{hypergrad.Constant(-1), hypergrad.Constant(nan), hypergrad.Schedule{}, hypergrad.Schedule{First: 1, Exponent: -1}, hypergrad.Schedule{First: 1, Exponent: inf},
		hypergrad.Polyak{Most: -1}, hypergrad.Polyak{Lower: nan}, hypergrad.Polyak{Lower: -inf}, hypergrad.TuningFree{Scale: -1}, hypergrad.Adaptive{First: nan}, hypergrad.Backtracking{First: inf}} {
		_, err := hypergrad.Minimize(ctx, g, x, nil, hypergrad.Options{Loop: hypergrad.Gradient, Steps: s})
		refused(fmt.Sprintf("%T %+v", s, s), err)
		_, err = hypergrad.MinimizeSampled(ctx, g, x, nil, hypergrad.SampledOptions{YSteps: s})
		refused(fmt.Sprintf("sampled %T %+v", s, s), err)
	}
	for _, o := range []hypergrad.SampledOptions{{TimeLimit: -1}, {Budget: hypergrad.Counts{Leader: -1}}, {Tolerance: nan}, {Batch: -1}, {Method: hypergrad.BSA{Inner: -1}},
		{Method: hypergrad.BSA{Growth: 50}}, {Method: hypergrad.BSA{Growth: nan}}, {Method: hypergrad.AmIGO{Inner: -1}}, {Method: hypergrad.SRBA{Period: -1}}, {Method: hypergrad.FSLA{Momentum: inf}},
		{Method: hypergrad.BOME{Eta: inf}}, {Method: hypergrad.Penalty{Lambda: inf}}, {Method: hypergrad.STABLE{Limit: -1}}} {
		_, err := hypergrad.MinimizeSampled(ctx, g, x, nil, o)
		refused(fmt.Sprintf("%+v", o), err)
	}
	for _, o := range []hypergrad.CheckOptions{{Step: nan}, {Tolerance: nan}, {Directions: -1}} {
		_, err := hypergrad.CheckHypergradient(ctx, g, x, nil, o)
		refused(fmt.Sprintf("%+v", o), err)
	}
	for _, o := range []hypergrad.PathOptions{{First: 1e-9}, {First: inf}, {Factor: 1}, {Last: nan}} {
		_, err := hypergrad.TikhonovPath(ctx, g, x, nil, o)
		refused(fmt.Sprintf("%+v", o), err)
	}
}

// Sampled methods refuse rules that need what no batch tells, and converge with every other one.
func TestStepRulesOfSampledMethods(t *testing.T) {
	q := quadratic(t)
	best, _ := q.Gradient(q.Optimum())
	start, _ := q.Gradient([]float64{3, 3, 3})
	for _, c := range []struct {
		rule     hypergrad.Steps
		y, other bool
	}{{hypergrad.Constant(0.2), true, true}, {hypergrad.Schedule{First: 0.5, Exponent: 0.3}, true, true}, {hypergrad.TuningFree{}, true, true}, {hypergrad.Backtracking{}, true, false},
		{hypergrad.Polyak{Most: 0.5}, true, false}, {hypergrad.Adaptive{}, false, false}} {
		for player := range 3 {
			opt := hypergrad.SampledOptions{Batch: 32, Seed: 5, MaxIterations: 4000, Tolerance: 1e-5}
			*[]*hypergrad.Steps{&opt.YSteps, &opt.VSteps, &opt.XSteps}[player] = c.rule
			res, err := hypergrad.MinimizeSampled(context.Background(), q, []float64{3, 3, 3}, nil, opt)
			if player == 0 && !c.y || player > 0 && !c.other {
				if !errors.Is(err, hypergrad.ErrOptions) {
					t.Errorf("%T for player %d: %v", c.rule, player, err)
				}
				continue
			}
			if err != nil {
				t.Fatal(err)
			}
			if h, _ := q.Gradient(res.X); !((h-best)/(start-best) < 1e-3) {
				t.Errorf("%T for player %d: %.3g of the gap is left", c.rule, player, (h-best)/(start-best))
			}
		}
	}
}

// A pointer to a set is that set: the quasi-Newton loop knows it for a box.
func TestPointersToSets(t *testing.T) {
	g := graded{2, 4, 10, 1}
	box := hypergrad.Box{Lower: []float64{-1, -2}}
	var steps [2]int
	for i, set := range []hypergrad.Set{box, &box} {
		res, err := hypergrad.Minimize(context.Background(), g, []float64{0, 0}, nil, hypergrad.Options{Set: set})
		if err != nil {
			t.Fatal(err)
		}
		steps[i] = res.Iterations
	}
	if steps[0] != steps[1] {
		t.Errorf("%d iterations in a box, %d in a pointer to it", steps[0], steps[1])
	}
}

// A run that is stopped, or whose time is over, before h was known at the start is no error.
func TestStoppedBeforeTheStart(t *testing.T) {
	done, cancel := context.WithCancel(context.Background())
	cancel()
	for _, c := range []struct {
		ctx  context.Context
		opt  hypergrad.Options
		want hypergrad.Status
	}{{done, hypergrad.Options{}, hypergrad.Interrupted}, {context.Background(), hypergrad.Options{TimeLimit: 1}, hypergrad.Limit}} {
		res, err := hypergrad.Minimize(c.ctx, graded{2, 4, 10, 1}, []float64{1, 2}, nil, c.opt)
		if err != nil {
			t.Fatal(err)
		}
		if res.Status != c.want || res.X[1] != 2 || !math.IsNaN(res.Value) || !strings.Contains(res.Message, "before") {
			t.Errorf("%+v", res)
		}
	}
}
