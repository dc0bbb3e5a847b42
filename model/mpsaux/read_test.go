package mpsaux_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/modfile"
	"github.com/gobilevel/bilevel/model/mpsaux"
)

// same reads an MPS text, and an AUX text where there is one, and compares with the model of a text in the project's language.
func same(t *testing.T, mps, aux, want string, opt mpsaux.Options) *model.Model {
	t.Helper()
	var m *model.Model
	var err error
	if aux == "" {
		m, err = mpsaux.Read(strings.NewReader(mps), opt)
	} else {
		m, err = mpsaux.ReadBilevel(strings.NewReader(mps), strings.NewReader(aux), opt)
	}
	if err != nil {
		t.Fatalf("%v\n%s%s", err, mps, aux)
	}
	w, err := modfile.Read("want.mod", []byte(want))
	if err != nil {
		t.Fatal(err)
	}
	if err := modfile.Equal(w, m); err != nil {
		var got strings.Builder
		if err := modfile.Print(&got, m); err != nil {
			t.Error(err)
		}
		t.Errorf("%v\n%s%swant\n%sgot\n%s", err, mps, aux, want, got.String())
	}
	return m
}

// small is the frame of a file with two columns; what is added stands after COLUMNS.
func small(rest string) string {
	return "NAME small\nROWS\n N cost\n L cap\n G need\n E bal\nCOLUMNS\n x cost 1 cap 2\n x need 3 bal 1\n y cost -1 cap 1\n y bal -1\n" + rest + "ENDATA\n"
}

const smallVars = "var x >= 0;\nvar y >= 0;\n"

// smallModel is that of the frame with the right-hand sides and variables given.
func smallModel(vars, lo1, hi1, lo2, hi2, lo3, hi3 string) string {
	return vars + "minimize cost: x - y;\nsubject to cap: " + lo1 + " <= 2*x + y <= " + hi1 + ";\nsubject to need: " + lo2 + " <= 3*x <= " + hi2 +
		";\nsubject to bal: " + lo3 + " <= x - y <= " + hi3 + ";\n"
}

func TestSides(t *testing.T) {
	const none, less = "Infinity", "-Infinity"
	for _, c := range []struct{ name, rest, want string }{
		{"none", "", smallModel(smallVars, less, "0", "0", none, "0", "0")},
		{"two on a line", "RHS\n R cap 4 need -2\n R bal 1.5\n", smallModel(smallVars, less, "4", "-2", none, "1.5", "1.5")},
		{"without the name of the set", "RHS\n cap 4\n need -2 bal 1.5\n", smallModel(smallVars, less, "4", "-2", none, "1.5", "1.5")},
		{"infinite", "RHS\n R cap 1e30 need -1e31\n", smallModel(smallVars, less, none, less, none, "0", "0")},
		{"ranges", "RHS\n R cap 4 need 1\n R bal 3\nRANGES\n R cap 2 need 5\n R bal 7\n", smallModel(smallVars, "2", "4", "1", "6", "3", "10")},
		{"negative ranges", "RHS\n R cap 4 need 1\n R bal 3\nRANGES\n R cap -2 need -5\n R bal -7\n", smallModel(smallVars, "2", "4", "1", "6", "-4", "3")},
		{"ranges of zero", "RHS\n R cap 4 need 1\n R bal 3\nRANGES\n R cap 0 need 0\n R bal 0\n", smallModel(smallVars, "4", "4", "1", "1", "3", "3")},
		{"ranges before their sides", "RANGES\n R cap 2\nRHS\n R cap 4\n", smallModel(smallVars, "2", "4", "0", none, "0", "0")},
		{"an infinite range", "RHS\n R cap 4\nRANGES\n R cap 1e30\n", smallModel(smallVars, less, "4", "0", none, "0", "0")},
		{"the first set", "RHS\n A cap 4\n B cap 9\n A need 1\nRANGES\n A cap 1\n B cap 2\n", smallModel(smallVars, "3", "4", "1", none, "0", "0")},
		{"lines that are not indented", "RHS\nRHS cap 4\nRHS need 1 bal 3\nRANGES\nRNG cap 2\n", smallModel(smallVars, "2", "4", "1", none, "3", "3")},
	} {
		t.Run(c.name, func(t *testing.T) { same(t, small(c.rest), "", c.want, mpsaux.Options{}) })
	}
	m := same(t, small("RHS\n A cap 4\n B cap 9\n"), "", smallModel(smallVars, less, "4", "0", none, "0", "0"), mpsaux.Options{})
	if want := []string{"the first set of right-hand sides, A, was taken; 1 lines of others were passed over"}; !slices.Equal(m.Notes, want) {
		t.Errorf("notes %q, want %q", m.Notes, want)
	}
}

