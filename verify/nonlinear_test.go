package verify_test

import (
	"testing"

	"github.com/gobilevel/bilevel/backends"
	"github.com/gobilevel/bilevel/backends/ipopt"
	"github.com/gobilevel/bilevel/model/smooth"
	"github.com/gobilevel/bilevel/nonlinear/newton"
)

// smoothSolvers are the local solvers of this binary.
func smoothSolvers(t testing.TB) []smooth.Solver {
	t.Helper()
	list := []smooth.Solver{&newton.Solver{}}
	if _, err := backends.Open("ipopt"); err == nil {
		list = append(list, ipopt.NewSolver())
	}
	return list
}
