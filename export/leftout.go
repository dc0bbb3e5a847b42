package export

import (
	"math"

	"github.com/gobilevel/bilevel/model"
)

// The comments that tell of hints for which a format has no place. A problem is the same without them.
const (
	startsLeftOut   = "start values are left out"
	suffixesLeftOut = "suffixes (reform, dualbound, slackbound) are left out"
	rowsLeftOut     = "constraints without bounds are left out"
)

// leftOut lists the comments that a file needs whose format has no suffixes and, where starts is false, no start values.
func leftOut(m *model.Model, starts bool) (list []string) {
	if !starts && hasStarts(m) {
		list = append(list, startsLeftOut)
	}
	if steered(m) {
		list = append(list, suffixesLeftOut)
	}
	return list
}

func hasStarts(m *model.Model) bool {
	for j := range m.NumVars() {
		if !math.IsNaN(m.VarStart(j)) {
			return true
		}
	}
	return false
}

// steered reports whether a variable, a constraint or a pair has a suffix.
func steered(m *model.Model) bool {
	for j := range m.NumVars() {
		if m.VarSteer(j) != (model.Steer{}) {
			return true
		}
	}
	for r := range m.NumRows() {
		if m.RowSteer(r) != (model.Steer{}) {
			return true
		}
	}
	for k := range m.NumPairs() {
		if m.PairSteer(k) != (model.Steer{}) {
			return true
		}
	}
	return false
}
