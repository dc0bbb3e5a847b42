package bilevel

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/smooth"
	"github.com/gobilevel/bilevel/nonlinear/global"
	"github.com/gobilevel/bilevel/nonlinear/response"
)

// A decision is worth what the worst of the optimal answers leaves of it, and local searches may miss that one. So a value that is too good is taken back in three
// steps: worst answers found at one decision are starts at all others; the decision that comes out best is judged again with all of them; and where
// followers have few variables a branch and bound over the answers that are optimal to worstLevel ends the question. A decision that loses
// by that makes room for the next one, which is judged in the same way.

// worstLevel is by how much, relative to max(1, |φ|), an answer may miss the optimal value in the search for the worst one. Where the follower's objective
// is strongly convex that moves an answer by its root.
const worstLevel = 1e-9

const (
	// worstBoxes bounds the branch and bound over the answers to one decision.
	worstBoxes = 5000
	// worstGap is the gap of that search, which is what the value may be too bad by.
	worstGap = 1e-8
	// harmfulAnswers is the number of worst answers that are kept as starts.
	harmfulAnswers = 12
)

// judgement is what is known of a decision.
type judgement struct {
	answer *response.Answer
	guess  []float64
	value  float64 // the worst value found or, where it is safe, a bound on all of them; in minimisation form
	at     []float64
	known  int  // how many of the harmful answers it has been tried with, -1 where the searches did not end
	proven bool // whether a proof was tried
	safe   bool // whether it came about: no optimal answer is worse
}

// words says how far the value can be trusted.
func (j *judgement) words(decisions int, level float64, value string) string {
	switch {
	case j.safe:
		return fmt.Sprintf("%s judged by the worst optimal answers; the objective is safe: at this decision no answer of the followers within %g of their least objective, relative to it, is worse for the leader than %s",
			plural(decisions, "decision"), level, value)
	case j.known < 0:
		return "the search ended before the worst optimal answer was looked for: the decision may be worth far less than " + value
	}
	return fmt.Sprintf("%s judged by the worst optimal answer that local searches find: the value holds as far as these reach, and is no proven one", plural(decisions, "decision"))
}

// judgeDecision answers a decision and searches for the worst answer to it.
func (w *worst) judgeDecision(ctx context.Context, x []float64) error {
	x = slices.Clone(x)
	for _, j := range w.p.LeaderOwn {
		lo, hi := w.p.Bounds(j)
		x[j] = math.Min(math.Max(x[j], lo), hi)
	}
	if !w.decides(x) {
		return nil
	}
	a, err := w.p.At(ctx, x, nil, response.Solvers{Smooth: w.smooth, Backend: w.backend})
	var none *response.NoAnswerError
	if errors.As(err, &none) {
		return nil
	}
	if err != nil {
		return err
	}
	j := &judgement{answer: a, guess: x, value: w.sense() * w.m.ObjectiveValue(0, a.X), at: a.X}
	if math.IsNaN(j.value) {
		return nil
	}
	w.judged = append(w.judged, j)
	w.worsen(ctx, j, 0)
	return nil
}

// decides reports whether a decision satisfies the leader's constraints, which mention no answers.
func (w *worst) decides(x []float64) bool {
	for r := range w.m.NumRows() {
		if w.p.Only[r] && w.m.RowViolation(r, x) > 1e-7*math.Max(1, math.Abs(w.m.RowValue(r, x))) {
			return false
		}
	}
	return true
}

// settle returns the decision of the best value after its worst answer has been looked for with all that is known, nil where no decision was answered.
func (w *worst) settle(ctx context.Context) *judgement {
	for {
		var best *judgement
		for _, j := range w.judged {
			if best == nil || j.value < best.value-1e-9*math.Max(1, math.Abs(best.value)) {
				best = j
			}
		}
		switch {
		case best == nil || best.safe:
			return best
		case ctx.Err() != nil:
			best.known = -1
			return best
		case best.known < len(w.harmful):
			w.worsen(ctx, best, max(best.known, 0))
		case !best.proven:
			w.prove(ctx, best)
		default:
			return best
		}
	}
}

// take keeps an answer that is worse than those known.
func (w *worst) take(j *judgement, z []float64) {
	if v := w.sense() * w.m.ObjectiveValue(0, z); v > j.value {
		j.value, j.at = v, slices.Clone(z)
	}
}

