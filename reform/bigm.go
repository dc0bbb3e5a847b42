package reform

import (
	"context"
	"fmt"
	"math"
	"time"

	"github.com/gobilevel/bilevel/model"
)

// BigM replaces each pair 0 <= a ⟂ b >= 0 by
//
//	a <= Ma z,   b <= Mb (1 - z),   z in {0, 1}.
//
// Ma and Mb are, in this order: what the modeller vouches for, what the declared bounds imply, what an LP over the relaxation without pairs
// proves, the constant Given, or the default. What is vouched for, given or the default is an assumption, listed in the result: an answer that
// rests on one is global only if the bound holds, for a bound that is too small cuts points off without a trace.
//
// Accepts: models with standard pairs whose members are affine.
// Adds:    one binary variable and two constraints a pair.
// Valid:   while Ma and Mb bound a and b at some optimal point.
// Source:  Fortuny-Amat and McCarl (1981).
type BigM struct {
	Given float64 // big-M for members without a proven bound; 0: DefaultBigM
	// Relax makes a maximiser over a model's relaxation, for proofs by LP; nil: bounds that the declared ones don't imply are assumed.
	Relax func(m *model.Model) (Maximiser, error)
	// Loose is the size from which a bound that the declared bounds imply is tightened by LPs; 0: only members without any are.
	Loose float64
	// Budget bounds the time of these LPs; 0: 30 s.
	Budget time.Duration
	// Only restricts the pass to the pairs for which it is true; nil: all.
	Only func(m *model.Model, pair int) bool
}

// DefaultBigM is the bound that is assumed for a member of a pair when nothing better is known.
const DefaultBigM = 1e4

// Name is "big-m".
func (BigM) Name() string { return "big-m" }

// Proves is global; the assumptions that an application lists weaken it.
func (BigM) Proves(*model.Model) model.Proof { return model.ProofGlobal }

// Accepts refuses models without pairs, with mixed pairs, or with a member that is not affine.
func (b BigM) Accepts(m *model.Model) error { return acceptPairs("big-m", m) }

func acceptPairs(pass string, m *model.Model) error {
	c := m.Constructs()
	if c.Has(model.MixedPairs) {
		return &NotAcceptedError{Pass: pass, Construct: model.MixedPairs, Where: m.Where(model.MixedPairs), Reason: "mixed pairs", Remedy: "apply normalise first"}
	}
	if !c.Has(model.Complementarity) {
		remedy := "leave the pass out"
		if m.NumFollowers() > 0 {
			remedy = "apply kkt first"
		}
		return &NotAcceptedError{Pass: pass, Reason: "the model has no complementarity pair", Remedy: remedy}
	}
	return nil
}

// Apply writes the constraints.
func (b BigM) Apply(ctx context.Context, m *model.Model) (*Result, error) {
	if err := b.Accepts(m); err != nil {
		return nil, err
	}
	w := &bigMWriter{b: b, old: m, m: m.Derive()}
	if err := w.bounds(ctx); err != nil {
		return nil, err
	}
	w.write()
	return w.result(), nil
}

// bound is a bound on one member of a pair.
type bound struct {
	value float64
	from  origin
}

type bigMWriter struct {
	b      BigM
	old, m *model.Model
	pairs  []int   // pairs that are rewritten
	a, c   []bound // of the first and of the second members
	first  int     // first binary variable
}

// bounds finds a bound for every member.
func (w *bigMWriter) bounds(ctx context.Context) error {
	for k := 0; k < w.old.NumPairs(); k++ {
		if w.b.Only == nil || w.b.Only(w.old, k) {
			w.pairs = append(w.pairs, k)
		}
	}
	given, from := w.b.Given, fromOption
	if given <= 0 {
		given, from = DefaultBigM, fromDefault
	}
	budget := w.b.Budget
	if budget <= 0 {
		budget = 30 * time.Second
	}
	until := time.Now().Add(budget)
	var lp Maximiser
	defer func() { closeMaximiser(lp) }()
	one := func(s model.Member, vouched float64) (bound, error) {
		if vouched > 0 {
			return bound{vouched, fromModel}, nil
		}
		best := bound{memberBound(w.old, s), fromBounds}
		loose := w.b.Loose
		if loose <= 0 {
			loose = math.Inf(1)
		}
		if w.b.Relax == nil || best.value < loose || time.Now().After(until) {
			if math.IsInf(best.value, 1) {
				return bound{given, from}, nil
			}
			return best, nil
		}
		if lp == nil {
			var err error
			if lp, err = w.b.Relax(w.old); err != nil {
				return bound{}, err
			}
		}
		v, err := lp.Max(ctx, w.old.MemberFunction(s))
		if err != nil {
			return bound{}, err
		}
		if v = margin(v); v < best.value {
			best = bound{v, fromLP}
		}
		if math.IsInf(best.value, 1) || best.value > 1e12 {
			return bound{given, from}, nil
		}
		return best, nil
	}
	for _, k := range w.pairs {
		p, st := w.old.Pair(k), w.old.PairSteer(k)
		a, err := one(p.A, st.DualBound)
		if err != nil {
			return err
		}
		c, err := one(p.B, st.SlackBound)
		if err != nil {
			return err
		}
		w.a, w.c = append(w.a, a.usable()), append(w.c, c.usable())
	}
	return nil
}

