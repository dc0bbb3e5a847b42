package modfile

import (
	"bytes"
	"math"
	"strconv"
	"unicode/utf8"
	"unsafe"
)

// scanner cuts a text into tokens. The parser asks for tokens of the model section (next) or for items of a data section (nextItem);
// both start where the last one ended, so that the two ways of reading can alternate.
type scanner struct {
	src  *source
	text []byte
	off  int

	words map[string]string                     // names seen, so that each is one string
	fail  func(p pos, message, expected string) // reports a mistake and does not return
}

func (s *scanner) pos() pos { return s.src.base + pos(s.off) }

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' || c == '_' }
func isDigit(c byte) bool  { return c >= '0' && c <= '9' }

// skipSpace passes blanks and comments.
func (s *scanner) skipSpace() {
	for s.off < len(s.text) {
		switch c := s.text[s.off]; {
		case c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v':
			s.off++
		case c == '#':
			if k := bytes.IndexByte(s.text[s.off:], '\n'); k >= 0 {
				s.off += k + 1
			} else {
				s.off = len(s.text)
			}
		case c == '/' && s.off+1 < len(s.text) && s.text[s.off+1] == '*':
			k := bytes.Index(s.text[s.off+2:], []byte("*/"))
			if k < 0 {
				at := s.pos()
				s.off = len(s.text)
				s.fail(at, "a comment is not closed", "'*/' before the end of the file")
			}
			s.off += k + 4
		case c == 0xef && bytes.HasPrefix(s.text[s.off:], []byte("\xef\xbb\xbf")) && s.off == 0:
			s.off += 3 // byte order mark
		default:
			return
		}
	}
}

// next returns the next token of the model section.
func (s *scanner) next() token {
	s.skipSpace()
	t := token{pos: s.pos()}
	if s.off >= len(s.text) {
		t.end = t.pos
		return t
	}
	switch c := s.text[s.off]; {
	case isLetter(c):
		t.kind, t.text = tokName, s.word()
	case isDigit(c) || c == '.' && s.off+1 < len(s.text) && isDigit(s.text[s.off+1]):
		t.kind, t.num = tokNumber, s.number()
	case c == '"' || c == '\'':
		t.kind, t.text = tokString, s.quoted("a string")
	case c == '`':
		t.kind, t.text = tokQuotedName, s.quoted("a name in backquotes")
		if t.text == "" {
			s.fail(t.pos, "a name in backquotes is empty", "")
		}
	default:
		t.kind = s.operator()
	}
	t.end = s.pos()
	return t
}

// word scans a name; "s.t." counts as one.
func (s *scanner) word() string {
	start := s.off
	for s.off < len(s.text) && (isLetter(s.text[s.off]) || isDigit(s.text[s.off])) {
		s.off++
	}
	if s.off == start+1 && s.text[start] == 's' && bytes.HasPrefix(s.text[s.off:], []byte(".t.")) {
		s.off += 3
	}
	word, ok := s.words[string(s.text[start:s.off])]
	if !ok {
		word = string(s.text[start:s.off])
		s.words[word] = word
	}
	return word
}

// number scans an unsigned number. A point that belongs to ".." is left alone, and so is an "e" without an exponent.
func (s *scanner) number() float64 {
	start := s.off
	at := func(k int) byte {
		if k < len(s.text) {
			return s.text[k]
		}
		return 0
	}
	for isDigit(at(s.off)) {
		s.off++
	}
	if at(s.off) == '.' && at(s.off+1) != '.' {
		s.off++
		for isDigit(at(s.off)) {
			s.off++
		}
	}
	if c := at(s.off); c == 'e' || c == 'E' || c == 'd' || c == 'D' {
		k := s.off + 1
		if at(k) == '+' || at(k) == '-' {
			k++
		}
		if isDigit(at(k)) {
			for isDigit(at(k)) {
				k++
			}
			s.off = k
		}
	}
	v, ok := parseNumber(s.text[start:s.off])
	if !ok {
		s.fail(s.src.base+pos(start), "the number "+shorten(string(s.text[start:s.off]))+" is too large", "a number of at most 1.7976931348623157e308, or Infinity for no bound")
	}
	return v
}

var tens = [...]float64{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22}

