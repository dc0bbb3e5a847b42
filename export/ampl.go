package export

import (
	"bytes"
	"fmt"
	"io"
	"math"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/expr"
)

// WriteAMPL writes a model without followers as a model file that AMPL reads:
//
//	var x integer >= lo, <= hi, := start;
//	minimize f: ...;
//	subject to r: lo <= g(x) <= hi;             subject to r: z = 1 ==> g(x) <= hi;   under a condition
//	subject to p: a >= 0 complements b >= 0;    a constraint that is a member of a pair only, and has no other bound, stands only there
//	suffix sosno; suffix ref;  let x.sosno := 1; let x.ref := 2;   for SOS1 sets
//
// Names have letters, digits and underscores; comments list those that were changed in more than brackets, commas and quotes. Parts of
// nonlinear functions that are used more than once become defined variables.
//
// It returns the mistakes of m.Err, a *NotWritableError (a follower, a variable in two SOS1 sets, two conditions on a constraint), or
// the error of w. The file is one of the project's own language, too (package modfile), which has more to say: it holds any model.
func WriteAMPL(w io.Writer, m *model.Model) error {
	if err := m.Err(); err != nil {
		return err
	}
	a := &amplWriter{text: newText(w), m: m, names: newIdentifiers(0, false, amplWords), inline: carried(m), conditions: map[int]model.Indicator{}}
	if err := a.check(); err != nil {
		return err
	}
	a.nameAll()
	a.comment("Model " + printable(m.Name))
	for _, line := range a.names.renamed {
		a.comment(line)
	}
	for _, s := range leftOut(m, true) {
		a.comment(s)
	}
	a.newline()
	a.variables()
	if err := a.parts(); err != nil {
		return err
	}
	a.objective()
	a.constraints()
	a.pairStatements()
	a.sets()
	if a.err != nil {
		return a.err
	}
	return a.flush()
}

type amplWriter struct {
	*text
	m           *model.Model
	names       *identifiers
	vars        []string
	rows, pairs []string
	goal        string
	inline      []bool
	conditions  map[int]model.Indicator
	shared      map[expr.Node]string
	err         error
}

// amplWords cannot be names: keywords and functions of AMPL, and of the project's language.
const amplWords = `abs acos acosh alias all and arc asin asinh atan atan2 atanh beta binary by card ceil char circular close coeff complements cos
cosh cover cross data default diff difference dimen dimension display div drop else end environ environment exists exp expand export fix
first floor for forall function gamma identify if import in include index indexarity indexing infinity integer inter interleave intersection
is_logical join last length less let load log log10 logical lower match max maximize min minimize mod model nash nextw next node not
num numb_ob objective obj option or ord ord0 ordered param params precision prev print printf problem prod purge quit read redeclare
repeat reset restore reversed round s set setof shell sin sinh solution solve sos1 sos2 sprintf sqrt st step subj subject sub substr suffix sum
symbolic symdiff table tan tanh then time to to_come trunc unalias undrop unfix union unload until update upper var while within write`

func (a *amplWriter) check() error {
	m := a.m
	refuse := func(construct model.Constructs, where, reason, remedy string) error {
		return &NotWritableError{"AMPL", construct, where, reason, remedy}
	}
	switch {
	case m.NumFollowers() > 0:
		return refuse(model.Followers, "follower "+m.Player(1).Name(), "a follower's problem", "apply kkt first (--after kkt), or write .mod, which has followers")
	case m.NumVars() == 0:
		return refuse(0, "", "it has no variables", "add one")
	}
	if d := m.DualVars(); len(d) > 0 {
		return refuse(model.DualVariables, m.VarName(d[0]), "a variable that stands for a multiplier", "export a later stage (--after kkt), or write .mod")
	}
	member := map[int32]string{}
	for _, s := range m.SOS1Sets() {
		for _, j := range s.Vars {
			if other, taken := member[j]; taken {
				return refuse(model.SOS1Sets, s.Name, m.VarName(int(j))+" is in the set "+other+", too: AMPL has one number of a set for a variable", "choose another stage (big-m instead of sos1), or write .mod")
			}
			member[j] = s.Name
		}
	}
	for _, ind := range m.Indicators() {
		if _, twice := a.conditions[ind.Row]; twice {
			return refuse(model.IndicatorRows, m.RowName(ind.Row), "two conditions on one constraint", "write the constraint once for each")
		}
		a.conditions[ind.Row] = ind
	}
	d := m.DAG()
	for r := -1; r < m.NumRows(); r++ {
		f, where := m.Leader().Objective().F, "the objective"
		if r >= 0 {
			f, where = m.RowFunction(r), m.RowName(r)
		}
		if f.Nonlinear == 0 {
			continue
		}
		for _, n := range reachable(d, []expr.Node{f.Nonlinear}) {
			if v := d.Value(n); math.IsNaN(v) {
				return refuse(0, where, "a number that is not a number in an expression", "give a number")
			}
		}
	}
	return nil
}

