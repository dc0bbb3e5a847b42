package export_test

import (
	"bytes"
	"errors"
	"io"
	"math"
	"strings"

	"github.com/gobilevel/bilevel/export"
	"github.com/gobilevel/bilevel/internal/readertest"
	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/jsonfile"
	"github.com/gobilevel/bilevel/model/modfile"
	"github.com/gobilevel/bilevel/model/mpsaux"
	nlfile "github.com/gobilevel/bilevel/model/nl"
)

// form is a format that the project reads, and what of a model is to come back through it.
type form struct {
	name string
	trip func(m *model.Model) (*model.Model, error) // writes and reads
	same func(m, back *model.Model) error
}

// failedToRead marks a file that was written and is not read: never a documented refusal.
type failedToRead struct{ err error }

func (e failedToRead) Error() string { return "reading what was written: " + e.err.Error() }

func tripOf(write func(w io.Writer, m *model.Model) error, read func(text []byte) (*model.Model, error)) func(*model.Model) (*model.Model, error) {
	return func(m *model.Model) (*model.Model, error) {
		var b bytes.Buffer
		if err := write(&b, m); err != nil {
			return nil, err
		}
		back, err := read(b.Bytes())
		if err != nil {
			return nil, failedToRead{err}
		}
		return back, nil
	}
}

func lines(b *bytes.Buffer) []string {
	return strings.Split(strings.TrimSuffix(b.String(), "\n"), "\n")
}

func tripNL(binary bool) func(*model.Model) (*model.Model, error) {
	return func(m *model.Model) (*model.Model, error) {
		var cols, rows bytes.Buffer
		if err := export.WriteNLNames(&cols, &rows, m); err != nil {
			return nil, err
		}
		names := nlfile.Names{Vars: lines(&cols), Rows: lines(&rows)}
		return tripOf(func(w io.Writer, m *model.Model) error { return export.WriteNL(w, m, export.Options{Binary: binary}) },
			func(text []byte) (*model.Model, error) { return nlfile.Read(bytes.NewReader(text), names) })(m)
	}
}

func tripMPS(opt export.Options) func(*model.Model) (*model.Model, error) {
	return func(m *model.Model) (*model.Model, error) {
		if m.NumFollowers() == 0 {
			return tripOf(func(w io.Writer, m *model.Model) error { return export.WriteMPS(w, m, opt) },
				func(text []byte) (*model.Model, error) {
					return mpsaux.Read(bytes.NewReader(text), mpsaux.Options{})
				})(m)
		}
		var aux bytes.Buffer
		return tripOf(func(w io.Writer, m *model.Model) error { return export.WriteMPSAux(w, &aux, m, opt) },
			func(text []byte) (*model.Model, error) {
				return mpsaux.ReadBilevel(bytes.NewReader(text), &aux, mpsaux.Options{})
			})(m)
	}
}

func sameMPS(m, back *model.Model) error { return modfile.Equal(heldByMPS(m), back) }

// forms are the formats with a reader.
var forms = []form{
	{"json", tripOf(func(w io.Writer, m *model.Model) error { return export.WriteJSON(w, m) }, func(text []byte) (*model.Model, error) { return jsonfile.Parse("", text) }), modfile.Equal},
	{"mod", tripOf(modfile.Print, func(text []byte) (*model.Model, error) { return modfile.Read("printed.mod", text) }), modfile.Equal},
	{"ampl", tripOf(func(w io.Writer, m *model.Model) error { return export.WriteAMPL(w, m) }, func(text []byte) (*model.Model, error) { return modfile.Read("ampl.mod", text) }), sameProblem},
	{"nl", tripNL(false), readertest.SameByName},
	{"binary nl", tripNL(true), readertest.SameByName},
	{"mps", tripMPS(export.Options{}), sameMPS},
	{"fixed mps", tripMPS(export.Options{Fixed: true, AuxIndices: true}), sameMPS},
}

// heldByMPS is the part of a model that MPS with AUX holds, as the documentation of the writers says: no start values, no suffixes; what a pass
// has marked as a carrier of a pair is a constraint like others; beside a follower no constraint without bounds, and of the follower's objective
// what depends on its variables.
func heldByMPS(m *model.Model) *model.Model {
	held := model.New(m.Name)
	for p := 1; p < m.NumPlayers(); p++ {
		held.Follower(m.Player(p).Name())
	}
	for j := range m.NumVars() {
		lo, hi := m.VarBounds(j)
		kind := m.VarKind(j)
		if kind == model.Integer && lo >= 0 && hi <= 1 {
			kind = model.Binary
		}
		held.AddVars(m.VarOwner(j), m.VarName(j), nil, 1, kind, lo, hi)
	}
	place := make([]int, m.NumRows())
	for r := range m.NumRows() {
		lo, hi := m.RowBounds(r)
		if m.NumFollowers() > 0 && math.IsInf(lo, -1) && math.IsInf(hi, 1) {
			continue
		}
		f := m.RowFunction(r)
		f.Const = 0 // of a constraint without bounds it says nothing, and a row of type N has none
		place[r] = held.AddRow(m.RowOwner(r), m.RowName(r), f, lo, hi)
	}
	for _, s := range m.SOS1Sets() {
		held.AddSOS1(s)
	}
	for _, i := range m.Indicators() {
		i.Row = place[i.Row]
		held.AddIndicator(i)
	}
	for p := range m.NumPlayers() {
		o := m.Player(p).Objective()
		if !o.Set {
			continue
		}
		if p > 0 {
			a := held.Accumulator()
			for k, j := range o.F.Vars {
				if m.VarOwner(int(j)) == p {
					a.AddTerm(o.F.Coefs[k], int(j))
				}
			}
			o.F = a.Function()
		}
		if p == 0 && o.Name == "" {
			o.Name = "obj" // a row has to have a name
		}
		held.Player(p).SetObjective(o)
	}
	return held
}

// refused reports whether an error is the documented refusal of a writer.
func refused(err error) bool {
	var format *export.NotWritableError
	var language *modfile.NotPrintableError
	return errors.As(err, &format) || errors.As(err, &language)
}
