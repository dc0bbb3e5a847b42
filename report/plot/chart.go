// Package plot draws the leader's value over a parameter: as text for a terminal, and as SVG, PNG or PDF. It is apart from package report
// so that programs which draw nothing do not link the drawing library.
package plot

import (
	"math"
	"slices"
)

// State says what is known of a point of a line.
type State uint8

// The states.
const (
	Proven   State = iota // the value is a proven optimum
	Unproven              // the value is that of the best point found
	Excluded              // there is no value: infeasible
	Missing               // there is no value that is known
)

// Point is a value at a place. Y is NaN in the states Excluded and Missing.
type Point struct {
	X, Y  float64
	State State
}

// Line is a sequence of points with rising X. Neighbours are joined unless one of them has no value: what lies between is not known.
type Line struct {
	Name   string // "" where there is one line only
	Points []Point
	Steps  bool  // each value holds up to the next point
	Breaks []int // points that are not joined to the one before: the value jumps there
}

// Chart is what is drawn.
type Chart struct {
	Title, X, Y string // title and names of the axes
	Lines       []Line
}

// pieces are the runs of neighbours that have values.
func (l Line) pieces() [][]Point {
	var out [][]Point
	joined := false
	for k, p := range l.Points {
		if slices.Contains(l.Breaks, k) {
			joined = false
		}
		switch {
		case !p.drawn():
			joined = false
		case joined:
			if l.Steps {
				out[len(out)-1] = append(out[len(out)-1], Point{X: p.X, Y: l.Points[k-1].Y, State: l.Points[k-1].State})
			}
			out[len(out)-1] = append(out[len(out)-1], p)
		default:
			out = append(out, []Point{p})
			joined = true
		}
	}
	return out
}

// drawn reports whether the point has a value.
func (p Point) drawn() bool { return p.State <= Unproven && !math.IsNaN(p.Y) && !math.IsInf(p.Y, 0) }

// extent is the range of the places and of the values, not empty.
func (c *Chart) extent() (x, y [2]float64) {
	x, y = [2]float64{math.Inf(1), math.Inf(-1)}, [2]float64{math.Inf(1), math.Inf(-1)}
	for _, l := range c.Lines {
		for _, p := range l.Points {
			x = [2]float64{math.Min(x[0], p.X), math.Max(x[1], p.X)}
			if p.drawn() {
				y = [2]float64{math.Min(y[0], p.Y), math.Max(y[1], p.Y)}
			}
		}
	}
	return widened(x), widened(y)
}

// widened makes a range with an inside.
func widened(r [2]float64) [2]float64 {
	switch {
	case r[0] > r[1]:
		return [2]float64{0, 1}
	case r[1]-r[0] <= 1e-12*math.Max(math.Abs(r[0]), math.Abs(r[1])), r[0] == r[1]:
		d := math.Max(0.5, 0.05*math.Abs(r[0]))
		return [2]float64{r[0] - d, r[1] + d}
	}
	return r
}

// has reports whether a point of the chart is in the state.
func (c *Chart) has(s State) bool {
	return slices.ContainsFunc(c.Lines, func(l Line) bool {
		return slices.ContainsFunc(l.Points, func(p Point) bool { return p.State == s })
	})
}
