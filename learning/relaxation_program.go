package learning

import (
	"fmt"
	"math"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/smooth"
)

// relaxedProgram is the relaxed problem of the method relaxation. For hinges α_j max(0, r_j - a_j'v), v = (w, b), see type hinges, the conditions of a fold are
//
//	0 <= α_j ⟂ g_j >= 0,   g_j = ξ_j - r_j + a_j'v,     0 <= ξ_j ⟂ s_j >= 0,   s_j = C - α_j,
//	w - Σ α_j a_jw + p - q = 0,   Σ α_j a_jb = 0,        0 <= p_k ⟂ box_k - w_k >= 0,   0 <= q_k ⟂ box_k + w_k >= 0.
//
// With a kernel g_j = (Qα)_j - 1 - b y_j + ξ_j and there is no w; Q depends on γ. The leader's hinge or absolute loss z_i has rows; misclassification is ζ_i with
//
//	0 <= ζ_i ⟂ m_i + z_i >= 0,   0 <= z_i ⟂ 1 - ζ_i >= 0
//
// for the margin m_i. Each member of a pair is a variable of its own, so that products are ab <= t. The variables of each fold are a group: without the hyperparameters nothing joins folds.
type relaxedProgram struct {
	program *smooth.Compiled
	space   *space
	m       *model.Model
	lead    *model.Player
	hyper   []model.Var // by coordinate of the space
	pairs   []int       // rows of products
	start   []float64   // by variable
	group   int

	programs, steps int // solved, and iterations for them, so far
}

// newRelaxedProgram writes the program; the followers stand at theta, from where it starts.
func newRelaxedProgram(s *search, theta []float64) (*relaxedProgram, error) {
	p := &relaxedProgram{space: s.space, m: model.New("relaxation")}
	p.lead = p.m.Leader()
	for i := range theta {
		p.hyper = append(p.hyper, p.variable(fmt.Sprintf("theta%d", i), math.Exp(s.space.lo[i]), math.Exp(s.space.hi[i]), math.Exp(theta[i])))
	}
	var total []model.Expr
	for t, f := range s.cv.folds {
		p.group = t + 1
		held := s.cv.held[t]
		predict, at := p.training(f), f.scores(held)
		total = append(total, p.loss(t, held, s.cv.loss, predict, at).Times(1/float64(len(s.cv.folds)*held.Len())))
	}
	p.lead.Minimize(model.Sum(total...))
	var err error
	p.program, err = smooth.Compile(p.m)
	return p, err
}

// variable adds a variable of the group with its value at the start.
func (p *relaxedProgram) variable(name string, lo, hi, start float64) model.Var {
	v := p.lead.Var(name, lo, hi)
	if p.group > 0 {
		p.m.SetVarGroup(v.Index(), p.group)
	}
	p.start = append(p.start, start)
	return v
}

// variables adds as many variables as there are values.
func (p *relaxedProgram) variables(name string, lo float64, start []float64) []model.Var {
	out := make([]model.Var, len(start))
	for k, v := range start {
		out[k] = p.variable(fmt.Sprintf("%s%d_%d", name, p.group, k), lo, math.Inf(1), v)
	}
	return out
}

// equal adds rows lhs = 0.
func (p *relaxedProgram) equal(name string, n int, lhs func(k int) model.Expr) {
	p.lead.ConstrainEach(fmt.Sprintf("%s%d", name, p.group), n, func(k int) model.Relation { return lhs(k).Eq(0) })
}

// complement adds the products of pairs.
func (p *relaxedProgram) complement(name string, n int, product func(k int) model.Expr) {
	for _, row := range p.lead.ConstrainEach(fmt.Sprintf("%s%d", name, p.group), n, func(k int) model.Relation { return product(k).LE(1) }) {
		p.pairs = append(p.pairs, row.Index())
	}
}

// set moves to another t.
func (p *relaxedProgram) set(t float64) {
	for _, row := range p.pairs {
		p.program.SetRowBounds(row, math.Inf(-1), t)
	}
}

