package mpsaux

import (
	"math"
	"strconv"

	"github.com/gobilevel/bilevel/model"
)

// nameless is the follower of a pair, which has no name: the language calls it so, too.
const nameless = "lower"

// fail is an error at a line of the AUX file.
func (a *auxiliary) fail(line int, word []byte, remedy, reason string) error {
	return &Error{File: a.file, Line: line, Token: string(word), Reason: reason, Remedy: remedy}
}

// resolver finds columns or rows by index or name.
type resolver struct {
	what   string // "column", "row"
	count  int    // of those that have an index
	find   func(name []byte) int
	number func(index int) int // of the thing with an index
	taken  []bool              // by number
	odd    []byte              // a word that is an index and somebody else's name
}

// resolve finds a thing by a reference.
func (x *resolver) resolve(a *auxiliary, ref reference) (int, error) {
	k := -1
	byName := x.find(ref.word)
	if index, err := strconv.ParseInt(string(ref.word), 10, 64); err == nil && !ref.named {
		if index < 0 || index >= int64(x.count) {
			if byName < 0 {
				return 0, a.fail(ref.line, ref.word, "number them from 0, without the rows of type N", "there is no "+x.what+" "+shown(ref.word)+" of "+itoa(x.count))
			}
			k = byName
		} else {
			k = x.number(int(index))
			if byName >= 0 && byName != k && x.odd == nil {
				x.odd = ref.word
			}
		}
	} else if k = byName; k < 0 {
		return 0, a.fail(ref.line, ref.word, "correct the name, or write its index from 0", "the MPS file has no "+x.what+" "+shown(ref.word))
	}
	if x.taken[k] {
		return 0, a.fail(ref.line, ref.word, "delete one", x.what+" "+shown(ref.word)+" is listed twice")
	}
	x.taken[k] = true
	return k, nil
}

// general makes the model of a pair in which the MPS file has both levels.
func (p *problem) general(a *auxiliary) (*model.Model, error) {
	cols := &resolver{what: "column", count: len(p.col), find: p.cols.find, number: func(j int) int { return j }, taken: make([]bool, len(p.col))}
	var indexed []int
	for r := range p.row {
		if p.row[r].kind != 'N' {
			indexed = append(indexed, r)
		}
	}
	rows := &resolver{what: "row", count: len(indexed), find: p.rows.find, number: func(i int) int { return indexed[i] }, taken: make([]bool, len(p.row))}

	columns := make([]int, len(a.lc))
	for k, ref := range a.lc {
		var err error
		if columns[k], err = cols.resolve(a, ref); err != nil {
			return nil, err
		}
	}
	for _, ref := range a.lr {
		r, err := rows.resolve(a, ref)
		if err != nil {
			return nil, err
		}
		if r == p.objective {
			return nil, a.fail(ref.line, ref.word, "give the follower's objective by LO", "row "+shown(ref.word)+" is the leader's objective")
		}
	}
	for _, c := range p.ifs {
		if rows.taken[c.row] {
			return nil, &Error{File: p.file, Line: c.line, Reason: "row " + shown(p.rows.name[c.row]) + " is the follower's and has a condition", Remedy: "write the condition with a constant (big M)", Err: ErrUnsupported}
		}
	}
	p.strange(cols, rows)
	m, err := p.build()
	if err != nil {
		return nil, err
	}
	follower := m.Follower(a.name())
	f := m.Accumulator()
	for k, j := range columns {
		m.SetVarOwner(j, follower.Index())
		f.AddTerm(a.lo[k], j)
	}
	for r, taken := range rows.taken {
		if taken {
			m.SetRowOwner(p.modelRow(r), follower.Index())
		}
	}
	a.aim(follower, f)
	if p.maximise {
		m.Notes = append(m.Notes, "the leader maximises, as OBJSENSE says; MibS does not read that and minimises")
	}
	return m, m.Err()
}

func (a *auxiliary) name() string {
	if a.follower != "" {
		return a.follower
	}
	return nameless
}

// aim sets the follower's objective.
func (a *auxiliary) aim(follower *model.Player, f *model.Accumulator) {
	if a.none {
		return
	}
	o := model.Objective{Name: a.objective, F: f.Function()}
	if a.maximise {
		o.Sense = model.Maximize
	}
	follower.SetObjective(o)
}

// strange notes words that could be meant in two ways.
func (p *problem) strange(list ...*resolver) {
	for _, x := range list {
		if x.odd != nil {
			p.note("%s %s of the AUX file is taken to be an index, though another %s has that name", x.what, shown(x.odd), x.what)
		}
	}
}

