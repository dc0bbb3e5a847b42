package branch

import (
	"math"
	"sort"

	"github.com/gobilevel/bilevel/model"
)

// set is a set of columns, in the order of their weights, of which at most one may differ from zero.
type set struct {
	cols    []int32
	weights []float64
}

// addSets takes over the SOS1 sets of a model.
func (p *problem) addSets(m *model.Model) {
	list := m.SOS1Sets()
	if len(list) == 0 {
		return
	}
	p.colSets = make([][]int32, len(p.lo))
	for k, s := range list {
		order := make([]int, len(s.Vars))
		for i := range order {
			order[i] = i
		}
		weight := func(i int) float64 {
			if len(s.Weights) == len(s.Vars) {
				return s.Weights[i]
			}
			return float64(i)
		}
		sort.SliceStable(order, func(a, b int) bool { return weight(order[a]) < weight(order[b]) })
		var out set
		for place, i := range order {
			out.cols = append(out.cols, s.Vars[i])
			out.weights = append(out.weights, float64(place))
			p.colSets[s.Vars[i]] = append(p.colSets[s.Vars[i]], int32(k))
		}
		p.sets = append(p.sets, out)
	}
}

// side lists the columns that the branch sets to zero: those up to weight v (side 0) or those beyond it (side 1).
func (s *set) side(side uint8, v float64) []int32 {
	at := sort.SearchFloat64s(s.weights, v+0.5)
	if side == 0 {
		return s.cols[:at]
	}
	return s.cols[at:]
}

// violation is how far a set is from holding at x: the sum of the sizes of all columns but the largest; and the place of the weighted mean,
// where a branch splits it.
func (s *set) violation(x []float64) (amount, split float64) {
	total, largest, moment := 0.0, 0.0, 0.0
	for i, j := range s.cols {
		v := math.Abs(x[j])
		total += v
		largest = math.Max(largest, v)
		moment += s.weights[i] * v
	}
	if total == 0 {
		return 0, 0
	}
	// Both sides must keep a column that is not zero now.
	split = math.Floor(moment / total)
	if split >= s.weights[len(s.weights)-1] {
		split = s.weights[len(s.weights)-1] - 1
	}
	return total - largest, split
}

// chooseSet returns the set that is farthest from holding, -1 where all hold.
func (p *problem) chooseSet(x []float64) (k int, split float64) {
	k, worst := -1, setTol
	for i := range p.sets {
		if v, at := p.sets[i].violation(x); v > worst {
			k, worst, split = i, v, at
		}
	}
	return k, split
}

// setTol is the size that all but one column of a set may have.
const setTol = 1e-7

// keepLargest lists what makes every set hold: all columns but the largest at x are zero.
func (p *problem) keepLargest(x []float64) []fixing {
	var out []fixing
	for i := range p.sets {
		keep := p.sets[i].cols[0]
		for _, j := range p.sets[i].cols {
			if math.Abs(x[j]) > math.Abs(x[keep]) {
				keep = j
			}
		}
		for _, j := range p.sets[i].cols {
			if j != keep {
				out = append(out, fixing{kind: lowerBound, idx: j}, fixing{kind: upperBound, idx: j})
			}
		}
	}
	return out
}