func TestBounds(t *testing.T) {
	for _, c := range []struct{ name, bounds, x, y string }{
		{"upper", " UP B x 4\n UP B y 0\n", "var x >= 0, <= 4;", "var y >= 0, <= 0;"},
		{"lower", " LO B x 1\n LO B y -3\n", "var x >= 1;", "var y >= -3;"},
		{"both", " LO B x -2\n UP B x -1\n UP B y 5\n LO B y 2\n", "var x >= -2, <= -1;", "var y >= 2, <= 5;"},
		{"upper below zero", " UP B x -4\n UP B y -1\n LO B y -2\n", "var x <= -4;", "var y >= -2, <= -1;"},
		{"fixed", " FX B x 3\n FX B y -0.5\n", "var x >= 3, <= 3;", "var y >= -0.5, <= -0.5;"},
		{"free", " FR B x\n MI B y\n", "var x;", "var y;"},
		{"minus infinity keeps the upper bound", " UP B x 4\n MI B x\n MI B y\n UP B y -2\n", "var x <= 4;", "var y <= -2;"},
		{"plus infinity", " LO B x -1\n PL B x\n PL B y\n", "var x >= -1;", "var y >= 0;"},
		{"binary", " BV B x\n BV B y 1.\n", "var x binary;", "var y binary;"},
		{"integer", " UI B x 7\n LI B y -2\n", "var x integer >= 0, <= 7;", "var y integer >= -2;"},
		{"integer and infinite", " UI B x 1e+30\n LI B y 1\n UP B y 9\n", "var x integer >= 0;", "var y integer >= 1, <= 9;"},
		{"integer between 0 and 1", " UI B x 1\n LI B y 0\n UI B y 0\n", "var x binary;", "var y binary <= 0;"},
		{"infinite numbers", " UP B x Inf\n LO B y -infinity\n", "var x >= 0;", "var y;"},
		{"without the name of the set", " UP x 4\n FR y\n", "var x >= 0, <= 4;", "var y;"},
		{"without a set, with a number", " BV x 1\n UP y 2\n", "var x binary;", "var y >= 0, <= 2;"},
		{"the first set", " UP A x 4\n UP B x 5\n MI B y\n", "var x >= 0, <= 4;", "var y >= 0;"},
		{"said twice alike", " UP B x 4\n BV B y\n UP B x 4\n UP B y 1\n", "var x >= 0, <= 4;", "var y binary;"},
		{"small letters", " up B x 4\n fr B y\n", "var x >= 0, <= 4;", "var y;"},
	} {
		t.Run(c.name, func(t *testing.T) {
			same(t, small("BOUNDS\n"+c.bounds), "", smallModel(c.x+"\n"+c.y+"\n", "-Infinity", "0", "0", "Infinity", "0", "0"), mpsaux.Options{})
		})
	}
	m := same(t, small("BOUNDS\n UP B x -4\n"), "", smallModel("var x <= -4;\nvar y >= 0;", "-Infinity", "0", "0", "Infinity", "0", "0"), mpsaux.Options{})
	if want := []string{"column x has an upper bound below zero and no lower bound, which is taken to be minus infinity"}; !slices.Equal(m.Notes, want) {
		t.Errorf("notes %q, want %q", m.Notes, want)
	}
}

func TestMarkers(t *testing.T) {
	text := `NAME
ROWS
 N cost
COLUMNS
 a cost 1
 M1 'MARKER' 'INTORG'
 b cost 1
 c cost 1
 d cost 1
 e cost 1
 f cost 1
 g cost 1
 h cost 1
 M2 'MARKER' 'INTEND'
 i cost 1
 M3 'MARKER' 'INTORG'
 j cost 1
BOUNDS
 UP B c 3
 LO B d -1
 MI B e
 PL B f
 FR B g
 UP B h 1
ENDATA
`
	m := same(t, text, "", `
var a >= 0; var b binary; var c integer >= 0, <= 3; var d integer >= -1; var e integer; var f integer >= 0; var g integer; var h binary;
var i >= 0; var j binary;
minimize cost: a + b + c + d + e + f + g + h + i + j;`, mpsaux.Options{})
	if want := []string{"2 integer columns, b the first, have no line in BOUNDS and taken to be 0 or 1, as COIN, glpsol and HiGHS do"}; !slices.Equal(m.Notes, want) {
		t.Errorf("notes %q, want %q", m.Notes, want)
	}
}

