package export

import (
	"io"

	"github.com/gobilevel/bilevel/model"
)

// WriteNL writes a model in the .nl format of AMPL's solvers (Gay, Writing .nl files, 2005; Hooking your solver to AMPL, 1997):
//
//	header                  counts, and the letter g for the text form or b for the binary one (Options.Binary)
//	S sosno, S ref          SOS1 sets, as suffixes of the variables
//	V, C, O                 nonlinear expressions in Polish prefix form; a subexpression that is used more than once is a V of its own
//	x, r, b                 start values, sides of the constraints, bounds of the variables
//	k, J, G                 counts by column, linear parts of the constraints and of the objective, nonlinear variables included
//
// Variables stand in the format's order: nonlinear in the objective and a constraint, in constraints only, in the objective only, then
// linear ones; integer variables are last among the nonlinear variables of each kind, and linear binary and integer variables last of all.
// Constraints are nonlinear ones first, else in the order of the model.
//
// A complementarity pair is a constraint that complements a variable (type 5): 0 <= g(x) ⟂ v >= l, g(x) <= 0 ⟂ v <= u, or g(x) with a sign
// that depends on the side at which l <= v <= u is. Where a pair has no variable of exactly these bounds, or it is taken by another pair,
// a variable for the slack and the equation that defines it are added; they are named PAIR~slack and PAIR~is.
//
// Names stand in files of their own: see WriteNLNames. Numbers are the shortest that read back to the same float64, in the binary form
// they are those numbers. It returns the mistakes of m.Err, a *NotWritableError, or the error of w.
func WriteNL(w io.Writer, m *model.Model, opt ...Options) error {
	p, err := newNL(m)
	if err != nil {
		return err
	}
	return p.write(newNLOutput(w, only(opt).Binary))
}

// WriteNLNames writes the names of the variables and of the constraints of what WriteNL writes, one a line in its order, and that of the
// objective after those of the constraints. They belong in files beside the .nl file that differ in their ending: .col and .row. Names are
// those of the model, except that one with a line break is quoted and one that is taken gets ~2, ~3, ...
func WriteNLNames(cols, rows io.Writer, m *model.Model) error {
	p, err := newNL(m)
	if err != nil {
		return err
	}
	if err := writeLines(cols, p.colNames()); err != nil {
		return err
	}
	return writeLines(rows, p.rowNames())
}

// checkNL returns nil for a model that the format can hold, else a *NotWritableError. The model's own mistakes come first.
func checkNL(m *model.Model) error {
	const format, after = "NL", "export a later stage (--after kkt), or write .mod"
	if err := m.Err(); err != nil {
		return err
	}
	if n := m.NumFollowers(); n > 0 {
		return &NotWritableError{format, model.Followers, "follower " + m.Player(1).Name(), "a follower's problem", after}
	}
	if d := m.DualVars(); len(d) > 0 {
		return &NotWritableError{format, model.DualVariables, m.VarName(d[0]), "a variable that stands for a multiplier", after}
	}
	if list := m.Indicators(); len(list) > 0 {
		return &NotWritableError{format, model.IndicatorRows, m.RowName(list[0].Row), "a condition on a constraint", "write .lp, .mps or .mod"}
	}
	if m.NumVars() == 0 {
		return &NotWritableError{format, 0, "", "it has no variables", "add one"}
	}
	set := make(map[int32]string)
	for _, s := range m.SOS1Sets() {
		for _, j := range s.Vars {
			if other, taken := set[j]; taken {
				return &NotWritableError{format, model.SOS1Sets, m.VarName(int(j)), "a variable in two sets, " + other + " and " + s.Name, "write .lp, .mps or .mod"}
			}
			set[j] = s.Name
		}
	}
	return nil
}
