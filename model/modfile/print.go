package modfile

import (
	"fmt"
	"io"
	"math"
	"strings"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/expr"
)

// Print writes a model as a text that reads back to it: the same players, variables, bounds, start values, objectives, constraints,
// pairs, SOS1 sets, conditional constraints and suffixes, in the same order and with the same names. Names that the language does not
// have stand in backquotes; where two things share a name, the later one gets an underscore. Numbers have the fewest digits that read
// back equal. Subexpressions that are used more than once become defined variables.
//
// What a model has and the language has not is written in the way of AMPL, with the additions that the package comment lists. It returns the
// mistakes of m.Err, a *NotPrintableError for a name with a line break and for a constraint under two conditions, or the error of w.
func Print(w io.Writer, m *model.Model) error {
	if err := m.Err(); err != nil {
		return err
	}
	p := &printing{m: m, labels: newLabels()}
	p.w = newWrapper(w)
	p.nameVariables()
	p.choosePairRows()
	p.nameRows()
	if err := p.checkNames(); err != nil {
		return err
	}
	p.playerStatements()
	p.nothing()
	p.variableStatements()
	p.sharedExpressions()
	early := p.objectives(false)
	p.constraints()
	if early {
		p.objectives(true)
	}
	p.sosStatements()
	p.suffixes()
	if p.err != nil {
		return p.err
	}
	if p.w.err != nil {
		return p.w.err
	}
	return p.w.w.Flush()
}

// printing is the state of Print.
type printing struct {
	m          *model.Model
	w          *wrapper
	err        error
	labels     *labels
	varLabels  []label
	vars       []string // how each variable is written
	rows       []label
	pairs      []label
	arity      map[string]int
	inline     []bool  // constraints that are written as members of a pair
	pairOf     []int32 // the pair of an inline constraint
	whens      map[int][]model.Indicator
	player     int
	introduced []bool // followers whose level was opened
	shared     map[expr.Node]string
}

// checkNames reports names that cannot be written.
func (p *printing) checkNames() error {
	bad := func(what, name string) error {
		if strings.ContainsAny(name, "\n\r") {
			return &NotPrintableError{fmt.Sprintf("%s %q", what, name), "a line break in its name", "give it another name"}
		}
		return nil
	}
	for _, v := range p.vars {
		if err := bad("variable", v); err != nil {
			return err
		}
	}
	for _, l := range p.rows {
		if err := bad("constraint", l.base); err != nil {
			return err
		}
	}
	for _, l := range p.pairs {
		if err := bad("pair", l.base); err != nil {
			return err
		}
	}
	for k := range p.m.NumPlayers() {
		if err := bad("follower", p.m.Player(k).Name()); err != nil {
			return err
		}
		if err := bad("objective", p.m.Player(k).Objective().Name); err != nil {
			return err
		}
	}
	for _, s := range p.m.SOS1Sets() {
		if err := bad("SOS1 set", s.Name); err != nil {
			return err
		}
	}
	return nil
}

// playerStatements introduces the followers where they would not appear in their order by themselves.
func (p *printing) playerStatements() {
	m := p.m
	p.introduced = make([]bool, m.NumPlayers())
	next := 1
	for j := 0; j < m.NumVars() && next < m.NumPlayers(); j++ {
		_, dual := m.DualOf(j)
		if o := m.VarOwner(j); !dual && o >= next {
			if o > next {
				break
			}
			next++
		}
	}
	if next == m.NumPlayers() {
		return
	}
	for k := 1; k < m.NumPlayers(); k++ {
		p.lower(k)
	}
}

// nothing declares a family without members where there is nothing else, because a text without declarations is refused as no model.
func (p *printing) nothing() {
	m := p.m
	if m.NumVars()+m.NumRows()+m.NumPairs() > 0 {
		return
	}
	for k := range m.NumPlayers() {
		if m.Player(k).Objective().Set {
			return
		}
	}
	p.w.text("var none {{}};\n")
}

// lower opens the level of a follower.
func (p *printing) lower(k int) {
	pl := p.m.Player(k)
	p.w.text("lower ", writeName(pl.Name()))
	if pl.IsNash() && !p.introduced[k] {
		p.w.text(" nash")
	}
	p.w.text(";\n")
	p.player, p.introduced[k] = k, true
}

