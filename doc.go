// Package bilevel models and solves bilevel optimisation problems: a leader decides (tolls, prices, bids), followers answer with an
// optimal solution of their own problem, and the leader wants the best outcome.
//
// A program builds a Model, or reads one with package model/modfile, and calls Solve, which goes the whole way:
//
//	classify -> plan -> reformulate -> solve -> recover -> verify
//
// The answer is a Result: a point in the variables of the model as it was given, what is proven about it, and a certificate, for which
// the followers have been solved again at the leader's decision.
package bilevel
