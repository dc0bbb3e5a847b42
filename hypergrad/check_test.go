package hypergrad_test

import (
	"context"
	"math"
	"slices"
	"testing"

	"github.com/gobilevel/bilevel/hypergrad"
	"github.com/gobilevel/bilevel/hypergrad/matrix"
	"github.com/gobilevel/bilevel/hypergrad/tasks"
)

// curved is a follower with n = m whose matrices are full and unlike their transposes, in units of its own: y in sy, x in sx, F in sf, f in 1:
//
//	f = Σ_i cosh(y_i/sy) + ½|y/sy|² + Σ_ij c_ij y_i/sy sin(x_j/sx + j),   F = sf (½|y/sy - 1|² + Σ_ij d_ij y_i/sy x_j/sx + Σ cos(x_j/sx)).
type curved struct{ sx, sy, sf float64 }

const curvedSize = 4

func (k curved) c(i, j int) float64 { return 0.2 * math.Sin(float64(3*i+7*j*j+1)) }
func (k curved) d(i, j int) float64 { return 0.5 * math.Cos(float64(5*i*i+2*j)) }

func (k curved) problem() *hypergrad.Functions {
	n := curvedSize
	return &hypergrad.Functions{N: n, M: n,
		F: func(x, y, gx, gy []float64) (value float64) {
			clear(gx)
			clear(gy)
			for i := range n {
				u, a := y[i]/k.sy, x[i]/k.sx
				value += k.sf * ((u-1)*(u-1)/2 + math.Cos(a))
				if gy != nil {
					gy[i] += k.sf * (u - 1) / k.sy
				}
				if gx != nil {
					gx[i] -= k.sf * math.Sin(a) / k.sx
				}
				for j := range n {
					value += k.sf * k.d(i, j) * u * x[j] / k.sx
					if gy != nil {
						gy[i] += k.sf * k.d(i, j) * x[j] / k.sx / k.sy
					}
					if gx != nil {
						gx[j] += k.sf * k.d(i, j) * u / k.sx
					}
				}
			}
			return value
		},
		Fol: func(x, y, gx, gy []float64) (value float64) {
			clear(gx)
			clear(gy)
			for i := range n {
				u := y[i] / k.sy
				value += math.Cosh(u) + u*u/2
				if gy != nil {
					gy[i] += (math.Sinh(u) + u) / k.sy
				}
				for j := range n {
					s, c := math.Sincos(x[j]/k.sx + float64(j))
					value += k.c(i, j) * u * s
					if gy != nil {
						gy[i] += k.c(i, j) * s / k.sy
					}
					if gx != nil {
						gx[j] += k.c(i, j) * u * c / k.sx
					}
				}
			}
			return value
		},
		Hess: func(x, y, v, out []float64) {
			for i := range n {
				out[i] = (math.Cosh(y[i]/k.sy) + 1) * v[i] / (k.sy * k.sy)
			}
		},
		Mix: func(x, y, v, out []float64) {
			for j := range n {
				out[j] = 0
				for i := range n {
					out[j] += k.c(i, j) * math.Cos(x[j]/k.sx+float64(j)) * v[i] / k.sx / k.sy
				}
			}
		}}
}

