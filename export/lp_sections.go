package export

import (
	"math"
	"strconv"

	"github.com/gobilevel/bilevel/model"
)

// bounds writes the bounds that differ from the format's default, 0 <= x.
func (l *lpWriter) bounds() {
	started := false
	start := func() {
		if !started {
			l.head("Bounds")
			started = true
		}
		l.puts(" ")
	}
	for j := range l.m.NumVars() {
		lo, hi := l.m.VarBounds(j)
		name := l.vars.at(j)
		switch {
		case l.listedBinary(j), lo == 0 && math.IsInf(hi, 1):
			continue
		case lo == hi:
			start()
			l.put(name)
			l.puts(" = ")
			l.number(lo)
		case math.IsInf(lo, -1) && math.IsInf(hi, 1):
			start()
			l.put(name)
			l.puts(" free")
		case math.IsInf(hi, 1):
			start()
			l.put(name)
			l.puts(" >= ")
			l.number(lo)
		default:
			start()
			l.number(lo)
			l.puts(" <= ")
			l.put(name)
			l.puts(" <= ")
			l.number(hi)
		}
		l.newline()
	}
	if n := l.m.NumVars(); l.portable && l.m.Leader().Objective().F.Const != 0 {
		start()
		l.put(l.vars.at(n))
		l.puts(" = 1")
		l.newline()
	}
}

// listedBinary reports whether variable j goes into the section Binaries, which sets its bounds to 0 and 1.
func (l *lpWriter) listedBinary(j int) bool {
	lo, hi := l.m.VarBounds(j)
	return l.m.VarKind(j) != model.Continuous && lo == 0 && hi == 1
}

func (l *lpWriter) kinds() {
	l.list("Generals", func(j int) bool { return l.m.VarKind(j) != model.Continuous && !l.listedBinary(j) })
	l.list("Binaries", l.listedBinary)
}

// list writes a section of names.
func (l *lpWriter) list(word string, in func(j int) bool) {
	started := false
	for j := range l.m.NumVars() {
		if !in(j) {
			continue
		}
		if !started {
			l.head(word)
			started = true
		}
		l.term = append(append(l.term[:0], ' '), l.vars.at(j)...)
		l.piece()
	}
	if started {
		l.newline()
	}
}

func (l *lpWriter) sets() {
	sos := l.m.SOS1Sets()
	if len(sos) == 0 {
		return
	}
	names := setNames(sos)
	l.head("SOS")
	for i, s := range sos {
		l.puts(" ")
		l.put(names.at(i))
		l.puts(": S1::")
		for k, j := range s.Vars {
			l.term = append(append(l.term[:0], ' '), l.vars.at(int(j))...)
			l.term = append(l.term, ':')
			l.term = appendNumber(l.term, weight(s, k))
			l.piece()
		}
		l.newline()
	}
}

func setNames(sos []model.SOS1) *nameTable { return makeNames(len(sos), setNameOf(sos)) }

func setNameOf(sos []model.SOS1) func(i int) string {
	return func(i int) string {
		if sos[i].Name == "" {
			return "set" + strconv.Itoa(i+1)
		}
		return sos[i].Name
	}
}

// weight is the place of member k in its set; members without weights stand in the order in which they are listed.
func weight(s model.SOS1, k int) float64 {
	if k < len(s.Weights) {
		return s.Weights[k]
	}
	return float64(k + 1)
}
