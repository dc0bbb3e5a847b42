package main

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gobilevel/bilevel"
	"github.com/gobilevel/bilevel/examples/exampletest"
)

// known checks the answer to a problem against the table.
func known(t *testing.T, p problem, m *bilevel.Model, options ...bilevel.Options) {
	t.Helper()
	if p.status != 0 {
		r, err := bilevel.Solve(context.Background(), m, options...)
		if err != nil {
			t.Fatal(err)
		}
		if r.Status != p.status || (r.Status == bilevel.StatusInfeasible) != (r.Proof == bilevel.ProofInfeasible) {
			t.Errorf("status %v, proof %v; want %v", r.Status, r.Proof, p.status)
		}
		return
	}
	r := exampletest.Optimal(t, m, p.value, 1e-6, options...)
	for j, v := range p.point {
		if math.Abs(r.Point.X[j]-v) > 1e-5 {
			t.Errorf("%s = %g, want %g", m.VarName(j), r.Point.X[j], v)
		}
	}
}

// The values come from the sources and were checked by enumerating, for each problem, which members of the complementarity pairs of the
// follower's optimality conditions are zero, with a linear program for each pattern.
func TestKnownAnswers(t *testing.T) {
	for _, p := range problems() {
		t.Run(p.name, func(t *testing.T) {
			text := exampletest.Read(t, p.name+".mod")
			exampletest.Same(t, text, p.model())
			known(t, p, text)
			known(t, p, p.model())
		})
	}
}

// The relaxation without the follower's optimality is an ordinary linear program: all belongs to the leader.
func TestRelaxed(t *testing.T) {
	for _, p := range problems() {
		t.Run(p.name, func(t *testing.T) {
			m := p.model()
			for j := range m.NumVars() {
				m.SetVarOwner(j, 0)
			}
			for r := range m.NumRows() {
				m.SetRowOwner(r, 0)
			}
			m.DropFollowers()
			if math.IsInf(p.relaxed, 0) {
				r, err := bilevel.Solve(context.Background(), m)
				if err != nil || r.Status != bilevel.StatusUnbounded {
					t.Fatalf("%v, %v; want unbounded", r, err)
				}
				return
			}
			exampletest.Optimal(t, m, p.relaxed, 1e-6)
		})
	}
}

// A guessed big-M of 100 must not decide the answer: it is proven to hold, or enlarged.
func TestGuessedBigM(t *testing.T) {
	p := special[len(special)-1]
	r, err := bilevel.Solve(context.Background(), p.model(), bilevel.Options{Reform: "kkt+big-m", BigM: 100})
	if err != nil {
		t.Fatal(err)
	}
	if r.Point == nil || math.Abs(r.Objective-p.value) > 1e-6*math.Abs(p.value) {
		t.Errorf("%v with objective %v, want %v; notes %q", r.Status, r.Objective, p.value, r.Notes)
	}
}

// Every model file is in the table of the program, and every problem with its value in that of the README.
func TestTables(t *testing.T) {
	files, err := filepath.Glob("*.mod")
	if err != nil {
		t.Fatal(err)
	}
	if len(files) != len(problems()) {
		t.Errorf("%d model files for %d problems", len(files), len(problems()))
	}
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems() {
		want := fmt.Sprintf("| `%s.mod` | %s |", p.name, p.want())
		if p.status == 0 {
			want = fmt.Sprintf("| `%s.mod` | %.6g |", p.name, p.value)
		}
		if !strings.Contains(string(readme), want) {
			t.Errorf("the table of the README has no line with %q", want)
		}
	}
}

func TestRun(t *testing.T) {
	var out bytes.Buffer
	if err := run(context.Background(), &out, []string{"bard-1984", "infeasible"}); err != nil {
		t.Fatal(err)
	}
	want := "problem     status      proof       objective  known\n" +
		"bard-1984   optimal     global      3.11111    3.11111\n" +
		"infeasible  infeasible  infeasible  NaN        infeasible\n"
	if out.String() != want {
		t.Errorf("got\n%swant\n%s", out.String(), want)
	}
}
