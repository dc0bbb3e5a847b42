package bilevel_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gobilevel/bilevel"
	"github.com/gobilevel/bilevel/backends"
	"github.com/gobilevel/bilevel/backends/highs"
	"github.com/gobilevel/bilevel/branch"
	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/reform"
	"github.com/gobilevel/bilevel/reform/reformtest"
)

// The number of random instances of one run, and the first seed: BILEVEL_PROPERTY=20000 BILEVEL_SEED=5000 makes a long run elsewhere.
const (
	propertyCases = 2200
	countVar      = "BILEVEL_PROPERTY"
	seedVar       = "BILEVEL_SEED"
)

// ways are the plans that every instance goes through; a plan may refuse an instance with a typed error, as refused says.
var ways = []struct {
	name string
	opt  bilevel.Options
	// assumes: the plan may rest on assumed bounds, so that only what it claims unconditionally is held against it.
	assumes bool
}{
	{"auto", bilevel.Options{}, false},
	{"kkt -> branch", bilevel.Options{Reform: "kkt", Backend: "branch"}, false},
	{"big-m -> highs", bilevel.Options{Reform: "kkt+big-m", Backend: "highs", BigM: 1000, Threads: 1}, true},
	{"probed big-m -> highs", bilevel.Options{Reform: "kkt-strong+probe+big-m", Backend: "highs", Threads: 1}, true},
	{"sos1 -> binaries -> highs", bilevel.Options{Reform: "kkt+sos1+binaries", Backend: "highs", BigM: 1000, Threads: 1}, true},
	{"strong duality", bilevel.Options{Reform: "strong-duality", Backend: "highs"}, false},
	{"regions", bilevel.Options{Reform: "regions"}, false},
	{"sos1 -> lpsolve", bilevel.Options{Reform: "kkt+sos1", Backend: "lpsolve"}, false},
}

func fromEnv(name string, otherwise int) int {
	if n, err := strconv.Atoi(os.Getenv(name)); err == nil && n > 0 {
		return n
	}
	return otherwise
}

// TestRandomInstances compares every plan with enumeration on random instances. A failing instance is made small before it is shown;
// put it into testdata/property under a name that says what was wrong.
func TestRandomInstances(t *testing.T) {
	n, first := fromEnv(countVar, propertyCases), fromEnv(seedVar, 1)
	if testing.Short() && n > 300 {
		n = 300
	}
	reports := make([]*report, n)
	next := atomic.Int64{}
	var wait sync.WaitGroup
	for range 2 { // one solve runs on one thread
		wait.Go(func() {
			for k := int(next.Add(1)) - 1; k < n; k = int(next.Add(1)) - 1 {
				reports[k] = compare(uint64(first + k))
			}
		})
	}
	wait.Wait()
	tally := map[string]int{}
	shown := 0
	for _, r := range reports {
		for _, v := range r.verdicts {
			tally[v]++
		}
		for _, f := range r.failures {
			if shown++; shown <= 10 {
				t.Error(f.shrunk())
			} else {
				t.Errorf("seed %d, %s: %v", f.seed, ways[f.way].name, f.err)
			}
		}
	}
	for _, k := range slices.Sorted(maps.Keys(tally)) {
		t.Logf("%6d %s", tally[k], k)
	}
	for _, way := range []string{"auto", "kkt -> branch", "strong duality"} {
		if none := tally[way+": none"]; none > n/500 {
			t.Errorf("%s: %d answers of %d without a proof", way, none, n)
		}
	}
	if open := highs.OpenInstances(); open != 0 {
		t.Errorf("%d instances of HiGHS were left open", open)
	}
}

// report is what came of one seed.
type report struct {
	verdicts []string
	failures []*failure
}

// failure is a wrong claim.
type failure struct {
	seed   uint64
	traits reformtest.Traits
	in     *reformtest.Instance
	way    int
	err    error
}

// compare solves one random instance in all ways.
func compare(seed uint64) *report {
	r := &report{}
	in, traits := reformtest.Random(seed)
	want, err := in.Solve()
	if err != nil {
		r.verdicts = append(r.verdicts, "not enumerated: "+err.Error())
		return r
	}
	r.verdicts = append(r.verdicts, "answer "+want.Answer.String())
	for k, w := range ways {
		verdict, err := attempt(in, want, w.opt, w.assumes)
		r.verdicts = append(r.verdicts, w.name+": "+verdict)
		if err != nil {
			r.failures = append(r.failures, &failure{seed, traits, in, k, err})
		}
	}
	return r
}

// shrunk makes the instance small and describes the failure.
func (f *failure) shrunk() string {
	w := ways[f.way]
	try := func(in *reformtest.Instance) error {
		want, err := in.Solve()
		if err != nil {
			return nil
		}
		_, err = attempt(in, want, w.opt, w.assumes)
		return err
	}
	until := time.Now().Add(20 * time.Second)
	small := reformtest.Shrink(f.in, func(in *reformtest.Instance) bool { return time.Now().Before(until) && try(in) != nil })
	text, _ := json.Marshal(small)
	return fmt.Sprintf("seed %d (%v), %s: %v\nmade small: %v\n%v%s", f.seed, f.traits, w.name, f.err, try(small), small, text)
}

// attempt solves an instance in one way, and returns what came of it in a word, and an error where the claim is wrong.
func attempt(in *reformtest.Instance, want *reformtest.Outcome, opt bilevel.Options, assumes bool) (verdict string, err error) {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	r, err := bilevel.Solve(ctx, in.Model(), opt)
	if err != nil {
		if refused(err) {
			return "refused", nil
		}
		return "error", fmt.Errorf("unexpected error: %w", err)
	}
	err = judge(in, want, r, assumes)
	return r.Proof.String(), err
}