// interdiction makes the model of an interdiction pair:
//
//	variables     x_i (leader's), y_i (follower's, the columns)
//	constraints   budget: Σ IC_i x_i <= IB (leader's), the rows (follower's), y_i + u_i x_i <= u_i (follower's)
//
// The indices in the AUX file are those of that model.
func (p *problem) interdiction(a *auxiliary) (*model.Model, error) {
	n, rows := len(p.col), 0
	for r := range p.row {
		if p.row[r].kind != 'N' {
			rows++
		}
	}
	order, err := p.interdicted(a, n, rows)
	if err != nil {
		return nil, err
	}
	m := model.New(p.name).DeriveWithRoom(2*n, len(p.row)+n)
	m.Name = p.title()
	follower := m.Follower(a.name())
	written := make([]string, n)
	for j := range written {
		written[j] = quoted(p.hints.restore(p.cols.name[j], p.hints.vars))
	}
	sub := func(k int) string { return written[k] }
	m.AddVars(0, p.fresh("interdict"), sub, n, model.Binary, 0, 1)
	p.addVars(m, follower.Index())

	vars, coefs := make([]int32, 0, n), make([]float64, 0, n)
	cost := make([]float64, n)
	f := m.Accumulator()
	for k, j := range order {
		cost[j] = a.ic[k]
		f.AddTerm(a.lo[k], n+j)
	}
	for j, c := range cost {
		if c != 0 {
			vars, coefs = append(vars, int32(j)), append(coefs, c)
		}
	}
	m.AddRow(0, p.fresh("budget"), model.Function{Vars: vars, Coefs: coefs}, math.Inf(-1), a.budget)
	p.addRows(m, follower.Index(), n)
	first := m.StartRows(follower.Index(), p.fresh("blocked"), sub, n)
	for j := range p.col {
		u := p.col[j].hi
		if math.IsInf(u, 1) {
			name := p.cols.name[j]
			return nil, &Error{File: p.file, Token: string(name), Reason: "column " + shown(name) + " can be interdicted and has no upper bound", Remedy: "give it one in BOUNDS"}
		}
		m.SetRow(first+j, model.Function{Vars: []int32{int32(j), int32(n + j)}, Coefs: []float64{u, 1}}, math.Inf(-1), u)
	}
	a.aim(follower, f)
	if p.objective >= 0 {
		o := p.goal(m, n)
		g := m.Accumulator()
		g.AddFunction(-1, o.F)
		o.F, o.Sense = g.Function(), model.Minimize
		m.Leader().SetObjective(o)
	}
	m.Notes = append(m.Notes, p.notes...)
	return m, m.Err()
}

// interdicted checks what an interdiction pair asks for and returns the column that each LO and IC belongs to.
func (p *problem) interdicted(a *auxiliary, n, rows int) ([]int, error) {
	if len(p.quad)+len(p.sets)+len(p.ifs) > 0 {
		return nil, &Error{File: p.file, Reason: "an interdiction pair with quadratic terms, sets or conditions", Remedy: "write the whole problem as a pair with both levels", Err: ErrUnsupported}
	}
	if p.maximise {
		return nil, &Error{File: p.file, Reason: "an interdiction pair whose MPS file maximises", Remedy: "take OBJSENSE away; the leader minimises the negative of that objective", Err: ErrUnsupported}
	}
	if a.cols != n {
		return nil, a.fail(a.budgetLine, nil, "correct N", "N is "+itoa(a.cols)+" and the MPS file has "+itoa(n)+" columns; in an interdiction pair all are the follower's")
	}
	// The rows may be left out; where they are listed, all must be.
	if len(a.lr) > 0 && a.rows != rows+n {
		return nil, a.fail(a.budgetLine, nil, "correct M", "M is "+itoa(a.rows)+" and not "+itoa(rows+n)+", the rows of the MPS file and one for each column")
	}
	listed := &resolver{what: "row", count: 1 + rows + n, find: func([]byte) int { return -1 }, number: func(i int) int { return i }, taken: make([]bool, 1+rows+n)}
	for _, ref := range a.lr {
		if p.rows.find(ref.word) >= 0 {
			continue
		}
		switch k, err := listed.resolve(a, ref); {
		case err != nil:
			return nil, err
		case k == 0:
			return nil, a.fail(ref.line, ref.word, "number the rows from 1", "row 0 is the budget, which is the leader's")
		}
	}
	cols := &resolver{what: "column", count: 2 * n, find: p.cols.find, number: func(k int) int { return k - n }, taken: make([]bool, n)}
	order := make([]int, n)
	for k := range order {
		order[k] = k
		if len(a.lc) == 0 {
			continue
		}
		ref := a.lc[k]
		if index, err := strconv.Atoi(string(ref.word)); err == nil && !ref.named && index >= 0 && index < n {
			return nil, a.fail(ref.line, ref.word, "add "+itoa(n)+": the follower's columns come after those of the leader", "column "+shown(ref.word)+" is the leader's in an interdiction pair")
		}
		var err error
		if order[k], err = cols.resolve(a, ref); err != nil {
			return nil, err
		}
	}
	p.strange(cols)
	return order, nil
}

// fresh is base, or base with underscores appended until no row or column is called so.
func (p *problem) fresh(base string) string {
	for p.rows.find([]byte(base)) >= 0 || p.cols.find([]byte(base)) >= 0 {
		base += "_"
	}
	return base
}

// quoted is a subscript that is a text.
func quoted(s string) string {
	b := make([]byte, 0, len(s)+2)
	b = append(b, '"')
	for i := 0; i < len(s); i++ {
		if s[i] == '"' {
			b = append(b, '"')
		}
		b = append(b, s[i])
	}
	return string(append(b, '"'))
}
