package bilevel_test

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
)

// TestMacMPECExact solves the instances of the collection that are linear or convex quadratic apart from their pairs. Whatever value is
// claimed to be a proven optimum must be the target of the collection; and most of these instances must be proven within seconds.
func TestMacMPECExact(t *testing.T) {
	dir, ok := dataset.Find("macmpec")
	if !ok {
		t.Skip("the MacMPEC collection is not there: set BILEVEL_DATA to the folder of the problem libraries")
	}
	text, err := os.ReadFile(filepath.Join(dir, "index.json"))
	if err != nil {
		t.Fatal(err)
	}
	var list []struct {
		ID, Mod string
		Dat     *string
		Target  any
	}
	if err := json.Unmarshal(text, &list); err != nil {
		t.Fatal(err)
	}
	tried, proven := 0, 0
	for _, e := range list {
		files := []string{}
		if e.Dat != nil && *e.Dat != "" {
			files = append(files, filepath.Join(dir, *e.Dat))
		}
		m, err := modfile.ReadFiles(filepath.Join(dir, e.Mod), files...)
		if err != nil {
			t.Errorf("%s: %v", e.ID, err)
			continue
		}
		if x, err := bilevel.Explain(m); err != nil || !exact(x) || m.NumPairs() > 200 {
			continue
		}
		tried++
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		r, err := bilevel.Solve(ctx, m)
		cancel()
		if err != nil {
			t.Errorf("%s: %v", e.ID, err)
			continue
		}
		target, known := e.Target.(float64)
		if r.Proof != bilevel.ProofGlobal || !known {
			t.Logf("%s: %v, proof %v, value %v, target %v", e.ID, r.Status, r.Proof, r.Objective, e.Target)
			continue
		}
		proven++
		if math.Abs(r.Objective-target) > 1e-4*math.Max(1, math.Abs(target)) {
			t.Errorf("%s: proven optimum %v, target %v", e.ID, r.Objective, target)
		}
	}
	t.Logf("%d of %d instances proven", proven, tried)
	if proven < 28 {
		t.Errorf("only %d of %d instances were proven", proven, tried)
	}
}
