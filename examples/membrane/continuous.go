package main

import "math"

// continuous is the best press with the film as it is, without a mesh. The film touches the plate up to the distance a from the middle, with
// reactions as large as the pressure p. They make the force: p a between rails, p a²/2 on a ring. From there to the frame the film hangs free, and
// leaves the plate without a bend:
//
//	depth = p (R-a)²/2                            between rails
//	depth = p ((R²-a²)/4 - (a²/2) log(R/a))       over a ring
//
// So a pressure has one frame, and the cost is a function of the pressure alone, here minimised by the golden section.
func (p press) continuous() (frame, pressure, cost float64) {
	at := func(log float64) float64 {
		q := math.Exp(log)
		return p.film*math.Pow(p.frame(q), float64(p.dimension)) + p.suction*q
	}
	golden := (math.Sqrt(5) - 1) / 2
	lo, hi := math.Log(1e-3), math.Log(1e3)
	for range 100 {
		if a, b := hi-golden*(hi-lo), lo+golden*(hi-lo); at(a) < at(b) {
			hi = b
		} else {
			lo = a
		}
	}
	pressure = math.Exp((lo + hi) / 2)
	return p.frame(pressure), pressure, at((lo + hi) / 2)
}

// frame is the size of the frame from which the film sags to the plate with the right force.
func (p press) frame(pressure float64) float64 {
	if p.dimension == 1 {
		return p.force/pressure + math.Sqrt(2*p.depth/pressure)
	}
	a := math.Sqrt(2 * p.force / pressure)
	sag := func(r float64) float64 { return pressure * ((r*r-a*a)/4 - a*a/2*math.Log(r/a)) }
	lo, hi := a, 2*a
	for sag(hi) < p.depth {
		hi *= 2
	}
	for range 100 {
		if mid := (lo + hi) / 2; sag(mid) < p.depth {
			lo = mid
		} else {
			hi = mid
		}
	}
	return (lo + hi) / 2
}
