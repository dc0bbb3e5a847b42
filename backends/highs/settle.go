package highs

import (
	"context"
	"math"
)

// settle tells infeasible and unbounded apart where the solver left that open, and finds the ray that shows an unbounded problem to be so.
// Feasible points exist if the problem without its objective has one. The objective improves without limit over them if and only if
// the recession problem
//
//	min c'd  s.t.  A d within the recession cone of the rows, d within that of the bounds, Q d = 0, -1 <= d <= 1
//
// has a negative optimum (in minimisation form): for LPs and convex QPs always, for MILPs with rational data (Meyer, On the existence of
// optimal solutions to integer and mixed-integer programming problems, Math. Programming 7, 1974).
func settle(ctx context.Context, a *Arrays, opt SolveOptions, claim *Solution) (*Solution, error) {
	opt.HasCutoff, opt.Start = false, nil
	open := func(why string) *Solution {
		s := nothing(InfeasibleOrUnbounded, why)
		s.Nodes, s.Iterations = claim.Nodes, claim.Iterations
		return s
	}
	feasibility := *a
	feasibility.Cost, feasibility.QStart, feasibility.QIndex, feasibility.QValue = make([]float64, a.NumCols()), nil, nil, nil
	point, err := solveLinear(ctx, &feasibility, opt, nil)
	if err != nil {
		return nil, err
	}
	switch point.Status {
	case Infeasible, Interrupted:
		point.Bound, point.RowDuals, point.ReducedCosts = math.NaN(), nil, nil
		return point, nil
	case Optimal:
	default:
		return open("infeasible or unbounded; the search for a feasible point ended with: " + point.Message), nil
	}
	ray, err := a.ray(ctx, opt)
	if err != nil {
		return nil, err
	}
	if ray != nil {
		s := nothing(Unbounded, "unbounded")
		s.X, s.Ray = point.X, ray
		s.Nodes, s.Iterations = claim.Nodes+point.Nodes, claim.Iterations+point.Iterations
		return s, nil
	}
	if a.IsQP() {
		s, err := a.descend(ctx, opt, point.X)
		if err != nil {
			return nil, err
		}
		if s != nil {
			s.Iterations += claim.Iterations + point.Iterations
			return s, nil
		}
	}
	if claim.Status == Unbounded {
		return open("the solver claims that the problem is unbounded, yet no direction shows it"), nil
	}
	// Feasible and not unbounded: the problem has an optimum, which presolve stands in the way of.
	options := map[string]string{}
	for k, v := range opt.SolverOption {
		options[k] = v
	}
	if options["presolve"] == "off" {
		return open(claim.Message), nil
	}
	if a.IsQP() {
		return open(claim.Message), nil
	}
	options["presolve"] = "off"
	opt.SolverOption = options
	return solveLinear(ctx, a, opt, nil)
}

// ray solves the recession problem and returns a direction in which the objective improves without limit, nil where there is none.
func (a *Arrays) ray(ctx context.Context, opt SolveOptions) ([]float64, error) {
	r := a.recession()
	l, err := NewLP(r, LPOptions{TimeLimit: opt.TimeLimit, Seed: opt.Seed, Presolve: true})
	if err != nil {
		return nil, err
	}
	defer l.Close()
	status, err := l.SolveRobust(ctx)
	if err != nil || status != Optimal {
		return nil, err
	}
	largest := 0.0
	for _, c := range r.Cost {
		largest = max(largest, math.Abs(c))
	}
	if !(r.sign()*l.Objective() < -1e-7*largest) {
		return nil, nil
	}
	d := make([]float64, l.n)
	l.Primal(d)
	return d, nil
}

// recession is the LP of settle, with the sense of a. Its rows are those of a that have a finite bound and then those of Q.
func (a *Arrays) recession() *Arrays {
	n, m := a.NumCols(), a.NumRows()
	r := &Arrays{Maximize: a.Maximize, Cost: a.Cost, ColLower: make([]float64, n), ColUpper: make([]float64, n),
		RowLower: make([]float64, m), RowUpper: make([]float64, m), Start: a.Start, Index: a.Index, Value: a.Value}
	cone(r.ColLower, r.ColUpper, a.ColLower, a.ColUpper, 1)
	cone(r.RowLower, r.RowUpper, a.RowLower, a.RowUpper, math.Inf(1))
	if !a.IsQP() {
		return r
	}
	// The rows of Q: its lower triangle by columns is its upper triangle by rows; both are needed.
	count := make([]int32, n+1)
	for j := range n {
		for k := a.QStart[j]; k < a.QStart[j+1]; k++ {
			count[j+1]++
			if i := a.QIndex[k]; int(i) != j {
				count[i+1]++
			}
		}
	}
	start := append([]int32{}, a.Start...)
	if len(start) == 0 {
		start = []int32{0}
	}
	base := start[len(start)-1]
	next := make([]int32, n)
	for j := range n {
		count[j+1] += count[j]
		next[j] = base + count[j]
		start = append(start, base+count[j+1])
		r.RowLower, r.RowUpper = append(r.RowLower, 0), append(r.RowUpper, 0)
	}
	index, value := make([]int32, base+count[n]), make([]float64, base+count[n])
	copy(index, a.Index)
	copy(value, a.Value)
	put := func(row, col int32, v float64) {
		index[next[row]], value[next[row]] = col, v
		next[row]++
	}
	for j := range n {
		for k := a.QStart[j]; k < a.QStart[j+1]; k++ {
			put(int32(j), a.QIndex[k], a.QValue[k])
			if i := a.QIndex[k]; int(i) != j {
				put(i, int32(j), a.QValue[k])
			}
		}
	}
	r.Start, r.Index, r.Value = start, index, value
	return r
}

// cone writes the recession cone of bounds: 0 for a finite bound, reach for an infinite one.
func cone(toLower, toUpper, lower, upper []float64, reach float64) {
	for i := range lower {
		if lower[i] <= -infinite {
			toLower[i] = -reach
		}
		if upper[i] >= infinite {
			toUpper[i] = reach
		}
	}
}