func (a *amplWriter) nameAll() {
	m := a.m
	for j := range m.NumVars() {
		a.vars = append(a.vars, a.names.take("variable", m.VarName(j)))
	}
	for r := range m.NumRows() {
		name := ""
		if !a.inline[r] {
			name = a.names.take("constraint", m.RowName(r))
		}
		a.rows = append(a.rows, name)
	}
	for k := range m.NumPairs() {
		a.pairs = append(a.pairs, a.names.take("pair", m.PairName(k)))
	}
	name := m.Leader().Objective().Name
	if name == "" {
		name = "objective_"
	}
	a.goal = a.names.take("objective", name)
}

func (a *amplWriter) comment(s string) {
	a.puts("# " + s)
	a.newline()
}

func (a *amplWriter) variables() {
	for j, name := range a.vars {
		lo, hi := a.m.VarBounds(j)
		tlo, thi := math.Inf(-1), math.Inf(1)
		a.puts("var " + name)
		switch a.m.VarKind(j) {
		case model.Integer:
			a.puts(" integer")
		case model.Binary:
			a.puts(" binary")
			tlo, thi = 0, 1
		}
		sep := " "
		attribute := func(word string, v float64) {
			a.puts(sep + word + " ")
			a.number(v)
			sep = ", "
		}
		if lo != tlo {
			attribute(">=", lo)
		}
		if hi != thi {
			attribute("<=", hi)
		}
		if s := a.m.VarStart(j); !math.IsNaN(s) {
			attribute(":=", s)
		}
		a.puts(";")
		a.newline()
	}
}

// partSize is the number of operations and operands from which a part that is used more than once is a defined variable.
const partSize = 6

// parts declares defined variables for what is used more than once, or lies deep.
func (a *amplWriter) parts() error {
	m, d := a.m, a.m.DAG()
	var roots []expr.Node
	add := func(f model.Function) {
		if f.Nonlinear != 0 {
			roots = append(roots, f.Nonlinear)
		}
	}
	add(m.Leader().Objective().F)
	for r := range m.NumRows() {
		if !m.RowIsAffine(r) {
			add(m.RowFunction(r))
		}
	}
	if len(roots) == 0 {
		return nil
	}
	often := map[expr.Node]bool{}
	for _, n := range d.Shared(roots) {
		often[n] = true
	}
	a.shared = map[expr.Node]string{}
	size, depth := make([]float64, d.Len()), make([]int, d.Len())
	for _, n := range reachable(d, roots) {
		size[n], depth[n] = 1, 1
		for _, arg := range d.Args(n) {
			if _, named := a.shared[arg]; named {
				size[n]++
				continue
			}
			size[n] += size[arg]
			depth[n] = max(depth[n], depth[arg]+1)
		}
		if d.Op(n).IsLogical() || !(often[n] && size[n] >= partSize || depth[n] >= maxDepth/10) {
			continue
		}
		name := a.names.take("", "part")
		a.puts("var " + name + " =")
		a.printed(" ", n, false)
		a.puts(";")
		a.newline()
		a.shared[n] = name
		size[n], depth[n] = 1, 1
	}
	return a.err
}

// printed writes a node in AMPL's syntax, as a factor in parentheses where it needs them.
func (a *amplWriter) printed(before string, n expr.Node, factor bool) {
	d := a.m.DAG()
	name, named := a.shared[n]
	b := bytes.NewBuffer(append(a.term[:0], before...))
	op := d.Op(n)
	enclosed := factor && !named && !(op == expr.OpVar || op == expr.OpPow || op == expr.OpMin || op == expr.OpMax || op.IsUnary() && !op.IsLogical())
	if enclosed {
		b.WriteByte('(')
	}
	if named {
		b.WriteString(name)
	} else if err := d.Print(b, n, func(j int) string { return a.vars[j] }, a.shared); err != nil && a.err == nil {
		a.err = fmt.Errorf("writing an expression: %w", err)
	}
	if enclosed {
		b.WriteByte(')')
	}
	a.term = b.Bytes()
	a.piece()
}
