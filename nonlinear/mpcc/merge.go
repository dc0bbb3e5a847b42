package mpcc

import (
	"math"

	"github.com/gobilevel/bilevel/model"
)

// merged is a row ±x_j + constant whose sides have become bounds of variable j.
type merged struct {
	row  int32
	col  int32
	sign float64 // ±1
	// lower and upper say that the bound of the variable on that side is the row's and not its own.
	lower, upper bool
}

// singles tells of a row whether it is ±x_j + constant, and j, the sign and the constant.
type singles func(r int32) (j int32, sign, constant float64, ok bool)

// merge makes bounds of variables of those rows with a member of a pair that have one variable only, so that the member is the slack of a
// bound and needs no new variable and no equation. The bounds lower and upper are narrowed. A row is left alone where the narrower bound
// would change the slack that a member of another pair is, or where its own member is not the narrower one.
func merge(pairs []model.Pair, rowLower, rowUpper, lower, upper []float64, single singles) map[int32]*merged {
	list := map[int32]*merged{}
	// used says of a variable's bound, or a row's, that its slack is a member.
	used := map[model.Member]bool{}
	for _, p := range pairs {
		used[p.A], used[p.B] = true, true
	}
	for _, p := range pairs {
		for _, s := range [2]model.Member{p.A, p.B} {
			if !s.Row || list[s.Index] != nil {
				continue
			}
			j, sign, constant, ok := single(s.Index)
			if !ok {
				continue
			}
			lo, hi := rowLower[s.Index]-constant, rowUpper[s.Index]-constant
			loMember, hiMember := used[model.Member{Row: true, Side: model.AtLower, Index: s.Index}], used[model.Member{Row: true, Side: model.AtUpper, Index: s.Index}]
			if sign < 0 {
				lo, hi, loMember, hiMember = -hi, -lo, hiMember, loMember
			}
			atLower, atUpper := model.Member{Side: model.AtLower, Index: j}, model.Member{Side: model.AtUpper, Index: j}
			if !mayMove(lower[j], lo, used[atLower], loMember) || !mayMove(-upper[j], -hi, used[atUpper], hiMember) || math.Max(lo, lower[j]) > math.Min(hi, upper[j]) {
				continue
			}
			list[s.Index] = &merged{row: s.Index, col: j, sign: sign, lower: lo > lower[j], upper: hi < upper[j]}
			lower[j], upper[j] = math.Max(lower[j], lo), math.Min(upper[j], hi)
			used[atLower], used[atUpper] = used[atLower] || loMember, used[atUpper] || hiMember
		}
	}
	return list
}

// mayMove reports whether a lower bound may be raised to that of a row: not where its slack is a member already, and not where the row's
// slack is a member and would not be that of the bound.
func mayMove(bound, row float64, used, member bool) bool {
	return row == bound || row > bound && !used || row < bound && !member
}

// side is the slack of a side of the row as the slack of a bound of its variable.
func (m *merged) side(upper bool) side { return side{m.col, upper != (m.sign < 0)} }