// enter changes to the level of a player.
func (p *printing) enter(player int) {
	if player == p.player {
		return
	}
	if p.w.begun {
		p.w.text("\n")
	}
	if player > 0 {
		p.lower(player)
		return
	}
	p.player = 0
	p.w.text("upper;\n")
}

// variableStatements declares the variables, a run of a family with the same properties by one statement. A family of several runs
// begins with a single member, to which runs may be added.
func (p *printing) variableStatements() {
	m := p.m
	started := map[string]bool{}
	members := map[string]int{}
	for _, l := range p.varLabels {
		members[l.base]++
	}
	for j := 0; j < m.NumVars(); {
		if _, dual := m.DualOf(j); dual {
			j++
			continue
		}
		p.enter(m.VarOwner(j))
		l := p.varLabels[j]
		n := 1
		if l.sub != "" {
			for j+n < m.NumVars() && p.sameKind(j, j+n) {
				n++
			}
			if !started[l.base] && n < members[l.base] {
				n = 1
			}
		}
		p.w.text("var ", l.base)
		started[l.base] = true
		switch {
		case l.sub == "":
		case n == 1:
			p.w.text("[", l.sub, "]")
		default:
			keys := make([][]elementValue, n)
			for i := range keys {
				keys[i] = p.varLabels[j+i].key
			}
			p.w.text(" ", indexSet(keys))
		}
		p.attributes(j)
		p.w.text(";\n")
		j += n
	}
}

// sameKind reports whether variable k continues the run of variable j.
func (p *printing) sameKind(j, k int) bool {
	m := p.m
	if _, dual := m.DualOf(k); dual || p.varLabels[k].base != p.varLabels[j].base || p.varLabels[k].sub == "" {
		return false
	}
	alo, ahi := m.VarBounds(j)
	blo, bhi := m.VarBounds(k)
	a, b := m.VarStart(j), m.VarStart(k)
	return m.VarOwner(j) == m.VarOwner(k) && m.VarKind(j) == m.VarKind(k) && alo == blo && ahi == bhi && (a == b || math.IsNaN(a) && math.IsNaN(b))
}

func (p *printing) attributes(j int) {
	m := p.m
	lo, hi := m.VarBounds(j)
	nlo, nhi := math.Inf(-1), math.Inf(1)
	switch m.VarKind(j) {
	case model.Integer:
		p.w.text(" integer")
	case model.Binary:
		p.w.text(" binary")
		nlo, nhi = 0, 1
	}
	comma := ""
	if lo != nlo {
		p.w.text(" >= ", writeNumber(lo))
		comma = ","
	}
	if hi != nhi {
		p.w.text(comma, " <= ", writeNumber(hi))
		comma = ","
	}
	if s := m.VarStart(j); !math.IsNaN(s) {
		p.w.text(comma, " := ", writeNumber(s))
	}
}

// objectives writes the objectives that mention no dual, or those that do: these need the constraints before them. It reports whether
// there are objectives of the second sort.
func (p *printing) objectives(withDuals bool) (others bool) {
	m := p.m
	for k := 0; k < m.NumPlayers(); k++ {
		o := m.Player(k).Objective()
		if !o.Set {
			continue
		}
		if p.mentionsDual(o.F) != withDuals {
			others = true
			continue
		}
		p.enter(k)
		p.w.text(o.Sense.String())
		if o.Name != "" {
			p.w.text(" ", p.labels.take(declObjective, o.Name).base)
		}
		p.w.text(": ")
		p.function(normal(m, o.F), true)
		p.w.text(";\n")
	}
	return others
}

func (p *printing) mentionsDual(f model.Function) bool {
	found := false
	if len(p.m.DualVars()) > 0 {
		p.m.EachVar(f, func(j int) {
			if _, dual := p.m.DualOf(j); dual {
				found = true
			}
		})
	}
	return found
}

