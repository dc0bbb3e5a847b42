package export

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/gobilevel/bilevel/model"
)

// WriteMPSAux writes a model with one linear follower as the pair of files that the solver MibS reads: an MPS file with all variables,
// all constraints that have a bound and the leader's objective, and an AUX file that names what is the follower's:
//
//	@NUMVARS, @NUMCONSTRS, @OBJSENSE (where it maximises), @VARSBEGIN y f ... @VARSEND, @CONSTRSBEGIN r ... @CONSTRSEND
//	N, M, LC, LR, LO, OS    with Options.AuxIndices: by index from 0
//
// MibS minimises every leader, so a maximisation is written as the minimisation of the negative; a comment says so, and package
// model/mpsaux turns it back. What is constant for the follower in its objective (a number, terms in the leader's variables) changes no
// answer, has no place in the format and is left out. Names of the follower and of its objective stand in comments. It returns the
// mistakes of m.Err, a *NotWritableError for anything that is not linear, or the error of a writer.
func WriteMPSAux(mps, aux io.Writer, m *model.Model, opt ...Options) error {
	if err := checkPair(m); err != nil {
		return err
	}
	p, err := newMPSWriter(mps, m, only(opt), pairFormat)
	if err != nil {
		return err
	}
	p.bounded = true
	if p.obj.Sense == model.Maximize {
		p.sign = -1
	}
	a := &auxWriter{text: newText(aux), p: p, follower: m.Player(1)}
	a.collect()
	if err := p.write(); err != nil {
		return err
	}
	a.words()
	a.comments()
	return a.flush()
}

const pairFormat = "MPS+AUX"

// auxWriter writes the AUX file that belongs to an MPS file.
type auxWriter struct {
	*text
	p          *mpsWriter
	follower   *model.Player
	vars       []int
	rows       []int // of the follower
	place      []int // of each of them among the rows of the MPS file
	dropped    bool  // something in the objective that is constant for the follower
	maximising bool
}

// collect finds what is the follower's.
func (a *auxWriter) collect() {
	m := a.p.m
	for j := range m.NumVars() {
		if m.VarOwner(j) == 1 {
			a.vars = append(a.vars, j)
		}
	}
	place := 0
	for r := range m.NumRows() {
		if !a.p.written(r) {
			continue
		}
		if m.RowOwner(r) == 1 {
			a.rows, a.place = append(a.rows, r), append(a.place, place)
		}
		place++
	}
	o := a.follower.Objective()
	a.maximising = o.Sense == model.Maximize
	a.dropped = o.F.Const != 0
	for _, j := range o.F.Vars {
		a.dropped = a.dropped || m.VarOwner(int(j)) != 1
	}
}

// words writes the keywords and what they name.
func (a *auxWriter) words() {
	f := a.follower.Objective().F
	if a.p.opt.AuxIndices {
		a.integer("N ", len(a.vars))
		a.integer("M ", len(a.rows))
		for _, j := range a.vars {
			a.integer("LC ", j)
		}
		for _, k := range a.place {
			a.integer("LR ", k)
		}
		for _, j := range a.vars {
			a.puts("LO ")
			a.number(f.Coef(j))
			a.newline()
		}
		sense := 1
		if a.maximising {
			sense = -1
		}
		a.integer("OS ", sense)
		return
	}
	a.one("@NUMVARS")
	a.integer("", len(a.vars))
	a.one("@NUMCONSTRS")
	a.integer("", len(a.rows))
	if a.maximising {
		a.one("@OBJSENSE")
		a.one("MAX")
	}
	a.one("@VARSBEGIN")
	for _, j := range a.vars {
		a.put(a.p.vars.at(j))
		a.puts(" ")
		a.number(f.Coef(j))
		a.newline()
	}
	a.one("@VARSEND")
	a.one("@CONSTRSBEGIN")
	for _, r := range a.rows {
		a.put(a.p.rows.at(r))
		a.newline()
	}
	a.one("@CONSTRSEND")
}

func (a *auxWriter) one(s string) {
	a.puts(s)
	a.newline()
}

func (a *auxWriter) integer(before string, n int) {
	a.puts(before)
	a.one(strconv.Itoa(n))
}

// comments writes what the format has no place for. MibS passes over words that it does not know, so that no word here may be one that it
// does: names are in quotes and have no blanks.
func (a *auxWriter) comments() {
	word := func(s string) string { return strings.ReplaceAll(strconv.Quote(s), " ", `\x20`) }
	a.one("#follower=" + word(a.follower.Name()))
	o := a.follower.Objective()
	switch {
	case !o.Set:
		a.one("#no-objective")
	case o.Name != "":
		a.one("#objective=" + word(o.Name))
	}
	if a.dropped {
		a.one("# what is constant for the follower in its objective is left out")
	}
}

// checkPair returns nil for a model that a pair of files can hold.
func checkPair(m *model.Model) error {
	if err := m.Err(); err != nil {
		return err
	}
	refuse := func(c model.Constructs, where, reason, remedy string) error {
		return &NotWritableError{pairFormat, c, where, reason, remedy}
	}
	switch {
	case m.NumFollowers() == 0:
		return refuse(0, "", "it has no follower", "write mps")
	case m.NumFollowers() > 1:
		return refuse(model.Followers, "follower "+m.Player(2).Name(), "a second follower, and the format has one", reformulate)
	case m.NumPairs() > 0:
		return refuse(m.Constructs()&(model.Complementarity|model.MixedPairs), m.PairName(0), "a complementarity pair", "write .mod")
	case len(m.SOS1Sets()) > 0:
		return refuse(model.SOS1Sets, m.SOS1Sets()[0].Name, "an SOS1 set", "write .mod")
	case len(m.Indicators()) > 0:
		return refuse(model.IndicatorRows, m.RowName(m.Indicators()[0].Row), "a constraint with a condition", "write .mod")
	}
	if d := m.DualVars(); len(d) > 0 {
		return refuse(model.DualVariables, m.VarName(d[0]), "a variable that stands for a multiplier", reformulate)
	}
	for k := range 2 {
		if err := checkLinear(m, "the objective of "+m.Player(k).Name(), m.Player(k).Objective().F); err != nil {
			return err
		}
	}
	for r := range m.NumRows() {
		if !m.RowIsAffine(r) {
			if err := checkLinear(m, m.RowName(r), m.RowFunction(r)); err != nil {
				return err
			}
		}
	}
	return nil
}

// checkLinear refuses a function that is not affine, by the first term that makes it so.
func checkLinear(m *model.Model, where string, f model.Function) error {
	switch {
	case f.Nonlinear != 0:
		return &NotWritableError{pairFormat, model.NonlinearFunctions, where, "a nonlinear function, and the format is linear", reformulate}
	case len(f.Quad) > 0:
		q := f.Quad[0]
		term := fmt.Sprintf("the product %s * %s", m.VarName(int(q.I)), m.VarName(int(q.J)))
		if q.I == q.J {
			term = "the square of " + m.VarName(int(q.I))
		}
		return &NotWritableError{pairFormat, model.QuadraticRows, where, term + ", and the format is linear", reformulate}
	}
	return nil
}
