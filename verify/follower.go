package verify

import (
	"context"
	"fmt"
	"math"

	"github.com/gobilevel/bilevel/backends"
	"github.com/gobilevel/bilevel/model"
)

// solveFollowers solves each follower's problem again and writes what it finds. An error is one of the model only.
func (c *checker) solveFollowers(ctx context.Context) error {
	for p := 1; p < c.m.NumPlayers(); p++ {
		t, err := c.newTask(p)
		if err != nil {
			return err
		}
		c.tasks[p] = t
		c.cert.Followers = append(c.cert.Followers, c.checkFollower(ctx, p, t))
	}
	return nil
}

func (c *checker) checkFollower(ctx context.Context, p int, t *task) FollowerCheck {
	f := FollowerCheck{Name: c.m.Player(p).Name(), Objective: c.m.ObjectiveValue(p, c.given), BestResponse: math.NaN(), Bound: math.NaN(), Gap: math.NaN(),
		Violation: c.byFollower[p].raw, Worst: c.byFollower[p].name}
	y := t.fp.Restrict(c.x)
	f.Status, f.Method, f.Sentence = c.solve(ctx, t, y)
	if t.y == nil {
		f.Sentence = "follower " + f.Name + ": " + f.Sentence
		if moved := t.movedWords(); moved != "" {
			f.Sentence += " (" + moved + ")"
		}
		return f
	}
	t.weigh()
	f.Evidence, f.Starts, f.Grounds = t.evidence, t.starts, t.grounds()
	f.BestResponse = t.sign * t.phi
	if !math.IsInf(t.bound, 0) {
		f.Bound = t.sign * t.bound
	}
	cost, low := t.costAt(y), math.Min(t.bound, t.phi)
	// Between the bound and the answer found, the point is as good as the solver's answer: the gap that is not excluded is to the bound.
	// Below the bound it is better than any feasible answer. The bound is the measure too: an answer of any size may come from the solver.
	if t.evidence == EvidenceSearch || t.evidence == EvidenceConditions {
		low = t.phi // nothing bounds the least cost: the gap is to the best answer found
	}
	unit := math.Max(t.terms, math.Abs(low))
	f.Gap = (cost - low) / unit
	if math.IsInf(low, -1) && !math.IsNaN(cost) {
		f.Gap = math.Inf(1)
	}
	switch {
	case math.IsNaN(f.Gap):
		f.Sentence = fmt.Sprintf("follower %s: the objective at the point is %s", f.Name, num(f.Objective))
	case math.IsInf(f.Gap, 1):
		f.Sentence = fmt.Sprintf("follower %s: objective %s; no multipliers confirm that the best response is %s, as the solver says", f.Name,
			num(f.Objective), num(f.BestResponse))
	case f.Gap < -c.opt.Tolerance:
		f.Sentence = fmt.Sprintf("follower %s: objective %s is better than the best response %s, relative gap %s, which takes a violation of its constraints", f.Name,
			num(f.Objective), num(f.BestResponse), num(f.Gap))
	case f.Gap > c.opt.Tolerance && cost-t.phi <= c.opt.Tolerance*unit:
		f.Sentence = fmt.Sprintf("follower %s: objective %s, as the solver's best response, of which only the bound %s is proven, relative gap %s", f.Name,
			num(f.Objective), num(f.Bound), num(f.Gap))
	default:
		f.Sentence = fmt.Sprintf("follower %s: objective %s, best response %s, relative gap %s", f.Name, num(f.Objective), num(f.BestResponse), num(f.Gap))
	}
	if f.Grounds != "" && !math.IsNaN(f.Gap) {
		f.Sentence += " (" + f.Grounds + ")"
	}
	if f.Moved = t.movedWords(); f.Moved != "" {
		f.Sentence += " (" + f.Moved + ")"
	}
	return f
}

// weigh says what the answer of a task rests on, where its solution has not.
func (t *task) weigh() {
	switch {
	case t.evidence != EvidenceNone || math.IsInf(t.bound, -1) || math.IsNaN(t.bound):
	case t.continuous() || t.p.NumVars() == 0:
		t.evidence = EvidenceProof
	default:
		t.evidence = EvidenceClaim
	}
}

