package main

import (
	"context"
	"fmt"
	"math"
	"strings"

	"github.com/spf13/cobra"

	"github.com/gobilevel/bilevel"
	"github.com/gobilevel/bilevel/report"
	"github.com/gobilevel/bilevel/verify"
	"github.com/gobilevel/bilevel/verify/stationarity"
)

type checkFlags struct {
	input     input
	effort    effortFlags
	attitude  attitudeFlag
	json, all bool
	kind      bool
}

func (a *app) checkCommand() *cobra.Command {
	f := &checkFlags{}
	c := &cobra.Command{
		Use:   "check FILE.mod [FILE.dat ...] POINT.json",
		Short: "Check a point: its certificate",
		Long: `Measure a point in the model as it is written: every constraint of both levels, and
whether each follower's part is an optimal answer, for which the follower is solved again
at the leader's decision.

POINT.json, the last argument, is an object of values by full variable name,
{"x": 1, "y[2]": 0.5}, or the object that "bilevelc solve --json" writes. It names all
variables, or the leader's only: then the followers' optimal answers that serve the leader
best are filled in, which the output says; with an --attitude that is not optimistic, those
that serve it worst. The name - stands for standard input.

With --json one object is written, with the keys model, objective, followers, certificate
(those of solve, and optimistic_objective, tolerance, reasons), followers_filled_in, values.

The exit code is 0 for a verified point and 2 for one that is not.`,
		Example: `  bilevelc solve toll.mod toll.dat --json > point.json
  bilevelc check toll.mod toll.dat point.json
  echo '{"toll": 5}' | bilevelc check two-roads.mod -`,
		Args: files(2, "a model file and, as the last argument, a file with a point"),
		RunE: func(c *cobra.Command, args []string) error { return a.check(c.Context(), f, args) },
	}
	f.input.flags(c)
	f.effort.flags(c)
	f.attitude.flag(c)
	c.Flags().BoolVar(&f.json, "json", false, "write the certificate as one JSON object")
	c.Flags().BoolVar(&f.kind, "stationarity", false, "say of which kind of stationarity the point is")
	c.Flags().BoolVar(&f.all, "all", false, "show every variable, zero or not")
	return c
}

func (a *app) check(ctx context.Context, f *checkFlags, args []string) error {
	ctx, release := interruptible(ctx)
	defer release()
	var opt bilevel.Options
	if err := f.effort.set(&opt); err != nil {
		return err
	}
	files, pointFile := args[:len(args)-1], args[len(args)-1]
	m, err := f.input.read(ctx, a, files)
	if err != nil {
		return err
	}
	text, err := a.readFile(pointFile, files)
	if err != nil {
		return err
	}
	x, err := readPoint(m, pointFile, text)
	if err != nil {
		return err
	}
	opt.Attitude = f.attitude.Attitude
	filled, err := fillIn(ctx, m, pointFile, x, &opt)
	if err != nil {
		return err
	}
	cert, err := bilevel.Check(ctx, m, x, opt)
	if err != nil {
		return classified(err)
	}
	if !cert.Verified {
		a.code = exitNoGood
	}
	var kind *stationarity.Report
	if f.kind {
		if kind, err = bilevel.Stationarity(ctx, m, x, opt); err != nil {
			return classified(err)
		}
	}
	if f.json {
		return a.writeCertificate(m, x, cert, filled, kind)
	}
	return a.showCertificate(m, x, cert, filled, f, kind)
}

// fillIn fills in the followers' answers where the point has the leader's decision only, and reports whether it did.
func fillIn(ctx context.Context, m *bilevel.Model, file string, x []float64, opt *bilevel.Options) (bool, error) {
	var missing [2][]string // of the leader, of the followers
	answers := 0
	for j, v := range x {
		who := min(m.VarOwner(j), 1)
		if math.IsNaN(v) {
			missing[who] = append(missing[who], m.VarName(j))
		} else {
			answers += who
		}
	}
	if len(missing[0]) > 0 {
		return false, &pointFileError{file: file, message: "no value for " + some(missing[0]) + ", of the leader; give one to each of the leader's variables"}
	}
	if len(missing[1]) == 0 {
		return false, nil
	}
	if answers > 0 {
		return false, &pointFileError{file: file, message: "no value for " + some(missing[1]) + ", of a follower; give all values of the followers, or none to have them answer"}
	}
	vo := bilevel.VerifyOptions(*opt)
	vo.TimeLimit = opt.TimeLimit
	p, err := answersTo(ctx, m, x, opt.Attitude, vo)
	if err != nil {
		return false, &answerlessError{err}
	}
	copy(x, p.X)
	return true, nil
}

