package mstationary
import ("testing";"context";"time";"math";"github.com/gobilevel/bilevel/nonlinear/mpcc";"github.com/gobilevel/bilevel/backends/ipopt";"github.com/gobilevel/bilevel/model/smooth")
func TestPolishMeasure(t *testing.T) {
	for _, solver := range []smooth.Solver{ipopt.NewSolver()} {
	relax, pol, both, strong, better, worse := 0,0,0,0,0,0
	its := 0
	list := instances(t, 220)
	for _, in := range list {
		pr, err := mpcc.New(in.prog, in.pairs)
		if err != nil { t.Fatal(err) }
		r, err := mpcc.Solve(context.Background(), pr, in.start, mpcc.Options{Method: mpcc.Scholtes, Solver: solver, NoPolish: true, Effort: -1, TimeLimit: 6*time.Second})
		if err != nil { t.Fatal(err) }
		s := Start{X: r.X, Rows: r.Rows, Lower: r.Lower, Upper: r.Upper, Pairs: r.Pairs}
		q, err := Solve(context.Background(), in.prog.Clone(), in.pairs, s, Options{TimeLimit: 6*time.Second})
		if err != nil { t.Fatal(err) }
		if r.Feasible() && in.reached(r.Objective) { relax++ }
		if q.Solved() { pol++; its += q.Iterations; if in.reached(q.Objective) { both++ }; if q.Class == ClassS { strong++ } }
		if q.Solved() && q.Objective < r.Objective - 1e-5*(1+math.Abs(r.Objective)) {better++}
		if q.Solved() && r.Feasible() && q.Objective > r.Objective + 1e-5*(1+math.Abs(r.Objective)) {worse++}
		if !q.Solved() || !in.reached(q.Objective) || !r.Feasible() {
		t.Logf("%-14s scholtes %v %.6g (%v) viol %.1e | polished %v %v %.6g it %d %+v left %d target %g  %s", in.id, r.Status, r.Objective, r.Label, r.Violation, q.Status, q.Class, q.Objective, q.Iterations, q.Steps, len(q.Left), in.target, q.Message) }
	}
	t.Logf("%s: %d; scholtes at target %d; polished stationary %d (S %d, mean its %.1f), at target %d; better %d worse %d", solver.Name(), len(list), relax, pol, strong, float64(its)/float64(pol), both, better, worse)
	}
}
