package main

import (
	"fmt"
	"math"

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
type instance struct{ dataset.BolibProblem }

// instances lists the collection's entries whose name one of the patterns matches, in the order of the index; no pattern stands for all.
func instances(patterns string) ([]*instance, error) {
	all, err := dataset.Bolib()
	if err != nil {
		return nil, err
	}
	var list []*instance
	for _, p := range all {
		hit, err := dataset.Chosen(patterns, p.Name)
		if err != nil {
			return nil, fmt.Errorf("-id %w", err)
		}
		if hit {
			list = append(list, &instance{p})
		}
	}
	if len(list) == 0 {
		return nil, fmt.Errorf("-id %s: no problem has such a name", patterns)
	}
	return list, nil
}

func (i *instance) load() (*model.Model, error) { return modfile.ReadFiles(i.File) }

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
	d := (c.Objective - i.Known) / math.Max(1, math.Abs(i.Known))
	v.near = math.Abs(d) <= agreement
	v.better = v.feasible && d < -agreement
	v.agrees = v.feasible && d <= agreement
	return v
}
