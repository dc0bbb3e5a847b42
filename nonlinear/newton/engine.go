package newton

import "math"

// iterate is a primal-dual point v = (x, s) or, with elastic variables, v = (x, s, p, q), with what has been evaluated there.
type iterate struct {
	v      []float64
	lambda []float64
	zl, zu []float64
	rows   []float64 // c(x)
	res    []float64 // c(x) - b, c(x) - s, and - p + q with elastic variables
	f      float64   // objective without barrier
	phi    float64   // with barrier
	theta  float64   // Σ |res|
}

func newIterate(n, m int) iterate {
	return iterate{v: make([]float64, n), lambda: make([]float64, m), zl: make([]float64, n), zu: make([]float64, n), rows: make([]float64, m), res: make([]float64, m)}
}

func (a *iterate) copyFrom(b *iterate) {
	copy(a.v, b.v)
	copy(a.lambda, b.lambda)
	copy(a.zl, b.zl)
	copy(a.zu, b.zu)
	copy(a.rows, b.rows)
	copy(a.res, b.res)
	a.f, a.phi, a.theta = b.f, b.phi, b.theta
}

// engine runs the interior iteration on
//
//	min weight f(x) + rho Σ(p + q) + zeta/2 Σ_i prox_i² (v_i - ref_i)²
//	s.t. c(x) - b - p + q = 0,  c(x) - s - p + q = 0,  bounds of (x, s),  p, q >= 0.
//
// Without elastic variables (weight 1, no p and q, zeta 0) this is the program; with weight 0 it is the search for a feasible point.
type engine struct {
	pr           *problem
	kkt          *kkt
	n            int // variables
	elastic      bool
	weight       float64
	rho, zeta    float64
	ref, prox    []float64
	lower, upper []float64
	cur, trial   iterate
	mu, tau      float64
	grad         []float64 // of the objective without barrier, by variable
	barrier      []float64 // of the objective with barrier
	lagrangian   []float64 // gradient of the Lagrangian
	sigma        []float64
	diag         []float64 // of slacks and elastic variables: sigma, proximal term and shift
	dv, dlambda  []float64
	dzl, dzu     []float64
	soc          []float64 // right-hand side of the rows with second-order correction
	socV         []float64
	socLambda    []float64
	alpha        float64 // last step length
	firstF       float64 // objective at the start
	slow         int     // steps in a row that were cut short
	slowTheta    float64 // violation before them
	fill         func(dw, dc float64)
	filter       filter
	adaptive     adaptive
	quality      quality
	zero         []float64
	errs         residuals // at the current point, against products of 0
}

func newEngine(pr *problem, k *kkt, elastic bool) *engine {
	n := pr.nx + pr.ms
	e := &engine{pr: pr, kkt: k, elastic: elastic, weight: 1}
	if elastic {
		e.ref, e.prox = make([]float64, n), make([]float64, n)
		n += 2 * pr.mr
	}
	e.n = n
	e.lower, e.upper = make([]float64, n), make([]float64, n)
	for i := copy(e.lower, pr.lower); i < n; i++ {
		e.lower[i] = 0
	}
	for i := copy(e.upper, pr.upper); i < n; i++ {
		e.upper[i] = math.Inf(1)
	}
	e.cur, e.trial = newIterate(n, pr.mr), newIterate(n, pr.mr)
	for _, s := range []*[]float64{&e.grad, &e.barrier, &e.lagrangian, &e.sigma, &e.diag, &e.dv, &e.dzl, &e.dzu, &e.socV} {
		*s = make([]float64, n)
	}
	e.dlambda, e.soc, e.socLambda = make([]float64, pr.mr), make([]float64, pr.mr), make([]float64, pr.mr)
	e.quality, e.zero = newQuality(n, pr.mr), make([]float64, pr.mr)
	e.fill = e.diagonals
	return e
}

// damping keeps variables with one bound from running away where the objective does not hold them: damping mu (x - l) is added to the
// barrier function.
const damping = 1e-5

