package hypergrad

import "math"

// scheduled is the factor of the method's schedule.
func scheduled(k int, exponent float64) float64 {
	if exponent == 0 {
		return 1
	}
	return math.Pow(float64(k+1), -exponent)
}

// moveY makes a follower step along -d; batch is what d was sampled from, for rules that look at the function.
func (r *sampledRun) moveY(d []float64, batch []int) { r.moveFollower(r.y, d, batch) }

// moveFollower makes a follower step of another vector than r.y.
func (r *sampledRun) moveFollower(y, d []float64, batch []int) {
	e, _, _ := r.opt.Method.exponents()
	if r.opt.YSteps == nil {
		add(y, -r.guard.ay*scheduled(r.k, e), d)
		return
	}
	r.ruled(r.opt.YSteps, &r.memory.Y, y, d, func(y []float64) float64 { return r.o.followerBatch(batch, r.x, y, nil, nil) })
}

// moveV makes a step of the adjoint along -d.
func (r *sampledRun) moveV(d []float64) {
	_, e, _ := r.opt.Method.exponents()
	if r.opt.VSteps == nil {
		add(r.v, -r.guard.av*scheduled(r.k, e), d)
		return
	}
	r.ruled(r.opt.VSteps, &r.memory.V, r.v, d, nil)
}

// moveX makes a projected leader step along -d.
func (r *sampledRun) moveX(d []float64) {
	t, length := r.guard.ax, norm(d)
	if r.opt.XSteps != nil {
		r.memory.X.note(length, r.guard.value)
		t = r.opt.XSteps.size(r.k, &r.memory.X)
	} else {
		_, _, e := r.opt.Method.exponents()
		t *= scheduled(r.k, e)
	}
	if !r.opt.Unguarded {
		t *= r.guard.shrink
		if size, most := t*length, 0.1*math.Sqrt(float64(r.o.n)); size > most {
			t *= most / size
		}
	}
	add(r.x, -t, d)
	project(r.opt.Set, r.x)
	r.memory.X.made(t, t*length)
}

// ruled makes a step by a rule; Backtracking and Polyak look at the function, which may be nil for the others.
func (r *sampledRun) ruled(rule Steps, m *stepMemory, z, d []float64, f func(z []float64) float64) {
	size := norm(d)
	value := math.NaN()
	_, search := rule.(Backtracking)
	if _, polyak := rule.(Polyak); search || polyak {
		value = f(z)
	}
	m.note(size, value)
	t := rule.size(r.k, m)
	if search && size > 0 {
		trial := make([]float64, len(z))
		for range 40 {
			copy(trial, z)
			if add(trial, -t, d); f(trial) <= value-1e-4*t*size*size {
				break
			}
			t /= 2
		}
	}
	if !r.opt.Unguarded {
		t *= r.guard.shrink
	}
	add(z, -t, d)
	m.made(t, t*size)
}
