package branch

import (
	"context"
	"math"
	"sync"
	"sync/atomic"
)

// alone is the number of nodes that one thread searches before others are made: most problems are solved by then. Tests lower it.
var alone = 200

// search empties the queue, or stops by ctx, a limit or an error.
func (t *tree) search(ctx context.Context) error {
	defer t.gather()
	for {
		if len(t.workers) < t.allowed() && t.stat.Nodes >= alone && t.queue.Len() > 1 {
			if err := t.moreWorkers(); err != nil {
				return err
			}
		}
		if t.opt.Opportunistic && len(t.workers) > 1 {
			return t.free(ctx)
		}
		more, err := t.round(ctx)
		if err != nil || !more {
			return err
		}
	}
}

// allowed is the number of threads that may run now.
func (t *tree) allowed() int {
	if t.opt.Reserved == nil {
		return t.opt.Threads
	}
	return max(1, t.opt.Threads-t.opt.Reserved())
}

// moreWorkers makes the LPs of the other threads.
func (t *tree) moreWorkers() error {
	first := t.workers[0]
	for len(t.workers) < t.allowed() {
		lp, err := first.lp.clone()
		if err != nil {
			return err
		}
		first.prop.undo(first.mark)
		w := newWorker(t, first.prop.clone(), lp)
		w.tightened = first.tightened
		w.costs.list = append([][2]pseudocost(nil), first.costs.list...)
		w.costs.meanSum, w.costs.meanN = first.costs.meanSum, first.costs.meanN
		w.heard = len(t.lessons)
		t.workers = append(t.workers, w)
	}
	return nil
}

// next takes the best open node; nil where the search is over.
func (t *tree) next(ctx context.Context) *node {
	if ctx.Err() != nil || t.unbounded || t.opt.NodeLimit > 0 && t.stat.Nodes >= t.opt.NodeLimit {
		return nil
	}
	if t.queue.Len() == 0 {
		return nil
	}
	n := t.queue.best()
	if tol := t.opt.tolerance(t.value); n.bound >= t.value-tol { // and so are all the others
		if n.bound < t.value {
			t.cut = math.Min(t.cut, n.bound)
		}
		t.queue.list = nil
		return nil
	}
	return n
}

// goOn returns the node at which the worker's last dive was interrupted, if it is to go on there; otherwise the node joins the others.
func (t *tree) goOn(ctx context.Context, w *worker) *node {
	n := w.resume
	if n == nil {
		return nil
	}
	if ctx.Err() == nil && !t.unbounded && (t.opt.NodeLimit == 0 || t.stat.Nodes < t.opt.NodeLimit) && w.keepDiving(n, t.lowest()) {
		return n
	}
	w.resume = nil
	t.queue.add(n)
	return nil
}

// gather puts the nodes of interrupted dives back into the queue.
func (t *tree) gather() {
	for _, w := range t.workers {
		if w.resume != nil {
			t.queue.add(w.resume)
			w.resume = nil
		}
	}
}

// left is how many nodes the limit leaves.
func (t *tree) left() int {
	if t.opt.NodeLimit == 0 {
		return math.MaxInt
	}
	return max(1, t.opt.NodeLimit-t.stat.Nodes)
}

// divesARound is how many nodes each of several threads gets in a round, so that one with short dives does not wait for the others.
const divesARound = 8

// round gives each thread some of the best nodes to dive from, one after the other, and takes their harvests in the order of the threads:
// what it does depends on nothing but the number of threads.
func (t *tree) round(ctx context.Context) (more bool, err error) {
	t.changeBranching()
	divers := t.workers[:min(len(t.workers), t.allowed())]
	starts := make([][]*node, len(divers))
	low, any := math.Inf(1), false
	give := func(i int, n *node) {
		starts[i] = append(starts[i], n)
		low, any = math.Min(low, n.bound), true
	}
	for i, w := range divers {
		if n := t.goOn(ctx, w); n != nil {
			give(i, n)
		}
	}
	share := 1
	if len(divers) > 1 {
		share = divesARound
	}
	for k := range share * len(divers) {
		i := k % len(divers)
		if k < len(divers) && len(starts[i]) > 0 {
			continue
		}
		n := t.next(ctx)
		if n == nil {
			break
		}
		give(i, n)
	}
	if !any {
		return false, nil
	}
	low = math.Min(low, t.lowest())
	var wait sync.WaitGroup
	for i, w := range divers {
		w.sync()
		wait.Add(1)
		go func() {
			defer wait.Done()
			w.diveFrom(ctx, starts[i], low, t.left())
		}()
	}
	wait.Wait()
	for _, w := range divers {
		if w.out.err != nil && err == nil {
			err = w.out.err
		}
		t.merge(w, &t.queue)
	}
	t.progress(false)
	return true, err
}

// free lets each thread take the best node whenever it is free.
func (t *tree) free(ctx context.Context) error {
	var wait sync.WaitGroup
	wake := sync.NewCond(&t.mu)
	var failed error
	t.flying = make([]float64, 0, len(t.workers))
	inFlight := make(map[*worker]float64)
	fly := func() { // the bounds of what is in flight, for the tree's own
		t.flying = t.flying[:0]
		for _, w := range t.workers {
			if b, ok := inFlight[w]; ok {
				t.flying = append(t.flying, b)
			}
		}
	}
	for _, w := range t.workers {
		wait.Add(1)
		go func() {
			defer wait.Done()
			t.mu.Lock()
			defer t.mu.Unlock()
			for {
				n := (*node)(nil)
				for failed == nil {
					if n = t.goOn(ctx, w); n == nil {
						n = t.next(ctx)
					}
					if n != nil || len(inFlight) == 0 || ctx.Err() != nil || t.unbounded {
						break
					}
					wake.Wait()
				}
				if n == nil {
					wake.Broadcast()
					return
				}
				low := n.bound
				inFlight[w] = low
				fly()
				w.sync()
				limit := t.left()
				t.mu.Unlock()
				w.dive(ctx, n, low, limit)
				t.mu.Lock()
				delete(inFlight, w)
				fly()
				if w.out.err != nil && failed == nil {
					failed = w.out.err
				}
				t.merge(w, &t.queue)
				t.progress(false)
				wake.Broadcast()
			}
		}()
	}
	wait.Wait()
	t.flying = nil
	return failed
}

// liveValue is the value of the incumbent for threads that do not wait for the end of a dive.
type liveValue struct{ bits atomic.Uint64 }

func (l *liveValue) set(v float64) { l.bits.Store(math.Float64bits(v)) }

// hear takes over the value of a better incumbent of another thread.
func (w *worker) hear() {
	if v := math.Float64frombits(w.t.live.bits.Load()); v < w.value {
		w.value, w.best = v, nil
	}
}
