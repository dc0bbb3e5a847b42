package learning

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/gobilevel/bilevel/internal/dataset"
)

// The public sets by the protocol of the literature: half of the samples as the test, three folds, features in [-1, 1], C from 1e-4 to 1e4. The bilevel
// method's validation error is nowhere above the grid's. BILEVEL_LEARNING=full takes ten splits and prints a table, with bounds on all weights, too.
func TestPublicSets(t *testing.T) {
	dir, ok := dataset.Find("svm")
	if !ok {
		t.Skip("there is no folder svm with the public data sets; set BILEVEL_DATA to the folder that has it")
	}
	splits, per := uint64(1), []bool{false}
	full := os.Getenv("BILEVEL_LEARNING") == "full"
	if full {
		splits, per = 10, []bool{false, true}
	}
	for _, file := range []string{"PimaIndiansDiabetes.csv", "wbc_original.csv", "wdbc.csv", "heart_scale.libsvm", "Ionosphere.csv", "Sonar.csv"} {
		t.Run(file, func(t *testing.T) {
			d, err := ReadFile(filepath.Join(dir, file), ReadOptions{})
			if err != nil {
				t.Fatal(err)
			}
			for _, each := range per {
				var sum [2]struct{ cv, test, seconds, trainings float64 }
				for seed := range splits {
					methods := []string{"bilevel", "grid"}
					if each {
						methods = methods[:1]
					}
					res, err := Tune(context.Background(), d, SVC, Options{Methods: methods, PerFeature: each, TestShare: 0.5, Seed: seed})
					if err != nil {
						t.Fatalf("%s: %v", file, err)
					}
					for k, r := range res.Runs {
						sum[k].cv += 100 * r.CV / float64(splits)
						sum[k].test += 100 * r.Test / float64(splits)
						sum[k].seconds += r.Elapsed.Seconds() / float64(splits)
						sum[k].trainings += float64(r.Trainings) / float64(splits)
					}
					if !each && res.Runs[0].CV > res.Runs[1].CV+1e-12 {
						t.Errorf("%s seed %d: bilevel %.4f, grid %.4f", file, seed, res.Runs[0].CV, res.Runs[1].CV)
					}
				}
				if full {
					for k, s := range sum {
						if s.trainings > 0 {
							fmt.Printf("%-24s boxes %-5v %-8s CV %6.2f %%  test %6.2f %%  %.3f s  %.0f trainings\n", file, each, MethodNames[k], s.cv, s.test, s.seconds, s.trainings)
						}
					}
				}
			}
		})
	}
}
