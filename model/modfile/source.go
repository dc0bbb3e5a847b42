package modfile

import (
	"bytes"
	"unicode/utf8"
)

// source is one file that was read. Positions in it are pos = base + byte offset, so that one number tells file and place.
type source struct {
	name string
	text []byte
	base pos
}

// pos is a place in one of the files of a reading; noPos is none.
type pos int

const noPos pos = -1

// sources are the files of a reading in order of their bases.
type sources []*source

// add registers a text and returns its source.
func (s *sources) add(name string, text []byte) *source {
	base := pos(0)
	if n := len(*s); n > 0 {
		last := (*s)[n-1]
		base = last.base + pos(len(last.text)) + 1
	}
	src := &source{name: name, text: text, base: base}
	*s = append(*s, src)
	return src
}

func (s sources) find(p pos) *source {
	for i := len(s) - 1; i >= 0; i-- {
		if s[i].base <= p {
			return s[i]
		}
	}
	return nil
}

// locate gives the file, line, column and text of the line of a position.
func (s sources) locate(p pos) (file string, line, column int, text string) {
	src := s.find(p)
	if src == nil || p < 0 {
		return "", 0, 0, ""
	}
	off := min(int(p-src.base), len(src.text))
	start := bytes.LastIndexByte(src.text[:off], '\n') + 1
	end := len(src.text)
	if k := bytes.IndexByte(src.text[off:], '\n'); k >= 0 {
		end = off + k
	}
	line = bytes.Count(src.text[:start], []byte{'\n'}) + 1
	column = utf8.RuneCount(src.text[start:off]) + 1
	return src.name, line, column, string(bytes.TrimRight(src.text[start:end], "\r"))
}

// errorAt makes the error of a place.
func (s sources) errorAt(p pos, message, expected string) *Error {
	e := &Error{Message: message, Expected: expected}
	e.File, e.Line, e.Column, e.SourceLine = s.locate(p)
	return e
}
