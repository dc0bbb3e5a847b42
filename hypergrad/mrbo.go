package hypergrad

// MRBO puts momentum (STORM) on both levels as SUSTAIN does, with the whole truncated Neumann series as adjoint.
//
// Theory: steps k^{-1/3}, ε^{-3/2} samples. Source: Yang, Ji and Liang (2021).
type MRBO struct {
	Momentum float64 // of SUSTAIN; default 1
	Terms    int     // default 10 ln(k + e)
}

// Name is "mrbo".
func (MRBO) Name() string                 { return "mrbo" }
func (MRBO) exponents() (y, v, x float64) { return 1. / 3, 0, 1. / 3 }

func (s MRBO) start(r *sampledRun) (func(), error) {
	return storm(r, s.Momentum, s.Terms, true)
}
