package bilevel_test

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/gobilevel/bilevel"
	"github.com/gobilevel/bilevel/backends"
	"github.com/gobilevel/bilevel/model/modfile"
	"github.com/gobilevel/bilevel/reform"
)

var updateDocs = flag.Bool("update", false, "rewrite the outputs that the documentation shows")

// docBlock is a fenced block of a document. Its info string says what it is:
//
//	mod [NAME.mod]         a model; it is read. A comment "# Answer: 500 at t = 5." is checked by solving it. ampl is the same.
//	mod error              a model with a mistake; the block of output that follows is the error of reading or solving it
//	mod after kkt+big-m    what the passes make of the model before; it has the same optimum
//	mod after X shown      a stage with another optimum, or one that a local method need not find: it is read back, and not solved
//	dat [NAME.dat]         data of the model before
//	go                     a program, or the body of func(ctx context.Context) error
//	sh                     commands. Their names and flags are checked; they are run, and where output follows compared with it. Without output, only
//	                       the lines of bilevelc are run, whose files are in the document or among the examples
//	sh long                commands that take too long to be run
//	json NAME.json         a file for the commands
//	text output            what the block before prints
//
// Indented blocks are formulas, commands, or the output of a program before them.
//
// The files that have a name are there for the programs and commands of the same document.
type docBlock struct {
	doc        *document
	line       int // of the opening fence, from 1
	from, to   int // lines of the content in doc.lines
	words      []string
	text       string
	file       string     // the name that it is given
	data       []docBlock // of a model
	output     *docBlock
	isIndented bool
}

type document struct {
	name    string
	lines   []string
	blocks  []*docBlock
	changes []change
}

// change replaces lines of a document.
type change struct {
	from, to int
	text     string
}

func (b *docBlock) where() string { return fmt.Sprintf("%s:%d", b.doc.name, b.line) }

func (b *docBlock) is(word string) bool { return slices.Contains(b.words[1:], word) }

var fileName = regexp.MustCompile(`^[\w.-]+\.(mod|dat|json)$`)

// documents reads README.md and docs/*.md.
func documents(t *testing.T) []*document {
	t.Helper()
	names, err := filepath.Glob("docs/*.md")
	if err != nil || len(names) == 0 {
		t.Fatalf("documents %q: %v", names, err)
	}
	var out []*document
	for _, name := range append([]string{"README.md"}, names...) {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		d := &document{name: filepath.ToSlash(name), lines: strings.Split(string(text), "\n")}
		d.read(t)
		out = append(out, d)
	}
	return out
}

// read finds the blocks of a document and ties outputs and data to the blocks before them.
func (d *document) read(t *testing.T) {
	var last *docBlock
	for i := 0; i < len(d.lines); i++ {
		b := &docBlock{doc: d, line: i + 1}
		switch {
		case strings.HasPrefix(d.lines[i], "```"):
			b.words = strings.Fields(strings.Trim(d.lines[i], "`"))
			b.from = i + 1
			for i++; i < len(d.lines) && d.lines[i] != "```"; i++ {
			}
			if i == len(d.lines) {
				t.Fatalf("%s: a block that is not closed", b.where())
			}
			b.to = i
			b.text = strings.Join(d.lines[b.from:b.to], "\n") + "\n"
			if len(b.words) == 0 {
				b.words = []string{""}
			}
		case strings.HasPrefix(d.lines[i], "    ") && i > 0 && d.lines[i-1] == "":
			b.words, b.from, b.isIndented = []string{"indented"}, i, true
			for ; i < len(d.lines) && strings.HasPrefix(d.lines[i], "    "); i++ {
				b.text += d.lines[i][4:] + "\n"
			}
			b.to = i
		default:
			continue
		}
		for _, w := range b.words[1:] {
			if fileName.MatchString(w) {
				b.file = w
			}
		}
		switch {
		case b.words[0] == "text" && b.is("output"), b.isIndented && last != nil && last.words[0] == "go" && last.output == nil && last.to+2 == b.from:
			if last == nil {
				t.Fatalf("%s: output of nothing", b.where())
			}
			last.output = b
			continue
		case b.words[0] == "dat":
			if last == nil || !last.isModel() {
				t.Fatalf("%s: data without a model before it", b.where())
			}
			last.data = append(last.data, *b)
			d.blocks = append(d.blocks, b)
			continue
		}
		d.blocks = append(d.blocks, b)
		last = b
	}
}

func (b *docBlock) isModel() bool { return b.words[0] == "mod" || b.words[0] == "ampl" }

// write rewrites a document with its changes.
func (d *document) write(t *testing.T) {
	if len(d.changes) == 0 {
		return
	}
	slices.SortFunc(d.changes, func(a, b change) int { return b.from - a.from })
	for _, c := range d.changes {
		text := strings.Split(strings.TrimRight(c.text, "\n"), "\n")
		d.lines = slices.Concat(d.lines[:c.from], text, d.lines[c.to:])
	}
	if err := os.WriteFile(d.name, []byte(strings.Join(d.lines, "\n")), 0o644); err != nil {
		t.Error(err)
	}
}

