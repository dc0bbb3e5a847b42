package export_test

import (
	"bytes"
	"errors"
	"io"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gobilevel/bilevel/export"
	"github.com/gobilevel/bilevel/internal/golden"
	"github.com/gobilevel/bilevel/model"
)

// check compares with testdata/name, or writes it.
func check(t *testing.T, name string, got []byte) {
	t.Helper()
	golden.Check(t, filepath.Join("testdata", name), got)
}

// write writes a model by the extension of name: plant.lp, plant.portable.mps, plant.tagged.mps.
func write(t *testing.T, m *model.Model, name string) []byte {
	t.Helper()
	opt := export.Options{Portable: strings.Contains(name, ".portable"), TaggedSOS: strings.Contains(name, ".tagged"), Fixed: strings.Contains(name, ".fixed")}
	var b bytes.Buffer
	var err error
	if strings.HasSuffix(name, ".lp") {
		err = export.WriteLP(&b, m, opt)
	} else {
		err = export.WriteMPS(&b, m, opt)
	}
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return b.Bytes()
}

func TestGolden(t *testing.T) {
	for _, c := range []struct {
		m     *model.Model
		files []string
	}{
		{plant(), []string{"plant.lp", "plant.mps", "plant.portable.lp", "plant.portable.mps", "plant.fixed.mps"}},
		{general(), []string{"general.lp", "general.mps", "general.tagged.mps", "general.fixed.mps"}},
		{chain(), []string{"chain.lp", "chain.mps"}},
	} {
		for _, name := range c.files {
			check(t, name, write(t, c.m, name))
		}
	}
}

func TestLinesAreShort(t *testing.T) {
	for i, line := range strings.Split(string(write(t, chain(), "chain.lp")), "\n") {
		if len(line) > 255 {
			t.Errorf("line %d has %d bytes; the LP format allows 255", i+1, len(line))
		}
	}
}

func TestRefused(t *testing.T) {
	follower := model.New("m")
	follower.Leader().Var("x", 0, 1)
	f := follower.Follower("driver")
	f.Minimize(f.Var("y", 0, 1))

	pair := model.New("m")
	x, y := pair.Leader().Var("x", 0, 1), pair.Leader().Var("y", 0, 1)
	pair.Leader().Complement("either", x, y)

	mixed := model.New("m")
	x, y = mixed.Leader().Var("x", 0, 1), mixed.Leader().Var("y", 0, 1)
	mixed.Leader().Mixed("range", 0, x, 1, y)

	curved := model.New("m")
	x = curved.Leader().Var("x", 0, 1)
	curved.Leader().Constrain("growth", model.Exp(x).LE(2))

	goal := model.New("m")
	goal.Leader().Minimize(model.Exp(goal.Leader().Var("x", 0, 1)))

	twice := model.New("m")
	z := twice.Leader().Binary("z")
	r := twice.Leader().Constrain("r", z.LE(1)).Index()
	twice.AddIndicator(model.Indicator{Row: r, Binary: 0, When: true})
	twice.AddIndicator(model.Indicator{Row: r, Binary: 0, When: false})

	loose := model.New("m")
	x = loose.Leader().Var("x", 0, 1)
	r = loose.Leader().Constrain("r", x.LE(1)).Index()
	loose.AddIndicator(model.Indicator{Row: r, Binary: 0, When: true})

	bent := model.New("m")
	z = bent.Leader().Binary("z")
	r = bent.Leader().Constrain("r", z.Times(z).LE(1)).Index()
	bent.AddIndicator(model.Indicator{Row: r, Binary: 0, When: true})

	for _, c := range []struct {
		name      string
		m         *model.Model
		construct model.Constructs
		want      string
	}{
		{"follower", follower, model.Followers, "the LP format cannot hold this model: follower driver: a follower's problem; export a later stage (--after kkt+big-m), or write .mod"},
		{"pair", pair, model.Complementarity, "the LP format cannot hold this model: either: a complementarity pair; export a later stage (--after big-m), or write .nl or .mod"},
		{"mixed pair", mixed, model.MixedPairs, "the LP format cannot hold this model: range: a complementarity pair; export a later stage (--after big-m), or write .nl or .mod"},
		{"nonlinear constraint", curved, model.NonlinearFunctions, "the LP format cannot hold this model: growth: a nonlinear function; write .nl or .mod"},
		{"nonlinear objective", goal, model.NonlinearFunctions, "the LP format cannot hold this model: the objective: a nonlinear function; write .nl or .mod"},
		{"two conditions", twice, model.IndicatorRows, "the LP format cannot hold this model: r: two conditions on one constraint; write the constraint once for each"},
		{"condition on a number", loose, model.IndicatorRows, "the LP format cannot hold this model: r: its condition is on x, which is not binary; declare it binary"},
		{"quadratic condition", bent, model.IndicatorRows, "the LP format cannot hold this model: r: a condition on a quadratic constraint; write .mod"},
		{"nothing", model.New("m"), 0, "the LP format cannot hold this model: it has no variables; add one"},
	} {
		err := export.WriteLP(io.Discard, c.m)
		var refused *export.NotWritableError
		if !errors.As(err, &refused) {
			t.Errorf("%s: WriteLP returns %v, not a NotWritableError", c.name, err)
			continue
		}
		if refused.Construct != c.construct || err.Error() != c.want {
			t.Errorf("%s: %v (%v), want %s", c.name, err, refused.Construct, c.want)
		}
		if err := export.WriteMPS(io.Discard, c.m); !errors.As(err, &refused) || refused.Format != "MPS" {
			t.Errorf("%s: WriteMPS returns %v, not a NotWritableError", c.name, err)
		}
	}
}

func TestMistakesOfTheModelComeFirst(t *testing.T) {
	m := model.New("m")
	x := m.Leader().Var("x", 2, 1)
	m.Leader().Minimize(x)
	if err := export.WriteLP(io.Discard, m); !errors.Is(err, model.ErrContradiction) {
		t.Errorf("WriteLP of contradictory bounds: %v", err)
	}
}

type full struct{ room int }

var errFull = errors.New("no room")

func (f *full) Write(p []byte) (int, error) {
	if f.room -= len(p); f.room < 0 {
		return 0, errFull
	}
	return len(p), nil
}

func TestWriteErrorsAreTold(t *testing.T) {
	for _, write := range []func(io.Writer, *model.Model, ...export.Options) error{export.WriteLP, export.WriteMPS} {
		if err := write(&full{100}, plant()); !errors.Is(err, errFull) {
			t.Errorf("a writer that fails: %v", err)
		}
	}
}
