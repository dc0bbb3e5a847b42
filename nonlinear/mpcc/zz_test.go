package mpcc

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/gobilevel/bilevel/model/modfile"
	"github.com/gobilevel/bilevel/nonlinear/newton"
	"github.com/gobilevel/bilevel/verify/stationarity"
)

func TestZZ(t *testing.T) {
	d := "/work/shared/data/macmpec/"
	m, err := modfile.ReadFiles(d+"ralphmod.mod", d+"ralphmod.dat")
	if err != nil {
		t.Fatal(err)
	}
	p, _ := FromModel(m)
	s, _ := m.StartPoint()
	r, err := Solve(context.Background(), p, s, Options{Method: Scholtes, Solver: &newton.Solver{}})
	fmt.Println(r.Objective, err)
	j, _ := stationarity.New(p.base, p.pairs)
	for _, rad := range []float64{1e-3, 1e-1, 1, 10, 100} {
		for _, nodes := range []int{1, 10, 100} {
			b := time.Now()
			d, err := j.LPEC(context.Background(), r.X, stationarity.LPECOptions{Radius: rad, NodeLimit: nodes, Sufficient: 0.5})
			fmt.Println(rad, nodes, time.Since(b), d.Value, d.Bound, len(d.Choices), d.Nodes, d.Iterations, d.Message, err)
		}
	}
	fmt.Println(p.size())
}