// remember keeps the worst answer to a decision as a start for others, where none like it is known.
func (w *worst) remember(j *judgement) {
	like := func(z []float64) bool {
		for _, k := range w.p.Own {
			if math.Abs(z[k]-j.at[k]) > 1e-3*math.Max(1, math.Abs(z[k])) {
				return false
			}
		}
		return true
	}
	if len(w.harmful) < harmfulAnswers && !like(j.answer.X) && !slices.ContainsFunc(w.harmful, like) {
		w.harmful = append(w.harmful, slices.Clone(j.at))
	}
}

// harm is the problem of the worst answer: to maximise the leader's objective over the answers that are optimal to worstLevel.
func (w *worst) harm(j *judgement) *model.Model {
	d := w.p.Model.HighPoint()
	for _, k := range w.p.LeaderOwn {
		d.SetVarBounds(k, j.guess[k], j.guess[k])
	}
	for r := range d.NumRows() {
		if w.p.Only[r] { // decided, and perhaps missed by rounding
			d.SetRowBounds(r, -model.Inf, model.Inf)
		}
	}
	least := j.answer.Value
	d.AddRow(0, d.FreshBase("optimal"), w.p.InnerFunction(d), -model.Inf, least+worstLevel*math.Max(1, math.Abs(least)))
	acc := d.Accumulator()
	acc.AddFunction(-w.sense(), w.m.Leader().Objective().F)
	d.Leader().SetObjective(model.Objective{Name: "harm", Set: true, F: acc.Function()})
	return d
}

// worsen searches for worse answers from the optimal answer, the guess, points about them, and the harmful answers to other decisions from number
// known on; with the first of these the other starts are tried too.
func (w *worst) worsen(ctx context.Context, j *judgement, known int) {
	d := w.harm(j)
	program, err := smooth.Compile(d)
	if err != nil {
		j.value = math.Inf(1) // nothing can be said of the decision
		return
	}
	var starts [][]float64
	if j.known <= 0 {
		starts = append(starts, j.answer.X, j.guess)
		for k := range 2 * min(len(w.p.Own), 4) {
			start := slices.Clone(j.answer.X)
			v := &start[w.p.Own[k/2]]
			*v += float64(1-2*(k%2)) * math.Max(1, math.Abs(*v))
			starts = append(starts, start)
		}
	}
	for _, z := range w.harmful[known:] {
		start := slices.Clone(j.answer.X)
		for _, k := range w.p.Own {
			start[k] = z[k]
		}
		starts = append(starts, start)
	}
	j.known = len(w.harmful)
	for _, start := range starts {
		if ctx.Err() != nil {
			j.known = -1
			return
		}
		r, err := w.smooth.Solve(ctx, program, smooth.Start{X: start}, smooth.Options{Tolerance: 1e-9, MaxIterations: 300})
		if err != nil || r.Violation > 1e-8 {
			continue
		}
		w.take(j, r.X)
	}
	w.remember(j)
}

// prove bounds the leader's objective over the followers' optimal answers where these have few variables. The value becomes the bound.
func (w *worst) prove(ctx context.Context, j *judgement) {
	j.proven = true
	if len(w.p.Own) > worstGlobalVariables {
		return
	}
	d, starts := w.harm(j), [][]float64{j.at, j.answer.X}
	everywhere, at, err := global.HasValues(ctx, d, w.m.Leader().Objective().F, global.Options{MaxBoxes: worstBoxes, Local: w.smooth, Start: starts})
	switch {
	case err != nil:
		return // functions without intervals
	case at != nil && math.IsNaN(w.m.ObjectiveValue(0, at)): // an optimal answer to which the leader's objective has no value
		j.value = math.Inf(1)
		return
	case !everywhere:
		return
	}
	a, err := global.Minimise(ctx, d, global.Options{MaxBoxes: worstBoxes, AbsGap: worstGap, RelGap: worstGap, Local: w.smooth, Start: starts})
	if err != nil {
		return
	}
	if a.X != nil {
		w.take(j, a.X)
		w.remember(j)
	}
	if a.Status == global.Optimal && a.X != nil {
		j.safe, j.value = true, math.Max(j.value, -a.Bound)
	}
}
