package model

import "fmt"

// Status says why a solve stopped.
type Status uint8

// The statuses. What is known of the answer is its Proof, not its Status.
const (
	StatusUnknown         Status = iota // nothing is known
	StatusOptimal                       // an optimal point was found to the tolerances asked for, or those that the method has where none were
	StatusReducedAccuracy               // as optimal, but to tolerances looser than asked for
	StatusLocal                         // a local solution or stationary point was found
	StatusFeasible                      // stopped with a feasible point before optimality was proven
	StatusInfeasible                    // no feasible point exists
	StatusUnbounded                     // the objective improves without limit over feasible points
	StatusInfOrUnbounded                // infeasible or unbounded, not told apart
	StatusLimit                         // a time, node or iteration limit was reached without a point
	StatusInterrupted                   // the context was cancelled
	StatusFailed                        // the solver failed; the message says how
	statusEnd
)

var statusText = [...]struct{ name, sentence string }{
	{"unknown", "Nothing is known about the answer."},
	{"optimal", "An optimal point was found to the tolerances asked for."},
	{"reduced accuracy", "A point was found that is optimal to tolerances looser than asked for."},
	{"local", "A local solution or stationary point was found."},
	{"feasible", "The solve stopped with a feasible point before optimality was proven."},
	{"infeasible", "No point satisfies all constraints."},
	{"unbounded", "The objective improves without limit over feasible points."},
	{"infeasible or unbounded", "The problem is infeasible or unbounded; the solver did not tell which."},
	{"limit", "A limit on time, nodes or iterations was reached before a feasible point was found."},
	{"interrupted", "The solve was cancelled."},
	{"failed", "The solver failed."},
}

// String is the status in a word or two.
func (s Status) String() string {
	if int(s) < len(statusText) {
		return statusText[s].name
	}
	return fmt.Sprintf("Status(%d)", uint8(s))
}

// Sentence explains the status in one sentence.
func (s Status) Sentence() string {
	if int(s) < len(statusText) {
		return statusText[s].sentence
	}
	return s.String()
}

// Proof says what is established about an answer. Proofs are ordered: a greater one is the stronger statement about a point;
// ProofInfeasible and ProofUnbounded stand apart.
type Proof uint8

// The proofs.
const (
	ProofNone           Proof = iota // nothing is proven
	ProofFeasible                    // the point is feasible
	ProofLocal                       // the point is a local solution or stationary, with the class that is reported
	ProofGlobalIfBounds              // the point is globally optimal if the stated bounds (assumed big-M) hold
	ProofGlobal                      // the point is globally optimal, without assumption
	ProofInfeasible                  // there is no feasible point
	ProofUnbounded                   // the objective is unbounded over feasible points
	proofEnd
)

var proofNames = [...]string{"none", "feasible", "local", "global-if-bounds", "global", "infeasible", "unbounded"}

// String is the proof as the JSON contract of the command writes it.
func (p Proof) String() string {
	if int(p) < len(proofNames) {
		return proofNames[p]
	}
	return fmt.Sprintf("Proof(%d)", uint8(p))
}

// Weaker returns the weaker of two proofs about a point: a result claims no more than its weakest step.
func (p Proof) Weaker(q Proof) Proof {
	if q < p {
		return q
	}
	return p
}
