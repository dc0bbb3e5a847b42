package smooth

import (
	"errors"
	"fmt"
	"slices"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/expr"
)

// Compiled is the program of a model without followers: the leader's objective in minimisation form, the constraints and the bounds.
// Complementarity pairs, sets, conditions and the integrality of variables are no part of it; a constraint under a condition is a row like
// any other. Row r of the program is constraint r of the model and variable j is variable j; the sides of a row belong to its function
// without constant, as model.RowBounds gives them.
//
// The objective and the rows are compiled apart, so that each call costs what it asks for: an affine row its nonzeros, a quadratic term two
// multiplications. Nonlinear functions remember the point of their last evaluation: the gradient, Jacobian or Hessian at the point of the
// value before it does not compute the value again.
type Compiled struct {
	*shape
	lower, upper       []float64
	rowLower, rowUpper []float64
	objective, rows    scratch
}

// scratch is the memory in which one goroutine evaluates a tape; it is made when it is first needed, so that a clone costs its bounds.
type scratch struct {
	ws        *expr.Workspace
	weights   []float64 // of the roots
	jac, hess []float64 // entries of the tape's Jacobian and Hessian
}

// of returns the scratch memory for t.
func (s *scratch) of(t *expr.Tape) *scratch {
	if s.ws == nil {
		jr, _ := t.JacobianPattern()
		hr, _ := t.HessianPattern()
		s.ws, s.weights = t.NewWorkspace(), make([]float64, t.NumRoots())
		s.jac, s.hess = make([]float64, len(jr)), make([]float64, len(hr))
	}
	return s
}

// ErrFollowers is wrapped by the error of Compile for a model with followers.
var ErrFollowers = errors.New("replace followers by their optimality conditions first, for instance by kkt")

// Compile makes the program of m. It refuses models with followers (ErrFollowers): what they ask for is not a smooth program. Otherwise its
// error is that of m.Err. Time and memory are about linear in the size of the functions and of their derivatives.
func Compile(m *model.Model) (*Compiled, error) {
	if err := m.Err(); err != nil {
		return nil, err
	}
	if m.NumFollowers() > 0 {
		return nil, fmt.Errorf("smooth: the model has the follower %s: %w", m.Player(1).Name(), ErrFollowers)
	}
	c := &Compiled{shape: shapeOf(m)}
	c.lower, c.upper = make([]float64, c.n), make([]float64, c.n)
	c.rowLower, c.rowUpper = make([]float64, c.m), make([]float64, c.m)
	for j := range c.lower {
		c.lower[j], c.upper[j] = m.VarBounds(j)
	}
	for r := range c.rowLower {
		c.rowLower[r], c.rowUpper[r] = m.RowBounds(r)
	}
	return c, nil
}

// Clone returns the program for another goroutine, with bounds of its own. It costs a copy of the bounds.
func (c *Compiled) Clone() Program {
	return &Compiled{shape: c.shape, lower: slices.Clone(c.lower), upper: slices.Clone(c.upper),
		rowLower: slices.Clone(c.rowLower), rowUpper: slices.Clone(c.rowUpper)}
}

// Groups are those of the model's variables, see model.VarGroup.
func (c *Compiled) Groups() []int32 { return c.groups }

// SetBounds changes the bounds of variable j.
func (c *Compiled) SetBounds(j int, lower, upper float64) { c.lower[j], c.upper[j] = lower, upper }

// SetRowBounds changes the sides of row r.
func (c *Compiled) SetRowBounds(r int, lower, upper float64) {
	c.rowLower[r], c.rowUpper[r] = lower, upper
}
