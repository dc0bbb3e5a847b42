package bilevel

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/report"
	"github.com/gobilevel/bilevel/report/page"
	"github.com/gobilevel/bilevel/verify"
)

// mostAnswersDrawn and mostFollowersDrawn are how many curves one picture has where nobody asks for certain ones.
const (
	mostAnswersDrawn   = 4
	mostFollowersDrawn = 6
)

// response puts the places together, and looks at the ties of the answers that are drawn.
func (c *curve) response(ctx context.Context, names []string, limit time.Duration) (*page.Response, error) {
	r := &page.Response{Along: c.m.VarName(c.along), Objective: c.m.Leader().Objective().Name, Here: c.x[c.along]}
	for k := 1; k < c.m.NumPlayers() && k <= mostFollowersDrawn; k++ {
		r.Followers = append(r.Followers, c.m.Player(k).Name())
	}
	if more := c.m.NumFollowers() - len(r.Followers); more > 0 {
		r.Remarks = append(r.Remarks, "Not drawn are the values of "+report.Count(more, "more follower")+".")
	}
	if n := c.others(); n > 0 {
		r.Remarks = append(r.Remarks, "The leader's other "+report.Count(n, "variable")+" keep the values of the answer.")
	}
	answers := c.answers(names)
	for _, j := range answers {
		r.Answers = append(r.Answers, c.m.VarName(j))
	}
	untried := 0
	for k := range c.places {
		p := &c.places[k]
		p.Low, p.High = make([]float64, len(answers)), make([]float64, len(answers))
		for i, j := range answers {
			p.Low[i], p.High[i] = math.NaN(), math.NaN()
			if p.x != nil && p.Answered() {
				p.Low[i], p.High[i] = p.x[j], p.x[j]
			}
		}
	}
	// Ties are looked at once all places have an answer: that takes two solves an answer.
	for k := range c.places {
		p := &c.places[k]
		if p.x == nil || !p.Answered() {
			continue
		}
		if !c.ties(ctx, p, answers) {
			untried++
		}
	}
	for _, p := range c.places {
		p.Values = p.Values[:min(len(p.Values), len(r.Followers))]
		r.Places = append(r.Places, p.Place)
	}
	if c.missed > 0 {
		r.Remarks = append(r.Remarks, fmt.Sprintf("Not solved in the time for that, %v: %s.", limit, report.Count(c.missed, "place")))
	}
	if untried > 0 {
		r.Remarks = append(r.Remarks, "At "+report.Count(untried, "place")+" the ties of the answers were not examined, for want of time or of a method: one answer is drawn.")
	}
	return r, nil
}

// others is the number of the leader's variables that are held.
func (c *curve) others() int {
	n := 0
	for j := range c.m.NumVars() {
		if _, dual := c.m.DualOf(j); c.m.VarOwner(j) == 0 && j != c.along && !dual {
			n++
		}
	}
	return n
}

// answers are the followers' variables that are drawn: those that are named, else those whose values change the most relative to their size, the
// first ones of the model where they change alike.
func (c *curve) answers(names []string) []int {
	var out []int
	for _, name := range names {
		if v, ok := c.m.VarByName(name); ok {
			out = append(out, v.Index())
		}
	}
	if out != nil {
		return out
	}
	change := make([]float64, c.m.NumVars())
	for j := range change {
		if _, dual := c.m.DualOf(j); c.m.VarOwner(j) == 0 || dual {
			continue
		}
		low, high := math.Inf(1), math.Inf(-1)
		for _, p := range c.places {
			if p.x != nil {
				low, high = math.Min(low, p.x[j]), math.Max(high, p.x[j])
			}
		}
		if low <= high {
			change[j] = high - low
		}
		out = append(out, j)
	}
	if len(out) > mostAnswersDrawn {
		slices.SortStableFunc(out, func(i, j int) int { return cmp.Compare(math.Round(1e6*change[j]), math.Round(1e6*change[i])) })
		out = out[:mostAnswersDrawn]
		slices.Sort(out)
	}
	return out
}

// ties finds the least and the largest value of each answer over the followers' optimal answers within the leader's constraints, by giving
// the leader that value as its objective. It reports whether that could be done.
func (c *curve) ties(ctx context.Context, p *visited, answers []int) bool {
	for i, j := range answers {
		for _, sense := range []model.Sense{model.Minimize, model.Maximize} {
			if ctx.Err() != nil {
				return false
			}
			m := c.m.Derive()
			if sense == model.Minimize {
				m.Leader().Minimize(m.Var(j))
			} else {
				m.Leader().Maximize(m.Var(j))
			}
			point, err := verify.BestTie(ctx, m, p.x, c.verify)
			if err != nil {
				return false
			}
			// What differs by rounding only is no tie.
			v := point.X[j]
			near := 1e-6 * math.Max(1, math.Abs(v))
			switch {
			case sense == model.Minimize && v < p.Low[i]-near:
				p.Low[i] = v
			case sense == model.Maximize && v > p.High[i]+near:
				p.High[i] = v
			}
		}
	}
	return true
}
