package export_test

import (
	"bytes"
	"errors"
	"io"
	"math"
	"strings"
	"testing"

	"github.com/gobilevel/bilevel/export"
	"github.com/gobilevel/bilevel/model"
)

// duopoly is a pair with all that the format has: both levels with bounds, integers, ranges and an equation, a leader who maximises, and
// things that have no place in it (a constant and a term of the leader in the follower's objective, a constraint without bounds).
func duopoly() *model.Model {
	m := model.New("duopoly")
	l := m.Leader()
	x := l.Var("capacity", 0, 10)
	open := l.Binary("open[1]")
	f := m.Follower("the rival")
	y := f.VarsBy("sell", []string{`"north"`, `"south"`}, 0, 8)
	z := f.Integer("shops", 1, 4)
	l.Maximize(model.Sum(x.Times(3), y[0].Neg(), open.Times(-2)).Plus(1))
	l.Constrain("budget", model.Sum(x.Times(2), open.Times(5)).LE(18))
	l.Constrain("share", y[0].Minus(y[1]).Between(-3, 4))
	f.Maximize(model.Sum(y[0].Times(2), y[1].Times(1.5), z.Neg(), x.Times(7)).Plus(4))
	f.Constrain("market", model.Sum(x.Expr(), y[0].Expr(), y[1].Expr()).LE(14))
	f.Constrain("free", y[0].Minus(z.Times(2)).Between(math.Inf(-1), math.Inf(1)))
	f.Constrain("staff", model.Sum(y[0].Times(0.25), y[1].Times(0.25), z.Neg(), open.Neg()).Eq(-0.5))
	o := f.Objective()
	o.Name = "profit"
	f.SetObjective(o)
	return m
}

func writePair(t *testing.T, m *model.Model, opt export.Options) (mps, aux []byte) {
	t.Helper()
	var a, b bytes.Buffer
	if err := export.WriteMPSAux(&a, &b, m, opt); err != nil {
		t.Fatal(err)
	}
	return a.Bytes(), b.Bytes()
}

func TestGoldenPairs(t *testing.T) {
	for _, c := range []struct {
		name string
		opt  export.Options
	}{
		{"pair", export.Options{}},
		{"pair.fixed", export.Options{Fixed: true, AuxIndices: true}},
	} {
		mps, aux := writePair(t, duopoly(), c.opt)
		check(t, c.name+".mps", mps)
		check(t, c.name+".aux", aux)
	}
}

// TestWordsOfComments: MibS takes an AUX file word by word, so that no word of a comment may be one of its keywords.
func TestWordsOfComments(t *testing.T) {
	m := model.New("m")
	f := m.Follower("N M LC")
	f.Minimize(f.Var("y", 0, 1))
	m.Leader().Minimize(m.Leader().Var("x", 0, 1))
	_, aux := writePair(t, m, export.Options{})
	for _, line := range strings.Split(string(aux), "\n") {
		if !strings.HasPrefix(line, "#") {
			continue
		}
		for _, word := range strings.Fields(line) {
			switch word {
			case "N", "M", "LC", "LR", "LO", "OS", "IC", "IB":
				t.Errorf("the word %s in %q", word, line)
			}
		}
	}
}

func TestPairsRefused(t *testing.T) {
	make := func(change func(m *model.Model, x, y, z model.Var, f *model.Player)) *model.Model {
		m := model.New("m")
		x := m.Leader().Var("x", 0, 1)
		z := m.Leader().Binary("z")
		f := m.Follower("driver")
		y := f.Var("y", 0, 1)
		m.Leader().Minimize(x)
		f.Minimize(y)
		change(m, x, y, z, f)
		return m
	}
	for _, c := range []struct {
		name   string
		change func(m *model.Model, x, y, z model.Var, f *model.Player)
		want   string
	}{
		{"a price", func(m *model.Model, x, y, z model.Var, f *model.Player) { f.Minimize(x.Times(y)) },
			"the objective of driver: the product x * y, and the format is linear; export a later stage (--after kkt+big-m), or write .mod"},
		{"a product in a constraint", func(m *model.Model, x, y, z model.Var, f *model.Player) { f.Constrain("r", z.Times(y).LE(1)) },
			"r: the product z * y, and the format is linear; export a later stage (--after kkt+big-m), or write .mod"},
		{"a square", func(m *model.Model, x, y, z model.Var, f *model.Player) { m.Leader().Minimize(x.Times(x)) },
			"the objective of leader: the square of x, and the format is linear; export a later stage (--after kkt+big-m), or write .mod"},
		{"an exponential", func(m *model.Model, x, y, z model.Var, f *model.Player) {
			m.Leader().Constrain("grow", model.Exp(x).LE(2))
		},
			"grow: a nonlinear function, and the format is linear; export a later stage (--after kkt+big-m), or write .mod"},
		{"two followers", func(m *model.Model, x, y, z model.Var, f *model.Player) {
			g := m.Follower("walker")
			g.Minimize(g.Var("w", 0, 1))
		}, "follower walker: a second follower, and the format has one; export a later stage (--after kkt+big-m), or write .mod"},
		{"a pair", func(m *model.Model, x, y, z model.Var, f *model.Player) { m.Leader().Complement("either", x, z) }, "either: a complementarity pair; write .mod"},
		{"a set", func(m *model.Model, x, y, z model.Var, f *model.Player) { m.Leader().SOS1("one", x, z) }, "one: an SOS1 set; write .mod"},
		{"a condition", func(m *model.Model, x, y, z model.Var, f *model.Player) { m.Leader().When("if", z, true, x.LE(0)) }, "if: a constraint with a condition; write .mod"},
		{"a multiplier", func(m *model.Model, x, y, z model.Var, f *model.Player) {
			m.Leader().Minimize(f.Constrain("r", y.GE(x)).Dual())
		}, "r.dual: a variable that stands for a multiplier; export a later stage (--after kkt+big-m), or write .mod"},
	} {
		err := export.WriteMPSAux(io.Discard, io.Discard, make(c.change))
		var refused *export.NotWritableError
		if !errors.As(err, &refused) || refused.Format != "MPS+AUX" {
			t.Errorf("%s: %v, not a NotWritableError", c.name, err)
			continue
		}
		if want := "the MPS+AUX format cannot hold this model: " + c.want; err.Error() != want {
			t.Errorf("%s: %v, want %s", c.name, err, want)
		}
	}
	if err := export.WriteMPSAux(io.Discard, io.Discard, plant()); err == nil || !strings.Contains(err.Error(), "it has no follower; write mps") {
		t.Errorf("a model of one player: %v", err)
	}
	if err := export.WriteMPSAux(&full{100}, io.Discard, duopoly()); !errors.Is(err, errFull) {
		t.Errorf("a writer of MPS that fails: %v", err)
	}
	if err := export.WriteMPSAux(io.Discard, &full{10}, duopoly()); !errors.Is(err, errFull) {
		t.Errorf("a writer of AUX that fails: %v", err)
	}
}