func TestObjectives(t *testing.T) {
	const body = "COLUMNS\n x a 1 b 2\n x c 3\n y a 4 b 5\nRHS\n R a 7 c 8\nENDATA\n"
	for _, c := range []struct{ name, head, want string }{
		{"the first of several, with its constant", "ROWS\n N a\n N b\n L c\n", "minimize a: x + 4*y - 7; subject to b: -Infinity <= 2*x + 5*y <= Infinity; subject to c: 3*x <= 8;"},
		{"the last row", "ROWS\n L c\n E b\n N a\n", "minimize a: x + 4*y - 7; subject to c: 3*x <= 8; subject to b: 2*x + 5*y = 0;"},
		{"named", "OBJNAME\n b\nROWS\n N a\n N b\n L c\n", "minimize b: 2*x + 5*y; subject to a: -Infinity <= x + 4*y <= Infinity; subject to c: 3*x <= 8;"},
		{"named on the line", "OBJNAME b\nROWS\n N a\n N b\n L c\n", "minimize b: 2*x + 5*y; subject to a: -Infinity <= x + 4*y <= Infinity; subject to c: 3*x <= 8;"},
		{"maximised", "OBJSENSE\n    MAX\nROWS\n N a\n N b\n L c\n", "maximize a: x + 4*y - 7; subject to b: -Infinity <= 2*x + 5*y <= Infinity; subject to c: 3*x <= 8;"},
		{"maximised on the line", "NAME m\nOBJSENSE MAXIMIZE\nROWS\n N a\n E b\n L c\n", "maximize a: x + 4*y - 7; subject to b: 2*x + 5*y = 0; subject to c: 3*x <= 8;"},
		{"maximised in one word", "OBJSENSEMAX\nROWS\n N a\n E b\n L c\n", "maximize a: x + 4*y - 7; subject to b: 2*x + 5*y = 0; subject to c: 3*x <= 8;"},
		{"maximised, not indented", "OBJSENSE\nMaximise\nROWS\n N a\n E b\n L c\n", "maximize a: x + 4*y - 7; subject to b: 2*x + 5*y = 0; subject to c: 3*x <= 8;"},
		{"minimised", "OBJSENSE\n MIN\nROWS\n N a\n E b\n L c\n", "minimize a: x + 4*y - 7; subject to b: 2*x + 5*y = 0; subject to c: 3*x <= 8;"},
	} {
		t.Run(c.name, func(t *testing.T) { same(t, c.head+body, "", smallVars+c.want, mpsaux.Options{}) })
	}
	t.Run("none", func(t *testing.T) {
		m := same(t, "ROWS\n L c\nCOLUMNS\n x c 1\nENDATA\n", "", "var x >= 0; subject to c: x <= 0;", mpsaux.Options{})
		if want := []string{"there is no row of type N, so there is no objective"}; !slices.Equal(m.Notes, want) {
			t.Errorf("notes %q, want %q", m.Notes, want)
		}
	})
}

