package bilevel_test

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gobilevel/bilevel"
	"github.com/gobilevel/bilevel/backends"
	"github.com/gobilevel/bilevel/reform"
	"github.com/gobilevel/bilevel/reform/reformtest"
	"github.com/gobilevel/bilevel/verify"
)

// opposed draws a problem of one or two followers who lose what the leader gains, up to a factor: with leader's variables in the costs and
// on right-hand sides, ranges, equations, bounds of all kinds; the followers' problems may be infeasible or without limit for some decisions of the leader or all.
func opposed(r *rand.Rand) *reformtest.Instance {
	num := func(lo, hi int) float64 { return float64(lo + r.IntN(hi-lo+1)) }
	inf := reformtest.Bound(math.Inf(1))
	in := &reformtest.Instance{}
	leaders, followers := 1+r.IntN(2), 1+r.IntN(2)
	for range leaders {
		v := reformtest.Variable{Hi: 1, Integer: r.IntN(4) > 0}
		if r.IntN(3) == 0 {
			v.Lo, v.Hi = reformtest.Bound(num(-2, 0)), reformtest.Bound(num(1, 3))
		}
		in.Vars = append(in.Vars, v)
	}
	for f := range followers {
		for range 1 + r.IntN(3-followers+1) {
			v := reformtest.Variable{Owner: f + 1, Hi: inf}
			switch r.IntN(6) {
			case 0:
				v.Lo = -inf
			case 1:
				v.Lo, v.Hi = -inf, reformtest.Bound(num(-2, 4))
			case 2, 3:
				v.Lo = reformtest.Bound(num(-3, 1))
				v.Hi = v.Lo + reformtest.Bound(num(0, 5))
			}
			in.Vars = append(in.Vars, v)
		}
	}
	n := len(in.Vars)
	in.Players = make([]reformtest.Objective, followers+1)
	in.Players[0].C = make([]float64, n)
	in.Players[0].Max = r.IntN(2) == 0
	for k := range leaders {
		in.Players[0].C[k] = num(-2, 2)
	}
	for p := 1; p <= followers; p++ {
		o := &in.Players[p]
		o.C, o.Max = make([]float64, n), r.IntN(2) == 0
		κ := []float64{0.5, 1, 1, 1, 2}[r.IntN(5)]
		if followers == 2 && r.IntN(4) == 0 {
			κ = 0
		}
		if o.Max == in.Players[0].Max {
			κ = -κ
		}
		for j, v := range in.Vars {
			if v.Owner == p {
				o.C[j] = num(-3, 3)
				in.Players[0].C[j] = κ * o.C[j]
				if k := r.IntN(leaders); r.IntN(3) == 0 {
					q := reformtest.Term{I: k, J: j, Coef: num(-2, 2)}
					o.Quad = append(o.Quad, q)
					q.Coef *= κ
					if q.Coef != 0 {
						in.Players[0].Quad = append(in.Players[0].Quad, q)
					}
				}
			} else if v.Owner == 0 {
				o.C[j] = num(-1, 1) // of no effect
			}
		}
		o.Quad = slices.DeleteFunc(o.Quad, func(q reformtest.Term) bool { return q.Coef == 0 })
		packs := r.IntN(2) == 0
		for range 1 + r.IntN(3) {
			a := make([]float64, n)
			any := false
			for j, v := range in.Vars {
				switch {
				case v.Owner == p && packs:
					a[j] = num(0, 3)
				case v.Owner == p:
					a[j] = num(-1, 1)
				case v.Owner == 0 && r.IntN(2) == 0:
					a[j] = num(-2, 2)
				}
				any = any || v.Owner == p && a[j] != 0
			}
			row := reformtest.Row{Owner: p, A: a, Lo: -inf, Hi: reformtest.Bound(num(-1, 6))}
			if !packs {
				switch r.IntN(4) {
				case 0:
					row.Lo, row.Hi = reformtest.Bound(num(-3, 3)), inf
				case 1:
					row.Lo = row.Hi
				case 2:
					row.Lo = row.Hi - reformtest.Bound(num(1, 4))
				}
			}
			if any {
				in.Rows = append(in.Rows, row)
			}
		}
	}
	return in
}

