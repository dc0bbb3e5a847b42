package bilevel_test

import (
	"context"
	"math"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gobilevel/bilevel"
	"github.com/gobilevel/bilevel/diagnose"
	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/modfile"
	"github.com/gobilevel/bilevel/reform/reformtest"
)

func diagnosed(t *testing.T, m *bilevel.Model, opt bilevel.DiagnoseOptions) *diagnose.Report {
	t.Helper()
	opt.Threads = 1
	r, err := bilevel.Diagnose(context.Background(), m, opt)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func members(c *diagnose.Conflict) []string {
	var out []string
	if c != nil {
		for _, e := range c.Members {
			out = append(out, e.Kind.String()+" "+e.Text)
		}
	}
	return out
}

func TestDiagnoseByHand(t *testing.T) {
	needsHighs(t)
	tests := []struct {
		name, text          string
		relaxation, problem model.Status
		scope               diagnose.Scope
		conflict            []string
		ray, answerRay      string // entries
		stays               model.Tri
		verdict             string
		reason              string
	}{
		{name: "levels conflict", text: `var x >= 0, <= 3; var idle >= 0, <= 9; lower f; var y >= 0; minimize g: y; subject to a: y >= x + 2; subject to c: y >= 1;
			upper; minimize F: x + idle + y; subject to limit: y <= 1; subject to other: x + idle <= 5;`,
			relaxation: model.StatusInfeasible, problem: model.StatusInfeasible, scope: diagnose.OfRelaxation,
			conflict: []string{"constraint -x + y >= 2", "constraint y <= 1", "bound x >= 0"}, verdict: "constraints of different players conflict",
			reason: "y >= x + 2 >= 2 > 1"},
		{name: "follower has no answer", text: `var x >= 0, <= 1; lower f; var y >= 0; minimize g: y; subject to a: y >= 4; subject to b: y <= 3; upper; minimize F: x + y;`,
			relaxation: model.StatusInfeasible, problem: model.StatusInfeasible, scope: diagnose.OfRelaxation,
			conflict: []string{"constraint y >= 4", "constraint y <= 3"}, verdict: "follower f has no feasible answer to any decision", reason: "4 > 3"},
		{name: "coupling", text: `var x >= 0, <= 1; lower f; var y >= 0; maximize g: y; subject to a: y <= 1 + x; upper; minimize F: x; subject to limit: y <= 0.5; subject to slack: x + y <= 9;`,
			relaxation: model.StatusOptimal, problem: model.StatusInfeasible, scope: diagnose.OfProblem,
			conflict: []string{"optimality follower f answers optimally", "constraint y <= 0.5", "bound x >= 0"}, verdict: "though its constraints are not",
			reason: "the follower answers 1 + x >= 1"},
		{name: "one of two followers", text: `var x >= 0, <= 1; lower f; var y >= 0; maximize g: y; subject to a: y <= 1 + x; lower h; var z >= 0; minimize k: z; subject to b: z >= x; upper;
			minimize F: x + z; subject to limit: y <= 0.5;`,
			relaxation: model.StatusOptimal, problem: model.StatusInfeasible, scope: diagnose.OfProblem,
			conflict: []string{"optimality follower f answers optimally", "constraint y <= 0.5", "bound x >= 0"}, reason: "h does not matter"},
		{name: "integrality", text: `var x integer >= 0, <= 5; lower f; var y >= 0, <= 1; minimize g: y; upper; minimize F: x + y; subject to half: 2 * x = 3; subject to no: x + y <= 20;`,
			relaxation: model.StatusInfeasible, problem: model.StatusInfeasible, scope: diagnose.OfRelaxation,
			conflict: []string{"constraint 2 x >= 3 (of an equation)", "constraint 2 x <= 3 (of an equation)"}, reason: "x = 1.5 is no integer"},
		{name: "pairs", text: `var x >= 0; var z >= 0; minimize F: x; subject to p: x >= 1 complements z >= 1; subject to c1: x >= 2; subject to c2: z >= 3;`,
			relaxation: model.StatusOptimal, problem: model.StatusInfeasible, scope: diagnose.OfProblem, reason: "neither slack can be zero",
			conflict: nil, verdict: "infeasible"},
		{name: "unbounded", text: `var x >= 0; var w >= 0, <= 4; lower f; var y >= 0; minimize g: y; subject to a: 3 * y >= x; upper; maximize F: x - 2 * y + w;`,
			relaxation: model.StatusUnbounded, problem: model.StatusUnbounded, ray: "x 1 y 0.333333", stays: model.Yes,
			verdict: "The problem is unbounded.", reason: "y = x/3, and F = x/3 along it"},
		{name: "unbounded along another ray", text: `var x >= 0; lower f; var y >= 0; minimize g: y; subject to a: 3 * y >= x; subject to b: y >= 2; upper; maximize F: x + 2 * y;`,
			relaxation: model.StatusUnbounded, problem: model.StatusUnbounded, ray: "y 1", stays: model.No, answerRay: "x 1 y 0.333333",
			verdict: "The problem is unbounded.", reason: "the relaxation gains most by y, which stays at max(2, x/3)"},
		{name: "ray with slope", text: `var x >= 0; lower f; var y >= 0; minimize g: y; subject to a: y >= x; subject to b: y <= x; upper; maximize F: x + y;`,
			relaxation: model.StatusUnbounded, problem: model.StatusUnbounded, ray: "x 1 y 1", stays: model.Yes, verdict: "The problem is unbounded.",
			reason: "y = x"},
		{name: "ray with integers", text: `var x integer >= 0; var w integer >= 0; lower f; var y >= 0; minimize g: y; subject to a: y >= x; upper; maximize F: x + w; subject to b: 2 * x = 3 * w;`,
			relaxation: model.StatusUnbounded, problem: model.StatusUnbounded, ray: "x 1 w 0.666667 y 1", stays: model.Yes, reason: "y = x, in steps of 3"},
		{name: "only the relaxation unbounded", text: `var x >= 0, <= 1; lower f; var y >= 0; minimize g: y; subject to a: y >= x; upper; maximize F: x + y;`,
			relaxation: model.StatusUnbounded, problem: model.StatusOptimal, ray: "y 1", stays: model.No, verdict: "the followers do not answer so", reason: "y = x <= 1"},
		{name: "follower infeasible somewhere", text: `var x >= 0, <= 10; lower f; var y; minimize g: y; subject to a: y >= x; subject to b: y <= 6 - 0.5 * x; upper; maximize F: x + 4 * y;`,
			relaxation: model.StatusOptimal, problem: model.StatusOptimal, verdict: "Follower f is infeasible at", reason: "for x > 4"},
		{name: "follower unbounded somewhere", text: `var x >= 0, <= 5; lower f; var y >= 0; maximize g: (x - 2) * y; upper; maximize F: 3 * x - y;`,
			relaxation: model.StatusOptimal, problem: model.StatusOptimal, verdict: "Follower f is unbounded at", reason: "for x > 2"},
		{name: "sound", text: `var x >= 0, <= 5; lower f; var y >= 0; minimize g: y; subject to a: y >= x; upper; maximize F: 3 * x - y;`,
			relaxation: model.StatusOptimal, problem: model.StatusOptimal, verdict: "neither infeasible nor unbounded", reason: "y = x"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			m, err := modfile.Read("t.mod", []byte(test.text))
			if err != nil {
				t.Fatal(err)
			}
			r := diagnosed(t, m, bilevel.DiagnoseOptions{})
			if r.Relaxation != test.relaxation || r.Problem != test.problem {
				t.Errorf("relaxation %v, problem %v; want %v, %v (%s)", r.Relaxation, r.Problem, test.relaxation, test.problem, test.reason)
			}
			if (r.Conflict != nil) != (test.problem == model.StatusInfeasible) {
				t.Errorf("conflict %v (%s)", members(r.Conflict), test.reason)
			} else if c := r.Conflict; c != nil {
				if c.Scope != test.scope || !c.Irreducible {
					t.Errorf("scope %v, irreducible %v", c.Scope, c.Irreducible)
				}
				if test.conflict != nil {
					if d := cmp.Diff(test.conflict, members(c)); d != "" {
						t.Errorf("%s: %s", test.reason, d)
					}
				}
			}
			if got := entriesOf(r.Ray); got != test.ray {
				t.Errorf("ray %q, want %q", got, test.ray)
			}
			if r.Ray != nil && r.Ray.Stays != test.stays {
				t.Errorf("the followers' answers stay: %v (%s), want %v", r.Ray.Stays, r.Ray.Grounds, test.stays)
			}
			if got := entriesOf(r.AnswerRay); got != test.answerRay || r.AnswerRay != nil && r.AnswerRay.Stays != model.Yes {
				t.Errorf("ray of answers %q, want %q: %+v", got, test.answerRay, r.AnswerRay)
			}
			if !strings.Contains(r.Verdict, test.verdict) {
				t.Errorf("%q does not say %q", r.Verdict, test.verdict)
			}
			if len(r.Unfinished) > 0 {
				t.Errorf("unfinished: %q", r.Unfinished)
			}
			again := diagnosed(t, m, bilevel.DiagnoseOptions{})
			if d := cmp.Diff(r, again); d != "" && !strings.Contains(d, "NaN") {
				t.Errorf("two runs differ: %s", d)
			}
		})
	}
}

