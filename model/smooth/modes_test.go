package smooth_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/expr"
	"github.com/gobilevel/bilevel/model/smooth"
)

// tolerance is how far two ways to a derivative may differ, relative to its size.
const tolerance = 1e-6

// modes compares the derivatives of a program with those found in two other ways: symbolic gradients, taken once and twice and evaluated
// node by node, and central differences along random directions, which see all entries at once and so find one that a pattern lacks.
type modes struct {
	t    *testing.T
	name string
	m    *model.Model
	p    *smooth.Compiled
	rng  *rand.Rand
	most int // functions, and variables of each, that are differentiated symbolically; the others are sampled

	sense          float64
	jac, hess      map[[2]int32]int
	compared, lost int // differences that were compared, and those too rough to tell
}

func newModes(t *testing.T, name string, m *model.Model, most int) *modes {
	t.Helper()
	p, err := smooth.Compile(m)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	k := &modes{t: t, name: name, m: m, p: p, rng: rand.New(rand.NewPCG(1, uint64(len(name)))), most: most, sense: m.Leader().Objective().Sense.Sign()}
	k.jac = places(t, name+": Jacobian", p.JacobianPattern)
	k.hess = places(t, name+": Hessian", p.HessianPattern)
	for at := range k.hess {
		if at[0] < at[1] {
			t.Errorf("%s: the Hessian's pattern has (%d, %d), above the diagonal", name, at[0], at[1])
		}
	}
	return k
}

// places indexes a pattern and checks that it is sorted and without repeats.
func places(t *testing.T, what string, pattern func() (rows, cols []int32)) map[[2]int32]int {
	rows, cols := pattern()
	at := make(map[[2]int32]int, len(rows))
	for k := range rows {
		if k > 0 && (rows[k] < rows[k-1] || rows[k] == rows[k-1] && cols[k] <= cols[k-1]) {
			t.Errorf("%s: entry %d is out of order", what, k)
		}
		at[[2]int32{rows[k], cols[k]}] = k
	}
	return at
}

// values are all that a program tells of a point.
type values struct {
	f, sigma                      float64
	g, c, jac, hess, lambda, dual []float64 // dual: the gradient of sigma f + λ'c
}

func (k *modes) at(x []float64, sigma float64, lambda []float64) *values {
	jr, jc := k.p.JacobianPattern()
	hr, _ := k.p.HessianPattern()
	v := &values{f: k.p.Objective(x), sigma: sigma, lambda: lambda, g: make([]float64, k.p.NumVars()), c: make([]float64, k.p.NumRows()),
		jac: make([]float64, len(jr)), hess: make([]float64, len(hr)), dual: make([]float64, k.p.NumVars())}
	k.p.Gradient(x, v.g)
	k.p.Rows(x, v.c)
	k.p.Jacobian(x, v.jac)
	k.p.Hessian(x, sigma, lambda, v.hess)
	for j := range v.dual {
		v.dual[j] = sigma * v.g[j]
	}
	for e := range jr {
		v.dual[jc[e]] += lambda[jr[e]] * v.jac[e]
	}
	return v
}

func (v *values) finite() bool {
	for _, list := range [][]float64{{v.f}, v.g, v.c, v.jac, v.hess} {
		for _, x := range list {
			if math.IsNaN(x) || math.IsInf(x, 0) {
				return false
			}
		}
	}
	return true
}

