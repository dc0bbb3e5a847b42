package smooth_test

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/gobilevel/bilevel/internal/dataset"
	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/modfile"
	"github.com/gobilevel/bilevel/reform"
)

// TestDerivativesOfMacMPEC compares the derivatives of all models of the collection with differences and with a second mode.
func TestDerivativesOfMacMPEC(t *testing.T) {
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
		checkModel(t, e.ID, m)
	}
}

// TestDerivativesOfBOLIB does so for the functions of both players of each problem of the collection, and for the follower's optimality
// conditions where the pass accepts it.
func TestDerivativesOfBOLIB(t *testing.T) {
	dir, ok := dataset.Find("bolib")
	if !ok {
		t.Skip("the BOLIB collection is not there: set BILEVEL_DATA to the folder of the problem libraries")
	}
	var list []struct{ Name string }
	readIndex(t, dir, &list)
	accepted := 0
	for _, e := range list {
		m, err := modfile.ReadFiles(filepath.Join(dir, e.Name+".mod"))
		if err != nil {
			t.Errorf("%s: %v", e.Name, err)
			continue
		}
		checkModel(t, e.Name, together(m))
		if (reform.KKT{}).Accepts(m) != nil {
			continue
		}
		accepted++
		r, err := reform.KKT{}.Apply(context.Background(), m)
		if err != nil {
			t.Errorf("%s: %v", e.Name, err)
			continue
		}
		checkModel(t, e.Name+" after kkt", r.Model)
	}
	t.Logf("%d of %d problems have optimality conditions", accepted, len(list))
	if accepted < len(list)/2 {
		t.Errorf("only %d of %d followers were accepted", accepted, len(list))
	}
}

// checkModel compares everything in a small model, and samples of a large one.
func checkModel(t *testing.T, name string, m *model.Model) {
	t.Helper()
	most, points := 1000, 5
	if m.NumVars() > 60 {
		most, points = 60, 1
	}
	newModes(t, name, m, most).check(points)
}

// together is the model in which the leader has the variables and constraints of all players, and the followers' objectives are rows.
func together(m *model.Model) *model.Model {
	d := m.Derive()
	for j := range d.NumVars() {
		d.SetVarOwner(j, 0)
		d.ClearDual(j)
	}
	for r := range d.NumRows() {
		d.SetRowOwner(r, 0)
	}
	for k := 1; k < m.NumPlayers(); k++ {
		d.AddRow(0, d.FreshBase("objective_of_"+m.Player(k).Name()), m.Player(k).Objective().F, -model.Inf, model.Inf)
	}
	d.DropFollowers()
	return d
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