// TestOpposedInterests compares leaders whose gain is the followers' loss with enumeration, in the planner's way, by name, and in the way through pairs.
func TestOpposedInterests(t *testing.T) {
	tally := map[string]int{}
	for seed := uint64(1); seed <= 900; seed++ {
		in := opposed(rand.New(rand.NewPCG(seed, 21)))
		want, err := in.Solve()
		if err != nil {
			tally["too large"]++
			continue
		}
		if want.Answer == reformtest.Optimal {
			tally[lifted(t, seed, in, want)]++
		}
		for _, opt := range []bilevel.Options{{}, {Reform: "dualise"}, {Reform: "dualise", Backend: "branch"}, {Reform: "kkt-strong"}} {
			ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
			got, err := bilevel.Solve(ctx, in.Model(), opt)
			cancel()
			if err != nil && refused(err) {
				tally["refused "+opt.Reform]++
				continue
			}
			if err != nil {
				t.Fatalf("seed %d: %v\n%v", seed, err, in)
			}
			if err := judge(in, want, got, opt.Backend == ""); err != nil {
				t.Errorf("seed %d, %+v: %v\n%v", seed, opt, err, in)
			}
			if slices.Contains(got.Plan, "dualise") {
				tally[want.Answer.String()]++
				notes := strings.Join(got.Notes, "\n")
				if strings.Contains(notes, "written exactly") {
					tally["exact products"]++
				}
				if strings.Contains(notes, "are left out") {
					tally["without primal constraints"]++
				} else {
					tally["with primal constraints"]++
				}
				if got.Proof < bilevel.ProofGlobal {
					tally["no proof of "+want.Answer.String()]++
				}
			}
		}
	}
	t.Log(tally)
	for what, least := range map[string]int{"optimal": 600, "infeasible": 300, "exact products": 300, "lifted": 150, "without primal constraints": 200, "with primal constraints": 200} {
		if tally[what] < least {
			t.Errorf("%s: %d times, want at least %d", what, tally[what], least)
		}
	}
	if n := tally["no proof of optimal"] + tally["no proof of infeasible"]; n > 5 {
		t.Errorf("%d answers of the dual problems have no proof", n)
	}
}

// lifted sends an optimal point with multipliers to the dual problems: there it must be feasible, with the leader's objective, unless its multipliers are
// not among those whose bounds are used; and the leader's decision must come back. It says what became of it.
func lifted(t *testing.T, seed uint64, in *reformtest.Instance, want *reformtest.Outcome) string {
	m := in.Model()
	c := reform.NewChain(m)
	err := c.Apply(context.Background(), reform.Dualise{})
	var no *reform.NotAcceptedError
	if errors.As(err, &no) {
		return "not lifted: " + no.Pass
	}
	if err != nil {
		t.Fatalf("seed %d: %v", seed, err)
	}
	p := in.Point(want, m)
	q, err := c.Lift(p)
	if err != nil {
		return "not lifted: multipliers"
	}
	if v, where := reformtest.Residual(c.Model(), q.X); v > 1e-6 {
		t.Errorf("seed %d: the lifted point violates %s by %v\n%v%v", seed, where, v, in, q.X)
	}
	if a, b := m.ObjectiveValue(0, p.X), c.Model().ObjectiveValue(0, q.X); math.Abs(a-b) > 1e-6*math.Max(1, math.Abs(a)) {
		t.Errorf("seed %d: the objective becomes %v, was %v\n%v", seed, b, a, in)
	}
	back, err := c.Recover(q)
	if err != nil {
		t.Fatalf("seed %d: %v", seed, err)
	}
	for j, v := range in.Vars {
		if v.Owner == 0 && back.X[j] != p.X[j] {
			t.Errorf("seed %d: x%d comes back as %v, was %v", seed, j, back.X[j], p.X[j])
		}
	}
	return "lifted"
}

