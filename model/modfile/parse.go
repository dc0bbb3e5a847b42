package modfile

import (
	"sort"
	"strings"

	"github.com/gobilevel/bilevel/internal/nearest"
)

// parser reads statements. It holds one token of lookahead; a mistake unwinds to the statement loop by a panic of bailout.
type parser struct {
	scanner
	f            *File
	tok          token
	ahead        *token // the token after tok, where it was peeked at
	errs         errorList
	depth, links int
	data         bool // in a data section
	player       int  // whose declarations follow
}

type bailout struct{ e *Error }

const (
	maxDepth = 2000    // nesting of an expression
	maxLinks = 100_000 // operators of an expression other than + and -, which may be chained without limit
)

func newParser(f *File, src *source) *parser {
	p := &parser{f: f}
	p.src, p.text, p.words = src, src.text, map[string]string{}
	p.scanner.fail = p.failAt
	return p
}

func (p *parser) failAt(at pos, message, expected string) {
	panic(bailout{p.f.src.errorAt(at, message, expected)})
}

// unexpected reports the token at hand.
func (p *parser) unexpected(where, expected string) {
	p.failAt(p.tok.pos, p.tok.what()+" "+where, expected)
}

func (p *parser) enter() {
	if p.depth++; p.depth > maxDepth {
		p.failAt(p.tok.pos, "the expression is nested too deeply", "fewer parentheses, or a defined variable for a part of it")
	}
}

func (p *parser) leave() { p.depth-- }

func (p *parser) length(at pos) {
	if p.links++; p.links > maxLinks {
		p.failAt(at, "the expression has too many operators", "prod, forall or exists over an indexing, or defined variables for parts of it")
	}
}

func (p *parser) advance() {
	if p.ahead != nil {
		p.tok, p.ahead = *p.ahead, nil
		return
	}
	p.tok = p.next()
}

func (p *parser) peek() token {
	if p.ahead == nil {
		t := p.next()
		p.ahead = &t
	}
	return *p.ahead
}

// rewind sets the scanner back to the start of the token at hand, so that it may be read in another way.
func (p *parser) rewind() {
	p.off = int(p.tok.pos - p.src.base)
	p.ahead = nil
}

func (p *parser) expect(k tokenKind) token {
	t := p.tok
	if t.kind != k {
		p.unexpected("is out of place", k.String())
	}
	p.advance()
	return t
}

func (p *parser) expectWord(word string) {
	if !p.tok.is(word) {
		p.unexpected("is out of place", "'"+word+"'")
	}
	p.advance()
}

// nameToken takes a name, whatever it is.
func (p *parser) nameToken(what string) token {
	if p.tok.kind != tokName && p.tok.kind != tokQuotedName {
		p.unexpected("is out of place", what)
	}
	t := p.tok
	p.advance()
	return t
}

// newName takes the name of something that is declared.
func (p *parser) newName(what string) token {
	if p.tok.kind == tokName && reserved[p.tok.text] {
		p.failAt(p.tok.pos, "the word '"+p.tok.text+"' cannot be a name", what+", or the word in backquotes")
	}
	return p.nameToken(what)
}

// semicolon takes the end of a statement. It may be left out before a closing brace.
func (p *parser) semicolon(expected string) {
	if p.tok.kind == tokRBrace {
		return
	}
	if p.tok.kind != tokSemicolon {
		p.unexpected("is out of place", expected)
	}
	p.advance()
}

// statements reads the whole text.
func (p *parser) statements() {
	p.try(p.advance)
	for p.tok.kind != tokEOF && !p.errs.full() {
		if p.try(func() { p.statement() }) {
			return
		}
	}
}

// try runs one reading step. A mistake is noted, and the text skipped up to the end of the statement. It is true at the end of the file.
func (p *parser) try(step func()) (ended bool) {
	p.depth, p.links = 0, 0
	start := p.tok
	failed := func() (e *Error) {
		defer func() {
			if r := recover(); r != nil {
				b, ok := r.(bailout)
				if !ok {
					panic(r)
				}
				e = b.e
			}
		}()
		step()
		return nil
	}()
	if failed == nil {
		return p.f.ended
	}
	p.errs.add(failed)
	p.resume(start)
	return false
}

// resume continues after the next semicolon, or where a line starts with the keyword of a declaration.
func (p *parser) resume(start token) {
	p.ahead = nil
	if p.tok.kind == tokSemicolon && p.tok.pos >= start.pos && p.off <= int(p.tok.end-p.src.base) {
		p.off = int(p.tok.end - p.src.base)
	} else {
		p.skipQuietly()
	}
	for {
		before := p.off
		ok := func() (ok bool) {
			defer func() {
				if r := recover(); r != nil {
					b, is := r.(bailout)
					if !is {
						panic(r)
					}
					p.errs.add(b.e)
				}
			}()
			for p.tok = p.next(); p.tok.kind == tokRBrace; {
				p.tok = p.next() // the end of a block in which the mistake was
			}
			return true
		}()
		if ok || p.errs.full() {
			if !ok {
				p.tok = token{kind: tokEOF, pos: p.pos()}
			}
			return
		}
		p.skipQuietly()
		if p.off == before {
			p.off++
		}
	}
}

