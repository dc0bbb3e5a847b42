package export

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/gobilevel/bilevel/model"
)

// mathematics writes functions of a model as a person would: families of variables with sums over their indices where the terms are
// regular, and term by term otherwise.
type mathematics struct {
	m       *model.Model
	list    []*mathFamily
	of      []*mathFamily // family of each variable
	tuples  [][]string    // subscripts of each variable
	pairsOf map[[2]*mathFamily]*mathFamily
	letters []string // that indices may have
	sets    mathSets
	data    mathData
	budget  int // operations of a nonlinear function that may still be written
}

func newMathematics(m *model.Model) *mathematics {
	w := &mathematics{m: m, pairsOf: map[[2]*mathFamily]*mathFamily{}}
	w.list, w.of, w.tuples = mathFamilies(m)
	used := map[string]bool{}
	for _, f := range w.list {
		used[f.symbol[:1]] = true
	}
	for _, l := range "ijklmnpqrsuvw" {
		if !used[string(l)] {
			w.letters = append(w.letters, string(l))
		}
	}
	for k := range 12 {
		w.letters = append(w.letters, "i_{"+strconv.Itoa(k+1)+"}")
	}
	for _, l := range setLetters {
		if !used[string(l)] {
			w.sets.letters = append(w.sets.letters, string(l))
		}
	}
	for _, l := range "abc" {
		if used[string(l)] {
			w.data.hat = true
		}
	}
	return w
}

// mathNumber writes a number, with six digits where it has many.
func mathNumber(v float64) string {
	switch {
	case math.IsInf(v, 1):
		return `\infty`
	case math.IsInf(v, -1):
		return `-\infty`
	case math.IsNaN(v):
		return `\mathrm{NaN}`
	}
	s := string(appendNumber(nil, v))
	if len(s) > 8 && v != math.Trunc(v) {
		s = strconv.FormatFloat(v, 'g', 6, 64)
	}
	if mantissa, exponent, ok := strings.Cut(s, "e"); ok {
		e, _ := strconv.Atoi(exponent)
		if mantissa == "1" || mantissa == "-1" {
			return strings.TrimSuffix(mantissa, "1") + "10^{" + strconv.Itoa(e) + "}"
		}
		return mantissa + ` \cdot 10^{` + strconv.Itoa(e) + "}"
	}
	return s
}

// mathSum collects the terms of a sum.
type mathSum struct {
	b     strings.Builder
	terms int
	more  int // terms that are left out
}

// add adds c*factor; an empty factor is 1.
func (s *mathSum) add(c float64, factor string) {
	switch {
	case s.terms == 0 && math.Signbit(c):
		s.b.WriteString("-")
	case s.terms == 0:
	case math.Signbit(c):
		s.b.WriteString(" - ")
	default:
		s.b.WriteString(" + ")
	}
	s.terms++
	if a := math.Abs(c); factor == "" {
		s.b.WriteString(mathNumber(a))
	} else {
		if a != 1 {
			s.b.WriteString(mathNumber(a) + ` \, `)
		}
		s.b.WriteString(factor)
	}
}

func (s *mathSum) String() string {
	switch {
	case s.terms == 0 && s.more == 0:
		return "0"
	case s.more > 0:
		return s.b.String() + fmt.Sprintf(` + \cdots\ \text{(%d more terms)}`, s.more)
	}
	return s.b.String()
}

// state is what has to be forgotten when a form that was tried does not fit.
type state struct {
	sets   mathSets
	data   mathData
	budget int
}

func (w *mathematics) save() state {
	s := state{w.sets, w.data, w.budget}
	s.sets.names = maps.Clone(w.sets.names)
	s.sets.lines, s.data.lines = slices.Clone(w.sets.lines), slices.Clone(w.data.lines)
	return s
}

func (w *mathematics) restore(s state) { w.sets, w.data, w.budget = s.sets, s.data, s.budget }

