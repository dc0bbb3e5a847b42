package learning

import (
	"fmt"
	"math"
	"slices"
)

// space is the box of logarithms of the hyperparameters of a task: first the scalars, then one coordinate a feature where there are such.
type space struct {
	task    Task
	n       int
	names   []string
	lo, hi  []float64
	scalars int
}

func newSpace(task Task, n int, perFeature bool, r Ranges) *space {
	s := &space{task: task, n: n}
	add := func(name string, r [2]float64) {
		s.names = append(s.names, name)
		s.lo, s.hi = append(s.lo, math.Log(r[0])), append(s.hi, math.Log(r[1]))
	}
	each := r.Box
	switch task {
	case SVC:
		add("C", r.C)
	case KernelSVC:
		add("C", r.C)
		add("gamma", r.Gamma)
	case SVR:
		add("C", r.C)
		add("epsilon", r.Epsilon)
	case Lasso:
		add("l1", r.L1)
	case GroupLasso:
		if each = r.L1; !perFeature {
			add("l1", r.L1)
		}
	case ElasticNet:
		add("l1", r.L1)
		add("l2", r.L2)
	default:
		each = r.L2
		if !perFeature {
			add("l2", r.L2)
		}
	}
	s.scalars = len(s.names)
	if perFeature {
		word := "box"
		if s.task == Ridge || s.task == Logistic || s.task == GroupLasso {
			word = "weight"
		}
		for k := range n {
			add(fmt.Sprintf("%s[%d]", word, k), each)
		}
	}
	return s
}

// withRadius has the radius of the form with a bound on ½|w|² in the place of C.
func (s *space) withRadius(r Ranges) *space {
	t := *s
	t.names, t.lo, t.hi = slices.Clone(s.names), slices.Clone(s.lo), slices.Clone(s.hi)
	t.names[0], t.lo[0], t.hi[0] = "radius", math.Log(r.Radius[0]), math.Log(r.Radius[1])
	return &t
}

// hyper turns logarithms into hyperparameters.
func (s *space) hyper(theta []float64) Hyper {
	h := Hyper{}
	for i, to := range s.fields(&h) {
		*to = math.Exp(theta[i])
	}
	if len(theta) > s.scalars {
		each := make([]float64, s.n)
		for k := range each {
			each[k] = math.Exp(theta[s.scalars+k])
		}
		if s.task == SVC || s.task == SVR {
			h.Box = each
		} else {
			h.Weights = each
		}
	}
	return h
}

// gradient turns derivatives by the hyperparameters into those by the logarithms.
func (s *space) gradient(theta []float64, d *Hyper, out []float64) {
	for i, from := range s.fields(d) {
		out[i] = *from * math.Exp(theta[i])
	}
	each := d.Weights
	if s.task == SVC || s.task == SVR {
		each = d.Box
	}
	for k := s.scalars; k < len(theta); k++ {
		out[k] = each[k-s.scalars] * math.Exp(theta[k])
	}
}

// fields are the scalars in the order of the coordinates.
func (s *space) fields(h *Hyper) []*float64 {
	switch s.task {
	case SVC:
		if s.names[0] == "radius" {
			return []*float64{&h.Radius}
		}
		return []*float64{&h.C}
	case KernelSVC:
		return []*float64{&h.C, &h.Gamma}
	case SVR:
		return []*float64{&h.C, &h.Epsilon}
	case Lasso:
		return []*float64{&h.L1}
	case ElasticNet:
		return []*float64{&h.L1, &h.L2}
	}
	if s.scalars == 0 {
		return nil
	}
	if s.task == GroupLasso {
		return []*float64{&h.L1}
	}
	return []*float64{&h.L2}
}

// clip moves a point into the box.
func (s *space) clip(theta []float64) {
	for i := range theta {
		theta[i] = math.Min(math.Max(theta[i], s.lo[i]), s.hi[i])
	}
}
