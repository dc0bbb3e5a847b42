package bilevelglobal

import (
	"context"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/gobilevel/bilevel/backends"
	_ "github.com/gobilevel/bilevel/backends/highs" // the followers' linear problems
	"github.com/gobilevel/bilevel/internal/dataset"
	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/modfile"
	_ "github.com/gobilevel/bilevel/nonlinear/builtin" // local searches
	"github.com/gobilevel/bilevel/verify"
)

// known is what the index of the collection says of a problem; value is NaN where it has no optimum.
type known struct {
	Name  string `json:"name"`
	N1    int    `json:"n1"`
	N2    int    `json:"n2"`
	class string
	value float64
}

func readKnown(t *testing.T) (string, []known) {
	t.Helper()
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
	var out []known
	for _, e := range list {
		k := known{value: math.NaN()}
		k.Name, _ = e["name"].(string)
		k.class, _ = e["class"].(string)
		n1, _ := e["n1"].(float64)
		n2, _ := e["n2"].(float64)
		k.N1, k.N2 = int(n1), int(n2)
		best, corrected := e["F_check"]
		if !corrected {
			best = e["F_best"]
		}
		if v, ok := best.(float64); ok {
			k.value = v
		}
		out = append(out, k)
	}
	return dir, out
}

// checks are the settings of checks with the solvers of this binary.
func checks(t testing.TB) verify.Options {
	t.Helper()
	var o verify.Options
	if b, err := backends.Open("highs"); err == nil {
		o.Backend = b
	} else {
		t.Skip("without HiGHS nothing is relaxed: ", err)
	}
	s, err := backends.OpenSmooth("builtin")
	if err != nil {
		t.Fatal(err)
	}
	o.Smooth = s
	return o
}

// TestKnownValues solves a few problems of the collection whose followers are not convex, and one without a bilevel-feasible point.
func TestKnownValues(t *testing.T) {
	dir, list := readKnown(t)
	opt := checks(t)
	found := 0
	for _, k := range list {
		switch k.Name {
		case "AnEtal2009", "GumusFloudas2001Ex5", "MitsosBarton2006Ex311", "MitsosBarton2006Ex317", "MitsosBarton2006Ex321", "MitsosBarton2006Ex32", "PaulaviciusAdjiman2017b", "NieWangYe2017Ex61":
		default:
			continue
		}
		found++
		m, err := modfile.ReadFiles(filepath.Join(dir, k.Name+".mod"))
		if err != nil {
			t.Fatal(err)
		}
		a, err := Solve(context.Background(), m, Options{TimeLimit: 20 * time.Second, Verify: opt, Starts: 4})
		if err != nil {
			t.Fatal(err)
		}
		if math.IsNaN(k.value) {
			if a.Proof != model.ProofInfeasible {
				t.Errorf("%s: %v, proof %v, F %v", k.Name, a.Status, a.Proof, a.F)
			}
			continue
		}
		if tol := 1e-2 * math.Max(1, math.Abs(k.value)); a.Proof != model.ProofGlobal || math.Abs(a.F-k.value) > tol || a.Bound > k.value+tol {
			t.Errorf("%s: %v, proof %v, F %v, bound %v, known %v, %+v", k.Name, a.Status, a.Proof, a.F, a.Bound, k.value, a.Statistics)
		}
	}
	if found != 8 {
		t.Errorf("%d problems of 8 are in the collection", found)
	}
}

// TestBolibSweep solves the problems of the collection with at most six variables. BILEVEL_BOLIB_GLOBAL is the time for each, "20s", and
// BILEVEL_BOLIB_NAMES a part of the names, to choose some.
func TestBolibSweep(t *testing.T) {
	limit, err := time.ParseDuration(os.Getenv("BILEVEL_BOLIB_GLOBAL"))
	if err != nil {
		t.Skip("set BILEVEL_BOLIB_GLOBAL to the time for each problem, for instance 20s")
	}
	dir, list := readKnown(t)
	proven, agreed, tried := 0, 0, 0
	for _, k := range list {
		if k.N1+k.N2 > 6 || !named(k.Name) {
			continue
		}
		m, err := modfile.ReadFiles(filepath.Join(dir, k.Name+".mod"))
		if err != nil {
			t.Fatal(err)
		}
		tried++
		a, err := Solve(context.Background(), m, Options{TimeLimit: limit, Verify: checks(t)})
		if err != nil {
			t.Logf("FAIL %-26s %v", k.Name, err)
			continue
		}
		word := "    "
		if a.Proof == model.ProofGlobal || a.Proof == model.ProofInfeasible {
			proven++
			word = "PROV"
		}
		d := (a.F - k.value) / math.Max(1, math.Abs(k.value))
		agree := "DIFF"
		if math.Abs(d) <= 1e-2 || math.IsNaN(k.value) {
			agree = "same"
			agreed++
		}
		st := a.Statistics
		t.Logf("%s %s %-26s %d+%d %-10v %-18v F %-12.7g bound %-12.7g known %-10.6g %6.2f s %6d boxes (%d empty %d bound %d lp %d undecided) %d resp %d seeds %d checks %d locals %v",
			word, agree, k.Name, k.N1, k.N2, a.Status, a.Proof, a.F, a.Bound, k.value, st.Seconds, st.Nodes, st.Contracted, st.ByBound, st.ByRelaxation, st.Undecided, st.Responses, st.Seeds, st.Checks, st.Locals, a.Assumed)
	}
	t.Logf("%d tried, %d proven, %d agree", tried, proven, agreed)
}

func named(name string) bool {
	part := os.Getenv("BILEVEL_BOLIB_NAMES")
	for _, p := range strings.Split(part, ",") {
		if strings.Contains(name, p) {
			return true
		}
	}
	return false
}
