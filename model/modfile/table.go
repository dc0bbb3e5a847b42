package modfile

// table is an ordered set of tuples of elements: the members of a set, the keys of a parameter, the subscripts of a family. Members
// keep the order in which they were added and are found by hashing. A range of integers is kept by its ends.
type table struct {
	dim   int
	n     int
	keys  []element // n*dim, one tuple after another
	slots []int32   // open addressing, index+1, a power of two long; nil while the table is small
	span  bool      // keys are first, first+1, ..., and not stored
	first element
}

// smallTable is the size up to which a table is searched from end to end.
const smallTable = 8

func newTable(dim int) *table { return &table{dim: dim} }

// spanTable is the set of n integers from first.
func spanTable(first element, n int) *table { return &table{dim: 1, n: n, span: true, first: first} }

func hash1(a element) uint32 {
	h := uint64(a) * 0x9e3779b97f4a7c15
	return uint32(h >> 32)
}

func hash2(a, b element) uint32 {
	h := (uint64(a)<<32 | uint64(b)) * 0x9e3779b97f4a7c15
	h ^= h >> 29
	h *= 0xbf58476d1ce4e5b9
	return uint32(h >> 32)
}

func hashKey(key []element) uint32 {
	switch len(key) {
	case 1:
		return hash1(key[0])
	case 2:
		return hash2(key[0], key[1])
	}
	h := uint64(len(key))
	for _, e := range key {
		h = (h ^ uint64(e)) * 0x9e3779b97f4a7c15
		h ^= h >> 29
	}
	return uint32(h >> 32)
}

// at returns member i; for a range it is written into buf.
func (t *table) at(i int, buf []element) []element {
	if t.span {
		buf = buf[:1]
		buf[0] = t.first + element(i)
		return buf
	}
	return t.keys[i*t.dim : (i+1)*t.dim : (i+1)*t.dim]
}

// at1 is member i of a table of dimension 1.
func (t *table) at1(i int) element {
	if t.span {
		return t.first + element(i)
	}
	return t.keys[i]
}

// find returns the index of a tuple, or -1.
func (t *table) find(key []element) int {
	switch t.dim {
	case 0:
		return t.n - 1
	case 1:
		return t.find1(key[0])
	case 2:
		return t.find2(key[0], key[1])
	}
	if t.slots == nil {
		for i := 0; i < t.n; i++ {
			if sameKey(t.keys[i*t.dim:(i+1)*t.dim], key) {
				return i
			}
		}
		return -1
	}
	mask := uint32(len(t.slots) - 1)
	for s := hashKey(key) & mask; ; s = (s + 1) & mask {
		i := int(t.slots[s]) - 1
		if i < 0 {
			return -1
		}
		if sameKey(t.keys[i*t.dim:(i+1)*t.dim], key) {
			return i
		}
	}
}

func sameKey(a, b []element) bool {
	for k := range a {
		if a[k] != b[k] {
			return false
		}
	}
	return true
}

func (t *table) find1(a element) int {
	if t.span {
		if i := int64(a) - int64(t.first); i >= 0 && i < int64(t.n) {
			return int(i)
		}
		return -1
	}
	if t.slots == nil {
		for i, e := range t.keys {
			if e == a {
				return i
			}
		}
		return -1
	}
	mask := uint32(len(t.slots) - 1)
	for s := hash1(a) & mask; ; s = (s + 1) & mask {
		i := int(t.slots[s]) - 1
		if i < 0 || t.keys[i] == a {
			return i
		}
	}
}

func (t *table) find2(a, b element) int {
	if t.slots == nil {
		for i := 0; i < t.n; i++ {
			if t.keys[2*i] == a && t.keys[2*i+1] == b {
				return i
			}
		}
		return -1
	}
	mask := uint32(len(t.slots) - 1)
	for s := hash2(a, b) & mask; ; s = (s + 1) & mask {
		i := int(t.slots[s]) - 1
		if i < 0 || t.keys[2*i] == a && t.keys[2*i+1] == b {
			return i
		}
	}
}

// add appends a tuple that is not yet there; it returns its index and whether it is new.
func (t *table) add(key []element) (int, bool) {
	if t.dim == 0 {
		if t.n == 0 {
			t.n = 1
			return 0, true
		}
		return 0, false
	}
	if t.span {
		t.spell()
	}
	if i := t.find(key); i >= 0 {
		return i, false
	}
	t.push(key)
	return t.n - 1, true
}

// push appends a tuple that is known to be new.
func (t *table) push(key []element) {
	t.keys = append(t.keys, key...)
	t.n++
	if t.n <= smallTable {
		return
	}
	if 4*t.n > 3*len(t.slots) {
		t.rehash(4 * t.n)
		return
	}
	t.place(t.n - 1)
}

func (t *table) place(i int) {
	mask := uint32(len(t.slots) - 1)
	s := hashKey(t.keys[i*t.dim:(i+1)*t.dim]) & mask
	for t.slots[s] != 0 {
		s = (s + 1) & mask
	}
	t.slots[s] = int32(i + 1)
}

// rehash makes room for n slots.
func (t *table) rehash(n int) {
	size := 16
	for size < n {
		size *= 2
	}
	t.slots = make([]int32, size)
	for i := 0; i < t.n; i++ {
		t.place(i)
	}
}

// spell turns a range into a list.
func (t *table) spell() {
	keys := make([]element, t.n, t.n+8)
	for i := range keys {
		keys[i] = t.first + element(i)
	}
	t.span, t.keys = false, keys
	if t.n > smallTable {
		t.rehash(2 * t.n)
	}
}

// clone returns a copy that may be changed.
func (t *table) clone() *table {
	c := *t
	c.keys = append([]element(nil), t.keys...)
	c.slots = append([]int32(nil), t.slots...)
	return &c
}
