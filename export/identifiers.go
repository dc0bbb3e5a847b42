package export

import (
	"strconv"
	"strings"

	"github.com/gobilevel/bilevel/model"
)

// identifiers gives out names made of letters, digits and underscores, for the languages that have no others: x[3,"a"] becomes x_3_a.
type identifiers struct {
	limit    int             // bytes; 0: none
	fold     bool            // names that differ in case only are the same
	reserved map[string]bool // in lower case
	taken    map[string]bool
	next     map[string]int // number to try next for a name that is taken
	renamed  []string       // "NEW is OLD" of those that were changed in more than brackets, commas and quotes
}

func newIdentifiers(limit int, fold bool, reserved string) *identifiers {
	t := &identifiers{limit: limit, fold: fold, reserved: map[string]bool{}, taken: map[string]bool{}, next: map[string]int{}}
	for _, w := range strings.Fields(reserved) {
		t.reserved[w] = true
	}
	return t
}

// take returns a name that is free, and makes it taken. what says what has it, for the list of renamed ones; "" keeps it off the list.
func (t *identifiers) take(what, name string) string {
	id, plain := identifier(name)
	if t.reserved[strings.ToLower(id)] {
		id, plain = id+"_", false
	}
	stem := id
	for {
		if t.limit > 0 && len(id) > t.limit {
			stem, plain = stem[:len(stem)-(len(id)-t.limit)], false
			id = stem
		}
		if key := t.key(id); !t.taken[key] {
			t.taken[key] = true
			break
		}
		plain = false
		k := max(2, t.next[t.key(stem)])
		t.next[t.key(stem)] = k + 1
		suffix := "_" + strconv.Itoa(k)
		if t.limit > 0 && len(stem)+len(suffix) > t.limit {
			stem = stem[:t.limit-len(suffix)]
		}
		id = stem + suffix
	}
	if !plain && what != "" {
		t.renamed = append(t.renamed, what+" "+id+" is "+printable(name))
	}
	return id
}

func (t *identifiers) key(id string) string {
	if t.fold {
		return strings.ToLower(id)
	}
	return id
}

// identifier rewrites a name without regard to others; plain says that only brackets, commas and quotes were changed.
func identifier(name string) (id string, plain bool) {
	plain = true
	b := make([]byte, 0, len(name)+2)
	for i := 0; i < len(name); i++ {
		switch c := name[i]; {
		case isLetter(c), c >= '0' && c <= '9', c == '_':
			b = append(b, c)
		case c == '[', c == ',':
			b = append(b, '_')
		case c == ']', c == '"', c == '\'':
		default:
			b = append(b, '_')
			plain = false
		}
	}
	if len(b) == 0 || !isLetter(b[0]) {
		b = append([]byte("n_"), b...)
		plain = false
	}
	return string(b), plain
}

// carried finds the constraints that need not be written by themselves because the pair that they are a member of says all: they have the
// bounds that the member speaks of, are a member of one pair only, and have no condition.
func carried(m *model.Model) []bool {
	out := make([]bool, m.NumRows())
	uses := make([]int, m.NumRows())
	each := func(visit func(s model.Member)) {
		for k := range m.NumPairs() {
			p := m.Pair(k)
			for _, s := range []model.Member{p.A, p.B} {
				if s.Row {
					visit(s)
				}
			}
		}
	}
	each(func(s model.Member) { uses[s.Index]++ })
	for _, ind := range m.Indicators() {
		uses[ind.Row] = 2
	}
	each(func(s model.Member) { out[s.Index] = uses[s.Index] == 1 && saysAll(m, s) })
	return out
}

// saysAll reports whether what is a member of a pair has no other bound than the ones that the member speaks of.
func saysAll(m *model.Model, s model.Member) bool {
	lo, hi := memberBounds(m, s)
	switch s.Side {
	case model.AtLower:
		return !bounded(-hi)
	case model.AtUpper:
		return !bounded(lo)
	case model.Value:
		return !bounded(lo) && !bounded(-hi)
	}
	return true
}

// bounded reports whether a lower bound is there.
func bounded(lo float64) bool { return lo > -model.Inf }

func memberBounds(m *model.Model, s model.Member) (lo, hi float64) {
	if s.Row {
		return m.RowBounds(int(s.Index))
	}
	return m.VarBounds(int(s.Index))
}
