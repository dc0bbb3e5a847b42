package mpcc

import (
	"math"
	"slices"

	"github.com/gobilevel/bilevel/model/smooth"
)

// Zero says which member of a pair is held at zero. A pattern has one entry a pair.
type Zero uint8

// The members of a pair 0 <= G ⟂ H >= 0.
const (
	ZeroG Zero = iota // G = 0, H >= 0
	ZeroH             // H = 0, G >= 0
)

func (z Zero) String() string { return [...]string{"G = 0", "H = 0"}[z] }

// piece is the lifted program on one branch: of each pair one member is held at zero. Nothing of the complementarity is left, and where the
// problem is well behaved its pieces satisfy a constraint qualification.
type piece struct {
	*lifted
	p              *Problem
	pattern        []Zero
	lowerP, upperP []float64
}

// piece makes the branch program of a pattern.
func (p *Problem) piece(pattern []Zero) *piece {
	q := &piece{lifted: p.prog, p: p}
	q.set(pattern)
	return q
}

// set moves to another pattern. It reports whether the pattern contradicts itself: a variable to be at both of two different bounds.
func (q *piece) set(pattern []Zero) (consistent bool) {
	q.pattern = append(q.pattern[:0], pattern...)
	q.lowerP, q.upperP = append(q.lowerP[:0], q.lifted.lower...), append(q.upperP[:0], q.lifted.upper...)
	for k, z := range pattern {
		s := q.p.sides[k][z]
		if s.upper {
			q.lowerP[s.col] = q.lifted.upper[s.col]
		} else {
			q.upperP[s.col] = q.lifted.lower[s.col]
		}
	}
	for j, lo := range q.lowerP {
		if lo > q.upperP[j] {
			return false
		}
	}
	return true
}

func (q *piece) Bounds() (lower, upper []float64) { return q.lowerP, q.upperP }

func (q *piece) Clone() smooth.Program {
	p := q.p.Clone()
	return p.piece(slices.Clone(q.pattern))
}

// patternAt guesses the pattern at a point of the lifted program: the smaller member is zero. Where both are zero to tol the one with the
// greater multiplier in nu is (nu may be nil): it is the one that pushes.
func (p *Problem) patternAt(x []float64, nu [][2]float64, tol float64) []Zero {
	pattern := make([]Zero, len(p.sides))
	for k, s := range p.sides {
		g, h := p.slack(s[0], x), p.slack(s[1], x)
		if p.alwaysZero(s[0]) {
			continue
		}
		if p.alwaysZero(s[1]) {
			pattern[k] = ZeroH
			continue
		}
		if nu != nil && math.Max(g, h) <= tol && nu[k][0] != nu[k][1] {
			g, h = -nu[k][0], -nu[k][1]
		}
		if h < g {
			pattern[k] = ZeroH
		}
	}
	return pattern
}

// patternByDecrease guesses the pattern from two points of a continuation: of a pair whose members are of similar size, the one that fell by
// the greater factor is zero. Along GH = t a member that goes to zero beside one that does not falls as t, and two that both go to zero fall as √t,
// whatever their units.
func (p *Problem) patternByDecrease(x, before []float64) []Zero {
	pattern := p.patternAt(x, nil, 0)
	for _, k := range p.live {
		s := p.sides[k]
		g, h := p.slack(s[0], x), p.slack(s[1], x)
		g0, h0 := p.slack(s[0], before), p.slack(s[1], before)
		if math.Min(g, h) <= 0 || math.Min(g0, h0) <= 0 || math.Max(g, h) > 1e4*math.Min(g, h) {
			continue
		}
		pattern[k] = ZeroG
		if h*g0 < g*h0 {
			pattern[k] = ZeroH
		}
	}
	return pattern
}

// flip changes the pattern at the pairs.
func flip(pattern []Zero, pairs []int) []Zero {
	out := slices.Clone(pattern)
	for _, k := range pairs {
		out[k] ^= 1
	}
	return out
}
