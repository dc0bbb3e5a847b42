package modfile

// tokenKind is the kind of a token.
type tokenKind uint8

const (
	tokEOF tokenKind = iota
	tokName
	tokQuotedName // a name in backquotes
	tokNumber
	tokString
	tokAssign    // :=
	tokColon     // :
	tokSemicolon // ;
	tokComma     // ,
	tokLParen    // (
	tokRParen    // )
	tokLBracket  // [
	tokRBracket  // ]
	tokLBrace    // {
	tokRBrace    // }
	tokPlus      // +
	tokMinus     // -
	tokTimes     // *
	tokDivide    // /
	tokPower     // ^ or **
	tokDots      // ..
	tokDot       // .
	tokLT        // <
	tokLE        // <=
	tokEQ        // = or ==
	tokNE        // <> or !=
	tokGE        // >=
	tokGT        // >
	tokAnd       // && (the word is a name)
	tokOr        // ||
	tokNot       // !
	tokImplies   // ==>
)

var tokenNames = [...]string{
	tokEOF: "the end of the file", tokName: "a name", tokQuotedName: "a name", tokNumber: "a number", tokString: "a string",
	tokAssign: "':='", tokColon: "':'", tokSemicolon: "';'", tokComma: "','", tokLParen: "'('", tokRParen: "')'",
	tokLBracket: "'['", tokRBracket: "']'", tokLBrace: "'{'", tokRBrace: "'}'", tokPlus: "'+'", tokMinus: "'-'",
	tokTimes: "'*'", tokDivide: "'/'", tokPower: "'^'", tokDots: "'..'", tokDot: "'.'", tokLT: "'<'", tokLE: "'<='",
	tokEQ: "'='", tokNE: "'<>'", tokGE: "'>='", tokGT: "'>'", tokAnd: "'&&'", tokOr: "'||'", tokNot: "'!'", tokImplies: "'==>'",
}

func (k tokenKind) String() string { return tokenNames[k] }

// token is a token of the model section. text is the name or the value of the string; num the value of a number.
type token struct {
	kind tokenKind
	pos  pos
	end  pos
	text string
	num  float64
}

// is reports whether the token is the given unquoted word.
func (t token) is(word string) bool { return t.kind == tokName && t.text == word }

// what describes the token in a message.
func (t token) what() string {
	switch t.kind {
	case tokName, tokQuotedName:
		return "'" + shorten(t.text) + "'"
	case tokNumber:
		return "the number " + formatNumber(t.num)
	case tokString:
		return "the string \"" + shorten(t.text) + "\""
	}
	return t.kind.String()
}

func shorten(s string) string {
	if len(s) > 40 {
		return s[:37] + "..."
	}
	return s
}

// reserved are the words that cannot be names of things in a model. Words that stand only between operands or after a declaration may
// be names (MacMPEC has an objective called diff), and so may upper and lower.
var reserved = map[string]bool{
	"set": true, "param": true, "var": true, "minimize": true, "maximize": true, "subject": true, "subj": true, "s.t.": true,
	"complements": true, "data": true, "model": true, "end": true, "let": true, "fix": true, "unfix": true, "for": true, "check": true,
	"if": true, "then": true, "else": true, "and": true, "or": true, "not": true, "in": true, "within": true, "default": true,
	"setof": true, "sum": true, "prod": true, "exists": true, "forall": true, "integer": true, "binary": true,
}
