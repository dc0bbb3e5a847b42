package learning

import "slices"

// Hyper are values of the hyperparameters; a task reads those that its training problem has, see the constants of Task.
type Hyper struct {
	C       float64   // weight of the training loss: SVC, SVR, KernelSVC
	Radius  float64   // R > 0: ½|w|² <= R in the place of ½|w|² in the objective, which leaves C without a meaning: SVC
	Gamma   float64   // γ of the kernel: KernelSVC
	Epsilon float64   // half width of the tube without loss: SVR
	L1      float64   // λ₁: Lasso, ElasticNet; λ_g of all groups: GroupLasso
	L2      float64   // λ of Ridge and Logistic for each feature, λ₂ of ElasticNet
	Box     []float64 // bound on |w_k|, one a feature: SVC, SVR; nil: none
	Weights []float64 // λ_k, one a feature, instead of L2: Ridge, Logistic; λ_g, one a group, instead of L1: GroupLasso; nil: L2, L1
}

// Clone is a copy that shares nothing.
func (h Hyper) Clone() Hyper {
	h.Box, h.Weights = slices.Clone(h.Box), slices.Clone(h.Weights)
	return h
}

// Rescaled turns hyperparameters tuned on training sets of (T-1)/T of the samples into those for all samples: C by (T-1)/T, each λ by
// T/(T-1), which keeps the weight of the penalty per sample. γ, the radius and the bounds stay.
func (h Hyper) Rescaled(folds int) Hyper {
	r := h.Clone()
	up := float64(folds) / float64(folds-1)
	r.C /= up
	r.L1 *= up
	r.L2 *= up
	for k := range r.Weights {
		r.Weights[k] *= up
	}
	return r
}

// weight is λ_k.
func (h *Hyper) weight(k int) float64 {
	if h.Weights != nil {
		return h.Weights[k]
	}
	return h.L2
}
