package modfile

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/gobilevel/bilevel/internal/readertest"
	"github.com/gobilevel/bilevel/model"
)

// fuzzSteps bounds the work of one instantiation under the fuzzer, and with it time and memory.
const fuzzSteps = 20_000

// seeds adds the texts of testdata to a corpus.
func seeds(f *testing.F) {
	f.Helper()
	for _, pattern := range []string{"testdata/errors/*.mod", "testdata/language/*.mod", "testdata/fuzzfinds/*.mod"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			f.Fatal(err)
		}
		for _, name := range files {
			text, err := os.ReadFile(name)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(text)
		}
	}
}

// instantiateSoon instantiates within the limits of the fuzzer. Any error has to be an *Error.
func instantiateSoon(t *testing.T, f *File) *model.Model {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	m, err := f.Instantiate(Options{MaxSteps: fuzzSteps, Context: ctx})
	if ctx.Err() != nil {
		t.Fatal("an instantiation of few steps takes long")
	}
	checkError(t, err)
	return m
}

func checkError(t *testing.T, err error) {
	t.Helper()
	var e *Error
	if err == nil {
		return
	}
	if !errors.As(err, &e) {
		t.Fatalf("a %T, not an *Error: %v", err, err)
	}
	if len(e.Others) >= maxErrors || e.Message == "" || err.Error() == "" {
		t.Fatalf("an error without a message, or with too many: %v", err)
	}
}

// FuzzParse reads any text as a model: no panic, no hang, and errors of one type.
func FuzzParse(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, text []byte) {
		var file *File
		var err error
		readertest.Bounded(t, len(text), func() { file, err = Parse("fuzz.mod", text) })
		checkError(t, err)
		if err == nil {
			instantiateSoon(t, file)
		}
	})
}

// FuzzData reads any text as data of a model that declares a bit of everything.
func FuzzData(f *testing.F) {
	const declarations = `set A; set B dimen 2; set C {1..2} dimen 3 default {}; set T ordered := 1..4;
param n default 3; param v {A} default 1; param m {A, T}; param k {A, A, T} default 0; param w symbolic default "a"; param s {A} symbolic;
var x {A} >= 0; var y {T, T} <= 10; var z binary;
minimize f: sum {a in A} v[a]*x[a] + n*z + sum {a in A, t in T} m[a,t]*x[a];
subject to c {(i,j) in B}: y[i,j] >= n;
subject to d {i in 1..2, (p,q,r) in C[i]}: y[p,q] <= r;
`
	for _, s := range []string{
		"set A := a b; param v := a 1 b 2;", "param : A : v s := a 1 x b . y;", "set B : 1 2 := 1 + - 2 - +;", "param m (tr) : a b := 1 2 3 2 4 5;",
		"set C[1] := (1,2,3) (1,*,*) 2 3 4 5;", "param k := [a,*,1] b 3 [*,*,2] : a b := a 1 2 b 3 4;", "let n := 5; for {i in T} if i > 2 then let y[i,i] := n;",
		"fix z := 1; unfix z; model; param q := 3; data; set A := ;", "var x := a 3; let z.sosno := 1;", "param n := 1; end; nonsense",
		"set A := 'x y' \"z\"; let x['x y'].dualbound := 3; let c[1,1].reform := 'sos1';",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		file, err := Parse("fuzz.mod", []byte(declarations))
		if err != nil {
			t.Fatal(err)
		}
		readertest.Bounded(t, len(text), func() { err = file.Data("fuzz.dat", text) })
		checkError(t, err)
		if err == nil {
			instantiateSoon(t, file)
		}
	})
}

// FuzzRoundTrip prints each model that can be read, and reads that back: the two are equal.
func FuzzRoundTrip(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, text []byte) {
		file, err := Parse("fuzz.mod", text)
		if err != nil {
			return
		}
		m := instantiateSoon(t, file)
		if m == nil {
			return
		}
		var printed strings.Builder
		if err := Print(&printed, m); err != nil {
			var refused *NotPrintableError
			if errors.As(err, &refused) {
				return
			}
			t.Fatal(err)
		}
		back, err := Read("printed.mod", []byte(printed.String()))
		if err != nil {
			t.Fatalf("%v\n%s", err, clip(printed.String()))
		}
		if err := Equal(m, back); err != nil {
			t.Fatalf("%v\n%s", err, clip(printed.String()))
		}
	})
}
