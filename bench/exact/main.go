// Exact runs the families of package family through the library and prints one line an instance: value, proof, gap, nodes, seconds.
//
//	go run ./bench/exact -family SVR,TOLL -size 2,10 -seeds 3 -limit 60s -reform auto -backend auto
package main

import (
	"context"
	"flag"
	"fmt"
	"math"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/gobilevel/bilevel"
	"github.com/gobilevel/bilevel/bench/family"
)

// sizes are those of the published comparison, and a few more.
var sizes = map[string][][]int{
	"SVR":      {{1, 10}, {2, 10}, {5, 10}, {10, 100}, {5, 50}},
	"RAND":     {{5, 5}, {10, 5}, {5, 10}, {10, 10}, {20, 20}, {50, 50}, {100, 100}},
	"TOLL":     {{5}, {10}, {20}, {50}, {100}, {200}},
	"FORECAST": {{1, 10}, {2, 10}, {5, 10}, {5, 100}},
}

func main() { os.Exit(run()) }

func run() int {
	names := flag.String("family", "SVR,RAND,TOLL,FORECAST", "families, separated by commas")
	only := flag.String("size", "", "one size, as 5,10; all sizes where empty")
	seeds := flag.Int("seeds", 3, "number of seeds")
	limit := flag.Duration("limit", time.Minute, "time limit of an instance")
	reform := flag.String("reform", "auto", "chain of reformulations")
	backend := flag.String("backend", "auto", "backend")
	bigM := flag.Float64("big-m", 0, "big-M for bounds without proof")
	verbose := flag.Bool("v", false, "print progress and notes")
	flag.Parse()
	for _, name := range strings.Split(*names, ",") {
		list, ok := sizes[name]
		if !ok {
			fmt.Fprintf(os.Stderr, "no family %q; choose from SVR, RAND, TOLL, FORECAST\n", name)
			return 1
		}
		for _, size := range list {
			label := strings.Trim(strings.ReplaceAll(fmt.Sprint(size), " ", ","), "[]")
			if *only != "" && *only != label {
				continue
			}
			for _, seed := range family.Seeds[:min(*seeds, len(family.Seeds))] {
				opt := bilevel.Options{Reform: *reform, Backend: *backend, BigM: *bigM, TimeLimit: *limit, Gap: 1e-4}
				if err := one(name, label, size, seed, opt, *verbose); err != nil {
					fmt.Fprintln(os.Stderr, err)
					return 3
				}
			}
		}
	}
	return 0
}

func one(name, label string, size []int, seed uint64, opt bilevel.Options, verbose bool) error {
	m, want := instance(name, size, seed)
	if verbose {
		opt.Events = func(e bilevel.Event) {
			fmt.Printf("  %7.2f %-11s %s incumbent %.8g bound %.8g nodes %d\n", e.Elapsed.Seconds(), e.Step, e.Message, e.Incumbent, e.Bound, e.Nodes)
		}
	}
	r, err := bilevel.Solve(context.Background(), m, opt)
	if err != nil {
		return err
	}
	verified := r.Certificate != nil && r.Certificate.Verified
	remark := ""
	if !math.IsNaN(want) && math.Abs(r.Objective-want) > 1e-4*math.Max(1, math.Abs(want)) {
		remark = " optimum " + strconv.FormatFloat(want, 'g', 9, 64)
	}
	fmt.Printf("%-8s %-8s %5d  %-10v %-10v value %-15.8g gap %-9.2e verified %-5v nodes %-7d %8.3f s  %s%s\n", name, label, seed, r.Status, r.Proof,
		r.Objective, r.Gap, verified, r.Nodes, r.Seconds, r.Backend, remark)
	if verbose {
		for _, n := range r.Notes {
			fmt.Println("    ", n)
		}
	}
	return nil
}

func instance(name string, size []int, seed uint64) (*bilevel.Model, float64) {
	switch name {
	case "SVR":
		return family.SVR(size[0], size[1], seed), math.NaN()
	case "RAND":
		return family.Rand(size[0], size[1], seed), math.NaN()
	case "TOLL":
		return family.Toll(size[0], seed), family.TollOptimum(size[0], seed)
	}
	return family.Forecast(size[0], size[1], seed), math.NaN()
}
