package export

import (
	"fmt"

	"github.com/gobilevel/bilevel/model"
)

// NotWritableError says that a format cannot hold a model.
type NotWritableError struct {
	Format    string           // "LP", "MPS", "NL"
	Construct model.Constructs // what stopped it; 0 where it is not a construct
	Where     string           // the name in the model, "" where there is none to tell
	Reason    string
	Remedy    string
}

func (e *NotWritableError) Error() string {
	s := "the " + e.Format + " format cannot hold this model: "
	if e.Where != "" {
		s += e.Where + ": "
	}
	return s + e.Reason + "; " + e.Remedy
}

const reformulate = "export a later stage (--after kkt+big-m), or write .mod"

// reformulateMPS is the same advice where there is a format for one linear follower.
const reformulateMPS = "write mps+aux, which holds one linear follower, or export a later stage (--after kkt+big-m), or write .mod"

// check returns nil for a model that the formats can hold, else a *NotWritableError. The model's own mistakes come first.
func check(m *model.Model, format string) error {
	if err := m.Err(); err != nil {
		return err
	}
	if n := m.NumFollowers(); n > 0 {
		remedy := reformulate
		if format == "MPS" {
			remedy = reformulateMPS
		}
		return &NotWritableError{format, model.Followers, "follower " + m.Player(1).Name(), "a follower's problem", remedy}
	}
	if m.NumPairs() > 0 {
		c := model.Complementarity
		if m.Pair(0).Mixed() {
			c = model.MixedPairs
		}
		return &NotWritableError{format, c, m.PairName(0), "a complementarity pair", "export a later stage (--after big-m), or write .nl or .mod"}
	}
	if d := m.DualVars(); len(d) > 0 {
		return &NotWritableError{format, model.DualVariables, m.VarName(d[0]), "a variable that stands for a multiplier", reformulate}
	}
	if m.Leader().Objective().F.Nonlinear != 0 {
		return &NotWritableError{format, model.NonlinearFunctions, "the objective", "a nonlinear function", "write .nl or .mod"}
	}
	for r := range m.NumRows() {
		if !m.RowIsAffine(r) && m.RowFunction(r).Nonlinear != 0 {
			return &NotWritableError{format, model.NonlinearFunctions, m.RowName(r), "a nonlinear function", "write .nl or .mod"}
		}
	}
	if m.NumVars() == 0 {
		return &NotWritableError{format, 0, "", "it has no variables", "add one"}
	}
	return checkConditions(m, format)
}

// checkConditions refuses what a condition cannot be written on: a row without bounds, or one with a quadratic part.
func checkConditions(m *model.Model, format string) error {
	seen := map[int]bool{}
	for _, ind := range m.Indicators() {
		name := m.RowName(ind.Row)
		switch {
		case seen[ind.Row]:
			return &NotWritableError{format, model.IndicatorRows, name, "two conditions on one constraint", "write the constraint once for each"}
		case !m.RowIsAffine(ind.Row):
			return &NotWritableError{format, model.IndicatorRows, name, "a condition on a quadratic constraint", "write .mod"}
		case m.VarKind(ind.Binary) != model.Binary:
			return &NotWritableError{format, model.IndicatorRows, name,
				fmt.Sprintf("its condition is on %s, which is not binary", m.VarName(ind.Binary)), "declare it binary"}
		}
		seen[ind.Row] = true
	}
	return nil
}

// Options are the choices of a writer. The zero value is the default.
type Options struct {
	// Portable keeps to what all readers understand in the same way: a maximisation is written to MPS as the minimisation of the
	// negative (glpsol and CBC do not take OBJSENSE), a constant in the objective as a variable fixed at 1 (readers differ in its sign
	// in MPS; in LP glpsol does not take it and CBC loses it), and an LP file has at least one constraint.
	Portable bool
	// Fixed writes MPS in the fixed layout: names of at most 8 bytes (longer ones are numbered, C0000001, and the comments at the head tell
	// which they are) and fields in their columns. A number that has more than 12 characters goes beyond its field, which most readers
	// take and glpsol does not, because it would be another number otherwise.
	Fixed bool
	// AuxIndices writes AUX files by index and not by name.
	AuxIndices bool
	// TaggedSOS writes the SOS section of MPS as lp_solve reads it, with the word SOS on each line.
	TaggedSOS bool
	// Binary writes an .nl file in the binary form, with numbers as they are in memory.
	Binary bool
}

func only(opt []Options) Options {
	if len(opt) > 0 {
		return opt[0]
	}
	return Options{}
}
