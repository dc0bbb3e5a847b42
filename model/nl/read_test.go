package nl_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/expr"
	"github.com/gobilevel/bilevel/model/modfile"
	"github.com/gobilevel/bilevel/model/nl"
)

// file is a text file whose header has the given counts and whose segments follow.
func file(vars, rows, objectives, common int, segments ...string) string {
	head := []string{"g3 0 1 0\t# problem by hand"}
	line := func(format string, n ...any) { head = append(head, " "+strings.TrimSpace(sprint(format, n...))) }
	line("%d %d %d 0 0", vars, rows, objectives)
	line("0 0 0 0 0 0")
	line("0 0")
	line("0 0 0")
	line("0 0 0 1")
	line("0 0 0 0 0")
	line("0 0")
	line("0 0")
	line("%d 0 0 0 0", common)
	return strings.Join(append(head, segments...), "\n") + "\n"
}

// free is the segment b of n variables without bounds.
func free(n int) string { return "b" + strings.Repeat("\n3", n) }

// Every operation, at a point where its value is known by hand.
func TestOperations(t *testing.T) {
	x := []float64{0.5, -3}
	for _, c := range []struct {
		name string
		text string // in one line
		want float64
	}{
		{"plus", "o0 v0 v1", -2.5}, {"minus", "o1 v0 v1", 3.5}, {"times", "o2 v0 v1", -1.5}, {"divide", "o3 v1 v0", -6}, {"remainder", "o4 n7 v1", 1},
		{"power", "o5 v1 n3", -27}, {"less", "o6 v0 v1", 3.5}, {"least", "o11 3 v0 v1 n-4", -4}, {"greatest", "o12 2 v0 v1", 0.5},
		{"floor", "o13 v0", 0}, {"ceil", "o14 v0", 1}, {"abs", "o15 v1", 3}, {"negative", "o16 v1", 3},
		{"or", "o20 o22 v0 v1 n0", 0}, {"and", "o21 o29 v0 v1 n2", 1}, {"lt", "o22 v1 v0", 1}, {"le", "o23 v0 v0", 1}, {"eq", "o24 v0 v1", 0},
		{"ge", "o28 v0 v1", 1}, {"gt", "o29 v1 v0", 0}, {"ne", "o30 v0 v1", 1}, {"not", "o34 o30 v0 v1", 0}, {"if", "o35 o22 v0 v1 n1 n2", 2},
		{"tanh", "o37 v0", math.Tanh(0.5)}, {"tan", "o38 v0", math.Tan(0.5)}, {"sqrt", "o39 o2 v1 v1", 3}, {"sinh", "o40 v0", math.Sinh(0.5)},
		{"sin", "o41 v0", math.Sin(0.5)}, {"log10", "o42 o2 n200 v0", 2}, {"log", "o43 v0", math.Log(0.5)}, {"exp", "o44 v1", math.Exp(-3)},
		{"cosh", "o45 v0", math.Cosh(0.5)}, {"cos", "o46 v1", math.Cos(3)}, {"atanh", "o47 v0", math.Atanh(0.5)}, {"atan2", "o48 v0 v1", math.Atan2(0.5, -3)},
		{"atan", "o49 v1", math.Atan(-3)}, {"asinh", "o50 v1", math.Asinh(-3)}, {"asin", "o51 v0", math.Asin(0.5)}, {"acosh", "o52 o16 v1", math.Acosh(3)},
		{"acos", "o53 v0", math.Acos(0.5)}, {"sum", "o54 4 v0 v1 v0 n2", 0}, {"div", "o55 n7 v1", -2}, {"precision", "o56 n1234 n2", 1200},
		{"round", "o57 n2.345 n1", 2.3}, {"round to an integer", "o57 v0 n0", 0}, {"trunc", "o58 n-2.78 n1", -2.7},
		{"forall", "o70 3 o22 v1 v0 n1 o29 v0 v1", 1}, {"exists", "o71 2 o22 v0 v1 n0", 0}, {"iff", "o73 o22 v0 v1 o24 v0 v1", 1},
		{"power of a number", "o76 v1 n2", 9}, {"square", "o77 v1", 9}, {"number to a power", "o78 n2 v1", 0.125},
		{"short number", "s-5", -5}, {"long number", "l70000", 70000},
		{"piecewise, right", "o64 3 n-1 n-1 n2 n4 n3 v0", 1},     // slopes -1, 2, 3 with breaks at -1 and 4: 0 at 0
		{"piecewise, left", "o64 3 n-1 n-1 n2 n4 n3 v1", -2 + 2}, // falls by 2 from 0 to -1, then rises by 2
		{"piecewise, zero beyond the breaks", "o64 2 n1 n-5 n2 v1", -6}, {"nested", "o0 o2 v0 o16 v1 o44 n0", 2.5},
	} {
		text := file(2, 1, 0, 0, "C0", strings.ReplaceAll(c.text, " ", "\n"), "r", "3", free(2))
		m, err := nl.Read(strings.NewReader(text), nl.Names{})
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if got := m.RowValue(0, x); math.Abs(got-c.want) > 1e-15*math.Abs(c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

// What the segments say, by hand.
func TestSegments(t *testing.T) {
	text := strings.Join([]string{
		"g3 0 1 0\t# problem by hand",
		" 6 6 2 1 1 # vars, constraints, objectives, ranges, eqns",
		" 1 1 1 1 1 0",
		" 0 0",
		" 2 3 1",
		" 0 0 0 1",
		" 1 1 0 1 0",
		" 9 2",
		" 0 0",
		" 1 0 0 0 0",
		"F0 0 1 unused",
		"S0 2 sosno", "3 2", "4 2",
		"S4 2 ref", "3 5.5", "4 0.5",
		"S1 1 elsewhere", "0 7",
		"V6 1 0\t#shared", "1 3", "o5", "v0", "n2",
		"C0", "v6", "C1", "n0", "C2", "n-2 # a comment", "C3", "n0", "C4", "n4", "C5", "n0",
		"O0 1", "o0", "v6", "n10",
		"O1 0", "n0",
		"d1", "0 3",
		"x2", "0 0.5", "2 99",
		"r", "0 -1 1", "4 3", "5 1 1", "5 3 3", "3", "1 8",
		"b", "2 0", "3", "0 -1 1", "1 7", "0 0 1", "0 0 9",
		"k5", "1", "2", "3", "4", "5",
		"J0 2", "1 0", "2 4", "J1 1", "3 1", "J2 1", "1 1", "J3 1", "4 -1", "J5 2", "0 2", "5 1",
		"G0 1", "3 -1", "G1 1", "0 1", "",
	}, "\n")
	m, err := nl.Read(strings.NewReader(text), nl.Names{Vars: []string{"a", "b", "c[1]", "c[2]", "d['x']", "e"}, Rows: []string{"r[1]", "r[2]", "r[3]", "s", "t", "u", "profit"}})
	if err != nil {
		t.Fatal(err)
	}
	inf := math.Inf(1)
	type variable struct {
		Name, Kind   string
		Lower, Upper float64
		Start        string
	}
	var vars []variable
	for j := range m.NumVars() {
		lo, hi := m.VarBounds(j)
		vars = append(vars, variable{m.VarName(j), m.VarKind(j).String(), lo, hi, sprint("%g", m.VarStart(j))})
	}
	if diff := cmp.Diff([]variable{
		{"a", "continuous", 0, inf, "0.5"}, {"b", "integer", -inf, inf, "NaN"}, {"c[1]", "continuous", -1, 1, "1"},
		{"c[2]", "continuous", -inf, 7, "NaN"}, {"d['x']", "binary", 0, 1, "NaN"}, {"e", "integer", 0, 9, "NaN"},
	}, vars); diff != "" {
		t.Error(diff)
	}
	type row struct {
		Name         string
		Lower, Upper float64
		Value        float64
	}
	x := []float64{2, 3, 5, 7, 11, 13}
	var rows []row
	for r := range m.NumRows() {
		lo, hi := m.RowBounds(r)
		rows = append(rows, row{m.RowName(r), lo, hi, m.RowValue(r, x)})
	}
	if diff := cmp.Diff([]row{
		{"r[1]", -1, 1, 4 + 9 + 20}, {"r[2]", 3, 3, 7}, {"r[3]", 2, inf, 3}, {"s", -inf, inf, -11}, {"t", -inf, inf, 4}, {"u", -inf, 8, 17},
	}, rows); diff != "" {
		t.Error(diff)
	}
	if f := m.RowFunction(0); f.Nonlinear != 0 || len(f.Quad) != 1 {
		t.Errorf("the square is not a quadratic part: %+v", f)
	}
	if diff := cmp.Diff([]model.Pair{
		{A: model.Member{Index: 0}, B: model.Member{Row: true, Index: 2}},
		{A: model.Member{Side: model.Range, Index: 2}, B: model.Member{Row: true, Side: model.Value, Index: 3}},
	}, []model.Pair{m.Pair(0), m.Pair(1)}); diff != "" || m.NumPairs() != 2 || m.PairName(0) != "r[3]" {
		t.Errorf("pairs %s, name %s", diff, m.PairName(0))
	}
	if o := m.Leader().Objective(); o.Sense != model.Maximize || o.Name != "profit" || m.ObjectiveValue(0, x) != 4+9+10-7 {
		t.Errorf("objective %+v, value %v", o, m.ObjectiveValue(0, x))
	}
	if diff := cmp.Diff([]model.SOS1{{Name: "sos2", Vars: []int32{4, 3}, Weights: []float64{0.5, 5.5}}}, m.SOS1Sets()); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"1 start values outside the bounds were moved to the nearest bound", "the first of 2 objectives was taken"}, m.Notes); diff != "" {
		t.Error(diff)
	}
	if !m.SameVarFamily(2, 3) || m.SameVarFamily(3, 4) || m.Name != "by hand" {
		t.Errorf("families of variables or the name %q are wrong", m.Name)
	}
}

// The constraints that carry members give the pairs their names back, so that a model prints as it was written.
func TestNamesOfPairs(t *testing.T) {
	const text = `var x {1..2} >= 0;
var z >= -1, <= 1;
minimize F: x[1] + z;
subject to near {i in 1..2}: x[1] + 2*x[i] - z >= 1 complements x[i] >= 0;
subject to second: -1 <= z <= 1 complements exp(z) - x[1];
subject to third: x[1] - z <= 4;
`
	m, err := modfile.Read("pairs.mod", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	data, names := write(t, m, false)
	back, err := nl.Read(bytes.NewReader(data), names)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for k := range back.NumPairs() {
		got = append(got, back.PairName(k))
	}
	if diff := cmp.Diff([]string{"second", "near[1]", "near[2]"}, got); diff != "" {
		t.Error(diff)
	}
	var printed bytes.Buffer
	if err := modfile.Print(&printed, back); err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{"subject to near[1]: -z + 3*x[1] >= 1 complements x[1] >= 0;", "subject to second: -1 <= z <= 1 complements -x[1] + exp(z)", "subject to third:"} {
		if !strings.Contains(printed.String(), line) {
			t.Errorf("no line %q in\n%s", line, printed.String())
		}
	}
}

// A binary file of a machine with the most significant byte first.
func TestBigEndian(t *testing.T) {
	head := strings.Replace(file(1, 0, 1, 0), "g3", "b3", 1)
	head = strings.Replace(head, " 0 0 0 1\n", " 0 0 2 1\n", 1)
	b := []byte(head)
	order := binary.BigEndian
	put := func(letter byte, n ...uint32) {
		b = append(b, letter)
		for _, v := range n {
			b = order.AppendUint32(b, v)
		}
	}
	put('O', 0, 0)
	put('o', 0)
	put('v', 0)
	b = order.AppendUint64(append(b, 'n'), math.Float64bits(2.5))
	b = order.AppendUint64(append(b, 'b', '2'), math.Float64bits(-1))
	m, err := nl.Read(bytes.NewReader(b), nl.Names{})
	if err != nil {
		t.Fatal(err)
	}
	if lo, _ := m.VarBounds(0); lo != -1 || m.ObjectiveValue(0, []float64{4}) != 6.5 || m.VarName(0) != "x[1]" {
		t.Errorf("lower bound %v, objective %v, name %s", lo, m.ObjectiveValue(0, []float64{4}), m.VarName(0))
	}
}

func TestReadFile(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "m.nl")
	put := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	names := func() string {
		m, err := nl.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return m.VarName(0) + " " + m.VarName(1) + " " + m.RowName(0) + " " + m.Leader().Objective().Name
	}
	put("m.nl", file(2, 1, 1, 0, "C0", "n0", "O0 0", "n0", "r", "3", free(2)))
	if got := names(); got != "x[1] x[2] c[1] " {
		t.Errorf("without names: %s", got)
	}
	put("m.col", "apples\r\npears\r\n")
	put("m.row", "limit\ncost\n")
	if got := names(); got != "apples pears limit cost" {
		t.Errorf("with names: %s", got)
	}
	put("m.col", "apples\napples\n")
	put("m.row", "")
	if got := names(); got != "x[1] x[2] c[1] " {
		t.Errorf("with a name twice: %s", got)
	}
	put("m.nl", "g3\n")
	_, err := nl.ReadFile(path)
	var wrong *nl.Error
	if !errors.As(err, &wrong) || wrong.File != path {
		t.Errorf("a short file: %v", err)
	}
	if _, err := nl.ReadFile(filepath.Join(dir, "none.nl")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no file: %v", err)
	}
}

func TestErrors(t *testing.T) {
	body := func(lines ...string) string { return file(2, 1, 1, 1, lines...) }
	for _, c := range []struct {
		name, text, want string
		unsupported      bool
	}{
		{"nothing", "", "nl: line 1: not an .nl file: the first line starts neither with g nor with b", false},
		{"another format", "NAME x\nROWS\n", "nl: line 1: not an .nl file: the first line starts neither with g nor with b", false},
		{"short header", "g3 0 1 0\n 1 0 1\n", "nl: line 2: the header has fewer than ten lines", false},
		{"count that is none", "g3\n 1 x 1\n", `nl: line 2: "x" where an integer was due`, false},
		{"endless variables", "g3\n 1000000000 0 1\n", "nl: line 2: 1000000000 variables, more than the file has room for", false},
		{"logical constraints", "g3\n 1 1 1 0 0 1\n", "nl: line 2: 1 logical constraints; write them by binary variables", true},
		{"unknown segment", body("Q0"), `nl: line 11: a segment 'Q', which there is not`, false},
		{"no bounds", body("C0", "n0"), "nl: line 12: the segment b, the bounds of the variables, is missing", false},
		{"no sides", body(free(2)), "nl: line 13: the segment r, the sides of the constraints, is missing", false},
		{"constraint that is not there", body("C1", "n0"), "nl: line 11: constraint 1, of 1", false},
		{"expression without end", body("C0", "o0", "n1"), "nl: line 13: the file ends within an expression", false},
		{"no expression", body("C0", "J0 1"), `nl: line 12: 'J' where an expression was due`, false},
		{"number that is none", body("C0", "nx"), `nl: line 12: "x" where a number was due`, false},
		{"NaN", body("C0", "nNaN"), "nl: line 12: a number that is NaN", false},
		{"variable that is not there", body("C0", "v3"), "nl: line 12: variable 3, of 3", false},
		{"common expression too early", body("C0", "v2"), "nl: line 12: the common expression 2 is used before it is defined", false},
		{"common expression in itself", body("V2 0 0", "v2"), "nl: line 12: the common expression 2 is used before it is defined", false},
		{"variable as common expression", body("V1 0 0", "n1"), "nl: line 11: the common expression 1; they are numbered from 2 to 2", false},
		{"alldiff", body("C0", "o74", "1", "v0"), "nl: line 12: the operation 74 (alldiff); write the model without it", true},
		{"function", body("F0 0 1 f", "C0", "f0 1", "v0"), "nl: line 13: an imported function; write it as an expression", true},
		{"logical", body("L0", "n1"), "nl: line 11: a logical constraint; write it by binary variables", true},
		{"bound of no kind", body("b", "7 1"), `nl: line 12: '7' where the kind of a bound was due`, false},
		{"bound that complements", body("b", "5 1 1"), `nl: line 12: a variable that complements`, false},
		{"complement of nothing", body("r", "5 1 9"), `nl: line 12: constraint 0 complements the variable 8, of 2`, false},
		{"bound without a number", body("b", "2"), `nl: line 12: "" where a number was due`, false},
		{"entries without end", body("J0 2", "0 1"), "nl: line 12: the file ends where more was to come", false},
		{"endless entries", body("J0 99999", "0 1"), "nl: line 11: 99999 entries, more than the file has room for", false},
		{"SOS2", body("S0 1 sosno", "0 -1", "r", "3", free(2)), "nl: byte 0: an SOS2 set; write it by binary variables", true},
		{"binary of another machine", strings.Replace(strings.Replace(body(), "g3", "b3", 1), " 0 0 0 1\n", " 0 0 5 1\n", 1), "nl: line 10: a binary file with numbers of kind 5; write the text form", true},
		{"binary that ends", strings.Replace(body("C"), "g3", "b3", 1), "nl: byte 105: the file ends where more was to come", false},
	} {
		_, err := nl.Read(strings.NewReader(c.text), nl.Names{})
		var wrong *nl.Error
		if !errors.As(err, &wrong) {
			t.Errorf("%s: %v is not an *nl.Error", c.name, err)
			continue
		}
		if err.Error() != c.want {
			t.Errorf("%s: %q, want %q", c.name, err, c.want)
		}
		if errors.Is(err, nl.ErrUnsupported) != c.unsupported {
			t.Errorf("%s: unsupported is %v", c.name, !c.unsupported)
		}
	}
	for _, c := range []struct {
		name, text string
		want       error
	}{
		{"contradictory bounds", file(1, 0, 0, 0, "b", "0 2 1"), model.ErrContradiction},
		{"binary variable above one", strings.Replace(file(1, 0, 0, 0, "b", "2 3"), "\n 0 0 0 0 0\n", "\n 1 0 0 0 0\n", 1), model.ErrContradiction},
		{"complement of a free variable", file(1, 1, 0, 0, "C0", "v0", "r", "5 1 1", "b", "3"), model.ErrContradiction},
		{"infinite coefficient", file(1, 1, 0, 0, "C0", "n0", "r", "3", "b", "3", "J0 1", "0 Infinity"), model.ErrNotFinite},
	} {
		if _, err := nl.Read(strings.NewReader(c.text), nl.Names{}); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

// A short file that asks for a product of two long sums in every line stays a short model: what is over the budget is not multiplied out.
func TestBudget(t *testing.T) {
	const terms, rows = 200, 3000
	lines := []string{sprint("V%d %d 0", terms, terms)}
	for j := range terms {
		lines = append(lines, sprint("%d 1", j))
	}
	lines = append(lines, "n0")
	for r := range rows {
		lines = append(lines, sprint("C%d", r), "o77", sprint("v%d", terms))
	}
	lines = append(lines, "r"+strings.Repeat("\n3", rows), free(terms))
	m, err := nl.Read(strings.NewReader(file(terms, rows, 0, 1, lines...)), nl.Names{})
	if err != nil {
		t.Fatal(err)
	}
	expanded := 0
	x := make([]float64, terms)
	for j := range x {
		x[j] = 0.5
	}
	for r := range rows {
		if m.RowFunction(r).Nonlinear == 0 {
			expanded++
		}
		if r%500 == 0 && m.RowValue(r, x) != terms*terms/4 {
			t.Errorf("row %d is %v", r, m.RowValue(r, x))
		}
	}
	if expanded == 0 || expanded > 100 {
		t.Errorf("%d of %d squares were multiplied out", expanded, rows)
	}
}

// Depth costs no stack.
func TestDepth(t *testing.T) {
	const depth = 300_000
	text := file(1, 1, 0, 0, "C0"+strings.Repeat("\no41\no0\nn1", depth), "v0", "r", "3", "b", "3")
	m, err := nl.Read(strings.NewReader(text), nl.Names{})
	if err != nil {
		t.Fatal(err)
	}
	want := 0.25
	for range depth {
		want = math.Sin(1 + want)
	}
	if got := m.RowValue(0, []float64{0.25}); got != want {
		t.Errorf("value %v, want %v", got, want)
	}
}

// Everything that the writer has words for comes back, in operations on variables and in truth values where numbers are due.
func TestRoundTripOfOperations(t *testing.T) {
	m := model.New("operations")
	m.Leader().Vars("x", 3, 0.2, 0.8)
	d := m.DAG()
	x, y, z := d.Var(0), d.Var(1), d.Var(2)
	list := []expr.Node{
		d.Product(x, y, z, d.Unary(expr.OpExp, x), d.Unary(expr.OpSin, y)), d.Pow(x, y), d.Div(x, d.Add(y, z)), d.Min(x, y, z), d.Max(d.Square(x), y),
		d.If(d.Binary(expr.OpLT, x, y), z, d.Square(z)), d.Binary(expr.OpAnd, x, d.Binary(expr.OpGE, y, z)), d.Binary(expr.OpOr, d.Not(x), y),
		d.If(x, y, z), d.Mul(x, d.Binary(expr.OpNE, y, z)), d.Binary(expr.OpEQ, x, y), d.Binary(expr.OpEQ, d.Binary(expr.OpLT, x, y), z),
	}
	for op := expr.OpAbs; op <= expr.OpTrunc; op++ {
		arg := x
		if op == expr.OpAcosh {
			arg = d.Linear(1, nil, []expr.Node{x})
		}
		list = append(list, d.Unary(op, arg))
	}
	for op := expr.OpAtan2; op <= expr.OpPrecision; op++ {
		list = append(list, d.Binary(op, d.Linear(2, []float64{3}, []expr.Node{x}), d.Add(y, z)))
	}
	list = append(list, d.Binary(expr.OpRound, x, d.Const(2)), d.Binary(expr.OpTrunc, x, d.Const(2)))
	for k, n := range list {
		m.AddRow(0, sprint("r%d", k), model.Function{Nonlinear: n}, 0, 1)
		m.AddRow(0, sprint("s%d", k), model.Function{Nonlinear: d.Mul(n, d.Unary(expr.OpSin, n)), Quad: []model.QuadTerm{{I: 0, J: 2, Coef: -3}}}, -1, model.Inf)
	}
	roundTrip(t, "operations", m)
}
