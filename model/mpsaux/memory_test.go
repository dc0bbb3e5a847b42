package mpsaux_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/gobilevel/bilevel/internal/readertest"
	"github.com/gobilevel/bilevel/model/mpsaux"
)

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
	short := func(format string) string { // all names of three letters
		var b strings.Builder
		for k := 36 * 36; k < 36*36*36; k++ {
			b.WriteString(strings.ReplaceAll(format, "#", strconv.FormatInt(int64(k), 36)))
		}
		return b.String()
	}
	const end = "ENDATA\n"
	rows := "ROWS\n N z\n" + repeat(" L #\n")
	cols := "COLUMNS\n" + repeat(" # z 1\n")
	for _, c := range []struct{ name, text string }{
		{"rows", rows + "COLUMNS\n x z 1\n" + end},
		{"rows of short names", "ROWS\n N z\n" + short(" N #\n") + "COLUMNS\n x z 1\n" + end},
		{"columns of short names", "ROWS\n N z\nCOLUMNS\n" + short(" # z 1\n") + end},
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
		var err error
		times := readertest.Peak(len(c.text), readertest.Times, func() { _, err = mpsaux.Read(strings.NewReader(c.text), mpsaux.Options{}) })
		t.Logf("%-20s %5.1f times the size, %v", c.name, times, err)
		if times > readertest.Times {
			t.Errorf("%s: %.1f times the size of the file", c.name, times)
		}
	}
}
