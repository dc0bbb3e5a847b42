package bilevelglobal

import (
	"context"
	"errors"
	"math"
	"os"
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

func readBolib(t *testing.T) []dataset.BolibProblem {
	t.Helper()
	list, err := dataset.Bolib()
	if errors.Is(err, dataset.ErrNoBolib) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	return list
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
	list := readBolib(t)
	opt := checks(t)
	found := 0
	for _, k := range list {
		switch k.Name {
		case "AnEtal2009", "GumusFloudas2001Ex5", "MitsosBarton2006Ex311", "MitsosBarton2006Ex317", "MitsosBarton2006Ex321", "MitsosBarton2006Ex32", "PaulaviciusAdjiman2017b", "NieWangYe2017Ex61":
		default:
			continue
		}
		found++
		m, err := modfile.ReadFiles(k.File)
		if err != nil {
			t.Fatal(err)
		}
		a, err := Solve(context.Background(), m, Options{TimeLimit: 20 * time.Second, Verify: opt, Starts: 4})
		if err != nil {
			t.Fatal(err)
		}
		if math.IsNaN(k.Known) {
			if a.Proof != model.ProofInfeasible {
				t.Errorf("%s: %v, proof %v, F %v", k.Name, a.Status, a.Proof, a.F)
			}
			continue
		}
		if tol := 1e-2 * math.Max(1, math.Abs(k.Known)); a.Proof != model.ProofGlobal || math.Abs(a.F-k.Known) > tol || a.Bound > k.Known+tol {
			t.Errorf("%s: %v, proof %v, F %v, bound %v, known %v, %+v", k.Name, a.Status, a.Proof, a.F, a.Bound, k.Known, a.Statistics)
		}
	}
	if found != 8 {
		t.Errorf("%d problems of 8 are in the collection", found)
	}
}

// TestBolibSweep solves the problems of the collection with at most six variables. BILEVEL_BOLIB_GLOBAL is the time for each, "20s", and
// BILEVEL_BOLIB_NAMES parts of names, to choose some. It fails where a bound or proof contradicts a known value.
func TestBolibSweep(t *testing.T) {
	limit, err := time.ParseDuration(os.Getenv("BILEVEL_BOLIB_GLOBAL"))
	if err != nil {
		t.Skip("set BILEVEL_BOLIB_GLOBAL to the time for each problem, for instance 20s")
	}
	list := readBolib(t)
	proven, agreed, tried := 0, 0, 0
	for _, k := range list {
		if k.N1+k.N2 > 6 || !named(k.Name) {
			continue
		}
		m, err := modfile.ReadFiles(k.File)
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
		d := (a.F - k.Known) / math.Max(1, math.Abs(k.Known))
		agree := "DIFF"
		if math.Abs(d) <= 1e-2 || math.IsNaN(k.Known) {
			agree = "same"
			agreed++
		}
		if tol := 1e-2 * math.Max(1, math.Abs(k.Known)); !math.IsNaN(k.Known) && (a.Bound > k.Known+tol || a.Proof == model.ProofInfeasible || a.Proof == model.ProofGlobal && agree != "same") {
			t.Errorf("%s: proof %v, F %v, bound %v contradict the known value %v", k.Name, a.Proof, a.F, a.Bound, k.Known)
		}
		st := a.Statistics
		t.Logf("%s %s %-26s %d+%d %-10v %-18v F %-12.7g bound %-12.7g known %-10.6g %6.2f s %6d boxes (%d empty %d bound %d lp %d undecided) %d resp %d seeds %d checks %d locals %v",
			word, agree, k.Name, k.N1, k.N2, a.Status, a.Proof, a.F, a.Bound, k.Known, st.Seconds, st.Nodes, st.Contracted, st.ByBound, st.ByRelaxation, st.Undecided, st.Responses, st.Seeds, st.Checks, st.Locals, a.Assumed)
	}
	t.Logf("%d tried, %d proven, %d agree", tried, proven, agreed)
	if tried == 0 {
		t.Error("no problem was tried")
	}
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
