package modfile

// itemKind is the kind of an item of a data section.
type itemKind uint8

const (
	itemEOF itemKind = iota
	itemNumber
	itemSymbol // a bare or quoted string
	itemDot    // a lone point: no value
	itemStar
	itemPlus
	itemMinus
	itemAssign
	itemColon
	itemSemicolon
	itemLParen
	itemRParen
	itemLBracket
	itemRBracket
)

var itemNames = [...]string{"the end of the file", "a number", "a symbol", "'.'", "'*'", "'+'", "'-'", "':='", "':'", "';'", "'('", "')'", "'['", "']'"}

// item is a token of a data section. Commas are blanks there.
type item struct {
	kind   itemKind
	quoted bool
	pos    pos
	num    float64
	text   []byte // of symbols and numbers, as written
}

func (it item) what() string {
	switch it.kind {
	case itemNumber, itemSymbol:
		return "'" + shorten(string(it.text)) + "'"
	}
	return itemNames[it.kind]
}

// isWord reports whether the item is a given bare word.
func (it item) isWord(word string) bool {
	return it.kind == itemSymbol && !it.quoted && string(it.text) == word
}

// isItemByte tells the characters of a bare number or symbol.
var isItemByte = func() (t [256]bool) {
	for c := range t {
		b := byte(c)
		t[c] = isLetter(b) || isDigit(b) || b == '.' || b == '+' || b == '-' || b >= 0x80
	}
	return t
}()

// nextItem returns the next item of a data section.
func (s *scanner) nextItem() item {
	for {
		s.skipSpace()
		if s.off >= len(s.text) || s.text[s.off] != ',' {
			break
		}
		s.off++
	}
	it := item{pos: s.pos()}
	if s.off >= len(s.text) {
		return it
	}
	c := s.text[s.off]
	if isItemByte[c] {
		start := s.off
		for s.off < len(s.text) && isItemByte[s.text[s.off]] {
			s.off++
		}
		it.text = s.text[start:s.off]
		s.bareItem(&it)
		return it
	}
	s.off++
	switch c {
	case '"', '\'':
		s.off--
		it.kind, it.quoted = itemSymbol, true
		it.text = []byte(s.quoted("a string"))
	case '*':
		it.kind = itemStar
	case ':':
		it.kind = itemColon
		if s.off < len(s.text) && s.text[s.off] == '=' {
			s.off++
			it.kind = itemAssign
		}
	case ';':
		it.kind = itemSemicolon
	case '(':
		it.kind = itemLParen
	case ')':
		it.kind = itemRParen
	case '[':
		it.kind = itemLBracket
	case ']':
		it.kind = itemRBracket
	default:
		s.fail(it.pos, "the character '"+string(rune(c))+"' in a data list", "a number, a symbol (in quotes if it has other characters than letters, digits, _ . + -) or ';'")
	}
	return it
}

// bareItem tells numbers from symbols.
func (s *scanner) bareItem(it *item) {
	c := it.text[0]
	if len(it.text) == 1 {
		switch c {
		case '.':
			it.kind = itemDot
			return
		case '+':
			it.kind = itemPlus
			return
		case '-':
			it.kind = itemMinus
			return
		}
	}
	if isDigit(c) || c == '.' || c == '-' || c == '+' {
		if v, ok := parseNumber(it.text); ok {
			it.kind, it.num = itemNumber, v
			return
		} else if v > 1 || v < -1 {
			s.fail(it.pos, "the number "+shorten(string(it.text))+" is too large", "a number of at most 1.7976931348623157e308, or Infinity for no bound")
		}
		for k := 0; k+1 < len(it.text); k++ {
			if it.text[k] == '.' && it.text[k+1] == '.' {
				s.fail(it.pos, "a range in a data list", "the members one by one, or the range in the declaration of the set")
			}
		}
	}
	switch string(it.text) {
	case "Infinity", "+Infinity":
		it.kind, it.num = itemNumber, inf
	case "-Infinity":
		it.kind, it.num = itemNumber, -inf
	default:
		it.kind = itemSymbol
	}
}
