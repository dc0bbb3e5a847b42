package bilevel

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/gobilevel/bilevel/backends"
	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/reform"
)

// Size is the size of a model that a solver was handed.
type Size struct {
	Vars, Rows, Nonzeros, Pairs, Integers int
}

// sizeOf counts a model. Nonzeros are those of the affine parts.
func sizeOf(m *model.Model) Size {
	z := Size{Vars: m.NumVars(), Rows: m.NumRows(), Nonzeros: m.NumNonzeros(), Pairs: m.NumPairs()}
	for j := 0; j < z.Vars; j++ {
		if m.VarKind(j) != model.Continuous {
			z.Integers++
		}
	}
	return z
}

// Way is a chain of reformulations and a backend, as Options name them.
type Way struct {
	Reform, Backend string
}

// String is the chain and the backend: "kkt+big-m -> highs".
func (w Way) String() string {
	if w.Reform == "" {
		return "as it is -> " + w.Backend
	}
	return w.Reform + " -> " + w.Backend
}

// Check says whether the reformulations and the backend of a way exist, whatever the model: nil, an error that wraps reform.ErrUnknownPass, or
// *backends.UnknownError. A backend that this binary or machine lacks passes: Compare says of its ways that they failed, and why.
func (w Way) Check() error {
	if w.Reform != "" && w.Reform != "auto" {
		if _, err := reform.Parse(w.Reform, slices.Concat(PassNames(), MethodNames())); err != nil {
			return err
		}
	}
	if w.Backend == "" || w.Backend == "auto" {
		return nil
	}
	_, err := backends.Open(w.Backend)
	var unknown *backends.UnknownError
	if errors.As(err, &unknown) && unknown.Reason != "" {
		return nil
	}
	return err
}

// Ways lists the ways through which a model might go with the backends of this binary, the automatic choice first. Whether one applies
// is seen when it is tried: see Comparison.
func Ways(m *Model) []Way {
	ways := []Way{{"auto", "auto"}}
	add := func(chain string, names ...string) {
		for _, n := range names {
			if _, err := backends.Open(n); err == nil {
				ways = append(ways, Way{chain, n})
			}
		}
	}
	followers, pairs := m.NumFollowers() > 0, m.NumPairs() > 0
	if followers {
		add("dualise", "highs")
		add("strong-duality", "highs", "branch", "ipopt", "builtin")
		add("kkt", "branch")
		add("kkt-strong+probe", "branch")
	} else {
		add("auto", "branch", "highs", "lpsolve")
		if !pairs {
			add("auto", "ipopt", "builtin")
		}
	}
	if !followers && !pairs {
		return ways
	}
	before := ""
	if followers {
		before = "kkt+"
	}
	add(before+"big-m", "highs")
	add(before+"sos1", "lpsolve", "branch", "highs")
	add(before+"indicator", "highs")
	for _, name := range passNames {
		if isMethod(name) {
			add(before+name, smoothOrder...)
		}
	}
	add(before+mStationary, "builtin")
	if followers {
		// Other conditions and forms for the followers: local answers at the most, and of tikhonov, which gives them another objective, points.
		for _, name := range []string{"fritz-john", "tikhonov", "value-function", "value-function:penalty"} {
			add(name, "builtin")
		}
		for _, name := range append(valueFunctionNames(), answerWays()...) {
			add(name, "builtin")
		}
		add(globalWay, "highs")
		add(answerCutsWay, "highs")
		add(regionsWay, "highs")
	}
	return ways
}

// CompareOptions are the settings of Compare.
type CompareOptions struct {
	Solve Options // of each way; TimeLimit is that of each, 30 s where it is 0. Reform and Backend are those of the way
	Ways  []Way   // nil: Ways(m)
	// Done hears of each way when it is done, in their order; nil: none.
	Done func(k int, c Comparison)
}

// Comparison is what came of a way.
type Comparison struct {
	Way    Way
	Result *Result // nil where there is an error
	Err    error
	// NotFor says why the way does not apply to the model, "" where it does: a pass does not accept it, or the backend does not take what
	// the passes leave.
	NotFor string
}

// Compare solves a model in each way, one after the other, so that their times can be compared. A way that does not apply, or fails, does not
// end the comparison; the context does, and what is done by then is returned with its error. Names that do not exist are an error before anything
// is solved, see Way.Check.
func Compare(ctx context.Context, m *Model, opt CompareOptions) ([]Comparison, error) {
	if _, err := newSolver(m, []Options{opt.Solve}); err != nil {
		return nil, err
	}
	ways := opt.Ways
	if ways == nil {
		ways = Ways(m)
	}
	for _, w := range ways {
		if err := w.Check(); err != nil {
			return nil, err
		}
	}
	if opt.Solve.TimeLimit == 0 {
		opt.Solve.TimeLimit = 30 * time.Second
	}
	var out []Comparison
	for k, w := range ways {
		if ctx.Err() != nil {
			return out, ctx.Err()
		}
		o := opt.Solve
		o.Reform, o.Backend = w.Reform, w.Backend
		c := Comparison{Way: w}
		c.Result, c.Err = Solve(ctx, m, o)
		if c.Err != nil && notFor(c.Err) {
			c.NotFor, c.Err = c.Err.Error(), nil
		}
		out = append(out, c)
		if opt.Done != nil {
			opt.Done(k, c)
		}
	}
	return out, ctx.Err()
}

// notFor reports whether an error says that a way is not one for the model.
func notFor(err error) bool {
	var (
		plan     *NoPlanError
		accepted *reform.NotAcceptedError
		extra    *backends.UnsupportedError
		option   *OptionError
	)
	return errors.As(err, &plan) || errors.As(err, &accepted) || errors.As(err, &extra) || errors.As(err, &option)
}
