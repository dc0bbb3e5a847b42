package hypergrad

// Problem is a leader's problem with one follower, unconstrained and with a Hessian that is positive definite at its answers:
//
//	min h(x) = F(x, y*(x))  over x in X ⊂ Rⁿ,   y*(x) = argmin f(x, y)  over y in Rᵐ.
//
// It is given by oracles alone; no matrix is asked for. A follower of another kind implements one more of the interfaces of this file. Points
// have n and m entries and are not to be changed or kept; results are stored in the slices given, which never overlap the points.
// A Problem is used by one goroutine at a time.
type Problem interface {
	// Size is n and m.
	Size() (leader, follower int)
	// Leader returns F(x, y) and stores its gradients, each where its slice is not nil.
	Leader(x, y, gx, gy []float64) float64
	// Follower returns f(x, y) and stores its gradients, each where its slice is not nil.
	Follower(x, y, gx, gy []float64) float64
	// Hessian stores ∇²yy f(x, y) v, m entries.
	Hessian(x, y, v, hv []float64)
	// Mixed stores ∇x(∇y f(x, y)'v) = C'v, n entries, where C = ∂(∇y f)/∂x is m × n.
	Mixed(x, y, v, cv []float64)
}

// ForwardMixed is a Problem that also knows the products C u, m entries, which forward mode needs; without it they are central differences
// of ∇y f along u.
type ForwardMixed interface {
	MixedForward(x, y, u, cu []float64)
}

// DenseHessian is a Problem whose follower is small enough for its Hessian: Newton steps with a Cholesky factor take the place of conjugate
// gradients.
type DenseHessian interface {
	// HessianMatrix stores ∇²yy f(x, y), row-major, m × m, and answers whether it did: a problem may know the matrix only for some sizes.
	HessianMatrix(x, y, h []float64) bool
}

// Diagonal is a Problem that knows diag ∇²yy f(x, y), at least nearly, which preconditions conjugate gradients.
type Diagonal interface {
	HessianDiagonal(x, y, d []float64)
}

// OwnSolver is a Problem that answers for its follower: y is where it starts and ends, tol the largest norm of the follower's
// stationarity residual asked for. It returns the residual reached, or an error where it found no answer.
type OwnSolver interface {
	SolveFollower(x, y []float64, tol float64) (residual float64, err error)
}

// Supported is a Problem whose follower has a nonsmooth part that is separable, f(x, y) + Σ p_i(x, y_i), as a lasso has. Follower, Hessian
// and Mixed speak of f; near an answer y* only the entries of its support (the free entries) move with x, and there p_i is smooth: with
// H the Hessian of f + p and C its mixed derivative on the support S,
//
//	∇h = ∇x F - C_S'v_S,   H_SS v_S = ∇y F_S.
//
// The products of Hessian and Mixed then include the derivatives of p on the support; entries of gradients and products outside it are not used, nor
// is a direction ever nonzero there, so that they need not be computed.
type Supported interface {
	// Free tells the entries of y that move with x. Entries at a kink are not free.
	Free(x, y []float64, free []bool)
	// Prox overwrites y with argmin_z step·Σ p_i(x, z_i) + ½‖z - y‖².
	Prox(x []float64, step float64, y []float64)
}

// Constrained is a Problem whose follower has constraints g(x, y) <= 0 (the first Inequalities rows) and = 0 (the others). Follower, Hessian
// and Mixed speak of f alone.
//
// With multipliers u (u_i >= 0 for inequalities) and active rows I, under LICQ, strong second order and strict complementarity,
//
//	[ H  A_I' ] [p]   [ ∇y F ]
//	[ A_I  0  ] [s] = [   0  ] ,   ∇h = ∇x F - C'p - B_I's,   A = ∂g/∂y, B = ∂g/∂x,
//
// H and C of the Lagrangian f + u'g.
type Constrained interface {
	Rows() (inequalities, equations int)
	Values(x, y, g []float64)
	// AdjointRows stores A'u in ay and B'u in bx, each where its slice is not nil.
	AdjointRows(x, y, u, ay, bx []float64)
	// ForwardRows stores A v.
	ForwardRows(x, y, v, av []float64)
	// LagrangianHessian adds Σ u_i ∇²yy g_i v to hv and Σ u_i ∇²xy g_i v to cv, each where its slice is not nil; for affine constraints it
	// does nothing.
	LagrangianHessian(x, y, u, v, hv, cv []float64)
}

// Contraction is a Problem whose follower answers by a fixed point y = Φ(x, y) of a map with a Lipschitz constant below one in y:
//
//	∇h = ∇x F + (∂Φ/∂x)'v,   (I - ∂Φ/∂y)'v = ∇y F.
//
// Only Leader and Size of its Problem are called then.
type Contraction interface {
	Map(x, y, out []float64)
	// MapAdjoint stores (∂Φ/∂x)'v in px and (∂Φ/∂y)'v in py, each where its slice is not nil.
	MapAdjoint(x, y, v, px, py []float64)
}

// Parts is a Problem over samples that can be had over a part of them.
type Parts interface {
	Problem
	// Samples are the numbers of samples of f and F.
	Samples() (follower, leader int)
	// Part is the same problem over the given numbers of samples, spread over all of them, with sums scaled to stand for all.
	Part(follower, leader int) (Problem, error)
}

// Sampled is a Problem of two finite sums, f = (1/N) Σ f_i and F = (1/M) Σ F_j. The sampled oracles are those of Problem over the mean of the
// terms of a batch of indices.
type Sampled interface {
	Problem
	// Samples are N and M.
	Samples() (follower, leader int)
	LeaderBatch(batch []int, x, y, gx, gy []float64) float64
	FollowerBatch(batch []int, x, y, gx, gy []float64) float64
	HessianBatch(batch []int, x, y, v, hv []float64)
	MixedBatch(batch []int, x, y, v, cv []float64)
}

// Joint is a Sampled problem that computes at once what single-loop methods ask of a batch of f.
type Joint interface {
	Sampled
	// JointBatch stores ∇y f in gy, ∇²yy f v in hv and ∇x(∇y f'v) in cv, as FollowerBatch, HessianBatch and MixedBatch do; none of the three is nil.
	JointBatch(batch []int, x, y, v, gy, hv, cv []float64)
}

// Ahead is a Sampled problem that is told which batches come next, so that their samples can be on their way from memory while others are worked on. Methods tell it
// where they know.
type Ahead interface {
	Sampled
	// Ahead names the batches of f and of F that will be asked for after the ones that are asked for next; nil where it is not known. They are a hint: other calls may
	// come.
	Ahead(follower, leader []int)
}
