package reform

import (
	"errors"
	"fmt"
	"math"

	"github.com/gobilevel/bilevel/model"
)

// tieRecovery drops what Pessimistic has added, and goes from the point towards the second point.
type tieRecovery struct {
	Recovery
	second  []int32 // columns by variable of the model before
	t       int32
	integer []bool
	sign    float64
	value   [2]model.Function // at the point and at the second point, without the quadratic part
	quad    model.Function
	d       *model.Model
	writer  *tieBreaker
}

func (b *tieBreaker) recovery() Recovery {
	n := b.m.NumVars()
	r := &tieRecovery{Recovery: truncate(n, 0), second: append([]int32(nil), b.second...), t: b.t, integer: make([]bool, n),
		sign: b.sign, value: [2]model.Function{b.value(false), b.value(true)}, quad: b.quad, d: b.d, writer: b}
	for j := range n {
		r.integer[j] = b.m.VarKind(j) != model.Continuous
		if c := b.block[j]; c >= 0 {
			r.second[j] = b.copies[c][0].second[int32(j)]
		}
	}
	return r
}

// approach is the part for the model before of (p + eps p')/(1 + eps t'), with the objective there.
func (r *tieRecovery) approach(p *model.Point, eps float64) (*model.Point, float64, error) {
	q, err := r.Recover(p)
	if err != nil {
		return nil, math.NaN(), err
	}
	scale := 1 / (1 + eps*p.X[r.t])
	for j, col := range r.second {
		q.X[j] = (q.X[j] + eps*p.X[col]) * scale
		if r.integer[j] {
			q.X[j] = math.Round(q.X[j])
		}
	}
	v := (r.d.Value(r.value[0], p.X) + eps*r.d.Value(r.value[1], p.X)) * scale
	return q, r.sign * (v + r.d.Value(r.quad, q.X)), nil
}

// Lift makes a point of the new model with the values and the duals of p that shows the pattern of complementarity of its decision: the
// multipliers of maxima are one where they may be positive. It satisfies the pairs, not the constraints.
func (r *tieRecovery) Lift(p *model.Point) (*model.Point, error) {
	b := r.writer
	if len(p.RowDuals) < b.m.NumRows() || len(p.VarDuals) < b.m.NumVars() {
		return nil, errNoLift
	}
	x := make([]float64, b.d.NumVars())
	copy(x, p.X)
	x[b.t] = 1
	for j, col := range b.second {
		if col >= 0 {
			x[col] = p.X[j]
		}
	}
	for _, list := range b.copies {
		for _, cp := range list {
			for j, col := range cp.first {
				x[col], x[cp.second[j]] = p.X[j], p.X[j]
			}
		}
	}
	for _, d := range b.digits {
		v := int64(math.Round(p.X[d.variable] - d.low))
		for k := range d.n {
			bit := float64(v >> k & 1)
			x[d.first+k], x[d.second+k] = bit, bit
		}
	}
	for i := range b.sides {
		s := &b.sides[i]
		u := b.m.Player(b.blocks[s.block].player).Objective().Sense.Sign()
		if s.variable {
			u *= p.VarDuals[s.of]
		} else {
			u *= p.RowDuals[s.of]
		}
		if s.upper {
			u = -u
		}
		if !s.equation {
			u = math.Max(u, 0)
		}
		x[b.u[i]], x[b.u2[i]] = u, u
		if b.m.Value(s.s, p.X) <= tightSlack {
			for _, m := range b.maxima[i] {
				x[m] = 1
			}
		}
	}
	return &model.Point{X: x}, nil
}

// tightSlack is the slack up to which a condition counts as an equation.
const tightSlack = 1e-7

// errNoApproach is the error of Approach for a chain that does not begin with Pessimistic.
var errNoApproach = errors.New("the chain does not begin with the pass pessimistic")

// Approach gives, for a chain that begins with Pessimistic, a point p of the model after that pass, and eps > 0, the leader's decision
// x_ε = (x + ε x')/(1 + ε t'), with the worst answers, and the objective at p_ε, as declared, which is the value of that decision: see Pessimistic.
// It tends to the objective at p as eps goes to zero. With eps = 0 it is the decision at p itself, whose value may be worse.
func (c *Chain) Approach(p *model.Point, eps float64) (*model.Point, float64, error) {
	if len(c.steps) == 0 {
		return nil, math.NaN(), errNoApproach
	}
	r, ok := c.steps[0].Recovery.(*tieRecovery)
	if !ok {
		return nil, math.NaN(), errNoApproach
	}
	if n := c.models[1].NumVars(); len(p.X) != n {
		return nil, math.NaN(), fmt.Errorf("approach: a point with %d entries for a model with %d variables", len(p.X), n)
	}
	return r.approach(p, eps)
}
