package reform

import (
	"context"
	"fmt"
	"math"

	"github.com/gobilevel/bilevel/model"
)

// Binaries writes SOS1 sets and indicator constraints with binary variables, for backends that have neither:
//
//	at most one of v_1, ..., v_n differs from zero:  lo_i z_i <= v_i <= hi_i z_i,  Σ z_i <= 1
//	z = 1 implies lo <= f <= hi:                     f <= hi + (max f - hi)(1 - z),  f >= lo - (lo - min f)(1 - z)
//
// with bounds from the declared ones, a proof by LP, or an assumption, as in BigM.
//
// Accepts: models with SOS1 sets or indicator constraints.
// Adds:    a binary variable and up to two constraints for each member of a set, one constraint a set; up to two constraints for each condition.
// Valid:   while the bounds hold.
type Binaries struct {
	Given  float64 // bound for what has none; 0: DefaultBigM
	Relax  func(m *model.Model) (Maximiser, error)
	lp     Maximiser
	result *Result
}

// Name is "binaries".
func (Binaries) Name() string { return "binaries" }

// Proves is global; the assumptions that an application lists weaken it.
func (Binaries) Proves(*model.Model) model.Proof { return model.ProofGlobal }

// Accepts refuses models without SOS1 sets and indicator constraints.
func (Binaries) Accepts(m *model.Model) error {
	if m.Constructs()&(model.SOS1Sets|model.IndicatorRows) == 0 {
		return &NotAcceptedError{Pass: "binaries", Reason: "the model has neither SOS1 sets nor indicator constraints", Remedy: "leave the pass out"}
	}
	return nil
}

// Apply writes the constraints.
func (b Binaries) Apply(ctx context.Context, m *model.Model) (*Result, error) {
	if err := b.Accepts(m); err != nil {
		return nil, err
	}
	d := m.Derive()
	b.result = &Result{Model: d}
	defer func() { closeMaximiser(b.lp) }()
	type member struct{ z, v int }
	var members []member
	for i, set := range m.SOS1Sets() {
		sum := d.Accumulator()
		for k, v := range set.Vars {
			lo, hi := m.VarBounds(int(v))
			f := model.Function{Vars: []int32{v}, Coefs: []float64{1}}
			name := fmt.Sprintf("%s_%d", identifier(set.Name), k+1)
			z := d.AddVars(0, d.FreshBase("z_"+name), nil, 1, model.Binary, 0, 1)
			members = append(members, member{z, int(v)})
			sum.AddTerm(1, z)
			if err := b.switched(ctx, m, d, "on_"+name, f, z, lo, hi); err != nil {
				return nil, err
			}
		}
		d.AddRow(0, d.FreshBase(fmt.Sprintf("one_%d", i+1)), sum.Function(), -model.Inf, 1)
	}
	d.ClearSOS1()
	for _, ind := range m.Indicators() {
		lo, hi := m.RowBounds(ind.Row)
		if err := b.condition(ctx, m, d, ind, lo, hi); err != nil {
			return nil, err
		}
	}
	d.ClearIndicators()
	b.result.Recovery = maps{truncate(m.NumVars(), m.NumRows()).Recover, func(p *model.Point) (*model.Point, error) {
		x := make([]float64, d.NumVars())
		copy(x, p.X)
		for _, s := range members {
			if math.Abs(p.X[s.v]) > 1e-9 {
				x[s.z] = 1
			}
		}
		return &model.Point{X: x}, nil
	}}
	return b.result, nil
}

// switched adds lo z <= f <= hi z.
func (b *Binaries) switched(ctx context.Context, m, d *model.Model, name string, f model.Function, z int, lo, hi float64) error {
	top, err := b.max(ctx, m, f, hi, name)
	if err != nil {
		return err
	}
	acc := d.Accumulator()
	acc.AddFunction(1, f)
	acc.AddTerm(-math.Max(top, 0), z)
	d.AddRow(0, d.FreshBase(name), acc.Function(), -model.Inf, 0)
	if lo >= 0 {
		return nil
	}
	neg := d.Accumulator()
	neg.AddFunction(-1, f)
	bottom, err := b.max(ctx, m, neg.Function(), -lo, name)
	if err != nil {
		return err
	}
	neg.AddTerm(-math.Max(bottom, 0), z)
	d.AddRow(0, d.FreshBase(name+"_neg"), neg.Function(), -model.Inf, 0)
	return nil
}

// condition replaces an indicator constraint; its row becomes free.
func (b *Binaries) condition(ctx context.Context, m, d *model.Model, ind model.Indicator, lo, hi float64) error {
	f := m.RowFunction(ind.Row)
	name := "when_" + identifier(m.RowName(ind.Row))
	side := func(sign, limit float64) error { // sign*f <= limit when the condition holds
		acc := d.Accumulator()
		acc.AddFunction(sign, f)
		top, err := b.max(ctx, m, acc.Function(), math.Inf(1), m.RowName(ind.Row))
		if err != nil || top <= limit {
			return err
		}
		big := top - limit
		if ind.When { // f + big z <= limit + big
			acc.AddTerm(big, ind.Binary)
			d.AddRow(0, d.FreshBase(name), acc.Function(), -model.Inf, limit+big)
		} else { // f - big z <= limit
			acc.AddTerm(-big, ind.Binary)
			d.AddRow(0, d.FreshBase(name), acc.Function(), -model.Inf, limit)
		}
		return nil
	}
	if !math.IsInf(hi, 1) {
		if err := side(1, hi); err != nil {
			return err
		}
	}
	if !math.IsInf(lo, -1) {
		if err := side(-1, -lo); err != nil {
			return err
		}
	}
	d.SetRowBounds(ind.Row, -model.Inf, model.Inf)
	return nil
}

// max bounds f from above: by the declared bounds, by an LP, or by an assumption.
func (b *Binaries) max(ctx context.Context, m *model.Model, f model.Function, known float64, where string) (float64, error) {
	v := math.Min(known, activity(m, f))
	if !math.IsInf(v, 1) {
		return v, nil
	}
	if b.Relax != nil {
		if b.lp == nil {
			var err error
			if b.lp, err = b.Relax(m); err != nil {
				return 0, err
			}
		}
		v, err := b.lp.Max(ctx, f)
		if err != nil {
			return 0, err
		}
		if v = margin(v); v < 1e12 {
			return v, nil
		}
	}
	given := b.Given
	if given <= 0 {
		given = DefaultBigM
	}
	b.result.Assumed = append(b.result.Assumed, Assumption{What: "bound of " + where, Bound: given,
		Touch: func(x []float64) bool { return m.Value(f, x) >= given*(1-1e-6) }})
	return given, nil
}

// identifier makes a name of letters, digits and underscores.
func identifier(s string) string {
	out := []byte(s)
	for i, c := range out {
		if !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_') {
			out[i] = '_'
		}
	}
	return string(out)
}
