package bench_test

import (
	"context"
	"testing"

	"github.com/gobilevel/bilevel/backends/highs"
	"github.com/gobilevel/bilevel/bench"
	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/reform"
)

// size is the number of variables and constraints of the benchmarks' problems.
const size = 100_000

// per reports the time of one benchmark iteration for each of n things.
func per(b *testing.B, n int, thing string) {
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/"+thing)
}

// BenchmarkDot builds constraints by Dot, a family at a time: the quickest way that the language in Go has.
func BenchmarkDot(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if err := bench.Plain(size).Err(); err != nil {
			b.Fatal(err)
		}
	}
	per(b, size, "constraint")
}

// BenchmarkSum builds the same kind of constraint by Times and Sum, as one writes a short one by hand.
func BenchmarkSum(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		m := model.New("sum")
		x := m.Leader().Vars("x", size, 0, model.Inf)
		m.Leader().ConstrainEach("need", size-bench.PerRow, func(i int) model.Relation {
			return model.Sum(x[i].Times(2), x[i+1].Times(3), x[i+2].Times(1.5), x[i+3].Times(-1), x[i+4].Times(7)).GE(float64(i % 10))
		})
		if err := m.Err(); err != nil {
			b.Fatal(err)
		}
	}
	per(b, size, "constraint")
}

// BenchmarkFillRow writes constraints as passes do.
func BenchmarkFillRow(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		m := model.New("fill")
		m.AddVars(0, "x", nil, size, model.Continuous, 0, model.Inf)
		first := m.StartRows(0, "need", nil, size)
		for r := range size {
			vars, coefs := m.FillRow(first+r, bench.PerRow, 1, model.Inf)
			for k := range vars {
				vars[k], coefs[k] = int32(k*size/bench.PerRow), 1
			}
		}
	}
	per(b, size, "constraint")
}

// BenchmarkKKT reformulates a follower with 5 nonzeros in each of its constraints.
func BenchmarkKKT(b *testing.B) {
	m := bench.Bilevel(size)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := (reform.KKT{}).Apply(context.Background(), m); err != nil {
			b.Fatal(err)
		}
	}
	per(b, m.NumNonzeros(), "nonzero")
}

// BenchmarkLower lowers a linear program to the solver's arrays.
func BenchmarkLower(b *testing.B) {
	m := bench.Plain(size)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := highs.Lower(m); err != nil {
			b.Fatal(err)
		}
	}
	per(b, m.NumNonzeros(), "nonzero")
}

// BenchmarkDerive starts a pass on a linear program.
func BenchmarkDerive(b *testing.B) {
	m := bench.Plain(size)
	b.ReportAllocs()
	for b.Loop() {
		m.Derive()
	}
	per(b, size, "constraint")
}