func TestQuadratic(t *testing.T) {
	const rows = "subject to cap: x^2 + 3*x*y + 2*x + y <= 0; subject to need: 3*x >= 0; subject to bal: x - y = 0;"
	const plain = "subject to cap: 2*x + y <= 0; subject to need: 3*x >= 0; subject to bal: x - y = 0;"
	const goal = smallVars + "minimize cost: x^2 + 3*x*y + 2.5*y^2 + x - y;"
	for _, c := range []struct{ name, rest, want string }{
		{"QUADOBJ", "QUADOBJ\n x x 2\n x y 3\n y y 5\n", goal + plain},
		{"QUADOBJ, the other triangle, two on a line", "QUADOBJ\n x x 2\n y x 3 y 5\n", goal + plain},
		{"QMATRIX", "QMATRIX\n x x 2\n x y 3\n y x 3\n y y 5\n", goal + plain},
		{"QSECTION", "QSECTION\n x x 2\n x y 3\n y y 5\n", goal + plain},
		{"QSECTION with a name", "QSECTION cost\n x x 2\n x y 3\n y y 5\n", goal + plain},
		{"QSECTION OBJ", "QSECTION OBJ\n x x 2\n x y 3\n y y 5\n", goal + plain},
		{"QSECTION of a constraint", "QSECTION cap\n x x 2\n y x 3\n", smallVars + "minimize cost: x - y;" + rows},
		{"QCMATRIX", "QCMATRIX cap\n x x 1\n x y 1.5\n y x 1.5\n", smallVars + "minimize cost: x - y;" + rows},
		{"both", "QUADOBJ\n x x 2\n x y 3\n y y 5\nQCMATRIX cap\n x x 1\n y x 1.5\n x y 1.5\n", goal + rows},
		{"zeros", "QUADOBJ\n x x 0\n", smallVars + "minimize cost: x - y;" + plain},
	} {
		t.Run(c.name, func(t *testing.T) { same(t, small(c.rest), "", c.want, mpsaux.Options{}) })
	}
}

func TestSets(t *testing.T) {
	frame := func(sos string) string {
		return "ROWS\n N cost\nCOLUMNS\n x cost 1\n y cost 2\n z cost 3\n" + sos + "ENDATA\n"
	}
	want := model.New("sets")
	l := want.Leader()
	x, y, z := l.Var("x", 0, model.Inf), l.Var("y", 0, model.Inf), l.Var("z", 0, model.Inf)
	objective := model.Sum(x.Expr(), y.Times(2), z.Times(3))
	l.Minimize(objective)
	o := l.Objective()
	o.Name = "cost"
	l.SetObjective(o)
	want.AddSOS1(model.SOS1{Name: "a", Vars: []int32{0, 1, 2}, Weights: []float64{1, 2.5, 4}})
	want.AddSOS1(model.SOS1{Name: "b", Vars: []int32{2, 0}, Weights: []float64{1, 2}})
	for _, c := range []struct{ name, sos string }{
		{"CPLEX", "SOS\n S1 a\n    x 1\n    y 2.5\n    z 4\n S1 b\n    z 1\n    x 2\n"},
		{"CPLEX with priorities", "SOS\n S1 a 1\n    x 1\n    y 2.5\n    z 4\n S1 b 2\n    z\n    x\n"},
		{"lp_solve", "SOS\n S1 SOS a 1\n    SOS x 1\n    SOS y 2.5\n    SOS z 4\n S1 SOS b 2\n    SOS z 1\n    SOS x 2\n"},
		{"lp_solve without priorities", "SOS1\n S1 SOS a\n    SOS x 1\n    SOS y 2.5\n    SOS z 4\n S1 SOS b\n    SOS z\n    SOS x\n"},
		{"Xpress", "SETS\n S1 a\n    a x 1\n    a y 2.5\n    a z 4\n S1 b\n    b z 1\n    b x 2\n"},
		{"not indented", "SOS\nS1 a\nx 1\ny 2.5\nz 4\nS1 b\nz\nx\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			m, err := mpsaux.Read(strings.NewReader(frame(c.sos)), mpsaux.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if err := modfile.Equal(want, m); err != nil {
				t.Error(err)
			}
		})
	}
	t.Run("markers", func(t *testing.T) {
		m, err := mpsaux.Read(strings.NewReader("ROWS\n N cost\nCOLUMNS\n x cost 1\n S1 a 'MARKER' 'SOSORG'\n y cost 2\n z cost 3\n a 'MARKER' 'SOSEND'\n v cost 1\nENDATA\n"), mpsaux.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if s := m.SOS1Sets(); len(s) != 1 || s[0].Name != "a" || !slices.Equal(s[0].Vars, []int32{1, 2}) || !slices.Equal(s[0].Weights, []float64{1, 2}) {
			t.Errorf("sets %v", s)
		}
	})
}

