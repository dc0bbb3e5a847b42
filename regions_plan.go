package bilevel

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/gobilevel/bilevel/backends"
	"github.com/gobilevel/bilevel/reform"
	"github.com/gobilevel/bilevel/regions"
)

// regionsWay names the method that enumerates the critical regions of the followers where few variables of the leader reach them: see package regions. It takes
// the model with its followers, and is the only name of its chain.
const regionsWay = "regions"

// asksForRegions reports whether the options name this method.
func (s *solver) asksForRegions() bool {
	return strings.TrimSpace(s.opt.Reform) == regionsWay && !s.breaksTies()
}

// checkRegionsChain refuses a chain in which the method has company.
func checkRegionsChain(named []string) error {
	if contains(named, regionsWay) && len(named) > 1 {
		return &OptionError{"reform", regionsWay + " takes the followers as they are and must stand alone"}
	}
	return nil
}

// prepareRegions applies the passes that replace products in the leader's functions, then kkt, and prepares the enumeration.
func (s *solver) prepareRegions(ctx context.Context) (*reform.Chain, *regions.Problem, error) {
	if !s.autoBackend() && s.opt.Backend != "highs" {
		return nil, nil, &OptionError{"backend", regionsWay + " solves linear programs by HiGHS: leave the backend out, or name highs"}
	}
	if _, err := backends.Open("highs"); err != nil {
		return nil, nil, err
	}
	if err := regions.Accepts(s.m); err != nil {
		return nil, nil, s.noRegions(err)
	}
	sub := *s
	sub.opt.Reform, sub.opt.Backend = "kkt", ""
	names, err := sub.chain(s.m, false)
	if err != nil {
		return nil, nil, err
	}
	chain := reform.NewChain(s.m)
	if err := s.applyAll(ctx, chain, names); err != nil {
		return nil, nil, err
	}
	p, err := regions.New(chain.Stage(chain.Len()-1), chain.Model())
	if err != nil {
		return nil, nil, s.noRegions(err)
	}
	return chain, p, nil
}

// noRegions is the error of a model that is none for this method.
func (s *solver) noRegions(err error) error {
	var no *regions.NotForError
	if errors.As(err, &no) {
		return &NoPlanError{Constructs: s.m.Constructs(), Reason: err.Error()}
	}
	return err
}

// planRegions says how the model would be solved by the method, or why it cannot be.
func (s *solver) planRegions(ctx context.Context) (*Plan, error) {
	chain, p, err := s.prepareRegions(ctx)
	if err != nil {
		return nil, err
	}
	return &Plan{Passes: append(chain.Names(), regionsWay), Backend: "highs", Why: append(chain.Notes, whyRegions(p))}, nil
}

// whyRegions describes what is enumerated.
func whyRegions(p *regions.Problem) string {
	why := fmt.Sprintf("the leader reaches the followers by %s: each critical region of their answers is one program of the leader", plural(p.Parameters(), "variable"))
	if !p.Determined() {
		why += ", and each face on which they may have ties another"
	}
	return why
}
