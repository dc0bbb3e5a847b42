package bilevel

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/reform"
)

// pathValues are the parameters through which smooth and tikhonov are followed.
var pathValues = []float64{1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6}

// isFollowed reports whether a pass changes the followers by a parameter that a solve follows to zero.
func isFollowed(name string) bool { return name == "smooth" || name == "tikhonov" }

// followsPath reports whether the chain has such a pass, and is not one step of the path already.
func (s *solver) followsPath() bool {
	if s.onPath || s.breaksTies() {
		return false
	}
	if s.opt.Reform != "" && s.opt.Reform != "auto" {
		return slices.ContainsFunc(strings.Split(s.opt.Reform, "+"), func(n string) bool { return isFollowed(strings.TrimSpace(n)) })
	}
	for m := s.m; m != nil; {
		var first string
		if first, m = s.removesKinks(m); isFollowed(first) {
			return true
		}
	}
	return false
}

// solvePath solves the model for each parameter from the answer before, answers the followers of the model itself at each, and keeps the best
// decision that is verified. It ends early where answers no longer change.
func (s *solver) solvePath(ctx, search context.Context) (*Result, error) {
	var best, last *Result
	var note string
	steps := 0
	for k, t := range pathValues {
		if k > 0 && search.Err() != nil {
			break
		}
		sub := &solver{m: s.m, opt: s.opt, bigM: s.opt.BigM, start: time.Now(), mu: s.mu, warm: s.warm, onPath: true}
		sub.opt.RelaxT = t
		if last != nil && last.Point != nil {
			sub.opt.Start, sub.warm, sub.opt.Multistart = last.Point, nil, 1
		}
		s.say("path", "parameter %g", t)
		step, stop := s.pathTime(search, len(pathValues)-k)
		r, err := sub.solve(ctx, step)
		stop()
		if err != nil {
			if best == nil {
				return nil, err
			}
			break
		}
		steps++
		verified := r.Certificate != nil && r.Certificate.Verified
		if best == nil || verified && (best.Certificate == nil || !best.Certificate.Verified || s.sense()*(r.Objective-best.Objective) <= 1e-9*math.Max(1, math.Abs(r.Objective))) {
			best = r
			note = fmt.Sprintf("the value is that of parameter %g of the path, %d of whose %s were taken", t, steps, plural(len(pathValues), "step"))
		}
		if settled(last, r) {
			break
		}
		last = r
	}
	best.Notes = append(best.Notes, note)
	if best.Proof == model.ProofLocal || best.Proof == model.ProofGlobal || best.Proof == model.ProofGlobalIfBounds {
		best.Status, best.Proof, best.Stationarity, best.StationarityReport = model.StatusFeasible, model.ProofFeasible, "", nil
		best.Bound, best.Gap = math.NaN(), math.NaN()
	}
	best.Seconds = time.Since(s.start).Seconds()
	return best, nil
}

// pathTime gives a step of a path its share of the time that is left, where there is a limit.
func (s *solver) pathTime(ctx context.Context, left int) (context.Context, context.CancelFunc) {
	deadline, ok := ctx.Deadline()
	if !ok {
		return context.WithCancel(ctx)
	}
	return context.WithTimeout(ctx, time.Until(deadline)*2/time.Duration(left+1))
}

// settled reports whether two answers in a row are verified and the same.
func settled(p, q *Result) bool {
	if p == nil || p.Certificate == nil || q.Certificate == nil || !p.Certificate.Verified || !q.Certificate.Verified {
		return false
	}
	return slices.EqualFunc(p.Point.X, q.Point.X, func(a, b float64) bool { return math.Abs(a-b) <= 1e-8*math.Max(1, math.Abs(a)) })
}

// removesKinks is the pass that comes first where functions have kinks, with the model that it makes; nil where there is nothing to do. Kinks that can be
// written exactly are, and those of followers that are left are rounded: optimality conditions miss them. The leader's are left to the solver.
func (s *solver) removesKinks(m *model.Model) (string, *model.Model) {
	ctx := context.Background()
	if r, err := (reform.Epigraph{}).Apply(ctx, m); err == nil {
		return "epigraph", r.Model
	}
	for k := 1; k < m.NumPlayers(); k++ {
		kinked := func(f model.Function) bool { ok, _ := m.DAG().Smooth(f.Nonlinear); return !ok }
		found := kinked(m.Player(k).Objective().F)
		for r := range m.NumRows() {
			found = found || m.RowOwner(r) == k && !m.RowIsAffine(r) && kinked(m.RowFunction(r))
		}
		if !found {
			continue
		}
		if r, err := (reform.Smooth{Mu: s.opt.RelaxT}).Apply(ctx, m); err == nil {
			return "smooth", r.Model
		}
	}
	return "", nil
}
