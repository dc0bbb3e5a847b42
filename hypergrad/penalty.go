package hypergrad

// Penalty is the value-function penalty method with a fixed λ: it minimises F + λ(f - min f) by the steps of F2SA. Its limit is
// stationary up to O(1/λ).
//
// Theory: constant steps, error O(1/λ). Source: Shen and Chen (2023), Kwon and others (2023).
type Penalty struct {
	Inner  int     // steps of y and z; default 10
	Lambda float64 // default 100
}

// Name is "penalty".
func (Penalty) Name() string                 { return "penalty" }
func (Penalty) exponents() (y, v, x float64) { return 0, 0, 0 }

func (p Penalty) start(r *sampledRun) (func(), error) {
	lambda := p.Lambda
	if lambda == 0 {
		lambda = 100
	}
	return firstOrder(r, orDefault(p.Inner, 10), lambda, 0)
}
