package backends

import "github.com/gobilevel/bilevel/model/smooth"

// Smooth is a backend whose solver can be handed a smooth program as such: the methods that follow a parameter through a sequence of
// programs (relaxations of complementarity pairs, penalties) call it once a step, with a warm start, and build no model in between.
type Smooth interface {
	Backend
	SmoothSolver() smooth.Solver
}

// OpenSmooth returns the smooth solver of a backend by name, an *UnknownError where this binary lacks the backend, and nil where the
// backend has none.
func OpenSmooth(name string) (smooth.Solver, error) {
	b, err := Open(name)
	if err != nil {
		return nil, err
	}
	if s, ok := b.(Smooth); ok {
		return s.SmoothSolver(), nil
	}
	return nil, nil
}
