package hypergrad_test

import (
	"context"
	"fmt"
	"log"

	"github.com/gobilevel/bilevel/hypergrad"
	"github.com/gobilevel/bilevel/hypergrad/tasks"
)

// A leader who wants y near 2 steers a follower who answers y³ + y = x, and pays x²/10 for it.
func ExampleMinimize() {
	p := &hypergrad.Functions{N: 1, M: 1,
		F: func(x, y, gx, gy []float64) float64 {
			if gx != nil {
				gx[0] = x[0] / 5
			}
			if gy != nil {
				gy[0] = 2 * (y[0] - 2)
			}
			return (y[0]-2)*(y[0]-2) + x[0]*x[0]/10
		},
		Fol: func(x, y, gx, gy []float64) float64 {
			if gx != nil {
				gx[0] = -y[0]
			}
			if gy != nil {
				gy[0] = y[0]*y[0]*y[0] + y[0] - x[0]
			}
			return y[0]*y[0]*y[0]*y[0]/4 + y[0]*y[0]/2 - x[0]*y[0]
		},
	}
	check, err := hypergrad.CheckHypergradient(context.Background(), p, []float64{1}, nil, hypergrad.CheckOptions{})
	if err != nil {
		log.Fatal(err)
	}
	res, err := hypergrad.Minimize(context.Background(), p, []float64{1}, nil, hypergrad.Options{})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("derivatives agree:", check.Passed)
	fmt.Printf("%v: x = %.4f, y = %.4f\n", res.Status, res.X[0], res.Y[0])
	// Output:
	// derivatives agree: true
	// stationary: x = 2.2067, y = 1.0498
}

// One penalty weight for each of 22 features, by a sampled method.
func ExampleMinimizeSampled() {
	p, err := tasks.SyntheticLogistic(2000, 2000, 22, 3, 1, tasks.LinearOptions{})
	if err != nil {
		log.Fatal(err)
	}
	x := make([]float64, 22)
	res, err := hypergrad.MinimizeSampled(context.Background(), p, x, nil, hypergrad.SampledOptions{Method: hypergrad.SABA{}, Set: hypergrad.Bounds(-12, 12), Tolerance: 1e-3})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%v, loss %.2f\n", res.Status, res.Value)
	// Output:
	// stationary, loss 0.33
}
