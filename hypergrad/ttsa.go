package hypergrad

// TTSA makes one step on y and one on x in each iteration, on two time scales, with the adjoint estimate of BSA.
//
// Theory: steps k^{-2/5} of y and k^{-3/5} of x, ε^{-5/2} samples. Source: Hong, Wai, Wang and Yang (2020).
type TTSA struct {
	Terms int // of the Neumann series; default 10 ln(k + e)
}

// Name is "ttsa".
func (TTSA) Name() string                 { return "ttsa" }
func (TTSA) exponents() (y, v, x float64) { return 0.4, 0, 0.6 }

func (t TTSA) start(r *sampledRun) (func(), error) {
	return nested(r, steps(1, 1), t.Terms, false), nil
}
