package library

import (
	"fmt"
	"math"
	"strings"

	"github.com/gobilevel/bilevel"
	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/verify"
)

// Verdict says what became of a run. The package comment defines the verdicts.
type Verdict string

// The verdicts.
const (
	Solved   Verdict = "solved"
	Better   Verdict = "better"
	Unjudged Verdict = "unjudged"
	Worse    Verdict = "worse"
	TimeOut  Verdict = "time-out"
	Refused  Verdict = "refused"
	Failed   Verdict = "error"
	Wrong    Verdict = "wrong"
)

// Verdicts lists all verdicts, the best first.
func Verdicts() []Verdict {
	return []Verdict{Solved, Better, Unjudged, Worse, TimeOut, Refused, Failed, Wrong}
}

// Good reports whether a run brought what the index asks for.
func (v Verdict) Good() bool { return v == Solved || v == Better }

// rank orders the verdicts for a comparison: a greater one is worse.
func (v Verdict) rank() int {
	switch v {
	case Solved, Better, Unjudged:
		return 0
	case Worse:
		return 1
	case TimeOut:
		return 2
	case Refused:
		return 3
	case Failed:
		return 4
	}
	return 5
}

// accepts reports whether a point counts.
func (u Rule) accepts(c *verify.Certificate) bool {
	if c == nil {
		return false
	}
	if c.Verified {
		return true
	}
	t := u.Feasibility
	if t == 0 {
		return false
	}
	gap := max(t, u.FollowerGap)
	for _, f := range c.Followers {
		if !(math.Abs(f.Objective-f.BestResponse) <= gap*max(1, math.Abs(f.BestResponse))) {
			return false
		}
	}
	for _, v := range []float64{c.LeaderViolation, c.FollowerViolation, c.Complementarity, c.Integrality, c.SOS1, c.Indicators, c.DualResidual} {
		if !(v <= t) {
			return false
		}
	}
	return true
}

// judge compares a result with what is known. late says that the time limit was reached.
func (u Rule) judge(k Known, r *bilevel.Result, late bool) (Verdict, string) {
	late = late || r.Status == model.StatusLimit || r.Status == model.StatusInterrupted
	counts := r.Point != nil && u.accepts(r.Certificate)
	switch {
	case r.Proof == bilevel.ProofInfeasible || r.Proof == bilevel.ProofUnbounded:
		return u.judgeNone(k, r.Proof)
	case counts:
		return u.judgePoint(k, r, late)
	}
	if why := u.refuted(k, r); why != "" {
		return Wrong, why
	}
	switch {
	case late:
		return TimeOut, ""
	case u.NoPointAgrees && (k.Kind == Infeasible || k.Kind == NoOptimum):
		return Solved, "no point was found"
	}
	return Failed, "ended without a point that counts" + reasons(r)
}

func reasons(r *bilevel.Result) string {
	switch {
	case r.Certificate != nil && len(r.Certificate.Reasons) > 0:
		return ": " + strings.Join(r.Certificate.Reasons, "; ")
	case len(r.Notes) > 0:
		return ": " + r.Notes[len(r.Notes)-1]
	}
	return ""
}

// judgeNone judges a proof that there is no optimum.
func (u Rule) judgeNone(k Known, proof bilevel.Proof) (Verdict, string) {
	switch {
	case k.Kind == Nothing:
		return Unjudged, ""
	case k.Kind == NoOptimum, k.Kind == Infeasible && proof == bilevel.ProofInfeasible, k.Kind == Unbounded && proof == bilevel.ProofUnbounded:
		return Solved, ""
	}
	return Wrong, fmt.Sprintf("claimed to be proven %v, and the index says: %v", proof, k)
}

// judgePoint judges a point that counts.
func (u Rule) judgePoint(k Known, r *bilevel.Result, late bool) (Verdict, string) {
	switch k.Kind {
	case Nothing:
		return Unjudged, ""
	case Infeasible:
		if k.Proven {
			return Wrong, "a verified point of a problem that is infeasible by the index"
		}
		return Better, "a verified point, and the index lists the problem as infeasible"
	case Unbounded, NoOptimum:
		switch {
		case r.Proof >= bilevel.ProofGlobalIfBounds:
			return Wrong, fmt.Sprintf("claimed to be optimal, and the index says: %v", k)
		case late:
			return TimeOut, ""
		}
		return Worse, fmt.Sprintf("the index says: %v", k)
	}
	if why := u.refuted(k, r); why != "" {
		return Wrong, why
	}
	switch d := u.distance(k, r.Model, r.Objective); {
	case math.Abs(d) <= u.Objective:
		return Solved, ""
	case d < 0 && k.Proven:
		return Wrong, strings.TrimSuffix(fmt.Sprintf("a verified point is better than %v, which the index calls proven; %s", k, onSearches(r)), "; ")
	case d < 0:
		return Better, onSearches(r)
	case r.Proof >= bilevel.ProofGlobalIfBounds:
		return Wrong, fmt.Sprintf("claimed to be optimal (%v), and the index knows %v", r.Proof, k)
	case late:
		return TimeOut, ""
	case r.Proof == bilevel.ProofLocal:
		return Worse, "a local solution"
	}
	return Worse, ""
}

// distance is how much worse a value is than the known one, relative to max(1, |value|); negative where it is better.
func (u Rule) distance(k Known, m *bilevel.Model, v float64) float64 {
	d := (v - k.Value) / max(1, math.Abs(k.Value))
	return m.Leader().Objective().Sense.Sign() * d
}

// refuted says why the known value refutes the bound of a result, "" where it does not.
func (u Rule) refuted(k Known, r *bilevel.Result) string {
	if k.Kind != Value || math.IsNaN(r.Bound) || math.IsInf(r.Bound, 0) {
		return ""
	}
	if u.distance(k, r.Model, r.Bound) > u.Objective {
		return fmt.Sprintf("claimed that no point is better than %.6g, and the index knows %v", r.Bound, k)
	}
	return ""
}

// onSearches says where a better point stands on less than a proof that the followers answer optimally.
func onSearches(r *bilevel.Result) string {
	if e := r.Certificate.Evidence; e < verify.EvidenceClaim {
		return fmt.Sprintf("that the followers answer optimally rests on: %v", e)
	}
	return ""
}
