package nl

import (
	"encoding/binary"
	"strings"
)

// header is what the ten lines at the beginning say, as far as it matters here.
type header struct {
	problem                     string
	vars, rows, objectives      int
	curvedBoth, curvedRows      int    // nonlinear variables: of objectives and constraints, of constraints with these
	curvedAll                   int    // of constraints or objectives
	integers                    [3]int // integer ones among the nonlinear variables of both, of constraints only, of objectives only
	binaries, otherInts, common int
}

// readHeader reads the ten lines, which are text in both forms.
func (s *source) readHeader() header {
	var h header
	if !s.textLine() || s.from >= s.to || s.data[s.from] != 'g' && s.data[s.from] != 'b' {
		s.line = 1
		s.fail("not an .nl file: the first line starts neither with g nor with b")
		return h
	}
	form := s.data[s.from]
	comment, _, _ := strings.Cut(string(s.data[s.to:s.pos]), "\n")
	if _, name, ok := strings.Cut(comment, "problem "); ok {
		h.problem = strings.TrimSpace(name)
	}
	var v [6]int
	read := func(least int) {
		v = [6]int{}
		if !s.textLine() {
			s.fail("the header has fewer than ten lines")
			return
		}
		for k := range v {
			if k >= least && !s.skipSpace() {
				return
			}
			if v[k] = s.int(); v[k] < -1 {
				s.fail("the count %d in the header", v[k])
			}
		}
	}
	size := func(n int, what string) int {
		if n < 0 || n > len(s.data) {
			s.fail("%d %s, more than the file has room for", n, what)
			return 0
		}
		return n
	}
	read(3)
	h.vars, h.rows, h.objectives = size(v[0], "variables"), size(v[1], "constraints"), size(v[2], "objectives")
	if v[5] > 0 {
		s.unsupported("write them by binary variables", "%d logical constraints", v[5])
	}
	read(2)
	read(2)
	read(2)
	h.curvedBoth, h.curvedRows, h.curvedAll = max(v[2], 0), size(v[0], "nonlinear variables"), max(v[0], size(v[1], "nonlinear variables"))
	read(2)
	arithmetic := v[2]
	read(2)
	h.binaries, h.otherInts = size(v[0], "binary variables"), size(v[1], "integer variables")
	h.integers = [3]int{max(v[2], 0), max(v[3], 0), max(v[4], 0)}
	read(2)
	read(2)
	read(2)
	for _, n := range v[:5] {
		h.common = size(h.common+size(n, "common expressions"), "common expressions")
	}
	switch {
	case s.err != nil:
		return h
	case h.curvedBoth > h.curvedRows || h.curvedAll > h.vars || h.binaries+h.otherInts > h.vars-h.curvedAll:
		s.fail("the header counts more nonlinear or integer variables than there are variables")
	case form == 'g':
	case arithmetic == 0 || arithmetic == 1:
		s.binary, s.order = true, binary.LittleEndian
	case arithmetic == 2:
		s.binary, s.order = true, binary.BigEndian
	default:
		s.unsupported("write the text form", "a binary file with numbers of kind %d", arithmetic)
	}
	return h
}

// integer reports whether variable j of the file's order is an integer one.
func (h *header) integer(j int) bool {
	last := func(from, to, n int) bool { return j < to && j >= max(from, to-n) }
	switch {
	case j < h.curvedBoth:
		return last(0, h.curvedBoth, h.integers[0])
	case j < h.curvedRows:
		return last(h.curvedBoth, h.curvedRows, h.integers[1])
	case j < h.curvedAll:
		return last(h.curvedRows, h.curvedAll, h.integers[2])
	}
	return j >= h.vars-h.binaries-h.otherInts
}

// binaryVar reports whether it is one of those that the header counts as binary.
func (h *header) binaryVar(j int) bool {
	return j >= h.vars-h.binaries-h.otherInts && j < h.vars-h.otherInts
}
