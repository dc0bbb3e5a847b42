package hypergrad_test

import (
	"context"
	"errors"
	"math"
	"testing"

	"github.com/gobilevel/bilevel/hypergrad"
)

// A Tikhonov term leaves the constraints of a follower in force, and its kinks.
func TestTikhonovKeepsTheKindOfFollower(t *testing.T) {
	// min (y - x)²/2 + α y²/2, y <= 1: at x = 4, α = 0.5 the answer without the row is 4/1.5.
	rows := &affine{n: 1, m: 1, s: 1, inequalities: 1, w: []float64{1}, t: []float64{3}, p: [][]float64{{1}}, rows: []affineRow{{[]float64{1}, []float64{0}, 1}}}
	// min (y - 3)²/2 + α y²/2 + e^x|y| = at x = 0, α = 0.5: 2/1.5.
	for _, c := range []struct {
		name    string
		p       hypergrad.Problem
		x, want float64
	}{{"constrained", rows, 4, 1}, {"not active", rows, 1, 1 / 1.5}, {"supported", shrunk{}, 0, 2 / 1.5}, {"smooth", one(2, 3), math.Log(0.5), 3. / 2}} {
		e, err := hypergrad.NewEvaluator(hypergrad.Tikhonov(c.p, 0.5), nil, hypergrad.EngineOptions{})
		if err != nil {
			t.Fatal(err)
		}
		at, err := e.Evaluate(context.Background(), []float64{c.x}, 1e-10)
		if err != nil {
			t.Fatal(err)
		}
		near(t, c.name, at.Y, []float64{c.want}, 1e-7)
	}
	for _, p := range []hypergrad.Problem{hypergrad.Tikhonov(slope{q: 0.5, s: 1}, 1), hypergrad.Tikhonov(one(2, 3), -1), hypergrad.Tikhonov(one(2, 3), math.NaN()), hypergrad.Tikhonov(nil, 1)} {
		if _, err := hypergrad.NewEvaluator(p, nil, hypergrad.EngineOptions{}); !errors.Is(err, hypergrad.ErrOptions) {
			t.Errorf("%v", err)
		}
	}
}

// shrunk is f = (y - 3)²/2 + e^x|y|, F = (y - 1)²/2.
type shrunk struct{}

func (shrunk) Size() (leader, follower int) { return 1, 1 }
func (shrunk) Leader(x, y, gx, gy []float64) float64 {
	clear(gx)
	if gy != nil {
		gy[0] = y[0] - 1
	}
	return (y[0] - 1) * (y[0] - 1) / 2
}
func (shrunk) Follower(x, y, gx, gy []float64) float64 {
	clear(gx)
	if gy != nil {
		gy[0] = y[0] - 3
	}
	return (y[0] - 3) * (y[0] - 3) / 2
}
func (shrunk) Hessian(x, y, v, hv []float64) { hv[0] = v[0] }
func (shrunk) Mixed(x, y, v, cv []float64)   { cv[0] = math.Exp(x[0]) * math.Copysign(1, y[0]) * v[0] }
func (shrunk) Free(x, y []float64, free []bool) {
	free[0] = y[0] != 0
}
func (shrunk) Prox(x []float64, step float64, y []float64) {
	y[0] = math.Copysign(max(0, math.Abs(y[0])-step*math.Exp(x[0])), y[0])
}

// The path tends to the answer of least norm, also where the follower has two flat directions and others of condition 1e4.
func TestTikhonovPathToTheLeastNorm(t *testing.T) {
	// f = (y_0 + y_1 + y_2 - x_0)²/2 + 1e-4 (y_3 - x_1)²/2; y_4 is free. Least norm: (x_0/3, x_0/3, x_0/3, x_1, 0).
	p := &hypergrad.Functions{N: 2, M: 5,
		F: func(x, y, gx, gy []float64) (value float64) {
			clear(gx)
			for i, want := range []float64{1, 2, 3, 4, 5} {
				d := y[i] - want
				value += d * d / 2
				if gy != nil {
					gy[i] = d
				}
			}
			return value
		},
		Fol: func(x, y, gx, gy []float64) float64 {
			r, s := y[0]+y[1]+y[2]-x[0], y[3]-x[1]
			if gx != nil {
				gx[0], gx[1] = -r, -1e-4*s
			}
			if gy != nil {
				gy[0], gy[1], gy[2], gy[3], gy[4] = r, r, r, 1e-4*s, 0
			}
			return r*r/2 + 1e-4*s*s/2
		}}
	// h of the least norm is Σ (x_0/3 - i)²/2 + (x_1 - 4)²/2 + 12.5, least at x = (6, 4).
	path, err := hypergrad.TikhonovPath(context.Background(), p, []float64{0, 0}, nil, hypergrad.PathOptions{Last: 1e-9})
	if err != nil {
		t.Fatal(err)
	}
	last := path[len(path)-1]
	near(t, "x", last.X, []float64{6, 4}, 1e-3)
	near(t, "y", last.Y, []float64{2, 2, 2, 4, 0}, 1e-3)
}
