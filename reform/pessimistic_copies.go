package reform

import (
	"math"
	"strconv"

	"github.com/gobilevel/bilevel/model"
)

// addCopies gives each extreme copies of the variables that it needs, beginning with the original columns, and every block at least one.
func (b *tieBreaker) addCopies() {
	for _, e := range b.extremes {
		for _, c := range e.blocks {
			e.copy[c] = len(b.copies[c])
			b.addCopy(c)
		}
	}
	for c := range b.blocks {
		if len(b.copies[c]) == 0 {
			b.addCopy(c)
		}
	}
}

// addCopy adds a copy of a block: variables, constraints, and both for the second point.
func (b *tieBreaker) addCopy(c int) {
	k := b.blocks[c]
	number := ""
	if n := len(b.copies[c]); n > 0 {
		number = strconv.Itoa(n + 1)
	}
	var list []tieLabel
	for _, j := range k.vars {
		list = append(list, b.varLabel(j, "y"+number+"_"))
	}
	cp := tieCopy{map[int32]int32{}, map[int32]int32{}}
	if number == "" {
		for _, j := range k.vars {
			cp.first[int32(j)] = int32(j)
		}
	} else {
		for i, col := range b.vars(list, 0, 0) {
			lo, hi := b.m.VarBounds(k.vars[i])
			b.d.SetVarBounds(int(col), lo, hi)
			cp.first[int32(k.vars[i])] = col
		}
	}
	for i := range list {
		list[i].base = "z" + list[i].base[1:]
	}
	for i, col := range b.vars(list, -model.Inf, model.Inf) {
		cp.second[int32(k.vars[i])] = col
		b.boundSecond(k.vars[i], col, number)
	}
	b.copies[c] = append(b.copies[c], cp)
	choose := func(int) tieCopy { return cp }
	for _, r := range k.rows {
		lo, hi := b.m.RowBounds(r)
		f := b.m.RowFunction(r)
		if number != "" {
			b.later(tieLabel{"y" + number + "_" + b.m.RowBase(r), b.m.RowSub(r)}, b.at(f, choose, false), lo, hi)
		}
		b.homogenised(f, lo, hi, tieLabel{"z" + number + "_" + b.m.RowBase(r), b.m.RowSub(r)}, choose)
	}
}

// homogenised writes lo t' <= f' <= hi t', where f' is f without its constant at the second point.
func (b *tieBreaker) homogenised(f model.Function, lo, hi float64, name tieLabel, choose func(c int) tieCopy) {
	write := func(at, low, high float64) {
		acc := b.d.Accumulator()
		acc.AddFunction(1, b.at(f, choose, true))
		acc.AddTerm(-at, int(b.t))
		b.later(name, acc.Function(), low, high)
	}
	if lo == hi {
		write(lo, 0, 0)
		return
	}
	if !math.IsInf(lo, -1) {
		write(lo, 0, model.Inf)
	}
	if !math.IsInf(hi, 1) {
		write(hi, -model.Inf, 0)
	}
}

// at is an affine function of the model before, at the point or at the second point, with the copies that choose gives of the blocks.
func (b *tieBreaker) at(f model.Function, choose func(c int) tieCopy, second bool) model.Function {
	acc := b.d.Accumulator()
	if second {
		acc.AddTerm(f.Const, int(b.t))
	} else {
		acc.AddConst(f.Const)
	}
	for k, j := range f.Vars {
		col := j
		switch c := b.block[j]; {
		case c < 0 && second:
			col = b.second[j]
		case c >= 0 && second:
			col = choose(int(c)).second[j]
		case c >= 0:
			col = choose(int(c)).first[j]
		}
		acc.AddTerm(f.Coefs[k], int(col))
	}
	return acc.Function()
}
