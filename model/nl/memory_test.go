package nl_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/gobilevel/bilevel/internal/readertest"
	"github.com/gobilevel/bilevel/model/nl"
)

// binaryForm is a file in the binary form with segments without numbers.
func binaryForm(vars, rows int, segments string) string {
	return strings.Replace(file(vars, rows, 0, 0), "g3", "b3", 1) + segments
}

// TestMemory: what large files of one kind each ask for stays within 50 times their size.
func TestMemory(t *testing.T) {
	const n = 30_000
	many := func(line string) string { return strings.TrimSuffix(strings.Repeat(line+"\n", n), "\n") }
	numbered := func(format string) string {
		var b strings.Builder
		for k := range n {
			fmt.Fprintf(&b, format+"\n", k)
		}
		return strings.TrimSuffix(b.String(), "\n")
	}
	const whole = "C0\nn0\nO0 0\nn0" // one constraint and an objective
	for _, c := range []struct{ name, text string }{
		{"variables", file(n, 0, 0, 0, "b", many("3"))},
		{"bounded variables", file(n, 0, 0, 0, "b", many("0 0 1"))},
		{"constraints", file(1, n, 0, 0, numbered("C%d\nn0"), "r", many("3"), free(1))},
		{"sides", file(1, n, 0, 0, "r", many("3"), free(1))},
		{"starts", file(n, 0, 0, 0, fmt.Sprintf("x%d", n), numbered("%d 1"), "b", many("3"))},
		{"common expressions", file(1, 1, 0, n-1, strings.ReplaceAll(numbered("V%d 0 0\nn1"), "V0 0 0\nn1\n", ""), whole[:6], "r", "3", free(1))},
		{"a sum", file(1, 1, 0, 0, fmt.Sprintf("C0\no54\n%d", n), many("v0"), "r", "3", free(1))},
		{"a deep sum", file(1, 1, 0, 0, "C0", many("o0\nv0"), "n1", "r", "3", free(1))},
		{"a deep function", file(1, 1, 0, 0, "C0", many("o44"), "v0", "r", "3", free(1))},
		{"numbers", file(1, 1, 0, 0, fmt.Sprintf("C0\no54\n%d", n), many("n2"), "r", "3", free(1))},
		{"different powers", file(1, 1, 0, 0, fmt.Sprintf("C0\no54\n%d", n), numbered("o5\nv0\nn%d"), "r", "3", free(1))},
		{"entries", file(n, 1, 0, 0, whole[:6], fmt.Sprintf("J0 %d", n), numbered("%d 1"), "r", "3", "b", many("3"))},
		{"a suffix", file(n, 1, 0, 0, fmt.Sprintf("S0 %d ref", n), numbered("%d 1"), whole[:6], "r", "3", "b", many("3"))},
		{"variables, binary", binaryForm(n, 0, "b"+strings.Repeat("3", n))},
		{"constraints, binary", binaryForm(1, n, "r"+strings.Repeat("3", n)+"b3")},
	} {
		limit := float64(readertest.Times)
		if c.name == "constraints, binary" {
			limit = 100 // as the documentation of Read says
		}
		var err error
		times := readertest.Peak(len(c.text), limit, func() { _, err = nl.Read(bytes.NewReader([]byte(c.text)), nl.Names{}) })
		t.Logf("%-28s %5.1f times the size, %v", c.name, times, err)
		if times > limit {
			t.Errorf("%s: %.1f times the size of the file", c.name, times)
		}
	}
}
