package modfile

import (
	"errors"
	"io"
	"testing"

	"github.com/gobilevel/bilevel/model"
)

// What the language cannot write is refused by name, with the remedy.
func TestNotPrintable(t *testing.T) {
	build := func(fill func(m *model.Model)) *model.Model {
		m := model.New("m")
		fill(m)
		return m
	}
	for _, c := range []struct {
		want string
		m    *model.Model
	}{
		{"the language cannot write this model: variable \"`x\\ny`\": a line break in its name; give it another name",
			build(func(m *model.Model) { m.Leader().Var("x\ny", 0, 1) })},
		{`the language cannot write this model: objective "a\rb": a line break in its name; give it another name`,
			build(func(m *model.Model) {
				x := m.Leader().Var("x", 0, 1)
				m.Leader().Minimize(x)
				o := m.Leader().Objective()
				o.Name = "a\rb"
				m.Leader().SetObjective(o)
			})},
		{`the language cannot write this model: SOS1 set "s\n": a line break in its name; give it another name`,
			build(func(m *model.Model) {
				m.Leader().Vars("x", 2, 0, 1)
				m.AddSOS1(model.SOS1{Name: "s\n", Vars: []int32{0, 1}})
			})},
		{"the language cannot write this model: constraint r: it holds under 2 conditions, and the language has one; write the constraint once for each",
			build(func(m *model.Model) {
				z := m.Leader().Binary("z")
				r := m.Leader().Constrain("r", z.LE(1)).Index()
				m.AddIndicator(model.Indicator{Row: r, Binary: 0, When: true})
				m.AddIndicator(model.Indicator{Row: r, Binary: 0})
			})},
	} {
		err := Print(io.Discard, c.m)
		var refused *NotPrintableError
		if !errors.As(err, &refused) || err.Error() != c.want {
			t.Errorf("%v, want %s", err, c.want)
		}
	}
}