// point is a random point within the bounds at which everything is finite, ever closer to the start where that is hard to find. A point
// so near to a pole that second derivatives are ten thousand times those at the start is passed over: differences see nothing there.
func (k *modes) point() ([]float64, *values) {
	start, _ := k.m.StartPoint()
	lambda := make([]float64, k.m.NumRows())
	for r := range lambda {
		lambda[r] = k.rng.NormFloat64()
	}
	sigma := 0.5 + k.rng.Float64()
	lower, upper := k.p.Bounds()
	limit := math.Inf(1)
	if v := k.at(start, sigma, lambda); v.finite() {
		limit = 1e4 * (1 + largest(v.hess))
	}
	for radius := 1.0; radius > 1e-4; radius *= 0.8 {
		x := make([]float64, len(start))
		for j, s := range start {
			reach := radius * (1 + math.Abs(s))
			lo, hi := math.Max(lower[j], s-reach), math.Min(upper[j], s+reach)
			if lo > hi {
				lo, hi = s, s // a start outside the bounds
			}
			x[j] = lo + (hi-lo)*k.rng.Float64()
		}
		if v := k.at(x, sigma, lambda); v.finite() && largest(v.hess) < limit {
			return x, v
		}
	}
	return nil, nil
}

func (k *modes) check(points int) {
	for range points {
		x, v := k.point()
		if x == nil {
			k.t.Errorf("%s: no point found at which all functions are finite", k.name)
			return
		}
		k.values(x, v)
		k.symbolic(x, v)
		k.differences(x, v)
	}
	if k.lost > k.compared/4 {
		k.t.Errorf("%s: %d of %d differences were too rough to tell", k.name, k.lost, k.compared)
	}
}

// values compares functions with what the model says of them.
func (k *modes) values(x []float64, v *values) {
	if want := k.sense * k.m.ObjectiveValue(0, x); !near(v.f, want, 1e-12*(1+math.Abs(want))) {
		k.t.Errorf("%s: objective %v, the model says %v", k.name, v.f, want)
	}
	for r, got := range v.c {
		if want := k.m.RowValue(r, x); !near(got, want, 1e-9*(1+math.Abs(want))) {
			k.t.Errorf("%s: row %s is %v, the model says %v", k.name, k.m.RowName(r), got, want)
		}
	}
}

func near(a, b, slack float64) bool {
	return math.Abs(a-b) <= tolerance*math.Max(math.Abs(a), math.Abs(b))+slack
}

// sample returns up to k.most of list, in their order.
func sample[T any](k *modes, list []T) []T {
	if len(list) <= k.most {
		return list
	}
	out := make([]T, 0, k.most)
	for i, v := range list {
		if need := k.most - len(out); k.rng.IntN(len(list)-i) < need {
			out = append(out, v)
		}
	}
	return out
}

// symbolic compares with symbolic derivatives.
func (k *modes) symbolic(x []float64, v *values) {
	d := k.m.DAG()
	f := k.m.Node(k.m.Leader().Objective().F)
	vars := sample(k, d.Vars(f))
	for i, n := range d.Gradient(f, vars) {
		want := k.sense * d.Eval(n, x)
		if got := v.g[vars[i]]; !near(got, want, 1e-9*largest(v.g)) {
			k.t.Errorf("%s: the objective's derivative for %s is %v, symbolically %v", k.name, k.m.VarName(vars[i]), got, want)
		}
	}
	rows := make([]int, k.m.NumRows())
	lagrangian, weights := []expr.Node{f}, []float64{v.sigma * k.sense}
	for r := range rows {
		rows[r] = r
		lagrangian, weights = append(lagrangian, k.m.Node(k.m.RowFunction(r))), append(weights, v.lambda[r])
	}
	for _, r := range sample(k, rows) {
		vars := sample(k, d.Vars(lagrangian[r+1]))
		for i, n := range d.Gradient(lagrangian[r+1], vars) {
			k.entry("Jacobian", k.jac, v.jac, int32(r), int32(vars[i]), d.Eval(n, x))
		}
	}
	l := d.Linear(0, weights, lagrangian)
	vars = sample(k, d.Vars(l))
	for i, n := range d.Gradient(l, vars) {
		others := sample(k, d.Vars(n))
		for j, h := range d.Gradient(n, others) {
			a, b := int32(vars[i]), int32(others[j])
			k.entry("Hessian", k.hess, v.hess, max(a, b), min(a, b), d.Eval(h, x))
		}
	}
}

