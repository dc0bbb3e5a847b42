package hypergrad

import (
	"errors"
	"fmt"
)

// ErrCurvature is wrapped where ∇²yy f has a direction of negative or no curvature at the answer: the follower's answer is then no smooth
// function of x. A Tikhonov term (Tikhonov) restores the curvature. It is noticed where solvers meet such a direction, and looked for where a point is to be called
// stationary and in CheckHypergradient.
var ErrCurvature = errors.New("the follower's Hessian is not positive definite; add a Tikhonov term or a regulariser")

// ErrNotNumber is wrapped where an oracle answers NaN or an infinite number.
var ErrNotNumber = errors.New("an oracle answered a value that is not a finite number; restrict the leader's set or rescale")

// ErrFollower is wrapped where the follower's problem was not solved to the residual asked for.
var ErrFollower = errors.New("the follower was not solved; allow more iterations, a larger tolerance or a better start")

// ErrAdjoint is wrapped where the adjoint system Hv = ∇y F was not solved, not even to the root of the tolerance asked for.
var ErrAdjoint = errors.New("the adjoint system was not solved; allow more iterations, a larger tolerance, or give a preconditioner (Diagonal, DenseHessian)")

// ErrDiverged is wrapped where a sampled run went back to its last good point, with shorter steps, again and again.
var ErrDiverged = errors.New("the run diverges however short its steps; rescale the problem, give steps of your own or take Minimize")

// ErrState is wrapped where a file is no state of this package, or not as it was written.
var ErrState = errors.New("it is no state file of this version, was cut short or was changed; take an earlier one or begin anew")

// ErrOptions is wrapped for options and starts that make no sense.
var ErrOptions = errors.New("hypergrad: bad option")

func badOption(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrOptions, fmt.Sprintf(format, args...))
}

// OracleError says at which place of a run an oracle failed.
type OracleError struct {
	Oracle    string // "Leader", "Follower", "Hessian", ...
	Iteration int    // of the follower's or the linear solver
	Err       error
}

func (e *OracleError) Error() string {
	return fmt.Sprintf("hypergrad: %s, iteration %d: %v", e.Oracle, e.Iteration, e.Err)
}

// Unwrap is the cause.
func (e *OracleError) Unwrap() error { return e.Err }
