package library

import (
	"math"
	"slices"

	"github.com/gobilevel/bilevel"
)

// Profile is the performance profile of the ways of a library. With t(p, w) the seconds of a run that is solved or better, infinite for others,
//
//	r(p, w) = t(p, w) / min over w of t(p, w),   Share(w, x) = |{p : r(p, w) <= x}| / |{p}|
//
// over all problems on which a way was judged: Share(w, 1) is how often w is the fastest, its limit for great x how often it solves at all. With a
// single way there is nothing to divide by, and r is its time in seconds.
//
// Source: Dolan and Moré, Benchmarking optimization software with performance profiles, Mathematical Programming 91 (2002).
type Profile struct {
	Ways     []bilevel.Way
	Problems int         // that are counted
	Ratios   [][]float64 // of each way, rising: of the problems that it solves
	Absolute bool        // the ratios are seconds
}

// Profile makes the profile. Times below floor, in seconds, count as floor: shorter ones are noise; 0.01 where it is 0. Problems that no way
// was judged on, and those that a way has no run of, are left out.
func (r *Results) Profile(floor float64) *Profile {
	if floor <= 0 {
		floor = 0.01
	}
	p := &Profile{Ways: r.Ways()}
	p.Ratios = make([][]float64, len(p.Ways))
	p.Absolute = len(p.Ways) == 1
	var order []string
	byProblem := map[string][]Run{}
	for _, x := range r.Runs {
		if byProblem[x.Problem] == nil {
			order = append(order, x.Problem)
		}
		byProblem[x.Problem] = append(byProblem[x.Problem], x)
	}
	for _, name := range order {
		runs := byProblem[name]
		if len(runs) != len(p.Ways) || slices.ContainsFunc(runs, func(x Run) bool { return x.Verdict == Unjudged }) {
			continue
		}
		p.Problems++
		best := math.Inf(1)
		for _, x := range runs {
			if x.Verdict.Good() {
				best = min(best, max(floor, x.Seconds))
			}
		}
		if p.Absolute {
			best = 1
		}
		for _, x := range runs {
			if x.Verdict.Good() {
				k := slices.Index(p.Ways, x.Way())
				p.Ratios[k] = append(p.Ratios[k], max(floor, x.Seconds)/best)
			}
		}
	}
	for _, list := range p.Ratios {
		slices.Sort(list)
	}
	return p
}

// Share is the part of the problems that the k-th way solves within x times the best time.
func (p *Profile) Share(k int, x float64) float64 {
	if p.Problems == 0 {
		return math.NaN()
	}
	n := 0
	for _, v := range p.Ratios[k] {
		if v <= x*(1+1e-12) {
			n++
		}
	}
	return float64(n) / float64(p.Problems)
}

// Largest is the largest ratio of all ways, at least 1.
func (p *Profile) Largest() float64 {
	x := 1.0
	for _, list := range p.Ratios {
		if len(list) > 0 {
			x = max(x, list[len(list)-1])
		}
	}
	return x
}
