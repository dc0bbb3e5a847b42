package bilevel

import (
	"github.com/gobilevel/bilevel/model"
)

// What a program that builds and solves a model needs of package model.
type (
	// Model is an optimisation problem of one leader and any number of followers.
	Model = model.Model
	// Player is the leader or a follower.
	Player = model.Player
	// Var is a handle on a variable.
	Var = model.Var
	// Expr is an expression in variables.
	Expr = model.Expr
	// Relation is a constraint that has not yet a name and an owner.
	Relation = model.Relation
	// Constraint is a handle on a constraint.
	Constraint = model.Constraint
	// Point is a point of a model.
	Point = model.Point
	// Status says why a solve stopped.
	Status = model.Status
	// Proof says what is established about an answer.
	Proof = model.Proof
)

// The statuses and proofs, see package model.
const (
	StatusOptimal    = model.StatusOptimal
	StatusLocal      = model.StatusLocal
	StatusFeasible   = model.StatusFeasible
	StatusInfeasible = model.StatusInfeasible
	StatusUnbounded  = model.StatusUnbounded
	StatusLimit      = model.StatusLimit

	ProofNone           = model.ProofNone
	ProofFeasible       = model.ProofFeasible
	ProofLocal          = model.ProofLocal
	ProofGlobalIfBounds = model.ProofGlobalIfBounds
	ProofGlobal         = model.ProofGlobal
	ProofInfeasible     = model.ProofInfeasible
	ProofUnbounded      = model.ProofUnbounded
)

// Inf is plus infinity: the bound of what has none.
var Inf = model.Inf

// NewModel returns an empty model with a leader.
func NewModel(name string) *Model { return model.New(name) }

// Sum is the sum of variables or of expressions.
func Sum[T Var | Expr](terms ...T) Expr { return model.Sum(terms...) }

// SumOver is the sum of f(0), ..., f(n-1), each a number, a Var or an Expr.
func SumOver(n int, f func(k int) any) Expr { return model.SumOver(n, f) }

// Dot is Σ coefs[k]*vars[k]; nil coefs stand for ones.
func Dot(coefs []float64, vars []Var) Expr { return model.Dot(coefs, vars) }

// Const is the number c as an expression.
func Const(c float64) Expr { return model.Const(c) }
