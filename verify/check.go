package verify

import (
	"context"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/gobilevel/bilevel/model"
)

// Check measures the point x of m, one entry a variable. Any model is taken: bilevel, with complementarity pairs, or plain. Integer
// variables are rounded for the followers' problems, and constraints have to hold both for the point as given and as rounded. In a Nash
// game each follower is solved again with the others where they are. A point that fails is a certificate that says so; errors are those
// of m.Err, and of type *PointError: x has another length or an entry that is not finite. When ctx ends, what was measured so far is returned
// and the rest is named in the reasons.
func Check(ctx context.Context, m *model.Model, x []float64, opt Options) (*Certificate, error) {
	c, err := newChecker(m, x, opt, func(int) bool { return true })
	if err != nil {
		return nil, err
	}
	ctx, cancel := c.opt.limited(ctx)
	defer cancel()
	c.feasibility()
	if err := c.solveFollowers(ctx); err != nil {
		return nil, err
	}
	c.checkDuals(ctx)
	c.spread(ctx)
	return c.judge(), nil
}

// checker holds a check in progress.
type checker struct {
	m       *model.Model
	opt     Options
	given   []float64 // the point as given
	x       []float64 // with integer variables rounded
	rounded bool      // whether the two differ
	// answering is true where the followers' part of the point is a guess to be answered, not what is checked.
	answering bool

	leader, follower, pairs, integrality, sets, conditions worst
	byFollower                                             []worst // by player
	problems                                               *model.FollowerProblems
	tasks                                                  []*task  // by player; nil for the leader
	dualWhy                                                []string // why shadow prices fail
	cert                                                   *Certificate
}

func newChecker(m *model.Model, x []float64, opt Options, needed func(j int) bool) (*checker, error) {
	opt, err := opt.withDefaults()
	if err != nil {
		return nil, err
	}
	if err := m.Err(); err != nil {
		return nil, err
	}
	if err := checkPoint(m, x, needed); err != nil {
		return nil, err
	}
	c := &checker{m: m, opt: opt, given: x, x: append([]float64(nil), x...), byFollower: make([]worst, m.NumPlayers())}
	for j := range c.x {
		if m.VarKind(j) == model.Continuous {
			continue
		}
		if r := math.Round(x[j]); r != x[j] && !math.IsNaN(x[j]) {
			c.x[j], c.rounded = r, true
		}
	}
	c.cert = &Certificate{Objective: m.ObjectiveValue(0, x), Tolerance: opt.Tolerance, Evidence: EvidenceProof, Pessimistic: math.NaN(), Optimistic: math.NaN(),
		WorstFound: math.NaN(), BestFound: math.NaN()}
	c.problems = m.FollowerProblems()
	c.tasks = make([]*task, m.NumPlayers())
	return c, nil
}

// judge fills in the residuals, and decides.
func (c *checker) judge() *Certificate {
	t, tol := c.cert, c.opt.Tolerance
	t.LeaderViolation, t.LeaderWorst = c.leader.raw, c.leader.name
	t.FollowerViolation, t.FollowerWorst = c.follower.raw, c.follower.name
	t.Complementarity, t.ComplementarityWorst = c.pairs.raw, c.pairs.name
	t.Integrality, t.IntegralityWorst = c.integrality.raw, c.integrality.name
	t.SOS1, t.SOS1Worst = c.sets.raw, c.sets.name
	t.Indicators, t.IndicatorsWorst = c.conditions.raw, c.conditions.name

	var reasons []string
	add := func(format string, args ...any) { reasons = append(reasons, fmt.Sprintf(format, args...)) }
	limit := func(w worst, what string) {
		if !(w.scaled <= tol) {
			add("%s %s is violated by %s (%s relative to its terms)", what, w.name, num(w.raw), num(w.scaled))
		}
	}
	limit(c.leader, "the leader's constraint")
	limit(c.follower, "the followers' constraint")
	limit(c.pairs, "the complementarity pair")
	if !(c.integrality.scaled <= tol) {
		add("the integer variable %s is %s from an integer", c.integrality.name, num(c.integrality.raw))
	}
	limit(c.sets, "the SOS1 set")
	if math.IsNaN(t.Objective) || math.IsInf(t.Objective, 0) {
		add("the leader's objective is %s", num(t.Objective))
	}
	if c.rounded {
		for p := 0; p < c.m.NumPlayers(); p++ {
			a, b := c.m.ObjectiveValue(p, c.given), c.m.ObjectiveValue(p, c.x)
			if !(math.Abs(a-b) <= tol*math.Max(1, math.Abs(b))) {
				add("the objective of %s changes from %s to %s when the integer variables are rounded", playerName(c.m, p), num(a), num(b))
			}
		}
	}
	methods := map[string]bool{}
	var used []string
	for _, f := range t.Followers {
		if f.Method != "" && !methods[f.Method] {
			methods[f.Method] = true
			used = append(used, f.Method)
		}
		if !(math.Abs(f.Gap) <= tol) {
			add("%s", f.Sentence)
		}
		t.Evidence = t.Evidence.Weaker(f.Evidence)
		if !math.IsNaN(t.FollowerGap) && !(math.Abs(f.Gap) <= math.Abs(t.FollowerGap)) {
			t.FollowerGap = f.Gap
		}
	}
	t.Method = strings.Join(used, ", ")
	reasons = append(reasons, c.dualReasons()...)
	t.Reasons, t.Verified = reasons, len(reasons) == 0
	c.ownAnswers()
	return t
}

// ownAnswers takes the answers of a verified point among those that count as optimal. They need not be in the set over which the best and the worst value
// were computed: a follower whose whole objective is within the tolerance, at a decision next to one that makes it indifferent, has one answer that is
// clearly optimal and others that pass.
func (c *checker) ownAnswers() {
	t := c.cert
	if !t.Verified || c.m.NumFollowers() == 0 {
		return
	}
	sign := c.m.Player(0).Objective().Sense.Sign()
	room := 10 * c.opt.Tolerance * math.Max(1, math.Abs(t.Objective)) // what is less is the accuracy of the point
	if sign*(t.Optimistic-t.Objective) > room {
		t.Optimistic = t.Objective
	}
	if sign*(t.Objective-t.Pessimistic) > room {
		t.Pessimistic = t.Objective
	}
}

func playerName(m *model.Model, p int) string {
	if p == 0 {
		return "the leader"
	}
	return "follower " + m.Player(p).Name()
}

// num writes a number for people: six digits are plenty for a residual.
func num(v float64) string {
	if v == 0 {
		return "0" // never "-0"
	}
	return strconv.FormatFloat(v, 'g', 6, 64)
}
