package system

import (
	"fmt"
	"math"
)

// System is Φ: R^n -> R^m with an element of its generalised Jacobian at each point, whose pattern is the same everywhere. A value
// outside the domain of Φ is NaN or infinite; the methods then shorten their step. A System is used by one goroutine at a time.
type System interface {
	// Equations is m, Unknowns is n.
	Equations() int
	Unknowns() int
	// Pattern gives the places (equation, unknown) that may be nonzero, in any order. Entries at the same place add up.
	Pattern() (rows, cols []int32)
	// Residual stores Φ(w) in phi.
	Residual(w, phi []float64)
	// Jacobian stores an element of the generalised Jacobian at w in the order of Pattern. It is called at the point of the last call of
	// Residual or at an earlier one.
	Jacobian(w, vals []float64)
}

// Proposer is a System that knows a step of its own, for instance one of a square system with the same zeros whose equations it selects
// anew at each point. A method tries it first: the full step where it reduces ||Φ|| enough, or along it where it descends. Propose stores
// the step at w in d and reports whether there is one.
type Proposer interface {
	Propose(w, phi, d []float64) bool
}

// Measurer is a System that says itself how far w is from a solution, where the largest |Φ_i| is not what Options.Tolerance is about: for
// instance because Φ has products of small numbers. Measure is called at the point of the last call of Residual or at an earlier one.
type Measurer interface {
	Measure(w, phi []float64) float64
}

// ShapeError says that the parts of a call do not fit together.
type ShapeError struct {
	What        string // "start", "pattern", "system"
	Got, Want   int    // numbers of entries
	Where       string // which of them
	Explanation string // what else is wrong; the numbers are then not set
}

func (e *ShapeError) Error() string {
	if e.Explanation != "" {
		return "system: " + e.What + ": " + e.Explanation
	}
	return fmt.Sprintf("system: the %s has %d entries%s where %d are needed", e.What, e.Got, e.Where, e.Want)
}

// checkShape holds a system, a start and a method against one another.
func checkShape(s System, start []float64, method Method) error {
	m, n := s.Equations(), s.Unknowns()
	if len(start) != n {
		return &ShapeError{What: "start", Got: len(start), Want: n}
	}
	for j, v := range start {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return &ShapeError{What: "start", Explanation: fmt.Sprintf("unknown %d is %v; give a finite number", j, v)}
		}
	}
	rows, cols := s.Pattern()
	if len(rows) != len(cols) {
		return &ShapeError{What: "pattern", Got: len(cols), Want: len(rows), Where: " of columns"}
	}
	for k := range rows {
		if rows[k] < 0 || int(rows[k]) >= m || cols[k] < 0 || int(cols[k]) >= n {
			return &ShapeError{What: "pattern", Explanation: fmt.Sprintf("entry %d is (%d, %d) in a system of %d equations and %d unknowns", k, rows[k], cols[k], m, n)}
		}
	}
	if method == Newton && m != n {
		return &ShapeError{What: "system", Explanation: fmt.Sprintf("Newton's method needs as many equations as unknowns, not %d and %d; use Gauss-Newton or Levenberg-Marquardt", m, n)}
	}
	return nil
}
