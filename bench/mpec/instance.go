package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"

	"github.com/gobilevel/bilevel/internal/dataset"
	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/modfile"
	"github.com/gobilevel/bilevel/nonlinear/mpcc"
	"github.com/gobilevel/bilevel/reform"
)

// the rule of agreement of the collection
const (
	feasible  = 1e-6
	agreement = 1e-4
)

// instance is one entry of the collection's index.
type instance struct {
	ID     string   `json:"id"`
	Mod    string   `json:"mod"`
	Dat    *string  `json:"dat"`
	Sense  string   `json:"sense"`
	Target any      `json:"target"` // a number, "I" for infeasible, or null
	Notes  []string `json:"notes"`
	Counts struct {
		Variables int `json:"variables"`
	} `json:"file_counts"`
	dir string
}

// target is the value to reach in minimisation form; NaN where none is known. infeasible says that the collection lists no feasible point.
func (i *instance) target() (value float64, infeasible bool) {
	switch t := i.Target.(type) {
	case float64:
		if i.Sense == "max" {
			t = -t
		}
		return t, false
	case string:
		return math.NaN(), t == "I"
	}
	return math.NaN(), false
}

var errNoCollection = errors.New("the collection macmpec is not there: set BILEVEL_DATA to the folder of the problem libraries")

// instances lists the collection's entries whose id one of the patterns matches, in the order of the index; no pattern stands for all.
func instances(patterns string) ([]*instance, error) {
	dir, ok := dataset.Find("macmpec")
	if !ok {
		return nil, errNoCollection
	}
	text, err := os.ReadFile(filepath.Join(dir, "index.json"))
	if err != nil {
		return nil, err
	}
	var all, list []*instance
	if err := json.Unmarshal(text, &all); err != nil {
		return nil, err
	}
	for _, i := range all {
		i.dir = dir
		hit, err := dataset.Chosen(patterns, i.ID)
		if err != nil {
			return nil, fmt.Errorf("-id %w", err)
		}
		if hit {
			list = append(list, i)
		}
	}
	if len(list) == 0 {
		return nil, fmt.Errorf("-id %s: no instance has such an id", patterns)
	}
	return list, nil
}

// task is an instance as it is solved.
type task struct {
	*instance
	m       *model.Model // as read
	problem *mpcc.Problem
	start   []float64
	back    reform.Recovery // nil: the problem is the model's own
}

func (i *instance) load(ctx context.Context) (*task, error) {
	var data []string
	if i.Dat != nil && *i.Dat != "" {
		data = append(data, filepath.Join(i.dir, *i.Dat))
	}
	m, err := modfile.ReadFiles(filepath.Join(i.dir, i.Mod), data...)
	if err != nil {
		return nil, err
	}
	t := &task{instance: i, m: m}
	t.start, _ = m.StartPoint()
	if m.Constructs().Has(model.MixedPairs) {
		res, err := reform.Normalise{}.Apply(ctx, m)
		if err != nil {
			return nil, err
		}
		m, t.back = res.Model, res.Recovery
		if l, ok := res.Recovery.(reform.Lifter); ok {
			p, err := l.Lift(&model.Point{X: t.start})
			if err != nil {
				return nil, err
			}
			t.start = p.X
		} else {
			t.start, _ = m.StartPoint()
		}
	}
	t.problem, err = mpcc.FromModel(m)
	return t, err
}

// verdict is what was measured of a point in the original model.
type verdict struct {
	violation, complementarity float64
	objective                  float64 // as declared
	feasible, agrees           bool
	where                      string // of the largest violation
}

// judge measures a point of the problem.
func (t *task) judge(x []float64) (verdict, error) {
	if t.back != nil {
		p, err := t.back.Recover(&model.Point{X: x})
		if err != nil {
			return verdict{}, err
		}
		x = p.X
	}
	var v verdict
	over := func(d float64, name string, i int, of func(int) string) {
		if d > v.violation {
			v.violation, v.where = d, name+" "+of(i)
		}
	}
	for r := range t.m.NumRows() {
		over(t.m.RowViolation(r, x), "constraint", r, t.m.RowName)
	}
	for j := range t.m.NumVars() {
		over(t.m.VarViolation(j, x[j]), "variable", j, t.m.VarName)
	}
	for k := range t.m.NumPairs() {
		v.complementarity = math.Max(v.complementarity, t.m.PairViolation(k, x))
	}
	v.objective = t.m.ObjectiveValue(0, x)
	v.feasible = v.violation <= feasible && v.complementarity <= feasible
	target, infeasible := t.target()
	value := v.objective
	if t.Sense == "max" {
		value = -value
	}
	switch {
	case infeasible:
		v.agrees = true
	case math.IsNaN(target):
		v.agrees = v.feasible
	default:
		v.agrees = v.feasible && value <= target+agreement*math.Max(1, math.Abs(target))
	}
	return v, nil
}
