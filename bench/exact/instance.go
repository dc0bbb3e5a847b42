package main

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/gobilevel/bilevel/bench/family"
	"github.com/gobilevel/bilevel/model"
)

// bigM is a pair of bounds for the optimality conditions: on multipliers, and on slacks that the bounds of the variables do not bound.
type bigM struct{ dual, primal float64 }

// source is one family: how its instances are made and what is known about them.
type source struct {
	name  string
	sizes [][]int // those of the published comparison, and a few more
	build func(size []int, seed uint64) *model.Model
	// known is the optimum where there is a closed form; nil: none.
	known func(size []int, seed uint64) float64
	// bigMs are the bounds to try, in this order, until the answer is right.
	bigMs func(size []int, seed uint64) []bigM
	// direct is the problem as a mixed-integer program; nil: none is known.
	direct func(size []int, seed uint64) *model.Model
}

// always gives every instance the same bounds.
func always(list ...bigM) func([]int, uint64) []bigM {
	return func([]int, uint64) []bigM { return list }
}

// sources are the families in the order in which they are run. The bounds for SVR are guesses, as no multiplier has a bound; those for RAND bound
// multipliers by guesses and slacks by the variables' bounds; multipliers of FORECAST are at most the prices; those of TOLL are known from runs; PRICING and
// INTERDICT have bounds by theory.
var sources = []source{
	{name: "SVR", sizes: [][]int{{1, 10}, {2, 10}, {5, 10}, {10, 100}, {5, 50}},
		build: func(s []int, seed uint64) *model.Model { return family.SVR(s[0], s[1], seed) },
		bigMs: always(bigM{1e2, 1e2}, bigM{1e4, 1e4})},
	{name: "RAND", sizes: [][]int{{5, 5}, {10, 5}, {5, 10}, {10, 10}, {20, 20}, {50, 50}, {100, 100}},
		build: func(s []int, seed uint64) *model.Model { return family.Rand(s[0], s[1], seed) },
		bigMs: always(bigM{1e3, 1e7}, bigM{1e4, 1e7})},
	{name: "TOLL", sizes: [][]int{{5}, {10}, {20}, {50}, {100}, {200}},
		build: func(s []int, seed uint64) *model.Model { return family.Toll(s[0], seed) },
		known: func(s []int, seed uint64) float64 { return family.TollOptimum(s[0], seed) },
		bigMs: always(bigM{1e2, 1e2}, bigM{1e3, 1e3})},
	{name: "FORECAST", sizes: [][]int{{1, 10}, {2, 10}, {5, 10}, {5, 100}},
		build: func(s []int, seed uint64) *model.Model { return family.Forecast(s[0], s[1], seed) },
		bigMs: func(s []int, _ uint64) []bigM { return []bigM{{10 + 0.1*float64(s[0]), 1e2}, {1e2, 1e3}} }},
	{name: "PRICING", sizes: [][]int{{5, 5, 5}, {5, 5, 10}, {8, 8, 10}, {10, 10, 20}},
		build: func(s []int, seed uint64) *model.Model { return family.Pricing(s[0], s[1], s[2], seed) },
		bigMs: func(s []int, seed uint64) []bigM {
			dual, primal := family.PricingBigM(s[0], s[1], s[2], seed)
			return []bigM{{dual, primal}}
		},
		direct: func(s []int, seed uint64) *model.Model { return family.PricingMILP(s[0], s[1], s[2], seed) }},
	{name: "INTERDICT", sizes: [][]int{{5, 5, 5}, {8, 8, 5}, {8, 8, 10}, {10, 10, 10}, {10, 10, 20}},
		build: func(s []int, seed uint64) *model.Model { return family.Interdict(s[0], s[1], s[2], seed) },
		bigMs: func(s []int, seed uint64) []bigM {
			dual, primal := family.InterdictBigM(s[0], s[1], s[2], seed)
			return []bigM{{dual, primal}}
		},
		direct: func(s []int, seed uint64) *model.Model { return family.InterdictMILP(s[0], s[1], s[2], seed) }},
}

func sourceNames() []string {
	var names []string
	for _, s := range sources {
		names = append(names, s.name)
	}
	return names
}

// instance is one problem.
type instance struct {
	source
	size []int
	seed uint64
}

func (i instance) model() *model.Model { return i.build(i.size, i.seed) }

// optimum is the closed form, NaN where there is none.
func (i instance) optimum() float64 {
	if i.known == nil {
		return math.NaN()
	}
	return i.known(i.size, i.seed)
}

// label writes a size as it is given on the command line: 5,10.
func label(size []int) string {
	var parts []string
	for _, n := range size {
		parts = append(parts, strconv.Itoa(n))
	}
	return strings.Join(parts, ",")
}

// instances lists what is asked for: families and sizes by name, in the order of sources, with the first seeds of the published ones, or those
// that seeds names. sizes are separated by spaces or semicolons; none stands for the sizes of each family. A size that a family does not list
// is built where that family is the only one and takes as many numbers.
func instances(families, sizes, seeds string) ([]instance, error) {
	names := strings.Split(families, ",")
	for _, n := range names {
		if !slices.Contains(sourceNames(), n) {
			return nil, fmt.Errorf("there is no family %q; choose from %s", n, strings.Join(sourceNames(), ", "))
		}
	}
	chosen, err := parseSeeds(seeds)
	if err != nil {
		return nil, err
	}
	wanted, err := parseSizes(sizes)
	if err != nil {
		return nil, err
	}
	var list []instance
	for _, s := range sources {
		if !slices.Contains(names, s.name) {
			continue
		}
		of := s.sizes
		if len(wanted) > 0 {
			of = slices.DeleteFunc(slices.Clone(wanted), func(size []int) bool {
				listed := slices.ContainsFunc(s.sizes, func(l []int) bool { return slices.Equal(l, size) })
				return !listed && (len(names) > 1 || len(size) != len(s.sizes[0]))
			})
		}
		for _, size := range of {
			for _, seed := range chosen {
				list = append(list, instance{s, size, seed})
			}
		}
	}
	if len(list) == 0 {
		return nil, fmt.Errorf("-size %s: no family has such a size", sizes)
	}
	return list, nil
}

// parseSeeds reads a number of seeds, of which the first are taken, or seeds by name.
func parseSeeds(text string) ([]uint64, error) {
	var list []uint64
	for _, word := range strings.Split(text, ",") {
		seed, err := strconv.ParseUint(word, 10, 64)
		if err == nil && word == text && seed >= 1 && seed <= uint64(len(family.Seeds)) {
			return family.Seeds[:seed], nil
		}
		if err != nil || !slices.Contains(family.Seeds, seed) {
			return nil, fmt.Errorf("-seeds %s: choose 1 to %d, or some of %v, separated by commas", text, len(family.Seeds), family.Seeds)
		}
		list = append(list, seed)
	}
	return list, nil
}

func parseSizes(text string) ([][]int, error) {
	var list [][]int
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return r == ' ' || r == ';' }) {
		var size []int
		for _, part := range strings.Split(word, ",") {
			n, err := strconv.Atoi(part)
			if err != nil || n < 1 {
				return nil, fmt.Errorf("-size %s: want numbers from 1 on, as 5,10", word)
			}
			size = append(size, n)
		}
		list = append(list, size)
	}
	return list, nil
}
