package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gobilevel/bilevel/backends/ipopt"
	"github.com/gobilevel/bilevel/model/smooth"
	"github.com/gobilevel/bilevel/nonlinear/newton"
)

// solvers are the solvers of smooth programs by name.
var solvers = []struct {
	name string
	open func() (smooth.Solver, error)
}{
	{"builtin", func() (smooth.Solver, error) { return &newton.Solver{}, nil }},
	{"ipopt", func() (smooth.Solver, error) { return ipopt.NewSolver(), nil }},
}

func solverNames() []string {
	var names []string
	for _, s := range solvers {
		names = append(names, s.name)
	}
	return names
}

// solver opens a solver by name.
func solver(name string) (smooth.Solver, error) {
	k := slices.Index(solverNames(), name)
	if k < 0 {
		return nil, fmt.Errorf("-solver %s: choose from %s", name, strings.Join(solverNames(), ", "))
	}
	return solvers[k].open()
}
