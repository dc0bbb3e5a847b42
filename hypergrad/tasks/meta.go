package tasks

import (
	"fmt"
	"math"
	"slices"

	"github.com/gobilevel/bilevel/hypergrad/matrix"
)

// Meta is learning how to regularise: one ridge regression for each of T tasks, all with the penalties and, where it is learnt, the centre that the leader
// chooses by their held-out errors. With the data (A_t, b_t) for training and (V_t, v_t) for validation and z = (z_1, ..., z_T),
//
//	F(x, z) = mean_t |V_t z_t - v_t|²/2m_t,   f(x, z) = mean_t [ |A_t z_t - b_t|²/2n_t + ½ Σ_j exp(x_j) (z_tj - x_{p+j})² ].
//
// For tasks whose true weights are c + s∘ε with standard normal ε, and n samples with noise σ, the best penalties are exp(x_j) = σ²/(n s_j²) around the
// centre c. The data are kept as moments: an oracle costs p² a task. Answers of the follower are exact.
type Meta struct {
	p      int
	centre bool
	train  []normal
	valid  []normal
	chol   matrix.Cholesky
	work   []float64
}

// LearningTask is one task of Meta.
type LearningTask struct {
	Train, Valid Data
}

// normal are the moments A'A/n, A'b/n and b'b/n of a least-squares problem.
type normal struct {
	h, b []float64
	c    float64
}

// NewMeta makes the problem. Without a centre of its own every ridge pulls towards zero, and the leader has p variables in place of 2p.
func NewMeta(list []LearningTask, centre bool) (*Meta, error) {
	if len(list) == 0 {
		return nil, fmt.Errorf("%w: there are no tasks", ErrData)
	}
	m := &Meta{centre: centre}
	cols := -1
	for t, task := range list {
		for _, part := range []struct {
			what string
			data Data
			into *[]normal
		}{{"training", task.Train, &m.train}, {"validation", task.Valid, &m.valid}} {
			if err := part.data.check(fmt.Sprintf("%s part of task %d", part.what, t), cols); err != nil {
				return nil, err
			}
			_, cols = part.data.X.Dims()
			h, b, c, err := moments(part.data)
			if err != nil {
				return nil, err
			}
			*part.into = append(*part.into, normal{h, b, c})
		}
	}
	m.p = cols
	m.work = make([]float64, m.p)
	return m, nil
}

// Size is the number of penalties and, with a centre, of its entries; and the number of all tasks' weights.
func (m *Meta) Size() (leader, follower int) {
	if m.centre {
		return 2 * m.p, len(m.train) * m.p
	}
	return m.p, len(m.train) * m.p
}

// part are the entries of task t.
func (m *Meta) part(z []float64, t int) []float64 { return z[t*m.p : (t+1)*m.p] }

// middle is entry j of the centre.
func (m *Meta) middle(x []float64, j int) float64 {
	if m.centre {
		return x[m.p+j]
	}
	return 0
}

// value is |Az - b|²/2n; scale times its gradient is stored in g.
func (q *normal) value(z, g []float64, scale float64) float64 {
	value, p := q.c/2, len(z)
	for i := range z {
		hz := matrix.Dot(q.h[i*p:(i+1)*p], z)
		g[i] = scale * (hz - q.b[i])
		value += z[i] * (0.5*hz - q.b[i])
	}
	return value
}

// Leader is F.
func (m *Meta) Leader(x, z, gx, gz []float64) (value float64) {
	clear(gx)
	clear(gz)
	scale := 1 / float64(len(m.train))
	for t := range m.train {
		g := m.work
		if gz != nil {
			g = m.part(gz, t)
		}
		value += scale * m.valid[t].value(m.part(z, t), g, scale)
	}
	return value
}

// Follower is f.
func (m *Meta) Follower(x, z, gx, gz []float64) (value float64) {
	clear(gx)
	clear(gz)
	scale := 1 / float64(len(m.train))
	for t := range m.train {
		g := m.work
		if gz != nil {
			g = m.part(gz, t)
		}
		zt := m.part(z, t)
		value += scale * m.train[t].value(zt, g, scale)
		for j, v := range zt {
			w, d := scale*math.Exp(x[j]), v-m.middle(x, j)
			value += 0.5 * w * d * d
			g[j] += w * d
			if gx == nil {
				continue
			}
			gx[j] += 0.5 * w * d * d
			if m.centre {
				gx[m.p+j] -= w * d
			}
		}
	}
	return value
}

