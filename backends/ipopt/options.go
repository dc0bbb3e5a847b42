package ipopt

import (
	"fmt"
	"math"
	"sort"
	"strconv"
	"strings"

	"github.com/gobilevel/bilevel/model/smooth"
)

// option is a setting by the library's own name.
type option struct {
	name    string
	kind    optionKind
	text    string
	number  float64
	integer int
}

type optionKind int

const (
	stringOption optionKind = iota
	numberOption
	integerOption
)

func number(name string, v float64) option { return option{name: name, kind: numberOption, number: v} }
func word(name, v string) option           { return option{name: name, kind: stringOption, text: v} }
func integer(name string, v int) option    { return option{name: name, kind: integerOption, integer: v} }

// The defaults of smooth.Options, and the library's acceptable tolerance.
const (
	defaultTolerance  = 1e-8
	defaultIterations = 3000
	firstIterations   = 100 // at least, of an attempt that is not the last
	acceptable        = 1e-6
	relaxation        = 1e-8 // of bounds and sides, relative to their size
	warmPush          = 1e-4 // distance from bounds to which a warm start is moved
)

// checkOptions refuses settings out of range.
func checkOptions(o smooth.Options) error {
	for _, r := range []struct {
		name string
		v    float64
	}{{"Tolerance", o.Tolerance}, {"Feasibility", o.Feasibility}, {"Mu", o.Mu}} {
		if r.v != 0 && !(r.v >= 1e-15 && r.v <= 1) {
			return &OptionError{r.name, fmt.Sprint(r.v), "out of the range [1e-15, 1]"}
		}
	}
	if o.MaxIterations < 0 || o.MaxIterations > math.MaxInt32 {
		return &OptionError{"MaxIterations", fmt.Sprint(o.MaxIterations), "out of the range of 32-bit numbers"}
	}
	if o.TimeLimit < 0 {
		return &OptionError{"TimeLimit", o.TimeLimit.String(), "is negative"}
	}
	if text, given := o.Native[printLevel]; given {
		if v, err := strconv.Atoi(text); err != nil || v < 0 || v > 12 {
			return &OptionError{printLevel, text, "wants an integer from 0 to 12"}
		}
	}
	return nil
}

func orDefault(v, d float64) float64 {
	if v == 0 {
		return d
	}
	return v
}

// settings are the options of an attempt, without those by the library's own names. multipliers says that the start has some.
func (a attempt) settings(o smooth.Options, iterations int, multipliers bool) []option {
	tol := orDefault(o.Tolerance, defaultTolerance)
	feasibility := orDefault(o.Feasibility, tol)
	out := []option{
		number("tol", tol), number("constr_viol_tol", feasibility),
		number("acceptable_tol", math.Max(acceptable, tol)), number("acceptable_constr_viol_tol", math.Max(acceptable, feasibility)),
		integer("max_iter", iterations),
		integer("print_level", 0), word("sb", "yes"),
		word("option_file_name", ""),        // none is read from the folder where the program happens to run
		word("honor_original_bounds", "no"), // answer sees to that
	}
	relax := 0.0
	if a.relaxed {
		relax = relaxation
	}
	out = append(out, number("bound_relax_factor", relax))
	switch {
	case a.warm:
		mu := orDefault(o.Mu, tol/10)
		out = append(out, number("mu_init", mu))
		out = append(out, warmSettings(math.Max(warmPush, math.Min(mu, 1e-2)), multipliers)...)
	case a.adaptive:
		out = append(out, word("mu_strategy", "adaptive"))
	case o.Mu > 0:
		out = append(out, number("mu_init", o.Mu))
	}
	return out
}

// warmSettings keep the library from moving a start that is close to a solution. With multipliers it is told to take them.
func warmSettings(push float64, multipliers bool) []option {
	var out []option
	for _, name := range []string{"bound_push", "bound_frac", "slack_bound_push", "slack_bound_frac"} {
		out = append(out, number(name, push))
		if multipliers {
			out = append(out, number("warm_start_"+name, push))
		}
	}
	if multipliers {
		return append(out, word("warm_start_init_point", "yes"), number("warm_start_mult_bound_push", push))
	}
	return append(out, word("bound_mult_init_method", "mu-based"))
}

// nativeOptions are the options by the library's own names.
func nativeOptions(given map[string]string) []option {
	names := make([]string, 0, len(given))
	for n := range given {
		names = append(names, n)
	}
	sort.Strings(names)
	out := make([]option, 0, len(names))
	for _, n := range names {
		o := word(n, given[n])
		if v, err := strconv.ParseFloat(given[n], 64); err == nil {
			o = option{name: n, kind: numberOption, text: given[n], number: v}
			if i, err := strconv.ParseInt(given[n], 10, 32); err == nil && integers[n[strings.LastIndexByte(n, '.')+1:]] {
				o.kind, o.integer = integerOption, int(i)
			}
		}
		out = append(out, o)
	}
	return out
}

// integers are the options whose values are integers: those of versions 3.11 and 3.14. A name may have a prefix, as in resto.max_iter.
var integers = func() map[string]bool {
	set := map[string]bool{}
	for _, n := range strings.Fields(`
		accept_after_max_steps acceptable_iter adaptive_mu_kkterror_red_iters derivative_test_first_index file_print_level
		filter_reset_trigger limited_memory_max_history limited_memory_max_skipping ma27_print_level ma57_block_size
		ma57_node_amalgamation ma57_pivot_order ma57_print_level ma57_small_pivot_flag ma77_buffer_lpage ma77_buffer_npage
		ma77_file_size ma77_maxstore ma77_nemin ma77_print_level ma86_nemin ma86_print_level ma97_nemin ma97_print_level
		max_filter_resets max_iter max_refinement_steps max_resto_iter max_soc max_soft_resto_iters min_refinement_steps
		mumps_mem_percent mumps_permuting_scaling mumps_pivot_order mumps_print_level mumps_scaling num_linear_variables
		pardiso_iter_coarse_size pardiso_iter_max_levels pardiso_iter_max_row_fill pardiso_max_droptol_corrections
		pardiso_max_iter pardiso_max_iterative_refinement_steps pardiso_msglvl print_frequency_iter print_level
		quality_function_max_section_steps soc_method watchdog_shortened_iter_trigger
		watchdog_trial_iter_max wsmp_num_threads wsmp_ordering_option wsmp_ordering_option2 wsmp_scaling`) {
		set[n] = true
	}
	return set
}()

// value is the option's value as text.
func (o option) value() string {
	switch o.kind {
	case integerOption:
		return strconv.Itoa(o.integer)
	case numberOption:
		return fmt.Sprint(o.number)
	}
	return o.text
}