// parseNumber converts a number as a data item may write it, sign included. It is false for anything else, and for numbers that overflow.
// Numbers of up to 15 digits and small exponents, nearly all, are converted by one exact multiplication or division.
func parseNumber(b []byte) (float64, bool) {
	i, n := 0, len(b)
	neg := false
	if i < n && (b[i] == '-' || b[i] == '+') {
		neg = b[i] == '-'
		i++
	}
	mant, digits, frac := uint64(0), 0, 0
	seen := false
	for ; i < n && isDigit(b[i]); i++ {
		seen = true
		if digits < 18 {
			mant = mant*10 + uint64(b[i]-'0')
		}
		if mant > 0 {
			digits++
		}
	}
	if i < n && b[i] == '.' {
		for i++; i < n && isDigit(b[i]); i++ {
			seen = true
			if digits < 18 {
				mant = mant*10 + uint64(b[i]-'0')
			}
			if mant > 0 {
				digits++
			}
			frac++
		}
	}
	if !seen {
		return 0, false
	}
	exp := 0
	if i < n {
		c := b[i] | 0x20
		if c != 'e' && c != 'd' {
			return 0, false
		}
		i++
		eneg := false
		if i < n && (b[i] == '-' || b[i] == '+') {
			eneg = b[i] == '-'
			i++
		}
		if i >= n {
			return 0, false
		}
		for ; i < n; i++ {
			if !isDigit(b[i]) {
				return 0, false
			}
			if exp < 100000 {
				exp = exp*10 + int(b[i]-'0')
			}
		}
		if eneg {
			exp = -exp
		}
	}
	if e := exp - frac; digits <= 15 && e >= -22 && e <= 22 {
		v := float64(mant)
		if e < 0 {
			v /= tens[-e]
		} else {
			v *= tens[e]
		}
		if neg {
			v = -v
		}
		return v, true
	}
	text := unsafe.String(&b[0], n)
	if k := bytes.IndexAny(b, "dD"); k >= 0 {
		c := bytes.Clone(b)
		c[k] = 'e'
		text = string(c)
	}
	v, err := strconv.ParseFloat(text, 64)
	if err != nil && math.IsInf(v, 0) {
		return v, false
	}
	return v, err == nil
}

// quoted scans a text between quotes; the quote itself is written twice inside.
func (s *scanner) quoted(what string) string {
	start, q := s.pos(), s.text[s.off]
	s.off++
	var out []byte
	for {
		k := bytes.IndexByte(s.text[s.off:], q)
		nl := bytes.IndexByte(s.text[s.off:], '\n')
		if k < 0 || nl >= 0 && nl < k {
			if nl >= 0 {
				s.off += nl
			} else {
				s.off = len(s.text)
			}
			s.fail(start, what+" is not closed on its line", "a closing "+string(q))
		}
		out = append(out, s.text[s.off:s.off+k]...)
		s.off += k + 1
		if s.off < len(s.text) && s.text[s.off] == q {
			out = append(out, q)
			s.off++
			continue
		}
		return string(out)
	}
}

// operator scans an operator or a mark of punctuation.
func (s *scanner) operator() tokenKind {
	c := s.text[s.off]
	two := byte(0)
	if s.off+1 < len(s.text) {
		two = s.text[s.off+1]
	}
	take := func(n int, k tokenKind) tokenKind { s.off += n; return k }
	switch c {
	case ':':
		if two == '=' {
			return take(2, tokAssign)
		}
		return take(1, tokColon)
	case ';':
		return take(1, tokSemicolon)
	case ',':
		return take(1, tokComma)
	case '(':
		return take(1, tokLParen)
	case ')':
		return take(1, tokRParen)
	case '[':
		return take(1, tokLBracket)
	case ']':
		return take(1, tokRBracket)
	case '{':
		return take(1, tokLBrace)
	case '}':
		return take(1, tokRBrace)
	case '+':
		return take(1, tokPlus)
	case '-':
		return take(1, tokMinus)
	case '*':
		if two == '*' {
			return take(2, tokPower)
		}
		return take(1, tokTimes)
	case '/':
		return take(1, tokDivide)
	case '^':
		return take(1, tokPower)
	case '.':
		if two == '.' {
			return take(2, tokDots)
		}
		return take(1, tokDot)
	case '<':
		switch two {
		case '=':
			return take(2, tokLE)
		case '>':
			return take(2, tokNE)
		}
		return take(1, tokLT)
	case '>':
		if two == '=' {
			return take(2, tokGE)
		}
		return take(1, tokGT)
	case '=':
		if two == '=' {
			if s.off+2 < len(s.text) && s.text[s.off+2] == '>' {
				return take(3, tokImplies)
			}
			return take(2, tokEQ)
		}
		return take(1, tokEQ)
	case '!':
		if two == '=' {
			return take(2, tokNE)
		}
		return take(1, tokNot)
	case '&':
		if two == '&' {
			return take(2, tokAnd)
		}
	case '|':
		if two == '|' {
			return take(2, tokOr)
		}
	}
	at := s.pos()
	r, size := utf8.DecodeRune(s.text[s.off:])
	s.off += size
	s.fail(at, "the character "+strconv.QuoteRune(r)+" has no meaning here", "")
	return tokEOF
}

// skipStatement passes a statement that is not read, up to and including its semicolon, minding strings and comments.
func (s *scanner) skipStatement() {
	for {
		s.skipSpace()
		if s.off >= len(s.text) {
			return
		}
		switch c := s.text[s.off]; c {
		case ';':
			s.off++
			return
		case '"', '\'':
			s.quoted("a string")
		default:
			s.off++
		}
	}
}

// formatNumber writes a number in the fewest digits that read back to it.
func formatNumber(v float64) string {
	switch {
	case math.IsInf(v, 1):
		return "Infinity"
	case math.IsInf(v, -1):
		return "-Infinity"
	case v == math.Trunc(v) && math.Abs(v) < 1e15:
		return strconv.FormatInt(int64(v), 10)
	}
	return strconv.FormatFloat(v, 'g', -1, 64)
}
