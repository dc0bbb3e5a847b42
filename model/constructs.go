package model

import "strings"

// Constructs is the set of kinds of things that a model contains, that a pass leaves, or that a backend takes.
type Constructs uint32

// The constructs. A linear model with continuous variables and no follower has none of them.
const (
	Followers                Constructs = 1 << iota // at least one follower problem
	NashGame                                        // followers that take each other's variables as given
	Complementarity                                 // pairs 0 <= a ⟂ b >= 0
	MixedPairs                                      // lo <= a <= hi ⟂ b
	IntegerVariables                                // integer or binary variables
	SOS1Sets                                        // sets with at most one nonzero
	IndicatorRows                                   // rows that hold when a binary variable has a given value
	ConvexQuadraticObjective                        // leader's objective quadratic and convex (in minimisation form)
	QuadraticObjective                              // leader's objective quadratic, not known to be convex
	QuadraticRows                                   // rows with a quadratic part, bilinear ones included
	NonlinearFunctions                              // objective or rows with a nonlinear part
	DualVariables                                   // variables that stand for the multiplier of a follower's constraint
	constructsEnd
)

var constructNames = [...]string{
	"followers", "Nash game", "complementarity pairs", "mixed complementarity pairs", "integer variables", "SOS1 sets",
	"indicator constraints", "convex quadratic objective", "quadratic objective", "quadratic constraints", "nonlinear functions", "dual variables",
}

// Has reports whether all of the constructs in d are in c.
func (c Constructs) Has(d Constructs) bool { return c&d == d }

// Without returns the constructs of c that are not in d.
func (c Constructs) Without(d Constructs) Constructs { return c &^ d }

// List returns the constructs of c one by one, in a fixed order.
func (c Constructs) List() []Constructs {
	var out []Constructs
	for k := Constructs(1); k < constructsEnd; k <<= 1 {
		if c&k != 0 {
			out = append(out, k)
		}
	}
	return out
}

// String names the constructs, separated by commas; the empty set is "linear, continuous".
func (c Constructs) String() string {
	if c == 0 {
		return "linear, continuous"
	}
	var names []string
	for i, n := range constructNames {
		if c&(1<<i) != 0 {
			names = append(names, n)
		}
	}
	return strings.Join(names, ", ")
}
