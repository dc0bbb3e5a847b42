package nl

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/gobilevel/bilevel/model"
)

// build makes the model.
func (r *reader) build(names Names) error {
	m := r.m
	name(names.Vars, r.vars, "x", func(base string, sub func(int) string, n int) {
		m.AddVars(0, base, sub, n, model.Continuous, math.Inf(-1), math.Inf(1))
	})
	moved := 0
	for j := range r.vars {
		lo, hi := r.lower[j], r.upper[j]
		m.SetVarBounds(j, lo, hi)
		switch {
		case !r.integer(j):
		case r.binaryVar(j) || lo >= 0 && hi <= 1:
			m.SetVarBounds(j, max(lo, 0), min(hi, 1)) // reports bounds that leave neither 0 nor 1
			m.SetVarKind(j, model.Binary)
			lo, hi = m.VarBounds(j)
		default:
			m.SetVarKind(j, model.Integer)
		}
		if r.start == nil {
			continue
		}
		if x := r.start[j]; !math.IsNaN(x) && lo <= hi {
			if near := min(max(x, lo), hi); near != x {
				x = near
				moved++
			}
			m.SetStart(j, x)
		}
	}
	if moved > 0 {
		m.Notes = append(m.Notes, fmt.Sprintf("%d start values outside the bounds were moved to the nearest bound", moved))
	}
	name(names.Rows, len(r.rows), "c", func(base string, sub func(int) string, n int) { m.StartRows(0, base, sub, n) })
	for k := range r.rows {
		m.SetRow(k, r.function(&r.rows[k]), r.rowLower[k], r.rowUpper[k])
	}
	r.pairUp()
	if r.objectives > 0 {
		o := model.Objective{F: r.function(&r.objective)}
		if r.maximise {
			o.Sense = model.Maximize
		}
		if len(names.Rows) > len(r.rows) {
			o.Name = names.Rows[len(r.rows)]
		}
		m.Leader().SetObjective(o)
	}
	if r.objectives > 1 {
		m.Notes = append(m.Notes, fmt.Sprintf("the first of %d objectives was taken", r.objectives))
	}
	if err := r.addSets(); err != nil {
		return err
	}
	return m.Err()
}

// function brings a linear part and an expression to normal form. Where multiplying products out would take more than the reader's budget of
// terms, which a file written for that can ask for, the expression stays as it is.
func (r *reader) function(f *function) model.Function {
	if len(f.linear) == 0 && !f.read {
		return model.Function{}
	}
	a := r.m.Accumulator()
	for _, e := range f.linear {
		a.AddTerm(e.v, e.at)
	}
	if f.read {
		if int(f.value.size) <= r.budget {
			r.budget -= int(f.value.size)
			a.AddFunction(1, r.m.FromNode(f.value.node))
		} else {
			a.AddNode(1, f.value.node)
		}
	}
	return a.Function()
}

// pairUp makes the complementarity pairs of the constraints that complement variables. A pair has the name of its constraint; where that is
// PAIR_a or PAIR_b, as constraints are called that carry a member of a pair only, it is PAIR again.
func (r *reader) pairUp() {
	if r.complement == nil {
		return
	}
	m := r.m
	var list []model.Pair
	var names []string
	taken := make(map[string]bool, len(r.rows))
	for k := range r.rows {
		taken[m.RowName(k)] = true
	}
	for k, c := range r.complement {
		if c.kind == 0 {
			continue
		}
		row, v := model.Member{Row: true, Index: int32(k)}, model.Member{Index: int32(c.variable)}
		lo, hi := m.RowBounds(k) // both infinite, so that the function keeps its constant
		f := m.RowFunction(k)
		switch c.kind {
		case 1:
			lo = 0
		case 2:
			row.Side, v.Side = model.AtUpper, model.AtUpper
			hi = 0
		case 3:
			row.Side, v.Side = model.Value, model.Range
		}
		m.SetRow(k, f, lo, hi)
		m.MarkPairRow(k)
		pair := model.Pair{A: v, B: row}
		name, letter := carried(m.RowName(k))
		if letter == 'a' && c.kind != 3 {
			pair = model.Pair{A: row, B: v}
		}
		if letter == 0 || letter == 'a' && c.kind == 3 || taken[name] {
			name = m.RowName(k)
		}
		taken[name] = true
		list, names = append(list, pair), append(names, name)
	}
	families(names, func(base string, sub func(int) string, n int) {
		m.AddPairs(base, sub, list[:n]...)
		list = list[n:]
	})
}

// carried splits PAIR_a[3] into PAIR[3] and a; the letter is 0 where a name does not end so.
func carried(name string) (pair string, letter byte) {
	base, sub, indexed := subscript(name)
	stem := base
	for _, l := range []byte{'a', 'b'} {
		if s, ok := strings.CutSuffix(base, "_"+string(l)); ok && s != "" {
			stem, letter = s, l
		}
	}
	if indexed {
		stem += "[" + sub + "]"
	}
	return stem, letter
}

// addSets makes the SOS1 sets: variables of the same sosno, in the order of ref.
func (r *reader) addSets() error {
	ref := make(map[int]float64, len(r.ref))
	for _, e := range r.ref {
		ref[e.at] = e.v
	}
	list := slices.DeleteFunc(slices.Clone(r.sosno), func(e entry) bool { return e.v == 0 })
	slices.SortStableFunc(list, func(a, b entry) int {
		return cmp.Or(cmp.Compare(a.v, b.v), cmp.Compare(ref[a.at], ref[b.at]))
	})
	for len(list) > 0 {
		no := list[0].v
		if no < 0 {
			return &Error{File: r.s.file, Reason: "an SOS2 set", Remedy: "write it by binary variables", Err: ErrUnsupported}
		}
		set := model.SOS1{Name: fmt.Sprintf("sos%g", no)}
		for len(list) > 0 && list[0].v == no {
			set.Vars, set.Weights = append(set.Vars, int32(list[0].at)), append(set.Weights, ref[list[0].at])
			list = list[1:]
		}
		r.m.AddSOS1(set)
	}
	return nil
}

// name calls add with the families of the first n names, or with one family base[1], base[2], ... where they are too few, empty or not distinct.
func name(names []string, n int, base string, add func(base string, sub func(k int) string, n int)) {
	if distinct(names, n) {
		families(names[:n], add)
	} else if n > 0 {
		add(base, func(k int) string { return strconv.Itoa(k + 1) }, n)
	}
}

// distinct reports whether there are n names, none is empty, and no two of the first n are the same.
func distinct(names []string, n int) bool {
	if len(names) < n {
		return false
	}
	taken := make(map[string]bool, n)
	for _, s := range names[:n] {
		if s == "" || taken[s] {
			return false
		}
		taken[s] = true
	}
	return true
}

// families calls make for each run of names that differ in their subscripts only, or a single name. sub is nil for a name without one.
func families(names []string, make func(base string, sub func(k int) string, n int)) {
	for k := 0; k < len(names); {
		base, sub, ok := subscript(names[k])
		if !ok {
			make(names[k], nil, 1)
			k++
			continue
		}
		subs := []string{sub}
		for k++; k < len(names); k++ {
			b, s, ok := subscript(names[k])
			if !ok || b != base {
				break
			}
			subs = append(subs, s)
		}
		make(base, func(k int) string { return subs[k] }, len(subs))
	}
}

// subscript splits x[3] into x and 3.
func subscript(name string) (base, sub string, ok bool) {
	k := strings.IndexByte(name, '[')
	if k <= 0 || name[len(name)-1] != ']' {
		return name, "", false
	}
	return name[:k], name[k+1 : len(name)-1], true
}
