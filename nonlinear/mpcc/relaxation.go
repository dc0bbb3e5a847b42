package mpcc

import "math"

// Jet is a function of the members G and H of a pair with its derivatives: the value V, the gradient (G, H), and the second
// derivatives GG, GH, HH.
type Jet struct{ V, G, H, GG, GH, HH float64 }

// At is function i of the method at the values g and h of the members and the parameter t:
//
//	scholtes, product   GH - t;  GH
//	lin-fukushima       GH - t²,  t² - (G+t)(H+t)
//	kadrani             (G-t)(H-t)
//	steffensen-ulbrich  G + H - |a| for |a| >= t, G + H - t θ(a/t) else, with a = G - H and
//	                    θ(z) = (2/π) sin(πz/2 + 3π/2) + 1  or  θ(z) = (-z⁴ + 6z² + 3)/8
//	kanzow-schwartz     (G-t)(H-t) for G + H >= 2t,  -½((G-t)² + (H-t)²) else
//	NCP functions       as at the constants; c = 0.95
//
// Where a function has a kink (the NCP functions at t = 0) the derivatives are those of one of its smooth pieces, or at the origin
// the element of the generalised derivative that belongs to the direction (1, 1).
//
// Sources: Scholtes (2001); Lin and Fukushima (2003); Kadrani, Dussault and Benchakroun (2009); Steffensen and Ulbrich (2010); Kanzow and
// Schwartz (2013); Fischer (1992); Chen, Chen and Kanzow (2000); Kanzow (1996); Chen and Harker (1993), Smale (1987).
func (m Method) At(i int, g, h, t float64) Jet {
	switch m {
	case Scholtes, ScholtesSum:
		return product(g, h, -t)
	case Product, Penalty:
		return product(g, h, 0)
	case LinFukushima:
		if i == 0 {
			return product(g, h, -t*t)
		}
		// Written out, so that the term t² does not cancel: t² - (G+t)(H+t) = -(GH + t(G+H)).
		return Jet{V: -(g*h + t*(g+h)), G: -(h + t), H: -(g + t), GH: -1}
	case Kadrani:
		return product(g-t, h-t, 0)
	case SteffensenUlbrich:
		return corner(g, h, t, sineCorner)
	case SteffensenUlbrichQuartic:
		return corner(g, h, t, quarticCorner)
	case KanzowSchwartz:
		a, b := g-t, h-t
		if a+b >= 0 {
			return product(a, b, 0)
		}
		return Jet{V: -(a*a + b*b) / 2, G: -a, H: -b, GG: -1, HH: -1}
	case FischerBurmeister:
		return fischerBurmeister(g, h, 0)
	case MinFunction:
		if g <= h {
			return Jet{V: g, G: 1}
		}
		return Jet{V: h, H: 1}
	case PenalisedFischerBurmeister:
		return penalisedFischerBurmeister(g, h)
	case SmoothedFischerBurmeister:
		return fischerBurmeister(g, h, t)
	case CHKS:
		return chks(g, h, t)
	}
	return Jet{}
}

// product is ab + c.
func product(a, b, c float64) Jet { return Jet{V: a*b + c, G: b, H: a, GH: 1} }

// corner is the function of Steffensen and Ulbrich. The derivatives with a = G - H are (1 - s, 1 + s), s the slope of the rounded |a|.
func corner(g, h, t float64, theta func(z float64) (v, d, dd float64)) Jet {
	a := g - h
	switch {
	case a >= t:
		return Jet{V: 2 * h, H: 2}
	case a <= -t:
		return Jet{V: 2 * g, G: 2}
	}
	v, s, c := theta(a / t)
	c /= t
	return Jet{V: g + h - t*v, G: 1 - s, H: 1 + s, GG: -c, GH: c, HH: -c}
}

func sineCorner(z float64) (v, d, dd float64) {
	sin, cos := math.Sincos(math.Pi/2*z + 3*math.Pi/2)
	return 2/math.Pi*sin + 1, cos, -math.Pi / 2 * sin
}

func quarticCorner(z float64) (v, d, dd float64) {
	return (-z*z*z*z + 6*z*z + 3) / 8, (-z*z*z + 3*z) / 2, (-3*z*z + 3) / 2
}
