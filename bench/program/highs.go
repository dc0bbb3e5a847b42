package program

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// HiGHS is the command highs.
var HiGHS = Program{Name: "highs", args: highsArgs, read: readHiGHS, settings: func(opt Options) string {
	return fmt.Sprintf("mip_rel_gap = %g\n", opt.Gap)
}}

func highsArgs(j job) []string {
	return []string{j.file, "--options_file", j.settings, "--time_limit", j.seconds(), "--solution_file", j.solution}
}

var errNoAnswer = errors.New("no answer in what the program wrote")

// highsStatus are the model statuses of HiGHS; those that are not listed count as stopped.
var highsStatus = map[string]Status{
	"Optimal": Optimal, "Infeasible": Infeasible, "Primal infeasible or unbounded": Infeasible, "Unbounded": Unbounded,
}

// readHiGHS reads the solution file,
//
//	Model status
//	Optimal
//
//	# Primal solution values
//	Feasible
//	Objective 5
//	# Columns 2
//	x 1
//	y 2
//	# Rows 1
//
// and from the log the times and bounds of a MILP, "Dual bound 5" and "Timing 0.01 (total)", or of an LP, "HiGHS run time : 0.01".
func readHiGHS(log, solution string) (report, error) {
	r := report{value: math.NaN(), bound: math.NaN(), seconds: math.NaN()}
	lines := strings.Split(solution, "\n")
	if len(lines) < 2 || strings.TrimSpace(lines[0]) != "Model status" {
		return r, errNoAnswer
	}
	r.status = highsStatus[strings.TrimSpace(lines[1])]
	inColumns, feasible := false, false
	for _, line := range lines[2:] {
		if strings.HasPrefix(line, "# Dual") {
			break
		}
		f := strings.Fields(line)
		if len(f) >= 2 && f[0] == "#" {
			inColumns = f[1] == "Columns"
			continue
		}
		if len(f) == 1 && f[0] == "Feasible" {
			feasible = true
		}
		if len(f) != 2 {
			continue
		}
		v, err := strconv.ParseFloat(f[1], 64)
		if err != nil {
			return r, fmt.Errorf("highs: %q in the solution: %w", line, err)
		}
		switch {
		case inColumns:
			if r.values == nil {
				r.values = map[string]float64{}
			}
			r.values[f[0]] = v
		case f[0] == "Objective":
			r.value = v
		}
	}
	for _, line := range strings.Split(log, "\n") {
		f := strings.Fields(line)
		switch {
		case len(f) == 3 && f[0] == "Dual" && f[1] == "bound":
			r.bound = number(f[2])
		case len(f) == 3 && f[0] == "Timing" && f[2] == "(total)":
			r.seconds = number(f[1])
		case len(f) == 5 && f[0] == "HiGHS" && f[1] == "run" && f[2] == "time":
			r.seconds = number(f[4])
		}
	}
	if r.status == Infeasible || r.status == Unbounded {
		r.bound = math.NaN()
	}
	if !feasible || r.status == Infeasible || r.status == Unbounded {
		r.values = nil
	}
	return r, nil
}

// number is a figure of a log, NaN where it is none.
func number(s string) float64 {
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return math.NaN()
	}
	return v
}