// refused reports whether an error says that a plan does not suit a model.
func refused(err error) bool {
	var noPlan *bilevel.NoPlanError
	var notAccepted *reform.NotAcceptedError
	var absent *backends.UnknownError // lp_solve need not be there
	var unsupported *backends.UnsupportedError
	var branchUnsupported *branch.UnsupportedError
	return errors.As(err, &noPlan) || errors.As(err, &absent) || errors.As(err, &notAccepted) || errors.As(err, &unsupported) || errors.As(err, &branchUnsupported)
}

func judge(in *reformtest.Instance, want *reformtest.Outcome, r *bilevel.Result, assumes bool) error {
	wrong := func(format string, args ...any) error {
		return fmt.Errorf("%s; want %v %v, got status %v, proof %v, objective %v, bound %v, plan %v -> %s, notes %q", fmt.Sprintf(format, args...), want.Answer, want.Value,
			r.Status, r.Proof, r.Objective, r.Bound, r.Plan, r.Backend, r.Notes)
	}
	tolerance := 2e-6
	if assumes && quadraticFollower(in) {
		tolerance = 5e-3 // near its best answer such a follower is flat: a gap of 1e-6 is a step of 1e-3, which a MILP solver's tolerances allow
	}
	better := func(a, b float64) bool { // a is better than b by more than the tolerance
		d := a - b
		if in.Players[0].Max {
			d = -d
		}
		return d < -tolerance*math.Max(1, math.Abs(b))
	}
	if r.Proof >= bilevel.ProofFeasible && r.Proof <= bilevel.ProofGlobal {
		switch {
		case r.Point == nil:
			return wrong("a proof about no point")
		case !r.Certificate.Verified:
			return wrong("the point is not verified: %v", r.Certificate.Reasons)
		case want.Answer == reformtest.Infeasible:
			return wrong("a point of an infeasible problem: %v", r.Point.X)
		case want.Answer == reformtest.Optimal && better(r.Objective, want.Value):
			return wrong("better than the optimum: %v", r.Point.X)
		}
		if len(in.Players[0].Dual) == 0 && largest(r.Point.X) < 1e6 { // at greater numbers rounding decides what a follower's best answer is
			if err := in.CheckPoint(r.Point.X, 1e-6); err != nil {
				return wrong("the point is not bilevel feasible: %v", err)
			}
		}
	}
	if (r.Backend == "builtin" || r.Backend == "ipopt") && r.Proof <= bilevel.ProofLocal {
		return nil // a local method need not find a point; the one that it finds was looked at
	}
	switch r.Proof {
	case bilevel.ProofGlobal:
		if want.Answer != reformtest.Optimal || better(want.Value, r.Objective) {
			return wrong("another point is better")
		}
		if r.Status != bilevel.StatusOptimal {
			return wrong("a global proof without the status optimal")
		}
	case bilevel.ProofInfeasible:
		if want.Answer != reformtest.Infeasible || r.Status != bilevel.StatusInfeasible {
			return wrong("not infeasible")
		}
	case bilevel.ProofUnbounded:
		if want.Answer != reformtest.Unbounded || r.Status != bilevel.StatusUnbounded {
			return wrong("not unbounded")
		}
	default:
		// HiGHS's QP solver does not tell an infeasible problem from an unbounded one: strong duality's answers of that kind are counted.
		undecided := r.Status == model.StatusInfOrUnbounded && slices.Contains(r.Plan, "strong-duality")
		if !assumes && !onEdge(want, r) && !undecided {
			return wrong("no proof")
		}
		if r.Status == bilevel.StatusInfeasible || r.Status == bilevel.StatusUnbounded {
			return wrong("a status without a proof")
		}
		if !math.IsNaN(r.Bound) && r.Proof != bilevel.ProofGlobalIfBounds && want.Answer == reformtest.Optimal && better(want.Value, r.Bound) {
			return wrong("the optimum is better than the bound")
		}
	}
	return nil
}

// onEdge reports whether a result without proof is honest: its objective is right, and a rounding error in the leader's decision lies between the
// follower's having an answer and its having none, as where a cost x0 is zero at the answer and the solver gives -1e-13.
func onEdge(want *reformtest.Outcome, r *bilevel.Result) bool {
	return r.Status == model.StatusReducedAccuracy && want.Answer == reformtest.Optimal && math.Abs(r.Objective-want.Value) <= 1e-6*math.Max(1, math.Abs(want.Value)) &&
		strings.Contains(strings.Join(r.Certificate.Reasons, "; "), "improves without limit")
}

// quadraticFollower reports whether a follower's objective has a quadratic term in its own variables.
func quadraticFollower(in *reformtest.Instance) bool {
	for p := 1; p < len(in.Players); p++ {
		for _, q := range in.Players[p].Quad {
			if in.Vars[q.I].Owner == p && in.Vars[q.J].Owner == p {
				return true
			}
		}
	}
	return false
}

// largest is the largest absolute value.
func largest(x []float64) float64 {
	big := 0.0
	for _, v := range x {
		big = math.Max(big, math.Abs(v))
	}
	return big
}

// TestPropertyCases keeps what random instances have found: each file of testdata/property is an instance and the reason why it is kept.
func TestPropertyCases(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("testdata", "property", "*.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			in := &reformtest.Instance{}
			if err := json.Unmarshal(text, in); err != nil {
				t.Fatal(err)
			}
			if in.Reason == "" {
				t.Error("no reason is given")
			}
			want, err := in.Solve()
			if err != nil {
				t.Fatal(err)
			}
			for _, w := range ways {
				if _, err := attempt(in, want, w.opt, w.assumes); err != nil {
					t.Errorf("%s: %v (kept because: %s)", w.name, err, in.Reason)
				}
			}
		})
	}
}
