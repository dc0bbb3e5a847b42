// Package tasks holds bilevel problems of machine learning for package hypergrad, ready made: ridge, logistic and multinomial regression with one penalty
// weight a feature, a class or for all, the lasso and the elastic net, data cleaning with one weight a sample, learning a regulariser over many tasks (meta-learning),
// poisoning of training data, invariant representations over environments, and a quadratic problem whose answer is known in closed form; with
// generators of synthetic data that give the same numbers on every machine.
package tasks
