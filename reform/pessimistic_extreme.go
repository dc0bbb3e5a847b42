package reform

import (
	"math"
	"strconv"

	"github.com/gobilevel/bilevel/model"
)

// addExtreme writes that the copies of an extreme attain the maximum of its function, and for a constraint of the leader that the
// maximum is within the bound.
func (b *tieBreaker) addExtreme(e *tieExtreme, k int, slacks [][]int) {
	tag := ""
	if k > 0 {
		tag = strconv.Itoa(k + 1)
	}
	for _, c := range e.blocks {
		b.addMaximum(e, c, tag, slacks)
	}
	if e.kind != couplingSide {
		return
	}
	choose := func(c int) tieCopy { return b.copies[c][e.copy[c]] }
	name := tieLabel{"worst" + tag + "_" + b.m.RowBase(e.row), b.m.RowSub(e.row)}
	b.later(name, b.at(e.h, choose, false), -model.Inf, e.bound)
	b.homogenised(e.h, -model.Inf, e.bound, tieLabel{"worsts" + tag + "_" + b.m.RowBase(e.row), b.m.RowSub(e.row)}, choose)
}

// addMaximum writes h_y + Σ (m_i - n_i) ∇s_i = 0, m_i ⟂ s_i + s'_i and n_i <= u'_i for one block. The multiplier m of an equation is free
// and has no n.
func (b *tieBreaker) addMaximum(e *tieExtreme, c int, tag string, slacks [][]int) {
	sides := b.ofBlock[c]
	var names, lowered, pairNames []tieLabel
	for _, i := range sides {
		s := &b.sides[i]
		names = append(names, s.label("m"+tag+"_"))
		if !s.equation {
			lowered = append(lowered, s.label("n"+tag+"_"))
		}
	}
	plus, n := b.vars(names, 0, model.Inf), b.vars(lowered, 0, model.Inf)
	m, minus := map[int]int32{}, map[int]int32{}
	var pairs []model.Pair
	var limits []tieLabel
	var limit []model.Function
	next := 0
	for k, i := range sides {
		s := &b.sides[i]
		m[i] = plus[k]
		if s.equation {
			b.d.SetVarBounds(int(plus[k]), -model.Inf, model.Inf)
			continue
		}
		b.maxima[i] = append(b.maxima[i], m[i])
		minus[i] = n[next]
		next++
		acc := b.d.Accumulator()
		acc.AddTerm(1, int(b.u2[i]))
		acc.AddTerm(-1, int(minus[i]))
		limits, limit = append(limits, s.label("only"+tag+"_")), append(limit, acc.Function())
		pairNames = append(pairNames, s.label("d"+tag+"_"))
		pairs = append(pairs, model.Pair{A: model.Member{Side: model.AtLower, Index: m[i]},
			B: model.Member{Row: true, Side: model.AtLower, Index: int32(slacks[i][e.copy[c]])}})
	}
	grad := b.gradients(c, func(i int) (int32, float64) { return m[i], 1 })
	lowering := b.gradients(c, func(i int) (int32, float64) {
		if col, ok := minus[i]; ok {
			return col, -1
		}
		return m[i], 0
	})
	for k, j := range b.blocks[c].vars {
		grad[k].AddFunction(1, lowering[k].Function())
		grad[k].AddConst(e.h.Coef(j))
	}
	b.addZeros(b.blocks[c].vars, "max"+tag+"_", grad)
	b.rows(limits, func(k int) model.Function { return limit[k] }, nonnegative)
	b.addPairs(pairNames, pairs)
}

// value is the sum of the best and the worst value in minimisation form, at the point or at the second point, without the quadratic part.
func (b *tieBreaker) value(second bool) model.Function {
	acc := b.d.Accumulator()
	u := b.u
	if second {
		u = b.u2
	}
	for _, e := range b.extremes {
		if e.kind == couplingSide {
			continue
		}
		choose := func(c int) tieCopy {
			if k, ok := e.copy[c]; ok {
				return b.copies[c][k]
			}
			return b.copies[c][0]
		}
		acc.AddFunction(1, b.at(e.h, choose, second))
		for c, kappa := range e.kappa {
			if kappa == 0 {
				continue
			}
			for _, i := range b.ofBlock[c] { // the slacks contain no leader's variable: their constants are what is left of them
				acc.AddTerm(-kappa*b.sides[i].s.Const, int(u[i]))
			}
		}
	}
	return acc.Function()
}

// addObjective sets the objective as declared, or, for a level, the distance of the second point from it.
func (b *tieBreaker) addObjective(level *float64) {
	o := b.m.Leader().Objective()
	acc := b.d.Accumulator()
	if level == nil {
		acc.AddFunction(b.sign, b.value(false))
		acc.AddFunction(b.sign, b.quad)
		b.d.Leader().SetObjective(model.Objective{Name: o.Name, Set: o.Set, Sense: o.Sense, F: acc.Function()})
		return
	}
	// A level above the infimum, by whatever rounding, would be reached from anywhere; so the second point is held to one a little below.
	slack := levelSlack * math.Max(1, math.Abs(*level))
	b.d.AddRow(0, b.d.FreshBase("level"), b.value(false), -model.Inf, b.sign**level+slack)
	acc.AddFunction(1, b.value(true))
	acc.AddTerm(slack-b.sign**level, int(b.t))
	b.d.Leader().SetObjective(model.Objective{Name: "distance", Set: true, Sense: model.Minimize, F: acc.Function()})
}

// levelSlack is what a level may be wrong by, relative to max(1, |level|).
const levelSlack = 1e-9
