package stationarity

// Multipliers are those of an MPCC at a point x. With the signs of package smooth, bounds and sides that are members of pairs left to these,
//
//	∇f(x) + Σ_r Rows_r ∇c_r(x) - Lower + Upper - Σ_k (First_k ∇A_k(x) + Second_k ∇B_k(x)) = 0
//
// where A_k and B_k are the members of pair k as slacks, both zero at x for a biactive pair; First_k is zero where A_k > 0 and Second_k
// where B_k > 0. For a mixed pair lo <= a <= hi ⟂ b they are A = a - lo and B = b, and at the upper bound (AtUpper) A = hi - a and B = -b.
type Multipliers struct {
	Rows          []float64
	Lower, Upper  []float64 // by variable, non-negative
	First, Second []float64 // by pair
	AtUpper       []bool    // by pair
}

// multipliers sorts the multipliers of columns.
func (a *active) multipliers(w []float64) *Multipliers {
	m := &Multipliers{Rows: make([]float64, a.p.m), Lower: make([]float64, a.p.n), Upper: make([]float64, a.p.n),
		First: make([]float64, len(a.p.pairs)), Second: make([]float64, len(a.p.pairs)), AtUpper: append([]bool(nil), a.upper...)}
	for i, c := range a.columns {
		v := w[i]
		switch {
		case v == 0:
		case c.pair >= 0 && c.second:
			m.Second[c.pair] = v
		case c.pair >= 0:
			m.First[c.pair] = v
		case c.quantity >= a.p.n:
			m.Rows[c.quantity-a.p.n] -= v * c.orientation
		case v*c.orientation > 0:
			m.Lower[c.quantity] += v * c.orientation
		default:
			m.Upper[c.quantity] -= v * c.orientation
		}
	}
	return m
}

// Largest is the largest of the multipliers by amount.
func (m *Multipliers) Largest() float64 {
	worst := 0.0
	for _, list := range [][]float64{m.Rows, m.Lower, m.Upper, m.First, m.Second} {
		for _, v := range list {
			worst = max(worst, v, -v)
		}
	}
	return worst
}
