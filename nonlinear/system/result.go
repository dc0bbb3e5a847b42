package system

import (
	"fmt"
	"time"
)

// Outcome says why a solve ended.
type Outcome uint8

// The outcomes.
const (
	Solved      Outcome = iota // a zero of Φ, to the tolerance
	Stationary                 // a stationary point of ½||Φ||² that is no zero
	Stalled                    // no direction gave a step that decreases ½||Φ||²
	Limit                      // the limit on iterations or time
	Interrupted                // the context was done, or Progress said stop
	Undefined                  // Φ is not defined at the start
	outcomeEnd
)

var outcomeText = [...]struct{ name, sentence string }{
	{"solved", "All equations hold to the tolerance."},
	{"stationary", "The point is stationary for the sum of squares of the equations and does not satisfy them."},
	{"stalled", "No step decreases the sum of squares of the equations any more."},
	{"limit", "The limit on iterations or time was reached."},
	{"interrupted", "The solve was cancelled."},
	{"undefined", "The equations have no value at the start."},
}

// String is the outcome in a word.
func (o Outcome) String() string {
	if o < outcomeEnd {
		return outcomeText[o].name
	}
	return fmt.Sprintf("Outcome(%d)", uint8(o))
}

// Sentence explains the outcome in one sentence.
func (o Outcome) Sentence() string {
	if o < outcomeEnd {
		return outcomeText[o].sentence
	}
	return o.String()
}

// StepKind says where a direction came from.
type StepKind uint8

// The kinds of steps.
const (
	StepNone     StepKind = iota // the start
	StepProposed                 // the system's own
	StepNewton
	StepGaussNewton
	StepDamped   // of Levenberg and Marquardt, also the fallback of the other methods
	StepGradient // -∇Ψ
	stepEnd
)

var stepNames = [...]string{"start", "proposed", "newton", "gauss-newton", "damped", "gradient"}

func (k StepKind) String() string {
	if k < stepEnd {
		return stepNames[k]
	}
	return fmt.Sprintf("StepKind(%d)", uint8(k))
}

// Iterate is where a method stands.
type Iterate struct {
	Iteration int
	Residual  float64  // the largest |Φ_i|, or what a Measurer says
	Norm      float64  // ||Φ||
	Gradient  float64  // the largest |(W'Φ)_j|
	Kind      StepKind // of the step that led here
	Step      float64  // its length as a multiple of the direction
	Elapsed   time.Duration
	W         []float64 // not to be kept or changed
}

// Result is what a method found: the best point, by ||Φ||.
type Result struct {
	Outcome        Outcome
	W              []float64
	Residual       float64 // the largest |Φ_i(W)|, or what a Measurer says
	Norm           float64 // ||Φ(W)||
	Iterations     int
	Evaluations    int // of Φ
	Factorisations int
	Steps          [stepEnd]int // by StepKind
	Seconds        float64
	Message        string
}
