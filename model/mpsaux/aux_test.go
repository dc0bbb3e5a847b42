package mpsaux_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/gobilevel/bilevel/model/mpsaux"
)

// levels has two columns and two constraints for each level, with the objective between the rows and a further row of type N, neither of
// which is counted.
const levels = `NAME levels
ROWS
 L top
 N cost
 G low
 N watch
 L cap
COLUMNS
 x cost 1 top 1
 x low 2 watch 1
 u cost 3 top 1
 y cost -1 low 1
 y cap 1
 z cost 2 cap -1
 z top 4
RHS
 R top 8 low 1
 R cap 5
BOUNDS
 UP B y 9
ENDATA
`

const levelsModel = `var x >= 0; var u >= 0;
lower lower; var y >= 0, <= 9; var z >= 0;
upper; minimize cost: x + 3*u - y + 2*z; subject to top: x + u + 4*z <= 8;
lower lower; minimize: 2*y - z; subject to low: 2*x + y >= 1;
upper; subject to watch: -Infinity <= x <= Infinity;
lower lower; subject to cap: y - z <= 5;
`

func TestAuxForms(t *testing.T) {
	for _, c := range []struct{ name, aux string }{
		{"by index", "N 2\nM 2\nLC 2\nLC 3\nLR 1\nLR 2\nLO 2\nLO -1\nOS 1\n"},
		{"by index, in another order, without a sense", "N 2 M 2 LR 2 LR 1 LC 3 LC 2 LO -1 LO 2"},
		{"carriage returns and blanks", "N 2 \r\nM 2\r\n\r\nLC 2\r\nLC 3\r\nLR 1\r\nLR 2\r\nLO 2.\r\nLO -1.0 \r\nOS 1\r\n"},
		{"by name with the keys of indices", "N 2 M 2 LC y LC z LR low LR cap LO 2 LO -1 OS 1"},
		{"names and indices", "N 2 M 2 LC y LC 3 LR 1 LR cap LO 2 LO -1 OS 1"},
		{"by name", "@NUMVARS\n2\n@NUMCONSTRS\n2\n@OBJSENSE\nMIN\n@VARSBEGIN\ny 2\nz -1\n@VARSEND\n@CONSTRSBEGIN\nlow\ncap\n@CONSTRSEND\n@NAME\nM 3 N x\n@MPS\nlevels.mps\n# written by hand: N 5\n"},
		{"spelled as in the documentation", "@NUMVARS 2 @NUMCONSTR 2 @VARSBEGIN y 2 z -1 @VARSEND @CONSTRBEGIN low cap @CONSTREND"},
		{"spelled as in the examples", "@NUMVARS 2 @NUMCONSTRS 2 @OBJESENSE MIN @VARSBEGIN y 2 z -1 @VARSEND @CONSTSBEGIN low cap @CONSTSEND"},
		{"mixed, without ends", "N 2\nM 2\nOS 1\n@VARSBEGIN\ny 2\nz -1\n@CONSTSBEGIN\nlow\ncap\n"},
		{"the name on the line", "@NAME a b\n@NUMVARS 2 @NUMCONSTRS 2\n@VARSBEGIN y 2 z -1 @CONSTRSBEGIN low cap\n@LP x\n"},
	} {
		t.Run(c.name, func(t *testing.T) { same(t, levels, c.aux, levelsModel, mpsaux.Options{}) })
	}
	maximised := strings.Replace(levelsModel, "minimize: 2", "maximize: 2", 1)
	same(t, levels, "N 2 M 2 LC 2 LC 3 LR 1 LR 2 LO 2 LO -1 OS -1", maximised, mpsaux.Options{})
	same(t, levels, "@NUMVARS 2 @NUMCONSTRS 2 @OBJSENSE MAX @VARSBEGIN y 2 z -1 @CONSTRSBEGIN low cap", maximised, mpsaux.Options{})
	t.Run("no rows", func(t *testing.T) {
		same(t, levels, "N 1 M 0 LC 2 LO 1", `var x >= 0; var u >= 0;
lower lower; var y >= 0, <= 9;
upper; var z >= 0; minimize cost: x + 3*u - y + 2*z; subject to top: x + u + 4*z <= 8; subject to low: 2*x + y >= 1;
subject to watch: -Infinity <= x <= Infinity; subject to cap: y - z <= 5;
lower lower; minimize: y;`, mpsaux.Options{})
	})
	t.Run("the leader maximises", func(t *testing.T) {
		m := same(t, strings.Replace(levels, "ROWS", "OBJSENSE\n MAX\nROWS", 1), "N 2 M 2 LC y LC z LR low LR cap LO 2 LO -1",
			strings.Replace(levelsModel, "minimize cost", "maximize cost", 1), mpsaux.Options{})
		if want := []string{"the leader maximises, as OBJSENSE says; MibS does not read that and minimises"}; !slices.Equal(m.Notes, want) {
			t.Errorf("notes %q, want %q", m.Notes, want)
		}
	})
	t.Run("a name that is a number", func(t *testing.T) {
		m := same(t, strings.ReplaceAll(levels, " x ", " 2 "), "N 2 M 2 LC 2 LC 3 LR 1 LR 2 LO 2 LO -1 OS 1",
			strings.ReplaceAll(strings.ReplaceAll(strings.ReplaceAll(levelsModel, "x ", "`2` "), "*x", "*`2`"), "<= x", "<= `2`"), mpsaux.Options{})
		if want := []string{"column 2 of the AUX file is taken to be an index, though another column has that name"}; !slices.Equal(m.Notes, want) {
			t.Errorf("notes %q, want %q", m.Notes, want)
		}
	})
}

