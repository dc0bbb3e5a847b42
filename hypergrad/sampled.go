package hypergrad

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// Method is a method of MinimizeSampled, by a struct of its parameters: SOBA{}, SABA{}, BSA{Inner: 20}, ...
type Method interface {
	// Name is the method's name in lower case.
	Name() string
	// exponents are those of the default schedules of the steps of y, v and x.
	exponents() (y, v, x float64)
	// start prepares the run; the function that it returns makes one iteration.
	start(r *sampledRun) (iterate func(), err error)
}

// SampledOptions are the settings of MinimizeSampled; the zero value of a field is its default.
type SampledOptions struct {
	Method Method // default SABA{}
	Set    Set    // X; nil is Rⁿ
	Batch  int    // samples of a batch at each level; default 64
	// Consecutive makes batches of consecutive samples, which memory serves several times faster, in place of random ones. It is for samples that come in random
	// order already; sorted ones, by label say, would make batches that differ too much.
	Consecutive bool
	Seed        uint64
	// YSteps, VSteps and XSteps are the rules of the follower's, the adjoint's and the leader's steps: Constant, Schedule or TuningFree, and for the follower
	// Backtracking or Polyak, which look at the value of f on the batch. (Batches tell no value of h, and Adaptive needs two gradients of one function.) Methods with a Neumann series take VSteps, where it is
	// Constant or a Schedule, for its η. By default their sizes are found on the
	// way, times the schedule that the method's theory asks for: half the inverse of the follower's largest eigenvalue for y and v (0.15 of it in
	// SABA and SRBA), and for x a size that grows while successive hypergradients agree and shrinks where they turn.
	YSteps, VSteps, XSteps Steps
	// Unguarded leaves out what keeps a run from diverging: the checks return to the last good point, with shorter steps, where the values are not
	// finite or F or the follower's residual jumped, and moves of x are at most 0.1√n long.
	Unguarded bool
	// CheckEvery is the number of iterations between checks of the whole data, at the end; default three passes over the follower's samples. Checks
	// come at iterations 25, 50, 100, ... first.
	CheckEvery int
	// Tolerance is the norm of x - P(x - ∇h) at which the run ends, with ∇h estimated at checks and then confirmed with the follower solved;
	// default 1e-6.
	Tolerance     float64
	MaxIterations int           // default 1000000
	TimeLimit     time.Duration // 0: none
	Budget        Counts        // of terms, of each kind; 0: none
	Progress      func(Progress) bool
	// Save gets the state of the run at each check; Resume is a state to continue from.
	Save   func(*State) error
	Resume *State
}

// sampledRun is a run of MinimizeSampled.
type sampledRun struct {
	ctx     context.Context
	o       *oracles
	opt     SampledOptions
	begin   time.Time
	earlier time.Duration
	history []Progress
	random  random

	k          int
	x, y, v    []float64
	blocks     [2][][]int // batches of follower and leader
	coming     drawnPair
	products   [][]int   // batches of a Neumann estimate
	power      []float64 // its last term
	memory     stepMemoryState
	guard      guard
	vectors    map[string][]float64 // of the method, all of which are saved
	numbers    map[string]*float64
	gx, gy, cv []float64
	checks     Tally // the part of the tally that the guard took
	failure    error // of the last iteration
}

// MinimizeSampled looks for a stationary point of h over the leader's set with a method that samples the finite sums, from x and y (nil: zero). A
// Problem that is no finite sum is one of a single term: then the methods are deterministic. What ends the run, and what errors mean, is as in
// Minimize.
func MinimizeSampled(ctx context.Context, p Problem, x, y []float64, opt SampledOptions) (*Result, error) {
	if err := checkProblem(p); err != nil {
		return nil, err
	}
	r := &sampledRun{o: newOracles(p), opt: opt, begin: time.Now(), vectors: map[string][]float64{}, numbers: map[string]*float64{}}
	if isA[Contraction](p) || isA[Constrained](p) || isA[Supported](p) {
		return nil, badOption("sampled methods step along gradients of an unconstrained, smooth follower; take Minimize for this one")
	}
	if r.o.batch == nil {
		r.o.batch = whole{p}
	}
	if err := r.prepare(x, y); err != nil {
		return nil, err
	}
	r.ctx = ctx
	cancel := func() {}
	if opt.TimeLimit > 0 {
		r.ctx, cancel = context.WithTimeout(ctx, opt.TimeLimit)
	}
	defer cancel()
	iterate, err := r.opt.Method.start(r)
	if err != nil {
		return nil, err
	}
	if opt.Resume != nil {
		err = r.load(opt.Resume)
	} else {
		err = r.checking(func() error { return r.guard.begin(r) })
	}
	if err != nil {
		return nil, err
	}
	status, message, err := r.loop(iterate)
	g := &r.guard
	return &Result{Status: status, X: slices.Clone(g.x), Y: slices.Clone(g.y), Value: g.value, Gradient: slices.Clone(g.d), Norm: g.norm, Residual: g.residual, Iterations: r.k,
		Tally: r.o.tally, Checks: r.checks, Seconds: r.elapsed().Seconds(), Message: message, History: r.history}, err
}

