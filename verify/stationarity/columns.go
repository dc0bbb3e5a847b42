package stationarity

import (
	"math"

	"github.com/gobilevel/bilevel/model"
)

// column is an active constraint at a point: a quantity that may only grow (orientation 1) or only fall (-1), or an equation. Its
// multiplier w enters ∇f - Σ w orientation ∇quantity = 0 and is non-negative unless sign says otherwise.
type column struct {
	quantity    int
	orientation float64
	equation    bool
	pair        int // -1: an ordinary constraint or bound
	second      bool
}

// sign is what a multiplier may be.
type sign uint8

const (
	free sign = iota
	nonNegative
	nonPositive
	zero
)

// pairState says where a pair is at the point.
type pairState uint8

const (
	stateSettled    pairState = iota // it is no condition: one member is zero by its bounds, so that the other's bounds are ordinary ones
	stateFirstZero                   // the first member is zero and the second is not
	stateSecondZero                  // the other way round
	stateBiactive
)

// active is the active set at a point.
type active struct {
	*local
	pairTolerance float64 // as local.tolerance, for members of pairs
	columns       []column
	states        []pairState
	upper         []bool   // by pair: a mixed one at its upper bound, whose members count as hi - A and -B
	members       [][2]int // by pair: the columns of its members, -1 where not active
	biactive      []int
	nearly        []int // pairs whose members are both within 1000 tolerances of zero, and not biactive
}

// findActive sorts out what is active.
func (l *local) findActive(pairTolerance float64) *active {
	p := l.p
	a := &active{local: l, pairTolerance: pairTolerance, states: make([]pairState, len(p.pairs)), upper: make([]bool, len(p.pairs)), members: make([][2]int, len(p.pairs))}
	for q := range p.lower {
		low, high := l.toLower(q) == 0, l.toUpper(q) == 0
		switch {
		case p.fixed(q):
			a.columns = append(a.columns, column{quantity: q, orientation: 1, equation: true, pair: -1})
			continue
		}
		if low && p.sidePairs[model.AtLower][q] == 0 {
			a.columns = append(a.columns, column{quantity: q, orientation: 1, pair: -1})
		}
		if high && p.sidePairs[model.AtUpper][q] == 0 {
			a.columns = append(a.columns, column{quantity: q, orientation: -1, pair: -1})
		}
	}
	for k := range p.pairs {
		a.addPair(k)
	}
	return a
}

// addPair finds the state of a pair and adds the columns of its members.
func (a *active) addPair(k int) {
	a.members[k] = [2]int{-1, -1}
	pair := a.p.pairs[k]
	if a.p.settled(pair) {
		return
	}
	qa, qb := a.p.quantity(pair.A), a.p.quantity(pair.B)
	member := func(q int, v float64) float64 { // how far a member is from zero, 0 where it counts as zero
		if v <= a.pairTolerance*a.scale[q] {
			return 0
		}
		return v
	}
	var first, second float64
	orientA, orientB := 1.0, 1.0
	if pair.Mixed() {
		low, high, v := a.value[qa]-a.p.lower[qa], a.p.upper[qa]-a.value[qa], a.value[qb]
		second = member(qb, math.Abs(v))
		a.upper[k] = high < low
		if second > 0 && member(qa, math.Max(low, high)) == 0 {
			a.upper[k] = v < 0 // a range so narrow that both bounds count
		}
		first = member(qa, math.Min(low, high))
		if a.upper[k] {
			orientA, orientB = -1, -1
		}
	} else {
		first, second = member(qa, a.slack(pair.A)), member(qb, a.slack(pair.B))
		orientA, orientB = orientation(pair.A.Side), orientation(pair.B.Side)
	}
	near := 1000 * a.pairTolerance
	switch {
	case first == 0 && second == 0:
		a.states[k] = stateBiactive
		a.biactive = append(a.biactive, k)
	case first == 0 || second > 0 && first/a.scale[qa] <= second/a.scale[qb]:
		a.states[k] = stateFirstZero
	default:
		a.states[k] = stateSecondZero
	}
	if a.states[k] != stateBiactive && first <= near*a.scale[qa] && second <= near*a.scale[qb] {
		a.nearly = append(a.nearly, k)
	}
	if a.states[k] != stateSecondZero {
		a.members[k][0] = len(a.columns)
		a.columns = append(a.columns, column{quantity: qa, orientation: orientA, pair: k})
	}
	if a.states[k] != stateFirstZero {
		a.members[k][1] = len(a.columns)
		a.columns = append(a.columns, column{quantity: qb, orientation: orientB, pair: k, second: true})
	}
}

func orientation(side model.Side) float64 {
	if side == model.AtUpper {
		return -1
	}
	return 1
}

// settled reports whether bounds alone make a pair hold: a member of a standard pair, or the range of a mixed one, is fixed, or the value of
// a mixed one is fixed at zero.
func (p *Problem) settled(pair model.Pair) bool {
	qa, qb := p.quantity(pair.A), p.quantity(pair.B)
	if pair.Mixed() {
		return p.fixed(qa) || p.fixed(qb) && p.lower[qb] == 0
	}
	return p.fixed(qa) || p.fixed(qb)
}

// weakest are the signs of W-stationarity: members of pairs are free.
func (a *active) weakest() []sign {
	signs := make([]sign, len(a.columns))
	for i, c := range a.columns {
		if !c.equation && c.pair < 0 {
			signs[i] = nonNegative
		}
	}
	return signs
}
