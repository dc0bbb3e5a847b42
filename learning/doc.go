// Package learning chooses the hyperparameters of models by T-fold cross-validation, as the bilevel problem that this is:
//
//	min over θ   (1/T) Σ_t (1/|N_t|) Σ_{i in N_t} loss(x_i'w^t - b^t, y_i)
//	(w^t, b^t) in argmin over (w, b) of the training problem of fold t, on all samples outside of N_t, at θ.
//
// The tasks are the support vector classifier and ε-support vector regression (each also with a bound on every weight), ridge, lasso,
// elastic net, group lasso and logistic regression, and the support vector classifier with a kernel. There are two ways through the package:
//
//   - BuildModel makes an ordinary model.Model of data and folds, which can be printed, exported, reformulated and, for some tens of
//     samples, solved to a proven optimum by bilevel.Solve.
//   - Tune is for data sets of usual size: exact followers with warm starts (an interior point method and active sets for SVMs,
//     coordinate descent for lasso, descent in pairs and active sets for kernels, Newton for logistic regression), and a search over θ by hypergradients, the
//     difference-of-convex method, grid or random points. It ends with a model
//     trained again on all samples, the regulariser rescaled by T/(T-1) to the larger number of samples. Linear SVMs are followed exactly along lines of their
//     hyperparameters: Path, CurveOver and Validation.Optimum do that by themselves.
//
// Training problems are written with sums over samples, C times the loss for SVMs and λ times the penalty for the others; the intercept
// b is not penalised and a prediction is x'w - b.
//
// Sources: Bennett, Hu, Ji, Kunapuli, Pang (2006) for regression, Kunapuli, Bennett, Hu, Pang (2008) for classification.
package learning
