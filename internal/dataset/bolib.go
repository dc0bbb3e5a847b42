package dataset

import (
	"encoding/json"
	"errors"
	"math"
	"os"
	"path/filepath"
)

// BolibProblem is what the index of the collection BOLIB says of a problem.
type BolibProblem struct {
	Name, Class, Note string
	N1, N2            int     // variables of the leader, of the follower
	Convex            bool    // the follower is known to be convex for every decision
	Known             float64 // F_check where it stands, else F_best; NaN where the problem has no known optimum
	File              string  // the model
}

// ErrNoBolib says that the collection is not there.
var ErrNoBolib = errors.New("the BOLIB collection is not there: set BILEVEL_DATA to the folder of the problem libraries")

// Bolib lists the problems of BOLIB in the order of the index. The error is ErrNoBolib where Find does not find the collection.
func Bolib() ([]BolibProblem, error) {
	dir, ok := Find("bolib")
	if !ok {
		return nil, ErrNoBolib
	}
	text, err := os.ReadFile(filepath.Join(dir, "index.json"))
	if err != nil {
		return nil, err
	}
	// Maps, since keys of the leader and the follower differ in case only.
	var list []map[string]any
	if err := json.Unmarshal(text, &list); err != nil {
		return nil, err
	}
	var out []BolibProblem
	for _, e := range list {
		p := BolibProblem{Known: math.NaN()}
		p.Name, _ = e["name"].(string)
		p.Class, _ = e["class"].(string)
		p.Note, _ = e["note"].(string)
		p.Convex, _ = e["lower_convex"].(bool)
		n1, _ := e["n1"].(float64)
		n2, _ := e["n2"].(float64)
		p.N1, p.N2 = int(n1), int(n2)
		value, corrected := e["F_check"]
		if !corrected {
			value = e["F_best"]
		}
		if v, ok := value.(float64); ok {
			p.Known = v
		}
		p.File = filepath.Join(dir, p.Name+".mod")
		out = append(out, p)
	}
	return out, nil
}
