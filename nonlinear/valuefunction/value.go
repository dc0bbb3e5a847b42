package valuefunction

import (
	"context"
	"fmt"
	"math"

	"github.com/gobilevel/bilevel/backends"
	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/smooth"
	"github.com/gobilevel/bilevel/reform"
	"github.com/gobilevel/bilevel/verify"
)

// Value is the value function of the followers at a decision of the leader.
type Value struct {
	// Phi is Σ_k φ_k(x), each in minimisation form.
	Phi float64
	// Gradient has one entry a variable of the model, zero for those of followers: with the answer z and the shadow prices d of the followers'
	// constraints, as declared, and σ = -1 for a follower that maximises, else 1,
	//
	//	∇φ_k(x) = σ_k (∇_x f_k(x, z) - Σ_r d_r ∇_x g_r(x, z)),
	//
	// by the envelope theorem. Where the answer and its multipliers are unique it is the gradient; a convex φ has it as a subgradient; otherwise it
	// belongs to the answer found. nil where a follower has integer variables, to whose answers no multipliers belong.
	Gradient []float64
	// Answer is x with the followers' answers, and their shadow prices where there is a Gradient.
	Answer *model.Point
}

// Oracle evaluates the value function of a model's followers by solving their problems. It may be used by one goroutine at a time.
type Oracle struct {
	m        *model.Model
	opt      verify.Options
	integers bool
	sum      *smooth.Compiled // Σ σ_k f_k and all constraints, in all variables
}

// NewOracle prepares the value function of m. opt are the solvers of the followers: linear, convex quadratic and integer ones go to
// opt.Backend, nonlinear ones to opt.Smooth, from opt.Starts points where they are not known to be convex, or to opt.Solver. The followers must
// be such as pass value-function takes.
func NewOracle(m *model.Model, opt verify.Options) (*Oracle, error) {
	if err := m.Err(); err != nil {
		return nil, err
	}
	if err := (reform.ValueFunction{}).Accepts(m); err != nil {
		return nil, err
	}
	o := &Oracle{m: m, opt: opt}
	d := m.Derive()
	acc := d.Accumulator()
	for k := 1; k < m.NumPlayers(); k++ {
		acc.AddFunction(m.Player(k).Objective().Sense.Sign(), m.Player(k).Objective().F)
	}
	f := acc.Function()
	for j := range d.NumVars() {
		o.integers = o.integers || m.VarOwner(j) > 0 && m.VarKind(j) != model.Continuous
		d.SetVarOwner(j, 0)
	}
	for r := range d.NumRows() {
		d.SetRowOwner(r, 0)
	}
	d.DropFollowers()
	d.Leader().SetObjective(model.Objective{Sense: model.Minimize, F: f})
	var err error
	o.sum, err = smooth.Compile(d)
	return o, err
}

// At evaluates at the leader's decision in x, one entry a variable of the model, of which those of followers are a guess. Errors are those of
// verify.Respond, a *verify.AnswerError where a follower has no answer among them.
func (o *Oracle) At(ctx context.Context, x []float64) (*Value, error) {
	if o.integers {
		return o.atIntegers(ctx, x)
	}
	a, err := verify.Respond(ctx, o.m, x, o.opt)
	if err != nil {
		return nil, err
	}
	v := &Value{Phi: o.sum.Objective(a.X), Answer: a, Gradient: make([]float64, len(a.X))}
	o.sum.Gradient(a.X, v.Gradient)
	rows, cols := o.sum.JacobianPattern()
	vals := make([]float64, len(rows))
	o.sum.Jacobian(a.X, vals)
	for k, r := range rows {
		if p := o.m.RowOwner(int(r)); p > 0 && a.RowDuals[r] != 0 {
			v.Gradient[cols[k]] -= o.m.Player(p).Objective().Sense.Sign() * a.RowDuals[r] * vals[k]
		}
	}
	for j := range v.Gradient {
		if o.m.VarOwner(j) > 0 {
			v.Gradient[j] = 0
		}
	}
	return v, nil
}

// atIntegers solves each follower's problem by the backend.
func (o *Oracle) atIntegers(ctx context.Context, x []float64) (*Value, error) {
	if o.opt.Backend == nil {
		return nil, &verify.AnswerError{Reason: "a follower with integer variables needs a backend, and none was given"}
	}
	v := &Value{Answer: &model.Point{X: append([]float64(nil), x...)}}
	problems := o.m.FollowerProblems()
	for k := 1; k < o.m.NumPlayers(); k++ {
		fp, err := problems.At(k, x)
		if err != nil {
			return nil, err
		}
		if extra := fp.Model.Constructs().Without(o.opt.Backend.Capabilities().Takes); extra != 0 {
			return nil, &verify.AnswerError{Follower: o.m.Player(k).Name(), Reason: fmt.Sprintf("%s does not take %v", o.opt.Backend.Name(), extra)}
		}
		r, err := o.opt.Backend.Solve(ctx, fp.Model, backends.Options{}, nil)
		if err != nil {
			return nil, err
		}
		if r.Status != model.StatusOptimal || r.Point == nil || math.IsNaN(r.Objective) {
			return nil, &verify.AnswerError{Follower: o.m.Player(k).Name(), Status: r.Status, Reason: r.Status.Sentence()}
		}
		fp.Extend(v.Answer.X, r.Point.X)
		v.Phi += o.m.Player(k).Objective().Sense.Sign() * r.Objective
	}
	return v, nil
}
