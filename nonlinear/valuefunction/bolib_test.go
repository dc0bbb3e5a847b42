package valuefunction_test

import (
	"context"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/gobilevel/bilevel"
	"github.com/gobilevel/bilevel/internal/dataset"
	"github.com/gobilevel/bilevel/model/modfile"
	"github.com/gobilevel/bilevel/nonlinear/valuefunction"
	"github.com/gobilevel/bilevel/verify"
)

// TestKnownSolutionsAreZeros: where all functions are linear, a problem is partially calm at its solutions and needs no constraint
// qualification, so that the proven optimum is a zero of the square system for a λ that is large enough. From the optimum, with the
// follower's multipliers, the method has to find one with the same objective.
func TestKnownSolutionsAreZeros(t *testing.T) {
	dir, ok := dataset.Find("bolib")
	if !ok {
		t.Skip("the BOLIB collection is not there: set BILEVEL_DATA to the folder of the problem libraries")
	}
	text, err := os.ReadFile(filepath.Join(dir, "index.json"))
	if err != nil {
		t.Fatal(err)
	}
	var list []map[string]any
	if err := json.Unmarshal(text, &list); err != nil {
		t.Fatal(err)
	}
	tried, missed := 0, 0
	for _, e := range list {
		if e["class"] != "linear" {
			continue
		}
		name, _ := e["name"].(string)
		m, err := modfile.ReadFiles(filepath.Join(dir, name+".mod"))
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		best, err := bilevel.Solve(ctx, m)
		if err != nil {
			t.Fatal(err)
		}
		if best.Proof != bilevel.ProofGlobal {
			continue // unbounded
		}
		tried++
		p, err := valuefunction.New(m)
		if err != nil {
			t.Fatal(err)
		}
		answer, err := verify.Respond(ctx, m, best.Point.X, options())
		if err != nil {
			t.Fatal(err)
		}
		found, nearest := false, math.Inf(1)
		for _, lambda := range []float64{1, 10, 100, 1000} {
			r, err := p.Run(ctx, valuefunction.Start{X: best.Point.X, Answer: answer}, lambda, valuefunction.Options{})
			if err != nil {
				t.Fatal(err)
			}
			off := math.Abs(r.Objective-best.Objective) / math.Max(1, math.Abs(best.Objective))
			if r.Solved() {
				nearest = math.Min(nearest, off)
			}
			found = found || r.Solved() && off <= 1e-5 && math.Abs(r.Gap) <= 1e-5*math.Max(1, math.Abs(m.ObjectiveValue(1, r.X)))
		}
		if !found {
			missed++
			t.Logf("%s: no λ has a zero at the optimum %g; the nearest is off by %g", name, best.Objective, nearest)
		}
	}
	t.Logf("%d problems", tried)
	// CandlerTownsley1982 has an optimum at which several multipliers of the follower are optimal, and only some of them belong to a zero.
	if tried == 0 || missed > 1 {
		t.Errorf("%d of %d known optima are no zeros", missed, tried)
	}
}
