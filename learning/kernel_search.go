package learning

import (
	"math"
	"slices"
	"sort"
)

// zoom looks nearer at a lattice of two scalars with per values each: three times, the neighbours of its best four points at half the distance. Misclassification
// has many narrow valleys in C and γ, which neither a lattice nor one descent finds. It returns the points of both.
func (s *search) zoom(seen []point, per int) []point {
	const levels, kept = 3, 4
	if per < 2 || len(s.space.lo) != 2 {
		return seen
	}
	fine := (per - 1) << levels
	step := [2]float64{}
	for i := range step {
		step[i] = (s.space.hi[i] - s.space.lo[i]) / float64(fine)
	}
	type place [2]int
	where := func(p point) (at place) {
		for i := range at {
			if step[i] > 0 {
				at[i] = int(math.Round((p.theta[i] - s.space.lo[i]) / step[i]))
			}
		}
		return at
	}
	known := map[place]bool{}
	for _, p := range seen {
		known[where(p)] = true
	}
	for far := 1 << (levels - 1); far > 0; far /= 2 {
		best := slices.Clone(seen)
		sort.SliceStable(best, func(i, j int) bool { return best[i].better(&best[j], 0) })
		for _, p := range best[:min(kept, len(best))] {
			from := where(p)
			for q := range 9 {
				at := place{from[0] + far*(q/3-1), from[1] + far*(q%3-1)}
				out := false
				for i := range at {
					out = out || at[i] < 0 || at[i] > fine || step[i] == 0 && at[i] != 0
				}
				if out || known[at] {
					continue
				}
				if s.stopped() {
					return seen
				}
				known[at] = true
				seen = append(seen, s.try([]float64{s.space.lo[0] + float64(at[0])*step[0], s.space.lo[1] + float64(at[1])*step[1]}))
			}
		}
	}
	return seen
}
