package export_test

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/gobilevel/bilevel/export"
	"github.com/gobilevel/bilevel/model"
)

func TestNames(t *testing.T) {
	long := strings.Repeat("abcdefghij", 12)
	for _, c := range []struct{ from, want, reason string }{
		{"x", "x", "as it is"},
		{`x[3,"a"]`, "x(3,a)", "brackets and quotes"},
		{"trips.dual[2]", "trips.dual(2)", "a period inside is allowed"},
		{`x["3"]`, "x(3)", "quotes are dropped"},
		{"x[3]", "x(3)~2", "taken by the one before"},
		{"x[-1]", "x(_1)", "a sign is an operator"},
		{"a b", "a_b", "a space ends a name"},
		{"größe", "gr____e", "bytes outside ASCII, two a letter"},
		{"e9", "_e9", "a number's exponent"},
		{"E", "_E", "a number's exponent"},
		{"e.g", "e.g", "no number"},
		{"earth", "earth", "no number"},
		{"inf", "_inf", "a number"},
		{"Inflow", "_Inflow", "HiGHS reads a number first"},
		{"nancy", "_nancy", "HiGHS reads a number first"},
		{"free", "_free", "a keyword"},
		{"ST", "_ST", "a keyword in any case"},
		{"s.t.", "_s.t.", "a keyword"},
		{"ENDATA", "_ENDATA", "a keyword of MPS"},
		{"freedom", "freedom", "only begins like a keyword"},
		{"9lives", "_9lives", "a digit first"},
		{".5", "_.5", "a period first"},
		{`"e9"`, "_e9", "a number's exponent once the quotes are gone"},
		{`""`, "_", "nothing is left"},
		{"[1]", "_(1)", "a bracket first"},
		{long, long[:90], "cut"},
		{long + "x", long[:90] + "~2", "cut to the same"},
	} {
		t.Run(c.reason, func(t *testing.T) {
			m := model.New("m")
			m.AddVars(0, `x["3"]`, nil, 1, model.Continuous, 0, 1)
			m.AddVars(0, long, nil, 1, model.Continuous, 0, 1)
			if c.from == `x["3"]` || c.from == long {
				vars, _ := export.Names(m)
				if vars[0] != "x(3)" || vars[1] != long[:90] {
					t.Errorf("Names = %q", vars)
				}
				return
			}
			j := m.AddVars(0, c.from, nil, 1, model.Continuous, 0, 1)
			vars, _ := export.Names(m)
			if vars[j] != c.want {
				t.Errorf("%q becomes %q, want %q", c.from, vars[j], c.want)
			}
		})
	}
}

// Names are one-to-one, whatever the model calls its variables, and no byte is left that a format gives a meaning.
func TestNamesAreUnique(t *testing.T) {
	piece := rapid.SampledFrom([]string{"x", "3", "~", "2", "[", "]", `"`, "'", "_", "e", " ", "é", "free", "\n", "(", ")", strings.Repeat("long", 30)})
	rapid.Check(t, func(t *rapid.T) {
		m := model.New("m")
		list := rapid.SliceOfNDistinct(rapid.StringOfN(rapid.Rune(), 0, 4, -1), 1, 20, rapid.ID[string]).Draw(t, "any")
		for range 30 {
			list = append(list, strings.Join(rapid.SliceOfN(piece, 1, 5).Draw(t, "pieces"), ""))
		}
		for _, name := range list {
			m.AddVars(0, name, nil, 1, model.Continuous, 0, 1)
		}
		vars, _ := export.Names(m)
		again, _ := export.Names(m)
		seen := map[string]int{}
		for j, name := range vars {
			if k, taken := seen[name]; taken {
				t.Fatalf("variables %q and %q are both %q", list[k], list[j], name)
			}
			seen[name] = j
			if again[j] != name {
				t.Fatalf("%q is %q and then %q", list[j], name, again[j])
			}
			if name == "" || len(name) > 100 || strings.ContainsFunc(name, func(r rune) bool {
				return !strings.ContainsRune("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.,()~", r)
			}) {
				t.Fatalf("%q becomes %q", list[j], name)
			}
		}
	})
}

func TestRowNamesKnowTheObjective(t *testing.T) {
	m := model.New("m")
	x := m.Leader().Var("x", 0, 1)
	m.Leader().Constrain("obj", x.LE(1))
	_, rows := export.Names(m)
	if rows[0] != "obj" {
		t.Errorf("the constraint is called %q", rows[0])
	}
	if text := string(write(t, m, "m.lp")); !strings.Contains(text, " obj~2: 0 x") {
		t.Errorf("the objective gives way to a constraint of its name:\n%s", text)
	}
}

func BenchmarkNames(b *testing.B) {
	m := model.New("m")
	m.AddVars(0, "x", func(k int) string { return fmt.Sprint(k) }, 1e6, model.Continuous, 0, 1)
	for b.Loop() {
		export.Names(m)
	}
}
