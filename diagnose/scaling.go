package diagnose

import (
	"fmt"
	"math"

	"github.com/gobilevel/bilevel/model"
)

// wideRatio is the ratio of the largest to the smallest number of a kind above which a hint is given: solvers work to relative accuracies
// of about 1e-9, so that the smallest numbers are then within the rounding of the largest.
const wideRatio = 1e8

// Extreme is a number of a model with its place. Constraint is "" for a cost or a bound, Variable "" for a right-hand side.
type Extreme struct {
	Value                float64 // absolute
	Constraint, Variable string
}

// Range is the smallest and the largest absolute value of numbers that are neither zero nor infinite.
type Range struct {
	Count             int
	Smallest, Largest Extreme
}

// Ratio is the largest by the smallest, 1 for an empty range.
func (r Range) Ratio() float64 {
	if r.Count == 0 {
		return 1
	}
	return r.Largest.Value / r.Smallest.Value
}

func (r *Range) see(v float64, constraint, variable func() string) {
	v = math.Abs(v)
	if v == 0 || !finite(v) {
		return
	}
	r.Count++
	at := func(e *Extreme) {
		*e = Extreme{Value: v}
		if constraint != nil {
			e.Constraint = constraint()
		}
		if variable != nil {
			e.Variable = variable()
		}
	}
	if r.Count == 1 || v < r.Smallest.Value {
		at(&r.Smallest)
	}
	if r.Count == 1 || v > r.Largest.Value {
		at(&r.Largest)
	}
}

func (r *Range) join(s Range) {
	if s.Count == 0 {
		return
	}
	if r.Count == 0 || s.Smallest.Value < r.Smallest.Value {
		r.Smallest = s.Smallest
	}
	if r.Count == 0 || s.Largest.Value > r.Largest.Value {
		r.Largest = s.Largest
	}
	r.Count += s.Count
}

// LevelScaling is the sizes of the numbers of one level.
type LevelScaling struct {
	Level          string // "leader", "followers"
	Matrix         Range  // coefficients of constraints, those of products included
	Costs          Range  // coefficients of objectives
	RightHandSides Range  // sides of constraints
	Bounds         Range  // bounds of variables
}

// Scaling is the sizes of the numbers of a model, by level, with hints where they differ too much. Numbers inside nonlinear functions are not
// looked at.
type Scaling struct {
	Levels []LevelScaling
	Matrix Range // of both levels
	Hints  []string
}

// scaling measures a model.
func scaling(m *model.Model) Scaling {
	s := Scaling{Levels: []LevelScaling{{Level: "leader"}}}
	if m.NumFollowers() > 0 {
		s.Levels = append(s.Levels, LevelScaling{Level: "followers"})
	}
	level := func(p int) *LevelScaling { return &s.Levels[min(p, 1)] }
	variable := func(j int32) func() string { return func() string { return m.VarName(int(j)) } }
	function := func(r *Range, f model.Function, constraint func() string) {
		for k, j := range f.Vars {
			r.see(f.Coefs[k], constraint, variable(j))
		}
		for _, q := range f.Quad {
			r.see(q.Coef, constraint, func() string { return productText(m, q) })
		}
	}
	for i := range m.NumRows() {
		l := level(m.RowOwner(i))
		name := func() string { return m.RowName(i) }
		function(&l.Matrix, m.RowFunction(i), name)
		lo, hi := m.RowBounds(i)
		l.RightHandSides.see(lo, name, nil)
		if hi != lo {
			l.RightHandSides.see(hi, name, nil)
		}
	}
	for p := range m.NumPlayers() {
		function(&level(p).Costs, m.Player(p).Objective().F, nil)
	}
	for j := range m.NumVars() {
		l := level(m.VarOwner(j))
		lo, hi := m.VarBounds(j)
		l.Bounds.see(lo, nil, variable(int32(j)))
		if hi != lo {
			l.Bounds.see(hi, nil, variable(int32(j)))
		}
	}
	for _, l := range s.Levels {
		s.Matrix.join(l.Matrix)
		s.hint(l.Level+": coefficients", l.Matrix)
		s.hint(l.Level+": costs", l.Costs)
		s.hint(l.Level+": right-hand sides", l.RightHandSides)
		s.hint(l.Level+": bounds", l.Bounds)
	}
	if len(s.Hints) == 0 {
		s.hint("coefficients of both levels", s.Matrix)
	}
	return s
}

func (s *Scaling) hint(what string, r Range) {
	if ratio := r.Ratio(); ratio > wideRatio {
		s.Hints = append(s.Hints, fmt.Sprintf("%s: from %s (%s) to %s (%s), a ratio of %.0e: choose units in which most numbers are between 1e-3 and 1e3",
			what, number(r.Smallest.Value), r.Smallest.Place(), number(r.Largest.Value), r.Largest.Place(), ratio))
	}
}

// Place names where a number stands, "x in limit".
func (e Extreme) Place() string {
	switch {
	case e.Constraint != "" && e.Variable != "":
		return e.Variable + " in " + e.Constraint
	case e.Constraint != "":
		return e.Constraint
	}
	return e.Variable
}
