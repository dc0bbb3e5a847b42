//go:build unix

package learning

import (
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/gobilevel/bilevel/backends/ipopt"
	"github.com/gobilevel/bilevel/internal/dataset"
	"github.com/gobilevel/bilevel/model/smooth"
	"github.com/gobilevel/bilevel/nonlinear/newton"
	"github.com/gobilevel/bilevel/nonlinear/sparse"
)

// The linear system of the first step has the same inertia factorised fold by fold as it has as a whole. BILEVEL_LEARNING=blocks prints what both take on several sets, and follows
// the relaxed problem of the hinge, C alone, from the same start, one way after the other: folds factorised apart, the systems factorised as a whole, and, with three folds, Ipopt where
// there is one.
func TestBlockTimes(t *testing.T) {
	dir, ok := dataset.Find("svm")
	if !ok {
		t.Skip("there is no folder svm with the public data sets; set BILEVEL_DATA to the folder that has it")
	}
	full := os.Getenv("BILEVEL_LEARNING") == "blocks"
	counts, files, repeat := []int{3}, []string{"heart_scale.libsvm"}, 2
	if full {
		counts, files, repeat = []int{3, 5, 10}, append(files, "wbc_original.csv", "PimaIndiansDiabetes.csv"), 200
	}
	for _, count := range counts {
		for _, file := range files {
			d, err := ReadFile(filepath.Join(dir, file), ReadOptions{})
			if err != nil {
				t.Fatal(err)
			}
			if d, err = d.Binary(); err != nil {
				t.Fatal(err)
			}
			at, _ := Split(d.Len(), 0.5, 0)
			d = d.Subset(at)
			d = NewScaler(d, Range).Apply(d)
			rg, err := Ranges{}.filled(d)
			if err != nil {
				t.Fatal(err)
			}
			folds, err := Folds(d.Len(), count, 0)
			if err != nil {
				t.Fatal(err)
			}
			factorTimes(t, file, d, folds, rg, repeat)
			if !full {
				continue
			}
			pathTime(t, file, d, folds, rg, "apart", &newton.Solver{}, nil)
			pathTime(t, file, d, folds, rg, "whole", &newton.Solver{}, map[string]string{"blocks": "no"})
			if count == 3 {
				pathTime(t, file, d, folds, rg, "ipopt", ipopt.NewSolver(), nil)
			}
		}
	}
}

// pathTime prints what a solver takes for the path of relaxed programs from C = 1.
func pathTime(t *testing.T, file string, d *Data, folds [][]int, rg Ranges, name string, solver smooth.Solver, native map[string]string) {
	cv, err := NewValidation(d, SVC, folds, Hinge)
	if err != nil {
		t.Fatal(err)
	}
	o, err := Options{}.filled(SVC)
	if err != nil {
		t.Fatal(err)
	}
	s := &search{ctx: context.Background(), cv: cv, opt: o, space: newSpace(SVC, d.Width(), false, rg), best: point{loss: math.Inf(1), slope: math.Inf(1)}, start: time.Now()}
	theta := []float64{0}
	s.try(theta)
	p, err := newRelaxedProgram(s, theta)
	if err != nil {
		t.Fatal(err)
	}
	wall, used := time.Now(), processorTime(t)
	if err := s.followRelaxed(p, solver, native); err != nil {
		fmt.Printf("%s, %d folds: %s: %v\n", file, len(folds), name, err)
		return
	}
	used = processorTime(t) - used
	elapsed := time.Since(wall).Seconds()
	fmt.Printf("%-24s %2d folds %5d variables %5d rows %s: %d programs %4d steps  processor %6.2f s  wall %6.2f s  per step %6.2f ms  %6.2f ms  hinge %.4f\n", file, len(folds),
		p.program.NumVars(), p.program.NumRows(), name, p.programs, p.steps, used, elapsed, 1000*used/float64(p.steps), 1000*elapsed/float64(p.steps), s.best.loss)
}

