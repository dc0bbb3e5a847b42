package hypergrad

import (
	"fmt"
	"math"
	"slices"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/smooth"
)

// ModelProblem is a Problem made of a model with one follower, by the derivative tapes of its objectives. It is made by FromModel.
type ModelProblem struct {
	leader, follower *smooth.Compiled
	x, y             []int // variables of the model
	place            []int // of a variable of the model among its player's
	mine             []bool
	point, grad      []float64
	rows, cols       []int32
	vals, none       []float64
	set              Box
	start, answer    []float64
}

// FromModel makes the oracles of m: its leader's variables are x, its follower's y, in the order of the model. It refuses models that are not a leader
// with bounds alone and one follower without constraints, bounds or integers, and names what stands in the way; those are for the library's other solvers.
// Maximisations are negated.
func FromModel(m *model.Model) (*ModelProblem, error) {
	if err := m.Err(); err != nil {
		return nil, err
	}
	if m.NumFollowers() != 1 {
		return nil, badOption("the model has %d followers; hypergradients of a model need one", m.NumFollowers())
	}
	if m.NumRows() > 0 {
		return nil, badOption("the model has the constraint %s; hypergradients of a model are for leaders with bounds and followers without constraints: solve it with bilevel.Solve", m.RowName(0))
	}
	if m.NumPairs() > 0 {
		return nil, badOption("the model has the complementarity pair %s; solve it with bilevel.Solve", m.PairName(0))
	}
	p := &ModelProblem{place: make([]int, m.NumVars()), mine: make([]bool, m.NumVars()), point: make([]float64, m.NumVars()), grad: make([]float64, m.NumVars())}
	start, _ := m.StartPoint()
	for j := range m.NumVars() {
		lower, upper := m.VarBounds(j)
		if m.VarKind(j) != model.Continuous {
			return nil, badOption("variable %s is not continuous; solve the model with bilevel.Solve", m.VarName(j))
		}
		if m.VarOwner(j) == 0 {
			p.place[j] = len(p.x)
			p.x, p.set.Lower, p.set.Upper = append(p.x, j), append(p.set.Lower, lower), append(p.set.Upper, upper)
			p.start = append(p.start, start[j])
			continue
		}
		if !math.IsInf(lower, -1) || !math.IsInf(upper, 1) {
			return nil, badOption("the follower's variable %s has bounds; hypergradients of a model need an unconstrained follower: solve it with bilevel.Solve", m.VarName(j))
		}
		p.place[j], p.mine[j] = len(p.y), true
		p.y, p.answer = append(p.y, j), append(p.answer, start[j])
	}
	if len(p.x) == 0 || len(p.y) == 0 {
		return nil, badOption("the model has %d leader and %d follower variables; both players need one", len(p.x), len(p.y))
	}
	compile := func(player int) (*smooth.Compiled, error) {
		one := m.Derive()
		objective := one.Player(player).Objective()
		for j := range one.NumVars() {
			one.SetVarOwner(j, 0)
		}
		one.DropFollowers()
		one.Leader().SetObjective(objective)
		return smooth.Compile(one)
	}
	var err error
	if p.leader, err = compile(0); err != nil {
		return nil, fmt.Errorf("hypergrad: the leader's objective: %w", err)
	}
	if p.follower, err = compile(1); err != nil {
		return nil, fmt.Errorf("hypergrad: the follower's objective: %w", err)
	}
	p.rows, p.cols = p.follower.HessianPattern()
	p.vals, p.none = make([]float64, len(p.rows)), make([]float64, p.follower.NumRows())
	return p, nil
}

// Start are the start values of the model, zero where it has none.
func (p *ModelProblem) Start() (x, y []float64) { return slices.Clone(p.start), slices.Clone(p.answer) }

// Set are the bounds of the leader's variables.
func (p *ModelProblem) Set() Box { return p.set }

// Variables are the variables of the model that are the entries of x and of y.
func (p *ModelProblem) Variables() (x, y []int) { return slices.Clone(p.x), slices.Clone(p.y) }

// Size is the number of each player's variables.
func (p *ModelProblem) Size() (leader, follower int) { return len(p.x), len(p.y) }

func (p *ModelProblem) at(x, y []float64) []float64 {
	for i, j := range p.x {
		p.point[j] = x[i]
	}
	for i, j := range p.y {
		p.point[j] = y[i]
	}
	return p.point
}

func (p *ModelProblem) evaluate(c *smooth.Compiled, x, y, gx, gy []float64) float64 {
	point := p.at(x, y)
	value := c.Objective(point)
	if gx != nil || gy != nil {
		c.Gradient(point, p.grad)
		for i := range gx {
			gx[i] = p.grad[p.x[i]]
		}
		for i := range gy {
			gy[i] = p.grad[p.y[i]]
		}
	}
	return value
}

// Leader is the leader's objective.
func (p *ModelProblem) Leader(x, y, gx, gy []float64) float64 {
	return p.evaluate(p.leader, x, y, gx, gy)
}

// Follower is the follower's objective.
func (p *ModelProblem) Follower(x, y, gx, gy []float64) float64 {
	return p.evaluate(p.follower, x, y, gx, gy)
}

// second computes the Hessian of f over all variables.
func (p *ModelProblem) second(x, y []float64) {
	p.follower.Hessian(p.at(x, y), 1, p.none, p.vals)
}

// Hessian is ∇²yy f v.
func (p *ModelProblem) Hessian(x, y, v, hv []float64) {
	p.second(x, y)
	clear(hv)
	for k, val := range p.vals {
		i, j := int(p.rows[k]), int(p.cols[k])
		if !p.mine[i] || !p.mine[j] {
			continue
		}
		a, b := p.place[i], p.place[j]
		if hv[a] += val * v[b]; a != b {
			hv[b] += val * v[a]
		}
	}
}

// HessianMatrix is ∇²yy f.
func (p *ModelProblem) HessianMatrix(x, y, h []float64) bool {
	p.second(x, y)
	clear(h)
	m := len(p.y)
	for k, val := range p.vals {
		if i, j := int(p.rows[k]), int(p.cols[k]); p.mine[i] && p.mine[j] {
			a, b := p.place[i], p.place[j]
			h[a*m+b], h[b*m+a] = val, val
		}
	}
	return true
}

// Mixed is ∇²xy f v.
func (p *ModelProblem) Mixed(x, y, v, cv []float64) {
	p.second(x, y)
	clear(cv)
	p.mixed(func(xi, yi int, val float64) { cv[xi] += val * v[yi] })
}

// MixedForward is ∇²yx f u.
func (p *ModelProblem) MixedForward(x, y, u, cu []float64) {
	p.second(x, y)
	clear(cu)
	p.mixed(func(xi, yi int, val float64) { cu[yi] += val * u[xi] })
}

func (p *ModelProblem) mixed(visit func(xi, yi int, val float64)) {
	for k, val := range p.vals {
		switch i, j := int(p.rows[k]), int(p.cols[k]); {
		case !p.mine[i] && p.mine[j]:
			visit(p.place[i], p.place[j], val)
		case p.mine[i] && !p.mine[j]:
			visit(p.place[j], p.place[i], val)
		}
	}
}
