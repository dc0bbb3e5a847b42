package hypergrad

import (
	"math"
	"slices"
)

// gradientStep makes one projected gradient step by the rule of the options.
func (r *leaderRun) gradientStep() (moved bool, err error) {
	rule := r.opt.Steps
	r.memory.note(norm(r.at.Gradient), r.at.Value)
	t := rule.size(r.k, &r.memory)
	_, backtrack := rule.(Backtracking)
	for range 60 {
		trial := slices.Clone(r.x)
		add(trial, -t, r.at.Gradient)
		project(r.opt.Set, trial)
		s := slices.Clone(trial)
		add(s, -1, r.x)
		at, err := r.try(trial, r.tolerance())
		if err != nil {
			return false, err
		}
		// Every rule shortens a step to where the follower has no answer.
		if at == nil || (backtrack && !r.falls(at, s)) {
			if t /= 2; norm(s) <= 1e-15*(1+norm(r.x)) {
				return false, nil
			}
			continue
		}
		turn := slices.Clone(at.Gradient)
		add(turn, -1, r.at.Gradient)
		r.memory.made(t, norm(s))
		r.memory.Turned = norm(turn)
		r.step = t
		r.accept(trial, at)
		return true, nil
	}
	return false, nil
}

// falls is the Armijo condition for the move s; where values cannot tell, the slope at the new point must still point downhill.
func (r *leaderRun) falls(at *Evaluation, s []float64) bool {
	noise := 1e-13*(math.Abs(r.at.Value)+math.Abs(at.Value)) + math.Abs(r.at.Correction) + math.Abs(at.Correction)
	if math.Abs(at.Value-r.at.Value) <= noise {
		return dot(at.Gradient, s) <= 0
	}
	return at.Value <= r.at.Value+1e-4*dot(r.at.Gradient, s)
}
