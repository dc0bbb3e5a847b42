package mpcc

import (
	"fmt"
	"slices"
	"strings"
)

// Method is a way to write the pairs 0 <= G ⟂ H >= 0 for a solver of smooth programs.
type Method uint8

// The methods. All but Auto are made of functions of the two members of a pair and a parameter t > 0, see Method.At.
const (
	Auto                       Method = iota // several of the others in turn, see Solve
	Scholtes                                 // G, H >= 0, GH <= t
	ScholtesSum                              // G, H >= 0, Σ GH <= q t with q pairs: one row for all
	LinFukushima                             // GH <= t², (G+t)(H+t) >= t²
	Kadrani                                  // G, H >= -t, (G-t)(H-t) <= 0
	SteffensenUlbrich                        // G, H >= 0, the corner rounded within |G-H| < t by a sine
	SteffensenUlbrichQuartic                 // the same by a polynomial of degree four
	KanzowSchwartz                           // G, H >= 0, min(G, H) <= t
	Penalty                                  // G, H >= 0, ρ Σ GH added to the objective
	Product                                  // G, H >= 0, GH <= 0
	FischerBurmeister                        // √(G²+H²) - G - H = 0
	MinFunction                              // min(G, H) = 0
	PenalisedFischerBurmeister               // c (√(G²+H²) - G - H) - (1-c) G⁺H⁺ = 0
	SmoothedFischerBurmeister                // √(G²+H²+2t) - G - H = 0, that is G, H > 0, GH = t
	CHKS                                     // G + H - √((G-H)²+4t) = 0, that is G, H > 0, GH = t
	methodEnd
)

var methodNames = [...]string{"auto", "scholtes", "scholtes-sum", "lin-fukushima", "kadrani", "steffensen-ulbrich", "steffensen-ulbrich-quartic",
	"kanzow-schwartz", "penalty", "product", "fischer-burmeister", "min", "penalised", "smoothed", "chks"}

// String is the name of the method, as ParseMethod reads it.
func (m Method) String() string {
	if m < methodEnd {
		return methodNames[m]
	}
	return fmt.Sprintf("Method(%d)", uint8(m))
}

// Methods returns all methods but Auto, in the order of their constants.
func Methods() []Method {
	var list []Method
	for m := Auto + 1; m < methodEnd; m++ {
		list = append(list, m)
	}
	return list
}

// MethodError says that there is no method of a name.
type MethodError struct{ Name string }

func (e *MethodError) Error() string {
	return fmt.Sprintf("there is no method %q for complementarity pairs; choose from %s", e.Name, strings.Join(methodNames[:], ", "))
}

// ParseMethod returns the method of a name; the empty name is Auto. Errors are of type *MethodError.
func ParseMethod(name string) (Method, error) {
	if name == "" {
		return Auto, nil
	}
	if k := slices.Index(methodNames[:], name); k >= 0 {
		return Method(k), nil
	}
	return Auto, &MethodError{name}
}

// Functions is the number of functions of one pair that the method constrains: 0 for Penalty and Auto, 2 for LinFukushima, 1 for all others.
func (m Method) Functions() int {
	switch m {
	case Auto, Penalty:
		return 0
	case LinFukushima:
		return 2
	}
	return 1
}

// Equation reports whether the functions of the method are to be zero; else they are to be at most zero.
func (m Method) Equation() bool { return m >= FischerBurmeister && m < methodEnd }

// Follows reports whether the method has a parameter that goes to zero (or, for Penalty, a weight that goes to infinity); the others
// are solved once.
func (m Method) Follows() bool {
	switch m {
	case Product, FischerBurmeister, MinFunction, PenalisedFischerBurmeister:
		return false
	}
	return true
}

// Floor is the least value of G and H that the method allows as a bound at t: 0, or -t for LinFukushima and Kadrani. NCP functions
// need no bounds, but the bounds cut off nothing that is a solution, and are kept.
func (m Method) Floor(t float64) float64 {
	if m == LinFukushima || m == Kadrani {
		return -t
	}
	return 0
}
