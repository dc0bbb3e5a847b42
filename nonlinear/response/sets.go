package response

import (
	"github.com/gobilevel/bilevel/nonlinear/quadratic"
)

// LeaderSet is the set of decisions that the leader's bounds and affine constraints without followers' variables allow, in the order of LeaderOwn,
// with the constraints, by index, that make it.
func (p *Problem) LeaderSet() (*quadratic.Set, map[int]bool) {
	taken := map[int]bool{}
	for r := range p.Model.NumRows() {
		taken[r] = p.Only[r] && p.Model.RowIsAffine(r)
	}
	return p.set(p.LeaderOwn, taken), taken
}

// FollowerSet is the set of the followers' answers, in the order of Own, where it is the same for all decisions and made of bounds and affine
// constraints; else the error says which constraint is not of the kind.
func (p *Problem) FollowerSet() (*quadratic.Set, error) {
	taken := map[int]bool{}
	for r := range p.Model.NumRows() {
		if p.Model.RowOwner(r) == 0 || p.Only[r] {
			continue
		}
		if !p.Model.RowIsAffine(r) {
			return nil, &NotForError{Where: p.Model.RowName(r), Reason: "the follower's constraint is not affine", Remedy: "use value-function:dca or implicit"}
		}
		idx, _ := p.Model.RowAffine(r)
		for _, j := range idx {
			if !p.follower[j] {
				return nil, &NotForError{Where: p.Model.RowName(r), Reason: "the follower's constraint contains " + p.Model.VarName(int(j)) + " of the leader, and the answers are projected on a fixed set", Remedy: "use value-function:dca or implicit"}
			}
		}
		taken[r] = true
	}
	return p.set(p.Own, taken), nil
}

func (p *Problem) set(own []int, taken map[int]bool) *quadratic.Set {
	s := &quadratic.Set{}
	place := make([]int, p.Model.NumVars())
	for i, j := range own {
		lo, hi := p.Bounds(j)
		s.Lower, s.Upper = append(s.Lower, lo), append(s.Upper, hi)
		place[j] = i
	}
	for r := range p.Model.NumRows() {
		if !taken[r] {
			continue
		}
		a := make([]float64, len(own))
		idx, val := p.Model.RowAffine(r)
		for k, j := range idx {
			a[place[j]] = val[k]
		}
		lo, hi := p.Model.RowBounds(r)
		s.Rows, s.RowLower, s.RowUpper = append(s.Rows, a), append(s.RowLower, lo), append(s.RowUpper, hi)
	}
	return s
}
