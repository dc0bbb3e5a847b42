package reform

import (
	"context"
	"errors"
	"math"

	"github.com/gobilevel/bilevel/model"
)

var errNoLift = errors.New("this reformulation does not map points forward")

// Normalise writes mixed complementarity pairs lo <= a <= hi ⟂ b as standard ones:
//
//	lo = hi:             a = lo, b free
//	no bound:            b = 0
//	lo only:             0 <= a - lo ⟂ b >= 0
//	hi only:             0 <= hi - a ⟂ -b >= 0
//	lo < hi, both:       b = p - q,  0 <= a - lo ⟂ p >= 0,  0 <= hi - a ⟂ q >= 0
//
// Accepts: models with mixed pairs.
// Adds:    two variables and one constraint for each pair with two different bounds.
// Valid:   always.
type Normalise struct{}

// Name is "normalise".
func (Normalise) Name() string { return "normalise" }

// Proves is global.
func (Normalise) Proves(*model.Model) model.Proof { return model.ProofGlobal }

// Accepts refuses models without mixed pairs.
func (Normalise) Accepts(m *model.Model) error {
	if !m.Constructs().Has(model.MixedPairs) {
		return &NotAcceptedError{Pass: "normalise", Reason: "the model has no mixed pair", Remedy: "leave the pass out"}
	}
	return nil
}

// Apply rewrites the pairs.
func (n Normalise) Apply(_ context.Context, m *model.Model) (*Result, error) {
	if err := n.Accepts(m); err != nil {
		return nil, err
	}
	d := m.Derive()
	type split struct{ p, q int } // columns of b = p - q
	splits := map[int]split{}
	used := boundsInUse(m)
	for k := 0; k < m.NumPairs(); k++ {
		pair := m.Pair(k)
		if !pair.Mixed() {
			continue
		}
		lo, hi := memberBounds(m, pair.A)
		noLo, noHi := math.IsInf(lo, -1), math.IsInf(hi, 1)
		base := m.PairName(k)
		at := func(mem model.Member, side model.Side) model.Member { mem.Side = side; return mem }
		switch {
		case lo == hi:
		case noLo && noHi:
			boundValue(d, used, pair.B, 0, 0)
		case noHi:
			b := boundValue(d, used, pair.B, 0, model.Inf)
			d.AddPairs(d.FreshBase(base), nil, model.Pair{A: at(pair.A, model.AtLower), B: at(b, model.AtLower)})
		case noLo:
			b := boundValue(d, used, pair.B, -model.Inf, 0)
			d.AddPairs(d.FreshBase(base), nil, model.Pair{A: at(pair.A, model.AtUpper), B: at(b, model.AtUpper)})
		default:
			p := d.AddVars(0, d.FreshBase("p_"+base), nil, 1, model.Continuous, 0, model.Inf)
			q := d.AddVars(0, d.FreshBase("q_"+base), nil, 1, model.Continuous, 0, model.Inf)
			splits[k] = split{p, q}
			acc := d.Accumulator()
			acc.AddFunction(1, d.MemberFunction(pair.B))
			acc.AddTerm(-1, p)
			acc.AddTerm(1, q)
			d.AddRow(0, d.FreshBase("b_"+base), acc.Function(), 0, 0)
			d.AddPairs(d.FreshBase(base+"_lower"), nil, model.Pair{A: at(pair.A, model.AtLower), B: model.Member{Side: model.AtLower, Index: int32(p)}})
			d.AddPairs(d.FreshBase(base+"_upper"), nil, model.Pair{A: at(pair.A, model.AtUpper), B: model.Member{Side: model.AtLower, Index: int32(q)}})
		}
	}
	old := m.NumPairs()
	d.RemovePairs(func(k int) bool { return k < old && m.Pair(k).Mixed() })
	rec := maps{recover: truncate(m.NumVars(), m.NumRows()).Recover, lift: func(p *model.Point) (*model.Point, error) {
		x := make([]float64, d.NumVars())
		copy(x, p.X)
		for k, s := range splits {
			b := m.MemberValue(m.Pair(k).B, p.X)
			x[s.p], x[s.q] = math.Max(b, 0), math.Max(-b, 0)
		}
		return &model.Point{X: x}, nil
	}}
	return &Result{Model: d, Recovery: rec}, nil
}

func memberBounds(m *model.Model, s model.Member) (lo, hi float64) {
	if s.Row {
		return m.RowBounds(int(s.Index))
	}
	return m.VarBounds(int(s.Index))
}

// boundsInUse are the variables and constraints of which some pair has a slack or a range as member: their bounds have a meaning there.
func boundsInUse(m *model.Model) map[model.Member]bool {
	used := map[model.Member]bool{}
	for k := 0; k < m.NumPairs(); k++ {
		for _, s := range [2]model.Member{m.Pair(k).A, m.Pair(k).B} {
			if s.Side != model.Value {
				used[model.Member{Row: s.Row, Index: s.Index}] = true
			}
		}
	}
	return used
}

// boundValue gives a Value member the bounds lo and hi, 0 or infinite, by a constraint of its own where its bounds mean something else already.
func boundValue(d *model.Model, used map[model.Member]bool, b model.Member, lo, hi float64) model.Member {
	f := d.MemberFunction(b)
	if used[model.Member{Row: b.Row, Index: b.Index}] {
		r := d.AddRow(0, d.FreshBase("value_"+d.MemberName(b)), f, lo, hi)
		return model.Member{Row: true, Index: int32(r)}
	}
	if b.Row {
		if l, h := d.RowBounds(int(b.Index)); math.IsInf(l, -1) && math.IsInf(h, 1) {
			d.SetRow(int(b.Index), f, lo, hi)
			return b
		}
	} else if l, h := d.VarBounds(int(b.Index)); l <= lo && h >= hi {
		d.SetVarBounds(int(b.Index), lo, hi)
		return b
	}
	r := d.AddRow(0, d.FreshBase("value_"+d.MemberName(b)), f, lo, hi)
	return model.Member{Row: true, Index: int32(r)}
}
