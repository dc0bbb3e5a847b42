package model

import (
	"slices"
	"strconv"
)

// block is a run of consecutive variables or constraints that share a base name. Names are made when they are asked for: a family of
// a million members costs one block and not a million strings.
type block struct {
	start, n int32
	base     string
	sub      func(k int) string // subscript of member k as it stands between brackets; nil for a single name
}

// names gives consecutive indices their names, by blocks.
type names struct {
	blocks []block
	index  map[string]int // built on the first lookup, dropped when a block is added
}

func (t *names) clone() names { return names{blocks: t.blocks[:len(t.blocks):len(t.blocks)]} }

func (t *names) add(start, n int, base string, sub func(k int) string) {
	t.index = nil
	if len(t.blocks) == cap(t.blocks) {
		t.blocks = slices.Grow(t.blocks, max(4, len(t.blocks))) // doubling leaves less behind than the quarter that append grows by
	}
	t.blocks = append(t.blocks, block{int32(start), int32(n), base, sub})
}

// RoomForFamilies makes memory for the names of so many more families of variables and of constraints, a single one counting as a family, for
// a reader that knows how many it adds.
func (m *Model) RoomForFamilies(vars, constraints int) {
	m.vars.names.blocks = slices.Grow(m.vars.names.blocks, vars)
	m.rows.names.blocks = slices.Grow(m.rows.names.blocks, constraints)
}

// find returns the block that holds index k.
func (t *names) find(k int) *block {
	i := int32(k)
	lo, hi := 0, len(t.blocks)
	for lo < hi {
		mid := (lo + hi) / 2
		if t.blocks[mid].start+t.blocks[mid].n <= i {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	if lo < len(t.blocks) && t.blocks[lo].start <= i {
		return &t.blocks[lo]
	}
	return nil
}

// name returns the base name and the full name of index i.
func (t *names) name(i int) (base, full string) {
	b := t.find(i)
	if b == nil {
		return "", ""
	}
	if b.sub == nil {
		return b.base, b.base
	}
	return b.base, b.base + "[" + b.sub(i-int(b.start)) + "]"
}

// lookup returns the index of a full name.
func (t *names) lookup(full string) (int, bool) {
	if t.index == nil {
		t.index = map[string]int{}
		for _, b := range t.blocks {
			for i := int(b.start); i < int(b.start+b.n); i++ {
				_, name := t.name(i)
				if _, taken := t.index[name]; !taken {
					t.index[name] = i
				}
			}
		}
	}
	i, ok := t.index[full]
	return i, ok
}

// hasBase reports whether a block of this base name exists.
func (t *names) hasBase(base string) bool {
	for _, b := range t.blocks {
		if b.base == base {
			return true
		}
	}
	return false
}

// counting is the subscript of families that are numbered from zero.
func counting(k int) string { return strconv.Itoa(k) }

func num(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }

// subscript is the subscript of index i, "" for a single name.
func (t *names) subscript(i int) string {
	if b := t.find(i); b != nil && b.sub != nil {
		return b.sub(i - int(b.start))
	}
	return ""
}

// RowSub is the subscript of constraint r as it stands between the brackets, "" for a single name.
func (m *Model) RowSub(r int) string { return m.rows.names.subscript(r) }

// VarSub is the subscript of variable j as it stands between the brackets, "" for a single name.
func (m *Model) VarSub(j int) string { return m.vars.names.subscript(j) }

// SameFamily reports whether constraints r and q were made as one family.
func (m *Model) SameFamily(r, q int) bool { return m.rows.names.find(r) == m.rows.names.find(q) }

// SameVarFamily reports whether variables i and j were made as one family.
func (m *Model) SameVarFamily(i, j int) bool { return m.vars.names.find(i) == m.vars.names.find(j) }