// theta are the logarithms of the hyperparameters of a point.
func (p *relaxedProgram) theta(x []float64) []float64 {
	out := make([]float64, len(p.hyper))
	for i, v := range p.hyper {
		out[i] = math.Log(math.Max(x[v.Index()], 1e-300))
	}
	p.space.clip(out)
	return out
}

// training writes the conditions of a fold's follower and returns the prediction for a sample.
func (p *relaxedProgram) training(f *Follower) func(x []float64) model.Expr {
	if k, ok := f.f.(*kernel); ok {
		return p.kernel(k)
	}
	h := f.f.(*hinges)
	w := p.variables("w", math.Inf(-1), h.v[:h.n])
	b := p.variables("b", math.Inf(-1), h.v[h.n:])[0]
	slope := make([]float64, h.n) // Σ α_j a_jw - w, what boxes hold
	for k := range slope {
		slope[k] = -h.v[k]
	}
	score := make([]float64, h.m)
	for j, a := range h.a {
		addTimes(slope, h.alpha[j], a[:h.n])
		score[j] = dot(a, h.v) - h.r[j]
	}
	var eps model.Expr
	if h.tube != 0 {
		eps = p.hyper[1].Times(h.tube)
	}
	alpha := p.pairsOf(h.alpha, score, h.c, func(_ []model.Var, j int) model.Expr {
		a := h.a[j]
		e := model.Dot(a[:h.n], w).Plus(b.Times(a[h.n])).Minus(h.fixed[j])
		if h.tube != 0 {
			e = e.Plus(eps)
		}
		return e
	})
	column := make([]float64, h.m)
	sum := func(k int) model.Expr {
		for j, a := range h.a {
			column[j] = a[k]
		}
		return model.Dot(column, alpha)
	}
	p.equal("balance", 1, func(int) model.Expr { return sum(h.n) })
	if len(p.hyper) == p.space.scalars {
		p.equal("stationary", h.n, func(k int) model.Expr { return w[k].Minus(sum(k)) })
		return func(x []float64) model.Expr { return prediction(x, w, b) }
	}
	up, down, room := make([]float64, h.n), make([]float64, h.n), [2][]float64{make([]float64, h.n), make([]float64, h.n)}
	for k, v := range slope {
		up[k], down[k] = math.Max(0, v), math.Max(0, -v)
		room[0][k], room[1][k] = h.box[k]-h.v[k], h.box[k]+h.v[k]
	}
	box := p.hyper[p.space.scalars:]
	pv, qv := p.variables("p", 0, up), p.variables("q", 0, down)
	above, under := p.variables("above", 0, room[0]), p.variables("under", 0, room[1])
	p.equal("stationary", h.n, func(k int) model.Expr { return w[k].Minus(sum(k)).Plus(pv[k]).Minus(qv[k]) })
	p.equal("upper", h.n, func(k int) model.Expr { return above[k].Minus(box[k]).Plus(w[k]) })
	p.equal("lower", h.n, func(k int) model.Expr { return under[k].Minus(box[k]).Minus(w[k]) })
	p.complement("atupper", h.n, func(k int) model.Expr { return pv[k].Times(above[k]) })
	p.complement("atlower", h.n, func(k int) model.Expr { return qv[k].Times(under[k]) })
	return func(x []float64) model.Expr { return prediction(x, w, b) }
}

// kernel is training for a kernel.
func (p *relaxedProgram) kernel(k *kernel) func(x []float64) model.Expr {
	b, gamma := p.variables("b", math.Inf(-1), []float64{k.b})[0], p.hyper[1]
	score := make([]float64, k.l)
	for j, g := range k.grad {
		score[j] = g - k.b*k.y[j]
	}
	alpha := p.pairsOf(k.alpha, score, k.c, func(alpha []model.Var, j int) model.Expr {
		q := model.SumOver(k.l, func(i int) any { return alpha[i].Times(k.y[i] * k.y[j]).Times(kernelOf(gamma, k.dist[j*k.l+i])) })
		return q.Minus(1).Minus(b.Times(k.y[j]))
	})
	p.equal("balance", 1, func(int) model.Expr { return model.Dot(k.y, alpha) })
	train := &Data{X: k.x, Y: k.y}
	return func(x []float64) model.Expr { return kernelPrediction(train, x, alpha, b, gamma) }
}

