package mpsaux

import (
	"bytes"
	"encoding/binary"
	"hash/maphash"
	"math/bits"
	"slices"
)

// index numbers the names of the rows or of the columns, in the order in which they come. Names are slices of the file.
//
// What reading a large file costs is, for the most part, waiting for memory while names are looked up. So a slot holds all that is needed
// to recognise a name of up to 16 bytes, and where a line of a file names what comes after the thing that the line before names, the
// slots are not needed at all.
type index struct {
	name  [][]byte
	slots []slot // open addressing; a power of two, at most two thirds full

	next   int  // one after the name that was found last
	inTurn bool // that one came in turn, too
}

// slot holds one more than the number of a name, and the name's image.
type slot struct {
	image
	number int32
}

// image stands for a name. Different names of up to 16 bytes have different images; longer ones have a and their size in common with
// few others.
type image struct {
	a, b uint64
	size int32
}

var seed = maphash.MakeSeed()

// salt keeps those who write files from choosing names that meet in the same slots.
var salt = [2]uint64{maphash.String(seed, "a") | 1, maphash.String(seed, "b") | 1}

func imageOf(name []byte) image {
	n := len(name)
	switch {
	case n > 16:
		return image{maphash.Bytes(seed, name), 0, int32(n)}
	case n >= 8:
		return image{binary.LittleEndian.Uint64(name), binary.LittleEndian.Uint64(name[n-8:]), int32(n)}
	case n >= 4:
		return image{uint64(binary.LittleEndian.Uint32(name)), uint64(binary.LittleEndian.Uint32(name[n-4:])), int32(n)}
	case n > 0:
		return image{uint64(name[0]) | uint64(name[n/2])<<8 | uint64(name[n-1])<<16, 0, int32(n)}
	}
	return image{}
}

func (m image) hash() uint64 {
	hi, lo := bits.Mul64(m.a^salt[0], m.b^salt[1]^uint64(m.size))
	return (hi ^ lo) * 0x9e3779b97f4a7c15 >> 20
}

// find returns the number of a name, -1 where it is not there.
func (x *index) find(name []byte) int {
	if x.inTurn && x.next < len(x.name) && bytes.Equal(x.name[x.next], name) {
		x.next++
		return x.next - 1
	}
	if len(x.slots) == 0 {
		return -1
	}
	m := imageOf(name)
	mask := uint64(len(x.slots) - 1)
	for k := m.hash() & mask; ; k = (k + 1) & mask {
		s := &x.slots[k]
		if s.number == 0 {
			return -1
		}
		if s.image == m && (m.size <= 16 || bytes.Equal(x.name[s.number-1], name)) {
			x.inTurn = x.next == int(s.number-1)
			x.next = int(s.number)
			return x.next - 1
		}
	}
}

// add enters a name and returns its number, or the number that it has already.
func (x *index) add(name []byte) (number int, fresh bool) {
	if 3*len(x.name) >= 2*len(x.slots) {
		x.resize(max(64, 2*len(x.slots)))
	}
	if number = x.enter(name, len(x.name)); number == len(x.name) {
		x.name = push(x.name, name)
		return number, true
	}
	return number, false
}

// enter puts a name with a number into its slot, and returns the number that it has already where it is there.
func (x *index) enter(name []byte, number int) int {
	m := imageOf(name)
	mask := uint64(len(x.slots) - 1)
	k := m.hash() & mask
	for ; x.slots[k].number != 0; k = (k + 1) & mask {
		if s := &x.slots[k]; s.image == m && (m.size <= 16 || bytes.Equal(x.name[s.number-1], name)) {
			return int(s.number - 1)
		}
	}
	x.slots[k] = slot{m, int32(number + 1)}
	return number
}

// index makes the slots of all names at once. Where a name comes twice, it returns the number of the second.
func (x *index) index() (again int, ok bool) {
	x.slots = nil
	x.resize(slotsFor(len(x.name)))
	for k, name := range x.name {
		if x.enter(name, k) != k {
			return k, false
		}
	}
	return 0, true
}

// room makes room for n names at once.
func (x *index) room(n int) {
	x.name = make([][]byte, 0, n)
	x.resize(slotsFor(n))
}

func slotsFor(n int) int {
	slots := 64
	for 2*slots <= 3*n {
		slots *= 2
	}
	return slots
}

func (x *index) resize(slots int) {
	old := x.slots
	x.slots = make([]slot, slots)
	mask := uint64(len(x.slots) - 1)
	for _, s := range old {
		if s.number == 0 {
			continue
		}
		k := s.hash() & mask
		for x.slots[k].number != 0 {
			k = (k + 1) & mask
		}
		x.slots[k] = s
	}
}

// push is append that doubles the room: less is copied, and left behind, than where it grows by a quarter.
func push[T any](s []T, v T) []T {
	if len(s) == cap(s) {
		s = slices.Grow(s, max(16, len(s)))
	}
	return append(s, v)
}
