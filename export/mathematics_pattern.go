package export

import (
	"slices"
	"strconv"
	"strings"
)

// place is what stands at one place of the subscripts of a block of terms, in all rows of a cluster: an index of the row with an offset, a
// value, the index that stands at an earlier place, or an index that the sum runs through.
type place struct {
	row    int // index of the row, -1: none
	offset int
	value  string
	same   int // earlier place, -1: none
	free   bool
	except int // with free: an index of the row that is left out, -1: none
}

// block is the terms of one family in all rows of a cluster: their subscripts, by row.
type block struct {
	domain *mathFamily // of the subscripts
	rows   [][][]string
}

// pattern finds what the subscripts of a block have in common: in every row the terms are just the members of the domain that have the
// fixed subscripts. index has the subscripts of the rows.
func (b *block) pattern(index [][]string) ([]place, bool) {
	first := b.rows[0]
	if len(first) == 0 {
		return nil, false
	}
	n := len(first[0])
	var choices [][]place
	for p := range n {
		choices = append(choices, b.choices(p, index))
	}
	current := make([]place, n)
	tries := 0
	var search func(p int) bool
	search = func(p int) bool {
		if p == n {
			tries++
			return tries < 200 && b.fits(current, index)
		}
		for _, c := range choices[p] {
			current[p] = c
			if search(p + 1) {
				return true
			}
		}
		return false
	}
	if !search(0) {
		return nil, false
	}
	return current, true
}

// choices lists what may stand at place p, judged by the first row, the likeliest first.
func (b *block) choices(p int, index [][]string) []place {
	first := b.rows[0]
	v := first[0][p]
	constant := !slices.ContainsFunc(first, func(t []string) bool { return t[p] != v })
	var out []place
	if constant {
		at, whole := asInteger(v)
		for q, s := range index[0] {
			if s == v {
				out = append(out, place{row: q, same: -1, except: -1})
			}
		}
		for q, s := range index[0] {
			if k, ok := asInteger(s); ok && whole && k != at && at-k >= -3 && at-k <= 3 {
				out = append(out, place{row: q, offset: at - k, same: -1, except: -1})
			}
		}
		out = append(out, place{row: -1, value: v, same: -1, except: -1})
	}
	for q := range p {
		if !slices.ContainsFunc(first, func(t []string) bool { return t[p] != t[q] }) && !constant {
			out = append(out, place{row: -1, same: q, except: -1})
		}
	}
	out = append(out, place{row: -1, same: -1, free: true, except: -1})
	for q := range index[0] {
		out = append(out, place{row: -1, same: -1, free: true, except: q})
	}
	return out
}

// at is the subscript that a place asks for in a row; ok is false for a free place.
func (c place) at(t, index []string) (string, bool) {
	switch {
	case c.free:
		return "", false
	case c.same >= 0:
		return t[c.same], true
	case c.row < 0:
		return c.value, true
	case c.offset == 0:
		return index[c.row], true
	}
	v, ok := asInteger(index[c.row])
	if !ok {
		return "\x00", true
	}
	return strconv.Itoa(v + c.offset), true
}

// fits reports whether a pattern says in each row just which terms there are.
func (b *block) fits(pattern []place, index [][]string) bool {
	var fixed, free []int
	repeats, except := false, false // a place repeats another one; an index is left out
	for p, c := range pattern {
		if c.free {
			free = append(free, p)
		} else {
			fixed = append(fixed, p)
		}
		repeats, except = repeats || c.same >= 0, except || c.except >= 0
	}
	if except && (repeats || len(free) > 1) {
		return false
	}
	for r, tuples := range b.rows {
		if len(tuples) == 0 || repeats && !b.domain.product {
			return false
		}
		var key strings.Builder
		for k, t := range tuples {
			for p, c := range pattern {
				want, ok := c.at(t, index[r])
				if ok && t[p] != want || c.except >= 0 && t[p] == index[r][c.except] {
					return false
				}
				if k == 0 && ok && !repeats {
					key.WriteString(want + "\x00")
				}
			}
		}
		want := 1
		switch {
		case len(free) == 0: // one term
		case repeats:
			for _, p := range free {
				want *= len(b.domain.values[p])
			}
		default:
			want = b.domain.count(fixed, key.String())
			for _, p := range free {
				if q := pattern[p].except; q >= 0 {
					k := tupleKey(withAt(tuples[0], p, index[r][q]), append(slices.Clone(fixed), p))
					want -= b.domain.count(append(slices.Clone(fixed), p), k)
					if want == b.domain.count(fixed, key.String()) {
						return false // nothing is left out: the plain pattern says it
					}
				}
			}
		}
		if want != len(tuples) {
			return false
		}
	}
	return true
}

func withAt(t []string, p int, v string) []string {
	out := slices.Clone(t)
	out[p] = v
	return out
}
