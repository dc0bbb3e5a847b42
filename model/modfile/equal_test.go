package modfile

import (
	"strings"
	"testing"
)

// TestEqualFindsDifferences compares a model with copies that differ in one thing each.
func TestEqualFindsDifferences(t *testing.T) {
	const base = `var x {1..2} >= 0, <= 4;
var z binary;
lower a;
var y >= 0, := 1;
minimize f: y + x[1]*y + exp(y);
subject to c {i in 1..2}: x[i] + y >= 1;
lower b nash;
var w;
upper;
minimize F: x[1] + c[2].dual;
subject to p: 0 <= x[1] complements x[2] + y >= 1;
subject to q: z = 1 ==> x[2] <= 3;
sos1 s: x[1]: 1, x[2]: 2;
let c[1].reform := "sos1";
`
	m := read(t, base)
	if err := Equal(m, read(t, base)); err != nil {
		t.Fatalf("equal models differ: %v", err)
	}
	for _, c := range []struct{ from, to, want string }{
		{"var x {1..2} >= 0, <= 4", "var x {1..2} >= 0, <= 5", "bounds of x[1]"},
		{"var w;", "var w integer;", "kind of w"},
		{":= 1;\nminimize f", ":= 2;\nminimize f", "start value of y"},
		{"var w;", "var v;", "name of variable"},
		{"var w;", "var w; var u;", "number of variables"},
		{"exp(y)", "log(y)", "objective of a"},
		{"x[1]*y", "2*x[1]*y", "objective of a"},
		{"minimize f", "maximize f", "sense"},
		{"minimize f", "minimize g", "name of the objective"},
		{"x[i] + y >= 1", "x[i] + 2*y >= 1", "c[1]"},
		{"x[i] + y >= 1", "x[i] + y >= 2", "bounds of c[1]"},
		{"lower b nash", "lower b", "Nash"},
		{"lower b nash", "lower d nash", "name of follower"},
		{"c[2].dual", "c[1].dual", "dual"},
		{"complements x[2] + y >= 1", "complements x[2] + y >= 2", "a member of p"},
		{"0 <= x[1] complements", "0 <= x[2] complements", "a member of p"},
		{"z = 1 ==>", "z = 0 ==>", "conditional"},
		{"x[1]: 1, x[2]: 2", "x[1]: 1, x[2]: 3", "SOS1 set s"},
		{"\"sos1\"", "\"big-m\"", "suffixes of c[1]"},
		{"subject to p:", "subject to r:", "name of pair"},
	} {
		t.Run(c.to, func(t *testing.T) {
			text := strings.Replace(base, c.from, c.to, 1)
			if text == base {
				t.Fatal("the change does not apply")
			}
			err := Equal(m, read(t, text))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v, want a message with %q", err, c.want)
			}
		})
	}
}
