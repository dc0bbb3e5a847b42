package verify

import (
	"fmt"
	"strings"
)

// String says in a few lines what was found, for people.
func (c *Certificate) String() string {
	var b strings.Builder
	line := func(what, format string, args ...any) {
		fmt.Fprintf(&b, "  %-24s %s\n", what, fmt.Sprintf(format, args...))
	}
	if c.Verified {
		fmt.Fprintf(&b, "verified to %s", num(c.Tolerance))
		switch c.Evidence {
		case EvidenceSearch:
			b.WriteString(" as far as local searches reach: nothing proves the followers' answers optimal")
		case EvidenceConditions:
			b.WriteString(" by the optimality conditions of convex followers")
		}
		b.WriteString("\n")
	} else {
		fmt.Fprintf(&b, "NOT verified to %s\n", num(c.Tolerance))
		for _, r := range c.Reasons {
			fmt.Fprintf(&b, "  - %s\n", r)
		}
	}
	residual := func(what string, v float64, name string) {
		if name == "" {
			line(what, "0")
		} else {
			line(what, "%s at %s", num(v), name)
		}
	}
	line("leader's objective", "%s", num(c.Objective))
	residual("leader's constraints", c.LeaderViolation, c.LeaderWorst)
	if len(c.Followers) > 0 {
		residual("followers' constraints", c.FollowerViolation, c.FollowerWorst)
	}
	for _, w := range []struct {
		what string
		v    float64
		name string
	}{
		{"complementarity", c.Complementarity, c.ComplementarityWorst},
		{"integrality", c.Integrality, c.IntegralityWorst},
		{"SOS1 sets", c.SOS1, c.SOS1Worst},
		{"conditional constraints", c.Indicators, c.IndicatorsWorst},
		{"shadow prices", c.DualResidual, c.DualWorst},
	} {
		if w.name != "" {
			residual(w.what, w.v, w.name)
		}
	}
	if n := len(c.Followers); n > followersShown {
		line("followers", "%d, worst relative gap %s", n, num(c.FollowerGap))
	} else {
		for _, f := range c.Followers {
			method := f.Method
			if f.Gap == f.Gap {
				method = fmt.Sprintf("objective %s, best response %s, relative gap %s (%s)", num(f.Objective), num(f.BestResponse), num(f.Gap), f.Method)
			} else if f.Status.String() != "unknown" {
				method = f.Status.String() + " (" + f.Method + ")"
			}
			if f.Grounds != "" {
				method = strings.TrimSuffix(method, ")") + "; " + f.Grounds + ")"
			}
			line("follower "+f.Name, "%s", method)
			if f.Moved != "" {
				line("", "%s", f.Moved)
			}
		}
	}
	if len(c.Followers) > 0 && c.Spread != "not asked for" {
		line("over optimal answers", "leader's objective from %s (worst) to %s (best)", known(c.Pessimistic), known(c.Optimistic))
		if c.Spread != "" {
			line("", "%s", c.Spread)
		}
		if c.WorstFound == c.WorstFound || c.BestFound == c.BestFound {
			line("", "found: from %s to %s", known(c.WorstFound), known(c.BestFound))
		}
	}
	return b.String()
}

// known writes a value that may be missing.
func known(v float64) string {
	if v != v {
		return "unknown"
	}
	return num(v)
}

// followersShown is the number of followers up to which each has its line.
const followersShown = 10
