package hypergrad

import (
	"math"
	"reflect"
)

// refusing is a problem that knows why it is none.
type refusing interface {
	refuse() error
}

// checkProblem refuses what is no problem.
func checkProblem(p Problem) error {
	if p == nil {
		return badOption("there is no problem: it is nil")
	}
	if r, ok := p.(refusing); ok {
		if err := r.refuse(); err != nil {
			return err
		}
	}
	if n, m := p.Size(); n <= 0 || m <= 0 {
		return badOption("the problem has %d leader and %d follower variables; both need one at least", n, m)
	}
	return nil
}

// proper reports whether v is a finite number that is not negative.
func proper(v float64) bool { return v >= 0 && !math.IsInf(v, 1) }

// checkParameters refuses parameters of a method that are negative or no finite numbers.
func checkParameters(m Method) error {
	v := reflect.Indirect(reflect.ValueOf(m))
	if v.Kind() != reflect.Struct {
		return nil
	}
	for i := range v.NumField() {
		f, name := v.Field(i), v.Type().Field(i).Name
		if f.CanInt() && f.Int() < 0 || f.CanFloat() && !proper(f.Float()) {
			return badOption("%s with %s = %v; give a positive number, or zero for the default", m.Name(), name, f.Interface())
		}
	}
	return nil
}

// negative reports whether a budget has a negative entry.
func (c Counts) negative() bool {
	return min(c.Leader, c.Follower, c.Hessian, c.Mixed, c.Matrices, c.Maps, c.Solves, c.Proximals) < 0
}
