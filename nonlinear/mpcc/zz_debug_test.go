package mpcc

import (
	"context"
	"fmt"
	"math"
	"os"
	"testing"
	"math/rand/v2"

	"github.com/gobilevel/bilevel/backends/ipopt"
	"github.com/gobilevel/bilevel/model/modfile"
)

func TestZZ(t *testing.T) {
	d := "/work/shared/data/macmpec/"
	m, err := modfile.ReadFiles(d+os.Getenv("MOD"), d+os.Getenv("DAT"))
	if err != nil {
		t.Fatal(err)
	}
	p, err := FromModel(m)
	if err != nil {
		t.Fatal(err)
	}
	opt, _ := Options{Solver: ipopt.NewSolver()}.filled()
	ctx, cancel := context.WithCancel(context.Background())
	r := &run{p: p, opt: opt, ctx: ctx, cancel: cancel, rng: rand.New(rand.NewPCG(1, 2))}
	x, _ := m.StartPoint()
	it := r.follow(Scholtes, 1, r.begins(x))
	v, c := p.Residual(it.z[:p.NumVars()])
	fmt.Println("end", it.t, it.reason, v, c, it.answer.Violation)
	for k, s := range p.sides {
		g, h := p.slack(s[0], it.z), p.slack(s[1], it.z)
		if math.Max(g, h) < 1e-2 {
			fmt.Printf("%d G %.2e H %.2e before %.2e %.2e nu %.2e %.2e\n", k, g, h, p.slack(s[0], it.before), p.slack(s[1], it.before), it.nu[k][0], it.nu[k][1])
		}
	}
}