// Hessian is Hv, a block for each task: (A'A/n)v + exp(x)∘v over the number of tasks.
func (m *Meta) Hessian(x, z, v, hv []float64) {
	clear(hv)
	scale := 1 / float64(len(m.train))
	for t := range m.train {
		vt, out := m.part(v, t), m.part(hv, t)
		for j := range out {
			out[j] = scale * (matrix.Dot(m.train[t].h[j*m.p:(j+1)*m.p], vt) + math.Exp(x[j])*vt[j])
		}
	}
}

// Mixed is C'v.
func (m *Meta) Mixed(x, z, v, cv []float64) {
	clear(cv)
	scale := 1 / float64(len(m.train))
	for t := range m.train {
		zt, vt := m.part(z, t), m.part(v, t)
		for j := range zt {
			w := scale * math.Exp(x[j]) * vt[j]
			cv[j] += w * (zt[j] - m.middle(x, j))
			if m.centre {
				cv[m.p+j] -= w
			}
		}
	}
}

// HessianDiagonal is the diagonal of H.
func (m *Meta) HessianDiagonal(x, z, d []float64) {
	for t := range m.train {
		for j, out := 0, m.part(d, t); j < m.p; j++ {
			out[j] = (m.train[t].h[j*m.p+j] + math.Exp(x[j])) / float64(len(m.train))
		}
	}
}

// SolveFollower solves every task by a Cholesky factor.
func (m *Meta) SolveFollower(x, z []float64, _ float64) (residual float64, err error) {
	for t := range m.train {
		if err := m.ridge(&m.train[t], x, m.part(z, t)); err != nil {
			return math.NaN(), fmt.Errorf("task %d: %w", t, err)
		}
	}
	g := make([]float64, len(z))
	m.Follower(x, z, nil, g)
	return math.Sqrt(matrix.Dot(g, g)), nil
}

// ridge stores the answer to one task.
func (m *Meta) ridge(q *normal, x, z []float64) error {
	h := slices.Clone(q.h)
	for j := range z {
		w := math.Exp(x[j])
		h[j*m.p+j] += w
		z[j] = q.b[j] + w*m.middle(x, j)
	}
	if !m.chol.Factor(m.p, h, 0) {
		return fmt.Errorf("%w: the normal equations are singular; bound the penalties from below", ErrData)
	}
	m.chol.Solve(z)
	return nil
}

// Learn answers to a task that the leader has not seen: the ridge of its training data with the penalties and the centre of x.
func (m *Meta) Learn(x []float64, train Data) ([]float64, error) {
	if n, _ := m.Size(); len(x) != n {
		return nil, fmt.Errorf("%w: x has %d entries; there are %d leader variables", ErrData, len(x), n)
	}
	if err := train.check("training", m.p); err != nil {
		return nil, err
	}
	h, b, c, err := moments(train)
	if err != nil {
		return nil, err
	}
	z := make([]float64, m.p)
	return z, m.ridge(&normal{h, b, c}, x, z)
}

// TaskFamily draws tasks for Meta: true weights Centre + Spread∘ε, features of correlation 0.5 between neighbours, responses with noise. There is a feature for each
// entry of Centre; one that Spread has not does not vary.
type TaskFamily struct {
	Centre, Spread []float64
	Noise          float64
}

// Draw draws count tasks with n training and m validation samples each.
func (f TaskFamily) Draw(seed Stream, count, n, m int) []LearningTask {
	p := len(f.Centre)
	list := make([]LearningTask, count)
	for t := range list {
		own := Stream(seed.Bits(t))
		w := own.Normals(p)
		for j := range w {
			spread := 0.0
			if j < len(f.Spread) {
				spread = f.Spread[j]
			}
			w[j] = f.Centre[j] + spread*w[j]
		}
		part := func(k Stream, n int) Data {
			x := Design(own+k, n, p, 0.5)
			return Data{X: x, Y: Responses(own+k, x, w, f.Noise)}
		}
		list[t] = LearningTask{Train: part(10, n), Valid: part(20, m)}
	}
	return list
}

// Best are the penalties and the centre that are right for the family with n training samples a task: σ²/(n s_j²) in logarithms, then the centre.
func (f TaskFamily) Best(n int) []float64 {
	var x []float64
	for _, s := range f.Spread {
		x = append(x, math.Log(f.Noise*f.Noise/(float64(n)*s*s)))
	}
	return append(x, f.Centre...)
}