// cluster is functions that are written as one, with the subscripts of each, and the letters that stand for these.
type cluster struct {
	fs      []model.Function
	index   [][]string
	letters []string
}

// varying drops the subscripts that all functions of a cluster have in common: no index stands for these.
func (c *cluster) varying() {
	var keep []int
	for p, v := range c.index[0] {
		for _, t := range c.index {
			if t[p] != v {
				keep = append(keep, p)
				break
			}
		}
	}
	for r, t := range c.index {
		short := make([]string, len(keep))
		for k, p := range keep {
			short[k] = t[p]
		}
		c.index[r] = short
	}
}

// single is the cluster of one function.
func single(f model.Function) *cluster {
	return &cluster{fs: []model.Function{f}, index: [][]string{nil}}
}

// form writes the functions of a cluster as one expression; ok is false where they have no common form. A single function always has one.
func (w *mathematics) form(c *cluster) (text string, ok bool) {
	before := w.save()
	var s mathSum
	if !w.affine(c, &s) || !w.quadratics(c, &s) || !w.nonlinear(c, &s) || !w.constant(c, &s) {
		w.restore(before)
		return "", false
	}
	return s.String(), true
}

// constant adds the constants.
func (w *mathematics) constant(c *cluster, s *mathSum) bool {
	values := make([]float64, len(c.fs))
	for r, f := range c.fs {
		values[r] = f.Const
	}
	if v, same := sameValue(values); same {
		if v != 0 {
			s.add(v, "")
		}
		return true
	}
	w.addNumbers(c, values, s)
	return true
}

// addNumbers adds numbers of the rows of a cluster that are not all the same.
func (w *mathematics) addNumbers(c *cluster, values []float64, s *mathSum) {
	if slope, rest, ok := inIndex(c, values); ok {
		s.line(c, slope, rest)
		return
	}
	s.add(1, w.rowData("c", c, values))
}

// number writes numbers of the rows of a cluster: the number that they all are, or an array.
func (w *mathematics) number(letter string, c *cluster, values []float64) string {
	if v, same := sameValue(values); same {
		return mathNumber(v)
	}
	if slope, rest, ok := inIndex(c, values); ok {
		var s mathSum
		s.line(c, slope, rest)
		return s.String()
	}
	return w.rowData(letter, c, values)
}

// line adds slope times the only index of a cluster, plus a number.
func (s *mathSum) line(c *cluster, slope, rest float64) {
	s.add(slope, c.letters[0])
	if rest != 0 {
		s.add(rest, "")
	}
}

// inIndex finds that numbers are an integer multiple of the only index plus an integer: i, 2 i - 1.
func inIndex(c *cluster, values []float64) (slope, rest float64, ok bool) {
	if len(c.letters) != 1 || len(values) < 3 {
		return 0, 0, false
	}
	at := make([]float64, len(values))
	for r, index := range c.index {
		v, whole := asInteger(index[0])
		if !whole {
			return 0, 0, false
		}
		at[r] = float64(v)
	}
	slope = (values[1] - values[0]) / (at[1] - at[0])
	rest = values[0] - slope*at[0]
	if slope != math.Trunc(slope) || rest != math.Trunc(rest) || math.Abs(slope) > 10 || math.Abs(rest) > 10 {
		return 0, 0, false
	}
	for r, v := range values {
		if v != slope*at[r]+rest {
			return 0, 0, false
		}
	}
	return slope, rest, true
}

func (w *mathematics) rowData(letter string, c *cluster, values []float64) string {
	return w.data.define(letter, c.index, values) + subscripts(c.letters)
}

func subscripts(letters []string) string {
	if len(letters) == 0 {
		return ""
	}
	return "_{" + strings.Join(letters, ",") + "}"
}

func sameValue(values []float64) (float64, bool) {
	for _, v := range values {
		if v != values[0] {
			return 0, false
		}
	}
	return values[0], true
}
