package bilevel_test

import (
	"context"
	"errors"
	"math"
	"slices"
	"testing"

	"github.com/gobilevel/bilevel"
)

func TestRange(t *testing.T) {
	for _, c := range []struct {
		from, to, step float64
		want           []float64
	}{
		{0, 1, 0.25, []float64{0, 0.25, 0.5, 0.75, 1}},
		{0, 0.5, 0.1, []float64{0, 0.1, 0.2, 0.3, 0.4, 0.5}},
		{1, 0.7, -0.1, []float64{1, 0.9, 0.8, 0.7}},
		{50, 60, 4, []float64{50, 54, 58}},
		{3, 3, 1, []float64{3}},
		{1e9, 1e9 + 2, 1, []float64{1e9, 1e9 + 1, 1e9 + 2}},
		{-1e-9, 1e-9, 1e-9, []float64{-1e-9, 0, 1e-9}},
	} {
		got, err := bilevel.Range(c.from, c.to, c.step)
		if err != nil || !slices.Equal(got, c.want) {
			t.Errorf("Range(%v, %v, %v) = %v, %v; want %v", c.from, c.to, c.step, got, err, c.want)
		}
	}
	for _, c := range [][3]float64{{0, 1, 0}, {0, 1, -1}, {1, 0, 1}, {math.NaN(), 1, 1}, {0, math.Inf(1), 1}, {0, 1, 1e-9}} {
		var option *bilevel.OptionError
		if v, err := bilevel.Range(c[0], c[1], c[2]); !errors.As(err, &option) {
			t.Errorf("Range(%v): %d values, %v", c, len(v), err)
		}
	}
}

// sweepRoads sweeps the limit of the toll and the trips: the best toll is min(limit, 5) while at least 10 cars are there, and at most 80 use the road.
func sweepRoads(params []bilevel.Parameter) func(context.Context, []float64) (*bilevel.Model, error) {
	return func(_ context.Context, v []float64) (*bilevel.Model, error) {
		r := newRoads()
		for i, p := range params {
			var err error
			switch p.Name {
			case "limit":
				err = r.t.SetBounds(0, v[i])
			case "trips":
				err = r.trips.SetRHS(v[i])
			case "use":
				err = r.use.SetRHS(v[i])
			case "weight":
				r.m.Leader().Maximize(r.t.Times(r.x).Times(v[i]))
			}
			if err != nil {
				return nil, err
			}
		}
		return r.m, nil
	}
}

