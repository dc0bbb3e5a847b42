package hypergrad

// SOBA moves follower, adjoint and leader at the same time, each along one sampled direction (single loop):
//
//	y -= αD_y, v -= αD_v, x -= βD_x;   D_y = ∇y f, D_v = Hv - ∇y F, D_x = ∇x F - C'v.
//
// Theory: decreasing steps k^{-1/2}, ε⁻² samples to E‖∇h‖² <= ε.
// Source: Dagréou, Ablin, Vaiter and Moreau (2022).
type SOBA struct{}

// Name is "soba".
func (SOBA) Name() string                 { return "soba" }
func (SOBA) exponents() (y, v, x float64) { return 0.5, 0.5, 0.5 }
func (SOBA) start(r *sampledRun) (func(), error) {
	dy, dv, dx := make([]float64, r.o.m), make([]float64, r.o.m), make([]float64, r.o.n)
	return func() {
		i, j := r.pair()
		bf, bl := r.blocks[0][i], r.blocks[1][j]
		r.directions(bf, bl, r.x, r.y, r.v, dy, dv, dx)
		r.moveY(dy, bf)
		r.moveV(dv)
		r.moveX(dx)
	}, nil
}
