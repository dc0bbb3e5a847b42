package hypergrad

// ALSET alternates a fixed number of steps on y with one on x, by the tighter analysis that lets both decrease at the same rate; the adjoint is a
// random term of the Neumann series.
//
// Theory: steps k^{-1/2} of both, ε⁻² samples up to a logarithm. Source: Chen, Sun and Yin (2021).
type ALSET struct {
	Inner int // default 1
	Terms int // default 10 ln(k + e)
}

// Name is "alset".
func (ALSET) Name() string                 { return "alset" }
func (ALSET) exponents() (y, v, x float64) { return 0.5, 0, 0.5 }

func (a ALSET) start(r *sampledRun) (func(), error) {
	return nested(r, steps(a.Inner, 1), a.Terms, false), nil
}
