package bilevel_test

import (
	"context"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gobilevel/bilevel"
	"github.com/gobilevel/bilevel/backends/highs"
	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/reform/reformtest"
)

// editor changes an instance and its model alike.
type editor struct {
	r       *rand.Rand
	in      *reformtest.Instance
	m       *model.Model
	s       *bilevel.Session
	history []string
	undo    []func() // edits that take earlier ones back
}

// TestRandomEdits solves random instances again and again in a session while bounds, right-hand sides, coefficients and objectives change and
// constraints are added, and compares each answer with enumeration and with a solve from nothing. BILEVEL_PROPERTY and BILEVEL_SEED
// make a long run elsewhere.
func TestRandomEdits(t *testing.T) {
	n, first := fromEnv(countVar, 120), fromEnv(seedVar, 1)
	if testing.Short() {
		n = min(n, 40)
	}
	tally := map[string]int{}
	for seed := first; seed < first+n; seed++ {
		in, traits := reformtest.Random(uint64(seed))
		m := in.Model()
		e := &editor{r: rand.New(rand.NewPCG(uint64(seed), 3)), in: in, m: m, s: bilevel.NewSession(m)}
		for step := range 8 {
			if step > 0 {
				e.edit(t)
			}
			if err := e.compare(tally); err != nil {
				t.Errorf("seed %d (%v), after the edits\n  %s\n%v\n%v", seed, traits, strings.Join(e.history, "\n  "), err, e.in)
				break
			}
		}
	}
	for _, k := range slices.Sorted(maps.Keys(tally)) {
		t.Logf("%6d %s", tally[k], k)
	}
	if all := tally["solves"]; tally["settled without a search"] < all/20 || tally["started"] < all/10 || tally["none"] > all/200 {
		t.Errorf("of %d solves %d were settled and %d started from earlier ones, %d have no proof", all, tally["settled without a search"], tally["started"], tally["none"])
	}
	if open := highs.OpenInstances(); open != 0 {
		t.Errorf("%d instances of HiGHS were left open", open)
	}
}

