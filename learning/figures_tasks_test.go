package learning

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/gobilevel/bilevel/internal/dataset"
)

// BILEVEL_LEARNING=full prints, for the public sets by the protocol of TestPublicSets: the kernel's C and γ with as much time for a grid and for random points;
// and the difference-of-convex method with a bound on each weight against a lattice of 10 x 10 and 100 random points, by the hinge that it descends along, with
// the misclassification of the final model; the same with the tolerance 0.1 of its authors. BILEVEL_SPLITS is the number of splits, 10 by default.
func TestPublicSetsKernelAndDCA(t *testing.T) {
	if os.Getenv("BILEVEL_LEARNING") != "full" {
		t.Skip("takes minutes; BILEVEL_LEARNING=full runs it")
	}
	dir, ok := dataset.Find("svm")
	if !ok {
		t.Skip("there is no folder svm with the public data sets; set BILEVEL_DATA to the folder that has it")
	}
	splits := uint64(10)
	if n, err := strconv.Atoi(os.Getenv("BILEVEL_SPLITS")); err == nil && n > 0 {
		splits = uint64(n)
	}
	for _, c := range []struct {
		name string
		task Task
		opt  Options
	}{
		{"kernel", KernelSVC, Options{Methods: []string{"bilevel", "grid", "random"}, EqualTime: true}},
		{"boxes", SVC, Options{Methods: []string{"dca", "grid", "random", "bilevel"}, Loss: Hinge, PerFeature: true, Points: 10, Random: 100}},
		{"authors", SVC, Options{Methods: []string{"dca", "grid"}, Loss: Hinge, PerFeature: true, Points: 10, DCA: DCAOptions{Tolerance: 0.1}}},
	} {
		for _, file := range []string{"PimaIndiansDiabetes.csv", "wbc_original.csv", "wdbc.csv", "heart_scale.libsvm", "Ionosphere.csv", "Sonar.csv"} {
			t.Run(c.name+"/"+file, func(t *testing.T) {
				d, err := ReadFile(filepath.Join(dir, file), ReadOptions{})
				if err != nil {
					t.Fatal(err)
				}
				sum := make([]struct{ cv, test, wrong, seconds, trainings float64 }, len(c.opt.Methods))
				above := 0 // splits on which the first method's validation loss is above the grid's
				for seed := range splits {
					o := c.opt
					o.TestShare, o.Seed = 0.5, seed
					res, err := Tune(context.Background(), d, c.task, o)
					if err != nil {
						t.Fatal(err)
					}
					b, err := d.Binary()
					if err != nil {
						t.Fatal(err)
					}
					_, at := Split(d.Len(), 0.5, seed)
					test := res.Scaler.Apply(b.Subset(at))
					for k, r := range res.Runs {
						s := &sum[k]
						s.cv += r.CV / float64(splits)
						s.test += r.Test / float64(splits)
						for i, x := range test.X {
							if r.Predict(x)*test.Y[i] <= 0 {
								s.wrong += 100 / float64(test.Len()) / float64(splits)
							}
						}
						s.seconds += r.Elapsed.Seconds() / float64(splits)
						s.trainings += float64(r.Trainings) / float64(splits)
					}
					if res.Runs[0].CV > res.Runs[1].CV+1e-12 {
						above++
					}
				}
				for k, s := range sum {
					fmt.Printf("%-7s %-24s %-8s CV %.4f  test %.4f  wrong %5.2f %%  %.2f s  %.0f trainings\n", c.name, file, c.opt.Methods[k], s.cv, s.test, s.wrong, s.seconds, s.trainings)
				}
				fmt.Printf("%-7s %-24s %s is above the grid on %d of %d splits\n", c.name, file, c.opt.Methods[0], above, splits)
			})
		}
	}
}
