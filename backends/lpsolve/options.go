package lpsolve

import (
	"fmt"
	"math"
	"sort"
	"strconv"
	"strings"

	"github.com/gobilevel/bilevel/backends"
)

// option is a setting by the solver's own name, checked.
type option struct {
	setting setting
	value   float64
}

// own lists the options of the solver that may be set: the names of its functions set_NAME, with the range of their values.
var own = map[string]struct {
	setting setting
	integer bool
	lo, hi  float64
}{
	"scaling":       {setScaling, true, 0, 4095},
	"scalelimit":    {setScaleLimit, false, 0, 1000},
	"improve":       {setImprove, true, 0, 15},
	"simplextype":   {setSimplexType, true, 5, 10},
	"pivoting":      {setPivoting, true, 0, 32767},
	"basiscrash":    {setBasisCrash, true, 0, 3},
	"epsb":          {setPrimalTolerance, false, 1e-15, 1e-2},
	"epsd":          {setDualTolerance, false, 1e-15, 1e-2},
	"epspivot":      {setPivotTolerance, false, 1e-15, 1e-2},
	"bb_rule":       {setBranchRule, true, 0, 65535},
	"bb_floorfirst": {setFloorFirst, true, 0, 2},
	"maxpivot":      {setMaxPivots, true, 5, 10000},
	"anti_degen":    {setAntiDegen, true, 0, 511},
	"negrange":      {setNegativeRange, false, -1e30, 0},
}

// reserved options are refused, with the reason.
var reserved = map[string]string{
	"verbose":       "set Log to receive the solver's log",
	"timeout":       "set TimeLimit instead",
	"mip_gap":       "set Gap and AbsoluteGap instead",
	"epsint":        "set Integrality instead",
	"bb_depthlimit": "the solver drops what lies deeper without a word, and its answer would prove nothing",
	"presolve":      "it gives wrong answers on some models",
}

// ownOptions checks options by the solver's own names, in alphabetical order. Errors are of type *OptionError.
func ownOptions(given map[string]string) ([]option, error) {
	names := make([]string, 0, len(given))
	for n := range given {
		names = append(names, n)
	}
	sort.Strings(names)
	var out []option
	for _, n := range names {
		if why, ok := reserved[n]; ok {
			return nil, &OptionError{n, given[n], why}
		}
		o, ok := own[n]
		if !ok {
			known := make([]string, 0, len(own))
			for k := range own {
				known = append(known, k)
			}
			sort.Strings(known)
			return nil, &OptionError{n, given[n], "there is no such option; there are " + strings.Join(known, ", ")}
		}
		v, err := strconv.ParseFloat(given[n], 64)
		if err != nil || !(v >= o.lo && v <= o.hi) || o.integer && v != math.Trunc(v) {
			kind := "a number"
			if o.integer {
				kind = "an integer"
			}
			return nil, &OptionError{n, given[n], fmt.Sprintf("wants %s from %v to %v", kind, o.lo, o.hi)}
		}
		out = append(out, option{o.setting, v})
	}
	return out, nil
}

// checkOptions refuses settings out of range.
func checkOptions(o backends.Options, variables int) error {
	for _, r := range []struct {
		name             string
		v, lower, beyond float64
	}{{"Gap", o.Gap, 0, 1}, {"AbsoluteGap", o.AbsoluteGap, 0, math.Inf(1)}, {"Feasibility", o.Feasibility, 1e-12, 1e-1},
		{"Integrality", o.Integrality, 1e-10, 0.5}, {"Threads", float64(o.Threads), 0, 1025}} {
		if r.v != 0 && !(r.v >= r.lower && r.v < r.beyond) {
			return &OptionError{r.name, fmt.Sprint(r.v), fmt.Sprintf("out of the range [%v, %v)", r.lower, r.beyond)}
		}
	}
	if o.Start != nil && len(o.Start.X) != variables {
		return &OptionError{"Start", fmt.Sprintf("%d values", len(o.Start.X)), fmt.Sprintf("%d are needed, one a variable", variables)}
	}
	if o.HasCutoff && math.IsNaN(o.Cutoff) {
		return &OptionError{"Cutoff", "NaN", "is not a number"}
	}
	return nil
}

func orDefault(v, d float64) float64 {
	if v == 0 {
		return d
	}
	return v
}
