package bilevel

import (
	"context"
	"math"
	"time"

	"github.com/gobilevel/bilevel/branch"
	"github.com/gobilevel/bilevel/model"
)

// Session solves a model again and again while it changes: bounds of variables, right-hand sides, coefficients, objectives, more
// constraints and variables, of the leader or of the followers. Each solve starts from what the earlier ones have left:
//
//   - The leader's earlier decisions are put within the bounds that now hold and answered again by the followers. The best of these
//     points starts the search; it is a feasible point whatever changed, for it is checked in the model as it is now.
//   - A proven bound on the leader's objective stays one where the change only cut points off: where the followers' problems are what they
//     were, and bounds and constraints of the leader became tighter or more. A change of the leader's objective by an affine function moves the
//     bound by the least value of that function over the bounds of the variables, and a bound for an objective that lies between two earlier
//     ones is the mean of theirs, weighted in the same way.
//   - A model that was proven infeasible stays so where the change only cut points off, one that was proven unbounded where it only let
//     points in and the objective is what it was.
//
// What changed is found by comparing the model with the ones that were solved, so that any way of changing it will do: the editing
// calls (Var.SetBounds, Constraint.SetBounds, SetRHS, SetCoef and Drop, Player.SetObjectiveCoef), those that build a model, or another
// model altogether, given to SetModel. A bound is only taken over from a proof without condition. Where the starting point meets the
// bound, the answer is given without a search; it says so in its notes.
//
// With an attitude that is not optimistic, each solve starts from nothing: the value of a decision then is another one, and the best
// value need not be that of any decision.
//
// Editing changes the model that earlier results refer to: take from a result what is needed before the next edit. A Session is for one
// goroutine.
type Session struct {
	model   *model.Model
	options []Options
	records []*record // oldest first
	reuse   Reuse
	learned *branch.Warm // basis and pseudocosts of the last search
}

// Reuse says what a solve took over from earlier ones.
type Reuse struct {
	Start   float64 // leader's objective at the best earlier decision, answered again; NaN where there is none
	Bound   float64 // bound on the leader's objective that is still valid; NaN where there is none
	Settled bool    // the answer was given without a search
}

// NewSession starts a session on a model. Options.Start serves where no earlier decision does; a time limit is that of each solve.
func NewSession(m *Model, options ...Options) *Session {
	return &Session{model: m, options: append([]Options(nil), options...), reuse: Reuse{Start: math.NaN(), Bound: math.NaN()}}
}

// Model is the model that the next solve is about.
func (s *Session) Model() *Model { return s.model }

// SetModel goes on with another model, for example with one made anew from a text with other data. It takes over what it shares with
// the models solved before: variables and constraints are compared in their order and by their names.
func (s *Session) SetModel(m *Model) { s.model = m }

// Reuse says what the last solve took over from those before it.
func (s *Session) Reuse() Reuse { return s.reuse }

// Forget drops what earlier solves have left: the next one starts from nothing.
func (s *Session) Forget() { s.records, s.learned = nil, nil }

// Solve solves the model as it is now. See Solve for results and errors.
func (s *Session) Solve(ctx context.Context) (*Result, error) {
	s.reuse = Reuse{Start: math.NaN(), Bound: math.NaN()}
	sv, err := newSolver(s.model, s.options)
	if err != nil {
		return nil, err
	}
	ctx, cancel := sv.limited(ctx)
	defer cancel()
	search, stop := searchTime(ctx)
	defer stop()
	if sv.breaksTies() {
		return sv.solve(ctx, search)
	}
	k := s.carried(sv)
	k.answerAgain(search, sv)
	r, err := k.settled(ctx, sv)
	if err != nil {
		return nil, err
	}
	if s.reuse.Settled = r != nil; !s.reuse.Settled {
		sv.session, sv.learned = true, s.learned
		if r, err = k.search(ctx, search, sv); err != nil {
			return nil, err
		}
		s.learned = sv.learned
	}
	r.Seconds = time.Since(sv.start).Seconds()
	r.attaining()
	if k.wrong {
		s.records = nil
	} else {
		s.reuse.Bound = sv.declared(k.bound)
	}
	if k.start != nil {
		s.reuse.Start = k.start.objective
	}
	s.remember(r)
	return r, nil
}

// sign is +1 where the leader minimises and -1 where it maximises.
func (s *solver) sign() float64 { return s.m.Leader().Objective().Sense.Sign() }

// declared turns a bound on the minimised objective into one on the objective as declared; -Inf stands for none.
func (s *solver) declared(bound float64) float64 {
	if math.IsInf(bound, 0) {
		return math.NaN()
	}
	return s.sign() * bound
}