func (r *sampledRun) elapsed() time.Duration { return r.earlier + time.Since(r.begin) }

// prepare fills in defaults and makes the batches.
func (r *sampledRun) prepare(x, y []float64) error {
	o := &r.opt
	if o.Method == nil {
		o.Method = SABA{}
	}
	o.Set = plainSet(o.Set)
	if x == nil && o.Resume != nil {
		x = make([]float64, r.o.n) // the state has one
	}
	if err := checkStart(r.o.n, x, o.Set); err != nil {
		return err
	}
	if err := checkParameters(o.Method); err != nil {
		return err
	}
	if y == nil {
		y = make([]float64, r.o.m)
	}
	if len(y) != r.o.m || !finite(y) {
		return badOption("the follower's start has %d entries for %d variables, or one that is not finite", len(y), r.o.m)
	}
	if o.Batch < 0 || o.CheckEvery < 0 || !proper(o.Tolerance) || o.MaxIterations < 0 || o.TimeLimit < 0 || o.Budget.negative() {
		return badOption("batch %d, checks every %d, tolerance %v, %d iterations, time limit %v, budget %+v: none may be negative or infinite", o.Batch, o.CheckEvery, o.Tolerance, o.MaxIterations,
			o.TimeLimit, o.Budget)
	}
	for _, s := range []struct {
		of    string
		rule  Steps
		value bool // a batch tells the value of the function that is descended
	}{{"follower", o.YSteps, true}, {"adjoint", o.VSteps, false}, {"leader", o.XSteps, false}} {
		if s.rule == nil {
			continue
		}
		if err := checkSampledSteps(s.of, s.rule, s.value); err != nil {
			return err
		}
	}
	if o.Batch == 0 {
		o.Batch = 64
	}
	if o.Tolerance == 0 {
		o.Tolerance = 1e-6
	}
	if o.MaxIterations == 0 {
		o.MaxIterations = 1000000
	}
	r.random.seed = o.Seed
	nf, nl := r.o.batch.Samples()
	if nf <= 0 || nl <= 0 {
		return badOption("the sums have %d and %d terms; both need one at least", nf, nl)
	}
	if o.Consecutive {
		r.blocks[0], r.blocks[1] = cut(inOrder(nf), o.Batch), cut(inOrder(nl), o.Batch)
	} else {
		r.blocks[0], r.blocks[1] = r.random.partition(nf, o.Batch), r.random.partition(nl, o.Batch)
	}
	if o.CheckEvery == 0 {
		o.CheckEvery = max(25, 3*len(r.blocks[0]))
	}
	r.x, r.y, r.v = slices.Clone(x), slices.Clone(y), make([]float64, r.o.m)
	project(o.Set, r.x)
	r.gx, r.cv, r.gy = make([]float64, r.o.n), make([]float64, r.o.n), make([]float64, r.o.m)
	return nil
}

