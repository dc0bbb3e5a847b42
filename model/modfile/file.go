package modfile

import (
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"

	"github.com/gobilevel/bilevel/model"
)

var inf = math.Inf(1)

// File is a model that was parsed: its declarations, commands and data. It is instantiated any number of times, also at the same time
// by several goroutines; Data must not run at the same time as anything else.
type File struct {
	Name string // of the model file

	src      sources
	elements *elements
	symbols  map[string]*symbol
	list     []*symbol // in order of declaration
	counts   [declSOS + 1]int
	parts    []*part
	commands []*commandEntry
	players  []playerEntry
	followed map[string]int
	levels   bool // there is an upper or lower statement
	ended    bool // an end statement was read
	notes    []string
	failed   error // of the last reading: nothing can be made of the file any more
	compiled int   // parts that are compiled
	acted    int   // commands that are compiled
}

type playerEntry struct {
	name string
	nash bool
	pos  pos
	obj  *part
}

// commandEntry is a command with its place among the declarations.
type commandEntry struct {
	c     command
	order int // number of declarations before it
	run   func(in *instance)
	last  bool // to run after all others
}

// symbol is a thing with a name.
type symbol struct {
	name  string
	kind  declKind
	id    int // number among the symbols of its kind
	order int // number of the declaration, in the order of the file
	pos   pos
	parts []*part

	computed  bool // set or parameter with := or =
	constant  bool // with =, which let cannot change
	symbolic  bool // parameter
	defined   bool // variable with =
	arityOf   int  // -1 until known
	dimOf     int  // of a set; -1 until known
	measuring bool

	set   *setDecl
	param *paramDecl

	uses     []*symbol // sets and parameters that its value is computed from
	mentions []*symbol // of a defined variable: the variables in it
	duals    bool      // a defined variable that mentions a dual
}

// part is a declaration with what it was compiled to. A symbol has one part, or several that declare single members.
type part struct {
	*declaration
	sym   *symbol
	order int
	nth   int // among the parts of the symbol

	frame int        // slots
	ix    *indexCode // nil: none
	key   []element  // of a member
	vars  *varDecl
	rule  *ruleCode
	pair  bool // a complementarity condition
	obj   *code
	sos   []sosCode
}

// Source is a named text.
type Source struct {
	Name string
	Text []byte
}

// Options control an instantiation. The zero value is the default.
type Options struct {
	// Params are values that parameters have whatever the file says: "demand", or "cap[3]" and `cost["a",3]` for one member. Data, let
	// and computed values of such a parameter are ignored.
	Params map[string]float64
	// MaxSteps bounds the work: members of sets passed, terms added, values computed. 0 stands for 2e9.
	MaxSteps int64
	// Context stops the instantiation; nil: none.
	Context context.Context
}

// ReadFiles reads a model file and its data files and instantiates the model.
func ReadFiles(mod string, dat ...string) (*model.Model, error) {
	text, err := os.ReadFile(mod)
	if err != nil {
		return nil, err
	}
	var data []Source
	for _, name := range dat {
		text, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		data = append(data, Source{name, text})
	}
	return Read(mod, text, data...)
}

// Read reads a model text and its data texts and instantiates the model.
func Read(name string, src []byte, data ...Source) (*model.Model, error) {
	f, err := Parse(name, src)
	if err != nil {
		return nil, err
	}
	for _, d := range data {
		if err := f.Data(d.Name, d.Text); err != nil {
			return nil, err
		}
	}
	return f.Instantiate(Options{})
}

// Parse reads a model text. The error is an *Error, with up to 20 mistakes. Memory is at most 50 times the length of the text, or 500 bytes for
// each operator with its operand and each member of a literal set where that is more: these can be as short as two characters.
func Parse(name string, src []byte) (*File, error) {
	f := &File{Name: name, elements: newElements(nil), symbols: map[string]*symbol{}, players: []playerEntry{{name: "leader"}}, followed: map[string]int{}}
	if err := f.read(name, src, false); err != nil {
		return nil, err
	}
	return f, nil
}

// Data reads a data text: data statements, commands, and declarations after model;. It goes on from what was read before. After an
// error the file cannot be instantiated.
func (f *File) Data(name string, src []byte) error {
	f.ended = false
	return f.read(name, src, true)
}

func (f *File) read(name string, text []byte, data bool) error {
	if len(text) > math.MaxInt32-16 {
		return &Error{File: name, Message: fmt.Sprintf("the file has %d bytes", len(text)), Expected: "a file of less than 2 GiB"}
	}
	if wide(text) {
		err := &Error{File: name, Message: "the text is in UTF-16", Expected: "text in UTF-8: save the file in that encoding"}
		if f.failed == nil {
			f.failed = err
		}
		return err
	}
	p := newParser(f, f.src.add(name, text))
	p.data = data
	p.statements()
	if len(p.errs) == 0 { // names are looked up when all declarations could be read
		f.compile(&p.errs)
	}
	if f.failed == nil {
		f.failed = p.errs.err()
	}
	return p.errs.err()
}

