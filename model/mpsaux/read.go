package mpsaux

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/gobilevel/bilevel/model"
)

// Layout says where the fields of a line stand.
type Layout uint8

// The layouts.
const (
	Auto  Layout = iota // free; where that gives no model and the lines keep to the columns of the fixed layout, fixed
	Free                // fields are parted by blanks
	Fixed               // fields stand in given columns; names may have blanks
)

// Options are the choices of a reader. The zero value is the default.
type Options struct {
	Layout  Layout // of the MPS file
	File    string // name of the MPS file in messages, "" for none
	AuxFile string // name of the AUX file in messages, "" for none
}

// Read reads an MPS file. It returns an *Error for a file that is malformed or asks for what a model cannot hold, and the error of r.
func Read(r io.Reader, opt Options) (*model.Model, error) {
	text, err := readAll(r)
	if err != nil {
		return nil, err
	}
	p, err := parse(text, opt)
	if err != nil {
		return nil, err
	}
	return p.build()
}

// ReadBilevel reads an MPS file and its AUX file: the general form, or an interdiction pair where the AUX file has a budget or costs.
// Errors are as those of Read.
func ReadBilevel(mps, aux io.Reader, opt Options) (*model.Model, error) {
	text, err := readAll(mps)
	if err != nil {
		return nil, err
	}
	more, err := readAll(aux)
	if err != nil {
		return nil, err
	}
	return readBilevel(text, more, opt)
}

// readAll is io.ReadAll that asks a reader in memory how much there is.
func readAll(r io.Reader) ([]byte, error) {
	sized, ok := r.(interface{ Len() int })
	if !ok {
		return io.ReadAll(r)
	}
	text := make([]byte, sized.Len())
	_, err := io.ReadFull(r, text)
	return text, err
}

func readBilevel(text, more []byte, opt Options) (*model.Model, error) {
	p, err := parse(text, opt)
	if err != nil {
		return nil, err
	}
	a, err := parseAux(more, opt.AuxFile)
	if err != nil {
		return nil, err
	}
	if a.interdiction() {
		return p.interdiction(a)
	}
	return p.general(a)
}

// ReadFiles reads the MPS file of that name and an AUX file, for which FindAux looks where aux is ""; without one the model has no
// follower. With aux "none" it does not look. Names that end in .gz are those of compressed files. The model has the name that its file gives, or else that of the file.
func ReadFiles(mps, aux string, opt Options) (*model.Model, error) {
	text, err := readFile(mps)
	if err != nil {
		return nil, err
	}
	opt.File = mps
	var note string
	if aux == "" {
		aux, note = FindAux(mps)
	} else if aux == "none" {
		aux = ""
	}
	var m *model.Model
	if aux == "" {
		var p *problem
		if p, err = parse(text, opt); err == nil {
			m, err = p.build()
		}
	} else {
		var more []byte
		if more, err = readFile(aux); err != nil {
			return nil, err
		}
		opt.AuxFile = aux
		m, err = readBilevel(text, more, opt)
	}
	if err != nil {
		return nil, err
	}
	if m.Name == "" {
		m.Name = stem(filepath.Base(mps))
	}
	if note != "" {
		m.Notes = append(m.Notes, note)
	}
	return m, nil
}

// FindAux looks for the AUX file of an MPS file: the same name with the ending .aux or, as MibS does, .txt. Text of another kind in the
// latter is passed over, and the note says so.
func FindAux(mps string) (aux, note string) {
	name := stem(mps)
	if f, err := os.Stat(name + ".aux"); err == nil && !f.IsDir() {
		return name + ".aux", ""
	}
	txt := name + ".txt"
	text, err := os.ReadFile(txt)
	if err != nil {
		return "", ""
	}
	word, _, _ := bytes.Cut(bytes.TrimLeft(text, " \t\r\n"), []byte{' '})
	if f := bytes.Fields(word); len(f) > 0 && keyOf(f[0]) != noKey {
		return txt, ""
	}
	return "", fmt.Sprintf("%s is no AUX file and was not read", txt)
}

// stem is a file's name without its last ending; .gz does not count.
func stem(name string) string {
	name = strings.TrimSuffix(name, ".gz")
	return strings.TrimSuffix(name, filepath.Ext(name))
}

