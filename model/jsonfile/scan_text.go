package jsonfile

import (
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// str reads a text.
func (s *scanner) str() string {
	if !s.expect('"', "a text in quotes") {
		return ""
	}
	from := s.pos
	s.plain()
	b := s.data[from:s.pos]
	own := false // b is a copy, and no longer a part of the file
	for s.pos < len(s.data) {
		switch c := s.data[s.pos]; {
		case c == '"':
			s.pos++
			if !utf8.Valid(b) {
				s.fail(from, "a text that is not valid UTF-8", "write the file in UTF-8")
			}
			return string(b)
		case c < ' ':
			s.fail(s.pos, "a control character in a text", `write it as \u and four digits`)
			return ""
		}
		r, ok := s.escape()
		if !ok {
			s.fail(s.pos, "an escape that JSON does not have", `use \" \\ \/ \b \f \n \r \t or \u and four digits`)
			return ""
		}
		if !own {
			b, own = append([]byte(nil), b...), true
		}
		b = utf8.AppendRune(b, r)
		at := s.pos
		s.plain()
		b = append(b, s.data[at:s.pos]...)
	}
	s.fail(from, "a text without end", `close it by "`)
	return ""
}

// plain skips what stands for itself in a text.
func (s *scanner) plain() {
	for s.pos < len(s.data) && s.data[s.pos] != '"' && s.data[s.pos] != '\\' && s.data[s.pos] >= ' ' {
		s.pos++
	}
}

// escape reads what stands after a backslash.
func (s *scanner) escape() (rune, bool) {
	rest := s.data[s.pos+1:]
	if len(rest) == 0 {
		return 0, false
	}
	if k := strings.IndexByte(`"\/bfnrt`, rest[0]); k >= 0 {
		s.pos += 2
		return rune("\"\\/\b\f\n\r\t"[k]), true
	}
	r, ok := hex(rest)
	if !ok {
		return 0, false
	}
	s.pos += 6
	if utf16.IsSurrogate(r) {
		if len(rest) > 6 && rest[5] == '\\' {
			if low, ok := hex(rest[6:]); ok {
				if whole := utf16.DecodeRune(r, low); whole != utf8.RuneError {
					s.pos += 6
					return whole, true
				}
			}
		}
		return utf8.RuneError, true
	}
	return r, true
}

// hex reads u and four digits.
func hex(b []byte) (rune, bool) {
	if len(b) < 5 || b[0] != 'u' {
		return 0, false
	}
	v, err := strconv.ParseUint(string(b[1:5]), 16, 32)
	return rune(v), err == nil && b[1] != '+'
}