// compare solves the model in the session and from nothing.
func (e *editor) compare(tally map[string]int) error {
	want, err := e.in.Solve()
	if err != nil {
		tally["not enumerated"]++
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	r, err := e.s.Solve(ctx)
	if err != nil {
		if refused(err) {
			tally["refused"]++
			return nil
		}
		return err
	}
	tally["solves"]++
	tally[r.Proof.String()]++
	reuse := e.s.Reuse()
	if reuse.Settled {
		tally["settled without a search"]++
	}
	if !math.IsNaN(reuse.Start) {
		tally["started"]++
	}
	if !math.IsNaN(reuse.Bound) && want.Answer == reformtest.Optimal {
		if d := reuse.Bound - want.Value; (d > 0) != e.in.Players[0].Max && math.Abs(d) > 2e-6*math.Max(1, math.Abs(want.Value)) {
			return fmt.Errorf("the bound %v of earlier solves excludes the optimum %v", reuse.Bound, want.Value)
		}
	}
	cold, err := bilevel.Solve(ctx, e.m)
	if err != nil {
		return fmt.Errorf("cold: %w", err)
	}
	if none := r.Proof == bilevel.ProofNone && cold.Proof == bilevel.ProofNone; none {
		return nil // what the search cannot decide is not the session's; the test counts it
	}
	if err := judge(e.in, want, r, false); err != nil {
		return fmt.Errorf("warm (%+v): %w", reuse, err)
	}
	if cold.Status != r.Status || cold.Proof != r.Proof || r.Point != nil && math.Abs(cold.Objective-r.Objective) > 2e-6*math.Max(1, math.Abs(cold.Objective)) {
		return fmt.Errorf("cold: %v (%v) %v; warm (%+v): %v (%v) %v, %q", cold.Status, cold.Proof, cold.Objective, reuse, r.Status, r.Proof, r.Objective, r.Notes)
	}
	return nil
}

// edit makes a random change, or takes one back.
func (e *editor) edit(t *testing.T) {
	t.Helper()
	if n := len(e.undo); n > 0 && e.r.IntN(4) == 0 {
		e.undo[n-1]()
		e.undo = e.undo[:n-1]
		e.history = append(e.history, "the last edit is taken back")
		return
	}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	switch e.r.IntN(7) {
	case 0, 1:
		j := e.r.IntN(len(e.in.Vars))
		if e.r.IntN(3) > 0 { // more often one of the leader's, which come first
			j = 0
		}
		v := &e.in.Vars[j]
		was := [2]reformtest.Bound{v.Lo, v.Hi}
		lo, hi := e.bounds(v.Lo, v.Hi)
		if v.Integer && math.IsInf(float64(hi-lo), 0) {
			return
		}
		set := func(lo, hi reformtest.Bound) {
			v.Lo, v.Hi = lo, hi
			must(e.m.Var(j).SetBounds(float64(lo), float64(hi)))
		}
		set(lo, hi)
		e.did(func() { set(was[0], was[1]) }, "x%d in [%v, %v]", j, lo, hi)
	case 2:
		r := e.r.IntN(len(e.in.Rows))
		was := [2]reformtest.Bound{e.in.Rows[r].Lo, e.in.Rows[r].Hi}
		set := func(lo, hi reformtest.Bound) {
			e.in.Rows[r].Lo, e.in.Rows[r].Hi = lo, hi // a pointer would not follow rows that are added
			must(e.m.Row(r).SetBounds(float64(lo), float64(hi)))
		}
		if was[0] == was[1] {
			b := was[0] + reformtest.Bound(e.r.IntN(5)-2)
			e.in.Rows[r].Lo, e.in.Rows[r].Hi = b, b
			must(e.m.Row(r).SetRHS(float64(b)))
		} else {
			set(e.bounds(was[0], was[1]))
		}
		e.did(func() { set(was[0], was[1]) }, "r%d in [%v, %v]", r, e.in.Rows[r].Lo, e.in.Rows[r].Hi)
	case 3:
		r := e.r.IntN(len(e.in.Rows))
		for j, a := range e.in.Rows[r].A {
			if a != 0 {
				set := func(c float64) {
					e.in.Rows[r].A[j] = c
					must(e.m.Row(r).SetCoef(e.m.Var(j), c))
				}
				c := float64(e.r.IntN(7) - 3)
				set(c)
				e.did(func() { set(a) }, "r%d: %v x%d", r, c, j)
				return
			}
		}
	case 4, 5:
		p := 0
		if e.r.IntN(3) == 0 {
			p = e.r.IntN(len(e.in.Players))
		}
		o := &e.in.Players[p]
		if len(o.C) == 0 || o.None {
			return
		}
		j := e.r.IntN(len(o.C))
		if p > 0 && e.in.Vars[j].Owner != p {
			return
		}
		was := o.C[j]
		set := func(c float64) {
			o.C[j] = c
			must(e.m.Player(p).SetObjectiveCoef(e.m.Var(j), c))
		}
		set(was + float64(e.r.IntN(5)-2)/2)
		e.did(func() { set(was) }, "player %d: objective coefficient %v of x%d", p, o.C[j], j)
	case 6:
		if len(e.in.Rows) > 6 {
			return
		}
		e.constrain()
	}
}

// constrain adds a constraint to the leader's problem or to a follower's.
func (e *editor) constrain() {
	p := 0
	if e.r.IntN(3) == 0 {
		p = e.r.IntN(len(e.in.Players))
	}
	row := reformtest.Row{Owner: p, A: make([]float64, len(e.in.Vars)), Lo: reformtest.Bound(math.Inf(-1)), Hi: reformtest.Bound(e.r.IntN(9))}
	vars := make([]model.Var, len(e.in.Vars))
	for j, v := range e.in.Vars {
		vars[j] = e.m.Var(j)
		if v.Owner == p || p == 0 && e.in.Price == nil {
			row.A[j] = float64(e.r.IntN(4) - 1)
		}
	}
	r := len(e.in.Rows)
	e.in.Rows = append(e.in.Rows, row)
	added := e.m.Player(p).Constrain(fmt.Sprintf("r%d", r), model.Dot(row.A, vars).LE(float64(row.Hi)))
	e.did(func() {
		e.in.Rows[r].Hi = reformtest.Bound(math.Inf(1))
		if err := added.Drop(); err != nil {
			panic(err)
		}
	}, "player %d: r%d, %v <= %v", p, r, row.A, row.Hi)
}

// bounds moves one of two bounds by a little.
func (e *editor) bounds(lo, hi reformtest.Bound) (reformtest.Bound, reformtest.Bound) {
	step := reformtest.Bound(1+e.r.IntN(2)) * reformtest.Bound(1-2*e.r.IntN(2))
	switch {
	case math.IsInf(float64(lo), -1) && math.IsInf(float64(hi), 1):
		return lo, hi
	case math.IsInf(float64(hi), 1), !math.IsInf(float64(lo), -1) && e.r.IntN(2) == 0:
		return min(lo+step, hi), hi
	}
	return lo, max(hi+step, lo)
}

func (e *editor) did(undo func(), format string, args ...any) {
	e.history = append(e.history, fmt.Sprintf(format, args...))
	e.undo = append(e.undo, undo)
}
