package branch

import "github.com/gobilevel/bilevel/backends/highs"

// packedBasis is a basis in two bits a column and row, as open nodes keep it: a tree has many of them.
type packedBasis struct {
	cols, rows int32
	bits       []byte // four statuses a byte, columns first
}

// pack returns nil where a status does not fit in two bits; the node then starts from whatever basis is at hand.
func pack(b highs.Basis) *packedBasis {
	p := &packedBasis{cols: int32(len(b.Cols)), rows: int32(len(b.Rows)), bits: make([]byte, (len(b.Cols)+len(b.Rows)+3)/4)}
	k := 0
	for _, list := range [2][]uint8{b.Cols, b.Rows} {
		for _, s := range list {
			if s > 3 {
				return nil
			}
			p.bits[k>>2] |= s << (2 * (k & 3))
			k++
		}
	}
	return p
}

// unpack writes the basis into reuse.
func (p *packedBasis) unpack(reuse highs.Basis) highs.Basis {
	k := 0
	read := func(s []uint8, n int) []uint8 {
		if cap(s) < n {
			s = make([]uint8, n)
		}
		s = s[:n]
		for i := range s {
			s[i] = p.bits[k>>2] >> (2 * (k & 3)) & 3
			k++
		}
		return s
	}
	reuse.Cols = read(reuse.Cols, int(p.cols))
	reuse.Rows = read(reuse.Rows, int(p.rows))
	return reuse
}
