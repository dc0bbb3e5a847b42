package verify

import (
	"context"
	"errors"
	"fmt"
	"math"

	"github.com/gobilevel/bilevel/model"
)

// AnswerError says why a leader's decision cannot be completed by answers of the followers.
type AnswerError struct {
	Follower string       // "" where it concerns all followers together
	Status   model.Status // infeasible, unbounded, or unknown where the problem is of a kind that is not solved here
	Reason   string
}

func (e *AnswerError) Error() string {
	if e.Follower == "" {
		return "best tie: " + e.Reason
	}
	return "best tie: follower " + e.Follower + " " + e.Reason
}

// BestTie returns the point with the leader's decision of x and, among the followers' optimal answers to it that satisfy the leader's
// constraints, those that are best for the leader: all followers in one linear or convex quadratic problem. The followers' entries of x are
// a guess only, and may be NaN. The point carries the followers' multipliers as shadow prices (RowDuals, VarDuals; NaN for the leader's),
// and variables that stand for shadow prices have values that are optimal multipliers, chosen with the answers.
//
// For that, followers must be linear or convex quadratic, the leader's objective and coupling constraints linear in the answers (the objective may be
// convex quadratic). Where a follower has integer variables or is nonlinear and its answer is not known to be the only one, or where the
// followers depend on one another, no ties are broken: each keeps the answer that was found, as Respond gives it, and the leader's constraints
// may still exclude it. Errors are those of Check and of type *AnswerError.
func BestTie(ctx context.Context, m *model.Model, x []float64, opt Options) (*model.Point, error) {
	c, err := newChecker(m, x, opt.forAnswers(), func(j int) bool { return m.VarOwner(j) == 0 })
	if err != nil {
		return nil, err
	}
	ctx, cancel := c.opt.limited(ctx)
	defer cancel()
	return c.bestTie(ctx)
}

// CheckLeader completes the leader's decision in x by the followers' answers as BestTie does, and checks the point.
func CheckLeader(ctx context.Context, m *model.Model, x []float64, opt Options) (*model.Point, *Certificate, error) {
	p, err := BestTie(ctx, m, x, opt)
	if err != nil {
		return nil, nil, err
	}
	cert, err := Check(ctx, m, p.X, opt)
	return p, cert, err
}

func (c *checker) bestTie(ctx context.Context) (*model.Point, error) {
	if err := c.answerAll(ctx); err != nil {
		return nil, err
	}
	duals := c.dualVars()
	c.setDuals(duals)
	a, err := c.tieAnswers()
	if err != nil {
		return nil, err
	}
	var chosen []float64
	switch {
	case a == nil:
	case a.single():
		if !a.holds(a.start) {
			return nil, &AnswerError{Status: model.StatusInfeasible, Reason: "no optimal answer of the followers satisfies the leader's constraints"}
		}
	default:
		if chosen, err = c.choose(ctx, a); err != nil {
			return nil, err
		}
	}
	return c.assemble(a, chosen, duals), nil
}

// answerAll solves every follower at the leader's decision; errors are of type *AnswerError where a follower has no answer.
func (c *checker) answerAll(ctx context.Context) error {
	if c.m.NumFollowers() > 0 && c.opt.Backend == nil && c.opt.Smooth == nil {
		return &AnswerError{Reason: "no backend was given"}
	}
	c.fillIn()
	c.answering = true
	return c.respond(ctx)
}

// fillIn replaces the followers' entries that are no numbers by their start values, or by zero within their bounds.
func (c *checker) fillIn() {
	for j, v := range c.x {
		if c.m.VarOwner(j) > 0 && (math.IsNaN(v) || math.IsInf(v, 0)) {
			lo, hi := c.m.VarBounds(j)
			start := c.m.VarStart(j)
			if math.IsNaN(start) {
				start = 0
			}
			c.x[j] = math.Min(math.Max(start, lo), hi)
		}
	}
}

// setDuals gives the variables that stand for shadow prices the multipliers that were found.
func (c *checker) setDuals(duals [][]dualVar) {
	for p, list := range duals {
		for _, d := range list {
			if l := c.tasks[p].lambda; l != nil {
				c.x[d.variable] = c.tasks[p].sign * l[d.row]
			}
		}
	}
}

// tieAnswers is the set to choose from, nil where the leader does not care or a follower's answers cannot be described.
func (c *checker) tieAnswers() (*answers, error) {
	a, _, err := c.optimisticAnswers()
	var unsupported *unsupportedError
	if errors.As(err, &unsupported) {
		if c.interacting() {
			return nil, nil
		}
		for p := 1; p < c.m.NumPlayers(); p++ {
			if !c.tasks[p].continuous() {
				return nil, nil
			}
		}
		return nil, &AnswerError{Reason: err.Error()}
	}
	return a, err
}

// choose optimises the leader's objective over the set.
func (c *checker) choose(ctx context.Context, a *answers) ([]float64, error) {
	o := c.m.Player(0).Objective()
	f, sign := a.function(o.F), o.Sense.Sign()
	if cons := scaledBy(a.joint, f, sign); !cons.IsQuadratic() || len(cons.Quad) > 0 && a.joint.Definiteness(cons.Quad, nil, 1) != model.PSD {
		return nil, &AnswerError{Reason: "the leader's objective is not linear or convex quadratic in the answers"}
	}
	_, x, status, err := a.optimise(ctx, f, sign)
	switch {
	case err != nil:
		return nil, &AnswerError{Status: model.StatusFailed, Reason: err.Error()}
	case x != nil:
		return x, nil
	}
	switch status {
	case model.StatusInfeasible:
		return nil, &AnswerError{Status: status, Reason: "no optimal answer of the followers satisfies the leader's constraints"}
	case model.StatusUnbounded:
		return nil, &AnswerError{Status: status, Reason: "the leader's objective improves without limit over the optimal answers of the followers"}
	}
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("best tie: %w", err)
	}
	return nil, &AnswerError{Status: status, Reason: "the solver stopped: " + status.String()}
}

// assemble makes the point of the chosen answers and multipliers.
func (c *checker) assemble(a *answers, chosen []float64, duals [][]dualVar) *model.Point {
	m := c.m
	p := &model.Point{X: c.x, RowDuals: notANumber(m.NumRows()), VarDuals: notANumber(m.NumVars())}
	for k := 1; k < m.NumPlayers(); k++ {
		t := c.tasks[k]
		lambda := t.lambda
		if chosen != nil && a.in[k] {
			b := a.block[k]
			for j, g := range t.fp.Vars {
				if b.vars < 0 {
					break
				}
				lo, hi := m.VarBounds(int(g))
				p.X[g] = math.Min(math.Max(chosen[b.vars+j], lo), hi)
			}
			if b.dual {
				lambda = chosen[b.multipliers.columns : b.multipliers.columns+len(t.lo)]
				for _, d := range duals[k] {
					p.X[d.variable] = t.sign * lambda[d.row]
				}
			}
		}
		if lambda == nil {
			continue
		}
		for r, g := range t.fp.Rows {
			p.RowDuals[g] = t.sign * lambda[r]
		}
		g, _ := t.gradient(t.y)
		for r, l := range lambda {
			idx, val := t.rowAt(r, t.y)
			for i, j := range idx {
				g[j] -= l * val[i]
			}
		}
		for j, v := range t.fp.Vars {
			p.VarDuals[v] = t.sign * g[j]
		}
	}
	return p
}

func notANumber(n int) []float64 {
	out := make([]float64, n)
	for k := range out {
		out[k] = math.NaN()
	}
	return out
}
