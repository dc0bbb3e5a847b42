package response

import (
	"context"
	"fmt"
	"math"

	"github.com/gobilevel/bilevel/backends"
	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/smooth"
)

// Answer is an optimal answer of the joint follower to a decision.
type Answer struct {
	X            []float64 // the decision and the answer, by variable of the model
	Value        float64   // phi, the follower's objective in minimisation form
	Rows         []float64 // λ by constraint of the model, zero for the leader's
	Lower, Upper []float64 // multipliers of the bounds of the followers' variables, zero for the leader's
	Slope        []float64 // ∇phi by variable of the model, zero for the followers'
}

// Solvers are what answers the followers.
type Solvers struct {
	Smooth  smooth.Solver    // always needed
	Backend backends.Backend // for linear followers; nil: Smooth
	// Tolerance of the follower's optimality conditions; default 1e-9.
	Tolerance float64
}

// NoAnswerError says that no answer was found.
type NoAnswerError struct {
	Status model.Status
	Reason string
}

func (e *NoAnswerError) Error() string {
	return fmt.Sprintf("the follower has no answer (%v): %s", e.Status, e.Reason)
}

// At answers the decision in x, whose entries for the followers are a guess, as is warm, the answer to a decision nearby (nil: none). The error
// is a *NoAnswerError where there is no answer or none was found, that of ctx, or that of a solver.
func (p *Problem) At(ctx context.Context, x []float64, warm *Answer, s Solvers) (*Answer, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	var (
		a   *Answer
		err error
	)
	if p.Linear && s.Backend != nil {
		a, err = p.byBackend(ctx, x, s)
	} else {
		a, err = p.bySmooth(ctx, x, warm, s)
	}
	if err != nil {
		return nil, err
	}
	a.Value = p.Inner.Objective(a.X)
	a.Slope = p.slope(a)
	return a, nil
}

// byBackend solves each follower's linear problem.
func (p *Problem) byBackend(ctx context.Context, x []float64, s Solvers) (*Answer, error) {
	a := p.blank(x)
	for k := 1; k < p.Model.NumPlayers(); k++ {
		fp, err := p.problems.At(k, x)
		if err != nil {
			return nil, err
		}
		r, err := s.Backend.Solve(ctx, fp.Model, backends.Options{Threads: 1}, nil)
		if err != nil {
			return nil, err
		}
		if r.Point == nil || r.Status != model.StatusOptimal && r.Status != model.StatusReducedAccuracy {
			return nil, p.noAnswer(ctx, r.Status, p.Model.Player(k).Name())
		}
		fp.Extend(a.X, r.Point.X)
		sign := p.Model.Player(k).Objective().Sense.Sign()
		for i, row := range fp.Rows {
			if i < len(r.Point.RowDuals) && !p.Only[row] {
				a.Rows[row] = -sign * r.Point.RowDuals[i]
			}
		}
		for i, j := range fp.Vars {
			if i < len(r.Point.VarDuals) {
				d := sign * r.Point.VarDuals[i]
				a.Lower[j], a.Upper[j] = math.Max(d, 0), math.Max(-d, 0)
			}
		}
	}
	return a, nil
}

// bySmooth solves the joint follower's program with the leader's variables fixed.
func (p *Problem) bySmooth(ctx context.Context, x []float64, warm *Answer, s Solvers) (*Answer, error) {
	tolerance := s.Tolerance
	if tolerance == 0 {
		tolerance = 1e-9
	}
	start := smooth.Start{X: append([]float64(nil), x...)}
	for _, j := range p.LeaderOwn {
		p.Inner.SetBounds(j, x[j], x[j])
	}
	for _, j := range p.Own {
		start.X[j] = math.Min(math.Max(start.X[j], p.lower[j]), p.upper[j])
	}
	opt := smooth.Options{Tolerance: tolerance, MaxIterations: 500}
	if warm != nil {
		for _, j := range p.Own {
			start.X[j] = warm.X[j]
		}
		start.Rows, start.Lower, start.Upper = warm.Rows, warm.Lower, warm.Upper
		opt.Warm, opt.Mu = true, 1e-6
	}
	r, err := s.Smooth.Solve(ctx, p.Inner, start, opt)
	if err != nil {
		return nil, err
	}
	if warm != nil && !r.Solved() && ctx.Err() == nil {
		opt.Warm, opt.Mu = false, 0
		start.Rows, start.Lower, start.Upper = nil, nil, nil
		if r, err = s.Smooth.Solve(ctx, p.Inner, start, opt); err != nil {
			return nil, err
		}
	}
	if !r.Solved() {
		return nil, p.noAnswer(ctx, r.Status, r.Message)
	}
	a := p.blank(x)
	for _, j := range p.Own {
		a.X[j], a.Lower[j], a.Upper[j] = r.X[j], r.Lower[j], r.Upper[j]
	}
	copy(a.Rows, r.Rows)
	return a, nil
}

func (p *Problem) blank(x []float64) *Answer {
	return &Answer{X: append([]float64(nil), x...), Rows: make([]float64, p.Model.NumRows()), Lower: make([]float64, len(x)), Upper: make([]float64, len(x))}
}

func (p *Problem) noAnswer(ctx context.Context, s model.Status, reason string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return &NoAnswerError{Status: s, Reason: reason}
}

// slope is ∇_x f + ∇_x c'λ.
func (p *Problem) slope(a *Answer) []float64 {
	g := make([]float64, len(a.X))
	p.Inner.Gradient(a.X, g)
	rows, cols := p.Inner.JacobianPattern()
	vals := make([]float64, len(rows))
	p.Inner.Jacobian(a.X, vals)
	for k, r := range rows {
		if l := a.Rows[r]; l != 0 {
			g[cols[k]] += l * vals[k]
		}
	}
	for _, j := range p.Own {
		g[j] = 0
	}
	return g
}