func entriesOf(r *diagnose.Ray) string {
	if r == nil {
		return ""
	}
	var s []string
	for _, e := range r.Entries {
		s = append(s, e.Name+" "+strings.TrimRight(strings.TrimRight(format6(e.Value), "0"), "."))
	}
	return strings.Join(s, " ")
}

// TestDiagnoseFollowerAtADecision looks at what is named where a follower has no answer.
func TestDiagnoseFollowerAtADecision(t *testing.T) {
	needsHighs(t)
	m, err := modfile.Read("t.mod", []byte(`var x >= 0, <= 10; var p >= 0, <= 8; lower f; var y; var z >= -99, <= 9; maximize g: (p - 2) * y - z; subject to a: y >= x; subject to c: z >= 1;
		subject to b: z <= 11 - 2 * x; upper; maximize F: x + 4 * z; subject to own: x + p <= 12;`))
	if err != nil {
		t.Fatal(err)
	}
	r := diagnosed(t, m, bilevel.DiagnoseOptions{})
	if len(r.Followers) != 1 {
		t.Fatalf("%+v", r)
	}
	f := r.Followers[0]
	if f.Infeasible == 0 || f.Unbounded == 0 || f.Infeasible+f.Unbounded >= f.Tried {
		t.Fatalf("of %d decisions infeasible %d, unbounded %d", f.Tried, f.Infeasible, f.Unbounded)
	}
	at := f.InfeasibleAt
	if d := cmp.Diff([]string{"constraint z >= 1", "constraint z + 2 x <= 11"}, members(at.Conflict)); d != "" && cmp.Diff([]string{"constraint z >= 1", "constraint 2 x + z <= 11"}, members(at.Conflict)) != "" {
		t.Error(d)
	}
	if x := at.X[0]; x <= 5 || x+at.X[1] > 12+1e-6 {
		t.Errorf("x = %v, p = %v: not infeasible by hand, or against the leader's own constraint", x, at.X[1])
	}
	un := f.UnboundedAt
	if un.X[1] <= 2 || un.X[0] > 5 || entriesOf(un.Ray) != "y 1" || math.Abs(un.Ray.Rate-(un.X[1]-2)) > 1e-9 {
		t.Errorf("unbounded at %v along %q, rate %v", un.X, entriesOf(un.Ray), un.Ray.Rate)
	}
}

