package main

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/gobilevel/bilevel"
	"github.com/gobilevel/bilevel/model/modfile"
)

const sweepHint = "write --param name=from:to:step, for example --param demand=50:150:5, or a list: --param demand=50,80,100"

// sweepParams parses the --param flags: those with a range or a list are varied, those with one value are fixed.
func sweepParams(flags []string) (params []bilevel.Parameter, fixed map[string]float64, err error) {
	fixed = map[string]float64{}
	seen := map[string]bool{}
	for _, text := range flags {
		bad := func(format string, args ...any) error {
			return &usageError{fmt.Sprintf("--param %s: %s", text, fmt.Sprintf(format, args...)), sweepHint}
		}
		k := strings.LastIndexByte(text, '=')
		if k <= 0 {
			return nil, nil, bad("no values")
		}
		name, spec := strings.TrimSpace(text[:k]), strings.TrimSpace(text[k+1:])
		if seen[name] {
			return nil, nil, bad("%s is given twice", name)
		}
		seen[name] = true
		values, err := sweepValues(spec)
		if err != nil {
			return nil, nil, bad("%v", err)
		}
		if len(values) == 1 && !strings.ContainsAny(spec, ":,") {
			fixed[name] = values[0]
			continue
		}
		params = append(params, bilevel.Parameter{Name: name, Values: values})
	}
	if len(params) == 0 {
		return nil, nil, &usageError{"sweep needs a parameter with several values", sweepHint}
	}
	if size := size(params); size > 100000 || size <= 0 {
		return nil, nil, &usageError{"the parameters have more than 100000 combinations", "give fewer values"}
	}
	return params, fixed, nil
}

// sweepValues reads from:to:step, a list, or one value.
func sweepValues(spec string) ([]float64, error) {
	parts, isRange := strings.Split(spec, ","), false
	if strings.Contains(spec, ":") {
		parts, isRange = strings.Split(spec, ":"), true
	}
	var values []float64
	for _, p := range parts {
		v, err := strconv.ParseFloat(strings.TrimSpace(p), 64)
		if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
			return nil, fmt.Errorf("%q is not a finite number", strings.TrimSpace(p))
		}
		values = append(values, v)
	}
	if !isRange {
		return values, nil
	}
	if len(values) != 3 {
		return nil, errors.New("a range has three numbers, from:to:step")
	}
	values, err := bilevel.Range(values[0], values[1], values[2])
	var option *bilevel.OptionError
	if errors.As(err, &option) {
		return nil, errors.New(option.Problem)
	}
	return values, err
}

// inputOrSolver sorts an error of a point: what is wrong with its model stays as it is, the rest is a failure of a solver.
func inputOrSolver(err error) error {
	var text *modfile.Error
	if errors.As(err, &text) {
		return err
	}
	return classified(err)
}