// evaluate computes rows, residual, objective and barrier function at a's point; ok is false where they are not numbers.
func (e *engine) evaluate(a *iterate) (ok bool) {
	x := a.v[:e.pr.nx]
	a.f = 0
	if e.weight != 0 {
		f, ok := e.pr.values(x, a.rows)
		if !ok {
			return false
		}
		a.f = e.weight * f
	} else {
		e.pr.setPoint(x)
		if !e.pr.rowValues(a.rows) {
			return false
		}
	}
	e.measure(a)
	return a.phi-a.phi == 0 && a.theta-a.theta == 0
}

// measure completes an iterate whose rows and f, the weighted objective of the program, are set.
func (e *engine) measure(a *iterate) {
	if e.elastic {
		nv := e.pr.nx + e.pr.ms
		s := 0.0
		for _, p := range a.v[nv:] {
			s += p
		}
		a.f += e.rho * s
		q := 0.0
		for i, r := range e.ref {
			d := e.prox[i] * (a.v[i] - r)
			q += d * d
		}
		a.f += e.zeta / 2 * q
	}
	e.residual(a)
	a.phi = a.f + e.barrierTerm(a.v)
}

func (e *engine) residual(a *iterate) {
	pr := e.pr
	a.theta = 0
	for r := range a.res {
		v := a.rows[r]
		if s := pr.slack[r]; s >= 0 {
			v -= a.v[s]
		} else {
			v -= pr.target[r]
		}
		if e.elastic {
			at := pr.nx + pr.ms + r
			v += a.v[at+pr.mr] - a.v[at]
		}
		a.res[r] = v
		a.theta += math.Abs(v)
	}
}

// barrierTerm is -mu Σ log of the distances to the bounds, and the damping.
func (e *engine) barrierTerm(v []float64) float64 {
	logs, linear := 0.0, 0.0
	product := 1.0
	for i, x := range v {
		l, u := e.lower[i], e.upper[i]
		hasL, hasU := !math.IsInf(l, -1), !math.IsInf(u, 1)
		if hasL {
			product *= x - l
			if !hasU {
				linear += x - l
			}
		}
		if hasU {
			product *= u - x
			if !hasL {
				linear += u - x
			}
		}
		if product < 1e-100 || product > 1e100 { // logarithms of products are cheaper than products of logarithms
			logs += math.Log(product)
			product = 1
		}
	}
	logs += math.Log(product)
	return e.mu * (damping*linear - logs)
}

// gradients computes those of the objective, the barrier function and the Lagrangian at the current point, whose derivatives the problem
// holds.
func (e *engine) gradients() {
	nx, nv := e.pr.nx, e.pr.nx+e.pr.ms
	for i := range nx {
		e.grad[i] = e.weight * e.pr.grad[i]
	}
	clear(e.grad[nx:nv])
	for i := nv; i < e.n; i++ {
		e.grad[i] = e.rho
	}
	for i, r := range e.ref {
		e.grad[i] += e.zeta * e.prox[i] * e.prox[i] * (e.cur.v[i] - r)
	}
	for i, g := range e.grad {
		l, u, x := e.lower[i], e.upper[i], e.cur.v[i]
		hasL, hasU := !math.IsInf(l, -1), !math.IsInf(u, 1)
		b := g
		if hasL {
			b -= e.mu / (x - l)
			if !hasU {
				b += damping * e.mu
			}
		}
		if hasU {
			b += e.mu / (u - x)
			if !hasL {
				b -= damping * e.mu
			}
		}
		e.barrier[i] = b
	}
	copy(e.lagrangian, e.grad)
	e.addTranspose(e.cur.lambda, e.lagrangian)
	for i := range e.lagrangian {
		e.lagrangian[i] += e.cur.zu[i] - e.cur.zl[i]
	}
}

// addTranspose adds the transpose of the Jacobian of the rows by v, times λ, to g.
func (e *engine) addTranspose(lambda, g []float64) {
	pr := e.pr
	pr.addJacobianT(lambda, g)
	for r, y := range lambda {
		if s := pr.slack[r]; s >= 0 {
			g[s] -= y
		}
		if e.elastic {
			at := pr.nx + pr.ms + r
			g[at] -= y
			g[at+pr.mr] += y
		}
	}
}
