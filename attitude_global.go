package bilevel

import (
	"context"
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/gobilevel/bilevel/backends"
	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/nonlinear/bilevelglobal"
	"github.com/gobilevel/bilevel/reform"
	"github.com/gobilevel/bilevel/verify"
)

// worstGlobalVariables is the number of variables up to which a model with pessimistic answers of a follower that is not known to be convex goes the
// global way.
const worstGlobalVariables = 6

// goesWorstGlobal reports whether the attitude is pessimistic and the global way is taken: because it is named, or for a small model with a
// follower that no other way is for.
func (s *solver) goesWorstGlobal() bool {
	if s.opt.Attitude.kind != pessimistic || s.m.NumFollowers() == 0 {
		return false
	}
	named := strings.TrimSpace(s.opt.Reform)
	if named == globalWay {
		return true
	}
	if !s.isAuto() || s.m.NumVars() > worstGlobalVariables || s.goesPessimistic() && coupling(s.m) < 0 {
		return false
	}
	if _, err := backends.Open("highs"); err != nil {
		return false
	}
	return s.tiePass().Accepts(s.m) != nil && bilevelglobal.AcceptsPessimistic(s.m) == nil
}

// planWorstGlobal says how the model would be solved this way, or why it cannot be.
func (s *solver) planWorstGlobal() (*Plan, error) {
	plan, err := s.planGlobal()
	if err != nil {
		return nil, err
	}
	if err := bilevelglobal.AcceptsPessimistic(s.m); err != nil {
		return nil, &NoPlanError{Constructs: s.m.Constructs(), Reason: err.Error()}
	}
	plan.Why = []string{fmt.Sprintf("boxes of decisions are divided until no decision has a worst optimal answer that is better by more than %s; answers within %s of the follower's least objective count as optimal",
		format(s.globalGap()), format(worstLevelGlobal))}
	return plan, nil
}

// worstLevelGlobal is by how much an answer may miss the optimal value and count as optimal.
const worstLevelGlobal = 1e-7

// solveWorstGlobal solves the pessimistic problem of a small model.
func (s *solver) solveWorstGlobal(ctx, search context.Context) (*Result, error) {
	plan, err := s.planWorstGlobal()
	if err != nil {
		return nil, err
	}
	s.notes = append(s.notes, plan.Why...)
	s.say("plan", "pessimistic, %s -> %s", globalWay, plan.Backend)
	o := s.globalOptions()
	found, err := bilevelglobal.SolvePessimistic(search, s.m, bilevelglobal.PessimisticOptions{Options: o, Level: worstLevelGlobal})
	if err != nil {
		return s.stopped(ctx, err)
	}
	a := &attempt{chain: reform.NewChain(s.m), backend: plan.Backend, method: globalWay}
	a.claim = &backends.Result{Status: found.Status, Proof: found.Proof, Point: found.Point, Objective: found.Value, Bound: found.Floor, Gap: math.NaN(),
		Nodes: found.Statistics.Nodes, Iterations: found.Statistics.Programs, Seconds: found.Statistics.Seconds}
	return s.concludeWorstGlobal(ctx, a, found)
}

// concludeWorstGlobal measures the point in the model and states what is proven.
func (s *solver) concludeWorstGlobal(ctx context.Context, a *attempt, found *bilevelglobal.PessimisticAnswer) (*Result, error) {
	r := s.claimed(a)
	r.Proof, r.Attainment = found.Proof, AttainmentUnknown
	r.Notes = append(r.Notes, found.Notes...)
	if found.Point == nil {
		if r.Proof != model.ProofInfeasible {
			r.Proof = model.ProofNone
		}
		r.Seconds = time.Since(s.start).Seconds()
		return r, nil
	}
	check, cancel := checkTime(ctx)
	defer cancel()
	s.say("verify", "the follower is solved again at the leader's decision")
	c, err := verify.Check(check, s.m, found.Point.X, s.verifyOptions())
	if err != nil {
		return nil, err
	}
	r.Point, r.Certificate, r.Objective = found.Point, c, found.Value
	r.Pessimistic, r.Optimistic = found.Value, c.Optimistic
	r.Seconds = time.Since(s.start).Seconds()
	if !c.Verified || found.Proof == model.ProofNone {
		r.Proof, r.Status, r.Bound = model.ProofNone, model.StatusReducedAccuracy, math.NaN()
		if c.Verified {
			return r, nil
		}
		r.Notes = append(r.Notes, "the point was not verified: nothing is claimed of it")
		return r, nil
	}
	if !math.IsNaN(r.Bound) {
		if s.sense()*(r.Objective-r.Bound) < 0 { // by the tolerance of constraints
			r.Bound = r.Objective
		}
		r.Gap = globalDistance(r.Objective, r.Bound)
	}
	level := format(found.Level)
	r.Notes = append(r.Notes, fmt.Sprintf("the objective is safe: at this decision no answer of the follower within %s of its least objective is worse for the leader than %s", level, format(found.Value)))
	if r.Proof == model.ProofGlobal {
		return r, nil
	}
	if r.Status == model.StatusOptimal {
		r.Status = model.StatusFeasible
	}
	if !math.IsNaN(found.Bound) {
		r.Notes = append(r.Notes, fmt.Sprintf("if answers within %s of the least objective count as optimal, no decision has a better value than %s; if only optimal ones count, none has a better one than the bound of the optimistic problem, %s",
			level, format(found.Bound), format(found.Floor)))
	}
	return r, nil
}
