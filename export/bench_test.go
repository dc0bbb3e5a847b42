package export_test

import (
	"io"
	"testing"

	"github.com/gobilevel/bilevel/export"
	"github.com/gobilevel/bilevel/model"
)

// large is a model of n variables and n constraints with five nonzeros each.
func large(n int) *model.Model {
	m := model.New("large")
	m.AddVars(0, "x", nil, n, model.Continuous, 0, 10)
	m.StartRows(0, "r", nil, n)
	for r := range n {
		idx, coefs := m.FillRow(r, 5, 1, model.Inf)
		for k := range idx {
			idx[k], coefs[k] = int32((r*n/7+k*n/5)%n), 0.1*float64(1+(r+k)%1000)
		}
	}
	f := m.Accumulator()
	for j := range n {
		f.AddTerm(float64(1+j%17), j)
	}
	m.Leader().SetObjective(model.Objective{F: f.Function()})
	return m
}

// counter counts what it is given.
type counter struct{ n int64 }

func (c *counter) Write(p []byte) (int, error) { c.n += int64(len(p)); return len(p), nil }

func benchmark(b *testing.B, write func(io.Writer, *model.Model, ...export.Options) error) {
	m := large(1_000_000)
	b.ReportAllocs()
	for b.Loop() {
		var c counter
		if err := write(&c, m); err != nil {
			b.Fatal(err)
		}
		b.SetBytes(c.n)
	}
}

func BenchmarkLP(b *testing.B)  { benchmark(b, export.WriteLP) }
func BenchmarkMPS(b *testing.B) { benchmark(b, export.WriteMPS) }
