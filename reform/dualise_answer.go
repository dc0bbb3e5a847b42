package reform

import (
	"context"
	"math"
	"strconv"

	"github.com/gobilevel/bilevel/model"
)

// safeAnswer is an answer of follower p that is feasible for all values of the leader's variables within their declared bounds, by variable,
// NaN for those of others; nil where none is found. Each constraint lo <= a y + b x <= hi becomes
//
//	lo - min b x <= a y <= hi - max b x
//
// over the box of x. The answer nearest to zero within the bounds of y is tried, and what Point finds.
func (d Dualise) safeAnswer(ctx context.Context, m *model.Model, p int) ([]float64, error) {
	lp := model.New("answer")
	column := make([]int32, m.NumVars())
	y := make([]float64, m.NumVars())
	var vars []int
	for j := range column {
		if y[j] = math.NaN(); m.VarOwner(j) != p {
			continue
		}
		lo, hi := m.VarBounds(j)
		column[j] = int32(lp.AddVars(0, "y"+strconv.Itoa(j), nil, 1, model.Continuous, lo, hi))
		vars = append(vars, j)
		y[j] = math.Min(math.Max(0, lo), hi)
	}
	for r := range m.NumRows() {
		if m.RowOwner(r) != p {
			continue
		}
		f := lp.Accumulator()
		lo, hi := m.RowBounds(r)
		idx, val := m.RowAffine(r)
		own := false
		for k, j := range idx {
			a := val[k]
			if m.VarOwner(int(j)) == p {
				f.AddTerm(a, int(column[j]))
				own = true
				continue
			}
			least, most := m.VarBounds(int(j))
			if a < 0 {
				least, most = most, least
			}
			if !math.IsInf(lo, -1) {
				lo -= a * least
			}
			if !math.IsInf(hi, 1) {
				hi -= a * most
			}
		}
		if !own { // a restriction of the leader's decision, which stays
			continue
		}
		if lo > hi || math.IsInf(lo, 1) || math.IsInf(hi, -1) {
			return nil, nil
		}
		lp.AddRow(0, "r"+strconv.Itoa(r), f.Function(), lo, hi)
	}
	x := make([]float64, len(vars))
	for k, j := range vars {
		x[k] = y[j]
	}
	if !satisfies(lp, x) {
		if d.Point == nil {
			return nil, nil
		}
		var err error
		if x, err = d.Point(ctx, lp); err != nil || len(x) != len(vars) || !satisfies(lp, x) {
			return nil, err
		}
	}
	for k, j := range vars {
		y[j] = x[k]
	}
	return y, nil
}

// answerTolerance is how far an answer may violate a constraint, relative to the size of its terms, to count as feasible: rounding alone.
const answerTolerance = 1e-9

func satisfies(m *model.Model, x []float64) bool {
	for j, v := range x {
		if lo, hi := m.VarBounds(j); !(v >= lo && v <= hi) {
			return false
		}
	}
	for r := range m.NumRows() {
		size := 1.0
		idx, val := m.RowAffine(r)
		for k, j := range idx {
			size = math.Max(size, math.Abs(val[k]*x[j]))
		}
		if m.RowViolation(r, x) > answerTolerance*size {
			return false
		}
	}
	return true
}
