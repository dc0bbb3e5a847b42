package export

import (
	"bytes"
	"strconv"

	"github.com/gobilevel/bilevel/internal/mpshead"
	"github.com/gobilevel/bilevel/model"
)

// nameLimit is the length at which a name is cut: CBC takes 100 bytes, and suffixes need room.
const nameLimit = 90

// Names returns the names under which the variables and the constraints of a model are written, by index. The LP writer splits a
// constraint with two different finite bounds into NAME~lo and NAME~hi.
func Names(m *model.Model) (vars, rows []string) {
	v, r := varNames(m), rowNames(m)
	vars, rows = make([]string, m.NumVars()), make([]string, m.NumRows())
	for j := range vars {
		vars[j] = string(v.at(j))
	}
	for i := range rows {
		rows[i] = string(r.at(i))
	}
	return vars, rows
}

// nameTable holds names in one piece of memory; a million of them cost their bytes and eight more each.
type nameTable struct {
	blob    []byte
	end     []int
	slots   []int32 // hash table of 1+index, open addressing
	changed []int   // those that were changed in more than brackets and quotes
	unlike  []int   // those that a reader cannot turn back; see isUnlike
	rounded bool    // some name had brackets, which are now parentheses
	scratch []byte
}

func (t *nameTable) at(i int) []byte {
	from := 0
	if i > 0 {
		from = t.end[i-1]
	}
	return t.blob[from:t.end[i]]
}

// varNames also names the variable that carries a constant, last.
func varNames(m *model.Model) *nameTable { return makeNames(m.NumVars()+1, varNameOf(m)) }

func varNameOf(m *model.Model) func(j int) string {
	n := m.NumVars()
	return func(j int) string {
		if j == n {
			return "constant"
		}
		return m.VarName(j)
	}
}

// rowNames also names the objective, last.
func rowNames(m *model.Model) *nameTable { return makeNames(m.NumRows()+1, rowNameOf(m)) }

func rowNameOf(m *model.Model) func(i int) string {
	n := m.NumRows()
	return func(i int) string {
		if i < n {
			return m.RowName(i)
		}
		if name := m.Leader().Objective().Name; name != "" {
			return name
		}
		return "obj"
	}
}

func makeNames(n int, name func(i int) string) *nameTable {
	return makeNamesWithin(n, name, nameLimit, 0)
}

// makeNamesWithin makes names of at most limit bytes. With a letter, names that are longer are not cut but numbered: C0000001, C0000002, ...
func makeNamesWithin(n int, name func(i int) string, limit int, letter byte) *nameTable {
	size := 16
	for size < 2*n {
		size *= 2
	}
	t := &nameTable{end: make([]int, 0, n), slots: make([]int32, size)}
	for i := range n {
		from := len(t.blob)
		original := name(i)
		plain := t.rewrite(original)
		if letter != 0 && len(t.blob)-from > limit {
			t.blob = append(t.blob[:from], letter)
			digits := strconv.Itoa(i + 1)
			for range limit - 1 - len(digits) {
				t.blob = append(t.blob, '0')
			}
			t.blob = append(t.blob, digits...)
			plain = false
		}
		room := limit
		if letter == 0 {
			room += suffixRoom
		}
		claimed := t.claim(i, from, room)
		t.end = append(t.end, len(t.blob))
		if !plain || !claimed {
			t.changed = append(t.changed, i)
		}
		if t.isUnlike(t.blob[from:], original) {
			t.unlike = append(t.unlike, i)
		}
	}
	t.slots = nil
	return t
}

// suffixRoom is what a suffix may add to a name that was cut.
const suffixRoom = 10

