package valuefunction

import (
	"fmt"
	"math"

	"github.com/gobilevel/bilevel/model"
)

// Start is where a run sets out.
type Start struct {
	// X is (x, y), one entry a variable of the model. It may violate anything.
	X []float64
	// Answer is an answer of the follower to x with shadow prices, as verify.Respond gives it: z and w are taken from it, and v = λ w. A run with
	// none sets out from z = y and multipliers that are the absolute values of the slacks, as in the released code of Fischer, Zemkoho and Zhou.
	Answer *model.Point
}

// StartError is a start that does not fit the model.
type StartError struct {
	Field  string
	Reason string
}

func (e *StartError) Error() string {
	return fmt.Sprintf("value-function: start: %s: %s", e.Field, e.Reason)
}

func (s *Start) check(n int) error {
	field := func(name string, x []float64) error {
		if len(x) != n {
			return &StartError{name, fmt.Sprintf("%d entries for %d variables; give one a variable", len(x), n)}
		}
		for j, v := range x {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				return &StartError{name, fmt.Sprintf("entry %d is %v; give a finite number", j, v)}
			}
		}
		return nil
	}
	if err := field("X", s.X); err != nil || s.Answer == nil {
		return err
	}
	return field("Answer", s.Answer.X)
}

// begin returns the unknowns of a start and sets the scales there.
func (q *equations) begin(s Start, lambda float64, scaled bool) []float64 {
	l, v := q.layout, q.v
	w := make([]float64, l.unknowns())
	for _, j := range l.vars {
		switch o := l.p.of[j]; {
		case o < 0:
			w[l.place[j]] = s.X[j]
		case s.Answer != nil:
			w[l.place[j]] = s.Answer.X[o]
		default:
			w[l.place[j]] = s.X[o]
		}
	}
	if l.free {
		w[l.atRoot()] = math.Sqrt(lambda)
	}
	v.at(w)
	if scaled {
		l.setScales(v)
		v.known = false
		v.at(w)
	}
	if s.Answer != nil && len(s.Answer.RowDuals) == l.p.m.NumRows() && len(s.Answer.VarDuals) == l.p.m.NumVars() {
		q.fromAnswer(w, s.Answer, lambda)
		return w
	}
	for i, t := range l.sides {
		w[l.atSides()+i] = math.Abs(v.slack(t))
	}
	return w
}

// fromAnswer sets w to the follower's multipliers, v to λ w and u to zero. A shadow price d of a follower with sense σ is -σ u at an upper side, σ u at
// a lower one and -σ v of an equation.
func (q *equations) fromAnswer(w []float64, a *model.Point, lambda float64) {
	l, m := q.layout, q.p.m
	price := func(row bool, k int32) (d, rowScale float64) {
		if !row {
			j := k
			if o := l.p.of[k]; o >= 0 {
				j = o
			}
			owner := m.VarOwner(int(j))
			if owner == 0 {
				return 0, 1
			}
			return m.Player(owner).Objective().Sense.Sign() * a.VarDuals[j], 1
		}
		r := k
		if o := l.p.rowOf[k]; o >= 0 {
			r = o
		}
		if int(r) >= m.NumRows() || m.RowOwner(int(r)) == 0 {
			return 0, 1
		}
		return m.Player(m.RowOwner(int(r))).Objective().Sense.Sign() * a.RowDuals[r], l.rowScale[k]
	}
	factor := func(inner bool) float64 {
		if inner {
			return 1
		}
		return lambda
	}
	for e, r := range l.eqs {
		d, s := price(true, r)
		if mu := -d * l.scale / s * factor(l.p.inner[r]); !math.IsNaN(mu) {
			w[l.atEqs()+e] = mu
		}
	}
	for i, t := range l.sides {
		d, s := price(t.row, t.index)
		if u := t.sign * d * l.scale / s * factor(t.inner); u > 0 && !math.IsInf(u, 1) {
			w[l.atSides()+i] = u
		}
	}
}
