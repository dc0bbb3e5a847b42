package stationarity

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// randomBox draws a linear program over the unit box with many ties; d = 0 is allowed.
func randomBox(r *rand.Rand, n, m int) *boxLP {
	lp := &boxLP{n: n, m: m, start: []int32{0}}
	for range n {
		c := float64(r.IntN(5) - 2)
		if r.IntN(3) == 0 {
			c = r.NormFloat64()
		}
		lp.cost = append(lp.cost, c)
		lp.lower, lp.upper = append(lp.lower, -float64(r.IntN(2))), append(lp.upper, float64(r.IntN(2)))
	}
	for range m {
		for j := range n {
			if r.IntN(4) == 0 {
				lp.index, lp.value = append(lp.index, int32(j)), append(lp.value, float64(1+r.IntN(2))*float64(2*r.IntN(2)-1)/2)
			}
		}
		lp.start = append(lp.start, int32(len(lp.index)))
		lo, hi := randomSides(r)
		lp.lower, lp.upper = append(lp.lower, lo), append(lp.upper, hi)
	}
	return lp
}

func randomSides(r *rand.Rand) (lo, hi float64) {
	switch r.IntN(4) {
	case 0:
		return 0, 0
	case 1:
		return 0, inf
	case 2:
		return -inf, r.Float64()
	}
	return -inf, inf
}

// TestOwnSolverAgainstHiGHS solves sequences of linear programs, whose bounds change, with both solvers.
func TestOwnSolverAgainstHiGHS(t *testing.T) {
	needHiGHS(t)
	infeasible := 0
	for seed := range uint64(60) {
		r := rand.New(rand.NewPCG(seed, 4))
		n, m := 3+r.IntN(40), r.IntN(50)
		a := randomBox(r, n, m)
		b := &boxLP{n: n, m: m, cost: a.cost, lower: slices.Clone(a.lower), upper: slices.Clone(a.upper), start: a.start, index: a.index, value: a.value}
		if err := a.open(solversOwn); err != nil {
			t.Fatal(err)
		}
		if err := b.open(solversHiGHS); err != nil {
			t.Fatal(err)
		}
		d, y, rest := make([]float64, n), make([]float64, m), make([]float64, n)
		for step := range 12 {
			sa, err := a.solver.solve(context.Background(), a, d, y)
			if err != nil {
				t.Fatal(err)
			}
			value, bound := dot(a.cost, d), a.bound(y, rest)
			for k := range a.lower {
				if v := quantityAlong(a, k, d); sa == boxOptimal && (v < a.lower[k]-1e-7 || v > a.upper[k]+1e-7) {
					t.Errorf("seed %d step %d: quantity %d at %v outside [%v, %v]", seed, step, k, v, a.lower[k], a.upper[k])
				}
			}
			sb, err := b.solver.solve(context.Background(), b, d, y)
			if err != nil {
				t.Fatal(err)
			}
			if sa != sb {
				t.Fatalf("seed %d step %d: status %v, HiGHS %v", seed, step, sa, sb)
			}
			if sa == boxInfeasible {
				infeasible++
			} else if want := dot(a.cost, d); math.Abs(value-want) > 1e-6 || bound < want-1e-6 || bound > want+1e-6 {
				t.Fatalf("seed %d step %d: value %v, bound %v, HiGHS %v", seed, step, value, bound, want)
			}
			for range 1 + r.IntN(3) {
				k := r.IntN(n + m)
				lo, hi := 0.0, 0.0
				switch {
				case k >= n:
					lo, hi = randomSides(r)
					if r.IntN(3) == 0 {
						lo, hi = 0.25, inf
					}
				case r.IntN(2) == 0:
					lo, hi = -1, 1
				case r.IntN(3) == 0:
					lo, hi = 0.5, 1
				}
				a.set(k, lo, hi)
				b.set(k, lo, hi)
			}
		}
		a.solver.close()
		b.solver.close()
	}
	if infeasible < 10 {
		t.Errorf("only %d infeasible programs", infeasible)
	}
}

func quantityAlong(lp *boxLP, k int, d []float64) float64 {
	if k < lp.n {
		return d[k]
	}
	return lp.along(k-lp.n, d)
}

