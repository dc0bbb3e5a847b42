package tasks

import "github.com/gobilevel/bilevel/hypergrad/matrix"

// linearBatch is what a pass over a batch of a Linear works on. Its functions are made once, so that an oracle call needs no memory.
type linearBatch struct {
	data           Data
	rows           []int
	scale, value   float64
	labels, second [64]float64 // of a block of samples
	follower       []int       // batches that come next
	leader         []int
	values         func(lo int, t []float64)
	products       func(lo int, t, s []float64)
}

// bind makes the functions.
func (b *linearBatch) bind(l *Linear) {
	labels := func(lo, n int) []float64 {
		some := b.labels[:n]
		for i, r := range b.rows[lo : lo+n] {
			some[i] = b.data.Y[r]
		}
		return some
	}
	b.values = func(lo int, t []float64) { b.value += l.evaluate(t, labels(lo, len(t)), nil, b.scale) }
	b.products = func(lo int, t, s []float64) {
		second := b.second[:len(t)]
		b.value += l.evaluate(t, labels(lo, len(t)), second, b.scale)
		for i, d := range second {
			s[i] *= d
		}
	}
}

// onBatch makes ready for a pass over a batch of d, with sums scaled by s, which stands for all n samples.
func (l *Linear) onBatch(d Data, s float64, n int, batch []int) *linearBatch {
	b := &l.batch
	b.data, b.rows, b.scale, b.value = d, batch, s*float64(n)/float64(len(batch)), 0
	return b
}

// Ahead keeps the batches whose samples the next passes over batches fetch.
func (l *Linear) Ahead(follower, leader []int) { l.batch.follower, l.batch.leader = follower, leader }

// logisticRows is the data of a logistic model where they are dense: there a pass over a batch is a single call.
func (l *Linear) logisticRows(d Data) (*matrix.Dense, bool) {
	if l.loss != Logistic {
		return nil, false
	}
	m, ok := d.X.(*matrix.Dense)
	return m, ok
}

// LeaderBatch is Leader on a batch.
func (l *Linear) LeaderBatch(batch []int, x, z, gx, gz []float64) float64 {
	clear(gx)
	if m, ok := l.logisticRows(l.valid); ok {
		next := l.batch.leader
		l.batch.leader = nil
		return m.LogisticRows(batch, next, l.valid.Y, l.sValid*float64(l.nv)/float64(len(batch)), z, gz)
	}
	b := l.onBatch(l.valid, l.sValid, l.nv, batch)
	l.valid.X.PassRows(batch, z, gz, b.values)
	return b.value
}

// FollowerBatch is Follower on a batch.
func (l *Linear) FollowerBatch(batch []int, x, z, gx, gz []float64) float64 {
	if m, ok := l.logisticRows(l.train); ok {
		next := l.batch.follower
		l.batch.follower = nil
		return m.LogisticRows(batch, next, l.train.Y, l.sTrain*float64(l.nt)/float64(len(batch)), z, gz) + l.penalise(x, z, gx, gz)
	}
	b := l.onBatch(l.train, l.sTrain, l.nt, batch)
	l.train.X.PassRows(batch, z, gz, b.values)
	return b.value + l.penalise(x, z, gx, gz)
}

// pairs stores the gradient of the training loss on a batch in gz, where it is not nil, and its Hessian's product with v in hv, without the penalty: both products of a row, with z and
// with v, in one go over it.
func (l *Linear) pairs(batch []int, z, v, gz, hv []float64) {
	if m, ok := l.logisticRows(l.train); ok {
		next := l.batch.follower
		l.batch.follower = nil
		m.LogisticPairs(batch, next, l.train.Y, l.sTrain*float64(l.nt)/float64(len(batch)), z, v, gz, hv)
		return
	}
	b := l.onBatch(l.train, l.sTrain, l.nt, batch)
	l.train.X.PassPairs(batch, z, v, gz, hv, b.products)
}

// HessianBatch is Hessian on a batch.
func (l *Linear) HessianBatch(batch []int, x, z, v, hv []float64) {
	l.pairs(batch, z, v, nil, hv)
	for j, w := range l.penalty(x) {
		hv[j] += w * v[j]
	}
}

// MixedBatch is Mixed: the penalty is no part of the samples.
func (l *Linear) MixedBatch(_ []int, x, z, v, cv []float64) { l.Mixed(x, z, v, cv) }

// JointBatch stores the gradient in z of FollowerBatch in gz, HessianBatch in hv and MixedBatch in cv, in one go over the batch.
func (l *Linear) JointBatch(batch []int, x, z, v, gz, hv, cv []float64) {
	l.pairs(batch, z, v, gz, hv)
	weights := l.penalty(x)
	z, v, gz, hv = z[:len(weights)], v[:len(weights)], gz[:len(weights)], hv[:len(weights)]
	var sum float64
	for j, w := range weights {
		a := w * z[j]
		gz[j] += a
		hv[j] += w * v[j]
		if a *= v[j]; l.one {
			sum += a
		} else {
			cv[j] = a
		}
	}
	if l.one {
		cv[0] = sum
	}
}
