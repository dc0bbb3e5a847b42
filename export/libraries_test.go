package export_test

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gobilevel/bilevel/export"
	"github.com/gobilevel/bilevel/internal/dataset"
	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/modfile"
	"github.com/gobilevel/bilevel/reform"
)

// everyWay writes a model in the formats for other languages and for people, and checks what can be checked of each.
func everyWay(t *testing.T, name string, m *model.Model) (written int) {
	t.Helper()
	var refused *export.NotWritableError
	var b strings.Builder
	switch err := export.WriteAMPL(&b, m); {
	case errors.As(err, &refused):
	case err != nil:
		t.Errorf("%s: AMPL: %v", name, err)
	default:
		written++
		if back, err := modfile.Read(name, []byte(b.String())); err != nil {
			t.Errorf("%s: AMPL read back: %v", name, err)
		} else if err := sameProblem(m, back); err != nil {
			t.Errorf("%s: AMPL read back: %v", name, err)
		}
	}
	b.Reset()
	switch err := export.WriteGAMS(&b, m); {
	case errors.As(err, &refused):
	case err != nil:
		t.Errorf("%s: GAMS: %v", name, err)
	default:
		written++
		if _, err := parseGAMS(b.String()); err != nil {
			t.Errorf("%s: GAMS: %v", name, err)
		}
	}
	b.Reset()
	if err := export.WriteLaTeX(&b, m); err != nil {
		t.Errorf("%s: LaTeX: %v", name, err)
	} else if err := wellFormed(b.String()); err != nil {
		t.Errorf("%s: LaTeX: %v", name, err)
	}
	return written
}

func index(t *testing.T, library string, list any) string {
	t.Helper()
	dir, ok := dataset.Find(library)
	if !ok {
		t.Skipf("the collection %s is not there: set BILEVEL_DATA to the folder of the problem libraries", library)
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

func TestMacMPECInEveryFormat(t *testing.T) {
	var list []struct {
		ID, Mod string
		Dat     *string
	}
	dir := index(t, "macmpec", &list)
	written := 0
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
		if m.NumVars()+m.NumRows() < 3000 {
			written += everyWay(t, e.ID, m)
		}
	}
	if written < len(list) {
		t.Errorf("only %d files were written of %d problems", written, len(list))
	}
}

func TestBOLIBInEveryFormat(t *testing.T) {
	var list []struct{ Name string }
	dir := index(t, "bolib", &list)
	for _, e := range list {
		m, err := modfile.ReadFiles(filepath.Join(dir, e.Name+".mod"))
		if err != nil {
			t.Errorf("%s: %v", e.Name, err)
			continue
		}
		everyWay(t, e.Name, m)
		if (reform.KKT{}).Accepts(m) == nil {
			everyWay(t, e.Name+" kkt", kkt(t, m))
		}
	}
}
