package bilevel_test

import (
	"context"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/gobilevel/bilevel"
	"github.com/gobilevel/bilevel/reform/reformtest"
)

// randomNetwork draws a leader with whole numbers and a follower whose problem is a small network, or one that only packs; the leader's
// variables stand on the right-hand sides, at times in the costs.
func randomNetwork(r *rand.Rand) *reformtest.Instance {
	num := func(lo, hi int) float64 { return float64(lo + r.IntN(hi-lo+1)) }
	in := &reformtest.Instance{Players: make([]reformtest.Objective, 2)}
	n, nodes, arcs := 1+r.IntN(2), 1+r.IntN(2), 2+r.IntN(2)
	for range n {
		hi := 1
		if r.IntN(3) == 0 {
			hi = 2 + r.IntN(4)
		}
		in.Vars = append(in.Vars, reformtest.Variable{Hi: reformtest.Bound(hi), Integer: true})
	}
	for range arcs {
		v := reformtest.Variable{Owner: 1, Hi: reformtest.Bound(math.Inf(1))}
		if r.IntN(2) == 0 {
			v.Hi = reformtest.Bound(num(1, 6))
		}
		in.Vars = append(in.Vars, v)
	}
	add := func(a []float64, lo, hi float64) {
		in.Rows = append(in.Rows, reformtest.Row{Owner: 1, A: a, Lo: reformtest.Bound(lo), Hi: reformtest.Bound(hi)})
	}
	leaders := func(a []float64, often int) {
		for k := range n {
			if r.IntN(10) < often {
				a[k] = num(-4, 4)
			}
		}
	}
	packs := r.IntN(4) == 0
	node := make([][]float64, nodes)
	for i := range node {
		node[i] = make([]float64, n+arcs)
		leaders(node[i], 3)
	}
	for j := n; j < n+arcs; j++ {
		from, to := r.IntN(nodes+1), r.IntN(nodes+1)
		if packs {
			for i := range node {
				node[i][j] = num(0, 3)
			}
			continue
		}
		if from != to && from < nodes {
			node[from][j] = -1
		}
		if from != to && to < nodes {
			node[to][j] = 1
		}
	}
	for _, a := range node {
		scale := num(1, 2)
		if r.IntN(3) == 0 {
			scale = -scale
		}
		for j := range a {
			if !packs {
				a[j] *= scale
			}
		}
		switch kind := r.IntN(5); {
		case packs || kind == 0:
			add(a, math.Inf(-1), num(0, 6))
		case kind == 1:
			add(a, num(-4, 0), num(1, 4))
		default:
			v := num(-2, 2)
			add(a, v, v)
		}
	}
	for j := n; j < n+arcs; j++ {
		if r.IntN(2) == 0 {
			a := make([]float64, n+arcs)
			a[j] = num(1, 2)
			leaders(a, 6)
			add(a, math.Inf(-1), num(1, 6))
		}
	}
	for p := range in.Players {
		o := &in.Players[p]
		o.Max = r.IntN(2) == 0
		o.C = make([]float64, n+arcs)
		for j := range o.C {
			o.C[j] = num(-4, 4)
		}
	}
	for j := n; j < n+arcs; j++ {
		if r.IntN(5) == 0 {
			in.Players[1].Quad = append(in.Players[1].Quad, reformtest.Term{I: r.IntN(n), J: j, Coef: num(-2, 2)})
		}
	}
	if r.IntN(2) == 0 { // opposed interests
		in.Players[0].Max, in.Players[0].C = !in.Players[1].Max, append([]float64(nil), in.Players[1].C...)
		for k := range n {
			in.Players[0].C[k] = num(-2, 2)
		}
	}
	if r.IntN(2) == 0 {
		a := make([]float64, n+arcs)
		for k := range n {
			a[k] = 1
		}
		in.Rows = append(in.Rows, reformtest.Row{A: a, Lo: reformtest.Bound(math.Inf(-1)), Hi: reformtest.Bound(num(0, n))})
	}
	return in
}

// TestIntegerLeadersOnNetworks compares leaders who change capacities and supplies of networks with enumeration.
func TestIntegerLeadersOnNetworks(t *testing.T) {
	exact, solved, refusals := 0, 0, 0
	for seed := uint64(1); seed <= 700; seed++ {
		r := rand.New(rand.NewPCG(seed, 9))
		in := randomNetwork(r)
		want, err := in.Solve()
		if err != nil {
			continue
		}
		for _, opt := range []bilevel.Options{{}, {Reform: "strong-duality"}, {Reform: "kkt-strong", Backend: "branch"}, {Reform: "kkt-strong+probe+big-m", Backend: "highs", Threads: 1}} {
			ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
			got, err := bilevel.Solve(ctx, in.Model(), opt)
			cancel()
			if err != nil && refused(err) && opt.Reform == "strong-duality" {
				refusals++ // a product without a bound
				continue
			}
			if err != nil {
				t.Fatalf("seed %d: %v\n%v", seed, err, in)
			}
			if err := judge(in, want, got, opt.Backend == "highs"); err != nil {
				t.Errorf("seed %d, %+v: %v\n%v", seed, opt, err, in)
			}
			if opt.Reform == "" && strings.Contains(strings.Join(got.Notes, "\n"), "written exactly") {
				exact++
			}
		}
		solved++
	}
	t.Logf("%d instances, %d with exact products, %d not possible without pairs", solved, exact, refusals)
	if exact < 200 || refusals > solved/3 {
		t.Errorf("%d instances of %d have exact products", exact, solved)
	}
}