// expect compares what was made with what a block shows; numbers may differ in the sixth digit, as they do between versions of a solver.
func (b *docBlock) expect(t *testing.T, got string) {
	t.Helper()
	if alike(b.text, got) {
		return
	}
	if *updateDocs && !b.isIndented {
		b.doc.changes = append(b.doc.changes, change{b.from, b.to, got})
		return
	}
	t.Errorf("%s: the block shows\n%s\nand what comes is\n%s", b.where(), b.text, got)
}

var (
	anyNumber = regexp.MustCompile(`\d+(\.\d+)?([eE][-+]?\d+)?`)
	aTime     = regexp.MustCompile(`\d[\d.e-]* s\b|"seconds": [\d.e-]+`)
)

func alike(a, b string) bool {
	clean := func(s string) string {
		lines := strings.Split(strings.TrimSpace(aTime.ReplaceAllString(s, "0 s")), "\n")
		for i := range lines {
			lines[i] = strings.Join(strings.Fields(lines[i]), " ") // columns are as wide as their numbers
		}
		return strings.Join(lines, "\n")
	}
	a, b = clean(a), clean(b)
	if anyNumber.ReplaceAllString(a, "0") != anyNumber.ReplaceAllString(b, "0") {
		return false
	}
	x, y := anyNumber.FindAllString(a, -1), anyNumber.FindAllString(b, -1)
	for i := range x {
		v, _ := strconv.ParseFloat(x[i], 64)
		w, _ := strconv.ParseFloat(y[i], 64)
		if math.Abs(v-w) > 1e-6*math.Max(1e-3, math.Abs(v)) {
			return false
		}
	}
	return true
}

func needsHighs(t *testing.T) {
	t.Helper()
	if _, err := backends.Open("highs"); err != nil {
		t.Skip(err)
	}
}

// TestDocumentation reads and solves the models of the documentation, and checks that every block says what it is.
func TestDocumentation(t *testing.T) {
	needsHighs(t)
	for _, d := range documents(t) {
		t.Run(d.name, func(t *testing.T) {
			var model *docBlock
			for _, b := range d.blocks {
				switch b.words[0] {
				case "mod", "ampl":
					switch {
					case b.is("error"):
						b.checkError(t)
					case b.is("after"):
						b.checkAfter(t, model)
					default:
						model = b
						b.checkModel(t)
					}
				case "text":
					t.Errorf("%s: output of no block before it: nothing would test it", b.where())
				case "go", "sh", "dat", "json", "indented": // here or in the tests of programs and commands
				case "":
					if d.name != "docs/command.md" { // it shows help texts as they are
						t.Errorf("%s: a block that does not say what it is", b.where())
					}
				default:
					t.Errorf("%s: a block of the unknown sort %q", b.where(), b.words[0])
				}
			}
			d.write(t)
		})
	}
}

// TestEveryPassIsDocumented looks for a section with an example for each pass.
func TestEveryPassIsDocumented(t *testing.T) {
	for _, d := range documents(t) {
		if d.name != "docs/reformulations.md" {
			continue
		}
		text := strings.Join(d.lines, "\n")
		shown := ""
		for _, b := range d.blocks {
			if b.is("after") {
				shown += "+" + b.words[2]
			}
		}
		for _, name := range bilevel.PassNames() {
			if !strings.Contains(text, "\n## "+name+"\n") || !slices.Contains(strings.Split(shown, "+"), name) {
				t.Errorf("%s: no section with an example for the pass %s", d.name, name)
			}
		}
	}
}

func (b *docBlock) readModel() (*bilevel.Model, error) {
	name := b.file
	if name == "" {
		name = "model.mod"
	}
	var data []modfile.Source
	for _, d := range b.data {
		data = append(data, modfile.Source{Name: d.file, Text: []byte(d.text)})
	}
	return modfile.Read(name, []byte(b.text), data...)
}

// checkError holds the error of reading or, where that goes well, of solving a model against what the document says.
func (b *docBlock) checkError(t *testing.T) {
	m, err := b.readModel()
	if err == nil {
		_, err = bilevel.Solve(context.Background(), m)
	}
	switch {
	case err == nil:
		t.Errorf("%s: there is no error", b.where())
	case b.output == nil:
		t.Errorf("%s: the error is not shown: %v", b.where(), err)
	default:
		b.output.expect(t, err.Error())
	}
}

