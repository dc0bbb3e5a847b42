package mpsaux_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gobilevel/bilevel/internal/golden"
	"github.com/gobilevel/bilevel/model/mpsaux"
)

// wrong are files that are refused. Where aux is empty, the MPS file is.
var wrong = []struct{ name, mps, aux string }{
	// the frame
	{"empty", "", ""},
	{"comments only", "* nothing\n", ""},
	{"no ENDATA", "ROWS\n N c\nCOLUMNS\n x c 1\n", ""},
	{"no COLUMNS", "ROWS\n N c\nENDATA\n", ""},
	{"no ROWS", "NAME\nENDATA\n", ""},
	{"COLUMNS before ROWS", "COLUMNS\n x c 1\n", ""},
	{"RHS before COLUMNS", "ROWS\n N c\nRHS\n", ""},
	{"ROWS twice", "ROWS\n N c\nROWS\n", ""},
	{"COLUMNS twice", "ROWS\n N c\nCOLUMNS\n x c 1\nCOLUMNS\n", ""},
	{"unknown section", "ROWS\n N c\nCOLUMNES\n", ""},
	{"foreign section", small("LAZYCONS\n"), ""},
	{"cones", small("CSECTION k 0 QUAD\n x\n"), ""},
	{"data first", " N c\n", ""},
	{"binary data", "\x00\x01\x02\xff\xfe", ""},
	{"another format", "Minimize\n obj: x\nEnd\n", ""},
	{"no direction", "OBJSENSE\n UP\n", ""},
	{"OBJNAME after ROWS", "ROWS\n N c\nOBJNAME\n c\n", ""},
	{"OBJNAME of nothing", "OBJNAME d\nROWS\n N c\nCOLUMNS\n x c 1\nENDATA\n", ""},
	{"OBJNAME of a constraint", "OBJNAME\n d\nROWS\n N c\n L d\nCOLUMNS\n x c 1\nENDATA\n", ""},
	// ROWS
	{"one word in ROWS", "ROWS\n c\n", ""},
	{"three words in ROWS", "ROWS\n N a c\n", ""},
	{"no type of a row", "ROWS\n N c\n Q d\n", ""},
	{"combined rows", "ROWS\n N c\n DL d\n", ""},
	{"a row twice", "ROWS\n N c\n L d\n G d\n", ""},
	// COLUMNS
	{"two words in COLUMNS", "ROWS\n N c\nCOLUMNS\n x c\n", ""},
	{"six words in COLUMNS", "ROWS\n N c\nCOLUMNS\n x c 1 c 2 c\n", ""},
	{"unknown row", "ROWS\n N c\n L d\nCOLUMNS\n x c 1 e 2\n", ""},
	{"no number", "ROWS\n N c\nCOLUMNS\n x c one\n", ""},
	{"NaN", "ROWS\n N c\nCOLUMNS\n x c nan\n", ""},
	{"hexadecimal", "ROWS\n N c\nCOLUMNS\n x c 0x10\n", ""},
	{"an infinite coefficient", "ROWS\n N c\nCOLUMNS\n x c inf\n", ""},
	{"a coefficient out of range", "ROWS\n N c\nCOLUMNS\n x c 1e400\n", ""},
	{"an entry twice", "ROWS\n N c\n L d\nCOLUMNS\n x c 1\n x d 1\n x c 1\n", ""},
	{"an entry twice on a line", "ROWS\n N c\n L d\nCOLUMNS\n x d 1 d 1\n", ""},
	{"a column in two places", "ROWS\n N c\n L d\nCOLUMNS\n x c 1\n y c 1\n x d 1\nENDATA\n", ""},
	{"INTORG twice", "ROWS\n N c\nCOLUMNS\n M 'MARKER' 'INTORG'\n M 'MARKER' 'INTORG'\n", ""},
	{"INTEND first", "ROWS\n N c\nCOLUMNS\n M 'MARKER' 'INTEND'\n", ""},
	{"no marker", "ROWS\n N c\nCOLUMNS\n M 'MARKER' 'INT'\n", ""},
	{"SOSORG without a type", "ROWS\n N c\nCOLUMNS\n M 'MARKER' 'SOSORG'\n", ""},
	{"SOSORG of S2", "ROWS\n N c\nCOLUMNS\n S2 M 'MARKER' 'SOSORG'\n", ""},
	{"SOSORG twice", "ROWS\n N c\nCOLUMNS\n S1 M 'MARKER' 'SOSORG'\n S1 O 'MARKER' 'SOSORG'\n", ""},
	{"SOSEND first", "ROWS\n N c\nCOLUMNS\n M 'MARKER' 'SOSEND'\n", ""},
	// RHS, RANGES
	{"unknown row in RHS", small("RHS\n R cape 1\n"), ""},
	{"a column in RHS", small("RHS\n R x 1\n"), ""},
	{"one word in RHS", small("RHS\n R\n"), ""},
	{"six words in RHS", small("RHS\n R cap 1 need 1 bal\n"), ""},
	{"no number in RHS", small("RHS\n R cap need\n"), ""},
	{"a side twice", small("RHS\n R cap 1 cap 1\n"), ""},
	{"an infinite equation", small("RHS\n R bal 1e30\n"), ""},
	{"an infinite side that leaves nothing", small("RHS\n R cap -1e30\n"), ""},
	{"an infinite constant", small("RHS\n R cost 1e31\n"), ""},
	{"a range twice", small("RANGES\n R cap 1\n R cap 2\n"), ""},
	{"a range of the objective", small("RANGES\n R cost 1\n"), ""},
	{"no number in RANGES", small("RANGES\n R cap x\n"), ""},
	// BOUNDS
	{"no type of a bound", small("BOUNDS\n XX B x 1\n"), ""},
	{"a long type", small("BOUNDS\n UPPER B x 1\n"), ""},
	{"unknown column in BOUNDS", small("BOUNDS\n UP B z 1\n"), ""},
	{"a row in BOUNDS", small("BOUNDS\n FR B cap\n"), ""},
	{"no number in BOUNDS", small("BOUNDS\n UP B x\n"), ""},
	{"no word for a number", small("BOUNDS\n UP B x y\n"), ""},
	{"five words in BOUNDS", small("BOUNDS\n UP B x 1 2\n"), ""},
	{"one word in BOUNDS", small("BOUNDS\n FR\n"), ""},
	{"an upper bound of minus infinity", small("BOUNDS\n UP B x -1e30\n"), ""},
	{"a lower bound of infinity", small("BOUNDS\n LO B x inf\n"), ""},
	{"crossed bounds", small("BOUNDS\n UP B x 1\n LO B x 2\n"), ""},
	{"two upper bounds", small("BOUNDS\n UP B x 1\n UP B x 2\n"), ""},
	{"two lower bounds", small("BOUNDS\n MI B x\n LO B x 2\n"), ""},
	{"semicontinuous", small("BOUNDS\n SC B x 5\n"), ""},
	{"semi-integer", small("BOUNDS\n SI B x 5\n"), ""},
	// matrices
	{"two words in QUADOBJ", small("QUADOBJ\n x x\n"), ""},
	{"unknown column in QUADOBJ", small("QUADOBJ\n x z 1\n"), ""},
	{"no number in QUADOBJ", small("QUADOBJ\n x x x\n"), ""},
	{"an infinite coefficient in QUADOBJ", small("QUADOBJ\n x x 1e999\n"), ""},
	{"a coefficient twice in QUADOBJ", small("QUADOBJ\n x y 1\n x y 1\n"), ""},
	{"both triangles in QUADOBJ", small("QUADOBJ\n x y 1\n y x 1\n"), ""},
	{"one triangle in QMATRIX", small("QMATRIX\n x x 1\n x y 1\n"), ""},
	{"triangles that differ", small("QMATRIX\n x y 1\n y x 2\n"), ""},
	{"an entry twice in QMATRIX", small("QMATRIX\n x y 1\n x y 1\n"), ""},
	{"a diagonal twice in QMATRIX", small("QMATRIX\n x x 1\n x x 1\n"), ""},
	{"three entries in QMATRIX", small("QMATRIX\n x y 1\n y x 1\n x y 1\n"), ""},
	{"QUADOBJ and QMATRIX", small("QUADOBJ\n x x 1\nQMATRIX\n x x 1\n"), ""},
	{"QCMATRIX of nothing", small("QCMATRIX\n x x 1\n"), ""},
	{"QCMATRIX of an unknown row", small("QCMATRIX cape\n x x 1\n"), ""},
	{"QCMATRIX of the objective", small("QCMATRIX cost\n x x 1\n"), ""},
	{"QCMATRIX twice", small("QCMATRIX cap\n x x 1\nQCMATRIX cap\n y y 1\n"), ""},
	{"QSECTION of an unknown row", small("QSECTION cape\n x x 1\n"), ""},
	{"a coefficient out of range in QCMATRIX", small("QCMATRIX cap\n x y 1e308\n y x 1e308\n"), ""},
	{"QUADOBJ without an objective", "ROWS\n L c\nCOLUMNS\n x c 1\nQUADOBJ\n x x 1\nENDATA\n", ""},
	// sets and conditions
	{"a member of no set", small("SOS\n x 1\n"), ""},
	{"S2", small("SOS\n S2 a\n x 1\n"), ""},
	{"an unknown member", small("SOS\n S1 a\n z 1\n"), ""},
	{"a member twice", small("SOS\n S1 a\n x 1\n x 2\n"), ""},
	{"no weight", small("SOS\n S1 a\n x one\n"), ""},
	{"an infinite weight", small("SOS\n S1 a\n x inf\n"), ""},
	{"four words in a set", small("SOS\n S1 a\n SOS x 1 2\n"), ""},
	{"no priority", small("SOS\n S1 SOS a b\n"), ""},
	{"no condition", small("INDICATORS\n cap y 1\n"), ""},
	{"a condition on no row", small("INDICATORS\n IF cape y 1\n"), ""},
	{"a condition on the objective", small("INDICATORS\n IF cost y 1\n"), ""},
	{"a condition on no column", small("INDICATORS\n IF cap z 1\n"), ""},
	{"a condition on a number", small("INDICATORS\n IF cap y 1\n"), ""},
	{"a condition of 2", small("INDICATORS\n IF cap y 2\n"), ""},
	{"two conditions on a row", small("BOUNDS\n BV B y\nINDICATORS\n IF cap y 1\n IF cap y 0\n"), ""},
	// names with blanks, in the free and in the fixed layout
	{"blanks in a row", strings.Replace(small(""), " L cap", " L cap a", 1), ""},
	{"the fixed layout broken", strings.Replace(fixedBlanks, "    RNG       LIM 1  ", "   RNG       LIM 1   ", 1), ""},
	{"the fixed layout with an unknown row", strings.Replace(fixedBlanks, "RNG       LIM 1", "RNG       LIM 9", 1), ""},
	// AUX
	{"an empty AUX", levels, "\n"},
	{"no AUX", levels, "Hello, world\n"},
	{"a misspelt word", levels, "N 1 M 0 LC 2 L0 1\n"},
	{"N twice", levels, "N 1\nN 1\n"},
	{"no number after N", levels, "N y\n"},
	{"the end after N", levels, "M 0\nN"},
	{"no N", levels, "M 0\nLC 2\nLO 1\n"},
	{"no M", levels, "N 1\nLC 2\nLO 1\n"},
	{"no column", levels, "N 0\nM 0\n"},
	{"too few columns", levels, "N 2\nM 0\nLC 2\nLO 1\nLO 1\n"},
	{"too few rows", levels, "N 1\nM 2\nLC 2\nLR 1\nLO 1\n"},
	{"too few coefficients", levels, "N 2\nM 0\nLC 2\nLC 3\nLO 1\n"},
	{"a column out of range", levels, "N 1\nM 0\nLC 4\nLO 1\n"},
	{"a negative column", levels, "N 1\nM 0\nLC -1\nLO 1\n"},
	{"a row out of range", levels, "N 1\nM 1\nLC 2\nLR 3\nLO 1\n"},
	{"an unknown column by name", levels, "N 1\nM 0\nLC w\nLO 1\n"},
	{"an unknown row by name", levels, "N 1\nM 1\nLC y\nLR side\nLO 1\n"},
	{"a column twice in the AUX", levels, "N 2\nM 0\nLC 2\nLC y\nLO 1\nLO 1\n"},
	{"a row twice in the AUX", levels, "N 1\nM 2\nLC 2\nLR 1\nLR low\nLO 1\n"},
	{"the objective as a row", levels, "N 1\nM 1\nLC 2\nLR cost\nLO 1\n"},
	{"OS of 0", levels, "N 1\nM 0\nLC 2\nLO 1\nOS 0\n"},
	{"an infinite coefficient of the follower", levels, "N 1\nM 0\nLC 2\nLO inf\n"},
	{"no direction by name", levels, "@NUMVARS 1\n@OBJSENSE\nUP\n"},
	{"VARSBEGIN first", levels, "@VARSBEGIN\ny 1\n"},
	{"CONSTRSBEGIN first", levels, "@NUMVARS 1\n@CONSTRSBEGIN\nlow\n"},
	{"too few names of columns", levels, "@NUMVARS 2\n@NUMCONSTRS 0\n@VARSBEGIN\ny 1\n@VARSEND\n"},
	{"too few names of rows", levels, "@NUMVARS 1\n@NUMCONSTRS 2\n@VARSBEGIN\ny 1\n@VARSEND\n@CONSTRSBEGIN\nlow\n@CONSTRSEND\n"},
	{"too many names of rows", levels, "@NUMVARS 1\n@NUMCONSTRS 1\n@VARSBEGIN\ny 1\n@VARSEND\n@CONSTRSBEGIN\nlow\ncap\n@CONSTRSEND\n"},
	{"no coefficient of a name", levels, "@NUMVARS 1\n@NUMCONSTRS 0\n@VARSBEGIN\ny\n@VARSEND\n"},
	{"a condition of the follower", strings.Replace(levels, "ENDATA", " BV B x\nINDICATORS\n IF low x 1\nENDATA", 1), "N 1 M 1 LC 2 LR 1 LO 1"},
	// interdiction
	{"costs without a budget", interdicted, "N 2 M 4 LO 1 LO 1\nIC 1\nIC 1\n"},
	{"a budget without costs", interdicted, "N 2 M 4 LO 1 LO 1\nIB 1\n"},
	{"two budgets", interdicted, "N 2 M 4 LO 1 LO 1 IC 1 IC 1\nIB 1\nIB 2\n"},
	{"too few columns to interdict", interdicted, "N 1 M 3 LO 1 IC 1\nIB 1\n"},
	{"the wrong number of rows to interdict", interdicted, "N 2 M 2 LR 1 LR 2 LO 1 LO 1 IC 1 IC 1\nIB 1\n"},
	{"a column of the leader", interdicted, "N 2 M 4\nLC 0\nLC 1\nLO 1 LO 1 IC 1 IC 1 IB 1\n"},
	{"a column that is too large", interdicted, "N 2 M 4\nLC 2\nLC 4\nLO 1 LO 1 IC 1 IC 1 IB 1\n"},
	{"the budget as a row of the follower", interdicted, "N 2 M 4\nLR 0\nLR 1\nLR 2\nLR 3\nLO 1 LO 1 IC 1 IC 1 IB 1\n"},
	{"a column without an upper bound", strings.Replace(interdicted, " UP B a 3\n", "", 1), "N 2 M 4 LO 1 LO 1 IC 1 IC 1 IB 1"},
	{"an interdiction that maximises", "OBJSENSE MAX\n" + interdicted, "N 2 M 4 LO 1 LO 1 IC 1 IC 1 IB 1"},
	{"a quadratic interdiction", strings.Replace(interdicted, "ENDATA", "QUADOBJ\n a a 1\nENDATA", 1), "N 2 M 4 LO 1 LO 1 IC 1 IC 1 IB 1"},
}

