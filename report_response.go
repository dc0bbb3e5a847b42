package bilevel

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/gobilevel/bilevel/internal/nearest"
	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/report/page"
	"github.com/gobilevel/bilevel/verify"
)

// ResponseOptions say how the followers' response along a variable is looked at. The zero value of each field is its default.
type ResponseOptions struct {
	Along string // the leader's variable, by its full name
	// From and To are the ends of its values. Both 0: its bounds; where one is infinite, the value in the answer and twice its size, or 2, beyond.
	From, To float64
	// Points is the number of values at equal distances; default 41. An integer variable takes whole values only. As many more are added where a value
	// jumps. Range 2 to 10,000.
	Points int
	// Answers are the followers' variables whose answers are drawn; default: up to four that change the most.
	Answers []string
	// TimeLimit bounds the time of all solves; default 10 s. Places that are not reached are left out, with a remark.
	TimeLimit time.Duration
}

// Check says what of the options does not fit the model, before anything is solved: an *OptionError, or nil.
func (o ResponseOptions) Check(m *Model) error {
	c := &curve{m: m, x: make([]float64, m.NumVars())}
	return c.choose(o)
}

// ResponseAlong solves the followers again and again while one variable of the leader goes through its values and its other variables stay as they
// are in x, one value a variable of m. At each place it computes
//
//	F(x, y) with ties broken for the leader, and against it,
//	phi_k(x), the optimal value of each follower k,
//	the least and the largest value of some followers' variables over the optimal answers that satisfy the leader's constraints.
//
// The last are the inducible region over that place, as far as the followers are linear or convex quadratic; of others the answer that is found
// stands for both. Where the followers have no answer, none within the leader's constraints, or none that passes the check of package verify, the place
// has the reason. Errors are
// *OptionError, *verify.PointError and mistakes of the model; the error of ctx where it ended before a place was done.
func ResponseAlong(ctx context.Context, m *Model, x []float64, opt ResponseOptions, options ...Options) (*page.Response, error) {
	s, err := newSolver(m, options)
	if err != nil {
		return nil, err
	}
	c := &curve{m: m, x: x, verify: s.verifyOptions(), done: map[float64]bool{}}
	if err := c.choose(opt); err != nil {
		return nil, err
	}
	limit := opt.TimeLimit
	if limit == 0 {
		limit = 10 * time.Second
	}
	within, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	grid := c.grid()
	// From coarse to fine, so that what the time does not suffice for is missing everywhere alike.
	for stride := 16; stride >= 1; stride /= 2 {
		for k := 0; k < len(grid); k += stride {
			c.visit(within, grid[k])
		}
	}
	if here := x[c.along]; here >= c.from && here <= c.to {
		c.visit(within, here)
	}
	for range c.points {
		at, ok := c.steepest()
		if !ok {
			break
		}
		c.visit(within, at)
	}
	if len(c.places) == 0 {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
	}
	return c.response(within, opt.Answers, limit)
}

// curve is the response along a variable, as far as it is known.
type curve struct {
	m        *model.Model
	x        []float64
	verify   verify.Options
	along    int
	from, to float64
	points   int
	done     map[float64]bool
	places   []visited // by rising At
	missed   int       // places that were not done in time
}

// visited is a place with the point that was found there.
type visited struct {
	page.Place
	x []float64 // nil where there is no answer
}

// choose checks the options.
func (c *curve) choose(opt ResponseOptions) error {
	if len(c.x) != c.m.NumVars() {
		return &verify.PointError{Problem: fmt.Sprintf("%d values for %d variables", len(c.x), c.m.NumVars()), Remedy: "give one value a variable"}
	}
	v, ok := c.m.VarByName(opt.Along)
	if !ok {
		return &OptionError{"along", fmt.Sprintf("the model has no variable %q%s", opt.Along, c.near(opt.Along, func(player int) bool { return player == 0 }, "its leader decides"))}
	}
	if c.along = v.Index(); c.m.VarOwner(c.along) != 0 {
		return &OptionError{"along", fmt.Sprintf("%s is a variable of follower %s: name one of the leader", opt.Along, c.m.Player(c.m.VarOwner(c.along)).Name())}
	}
	if _, dual := c.m.DualOf(c.along); dual {
		return &OptionError{"along", opt.Along + " stands for a shadow price: name a variable of the leader"}
	}
	if c.points = opt.Points; c.points == 0 {
		c.points = 41
	}
	if c.points < 2 || c.points > 10000 {
		return &OptionError{"points", fmt.Sprintf("%d is not between 2 and 10000", c.points)}
	}
	if opt.TimeLimit < 0 {
		return &OptionError{"time-limit", fmt.Sprintf("%v is negative", opt.TimeLimit)}
	}
	for _, name := range opt.Answers {
		if v, ok := c.m.VarByName(name); !ok || c.m.VarOwner(v.Index()) == 0 {
			return &OptionError{"answers", fmt.Sprintf("no follower has a variable %q%s", name, c.near(name, func(player int) bool { return player > 0 }, "the followers decide"))}
		}
	}
	if c.from, c.to = opt.From, opt.To; c.from == 0 && c.to == 0 {
		c.from, c.to = c.m.VarBounds(c.along)
		here := c.x[c.along]
		beyond := math.Max(2, 2*math.Abs(here))
		if math.IsInf(c.from, -1) {
			c.from = here - beyond
		}
		if math.IsInf(c.to, 1) {
			c.to = here + beyond
		}
	}
	if !(c.from <= c.to) || math.IsInf(c.from, 0) || math.IsInf(c.to, 0) {
		return &OptionError{"along", fmt.Sprintf("there are no values from %v to %v", c.from, c.to)}
	}
	return nil
}

