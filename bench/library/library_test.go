package library_test

import (
	"context"
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gobilevel/bilevel/bench/library"
	"github.com/gobilevel/bilevel/internal/dataset"
)

// write makes a folder of files.
func write(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestOwnIndex(t *testing.T) {
	dir := write(t, map[string]string{"index.json": `{
		"library": "mine", "tolerance": 1e-3,
		"problems": [
			{"name": "a", "model": "a.mod", "data": ["a.dat"], "params": {"n": 3}, "value": 5.5, "proven": true, "note": "by hand"},
			{"model": "sub/b.json", "value": "infeasible"},
			{"model": "c.mps", "value": "unbounded"},
			{"model": "d.nl"}
		]}`})
	l, err := library.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	if l.Name != "mine" || l.Rule.Objective != 1e-3 || len(l.Problems) != 4 {
		t.Fatalf("%+v", l)
	}
	a := l.Problems[0]
	if a.Name != "a" || len(a.Files) != 2 || a.Files[1] != filepath.Join(dir, "a.dat") || a.Params["n"] != 3 || a.Known != (library.Known{Kind: library.Value, Value: 5.5, Proven: true}) {
		t.Errorf("%+v", a)
	}
	for k, want := range []struct {
		name  string
		kind  library.Kind
		words string
	}{{"a", library.Value, "5.5"}, {"b", library.Infeasible, "infeasible"}, {"c", library.Unbounded, "unbounded"}, {"d", library.Nothing, "not known"}} {
		p := l.Problems[k]
		if p.Name != want.name || p.Known.Kind != want.kind || p.Known.String() != want.words {
			t.Errorf("problem %d: %s, %v; want %s, %s", k, p.Name, p.Known, want.name, want.words)
		}
	}
	some, err := l.Select([]string{"[ab]", "d*"})
	if err != nil || len(some.Problems) != 3 || len(l.Problems) != 4 {
		t.Errorf("%v, %v", some, err)
	}
	for pattern, message := range map[string]string{"z*": "no problem of mine matches", "[": "is not a pattern"} {
		if _, err := l.Select([]string{pattern}); err == nil || !strings.Contains(err.Error(), message) {
			t.Errorf("%q: %v", pattern, err)
		}
	}
}

func TestBadIndices(t *testing.T) {
	for _, c := range []struct {
		text, message string
		line          int
	}{
		{"", "is empty", 0},
		{"{}", "lists no problem", 0},
		{"[]", "lists no problem", 0},
		{"{\n\"problems\": [\n  {\"model\": \"a.mod\"\n", "ends too early", 4},
		{"{\n\"problems\": [\n  {\"modell\": \"a.mod\"}]}", `unknown field "modell"`, 3},
		{"{\"problem\": []}", `unknown field "problem"`, 1},
		{"{\"problems\": [\n{\"name\": \"a\"}]}", "a problem without a model", 2},
		{"{\"problems\": [\n{\"model\": \"a.mod\", \"value\": \"large\"}]}", `the value "large"`, 2},
		{"{\"problems\": [{\"model\": \"a.mod\", \"value\": [1]}]}", "neither a number nor a word", 1},
		{"{\"problems\": [{\"model\": 3}]}", "a number stands where a string is due", 1},
		{"{\"tolerance\": 2, \"problems\": [{\"model\": \"a.mod\"}]}", "tolerance 2 is not between 0 and 1", 0},
		{"{\"problems\": [{\"model\": \"a.mod\"}, {\"model\": \"x/a.mod\"}]}", `two problems have the name "a"`, 0},
		{"{\"problems\": [{\"model\": \"a.mod\"}]} 3", "something follows", 1},
		{`[{"title": "x"}]`, "that of no collection", 0},
		{`[{"F_best": 1}]`, "entry 1: no name", 0},
		{`[{"name": "a", "mod": "a.mod", "target": 1}]`, "entry 1: no id", 0},
		{`[{"id": "a", "mod": "a.mod", "target": "J"}]`, `target "J"`, 0},
		{`[3]`, "a number stands where an object is due", 1},
	} {
		_, err := library.Open(write(t, map[string]string{"index.json": c.text}))
		var e *library.IndexError
		if !errors.As(err, &e) || !strings.Contains(e.Error(), c.message) || e.Line != c.line || !strings.Contains(e.Error(), "index.json") {
			t.Errorf("%q: %v (line %d); want %q in line %d", c.text, err, lineOf(e), c.message, c.line)
		}
	}
	if _, err := library.Open(t.TempDir()); !errors.Is(err, os.ErrNotExist) || !strings.Contains(err.Error(), "write one") {
		t.Errorf("a folder without an index: %v", err)
	}
}

func lineOf(e *library.IndexError) int {
	if e == nil {
		return -1
	}
	return e.Line
}

// The indices of the public collections, cut down: which value counts, and when it is a proof.
func TestCollections(t *testing.T) {
	for _, c := range []struct {
		name, index string
		rule        library.Rule
		want        []library.Known
	}{
		{"bolib", `[{"name": "a", "F_best": 2, "status": 1}, {"name": "b", "F_best": 2, "F_check": 1}, {"name": "c", "F_best": 2, "F_check": null}, {"name": "d", "F_best": null}]`,
			library.Rule{Objective: 1e-2, Feasibility: 1e-6, FollowerGap: 1e-5},
			[]library.Known{{Kind: library.Value, Value: 2}, {Kind: library.Value, Value: 1}, {Kind: library.NoOptimum}, {}}},
		{"macmpec", `[{"id": "a", "mod": "a.mod", "dat": null, "target": 17, "global": 17}, {"id": "b", "mod": "b.mod", "dat": "b.dat", "target": 3, "best": 4}, {"id": "c", "mod": "c.mod", "target": "I"},
			{"id": "d", "mod": "d.mod", "target": null}]`,
			library.Rule{Objective: 1e-4, Feasibility: 1e-6, NoPointAgrees: true},
			[]library.Known{{Kind: library.Value, Value: 17, Proven: true}, {Kind: library.Value, Value: 3}, {Kind: library.Infeasible}, {}}},
		{"mibs", `[{"name": "a", "mps": "a.mps", "aux": "a.txt", "optimal": -22}]`, library.Rule{Objective: 1e-4}, []library.Known{{Kind: library.Value, Value: -22, Proven: true}}},
	} {
		l, err := library.Open(write(t, map[string]string{"index.json": c.index}))
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if l.Rule != c.rule {
			t.Errorf("%s: %+v, want %+v", c.name, l.Rule, c.rule)
		}
		for k, want := range c.want {
			got := l.Problems[k].Known
			if got.Kind != want.Kind || got.Proven != want.Proven || got.Kind == library.Value && got.Value != want.Value || got.Kind != library.Value && !math.IsNaN(got.Value) {
				t.Errorf("%s, problem %d: %+v, want %+v", c.name, k, got, want)
			}
		}
	}
}

// Every model that the collections on this machine list is there and reads.
func TestCollectionsRead(t *testing.T) {
	for _, name := range []string{"bolib", "macmpec", "mibs"} {
		t.Run(name, func(t *testing.T) {
			dir, ok := dataset.Find(name)
			if !ok {
				t.Skip("the collection is not there: set BILEVEL_DATA to the folder of the problem libraries")
			}
			l, err := library.Open(dir)
			if err != nil {
				t.Fatal(err)
			}
			for k, p := range l.Problems {
				for _, f := range p.Files {
					if _, err := os.Stat(f); err != nil {
						t.Error(err)
					}
				}
				if k%7 != 0 || testing.Short() { // reading all of them is what the readers' own tests do
					continue
				}
				if _, err := p.Read(context.Background()); err != nil {
					t.Errorf("%s: %v", p.Name, err)
				}
			}
		})
	}
}

func TestReadProblems(t *testing.T) {
	dir := write(t, map[string]string{
		"a.mod": "param n; param k; var x >= 0; maximize f: x; subject to c: n * x <= k;", "a.dat": "param k := 6;", "b.txt": "x",
		"index.json": `{"problems": [
			{"model": "a.mod", "data": ["a.dat"], "params": {"n": 2}}, {"name": "none", "model": "none.mod"}, {"name": "nodata", "model": "a.mod", "data": ["none.dat"]}, {"model": "b.txt"},
			{"name": "json", "model": "a.json", "params": {"n": 2}}, {"name": "unknown", "model": "a.mod", "data": ["a.dat"], "params": {"m": 2}}]}`})
	l, err := library.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	m, err := l.Problems[0].Read(context.Background())
	if err != nil || m.NumVars() != 1 {
		t.Errorf("%v, %v", m, err)
	}
	for k, message := range map[int]string{1: "none.mod", 2: "none.dat", 3: `the ending ".txt"`, 4: "only .mod files have parameters", 5: "m"} {
		if _, err := l.Problems[k].Read(context.Background()); err == nil || !strings.Contains(err.Error(), message) {
			t.Errorf("%s: %v, want %q", l.Problems[k].Name, err, message)
		}
	}
}
