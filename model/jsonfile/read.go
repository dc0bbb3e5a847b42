package jsonfile

import (
	_ "embed" // of the schema
	"io"
	"math"
	"os"

	"github.com/gobilevel/bilevel/model"
)

// Schema is the JSON Schema (draft 2020-12) of the format.
//
//go:embed model.schema.json
var Schema string

// Format and Version are what the members format and version of a file say.
const (
	Format  = "bilevel-model"
	Version = 1
)

// Read reads a model. Its errors are an *Error for what the file says, the error of r, and that of model.Err where the model that the
// file describes cannot be.
func Read(r io.Reader) (*model.Model, error) {
	data, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	return parse("", data)
}

// Parse reads a model from a text; name is that of its file, for messages.
func Parse(name string, text []byte) (*model.Model, error) { return parse(name, text) }

// ReadFile reads the file at path.
func ReadFile(path string) (*model.Model, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return parse(path, data)
}

// document is what a file says, before indices into lists that may come later are checked.
type document struct {
	scanner
	format       bool
	version      bool
	name         string
	notes        []string
	players      []player
	variables    []variable
	rows         []row
	pairs        []pair
	sets         []set
	conditions   []condition
	implied      []pair
	inequalities []function
	expressions  []expression
}

type player struct {
	at        int
	name      string
	nash      bool
	objective model.Objective
	f         function
}

// label is how an entry is called.
type label struct {
	base, sub        string
	indexed, starts  bool
	steer            model.Steer
	at, owner, group int
}

type variable struct {
	label
	kind          model.Kind
	lo, hi, start float64
	dualOf        int // -1: of none
}

type row struct {
	label
	lo, hi   float64
	pairOnly bool
	f        function
}

type pair struct {
	label
	members [2]member
}

type member struct {
	at    int
	given bool
	m     model.Member
}

type set struct {
	at, owner int
	s         model.SOS1
}

type condition struct {
	at int
	c  model.Indicator
}

// function is a function whose variables and expression are still places in the file.
type function struct {
	at        int
	f         model.Function
	nonlinear int  // -1: none
	given     bool // it has a member
}

const most = math.MaxInt32

func parse(file string, data []byte) (*model.Model, error) {
	d := &document{scanner: scanner{file: file, data: data}}
	d.object("format, version, name, notes, players, variables, constraints, pairs, sos1, indicators, impliedPairs, impliedInequalities and expressions", d.top)
	if d.err == nil {
		if d.peek(); d.pos < len(d.data) {
			d.fail(d.pos, d.found()+" after the end of the document", "write one model a file")
		}
	}
	if !d.format {
		d.failAt(0, "", "the member format is missing", `write "format": "`+Format+`"`)
	}
	if !d.version {
		d.failAt(0, "", "the member version is missing", `write "version": 1`)
	}
	if d.err != nil {
		return nil, d.err
	}
	m, err := d.build()
	if err != nil {
		return nil, err
	}
	return m, nil
}

func (d *document) top(key string) bool {
	switch key {
	case "format":
		d.peek()
		at := d.pos
		if v := d.str(); v != Format {
			d.fail(at, "the format is "+shorten(v), `this reader takes "`+Format+`"`)
		}
		d.format = true
	case "version":
		d.whole(Version, Version)
		d.version = true
	case "name":
		d.name = d.str()
	case "notes":
		d.list(func(int) { d.notes = append(d.notes, d.str()) })
	case "players":
		d.list(func(int) { d.players = append(d.players, d.player()) })
	case "variables":
		d.list(func(int) { d.variables = append(d.variables, d.variable()) })
	case "constraints":
		d.list(func(int) { d.rows = append(d.rows, d.row()) })
	case "pairs":
		d.list(func(int) { d.pairs = append(d.pairs, d.pair(true)) })
	case "sos1":
		d.list(func(int) { d.sets = append(d.sets, d.set()) })
	case "indicators":
		d.list(func(int) { d.conditions = append(d.conditions, d.condition()) })
	case "impliedPairs":
		d.list(func(int) { d.implied = append(d.implied, d.pair(false)) })
	case "impliedInequalities":
		d.list(func(int) {
			f := d.function()
			if !f.given {
				d.fail(f.at, "an inequality without a function", "write its constant, linear, quadratic or nonlinear part")
			}
			d.inequalities = append(d.inequalities, f)
		})
	case "expressions":
		d.list(func(i int) { d.expressions = append(d.expressions, d.expression(i)) })
	default:
		return false
	}
	return true
}
