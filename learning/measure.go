package learning

import (
	"cmp"
	"math"
	"slices"
)

// measure turns pieces of a path into pieces of the loss on the samples of a fold. What a sample adds to the sums changes at its kinks alone, so that a kink
// costs no look at the others.
type measure struct {
	held        *Data
	columns     *columns // of (x_i, -1)
	loss, slope Loss
	weight      float64
	out         []CurvePiece
	at, rate    []float64 // predictions at the start of the piece, and their rates
	kinks       []kink
	state       []int8  // for each sample, on which side of its kinks it is
	ties        int     // see Curve.Ties
	doubt       float64 // the most that they may add to the loss at one place
}

// nearZero is a margin whose sign says nothing: right-hand sides of paths are moved by 1e-9, and margins by a multiple of that.
const nearZero = 1e-7

// unknown is the state of a sample that is still to be looked at.
const unknown = -1

// kink is where, after the start of a piece, a sample's loss has one: where its prediction is zero, or else where its margin is one or it meets the label.
type kink struct {
	at     float64
	sample int
	zero   bool
}

func newMeasure(held *Data, loss, slope Loss, weight float64) *measure {
	size := held.Len()
	columns := newColumns(held.X)
	last := make([]float64, size)
	for i := range last {
		last[i] = -1
	}
	columns.col = append(columns.col, last)
	return &measure{held: held, columns: columns, loss: loss, slope: slope, weight: weight,
		at: make([]float64, size), rate: make([]float64, size), state: make([]int8, size)}
}

func (m *measure) add(p Piece) {
	length := p.To - p.From
	m.columns.times(p.V, m.at)
	m.columns.times(p.Rate, m.rate)
	m.kinks = m.kinks[:0]
	var loss, slope [3]float64 // as polynomials of the distance from the start of the piece
	before := m.ties
	if m.loss == Misclassification && m.slope == Hinge {
		m.margins(length, &loss, &slope)
	} else {
		m.tally(length, &loss, &slope)
	}
	m.doubt = math.Max(m.doubt, m.weight*float64(m.ties-before))
	if len(m.kinks) > 1 {
		slices.SortFunc(m.kinks, func(a, b kink) int {
			return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.sample, b.sample))
		})
	}
	first := length
	if len(m.kinks) > 0 {
		first = m.kinks[0].at
	}
	// Samples without a kink count already.
	for _, k := range m.kinks {
		m.state[k.sample] = unknown
	}
	for _, k := range m.kinks {
		if i := k.sample; m.state[i] == unknown {
			m.state[i] = m.side(i, first/2)
			m.count(i, m.state[i], 1, &loss, &slope)
		}
	}
	for q, s := 0, 0.0; ; {
		end := length
		for q < len(m.kinks) && m.kinks[q].at <= s {
			q++
		}
		if q < len(m.kinks) {
			end = m.kinks[q].at
		}
		// Samples whose kinks are where this part begins.
		for k := q - 1; k >= 0 && m.kinks[k].at == s; k-- {
			i := m.kinks[k].sample
			if now := m.beyond(m.kinks[k]); now != m.state[i] {
				m.count(i, m.state[i], -1, &loss, &slope)
				m.count(i, now, 1, &loss, &slope)
				m.state[i] = now
			}
		}
		piece := CurvePiece{From: p.From + s, To: p.From + end, Slope: moved(&slope, s, m.weight)}
		if piece.Loss = piece.Slope; m.loss != m.slope {
			piece.Loss = moved(&loss, s, m.weight)
		}
		if piece.To > piece.From {
			m.out = append(m.out, piece)
		}
		if s = end; s >= length {
			return
		}
	}
}

// tally notes the kinks within a piece, and adds up what samples without any add to the losses.
func (m *measure) tally(length float64, loss, slope *[3]float64) {
	for i, y := range m.held.Y {
		at, rate := m.at[i], m.rate[i]
		known := len(m.kinks)
		// A prediction meets the label, or zero, within the piece if it is on the other side at the end.
		if m.slope == Hinge || m.slope == Absolute {
			if gap := y - at; gap != 0 && math.Abs(gap) < math.Abs(rate*length) && gap*rate > 0 {
				m.meet(gap/rate, length, i, false)
			}
		}
		if m.loss == Misclassification {
			if at*rate < 0 && math.Abs(at) < math.Abs(rate*length) {
				m.meet(-at/rate, length, i, true)
			}
			m.tie(at, rate*length)
		}
		if len(m.kinks) == known {
			m.state[i] = m.side(i, length/2)
			m.count(i, m.state[i], 1, loss, slope)
		}
	}
}

