package nl_test

import (
	"bytes"
	"context"
	"encoding/json"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/gobilevel/bilevel/export"
	"github.com/gobilevel/bilevel/internal/dataset"
	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/modfile"
	"github.com/gobilevel/bilevel/model/nl"
	"github.com/gobilevel/bilevel/reform"
)

// write returns what export writes of a model, and its names.
func write(t *testing.T, m *model.Model, binary bool) ([]byte, nl.Names) {
	t.Helper()
	var b, cols, rows bytes.Buffer
	if err := export.WriteNL(&b, m, export.Options{Binary: binary}); err != nil {
		t.Fatalf("%s: %v", m.Name, err)
	}
	if err := export.WriteNLNames(&cols, &rows, m); err != nil {
		t.Fatalf("%s: %v", m.Name, err)
	}
	lines := func(b *bytes.Buffer) []string { return strings.Split(strings.TrimSuffix(b.String(), "\n"), "\n") }
	return b.Bytes(), nl.Names{Vars: lines(&cols), Rows: lines(&rows)}
}

// roundTrip writes a model in both forms, reads both, and compares.
func roundTrip(t *testing.T, name string, m *model.Model) {
	t.Helper()
	var again [2][]byte
	for k, binary := range []bool{false, true} {
		data, names := write(t, m, binary)
		back, err := nl.Read(bytes.NewReader(data), names)
		if err != nil {
			t.Errorf("%s: reading what was written: %v", name, err)
			return
		}
		if !binary {
			same(t, name, m, back)
		}
		again[k], _ = write(t, back, false)
	}
	if !bytes.Equal(again[0], again[1]) {
		t.Errorf("%s: the text and the binary form give different models", name)
	}
}

// same compares a model with the one that was read back: variables with their bounds, kinds and start values, and at random points the
// values of the objective, of the constraints and of the members of the pairs.
func same(t *testing.T, name string, m, back *model.Model) {
	t.Helper()
	at := make([]int, m.NumVars())
	for j := range at {
		v, ok := back.VarByName(m.VarName(j))
		if !ok {
			t.Errorf("%s: variable %s is gone", name, m.VarName(j))
			return
		}
		at[j] = v.Index()
		lo, hi := m.VarBounds(j)
		if l, h := back.VarBounds(at[j]); l != lo || h != hi || back.VarKind(at[j]) != m.VarKind(j) && !(m.VarKind(j) == model.Integer && lo >= 0 && hi <= 1) {
			t.Errorf("%s: variable %s is %v in [%v, %v], was %v in [%v, %v]", name, m.VarName(j), back.VarKind(at[j]), l, h, m.VarKind(j), lo, hi)
		}
		if s, b := m.VarStart(j), back.VarStart(at[j]); s != b && !(math.IsNaN(s) && math.IsNaN(b)) {
			t.Errorf("%s: variable %s starts at %v, not at %v", name, m.VarName(j), b, s)
		}
	}
	if m.Leader().Objective().Sense != back.Leader().Objective().Sense {
		t.Errorf("%s: the sense of the objective changed", name)
	}
	rng := rand.New(rand.NewPCG(3, uint64(m.NumVars())))
	for range 3 {
		x, y := make([]float64, m.NumVars()), make([]float64, back.NumVars())
		for j := range x {
			lo, hi := m.VarBounds(j)
			lo, hi = max(lo, min(hi, 2)-1), min(hi, max(lo, 0)+2)
			x[j] = lo + (hi-lo)*rng.Float64()
			y[at[j]] = x[j]
		}
		fillSlacks(back, y)
		points(t, name, m, back, x, y)
	}
}

// fillSlacks gives the variables that were added their values, from the equations that define them.
func fillSlacks(back *model.Model, y []float64) {
	for r := range back.NumRows() {
		idx, coefs := back.RowAffine(r)
		for k, j := range idx {
			if strings.Contains(back.VarName(int(j)), "~slack") {
				lo, _ := back.RowBounds(r)
				y[j] = 0
				y[j] = (lo - back.RowValue(r, y)) / coefs[k]
			}
		}
	}
}