func TestSweep(t *testing.T) {
	needsHighs(t)
	steps := func(from, to, step float64) []float64 {
		v, err := bilevel.Range(from, to, step)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	for _, c := range []struct {
		reason  string
		params  []bilevel.Parameter
		want    func(v []float64) float64 // NaN: infeasible
		settled int                       // at least so many points without a search
	}{
		{"a limit that binds up to 5", []bilevel.Parameter{{Name: "limit", Values: steps(1, 12, 1)}}, func(v []float64) float64 { return 80 * min(v[0], 5) }, 6},
		{"the same, falling", []bilevel.Parameter{{Name: "limit", Values: steps(12, 1, -1)}}, func(v []float64) float64 { return 80 * min(v[0], 5) }, 6},
		{"a limit that never binds", []bilevel.Parameter{{Name: "limit", Values: steps(6, 12, 1)}}, func([]float64) float64 { return 400 }, 6},
		{"the same, falling", []bilevel.Parameter{{Name: "limit", Values: steps(12, 6, -1)}}, func([]float64) float64 { return 400 }, 6},
		{"trips, infeasible below 10", []bilevel.Parameter{{Name: "trips", Values: steps(0, 100, 5)}}, func(v []float64) float64 {
			if v[0] < 10 {
				return math.NaN()
			}
			return 5 * min(v[0], 80)
		}, 0},
		{"a use that is possible up to 80", []bilevel.Parameter{{Name: "use", Values: steps(50, 100, 5)}}, func(v []float64) float64 {
			if v[0] > 80 {
				return math.NaN()
			}
			return 400
		}, 5},
		{"a weight in the objective", []bilevel.Parameter{{Name: "weight", Values: steps(1, 3, 0.1)}}, func(v []float64) float64 { return 400 * v[0] }, 19},
		{"a grid", []bilevel.Parameter{{Name: "trips", Values: []float64{40, 5, 60}}, {Name: "limit", Values: steps(3, 9, 1)}}, func(v []float64) float64 {
			if v[0] < 10 {
				return math.NaN()
			}
			return v[0] * min(v[1], 5)
		}, 6},
		{"no parameter", nil, func([]float64) float64 { return 400 }, 0},
	} {
		var told []int
		for _, cold := range []bool{false, true} {
			points, err := bilevel.Sweep(context.Background(), c.params, sweepRoads(c.params), bilevel.SweepOptions{Cold: cold, Done: func(k int, _ bilevel.SweepPoint) { told = append(told, k) }})
			if err != nil {
				t.Fatalf("%s: %v", c.reason, err)
			}
			settled := 0
			for _, p := range points {
				if p.Err != nil {
					t.Errorf("%s: at %v: %v", c.reason, p.Values, p.Err)
					continue
				}
				if want := c.want(p.Values); math.IsNaN(want) != (p.Result.Proof == bilevel.ProofInfeasible) || !math.IsNaN(want) && (p.Result.Proof != bilevel.ProofGlobal || math.Abs(p.Result.Objective-want) > 1e-4) {
					t.Errorf("%s: at %v: %v (%v); want %v", c.reason, p.Values, p.Result.Objective, p.Result.Proof, want)
				}
				if p.Reuse.Settled {
					settled++
				}
			}
			if cold && settled > 0 || !cold && settled < c.settled {
				t.Errorf("%s (cold: %v): %d points without a search, want %d", c.reason, cold, settled, c.settled)
			}
			slices.Sort(told)
			for k := range points {
				if len(told) != len(points) || told[k] != k {
					t.Fatalf("%s: told of the points %v, want each once", c.reason, told)
				}
			}
			told = nil
		}
	}
}

// A point that cannot be made does not end a sweep; a sweep of which no point can be made is an error.
func TestSweepErrors(t *testing.T) {
	needsHighs(t)
	params := []bilevel.Parameter{{Name: "limit", Values: []float64{-1, 3, 5}}}
	points, err := bilevel.Sweep(context.Background(), params, sweepRoads(params))
	if err != nil || points[0].Err == nil || points[1].Err != nil || points[2].Result.Objective < 399 {
		t.Errorf("%v: %+v", err, points)
	}
	bad := []bilevel.Parameter{{Name: "limit", Values: []float64{-1, -2}}}
	if _, err := bilevel.Sweep(context.Background(), bad, sweepRoads(bad)); err == nil {
		t.Error("a sweep of which no point can be made is no error")
	}
	var option *bilevel.OptionError
	for _, p := range [][]bilevel.Parameter{{{Name: "limit"}}, {{Name: "a", Values: make([]float64, 1000)}, {Name: "b", Values: make([]float64, 1000)}}} {
		if _, err := bilevel.Sweep(context.Background(), p, sweepRoads(p)); !errors.As(err, &option) {
			t.Errorf("%v", err)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	points, err = bilevel.Sweep(ctx, params[:1], sweepRoads(params), bilevel.SweepOptions{Done: func(k int, _ bilevel.SweepPoint) {
		if k == 1 {
			cancel()
		}
	}})
	if err != nil || points[1].Result == nil || !errors.Is(points[2].Err, context.Canceled) {
		t.Errorf("an interrupted sweep: %v: %+v", err, points)
	}
	cancel()
}

// A build function may change one model in place.
func TestSweepInPlace(t *testing.T) {
	needsHighs(t)
	r := newRoads()
	params := []bilevel.Parameter{{Name: "limit", Values: []float64{2, 4, 6, 8, 10}}}
	points, err := bilevel.Sweep(context.Background(), params, func(_ context.Context, v []float64) (*bilevel.Model, error) {
		return r.m, r.t.SetBounds(0, v[0])
	})
	if err != nil {
		t.Fatal(err)
	}
	for k, want := range []float64{160, 320, 400, 400, 400} {
		if math.Abs(points[k].Result.Objective-want) > 1e-4 {
			t.Errorf("at %v: %v, want %v", points[k].Values, points[k].Result.Objective, want)
		}
	}
	if !points[3].Reuse.Settled {
		t.Errorf("between 6 and 10 there was a search: %+v", points[3].Reuse)
	}
}
