//go:build cgo && !nohighs && linux

package highs

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"math/rand"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
)

// TestStandardOutputOfTheSolver runs this test binary again, on QPs where HiGHS prints whatever its options say, on several goroutines
// that print lines of their own meanwhile. There are so many that the buffer of the C library overflows into the pipe.
func TestStandardOutputOfTheSolver(t *testing.T) {
	const mark, own = "HIGHS_PRINTS_TEST", "a line of the program"
	const goroutines, solves = 4, 30
	if os.Getenv(mark) != "" {
		var group sync.WaitGroup
		for range goroutines {
			group.Go(func() {
				for range solves {
					if _, err := Solve(context.Background(), degenerateQP(), SolveOptions{}, nil); err != nil {
						t.Error(err)
					}
					fmt.Println(own)
				}
			})
		}
		group.Wait()
		return
	}
	c := exec.Command(os.Args[0], "-test.run=^TestStandardOutputOfTheSolver$")
	c.Env = append(os.Environ(), mark+"=1")
	var stdout, stderr bytes.Buffer
	c.Stdout, c.Stderr = &stdout, &stderr
	if err := c.Run(); err != nil {
		t.Fatalf("%v\n%s%s", err, stdout.Bytes(), stderr.Bytes())
	}
	lines := 0
	for line := range strings.Lines(stdout.String()) {
		switch {
		case line == own+"\n":
			lines++
		case line != "PASS\n" && !strings.HasPrefix(line, "coverage"):
			t.Fatalf("the solver wrote %q", line)
		}
	}
	if lines != goroutines*solves {
		t.Errorf("%d lines of the program, want %d", lines, goroutines*solves)
	}
}

// degenerateQP is a QP with a Hessian of rank at most four on which HiGHS 1.10 prints "degeneracy? not possible to find ...".
func degenerateQP() *Arrays {
	r := rand.New(rand.NewSource(1217))
	n := 2 + r.Intn(40)
	a := randomLP(r, n, 1+r.Intn(n))
	a.Maximize = false
	factor := make([][]float64, 1+r.Intn(4))
	for i := range factor {
		factor[i] = make([]float64, n)
		for j := range n {
			if r.Intn(2) == 0 {
				factor[i][j] = float64(r.Intn(9) - 4)
			}
		}
	}
	a.QStart = []int32{0}
	for j := range n {
		for l := j; l < n; l++ {
			v := 0.0
			for i := range factor {
				v += factor[i][j] * factor[i][l]
			}
			if v != 0 {
				a.QIndex, a.QValue = append(a.QIndex, int32(l)), append(a.QValue, v)
			}
		}
		if r.Intn(4) == 0 {
			a.ColLower[j] = math.Inf(-1)
		}
		if r.Intn(3) == 0 {
			a.ColUpper[j] = math.Inf(1)
		}
		a.QStart = append(a.QStart, int32(len(a.QValue)))
	}
	if r.Intn(2) == 0 {
		for i := range a.RowLower {
			a.RowLower[i], a.RowUpper[i] = math.Round(a.RowLower[i]), math.Round(a.RowUpper[i])
		}
	}
	return a
}
