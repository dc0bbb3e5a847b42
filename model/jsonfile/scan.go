package jsonfile

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
)

// scanner reads the values of a JSON text one after another, in the order in which they are asked for. The first error sticks: from then
// on every value is zero and every list at its end.
type scanner struct {
	file string
	data []byte
	pos  int
	path []step
	err  error
}

// step is a member of an object, or an entry of a list.
type step struct {
	key string
	at  int // where key is ""
}

// place writes where the scanner is.
func (s *scanner) place() string {
	var b strings.Builder
	for _, p := range s.path {
		switch {
		case p.key == "":
			fmt.Fprintf(&b, "[%d]", p.at)
		case b.Len() > 0:
			b.WriteString("." + shorten(p.key))
		default:
			b.WriteString(shorten(p.key))
		}
	}
	return b.String()
}

// shorten cuts a text of the file for a message.
func shorten(text string) string {
	if len(text) > 60 {
		text = text[:57] + "..."
	}
	if q := strconv.Quote(text); q != `"`+text+`"` {
		return q
	}
	return text
}

// failAt reports an error at a byte.
func (s *scanner) failAt(pos int, place, reason, remedy string) {
	if s.err != nil {
		return
	}
	before := s.data[:min(pos, len(s.data))]
	line := bytes.Count(before, []byte("\n")) + 1
	column := len(before) - bytes.LastIndexByte(before, '\n')
	s.err = &Error{File: s.file, Line: line, Column: column, Place: place, Reason: reason, Remedy: remedy}
}

func (s *scanner) fail(pos int, reason, remedy string) { s.failAt(pos, s.place(), reason, remedy) }

// peek skips white space and returns the next byte, 0 at the end and after an error.
func (s *scanner) peek() byte {
	if s.err != nil {
		return 0
	}
	for s.pos < len(s.data) {
		switch c := s.data[s.pos]; c {
		case ' ', '\t', '\n', '\r':
			s.pos++
		default:
			return c
		}
	}
	return 0
}

// found describes what stands at the scanner.
func (s *scanner) found() string {
	c := s.peek()
	switch {
	case s.pos >= len(s.data):
		return "the end of the file"
	case c == '{':
		return "an object"
	case c == '[':
		return "a list"
	case c == '"':
		return "a text"
	case c == 't' || c == 'f':
		return "true or false"
	case c == 'n':
		return "null"
	case c == '-' || c >= '0' && c <= '9':
		return "a number"
	}
	return strconv.QuoteRune(rune(c))
}

func (s *scanner) expect(c byte, want string) bool {
	if s.peek() != c {
		if s.err == nil {
			s.fail(s.pos, s.found()+" where "+want+" is expected", "")
		}
		return false
	}
	s.pos++
	return true
}

// object reads an object. member reads the value of a member, and reports whether it knows the key.
func (s *scanner) object(keys string, member func(key string) bool) {
	if !s.expect('{', "an object") {
		return
	}
	var seen []string
	for first := true; s.err == nil; first = false {
		if s.peek() == '}' {
			s.pos++
			return
		}
		if !first && !s.expect(',', "a comma or }") {
			return
		}
		s.peek()
		at := s.pos
		key := s.str()
		for _, k := range seen {
			if k == key {
				s.fail(at, "the member "+shorten(key)+" stands there twice", "keep one")
			}
		}
		seen = append(seen, key)
		if !s.expect(':', "a colon") {
			return
		}
		s.path = append(s.path, step{key: key})
		if !member(key) {
			s.path = s.path[:len(s.path)-1]
			s.fail(at, "unknown member "+shorten(key), "it may have "+keys)
			return
		}
		s.path = s.path[:len(s.path)-1]
	}
}

// list reads a list.
func (s *scanner) list(entry func(i int)) {
	if !s.expect('[', "a list") {
		return
	}
	for i := 0; s.err == nil; i++ {
		if s.peek() == ']' {
			s.pos++
			return
		}
		if i > 0 && !s.expect(',', "a comma or ]") {
			return
		}
		s.path = append(s.path, step{at: i})
		entry(i)
		s.path = s.path[:len(s.path)-1]
	}
}

// tuple reads a list of just so many values.
func (s *scanner) tuple(what string, read ...func()) {
	s.peek()
	at := s.pos
	n := 0
	s.list(func(i int) {
		if i < len(read) {
			read[i]()
			n++
			return
		}
		s.fail(s.pos, "a value too many", "write "+what)
	})
	if n < len(read) {
		s.fail(at, fmt.Sprintf("%d values where %d are expected", n, len(read)), "write "+what)
	}
}

func (s *scanner) boolean() bool {
	if s.peek(); s.err != nil {
		return false
	}
	rest := s.data[s.pos:]
	if bytes.HasPrefix(rest, []byte("true")) {
		s.pos += len("true")
		return true
	}
	if bytes.HasPrefix(rest, []byte("false")) {
		s.pos += len("false")
		return false
	}
	s.fail(s.pos, s.found()+" where true or false is expected", "")
	return false
}

// number returns the text of a number as JSON has it.
func (s *scanner) number() (text string, at int) {
	c := s.peek()
	at = s.pos
	if c != '-' && (c < '0' || c > '9') {
		if s.err == nil {
			s.fail(at, s.found()+" where a number is expected", "")
		}
		return "0", at
	}
	for s.pos < len(s.data) {
		switch c := s.data[s.pos]; {
		case c >= '0' && c <= '9', c == '-', c == '+', c == '.', c == 'e', c == 'E':
			s.pos++
			continue
		}
		break
	}
	text = string(s.data[at:s.pos])
	if !isNumber(text) {
		s.fail(at, shorten(text)+" is not a number", "")
		return "0", at
	}
	return text, at
}

// isNumber reports whether a text of digits, signs, points and exponents is a number of JSON.
func isNumber(text string) bool {
	digits := func() bool {
		n := 0
		for n < len(text) && text[n] >= '0' && text[n] <= '9' {
			n++
		}
		text = text[n:]
		return n > 0
	}
	text = strings.TrimPrefix(text, "-")
	if len(text) > 1 && text[0] == '0' && text[1] >= '0' && text[1] <= '9' || !digits() {
		return false
	}
	if strings.HasPrefix(text, ".") {
		if text = text[1:]; !digits() {
			return false
		}
	}
	if text != "" && (text[0] == 'e' || text[0] == 'E') {
		text = text[1:]
		if text != "" && (text[0] == '-' || text[0] == '+') {
			text = text[1:]
		}
		if !digits() {
			return false
		}
	}
	return text == ""
}

// real reads a finite number.
func (s *scanner) real() float64 {
	text, at := s.number()
	v, err := strconv.ParseFloat(text, 64)
	if err != nil {
		s.fail(at, shorten(text)+" is beyond the range of numbers", "leave a bound out where there is none")
		return 0
	}
	return v
}

// whole reads an integer between lo and hi.
func (s *scanner) whole(lo, hi int) int {
	text, at := s.number()
	v, err := strconv.Atoi(text)
	if s.err != nil {
		return lo
	}
	if err != nil || v < lo || v > hi {
		s.fail(at, shorten(text)+fmt.Sprintf(" is not an integer between %d and %d", lo, hi), "")
		return lo
	}
	return v
}
