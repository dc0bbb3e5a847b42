package bilevel

import (
	"errors"
	"fmt"
	"math"

	"github.com/gobilevel/bilevel/backends/highs"
	"github.com/gobilevel/bilevel/model"
)

// CoefficientError says that a number of the model is too large for a solver: HiGHS takes coefficients below 1e15 in constraints and 1e20 in objectives.
type CoefficientError struct {
	Where    string  // "constraint trips" or "objective cost", of the model as it was given
	Variable string  // whose coefficient it is
	Value    float64 // the largest coefficient there
	Err      error   // what the solver said
}

// Error names the place and the remedy.
func (e *CoefficientError) Error() string {
	return fmt.Sprintf("%s: the coefficient of %s is %v, the largest of the model, and too large for the solver, itself or in what reformulations make of it; measure %s in another unit, or divide the whole by a power of ten: numbers between 1e-4 and 1e4 are best",
		e.Where, e.Variable, e.Value, e.Variable)
}

// Unwrap is the solver's error.
func (e *CoefficientError) Unwrap() error { return e.Err }

// inModel puts the refusal of a number by a solver, which counts elements of arrays, into the words of the model: it names the largest coefficient
// there, from which it comes even where reformulations stand between. Other errors, nil too, are returned as they are.
func inModel(m *model.Model, err error) error {
	var array *highs.ArrayError
	if err == nil || !errors.As(err, &array) {
		return err
	}
	e := &CoefficientError{Err: err}
	look := func(where string, f model.Function) {
		seen := func(name string, c float64) {
			if math.Abs(c) > math.Abs(e.Value) {
				e.Where, e.Variable, e.Value = where, name, c
			}
		}
		for k, j := range f.Vars {
			seen(m.VarName(int(j)), f.Coefs[k])
		}
		for _, q := range f.Quad {
			name := m.VarName(int(q.I))
			if q.I != q.J {
				name += "*" + m.VarName(int(q.J))
			}
			seen(name, q.Coef)
		}
	}
	for i := range m.NumRows() {
		look("constraint "+m.RowName(i), m.RowFunction(i))
	}
	for p := range m.NumPlayers() {
		o := m.Player(p).Objective()
		look("objective "+o.Name, o.F)
	}
	if e.Where == "" {
		return err
	}
	return e
}