// skipQuietly passes the rest of a statement whatever it holds.
func (p *parser) skipQuietly() {
	for {
		before := p.off
		ok := func() (ok bool) {
			defer func() {
				if r := recover(); r != nil {
					if _, is := r.(bailout); !is {
						panic(r)
					}
				}
			}()
			p.skipStatement()
			return true
		}()
		if ok {
			return
		}
		if p.off == before {
			p.off++
		}
	}
}

// statement reads one statement.
func (p *parser) statement() {
	t := p.tok
	if t.kind == tokSemicolon {
		p.advance()
		return
	}
	if p.sectionStatement() {
		return
	}
	if p.data {
		p.dataSectionStatement()
		return
	}
	if c := p.command(false); c != nil {
		p.f.addCommand(c)
		return
	}
	if p.skipped() {
		return
	}
	switch {
	case (t.is("upper") || t.is("lower")) && !p.namesConstraint():
		p.level()
	case t.is("set"), t.is("param"), t.is("var"):
		p.entity()
	case t.is("minimize"), t.is("maximize"):
		p.objective()
	case t.is("subject"), t.is("subj"):
		p.advance()
		p.expectWord("to")
		p.constraint()
	case t.is("s.t."):
		p.advance()
		p.constraint()
	case t.is("sos1") && (p.peek().kind == tokName || p.peek().kind == tokQuotedName):
		p.sos()
	case t.kind == tokQuotedName, t.kind == tokName && !reserved[t.text]:
		if !p.namesConstraint() {
			p.failAt(t.pos, "'"+shorten(t.text)+"' does not start a statement", startOfStatement+likeWord(t.text))
		}
		p.constraint()
	default:
		p.failAt(t.pos, t.what()+" does not start a statement", startOfStatement)
	}
}

// namesConstraint reports whether the token after the one at hand makes it the name of a constraint.
func (p *parser) namesConstraint() bool {
	switch p.peek().kind {
	case tokColon, tokLBrace, tokLBracket:
		return true
	}
	return false
}

// likeWord suggests the word that starts a statement and is spelt most like one that does not.
func likeWord(word string) string {
	if near := nearest.Name(word, statementWords); near != "" {
		return " (is it '" + near + "'?)"
	}
	return ""
}

// statementWords are the words that likeWord suggests.
var statementWords = []string{"set", "param", "var", "minimize", "maximize", "subject to", "upper", "lower", "let", "fix", "unfix", "check", "data", "model", "sos1"}

const startOfStatement = "a declaration (set, param, var, minimize, maximize, subject to), upper, lower, a command (let, fix, for, if, check) or data"

// sectionStatement reads data;, model; and end;.
func (p *parser) sectionStatement() bool {
	t := p.tok
	switch {
	case t.is("data"):
		p.advance()
		p.expect(tokSemicolon)
		p.data = true
	case t.is("model"):
		p.advance()
		p.expect(tokSemicolon)
		p.data = false
	case t.is("end"):
		p.advance()
		if p.tok.kind != tokEOF {
			if p.tok.kind != tokSemicolon {
				p.unexpected("is out of place", "';'")
			}
		}
		p.tok = token{kind: tokEOF, pos: p.tok.pos}
		p.f.ended = true
	default:
		return false
	}
	return true
}

// ignored are the commands that are read over.
var ignored = map[string]bool{"display": true, "print": true, "printf": true, "option": true, "options": true, "solve": true, "problem": true, "reset": true, "close": true, "suffix": true}

// skipped passes a command that has no meaning here. A constraint may have such a name, too.
func (p *parser) skipped() bool {
	t := p.tok
	if t.kind != tokName || !ignored[t.text] {
		return false
	}
	if k := p.peek().kind; k == tokColon || k == tokLBracket {
		return false
	}
	p.rewind()
	p.skipStatement()
	if len(p.f.notes) < maxNotes {
		_, line, _, _ := p.f.src.locate(t.pos)
		p.f.note("%s:%d: '%s' is read over: it asks for a solver or for output", p.src.name, line, t.text)
	}
	p.advance()
	return true
}

// level reads upper; and lower NAME nash;.
func (p *parser) level() {
	t := p.tok
	p.advance()
	if t.text == "upper" {
		p.semicolon("';'")
		p.player = 0
		p.f.levels = true
		return
	}
	name, at := "lower", t.pos
	nash := false
	if p.tok.kind == tokName && p.tok.text == "nash" && p.peek().kind == tokSemicolon {
		nash = true
		p.advance()
	} else if p.tok.kind != tokSemicolon {
		n := p.newName("the name of the follower, or ';'")
		name, at = n.text, n.pos
		if p.tok.is("nash") {
			nash = true
			p.advance()
		}
	}
	if p.tok.kind != tokSemicolon {
		p.unexpected("is out of place", "'nash' or ';'")
	}
	p.advance()
	p.f.levels = true
	p.player = p.f.follower(name, at)
	if nash {
		p.f.players[p.player].nash = true
	}
}

// sortedNames joins the keys of a table for a message.
func sortedNames[V any](m map[string]V) string {
	names := make([]string, 0, len(m))
	for n := range m {
		names = append(names, n)
	}
	sort.Strings(names)
	return strings.Join(names, ", ")
}
