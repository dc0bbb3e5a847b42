package diagnose

import (
	"context"
	"math"
	"math/rand/v2"

	"github.com/gobilevel/bilevel/backends/highs"
	"github.com/gobilevel/bilevel/model"
)

// testFollowers solves each follower at sampled decisions of the leader and keeps the first at which it is infeasible and the first at which it is
// unbounded. x is a point of the relaxation, or nil.
func (d *diagnosis) testFollowers(ctx context.Context, r *relaxation, x []float64) error {
	if d.m.NumFollowers() == 0 || d.opt.Decisions < 0 {
		return nil
	}
	ctx, cancel := d.part(ctx)
	defer cancel()
	decisions := d.decisions(ctx, r, x)
	d.starts = decisions
	problems := d.m.FollowerProblems()
	for p := 1; p < d.m.NumPlayers(); p++ {
		t := FollowerTest{Player: p, Name: d.m.Player(p).Name()}
		for _, z := range decisions {
			if ctx.Err() != nil {
				d.unfinished("followers from %s on were not tested at all decisions", t.Name)
				return nil
			}
			done, err := d.testFollower(ctx, problems, p, z, &t)
			if err != nil {
				if ctx.Err() != nil {
					continue // which says so
				}
				return err
			}
			if !done || len(d.class.Followers[p-1].Linking) == 0 {
				break // it is not linear, or the same at every decision
			}
		}
		if t.Tried > 0 {
			d.report.Followers = append(d.report.Followers, t)
		}
	}
	return nil
}

// testFollower solves the problem of follower p at z. It reports false where that is not a linear one.
func (d *diagnosis) testFollower(ctx context.Context, problems *model.FollowerProblems, p int, z []float64, t *FollowerTest) (bool, error) {
	f, err := problems.At(p, z)
	if err != nil {
		return false, nil
	}
	r, err := relax(f.Model)
	if err != nil || len(r.omitted) > 0 {
		return false, err
	}
	v, _, err := r.feasibility(ctx, false)
	integral := false
	if v == feasible && err == nil && r.integral() {
		v, _, err = r.feasibility(ctx, true)
		integral = v == infeasible
	}
	if err != nil || v == undecided {
		return true, err
	}
	t.Tried++
	at := func() *Decision {
		return &Decision{X: z, Entries: entries(d.m, z, d.class.Followers[p-1].Linking)}
	}
	if v == infeasible {
		if t.Infeasible++; t.InfeasibleAt == nil {
			t.InfeasibleAt = at()
			t.InfeasibleAt.Conflict, err = r.conflict(ctx, OfFollower, integral,
				func(i int, upper bool) Member { return rowMember(d.m, int(f.Rows[i]), upper) },
				func(j int, upper bool) Member { return boundMember(d.m, int(f.Vars[j]), upper) })
		}
		return true, err
	}
	if !r.linear {
		return true, nil
	}
	direction, err := r.ray(ctx)
	if direction == nil || err != nil {
		return true, err
	}
	if t.Unbounded++; t.UnboundedAt == nil {
		full := make([]float64, d.m.NumVars())
		f.Extend(full, direction)
		t.UnboundedAt = at()
		t.UnboundedAt.Ray = &Ray{Player: p, Direction: full, Entries: entries(d.m, full, nonzeros(full)), Rate: r.rate(direction), Stays: model.No,
			Grounds: "the follower has no optimal answer at this decision"}
	}
	return true, nil
}

// reach is how far decisions are sampled from the start in a direction without bound.
const reach = 100

