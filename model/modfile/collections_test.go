package modfile

import (
	"math"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gobilevel/bilevel/internal/readertest"
	"github.com/gobilevel/bilevel/model"
)

// TestMacMPEC reads each instance of the collection and compares what it declares with the counts of the index.
func TestMacMPEC(t *testing.T) {
	dir := dataFolder(t, "macmpec")
	var index []struct {
		ID     string
		Mod    string
		Dat    *string
		Sense  string
		Counts struct {
			Variables, Fixed, Integer, Constraints, Complementarities int
		} `json:"file_counts"`
	}
	readIndex(t, dir, &index)
	if len(index) == 0 {
		t.Fatal("the index is empty")
	}
	for _, e := range index {
		t.Run(e.ID, func(t *testing.T) {
			var dat []string
			if e.Dat != nil {
				dat = append(dat, filepath.Join(dir, *e.Dat))
			}
			m, err := ReadFiles(filepath.Join(dir, e.Mod), dat...)
			if err != nil {
				t.Fatal(err)
			}
			c := e.Counts
			got := countsOf(m)
			got.fixed = countFixed(m)
			if want := (counts{c.Variables, c.Integer, c.Constraints, c.Complementarities, c.Fixed}); got != want {
				t.Errorf("got  %+v\nwant %+v", got, want)
			}
			if o := m.Leader().Objective(); !o.Set || o.Sense.String()[:3] != e.Sense {
				t.Errorf("objective %v, want sense %s", o, e.Sense)
			}
		})
	}
}

type counts struct{ variables, integer, constraints, pairs, fixed int }

func countsOf(m *model.Model) counts {
	c := counts{variables: m.NumVars(), pairs: m.NumPairs()}
	for j := 0; j < m.NumVars(); j++ {
		if m.VarKind(j) != model.Continuous {
			c.integer++
		}
	}
	for r := 0; r < m.NumRows(); r++ {
		if !m.IsPairRow(r) {
			c.constraints++
		}
	}
	return c
}

func countFixed(m *model.Model) int {
	n := 0
	for j := 0; j < m.NumVars(); j++ {
		if lo, hi := m.VarBounds(j); lo == hi {
			n++
		}
	}
	return n
}

// TestBOLIB reads each problem of the collection. The index counts scalar inequalities: a finite bound is one, an equation and a
// two-sided constraint are two.
func TestBOLIB(t *testing.T) {
	dir := dataFolder(t, "bolib")
	var index []struct {
		Name   string
		N1, N2 int
		Upper  int `json:"nG"`
		Lower  int `json:"ng"`
		Start  []float64
	}
	readIndex(t, dir, &index)
	if len(index) == 0 {
		t.Fatal("the index is empty")
	}
	for _, e := range index {
		t.Run(e.Name, func(t *testing.T) {
			m, err := ReadFiles(filepath.Join(dir, e.Name+".mod"))
			if err != nil {
				t.Fatal(err)
			}
			var n, ineq [2]int
			finite := func(p int, lo, hi float64) {
				if !math.IsInf(lo, 0) {
					ineq[p]++
				}
				if !math.IsInf(hi, 0) {
					ineq[p]++
				}
			}
			for j := 0; j < m.NumVars(); j++ {
				p := m.VarOwner(j)
				n[p]++
				lo, hi := m.VarBounds(j)
				finite(p, lo, hi)
			}
			for r := 0; r < m.NumRows(); r++ {
				lo, hi := m.RowBounds(r)
				finite(m.RowOwner(r), lo, hi)
			}
			if n != [2]int{e.N1, e.N2} {
				t.Errorf("variables %v, want %d and %d", n, e.N1, e.N2)
			}
			if ineq != [2]int{e.Upper, e.Lower} {
				t.Errorf("inequalities %v, want %d and %d", ineq, e.Upper, e.Lower)
			}
			for k, want := range e.Start {
				lo, hi := m.VarBounds(k)
				want = math.Min(math.Max(want, lo), hi)
				if got := m.VarStart(k); got != want {
					t.Errorf("start value of %s is %v, want %v", m.VarName(k), got, want)
				}
			}
		})
	}
}

// roundTrip prints a model and reads it back.
func roundTrip(t testing.TB, m *model.Model) string {
	t.Helper()
	var text strings.Builder
	if err := Print(&text, m); err != nil {
		t.Fatal(err)
	}
	back, err := Read("printed.mod", []byte(text.String()))
	if err != nil {
		t.Fatalf("%v\n%s", err, clip(text.String()))
	}
	if err := Equal(m, back); err != nil {
		t.Fatalf("%v\n%s", err, clip(text.String()))
	}
	return text.String()
}

func clip(s string) string {
	if len(s) > 4000 {
		return s[:4000] + "\n..."
	}
	return s
}

// TestRoundTripCollections prints each model of the collections and reads it back.
func TestRoundTripCollections(t *testing.T) {
	mac, bol := dataFolder(t, "macmpec"), dataFolder(t, "bolib")
	var index []struct {
		ID, Mod string
		Dat     *string
	}
	readIndex(t, mac, &index)
	for _, e := range index {
		t.Run(e.ID, func(t *testing.T) {
			var dat []string
			if e.Dat != nil {
				dat = append(dat, filepath.Join(mac, *e.Dat))
			}
			m, err := ReadFiles(filepath.Join(mac, e.Mod), dat...)
			if err != nil {
				t.Fatal(err)
			}
			if readertest.Large(m) {
				t.Skip("large: BILEVEL_ROUNDTRIP=all takes it, too")
			}
			roundTrip(t, m)
		})
	}
	files, err := filepath.Glob(filepath.Join(bol, "*.mod"))
	if err != nil || len(files) == 0 {
		t.Fatal("no model files", err)
	}
	for _, f := range files {
		t.Run(filepath.Base(f), func(t *testing.T) {
			m, err := ReadFiles(f)
			if err != nil {
				t.Fatal(err)
			}
			roundTrip(t, m)
		})
	}
}