// factorTimes prints the least time of many factorisations of the linear system of the first step: as a whole, fold by fold on one goroutine, and on as many as there
// are processors. What other programs on the machine take from single ones does not count.
func factorTimes(t *testing.T, file string, d *Data, folds [][]int, rg Ranges, repeat int) {
	cv, err := NewValidation(d, SVC, folds, Hinge)
	if err != nil {
		t.Fatal(err)
	}
	s := &search{ctx: context.Background(), cv: cv, space: newSpace(SVC, d.Width(), false, rg)}
	if _, _, err := cv.Evaluate(Hyper{C: 1}); err != nil {
		t.Fatal(err)
	}
	p, err := newRelaxedProgram(s, []float64{0})
	if err != nil {
		t.Fatal(err)
	}
	n, rows, cols, vals := kktOf(p)
	whole, err := sparse.Analyse(n, rows, cols)
	if err != nil {
		t.Fatal(err)
	}
	hint := append(append([]int32(nil), p.program.Groups()...), make([]int32, p.program.NumRows())...)
	blocks, err := sparse.AnalyseBlocks(n, rows, cols, sparse.FindBlocks(n, rows, cols, hint))
	if err != nil {
		t.Fatal(err)
	}
	least := [3]time.Duration{time.Hour, time.Hour, time.Hour}
	factors := [3]*sparse.Factor{whole.NewFactor(), blocks.NewFactor(), blocks.NewFactor()}
	factors[1].SetWorkers(1)
	for range repeat {
		for k, f := range factors {
			began := time.Now()
			if err := f.Factorise(vals); err != nil {
				t.Fatal(err)
			}
			least[k] = min(least[k], time.Since(began))
		}
	}
	if a, b := factors[0].Inertia(), factors[2].Inertia(); a != b {
		t.Errorf("%s: inertia %+v as a whole, %+v by blocks", file, a, b)
	}
	fmt.Printf("%-24s %2d folds, order %5d: a factorisation as a whole %.2f ms, %d blocks one by one %.2f ms, at the same time %.2f ms\n", file, len(folds), n,
		1e3*least[0].Seconds(), blocks.Blocks(), 1e3*least[1].Seconds(), 1e3*least[2].Seconds())
}

// The method relaxation ends near the least hinge over C, and never below it, which the exact paths of the method bilevel know. BILEVEL_LEARNING=relaxation prints validation and test hinge and processor times of the method relaxation beside others, the mean of three splits or of as many
// as BILEVEL_SPLITS says.
func TestRelaxationFigures(t *testing.T) {
	dir, ok := dataset.Find("svm")
	if !ok {
		t.Skip("there is no folder svm with the public data sets; set BILEVEL_DATA to the folder that has it")
	}
	splits, files, methods := 1, []string{"heart_scale.libsvm"}, []string{"relaxation", "bilevel"}
	if os.Getenv("BILEVEL_LEARNING") == "relaxation" {
		splits, methods = 3, append(methods, "smoothing", "dca", "grid")
		files = append(files, "wbc_original.csv", "Sonar.csv", "Ionosphere.csv", "wdbc.csv", "PimaIndiansDiabetes.csv")
		if n, err := strconv.Atoi(os.Getenv("BILEVEL_SPLITS")); err == nil {
			splits = n
		}
	}
	for _, file := range files {
		d, err := ReadFile(filepath.Join(dir, file), ReadOptions{})
		if err != nil {
			t.Fatal(err)
		}
		value := map[string]float64{}
		for _, method := range methods {
			var cv, test, seconds float64
			for seed := range uint64(splits) {
				used := processorTime(t)
				res, err := Tune(context.Background(), d, SVC, Options{Methods: []string{method}, Loss: Hinge, TestShare: 0.5, Seed: seed})
				if err != nil {
					t.Fatalf("%s: %v", file, err)
				}
				cv, test, seconds = cv+res.Runs[0].CV, test+res.Runs[0].Test, seconds+processorTime(t)-used
			}
			n := float64(splits)
			value[method] = cv / n
			fmt.Printf("%-24s %-10s validation %.4f  test %.4f  processor %.3f s\n", file, method, cv/n, test/n, seconds/n)
		}
		if relaxed, least := value["relaxation"], value["bilevel"]; !(relaxed >= least-1e-6 && relaxed <= 1.1*least) {
			t.Errorf("%s: relaxation ends at %v, the least is %v", file, relaxed, least)
		}
	}
}
