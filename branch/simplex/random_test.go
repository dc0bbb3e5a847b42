//go:build cgo && !nohighs

package simplex

import (
	"context"
	"math"
	"math/rand"
	"testing"

	"github.com/gobilevel/bilevel/backends/highs"
)

// pick is a bound among few values, so that there are ties; infinite in one case of four.
func pick(r *rand.Rand) (lo, hi float64) {
	lo = float64(r.Intn(5) - 3)
	hi = lo + float64(r.Intn(6))
	switch r.Intn(8) {
	case 0:
		lo = math.Inf(-1)
	case 1:
		hi = math.Inf(1)
	case 2:
		lo, hi = math.Inf(-1), math.Inf(1)
	case 3:
		hi = lo
	}
	return lo, hi
}

// row is a sparse row of small whole numbers.
func row(r *rand.Rand, n int) (index []int32, value []float64) {
	for j := range n {
		if r.Intn(3) == 0 {
			index, value = append(index, int32(j)), append(value, float64(1+r.Intn(4))*float64(1-2*r.Intn(2)))
		}
	}
	return index, value
}

// twins are the same program here and in HiGHS.
type twins struct {
	t    *testing.T
	r    *rand.Rand
	n, m int
	own  *LP
	far  *highs.LP
}

func newTwins(t *testing.T, r *rand.Rand) *twins {
	w := &twins{t: t, r: r, n: 2 + r.Intn(12), m: 1 + r.Intn(10)}
	a := &highs.Arrays{Offset: float64(r.Intn(3)), Start: []int32{0}}
	for range w.n {
		lo, hi := pick(r)
		c := 0.0
		if r.Intn(3) > 0 {
			c = float64(r.Intn(7) - 3)
		}
		a.Cost, a.ColLower, a.ColUpper = append(a.Cost, c), append(a.ColLower, lo), append(a.ColUpper, hi)
	}
	for range w.m {
		lo, hi := pick(r)
		index, value := row(r, w.n)
		a.RowLower, a.RowUpper = append(a.RowLower, lo), append(a.RowUpper, hi)
		a.Index, a.Value = append(a.Index, index...), append(a.Value, value...)
		a.Start = append(a.Start, int32(len(a.Index)))
	}
	w.own = New(a.Cost, a.Offset, a.ColLower, a.ColUpper, a.RowLower, a.RowUpper, a.Start, a.Index, a.Value)
	var err error
	if w.far, err = highs.NewLP(a, highs.LPOptions{}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.far.Close() })
	return w
}

// change makes one random change to both.
func (w *twins) change() {
	r := w.r
	must := func(err error) {
		if err != nil {
			w.t.Fatal(err)
		}
	}
	switch r.Intn(9) {
	case 0, 1, 2:
		j := r.Intn(w.n)
		lo, hi := pick(r)
		w.own.SetBounds(j, lo, hi)
		must(w.far.ChangeColBounds([]int32{int32(j)}, []float64{lo}, []float64{hi}))
	case 3, 4:
		if w.m == 0 {
			return
		}
		i := r.Intn(w.m)
		lo, hi := pick(r)
		w.own.SetBounds(w.n+i, lo, hi)
		must(w.far.ChangeRowBounds([]int32{int32(i)}, []float64{lo}, []float64{hi}))
	case 5:
		j, c := r.Intn(w.n), float64(r.Intn(7)-3)
		w.own.SetCost(j, c)
		must(w.far.ChangeCosts([]int32{int32(j)}, []float64{c}))
	case 6:
		lo, hi := pick(r)
		index, value := row(r, w.n)
		w.own.AddRow(lo, hi, index, value)
		must(w.far.AddRows([]float64{lo}, []float64{hi}, []int32{0, int32(len(index))}, index, value))
		w.m++
	case 7:
		if w.m < 2 {
			return
		}
		i := int32(r.Intn(w.m))
		w.own.DeleteRows([]int32{i})
		must(w.far.DeleteRows([]int32{i}))
		w.m--
	case 8:
		if w.m == 0 {
			return
		}
		i, j, v := r.Intn(w.m), r.Intn(w.n), float64(r.Intn(5)-2)
		w.own.SetCoefficient(i, j, v)
		must(w.far.ChangeCoefficient(i, j, v))
	}
}

