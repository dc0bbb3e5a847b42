package modfile

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/gobilevel/bilevel/model"
)

const capModel = `
set I;
param n default 2;
param cap {I} default 10*n;
param label symbolic default "a";
param demand := 3*n;
var x {i in I} >= 0, <= cap[i];
minimize f: sum {i in I} cap[i]*x[i];
subject to c: sum {i in I} x[i] >= demand;
`

func parse(t testing.TB, text string, data ...string) *File {
	t.Helper()
	f, err := Parse("cap.mod", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range data {
		if err := f.Data("cap.dat", []byte(d)); err != nil {
			t.Fatal(err)
		}
	}
	return f
}

// TestParams overrides parameters, scalar and indexed, computed and given, whatever the file says of them.
func TestParams(t *testing.T) {
	f := parse(t, capModel, "set I := 1 b; param cap := 1 5; let cap[1] := 2*cap[1];")
	for _, c := range []struct {
		name   string
		params map[string]float64
		want   string
	}{
		{"none", nil, "10*x[1] + 20*x[\"b\"] at least 6"},
		{"a given value", map[string]float64{"cap[1]": 7}, "7*x[1] + 20*x[\"b\"] at least 6"},
		{"a default", map[string]float64{`cap["b"]`: 7}, "10*x[1] + 7*x[\"b\"] at least 6"},
		{"what others are computed from", map[string]float64{"n": 3}, "10*x[1] + 30*x[\"b\"] at least 9"},
		{"a computed value", map[string]float64{"demand": 1.5}, "10*x[1] + 20*x[\"b\"] at least 1.5"},
	} {
		t.Run(c.name, func(t *testing.T) {
			m, err := f.Instantiate(Options{Params: c.params})
			if err != nil {
				t.Fatal(err)
			}
			lo, _ := m.RowBounds(0)
			o := m.Leader().Objective().F
			got := formatNumber(o.Coefs[0]) + "*" + m.VarName(0) + " + " + formatNumber(o.Coefs[1]) + "*" + m.VarName(1) + " at least " + formatNumber(lo)
			if got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
		})
	}
}

func TestParamsThatCannotBe(t *testing.T) {
	f := parse(t, capModel, "set I := 1 b;")
	for name, want := range map[string]string{
		"cab":       "there is no such parameter",
		"x":         "there is no such parameter",
		"cap":       "the parameter has 1 subscript",
		"n[1]":      "the parameter has 0 subscripts",
		"cap[b]":    `a word in a subscript stands in quotes: cap["b"]`,
		"cap[]":     "not a name with a subscript",
		"cap[1":     "not a name with a subscript",
		"cap[7]":    "outside of the index set",
		"label":     "symbolic",
		`cap["b",]`: "not a name with a subscript",
	} {
		_, err := f.Instantiate(Options{Params: map[string]float64{name: 1}})
		var e *Error
		if !errors.As(err, &e) || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want a message with %q", name, err, want)
		}
	}
}

// TestWideTexts says what to do with a text in UTF-16, with and without the mark at its start; one in UTF-8 may have a mark.
func TestWideTexts(t *testing.T) {
	const text = "var x >= 0;\nminimize c: x;\n"
	for _, mark := range []bool{false, true} {
		for _, little := range []bool{false, true} {
			var wide []byte
			put := func(c uint16) {
				if little {
					wide = append(wide, byte(c), byte(c>>8))
				} else {
					wide = append(wide, byte(c>>8), byte(c))
				}
			}
			if mark {
				put(0xfeff)
			}
			for _, c := range text {
				put(uint16(c))
			}
			want := "w.mod: the text is in UTF-16\nexpected: text in UTF-8: save the file in that encoding"
			if _, err := Parse("w.mod", wide); err == nil || err.Error() != want {
				t.Errorf("mark %v, little %v: %v", mark, little, err)
			}
			f := parse(t, capModel, "set I := 1 b;")
			if err := f.Data("w.mod", wide); err == nil || err.Error() != want {
				t.Errorf("as data: %v", err)
			}
			if _, err := f.Instantiate(Options{}); err == nil {
				t.Error("a model was made although its data could not be read")
			}
		}
	}
	if _, err := Parse("m.mod", []byte("\ufeff"+text)); err != nil {
		t.Error(err)
	}
}