// decisions samples decisions of the leader that satisfy its own constraints (those without followers' variables): the start, the point of the
// relaxation, extreme ones in the direction of each linking variable and in random directions, and points between them. Where the leader's own
// constraints cannot be satisfied there are none but the start.
func (d *diagnosis) decisions(ctx context.Context, r *relaxation, x []float64) [][]float64 {
	m := d.m
	start, _ := m.StartPoint()
	a := d.leaderArrays(r, start)
	var out [][]float64
	seen := map[string]bool{}
	linking := d.linking()
	add := func(z []float64) {
		key := ""
		for _, j := range linking {
			key += number(z[j]) + " "
		}
		if !seen[key] && len(out) < d.opt.Decisions {
			seen[key] = true
			out = append(out, z)
		}
	}
	if within(a, start) {
		add(start)
	}
	if x != nil {
		add(d.ofLeader(x, start))
	}
	extreme := func(cost func(k int) float64) {
		if ctx.Err() != nil || len(out) >= d.opt.Decisions {
			return
		}
		b := *a
		b.Cost = make([]float64, m.NumVars())
		for k, j := range linking {
			b.Cost[j] = cost(k)
		}
		if s, err := highs.Solve(ctx, &b, highs.SolveOptions{Threads: 1}, nil); err == nil && s.X != nil && s.Feasible {
			add(d.ofLeader(s.X, start))
		}
	}
	// A third of the decisions goes to single variables, so that random directions and points between have their share.
	for k := range min(len(linking), max(1, d.opt.Decisions/3)) {
		for _, sign := range []float64{-1, 1} {
			extreme(func(i int) float64 {
				if i == k {
					return sign
				}
				return 0
			})
		}
	}
	random := rand.New(rand.NewPCG(d.opt.Seed, 5))
	for range d.opt.Decisions {
		if len(linking) < 2 {
			break
		}
		extreme(func(int) float64 { return random.Float64()*2 - 1 })
		if 4*len(out) >= 3*d.opt.Decisions {
			break
		}
	}
	if n := len(out); n > 1 && !r.integral() {
		for range d.opt.Decisions {
			p, q, t := out[random.IntN(n)], out[random.IntN(n)], random.Float64()
			z := append([]float64(nil), p...)
			for j := range z {
				z[j] += t * (q[j] - p[j])
			}
			add(z)
		}
	}
	return out
}

// linking lists the leader's variables in followers' problems.
func (d *diagnosis) linking() []int {
	in := make([]bool, d.m.NumVars())
	for _, f := range d.class.Followers {
		for _, j := range f.Linking {
			in[j] = true
		}
	}
	var out []int
	for j, b := range in {
		if b {
			out = append(out, j)
		}
	}
	return out
}

// ofLeader is the leader's part of x, with the rest as at the start.
func (d *diagnosis) ofLeader(x, start []float64) []float64 {
	z := append([]float64(nil), start...)
	for j := range z {
		if d.m.VarOwner(j) == 0 {
			z[j] = x[j]
			if d.m.VarKind(j) != model.Continuous {
				z[j] = math.Round(z[j])
			}
		}
	}
	return z
}

// leaderArrays is the relaxation with the leader's constraints that hold no follower's variable or price, the leader's variables within reach, and the
// others fixed at the start.
func (d *diagnosis) leaderArrays(r *relaxation, start []float64) *highs.Arrays {
	a := *r.a
	a.Maximize = false
	a.Cost = make([]float64, len(a.Cost))
	a.RowLower, a.RowUpper = append([]float64(nil), a.RowLower...), append([]float64(nil), a.RowUpper...)
	a.ColLower, a.ColUpper = append([]float64(nil), a.ColLower...), append([]float64(nil), a.ColUpper...)
	for i := range a.RowLower {
		own := d.m.RowOwner(i) == 0
		for k := a.Start[i]; own && k < a.Start[i+1]; k++ {
			own = d.m.VarOwner(int(a.Index[k])) == 0 && !r.price[a.Index[k]]
		}
		if !own {
			a.RowLower[i], a.RowUpper[i] = math.Inf(-1), math.Inf(1)
		}
	}
	for j := range a.ColLower {
		if d.m.VarOwner(j) != 0 {
			a.ColLower[j], a.ColUpper[j] = start[j], start[j]
			continue
		}
		a.ColLower[j] = math.Max(a.ColLower[j], start[j]-reach)
		a.ColUpper[j] = math.Min(a.ColUpper[j], start[j]+reach)
	}
	return &a
}

// within reports whether a point satisfies the rows of the arrays.
func within(a *highs.Arrays, x []float64) bool {
	for i := range a.RowLower {
		v, size := 0.0, 1.0
		for k := a.Start[i]; k < a.Start[i+1]; k++ {
			t := a.Value[k] * x[a.Index[k]]
			v += t
			size = math.Max(size, math.Abs(t))
		}
		if v < a.RowLower[i]-1e-9*size || v > a.RowUpper[i]+1e-9*size {
			return false
		}
	}
	return true
}