// loop iterates until the run ends.
func (r *sampledRun) loop(iterate func()) (Status, string, error) {
	for {
		if r.guard.due(r) {
			var stationary bool
			err := r.checking(func() (err error) {
				stationary, err = r.guard.check(r)
				return err
			})
			if err != nil {
				return Stalled, "", err
			}
			now := Progress{Iteration: r.k, Value: r.guard.value, Norm: r.guard.norm, Residual: r.guard.residual, Step: r.guard.step(r), Tally: r.o.tally, Checks: r.checks, Elapsed: r.elapsed()}
			r.history = append(r.history, now)
			now.X, now.Y = r.guard.x, r.guard.y
			if r.opt.Progress != nil && !r.opt.Progress(now) {
				return Interrupted, "stopped by the progress function", nil
			}
			if stationary {
				return Stationary, fmt.Sprintf("projected gradient %.3g <= %.3g", r.guard.norm, r.opt.Tolerance), nil
			}
			if r.opt.Save != nil {
				if err := r.opt.Save(r.save()); err != nil {
					return Interrupted, "the state was not saved", fmt.Errorf("hypergrad: saving the state: %w", err)
				}
			}
		}
		if err := r.ctx.Err(); err != nil {
			if errors.Is(err, context.DeadlineExceeded) && r.opt.TimeLimit > 0 && r.elapsed() >= r.opt.TimeLimit {
				return Limit, "the time limit was reached", nil
			}
			return Interrupted, "stopped by the caller", nil
		}
		if r.k >= r.opt.MaxIterations {
			return Limit, fmt.Sprintf("%d iterations were made", r.k), nil
		}
		if r.o.tally.Terms.exceeds(r.opt.Budget) {
			return Spent, "terms: " + r.o.tally.Terms.String(), nil
		}
		r.failure = nil
		iterate()
		if r.failure != nil {
			return Stalled, "", r.failure
		}
		r.k++
	}
}

// checking counts the calls of f, which measures and does not move, apart.
func (r *sampledRun) checking(f func() error) error {
	before := r.o.tally
	err := f()
	r.checks.add(r.o.tally)
	r.checks.subtract(before)
	return err
}

// vector is a saved vector of the method.
func (r *sampledRun) vector(name string, n int) []float64 {
	v := make([]float64, n)
	r.vectors[name] = v
	return v
}

// number is a saved number of the method.
func (r *sampledRun) number(name string, value float64) *float64 {
	r.numbers[name] = &value
	return &value
}

// followerBatch and leaderBatch draw one of the fixed batches, with the probability of its share of the samples (the last one may be shorter); k is its index.
func (r *sampledRun) followerBatch() (k int, batch []int) {
	k = r.drawBlock(r.blocks[0])
	return k, r.blocks[0][k]
}

func (r *sampledRun) leaderBatch() (k int, batch []int) {
	k = r.drawBlock(r.blocks[1])
	return k, r.blocks[1][k]
}

// pair draws a batch of each player, as followerBatch and then leaderBatch do. The two draws after that are made, too, and kept: a problem that is Ahead hears of them.
func (r *sampledRun) pair() (i, j int) {
	p := &r.coming
	if p.to == p.from || p.from != r.random.drawn {
		r.peek()
	}
	i, j, r.random.drawn = p.i, p.j, p.to
	if r.o.ahead != nil {
		r.peek()
		r.o.ahead.Ahead(r.blocks[0][p.i], r.blocks[1][p.j])
	}
	return i, j
}

// drawnPair is a pair of batches, with the state of the random numbers before and after it.
type drawnPair struct {
	from, to uint64
	i, j     int
}

// peek looks which pair comes next.
func (r *sampledRun) peek() {
	at := r.random
	p := &r.coming
	p.from = at.drawn
	p.i = at.block(r.blocks[0])
	p.j = at.block(r.blocks[1])
	p.to = at.drawn
}

func (r *sampledRun) drawBlock(blocks [][]int) int { return r.random.block(blocks) }

// block draws one of some batches by their shares.
func (r *random) block(blocks [][]int) int {
	last := len(blocks) - 1
	return r.below(last*len(blocks[0])+len(blocks[last])) / len(blocks[0])
}

// whole is a problem without terms as a sum of one.
type whole struct {
	Problem
}

func (whole) Samples() (follower, leader int) { return 1, 1 }
func (w whole) LeaderBatch(_ []int, x, y, gx, gy []float64) float64 {
	return w.Leader(x, y, gx, gy)
}
func (w whole) FollowerBatch(_ []int, x, y, gx, gy []float64) float64 {
	return w.Follower(x, y, gx, gy)
}
func (w whole) HessianBatch(_ []int, x, y, v, hv []float64) { w.Hessian(x, y, v, hv) }
func (w whole) MixedBatch(_ []int, x, y, v, cv []float64)   { w.Mixed(x, y, v, cv) }
