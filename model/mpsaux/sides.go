package mpsaux

import (
	"bytes"
	"math"
)

// pairs takes a line of RHS or RANGES, a set name that may be left out and one or two pairs of a row and a number, and gives them to take.
func (r *reader) pairs(take func(row int, name, number []byte) error) error {
	if r.n < 2 || r.n > 5 {
		return r.fail(nil, "write the name of the set, a row and a number, and perhaps one more row and number; names are "+noBlanks, "a line of this section with "+words(r.n))
	}
	first := r.n % 2
	if first == 1 && !r.choose(r.field[0]) {
		return nil
	}
	for k := first; k < r.n; k += 2 {
		i := r.p.rows.find(r.field[k])
		if i < 0 {
			return r.unknownRow(r.field[k])
		}
		if err := take(i, r.field[k], r.field[k+1]); err != nil {
			return err
		}
	}
	return nil
}

// choose reports whether a set of right-hand sides, ranges or bounds counts: the first one does.
func (r *reader) choose(name []byte) bool {
	if r.chosen[r.in] == nil {
		r.chosen[r.in] = name
	}
	if bytes.Equal(r.chosen[r.in], name) {
		return true
	}
	r.passed[r.in]++
	return false
}

// side is a pair of RHS.
func (r *reader) side(i int, name, number []byte) error {
	w := &r.p.row[i]
	v, ok := parseNumber(number)
	if !ok {
		return r.noNumber(number)
	}
	if w.sided {
		return r.fail(name, "delete one", "a second right-hand side of row "+shown(name))
	}
	w.sided = true
	switch v = orInfinite(v); {
	case i == r.p.objective && math.IsInf(v, 0):
		return r.fail(number, "write a finite number", "the constant of the objective is infinite")
	case w.kind == 'E' && math.IsInf(v, 0), w.kind == 'L' && math.IsInf(v, -1), w.kind == 'G' && math.IsInf(v, 1):
		return r.fail(number, "write a finite number; 1e30 and more is infinite", "the right-hand side "+shown(number)+" of row "+shown(name)+", of type "+string(w.kind)+", leaves no value")
	}
	w.rhs = v
	return nil
}

// spread is a pair of RANGES.
func (r *reader) spread(i int, name, number []byte) error {
	p := r.p
	v, ok := parseNumber(number)
	if !ok {
		return r.noNumber(number)
	}
	if !p.spanned {
		p.spanned = true
		p.span = make([]float64, len(p.row))
		for k := range p.span {
			p.span[k] = math.NaN()
		}
	}
	switch {
	case p.row[i].kind == 'N':
		return r.fail(name, "make it a row of type L, G or E, or delete the range", "a range of row "+shown(name)+", which has no side")
	case !math.IsNaN(p.span[i]):
		return r.fail(name, "delete one", "a second range of row "+shown(name))
	}
	p.span[i] = orInfinite(v)
	return nil
}

// aBound is a line of BOUNDS: a type, the name of the set, which may be left out, a column and, for most types, a number.
func (r *reader) aBound() error {
	kind := r.field[0]
	if len(kind) != 2 {
		return r.noBound(kind)
	}
	code := uint16(kind[0]&^0x20)<<8 | uint16(kind[1]&^0x20)
	switch code {
	case 'U'<<8 | 'P', 'L'<<8 | 'O', 'F'<<8 | 'X', 'U'<<8 | 'I', 'L'<<8 | 'I', 'S'<<8 | 'C', 'S'<<8 | 'I':
		if r.n != 3 && r.n != 4 {
			return r.fail(nil, "write the type, the name of the set, the column and the number; names are "+noBlanks, "a bound of type "+shown(kind)+" with "+words(r.n))
		}
		if r.n == 4 && !r.choose(r.field[1]) {
			return nil
		}
		name, number := r.field[r.n-2], r.field[r.n-1]
		j := r.p.cols.find(name)
		if j < 0 {
			if r.n == 3 && r.p.cols.find(number) >= 0 {
				return r.fail(nil, "add it", "the number of the bound is missing")
			}
			return r.unknownColumn(name)
		}
		v, ok := parseNumber(number)
		if !ok {
			return r.noNumber(number)
		}
		return r.bound(code, j, orInfinite(v), number)
	case 'M'<<8 | 'I', 'P'<<8 | 'L', 'F'<<8 | 'R', 'B'<<8 | 'V':
		return r.wordBound(code)
	}
	return r.noBound(kind)
}

// wordBound is a bound without a number; a number that is there is read over. Set and number may both be left out.
func (r *reader) wordBound(code uint16) error {
	if r.n < 2 || r.n > 4 {
		return r.fail(nil, "write the type, the name of the set and the column; names are "+noBlanks, "a bound of type "+shown(r.field[0])+" with "+words(r.n))
	}
	at := min(r.n-1, 2)
	j := r.p.cols.find(r.field[at])
	if j < 0 && r.n == 3 {
		if k := r.p.cols.find(r.field[1]); k >= 0 {
			if _, number := parseNumber(r.field[2]); number {
				at, j = 1, k
			}
		}
	}
	if at == 2 && !r.choose(r.field[1]) {
		return nil
	}
	if j < 0 {
		return r.unknownColumn(r.field[at])
	}
	return r.bound(code, j, 0, nil)
}

func (r *reader) noBound(kind []byte) error {
	return r.fail(kind, "the types are UP, LO, FX, MI, PL, FR, BV, UI and LI", shown(kind)+" is no type of a bound")
}

// bound applies a bound to column j.
func (r *reader) bound(code uint16, j int, v float64, number []byte) error {
	c := &r.p.col[j]
	c.bounded = true
	lo, hi := math.NaN(), math.NaN()
	switch code {
	case 'U'<<8 | 'P':
		hi = v
	case 'U'<<8 | 'I':
		hi = v
		c.whole = true
	case 'L'<<8 | 'O':
		lo = v
	case 'L'<<8 | 'I':
		lo = v
		c.whole = true
	case 'F'<<8 | 'X':
		lo, hi = v, v
	case 'M'<<8 | 'I':
		lo = math.Inf(-1)
	case 'P'<<8 | 'L':
		hi = math.Inf(1)
	case 'F'<<8 | 'R':
		lo, hi = math.Inf(-1), math.Inf(1)
	case 'B'<<8 | 'V':
		lo, hi = 0, 1
		c.whole = true
	default:
		return r.unsupported(r.field[0], "write a binary variable z of its own, and x <= u z", "column "+shown(r.p.cols.name[j])+" is semicontinuous")
	}
	name := r.p.cols.name[j]
	if !math.IsNaN(lo) {
		if c.loSet && c.lo != lo {
			return r.fail(name, "delete one", "a second lower bound of column "+shown(name))
		}
		c.lo, c.loSet = lo, true
	}
	if !math.IsNaN(hi) {
		if c.hiSet && c.hi != hi {
			return r.fail(name, "delete one", "a second upper bound of column "+shown(name))
		}
		c.hi, c.hiSet = hi, true
	}
	switch {
	case math.IsInf(c.lo, 1), math.IsInf(c.hi, -1):
		return r.fail(number, "write a finite number; 1e30 and more is infinite", "the bound "+shown(number)+" of column "+shown(name)+" leaves no value")
	case c.lo > c.hi && c.loSet:
		return r.fail(name, "exchange them, or delete one", "the lower bound of column "+shown(name)+" is above its upper bound")
	}
	return nil
}
