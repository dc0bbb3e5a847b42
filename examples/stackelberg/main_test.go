package main

import (
	"bytes"
	"context"
	"math"
	"strings"
	"testing"

	"github.com/gobilevel/bilevel/examples/exampletest"
)

func TestTextIsProgram(t *testing.T) {
	exampletest.Same(t, exampletest.Read(t, "stackelberg.mod"), build(example).Model)
}

func TestSolve(t *testing.T) {
	leader, follower, profit := example.closedForm()
	for name, d := range map[string]duopoly{"text": fromText(t), "program": build(example)} {
		t.Run(name, func(t *testing.T) {
			r := exampletest.Optimal(t, d.Model, profit, 1e-6)
			if math.Abs(r.Value(d.leader)-leader) > 1e-3 || math.Abs(r.Value(d.follower)-follower) > 1e-3 {
				t.Errorf("quantities %g and %g, want %g and %g", r.Value(d.leader), r.Value(d.follower), leader, follower)
			}
		})
	}
}

func fromText(t *testing.T) duopoly {
	m := exampletest.Read(t, "stackelberg.mod")
	leader, _ := m.VarByName("leader")
	follower, _ := m.VarByName("follower")
	return duopoly{m, leader, follower}
}

// The three kinds of answer: both sell, the leader keeps the rival out by its quantity, a monopoly's quantity keeps it out anyway.
var markets = []struct {
	name             string
	mk               market
	leader, follower float64
}{
	{"both sell", market{100, 2, 20, 16}, 19, 11.5},
	{"rival kept out", market{100, 1, 20, 50}, 50, 0},
	{"monopoly", market{100, 1, 20, 70}, 40, 0},
	{"equal costs", market{12, 1, 0, 0}, 6, 3},
}

func TestClosedForm(t *testing.T) {
	for _, c := range markets {
		t.Run(c.name, func(t *testing.T) {
			leader, follower, profit := c.mk.closedForm()
			if leader != c.leader || follower != c.follower {
				t.Errorf("closed form %g and %g, want %g and %g", leader, follower, c.leader, c.follower)
			}
			// No quantity on a fine grid does better against the rival's best answer.
			for k := range 10001 {
				q := c.mk.a / c.mk.b * float64(k) / 10000
				answer := max(0, (c.mk.a-c.mk.costFollower-c.mk.b*q)/(2*c.mk.b))
				if p := (c.mk.a - c.mk.b*(q+answer) - c.mk.costLeader) * q; p > profit+1e-9 {
					t.Fatalf("quantity %g earns %g, more than %g", q, p, profit)
				}
			}
			exampletest.Optimal(t, build(c.mk).Model, profit, 1e-6)
		})
	}
}

func TestRun(t *testing.T) {
	var out bytes.Buffer
	if err := run(context.Background(), &out); err != nil {
		t.Fatal(err)
	}
	if want := "profit 361 (361)"; !strings.Contains(out.String(), want) {
		t.Errorf("no %q in %q", want, out.String())
	}
}
