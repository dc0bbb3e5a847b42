package export_test

import (
	"math"
	"math/rand/v2"

	"github.com/gobilevel/bilevel/model"
)

// plant is a small production model with each of the linear constructs: an equation, a range, a free row, all kinds of bounds and
// variables, a constant, and names that need rewriting. Its optimum, by hand: the range allows 8 cars and vans, st leaves lots = 2, vans <= lots,
// so 30*6 + 45*2 - 5*2 + 4*1 + 12 = 276.
func plant() *model.Model {
	m := model.New("plant no. 1")
	l := m.Leader()
	make := l.VarsBy("make", []string{`"car",1`, `"van",1`}, 0, model.Inf)
	lots := l.Integer("lots", 2, 9)
	shift := l.Var("shift", math.Inf(-1), model.Inf)
	loss := l.Var("e9", -3, -1)
	open := l.Binary("free")
	inflow := l.Var("inflow", math.Inf(-1), 1)
	fixed := l.Var("x", 3, 3)
	l.Var("idle", 0.25, 1e9)
	l.Maximize(model.Sum(make[0].Times(30), make[1].Times(45), lots.Times(-5), inflow.Times(4)).Plus(12))
	l.Constrain("capacity", model.Sum(make...).Between(-4, 8))
	l.Constrain("vans", make[1].Minus(lots).LE(0))
	l.Constrain("balance", shift.Plus(loss).Minus(fixed).Eq(0.1))
	l.Constrain("st", open.Plus(lots).LE(2.5))
	l.Constrain("empty", fixed.Minus(fixed).LE(1))
	r := m.StartRows(0, "watch", nil, 1)
	idx, coefs := m.FillRow(r, 1, math.Inf(-1), model.Inf)
	idx[0], coefs[0] = 0, 1
	return m
}

// general has what only some readers take: a quadratic objective and constraint, an SOS1 set, conditions.
func general() *model.Model {
	m := model.New("general")
	l := m.Leader()
	x := l.Vars("x", 3, 0, 10)
	z := l.Binary("z")
	l.Minimize(model.Sum(x[0].Times(x[0]), x[0].Times(x[1]), x[1].Times(x[1]).Times(2)).Minus(x[2].Times(3)).Plus(-1.5))
	l.Constrain("ball", model.Sum(x[0].Times(x[0]), x[0].Times(x[2]), x[2].Expr()).LE(50))
	on := l.Constrain("on", model.Sum(x...).GE(2))
	off := l.Constrain("off", x[0].Minus(x[1]).Between(-1, 1))
	m.AddIndicator(model.Indicator{Row: on.Index(), Binary: z.Index(), When: true})
	m.AddIndicator(model.Indicator{Row: off.Index(), Binary: z.Index(), When: false})
	m.AddSOS1(model.SOS1{Name: "one[1]", Vars: []int32{0, 1, 2}, Weights: []float64{1, 2, 4}})
	return m
}

// chain has lines that must be broken and a name that must be cut.
func chain() *model.Model {
	m := model.New("chain")
	l := m.Leader()
	x := l.Vars("a_rather_long_name_of_a_family", 40, 0, 1)
	long := ""
	for range 12 {
		long += "very_long_"
	}
	y := l.Var(long, 0, 1)
	l.Minimize(model.Sum(x...).Minus(y))
	l.Constrain("all", model.Sum(x...).GE(7.5))
	return m
}

// random is a bounded mixed-integer linear model with small integers, drawn from a seed.
func random(seed uint64) *model.Model {
	rng := rand.New(rand.NewPCG(seed, 7))
	m := model.New("random")
	l := m.Leader()
	n := 1 + rng.IntN(6)
	small := func(k int) float64 { return float64(rng.IntN(2*k+1) - k) }
	objective := m.Accumulator()
	for range n {
		lo := small(4)
		hi := lo + float64(rng.IntN(6))
		kind := []model.Kind{model.Continuous, model.Continuous, model.Integer, model.Binary}[rng.IntN(4)]
		if kind == model.Binary {
			lo, hi = 0, 1
		}
		switch kind != model.Binary && rng.IntN(6) == 0 {
		case rng.IntN(2) == 0:
			lo = math.Inf(-1)
		case true:
			hi = math.Inf(1)
		}
		j := m.AddVars(0, string(rune('p'+m.NumVars())), nil, 1, kind, lo, hi)
		objective.AddTerm(small(5), j)
	}
	objective.AddConst(small(9) / 4)
	sense := model.Minimize
	if rng.IntN(2) == 0 {
		sense = model.Maximize
	}
	l.SetObjective(model.Objective{Sense: sense, F: objective.Function()})
	rows := rng.IntN(5)
	first := m.StartRows(0, "row", nil, rows)
	for k := range rows {
		f := m.Accumulator()
		for j := range n {
			if rng.IntN(3) > 0 {
				f.AddTerm(small(4), j)
			}
		}
		lo := small(8)
		hi := lo + float64(rng.IntN(9))/3
		switch rng.IntN(4) {
		case 0:
			lo = math.Inf(-1)
		case 1:
			hi = math.Inf(1)
		}
		m.SetRow(first+k, f.Function(), lo, hi)
	}
	return m
}
