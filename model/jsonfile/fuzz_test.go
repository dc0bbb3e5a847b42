package jsonfile_test

import (
	"bytes"
	"testing"

	"github.com/gobilevel/bilevel/export"
	"github.com/gobilevel/bilevel/internal/readertest"
	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/jsonfile"
)

// FuzzRead reads any bytes without panic, and what it makes of them can be written and read again to the same text.
func FuzzRead(f *testing.F) {
	for seed := range uint64(12) {
		if m := anything(seed); m.Err() == nil {
			var b bytes.Buffer
			if err := export.WriteJSON(&b, m); err != nil {
				f.Fatal(err)
			}
			f.Add(b.Bytes())
		}
	}
	f.Add([]byte(head + `, "name": "\u00e9\ud83d"}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var m *model.Model
		var err error
		readertest.Bounded(t, len(data), func() { m, err = jsonfile.Parse("", data) })
		if err != nil {
			return
		}
		var b bytes.Buffer
		if err := export.WriteJSON(&b, m); err != nil {
			t.Fatalf("writing what was read: %v", err)
		}
		back, err := jsonfile.Parse("", b.Bytes())
		if err != nil {
			t.Fatalf("reading what was written: %v\n%s", err, b.Bytes())
		}
		if back.NumVars() != m.NumVars() || back.NumRows() != m.NumRows() || back.NumPairs() != m.NumPairs() {
			t.Fatalf("%d variables, %d constraints, %d pairs became %d, %d, %d", m.NumVars(), m.NumRows(), m.NumPairs(), back.NumVars(), back.NumRows(), back.NumPairs())
		}
	})
}
