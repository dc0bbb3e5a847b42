package main

import "math"

// The search of this file shares no code with the library. For a given frame and pressure the film is found by projected over-relaxation: node by
// node its balance is solved, and cut at the plate. The frame that gives the force is found by bisection, and the pressure by going through
// many of them and narrowing the best one's surroundings.

// hang finds how far each node sags, from some guess, and the force on the plate.
func (p press) hang(frame, pressure float64, sag []float64) (force float64) {
	n := p.elements
	weight := func(i int) float64 { return frame * frame * p.size(i) }
	left, right, size := make([]float64, n), make([]float64, n), make([]float64, n)
	for i := range n {
		left[i], right[i], size[i] = float64(n)*p.rim(i-1), float64(n)*p.rim(i), weight(i)
	}
	balance := func(i int) (rest, diagonal float64) { // Σ of the neighbours' pull, with the load
		rest = size[i] * pressure
		if i > 0 {
			rest += left[i] * sag[i-1]
		}
		if i < n-1 {
			rest += right[i] * sag[i+1]
		}
		return rest, left[i] + right[i]
	}
	relax := 2 / (1 + math.Sin(math.Pi/float64(2*n+1)))
	for range 100000 {
		change := 0.0
		for i := range n {
			rest, diagonal := balance(i)
			next := min(p.depth, sag[i]+relax*(rest/diagonal-sag[i]))
			change = max(change, math.Abs(next-sag[i]))
			sag[i] = next
		}
		if change < 1e-15 {
			break
		}
	}
	for i := range n {
		if rest, diagonal := balance(i); sag[i] == p.depth {
			force += rest - diagonal*sag[i]
		}
	}
	return force * math.Pow(frame, float64(p.dimension-2))
}

// frameFor is the smallest frame within the bounds of the model with which the film presses enough, and the film.
func (p press) frameFor(pressure float64) (frame float64, sag []float64) {
	sag = make([]float64, p.elements)
	lo, hi := 0.1, 10.0
	for hi-lo > 1e-12 {
		if mid := (lo + hi) / 2; p.hang(mid, pressure, sag) < p.force {
			lo = mid
		} else {
			hi = mid
		}
	}
	p.hang(hi, pressure, sag)
	return hi, sag
}

// best is the best frame and pressure on the mesh, and the film.
func (p press) best() (frame, pressure, cost float64, sag []float64) {
	at := func(q float64) float64 {
		frame, _ := p.frameFor(q)
		return p.film*math.Pow(frame, float64(p.dimension)) + p.suction*q
	}
	const steps = 100
	width, top := 4.0/steps, math.Inf(1)
	for k := 1; k <= steps; k++ {
		if v := at(float64(k) * width); v < top {
			pressure, top = float64(k)*width, v
		}
	}
	golden := (math.Sqrt(5) - 1) / 2
	lo, hi := pressure-width, pressure+width
	for range 40 {
		if a, b := hi-golden*(hi-lo), lo+golden*(hi-lo); at(a) < at(b) {
			hi = b
		} else {
			lo = a
		}
	}
	pressure = (lo + hi) / 2
	frame, sag = p.frameFor(pressure)
	return frame, pressure, at(pressure), sag
}
