package jsonfile_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/gobilevel/bilevel/export"
	"github.com/gobilevel/bilevel/internal/dataset"
	"github.com/gobilevel/bilevel/internal/readertest"
	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/jsonfile"
	"github.com/gobilevel/bilevel/model/modfile"
	"github.com/gobilevel/bilevel/reform"
)

func write(t *testing.T, name string, m *model.Model) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := export.WriteJSON(&b, m); err != nil {
		t.Fatalf("%s: writing: %v", name, err)
	}
	return b.Bytes()
}

// same compares what modfile.Equal leaves out, too.
func same(a, b *model.Model) error {
	if err := modfile.Equal(a, b); err != nil {
		return err
	}
	if a.Name != b.Name || !reflect.DeepEqual(a.Notes, b.Notes) {
		return fmt.Errorf("name or notes differ: %q %q, %q %q", a.Name, a.Notes, b.Name, b.Notes)
	}
	if x, y := a.Constructs(), b.Constructs(); x != y {
		return fmt.Errorf("constructs: %v and %v", x, y)
	}
	for j := range a.NumVars() {
		ra, da := a.DualOf(j)
		rb, db := b.DualOf(j)
		switch {
		case a.VarName(j) != b.VarName(j) || a.VarBase(j) != b.VarBase(j) || a.VarSub(j) != b.VarSub(j):
			return fmt.Errorf("variable %d: %s and %s", j, a.VarName(j), b.VarName(j))
		case a.VarGroup(j) != b.VarGroup(j):
			return fmt.Errorf("group of %s: %d and %d", a.VarName(j), a.VarGroup(j), b.VarGroup(j))
		case ra != rb || da != db:
			return fmt.Errorf("%s is the dual of %d and of %d", a.VarName(j), ra, rb)
		case j > 0 && a.SameVarFamily(j-1, j) != b.SameVarFamily(j-1, j):
			return fmt.Errorf("the family of %s", a.VarName(j))
		}
	}
	if a.NumRows() != b.NumRows() {
		return fmt.Errorf("%d and %d constraints", a.NumRows(), b.NumRows())
	}
	for r := range a.NumRows() {
		switch {
		case a.RowName(r) != b.RowName(r) || a.IsPairRow(r) != b.IsPairRow(r):
			return fmt.Errorf("constraint %d: %s and %s", r, a.RowName(r), b.RowName(r))
		case r > 0 && a.SameFamily(r-1, r) != b.SameFamily(r-1, r):
			return fmt.Errorf("the family of %s", a.RowName(r))
		}
	}
	for k := 1; k < a.NumPairs(); k++ {
		if a.SamePairFamily(k-1, k) != b.SamePairFamily(k-1, k) {
			return fmt.Errorf("the family of %s", a.PairName(k))
		}
	}
	if !reflect.DeepEqual(a.Implied(), b.Implied()) || len(a.ImpliedInequalities()) != len(b.ImpliedInequalities()) {
		return fmt.Errorf("the implied pairs or inequalities differ")
	}
	return nil
}

// roundTrip writes a model, checks the text against the schema, reads it, compares, and writes it again.
func roundTrip(t *testing.T, name string, m *model.Model) {
	t.Helper()
	text := write(t, name, m)
	if len(text) < 1<<16 { // the check is slow, and a large file has no more to it
		if err := schema(t).check(decode(t, text)); err != nil {
			t.Errorf("%s: against the schema: %v", name, err)
		}
	}
	back, err := jsonfile.Parse(name, text)
	if err != nil {
		t.Errorf("%s: reading: %v", name, err)
		return
	}
	if err := same(m, back); err != nil {
		t.Errorf("%s: %v", name, err)
		return
	}
	// What is written of the model that was read may differ in the order of expressions, no more: written and read once more it is the same text.
	second := write(t, name, back)
	again, err := jsonfile.Parse(name, second)
	if err != nil {
		t.Errorf("%s: reading again: %v", name, err)
		return
	}
	if third := write(t, name, again); !bytes.Equal(second, third) {
		t.Errorf("%s: the text changes from one round to the next", name)
	}
}

// stages sends a model through passes.
func stages(t *testing.T, name string, m *model.Model) {
	t.Helper()
	roundTrip(t, name, m)
	apply := func(label string, from *model.Model, p reform.Pass) *model.Model {
		if from == nil || p.Accepts(from) != nil {
			return nil
		}
		r, err := p.Apply(context.Background(), from)
		if err != nil {
			return nil // a pass that stops says so in its own tests
		}
		roundTrip(t, name+" "+label, r.Model)
		return r.Model
	}
	stage := m
	if m.NumFollowers() > 0 {
		stage = apply("kkt", m, reform.KKT{})
	}
	apply("big-m", stage, &reform.BigM{Given: 1e4})
	apply("relax", stage, &reform.Relax{T: 0.01})
	apply("sos1", stage, &reform.SOS1{})
}

func library(t *testing.T, name string, list any) string {
	t.Helper()
	dir, ok := dataset.Find(name)
	if !ok {
		t.Skipf("the collection %s is not there: set BILEVEL_DATA to the folder of the problem libraries", name)
	}
	text, err := os.ReadFile(filepath.Join(dir, "index.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, list); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestRoundTripOfBOLIB(t *testing.T) {
	var list []struct{ Name string }
	dir := library(t, "bolib", &list)
	for _, e := range list {
		m, err := modfile.ReadFiles(filepath.Join(dir, e.Name+".mod"))
		if err != nil {
			t.Errorf("%s: %v", e.Name, err)
			continue
		}
		stages(t, e.Name, m)
	}
}

func TestRoundTripOfMacMPEC(t *testing.T) {
	var list []struct {
		ID, Mod string
		Dat     *string
	}
	dir := library(t, "macmpec", &list)
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
		switch {
		case readertest.Large(m):
		case m.NumVars()+m.NumRows() > 4000:
			roundTrip(t, e.ID, m)
		default:
			stages(t, e.ID, m)
		}
	}
}
