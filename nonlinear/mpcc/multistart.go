package mpcc

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"time"

	"github.com/gobilevel/bilevel/model"
)

// MultistartOptions are the settings of Multistart: those of each solve and of the starts. TimeLimit and Target are of the whole;
// Progress is heard from several goroutines, one event at a time.
type MultistartOptions struct {
	Options
	Workers int // solves at the same time; default the number of processors
	// Scale is half the width, over max(1, |start_j|), of the interval around the start that stands for an infinite side of variable j's
	// bounds. Default 10.
	Scale float64
}

// Multistart solves a problem from n points, the first of them start and the others a Latin hypercube sample of the box of the bounds, and
// returns the best result: feasible before infeasible, then by objective, then the first. The same seed gives the same answer whatever the
// number of workers, unless a limit of time ends it; with a target, what started after the first point that reaches it does not count.
// Programs, Iterations and Evaluations of the result are those of all solves that count, its stages those of the best.
func Multistart(ctx context.Context, p *Problem, start []float64, n int, opt MultistartOptions) (*Result, error) {
	if n < 1 {
		return nil, &OptionError{"n", n, "at least 1"}
	}
	if opt.Workers < 0 || math.IsNaN(opt.Scale) || opt.Scale < 0 {
		return nil, &OptionError{"Workers or Scale", fmt.Sprint(opt.Workers, ", ", opt.Scale), "no negative number"}
	}
	if _, err := opt.filled(); err != nil {
		return nil, err
	}
	begin := time.Now()
	if opt.TimeLimit > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, opt.TimeLimit)
		defer cancel()
		opt.TimeLimit = 0
	}
	points := p.Starts(start, n, opt.Scale, opt.Seed)
	results, err := solveAll(ctx, p, points, &opt)
	if err != nil {
		return nil, err
	}
	best := pick(results, &opt.Options)
	best.Seconds = since(begin)
	return best, nil
}

// solveAll solves from each point; entries that were not started are nil.
func solveAll(ctx context.Context, p *Problem, points [][]float64, opt *MultistartOptions) ([]*Result, error) {
	workers := opt.Workers
	if workers == 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	workers = min(workers, len(points))
	var (
		mu      sync.Mutex
		wg      sync.WaitGroup
		next    int
		enough  = len(points) // the first point that reaches the target
		results = make([]*Result, len(points))
		cancels = make([]context.CancelFunc, len(points))
		failure error
		hear    = opt.Progress
		silent  bool
	)
	one := opt.Options
	if hear != nil {
		var talk sync.Mutex
		one.Progress = func(e Event) bool {
			talk.Lock()
			defer talk.Unlock()
			if !silent && !hear(e) {
				silent = true
			}
			return !silent
		}
	}
	worker := func(p *Problem) {
		for {
			mu.Lock()
			k := next
			if k >= enough || failure != nil || ctx.Err() != nil && k > 0 {
				mu.Unlock()
				return
			}
			next++
			own, cancel := context.WithCancel(ctx)
			cancels[k] = cancel
			mu.Unlock()
			o := one
			o.Seed = opt.Seed + uint64(k)
			r, err := solve(own, p, points[k], o, k == 0)
			cancel()
			mu.Lock()
			results[k] = r
			if err != nil {
				failure = err
			} else if opt.HasTarget && r.Feasible() && r.Objective <= opt.Target && k < enough {
				enough = k
				for _, c := range cancels[k+1:] {
					if c != nil {
						c()
					}
				}
			}
			mu.Unlock()
		}
	}
	for w := range workers {
		q := p
		if w > 0 {
			q = p.Clone()
		}
		wg.Go(func() { worker(q) })
	}
	wg.Wait()
	if enough < len(results) {
		results = results[:enough+1]
	}
	return results, failure
}

// pick is the best of the results, with the counts of all.
func pick(results []*Result, opt *Options) *Result {
	var best *Result
	programs, iterations, evaluations := 0, 0, 0
	for _, r := range results {
		if r == nil {
			continue
		}
		programs, iterations, evaluations = programs+r.Programs, iterations+r.Iterations, evaluations+r.Evaluations
		if best == nil || r.beats(best) {
			best = r
		}
	}
	out := *best
	out.Programs, out.Iterations, out.Evaluations = programs, iterations, evaluations
	return &out
}

// beats reports whether r is a better result than b by more than rounding.
func (r *Result) beats(b *Result) bool {
	if r.Feasible() != b.Feasible() {
		return r.Feasible()
	}
	if !r.Feasible() {
		return math.Max(r.Violation, r.Complementarity) < math.Max(b.Violation, b.Complementarity)
	}
	margin := 1e-9 * math.Max(1, math.Abs(b.Objective))
	return r.Objective < b.Objective-margin || r.Objective <= b.Objective+margin && r.Status == model.StatusLocal && b.Status != model.StatusLocal
}

// Starts returns n points of NumVars entries in the box of the bounds: start itself (nil: the point of the box nearest to zero), and n-1 points
// of a Latin hypercube sample, so that each variable takes values in all of n-1 equal parts of its interval. An infinite side is replaced
// by the start's value, brought into the bounds, plus or minus scale max(1, |start_j|); a scale of 0 stands for 10.
//
// Source: McKay, Beckman and Conover (1979).
func (p *Problem) Starts(start []float64, n int, scale float64, seed uint64) [][]float64 {
	if scale <= 0 {
		scale = 10
	}
	lo, hi := p.base.Bounds()
	first := make([]float64, p.NumVars())
	copy(first, start)
	points := make([][]float64, n)
	points[0] = first
	for k := 1; k < n; k++ {
		points[k] = make([]float64, p.NumVars())
	}
	rng := rand.New(rand.NewPCG(seed, 0x73746172))
	cells := make([]int, n-1)
	for j := range first {
		at := math.Min(math.Max(first[j], lo[j]), hi[j])
		l, h, width := lo[j], hi[j], scale*math.Max(1, math.Abs(at))
		if math.IsInf(l, -1) {
			l = math.Min(at, h) - width
		}
		if math.IsInf(h, 1) {
			h = math.Max(at, l) + width
		}
		for k := range cells {
			cells[k] = k
		}
		rng.Shuffle(len(cells), func(a, b int) { cells[a], cells[b] = cells[b], cells[a] })
		for k, c := range cells {
			points[k+1][j] = l + (h-l)*(float64(c)+rng.Float64())/float64(n-1)
		}
	}
	return slices.Clip(points)
}
