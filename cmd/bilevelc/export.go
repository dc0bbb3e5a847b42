package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/gobilevel/bilevel"
	"github.com/gobilevel/bilevel/export"
	"github.com/gobilevel/bilevel/model/modfile"
)

// format is what "bilevelc export" writes. names, where there is one, writes the files of names that belong beside a file of this format:
// those of the variables end in .col, those of the constraints in .row. aux, where there is one, writes two files, the second of which ends
// in .aux. A document may hold further stages of the model. ending is that of the names of files of this format, where it is not name.
type format struct {
	name  string
	write func(w io.Writer, m *bilevel.Model, o export.Options) error
	names func(cols, rows io.Writer, m *bilevel.Model) error
	aux   func(mps, aux io.Writer, m *bilevel.Model, o ...export.Options) error

	ending   string
	document func(w io.Writer, m *bilevel.Model, more ...export.Part) error
}

var formats = []format{
	{name: "lp", write: func(w io.Writer, m *bilevel.Model, o export.Options) error { return export.WriteLP(w, m, o) }},
	{name: "mps", write: func(w io.Writer, m *bilevel.Model, o export.Options) error { return export.WriteMPS(w, m, o) }},
	{name: "mps+aux", aux: export.WriteMPSAux},
	{name: "nl", write: func(w io.Writer, m *bilevel.Model, o export.Options) error { return export.WriteNL(w, m, o) }, names: export.WriteNLNames},
	{name: "json", write: func(w io.Writer, m *bilevel.Model, _ export.Options) error { return export.WriteJSON(w, m) }},
	{name: "gams", ending: "gms", write: func(w io.Writer, m *bilevel.Model, _ export.Options) error { return export.WriteGAMS(w, m) }},
	{name: "ampl", write: func(w io.Writer, m *bilevel.Model, _ export.Options) error { return export.WriteAMPL(w, m) }},
	{name: "latex", ending: "tex", document: export.WriteLaTeX},
	{name: "markdown", ending: "md", document: export.WriteMarkdown},
	{name: "mod", write: func(w io.Writer, m *bilevel.Model, _ export.Options) error { return modfile.Print(w, m) }},
}

type exportFlags struct {
	input       input
	plan        planFlags
	options     export.Options
	format, out string
	after       string
	withKKT     bool
}

func (a *app) exportCommand() *cobra.Command {
	f := &exportFlags{}
	var names []string
	for _, x := range formats {
		names = append(names, x.name)
	}
	c := &cobra.Command{
		Use:   "export FILE.mod [FILE.dat ...]",
		Short: "Write a model, or what a reformulation makes of it, in another format",
		Long: `Write a model in the format of other solvers (lp: CPLEX LP, mps: free MPS, nl: AMPL's
solvers) or in the project's own language (mod), as it is or after a chain of
reformulations. LP, MPS and NL hold problems of one player only: a model with followers is
exported --after kkt+big-m, --after kkt as NL, which has nonlinear functions and
complementarity pairs, as mod, or, with one linear follower, as mps+aux, the pair of files
that the solver MibS reads (--out model.mps also writes model.aux). In LP and MPS names are rewritten where the format does
not allow them, x[3,"a"] to x(3,a), and the file starts with a list of those that changed in
more than brackets and quotes. NL has no names: with --out model.nl they go to model.col and
model.row.

json holds any model, and is read back by all commands. gams is a scalar GAMS program, with
an EMP annotation for followers; ampl is a model file for AMPL, without followers. latex and
markdown write the model as mathematics, --with-kkt with the optimality conditions of its
followers in the same document.`,
		Example: `  bilevelc export toll.mod toll.dat --after kkt+big-m --format lp --out toll.lp
  bilevelc export toll.mod toll.dat --after kkt --out toll.nl
  bilevelc export knapsack.mod --format mps+aux --out knapsack.mps
  bilevelc export toll.mod toll.dat --after kkt --format mod
  bilevelc export toll.mod toll.dat --with-kkt --out toll.tex`,
		Args: files(1, "a model file"),
		RunE: func(c *cobra.Command, args []string) error { return a.export(c.Context(), f, args) },
	}
	f.input.flags(c)
	c.Flags().StringVar(&f.format, "format", "", "`format`: "+strings.Join(names, ", ")+" (default: by the ending of --out, else mod)")
	c.Flags().StringVar(&f.after, "after", "", "apply that chain of reformulations first, `passes` joined by +: "+strings.Join(bilevel.PassNames(), ", "))
	c.Flags().StringVar(&f.out, "out", "", "`file` to write (default: standard output)")
	c.Flags().Float64Var(&f.plan.bigM, "big-m", 0, "`constant` for pairs whose bounds cannot be proven (0: chosen)")
	c.Flags().Float64Var(&f.plan.relaxT, "relax-t", 0, "`parameter` t of the relaxations and smoothed functions (0: 0.01)")
	c.Flags().Float64Var(&f.plan.penalty, "penalty", 0, "`weight` of the products of pairs in the objective (0: 10)")
	c.Flags().BoolVar(&f.options.Portable, "portable", false, "lp, mps: keep to what all readers understand in the same way (no objective sense or constant in MPS)")
	c.Flags().BoolVar(&f.options.TaggedSOS, "tagged-sos", false, "mps: write SOS sets as lp_solve reads them")
	c.Flags().BoolVar(&f.options.Fixed, "fixed", false, "mps, mps+aux: write the fixed layout, with names of 8 bytes")
	c.Flags().BoolVar(&f.options.AuxIndices, "aux-indices", false, "mps+aux: name the follower's variables and constraints by index")
	c.Flags().BoolVar(&f.options.Binary, "binary", false, "nl: write the binary form")
	c.Flags().BoolVar(&f.withKKT, "with-kkt", false, "latex, markdown: add what the pass kkt makes of the model")
	complete(c, "format", names)
	complete(c, "after", append([]string{"kkt+big-m", "kkt+sos1"}, bilevel.PassNames()...))
	return c
}

