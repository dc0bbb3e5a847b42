//go:build unix

package learning

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/gobilevel/bilevel/internal/dataset"
)

// processorTime is what this process has used, in seconds.
func processorTime(t *testing.T) float64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return float64(u.Utime.Sec+u.Stime.Sec) + float64(u.Utime.Usec+u.Stime.Usec)/1e6
}

// BILEVEL_LEARNING=times compares processor times, in turns: the least misclassification over C with the grid of nine values and with a grid whose distances are
// halved until it is as good, and regression with C, ε and a bound on each weight with the grid of C, ε and one bound for all.
func TestTimes(t *testing.T) {
	dir, ok := dataset.Find("svm")
	if !ok || os.Getenv("BILEVEL_LEARNING") != "times" {
		t.Skip("set BILEVEL_DATA to the folder with the data and BILEVEL_LEARNING=times")
	}
	for _, file := range []string{"PimaIndiansDiabetes.csv", "wbc_original.csv", "wdbc.csv", "heart_scale.libsvm", "Ionosphere.csv", "Sonar.csv"} {
		d, err := ReadFile(filepath.Join(dir, file), ReadOptions{})
		if err != nil {
			t.Fatal(err)
		}
		run := func(method string, seed uint64, points int, choice Choice) (float64, Run) {
			began := processorTime(t)
			res, err := Tune(context.Background(), d, SVC, Options{Methods: []string{method}, TestShare: 0.5, Seed: seed, Points: points, Choice: choice})
			if err != nil {
				t.Fatal(err)
			}
			return processorTime(t) - began, res.Runs[0]
		}
		var least, steady, grid, equal float64
		reached, most := 0, 0
		const splits = 5
		for seed := range uint64(splits) {
			a, best := run("bilevel", seed, 9, Least)
			g, nine := run("grid", seed, 9, Least)
			b, calm := run("bilevel", seed, 9, Steady)
			if best.CV > nine.CV+1e-12 || calm.CV > nine.CV+1e-12 {
				t.Errorf("%s seed %d: %v, %v, grid %v", file, seed, best.CV, calm.CV, nine.CV)
			}
			least, steady, grid = least+a, steady+b, grid+g
			for points := 9; points <= 257; points = 2*points - 1 {
				e, run := run("grid", seed, points, Least)
				if run.CV <= best.CV+1e-12 || points == 257 {
					equal += e
					most = max(most, points)
					if run.CV <= best.CV+1e-12 {
						reached++
					}
					break
				}
			}
		}
		fmt.Printf("%-24s processor s a run: least %.3f, steady %.3f, grid of 9 %.3f, grid as good as least (at most 257 values; %d of %d reach it) %.3f\n",
			file, least/splits, steady/splits, grid/splits, reached, splits, equal/splits)
	}
}

// The same for regression with C, ε and a bound on each weight, against grids of C, ε and one bound for all: the times of whole runs, and until the bilevel
// method has what the grid of nine values each ends with. The distances of the grid are halved until it is as good as the whole run, at most to 17 values
// each, on the first split to 33; what such a grid takes is the time of equal quality, or less than that where it does not get there.
func TestTimesOfThree(t *testing.T) {
	dir, ok := dataset.Find("svm")
	if !ok || os.Getenv("BILEVEL_LEARNING") != "times" {
		t.Skip("set BILEVEL_DATA to the folder with the data and BILEVEL_LEARNING=times")
	}
	for _, file := range []string{"heart_scale.libsvm", "PimaIndiansDiabetes.csv"} {
		d, err := ReadFile(filepath.Join(dir, file), ReadOptions{})
		if err != nil {
			t.Fatal(err)
		}
		for seed := range uint64(3) {
			run := func(method string, points int) (float64, Run) {
				began := processorTime(t)
				res, err := Tune(context.Background(), d, SVR, Options{Methods: []string{method}, TestShare: 0.5, Seed: seed, PerFeature: true, Points: points})
				if err != nil {
					t.Fatal(err)
				}
				return processorTime(t) - began, res.Runs[0]
			}
			ours, best := run("bilevel", 9)
			fmt.Printf("%s, split %d, regression with C, epsilon and bounds: bilevel %.4f in %.2f processor s\n", file, seed, best.CV, ours)
			most := 17
			if seed == 0 {
				most = 33
			}
			for points := 9; points <= most; points = 2*points - 1 {
				used, grid := run("grid", points)
				until := Event{}
				for _, e := range best.History {
					if until = e; e.CV <= grid.CV {
						break
					}
				}
				fmt.Printf("  grid of %d x %d x %d: %.4f in %.1f s, %.0f times as long; bilevel has this after a part %.2f of its run\n",
					points, points, points, grid.CV, used, used/ours, until.Elapsed.Seconds()/best.Elapsed.Seconds())
				if points == 9 && best.CV > grid.CV {
					t.Errorf("bilevel %v, grid %v", best.CV, grid.CV)
				}
				if grid.CV <= best.CV {
					break
				}
			}
		}
	}
}
