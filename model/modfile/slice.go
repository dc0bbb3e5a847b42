package modfile

// sliceIndex finds the members of a set by some of their components.
type sliceIndex struct {
	keys *table    // the distinct values of these components
	list [][]int32 // for each, the members in their order
	n    int       // members of the set when the index was made
}

type sliceKey struct {
	t    *table
	mask uint32
}

// slice returns the members of t whose components in mask are those of key. The index behind it is made once for a table and a mask.
func (in *instance) slice(t *table, mask uint32, key []element) []int32 {
	s := in.slices[sliceKey{t, mask}]
	if s == nil || s.n != t.n {
		in.charge(t.n)
		s = newSliceIndex(t, mask, len(key))
		if in.slices == nil {
			in.slices = map[sliceKey]*sliceIndex{}
		}
		in.slices[sliceKey{t, mask}] = s
	}
	if i := s.keys.find(key); i >= 0 {
		return s.list[i]
	}
	return nil
}

func newSliceIndex(t *table, mask uint32, dim int) *sliceIndex {
	s := &sliceIndex{keys: newTable(dim), n: t.n}
	var counts []int32
	key := make([]element, 0, dim)
	at := make([]int32, t.n)
	for i := 0; i < t.n; i++ {
		key = key[:0]
		for c, e := range t.keys[i*t.dim : (i+1)*t.dim] {
			if mask&(1<<c) != 0 {
				key = append(key, e)
			}
		}
		k, isNew := s.keys.add(key)
		if isNew {
			counts = append(counts, 0)
		}
		counts[k]++
		at[i] = int32(k)
	}
	all := make([]int32, t.n)
	s.list = make([][]int32, len(counts))
	off := int32(0)
	for k, n := range counts {
		s.list[k] = all[off : off : off+n]
		off += n
	}
	for i, k := range at {
		s.list[k] = append(s.list[k], int32(i))
	}
	return s
}