// margins is tally for misclassification with the hinge as the slope, in terms of the margins y(at + s rate).
func (m *measure) margins(length float64, loss, slope *[3]float64) {
	ats, rates := m.at[:len(m.held.Y)], m.rate[:len(m.held.Y)]
	wrong, sum, speed := 0.0, 0.0, 0.0
	for i, y := range m.held.Y {
		at, rate := y*ats[i], y*rates[i]
		way := rate * length
		known := len(m.kinks)
		if gap := 1 - at; gap*way > 0 && math.Abs(gap) < math.Abs(way) {
			m.meet(gap/rate, length, i, false)
		}
		if at*way < 0 && math.Abs(at) < math.Abs(way) {
			m.meet(-at/rate, length, i, true)
		}
		m.tie(at, way)
		if len(m.kinks) > known {
			continue
		}
		state := int8(0)
		if middle := at + way/2; middle < 1 {
			state = 1
			sum += 1 - at
			speed -= rate
			if middle <= 0 {
				state = 3
				wrong++
			}
		}
		m.state[i] = state
	}
	loss[0] += wrong
	slope[0] += sum
	slope[1] += speed
}

// sums is what the samples add to loss and slope at the predictions of at.
func (m *measure) sums() (loss, slope float64) {
	if m.loss == Misclassification && m.slope == Hinge {
		for i, y := range m.held.Y {
			if margin := y * m.at[i]; margin < 1 {
				slope += 1 - margin
				if margin <= undecided {
					loss++
				}
			}
		}
		return m.weight * loss, m.weight * slope
	}
	for i, y := range m.held.Y {
		l, _ := m.loss.at(m.at[i], y)
		loss += l
		if m.slope != m.loss {
			l, _ = m.slope.at(m.at[i], y)
		}
		slope += l
	}
	return m.weight * loss, m.weight * slope
}

// tie counts a prediction that stays near zero over a piece.
func (m *measure) tie(at, way float64) {
	if math.Abs(at) < nearZero && math.Abs(at+way) < nearZero {
		m.ties++
	}
}

// meet notes a kink inside the piece.
func (m *measure) meet(s, length float64, sample int, zero bool) {
	if s > 0 && s < length {
		m.kinks = append(m.kinks, kink{s, sample, zero})
	}
}

// side says on which side of its kinks a sample is at a place without one: 1 where it has a hinge, or its prediction is above the label, and 2 more where
// its class is wrong.
func (m *measure) side(i int, s float64) int8 {
	y, at := m.held.Y[i], m.at[i]+s*m.rate[i]
	state := int8(0)
	if m.slope == Hinge && y*at < 1 || m.slope == Absolute && at > y {
		state = 1
	}
	if m.loss == Misclassification && y*at <= 0 {
		state += 2
	}
	return state
}

// beyond is the state of a sample after a kink. The direction says it: where another kink follows at once, rounding hides the side at a place between the two.
func (m *measure) beyond(k kink) int8 {
	state, rises := m.state[k.sample], m.rate[k.sample]
	set := int8(1)
	if k.zero {
		set = 2
	}
	if k.zero || m.slope == Hinge { // the class becomes right, or the hinge ends, where the margin grows
		rises *= -m.held.Y[k.sample]
	}
	if rises > 0 {
		return state | set
	}
	return state &^ set
}

// count adds what a sample in a state adds to the losses, times a sign.
func (m *measure) count(i int, state int8, sign float64, loss, slope *[3]float64) {
	y, at, rate := m.held.Y[i], m.at[i], m.rate[i]
	switch m.slope {
	case Hinge:
		if state&1 != 0 {
			slope[0] += sign * (1 - y*at)
			slope[1] -= sign * y * rate
		}
	case Absolute:
		if state&1 == 0 {
			sign = -sign
		}
		slope[0] += sign * (at - y)
		slope[1] += sign * rate
		return
	default:
		slope[0] += sign * (at - y) * (at - y)
		slope[1] += sign * 2 * (at - y) * rate
		slope[2] += sign * rate * rate
	}
	if state&2 != 0 {
		loss[0] += sign
	}
}

// moved is a polynomial as one of the distance from s, times a weight.
func moved(c *[3]float64, s, weight float64) [3]float64 {
	return [3]float64{weight * valueOf(c, s), weight * (c[1] + 2*s*c[2]), weight * c[2]}
}
