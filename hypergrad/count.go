package hypergrad

import "fmt"

// Counts are numbers of oracle calls by kind.
type Counts struct {
	Leader    int64 // values and gradients of F
	Follower  int64 // values and gradients of f
	Hessian   int64 // products with ∇²yy f
	Mixed     int64 // products with the mixed derivative
	Matrices  int64 // whole Hessians
	Maps      int64 // of a contraction and its adjoint
	Solves    int64 // of a follower by its own solver
	Proximals int64
}

// Total is the sum of all kinds.
func (c Counts) Total() int64 {
	return c.Leader + c.Follower + c.Hessian + c.Mixed + c.Matrices + c.Maps + c.Solves + c.Proximals
}

// String lists the kinds that are not zero.
func (c Counts) String() string {
	s := ""
	for _, k := range []struct {
		name string
		n    int64
	}{{"leader", c.Leader}, {"follower", c.Follower}, {"Hessian", c.Hessian}, {"mixed", c.Mixed}, {"matrices", c.Matrices}, {"maps", c.Maps},
		{"solves", c.Solves}, {"proximals", c.Proximals}} {
		if k.n > 0 {
			s += fmt.Sprintf(", %s %d", k.name, k.n)
		}
	}
	if s == "" {
		return "none"
	}
	return s[2:]
}

// exceeds reports whether some kind of c is above its positive entry in budget.
func (c Counts) exceeds(budget Counts) bool {
	over := func(n, most int64) bool { return most > 0 && n >= most }
	return over(c.Leader, budget.Leader) || over(c.Follower, budget.Follower) || over(c.Hessian, budget.Hessian) || over(c.Mixed, budget.Mixed) ||
		over(c.Matrices, budget.Matrices) || over(c.Maps, budget.Maps) || over(c.Solves, budget.Solves) || over(c.Proximals, budget.Proximals)
}

// Tally counts oracle calls in two units: Calls has one for each call, Terms one for each term of a finite sum that a call touched (for
// problems that are no finite sums the two agree).
type Tally struct {
	Calls, Terms Counts
}

// oracles calls a Problem and counts.
type oracles struct {
	Problem
	tally  Tally
	n, m   int
	nf, nl int64 // terms of a full call
	batch  Sampled
	joint  Joint // nil where the problem is none
	ahead  Ahead // likewise
}

func newOracles(p Problem) *oracles {
	o := &oracles{Problem: p, nf: 1, nl: 1}
	o.n, o.m = p.Size()
	if s, ok := p.(Sampled); ok {
		a, b := s.Samples()
		o.nf, o.nl, o.batch = int64(a), int64(b), s
		o.joint, _ = p.(Joint)
		o.ahead, _ = p.(Ahead)
	}
	return o
}

func (o *oracles) Leader(x, y, gx, gy []float64) float64 {
	o.tally.Calls.Leader++
	o.tally.Terms.Leader += o.nl
	return o.Problem.Leader(x, y, gx, gy)
}

func (o *oracles) Follower(x, y, gx, gy []float64) float64 {
	o.tally.Calls.Follower++
	o.tally.Terms.Follower += o.nf
	return o.Problem.Follower(x, y, gx, gy)
}

func (o *oracles) Hessian(x, y, v, hv []float64) {
	o.tally.Calls.Hessian++
	o.tally.Terms.Hessian += o.nf
	o.Problem.Hessian(x, y, v, hv)
}

func (o *oracles) Mixed(x, y, v, cv []float64) {
	o.tally.Calls.Mixed++
	o.tally.Terms.Mixed += o.nf
	o.Problem.Mixed(x, y, v, cv)
}

func (o *oracles) matrix(x, y, h []float64) bool {
	d, ok := o.Problem.(DenseHessian)
	if !ok || !d.HessianMatrix(x, y, h) {
		return false
	}
	o.tally.Calls.Matrices++
	o.tally.Terms.Matrices += o.nf
	return true
}

func (o *oracles) leaderBatch(batch []int, x, y, gx, gy []float64) float64 {
	o.tally.Calls.Leader++
	o.tally.Terms.Leader += int64(len(batch))
	return o.batch.LeaderBatch(batch, x, y, gx, gy)
}

func (o *oracles) followerBatch(batch []int, x, y, gx, gy []float64) float64 {
	o.tally.Calls.Follower++
	o.tally.Terms.Follower += int64(len(batch))
	return o.batch.FollowerBatch(batch, x, y, gx, gy)
}

func (o *oracles) hessianBatch(batch []int, x, y, v, hv []float64) {
	o.tally.Calls.Hessian++
	o.tally.Terms.Hessian += int64(len(batch))
	o.batch.HessianBatch(batch, x, y, v, hv)
}

func (o *oracles) mixedBatch(batch []int, x, y, v, cv []float64) {
	o.tally.Calls.Mixed++
	o.tally.Terms.Mixed += int64(len(batch))
	o.batch.MixedBatch(batch, x, y, v, cv)
}

// jointBatch is followerBatch, hessianBatch and mixedBatch at one point.
func (o *oracles) jointBatch(batch []int, x, y, v, gy, hv, cv []float64) {
	if o.joint == nil {
		o.followerBatch(batch, x, y, nil, gy)
		o.hessianBatch(batch, x, y, v, hv)
		o.mixedBatch(batch, x, y, v, cv)
		return
	}
	n := int64(len(batch))
	c, t := &o.tally.Calls, &o.tally.Terms
	c.Follower++
	c.Hessian++
	c.Mixed++
	t.Follower += n
	t.Hessian += n
	t.Mixed += n
	o.joint.JointBatch(batch, x, y, v, gy, hv, cv)
}

// add adds the calls of another tally.
func (t *Tally) add(u Tally) { t.combine(u, 1) }

// subtract takes away the calls of an earlier tally.
func (t *Tally) subtract(u Tally) { t.combine(u, -1) }

func (t *Tally) combine(u Tally, sign int64) {
	for _, p := range [][2]*Counts{{&t.Calls, &u.Calls}, {&t.Terms, &u.Terms}} {
		p[0].Leader += sign * p[1].Leader
		p[0].Follower += sign * p[1].Follower
		p[0].Hessian += sign * p[1].Hessian
		p[0].Mixed += sign * p[1].Mixed
		p[0].Matrices += sign * p[1].Matrices
		p[0].Maps += sign * p[1].Maps
		p[0].Solves += sign * p[1].Solves
		p[0].Proximals += sign * p[1].Proximals
	}
}
