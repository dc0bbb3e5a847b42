package main

import (
	"bytes"
	"context"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gobilevel/bilevel"
	"github.com/gobilevel/bilevel/examples/exampletest"
)

// optimum is the best revenue in hundred minutes a day: found by two formulations of the mixed-integer program with the bounds on
// distances that shortest ways at no and at full tolls give, written for the purpose outside of this project's code.
const optimum = 6785

func TestTextIsProgram(t *testing.T) {
	for n, files := range map[int][]string{10: {"toll.dat"}, 20: {"toll.dat", "tolled-20.dat"}, 76: {"toll.dat", "tolled-76.dat"}} {
		tolled, err := tolledLinks(n)
		if err != nil || len(tolled) != n {
			t.Fatalf("%d links: %v, %v", n, tolled, err)
		}
		exampletest.Same(t, exampletest.Read(t, "toll.mod", files...), build(tolled, highest).Model)
	}
}

func TestSolveText(t *testing.T) {
	m := exampletest.Read(t, "toll.mod", "toll.dat")
	r := exampletest.Optimal(t, m, optimum, 1e-4, bilevel.Options{Gap: 1e-4})
	if r.Gap > 1e-4 {
		t.Errorf("the gap is %g", r.Gap)
	}
	tolls := r.Point.X[:10] // the leader's variables come first
	if got := revenue(busiest[:10], tolls); math.Abs(got-r.Objective) > 1e-4*optimum {
		t.Errorf("cheapest ways at tolls %g bring %g, the solver says %g", tolls, got, r.Objective)
	}
}

func TestRun(t *testing.T) {
	if testing.Short() {
		t.Skip("TestSolveText solves the same model")
	}
	var out bytes.Buffer
	if err := run(context.Background(), nil, &out); err != nil {
		t.Fatal(err)
	}
	if want := "optimal, proof global: 6785.0 hundred minutes a day"; !strings.Contains(out.String(), want) || strings.Count(out.String(), "\n") != 12 {
		t.Errorf("want %q and a table of ten links, got\n%s", want, out.String())
	}
}

// The tolls in the table of the README bring the optimum, computed without a solver.
func TestReadmeTolls(t *testing.T) {
	if got := revenue(busiest[:10], []float64{7, 7, 7, 7, 8, 8, 10, 10, 9, 9}); math.Abs(got-optimum) > 1e-9*optimum {
		t.Errorf("they bring %g, want %d", got, optimum)
	}
}

// With all links tolled the limit on each brings the optimum of the README.
func TestReadmeAllLinks(t *testing.T) {
	tolls := make([]float64, len(links))
	for a := range tolls {
		tolls[a] = highest
	}
	if got := revenue(links, tolls); got != 82660 {
		t.Errorf("they bring %g, want 82660", got)
	}
}

// With tolls on two links all rows of the program that gives the tolls for a fixed choice of ways have coefficients -1, 0 or 1 on the two
// tolls and whole numbers on the right, so that some optimal tolls are multiples of a half: a grid finds the optimum.
func TestTwoLinksAgainstGrid(t *testing.T) {
	for _, tolled := range [][]link{{{10, 16, 4}, {16, 17, 2}}, {{15, 22, 3}, {16, 10, 4}}} {
		best := 0.0
		for i := range 2*highest + 1 {
			for j := range 2*highest + 1 {
				best = max(best, revenue(tolled, []float64{float64(i) / 2, float64(j) / 2}))
			}
		}
		r := exampletest.Optimal(t, build(tolled, highest).Model, best, 1e-6)
		t.Logf("%v: %g at tolls %g", tolled, best, r.Point.X[:2])
	}
}

// Revenue is bounded because every trip has a way without toll.
func TestTollFreeWays(t *testing.T) {
	closed := func(a int) bool {
		return slices.ContainsFunc(busiest, func(l link) bool { return place(l) == a })
	}
	for o := range nodes {
		for k, r := range routes(o, make([]float64, len(links)), closed) {
			if math.IsInf(r.cost, 1) {
				t.Errorf("no way without toll from %d to %d", o+1, k+1)
			}
		}
	}
}

// The tolled links are the busiest ones when nothing is charged.
func TestBusiest(t *testing.T) {
	load := loads()
	for _, n := range []int{10, 20} {
		tolled, least := busiest[:n], math.Inf(1)
		for _, l := range tolled {
			least = min(least, load[place(l)])
		}
		for a, l := range links {
			if load[a] >= least && !slices.Contains(tolled, l) {
				t.Errorf("%d links: %d-%d carries %.0f, as much as a tolled one", n, l.from, l.to, load[a])
			}
		}
	}
}

// With 20 or 76 links a search that is stopped has a point that brings what it says, and a bound above it.
func TestStopped(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes two time limits")
	}
	for _, n := range []int{20, 76} {
		tolled, err := tolledLinks(n)
		if err != nil {
			t.Fatal(err)
		}
		r, err := bilevel.Solve(context.Background(), build(tolled, highest).Model, bilevel.Options{Gap: 1e-4, TimeLimit: 5 * time.Second})
		if err != nil {
			t.Fatal(err)
		}
		if r.Point == nil {
			t.Errorf("%d links: no point, %v", n, r.Status)
			continue
		}
		if got := revenue(tolled, r.Point.X[:n]); math.Abs(got-r.Objective) > 1e-4*r.Objective {
			t.Errorf("%d links: cheapest ways bring %g, the objective is %g", n, got, r.Objective)
		}
		// More tolled links bring no less, as their tolls may be nothing.
		if r.Bound < max(r.Objective, optimum)*(1-1e-4) {
			t.Errorf("%d links: objective %g, bound %g, and ten links bring %d", n, r.Objective, r.Bound, optimum)
		}
	}
}

func TestNoSuchInstance(t *testing.T) {
	var out bytes.Buffer
	if err := run(context.Background(), []string{"-links", "30"}, &out); err == nil || err.Error() != "there is no instance with 30 tolled links; choose 10, 20 or 76" {
		t.Error(err)
	}
}

// The figures are the published ones: as many links, trips and pairs of places.
func TestFigures(t *testing.T) {
	trips, pairs := 0.0, 0
	for o := range nodes {
		for d := range nodes {
			trips += demand[o][d]
			if demand[o][d] > 0 {
				pairs++
			}
		}
	}
	if len(links) != 76 || trips != 3606 || pairs != 528 {
		t.Errorf("%d links, %g hundred trips between %d pairs of places; want 76, 3606 and 528", len(links), trips, pairs)
	}
}
