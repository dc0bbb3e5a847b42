package learning

import (
	"fmt"
	"math"
)

// Task is what is learnt.
type Task uint8

// The tasks and their training problems, over the training samples j:
//
//	SVC         min ½|w|² + C Σ max(0, 1 - y_j (x_j'w - b)),       |w_k| <= box_k
//	SVR         min ½|w|² + C Σ max(0, |x_j'w - b - y_j| - ε),     |w_k| <= box_k
//	Ridge       min ½ Σ (x_j'w - b - y_j)² + ½ Σ_k λ_k w_k²
//	Lasso       min ½ Σ (x_j'w - b - y_j)² + λ₁ |w|₁
//	ElasticNet  min ½ Σ (x_j'w - b - y_j)² + λ₁ |w|₁ + ½ λ₂ |w|²
//	Logistic    min Σ ln(1 + exp(-y_j (x_j'w - b))) + ½ Σ_k λ_k w_k²
//	KernelSVC   min ½ Σ_jk α_j α_k y_j y_k K(x_j, x_k) - Σ α_j,    0 <= α <= C, Σ y_j α_j = 0, K(x, x') = exp(-γ|x - x'|²)
//	GroupLasso  min ½ Σ (x_j'w - b - y_j)² + Σ_g λ_g √n_g |w_g|₂   for groups g of n_g features
//
// The prediction of KernelSVC is Σ_j α_j y_j K(x_j, x) - b, that of the others x'w - b.
const (
	SVC Task = iota
	SVR
	Ridge
	Lasso
	ElasticNet
	Logistic
	KernelSVC
	GroupLasso
)

// TaskNames are the words for the tasks, in their order.
var TaskNames = []string{"svc", "svr", "ridge", "lasso", "elastic-net", "logistic", "svc-rbf", "group-lasso"}

// String is the word for the task.
func (t Task) String() string {
	if int(t) < len(TaskNames) {
		return TaskNames[t]
	}
	return fmt.Sprintf("Task(%d)", uint8(t))
}

// Classifies reports whether the labels are two classes.
func (t Task) Classifies() bool { return t == SVC || t == Logistic || t == KernelSVC }

// Loss is what the leader pays for a prediction p of a sample with label y.
type Loss uint8

// The losses. DefaultLoss stands for Misclassification in classification, Absolute for SVR and Squared for the other regressions.
const (
	DefaultLoss       Loss = iota
	Misclassification      // 1 where y p <= 1e-9, that is, zero but for rounding, else 0
	Hinge                  // max(0, 1 - y p)
	LogLoss                // ln(1 + exp(-y p))
	Absolute               // |p - y|
	Squared                // (p - y)²
)

// LossNames are the words for the losses, in their order.
var LossNames = []string{"default", "misclassification", "hinge", "log-loss", "absolute", "squared"}

// String is the word for the loss.
func (l Loss) String() string {
	if int(l) < len(LossNames) {
		return LossNames[l]
	}
	return fmt.Sprintf("Loss(%d)", uint8(l))
}

func (l Loss) classifies() bool { return l == Misclassification || l == Hinge || l == LogLoss }

// of puts the loss of a task in the place of DefaultLoss.
func (l Loss) of(t Task) Loss {
	switch {
	case l != DefaultLoss:
		return l
	case t.Classifies():
		return Misclassification
	case t == SVR:
		return Absolute
	}
	return Squared
}

// slope is a loss with a derivative to descend along in the place of a loss that is constant by pieces.
func (l Loss) slope(t Task) Loss {
	switch {
	case l != Misclassification:
		return l
	case t == Logistic:
		return LogLoss
	}
	return Hinge
}

// undecided is a margin that counts as zero, and so as wrong. Where a margin is zero by the data, as with features of few values, its sign is rounding's, and
// would differ with the point from which a follower set out.
const undecided = 1e-9

// at is the value of the loss and a derivative by the prediction.
func (l Loss) at(p, y float64) (value, slope float64) {
	switch l {
	case Misclassification:
		if y*p <= undecided {
			return 1, 0
		}
		return 0, 0
	case Hinge:
		if y*p < 1 {
			return 1 - y*p, -y
		}
		return 0, 0
	case LogLoss:
		return logOnePlusExp(-y * p), -y * sigmoid(-y*p)
	case Absolute:
		return math.Abs(p - y), math.Copysign(1, p-y)
	}
	return (p - y) * (p - y), 2 * (p - y)
}

func sigmoid(t float64) float64 {
	if t >= 0 {
		return 1 / (1 + math.Exp(-t))
	}
	e := math.Exp(t)
	return e / (1 + e)
}

func logOnePlusExp(t float64) float64 {
	if t > 0 {
		return t + math.Log1p(math.Exp(-t))
	}
	return math.Log1p(math.Exp(t))
}
