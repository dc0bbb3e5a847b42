package main

import (
	"math"

	"github.com/gobilevel/bilevel/report/page"
	"github.com/gobilevel/bilevel/report/plot"
)

// responseChart draws one of the three pictures of a response.
func responseChart(r *page.Response, kind string) *plot.Chart {
	c := &plot.Chart{X: r.Along}
	switch kind {
	case "response":
		c.Y = r.Objective
		c.Lines = []plot.Line{
			responseLine(r, "ties for the leader", func(p *page.Place) float64 { return p.Best }),
			responseLine(r, "ties against it", func(p *page.Place) float64 { return p.Worst }),
		}
	case "followers":
		c.Y = "optimal value"
		for i, name := range r.Followers {
			c.Lines = append(c.Lines, responseLine(r, name, func(p *page.Place) float64 { return at(p.Values, i) }))
		}
	case "region":
		c.Y = "answer"
		for i, name := range r.Answers {
			c.Lines = append(c.Lines, regionLine(r, i, name))
		}
	}
	return c
}

// at is element i of a list that may be missing.
func at(list []float64, i int) float64 {
	if i < len(list) {
		return list[i]
	}
	return math.NaN()
}

// responsePoint is a point of a picture: what has no value at a place without an answer is excluded there, elsewhere it is missing.
func responsePoint(p *page.Place, y float64) plot.Point {
	q := plot.Point{X: p.At, Y: y}
	switch {
	case !math.IsNaN(y):
	case p.Answered():
		q.State = plot.Missing
	default:
		q.State = plot.Excluded
	}
	return q
}

func responseLine(r *page.Response, name string, of func(*page.Place) float64) plot.Line {
	l := plot.Line{Name: name, Breaks: page.Jumps(r.Places, of)}
	for k := range r.Places {
		l.Points = append(l.Points, responsePoint(&r.Places[k], of(&r.Places[k])))
	}
	return l
}

// regionLine has the answers of one variable. A tie is two points at one place, the one that is nearer to the answer before it first.
func regionLine(r *page.Response, i int, name string) plot.Line {
	l := plot.Line{Name: name}
	jump := map[int]bool{}
	for _, k := range page.Jumps(r.Places, func(p *page.Place) float64 { return at(p.Low, i) }) {
		jump[k] = true
	}
	for k := range r.Places {
		p := &r.Places[k]
		first, second := at(p.Low, i), at(p.High, i)
		if n := len(l.Points); n > 0 && math.Abs(second-l.Points[n-1].Y) < math.Abs(first-l.Points[n-1].Y) {
			first, second = second, first
		}
		if jump[k] && first == second {
			l.Breaks = append(l.Breaks, len(l.Points))
		}
		l.Points = append(l.Points, responsePoint(p, first))
		if first != second && !math.IsNaN(first) {
			l.Points = append(l.Points, responsePoint(p, second))
		}
	}
	return l
}
