package branch

import (
	"context"
	"fmt"
	"math"
	"time"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/reform"
)

// Probe is the root probing of the search as a pass of its own: members of pairs that must be zero become equations, their pairs go away,
// and bounds of variables are tightened to what every point that satisfies all pairs obeys. It leaves fewer pairs, and bounds from
// which big-M are proven, to whatever comes next.
//
// Accepts: models with standard pairs; nonlinear rows are passed over.
// Adds:    nothing.
// Valid:   always; for bilevel problems after kkt, since only the followers' optimality conditions are used.
type Probe struct {
	Budget time.Duration // 0: 10 s
}

// Name is "probe".
func (Probe) Name() string { return "probe" }

// Proves is global.
func (Probe) Proves(*model.Model) model.Proof { return model.ProofGlobal }

// Accepts refuses models without pairs, with mixed pairs, or with rows that are not affine.
func (Probe) Accepts(m *model.Model) error {
	c := m.Constructs()
	if !c.Has(model.Complementarity) {
		return &reform.NotAcceptedError{Pass: "probe", Reason: "the model has no complementarity pair", Remedy: "leave the pass out"}
	}
	if bad := c & (model.MixedPairs | model.Followers | model.NonlinearFunctions | model.QuadraticRows); bad != 0 {
		return &reform.NotAcceptedError{Pass: "probe", Construct: bad, Where: m.Where(bad), Reason: fmt.Sprintf("the model contains %v", bad), Remedy: "apply kkt and normalise first"}
	}
	return nil
}

// Apply fixes what can be fixed.
func (p Probe) Apply(ctx context.Context, m *model.Model) (*reform.Result, error) {
	if err := p.Accepts(m); err != nil {
		return nil, err
	}
	pr := newArrays(m)
	s := newPropagator(pr)
	budget := p.Budget
	if budget <= 0 {
		budget = 10 * time.Second
	}
	rounds := s.probe(ctx, budget)
	d := m.Derive()
	if s.infeasible {
		d.AddRow(0, d.FreshBase("infeasible"), model.Function{}, 1, model.Inf)
		return &reform.Result{Model: d, Recovery: identity, Notes: []string{"probe: no point satisfies all pairs"}, Infeasible: true}, nil
	}
	drop := make([]bool, len(pr.pairs))
	for k, f := range s.fixed {
		keep := neededOpposite(pr, s, k)
		drop[k] = f != 0 && !keep || k >= pr.real
		if keep {
			continue
		}
		for side := 0; side < 2; side++ {
			if f&(1<<side) != 0 {
				fixMember(d, pr, pr.pairs[k][side])
			}
		}
	}
	tightened := tightenColumns(d, pr, s, drop)
	d.RemovePairs(func(k int) bool { return drop[k] })
	note := fmt.Sprintf("probe: %d of %s decided and %s tightened in %s", pr.real-d.NumPairs(), plural(pr.real, "pair"), plural(tightened, "bound"), plural(rounds, "round"))
	return &reform.Result{Model: d, Recovery: identity, Notes: []string{note}}, nil
}

// neededOpposite reports whether fixing the members of pair k would move a bound that an open pair refers to: a variable or constraint that is
// held at its upper bound has no slack at its lower one any more, which the open pair must not mistake for a slack of zero.
func neededOpposite(p *problem, s *propagator, k int) bool {
	for side, m := range p.pairs[k] {
		if s.fixed[k]&(1<<side) == 0 {
			continue
		}
		table := p.colPairs
		if m.row {
			table = p.rowPairs
		}
		for _, ref := range table[m.idx] {
			if s.fixed[ref>>1] == 0 && p.pairs[ref>>1][ref&1].upper != m.upper {
				return true
			}
		}
	}
	return false
}

// identity maps points between models with the same variables and constraints (an added last constraint has no dual of interest).
var identity = both(func(p *model.Point) (*model.Point, error) { return p.Clone(), nil })

type both func(p *model.Point) (*model.Point, error)

func (f both) Recover(p *model.Point) (*model.Point, error) { return f(p) }
func (f both) Lift(p *model.Point) (*model.Point, error)    { return f(p) }

func fixMember(d *model.Model, p *problem, m member) {
	at, j := p.at(m), int(m.idx)
	if m.row {
		lo, hi := d.RowBounds(j)
		if m.upper {
			lo = at
		} else {
			hi = at
		}
		if lo <= hi {
			d.SetRowBounds(j, lo, hi)
		}
		return
	}
	lo, hi := d.VarBounds(j)
	if m.upper {
		lo = at
	} else {
		hi = at
	}
	if lo <= hi {
		d.SetVarBounds(j, lo, hi)
	}
}

// boxMargin is by how much tightened bounds are widened, relative to their size.
const boxMargin = 1e-6

// leastWidth is the smallest width of a tightened box, relative to the size of its bounds. In a box of the width of their tolerances solvers
// find contradictions that are none.
const leastWidth = 1e-3

// tightenColumns takes over tightened bounds, save those that an open pair refers to: there the bound is part of the pair's meaning.
func tightenColumns(d *model.Model, p *problem, s *propagator, closed []bool) int {
	n := 0
	for j := range p.lo {
		keepLo, keepHi := false, false
		for _, ref := range p.colPairs[j] {
			if !closed[ref>>1] {
				keepHi = keepHi || p.pairs[ref>>1][ref&1].upper
				keepLo = keepLo || !p.pairs[ref>>1][ref&1].upper
			}
		}
		lo, hi := d.VarBounds(j)
		l, h := lo, hi
		// The bounds are handed on a little wider than they were proven: a box of rounding errors around a point makes solvers stumble.
		// Those of integer variables are integers and need no room.
		margin := boxMargin
		if d.VarKind(j) != model.Continuous {
			margin = 0
		}
		if v := s.lo[j] - margin*size(s.lo[j]); !keepLo && v > l {
			l = v
		}
		if v := s.hi[j] + margin*size(s.hi[j]); !keepHi && v < h {
			h = v
		}
		if room := leastWidth * size(l, h); margin > 0 && h-l < room {
			if l > lo {
				l = math.Max(lo, l-room)
			}
			if h < hi {
				h = math.Min(hi, h+room)
			}
		}
		if (l != lo || h != hi) && l <= h {
			d.SetVarBounds(j, l, h)
			n++
		}
	}
	return n
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
