package main

import (
	"testing"

	"github.com/gobilevel/bilevel/hypergrad"
	"github.com/gobilevel/bilevel/hypergrad/tasks"
)

// TestSlopesOfMethods fits slopes of a few methods over two decades and more on a smaller task: steps of x as k^-a leave a mean squared gradient of that order, and recursive momentum
// with steps k^-1/3 one of k^-2/3. Momentum that were lost would leave k^-1/3, a slope of 3.
func TestSlopesOfMethods(t *testing.T) {
	q, err := tasks.NewQuadratic(7, 2048, 1024, 20, 5)
	if err != nil {
		t.Fatal(err)
	}
	const half, third = 0.5, 1. / 3
	for _, test := range []struct {
		name      string
		method    hypergrad.Method
		batch     int
		budget    float64
		y, v, x   hypergrad.Schedule
		low, high float64
	}{
		{"soba", hypergrad.SOBA{}, 4, 4e6, step(0.2, half), step(0.2, half), step(1, half), 1.6, 2.2},
		{"soba, steps 1/k", hypergrad.SOBA{}, 4, 1e6, step(0.2, half), step(0.2, half), hypergrad.Schedule{First: 1, Exponent: 1, Delay: 4}, 0.8, 1.3},
		{"ttsa", hypergrad.TTSA{Terms: 30}, 8, 6e6, step(0.3, 0.4), step(0.5, 0), step(1, 0.6), 1.4, 1.95},
		{"mrbo", hypergrad.MRBO{Momentum: half, Terms: 15}, 8, 4e6, step(0.1, third), step(0.5, 0), step(0.5, third), 1.2, 1.8},
		{"saba", hypergrad.SABA{}, 64, 2e6, step(0.3, 0), step(0.3, 0), step(0.3, 0), 0, 0.3},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := slopeRun{sampled: true, run: func(s *spy, seed uint64, budget float64) error {
				return sampledRun(s, hypergrad.SampledOptions{Method: test.method, Seed: seed, Batch: test.batch, YSteps: test.y, VSteps: test.v, XSteps: test.x}, budget)
			}}
			f, err := r.fit(q, 1, 3, test.budget)
			if err != nil {
				t.Fatal(err)
			}
			slope := f.median()
			t.Logf("slopes %.2f over %.1f decades, down to %.1e", f.slopes, f.width, f.least)
			if !(slope >= test.low && slope <= test.high) || f.width < 2 {
				t.Errorf("slope %.2f over %.1f decades, should be within %v and %v over two at least", slope, f.width, test.low, test.high)
			}
		})
	}
}

// TestSize: what -quadratic takes.
func TestSize(t *testing.T) {
	z := size{32768, 1024, 100, 10}
	for _, bad := range []string{"", "1,2,3", "2048,256,20,x", "2048,256,20,30", "10,256,20,5"} {
		if err := z.Set(bad); err == nil || z.String() != "32768,1024,100,10" {
			t.Errorf("%q: %v, %v", bad, err, z)
		}
	}
	if err := z.Set("2048,256,20,5"); err != nil || z != (size{2048, 256, 20, 5}) {
		t.Errorf("%v, %v", err, z)
	}
}
