package bilevel_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/gobilevel/bilevel"
	"github.com/gobilevel/bilevel/model/modfile"
)

// A number that HiGHS refuses is told by the constraint and variable of the model, not by the element of an array, whoever asked.
func TestTooLargeACoefficientIsNamed(t *testing.T) {
	needsHighs(t)
	m, err := modfile.Read("t.mod", []byte("var x {1..3} >= 0, <= 10;\nmaximize c: x[1] + x[2];\nsubject to big: 1e25*x[2] + x[1] <= 5;\n"))
	if err != nil {
		t.Fatal(err)
	}
	_, solving := bilevel.Solve(context.Background(), m)
	_, diagnosing := bilevel.Diagnose(context.Background(), m, bilevel.DiagnoseOptions{})
	for _, err := range []error{solving, diagnosing} {
		var e *bilevel.CoefficientError
		if !errors.As(err, &e) || e.Where != "constraint big" || e.Variable != "x[2]" || e.Value != 1e25 || strings.Contains(err.Error(), "Value[") {
			t.Errorf("%v", err)
		}
	}
}

// Starts are for local methods; an exact way says that they made no difference, and a local one does not.
func TestStartsWithoutEffectAreSaid(t *testing.T) {
	needsHighs(t)
	for _, c := range []struct {
		text, reform string
		said         bool
	}{
		{"var x >= 0, <= 3; lower f; var y >= 0; minimize g: y; subject to k: y >= x; upper; maximize F: x - 2*y;", "", true},
		{"var x >= 0, <= 3; lower f; var y >= 0; minimize g: y; subject to k: y >= x; upper; maximize F: x - 2*y;", "kkt+relax:scholtes", false},
	} {
		m, err := modfile.Read("t.mod", []byte(c.text))
		if err != nil {
			t.Fatal(err)
		}
		for _, starts := range []int{0, 4} {
			r, err := bilevel.Solve(context.Background(), m, bilevel.Options{Reform: c.reform, Multistart: starts})
			if err != nil {
				t.Fatal(err)
			}
			if said := strings.Contains(strings.Join(r.Notes, "\n"), "multistart"); said != (c.said && starts > 0) {
				t.Errorf("%q with %d starts: %q", c.reform, starts, r.Notes)
			}
		}
	}
}
