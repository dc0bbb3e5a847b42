package global_test

import (
	"context"
	"encoding/json"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/gobilevel/bilevel/internal/dataset"
	"github.com/gobilevel/bilevel/model/modfile"
	"github.com/gobilevel/bilevel/nonlinear/global"
)

// unbounded are the problems whose followers have no least cost: their box stands in the leader's constraints.
var unbounded = map[string]bool{"LuDebSinha2016d": true, "LuDebSinha2016e": true}

// TestFollowersOfBolib solves the followers of the collection that are not known to be convex, at the start of the leader and at random values of its
// variables: all of up to six variables are to be closed to 1e-6.
func TestFollowersOfBolib(t *testing.T) {
	dir, ok := dataset.Find("bolib")
	if !ok {
		t.Skip("the BOLIB collection is not there: set BILEVEL_DATA to the folder of the problem libraries")
	}
	text, err := os.ReadFile(filepath.Join(dir, "index.json"))
	if err != nil {
		t.Fatal(err)
	}
	var list []struct {
		Name        string
		N2          int
		LowerConvex *bool `json:"lower_convex"`
	}
	if err := json.Unmarshal(text, &list); err != nil {
		t.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(31, 32))
	problems, proven, solves, closed := 0, 0, 0, 0
	for _, e := range list {
		if e.LowerConvex != nil && *e.LowerConvex {
			continue
		}
		m, err := modfile.ReadFiles(filepath.Join(dir, e.Name+".mod"))
		if err != nil {
			t.Fatal(err)
		}
		problems++
		all := true
		for k := range 4 {
			x, _ := m.StartPoint()
			for j := range x {
				lo, hi := m.VarBounds(j)
				if k > 0 && m.VarOwner(j) == 0 {
					lo, hi = math.Max(lo, x[j]-2), math.Min(hi, x[j]+2)
					x[j] = lo + (hi-lo)*rng.Float64()
				}
				x[j] = math.Min(math.Max(x[j], lo), hi)
			}
			fp, err := m.FollowerProblem(1, x)
			if err != nil {
				t.Fatal(err)
			}
			begin := time.Now()
			a, err := global.Minimise(context.Background(), fp.Model, global.Options{MaxBoxes: 5000})
			if err != nil {
				t.Fatal(err)
			}
			solves++
			spent := time.Since(begin)
			done := a.Status == global.Optimal || a.Status == global.Infeasible || a.Status == global.Unbounded && unbounded[e.Name]
			if done {
				closed++
			}
			if spent > 300*time.Millisecond || !done || a.Boxes > 1000 {
				t.Logf("%s (n2 = %d, sample %d): %v, value %v, bound %v, %d boxes, %d local searches, %v", e.Name, e.N2, k, a.Status, a.Value, a.Bound, a.Boxes, a.Local, spent)
			}
			all = all && done && spent < 30*time.Second
			if !done && e.N2 <= 6 {
				t.Errorf("%s at sample %d: %v", e.Name, k, a.Status)
			}
		}
		if all {
			proven++
		}
	}
	t.Logf("%d of %d problems closed at all samples, %d of %d solves", proven, problems, closed, solves)
}
