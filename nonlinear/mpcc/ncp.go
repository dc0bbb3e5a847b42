package mpcc

import "math"

// fischerBurmeister is √(a²+b²+2μ) - a - b, zero exactly where a, b >= 0 and ab = μ.
func fischerBurmeister(a, b, mu float64) Jet {
	r := math.Hypot(math.Hypot(a, b), math.Sqrt(2*mu))
	if r == 0 {
		return Jet{G: math.Sqrt2/2 - 1, H: math.Sqrt2/2 - 1}
	}
	v := r - a - b
	if a+b > 0 {
		v = 2 * (mu - a*b) / (r + a + b) // the same without cancellation
	}
	p, q, s := a/r, b/r, 2*mu/(r*r)
	return Jet{V: v, G: p - 1, H: q - 1, GG: (q*q + s) / r, GH: -p * q / r, HH: (p*p + s) / r}
}

// share of the Fischer-Burmeister function in the penalised one, the value that its authors recommend.
const fischerShare = 0.95

func penalisedFischerBurmeister(a, b float64) Jet {
	j := fischerBurmeister(a, b, 0)
	const c = fischerShare
	j = Jet{c * j.V, c * j.G, c * j.H, c * j.GG, c * j.GH, c * j.HH}
	if a > 0 && b > 0 {
		j.V -= (1 - c) * a * b
		j.G -= (1 - c) * b
		j.H -= (1 - c) * a
		j.GH -= 1 - c
	}
	return j
}

// chks is a + b - √((a-b)²+4μ), zero exactly where a, b >= 0 and ab = μ.
func chks(a, b, mu float64) Jet {
	s := math.Hypot(a-b, 2*math.Sqrt(mu))
	if s == 0 {
		return Jet{V: a + b, G: 1, H: 1}
	}
	v := a + b - s
	if a+b > 0 {
		v = 4 * (a*b - mu) / (a + b + s)
	}
	z := (a - b) / s
	c := 4 * mu / (s * s * s)
	return Jet{V: v, G: 1 - z, H: 1 + z, GG: -c, GH: c, HH: -c}
}
