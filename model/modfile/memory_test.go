package modfile

import (
	"slices"
	"strings"
	"testing"

	"github.com/gobilevel/bilevel/internal/readertest"
)

// TestMemory: what the parser makes of large texts of one kind each stays within 50 times their size, or the 500 bytes for an operator with its
// operand that Parse speaks of, which can stand in two bytes. What a model of a few lines declares can be any size, and is bounded by
// Options.MaxSteps.
func TestMemory(t *testing.T) {
	const n = 20_000
	many := func(s string) string { return strings.Repeat(s, n) }
	for _, c := range []struct{ name, text string }{
		{"a sum", "var x; minimize f: x" + many("+x") + ";"},
		{"a product", "var x; minimize f: x" + many("*x") + ";"},
		{"a sum of numbers", "var x; minimize f: 1" + many("+1") + ";"},
		{"signs", "var x; minimize f: " + many("-") + "x;"},
		{"parentheses", "var x; minimize f: " + many("(")},
		{"statements", many(";")},
		{"members", "set A := {1" + many(",1") + "};"},
		{"tuples", "set A := {(1,1)" + many(",(1,1)") + "};"},
		{"conditions", "param p := if 1" + many(" and 1") + " then 1;"},
		{"attributes", "var x" + many(" >= 0") + ";"},
		{"declarations", many("var x;")},
		{"parameters", many("param p;")},
		{"sets", many("set A;")},
		{"rows", "var x;" + many("s.t. c: x>=0;")},
		{"data", "set A; data; set A := " + many("1 ") + ";"},
		{"data of a table", "param p {1..2, 1..2}; data; param p: 1 := " + many("1 1 ") + ";"},
		{"mistakes", many("?")},
		{"a comment", "#" + many("x")},
		{"lines", many("\n")},
		{"a text", `param p symbolic := "` + many("x") + `";`},
		{"a subscript", "var x; minimize f: x[1" + many(",1") + "];"},
		{"loops", "data; " + many("for {i in A} ")},
	} {
		limit := float64(readertest.Times)
		if slices.Contains([]string{"a sum", "a product", "a sum of numbers", "members", "tuples", "conditions", "attributes", "a subscript"}, c.name) {
			limit = 250
		}
		var err error
		times := readertest.Peak(len(c.text), limit, func() { _, err = Parse("m.mod", []byte(c.text)) })
		message := "no error"
		if err != nil {
			message = strings.Join(strings.Fields(err.Error()), " ")
		}
		t.Logf("%-20s %5.1f times the size, %.100s", c.name, times, message)
		if times > limit {
			t.Errorf("%s: %.1f times the size of the text", c.name, times)
		}
	}
}