// pairsOf adds multipliers α with their pairs, 0 <= α ⟂ ξ + score >= 0 and 0 <= ξ ⟂ C - α >= 0; of is the score as an expression.
func (p *relaxedProgram) pairsOf(alpha, score []float64, c float64, of func(alpha []model.Var, j int) model.Expr) []model.Var {
	l := len(alpha)
	xi, gap, left := make([]float64, l), make([]float64, l), make([]float64, l)
	for j := range l {
		xi[j] = math.Max(0, -score[j])
		gap[j] = xi[j] + score[j]
		left[j] = c - alpha[j]
	}
	av, xv := p.variables("alpha", 0, alpha), p.variables("xi", 0, xi)
	gv, sv := p.variables("gap", 0, gap), p.variables("left", 0, left)
	p.equal("cap", l, func(j int) model.Expr { return sv[j].Plus(av[j]).Minus(p.hyper[0]) })
	p.complement("active", l, func(j int) model.Expr { return av[j].Times(gv[j]) })
	p.complement("full", l, func(j int) model.Expr { return xv[j].Times(sv[j]) })
	p.equal("gap", l, func(j int) model.Expr { return gv[j].Minus(xv[j]).Minus(of(av, j)) })
	return av
}

// loss writes the leader's loss on a fold, with the predictions at the start, and returns its sum over the samples.
func (p *relaxedProgram) loss(t int, held *Data, loss Loss, predict func(x []float64) model.Expr, at []float64) model.Expr {
	l := held.Len()
	first, second := make([]float64, l), make([]float64, l)
	switch loss {
	case Hinge:
		for i, v := range at {
			first[i] = math.Max(0, 1-v*held.Y[i])
		}
		z := p.variables("z", 0, first)
		p.lead.ConstrainEach(fmt.Sprintf("loss%d", p.group), l, func(i int) model.Relation { return predict(held.X[i]).Times(held.Y[i]).Plus(z[i]).GE(1) })
		return model.Dot(nil, z)
	case Absolute:
		for i, v := range at {
			first[i] = math.Abs(v - held.Y[i])
		}
		z := p.variables("z", 0, first)
		residual := func(i int) model.Expr { return predict(held.X[i]).Minus(held.Y[i]) }
		p.lead.ConstrainEach(fmt.Sprintf("over%d", p.group), l, func(i int) model.Relation { return z[i].Minus(residual(i)).GE(0) })
		p.lead.ConstrainEach(fmt.Sprintf("under%d", p.group), l, func(i int) model.Relation { return z[i].Plus(residual(i)).GE(0) })
		return model.Dot(nil, z)
	case Misclassification:
		zeta, gap := make([]float64, l), make([]float64, l)
		for i, v := range at {
			m := v * held.Y[i]
			if m <= 0 {
				zeta[i] = 1
			}
			second[i] = math.Max(0, -m)
			gap[i] = m + second[i]
			first[i] = 1 - zeta[i]
		}
		zv, ov := p.variables("zeta", 0, zeta), p.variables("right", 0, first)
		dv, gv := p.variables("depth", 0, second), p.variables("side", 0, gap)
		p.equal("one", l, func(i int) model.Expr { return zv[i].Plus(ov[i]).Minus(1) })
		p.equal("margin", l, func(i int) model.Expr { return gv[i].Minus(dv[i]).Minus(predict(held.X[i]).Times(held.Y[i])) })
		p.complement("wrong", l, func(i int) model.Expr { return zv[i].Times(gv[i]) })
		p.complement("correct", l, func(i int) model.Expr { return dv[i].Times(ov[i]) })
		return model.Dot(nil, zv)
	}
	return addValidation(p.lead, held, loss, fmt.Sprint(t+1), func(i int) model.Expr { return predict(held.X[i]) })
}
