package verify

import "fmt"

// Evidence is what stands behind the best response that a point is measured against, from nothing to a proof. What is verified on less than
// a proof is true as far as the searches reached, and whatever is concluded from it is to be weakened by that.
type Evidence uint8

// The kinds of evidence, the weakest first.
const (
	// EvidenceNone: the follower was not solved, or what was found contradicts the point.
	EvidenceNone Evidence = iota
	// EvidenceSearch: no better answer was found by local searches, of which FollowerCheck.Starts settled. Nothing excludes one.
	EvidenceSearch
	// EvidenceConditions: the follower is convex and its optimality conditions hold to rounding errors, but over its unbounded variables no
	// finite bound follows from them.
	EvidenceConditions
	// EvidenceClaim: a solver reports the bound; it was not proven again here.
	EvidenceClaim
	// EvidenceProof: a bound on every answer of the follower was proven here, by weak duality or by intervals.
	EvidenceProof
)

var evidenceNames = [...]string{"none", "search", "optimality conditions", "solver's claim", "proof"}

func (e Evidence) String() string {
	if int(e) < len(evidenceNames) {
		return evidenceNames[e]
	}
	return fmt.Sprintf("Evidence(%d)", uint8(e))
}

// Weaker returns the weaker of two.
func (e Evidence) Weaker(f Evidence) Evidence { return min(e, f) }

// grounds says in words what a follower's best response rests on.
func (t *task) grounds() string {
	if !t.nonlinear() {
		return ""
	}
	switch t.evidence {
	case EvidenceSearch:
		if t.starts == 0 {
			return "the best answer found, which proves nothing"
		}
		return fmt.Sprintf("the best of %s, which proves nothing", counted(t.starts, "start"))
	case EvidenceConditions:
		return "optimality conditions of a convex problem, to rounding errors"
	case EvidenceClaim:
		return "the bound is the solver's claim"
	case EvidenceProof:
		if t.boxes > 0 {
			return fmt.Sprintf("proven by intervals on %s", counted(t.boxes, "box"))
		}
		return "proven by weak duality"
	}
	return ""
}

func counted(n int, what string) string {
	switch {
	case n == 1:
		return "1 " + what
	case what == "box":
		return fmt.Sprintf("%d boxes", n)
	}
	return fmt.Sprintf("%d %ss", n, what)
}