// checkAfter applies passes to the model before, and checks that the result has the same optimum.
func (b *docBlock) checkAfter(t *testing.T, before *docBlock) {
	if before == nil || len(b.words) < 3 {
		t.Errorf("%s: after what?", b.where())
		return
	}
	m, err := before.readModel()
	if err != nil {
		t.Errorf("%s: %v", before.where(), err)
		return
	}
	var stage *bilevel.Model
	switch chain := b.words[2]; chain {
	case "price-product", "convexify": // by themselves, so that the result is still a bilevel model
		var pass reform.Pass = reform.PriceProduct{}
		if chain == "convexify" {
			pass = reform.Convexify{}
		}
		c := reform.NewChain(m)
		err = c.Apply(context.Background(), pass)
		stage = c.Model()
	default:
		stage, err = bilevel.Stage(context.Background(), m, chain)
	}
	if err != nil {
		t.Errorf("%s: %v", b.where(), err)
		return
	}
	var text bytes.Buffer
	if err := modfile.Print(&text, stage); err != nil {
		t.Errorf("%s: %v", b.where(), err)
		return
	}
	b.expect(t, text.String())
	again, err := modfile.Read("after.mod", text.Bytes())
	if err != nil {
		t.Errorf("%s: the text does not read back: %v", b.where(), err)
		return
	}
	if b.is("shown") {
		return
	}
	want, stated := before.answer(t)
	if !stated {
		t.Errorf("%s: no answer is stated to compare with", before.where())
		return
	}
	want.values, want.proof = nil, ""
	// The search proves nothing of products of variables: such a stage is read, and not solved.
	if r, err := bilevel.Solve(context.Background(), again); err == nil {
		want.check(t, b, r)
	} else if !b.is("unsolved") {
		t.Errorf("%s: %v", b.where(), err)
	}
}

func (b *docBlock) checkModel(t *testing.T) {
	m, err := b.readModel()
	if err != nil {
		t.Errorf("%s: %v", b.where(), err)
		return
	}
	want, stated := b.answer(t)
	if !stated {
		return
	}
	r, err := bilevel.Solve(context.Background(), m)
	if err != nil {
		t.Errorf("%s: %v", b.where(), err)
		return
	}
	want.check(t, b, r)
}

// docAnswer is what a document says of the answer of a model.
type docAnswer struct {
	status bilevel.Status
	value  float64
	proof  string
	values []docValue
}

type docValue struct {
	name  string
	value float64
}

var (
	answerLine  = regexp.MustCompile(`(?m)^# Answer: (.*)$`)
	answerParts = regexp.MustCompile(`^(-?[\d./e+]*\d)( \([a-z-]+\))?(?: at (.*))?\.$`)
	answerValue = regexp.MustCompile("((?:[A-Za-z_]\\w*|`[^`]+`)(?:\\[[^\\]]*\\])?) = (-?[\\d./e+]*\\d)(?:, |$)")
)

func (b *docBlock) answer(t *testing.T) (docAnswer, bool) {
	t.Helper()
	text := b.text
	for _, d := range b.data {
		text += d.text
	}
	found := answerLine.FindStringSubmatch(text)
	if found == nil {
		return docAnswer{}, false
	}
	switch found[1] {
	case "infeasible.":
		return docAnswer{status: bilevel.StatusInfeasible, proof: "infeasible"}, true
	case "unbounded.":
		return docAnswer{status: bilevel.StatusUnbounded, proof: "unbounded"}, true
	}
	parts := answerParts.FindStringSubmatch(found[1])
	if parts == nil {
		t.Fatalf("%s: the answer %q does not read as VALUE at NAME = VALUE, ...", b.where(), found[1])
	}
	a := docAnswer{status: bilevel.StatusOptimal, value: docNumber(t, parts[1]), proof: strings.Trim(parts[2], " ()")}
	switch a.proof {
	case "":
		a.proof = "global"
	case "local":
		a.status = bilevel.StatusLocal
	}
	rest := parts[3]
	for _, v := range answerValue.FindAllStringSubmatch(rest, -1) {
		a.values = append(a.values, docValue{v[1], docNumber(t, v[2])})
	}
	if rest != "" && answerValue.ReplaceAllString(rest, "") != "" {
		t.Fatalf("%s: %q does not read as NAME = VALUE, ...", b.where(), rest)
	}
	return a, true
}

// docNumber reads a number or a fraction.
func docNumber(t *testing.T, s string) float64 {
	t.Helper()
	num, den, isFraction := strings.Cut(s, "/")
	v, err := strconv.ParseFloat(num, 64)
	if err == nil && isFraction {
		var w float64
		w, err = strconv.ParseFloat(den, 64)
		v /= w
	}
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func (a docAnswer) check(t *testing.T, b *docBlock, r *bilevel.Result) {
	t.Helper()
	if r.Status != a.status || a.proof != "" && r.Proof.String() != a.proof {
		t.Errorf("%s: status %v and proof %v, want %v and %s; notes %q", b.where(), r.Status, r.Proof, a.status, a.proof, r.Notes)
		return
	}
	if a.status != bilevel.StatusOptimal && a.status != bilevel.StatusLocal {
		return
	}
	const tolerance = 1e-5 // the answers are written with six digits
	differ := func(x, y float64) bool { return !(math.Abs(x-y) <= tolerance*math.Max(1, math.Abs(y))) }
	if !r.Certificate.Verified || differ(r.Objective, a.value) {
		t.Errorf("%s: objective %v, verified %v, want %v", b.where(), r.Objective, r.Certificate.Verified, a.value)
	}
	for _, v := range a.values {
		x, ok := r.Model.VarByName(v.name)
		if !ok {
			t.Errorf("%s: there is no variable %s", b.where(), v.name)
		} else if differ(r.Value(x), v.value) {
			t.Errorf("%s: %s = %v, want %v", b.where(), v.name, r.Value(x), v.value)
		}
	}
}
