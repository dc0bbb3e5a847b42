package reform

import (
	"math"
	"strconv"

	"github.com/gobilevel/bilevel/model"
)

// write makes the new model. With a level it is the one of Pessimistic.Level.
func (b *tieBreaker) write(level *float64) {
	b.d = b.m.Derive()
	for j := range b.m.NumVars() {
		b.d.SetVarOwner(j, 0)
	}
	for r := range b.m.NumRows() {
		b.d.SetRowOwner(r, 0)
	}
	b.d.DropFollowers()
	b.addSecondDecision()
	b.addMultipliers()
	b.addCopies()
	b.addLeaderRows()
	b.flush()
	b.addStationarity()
	slacks := b.addTies()
	for k, e := range b.extremes {
		if e.kind != strongPart {
			b.addExtreme(e, k, slacks)
		}
	}
	b.flush()
	b.addObjective(level)
}

// addSecondDecision adds t' and x', with the leader's bounds homogenised. Binary digits tie integer variables to t'x.
func (b *tieBreaker) addSecondDecision() {
	b.t = b.vars([]tieLabel{{"t_", ""}}, 0, model.Inf)[0]
	b.second = make([]int32, b.m.NumVars())
	var list []tieLabel
	var who []int
	for j := range b.second {
		if b.second[j] = -1; b.block[j] < 0 {
			list = append(list, b.varLabel(j, "x_"))
			who = append(who, j)
		}
	}
	for k, col := range b.vars(list, -model.Inf, model.Inf) {
		b.second[who[k]] = col
		b.boundSecond(who[k], col, "")
		if b.m.VarKind(who[k]) != model.Continuous {
			b.addDigits(who[k])
		}
	}
}

// boundSecond writes lo t' <= z' <= hi t' for the second point of variable j; number is that of the copy.
func (b *tieBreaker) boundSecond(j int, col int32, number string) {
	lo, hi := b.m.VarBounds(j)
	row := func(prefix string, at, low, high float64) {
		acc := b.d.Accumulator()
		acc.AddTerm(1, int(col))
		acc.AddTerm(-at, int(b.t))
		b.later(b.varLabel(j, prefix), acc.Function(), low, high)
	}
	if lo == 0 && hi == 0 {
		b.d.SetVarBounds(int(col), 0, 0)
		return
	}
	if lo == hi {
		row("fix"+number+"_", lo, 0, 0)
		return
	}
	switch {
	case lo == 0:
		b.d.SetVarBounds(int(col), 0, model.Inf)
	case !math.IsInf(lo, -1):
		row("low"+number+"_", lo, 0, model.Inf)
	}
	switch {
	case hi == 0:
		l, _ := b.d.VarBounds(int(col))
		b.d.SetVarBounds(int(col), l, 0)
	case !math.IsInf(hi, 1):
		row("high"+number+"_", hi, -model.Inf, 0)
	}
}

// addDigits writes x' = t'x for an integer variable: x - lo and x' - lo t' have the same binary digits, times t'.
func (b *tieBreaker) addDigits(j int) {
	lo, hi := b.m.VarBounds(j)
	lo, hi = math.Ceil(lo), math.Floor(hi)
	n := 0
	for v := hi - lo; v >= 1; v /= 2 {
		n++
	}
	here, there := b.d.Accumulator(), b.d.Accumulator()
	here.AddTerm(-1, j)
	here.AddConst(lo)
	there.AddTerm(-1, int(b.second[j]))
	there.AddTerm(lo, int(b.t))
	if n > 0 {
		base := b.d.FreshBase("digit_" + b.name(j))
		first := b.d.AddVars(0, base, index, n, model.Binary, 0, 1)
		prime := b.d.AddVars(0, b.d.FreshBase("digits_"+b.name(j)), index, n, model.Continuous, 0, model.Inf)
		rest := b.d.StartRows(0, b.d.FreshBase("rest_"+b.name(j)), index, n)
		b.digits = append(b.digits, tieDigits{j, first, prime, n, lo})
		var pairs []model.Pair
		for k := range n {
			here.AddTerm(math.Ldexp(1, k), first+k)
			there.AddTerm(math.Ldexp(1, k), prime+k)
			acc := b.d.Accumulator()
			acc.AddTerm(1, int(b.t))
			acc.AddTerm(-1, prime+k)
			b.d.SetRow(rest+k, acc.Function(), 0, model.Inf)
			digit := func(s model.Side) model.Member { return model.Member{Side: s, Index: int32(first + k)} }
			pairs = append(pairs,
				model.Pair{A: digit(model.AtUpper), B: model.Member{Side: model.AtLower, Index: int32(prime + k)}},
				model.Pair{A: digit(model.AtLower), B: model.Member{Row: true, Side: model.AtLower, Index: int32(rest + k)}})
		}
		b.d.AddPairs(b.d.FreshBase("same_"+b.name(j)), index, pairs...)
	}
	b.d.AddRow(0, b.d.FreshBase("sum_"+b.name(j)), here.Function(), 0, 0)
	b.d.AddRow(0, b.d.FreshBase("sums_"+b.name(j)), there.Function(), 0, 0)
}

func index(k int) string { return strconv.Itoa(k + 1) }

// name is a name of variable j that may begin another name.
func (b *tieBreaker) name(j int) string {
	if b.m.VarSub(j) == "" {
		return b.m.VarBase(j)
	}
	return b.m.VarBase(j) + "_" + strconv.Itoa(j)
}