// entry compares an entry of a sparse matrix.
func (k *modes) entry(what string, at map[[2]int32]int, vals []float64, r, c int32, want float64) {
	place, ok := at[[2]int32{r, c}]
	if !ok {
		if want != 0 {
			k.t.Errorf("%s: %s (%d, %d) is %v, and not in the pattern", k.name, what, r, c, want)
		}
		return
	}
	if got := vals[place]; !near(got, want, 1e-11*largest(vals)) {
		k.t.Errorf("%s: %s (%d, %d) is %v, symbolically %v", k.name, what, r, c, got, want)
	}
}

func largest(list []float64) float64 {
	most := 0.0
	for _, v := range list {
		most = max(most, math.Abs(v))
	}
	return most
}

// differences compares f, c and the gradient of the Lagrangian along a random direction with their derivatives times the direction.
func (k *modes) differences(x []float64, v *values) {
	d := make([]float64, len(x))
	for j := range d {
		d[j] = (0.5 + k.rng.Float64()) * (1 + math.Abs(x[j]))
		if k.rng.IntN(2) == 0 {
			d[j] = -d[j]
		}
	}
	n, m := k.p.NumVars(), k.p.NumRows()
	want, size := make([]float64, 1+m+n), make([]float64, 1+m+n) // size: of the terms that were added
	add := func(i int, term float64) {
		want[i] += term
		size[i] += math.Abs(term)
	}
	for j := range n {
		add(0, v.g[j]*d[j])
	}
	rows, cols := k.p.JacobianPattern()
	for e := range rows {
		add(1+int(rows[e]), v.jac[e]*d[cols[e]])
	}
	rows, cols = k.p.HessianPattern()
	for e := range rows {
		add(1+m+int(rows[e]), v.hess[e]*d[cols[e]])
		if rows[e] != cols[e] {
			add(1+m+int(cols[e]), v.hess[e]*d[rows[e]])
		}
	}
	got, err := slope(func(s float64) []float64 {
		y := make([]float64, n)
		for j := range y {
			y[j] = x[j] + s*d[j]
		}
		u := k.at(y, v.sigma, v.lambda)
		return append(append([]float64{u.f}, u.c...), u.dual...)
	})
	for i := range want {
		k.compared++
		slack := tolerance * (size[i] + 1e-3)
		if !(err[i] <= slack) {
			k.lost++
			continue
		}
		if math.Abs(got[i]-want[i]) > slack {
			what := "the objective's derivative along a direction"
			switch {
			case i > m:
				what = "the Hessian times a direction at " + k.m.VarName(i-1-m)
			case i > 0:
				what = "the derivative of row " + k.m.RowName(i-1)
			}
			k.t.Errorf("%s: %s is %v, by differences %v ± %.1g", k.name, what, want[i], got[i], err[i])
		}
	}
}

// slope is the derivative of a vector function at 0 by Ridders' method: central differences with falling steps, extrapolated to 0. err
// is how far the last two extrapolations of each entry differ, +Inf where none is finite.
func slope(f func(s float64) []float64) (best, err []float64) {
	const levels, shrink = 9, 2.5
	var rows [][][]float64
	h := 0.02
	for i := range levels {
		up, down := f(h), f(-h)
		if best == nil {
			best, err = make([]float64, len(up)), make([]float64, len(up))
			for e := range err {
				err[e] = math.Inf(1)
			}
		}
		row := [][]float64{make([]float64, len(up))}
		for e := range up {
			row[0][e] = (up[e] - down[e]) / (2 * h)
		}
		factor := 1.0
		for j := 1; j <= i; j++ {
			factor *= shrink * shrink
			next := make([]float64, len(up))
			for e := range next {
				next[e] = (factor*row[j-1][e] - rows[i-1][j-1][e]) / (factor - 1)
				if d := max(math.Abs(next[e]-row[j-1][e]), math.Abs(next[e]-rows[i-1][j-1][e])); d < err[e] {
					best[e], err[e] = next[e], d
				}
			}
			row = append(row, next)
		}
		rows = append(rows, row)
		h /= shrink
	}
	return best, err
}
