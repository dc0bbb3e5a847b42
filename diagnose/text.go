package diagnose

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/gobilevel/bilevel/model"
)

// mostTerms is how many terms of a function a text shows.
const mostTerms = 8

func number(v float64) string { return strconv.FormatFloat(v, 'g', 6, 64) }

// functionText writes a function without its constant, shortened where it is long.
func functionText(m *model.Model, f model.Function) string {
	var b strings.Builder
	n := 0
	term := func(c float64, what string) {
		n++
		if n > mostTerms {
			return
		}
		switch {
		case n > 1 && c < 0:
			b.WriteString(" - ")
			c = -c
		case n > 1:
			b.WriteString(" + ")
		case c < 0:
			b.WriteString("-")
			c = -c
		}
		if c != 1 {
			b.WriteString(number(c) + " ")
		}
		b.WriteString(what)
	}
	for k, j := range f.Vars {
		term(f.Coefs[k], m.VarName(int(j)))
	}
	for _, q := range f.Quad {
		term(q.Coef, productText(m, q))
	}
	if n > mostTerms {
		fmt.Fprintf(&b, " + ... (%d terms)", n)
	}
	if f.Nonlinear != 0 {
		if n > 0 {
			b.WriteString(" + ")
		}
		b.WriteString("nonlinear terms")
	} else if n == 0 {
		b.WriteString("0")
	}
	return b.String()
}

func productText(m *model.Model, q model.QuadTerm) string {
	if q.I == q.J {
		return m.VarName(int(q.I)) + "^2"
	}
	return m.VarName(int(q.I)) + "*" + m.VarName(int(q.J))
}

// sideText writes one side of lo <= what <= hi.
func sideText(what string, lo, hi float64, upper bool) string {
	switch {
	case lo == hi && upper:
		return what + " <= " + number(hi) + " (of an equation)"
	case lo == hi:
		return what + " >= " + number(lo) + " (of an equation)"
	case upper:
		return what + " <= " + number(hi)
	}
	return what + " >= " + number(lo)
}

func rowMember(m *model.Model, r int, upper bool) Member {
	lo, hi := m.RowBounds(r)
	return Member{Kind: ConstraintSide, Player: m.RowOwner(r), Index: r, Upper: upper, Name: m.RowName(r),
		Text: sideText(functionText(m, m.RowFunction(r)), lo, hi, upper)}
}

func boundMember(m *model.Model, j int, upper bool) Member {
	lo, hi := m.VarBounds(j)
	text := sideText(m.VarName(j), lo, hi, upper)
	if lo == hi {
		text = m.VarName(j) + map[bool]string{false: " >= ", true: " <= "}[upper] + number(lo) + " (its bounds are equal)"
	}
	return Member{Kind: BoundSide, Player: m.VarOwner(j), Index: j, Upper: upper, Name: m.VarName(j), Text: text}
}

func optimalityMember(m *model.Model, p int) Member {
	name := m.Player(p).Name()
	return Member{Kind: Optimality, Player: p, Index: p, Name: name, Text: "follower " + name + " answers optimally"}
}

func pairMember(m *model.Model, k int) Member {
	p := m.Pair(k)
	return Member{Kind: Complement, Index: k, Name: m.PairName(k), Text: m.MemberName(p.A) + " complements " + m.MemberName(p.B)}
}

// entries lists what is not zero of a direction, or the values of given variables.
func entries(m *model.Model, x []float64, vars []int) []Entry {
	var out []Entry
	for _, j := range vars {
		out = append(out, Entry{j, m.VarName(j), x[j]})
	}
	return out
}

func nonzeros(x []float64) []int {
	var out []int
	for j, v := range x {
		if v != 0 {
			out = append(out, j)
		}
	}
	return out
}

// player names a player in a sentence.
func player(m *model.Model, p int) string {
	if p == 0 {
		return "the leader"
	}
	return "follower " + m.Player(p).Name()
}

func finite(v float64) bool { return !math.IsInf(v, 0) && !math.IsNaN(v) }

// list joins names, shortened where there are many.
func list(names []string) string {
	const most = 6
	if len(names) > most {
		return strings.Join(names[:most], ", ") + fmt.Sprintf(" and %d more", len(names)-most)
	}
	return strings.Join(names, ", ")
}
