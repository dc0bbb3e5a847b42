package bilevel

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/reform"
	"github.com/gobilevel/bilevel/verify"
	"github.com/gobilevel/bilevel/verify/stationarity"
)

// Stationarity says of which kind of stationarity a point of a model is, one value a variable: of the model itself where it has no follower,
// else of what the pass kkt makes of it, with the multipliers that the followers' problems have at the point. Multipliers of the
// report are computed afresh.
func Stationarity(ctx context.Context, m *Model, x []float64, options ...Options) (*stationarity.Report, error) {
	s, err := newSolver(m, options)
	if err != nil {
		return nil, err
	}
	ctx, cancel := s.limited(ctx)
	defer cancel()
	if len(x) != m.NumVars() {
		return nil, &verify.PointError{Problem: fmt.Sprintf("%d values for %d variables", len(x), m.NumVars()), Remedy: "give one value a variable"}
	}
	if m.NumFollowers() == 0 {
		return stationarity.OfModel(ctx, m, x, stationarity.Options{})
	}
	chain := reform.NewChain(m)
	if err := chain.Apply(ctx, s.pass("kkt", m)); err != nil {
		return nil, err
	}
	p, err := verify.Respond(ctx, m, x, s.verifyOptions())
	if err != nil {
		return nil, err
	}
	for j, v := range p.X {
		if math.Abs(v-x[j]) > 1e-4*math.Max(1, math.Abs(v)) {
			return nil, &verify.AnswerError{Reason: fmt.Sprintf("%s is %s at the point, and %s in the answer from which the multipliers are taken", m.VarName(j), format(x[j]), format(v))}
		}
	}
	copy(p.X, x)
	if p, err = chain.Lift(p); err != nil {
		return nil, err
	}
	return stationarity.OfModel(ctx, chain.Model(), p.X, stationarity.Options{})
}

// classLetters are the classes as results and the command write them.
var classLetters = map[stationarity.Class]string{
	stationarity.WStationary: "W", stationarity.AStationary: "A", stationarity.CStationary: "C", stationarity.MStationary: "M",
	stationarity.BStationary: "B", stationarity.SStationary: "S", stationarity.Stationary: "KKT",
}

// lastPoint is the point of the result in the last model of the chain: the one that the method ended with, or where the followers have answered
// something else, that answer with its multipliers.
func (s *solver) lastPoint(ctx context.Context, r *Result, a *attempt) ([]float64, error) {
	p, err := a.chain.Recover(a.claim.Point)
	if err != nil {
		return nil, err
	}
	for j, v := range p.X {
		if math.Abs(v-r.Point.X[j]) > 1e-6*math.Max(1, math.Abs(v)) {
			if q := s.answered(ctx, a, r.Point.X); q != nil {
				return q.X, nil
			}
			return nil, errors.New("the followers answer otherwise than the method has found, and the multipliers of their answer are not known")
		}
	}
	return a.claim.Point.X, nil
}

// classify finds the stationarity of a local answer at the point that the method ended with, and takes the claim back where there is none.
func (s *solver) classify(ctx context.Context, r *Result, a *attempt) {
	if r.Proof != model.ProofLocal || a.claim.Point == nil {
		return
	}
	x, err := s.lastPoint(ctx, r, a)
	var rep *stationarity.Report
	if err == nil {
		rep, err = stationarity.OfModel(ctx, a.chain.Model(), x, stationarity.Options{})
	}
	if err != nil {
		r.Notes = append(r.Notes, "the stationarity of the point could not be judged: "+err.Error())
	} else {
		r.StationarityReport, r.Stationarity = rep, classLetters[rep.Class]
	}
	if r.Stationarity == "" {
		r.Proof, r.Status = model.ProofFeasible, model.StatusFeasible
		if rep != nil {
			r.Notes = append(r.Notes, "the point was not found stationary: "+strings.Join(rep.Sentences(), " "))
		}
	}
}

// weighEvidence says where the followers' answers of a verified point rest on less than a proof.
func (s *solver) weighEvidence(r *Result) {
	c := r.Certificate
	if c == nil || !c.Verified || s.m.NumFollowers() == 0 || c.Evidence == verify.EvidenceProof {
		return
	}
	r.Notes = append(r.Notes, fmt.Sprintf("that the followers' answers are optimal rests on: %v", c.Evidence))
}
