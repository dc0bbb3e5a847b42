//go:build cgo && !nohighs

package highs_test

import (
	"context"
	"fmt"
	"math"

	"github.com/gobilevel/bilevel/backends/highs"
)

// A persistent LP: solve, change a bound, solve again from the basis of the first solve.
func ExampleLP() {
	inf := math.Inf(1)
	lp, err := highs.NewLP(&highs.Arrays{
		Maximize: true,
		Cost:     []float64{3, 5}, ColLower: []float64{0, 0}, ColUpper: []float64{4, 6},
		RowLower: []float64{-inf}, RowUpper: []float64{18},
		Start: []int32{0, 2}, Index: []int32{0, 1}, Value: []float64{3, 2},
	}, highs.LPOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer lp.Close()
	ctx := context.Background()
	x, dual := make([]float64, 2), make([]float64, 1)
	for _, limit := range []float64{6, 2} {
		lp.ChangeColBounds([]int32{1}, []float64{0}, []float64{limit})
		status, _ := lp.SolveRobust(ctx)
		lp.Primal(x)
		lp.RowDuals(dual)
		fmt.Println(status, lp.Objective(), x, dual)
	}
	// Output:
	// optimal 36 [2 6] [1]
	// optimal 22 [4 2] [0]
}