// interdicted is a problem of the follower alone, with an equation and a range, as no file of MibS's has them.
const interdicted = `NAME prey
ROWS
 L room
 N value
 E even
COLUMNS
 a value -5 room 2
 a even 1
 b value -4 room 3
 b even -1
RHS
 R room 10 even 1
RANGES
 R room 8
BOUNDS
 UP B a 3
 UI B b 2
ENDATA
`

func TestInterdiction(t *testing.T) {
	want := `var interdict {{"a", "b"}} binary;
lower lower; var a >= 0, <= 3; var b integer >= 0, <= 2;
upper; minimize value: 5*a + 4*b; subject to budget: 6*interdict["a"] + 7*interdict["b"] <= 9.5;
lower lower; minimize: -5*a - 4*b; subject to room: 2 <= 2*a + 3*b <= 10; subject to even: a - b = 1;
subject to blocked["a"]: 3*interdict["a"] + a <= 3;
subject to blocked["b"]: 2*interdict["b"] + b <= 2;
`
	for _, c := range []struct{ name, aux string }{
		{"with the indices of the whole", "N 2 M 4 LC 2 LC 3 LR 1 LR 2 LR 3 LR 4 LO -5 LO -4 OS 1 IC 6 IC 7 IB 9.5"},
		{"in another order", "N 2 M 4 IB 9.5 LC 3 LC 2 LR 1 LR 2 LR 3 LR 4 IC 7 IC 6 LO -4 LO -5 OS 1"},
		{"without indices", "N 2 M 4 LO -5 LO -4 IC 6 IC 7 IB 9.5"},
		{"by name", "N 2 M 4 LC b LC a LO -4 LO -5 IC 7 IC 6 IB 9.5"},
	} {
		t.Run(c.name, func(t *testing.T) { same(t, interdicted, c.aux, want, mpsaux.Options{}) })
	}
	t.Run("an objective of its own", func(t *testing.T) {
		same(t, interdicted, "N 2 M 4 LO 1 LO 0 IC 6 IC 7 IB 9.5 OS -1", strings.Replace(want, "minimize: -5*a - 4*b", "maximize: a", 1), mpsaux.Options{})
	})
	t.Run("names that are taken", func(t *testing.T) {
		text := strings.NewReplacer("room", "budget", "even", "blocked", " a ", " interdict ").Replace(interdicted)
		m, err := mpsaux.ReadBilevel(strings.NewReader(text), strings.NewReader("N 2 M 4 LO 1 LO 0 IC 6 IC 7 IB 9.5 OS -1"), mpsaux.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if m.VarName(0) != `interdict_["interdict"]` || m.RowName(0) != "budget_" || m.RowName(3) != `blocked_["interdict"]` {
			t.Errorf("names %s, %s, %s", m.VarName(0), m.RowName(0), m.RowName(3))
		}
	})
}
