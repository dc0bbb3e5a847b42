package learning

import "slices"

// scorer is a fitter whose prediction is not x'w - b.
type scorer interface {
	scores(d *Data, out []float64)
	pullScores(d *Data, g []float64, out *Hyper)
}

// Scores are the predictions of the last answer for other samples of the same features: x'w - b, or Σ_j α_j y_j K(x_j, x) - b.
func (f *Follower) Scores(d *Data) []float64 {
	p := f.scores(f.centre.data(d))
	if f.centre != nil {
		for i := range p {
			p[i] += f.centre.label
		}
	}
	return p
}

// scores are the predictions for samples that are seen from the follower's centre, less the label there.
func (f *Follower) scores(d *Data) []float64 {
	out := make([]float64, d.Len())
	if s, ok := f.f.(scorer); ok {
		s.scores(d, out)
		return out
	}
	v := f.f.at()
	for i, x := range d.X {
		out[i] = dot(x, v[:f.n]) - v[f.n]
	}
	return out
}

// pullScores adds the derivatives of Σ g_i p_i by the hyperparameters, with the predictions p of other samples, which are seen from the follower's centre.
func (f *Follower) pullScores(d *Data, g []float64, out *Hyper) {
	f.room(out)
	if s, ok := f.f.(scorer); ok {
		s.pullScores(d, g, out)
		return
	}
	through := make([]float64, f.n+1)
	for i, x := range d.X {
		if g[i] == 0 {
			continue
		}
		for k, xk := range x {
			through[k] += g[i] * xk
		}
		through[f.n] -= g[i]
	}
	f.f.pull(through, out)
}

// room gives slices for derivatives by the hyperparameters of single features or groups.
func (f *Follower) room(out *Hyper) {
	if out.Box == nil {
		out.Box = make([]float64, f.n)
	}
	if out.Weights == nil {
		out.Weights = make([]float64, f.n)
		if l, ok := f.f.(*groupLasso); ok {
			out.Weights = out.Weights[:len(l.groups)]
		}
	}
}

// Predict is the prediction of a run's model for the scaled features x of a sample, x'W - B or, with Gamma in Final, Σ_j W_j exp(-γ|Vectors_j - x|²) - B.
func (r *Run) Predict(x []float64) float64 {
	if r.Vectors == nil {
		return dot(x, r.W) - r.B
	}
	return kernelSum(r.W, r.Vectors, r.Final.Gamma, x) - r.B
}

// supports leaves the samples with coefficients alone.
func supports(x [][]float64, w []float64) (vectors [][]float64, coefs []float64) {
	vectors, coefs = [][]float64{}, []float64{}
	for j, t := range w {
		if t != 0 {
			vectors, coefs = append(vectors, slices.Clone(x[j])), append(coefs, t)
		}
	}
	return vectors, coefs
}