// TestOpposedInterestsOnAGrid: followers with a convex quadratic loss, and leaders who set prices continuously, for whom no enumeration is
// at hand. No decision on a grid, answered by the followers, may be better than what is claimed to be the optimum; where all decisions are whole
// numbers, one must be as good.
func TestOpposedInterestsOnAGrid(t *testing.T) {
	tally := map[string]int{}
	backend, err := backends.Open("highs")
	if err != nil {
		t.Skip(err)
	}
	for seed := uint64(1); seed <= 700; seed++ {
		r := rand.New(rand.NewPCG(seed, 22))
		in := opposed(r)
		whole, curved := curve(in, r), false
		for _, o := range in.Players[1:] {
			for _, q := range o.Quad {
				curved = curved || in.Vars[q.I].Owner > 0
			}
		}
		if whole && !curved {
			continue // TestOpposedInterests has these
		}
		m := in.Model()
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		got, err := bilevel.Solve(ctx, m, bilevel.Options{Reform: "dualise"})
		cancel()
		if err != nil && refused(err) {
			tally["refused"]++
			continue
		}
		if err != nil {
			t.Fatalf("seed %d: %v\n%v", seed, err, in)
		}
		best, any := math.Inf(1), false
		eachDecision(in, func(x []float64) {
			vo := verify.Options{Backend: backend, SkipSpread: true}
			p, err := verify.Respond(context.Background(), m, x, vo) // any optimal answer is as good for the leader as another
			if err != nil {
				return
			}
			if c, err := verify.Check(context.Background(), m, p.X, vo); err == nil && c.Verified {
				best, any = math.Min(best, m.Leader().Objective().Sense.Sign()*c.Objective), true
			}
		})
		value := m.Leader().Objective().Sense.Sign() * got.Objective
		slack := 1e-5 * math.Max(1, math.Abs(best))
		switch {
		case got.Status == bilevel.StatusOptimal && got.Proof == bilevel.ProofGlobal && got.Certificate.Verified:
			if tally["optimal"]++; best < value-slack || whole && best > value+slack {
				t.Errorf("seed %d: %v is claimed, the grid has %v\n%v%v", seed, value, best, in, got.Point.X)
			}
		case got.Status == bilevel.StatusInfeasible && got.Proof == bilevel.ProofInfeasible:
			if tally["infeasible"]++; any {
				t.Errorf("seed %d: infeasible is claimed, the grid has %v\n%v", seed, best, in)
			}
		case got.Backend == "builtin": // a dual problem that is no convex program: a local solver has it, and claims no more
			tally["local"]++
			if got.Proof != bilevel.ProofLocal && got.Proof != bilevel.ProofFeasible && got.Proof != bilevel.ProofNone || got.Point != nil && whole && value < best-slack {
				t.Errorf("seed %d: %v, proof %v, objective %v by a local solver; the grid has %v\n%v", seed, got.Status, got.Proof, got.Objective, best, in)
			}
		default:
			t.Errorf("seed %d: %v, proof %v, objective %v, bound %v, backend %v, notes %q; the grid has %v\n%v", seed, got.Status, got.Proof, got.Objective, got.Bound, got.Backend, got.Notes, best, in)
		}
		if curved {
			tally["curved"]++
		}
		if !whole {
			tally["continuous"]++
		}
	}
	t.Log(tally)
	if tally["optimal"] < 100 || tally["local"] > 20 || tally["infeasible"] < 10 || tally["curved"] < 80 || tally["continuous"] < 50 {
		t.Errorf("only %v", tally)
	}
}

// curve gives the followers a convex quadratic part, at times, which the leader gains from with the factor of the rest. It reports
// whether the leader's decisions are whole numbers.
func curve(in *reformtest.Instance, r *rand.Rand) bool {
	whole := true
	for _, v := range in.Vars {
		whole = whole && (v.Owner > 0 || v.Integer)
	}
	for _, row := range in.Rows { // continuous decisions on right-hand sides are refused
		for j, v := range in.Vars {
			if v.Owner == 0 && !v.Integer {
				row.A[j] = 0
			}
		}
	}
	for p := 1; p < len(in.Players); p++ {
		κ := math.NaN() // the factor
		for j, v := range in.Vars {
			if c := in.Players[p].C[j]; v.Owner == p && c != 0 {
				κ = in.Players[0].C[j] / c
			}
		}
		if math.IsNaN(κ) || r.IntN(3) == 0 {
			continue
		}
		sign := 1.0
		if in.Players[p].Max {
			sign = -1
		}
		add := func(i, j int, c float64) {
			in.Players[p].Quad = append(in.Players[p].Quad, reformtest.Term{I: i, J: j, Coef: sign * c})
			if κ != 0 {
				in.Players[0].Quad = append(in.Players[0].Quad, reformtest.Term{I: i, J: j, Coef: κ * sign * c})
			}
		}
		last := -1
		for j, v := range in.Vars {
			if v.Owner != p || r.IntN(4) == 0 {
				continue
			}
			add(j, j, 1)
			if last >= 0 && r.IntN(2) == 0 {
				add(last, j, 1)
			}
			last = j
		}
	}
	return whole
}

// eachDecision visits all whole-numbered decisions of the leader, and continuous ones in steps.
func eachDecision(in *reformtest.Instance, visit func(x []float64)) {
	x := make([]float64, len(in.Vars))
	var try func(j int)
	try = func(j int) {
		if j == len(x) || in.Vars[j].Owner > 0 {
			visit(slices.Clone(x))
			return
		}
		step := 1.0
		if !in.Vars[j].Integer {
			step = float64(in.Vars[j].Hi-in.Vars[j].Lo) / 6
		}
		for v := float64(in.Vars[j].Lo); v <= float64(in.Vars[j].Hi)+1e-9; v += step {
			x[j] = v
			try(j + 1)
		}
	}
	try(0)
}
