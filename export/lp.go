package export

import (
	"io"
	"math"

	"github.com/gobilevel/bilevel/model"
)

// WriteLP writes a model in the CPLEX LP format:
//
//	Minimize  obj: c'x + [ 2 q x ^2 + ... ] / 2 + constant
//	Subject To  r: a'x >= b      r~lo, r~hi: the two sides of lo <= a'x <= hi      r: z = 1 -> a'x <= b
//	Bounds, Generals, Binaries, SOS (s: S1:: x:1 y:2), End
//
// Numbers are the shortest that read back to the same float64. A constraint without bounds is written as a comment: the format has no
// word for it. Variables that stand in no constraint get a coefficient 0 in the objective, because some readers refuse to learn a
// variable from its bounds. Start values and suffixes are left out, as a comment says. Names are those of Names. It returns the mistakes of m.Err, a *NotWritableError, or the error of w.
func WriteLP(w io.Writer, m *model.Model, opt ...Options) error {
	if err := check(m, "LP"); err != nil {
		return err
	}
	l := &lpWriter{text: newText(w), m: m, vars: varNames(m), rows: rowNames(m), portable: only(opt).Portable}
	l.conditions = map[int]model.Indicator{}
	for _, ind := range m.Indicators() {
		l.conditions[ind.Row] = ind
	}
	l.comments(`\ `, "Model "+printable(m.Name), l.vars, l.rows, l.varName, l.rowName)
	for _, s := range leftOut(m, false) {
		l.puts(`\ ` + s)
		l.newline()
	}
	l.objective()
	l.constraints()
	l.bounds()
	l.kinds()
	l.sets()
	l.puts("End")
	l.newline()
	return l.flush()
}

type lpWriter struct {
	*text
	m          *model.Model
	vars, rows *nameTable
	conditions map[int]model.Indicator
	portable   bool
}

func (l *lpWriter) varName(j int) string {
	if j == l.m.NumVars() {
		return "the constant"
	}
	return l.m.VarName(j)
}

func (l *lpWriter) rowName(r int) string {
	if r == l.m.NumRows() {
		return "the objective"
	}
	return l.m.RowName(r)
}

// head starts a section.
func (l *lpWriter) head(word string) {
	l.puts(word)
	l.newline()
}

func (l *lpWriter) objective() {
	o := l.m.Leader().Objective()
	if o.Sense == model.Maximize {
		l.head("Maximize")
	} else {
		l.head("Minimize")
	}
	l.puts(" ")
	l.put(l.rows.at(l.m.NumRows()))
	l.puts(":")
	first := true
	for k, j := range o.F.Vars {
		l.linear(o.F.Coefs[k], l.vars.at(int(j)), first)
		first = false
	}
	for _, j := range l.loose(o.F) {
		l.linear(0, l.vars.at(j), first)
		first = false
	}
	if o.F.Const != 0 && l.portable {
		l.linear(o.F.Const, l.vars.at(l.m.NumVars()), first)
		first = false
	}
	if first {
		l.linear(0, l.vars.at(0), true)
	}
	if len(o.F.Quad) > 0 {
		l.quadratic(o.F.Quad, 2)
		l.puts(" / 2")
	}
	if c := o.F.Const; c != 0 && !l.portable {
		sign := " + "
		if c < 0 {
			sign = " - "
		}
		l.puts(sign)
		l.number(math.Abs(c))
	}
	l.newline()
}

// loose lists the variables that stand in no affine part.
func (l *lpWriter) loose(f model.Function) []int {
	seen := make([]bool, l.m.NumVars())
	for _, j := range f.Vars {
		seen[j] = true
	}
	for r := range l.m.NumRows() {
		idx, coefs := l.m.RowAffine(r)
		if !l.written(r) {
			continue
		}
		for k, j := range idx {
			seen[j] = seen[j] || coefs[k] != 0
		}
	}
	var out []int
	for j, ok := range seen {
		if !ok {
			out = append(out, j)
		}
	}
	return out
}

// quadratic writes a quadratic part in brackets, each coefficient times scale.
func (l *lpWriter) quadratic(quad []model.QuadTerm, scale float64) {
	l.puts(" + [")
	for k, q := range quad {
		l.term = appendCoef(l.term[:0], scale*q.Coef, k == 0)
		l.term = append(l.term, l.vars.at(int(q.I))...)
		if q.I == q.J {
			l.term = append(l.term, " ^ 2"...)
		} else {
			l.term = append(append(l.term, " * "...), l.vars.at(int(q.J))...)
		}
		l.piece()
	}
	l.puts(" ]")
}

// written reports whether constraint r has a bound.
func (l *lpWriter) written(r int) bool {
	lo, hi := l.m.RowBounds(r)
	return !math.IsInf(lo, -1) || !math.IsInf(hi, 1)
}

func (l *lpWriter) constraints() {
	l.head("Subject To")
	some := false
	for r := range l.m.NumRows() {
		lo, hi := l.m.RowBounds(r)
		some = some || l.written(r)
		switch {
		case !l.written(r):
			l.puts(`\ `)
			l.put(l.rows.at(r))
			l.puts(": no bounds")
			l.newline()
		case lo == hi:
			l.row(r, "", " = ", lo)
		case math.IsInf(hi, 1):
			l.row(r, "", " >= ", lo)
		case math.IsInf(lo, -1):
			l.row(r, "", " <= ", hi)
		default:
			l.row(r, "~lo", " >= ", lo)
			l.row(r, "~hi", " <= ", hi)
		}
	}
	if !some && l.portable {
		l.puts(" _none:") // the only one, so no other can have the name
		l.linear(0, l.vars.at(0), true)
		l.puts(" <= 1")
		l.newline()
	}
}

func (l *lpWriter) row(r int, suffix, relation string, rhs float64) {
	l.puts(" ")
	l.put(l.rows.at(r))
	l.puts(suffix)
	l.puts(":")
	if ind, ok := l.condition(r); ok {
		l.puts(" ")
		l.put(l.vars.at(ind.Binary))
		if ind.When {
			l.puts(" = 1 ->")
		} else {
			l.puts(" = 0 ->")
		}
	}
	first := true
	idx, coefs := l.m.RowAffine(r)
	for k, j := range idx {
		if coefs[k] != 0 {
			l.linear(coefs[k], l.vars.at(int(j)), first)
			first = false
		}
	}
	if first {
		l.linear(0, l.vars.at(0), true)
	}
	if !l.m.RowIsAffine(r) {
		l.quadratic(l.m.RowFunction(r).Quad, 1)
	}
	l.puts(relation)
	l.number(rhs)
	l.newline()
}

// condition is the condition of constraint r, where it has one.
func (l *lpWriter) condition(r int) (model.Indicator, bool) {
	if len(l.conditions) == 0 {
		return model.Indicator{}, false
	}
	ind, ok := l.conditions[r]
	return ind, ok
}