// function writes a function, with its constant if that is wanted.
func (p *printing) function(f model.Function, constant bool) {
	first := true
	sign := func(c float64) float64 {
		switch {
		case c < 0 && first:
			p.w.text("-")
		case c < 0:
			p.w.text(" - ")
		case !first:
			p.w.text(" + ")
		}
		first = false
		return math.Abs(c)
	}
	factor := func(c float64) {
		if c = sign(c); c != 1 {
			p.w.text(writeNumber(c), "*")
		}
	}
	for k, j := range f.Vars {
		factor(f.Coefs[k])
		p.w.text(p.vars[j])
	}
	for _, q := range f.Quad {
		factor(q.Coef)
		if q.I == q.J {
			p.w.text(p.vars[q.I], "^2")
		} else {
			p.w.text(p.vars[q.I], "*", p.vars[q.J])
		}
	}
	c := f.Const
	if !constant {
		c = 0
	}
	if n := f.Nonlinear; n != 0 {
		d := p.m.DAG()
		if _, named := p.shared[n]; d.Op(n) == expr.OpSum && !named {
			c += d.Value(n)
			coefs := d.Coefs(n)
			for k, a := range d.Args(n) {
				factor(coefs[k])
				p.node(a, math.Abs(coefs[k]) == 1)
			}
		} else if first && c == 0 {
			p.expression(n, false)
			first = false
		} else {
			factor(1)
			p.node(n, true)
		}
	}
	if c != 0 || first {
		p.w.text(writeNumber(sign(c)))
	}
}

// node writes a node of the expression graph as a factor, or as a term by itself, in parentheses where it needs them.
func (p *printing) node(n expr.Node, term bool) {
	if name, ok := p.shared[n]; ok {
		p.w.text(name)
		return
	}
	op := p.m.DAG().Op(n)
	switch {
	case op == expr.OpVar, op == expr.OpPow, op == expr.OpMin, op == expr.OpMax, op.IsUnary() && !op.IsLogical():
		p.expression(n, false)
	default:
		p.expression(n, !(term && (op == expr.OpMul || op == expr.OpDiv)))
	}
}

// expression writes a node by its operation, or by its name as a whole.
func (p *printing) expression(n expr.Node, enclosed bool) {
	if name, ok := p.shared[n]; ok {
		p.w.text(name)
		return
	}
	if enclosed {
		p.w.text("(")
	}
	if err := p.m.DAG().Print(p.w, n, func(j int) string { return p.vars[j] }, p.shared); err != nil && p.err == nil {
		p.err = err
	}
	if enclosed {
		p.w.text(")")
	}
}

// Limits above which a part of an expression is written as a defined variable.
const (
	sharedSize  = 6  // operations and operands of a part that is used more than once
	sharedDepth = 50 // nesting
)

// sharedExpressions declares defined variables for the parts of nonlinear functions that are used more than once or lie deep.
func (p *printing) sharedExpressions() {
	m, d := p.m, p.m.DAG()
	var roots []expr.Node
	add := func(f model.Function) {
		if f = normal(m, f); f.Nonlinear != 0 {
			roots = append(roots, f.Nonlinear)
		}
	}
	for k := 0; k < m.NumPlayers(); k++ {
		add(m.Player(k).Objective().F)
	}
	for r := 0; r < m.NumRows(); r++ {
		if !m.RowIsAffine(r) {
			add(m.RowFunction(r))
		}
	}
	if len(roots) == 0 {
		return
	}
	often := map[expr.Node]bool{}
	for _, n := range d.Shared(roots) {
		often[n] = true
	}
	reached := make([]bool, d.Len())
	stack := append([]expr.Node(nil), roots...)
	for len(stack) > 0 {
		n := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if !reached[n] {
			reached[n] = true
			stack = append(stack, d.Args(n)...)
		}
	}
	p.shared = map[expr.Node]string{}
	prefix := p.labels.fresh("part")
	size, depth := make([]float64, d.Len()), make([]int, d.Len())
	for k, ok := range reached {
		n := expr.Node(k)
		if !ok {
			continue
		}
		size[n], depth[n] = 1, 1 // arguments have smaller numbers than what is made of them
		dual := false
		for _, a := range d.Args(n) {
			if _, named := p.shared[a]; named {
				size[n]++
				continue
			}
			size[n] += size[a]
			depth[n] = max(depth[n], depth[a]+1)
		}
		if d.Op(n).IsLogical() || dual || !(often[n] && size[n] >= sharedSize || depth[n] >= sharedDepth) || p.nodeMentionsDual(n) {
			continue
		}
		name := fmt.Sprintf("%s%d", prefix, len(p.shared)+1)
		p.w.text("var ", name, " = ")
		p.expression(n, false)
		p.w.text(";\n")
		p.shared[n] = name
		size[n], depth[n] = 1, 1
	}
}

func (p *printing) nodeMentionsDual(n expr.Node) bool {
	return p.mentionsDual(model.Function{Nonlinear: n})
}
