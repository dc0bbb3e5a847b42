package mpcc

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"testing"
	"time"

	"github.com/gobilevel/bilevel/backends/ipopt"
	"github.com/gobilevel/bilevel/model/modfile"
	"github.com/gobilevel/bilevel/model/smooth"
)

func TestYY(t *testing.T) {
	d := "/work/shared/data/macmpec/"
	m, err := modfile.ReadFiles(d+os.Getenv("MOD"), d+os.Getenv("DAT"))
	if err != nil {
		t.Fatal(err)
	}
	p, err := FromModel(m)
	if err != nil {
		t.Fatal(err)
	}
	opt, _ := Options{Solver: ipopt.NewSolver(), TimeLimit: 30 * time.Second}.filled()
	for _, t0 := range []float64{100, 1} {
		ctx, cancel := context.WithTimeout(context.Background(), 25*time.Second)
		r := &run{p: p, opt: opt, ctx: ctx, cancel: cancel, rng: rand.New(rand.NewPCG(1, 2))}
		x, _ := m.StartPoint()
		prog := p.reformulate(Scholtes, t0, 0)
		b := time.Now()
		a, err := opt.Solver.Solve(ctx, prog, smooth.Start{X: r.begins(x)}, smooth.Options{Tolerance: 1e-4, Progress: func(it smooth.Iterate) bool {
			if it.Iteration%10 == 0 {
				fmt.Printf("%d obj %.3e viol %.1e res %.1e mu %.1e step %.1e rest %v %v\n", it.Iteration, it.Objective, it.Violation, it.Residual, it.Mu, it.Step, it.Restoration, it.Elapsed)
			}
			return true
		}})
		if err != nil {
			t.Fatal(err)
		}
		fmt.Println(t0, a.Status, a.Iterations, a.Objective, time.Since(b), a.Message)
		cancel()
	}
}
