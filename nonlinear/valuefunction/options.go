package valuefunction

import (
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/gobilevel/bilevel/nonlinear/system"
	"github.com/gobilevel/bilevel/verify"
)

// Rule says where λ comes from.
type Rule uint8

// The rules.
const (
	// Raising runs once for each value of Options.Lambdas and, from a zero at which the follower's gap f(x, y) - f(x, z) is not yet zero, goes on with
	// λ ten times as large, and so on: where the follower's objective is curved, no finite λ makes the gap zero, and what is left of it
	// falls like 1/λ². In the reduced system there is no gap.
	Raising Rule = iota
	// Grid runs once for each value of Options.Lambdas.
	Grid
	// Growing is one run in which λ grows by the factor Options.Growth from the first of Options.Lambdas before each step, until the residual, which
	// a λ that is too large spoils, has risen for long, or the follower's gap is closed at a zero; λ then keeps the value at which the residual was least.
	Growing
	// Free makes λ an unknown, λ = s² with s free: for Gauss-Newton and Levenberg-Marquardt, from each value of Options.Lambdas.
	Free
)

var ruleNames = [...]string{"raising", "grid", "growing", "free"}

// String is the rule's name.
func (r Rule) String() string {
	if int(r) < len(ruleNames) {
		return ruleNames[r]
	}
	return fmt.Sprintf("Rule(%d)", uint8(r))
}

// Lambdas are the weights that a method tries where none are given, the largest first: 2³, 2², ..., 2⁻⁵ for Newton's method, and powers of
// ten from 1000 to 0.01 for the others.
func Lambdas(m system.Method) []float64 {
	var out []float64
	if m == system.Newton {
		for k := 3; k >= -5; k-- {
			out = append(out, math.Ldexp(1, k))
		}
		return out
	}
	return []float64{1000, 100, 10, 1, 0.1, 0.01}
}

// Options are the settings of Solve and Problem.Run; the zero value of a field is its default.
type Options struct {
	Method system.Method
	Rule   Rule
	// Lambdas are the weights λ > 0 of the follower's gap, in units of the leader's objective by those of the follower's; default
	// Lambdas(Method), and for the rule Growing 0.5.
	Lambdas []float64
	Growth  float64 // of the rule Growing; default 1.05
	// Tolerance is the largest residual of an equation at a zero, in scaled units; default 1e-8.
	Tolerance     float64
	MaxIterations int // of a run; default 2000 for Newton's method, else 1000
	TimeLimit     time.Duration
	Threads       int // runs at the same time; default 1
	// Restarts is how often a run whose point does not verify is begun again with the follower's answer in the place of z; default 1, negative:
	// never. The point of the run before counts as well.
	Restarts int
	// Cuts is the number of cuts f(x, y) <= f(x, z_k) by which the best candidate, and the best zeros that are no answers, are followed to
	// solutions at which the follower is indifferent between answers; by Verify.Smooth, where the followers' constraints do not contain the
	// leader's variables. Default 20, negative: none.
	Cuts int
	NCP  system.NCP // default system.FischerBurmeister
	// NoScaling leaves objectives and constraints as they are; otherwise each is divided by what its largest derivative at the start exceeds
	// 100 by, the objectives of both levels by the same number.
	NoScaling bool
	// Verify are the settings of the check of points: the solvers that answer for the followers, and the tolerance of a verified point.
	Verify verify.Options
	// Progress hears of each run when it is done and checked, in no fixed order, one call at a time; nil: none.
	Progress func(Run)
}

// OptionError is an option out of its range.
type OptionError struct {
	Field  string
	Value  any
	Remedy string
}

func (e *OptionError) Error() string {
	return fmt.Sprintf("value-function: option %s is %v; %s", e.Field, e.Value, e.Remedy)
}

func (o Options) withDefaults() (Options, error) {
	if o.Method > system.LevenbergMarquardt {
		return o, &OptionError{"Method", o.Method, "choose newton, gauss-newton or levenberg-marquardt"}
	}
	if o.Rule > Free {
		return o, &OptionError{"Rule", o.Rule, "choose raising, grid, growing or free"}
	}
	if o.Rule == Free && o.Method == system.Newton {
		return o, &OptionError{"Rule", o.Rule, "Newton's method has as many equations as unknowns: λ is free for the other methods only"}
	}
	if o.Lambdas = slices.Clone(o.Lambdas); len(o.Lambdas) == 0 {
		o.Lambdas = Lambdas(o.Method)
		if o.Rule == Growing {
			o.Lambdas = []float64{0.5}
		}
	}
	for _, v := range o.Lambdas {
		if !(v > 0) || math.IsInf(v, 1) {
			return o, &OptionError{"Lambdas", v, "give positive finite numbers"}
		}
	}
	if o.Growth == 0 {
		o.Growth = 1.05
	}
	if !(o.Growth > 1) || math.IsInf(o.Growth, 1) {
		return o, &OptionError{"Growth", o.Growth, "give a number above 1, or 0 for the default"}
	}
	if o.Tolerance == 0 {
		o.Tolerance = 1e-8
	}
	if !(o.Tolerance > 0 && o.Tolerance < 1) {
		return o, &OptionError{"Tolerance", o.Tolerance, "give a number between 0 and 1, or 0 for the default"}
	}
	if o.MaxIterations == 0 {
		o.MaxIterations = 1000
		if o.Method == system.Newton {
			o.MaxIterations = 2000
		}
	}
	for _, f := range []struct {
		name string
		v    int
	}{{"MaxIterations", o.MaxIterations}, {"Threads", o.Threads}, {"TimeLimit", int(o.TimeLimit)}} {
		if f.v < 0 {
			return o, &OptionError{f.name, f.v, "give a positive number, or 0 for the default"}
		}
	}
	o.Threads = max(1, o.Threads)
	if o.Restarts == 0 {
		o.Restarts = 1
	}
	if o.Cuts == 0 {
		o.Cuts = 20
	}
	if o.NCP == nil {
		o.NCP = system.FischerBurmeister{}
	}
	return o, nil
}