// TestDiagnoseRandom takes instances whose answer enumeration knows. Of the infeasible ones the conflict has to be infeasible and irreducible;
// of the unbounded ones a ray is evaluated; of the others there must be no conflict.
func TestDiagnoseRandom(t *testing.T) {
	needsHighs(t)
	n := fromEnv(countVar, 300)
	first := fromEnv(seedVar, 1)
	if testing.Short() {
		n = min(n, 100)
	}
	tally := map[string]int{}
	for seed := first; seed < first+n; seed++ {
		in, _ := reformtest.Random(uint64(seed))
		want, err := in.Solve()
		if err != nil || want.Answer == reformtest.Optimal && seed%5 != 0 {
			continue
		}
		m := in.Model()
		r, err := bilevel.Diagnose(context.Background(), m, bilevel.DiagnoseOptions{Options: bilevel.Options{Threads: 1}, Decisions: 8})
		if err != nil {
			t.Errorf("seed %d: %v", seed, err)
			continue
		}
		switch want.Answer {
		case reformtest.Infeasible:
			if r.Conflict == nil {
				tally["infeasible, not found"]++
				t.Logf("seed %d: %s %q", seed, r.Verdict, r.Unfinished)
				continue
			}
			tally["conflict of the "+r.Conflict.Scope.String()]++
			if !r.Conflict.Irreducible {
				tally["not irreducible"]++
			}
			checkConflict(t, int(seed), m, r.Conflict)
		case reformtest.Unbounded:
			if r.Conflict == nil && r.Ray == nil && !m.Leader().Objective().F.IsAffine() || len(m.DualVars()) > 0 {
				tally["unbounded, no linear objective"]++
				continue
			}
			if r.Conflict != nil || r.Ray == nil {
				t.Errorf("seed %d: unbounded, and %s", seed, r.Verdict)
				continue
			}
			tally["unbounded"]++
			for _, ray := range []*diagnose.Ray{r.Ray, r.AnswerRay} {
				if ray != nil {
					checkRay(t, int(seed), in, m, ray)
					tally["ray stays: "+ray.Stays.String()]++
				}
			}
		default:
			tally["optimal"]++
			if r.Conflict != nil || r.Problem == model.StatusUnbounded || r.Problem == model.StatusInfeasible {
				t.Errorf("seed %d: optimal, and %s", seed, r.Verdict)
			}
		}
	}
	t.Log(tally)
	if n >= 300 && (tally["conflict of the relaxation"] < 5 || tally["conflict of the problem"] < 5 || tally["unbounded"] < 5) {
		t.Errorf("too few cases met: %v", tally)
	}
}

