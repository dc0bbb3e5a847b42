package response

import (
	"fmt"

	"github.com/gobilevel/bilevel/model"
)

// Elastic is the problem whose followers minimise the sum of the violations of their constraints in place of their objectives: there is an answer to a decision
// exactly where its value is zero. Its variables are those of p and two more for each of the followers' constraints. Where the followers' constraints are convex in
// all variables together, so is the value, and
//
//	Value(x0) + Slope(x0)'(x - x0) <= 0
//
// holds for every decision x that has an answer.
func (p *Problem) Elastic() (*Problem, error) {
	d := p.Model.Derive()
	sums := make([]*model.Accumulator, d.NumPlayers())
	for k := range sums {
		sums[k] = d.Accumulator()
	}
	for r := range p.Model.NumRows() {
		k := p.Model.RowOwner(r)
		if k == 0 || p.Only[r] {
			continue
		}
		first := d.AddVars(k, d.FreshBase(fmt.Sprintf("missed_%d", r)), nil, 2, model.Continuous, 0, model.Inf)
		acc := d.Accumulator()
		acc.AddFunction(1, d.RowFunction(r))
		acc.AddTerm(1, first)
		acc.AddTerm(-1, first+1)
		lo, hi := d.RowBounds(r)
		d.SetRow(r, acc.Function(), lo, hi)
		sums[k].AddTerm(1, first)
		sums[k].AddTerm(1, first+1)
	}
	for k := 1; k < d.NumPlayers(); k++ {
		d.Player(k).SetObjective(model.Objective{Name: "missed", Set: true, F: sums[k].Function()})
	}
	return New(d)
}
