package verify_test

import (
	"context"
	"encoding/json"
	"math"
	"math/rand"
	"os"
	"path/filepath"
	"testing"

	"github.com/gobilevel/bilevel/internal/dataset"
	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/modfile"
	"github.com/gobilevel/bilevel/verify"
)

type bolibModel struct {
	name   string
	m      *model.Model
	start  []float64
	convex bool
}

// bolibModels reads the collection; the test is skipped where it is absent.
func bolibModels(t testing.TB) []bolibModel {
	t.Helper()
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
		LowerConvex *bool `json:"lower_convex"`
	}
	if err := json.Unmarshal(text, &list); err != nil {
		t.Fatal(err)
	}
	var out []bolibModel
	for _, e := range list {
		m, err := modfile.ReadFiles(filepath.Join(dir, e.Name+".mod"))
		if err != nil {
			t.Fatal(err)
		}
		x, _ := m.StartPoint()
		for j := range x {
			lo, hi := m.VarBounds(j)
			x[j] = math.Min(math.Max(x[j], lo), hi)
		}
		out = append(out, bolibModel{e.Name, m, x, e.LowerConvex != nil && *e.LowerConvex})
	}
	return out
}

// TestBolibFollowers answers the start of each problem by its follower, checks the point, and checks feasible answers beside it, of which
// those that cost clearly more must be refused.
func TestBolibFollowers(t *testing.T) {
	opt := smoothOptions(t)
	rng := rand.New(rand.NewSource(5))
	answered, proven, refused := 0, 0, 0
	for _, b := range bolibModels(t) {
		p, err := verify.Respond(context.Background(), b.m, b.start, opt)
		if err != nil {
			continue // no answer to this start: it is infeasible, or the follower has no optimum
		}
		answered++
		c, err := verify.Check(context.Background(), b.m, p.X, opt)
		if err != nil {
			t.Fatal(err)
		}
		f := c.Followers[0]
		if f.Evidence == verify.EvidenceProof && math.Abs(f.Gap) <= 1e-6 {
			proven++
		} else if b.convex {
			t.Errorf("%s: evidence %v\n%v", b.name, f.Evidence, c)
		}
		fp, err := b.m.FollowerProblem(1, p.X)
		if err != nil {
			t.Fatal(err)
		}
		opt := opt
		opt.SkipSpread = true
		sign := b.m.Player(1).Objective().Sense.Sign()
		for range 20 {
			y := fp.Restrict(p.X)
			inside := true
			for j := range y {
				y[j] += rng.NormFloat64() * 0.05 * math.Max(1, math.Abs(y[j]))
				inside = inside && fp.Model.VarViolation(j, y[j]) == 0
			}
			for r := range fp.Model.NumRows() {
				inside = inside && fp.Model.RowViolation(r, y) == 0
			}
			x := append([]float64(nil), p.X...)
			fp.Extend(x, y)
			if !inside || !(sign*(b.m.ObjectiveValue(1, x)-f.Objective) > 1e-5*math.Max(1, math.Abs(f.Objective))) {
				continue
			}
			c, err := verify.Check(context.Background(), b.m, x, opt)
			if err != nil {
				t.Fatal(err)
			}
			if g := c.Followers[0]; math.Abs(g.Gap) <= 1e-6 {
				t.Errorf("%s: an answer with objective %v passed beside one with %v\n%v", b.name, g.Objective, f.Objective, c)
			}
			refused++
			break
		}
	}
	if t.Logf("%d starts answered, %d proven, %d answers refused", answered, proven, refused); answered < 90 || proven < answered || refused < 50 {
		t.Errorf("%d starts answered, %d proven, %d answers refused", answered, proven, refused)
	}
}

// BenchmarkBolibConvexFollowers is a check of the answers to the starts of the problems with nonlinear convex followers.
func BenchmarkBolibConvexFollowers(b *testing.B) {
	opt := smoothOptions(b)
	type point struct {
		m *model.Model
		x []float64
	}
	var points []point
	for _, k := range bolibModels(b) {
		if p, err := verify.Respond(context.Background(), k.m, k.start, opt); err == nil && k.convex {
			points = append(points, point{k.m, p.X})
		}
	}
	for i := 0; b.Loop(); i++ {
		p := points[i%len(points)]
		if _, err := verify.Check(context.Background(), p.m, p.x, opt); err != nil {
			b.Fatal(err)
		}
	}
}
