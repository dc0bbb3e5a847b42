package program

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// CBC is the command cbc of COIN-OR. It takes SOS1 sets, and is known not to keep its limit on some of them. It gets MPS files: CBC 2.10.8 breaks down
// on the LP files of some models with sets and binary variables that it solves from MPS files.
var CBC = Program{Name: "cbc", args: cbcArgs, read: readCBC, mps: true}

// CBCPlain is CBC without its presolve, in which it breaks down on some models with sets.
var CBCPlain = Program{Name: "cbc", args: func(j job) []string {
	args := cbcArgs(j)
	return append([]string{args[0], "-presolve", "off"}, args[1:]...)
}, read: readCBC, mps: true}

func cbcArgs(j job) []string {
	return []string{j.file, "-timeMode", "elapsed", "-seconds", j.seconds(), "-ratio", strconv.FormatFloat(j.opt.Gap, 'g', -1, 64), "-solve", "-solution", j.solution}
}

// readCBC reads the solution file, in which variables that are zero may be left out,
//
//	Stopped on time - objective value 10.20992232
//	      2 a(2)                 5.3360087                       0
//
// and from the log the bound and the time: "Upper bound: 3000.000" or "Lower bound: ...", "Total time (CPU seconds): 0.12 (Wallclock
// seconds): 0.16".
func readCBC(log, solution string) (report, error) {
	r := report{value: math.NaN(), bound: math.NaN(), seconds: math.NaN(), zerosAreUnsaid: true}
	head, rest, _ := strings.Cut(solution, "\n")
	claim, value, ok := strings.Cut(head, "- objective value ")
	if !ok {
		return r, errNoAnswer
	}
	claim = strings.ToLower(strings.TrimSpace(claim))
	switch {
	case claim == "optimal":
		r.status = Optimal
	case strings.Contains(claim, "infeasible"):
		r.status = Infeasible
	case strings.Contains(claim, "unbounded"):
		r.status = Unbounded
	}
	for _, line := range strings.Split(log, "\n") {
		words, figure, ok := strings.Cut(line, ":")
		switch {
		case !ok:
		case words == "Lower bound" || words == "Upper bound":
			r.bound = number(strings.TrimSpace(figure))
		case words == "Total time (CPU seconds)":
			if f := strings.Fields(strings.TrimRight(figure, ") \t\r")); len(f) > 0 {
				r.seconds = number(f[len(f)-1])
			}
		}
	}
	// Where there is no point, the file lists the relaxation's.
	if r.status == Infeasible || r.status == Unbounded || strings.Contains(claim, "no integer solution") {
		return r, nil
	}
	r.value = number(strings.TrimSpace(value))
	if r.status == Optimal && math.IsNaN(r.bound) {
		r.bound = r.value
	}
	r.values = map[string]float64{}
	for _, line := range strings.Split(rest, "\n") {
		f := strings.Fields(line)
		if len(f) > 0 && f[0] == "**" { // a variable outside of its bounds by more than the tolerance
			f = f[1:]
		}
		if len(f) < 3 {
			continue
		}
		v, err := strconv.ParseFloat(f[2], 64)
		if err != nil {
			return r, fmt.Errorf("cbc: %q in the solution: %w", line, err)
		}
		r.values[f[1]] = v
	}
	return r, nil
}
