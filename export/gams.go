package export

import (
	"io"
	"math"

	"github.com/gobilevel/bilevel/model"
)

// WriteGAMS writes a model as a scalar GAMS program that declares it and solves it:
//
//	Free, Positive, Integer, Binary, SOS1 Variables, bounds and start values
//	r..  f(x) =l= b     for lo <= f(x) <= hi two equations r_lo and r_hi
//	Model m / ..., F.x /    a pair 0 <= F(x) ⟂ x - lo >= 0 as an equation matched with a variable; Solve m using MPEC
//	bilevel x min o y e     a line of the EMP file for a model with followers: their objective variables, variables and equations
//
// A pair without a variable that has just the bounds of the pair gets one. The model type is the least that fits: LP, MIP, QCP, MIQCP,
// NLP, DNLP, MINLP, MPEC or EMP. Names have letters, digits and underscores, 63 of them, and do not differ in case only; comments
// list those that were changed in more than brackets, commas and quotes. Shared parts of nonlinear functions are written out.
//
// It returns the mistakes of m.Err, a *NotWritableError (an integer variable beside a pair, a pair beside a follower, a condition, a
// multiplier that the leader uses, an operation or a length that GAMS does not have), or the error of w.
func WriteGAMS(w io.Writer, m *model.Model) error {
	if err := m.Err(); err != nil {
		return err
	}
	if err := checkGAMS(m); err != nil {
		return err
	}
	g := &gamsWriter{text: newText(w), m: m, names: newIdentifiers(63, true, gamsWords), inline: carried(m)}
	if err := g.checkExpressions(); err != nil {
		return err
	}
	g.nameAll()
	g.planPairs()
	g.heading()
	g.variables()
	g.equations()
	g.bounds()
	g.solve()
	return g.flush()
}

type gamsWriter struct {
	*text
	m      *model.Model
	names  *identifiers
	vars   []string
	rows   [][2]string // the second where the first is one half of a range
	goals  []string    // objective variables, by player
	defs   []string    // the equations that define them
	inline []bool
	pairs  []gamsPair
	sets   []gamsSet
	title  string
}

// gamsWords cannot be names: the keywords and functions of GAMS.
const gamsWords = `abort acronym acronyms alias all and assign attr binary break card continue diag display do else elseif endfor endif endloop
endwhile eps eq equation equations execute execute_load execute_unload extrinsic file files for free function functions ge gt if imp inf
integer le loop lt maximizing minimizing mod model models na ne negative no nonnegative not option options or ord parameter parameters
positive procedure procedures prod put putclose puthd putpage puttl repeat sameas scalar scalars semicont semiint set sets singleton smax
smin solve sos1 sos2 sum system table then to undf until using variable variables while xor yes
abs arccos arcsin arctan arctan2 bool_and bool_not bool_or ceil cos cosh exp floor ifthen log log10 max min power rel_eq rel_ge rel_gt
rel_le rel_lt rel_ne round rpower sin sinh sqr sqrt tan tanh trunc lp mip qcp miqcp nlp dnlp minlp mpec emp mcp rmip bilevel dualvar vi`

// checkGAMS refuses what GAMS has no statement for.
func checkGAMS(m *model.Model) error {
	c := m.Constructs()
	refuse := func(construct model.Constructs, reason, remedy string) error {
		return &NotWritableError{"GAMS", construct, m.Where(construct), reason, remedy}
	}
	if d := m.DualVars(); len(d) > 0 {
		return &NotWritableError{"GAMS", model.DualVariables, m.VarName(d[0]), "a variable that stands for a multiplier", "export a later stage (--after kkt)"}
	}
	pairs := c & (model.Complementarity | model.MixedPairs)
	switch {
	case len(m.Indicators()) > 0:
		return refuse(model.IndicatorRows, "a condition on a constraint", "choose another stage (big-m instead of indicator)")
	case pairs != 0 && m.NumFollowers() > 0:
		return refuse(pairs, "a complementarity pair beside a follower", "export a later stage (--after kkt)")
	case pairs != 0 && c.Has(model.IntegerVariables):
		return &NotWritableError{"GAMS", pairs, m.PairName(0), "a complementarity pair beside integer variables", "export a later stage (--after big-m)"}
	case pairs != 0 && c.Has(model.SOS1Sets):
		return &NotWritableError{"GAMS", pairs, m.PairName(0), "a complementarity pair beside an SOS1 set", "export a later stage (--after sos1)"}
	case m.NumVars() == 0:
		return &NotWritableError{"GAMS", 0, "", "it has no variables", "add one"}
	}
	return nil
}

func (g *gamsWriter) nameAll() {
	m := g.m
	g.title = g.names.take("", m.Name)
	if m.Name == "" {
		g.title = g.names.take("", "model_")
	}
	for j := range m.NumVars() {
		g.vars = append(g.vars, g.names.take("variable", m.VarName(j)))
	}
	for r := range m.NumRows() {
		lo, hi := m.RowBounds(r)
		switch {
		case g.inline[r] || math.IsInf(lo, -1) && math.IsInf(hi, 1):
			g.rows = append(g.rows, [2]string{})
		case lo == hi || math.IsInf(lo, -1) || math.IsInf(hi, 1):
			g.rows = append(g.rows, [2]string{g.names.take("equation", m.RowName(r))})
		default:
			g.rows = append(g.rows, [2]string{g.names.take("equation", m.RowName(r)+"_lo"), g.names.take("equation", m.RowName(r)+"_hi")})
		}
	}
	for p := range m.NumPlayers() {
		o := m.Player(p).Objective()
		name := o.Name
		if name == "" {
			name = "objective"
			if p > 0 {
				name += "_" + m.Player(p).Name()
			}
		}
		g.goals = append(g.goals, g.names.take("objective", name))
		g.defs = append(g.defs, g.names.take("", name+"_def"))
	}
	for _, s := range m.SOS1Sets() {
		g.sets = append(g.sets, gamsSet{g.names.take("", s.Name+"_places"), g.names.take("SOS1 set", s.Name), g.names.take("", s.Name+"_link")})
	}
}