// checkConflict rebuilds the model from the members alone, by other means than the diagnosis, and solves it with and without each of them.
func checkConflict(t *testing.T, seed int, m *bilevel.Model, c *diagnose.Conflict) {
	t.Helper()
	solve := func(without int) *bilevel.Result {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		r, err := bilevel.Solve(ctx, onlyMembers(m, c, without), bilevel.Options{Threads: 1})
		if err != nil {
			t.Fatalf("seed %d, without member %d: %v", seed, without, err)
		}
		return r
	}
	if r := solve(-1); r.Proof != bilevel.ProofInfeasible {
		t.Errorf("seed %d: the conflict %q is %v (%v)", seed, members(c), r.Status, r.Proof)
	}
	for k, e := range c.Members {
		if e.Kind == diagnose.Optimality && len(m.DualVars()) > 0 {
			continue
		}
		if r := solve(k); c.Irreducible && r.Proof == bilevel.ProofInfeasible {
			t.Errorf("seed %d: without %q the rest of %q is infeasible too", seed, c.Members[k].Text, members(c))
		}
	}
}

// onlyMembers is the model with the members of a conflict but one: what is no member goes, but for the constraints of followers that are to be optimal.
func onlyMembers(m *bilevel.Model, c *diagnose.Conflict, without int) *bilevel.Model {
	out := m.Derive()
	optimal := map[int]bool{}
	whole := map[int]bool{} // players whose constraints stay
	type key struct {
		row   bool
		i     int
		upper bool
	}
	have := map[key]bool{}
	for k, e := range c.Members {
		switch {
		case e.Kind == diagnose.Optimality:
			optimal[e.Index], whole[e.Index] = k != without, true
		case k != without:
			have[key{e.Kind == diagnose.ConstraintSide, e.Index, e.Upper}] = true
		}
	}
	for p := range out.NumPlayers() {
		if !optimal[p] {
			out.Player(p).SetObjective(model.Objective{})
		}
	}
	cut := func(row bool, i, owner int, lo, hi float64) (float64, float64) {
		if !whole[owner] && !have[key{row, i, false}] {
			lo = math.Inf(-1)
		}
		if !whole[owner] && !have[key{row, i, true}] {
			hi = math.Inf(1)
		}
		return lo, hi
	}
	for r := range out.NumRows() {
		lo, hi := m.RowBounds(r)
		lo, hi = cut(true, r, m.RowOwner(r), lo, hi)
		out.SetRowBounds(r, lo, hi)
	}
	for j := range out.NumVars() {
		if m.VarKind(j) == model.Binary {
			out.SetVarKind(j, model.Integer)
		}
		if m.VarKind(j) != model.Continuous && !c.Integral && c.Scope == diagnose.OfRelaxation {
			out.SetVarKind(j, model.Continuous)
		}
		lo, hi := m.VarBounds(j)
		lo, hi = cut(false, j, m.VarOwner(j), lo, hi)
		out.SetVarBounds(j, lo, hi)
	}
	return out
}

// checkRay evaluates a ray: homogeneous rows and bounds, the gain, and where the followers are said to stay the points by enumeration's own arithmetic.
func checkRay(t *testing.T, seed int, in *reformtest.Instance, m *bilevel.Model, ray *diagnose.Ray) {
	t.Helper()
	within := func(name string, v, lo, hi float64) {
		if !math.IsInf(lo, 0) && v < -1e-7 || !math.IsInf(hi, 0) && v > 1e-7 {
			t.Errorf("seed %d: the ray moves %s by %v, with bounds %v and %v", seed, name, v, lo, hi)
		}
	}
	zero := make([]float64, m.NumVars())
	for r := range m.NumRows() {
		lo, hi := m.RowBounds(r)
		within(m.RowName(r), m.Value(m.RowFunction(r), ray.Direction)-m.Value(m.RowFunction(r), zero), lo, hi)
	}
	for j := range m.NumVars() {
		lo, hi := m.VarBounds(j)
		within(m.VarName(j), ray.Direction[j], lo, hi)
	}
	o := m.Leader().Objective()
	gain := m.Value(o.F, ray.Direction) - m.Value(o.F, zero)
	if gain*o.Sense.Sign() >= 0 || math.Abs(gain-ray.Rate) > 1e-7 {
		t.Errorf("seed %d: the ray changes the objective by %v, said is %v", seed, gain, ray.Rate)
	}
	if ray.Stays != model.Yes {
		return
	}
	for _, step := range []float64{0, 3, 50} {
		z := make([]float64, len(zero))
		for j := range z {
			z[j] = ray.Base[j] + step*ray.Direction[j]
		}
		if err := in.CheckPoint(z, 1e-5); err != nil {
			t.Errorf("seed %d: at a step of %v: %v", seed, step, err)
		}
	}
}

