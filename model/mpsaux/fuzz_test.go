package mpsaux_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gobilevel/bilevel/export"
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
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		for _, layout := range []mpsaux.Layout{mpsaux.Auto, mpsaux.Free, mpsaux.Fixed} {
			if m, err := mpsaux.Read(bytes.NewReader(mps), mpsaux.Options{Layout: layout}); err == nil {
				rewrite(t, m)
			}
		}
		if m, err := mpsaux.ReadBilevel(bytes.NewReader(mps), bytes.NewReader(aux), mpsaux.Options{}); err == nil {
			rewrite(t, m)
		}
		runtime.ReadMemStats(&after)
		// Writing takes a buffer of its own, several times.
		if used, size := after.TotalAlloc-before.TotalAlloc, uint64(len(mps)+len(aux)); used > 32<<20+400*size {
			t.Errorf("%d bytes take %d bytes of memory", size, used)
		}
	})
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

// TestMemory: what large files of one kind each, with names of six letters, ask for stays within 50 times their size.
func TestMemory(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	const lines = 30_000
	repeat := func(format string) string {
		var b strings.Builder
		for k := range lines {
			b.WriteString(strings.ReplaceAll(format, "#", fmt.Sprintf("r%05x", k)))
		}
		return b.String()
	}
	const end = "ENDATA\n"
	rows := "ROWS\n N z\n" + repeat(" L #\n")
	cols := "COLUMNS\n" + repeat(" # z 1\n")
	for _, c := range []struct{ name, text string }{
		{"rows", rows + "COLUMNS\n x z 1\n" + end},
		{"rows without bounds", "ROWS\n N z\n" + repeat(" N #\n") + "COLUMNS\n x z 1\n" + end},
		{"columns", "ROWS\n N z\n" + cols + end},
		{"families", "ROWS\n N z\nCOLUMNS\n" + repeat(" x[#] z 1\n") + end},
		{"entries", rows + "COLUMNS\n" + repeat(" x # 1\n") + end},
		{"a diagonal", rows + "COLUMNS\n" + repeat(" # # 1\n") + end},
		{"sides and ranges", rows + "COLUMNS\n x z 1\nRHS\n" + repeat(" # 1\n") + "RANGES\n" + repeat(" # 1\n") + end},
		{"bounds", "ROWS\n N z\n" + cols + "BOUNDS\n" + repeat(" UP # 2\n") + end},
		{"matrix", "ROWS\n N z\n" + cols + "QUADOBJ\n" + repeat(" # # 2\n") + end},
		{"curved rows", rows + "COLUMNS\n x z 1\n" + repeat("QCMATRIX #\n x x 1\n") + end},
		{"sets", "ROWS\n N z\nCOLUMNS\n x z 1\nSOS\n" + repeat(" S1 #\n x\n") + end},
		{"a set", "ROWS\n N z\n" + cols + "SOS\n S1 s\n" + repeat(" #\n") + end},
		{"conditions", rows + "COLUMNS\n x z 1\nBOUNDS\n BV x\nINDICATORS\n" + repeat(" IF # x 1\n") + end},
		{"markers", "ROWS\n N z\nCOLUMNS\n" + repeat(" M 'MARKER' 'INTORG'\n M 'MARKER' 'INTEND'\n") + " x z 1\n" + end},
		{"names at the head", "* Model m\n" + repeat("* variable # is y#\n") + "ROWS\n N z\nCOLUMNS\n x z 1\n" + end},
		{"comments", repeat("*\n") + "ROWS\n N z\nCOLUMNS\n x z 1\n" + end},
		{"empty lines", strings.Repeat("\n", 10*lines) + "ROWS\n N z\nCOLUMNS\n x z 1\n" + end},
		{"a long line", "ROWS\n N " + strings.Repeat("x", 10*lines) + "\n" + end},
		{"many fields", "ROWS\n N" + strings.Repeat(" x", 10*lines) + "\n" + end},
		{"a long number", "ROWS\n N z\nCOLUMNS\n x z " + strings.Repeat("1", 10*lines) + "\n" + end},
		{"no end", rows + cols},
	} {
		runtime.GC()
		before := heap()
		eager := debug.SetGCPercent(20) // so that garbage counts little
		most, stop := watchHeap()
		_, err := mpsaux.Read(strings.NewReader(c.text), mpsaux.Options{})
		stop()
		debug.SetGCPercent(eager)
		ratio := float64(most.Load()-before) / float64(len(c.text))
		t.Logf("%-20s %5.1f times the size, %v", c.name, ratio, err)
		if ratio > 50 {
			t.Errorf("%s: %.0f times the size of the file", c.name, ratio)
		}
	}
}

// heap is the size of what is on the heap, garbage included.
func heap() int64 {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(sample)
	return int64(sample[0].Value.Uint64())
}

// watchHeap looks at the heap again and again until it is stopped, and keeps the largest size.
func watchHeap() (most *atomic.Int64, stop func()) {
	most = new(atomic.Int64)
	done, over := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(over)
		for {
			most.Store(max(most.Load(), heap()))
			select {
			case <-done:
				return
			case <-time.After(50 * time.Microsecond):
			}
		}
	}()
	return most, func() { close(done); <-over }
}
