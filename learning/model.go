package learning

import (
	"fmt"
	"math"

	"github.com/gobilevel/bilevel/model"
)

// ModelOptions say which bilevel model is built.
type ModelOptions struct {
	Loss       Loss // the leader's; log-loss and squares make the leader's problem nonlinear
	PerFeature bool // a bound on each weight (SVC, SVR) or a penalty for each (Ridge, Logistic) or for each group (GroupLasso) is a variable of the leader
	Range      Ranges
	// Ratio makes the regulariser of SVC a λ instead of a C: ½λ|w|² + Σ hinges, with λ between 1/Range.C[1] and 1/Range.C[0]. The answers are those of
	// C = 1/λ; optimality conditions then have the product λ w.
	Ratio bool
	// Radius gives SVC the form with a bound on ½|w|² in the place of C: min Σ hinges over ½|w|² <= R, with R in Range.Radius.
	Radius bool
}

// Model is a bilevel model of the choice of hyperparameters, with handles on its variables.
type Model struct {
	Model      *model.Model
	C, Epsilon *model.Var    // nil where the task has none
	Radius     *model.Var    // R of SVC with ModelOptions.Radius
	Gamma      *model.Var    // γ of KernelSVC; nil where its range is a point, which makes it a number in the model
	Lambda     *model.Var    // λ of Ridge, Logistic and of SVC with Ratio
	L1, L2     *model.Var    // of Lasso, GroupLasso and ElasticNet
	Box        []model.Var   // per feature
	Weights    []model.Var   // per feature, or per group
	W          [][]model.Var // the weights of each fold; the α of KernelSVC
	B          []model.Var   // its intercept; of KernelSVC the price of Σ y_j α_j = 0
	task       Task
	gamma      float64 // of a range that is a point
}

// BuildModel writes the choice of hyperparameters over given folds as a bilevel model with one follower a fold. Misclassification is
// written by two pairs a validation sample with margin m = y (x'w - b),
//
//	0 <= ζ ⟂ m + z >= 0,   0 <= z ⟂ 1 - ζ >= 0,
//
// of which ζ is 1 where m < 0 and 0 where m > 0; at m = 0 the leader takes ζ = 0, whereas Evaluate counts such a sample as wrong.
// Errors are of type *DataError and *OptionError.
func BuildModel(d *Data, task Task, folds [][]int, opt ModelOptions) (*Model, error) {
	if err := usable(d, task); err != nil {
		return nil, err
	}
	loss := opt.Loss.of(task)
	if err := fits(task, loss, opt.PerFeature); err != nil {
		return nil, err
	}
	if opt.Radius && (task != SVC || opt.Ratio) {
		return nil, &OptionError{"radius", "only a support vector classifier can have a radius in the place of C or λ", "leave it out"}
	}
	if opt.Ratio && task != SVC {
		return nil, &OptionError{"ratio", "only a support vector classifier can have λ in the place of C", "leave it out"}
	}
	if err := partition(d.Len(), folds); err != nil {
		return nil, err
	}
	rg, err := opt.Range.filled(d)
	if err != nil {
		return nil, err
	}
	if err := newSpace(task, d.Width(), false, rg).possible(d); err != nil {
		return nil, err
	}
	m := model.New(task.String())
	out := &Model{Model: m, task: task}
	lead := m.Leader()
	variable := func(name string, r [2]float64) *model.Var {
		v := lead.Var(name, r[0], r[1])
		return &v
	}
	var terms trainingTerms
	n := d.Width()
	switch task {
	case SVC, SVR:
		if opt.Radius {
			out.Radius = variable("radius", rg.Radius)
			terms.radius = out.Radius
		} else if opt.Ratio {
			out.Lambda = variable("lambda", [2]float64{1 / rg.C[1], 1 / rg.C[0]})
			terms.l2, terms.c = *out.Lambda, 1.0
		} else {
			out.C = variable("C", rg.C)
			terms.c = *out.C
		}
		if task == SVR {
			out.Epsilon = variable("epsilon", rg.Epsilon)
			terms.eps = *out.Epsilon
		}
		if opt.PerFeature {
			out.Box = lead.Vars("box", n, rg.Box[0], rg.Box[1])
		}
	case GroupLasso:
		if opt.PerFeature {
			out.Weights = lead.Vars("weight", d.units(task), rg.L1[0], rg.L1[1])
		} else {
			out.L1 = variable("l1", rg.L1)
		}
	case KernelSVC:
		out.C = variable("C", rg.C)
		if out.gamma = rg.Gamma[0]; rg.Gamma[1] > rg.Gamma[0] {
			out.Gamma = variable("gamma", rg.Gamma)
		}
	case Lasso, ElasticNet:
		out.L1 = variable("l1", rg.L1)
		terms.l1 = *out.L1
		if task == ElasticNet {
			out.L2 = variable("l2", rg.L2)
			terms.l2 = *out.L2
		}
	default:
		if opt.PerFeature {
			out.Weights = lead.Vars("weight", n, rg.L2[0], rg.L2[1])
			terms.weights = out.Weights
		} else {
			out.Lambda = variable("lambda", rg.L2)
			terms.l2 = *out.Lambda
		}
	}
	var total []model.Expr
	for t, fold := range folds {
		f := m.Follower(fmt.Sprintf("fold%d", t+1))
		terms.tag = fmt.Sprint(t + 1)
		train, held := d.Subset(rest(folds, t)), d.Subset(fold)
		weight := 1 / float64(len(folds)*len(fold))
		if task == KernelSVC {
			var gamma any = out.gamma
			if out.Gamma != nil {
				gamma = *out.Gamma
			}
			alpha, b := addKernel(f, train, *out.C, gamma, terms.tag)
			out.W, out.B = append(out.W, alpha), append(out.B, b)
			predict := func(i int) model.Expr { return kernelPrediction(train, held.X[i], alpha, b, gamma) }
			total = append(total, addValidation(lead, held, loss, terms.tag, predict).Times(weight))
			continue
		}
		if task == GroupLasso {
			w, b := addGroups(lead, f, train, func(g int) model.Var {
				if out.Weights != nil {
					return out.Weights[g]
				}
				return *out.L1
			}, terms.tag)
			out.W, out.B = append(out.W, w), append(out.B, b)
			predict := func(i int) model.Expr { return prediction(held.X[i], w, b) }
			total = append(total, addValidation(lead, held, loss, terms.tag, predict).Times(weight))
			continue
		}
		w := f.Vars("w"+terms.tag, n, math.Inf(-1), math.Inf(1))
		b := f.Var("b"+terms.tag, math.Inf(-1), math.Inf(1))
		addTraining(f, train, task, terms, w, b)
		if out.Box != nil {
			f.ConstrainEach("up"+terms.tag, n, func(k int) model.Relation { return w[k].Minus(out.Box[k]).LE(0) })
			f.ConstrainEach("down"+terms.tag, n, func(k int) model.Relation { return w[k].Plus(out.Box[k]).GE(0) })
		}
		out.W, out.B = append(out.W, w), append(out.B, b)
		predict := func(i int) model.Expr { return prediction(held.X[i], w, b) }
		total = append(total, addValidation(lead, held, loss, terms.tag, predict).Times(weight))
	}
	lead.Minimize(model.Sum(total...))
	if err := m.Err(); err != nil {
		return nil, err
	}
	return out, nil
}

