package bilevel_test

import (
	"context"
	"fmt"
	"maps"
	"math"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gobilevel/bilevel"
	"github.com/gobilevel/bilevel/model/modfile"
)

// claimsVar asks for all methods on all problems in TestNoFalseClaim, with so many seconds a run.
const claimsVar = "BILEVEL_CLAIMS"

// claimWays are the ways whose answers TestNoFalseClaim looks at.
var claimWays = []string{"", "kkt", "fritz-john", "kkt+relax:scholtes", "kkt+ncp:fischer-burmeister", "kkt+penalty", "kkt+mstationary", "global", "implicit",
	"value-function:newton", "value-function:gauss-newton", "value-function:lm", "value-function:dca", "value-function:gradient", "value-function:bome", "value-function:f2sa"}

// TestNoFalseClaim solves the problems of BOLIB whose follower has one or two variables in every way, and looks on a grid of the follower's variables for
// an answer that is better for the follower than the one which the certificate calls optimal. A sample of ways and problems is
// taken where BILEVEL_CLAIMS is not set to a number of seconds.
func TestNoFalseClaim(t *testing.T) {
	list := readBolib(t)
	limit, err := time.ParseDuration(os.Getenv(claimsVar) + "s")
	all := err == nil
	if !all {
		limit = time.Second
	}
	tally := map[string]int{}
	count, claims := 0, 0
	for _, p := range list {
		m, err := modfile.ReadFiles(p.File)
		if err != nil {
			t.Fatal(err)
		}
		y := followersVars(m)
		if len(y) == 0 || len(y) > 2 {
			continue
		}
		for _, way := range claimWays {
			if count++; !all && count%61 != 0 {
				continue
			}
			ctx, cancel := context.WithTimeout(context.Background(), limit+5*time.Second)
			r, err := bilevel.Solve(ctx, m, bilevel.Options{Reform: way, TimeLimit: limit})
			cancel()
			switch {
			case err != nil:
				tally[way+": refused"]++
				continue
			case r.Point == nil || r.Certificate == nil || !r.Certificate.Verified:
				tally[way+": no claim"]++
				continue
			}
			claims++
			tally[way+": verified"]++
			z, gain, looked := betterOnGrid(m, y, r.Point.X)
			if looked < 10 {
				tally["with fewer than 10 feasible points on the grid"]++
			}
			if gain > 0 {
				t.Errorf("%s, %q: at x = %v the answer %v is %v better for the follower than the one that was verified, %v (evidence %v)", p.Name, way, r.Point.X, z, gain, r.Certificate.FollowerGap, r.Certificate.Evidence)
			}
		}
	}
	for _, k := range slices.Sorted(maps.Keys(tally)) {
		t.Logf("%5d %s", tally[k], k)
	}
	if few := tally["with fewer than 10 feasible points on the grid"]; claims < 12 || few > claims/5 {
		t.Errorf("only %d claims were looked at, %d of them at fewer than ten points", claims, few)
	}
}

// followersVars are the variables of the followers.
func followersVars(m *bilevel.Model) []int {
	var out []int
	for j := range m.NumVars() {
		if m.VarOwner(j) > 0 {
			out = append(out, j)
		}
	}
	return out
}

// betterOnGrid looks for a feasible answer on a grid, around the given one and over the whole box or what is near where it is unbounded, whose cost is
// lower than at point by more than 2e-5 relative to max(1, |cost|). It returns the answer and how much is gained, 0 where there is none, and the number of feasible points.
func betterOnGrid(m *bilevel.Model, y []int, point []float64) (answer []float64, gain float64, looked int) {
	x := slices.Clone(point)
	var rows []int
	for r := range m.NumRows() {
		if m.RowOwner(r) == 1 {
			rows = append(rows, r)
		}
	}
	cost := func() float64 { return m.Player(1).Objective().Sense.Sign() * m.ObjectiveValue(1, x) }
	here := cost()
	least := here - 2e-5*math.Max(1, math.Abs(here))
	steps := 400
	if len(y) == 2 {
		steps = 120
	}
	var visit func(k int, radius float64)
	visit = func(k int, radius float64) {
		if k == len(y) {
			for _, r := range rows {
				if m.RowViolation(r, x) > 1e-9 {
					return
				}
			}
			looked++
			if c := cost(); c < least {
				least, gain = c, here-c
				answer = nil
				for _, j := range y {
					answer = append(answer, x[j])
				}
			}
			return
		}
		lo, hi := m.VarBounds(y[k])
		lo, hi = math.Max(lo, point[y[k]]-radius), math.Min(hi, point[y[k]]+radius)
		for s := range steps + 1 {
			x[y[k]] = lo + (hi-lo)*float64(s)/float64(steps)
			visit(k+1, radius)
		}
	}
	for _, radius := range []float64{0.01, 1, 10, 1000} {
		visit(0, radius)
	}
	return answer, gain, looked
}

// TestBetterOnGrid: an answer that is wrong is seen.
func TestBetterOnGrid(t *testing.T) {
	m := bilevel.NewModel("hollows")
	tilt := m.Leader().Var("tilt", -1, 1)
	f := m.Follower("ball")
	place := f.Var("place", -2, 2)
	f.Minimize(place.Pow(4).Minus(place.Pow(2).Times(2)).Plus(tilt.Times(place)))
	f.Constrain("wall", place.GE(-1.5))
	m.Leader().Minimize(tilt)
	if z, gain, _ := betterOnGrid(m, []int{1}, []float64{0.5, 0.93}); gain < 0.9 || strings.TrimSpace(fmt.Sprintf("%.1f", z)) != "[-1.1]" {
		t.Errorf("the shallow hollow: %v is better by %v", z, gain)
	}
	if z, gain, looked := betterOnGrid(m, []int{1}, []float64{0.5, -1.057454}); gain != 0 || looked < 1000 {
		t.Errorf("the deep hollow: %v is better by %v", z, gain)
	}
}
