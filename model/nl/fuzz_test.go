package nl_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/gobilevel/bilevel/export"
	"github.com/gobilevel/bilevel/internal/readertest"
	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/nl"
)

func sprint(format string, args ...any) string { return fmt.Sprintf(format, args...) }

// FuzzText and FuzzBinary read any bytes without panic, starting from files of either form. What comes out of them can be written and read
// again, or is refused with a reason.
func FuzzText(f *testing.F) { fuzz(f, false) }

func FuzzBinary(f *testing.F) { fuzz(f, true) }

func fuzz(f *testing.F, binary bool) {
	golden, err := filepath.Glob("../../export/testdata/*.nl")
	if err != nil || len(golden) == 0 {
		f.Fatalf("no files to start from: %v", err)
	}
	seeds := [][]byte{[]byte(file(2, 1, 1, 1, "V2 1 0", "0 3", "o5", "v0", "n2", "C0", "o64", "2", "n1", "n3", "n2", "v2", "O0 0", "o77", "v1", "r", "3", free(2), "J0 1", "0 1"))}
	for _, path := range golden {
		data, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		seeds = append(seeds, data)
	}
	for _, data := range seeds {
		if !binary {
			f.Add(data)
		} else if m, err := nl.Read(bytes.NewReader(data), nl.Names{}); err != nil {
			f.Fatal(err)
		} else {
			data, _ := write(f, m, true)
			f.Add(data)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var m *model.Model
		var err error
		readertest.Bounded(t, len(data), func() { m, err = nl.Read(bytes.NewReader(data), nl.Names{}) })
		if err != nil {
			return
		}
		var b bytes.Buffer
		if err := export.WriteNL(&b, m, export.Options{Binary: binary}); err != nil {
			var refused *export.NotWritableError
			if !errors.As(err, &refused) {
				t.Fatalf("writing what was read: %v", err)
			}
			return
		}
		again, err := nl.Read(bytes.NewReader(b.Bytes()), nl.Names{})
		if err != nil {
			t.Fatalf("reading what was written: %v\n%q", err, b.Bytes())
		}
		if again.NumVars() < m.NumVars() || again.NumRows() < m.NumRows() {
			t.Fatalf("%d variables and %d constraints became %d and %d", m.NumVars(), m.NumRows(), again.NumVars(), again.NumRows())
		}
	})
}
