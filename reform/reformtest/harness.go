package reformtest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/modfile"
	"github.com/gobilevel/bilevel/reform"
)

// Golden applies a pass to every model CASE.in.mod of a folder and compares what comes of it with files beside it:
//
//	CASE.out.mod     the model that the pass makes, as modfile prints it, with its notes and assumptions in comments at the top;
//	CASE.error       or the error by which it refuses the model;
//	CASE.point.json  where given: a point of the model before, which is lifted to the model after, where it must be feasible with the same
//	                 leader's objective, and recovered, which must give it back.
//
// With update the files are written instead of compared; the point before stays as it is.
func Golden(t *testing.T, dir string, pass reform.Pass, update bool) {
	t.Helper()
	inputs, err := filepath.Glob(filepath.Join(dir, "*.in.mod"))
	if err != nil || len(inputs) == 0 {
		t.Fatalf("no case in %s: %v", dir, err)
	}
	for _, file := range inputs {
		name := strings.TrimSuffix(filepath.Base(file), ".in.mod")
		t.Run(name, func(t *testing.T) {
			g := &goldenCase{t: t, base: filepath.Join(dir, name), update: update}
			g.run(file, pass)
		})
	}
}

type goldenCase struct {
	t      *testing.T
	base   string
	update bool
}

func (g *goldenCase) run(file string, pass reform.Pass) {
	t := g.t
	src, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	m, err := modfile.Read(filepath.Base(file), src)
	if err != nil {
		t.Fatal(err)
	}
	before := printed(t, m)
	r, err := pass.Apply(context.Background(), m)
	if err != nil {
		var no *reform.NotAcceptedError
		if !errors.As(err, &no) || no.Pass != pass.Name() {
			t.Errorf("the error %v is not the one by which %s refuses a model", err, pass.Name())
		}
		if pass.Accepts(m) == nil {
			t.Error("Accepts and Apply differ")
		}
		g.compare(".error", err.Error()+"\n")
		return
	}
	if after := printed(t, m); after != before {
		t.Errorf("the pass has changed the model that it was given:\n%s", after)
	}
	out := &strings.Builder{}
	for _, n := range r.Notes {
		fmt.Fprintf(out, "# %s\n", n)
	}
	for _, a := range r.Assumed {
		fmt.Fprintf(out, "# assumed: %s <= %g\n", a.What, a.Bound)
	}
	text := printed(t, r.Model)
	g.compare(".out.mod", out.String()+text)
	if again, err := modfile.Read("out.mod", []byte(text)); err != nil {
		t.Errorf("the model after does not read back: %v", err)
	} else if err := modfile.Equal(r.Model, again); err != nil {
		t.Errorf("the model after reads back differently: %v", err)
	}
	if point, err := os.ReadFile(g.base + ".point.json"); err == nil {
		g.point(m, r, point)
	}
}

func printed(t *testing.T, m *model.Model) string {
	t.Helper()
	var b bytes.Buffer
	if err := modfile.Print(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// compare holds a text against the file of an extension; another outcome than before leaves no stale file when files are rewritten.
func (g *goldenCase) compare(ext, got string) {
	g.t.Helper()
	if g.update {
		for _, other := range []string{".error", ".out.mod"} {
			if other != ext && ext != ".point.json" {
				_ = os.Remove(g.base + other)
			}
		}
		if err := os.WriteFile(g.base+ext, []byte(got), 0o644); err != nil {
			g.t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(g.base + ext)
	if err != nil {
		g.t.Fatalf("%v; go test -update writes it", err)
	}
	if string(want) != got {
		g.t.Errorf("%s%s is\n%s\nwant\n%s", g.base, ext, got, want)
	}
}

// goldenPoint is the content of a point file: values by name before the pass, and after it.
type goldenPoint struct {
	Before values
	After  map[string]float64
}

type values struct {
	X    map[string]float64
	Rows map[string]float64 `json:",omitempty"` // shadow prices of constraints
	Vars map[string]float64 `json:",omitempty"` // and of bounds of variables
}

func (g *goldenCase) point(m *model.Model, r *reform.Result, text []byte) {
	t := g.t
	var f goldenPoint
	if err := json.Unmarshal(text, &f); err != nil {
		t.Fatalf("%s.point.json: %v", g.base, err)
	}
	p := &model.Point{X: make([]float64, m.NumVars()), RowDuals: make([]float64, m.NumRows()), VarDuals: make([]float64, m.NumVars())}
	g.fill(p.X, f.Before.X, m.NumVars(), m.VarName)
	g.fill(p.RowDuals, f.Before.Rows, m.NumRows(), m.RowName)
	g.fill(p.VarDuals, f.Before.Vars, m.NumVars(), m.VarName)
	lifter, ok := r.Recovery.(reform.Lifter)
	if !ok {
		t.Fatal("the pass does not lift points")
	}
	q, err := lifter.Lift(p)
	if err != nil {
		t.Fatal(err)
	}
	if v, where := Residual(r.Model, q.X); v > 1e-9 {
		t.Errorf("the lifted point violates %s by %v", where, v)
	}
	if a, b := m.ObjectiveValue(0, p.X), r.Model.ObjectiveValue(0, q.X); math.Abs(a-b) > 1e-9*math.Max(1, math.Abs(a)) {
		t.Errorf("the leader's objective becomes %v, was %v", b, a)
	}
	back, err := r.Recovery.Recover(q)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.EqualFunc(back.X, p.X, func(a, b float64) bool { return math.Abs(a-b) <= 1e-12*math.Max(1, math.Abs(b)) }) {
		t.Errorf("the point comes back as %v, was %v", back.X, p.X)
	}
	f.After = map[string]float64{}
	for j, v := range q.X {
		f.After[r.Model.VarName(j)] = v + 0 // no negative zero
	}
	out, err := json.MarshalIndent(f, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	g.compare(".point.json", string(out)+"\n")
}

// fill writes values by name.
func (g *goldenCase) fill(to []float64, from map[string]float64, n int, name func(int) string) {
	index := map[string]int{}
	for j := 0; j < n; j++ {
		index[name(j)] = j
	}
	for k, v := range from {
		j, ok := index[k]
		if !ok {
			g.t.Fatalf("%s.point.json: there is no %s", g.base, k)
		}
		to[j] = v
	}
}
