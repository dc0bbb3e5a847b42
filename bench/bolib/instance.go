package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/gobilevel/bilevel/internal/dataset"
	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/modfile"
	"github.com/gobilevel/bilevel/verify"
)

// the rule of agreement of the collection
const (
	feasible    = 1e-6
	followerGap = 1e-5
	agreement   = 1e-2
)

// instance is one entry of the collection's index.
type instance struct {
	name   string
	convex bool
	known  float64 // F_check where it stands, else F_best; NaN where the problem has no known optimum
	dir    string
}

var errNoCollection = errors.New("the collection bolib is not there: set BILEVEL_DATA to the folder of the problem libraries")

// instances lists the collection's entries whose name one of the patterns matches, in the order of the index; no pattern stands for all.
func instances(patterns string) ([]*instance, error) {
	dir, ok := dataset.Find("bolib")
	if !ok {
		return nil, errNoCollection
	}
	text, err := os.ReadFile(filepath.Join(dir, "index.json"))
	if err != nil {
		return nil, err
	}
	// A map, since keys of the leader and the follower differ in case only.
	var all []map[string]any
	if err := json.Unmarshal(text, &all); err != nil {
		return nil, err
	}
	var list []*instance
	for _, e := range all {
		i := &instance{dir: dir, known: math.NaN()}
		i.name, _ = e["name"].(string)
		i.convex, _ = e["lower_convex"].(bool)
		value, corrected := e["F_check"]
		if !corrected {
			value = e["F_best"]
		}
		if v, ok := value.(float64); ok {
			i.known = v
		}
		hit := patterns == ""
		for _, p := range strings.FieldsFunc(patterns, func(r rune) bool { return r == ',' || r == ' ' }) {
			m, err := path.Match(p, i.name)
			if err != nil {
				return nil, fmt.Errorf("-id %s: %w", p, err)
			}
			hit = hit || m
		}
		if hit {
			list = append(list, i)
		}
	}
	if len(list) == 0 {
		return nil, fmt.Errorf("-id %s: no problem has such a name", patterns)
	}
	return list, nil
}

func (i *instance) load() (*model.Model, error) {
	return modfile.ReadFiles(filepath.Join(i.dir, i.name+".mod"))
}

// verdict is what the rule says of a point.
type verdict struct {
	objective        float64
	gap              float64
	feasible, agrees bool
	better           bool // than the known value by more than 1 %
	near             bool // within 1 % of the known value, whether the point is feasible or not
}

// judge applies the rule to a measured point. The problems minimise.
func (i *instance) judge(c *verify.Certificate) verdict {
	v := verdict{objective: c.Objective, gap: c.FollowerGap}
	v.feasible = c.Verified || c.LeaderViolation <= feasible && c.FollowerViolation <= feasible && math.Abs(c.FollowerGap) <= followerGap && c.Evidence != verify.EvidenceNone
	d := (c.Objective - i.known) / math.Max(1, math.Abs(i.known))
	v.near = math.Abs(d) <= agreement
	v.better = v.feasible && d < -agreement
	v.agrees = v.feasible && d <= agreement
	return v
}