// solve finds the follower's answer. It fills in t and returns the status, the method, and a sentence where there is no answer.
func (c *checker) solve(ctx context.Context, t *task, y []float64) (model.Status, string, string) {
	if t.p.NumVars() == 0 {
		return c.solveEmpty(t, y)
	}
	if t.nonlinear() && (c.opt.Solver == nil || c.opt.Solver.Accepts(t.p) != nil) {
		return c.solveNonlinear(ctx, t, y)
	}
	b := c.opt.Backend
	if t.class == otherProblem || t.nonlinear() || b == nil || backends.Check(b, t.p) != nil {
		if t.continuous() && c.opt.Smooth != nil && c.opt.Solver == nil { // a backend would be quicker, but need not be there
			t.class = convexProblem
			if err := t.compile(); err != nil {
				return model.StatusFailed, c.opt.Smooth.Name(), "could not be solved again: " + err.Error()
			}
			return c.solveNonlinear(ctx, t, y)
		}
		return c.solveOther(ctx, t, y)
	}
	if t.class == quadraticProblem && c.confirmAt(ctx, t, y) {
		return model.StatusOptimal, b.Name() + " LP of the optimality conditions", ""
	}
	if t.class == quadraticProblem && t.solveInterior(ctx) {
		t.refine()
		t.confirm(c.x)
		if !t.confirmed(exactGap) {
			c.sharpen(ctx, t)
		}
		if t.confirmed(sharpGap) && t.violation(t.y).scaled <= sharpGap {
			return model.StatusOptimal, "interior point", ""
		}
		t.forget()
	}
	method := b.Name() + map[class]string{linearProblem: " LP", quadraticProblem: " QP", integerProblem: " MILP"}[t.class]
	res, factor, rows, err := c.call(ctx, t, y)
	if err == nil && doubtful(res.Status) && t.widen(y, c.opt.Tolerance) {
		// The point itself keeps the constraints to the tolerance: the problem is infeasible by a hair only.
		res, factor, rows, err = c.call(ctx, t, y)
		if err == nil && res.Status == model.StatusOptimal {
			res.Status = model.StatusReducedAccuracy
		}
	}
	if err != nil {
		return model.StatusFailed, method, "could not be solved again: " + err.Error()
	}
	status := res.Status
	if doubtful(status) {
		p, _, _ := t.scaled()
		status = c.settle(ctx, p)
	}
	if (status != model.StatusOptimal && status != model.StatusReducedAccuracy) || res.Point == nil {
		return status, method, noAnswer(ctx, status, res)
	}
	if w := c.accept(ctx, t, res, factor, rows); !(w.scaled <= c.opt.Tolerance) {
		t.y = nil
		return model.StatusReducedAccuracy, method, fmt.Sprintf("the solver's answer violates %s by %s", w.name, num(w.raw))
	}
	return status, method, ""
}

// noAnswer says why there is no best response.
func noAnswer(ctx context.Context, status model.Status, res *backends.Result) string {
	switch status {
	case model.StatusInfeasible:
		return "has no feasible answer to the rest of the point"
	case model.StatusUnbounded:
		return "has no optimal answer to the rest of the point: its objective improves without limit"
	}
	if err := ctx.Err(); err != nil {
		return "was not solved again: " + err.Error()
	}
	s := "was not solved again: " + status.String()
	if res.Message != "" {
		s += " (" + res.Message + ")"
	}
	return s
}

// call hands the problem to the backend.
func (c *checker) call(ctx context.Context, t *task, y []float64) (*backends.Result, float64, []float64, error) {
	if err := ctx.Err(); err != nil {
		return &backends.Result{Status: model.StatusInterrupted}, 1, nil, nil
	}
	p, factor, rows := t.scaled()
	if err := p.Err(); err != nil {
		return nil, 0, nil, err
	}
	opt := c.lpOptions()
	if t.class == integerProblem {
		opt.Gap, opt.AbsoluteGap, opt.Integrality = 1e-9, 1e-9, 1e-9
	}
	res, err := c.run(ctx, p, opt)
	return res, factor, rows, err
}

// run hands a problem to the backend, and refuses answers that are none.
func (c *checker) run(ctx context.Context, p *model.Model, opt backends.Options) (*backends.Result, error) {
	res, err := c.opt.Backend.Solve(ctx, p, opt, nil)
	if err != nil {
		return nil, err
	}
	return res, wellFormed(res, p.NumVars(), c.opt.Backend.Name())
}

// wellFormed reports a result whose point has another length, or entries that are no numbers.
func wellFormed(res *backends.Result, n int, name string) error {
	if res == nil {
		return fmt.Errorf("%s returned no result", name)
	}
	if res.Point == nil {
		return nil
	}
	if len(res.Point.X) != n {
		return fmt.Errorf("%s returned a point with %d entries for %d variables", name, len(res.Point.X), n)
	}
	for j, v := range res.Point.X {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return fmt.Errorf("%s returned %v for variable %d", name, v, j)
		}
	}
	return nil
}

func (c *checker) lpOptions() backends.Options {
	return backends.Options{Feasibility: 1e-9, Threads: c.opt.Threads}
}

// confirmAt tries whether multipliers confirm that y is an optimal answer to a convex quadratic problem. That is a linear problem: quicker
// and more accurate than to solve the quadratic one, which is left to points that are not optimal.
func (c *checker) confirmAt(ctx context.Context, t *task, y []float64) bool {
	if ctx.Err() != nil || !(t.violation(y).scaled <= c.opt.Tolerance) {
		return false
	}
	if t.lambda = c.multipliersAt(ctx, t, y); t.lambda == nil {
		return false
	}
	t.y = append([]float64(nil), y...)
	t.refine()
	t.confirm(c.x)
	if t.confirmed(sharpGap) && t.violation(t.y).scaled <= sharpGap {
		return true
	}
	t.forget()
	return false
}

