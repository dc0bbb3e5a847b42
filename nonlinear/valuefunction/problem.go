package valuefunction

import (
	"context"
	"fmt"
	"math"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/smooth"
	"github.com/gobilevel/bilevel/reform"
)

// Problem is a bilevel model as its systems need it. It may be used by several goroutines.
type Problem struct {
	m       *model.Model // as given
	program *smooth.Compiled
	n       int     // variables of m; the first n of the program are (x, y)
	of      []int32 // by variable of the program: the variable that it is a copy of, -1 for (x, y)
	inner   []bool  // by row of the program: whether it is a follower's constraint at z
	gaps    []int32 // rows f_k(x, y) - f_k(x, z)
	rowOf   []int32 // by row of the program: the constraint of m that it is a copy of, -1 for others
}

// New prepares a model. It is refused, by a *reform.NotAcceptedError, where pass value-function refuses it, and where it has integer variables,
// complementarity pairs, SOS1 sets or conditional constraints: what is left then is no system of equations.
func New(m *model.Model) (*Problem, error) {
	if err := m.Err(); err != nil {
		return nil, err
	}
	pass := reform.ValueFunction{}
	res, err := pass.Apply(context.Background(), m)
	if err != nil {
		return nil, err
	}
	if extra := m.Constructs() & (model.IntegerVariables | model.Complementarity | model.MixedPairs | model.SOS1Sets | model.IndicatorRows); extra != 0 {
		return nil, &reform.NotAcceptedError{Pass: pass.Name(), Construct: extra, Where: m.Where(extra),
			Reason: fmt.Sprintf("%v: the optimality system is for continuous variables and constraints of equations and inequalities", extra),
			Remedy: "use --reform global, which divides the box of all variables"}
	}
	d := res.Model.Derive()
	p := &Problem{m: m, n: m.NumVars(), of: make([]int32, d.NumVars()), inner: make([]bool, d.NumRows()), rowOf: make([]int32, d.NumRows())}
	p.trace(d)
	for j := range d.NumVars() {
		d.SetVarOwner(j, 0)
	}
	for r := range d.NumRows() {
		d.SetRowOwner(r, 0)
	}
	d.DropFollowers()
	for _, r := range p.gaps {
		d.SetRowBounds(int(r), math.Inf(-1), math.Inf(1))
	}
	if p.program, err = smooth.Compile(d); err != nil {
		return nil, err
	}
	return p, nil
}

// trace finds which variables and constraints of the pass's model are copies: they follow the originals in the same order, and the rows of the
// gaps come last.
func (p *Problem) trace(d *model.Model) {
	for j := range p.of {
		p.of[j] = -1
	}
	at := p.n
	for j := range p.n {
		if p.m.VarOwner(j) > 0 {
			p.of[at] = int32(j)
			at++
		}
	}
	for r := range p.rowOf {
		p.rowOf[r] = -1
	}
	rows := p.m.NumRows()
	for r := range p.m.NumRows() {
		if p.m.RowOwner(r) > 0 {
			p.inner[rows], p.rowOf[rows] = true, int32(r)
			rows++
		}
	}
	for ; rows < d.NumRows(); rows++ {
		p.gaps = append(p.gaps, int32(rows))
	}
}

// Model is the model as given.
func (p *Problem) Model() *model.Model { return p.m }

// Objective is the leader's objective at a point (x, y) of the model, as declared.
func (p *Problem) Objective(x []float64) float64 { return p.m.ObjectiveValue(0, x) }

// followers is the size of the followers' objectives at a point.
func (p *Problem) followers(x []float64) float64 {
	sum := 0.0
	for k := 1; k < p.m.NumPlayers(); k++ {
		sum += math.Abs(p.m.ObjectiveValue(k, x))
	}
	return sum
}

// Gap is Σ f_k(x, y) - f_k(x, z) in minimisation form, at a point (x, y) of the model and one with z in the place of y.
func (p *Problem) Gap(xy, xz []float64) float64 {
	sum := 0.0
	for k := 1; k < p.m.NumPlayers(); k++ {
		sign := p.m.Player(k).Objective().Sense.Sign()
		sum += sign * (p.m.ObjectiveValue(k, xy) - p.m.ObjectiveValue(k, xz))
	}
	return sum
}
