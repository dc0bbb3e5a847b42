//go:build cgo && !noipopt && (linux || darwin || freebsd)

package ipopt

import (
	"context"
	"strings"

	"github.com/gobilevel/bilevel/model/smooth"
)

// bannerVersion reads the version from the first line of the log, which is of the form
//
//	This is Ipopt version 3.11.9, running with linear solver mumps.
//
// "unknown" where there is no such line.
func bannerVersion() string {
	version := "unknown"
	log := func(line string) {
		const before = "Ipopt version "
		if at := strings.Index(line, before); at >= 0 {
			version = strings.Trim(strings.Fields(line[at+len(before):] + " ")[0], ",.")
		}
	}
	if _, err := NewSolver().Solve(context.Background(), parabola{}, smooth.Start{}, smooth.Options{Log: log}); err != nil {
		return "unknown"
	}
	return version
}

// parabola is the program min ½x² in one free variable.
type parabola struct{}

func (parabola) NumVars() int                                   { return 1 }
func (parabola) NumRows() int                                   { return 0 }
func (parabola) Bounds() (lower, upper []float64)               { return []float64{-infinite}, []float64{infinite} }
func (parabola) RowBounds() (lower, upper []float64)            { return nil, nil }
func (parabola) JacobianPattern() (rows, cols []int32)          { return nil, nil }
func (parabola) HessianPattern() (rows, cols []int32)           { return []int32{0}, []int32{0} }
func (parabola) Objective(x []float64) float64                  { return x[0] * x[0] / 2 }
func (parabola) Gradient(x, g []float64)                        { g[0] = x[0] }
func (parabola) Rows(_, _ []float64)                            {}
func (parabola) Jacobian(_, _ []float64)                        {}
func (parabola) Hessian(_ []float64, s float64, _, v []float64) { v[0] = s }
func (p parabola) Clone() smooth.Program                        { return p }