// Hyper reads the hyperparameters from the values of a point of the model.
func (m *Model) Hyper(value func(model.Var) float64) Hyper {
	h := Hyper{}
	if m.task == KernelSVC {
		h.Gamma = m.gamma
	}
	read := func(v *model.Var, to *float64) {
		if v != nil {
			*to = value(*v)
		}
	}
	read(m.C, &h.C)
	read(m.Radius, &h.Radius)
	read(m.Gamma, &h.Gamma)
	read(m.Epsilon, &h.Epsilon)
	read(m.L1, &h.L1)
	read(m.L2, &h.L2)
	if m.Lambda != nil {
		if m.task == SVC {
			h.C = 1 / value(*m.Lambda)
		} else {
			h.L2 = value(*m.Lambda)
		}
	}
	for _, v := range m.Box {
		h.Box = append(h.Box, value(v))
	}
	for _, v := range m.Weights {
		h.Weights = append(h.Weights, value(v))
	}
	return h
}

// fits says whether task, loss and hyperparameters for each feature go together.
func fits(task Task, loss Loss, perFeature bool) error {
	if int(task) >= len(TaskNames) || int(loss) >= len(LossNames) {
		return &OptionError{"task", fmt.Sprintf("there is no %v with %v", task, loss), "see TaskNames and LossNames"}
	}
	if task.Classifies() != loss.classifies() {
		return &OptionError{"loss", fmt.Sprintf("%v does not go with %v", loss, task), "classification takes misclassification, hinge and log-loss, regression absolute and squared"}
	}
	if perFeature && (task == Lasso || task == ElasticNet || task == KernelSVC) {
		return &OptionError{"per-feature", fmt.Sprintf("%v has no hyperparameters of single features", task), "choose svc, svr, ridge, logistic or group-lasso"}
	}
	return nil
}

// partition checks that the folds are a partition of l samples.
func partition(l int, folds [][]int) error {
	seen := make([]bool, l)
	count := 0
	for t, f := range folds {
		if len(f) == 0 || len(f) == l {
			return &OptionError{"folds", fmt.Sprintf("fold %d has %d of %d samples", t+1, len(f), l), "give at least two folds, none of them empty"}
		}
		for _, i := range f {
			if i < 0 || i >= l || seen[i] {
				return &OptionError{"folds", fmt.Sprintf("sample %d in fold %d is out of range or stands twice", i, t+1), "give each sample from 0 to l-1 to one fold"}
			}
			seen[i] = true
			count++
		}
	}
	if count != l {
		return &OptionError{"folds", fmt.Sprintf("%d of %d samples are in folds", count, l), "give each sample to one fold"}
	}
	return nil
}
