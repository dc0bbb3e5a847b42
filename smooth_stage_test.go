package bilevel_test

import (
	"bytes"
	"context"
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/gobilevel/bilevel"
	"github.com/gobilevel/bilevel/model/modfile"
)

const twoPairs = `var a >= 0; var b >= 0; var c >= 0; var d >= 0;
minimize F: (a - 2)^2 + (b - 1)^2 + (c - 1)^2 + (d - 2)^2;
subject to p: a >= 0 complements b >= 0;
subject to q: c >= 0 complements d >= 0;
`

func printedStage(t *testing.T, text, after string, opt bilevel.Options) (string, error) {
	t.Helper()
	m, err := modfile.Read("pairs.mod", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	stage, err := bilevel.Stage(context.Background(), m, after, opt)
	if err != nil {
		return "", err
	}
	var out bytes.Buffer
	if err := modfile.Print(&out, stage); err != nil {
		t.Fatal(err)
	}
	return out.String(), nil
}

// TestSmoothStages: pairs in smooth functions as a stage, with the parameters of the options, by full and by short names, for all pairs or for those
// that the chain is left.
func TestSmoothStages(t *testing.T) {
	mixed := "var x >= -5, <= 5; var z;\nminimize F: x + z;\nsubject to r: -1 <= x <= 2 complements z;\n"
	follower := "var x >= 0, <= 3;\nlower f;\nvar y >= 0;\nminimize g: (y - x)^2;\nupper;\nminimize F: x + y;\n"
	for _, c := range []struct {
		name, text, after string
		opt               bilevel.Options
		want              []string
		not               string
	}{
		{"short name and default", twoPairs, "relax", bilevel.Options{}, []string{"relax_p: a*b <= 0.01", "relax_q: c*d <= 0.01"}, "complements"},
		{"parameter", twoPairs, "relax:lin-fukushima", bilevel.Options{RelaxT: 0.5}, []string{"relax_p: a*b <= 0.25", "var a >= -0.5"}, "complements"},
		{"parameter of a smoothed function", twoPairs, "ncp:chks", bilevel.Options{RelaxT: 0.25}, []string{"ncp_p: a + b - sqrt((a - b)^2 + 1) = 0"}, "complements"},
		{"weight", twoPairs, "penalty", bilevel.Options{Penalty: 3}, []string{"3*a*b", "3*c*d"}, "complements"},
		{"one pair asks", twoPairs + "let p.reform := \"relax\";", "product", bilevel.Options{}, []string{"product_q: c*d <= 0", "p: a >= 0 complements b >= 0"}, "product_p"},
		{"and gets what it asks for", twoPairs + "let p.reform := \"relax\";", "product+relax:scholtes", bilevel.Options{}, []string{"product_q: c*d <= 0", "relax_p: a*b <= 0.01"}, "complements"},
		{"mixed pairs are normalised first", mixed, "relax:kadrani", bilevel.Options{}, []string{"relax_r_lower", "relax_r_upper"}, "complements"},
		{"followers give way to their conditions first", follower, "relax", bilevel.Options{}, []string{"stat_y", "relax_b_y"}, "lower"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := printedStage(t, c.text, c.after, c.opt)
			if err != nil {
				t.Fatal(err)
			}
			for _, w := range c.want {
				if !strings.Contains(got, w) {
					t.Errorf("no %q in\n%s", w, got)
				}
			}
			if strings.Contains(got, c.not) {
				t.Errorf("there is %q in\n%s", c.not, got)
			}
		})
	}
	for _, opt := range []bilevel.Options{{RelaxT: -1}, {RelaxT: math.NaN()}, {Penalty: math.Inf(1)}, {Penalty: -2}} {
		var bad *bilevel.OptionError
		if _, err := printedStage(t, twoPairs, "relax", opt); !errors.As(err, &bad) {
			t.Errorf("%+v: %v", opt, err)
		}
	}
}

// TestSteeredPairsAreFollowed: a solve follows all pairs to the limit by the method that some of them ask for, and says so.
func TestSteeredPairsAreFollowed(t *testing.T) {
	m, err := modfile.Read("pairs.mod", []byte(twoPairs+"let q.reform := \"ncp:chks\";"))
	if err != nil {
		t.Fatal(err)
	}
	r, err := bilevel.Solve(context.Background(), m)
	if err != nil {
		t.Fatal(err)
	}
	if math.Abs(r.Objective-2) > 1e-5 || !r.Certificate.Verified || len(r.Plan) == 0 || r.Plan[len(r.Plan)-1] != "ncp:chks" {
		t.Errorf("value %v, want 2 (by hand: a = 2, b = 0, c = 0, d = 2); plan %v, notes %q", r.Objective, r.Plan, r.Notes)
	}
	if !strings.Contains(strings.Join(r.Notes, " "), "asks for ncp:chks") {
		t.Errorf("the notes do not say whose wish it is: %q", r.Notes)
	}
}

// TestStatementsInExplanations: an explanation has a statement about each follower that gives way to its conditions; a follower that is not convex is
// refused by the planner where it knows so, and taken where the chain names kkt.
func TestStatementsInExplanations(t *testing.T) {
	text := "var x >= 0, <= 4;\nlower f;\nvar y >= 0, <= 3;\nminimize g: x * y - y^2;\nupper;\nminimize F: x + (y - 1)^2;\n"
	m, err := modfile.Read("nonconvex.mod", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	e, err := bilevel.Explain(m, bilevel.Options{Reform: "kkt"})
	if err != nil {
		t.Fatal(err)
	}
	if e.Plan == nil || len(e.Statements) != 1 || e.Statements[0].Exact() || e.Statements[0].Against == nil {
		t.Fatalf("plan %v (%s), statements %v", e.Plan, e.NoPlan, e.Statements)
	}
	if why := strings.Join(e.Plan.Why, " "); !strings.Contains(why, "curvature -2 along y = 1") {
		t.Errorf("the reasons do not say what is known of the follower: %q", e.Plan.Why)
	}
}
