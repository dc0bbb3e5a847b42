package mpsaux_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/gobilevel/bilevel/internal/dataset"
	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/mpsaux"
)

// instance is an entry of the index of MibS's problems.
type instance struct {
	Name, MPS, Aux, Kind string
	Optimal              float64
	NUpper               int  `json:"n_upper"`
	NLower               int  `json:"n_lower"`
	IntegerLower         bool `json:"integer_lower"`
}

// mibs lists MibS's problems, or skips the test.
func mibs(t *testing.T) (dir string, list []instance) {
	t.Helper()
	dir, ok := dataset.Find("mibs")
	if !ok {
		t.Skip("MibS's problems are not there: set BILEVEL_DATA to the folder of the problem libraries")
	}
	text, err := os.ReadFile(filepath.Join(dir, "index.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &list); err != nil {
		t.Fatal(err)
	}
	return dir, list
}

func readInstance(t *testing.T, dir string, e instance) *model.Model {
	t.Helper()
	m, err := mpsaux.ReadFiles(filepath.Join(dir, e.MPS), "", mpsaux.Options{})
	if err != nil {
		t.Fatalf("%s: %v", e.Name, err)
	}
	return m
}

// TestReadMibS reads all of them; numbers of variables, kinds and forms are those of the index.
func TestReadMibS(t *testing.T) {
	dir, list := mibs(t)
	if len(list) == 0 {
		t.Fatal("the index is empty")
	}
	for _, e := range list {
		m := readInstance(t, dir, e)
		owned := [2]int{}
		integers := 0
		for j := range m.NumVars() {
			owned[m.VarOwner(j)]++
			if m.VarOwner(j) == 1 && m.VarKind(j) != model.Continuous {
				integers++
			}
		}
		if m.NumFollowers() != 1 || owned != [2]int{e.NUpper, e.NLower} || (integers > 0) != e.IntegerLower {
			t.Errorf("%s: %d followers, %v variables of leader and follower, %d integer ones; the index says %d, %d, %v",
				e.Name, m.NumFollowers(), owned, integers, e.NUpper, e.NLower, e.IntegerLower)
		}
		if _, budget := m.RowByName("budget"); budget != (e.Kind == "interdiction") {
			t.Errorf("%s: read as another form than %s", e.Name, e.Kind)
		}
	}
}