// gamsSet is the names of an SOS1 set: of the places in it, of the variables of SOS1 type, and of the equations that tie these to the members.
type gamsSet struct{ places, variable, link string }

func (g *gamsWriter) heading() {
	g.comment("Model " + printable(g.m.Name))
	for _, line := range g.names.renamed {
		g.comment(line)
	}
	for _, s := range leftOut(g.m, true) {
		g.comment(s)
	}
	g.newline()
}

func (g *gamsWriter) comment(s string) {
	g.puts("* ")
	if len(s) > lineLimit {
		s = s[:lineLimit-3] + "..."
	}
	g.puts(s)
	g.newline()
}

// words writes a statement that lists names, broken into lines.
func (g *gamsWriter) words(keyword, separator, end string, list []string) {
	if len(list) == 0 {
		return
	}
	g.puts(keyword)
	for i, w := range list {
		g.term = append(append(g.term[:0], ' '), w...)
		if i < len(list)-1 {
			g.term = append(g.term, separator...)
		}
		g.piece()
	}
	g.puts(end)
	g.newline()
}

func (g *gamsWriter) variables() {
	var free, positive, integer, binary []string
	free = append(free, g.goals...)
	for j, name := range g.vars {
		lo, _ := g.m.VarBounds(j)
		switch {
		case g.m.VarKind(j) == model.Binary:
			binary = append(binary, name)
		case g.m.VarKind(j) == model.Integer:
			integer = append(integer, name)
		case lo == 0:
			positive = append(positive, name)
		default:
			free = append(free, name)
		}
	}
	for _, p := range g.pairs {
		if p.slack != "" {
			free = append(free, p.slack)
		}
	}
	g.words("Free Variables", ",", ";", free)
	g.words("Positive Variables", ",", ";", positive)
	g.words("Integer Variables", ",", ";", integer)
	g.words("Binary Variables", ",", ";", binary)
	for k, s := range g.m.SOS1Sets() {
		n := g.sets[k]
		g.puts("Set " + n.places + " / 1*")
		g.number(float64(len(s.Vars)))
		g.puts(" /;")
		g.newline()
		g.puts("SOS1 Variables " + n.variable + "(" + n.places + ");")
		g.newline()
	}
}

// bounds writes the bounds that differ from those of the type, and start values.
func (g *gamsWriter) bounds() {
	set := func(name, attribute string, v float64) {
		g.puts(name + "." + attribute + " = ")
		g.number(v)
		g.puts(";")
		g.newline()
	}
	for j, name := range g.vars {
		lo, hi := g.m.VarBounds(j)
		tlo, thi := math.Inf(-1), math.Inf(1)
		switch k := g.m.VarKind(j); {
		case k == model.Binary:
			tlo, thi = 0, 1
		case k == model.Integer:
			tlo, thi = 0, math.NaN() // the default is 100, or infinity, by version
		case lo == 0:
			tlo = 0
		}
		if lo == hi {
			set(name, "fx", lo)
		} else {
			if lo != tlo {
				set(name, "lo", lo)
			}
			if hi != thi {
				set(name, "up", hi)
			}
		}
		if s := g.m.VarStart(j); !math.IsNaN(s) && lo < hi {
			set(name, "l", s)
		}
	}
	for _, p := range g.pairs {
		if p.slack != "" {
			if !math.IsInf(p.lo, -1) {
				set(p.slack, "lo", p.lo)
			}
			if !math.IsInf(p.hi, 1) {
				set(p.slack, "up", p.hi)
			}
		}
	}
	for k, s := range g.m.SOS1Sets() {
		for i, j := range s.Vars {
			lo, hi := g.m.VarBounds(int(j))
			element := "('" + string(appendNumber(nil, float64(i+1))) + "')"
			if lo != 0 {
				set(g.sets[k].variable, "lo"+element, lo)
			}
			if !math.IsInf(hi, 1) {
				set(g.sets[k].variable, "up"+element, hi)
			}
		}
	}
}

// modelType is the least type of GAMS models that the model is of.
func (g *gamsWriter) modelType() string {
	c := g.m.Constructs()
	whole := c&(model.IntegerVariables|model.SOS1Sets) != 0
	d := g.m.DAG()
	smooth := true
	each := func(f model.Function) {
		if f.Nonlinear != 0 && smooth {
			smooth, _ = d.Smooth(f.Nonlinear)
		}
	}
	each(g.m.Leader().Objective().F)
	for r := range g.m.NumRows() {
		if !g.m.RowIsAffine(r) {
			each(g.m.RowFunction(r))
		}
	}
	switch {
	case g.m.NumFollowers() > 0:
		return "EMP"
	case g.m.NumPairs() > 0:
		return "MPEC"
	case c.Has(model.NonlinearFunctions) && whole:
		return "MINLP"
	case c.Has(model.NonlinearFunctions) && !smooth:
		return "DNLP"
	case c.Has(model.NonlinearFunctions):
		return "NLP"
	case c&(model.QuadraticRows|model.QuadraticObjective|model.ConvexQuadraticObjective) != 0 && whole:
		return "MIQCP"
	case c&(model.QuadraticRows|model.QuadraticObjective|model.ConvexQuadraticObjective) != 0:
		return "QCP"
	case whole:
		return "MIP"
	}
	return "LP"
}