func TestOwnSolverRefusesLargePrograms(t *testing.T) {
	lp := &boxLP{n: 3000, m: 3000, cost: make([]float64, 3000), lower: make([]float64, 6000), upper: make([]float64, 6000), start: make([]int32, 3001)}
	var size *SizeError
	if err := lp.open(solversOwn); !errors.As(err, &size) {
		t.Errorf("error %v", err)
	}
}

// TestLeastSquaresOptimality checks the conditions of Karush, Kuhn and Tucker, which are sufficient, on problems with dependent columns.
func TestLeastSquaresOptimality(t *testing.T) {
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 5))
		rows, cols := 1+r.IntN(12), 1+r.IntN(16)
		s := newBoundedLeastSquares(rows, cols)
		signs := make([]sign, cols)
		for j := range cols {
			signs[j] = sign(r.IntN(4))
			for i := range rows {
				if r.IntN(2) == 0 {
					s.column(j)[i] = small(r)
				}
			}
			if j > 0 && r.IntN(4) == 0 { // a copy, or a multiple that points the other way
				f := small(r)
				for i := range rows {
					s.column(j)[i] = f * s.column(r.IntN(j))[i]
				}
			}
		}
		for i := range s.b {
			s.b[i] = r.NormFloat64()
		}
		if !s.solve(context.Background(), signs) {
			t.Fatal("stopped")
		}
		rest := slices.Clone(s.b)
		for j, w := range s.w {
			for i, v := range s.column(j) {
				rest[i] -= w * v
			}
		}
		for j, w := range s.w {
			slope := dot(s.column(j), rest)
			wrong := false
			switch signs[j] {
			case free:
				wrong = math.Abs(slope) > 1e-9
			case nonNegative:
				wrong = w < 0 || slope > 1e-9 || w > 0 && slope < -1e-9
			case nonPositive:
				wrong = w > 0 || slope < -1e-9 || w < 0 && slope > 1e-9
			case zero:
				wrong = w != 0
			}
			if wrong {
				t.Errorf("seed %d: column %d with sign %d has w = %g and slope %g", seed, j, signs[j], w, slope)
			}
		}
		for i := range rest {
			if math.Abs(rest[i]-s.residual[i]) > 1e-12 {
				t.Errorf("seed %d: residual %g, by the columns %g", seed, s.residual[i], rest[i])
			}
		}
	}
}

// TestIndependenceOfGradients compares the measure with what it is by construction: a gradient that differs by delta from a combination of
// others.
func TestIndependenceOfGradients(t *testing.T) {
	for _, c := range []struct {
		delta float64
		want  Verdict
	}{{1, Yes}, {1e-3, Yes}, {1e-7, Undecided}, {1e-10, No}, {0, No}} {
		for seed := range uint64(20) {
			r := rand.New(rand.NewPCG(seed, 6))
			n := 6 + r.IntN(20)
			p := &affine{c: make([]float64, n), lo: make([]float64, n), hi: make([]float64, n)}
			for j := range n {
				p.lo[j], p.hi[j] = -inf, inf
			}
			sum := make([]float64, n)
			for range 4 {
				row := make([]float64, n)
				for j := range n - 1 {
					if r.IntN(3) > 0 {
						row[j] = r.NormFloat64()
					}
					sum[j] += row[j]
				}
				p.a, p.b, p.rlo, p.rhi = append(p.a, row), append(p.b, 0), append(p.rlo, 0), append(p.rhi, 0)
			}
			size := math.Sqrt(dot(sum, sum))
			sum[n-1] = c.delta * size
			p.a, p.b, p.rlo, p.rhi = append(p.a, sum), append(p.b, 0), append(p.rlo, 0), append(p.rhi, inf)
			rep, err := Classify(context.Background(), p.pattern(), nil, make([]float64, n), Options{})
			if err != nil {
				t.Fatal(err)
			}
			if rep.LICQ != c.want {
				t.Errorf("delta %g, seed %d: LICQ %v, independence %g", c.delta, seed, rep.LICQ, rep.Independence)
			}
		}
	}
}
