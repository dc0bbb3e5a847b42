package family

import (
	"context"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/gobilevel/bilevel"
	"github.com/gobilevel/bilevel/bench/program"
	"github.com/gobilevel/bilevel/model"
)

// solved is the proven optimum that the library finds.
func solved(t *testing.T, m *model.Model) *bilevel.Result {
	t.Helper()
	r, err := bilevel.Solve(context.Background(), m, bilevel.Options{Gap: 1e-7, TimeLimit: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	if r.Status != bilevel.StatusOptimal || r.Proof != bilevel.ProofGlobal || !r.Certificate.Verified {
		t.Fatalf("%s: %v, proof %v, %s", m.Name, r.Status, r.Proof, r.Certificate)
	}
	return r
}

// direct is the optimum of a mixed-integer program by the command line of HiGHS.
func direct(t *testing.T, m *model.Model) float64 {
	t.Helper()
	if !program.HiGHS.Installed() {
		t.Skip("highs is not installed")
	}
	a, err := program.HiGHS.Solve(context.Background(), m, program.Options{Limit: time.Minute, Gap: 1e-7})
	if err != nil {
		t.Fatal(err)
	}
	if a.Status != program.Optimal {
		t.Fatalf("%s: %v\n%s", m.Name, a.Status, a.Output)
	}
	return a.Value
}

// revenue is what tolls bring when each commodity takes a cheapest way and, among those, the one that pays most.
func (p *pricing) revenue(toll []float64) float64 {
	const same = 1e-6
	sum := 0.0
	for k := range p.from {
		cost, paid := make([]float64, p.nodes), make([]float64, p.nodes)
		for v := range cost {
			cost[v] = math.Inf(1)
		}
		cost[p.from[k]] = 0
		for range p.nodes {
			for a, e := range p.arcs {
				t := 0.0
				if i := p.place[a]; i >= 0 {
					t = toll[i]
				}
				c, pay := cost[e.from]+p.cost[a]+t, paid[e.from]+t
				if c < cost[e.to]-same || c < cost[e.to]+same && pay > paid[e.to]+same {
					cost[e.to], paid[e.to] = c, pay
				}
			}
		}
		sum += p.demand[k] * paid[p.to[k]]
	}
	return sum
}

// TestPricingData: the tolled arcs are a fifth, no commodity needs them, and some would use them.
func TestPricingData(t *testing.T) {
	for _, size := range [][3]int{{3, 3, 3}, {5, 5, 5}, {8, 8, 10}, {10, 10, 20}} {
		for _, seed := range Seeds {
			p := drawPricing(size[0], size[1], size[2], seed)
			if want := 2 * (size[0]*(size[1]-1) + size[1]*(size[0]-1)); len(p.arcs) != want || len(p.tolled) != want/5 {
				t.Errorf("%v seed %d: %d arcs, %d tolled; want %d and a fifth", size, seed, len(p.arcs), len(p.tolled), want)
			}
			if size[0] > 3 && p.highest <= 0 {
				t.Errorf("%v seed %d: nobody would pay", size, seed)
			}
			for k, room := range p.room {
				if p.from[k] == p.to[k] || math.IsInf(room, 1) || room < 0 || room > p.highest {
					t.Errorf("%v seed %d: commodity %d from %d to %d, room %g", size, seed, k, p.from[k], p.to[k], room)
				}
			}
		}
	}
}

// TestPricing compares with the direct program, with cheapest ways at the tolls found, and with other tolls, none of which may bring more.
func TestPricing(t *testing.T) {
	for _, size := range [][3]int{{2, 3, 2}, {3, 3, 3}, {3, 4, 4}} {
		for _, seed := range Seeds[:4] {
			p := drawPricing(size[0], size[1], size[2], seed)
			r := solved(t, Pricing(size[0], size[1], size[2], seed))
			if want := direct(t, PricingMILP(size[0], size[1], size[2], seed)); math.Abs(r.Objective-want) > 1e-5*max(1, want) {
				t.Errorf("%v seed %d: %g, the direct program has %g", size, seed, r.Objective, want)
			}
			tolls := r.Point.X[:len(p.tolled)] // the leader's variables come first
			if got := p.revenue(tolls); math.Abs(got-r.Objective) > 1e-4*max(1, got) {
				t.Errorf("%v seed %d: cheapest ways bring %g, the objective is %g", size, seed, got, r.Objective)
			}
			draw := NewRandom(seed)
			other := make([]float64, len(tolls))
			for range 300 {
				for i := range other {
					other[i] = p.highest * draw.Uniform()
				}
				if got := p.revenue(other); got > r.Objective*(1+1e-5)+1e-5 {
					t.Fatalf("%v seed %d: tolls %g bring %g, more than %g", size, seed, other, got, r.Objective)
				}
			}
		}
	}
}

// longest is the best of all attacks on at most budget arcs from the first one on, by enumeration.
func (p *interdict) longest(length []float64, first, budget int) float64 {
	best := distances(p.nodes, p.arcs, func(a int) float64 { return length[a] }, p.source)[p.sink]
	if budget == 0 {
		return best
	}
	for a := first; a < p.attackable; a++ {
		length[a] += p.delay[a]
		best = max(best, p.longest(length, a+1, budget-1))
		length[a] -= p.delay[a]
	}
	return best
}

// TestInterdict compares with all attacks, and the direct program with them.
func TestInterdict(t *testing.T) {
	for _, size := range [][3]int{{2, 3, 1}, {3, 3, 2}, {3, 4, 3}, {4, 4, 2}} {
		for _, seed := range Seeds[:4] {
			p := drawInterdict(size[0], size[1], seed)
			want := p.longest(slices.Clone(p.length), 0, size[2])
			if r := solved(t, Interdict(size[0], size[1], size[2], seed)); math.Abs(r.Objective-want) > 1e-6*want {
				t.Errorf("%v seed %d: %g, all attacks give %g", size, seed, r.Objective, want)
			}
			if got := direct(t, InterdictMILP(size[0], size[1], size[2], seed)); math.Abs(got-want) > 1e-6*want {
				t.Errorf("%v seed %d: the direct program has %g, all attacks give %g", size, seed, got, want)
			}
		}
	}
}

// TestNetworkNumbers pins the draws to those of a program in another language.
func TestNetworkNumbers(t *testing.T) {
	p := drawPricing(5, 5, 5, 1234)
	for _, c := range []struct {
		what      string
		got, want []int
	}{
		{"origins", p.from, []int{21, 7, 12, 6, 8}},
		{"destinations", p.to, []int{19, 15, 7, 7, 21}},
		{"tolled arcs", p.tolled, []int{0, 1, 34, 44, 49, 51, 56, 57, 58, 61, 66, 67, 76, 77, 78, 79}},
	} {
		if !slices.Equal(c.got, c.want) {
			t.Errorf("PRICING: %s %v, want %v", c.what, c.got, c.want)
		}
	}
	if !slices.Equal(p.demand, []float64{84, 80, 16, 40, 90}) || !slices.Equal(p.cost[:3], []float64{15. / 2, 13. / 2, 5}) {
		t.Errorf("PRICING: demands %g, first costs %g", p.demand, p.cost[:3])
	}
	// The first three uniform numbers are 0.7307, 0.5929 and 0.2021.
	q := drawInterdict(5, 5, 1234)
	if q.length[0] != 8 || q.delay[0] != 6 || q.length[1] != 3 || len(q.arcs) != 20+40+10 {
		t.Errorf("INTERDICT: first length %g, delay %g, second length %g, %d arcs; want 8, 6, 3 and 70", q.length[0], q.delay[0], q.length[1], len(q.arcs))
	}
}