// compare solves both and returns the status of ours.
func (w *twins) compare() Status {
	st := w.own.Solve(0)
	far, err := w.far.SolveRobust(context.Background())
	if err != nil {
		w.t.Fatal(err)
	}
	switch st {
	case Optimal:
		if far != highs.Optimal {
			w.t.Fatalf("optimal here with %v, %v there", w.own.Objective(), far)
		}
		if a, b := w.own.Objective(), w.far.Objective(); math.Abs(a-b) > 1e-7*math.Max(1, math.Abs(b)) {
			w.t.Fatalf("value %v here, %v there", a, b)
		}
		w.holds()
	case Infeasible:
		if far != highs.Infeasible && far != highs.InfeasibleOrUnbounded {
			w.t.Fatalf("infeasible here, %v there", far)
		}
	}
	return st
}

// holds checks the point of an optimum against the program, and its duals against the value.
func (w *twins) holds() {
	x, v, y, d := make([]float64, w.n), make([]float64, w.m), make([]float64, w.m), make([]float64, w.n)
	w.own.Primal(x)
	w.own.Activity(v)
	w.own.Duals(y)
	w.own.ReducedCosts(d)
	cost, offset, lo, hi, start, index, value := w.own.Arrays()
	within := func(q int, v float64) {
		if tol := 1e-7; q < w.n && (v < lo[q] || v > hi[q]) || v < lo[q]-tol || v > hi[q]+tol {
			w.t.Fatalf("quantity %d is %v, outside [%v, %v]", q, v, lo[q], hi[q])
		}
	}
	objective, bound := offset, offset
	term := func(q int, p float64) {
		at := lo[q]
		if p < 0 {
			at = hi[q]
		}
		if math.Abs(p) > 1e-9 {
			bound += p * at
		}
	}
	for j, c := range cost {
		within(j, x[j])
		objective += c * x[j]
		term(j, d[j])
		for i := range w.m {
			for k := start[i]; k < start[i+1]; k++ {
				if int(index[k]) == j {
					c -= y[i] * value[k]
				}
			}
		}
		if math.Abs(c-d[j]) > 1e-8 {
			w.t.Fatalf("reduced cost %v of column %d, %v by the duals", d[j], j, c)
		}
	}
	for i := range w.m {
		sum := 0.0
		for k := start[i]; k < start[i+1]; k++ {
			sum += value[k] * x[index[k]]
		}
		if math.Abs(sum-v[i]) > 1e-9 {
			w.t.Fatalf("row %d is %v, said to be %v", i, sum, v[i])
		}
		within(w.n+i, v[i])
		term(w.n+i, y[i])
	}
	if math.Abs(objective-w.own.Objective()) > 1e-8 || math.Abs(objective-bound) > 1e-6 {
		w.t.Fatalf("value %v, said to be %v, bound of the duals %v", objective, w.own.Objective(), bound)
	}
}

func TestSameAnswersAsHighs(t *testing.T) {
	count := map[Status]int{}
	for seed := range int64(150) {
		w := newTwins(t, rand.New(rand.NewSource(seed)))
		count[w.compare()]++
		for range 40 {
			for range 1 + w.r.Intn(3) {
				w.change()
			}
			st := w.compare()
			count[st]++
			if st == Unknown {
				if far, _ := w.far.Solve(context.Background()); far == highs.Optimal || far == highs.Infeasible {
					count[99]++
				}
			}
		}
		w.far.Close()
	}
	t.Log(count)
	if count[Optimal] < 1200 || count[Infeasible] < 1200 || count[99] > 20 {
		t.Errorf("outcomes %v: too few answers", count)
	}
}
