package mpsaux

import (
	"bytes"
	"hash/maphash"
)

// index numbers the names of the rows or of the columns, in the order in which they come. Names are slices of the file.
type index struct {
	name  [][]byte
	slots []slot // open addressing; a power of two, at most half full
}

// slot holds one more than the number of a name, and its hash: most strangers are told by the hash alone, and growing needs no names.
type slot struct {
	hash   uint32
	number int32
}

var seed = maphash.MakeSeed()

func hash(name []byte) uint32 { return uint32(maphash.Bytes(seed, name) >> 32) }

// find returns the number of a name, -1 where it is not there.
func (x *index) find(name []byte) int {
	if len(x.slots) == 0 {
		return -1
	}
	h := hash(name)
	mask := uint32(len(x.slots) - 1)
	for k := h & mask; ; k = (k + 1) & mask {
		s := x.slots[k]
		if s.number == 0 {
			return -1
		}
		if s.hash == h && bytes.Equal(x.name[s.number-1], name) {
			return int(s.number - 1)
		}
	}
}

// add enters a name and returns its number, or the number that it has already.
func (x *index) add(name []byte) (number int, fresh bool) {
	if 2*len(x.name) >= len(x.slots) {
		x.grow()
	}
	h := hash(name)
	mask := uint32(len(x.slots) - 1)
	k := h & mask
	for ; x.slots[k].number != 0; k = (k + 1) & mask {
		if s := x.slots[k]; s.hash == h && bytes.Equal(x.name[s.number-1], name) {
			return int(s.number - 1), false
		}
	}
	x.name = append(x.name, name)
	x.slots[k] = slot{h, int32(len(x.name))}
	return len(x.name) - 1, true
}

func (x *index) grow() {
	old := x.slots
	x.slots = make([]slot, max(64, 4*len(old)))
	mask := uint32(len(x.slots) - 1)
	for _, s := range old {
		if s.number == 0 {
			continue
		}
		k := s.hash & mask
		for x.slots[k].number != 0 {
			k = (k + 1) & mask
		}
		x.slots[k] = s
	}
}