// addMultipliers adds u and u'.
func (b *tieBreaker) addMultipliers() {
	add := func(prefix string) []int32 {
		var list []tieLabel
		for k := range b.sides {
			list = append(list, b.sides[k].label(prefix))
		}
		out := b.vars(list, 0, model.Inf)
		for k, s := range b.sides {
			if s.equation {
				b.d.SetVarBounds(int(out[k]), -model.Inf, model.Inf)
			}
		}
		return out
	}
	b.u, b.u2 = add("u_"), add("v_")
	b.maxima = make([][]int32, len(b.sides))
}

// addLeaderRows homogenises the constraints on the leader's variables alone.
func (b *tieBreaker) addLeaderRows() {
	for r := range b.m.NumRows() {
		coupled := false
		b.m.EachVar(b.m.RowFunction(r), func(j int) { coupled = coupled || b.block[j] >= 0 })
		if coupled {
			continue
		}
		lo, hi := b.m.RowBounds(r)
		b.homogenised(b.m.RowFunction(r), lo, hi, tieLabel{"z_" + b.m.RowBase(r), b.m.RowSub(r)}, nil)
	}
}

// addStationarity writes f_y = Σ u_i ∇s_i for each variable of a follower, at both points.
func (b *tieBreaker) addStationarity() {
	for _, second := range []bool{false, true} {
		prefix, u := "stat_", b.u
		if second {
			prefix, u = "stats_", b.u2
		}
		for c, k := range b.blocks {
			grad := b.gradients(c, func(i int) (int32, float64) { return u[i], -1 })
			at := make(map[int]int, len(k.vars))
			for i, j := range k.vars {
				at[j] = i
			}
			for i, j := range b.cost[c].Vars {
				if second {
					grad[at[int(j)]].AddTerm(b.cost[c].Coefs[i], int(b.t))
				} else {
					grad[at[int(j)]].AddConst(b.cost[c].Coefs[i])
				}
			}
			for _, q := range b.cost[c].Quad {
				y, x := q.I, q.J
				if b.block[y] < 0 {
					y, x = x, y
				}
				if second {
					x = b.second[x]
				}
				grad[at[int(y)]].AddTerm(q.Coef, int(x))
			}
			b.addZeros(k.vars, prefix, grad)
		}
	}
}

// gradients are the sums of coef * column * ∇s_i over the sides of a block, by variable of the block.
func (b *tieBreaker) gradients(c int, of func(i int) (col int32, coef float64)) []*model.Accumulator {
	k := b.blocks[c]
	at := make(map[int32]int, len(k.vars))
	out := make([]*model.Accumulator, len(k.vars))
	for i, j := range k.vars {
		at[int32(j)] = i
		out[i] = b.d.Accumulator()
	}
	for _, i := range b.ofBlock[c] {
		col, coef := of(i)
		for n, j := range b.sides[i].s.Vars {
			if g, ok := at[j]; ok {
				out[g].AddTerm(coef*b.sides[i].s.Coefs[n], int(col))
			}
		}
	}
	return out
}

// addZeros writes that functions are zero, one a variable.
func (b *tieBreaker) addZeros(vars []int, prefix string, f []*model.Accumulator) {
	var list []tieLabel
	for _, j := range vars {
		list = append(list, b.varLabel(j, prefix))
	}
	b.rows(list, func(k int) model.Function { return f[k].Function() }, func(int) (float64, float64) { return 0, 0 })
}

// addTies writes (s + s') ⟂ (u + u') for each inequality, summed over the copies, and returns by side and copy the row of s + s'.
func (b *tieBreaker) addTies() [][]int {
	slacks := make([][]int, len(b.sides))
	sums, prices := make([]int, len(b.sides)), make([]int, len(b.sides))
	for i := range b.sides {
		s := &b.sides[i]
		if s.equation {
			continue
		}
		all := b.d.Accumulator()
		for n, cp := range b.copies[s.block] {
			acc := b.d.Accumulator()
			for _, second := range []bool{false, true} {
				acc.AddFunction(1, b.at(s.s, func(int) tieCopy { return cp }, second))
			}
			number := ""
			if n > 0 {
				number = strconv.Itoa(n + 1)
			}
			slacks[i] = append(slacks[i], b.later(s.label("s"+number+"_"), acc.Function(), 0, model.Inf))
			all.AddFunction(1, acc.Function())
		}
		if sums[i] = slacks[i][0]; len(slacks[i]) > 1 {
			sums[i] = b.later(s.label("slack_"), all.Function(), 0, model.Inf)
		}
		acc := b.d.Accumulator()
		acc.AddTerm(1, int(b.u[i]))
		acc.AddTerm(1, int(b.u2[i]))
		prices[i] = b.later(s.label("price_"), acc.Function(), 0, model.Inf)
	}
	rows := b.flush()
	var names []tieLabel
	var pairs []model.Pair
	for i := range b.sides {
		s := &b.sides[i]
		if s.equation {
			continue
		}
		for n, ticket := range slacks[i] {
			slacks[i][n] = rows[ticket]
		}
		names = append(names, s.label("c_"))
		pairs = append(pairs, model.Pair{A: model.Member{Row: true, Side: model.AtLower, Index: int32(rows[prices[i]])},
			B: model.Member{Row: true, Side: model.AtLower, Index: int32(rows[sums[i]])}})
	}
	b.addPairs(names, pairs)
	return slacks
}

func (b *tieBreaker) addPairs(names []tieLabel, pairs []model.Pair) {
	families(names, func(from, n int, base string, sub func(int) string) {
		b.d.AddPairs(b.d.FreshBase(base), sub, pairs[from:from+n]...)
	})
}