// rewrite appends a name without regard to the others; it reports whether only brackets and quotes were changed.
func (t *nameTable) rewrite(name string) (plain bool) {
	plain = true
	if len(name) > nameLimit {
		name, plain = name[:nameLimit], false
	}
	from := len(t.blob)
	for i := 0; i < len(name); i++ {
		switch c := name[i]; {
		case isLetter(c), c >= '0' && c <= '9', c == '_', c == '.', c == ',':
			t.blob = append(t.blob, c)
		case c == '[':
			t.blob = append(t.blob, '(')
		case c == ']':
			t.blob = append(t.blob, ')')
		case c == '"', c == '\'':
		default:
			t.blob = append(t.blob, '_')
			plain = false
		}
	}
	if needsUnderscore(t.blob[from:]) {
		t.blob = append(t.blob, 0)
		copy(t.blob[from+1:], t.blob[from:])
		t.blob[from] = '_'
		plain = false
	}
	return plain
}

func isLetter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }

// claim enters the name that starts at from, with a suffix where it is taken, so that it has at most limit bytes; it reports whether it was
// free as it stood.
func (t *nameTable) claim(i, from, limit int) bool {
	end := len(t.blob)
	for k := 2; ; k++ {
		if t.enter(i, t.blob[from:]) {
			return k == 2
		}
		suffix := strconv.Itoa(k)
		t.blob = append(append(t.blob[:min(end, from+limit-1-len(suffix))], '~'), suffix...)
	}
}

// isUnlike reports whether a reader who knows the rules of mpshead takes the written name for another than the original.
func (t *nameTable) isUnlike(written []byte, original string) bool {
	if string(written) == original {
		return false
	}
	if bytes.IndexByte(written, '(') < 0 {
		return true
	}
	t.rounded = true
	t.scratch = mpshead.AppendRestored(t.scratch[:0], written)
	return string(t.scratch) != original
}

func (t *nameTable) enter(i int, name []byte) bool {
	h := uint64(14695981039346656037) // FNV-1a
	for _, c := range name {
		h = (h ^ uint64(c)) * 1099511628211
	}
	mask := uint64(len(t.slots) - 1)
	for s := (h ^ h>>32) & mask; ; s = (s + 1) & mask {
		k := t.slots[s]
		if k == 0 {
			t.slots[s] = int32(i + 1)
			return true
		}
		if bytes.Equal(t.at(int(k-1)), name) {
			return false
		}
	}
}

// needsUnderscore reports whether a reader could take a name for a number, a keyword or something else.
func needsUnderscore(name []byte) bool {
	if len(name) == 0 || !isLetter(name[0]) && name[0] != '_' {
		return true
	}
	var space [16]byte
	low := space[:0]
	for _, c := range name[:min(len(name), len(space))] {
		if c >= 'A' && c <= 'Z' {
			c += 'a' - 'A'
		}
		low = append(low, c)
	}
	if low[0] == 'e' && (len(low) == 1 || low[1] >= '0' && low[1] <= '9') {
		return true
	}
	// HiGHS reads inflow as a number and a name.
	if bytes.HasPrefix(low, []byte("inf")) || bytes.HasPrefix(low, []byte("nan")) {
		return true
	}
	return len(name) < len(space) && keywords[string(low)]
}

// keywords of either format, in lower case.
var keywords = map[string]bool{
	// LP
	"max": true, "maximize": true, "maximise": true, "maximum": true, "min": true, "minimize": true, "minimise": true, "minimum": true,
	"subject": true, "such": true, "st": true, "s.t.": true, "st.": true, "bounds": true, "bound": true, "free": true,
	"general": true, "generals": true, "gen": true, "gens": true, "integer": true, "integers": true, "int": true, "ints": true,
	"binary": true, "binaries": true, "bin": true, "bins": true, "semi": true, "semis": true, "sec": true, "sin": true,
	"sos": true, "sos1": true, "sos2": true, "s1": true, "s2": true, "end": true, "lazy": true, "user": true, "range": true, "pwlobj": true, "scenario": true,
	// MPS
	"name": true, "rows": true, "columns": true, "rhs": true, "ranges": true, "rng": true, "bnd": true, "objsense": true, "objname": true, "objsec": true,
	"refrow": true, "endata": true, "marker": true, "quadobj": true, "qmatrix": true, "qsection": true, "qcmatrix": true, "csection": true,
	"indicators": true, "delayedrows": true, "lazycons": true, "modelcuts": true, "usercuts": true, "sets": true,
}