// near is what to say after a name that no variable has: the variable of the players meant that is spelt most like it, or else the first of theirs.
func (c *curve) near(name string, of func(player int) bool, theyDecide string) string {
	var names []string
	for j := range c.m.NumVars() {
		if _, dual := c.m.DualOf(j); !dual && of(c.m.VarOwner(j)) {
			names = append(names, c.m.VarName(j))
		}
	}
	if near := nearest.DidYouMean(name, names); near != "" {
		return "; " + near
	}
	const most = 6
	switch {
	case len(names) == 0:
		return ""
	case len(names) > most:
		return fmt.Sprintf("; %s %s and %d more", theyDecide, strings.Join(names[:most], ", "), len(names)-most)
	}
	return "; " + theyDecide + " " + strings.Join(names, ", ")
}

func (c *curve) whole() bool { return c.m.VarKind(c.along) != model.Continuous }

// grid is the values at equal distances.
func (c *curve) grid() []float64 {
	if c.whole() {
		c.from, c.to = math.Ceil(c.from-1e-9), math.Floor(c.to+1e-9)
	}
	n := c.points
	if c.whole() {
		n = int(math.Min(float64(n), c.to-c.from+1))
	}
	var out []float64
	for k := range n {
		v := c.from
		if n > 1 {
			v += (c.to - c.from) * float64(k) / float64(n-1)
		}
		if c.whole() {
			v = math.Round(v)
		}
		out = append(out, v)
	}
	return out
}

// visit solves the followers at a value, unless that was done or the time is over.
func (c *curve) visit(ctx context.Context, at float64) {
	if c.done[at] {
		return
	}
	c.done[at] = true
	if ctx.Err() != nil {
		c.missed++
		return
	}
	p := c.solve(ctx, at)
	if ctx.Err() != nil {
		c.missed++
		return
	}
	k, _ := slices.BinarySearchFunc(c.places, at, func(v visited, at float64) int {
		switch {
		case v.At < at:
			return -1
		case v.At > at:
			return 1
		}
		return 0
	})
	c.places = slices.Insert(c.places, k, p)
}

func (c *curve) solve(ctx context.Context, at float64) visited {
	p := visited{Place: page.Place{At: at, Best: math.NaN(), Worst: math.NaN()}}
	x := slices.Clone(c.x)
	x[c.along] = at
	point, err := verify.BestTie(ctx, c.m, x, c.verify)
	if err != nil {
		p.Reason = reasonOfAnswer(err)
		// The followers may have answers that the leader's constraints exclude: their values are still to be had.
		if point, err = verify.Respond(ctx, c.m, x, c.verify); err == nil {
			p.Values = c.values(point.X)
		}
		return p
	}
	p.x = point.X
	p.Values = c.values(point.X)
	certificate, err := verify.Check(ctx, c.m, point.X, c.verify)
	if err != nil {
		p.Reason = err.Error()
		return p
	}
	if !certificate.Verified {
		p.Reason = strings.Join(certificate.Reasons, "; ")
		return p
	}
	p.Best = certificate.Objective
	if !math.IsInf(certificate.Pessimistic, 0) {
		p.Worst = certificate.Pessimistic
	}
	return p
}

// reasonOfAnswer says why there is no answer.
func reasonOfAnswer(err error) string {
	var answer *verify.AnswerError
	if errors.As(err, &answer) {
		if answer.Follower != "" {
			return "follower " + answer.Follower + " " + answer.Reason
		}
		return answer.Reason
	}
	return err.Error()
}

// values are the followers' objectives at a point.
func (c *curve) values(x []float64) []float64 {
	var out []float64
	for k := 1; k < c.m.NumPlayers(); k++ {
		out = append(out, c.m.ObjectiveValue(k, x))
	}
	return out
}

// steepest finds the middle of the piece between two places over which the leader's value changes by the most for its width, and by far more than
// elsewhere, or over which the answers end: there may be a jump that the places so far do not show. The piece is wide enough to be seen.
func (c *curve) steepest() (at float64, ok bool) {
	wide := c.to - c.from
	low, high := math.Inf(1), math.Inf(-1)
	for _, p := range c.places {
		if !math.IsNaN(p.Best) {
			low, high = math.Min(low, p.Best), math.Max(high, p.Best)
		}
	}
	best := 4.0 // as steep as four times the whole range over the whole width
	for i := 1; i < len(c.places); i++ {
		a, b := &c.places[i-1], &c.places[i]
		gap := b.At - a.At
		if gap < 5e-4*wide || c.whole() && gap < 2 {
			continue
		}
		change := math.Abs(b.Best - a.Best)
		if w := math.Abs(b.Worst - a.Worst); w > change || math.IsNaN(change) {
			change = w
		}
		steep := change / math.Max(high-low, 1e-300) / (gap / wide)
		if a.Answered() != b.Answered() {
			steep = wide / gap
		}
		if steep > best {
			best, at, ok = steep, (a.At+b.At)/2, true
			if c.whole() {
				at = math.Floor(at)
			}
		}
	}
	return at, ok && !c.done[at]
}
