package export_test

import (
	"context"
	"fmt"
	"math"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/gobilevel/bilevel"
	"github.com/gobilevel/bilevel/internal/readertest"
	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/modfile"
	"github.com/gobilevel/bilevel/model/mpsaux"
	"github.com/gobilevel/bilevel/reform/reformtest"
)

// tally counts what a sweep did.
type tally struct {
	models, solved int
	open           []string // what was not solved in time again
	written        map[string]int
	refused        map[string]int
}

func newTally() *tally { return &tally{written: map[string]int{}, refused: map[string]int{}} }

func (c *tally) log(t *testing.T) {
	t.Helper()
	var b strings.Builder
	for _, f := range forms {
		fmt.Fprintf(&b, "; %s %d, refused %d", f.name, c.written[f.name], c.refused[f.name])
	}
	t.Logf("%d models%s; %d optima compared, not in time %v", c.models, b.String(), c.solved, c.open)
	if 50*len(c.open) > c.solved {
		t.Errorf("of %d models %d were not solved again in time", c.solved+len(c.open), len(c.open))
	}
}

// trip sends a model through every form; where solve is true and the model is linear, the optimum of what comes back is compared.
func (c *tally) trip(t *testing.T, name string, m *model.Model, solve bool) {
	t.Helper()
	c.models++
	limit := time.Second
	if readertest.Every() {
		limit = 5 * time.Second
	}
	want, known := math.NaN(), false
	if solve = solve && linear(m); solve {
		want, known = optimumOf(m, limit)
	}
	for _, f := range forms {
		back, err := f.trip(m)
		if err != nil {
			if !refused(err) {
				t.Errorf("%s: %s: %v", name, f.name, err)
			}
			c.refused[f.name]++
			continue
		}
		c.written[f.name]++
		if err := f.same(m, back); err != nil {
			t.Errorf("%s: %s: %v", name, f.name, err)
			continue
		}
		if !known {
			continue
		}
		got, ok := optimumOf(back, 3*limit)
		switch {
		case !ok: // variables and constraints in another order, and slack variables, can make a search longer
			c.open = append(c.open, name+" by "+f.name)
		case !sameValue(got, want):
			t.Errorf("%s: %s: the optimum is %v, was %v", name, f.name, got, want)
		default:
			c.solved++
		}
	}
}

// linear reports whether a model has nothing that the exact methods for linear problems do not take.
func linear(m *model.Model) bool {
	return !m.Constructs().Has(model.NonlinearFunctions) && m.NumVars() <= 400
}

// optimumOf is the value that the project finds and proves, NaN for none; it is false where it does not find out within the limit.
func optimumOf(m *model.Model, limit time.Duration) (value float64, known bool) {
	r, err := bilevel.Solve(context.Background(), m, bilevel.Options{TimeLimit: limit, Threads: 1})
	switch {
	case err != nil:
		return math.NaN(), false
	case r.Status == model.StatusOptimal && r.Proof == model.ProofGlobal:
		return r.Objective, true
	case r.Status == model.StatusInfeasible, r.Status == model.StatusUnbounded:
		return math.NaN(), true
	}
	return math.NaN(), false
}

// stagesOf are a model and what common chains make of it.
func stagesOf(m *model.Model, after ...string) map[string]*model.Model {
	list := map[string]*model.Model{}
	for _, chain := range after {
		if stage, err := bilevel.Stage(context.Background(), m, chain, bilevel.Options{BigM: 1e3}); err == nil && stage.Err() == nil {
			list[chain] = stage
		}
	}
	return list
}

func (c *tally) stages(t *testing.T, name string, m *model.Model, solve bool, after ...string) {
	t.Helper()
	c.trip(t, name, m, solve)
	list := stagesOf(m, after...)
	for _, chain := range after {
		if stage := list[chain]; stage != nil {
			c.trip(t, name+" after "+chain, stage, solve)
		}
	}
}

// libraryModels calls visit with the models of a library, every one of them or a sample.
func libraryModels(t *testing.T, library string, visit func(name string, m *model.Model)) {
	t.Helper()
	var list []struct {
		ID, Name, Mod, MPS string
		Dat                *string
	}
	dir := index(t, library, &list)
	step := 10
	if readertest.Every() {
		step = 1
	}
	for k := 0; k < len(list); k += step {
		e := list[k]
		var m *model.Model
		var err error
		switch {
		case e.MPS != "":
			m, err = mpsaux.ReadFiles(filepath.Join(dir, e.MPS), "", mpsaux.Options{})
		case e.Mod != "":
			var data []string
			if e.Dat != nil && *e.Dat != "" {
				data = append(data, filepath.Join(dir, *e.Dat))
			}
			m, err = modfile.ReadFiles(filepath.Join(dir, e.Mod), data...)
		default:
			m, err = modfile.ReadFiles(filepath.Join(dir, e.Name+".mod"))
		}
		if err != nil {
			t.Errorf("%s: %v", e.ID+e.Name, err)
			continue
		}
		if !readertest.Large(m) {
			visit(e.ID+e.Name, m)
		}
	}
}

func TestRoundTripOfLibraries(t *testing.T) {
	for _, library := range []string{"bolib", "macmpec", "mibs"} {
		t.Run(library, func(t *testing.T) {
			c := newTally()
			libraryModels(t, library, func(name string, m *model.Model) {
				if m.NumVars()+m.NumRows() > 1000 {
					c.trip(t, name, m, false)
				} else {
					c.stages(t, name, m, true, "kkt", "kkt+sos1")
				}
			})
			c.log(t)
			if c.models == 0 || c.written["json"] != c.models || c.written["mod"] != c.models {
				t.Errorf("of %d models %d were written as JSON and %d as .mod", c.models, c.written["json"], c.written["mod"])
			}
		})
	}
}

// TestRoundTripOfRandomModels sends random bilevel problems, and what passes make of them, through every form.
func TestRoundTripOfRandomModels(t *testing.T) {
	n, solveEach := 60, 6
	if readertest.Every() {
		n, solveEach = 500, 1
	}
	c := newTally()
	for seed := range n {
		in, _ := reformtest.Random(uint64(seed))
		c.stages(t, fmt.Sprintf("seed %d", seed), in.Model(), seed%solveEach == 0, "kkt", "kkt+big-m", "kkt+sos1")
		c.trip(t, fmt.Sprintf("one player, seed %d", seed), random(uint64(seed)), seed%solveEach == 0)
		if t.Failed() {
			break
		}
	}
	c.log(t)
	if c.solved == 0 {
		t.Error("no optimum was compared")
	}
}
