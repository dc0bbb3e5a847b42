package regions

import (
	"errors"
	"fmt"
	"math"
	"slices"
)

// cut is a half-space g·θ + h < 0 in which a follower has no answer: a row of a tableau, basic = g·θ + h - Σ (not negative)(nonbasic), that no
// choice makes positive. Where the basic variable is a slack the follower has no feasible answer, where it is a reduced cost or a multiplier it has no
// bound.
type cut struct {
	g []float64
	h float64
}

// lostError says that rounding got the better of a tableau.
type lostError struct {
	follower, what string
}

func (e *lostError) Error() string {
	return fmt.Sprintf("follower %s: %s: rounding does not allow to tell its answers apart; scale the problem", e.follower, e.what)
}

// errSteps says that a walk has not come to its end.
var errSteps = errors.New("too many pivots")

// walkTo changes the basis, by parametric principal pivoting along the segment from the point at which it is feasible, until it is feasible at θ: where a basic
// variable becomes negative its index is exchanged, alone if its diagonal entry is positive and else with the index that blocks its complement first (Lemke's
// method for a monotone problem, with the position on the segment in the place of the covering vector). Ties are decided by T_p. Where nothing blocks, the
// half-space beyond has no answers: it is returned, and the basis is feasible where the walk stopped.
func (t *tableau) walkTo(theta []float64) (*cut, error) {
	if t.stale > 100+t.f.n {
		if !t.refresh() {
			return nil, &lostError{t.f.name, "a basis is singular"}
		}
	}
	for attempt := 0; ; attempt++ {
		c, err := t.walk(theta)
		if err == nil && c == nil && t.shaky && (!t.refresh() || !t.feasible(t.point)) {
			err = &lostError{t.f.name, "a basis is nearly singular"}
		}
		if err == nil || attempt == 2 {
			return c, err
		}
		t.reset(theta)
	}
}

func (t *tableau) walk(theta []float64) (*cut, error) {
	n := t.f.n
	to := append(slices.Clone(theta), 0)
	from := t.point
	d := make([]float64, len(to))
	for i := range d {
		d[i] = to[i] - from[i]
	}
	slope := func(i int) float64 {
		row, v := t.row(i), 0.0
		for j, x := range d {
			v += row[t.theta(j)] * x
		}
		return v
	}
	at := func(s float64) []float64 {
		out := make([]float64, len(to))
		for j := range out {
			out[j] = from[j] + s*d[j]
		}
		return out
	}
	now := 0.0
	for range 100 + 50*n {
		// The first basic variable to become negative.
		leaving, s, tie := -1, 1.0, 0.0
		for i := range n {
			if t.f.kind[i] != pair {
				continue
			}
			b := slope(i)
			size := t.size(i, from)
			if b >= -zero*size {
				continue
			}
			// s where value = 0; the value now is at least about zero
			si := math.Max(now, -t.value(i, from)/b)
			ti := t.row(i)[t.epsilon()] / -b
			if si < s-1e-12 || leaving >= 0 && si <= s+1e-12 && ti < tie {
				leaving, s, tie = i, math.Min(si, s), ti
			}
		}
		if leaving < 0 {
			t.point = to
			return nil, nil
		}
		now = s
		row := t.row(leaving)
		if row[leaving] > pivotLimit {
			t.pivot(leaving)
			continue
		}
		here := at(s)
		blocking, ratio, second := -1, math.Inf(1), 0.0
		for j := range n {
			if j == leaving || t.f.kind[j] != pair {
				continue
			}
			c := t.row(j)[leaving]
			if c >= -pivotLimit {
				continue
			}
			v := math.Max(0, t.value(j, here)) / -c
			e := (t.row(j)[t.epsilon()] + tie*slope(j)) / -c
			if blocking < 0 || v < ratio-1e-12*math.Max(1, ratio) || v <= ratio+1e-12*math.Max(1, ratio) && e < second {
				blocking, ratio, second = j, math.Min(v, ratio), e
			}
		}
		if blocking < 0 {
			if t.stale > 0 { // only what holds in a tableau that was computed afresh is believed
				keep := leaving
				if !t.refresh() {
					return nil, &lostError{t.f.name, "a basis is singular"}
				}
				if !t.ray(keep) {
					continue
				}
				row = t.row(keep)
			}
			t.point = at(math.Max(0, s))
			return &cut{g: slices.Clone(row[t.theta(0):t.theta(t.k)]), h: row[t.constant()]}, nil
		}
		t.pivotTwo(leaving, blocking)
	}
	return nil, errSteps
}

// ray reports whether nothing blocks the complement of index i, whose row then proves that the basic variable of i is at most its affine part.
func (t *tableau) ray(i int) bool {
	if t.row(i)[i] > pivotLimit {
		return false
	}
	for j := range t.f.n {
		if t.f.kind[j] == pair && j != i && (t.row(j)[i] < -pivotLimit || t.row(i)[j] > pivotLimit) {
			return false
		}
	}
	return true
}

// feasible reports whether the basic variables of pairs are not negative at a point.
func (t *tableau) feasible(at []float64) bool {
	for i := range t.f.n {
		if t.f.kind[i] == pair && t.value(i, at) < -1e-7*t.size(i, at) {
			return false
		}
	}
	return true
}
