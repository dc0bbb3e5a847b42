package reformtest

import (
	"fmt"
	"math"

	"github.com/gobilevel/bilevel/model"
)

// Residual is the largest violation of anything that a model asks of a point: bounds, rows, pairs, sets, conditions; and the name of what is
// violated most. Rows of followers count as rows; that followers are optimal is not looked at.
func Residual(m *model.Model, x []float64) (float64, string) {
	worst, where := 0.0, ""
	see := func(v float64, format string, args ...any) {
		if v > worst || math.IsNaN(v) {
			worst, where = v, fmt.Sprintf(format, args...)
		}
	}
	for j := 0; j < m.NumVars(); j++ {
		see(m.VarViolation(j, x[j]), "variable %s = %v", m.VarName(j), x[j])
	}
	conditional := map[int]bool{}
	for _, ind := range m.Indicators() {
		conditional[ind.Row] = true
		if (x[ind.Binary] > 0.5) == ind.When {
			see(m.RowViolation(ind.Row, x), "condition %s", m.RowName(ind.Row))
		}
	}
	for r := 0; r < m.NumRows(); r++ {
		if !conditional[r] {
			see(m.RowViolation(r, x), "constraint %s", m.RowName(r))
		}
	}
	for k := 0; k < m.NumPairs(); k++ {
		see(m.PairViolation(k, x), "pair %s", m.PairName(k))
	}
	for _, s := range m.SOS1Sets() {
		first, second := 0.0, 0.0
		for _, j := range s.Vars {
			v := math.Abs(x[j])
			if v > first {
				first, v = v, first
			}
			second = math.Max(second, v)
		}
		see(second, "set %s", s.Name)
	}
	return worst, where
}
