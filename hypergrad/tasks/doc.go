// Package tasks holds bilevel problems of machine learning for package hypergrad, ready made: ridge and logistic regression with one penalty
// weight a feature or one for all, the lasso and the elastic net, data cleaning with one weight a sample, and a quadratic problem whose answer is known in
// closed form; with generators of synthetic data that give the same numbers on every machine.
package tasks
