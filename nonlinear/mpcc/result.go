package mpcc

import (
	"time"

	"github.com/gobilevel/bilevel/model"
)

// Label is what the way to a point says about its stationarity. It is a hint: a classification recomputes the multipliers.
type Label uint8

// The labels, from the weakest to the strongest.
const (
	Unlabelled Label = iota
	Weak             // the point solves the branch program of its pattern
	Strong           // and the multipliers of all biactive pairs are not negative; strong stationarity implies B-stationarity
	Bouligand        // and a linear program with complementarity constraints found no first-order descent
)

func (l Label) String() string {
	return [...]string{"none", "W-stationary", "S-stationary", "B-stationary"}[l]
}

// Stage is what one part of a solve did.
type Stage struct {
	Name       string // the method, "branch", …
	Rounds     int    // programs solved
	Iterations int
	Seconds    float64
	// Objective is the best feasible objective after the stage, NaN where there is none; Improved says that the stage brought it.
	Objective float64
	Improved  bool
	Message   string // why it stopped or failed
}

// Result is the best point of a solve. Values of the objective are those of the program, which is minimised.
type Result struct {
	// Status is model.StatusLocal for a feasible point that a label describes, StatusFeasible for another feasible point, StatusInfeasible where
	// the programs ended at stationary points of the violation (no proof), StatusUnbounded where the objective fell without limit,
	// StatusLimit, StatusInterrupted and StatusFailed where there is no feasible point for these reasons.
	Status    model.Status
	X         []float64 // one entry a variable, never nil; where nothing is feasible, the least infeasible point
	Objective float64   // at X
	Label     Label

	Pattern []Zero // by pair: which member is held at zero
	// Violation is the largest violation of a row or bound at X, Complementarity the largest |min(G, H)|.
	Violation, Complementarity float64
	// Multipliers at X, in the signs of package smooth: Rows λ, Lower and Upper of the bounds. What belongs to a pair is in Pairs, as
	// (ν_G, ν_H) of ∇f + ∇c'λ - zl + zu - Σ ν_G ∇G - Σ ν_H ∇H = 0, and is no part of the others. nil where unknown.
	Rows, Lower, Upper []float64
	Pairs              [][2]float64

	Method      Method // that brought the point
	Programs    int    // smooth programs solved
	Iterations  int
	Evaluations int // of the objective
	Seconds     float64
	Stages      []Stage
	Message     string
}

// Feasible reports whether the result has a feasible point.
func (r *Result) Feasible() bool {
	return r.Status == model.StatusLocal || r.Status == model.StatusFeasible
}

func since(start time.Time) float64 { return time.Since(start).Seconds() }
