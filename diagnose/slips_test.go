package diagnose_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/gobilevel/bilevel/backends"
	_ "github.com/gobilevel/bilevel/backends/highs"
	"github.com/gobilevel/bilevel/diagnose"
	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/modfile"
)

func needsHighs(t *testing.T) {
	t.Helper()
	if _, err := backends.Open("highs"); err != nil {
		t.Skip(err)
	}
}

func run(t *testing.T, m *model.Model, opt diagnose.Options) *diagnose.Report {
	t.Helper()
	r, err := diagnose.Run(context.Background(), m, opt)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func read(t *testing.T, text string) *model.Model {
	t.Helper()
	m, err := modfile.Read("t.mod", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// sound is a model without any slip; each case spoils it. LEADER and FOLLOWER stand for further declarations.
const sound = `var x >= 0, <= 5; var b binary; LEADERVARS lower f; var y >= 0, <= 7; FOLLOWERVARS minimize g: OBJ y; subject to a: y >= x; FOLLOWER upper; maximize F: 3 * x - FY y + b + GAIN; subject to c: x + b <= 4; LEADER`

func spoilt(with map[string]string) string {
	for _, k := range []string{"LEADERVARS", "FOLLOWERVARS", "FOLLOWER", "LEADER"} {
		if _, ok := with[k]; !ok {
			with[k] = ""
		}
	}
	s := sound
	for _, k := range []string{"LEADERVARS", "FOLLOWERVARS", "FOLLOWER", "LEADER"} {
		s = strings.Replace(s, " "+k, " "+with[k], 1)
	}
	gain, ok := with["GAIN"]
	if !ok {
		gain = "0"
	}
	fy, ok := with["FY"]
	if !ok {
		fy = "1 *"
	}
	obj, ok := with["OBJ"]
	if !ok {
		obj = "1 *"
	}
	s = strings.Replace(s, "GAIN", gain, 1)
	s = strings.Replace(s, "FY", fy, 1)
	return strings.Replace(s, "OBJ", obj, 1)
}

func TestSlips(t *testing.T) {
	tests := []struct {
		name string
		with map[string]string
		want []string // kind: player: names
	}{
		{"sound", map[string]string{}, nil},
		{"idle variable of a follower", map[string]string{"FOLLOWERVARS": "var z >= 0;", "LEADER": "subject to d: z <= x;"}, []string{"idle-follower-variable: f: z"}},
		{"unused variables", map[string]string{"FOLLOWERVARS": "var z >= 0;", "LEADERVARS": "var w {1..2} >= 0;"}, []string{"unused-variable: leader: w[1] w[2]", "unused-variable: f: z"}},
		{"leader that does not care", map[string]string{"FY": "0 *"}, []string{"indifferent-leader: leader: the leader's objective"}},
		{"leader that cares in a constraint", map[string]string{"FY": "0 *", "LEADER": "subject to d: y <= 3;"}, []string{"oblivious-objective: leader: d"}},
		{"duplicate", map[string]string{"FOLLOWER": "subject to again: 2 * x <= 2 * y; subject to other: y >= x + 1; subject to opposite: y <= x + 9;"}, []string{"duplicate-constraint: f: again and a"}},
		{"the leader may repeat the follower", map[string]string{"LEADER": "subject to again: y >= x;"}, nil},
		{"other sides", map[string]string{"FOLLOWER": "subject to up: y <= x + 9; subject to down: x + 9 <= 2 * y;"}, nil},
		{"constraint of the leader with the follower", map[string]string{"FOLLOWER": "subject to own: x <= 3;"}, []string{"leader-only-constraint: f: own"}},
		{"product of the leader's", map[string]string{"GAIN": "x * b"}, []string{"nonconvex-product: leader: x*b in objective"}},
		{"product of the follower's", map[string]string{"FOLLOWERVARS": "var z >= 0;", "FOLLOWER": "subject to p: y * z <= 3;"}, []string{"nonconvex-product: f: y*z in p"}},
		{"concave square of the follower", map[string]string{"OBJ": "-y *"}, []string{"nonconvex-product: f: y^2 in objective"}},
		{"convex square of the follower", map[string]string{"OBJ": "y *"}, nil},
		{"product of both in a constraint", map[string]string{"FOLLOWER": "subject to p: x * y <= 3;"}, []string{"constraint-product: f: x*y in p"}},
		{"big-M", map[string]string{"LEADER": "subject to m: x <= 100000 * b; subject to fine: x <= 500 * b;"}, []string{"big-coefficient: leader: -100000 b in m"}},
		{"huge bound", map[string]string{"LEADERVARS": "var w >= 0, <= 1e9;", "GAIN": "w"}, []string{"huge-bound: leader: w"}},
		{"fixed", map[string]string{"LEADERVARS": "var w >= 2, <= 2;", "GAIN": "w"}, []string{"fixed-variable: leader: w"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := run(t, read(t, spoilt(test.with)), diagnose.Options{Decisions: -1})
			var got []string
			for _, s := range r.Slips {
				player := "leader"
				if s.Player > 0 {
					player = "f"
				}
				got = append(got, s.Kind.String()+": "+player+": "+strings.Join(s.Names, " "))
				if s.Total != len(s.Names) || s.Text == "" {
					t.Errorf("%+v", s)
				}
			}
			if d := cmp.Diff(test.want, got); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestSlipsOfModelsInGo(t *testing.T) {
	needsHighs(t)
	m := model.New("t")
	x := m.Leader().Var("x", 0, 1)
	y := m.Follower("f").Var("y", 0, 1)
	m.Leader().Minimize(model.Sum(x, y))
	m.AddRow(0, "never", model.Function{}, 1, model.Inf)
	m.AddRow(1, "always", model.Function{}, -1, 1)
	r := run(t, m, diagnose.Options{})
	var got []string
	for _, s := range r.Slips {
		got = append(got, s.Kind.String()+": "+strings.Join(s.Names, " "))
	}
	want := []string{"idle-follower-variable: y", "unreached-follower: f", "false-constraint: never", "no-objective: f", "empty-constraint: always"}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if r.Conflict == nil || len(r.Conflict.Members) != 1 || r.Conflict.Members[0].Text != "0 >= 1" {
		t.Errorf("conflict %+v", r.Conflict)
	}
}

func TestScaling(t *testing.T) {
	m := read(t, `var x >= 0, <= 1e7; lower f; var y >= 0; var z >= -0.5; minimize g: 1e-3 * y + z; subject to a: 2e-5 * y + z >= 3 * x; upper; maximize F: 3 * x - y; subject to c: 4e6 * x - y <= 40;`)
	s := run(t, m, diagnose.Options{}).Scaling
	at := func(v float64, constraint, variable string) diagnose.Extreme {
		return diagnose.Extreme{Value: v, Constraint: constraint, Variable: variable}
	}
	rng := func(n int, smallest, largest diagnose.Extreme) diagnose.Range {
		return diagnose.Range{Count: n, Smallest: smallest, Largest: largest}
	}
	want := []diagnose.LevelScaling{
		{Level: "leader", Matrix: rng(2, at(1, "c", "y"), at(4e6, "c", "x")), Costs: rng(2, at(1, "", "y"), at(3, "", "x")),
			RightHandSides: rng(1, at(40, "c", ""), at(40, "c", "")), Bounds: rng(1, at(1e7, "", "x"), at(1e7, "", "x"))},
		{Level: "followers", Matrix: rng(3, at(2e-5, "a", "y"), at(3, "a", "x")), Costs: rng(2, at(1e-3, "", "y"), at(1, "", "z")), Bounds: rng(1, at(0.5, "", "z"), at(0.5, "", "z"))},
	}
	if d := cmp.Diff(want, s.Levels); d != "" {
		t.Error(d)
	}
	if len(s.Hints) != 1 || !strings.Contains(s.Hints[0], "coefficients of both levels: from 2e-05 (y in a) to 4e+06 (x in c), a ratio of 2e+11") {
		t.Errorf("hints %q", s.Hints)
	}
	fine := run(t, read(t, spoilt(map[string]string{})), diagnose.Options{}).Scaling
	if len(fine.Hints) > 0 {
		t.Errorf("hints %q", fine.Hints)
	}
}

// TestTimeLimit gives no time at all: what takes none is reported, and that the rest is not.
func TestTimeLimit(t *testing.T) {
	r := run(t, read(t, spoilt(map[string]string{"LEADERVARS": "var w >= 0;"})), diagnose.Options{TimeLimit: time.Nanosecond})
	if len(r.Slips) != 1 || len(r.Unfinished) == 0 || r.Conflict != nil || r.Verdict == "" {
		t.Errorf("%+v", r)
	}
}

func TestMistakesOfTheModel(t *testing.T) {
	m := model.New("t")
	m.Leader().Var("x", 2, 1)
	var build *model.BuildError
	if _, err := diagnose.Run(context.Background(), m, diagnose.Options{}); !errors.As(err, &build) {
		t.Errorf("bounds that contradict: %v", err)
	}
}
