package nl_test

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gobilevel/bilevel/export"
	"github.com/gobilevel/bilevel/internal/dataset"
	"github.com/gobilevel/bilevel/internal/readertest"
	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/modfile"
	"github.com/gobilevel/bilevel/model/nl"
	"github.com/gobilevel/bilevel/reform"
)

// write returns what export writes of a model, and its names.
func write(t testing.TB, m *model.Model, binary bool) ([]byte, nl.Names) {
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
			if err := readertest.SameByName(m, back); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		again[k], _ = write(t, back, false)
	}
	if !bytes.Equal(again[0], again[1]) {
		t.Errorf("%s: the text and the binary form give different models", name)
	}
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
		if !readertest.Large(m) {
			roundTrip(t, e.ID, m)
		}
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
