package nl

import (
	"encoding/binary"
	"fmt"
	"math"
	"strconv"
)

// source gives the elements of a file one by one. In the text form a line starts by row or letter, and int, float, char and word take what
// stands on it; in the binary form elements follow each other. The first error sticks, and everything after it is zero.
type source struct {
	file   string
	data   []byte
	pos    int
	err    error
	binary bool
	order  binary.ByteOrder

	line     int // of the text form
	from, to int // what is left of the current line, without its comment
	at       int // where the last element began, for errors
}

// fail notes an error at the last element.
func (s *source) fail(format string, args ...any) { s.failure(nil, "", format, args...) }

// unsupported notes that the file asks for what a model cannot hold.
func (s *source) unsupported(remedy, format string, args ...any) {
	s.failure(ErrUnsupported, remedy, format, args...)
}

func (s *source) failure(cause error, remedy, format string, args ...any) {
	if s.err == nil {
		e := &Error{File: s.file, Offset: s.at, Reason: fmt.Sprintf(format, args...), Remedy: remedy, Err: cause}
		if !s.binary {
			e.Line = s.line
		}
		s.err = e
	}
}

// textLine goes to the next line of text, whatever the form; it is false at the end of the file.
func (s *source) textLine() bool {
	if s.pos >= len(s.data) || s.err != nil {
		s.from, s.to = s.pos, s.pos
		return false
	}
	s.line++
	s.from, s.at = s.pos, s.pos
	s.to = -1
	for k := s.pos; ; k++ {
		if k == len(s.data) || s.data[k] == '\n' {
			s.pos = min(k+1, len(s.data))
			if s.to < 0 {
				s.to = k
			}
			return true
		}
		if s.data[k] == '#' && s.to < 0 {
			s.to = k
		}
	}
}

// row goes to the next line that is not empty.
func (s *source) row() {
	if s.binary {
		return
	}
	for {
		if !s.textLine() {
			s.at = s.pos
			s.fail("the file ends where more was to come")
			return
		}
		if s.skipSpace() {
			return
		}
	}
}

// letter is the letter of the next segment or element, 0 at the end of the file.
func (s *source) letter() byte {
	if s.binary {
		s.at = s.pos
		if s.pos >= len(s.data) || s.err != nil {
			return 0
		}
		s.pos++
		return s.data[s.pos-1]
	}
	for s.textLine() {
		if s.skipSpace() {
			s.at = s.from
			s.from++
			return s.data[s.at]
		}
	}
	return 0
}

// skipSpace reports whether something is left of the line.
func (s *source) skipSpace() bool {
	for s.from < s.to {
		switch s.data[s.from] {
		case ' ', '\t', '\r', '\f', '\v':
			s.from++
		default:
			return true
		}
	}
	return false
}

// field is the next word of the line; empty where the line has no more.
func (s *source) field() []byte {
	s.skipSpace()
	s.at = s.from
	k := s.from
	for k < s.to && s.data[k] > ' ' {
		k++
	}
	f := s.data[s.from:k]
	s.from = k
	return f
}

// bytes are the next n bytes of the binary form, nil where it ends before.
func (s *source) bytes(n int) []byte {
	s.at = s.pos
	if s.err != nil || n < 0 || n > len(s.data)-s.pos {
		s.fail("the file ends where more was to come")
		return nil
	}
	s.pos += n
	return s.data[s.pos-n : s.pos]
}

func (s *source) int() int {
	if s.err != nil {
		return 0
	}
	if s.binary {
		if b := s.bytes(4); b != nil {
			return int(int32(s.order.Uint32(b)))
		}
		return 0
	}
	f := s.field()
	v, err := strconv.ParseInt(string(f), 10, 32)
	if err != nil {
		s.fail("%q where an integer was due", f)
		return 0
	}
	return int(v)
}

// index is an integer from 0 to n-1; what says what it counts.
func (s *source) index(n int, what string) int {
	v := s.int()
	if s.err == nil && (v < 0 || v >= n) {
		s.fail("%s %d, of %d", what, v, n)
	}
	if s.err != nil {
		return 0
	}
	return v
}

// count is an integer from 0 on that counts what still has to come in the file, at least one byte each.
func (s *source) count(what string) int {
	v := s.int()
	if s.err == nil && (v < 0 || v > len(s.data)-s.pos) {
		s.fail("%d %s, more than the file has room for", v, what)
	}
	if s.err != nil {
		return 0
	}
	return v
}

func (s *source) float() float64 {
	if s.err != nil {
		return 0
	}
	var v float64
	if s.binary {
		b := s.bytes(8)
		if b == nil {
			return 0
		}
		v = math.Float64frombits(s.order.Uint64(b))
	} else {
		f := s.field()
		var err error
		if v, err = strconv.ParseFloat(string(f), 64); err != nil && !math.IsInf(v, 0) {
			s.fail("%q where a number was due", f)
			return 0
		}
	}
	if math.IsNaN(v) {
		s.fail("a number that is NaN")
		return 0
	}
	return v
}

// short is a 2-byte integer of the binary form.
func (s *source) short() int {
	if !s.binary {
		return s.int()
	}
	if b := s.bytes(2); b != nil {
		return int(int16(s.order.Uint16(b)))
	}
	return 0
}

// char is a character of the line, or a byte.
func (s *source) char() byte {
	if s.err != nil {
		return 0
	}
	if s.binary {
		if b := s.bytes(1); b != nil {
			return b[0]
		}
		return 0
	}
	if !s.skipSpace() {
		s.at = s.from
		s.fail("a line that ends too early")
		return 0
	}
	s.at = s.from
	s.from++
	return s.data[s.at]
}

// word is a name.
func (s *source) word() string {
	if s.err != nil {
		return ""
	}
	if s.binary {
		return string(s.bytes(s.int()))
	}
	return string(s.field())
}
