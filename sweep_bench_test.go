package bilevel_test

import (
	"context"
	"math"
	"os"
	"testing"
	"time"

	"github.com/gobilevel/bilevel"
	"github.com/gobilevel/bilevel/bench/family"
	"github.com/gobilevel/bilevel/model/modfile"
)

// edit changes a model for a value of a parameter.
type edit func(m *bilevel.Model, v float64) error

// leaderCap multiplies the upper bounds of the leader's variables.
func leaderCap(m *bilevel.Model, v float64) error {
	for j := range m.NumVars() {
		if lo, hi := m.VarBounds(j); m.VarOwner(j) == 0 && !math.IsInf(hi, 1) {
			if err := m.Var(j).SetBounds(lo, max(lo, v*hi)); err != nil {
				return err
			}
		}
	}
	return nil
}

// followerWeight multiplies the followers' part of the leader's objective.
func followerWeight(m *bilevel.Model, v float64) error {
	f := m.Leader().Objective().F
	for k, j := range f.Vars {
		if m.VarOwner(int(j)) != 0 {
			if err := m.Leader().SetObjectiveCoef(m.Var(int(j)), v*f.Coefs[k]); err != nil {
				return err
			}
		}
	}
	return nil
}

// followerRHS multiplies the right-hand sides of the followers' constraints.
func followerRHS(m *bilevel.Model, v float64) error {
	times := func(b float64) float64 {
		if b == 0 || math.IsInf(b, 0) {
			return b
		}
		return v * b
	}
	for r := range m.NumRows() {
		if lo, hi := m.RowBounds(r); m.RowOwner(r) != 0 {
			if err := m.Row(r).SetBounds(times(lo), times(hi)); err != nil {
				return err
			}
		}
	}
	return nil
}

// BenchmarkSweep solves sweeps warm and cold in turn, checks that both give the same answers, and reports the time of both: ms/warm and
// ms/cold for a sweep, their ratio, and the share of points that were settled without a search.
func BenchmarkSweep(b *testing.B) {
	toll := func(edit edit) func(float64) (*bilevel.Model, error) {
		mod, err := os.ReadFile("examples/toll/toll.mod")
		if err != nil {
			b.Fatal(err)
		}
		dat, err := os.ReadFile("examples/toll/toll.dat")
		if err != nil {
			b.Fatal(err)
		}
		return func(v float64) (*bilevel.Model, error) {
			m, err := modfile.Read("toll.mod", mod, modfile.Source{Name: "toll.dat", Text: dat})
			if err != nil {
				return nil, err
			}
			return m, edit(m, v)
		}
	}
	made := func(make func() *bilevel.Model, edit edit) func(float64) (*bilevel.Model, error) {
		return func(v float64) (*bilevel.Model, error) {
			m := make()
			return m, edit(m, v)
		}
	}
	pricing := func() *bilevel.Model { return family.Pricing(4, 4, 4, 1234) }
	random := func() *bilevel.Model { return family.Rand(7, 7, 2345) }
	for _, c := range []struct {
		name           string
		from, to, step float64
		gap            float64
		model          func(float64) (*bilevel.Model, error)
	}{
		{"toll/cap", 0.2, 1, 0.2, 1e-4, toll(leaderCap)},
		{"toll/demand", 0.8, 1.2, 0.2, 1e-4, toll(followerRHS)},
		{"pricing/cap", 0.1, 1.5, 0.1, 1e-6, made(pricing, leaderCap)},
		{"pricing/rhs", 0.5, 1.5, 0.1, 1e-6, made(pricing, followerRHS)},
		{"random/cap", 0.1, 1, 0.1, 1e-6, made(random, leaderCap)},
		{"random/weight", 0.5, 1.5, 0.1, 1e-6, made(random, followerWeight)},
		{"random/rhs", 0.9, 1.1, 0.02, 1e-6, made(random, followerRHS)},
	} {
		b.Run(c.name, func(b *testing.B) {
			values, err := bilevel.Range(c.from, c.to, c.step)
			if err != nil {
				b.Fatal(err)
			}
			params := []bilevel.Parameter{{Name: "v", Values: values}}
			build := func(_ context.Context, v []float64) (*bilevel.Model, error) { return c.model(v[0]) }
			var spent [2]time.Duration
			settled, rounds := 0, 0
			for b.Loop() {
				var points [2][]bilevel.SweepPoint
				for k := range points {
					which := (k + rounds) % 2 // warm first and cold first in turn
					start := time.Now()
					points[which], err = bilevel.Sweep(context.Background(), params, build,
						bilevel.SweepOptions{Cold: which == 1, Solve: bilevel.Options{Gap: c.gap, Threads: 1, TimeLimit: time.Minute}})
					if err != nil {
						b.Fatal(err)
					}
					spent[which] += time.Since(start)
				}
				rounds++
				for k, w := range points[0] {
					x, y := w.Result, points[1][k].Result
					if w.Reuse.Settled {
						settled++
					}
					if proven := x.Proof >= bilevel.ProofGlobal && y.Proof >= bilevel.ProofGlobal; proven && (x.Proof != y.Proof || math.Abs(x.Objective-y.Objective) > 2*(c.gap+1e-6)*math.Max(1, math.Abs(y.Objective))) {
						b.Fatalf("at %v: warm %v (%v), cold %v (%v)", w.Values, x.Objective, x.Proof, y.Objective, y.Proof)
					}
				}
			}
			b.ReportMetric(spent[0].Seconds()*1000/float64(rounds), "ms/warm")
			b.ReportMetric(spent[1].Seconds()*1000/float64(rounds), "ms/cold")
			b.ReportMetric(spent[0].Seconds()/spent[1].Seconds(), "warm/cold")
			b.ReportMetric(float64(settled)/float64(rounds*len(values)), "settled/point")
			b.ReportMetric(0, "ns/op")
		})
	}
}
