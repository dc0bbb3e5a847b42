package reform

import (
	"context"
	"errors"
	"fmt"
	"sort"
	"strings"

	"github.com/gobilevel/bilevel/internal/nearest"
	"github.com/gobilevel/bilevel/model"
)

// Chain is a sequence of passes applied to a model: the way from the model that a user has to the one that a backend takes, and back.
type Chain struct {
	models  []*model.Model // before the first pass, after each
	steps   []*Result
	names   []string
	proof   model.Proof
	Notes   []string
	Assumed []Assumption
	// Followers are what is known of the followers that a pass has replaced by their optimality conditions; see Result.
	Followers []*model.FollowerStatement
	// Infeasible says that a pass has proven the model infeasible; nothing that comes after it matters.
	Infeasible bool
}

// NewChain starts a chain at m.
func NewChain(m *model.Model) *Chain {
	return &Chain{models: []*model.Model{m}, proof: model.ProofGlobal}
}

// Model is what the passes so far have made.
func (c *Chain) Model() *model.Model { return c.models[len(c.models)-1] }

// Names are the names of the passes so far.
func (c *Chain) Names() []string { return append([]string(nil), c.names...) }

// Proof is the strongest proof about the first model that an answer for the last can carry, assumptions aside.
func (c *Chain) Proof() model.Proof { return c.proof }

// Apply adds a pass.
func (c *Chain) Apply(ctx context.Context, p Pass) error {
	r, err := p.Apply(ctx, c.Model())
	if err != nil {
		return err
	}
	if err := r.Model.Err(); err != nil {
		return fmt.Errorf("%s made a model with mistakes: %w", p.Name(), err)
	}
	c.proof = c.proof.Weaker(p.Proves(c.Model()))
	c.models = append(c.models, r.Model)
	c.steps = append(c.steps, r)
	c.names = append(c.names, p.Name())
	c.Notes = append(c.Notes, r.Notes...)
	c.Assumed = append(c.Assumed, r.Assumed...)
	c.Followers = append(c.Followers, r.Followers...)
	c.Infeasible = c.Infeasible || r.Infeasible
	return nil
}

// Cut is a chain of the first n passes only.
func (c *Chain) Cut(n int) *Chain {
	d := NewChain(c.models[0])
	d.models = append(d.models, c.models[1:n+1]...)
	for _, s := range c.steps[:n] {
		d.steps = append(d.steps, s)
		d.Notes = append(d.Notes, s.Notes...)
		d.Assumed = append(d.Assumed, s.Assumed...)
		d.Followers = append(d.Followers, s.Followers...)
	}
	d.names = append(d.names, c.names[:n]...)
	d.proof = c.proof
	return d
}

// Len is the number of passes so far.
func (c *Chain) Len() int { return len(c.steps) }

// Recover maps a point of the last model back to the first.
func (c *Chain) Recover(p *model.Point) (*model.Point, error) { return c.recover(len(c.steps), 0, p) }

// Stage returns the model after n passes, 0 for the first one.
func (c *Chain) Stage(n int) *model.Model { return c.models[n] }

// RecoverTo maps a point of the last model back to that after n passes.
func (c *Chain) RecoverTo(n int, p *model.Point) (*model.Point, error) {
	return c.recover(len(c.steps), n, p)
}

// RecoverFrom maps a point of the model after n passes back to the first.
func (c *Chain) RecoverFrom(n int, p *model.Point) (*model.Point, error) { return c.recover(n, 0, p) }

func (c *Chain) recover(from, to int, p *model.Point) (*model.Point, error) {
	for i := from - 1; i >= to; i-- {
		q, err := c.steps[i].Recovery.Recover(p)
		if err != nil {
			return nil, fmt.Errorf("recover through %s: %w", c.names[i], err)
		}
		p = q
	}
	return p, nil
}

// Lift maps a point of the first model, with duals where it has followers, forward to the last.
func (c *Chain) Lift(p *model.Point) (*model.Point, error) {
	for i, s := range c.steps {
		l, ok := s.Recovery.(Lifter)
		if !ok {
			return nil, fmt.Errorf("lift through %s: %w", c.names[i], errNoLift)
		}
		q, err := l.Lift(p)
		if err != nil {
			return nil, fmt.Errorf("lift through %s: %w", c.names[i], err)
		}
		p = q
	}
	return p, nil
}

// ErrUnknownPass is the cause of an error about a name that is no pass, see UnknownPassError.
var ErrUnknownPass = errors.New("no such reformulation")

// UnknownPassError is a name in a chain that no pass has.
type UnknownPassError struct {
	Name  string
	Known []string // the names that there are, sorted
}

// Error says which name is near.
func (e *UnknownPassError) Error() string {
	near := nearest.DidYouMean(e.Name, e.Known)
	if near != "" {
		near += " "
	}
	return fmt.Sprintf("reformulation %q: %v; %schoose a chain with + from: %s", e.Name, ErrUnknownPass, near, strings.Join(e.Known, ", "))
}

// Unwrap is ErrUnknownPass.
func (e *UnknownPassError) Unwrap() error { return ErrUnknownPass }

// aliases are short names of passes.
var aliases = map[string]string{
	"relax": Relax{Kind: Scholtes}.Name(),
	"ncp":   NCP{Kind: SmoothedFB}.Name(),
}

// Canonical is the full name of a pass: "relax" is "relax:scholtes" and "ncp" is "ncp:smoothed". Other names are returned as they are.
func Canonical(name string) string {
	if full, ok := aliases[name]; ok {
		return full
	}
	return name
}

// Parse splits a chain "kkt+big-m" into names, in full, and checks them against the names that there are.
func Parse(chain string, known []string) ([]string, error) {
	var out []string
	for _, n := range strings.Split(chain, "+") {
		n = Canonical(strings.TrimSpace(n))
		ok := false
		for _, k := range known {
			ok = ok || n == k
		}
		if !ok {
			sorted := append([]string(nil), known...)
			sort.Strings(sorted)
			return nil, &UnknownPassError{n, sorted}
		}
		out = append(out, n)
	}
	return out, nil
}