func format6(v float64) string { return strconv.FormatFloat(v, 'f', 6, 64) }

// TestRayOfANonlinearLeader finds directions in which a leader's objective that is not linear, or followers that are not, seem to have no limit, and none where
// the objective has one, or fades.
func TestRayOfANonlinearLeader(t *testing.T) {
	for _, c := range []struct {
		text  string
		along map[string]float64 // direction; nil: no ray
	}{
		{"upper; var x; lower; var y; minimize f: (y - x)^4; upper; minimize F: -x^2 + 0.5*y;", map[string]float64{"x": 1, "y": 1}},
		{"upper; var x; lower; var y >= -1, <= 1; minimize f: abs(y)*x; upper; maximize F: x^3 + 0.5*y;", map[string]float64{"x": 1}},
		{"upper; var x; lower; var y >= 0; minimize f: (y - x)^2; upper; minimize F: -x + 0.5*y;", map[string]float64{"x": 1, "y": 1}},
		{"var x <= 3; var z >= 0, <= 1; minimize F: x^3 + z;", map[string]float64{"x": -1}},
		{"upper; var x; lower; var y; minimize f: (y - x)^4; upper; minimize F: x^2 + 0.5*y;", nil},
		{"var x >= 0; minimize F: exp(-x);", nil},
		{"upper; var x; lower; var y; minimize f: (y - x)^2; upper; minimize F: -log(1 + x^2) + 0*y;", nil}, // it has no limit, and no step shows it
	} {
		m := readText(t, c.text)
		r, err := bilevel.Diagnose(context.Background(), m, bilevel.DiagnoseOptions{SolveTime: 500 * time.Millisecond})
		if err != nil {
			t.Fatal(err)
		}
		ray := r.AnswerRay
		if c.along == nil {
			if ray != nil || strings.Contains(r.Verdict, "seems to be unbounded") {
				t.Errorf("%s: a ray %+v, %s", c.text, ray, r.Verdict)
			}
			continue
		}
		if ray == nil || !ray.Sampled || ray.Stays != model.Yes || !strings.Contains(ray.Grounds, "no proof") || !strings.Contains(r.Verdict, "to be unbounded") && !strings.Contains(r.Verdict, "is unbounded") {
			t.Errorf("%s: ray %+v, verdict %s, unfinished %q", c.text, ray, r.Verdict, r.Unfinished)
			continue
		}
		if len(ray.Entries) != len(c.along) {
			t.Errorf("%s: direction %v", c.text, ray.Entries)
		}
		for _, e := range ray.Entries {
			if math.Abs(e.Value-c.along[e.Name]) > 1e-3 {
				t.Errorf("%s: direction %v", c.text, ray.Entries)
			}
		}
		if sense := m.Leader().Objective().Sense.Sign(); sense*ray.Rate > -0.1 {
			t.Errorf("%s: rate %v", c.text, ray.Rate)
		}
	}
}

// A follower whose objective has no least value anywhere is named, with a variable along which it runs away: -y - y^3 falls as y rises, and so does -w.
func TestDiagnoseNamesWhoNeverAnswers(t *testing.T) {
	needsHighs(t)
	for _, c := range []struct{ name, text, want string }{
		{"cubic", `var x >= 0, <= 2; lower f; var y; minimize d: exp(x) - y - y^3; upper; minimize c: x + y;`, "follower f has no optimal answer to any decision of the leader. Its objective falls without limit while y rises"},
		{"maximised", `var x >= 0, <= 2; lower f; var y; maximize d: -y - y^3 - exp(x); upper; minimize c: x - y;`, "Its objective rises without limit while y falls"},
	} {
		m, err := modfile.Read("t.mod", []byte(c.text))
		if err != nil {
			t.Fatal(err)
		}
		r := diagnosed(t, m, bilevel.DiagnoseOptions{})
		if !strings.Contains(r.Verdict, c.want) {
			t.Errorf("%s: %q, want %q", c.name, r.Verdict, c.want)
		}
	}
}