// TestInstantiateInParallel makes many models of one file at the same time; under the race detector it shows that they share nothing
// that changes.
func TestInstantiateInParallel(t *testing.T) {
	f := parse(t, capModel, "set I := 1 b c d; param cap := 1 5 b 7; let {i in I} cap[i] := cap[i] + 1;")
	first, err := f.Instantiate(Options{})
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			m, err := f.Instantiate(Options{})
			if err != nil {
				t.Error(err)
				return
			}
			if err := Equal(first, m); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
}

// TestNamesOutliveTheFile checks that names are right after the file has been given more data.
func TestNamesOutliveTheFile(t *testing.T) {
	f := parse(t, "set I; var x {I};", `set I := a 2.5;`)
	m, err := f.Instantiate(Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Data("more.dat", []byte("set I := zz yy 7.5;")); err != nil {
		t.Fatal(err)
	}
	m2, err := f.Instantiate(Options{})
	if err != nil {
		t.Fatal(err)
	}
	got := m.VarName(0) + " " + m.VarName(1) + " " + m2.VarName(0) + " " + m2.VarName(2)
	if want := `x["a"] x[2.5] x["zz"] x[7.5]`; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func TestLimits(t *testing.T) {
	f := parse(t, "set I := 1..1000000; var x; minimize f: x*sum {i in I, j in I} i*j;")
	_, err := f.Instantiate(Options{MaxSteps: 1e6})
	if err == nil || !strings.Contains(err.Error(), "too large") {
		t.Errorf("steps beyond the limit: %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err = f.Instantiate(Options{Context: ctx})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled instantiation: %v", err)
	}
	if _, err := parse(t, "var x {1..100000, 1..20000};").Instantiate(Options{MaxSteps: 1e6}); err == nil {
		t.Error("a family beyond the limit was made")
	}
}

func TestReadFiles(t *testing.T) {
	dir := t.TempDir()
	mod, dat := filepath.Join(dir, "small.mod"), filepath.Join(dir, "small.dat")
	for name, text := range map[string]string{mod: capModel, dat: "set I := 1 2;"} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	m, err := ReadFiles(mod, dat)
	if err != nil {
		t.Fatal(err)
	}
	if m.Name != "small" || m.NumVars() != 2 {
		t.Errorf("model %q with %d variables", m.Name, m.NumVars())
	}
	if _, err := ReadFiles(filepath.Join(dir, "none.mod")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a file that is not there: %v", err)
	}
	if _, err := ReadFiles(mod, filepath.Join(dir, "none.dat")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a data file that is not there: %v", err)
	}
}

// TestFailedData checks that a file is of no use after data that could not be read.
func TestFailedData(t *testing.T) {
	f := parse(t, capModel)
	err := f.Data("cap.dat", []byte("set I := 1; model; subject to d: x[1] >= y;"))
	if err == nil {
		t.Fatal("wrong data was read without an error")
	}
	if _, again := f.Instantiate(Options{}); again == nil || again.Error() != err.Error() {
		t.Errorf("%v, want %v", again, err)
	}
}

// TestErrorOfDataFile checks that a mistake in a data file is placed there.
func TestErrorOfDataFile(t *testing.T) {
	_, err := Read("a.mod", []byte("param p {1..2};\nvar x;\nminimize f: p[1]*x;"), Source{"a.dat", []byte("param p := 1 2\n 5 7;")})
	var e *Error
	if !errors.As(err, &e) || e.File != "a.dat" || e.Line != 2 || e.Column != 2 {
		t.Errorf("%+v", err)
	}
}

// TestDualOrientation checks which side of a follower's constraint the bound stands for: the one without variables of the follower, as
// the shadow price is the change for one unit more there.
func TestDualOrientation(t *testing.T) {
	m := read(t, `var cap; param d := 3;
lower a;
var q; var r;
subject to
  right: q + 1 <= cap;
  left: cap >= q + 1;
  constant: 3 <= q;
  both: q >= r;
  leader: cap <= 2*cap + 1;
  through: cap >= q + d*cap;
lower b;
var other;
`)
	for r, want := range []struct {
		coef   float64 // of q, or of cap where q does not stand
		lo, hi float64
	}{
		{1, -model.Inf, -1}, {1, -model.Inf, -1}, {1, 3, model.Inf}, {1, 0, model.Inf}, {-1, -model.Inf, 1}, {1, -model.Inf, 0},
	} {
		f := m.RowFunction(r)
		coef := f.Coef(1)
		if coef == 0 {
			coef = f.Coef(0)
		}
		lo, hi := m.RowBounds(r)
		if coef != want.coef || lo != want.lo || hi != want.hi {
			t.Errorf("%s: coefficient %v in %s, want %v in %s", m.RowName(r), coef, interval(lo, hi), want.coef, interval(want.lo, want.hi))
		}
	}
}

// TestDefinedVariablesAreShared checks that a defined variable is one node of the expression graph wherever it is used.
func TestDefinedVariablesAreShared(t *testing.T) {
	const n = 40
	text := "var x;\nvar y0 = exp(x);\n"
	for k := 1; k <= n; k++ {
		text += "var y" + formatNumber(float64(k)) + " = sin(y" + formatNumber(float64(k-1)) + ")*cos(y" + formatNumber(float64(k-1)) + ");\n"
	}
	m := read(t, text+"minimize f: y40;")
	if size := m.DAG().Size(m.Leader().Objective().F.Nonlinear); size > 4*n+10 {
		t.Errorf("the graph has %d nodes: what is used twice was copied", size)
	}
	roundTrip(t, m)
}

// TestGrowingSet checks that a set which grows by one member a command takes time linear in its size.
func TestGrowingSet(t *testing.T) {
	m := read(t, `set S default {}; set T default {0};
var x; minimize f: card(S) + 1000000*card(T)*x;
for {i in 1..200000} let S := S union {i};
let T := S;
let T := T union {-1};
`)
	o := m.Leader().Objective().F
	if o.Const != 200000 || o.Coefs[0] != 200001*1e6 {
		t.Errorf("sizes %v and %v", o.Const, o.Coefs)
	}
}

// TestSlicesAreFast sums a large set of pairs by its first component, which a search through all pairs would make quadratic.
func TestSlicesAreFast(t *testing.T) {
	m := read(t, `param n := 20000;
set A := setof {i in 1..n, k in 0..4} (i, (i + k*k) mod n + 1);
var x {A};
subject to c {i in 1..n}: sum {(i,j) in A} x[i,j] <= 1;
subject to d {j in 1..n}: sum {(i,j) in A} x[i,j] <= 1;
`)
	if m.NumNonzeros() != 200000 {
		t.Errorf("%d nonzeros", m.NumNonzeros())
	}
}

// TestNotes lists the remarks that reading makes.
func TestNotes(t *testing.T) {
	m := read(t, "var x >= 0, <= 1, := 5;\nsolve;\nlower a;\nvar y;\n")
	got := strings.Join(m.Notes, "\n")
	for _, want := range []string{"start value 5 of x", "'solve' is read over", "the leader has no objective", "follower a has no objective"} {
		if !strings.Contains(got, want) {
			t.Errorf("no note says %q:\n%s", want, got)
		}
	}
}

// Sets that are products of sets are refused by their size, before their members fill the memory.
func TestSetsThatAreTooLarge(t *testing.T) {
	for _, text := range []string{
		"set S := {1..1e6, 1..1e6};\nvar x {S};",
		"set S := {i in 1..1e6, j in 1..1e6};\nvar x {S};",
		"set S := {{(1,2)}, 1..2e4, 1..2e4};\nvar x {S};",
		"set A := 1..2e4;\nset S := A cross A;\nvar x {S};",
	} {
		_, err := parse(t, text).Instantiate(Options{})
		var e *Error
		if !errors.As(err, &e) || e.Line == 0 || !strings.Contains(e.Message, "the set has ") || e.Expected != "at most 134217728" {
			t.Errorf("%s: %v", text, err)
		}
	}
}

// The members of a product come in the order of a loop in a loop.
func TestProductsOfSets(t *testing.T) {
	m, err := parse(t, `set A := {"b", "a"};
set B := {(2, "u"), (1, "v")};
var x {{A, B, 3..4}};
var y {{A, {}}};
set C := {i in A, (j, k) in B};
var z {C};`).Instantiate(Options{})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for j := range m.NumVars() {
		got = append(got, m.VarName(j))
	}
	want := []string{
		`x["b",2,"u",3]`, `x["b",2,"u",4]`, `x["b",1,"v",3]`, `x["b",1,"v",4]`, `x["a",2,"u",3]`, `x["a",2,"u",4]`, `x["a",1,"v",3]`, `x["a",1,"v",4]`,
		`z["b",2,"u"]`, `z["b",1,"v"]`, `z["a",2,"u"]`, `z["a",1,"v"]`,
	}
	if !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}
