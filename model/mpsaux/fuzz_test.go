package mpsaux_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gobilevel/bilevel/export"
	"github.com/gobilevel/bilevel/internal/readertest"
	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/mpsaux"
)

// shape counts what a model has.
func shape(m *model.Model) [6]int {
	whole, pieces := 0, 0
	for j := range m.NumVars() {
		if m.VarKind(j) != model.Continuous {
			whole++
		}
	}
	for r := range m.NumRows() {
		pieces += len(m.RowFunction(r).Quad)
	}
	return [6]int{m.NumVars(), m.NumRows(), m.NumNonzeros(), whole, pieces, len(m.SOS1Sets()) + len(m.Indicators())}
}

// FuzzRead reads any bytes without panic, in all layouts, alone and with an AUX file. What it makes of them is a model without mistakes, which
// can be written and read again, or is refused with a reason.
func FuzzRead(f *testing.F) {
	golden, err := filepath.Glob("../../export/testdata/*.mps")
	if err != nil || len(golden) == 0 {
		f.Fatalf("no files to start from: %v", err)
	}
	for _, path := range golden {
		mps, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		aux, _ := os.ReadFile(strings.TrimSuffix(path, ".mps") + ".aux")
		f.Add(mps, aux)
	}
	for _, c := range wrong {
		f.Add([]byte(c.mps), []byte(c.aux))
	}
	f.Add([]byte(levels), []byte("N 2 M 2 LC 2 LC 3 LR 1 LR 2 LO 2 LO -1 OS 1"))
	f.Add([]byte(interdicted), []byte("N 2 M 4 LC 2 LC 3 LR 1 LR 2 LR 3 LR 4 LO -5 LO -4 OS 1 IC 6 IC 7 IB 9.5"))
	f.Add([]byte(fixedBlanks), []byte(nil))
	f.Add([]byte(conventions), []byte(nil))
	for seed := range uint64(20) {
		var mps, aux bytes.Buffer
		if export.WriteMPS(&mps, plain(seed)) == nil {
			f.Add(mps.Bytes(), []byte(nil))
		}
		mps.Reset()
		if export.WriteMPSAux(&mps, &aux, pair(seed)) == nil {
			f.Add(mps.Bytes(), aux.Bytes())
		}
	}
	f.Fuzz(func(t *testing.T, mps, aux []byte) {
		for _, layout := range []mpsaux.Layout{mpsaux.Auto, mpsaux.Free, mpsaux.Fixed} {
			attempt(t, len(mps), func() (*model.Model, error) {
				return mpsaux.Read(bytes.NewReader(mps), mpsaux.Options{Layout: layout})
			})
		}
		attempt(t, len(mps)+len(aux), func() (*model.Model, error) {
			return mpsaux.ReadBilevel(bytes.NewReader(mps), bytes.NewReader(aux), mpsaux.Options{})
		})
	})
}

// attempt reads a text of that size within the bounds for readers; a model is written and read again, a refusal has to say where and why.
func attempt(t *testing.T, size int, read func() (*model.Model, error)) {
	t.Helper()
	var m *model.Model
	var err error
	readertest.Bounded(t, size, func() { m, err = read() })
	if err == nil {
		rewrite(t, m)
		return
	}
	var refusal *mpsaux.Error
	if errors.As(err, &refusal) && (refusal.Reason == "" || refusal.Remedy == "") {
		t.Fatalf("a refusal without reason or remedy: %v", err)
	}
}

// rewrite writes a model that was read, and reads it again.
func rewrite(t *testing.T, m *model.Model) {
	t.Helper()
	if err := m.Err(); err != nil {
		t.Fatalf("what was read has mistakes: %v", err)
	}
	var mps, aux bytes.Buffer
	var err error
	if m.NumFollowers() == 0 {
		err = export.WriteMPS(&mps, m)
	} else {
		err = export.WriteMPSAux(&mps, &aux, m)
	}
	var refused *export.NotWritableError
	if errors.As(err, &refused) {
		return
	}
	if err != nil {
		t.Fatalf("writing what was read: %v", err)
	}
	var again *model.Model
	if m.NumFollowers() == 0 {
		again, err = mpsaux.Read(&mps, mpsaux.Options{})
	} else {
		again, err = mpsaux.ReadBilevel(&mps, &aux, mpsaux.Options{})
	}
	if err != nil {
		t.Fatalf("reading what was written: %v", err)
	}
	if a, b := shape(m), shape(again); a != b && m.NumFollowers() == 0 {
		t.Fatalf("%v became %v", a, b)
	}
}