// wide reports whether a text is in UTF-16, as some programs of Windows write it: it begins with the mark of that encoding, or every second byte of its
// first characters is zero.
func wide(text []byte) bool {
	if len(text) < 2 {
		return false
	}
	mark := [2]byte{text[0], text[1]}
	if mark == [2]byte{0xff, 0xfe} || mark == [2]byte{0xfe, 0xff} {
		return true
	}
	return len(text) >= 4 && (mark[0] != 0 && mark[1] == 0 && text[2] != 0 && text[3] == 0 || mark[0] == 0 && mark[1] != 0 && text[2] == 0 && text[3] != 0)
}

// maxNotes bounds the notes of a reading and of an instantiation.
const maxNotes = 100

func (f *File) note(format string, args ...any) {
	if len(f.notes) < maxNotes {
		f.notes = append(f.notes, fmt.Sprintf(format, args...))
	}
}

// modelName is the name of the model: that of the file without folder and ending.
func (f *File) modelName() string {
	base := filepath.Base(f.Name)
	if f.Name == "" {
		base = "model"
	}
	return strings.TrimSuffix(base, ".mod")
}

// follower returns the number of a follower, which is made on the first call.
func (f *File) follower(name string, at pos) int {
	if k, ok := f.followed[name]; ok {
		return k
	}
	f.players = append(f.players, playerEntry{name: name, pos: at})
	f.followed[name] = len(f.players) - 1
	return len(f.players) - 1
}

func (f *File) addCommand(c command) {
	e := &commandEntry{c: c, order: len(f.parts)}
	if ch, ok := c.(*checkCommand); ok && ch.deferred {
		e.last = true
	}
	f.commands = append(f.commands, e)
}

// addDeclaration registers a declaration.
func (f *File) addDeclaration(p *parser, d *declaration) {
	s := f.symbols[d.name]
	if d.name == "" {
		s = nil
	}
	if s != nil {
		if s.kind != d.kind || !s.extendedBy(d) {
			_, line, _, _ := f.src.locate(s.pos)
			p.failAt(d.pos, "'"+shorten(d.name)+"' is declared twice, first as "+article(s.kind)+" in line "+formatNumber(float64(line)), "another name")
		}
	} else {
		s = &symbol{name: d.name, kind: d.kind, id: f.counts[d.kind], order: len(f.parts), pos: d.pos, arityOf: -1, dimOf: -1}
		f.counts[d.kind]++
		f.list = append(f.list, s)
		if d.name != "" {
			f.symbols[d.name] = s
		}
	}
	pt := &part{declaration: d, sym: s, order: len(f.parts), nth: len(s.parts)}
	s.parts = append(s.parts, pt)
	f.parts = append(f.parts, pt)
	for _, a := range d.attrs {
		switch a.kind {
		case attrAssign:
			s.computed = s.computed || d.kind != declVar
		case attrEquals:
			s.computed, s.constant = s.computed || d.kind != declVar, true
			s.defined = s.defined || d.kind == declVar
		case attrSymbolic:
			s.symbolic = true
		}
	}
}

// extendedBy reports whether a declaration may add members to those that are declared already: a single member to any family, and a
// family to one that begins with a single member.
func (s *symbol) extendedBy(d *declaration) bool {
	first := s.parts[0]
	return first.member != nil && (d.member != nil || d.ix != nil) || d.member != nil && first.declaration.ix != nil
}

// full writes the name of a member.
func (f *File) full(name string, key []element) string { return fullName(f.elements, name, key) }

func fullName(el *elements, name string, key []element) string {
	if len(key) == 0 {
		return name
	}
	return name + "[" + el.names(key) + "]"
}

// similar suggests a name that is like the one that was not found.
func (f *File) similar(name string) string {
	best, bestD := "", 3
	if len(name) > 64 {
		return ""
	}
	for k, s := range f.list {
		if k > 2000 {
			break
		}
		if d := distance(name, s.name); d < bestD && d < len(name) {
			best, bestD = s.name, d
		}
	}
	if best == "" {
		return ""
	}
	return " (is it '" + best + "'?)"
}

// distance is the number of letters to add, drop or change, upper and lower case being half alike.
func distance(a, b string) int {
	if len(a)-len(b) > 2 || len(b)-len(a) > 2 || b == "" {
		return 9
	}
	if strings.EqualFold(a, b) {
		return 1
	}
	prev := make([]int, len(b)+1)
	for j := range prev {
		prev[j] = j
	}
	for i := 1; i <= len(a); i++ {
		diag := prev[0]
		prev[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			diag, prev[j] = prev[j], min(prev[j]+1, prev[j-1]+1, diag+cost)
		}
	}
	return prev[len(b)]
}
