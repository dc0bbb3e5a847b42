package mpsaux

// maxFields is the number of fields of a line that are kept; a line of MPS has six at most.
const maxFields = 8

// scanner takes a file apart: into lines, and these into fields. Fields are slices of the file; nothing is allocated.
type scanner struct {
	file  string
	text  []byte
	pos   int // where the next line starts
	line  int // number of the current line
	fixed bool

	from, to int // the current line, without its end
	indented bool
	field    [maxFields][]byte
	n        int // number of fields, also of those that are not kept
}

// next goes to the next line that is neither empty nor a comment and finds its fields; it is false at the end of the file. A comment
// starts with a star.
func (s *scanner) next() bool {
	text := s.text
	for s.pos < len(text) {
		i := s.pos
		s.from = i
		s.line++
		n := 0
		for i < len(text) {
			c := text[i]
			if c > ' ' {
				start := i
				for i++; i < len(text) && text[i] > ' '; i++ {
				}
				if n < maxFields {
					s.field[n] = text[start:i]
				}
				n++
				continue
			}
			if c == '\n' {
				break
			}
			i++
		}
		s.to = i
		s.pos = min(i+1, len(text))
		if n == 0 || s.field[0][0] == '*' {
			continue
		}
		s.n = n
		s.indented = text[s.from] <= ' '
		return true
	}
	s.n = 0
	s.line++
	return false
}

// The columns of the fixed layout, from 0: where each field starts and ends.
var columns = [...]struct{ from, to int }{{1, 3}, {4, 12}, {14, 22}, {24, 36}, {39, 47}, {49, 61}}

// byColumns finds the fields of the current line again, by the columns of the fixed layout; it is false where something stands between
// them. The first number may reach into what follows where nothing else does, and the last one to the end of the line. A dollar sign at the
// start of the third or fifth field makes the rest of the line a comment.
func (s *scanner) byColumns() bool {
	line := s.text[s.from:s.to]
	for len(line) > 0 && line[len(line)-1] <= ' ' {
		line = line[:len(line)-1]
	}
	s.n = 0
	at := 0
	for k, c := range columns {
		if len(line) <= at {
			break
		}
		if !blank(line[at:min(c.from, len(line))]) {
			return false
		}
		if len(line) <= c.from {
			break
		}
		to := min(c.to, len(line))
		if k == 5 || k == 3 && oneWord(line[c.from:]) {
			to = len(line)
		}
		f := trim(line[c.from:to])
		if (k == 2 || k == 4) && len(f) > 0 && f[0] == '$' {
			break
		}
		if len(f) > 0 {
			s.field[s.n] = f
			s.n++
		}
		at = to
	}
	return s.n > 0
}

func blank(b []byte) bool {
	for _, c := range b {
		if c != ' ' {
			return false
		}
	}
	return true
}

// oneWord reports whether b has one word at most.
func oneWord(b []byte) bool {
	b = trim(b)
	for _, c := range b {
		if c <= ' ' {
			return false
		}
	}
	return true
}

// trim takes away blanks at both ends.
func trim(b []byte) []byte {
	for len(b) > 0 && b[0] <= ' ' {
		b = b[1:]
	}
	for len(b) > 0 && b[len(b)-1] <= ' ' {
		b = b[:len(b)-1]
	}
	return b
}

// fail is an error on the current line; word is what is at fault, nil where it is not one word.
func (s *scanner) fail(word []byte, remedy, reason string) error {
	return &Error{File: s.file, Line: s.line, Token: string(word), Reason: reason, Remedy: remedy}
}

// unsupported is an error on the current line that says that a model cannot hold what the file asks for.
func (s *scanner) unsupported(word []byte, remedy, reason string) error {
	return &Error{File: s.file, Line: s.line, Token: string(word), Reason: reason, Remedy: remedy, Err: ErrUnsupported}
}