func (a *app) export(ctx context.Context, f *exportFlags, names []string) error {
	ctx, release := interruptible(ctx)
	defer release()
	form, err := f.chosen()
	if err != nil {
		return err
	}
	m, err := f.input.read(ctx, a, names)
	if err != nil {
		return err
	}
	if err := writable(inputsOf(names, f.input.aux), f.outputs(form)...); err != nil {
		return err
	}
	stage, err := bilevel.Stage(ctx, m, f.after, bilevel.Options{BigM: f.plan.bigM, RelaxT: f.plan.relaxT, Penalty: f.plan.penalty})
	if err != nil {
		if ctx.Err() != nil {
			return &stoppedError{err}
		}
		return classified(err)
	}
	if stage != m {
		for _, n := range stage.Notes {
			fmt.Fprintln(a.stderr, "note:", n)
		}
	}
	if form.aux != nil {
		return a.exportPair(f, form, stage)
	}
	if form.document != nil {
		return a.exportDocument(ctx, f, form, stage)
	}
	if err := a.writeTo(f.out, func(w io.Writer) error { return form.write(w, stage, f.options) }); err != nil || form.names == nil || isStandardOutput(f.out) {
		return err
	}
	var cols, rows bytes.Buffer
	if err := form.names(&cols, &rows, stage); err != nil {
		return err
	}
	if err := a.writeTo(f.beside(".col"), func(w io.Writer) error { _, err := cols.WriteTo(w); return err }); err != nil {
		return err
	}
	return a.writeTo(f.beside(".row"), func(w io.Writer) error { _, err := rows.WriteTo(w); return err })
}

// fits refuses flags that mean nothing in a format.
func (f *exportFlags) fits(format string) error {
	for _, o := range []struct {
		given   bool
		flag    string
		formats []string
	}{
		{f.options.Portable, "portable", []string{"lp", "mps"}},
		{f.options.TaggedSOS, "tagged-sos", []string{"mps"}},
		{f.options.Fixed, "fixed", []string{"mps", "mps+aux"}},
		{f.options.AuxIndices, "aux-indices", []string{"mps+aux"}},
		{f.options.Binary, "binary", []string{"nl"}},
	} {
		if o.given && !slices.Contains(o.formats, format) {
			return &usageError{fmt.Sprintf("--%s has no meaning in the format %s", o.flag, format), "leave it out, or choose --format " + strings.Join(o.formats, " or ")}
		}
	}
	return nil
}

// outputs are the files that an export writes.
func (f *exportFlags) outputs(form *format) []string {
	switch {
	case isStandardOutput(f.out):
		return nil
	case form.aux != nil:
		return []string{f.out, f.beside(".aux")}
	case form.names != nil:
		return []string{f.out, f.beside(".col"), f.beside(".row")}
	}
	return []string{f.out}
}

// beside is the name of a file that accompanies the output.
func (f *exportFlags) beside(ending string) string {
	return strings.TrimSuffix(f.out, filepath.Ext(f.out)) + ending
}

// exportPair writes the two files of a format that has two.
func (a *app) exportPair(f *exportFlags, form *format, m *bilevel.Model) error {
	if isStandardOutput(f.out) {
		return &usageError{form.name + " is two files", "give --out model.mps; model.aux is written beside it"}
	}
	var mps, aux bytes.Buffer
	if err := form.aux(&mps, &aux, m, f.options); err != nil {
		return err
	}
	if err := a.writeTo(f.out, func(w io.Writer) error { _, err := mps.WriteTo(w); return err }); err != nil {
		return err
	}
	return a.writeTo(f.beside(".aux"), func(w io.Writer) error { _, err := aux.WriteTo(w); return err })
}

// exportDocument writes a model as mathematics, and what the pass kkt makes of it where that is asked for.
func (a *app) exportDocument(ctx context.Context, f *exportFlags, form *format, m *bilevel.Model) error {
	var more []export.Part
	if f.withKKT {
		system, err := bilevel.Stage(ctx, m, "kkt", bilevel.Options{})
		if err != nil {
			if ctx.Err() != nil {
				return &stoppedError{err}
			}
			return classified(err)
		}
		more = append(more, export.Part{Heading: "KKT system", Model: system})
	}
	return a.writeTo(f.out, func(w io.Writer) error { return form.document(w, m, more...) })
}

// chosen finds the format that is asked for, or that the ending of the output's name says.
func (f *exportFlags) chosen() (*format, error) {
	name := f.format
	if name == "" {
		name = "mod"
		if k := strings.LastIndexByte(f.out, '.'); k >= 0 {
			name = f.out[k+1:]
		}
	}
	var have []string
	for k, x := range formats {
		if low := strings.ToLower(name); x.name == low || x.ending == low && low != "" {
			if f.withKKT && x.document == nil {
				return nil, &usageError{"--with-kkt: " + x.name + " is no document", "choose --format latex or markdown, or export --after kkt"}
			}
			if err := f.fits(x.name); err != nil {
				return nil, err
			}
			return &formats[k], nil
		}
		have = append(have, x.name)
	}
	return nil, &usageError{fmt.Sprintf("there is no format %q", name), "choose --format " + strings.Join(have, ", ")}
}