// readFile reads a file, which may be compressed.
func readFile(name string) ([]byte, error) {
	text, err := os.ReadFile(name)
	if err != nil || !strings.HasSuffix(name, ".gz") {
		return text, err
	}
	z, err := gzip.NewReader(bytes.NewReader(text))
	if err != nil {
		return nil, &Error{File: name, Reason: "it is not compressed by gzip", Remedy: "take away the ending .gz", Err: err}
	}
	text, err = io.ReadAll(z)
	if err != nil {
		return nil, &Error{File: name, Reason: "the compressed data are damaged: " + err.Error(), Remedy: "get the file again", Err: err}
	}
	return text, nil
}

// parse reads the text of an MPS file.
func parse(text []byte, opt Options) (*problem, error) {
	text = bytes.TrimPrefix(text, []byte("\xef\xbb\xbf"))
	p, err := parseLayout(text, opt.File, opt.Layout == Fixed)
	if err == nil || opt.Layout != Auto {
		return p, err
	}
	q, second := parseLayout(text, opt.File, true)
	if second == nil {
		q.note("names have blanks, so the file was read in the fixed layout")
		return q, nil
	}
	var a, b *Error
	if errors.As(err, &a) && errors.As(second, &b) && b.Line > a.Line {
		err = second
	}
	return nil, err
}

func parseLayout(text []byte, file string, fixed bool) (*problem, error) {
	p := &problem{file: file, objective: -1, hints: readHints(text)}
	r := &reader{scanner: scanner{file: file, text: text, fixed: fixed}, p: p}
	if err := r.run(); err != nil {
		return nil, err
	}
	for _, k := range []section{rhsSection, rangesSection, boundsSection} {
		if n := r.passed[k]; n > 0 {
			p.note("the first set of %s, %s, was taken; %d lines of others were passed over", setWords[k], shown(r.chosen[k]), n)
		}
	}
	return p, p.finish()
}

var setWords = map[section]string{rhsSection: "right-hand sides", rangesSection: "ranges", boundsSection: "bounds"}

// run reads all sections.
func (r *reader) run() error {
	for r.next() {
		if k, header := r.header(); header {
			if k == endSection {
				return r.end()
			}
			if err := r.enter(k); err != nil {
				return err
			}
			continue
		}
		if r.fixed && (!r.indented || !r.byColumns()) {
			return r.fail(nil, "put the fields into columns 2-3, 5-12, 15-22, 25-36, 40-47 and 50-61, or use names without blanks", "a line that does not keep to the fixed layout")
		}
		var err error
		switch r.in {
		case columnsSection:
			err = r.anEntry()
		case rowsSection:
			err = r.aRow()
		case rhsSection:
			err = r.pairs(r.side)
		case rangesSection:
			err = r.pairs(r.spread)
		case boundsSection:
			err = r.aBound()
		case quadObjSection, qMatrixSection, qSectionSection, qcMatrixSection:
			err = r.aTerm()
		case sosSection:
			err = r.aMember()
		case indicatorsSection:
			err = r.aCondition()
		case senseSection:
			err = r.sense(r.field[0], senseSection)
		case objNameSection:
			r.objectiveName = r.field[0]
		default:
			err = r.fail(r.field[0], "start with NAME or ROWS; "+sectionList, "a line that belongs to no section")
		}
		if err != nil {
			return err
		}
	}
	return r.fail(nil, "get the whole file, or end it by the line ENDATA", "the file ends without ENDATA, so that it may have been cut off")
}

// end is what the line ENDATA asks for.
func (r *reader) end() error {
	if err := r.leave(); err != nil {
		return err
	}
	switch {
	case !r.seen[rowsSection], !r.seen[columnsSection]:
		return r.fail(nil, "add it", "the file ends without a section ROWS or COLUMNS")
	case r.objectiveName != nil && r.p.objective < 0:
		return r.fail(r.objectiveName, "declare it in ROWS", "OBJNAME names "+shown(r.objectiveName)+", which is no row of type N")
	case r.p.objective < 0:
		r.p.note("there is no row of type N, so there is no objective")
	}
	return nil
}
