package main

import (
	"io"
	"math"

	"github.com/gobilevel/bilevel"
	"github.com/gobilevel/bilevel/verify"
)

// statusWord is the status of a result in the words of the JSON contract. It goes with the exit code: optimal, feasible, infeasible and
// unbounded with 0, limit with 2, error with 3.
func statusWord(r *bilevel.Result) string { return r.Outcome() }

// verified reports whether the result has a point that passed the check.
func verified(r *bilevel.Result) bool {
	return r.Point != nil && r.Certificate != nil && r.Certificate.Verified
}

func exitCode(r *bilevel.Result) int {
	switch statusWord(r) {
	case "limit":
		return exitNoGood
	case "error":
		return exitBroken
	}
	return exitDone
}

// writeResult writes the object of the JSON contract.
func writeResult(w io.Writer, r *bilevel.Result) error {
	j := newJSON(w)
	j.object("", func() {
		j.text("model", r.Model.Name)
		j.text("status", statusWord(r))
		j.text("proof", r.Proof.String())
		j.text("stationarity", r.Stationarity)
		j.number("objective", r.Objective)
		j.number("bound", r.Bound)
		j.number("gap", r.Gap)
		j.text("attitude", r.Attitude.String())
		j.text("attainment", attainment(r))
		j.number("infimum", r.Infimum)
		followerList(j, r.Certificate)
		valuesObject(j, r)
		dualsObject(j, r)
		if r.Certificate == nil {
			j.null("certificate")
		} else {
			j.object("certificate", func() {
				certificateKeys(j, r.Model, r.Certificate)
				j.number("optimistic_objective", r.Optimistic)
			})
		}
		j.texts("plan", r.Plan)
		j.text("backend", r.Backend)
		j.number("seconds", r.Seconds)
		j.integer("nodes", r.Nodes)
		j.integer("iterations", r.Iterations)
		searchObject(j, r.Search)
		j.texts("notes", allNotes(r))
	})
	return j.end()
}

// attainment says whether the best value is that of a decision; "" where there is no point.
func attainment(r *bilevel.Result) string {
	if r.Point == nil {
		return ""
	}
	return r.Attainment.String()
}

func followerList(j *jsonWriter, c *verify.Certificate) {
	j.list("followers", func() {
		if c == nil {
			return
		}
		for _, f := range c.Followers {
			j.object("", func() {
				j.text("name", f.Name)
				j.number("objective", f.Objective)
				j.number("best_response", f.BestResponse)
				j.number("gap", f.Gap)
			})
		}
	})
}

func valuesObject(j *jsonWriter, r *bilevel.Result) {
	j.object("values", func() {
		if r.Point == nil {
			return
		}
		for k := range r.Model.NumVars() {
			j.number(r.Model.VarName(k), r.Point.X[k])
		}
	})
}

// dualsObject leaves out the constraints that only carry a member of a pair: they have no name in the model's text.
func dualsObject(j *jsonWriter, r *bilevel.Result) {
	j.object("duals", func() {
		if r.Point == nil || len(r.Point.RowDuals) < r.Model.NumRows() {
			return
		}
		for k := range r.Model.NumRows() {
			if !r.Model.IsPairRow(k) {
				j.number(r.Model.RowName(k), r.Point.RowDuals[k])
			}
		}
	})
}

// certificateKeys writes the keys of the contract. The pessimistic objective of a model without followers is its objective: nobody
// answers.
func certificateKeys(j *jsonWriter, m *bilevel.Model, c *verify.Certificate) {
	j.number("leader_violation", c.LeaderViolation)
	j.number("follower_violation", c.FollowerViolation)
	j.number("follower_gap", c.FollowerGap)
	j.number("complementarity", c.Complementarity)
	pessimistic := c.Pessimistic
	if m.NumFollowers() == 0 && math.IsNaN(pessimistic) {
		pessimistic = c.Objective
	}
	j.number("pessimistic_objective", pessimistic)
	j.text("method", c.Method)
	j.boolean("verified", c.Verified)
}

// allNotes are the notes, with the assumptions that the proof rests on and the reasons why the point is not verified.
func allNotes(r *bilevel.Result) []string {
	notes := append([]string(nil), r.Notes...)
	for _, a := range r.Assumptions {
		notes = append(notes, "assumed: "+a)
	}
	if c := r.Certificate; c != nil && !c.Verified {
		for _, why := range c.Reasons {
			notes = append(notes, "not verified: "+why)
		}
	}
	return notes
}