// TestErrors pins what is said of files that are refused, in testdata/errors.txt.
func TestErrors(t *testing.T) {
	var all strings.Builder
	for _, c := range wrong {
		opt := mpsaux.Options{File: "model.mps", AuxFile: "model.aux"}
		var err error
		if c.aux == "" {
			_, err = mpsaux.Read(strings.NewReader(c.mps), opt)
		} else {
			_, err = mpsaux.ReadBilevel(strings.NewReader(c.mps), strings.NewReader(c.aux), opt)
		}
		var told *mpsaux.Error
		if !errors.As(err, &told) {
			t.Errorf("%s: %v, not an *Error", c.name, err)
			continue
		}
		if told.Remedy == "" || told.File == "" {
			t.Errorf("%s: no file or no remedy in %q", c.name, err)
		}
		if strings.Contains(c.mps, told.Token) || strings.Contains(c.aux, told.Token) {
			fmt.Fprintf(&all, "%s\n    %v\n", c.name, err)
		} else {
			t.Errorf("%s: the word %q is not in the file", c.name, told.Token)
		}
	}
	golden.Check(t, filepath.Join("testdata", "errors.txt"), []byte(all.String()))
}

func TestUnsupported(t *testing.T) {
	for _, rest := range []string{"BOUNDS\n SC B x 5\n", "SOS\n S2 a\n x 1\n", "GENCONS\n", "USERCUTS\n L c\n"} {
		if _, err := mpsaux.Read(strings.NewReader(small(rest)), mpsaux.Options{}); !errors.Is(err, mpsaux.ErrUnsupported) {
			t.Errorf("%q: %v, want ErrUnsupported", rest, err)
		}
	}
	if _, err := mpsaux.Read(strings.NewReader(small("SOS\n x 1\n")), mpsaux.Options{}); errors.Is(err, mpsaux.ErrUnsupported) {
		t.Errorf("a malformed file is called unsupported: %v", err)
	}
}

func TestFilesThatAreNotThere(t *testing.T) {
	dir := t.TempDir()
	if _, err := mpsaux.ReadFiles(filepath.Join(dir, "none.mps"), "", mpsaux.Options{}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a file that is not there: %v", err)
	}
	file := filepath.Join(dir, "model.mps")
	if err := os.WriteFile(file, []byte(small("")), 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := mpsaux.ReadFiles(file, filepath.Join(dir, "none.aux"), mpsaux.Options{}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("an AUX file that is not there: %v", err)
	}
	packed := filepath.Join(dir, "model.mps.gz")
	if err := os.WriteFile(packed, []byte(small("")), 0o666); err != nil {
		t.Fatal(err)
	}
	var told *mpsaux.Error
	if _, err := mpsaux.ReadFiles(packed, "", mpsaux.Options{}); !errors.As(err, &told) || told.File != packed {
		t.Errorf("a file that is not compressed: %v", err)
	}
}