// Right problems pass, whatever the units of x, y and F are; each kind of wrong oracle is found, with the right name.
func TestCheckFindsEveryWrongOracle(t *testing.T) {
	ctx := context.Background()
	check := func(p hypergrad.Problem, x []float64) *hypergrad.Check {
		t.Helper()
		c, err := hypergrad.CheckHypergradient(ctx, p, x, nil, hypergrad.CheckOptions{})
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	type gradient = func(x, y, gx, gy []float64) float64
	type product = func(x, y, v, out []float64)
	// spoiled gradients and products.
	spoil := func(f gradient, gxBy, gyBy func(g []float64)) gradient {
		return func(x, y, gx, gy []float64) float64 {
			value := f(x, y, gx, gy)
			if gx != nil && gxBy != nil {
				gxBy(gx)
			}
			if gy != nil && gyBy != nil {
				gyBy(gy)
			}
			return value
		}
	}
	times := func(s float64) func(g []float64) {
		return func(g []float64) {
			for j := range g {
				g[j] *= s
			}
		}
	}
	one := func(g []float64) { g[2] *= 1.001 }
	spoiled := func(f product, by func(g []float64)) product {
		return func(x, y, v, out []float64) {
			f(x, y, v, out)
			by(out)
		}
	}
	wrong := map[string]func(k curved, p *hypergrad.Functions){
		"F, sign in x":  func(_ curved, p *hypergrad.Functions) { p.F = spoil(p.F, times(-1), nil) },
		"F, scale in x": func(_ curved, p *hypergrad.Functions) { p.F = spoil(p.F, times(1.001), nil) },
		"F, one of x":   func(_ curved, p *hypergrad.Functions) { p.F = spoil(p.F, one, nil) },
		"F, none of x":  func(_ curved, p *hypergrad.Functions) { p.F = spoil(p.F, times(0), nil) },
		"F, scale in y": func(_ curved, p *hypergrad.Functions) { p.F = spoil(p.F, nil, times(2)) },
		"F, one of y":   func(_ curved, p *hypergrad.Functions) { p.F = spoil(p.F, nil, one) },
		"f, scale in x": func(_ curved, p *hypergrad.Functions) { p.Fol = spoil(p.Fol, times(2), nil) },
		"f, scale in y": func(_ curved, p *hypergrad.Functions) { p.Fol = spoil(p.Fol, nil, times(2)) },
		"f, scale of all": func(_ curved, p *hypergrad.Functions) {
			p.Fol = spoil(p.Fol, times(2), times(2))
			p.Hess, p.Mix = nil, nil
		},
		"Hess, scale": func(_ curved, p *hypergrad.Functions) { p.Hess = spoiled(p.Hess, times(1.001)) },
		"Hess, one":   func(_ curved, p *hypergrad.Functions) { p.Hess = spoiled(p.Hess, one) },
		"Hess, antisymmetric": func(k curved, p *hypergrad.Functions) {
			hess := p.Hess
			p.Hess = func(x, y, v, out []float64) {
				hess(x, y, v, out)
				out[0] += 0.01 * v[1] / (k.sy * k.sy)
				out[1] -= 0.01 * v[0] / (k.sy * k.sy)
			}
		},
		"Mix, sign":  func(_ curved, p *hypergrad.Functions) { p.Mix = spoiled(p.Mix, times(-1)) },
		"Mix, scale": func(_ curved, p *hypergrad.Functions) { p.Mix = spoiled(p.Mix, times(0.999)) },
		"Mix, one":   func(_ curved, p *hypergrad.Functions) { p.Mix = spoiled(p.Mix, one) },
		"Mix, transposed": func(k curved, p *hypergrad.Functions) {
			p.Mix = func(x, y, v, out []float64) {
				for i := range out {
					out[i] = 0
					for j := range v {
						out[i] += k.c(i, j) * math.Cos(x[j]/k.sx+float64(j)) * v[j] / k.sx / k.sy
					}
				}
			}
		},
	}
	for _, k := range []curved{{1, 1, 1}, {1e-5, 1, 1}, {1e5, 1, 1}, {1, 1e4, 1}, {1, 1e-3, 1}, {1, 1, 1e-9}, {1, 1, 1e9}, {1e3, 1e-3, 1e-6}} {
		x := []float64{0.3 * k.sx, -0.7 * k.sx, 0, 1.1 * k.sx}
		if c := check(k.problem(), x); !c.Passed {
			t.Errorf("%+v, all right: error %.2g, %v", k, c.Error, c.Oracles)
		}
		free := k.problem()
		free.Hess, free.Mix = nil, nil
		if c := check(free, x); !c.Passed {
			t.Errorf("%+v, without products: error %.2g, %v", k, c.Error, c.Oracles)
		}
		for name, by := range wrong {
			p := k.problem()
			by(k, p)
			c, err := hypergrad.CheckHypergradient(ctx, p, x, nil, hypergrad.CheckOptions{})
			if err != nil {
				continue // a follower that cannot be solved with this oracle is a finding, too
			}
			if c.Passed || len(c.Oracles) == 0 {
				t.Errorf("%+v, %s: passed %v, oracles %v", k, name, c.Passed, c.Oracles)
			}
		}
	}
}

// twisted changes what the other oracles of a problem answer.
type twisted struct {
	*tasks.Linear
	leader, follower, hessian, mixed, joint, matrix, forward float64
}

func (w twisted) LeaderBatch(b []int, x, y, gx, gy []float64) float64 {
	return w.leader * w.Linear.LeaderBatch(b, x, y, gx, gy)
}
func (w twisted) FollowerBatch(b []int, x, y, gx, gy []float64) float64 {
	value := w.Linear.FollowerBatch(b, x, y, gx, gy)
	if gy != nil {
		gy[1] *= w.follower
	}
	return value
}
func (w twisted) HessianBatch(b []int, x, y, v, hv []float64) {
	w.Linear.HessianBatch(b, x, y, v, hv)
	hv[0] *= w.hessian
}
func (w twisted) MixedBatch(b []int, x, y, v, cv []float64) {
	w.Linear.MixedBatch(b, x, y, v, cv)
	cv[0] *= w.mixed
}
func (w twisted) JointBatch(b []int, x, y, v, gy, hv, cv []float64) {
	w.Linear.JointBatch(b, x, y, v, gy, hv, cv)
	cv[0] *= w.mixed
	hv[0] *= w.hessian * w.joint
	gy[1] *= w.follower
}
func (w twisted) HessianMatrix(x, y, h []float64) bool {
	ok := w.Linear.HessianMatrix(x, y, h)
	h[1] *= w.matrix
	return ok
}
func (w twisted) MixedForward(x, y, u, cu []float64) {
	w.Linear.MixedForward(x, y, u, cu)
	cu[1] *= w.forward
}

// bent changes what the rows of a constrained follower answer.
type bent struct {
	*projection
	y, x, forward, hv, cv float64
}

func (b bent) AdjointRows(x, y, u, ay, bx []float64) {
	b.projection.AdjointRows(x, y, u, ay, bx)
	if ay != nil {
		ay[1] *= b.y
	}
	if bx != nil {
		bx[1] *= b.x
	}
}
func (b bent) ForwardRows(x, y, v, av []float64) {
	b.projection.ForwardRows(x, y, v, av)
	av[2] *= b.forward
}
func (b bent) LagrangianHessian(x, y, u, v, hv, cv []float64) {
	if hv != nil {
		hv[1] += b.hv * 2 * u[1] * v[1]
	}
	if cv != nil {
		cv[0] += b.cv
	}
}

// loose changes the products of a contraction.
type loose struct {
	contraction
	x, y float64
}

func (l loose) MapAdjoint(x, y, v, px, py []float64) {
	l.contraction.MapAdjoint(x, y, v, px, py)
	if px != nil {
		px[0] *= l.x
	}
	if py != nil {
		py[1] *= l.y
	}
}

// Batches, matrices, forward products, rows and maps are looked at, too: each is found by its name, and with factors of one all pass.
func TestCheckLooksAtOtherOracles(t *testing.T) {
	x := matrix.NewDense(40, 3)
	y := make([]float64, 40)
	for i := range y {
		y[i] = 1 - 2*float64(i%2)
		for j := range 3 {
			x.Row(i)[j] = math.Sin(float64(i*i+3*j+1)) + 0.5*y[i]
		}
	}
	linear, err := tasks.NewLinear(tasks.Data{X: x, Y: y}, tasks.Data{X: x, Y: y}, tasks.Logistic, tasks.LinearOptions{})
	if err != nil {
		t.Fatal(err)
	}
	all := func(k int, s float64) (f [7]float64) {
		for i := range f {
			f[i] = 1
		}
		if k >= 0 {
			f[k] = s
		}
		return f
	}
	twist := func(f [7]float64) hypergrad.Problem { return twisted{linear, f[0], f[1], f[2], f[3], f[4], f[5], f[6]} }
	bend := func(f [7]float64) hypergrad.Problem { return bent{newProjection(), f[0], f[1], f[2], f[3], f[4] - 1} }
	loosen := func(f [7]float64) hypergrad.Problem { return loose{x: f[0], y: f[1]} }
	for _, c := range []struct {
		name  string
		make  func([7]float64) hypergrad.Problem
		start []float64
		names []string
	}{
		{"linear", twist, []float64{-2, -1, 0}, []string{"LeaderBatch", "FollowerBatch", "HessianBatch", "MixedBatch", "JointBatch", "HessianMatrix", "MixedForward"}},
		{"rows", bend, []float64{-2, 3, 0.5}, []string{"AdjointRows along y", "AdjointRows along x", "ForwardRows", "LagrangianHessian in y", "LagrangianHessian in x"}},
		{"map", loosen, []float64{1, -0.5}, []string{"MapAdjoint along x", "MapAdjoint along y"}},
	} {
		got, err := hypergrad.CheckHypergradient(context.Background(), c.make(all(-1, 1)), c.start, nil, hypergrad.CheckOptions{})
		if err != nil || !got.Passed {
			t.Errorf("%s, all right: %+v, %v", c.name, got, err)
		}
		for k, name := range c.names {
			got, err := hypergrad.CheckHypergradient(context.Background(), c.make(all(k, 1.01)), c.start, nil, hypergrad.CheckOptions{})
			if err != nil {
				continue
			}
			if got.Passed || !slices.ContainsFunc(got.Oracles, func(s string) bool { return len(s) >= len(name) && s[:len(name)] == name }) {
				t.Errorf("%s: passed %v, %v", name, got.Passed, got.Oracles)
			}
		}
	}
}
