package branch

import "math"

// pseudocost is the mean gain of the bound for one unit of a member set to zero.
type pseudocost struct {
	sum float64
	n   int
}

// lesson is one observation for a pseudocost.
type lesson struct {
	pair int32
	side uint8
	unit float64 // gain of the bound a unit of the member
}

// costs are the pseudocosts of all pairs, and their mean for those without any.
type costs struct {
	list    [][2]pseudocost
	meanSum float64
	meanN   int
}

func (c *costs) add(l lesson) {
	p := &c.list[l.pair][l.side]
	p.sum += l.unit
	p.n++
	c.meanSum += l.unit
	c.meanN++
}

// gain estimates by how much the bound rises where a member with value v is set to zero.
func (c *costs) gain(pair, side int, v float64) float64 {
	p := &c.list[pair][side]
	switch {
	case p.n > 0:
		return p.sum / float64(p.n) * v
	case c.meanN > 0:
		return c.meanSum / float64(c.meanN) * v
	}
	return v
}

// learn notes the gain of a branch. The other threads hear of it when the dive ends.
func (w *worker) learn(pair, side int, amount, gain float64) {
	if amount <= 0 || math.IsNaN(gain) || math.IsInf(gain, 0) {
		return
	}
	l := lesson{int32(pair), uint8(side), math.Max(gain, 0) / amount}
	w.costs.add(l)
	w.out.lessons = append(w.out.lessons, l)
}