func points(t *testing.T, name string, m, back *model.Model, x, y []float64) {
	t.Helper()
	agree := func(what string, got, want float64) {
		t.Helper()
		if !(math.Abs(got-want) <= 1e-12*math.Max(1, math.Abs(want))) && !(math.IsNaN(got) && math.IsNaN(want)) && got != want {
			t.Errorf("%s: %s is %v, was %v", name, what, got, want)
		}
	}
	agree("the objective", back.ObjectiveValue(0, y), m.ObjectiveValue(0, x))
	inPair := make(map[int]bool)
	for k := range m.NumPairs() {
		for _, s := range []model.Member{m.Pair(k).A, m.Pair(k).B} {
			if s.Row {
				inPair[int(s.Index)] = true
			}
		}
	}
	for r := range m.NumRows() {
		q, ok := back.RowByName(m.RowName(r))
		switch {
		case !ok:
			t.Errorf("%s: constraint %s is gone", name, m.RowName(r))
		case !inPair[r]:
			lo, hi := m.RowBounds(r)
			l, h := back.RowBounds(q.Index())
			was, is := m.RowValue(r, x), back.RowValue(q.Index(), y)
			if math.IsInf(lo, -1) && math.IsInf(hi, 1) {
				agree("the value of "+m.RowName(r), is, was)
			}
			agree("the lower slack of "+m.RowName(r), is-l, was-lo)
			agree("the upper slack of "+m.RowName(r), h-is, hi-was)
		}
	}
	want, equations := members(m, x)
	got, _ := members(back, y)
	if len(got)+equations != len(want) {
		t.Errorf("%s: %d pairs, were %d", name, len(got), len(want))
		return
	}
	for k := range got {
		agree("a member of a pair", got[k][0], want[k][0])
		agree("a member of a pair", got[k][1], want[k][1])
	}
}

// members are the values of the members of all pairs, sorted, and the number of pairs that are equations, which come last.
func members(m *model.Model, x []float64) (list [][2]float64, equations int) {
	for k := range m.NumPairs() {
		p := m.Pair(k)
		v := [2]float64{m.MemberValue(p.A, x), m.MemberValue(p.B, x)}
		if !p.Mixed() && v[0] > v[1] {
			v[0], v[1] = v[1], v[0]
		}
		if p.Mixed() {
			lo, hi := m.VarBounds(int(p.A.Index))
			if p.A.Row {
				lo, hi = m.RowBounds(int(p.A.Index))
			}
			switch {
			case math.IsInf(lo, -1) && math.IsInf(hi, 1):
				equations++
				v = [2]float64{math.Inf(1), v[1]}
			case math.IsInf(hi, 1): // is a standard pair then
				v[0] -= lo
				v = [2]float64{min(v[0], v[1]), max(v[0], v[1])}
			case math.IsInf(lo, -1):
				v = [2]float64{hi - v[0], -v[1]}
				v = [2]float64{min(v[0], v[1]), max(v[0], v[1])}
			}
		}
		list = append(list, v)
	}
	slices.SortFunc(list, func(a, b [2]float64) int { return slices.Compare(a[:], b[:]) })
	return list, equations
}

func TestRoundTripOfMacMPEC(t *testing.T) {
	dir, ok := dataset.Find("macmpec")
	if !ok {
		t.Skip("the MacMPEC collection is not there: set BILEVEL_DATA to the folder of the problem libraries")
	}
	var list []struct {
		ID, Mod string
		Dat     *string
	}
	readIndex(t, dir, &list)
	for _, e := range list {
		var data []string
		if e.Dat != nil && *e.Dat != "" {
			data = append(data, filepath.Join(dir, *e.Dat))
		}
		m, err := modfile.ReadFiles(filepath.Join(dir, e.Mod), data...)
		if err != nil {
			t.Errorf("%s: %v", e.ID, err)
			continue
		}
		roundTrip(t, e.ID, m)
	}
}

func TestRoundTripOfBOLIB(t *testing.T) {
	dir, ok := dataset.Find("bolib")
	if !ok {
		t.Skip("the BOLIB collection is not there: set BILEVEL_DATA to the folder of the problem libraries")
	}
	var list []struct{ Name string }
	readIndex(t, dir, &list)
	written := 0
	for _, e := range list {
		m, err := modfile.ReadFiles(filepath.Join(dir, e.Name+".mod"))
		if err != nil {
			t.Errorf("%s: %v", e.Name, err)
			continue
		}
		if (reform.KKT{}).Accepts(m) != nil {
			continue
		}
		r, err := reform.KKT{}.Apply(context.Background(), m)
		if err != nil {
			t.Errorf("%s: %v", e.Name, err)
			continue
		}
		written++
		roundTrip(t, e.Name, r.Model)
	}
	if written < len(list)/2 {
		t.Errorf("only %d of %d problems could be written", written, len(list))
	}
}

func readIndex(t *testing.T, dir string, list any) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "index.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, list); err != nil {
		t.Fatal(err)
	}
}