// leastBigM is the smallest coefficient that a binary variable gets. A bound that is positive but of the size of a solver's tolerances makes
// a coefficient that the solver may or may not take for zero; a larger bound is as valid.
const leastBigM = 1e-3

// usable is the bound, large enough to stand as a coefficient.
func (b bound) usable() bound {
	if b.value > 0 {
		b.value = math.Max(b.value, leastBigM)
	}
	return b
}

// margin enlarges a bound that an LP has proven to its tolerance; a bound of nothing stays one.
func margin(v float64) float64 {
	if math.IsInf(v, 0) || math.IsNaN(v) {
		return math.Inf(1)
	}
	if v <= 1e-9 {
		return 0
	}
	return v*(1+1e-7) + 1e-7
}

func (w *bigMWriter) write() {
	n := len(w.pairs)
	sub := func(k int) string { return fmt.Sprint(k + 1) }
	w.first = w.m.AddVars(0, w.m.FreshBase("z"), sub, n, model.Binary, 0, 1)
	rows := w.m.StartRows(0, w.m.FreshBase("bigm"), sub, 2*n)
	acc := w.m.Accumulator()
	for i, k := range w.pairs {
		p, z := w.old.Pair(k), w.first+i
		acc.Reset()
		acc.AddFunction(1, w.m.MemberFunction(p.A))
		acc.AddTerm(-w.a[i].value, z)
		w.m.SetRow(rows+2*i, acc.Function(), -model.Inf, 0)
		acc.Reset()
		acc.AddFunction(1, w.m.MemberFunction(p.B))
		acc.AddTerm(w.c[i].value, z)
		w.m.SetRow(rows+2*i+1, acc.Function(), -model.Inf, w.c[i].value)
	}
	done := map[int]bool{}
	for _, k := range w.pairs {
		done[k] = true
	}
	w.m.RemovePairs(func(k int) bool { return done[k] })
}

func (w *bigMWriter) result() *Result {
	r := &Result{Model: w.m}
	var count [len(originNames)]int
	var largest [len(originNames)]float64
	old := w.old
	for i, k := range w.pairs {
		p := old.Pair(k)
		for side, b := range [2]bound{w.a[i], w.c[i]} {
			count[b.from]++
			largest[b.from] = math.Max(largest[b.from], b.value)
			if b.from != fromModel && b.from < fromOption {
				continue
			}
			member, what := p.A, "multiplier"
			if side == 1 {
				member, what = p.B, "slack"
			}
			value := b.value
			r.Assumed = append(r.Assumed, Assumption{What: fmt.Sprintf("%s of pair %s (%s)", what, old.PairName(k), old.MemberName(member)), Bound: value, Vouched: b.from == fromModel,
				Touch: func(x []float64) bool { return old.MemberValue(member, x) >= value*(1-1e-6) }})
		}
	}
	for o, n := range count {
		if n > 0 {
			r.Notes = append(r.Notes, fmt.Sprintf("big-m: %s %s, largest %.4g", plural(n, "bound"), originNames[o], largest[o]))
		}
	}
	n, rows := old.NumVars(), old.NumRows()
	first, pairs := w.first, w.pairs
	r.Recovery = maps{truncate(n, rows).Recover, func(p *model.Point) (*model.Point, error) {
		x := make([]float64, w.m.NumVars())
		copy(x, p.X)
		for i, k := range pairs {
			pair := old.Pair(k)
			if old.MemberValue(pair.A, p.X) > old.MemberValue(pair.B, p.X) {
				x[first+i] = 1
			}
		}
		return &model.Point{X: x}, nil
	}}
	return r
}