func TestIndicators(t *testing.T) {
	m, err := mpsaux.Read(strings.NewReader(small("BOUNDS\n BV B y\nINDICATORS\n IF cap y 1\n IF bal y 0\n")), mpsaux.Options{})
	if err != nil {
		t.Fatal(err)
	}
	want := []model.Indicator{{Row: 0, Binary: 1, When: true}, {Row: 2, Binary: 1, When: false}}
	if !slices.Equal(m.Indicators(), want) {
		t.Errorf("conditions %v, want %v", m.Indicators(), want)
	}
}

// fixedBlanks keeps to the columns of the fixed layout; its names have blanks in them, it has no names of sets, and comments after dollar signs.
const fixedBlanks = `* a comment
NAME          BLANKS IN NAMES
ROWS
 N  TOTAL C
 L  LIM 1
 G  LIM 2
COLUMNS
    X ONE     TOTAL C            1.5   LIM 1                1
    X ONE     LIM 2                1   $ a remark
    M A 1     'MARKER'                 'INTORG'
    Y TWO     TOTAL C             -2   LIM 1               -1
    M A 2     'MARKER'                 'INTEND'
    Z         LIM 1      0.12345678901234567
RHS
              LIM 1                4   LIM 2                1
RANGES
    RNG       LIM 1              2.5
BOUNDS
 UP BND       X ONE                4
 UI           Y TWO               10
 MI BND       Z
ENDATA
`

func TestFixedLayout(t *testing.T) {
	const want = "var `X ONE` >= 0, <= 4; var `Y TWO` integer >= 0, <= 10; var Z; minimize `TOTAL C`: 1.5*`X ONE` - 2*`Y TWO`;" +
		"subject to `LIM 1`: 1.5 <= `X ONE` - `Y TWO` + 0.12345678901234567*Z <= 4; subject to `LIM 2`: `X ONE` >= 1;"
	m := same(t, fixedBlanks, "", want, mpsaux.Options{})
	if m.Name != "BLANKS IN NAMES" {
		t.Errorf("the name is %q", m.Name)
	}
	if want := []string{"names have blanks, so the file was read in the fixed layout"}; !slices.Equal(m.Notes, want) {
		t.Errorf("notes %q, want %q", m.Notes, want)
	}
	same(t, fixedBlanks, "", want, mpsaux.Options{Layout: mpsaux.Fixed})
	same(t, strings.ReplaceAll(fixedBlanks, "\n", "\r\n"), "", want, mpsaux.Options{})
	if _, err := mpsaux.Read(strings.NewReader(fixedBlanks), mpsaux.Options{Layout: mpsaux.Free}); err == nil {
		t.Error("the free layout has names with blanks")
	}
}

// Odd ways to write a file that is well formed.
func TestTolerance(t *testing.T) {
	plain := small("RHS\n R cap 4\n")
	const want = smallVars + "minimize cost: x - y; subject to cap: 2*x + y <= 4; subject to need: 3*x >= 0; subject to bal: x - y = 0;"
	for _, c := range []struct{ name, text string }{
		{"tabs", strings.ReplaceAll(plain, " ", "\t")},
		{"carriage returns", strings.ReplaceAll(plain, "\n", "\r\n")},
		{"comments and empty lines", "* one\n\n" + strings.ReplaceAll(plain, "\n", "\n*\n  * x\n   \n")},
		{"deep indents", strings.ReplaceAll(plain, "\n ", "\n          ")},
		{"no line end", strings.TrimSuffix(plain, "\n")},
		{"after the end", plain + "and so on\n"},
		{"no name", strings.Replace(plain, "NAME small\n", "", 1)},
		{"a name with blanks", strings.Replace(plain, "NAME small", "NAME a small one FREE", 1)},
		{"small letters", strings.NewReplacer("ROWS", "rows", "COLUMNS", "columns", "RHS", "rhs", "ENDATA", "endata", " N ", " n ", " L ", " l ").Replace(plain)},
		{"a byte order mark", "\xef\xbb\xbf" + plain},
		{"numbers", strings.NewReplacer(" 1 ", " +1. ", " 2\n", " 0.2D1\n", " 3 ", " 3e0 ", " 4\n", " 400E-2\n").Replace(plain)},
		{"a second RHS", small("RHS\nRHS\n R cap 4\n")},
		{"a zero", small("RHS\n R cap 4 need 0\n")},
	} {
		t.Run(c.name, func(t *testing.T) { same(t, c.text, "", want, mpsaux.Options{}) })
	}
}
