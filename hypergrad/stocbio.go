package hypergrad

// StocBiO makes Inner steps on y from where it was, estimates the adjoint by the whole truncated Neumann series, a batch for each product, and moves x.
//
// Theory: constant steps with batches that grow with the accuracy, ε⁻² log(1/ε) samples. Source: Ji, Yang and Liang (2021).
type StocBiO struct {
	Inner int // default 10
	Terms int // default 10 ln(k + e)
}

// Name is "stocbio".
func (StocBiO) Name() string                 { return "stocbio" }
func (StocBiO) exponents() (y, v, x float64) { return 0, 0, 0 }

func (s StocBiO) start(r *sampledRun) (func(), error) {
	return nested(r, steps(s.Inner, 10), s.Terms, true), nil
}