// answersTo completes the leader's decision by the best or the worst of the followers' optimal answers.
func answersTo(ctx context.Context, m *bilevel.Model, x []float64, attitude bilevel.Attitude, vo verify.Options) (*bilevel.Point, error) {
	if attitude.IsOptimistic() {
		return verify.BestTie(ctx, m, x, vo)
	}
	t, err := verify.BreakTies(ctx, m, x, m.Leader().Objective().F, vo)
	if err != nil {
		return nil, err
	}
	if t.AtWorst == nil {
		return nil, &verify.AnswerError{Reason: "the leader's objective gets worse without limit over the optimal answers of the followers"}
	}
	return t.AtWorst, nil
}

// some lists a few names.
func some(names []string) string {
	const most = 5
	if len(names) > most {
		return strings.Join(names[:most], ", ") + fmt.Sprintf(" and %d more", len(names)-most)
	}
	return strings.Join(names, ", ")
}

// filledNote says which answers were filled in.
func filledNote(attitude bilevel.Attitude) string {
	which := "best"
	if !attitude.IsOptimistic() {
		which = "worst"
	}
	return "the point has the leader's decision only: the followers' optimal answers that serve the leader " + which + " were filled in"
}

func (a *app) writeCertificate(m *bilevel.Model, x []float64, c *verify.Certificate, filled bool, kind *stationarity.Report) error {
	j := newJSON(a.out)
	j.object("", func() {
		j.text("model", m.Name)
		j.number("objective", c.Objective)
		followerList(j, c)
		j.object("certificate", func() {
			certificateKeys(j, m, c)
			j.number("optimistic_objective", c.Optimistic)
			j.number("tolerance", c.Tolerance)
			j.texts("reasons", c.Reasons)
		})
		if kind != nil {
			stationarityObject(j, kind)
		}
		j.boolean("followers_filled_in", filled)
		j.object("values", func() {
			for k := range m.NumVars() {
				j.number(m.VarName(k), x[k])
			}
		})
	})
	return j.end()
}

func (a *app) showCertificate(m *bilevel.Model, x []float64, c *verify.Certificate, filled bool, f *checkFlags, kind *stationarity.Report) error {
	s := style(a.stdout)
	s.All = f.all
	if filled {
		fmt.Fprintf(a.out, "Note: %s.\n\n", filledNote(f.attitude.Attitude))
	}
	if err := report.WritePoint(a.out, m, x, c, s); err != nil || kind == nil {
		return err
	}
	fmt.Fprintln(a.out, "\nStationarity")
	lines := &report.Table{}
	for _, line := range kind.Sentences() {
		lines.Rows = append(lines.Rows, []string{line})
	}
	return lines.Write(a.out, s)
}

// stationarityObject writes what was found of the kind of stationarity.
func stationarityObject(j *jsonWriter, r *stationarity.Report) {
	j.object("stationarity", func() {
		j.text("class", r.Class.String())
		j.object("labels", func() {
			for _, l := range []struct {
				name string
				v    stationarity.Verdict
			}{{"W", r.W}, {"A", r.A}, {"C", r.C}, {"M", r.M}, {"B", r.B}, {"S", r.S}} {
				j.text(l.name, l.v.String())
			}
		})
		j.text("licq", r.LICQ.String())
		j.text("mfcq", r.MFCQ.String())
		j.texts("sentences", r.Sentences())
	})
}

// answerlessError says that a leader's decision has no answer of the followers to check.
type answerlessError struct{ err error }

func (e *answerlessError) Error() string {
	return "the followers' answers cannot be filled in: " + e.err.Error() + "; give the followers' values in the point"
}
func (e *answerlessError) Unwrap() error { return e.err }
