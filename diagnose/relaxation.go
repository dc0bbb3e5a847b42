package diagnose

import (
	"context"
	"fmt"
	"math"

	"github.com/gobilevel/bilevel/backends/highs"
	"github.com/gobilevel/bilevel/model"
)

// relaxation is a linear relaxation of a model as arrays: column j is variable j, row r constraint r; what is not linear has no bounds.
type relaxation struct {
	m       *model.Model
	a       *highs.Arrays
	linear  bool     // the objective is linear and can be looked at
	omitted []string // what is left out
	price   []bool   // by variable: it stands for a shadow price, of which the relaxation knows nothing
}

// curvedOmission begins the entry of Report.Omitted about constraints that are not linear.
const curvedOmission = "constraints that are not linear"

// relax makes the high-point relaxation of a model, or, of a follower's problem at a decision, its linear part.
func relax(m *model.Model) (*relaxation, error) {
	n, rows := m.NumVars(), m.NumRows()
	if nz := m.NumNonzeros(); nz > math.MaxInt32 {
		return nil, fmt.Errorf("%d nonzeros are more than the solver takes", nz)
	}
	r := &relaxation{m: m, a: &highs.Arrays{Cost: make([]float64, n), ColLower: make([]float64, n), ColUpper: make([]float64, n),
		RowLower: make([]float64, rows), RowUpper: make([]float64, rows), Start: make([]int32, rows+1), Integer: make([]bool, n)}, price: make([]bool, n)}
	a := r.a
	for j := range n {
		a.ColLower[j], a.ColUpper[j] = m.VarBounds(j)
		a.Integer[j] = m.VarKind(j) != model.Continuous
	}
	conditional := map[int]bool{}
	for _, ind := range m.Indicators() {
		conditional[ind.Row] = true
	}
	var general, conditions []string
	for i := range rows {
		a.RowLower[i], a.RowUpper[i] = m.RowBounds(i)
		if m.RowIsAffine(i) {
			vars, coefs := m.RowAffine(i)
			a.Index, a.Value = append(a.Index, vars...), append(a.Value, coefs...)
		}
		if c := conditional[i]; c || !m.RowIsAffine(i) {
			a.RowLower[i], a.RowUpper[i] = math.Inf(-1), math.Inf(1)
			if c {
				conditions = append(conditions, m.RowName(i))
			} else {
				general = append(general, m.RowName(i))
			}
		}
		a.Start[i+1] = int32(len(a.Index))
	}
	omit := func(what string, names []string) {
		if len(names) > 0 {
			r.omitted = append(r.omitted, what+": "+list(names))
		}
	}
	omit(curvedOmission, general)
	omit("conditional constraints", conditions)
	var sets, pairs []string
	for _, s := range m.SOS1Sets() {
		sets = append(sets, s.Name)
	}
	for k := range m.NumPairs() {
		pairs = append(pairs, m.PairName(k))
	}
	var prices []string
	for _, j := range m.DualVars() {
		r.price[j] = true
		prices = append(prices, m.VarName(j))
	}
	omit("shadow prices", prices)
	omit("SOS1 sets", sets)
	omit("complementarity pairs", pairs)
	o := m.Leader().Objective()
	a.Maximize = o.Sense == model.Maximize
	if r.linear = o.F.IsAffine(); r.linear {
		for k, j := range o.F.Vars {
			a.Cost[j] = o.F.Coefs[k]
		}
	}
	return r, a.Check()
}

// integral reports whether there are integer columns.
func (r *relaxation) integral() bool { return r.a.IsMIP() }

// feasibility solves the relaxation without objective, with or without integrality. The point is nil unless it is feasible.
func (r *relaxation) feasibility(ctx context.Context, integral bool) (verdict, []float64, error) {
	a := *r.a
	a.Cost = make([]float64, len(a.Cost))
	if !integral {
		a.Integer = nil
	}
	return solveFeasibility(ctx, &a)
}

func solveFeasibility(ctx context.Context, a *highs.Arrays) (verdict, []float64, error) {
	s, err := highs.Solve(ctx, a, highs.SolveOptions{Threads: 1}, nil)
	switch {
	case err != nil:
		return undecided, nil, err
	case s.Status == highs.Infeasible:
		return infeasible, nil, nil
	case s.Status == highs.Optimal && s.Feasible:
		return feasible, s.X, nil
	}
	return undecided, nil, nil
}

// conflict names a small infeasible subset of an infeasible relaxation. member maps constraints and bounds to those of the user's model.
func (r *relaxation) conflict(ctx context.Context, scope Scope, integral bool, row, bound func(i int, upper bool) Member) (*Conflict, error) {
	c := &Conflict{Scope: scope, Integral: integral}
	var iis *highs.IIS
	var err error
	if integral {
		iis = r.integerIIS(ctx)
	} else {
		a := *r.a
		a.Integer = nil
		if iis, err = highs.FindIIS(ctx, &a); iis == nil {
			return nil, err
		}
	}
	c.Irreducible = iis.Irreducible
	for _, s := range iis.Rows {
		c.Members = append(c.Members, row(int(s.Index), s.Upper))
	}
	for _, s := range iis.Cols {
		c.Members = append(c.Members, bound(int(s.Index), s.Upper))
	}
	return c, nil
}

// side is a finite side of a row or column in arrays.
type side struct {
	row   bool
	i     int
	upper bool
}

func sidesOf(a *highs.Arrays) []side {
	var out []side
	add := func(row bool, lower, upper []float64) {
		for i := range lower {
			if finite(lower[i]) {
				out = append(out, side{row, i, false})
			}
			if finite(upper[i]) {
				out = append(out, side{row, i, true})
			}
		}
	}
	add(true, a.RowLower, a.RowUpper)
	add(false, a.ColLower, a.ColUpper)
	return out
}

// integerIIS is the filter over the sides where the conflict needs integrality. It starts from all sides, of which the LP alone says nothing.
func (r *relaxation) integerIIS(ctx context.Context) *highs.IIS {
	sides := sidesOf(r.a)
	keep, irreducible := filter(ctx, len(sides), func(keep []bool) verdict {
		v, _, err := solveFeasibility(ctx, r.without(sides, keep))
		if err != nil {
			return undecided
		}
		return v
	})
	iis := &highs.IIS{Irreducible: irreducible}
	for k, s := range sides {
		switch {
		case keep[k] && s.row:
			iis.Rows = append(iis.Rows, highs.Side{Index: int32(s.i), Upper: s.upper})
		case keep[k]:
			iis.Cols = append(iis.Cols, highs.Side{Index: int32(s.i), Upper: s.upper})
		}
	}
	return iis
}

// without is the relaxation without objective and without the sides that are not kept.
func (r *relaxation) without(sides []side, keep []bool) *highs.Arrays {
	a := *r.a
	a.Cost = make([]float64, len(a.Cost))
	a.RowLower, a.RowUpper = append([]float64(nil), a.RowLower...), append([]float64(nil), a.RowUpper...)
	a.ColLower, a.ColUpper = append([]float64(nil), a.ColLower...), append([]float64(nil), a.ColUpper...)
	for k, s := range sides {
		if keep[k] {
			continue
		}
		lower, upper := a.ColLower, a.ColUpper
		if s.row {
			lower, upper = a.RowLower, a.RowUpper
		}
		if s.upper {
			upper[s.i] = math.Inf(1)
		} else {
			lower[s.i] = math.Inf(-1)
		}
	}
	return &a
}