// forget drops an answer that was not good enough.
func (t *task) forget() {
	t.y, t.lambda, t.reduced, t.phi, t.bound = nil, nil, nil, math.NaN(), math.Inf(-1)
}

// The relative distances of a cost from its bound: one that counts as none, and one that is none but for rounding errors. Between them an
// answer may be as far from the optimal ones as the root of the distance.
const (
	sharpGap = 1e-9
	exactGap = 1e-14
)

func (t *task) confirmed(gap float64) bool {
	return t.phi-t.bound <= gap*math.Max(t.terms, math.Abs(t.phi))
}

// accept takes over an answer: it is evaluated here, and its multipliers are made a bound. The worst violation of the answer is returned.
func (c *checker) accept(ctx context.Context, t *task, res *backends.Result, factor float64, rows []float64) worst {
	t.y = append([]float64(nil), res.Point.X...)
	for j := range t.y {
		if t.p.VarKind(j) != model.Continuous {
			t.y[j] = math.Round(t.y[j])
		}
		t.y[j] = math.Min(math.Max(t.y[j], t.vlo[j]), t.vhi[j])
	}
	switch {
	case t.class == integerProblem:
		t.phi = t.costAt(t.y)
		if res.Bound == res.Bound {
			t.bound = res.Bound/factor + t.cost.Const
		}
	case len(res.Point.RowDuals) == t.p.NumRows():
		t.lambda = make([]float64, t.p.NumRows())
		for r, v := range res.Point.RowDuals {
			t.lambda[r] = v * rows[r] / factor
		}
		if t.class == quadraticProblem {
			t.refine()
		}
		t.confirm(c.x)
		if t.class == quadraticProblem && !t.confirmed(exactGap) {
			c.sharpen(ctx, t)
		}
	default:
		t.phi = t.costAt(t.y)
	}
	return t.violation(t.y)
}

// sharpen looks for better multipliers than the solver gave.
func (c *checker) sharpen(ctx context.Context, t *task) {
	old := *t
	if t.lambda = c.multipliersAt(ctx, t, t.y); t.lambda != nil {
		t.y = append([]float64(nil), t.y...)
		t.refine()
		t.confirm(c.x)
		if t.phi-t.bound < old.phi-old.bound {
			return
		}
	}
	*t = old
}

// solveEmpty answers for a follower without variables: its constraints hold, or they do not.
func (c *checker) solveEmpty(t *task, y []float64) (model.Status, string, string) {
	if w := t.violation(y); !(w.scaled <= c.opt.Tolerance) {
		return model.StatusInfeasible, "evaluation", "has no feasible answer to the rest of the point"
	}
	t.y, t.phi, t.bound = y, t.cost.Const, t.cost.Const
	t.lambda, t.reduced = make([]float64, t.p.NumRows()), nil
	return model.StatusOptimal, "evaluation", ""
}

// solveOther tries Options.Solver.
func (c *checker) solveOther(ctx context.Context, t *task, y []float64) (model.Status, string, string) {
	s := c.opt.Solver
	if s == nil {
		why := "not solved again: nonlinear follower (no global method here)"
		switch has := t.p.Constructs(); {
		case t.class != otherProblem && c.opt.Backend == nil:
			why = "not solved again: no backend was given"
		case t.nonlinear():
		case t.class != otherProblem:
			why = fmt.Sprintf("not solved again: %s does not take %v", c.opt.Backend.Name(), has)
		case !has.Has(model.NonlinearFunctions):
			why = fmt.Sprintf("not solved again: follower with %v (no global method here)", has)
		}
		return model.StatusUnknown, why, why
	}
	if err := s.Accepts(t.p); err != nil {
		why := "not solved again: " + err.Error()
		return model.StatusUnknown, why, why
	}
	p, factor, _ := t.scaled()
	res, err := s.SolveFollower(ctx, p, y)
	if err == nil {
		err = wellFormed(res, len(y), s.Name())
	}
	switch {
	case err != nil:
		return model.StatusFailed, s.Name(), "could not be solved again: " + err.Error()
	case res.Status != model.StatusOptimal && res.Status != model.StatusReducedAccuracy || res.Point == nil:
		return res.Status, s.Name(), noAnswer(ctx, res.Status, res)
	}
	t.y = append([]float64(nil), res.Point.X...)
	for j := range t.y {
		if t.p.VarKind(j) != model.Continuous {
			t.y[j] = math.Round(t.y[j])
		}
	}
	t.phi = t.costAt(t.y)
	if res.Bound == res.Bound {
		t.bound = res.Bound/factor + (t.cost.Const - p.Leader().Objective().F.Const/factor)
	}
	if w := t.violation(t.y); !(w.scaled <= c.opt.Tolerance) {
		t.y = nil
		return model.StatusReducedAccuracy, s.Name(), fmt.Sprintf("the solver's answer violates %s by %s", w.name, num(w.raw))
	}
	return res.Status, s.Name(), ""
}
