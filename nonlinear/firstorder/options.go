package firstorder

import (
	"fmt"
	"strings"

	"github.com/gobilevel/bilevel/backends"
	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/smooth"
	"github.com/gobilevel/bilevel/nonlinear/response"
)

// Method is one of the methods of the package comment.
type Method uint8

// The methods.
const (
	Penalty Method = iota
	BOME
	F2SA
	DCA
)

var methodNames = [...]string{"penalty", "bome", "f2sa", "dca"}

func (m Method) String() string { return methodNames[min(int(m), len(methodNames)-1)] }

// Methods lists all methods.
func Methods() []Method { return []Method{Penalty, BOME, F2SA, DCA} }

// ParseMethod reads the name of a method.
func ParseMethod(s string) (Method, error) {
	for k, n := range methodNames {
		if s == n {
			return Method(k), nil
		}
	}
	return 0, fmt.Errorf("first-order method %q: choose from %s", s, strings.Join(methodNames[:], ", "))
}

// Options are the settings of Solve. The zero value of each field is its default, but for Smooth.
type Options struct {
	Method  Method
	Smooth  smooth.Solver    // answers followers and solves subproblems; needed
	Backend backends.Backend // answers linear followers, and solves subproblems of DCA that are quadratic programs; nil: Smooth
	// Tolerance ends Penalty where the projected gradient of the penalised objective, relative to max(1, |∇F|), is as small, BOME and F2SA where the gap is,
	// too, and DCA where the step relative to the point is. Default 1e-6.
	Tolerance float64
	// Gap is the follower gap f - φ, relative to max(1, |φ|), at which Penalty and DCA stop; default 1e-10. Near an answer that is a strict minimum the gap is the
	// square of a distance, so that it has to be small beside the accuracy that x should have.
	Gap float64
	// Feasibility is the largest violation of a leader's constraint; default 1e-7.
	Feasibility float64
	// MaxIterations bounds the steps of the leader; default 2000, DCA 200.
	MaxIterations int
	Inner         int     // T; default 10
	Step          float64 // multiple of the steps of BOME and F2SA; default 1
	Eta           float64 // η of BOME; default 0.5
	Lambda        float64 // first λ of Penalty and F2SA, first β of DCA; default 1
	MaxLambda     float64 // largest λ of Penalty; default 1e5
	Delta         float64 // δ of DCA; default 5
	Rho           float64 // ρ of DCA; default 1e-2
	Epsilon       float64 // ε of DCA; default 0
	// Progress hears of each step and ends the solve by returning false; nil: none.
	Progress func(Event) bool
}

// Event says where the solve stands.
type Event struct {
	Iteration int
	Objective float64 // F in minimisation form
	Gap       float64 // f - φ
	Residual  float64
	Lambda    float64
	Merit     float64 // F + β max(0, f - φ - ε) of DCA, F + λq of the others
}

// Result is what was found.
type Result struct {
	// Status is model.StatusLocal where the stopping test passed at the point that is returned, StatusFeasible for another point at which the leader's constraints
	// hold, StatusInfeasible where none was found, StatusUnbounded where F fell below -1e15, StatusLimit or StatusInterrupted where
	// time ran out without a point, StatusUnknown where the search broke off without one, for the reason in Message.
	Status    model.Status
	X         []float64 // the decision and an optimal answer to it; nil where none was found
	Objective float64   // F in minimisation form
	Gap       float64   // f - φ at the last iterate
	Violation float64   // of the leader's constraints at X
	Residual  float64   // of the last iterate, as the stopping test takes it
	Lambda    float64   // the last λ or β
	Answer    *response.Answer

	Iterations, InnerSteps, Answers int // steps of the leader, gradient steps on y and z, exact answers of the follower
	Seconds                         float64
	Message                         string
}

func (o *Options) fill() {
	def := func(v *float64, d float64) {
		if *v == 0 {
			*v = d
		}
	}
	def(&o.Tolerance, 1e-6)
	def(&o.Gap, 1e-10)
	def(&o.Feasibility, 1e-7)
	def(&o.Step, 1)
	def(&o.Eta, 0.5)
	def(&o.Lambda, 1)
	def(&o.MaxLambda, 1e5)
	def(&o.Delta, 5)
	def(&o.Rho, 1e-2)
	if o.Inner == 0 {
		o.Inner = 10
	}
	if o.MaxIterations == 0 {
		o.MaxIterations = 2000
		if o.Method == DCA {
			o.MaxIterations = 200
		}
	}
}
