package main

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/gobilevel/bilevel"
	"github.com/gobilevel/bilevel/backends"
	"github.com/gobilevel/bilevel/backends/highs"
	"github.com/gobilevel/bilevel/branch"
	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/reform"
	"github.com/gobilevel/bilevel/report/page"
	"github.com/gobilevel/bilevel/verify"
)

// planFlags are the flags that choose a plan.
type planFlags struct {
	reform, backend string
	bigM            float64
	relaxT, penalty float64 // of a stage that is exported
	attitude        attitudeFlag
}

func (p *planFlags) flags(c *cobra.Command) {
	c.Flags().StringVar(&p.reform, "reform", "auto", "chain of reformulations, `passes` joined by +: "+strings.Join(bilevel.PassNames(), ", ")+"; alone or at the end a method that leaves no model: "+strings.Join(bilevel.MethodNames(), ", ")+"; or auto")
	c.Flags().StringVar(&p.backend, "backend", "auto", "solver for what they leave, by its `name` in the list of \"bilevelc backends\"; or auto")
	c.Flags().Float64Var(&p.bigM, "big-m", 0, "`constant` for pairs whose bounds cannot be proven (0: chosen, and enlarged as needed)")
	p.attitude.flag(c)
	complete(c, "reform", slices.Concat([]string{"auto", "kkt+big-m", "kkt+sos1", "kkt+mstationary"}, bilevel.PassNames(), bilevel.MethodNames()))
	complete(c, "backend", append([]string{"auto"}, backends.Names()...))
}

func (p *planFlags) set(o *bilevel.Options) {
	o.Reform, o.Backend, o.BigM, o.Attitude = p.reform, p.backend, p.bigM, p.attitude.Attitude
}

// gapFlag is the relative gap at which a search stops; 0, where the flag is not given, leaves it to the library.
type gapFlag float64

// flag adds --gap. The help says both defaults, as the value itself cannot.
func (g *gapFlag) flag(c *cobra.Command, search string) {
	c.Flags().Var(g, "gap", "relative `gap` between objective and bound at which "+search+" stops, below 1 (default 1e-06; 0.001 in the way global, relative to 1 for smaller objectives)")
}

func (g *gapFlag) String() string {
	if *g == 0 {
		return "" // no default in the help but the text
	}
	return strconv.FormatFloat(float64(*g), 'g', -1, 64)
}

func (g *gapFlag) Type() string { return "gap" }

func (g *gapFlag) Set(s string) error {
	v, err := strconv.ParseFloat(s, 64)
	if err != nil || !(v > 0 && v < 1) {
		return errors.New("not a gap") // flagError says what is expected
	}
	*g = gapFlag(v)
	return nil
}

// effortFlags are the flags that bound the work and the accuracy.
type effortFlags struct {
	timeLimit durationFlag
	tolerance float64
	threads   int
}

func (e *effortFlags) flags(c *cobra.Command) {
	c.Flags().Var(&e.timeLimit, "time-limit", "stop after that `time`: seconds, or a duration like 90s or 5m (0: no limit)")
	c.Flags().Float64Var(&e.tolerance, "tolerance", 1e-6, "largest violation and follower gap of a verified point, relative to the `size` of the terms")
	c.Flags().IntVar(&e.threads, "threads", 0, "largest `number` of threads (0: the solver's choice)")
}

func (e *effortFlags) set(o *bilevel.Options) error {
	if !(e.tolerance > 0 && e.tolerance < 1) {
		return &usageError{fmt.Sprintf("--tolerance %v is not between 0 and 1", e.tolerance), "the default is 1e-6"}
	}
	o.TimeLimit, o.Tolerance, o.Threads = time.Duration(e.timeLimit), e.tolerance, e.threads
	return nil
}

func complete(c *cobra.Command, flag string, values []string) {
	// The error says that the flag does not exist or has a completion already: mistakes of the caller that a test would show.
	if err := c.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp)); err != nil {
		panic(err)
	}
}

// durationFlag is a time in seconds or with a unit.
type durationFlag time.Duration

func (d *durationFlag) String() string {
	if *d == 0 {
		return "0"
	}
	return time.Duration(*d).String()
}

func (d *durationFlag) Type() string { return "time" }

func (d *durationFlag) Set(s string) error {
	if v, err := time.ParseDuration(s); err == nil && v >= 0 {
		*d = durationFlag(v)
		return nil
	}
	v, err := strconv.ParseFloat(s, 64)
	if err != nil || !(v >= 0) || v > float64(math.MaxInt64)/1e9 {
		return errors.New("not a time") // flagError says what is expected
	}
	*d = durationFlag(v * float64(time.Second))
	return nil
}

// classified sorts an error of the library: what the user can mend stays as it is, the rest is a failure of a solver.
func classified(err error) error {
	if err == nil {
		return nil
	}
	var (
		build       *model.BuildError
		option      *bilevel.OptionError
		noPlan      *bilevel.NoPlanError
		notAccepted *reform.NotAcceptedError
		unsupported *backends.UnsupportedError
		unknown     *backends.UnknownError
		tooMuch     *branch.UnsupportedError
		point       *verify.PointError
		nonconvex   *highs.NonconvexError
		network     *page.NetworkError
		coefficient *bilevel.CoefficientError
	)
	for _, target := range []any{&build, &option, &noPlan, &notAccepted, &unsupported, &unknown, &tooMuch, &point, &nonconvex, &network, &coefficient} {
		if errors.As(err, target) {
			return err
		}
	}
	if errors.Is(err, reform.ErrUnknownPass) {
		return err
	}
	return &solverError{err}
}
