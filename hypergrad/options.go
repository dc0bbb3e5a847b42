package hypergrad

import (
	"fmt"
	"slices"
	"time"
)

// Loop is how the leader moves in Minimize.
type Loop uint8

const (
	// QuasiNewton is a projected limited-memory BFGS method with a weak Wolfe search, for boxes and leaders without constraints; other sets take
	// Gradient.
	QuasiNewton Loop = iota
	// Gradient is the projected gradient method with the step rule of the options.
	Gradient
)

// String is the name of the loop.
func (l Loop) String() string {
	switch l {
	case QuasiNewton:
		return "quasi-newton"
	case Gradient:
		return "gradient"
	}
	return fmt.Sprintf("Loop(%d)", uint8(l))
}

// Accuracy is how exactly followers and adjoint systems are solved on the way.
type Accuracy uint8

const (
	// Tied takes the relative tolerance 1e-2·min(1, ‖pg_k‖/‖pg_0‖, s), at least 1e-12, where pg = x - P(x - ∇h) and s is the share of ∇h that points along the set.
	Tied Accuracy = iota
	// Exponential takes 0.1·0.9^k.
	Exponential
	// Quadratic takes 0.1/(k+1)².
	Quadratic
	// Exact takes 1e-12 throughout.
	Exact
)

// Status is why a run ended.
type Status uint8

const (
	// Stationary: ‖x - P(x - ∇h(x))‖ is at most the tolerance.
	Stationary Status = iota
	// Limit: the most iterations or the longest time was reached.
	Limit
	// Spent: the budget of oracle calls was spent.
	Spent
	// Stalled: no step lowers h any more.
	Stalled
	// Interrupted: the context was cancelled or the progress function said so.
	Interrupted
)

// String is a word for the status.
func (s Status) String() string {
	words := []string{"stationary", "limit", "budget spent", "stalled", "interrupted"}
	if int(s) < len(words) {
		return words[s]
	}
	return fmt.Sprintf("Status(%d)", uint8(s))
}

// Options are the settings of Minimize; the zero value of a field is its default.
type Options struct {
	EngineOptions
	Loop     Loop
	Accuracy Accuracy
	Steps    Steps // of Gradient; default Backtracking{}
	Set      Set   // X; nil is Rⁿ
	// Tolerance is the norm of x - P(x - ∇h) at which x is stationary; default 1e-6.
	Tolerance     float64
	MaxIterations int // of the leader; default 1000
	Pairs         int // of QuasiNewton; default 20
	// FirstMove is the length of the first step of QuasiNewton; default 1.
	FirstMove float64
	TimeLimit time.Duration // 0: none
	Budget    Counts        // calls of each kind after which the run ends; 0: none
	// Growing begins on parts of the samples, an eighth at most, of a Problem that has Parts, and ends on all of them: what is learnt on the way there costs a
	// fraction. Each part is left where its gradient is of the size of its sampling error. The final point is judged on all samples.
	Growing bool
	// Progress hears of each iterate, of parts as well; it may end the run by returning false.
	Progress func(Progress) bool
	// Save gets the state of the run, once it is on all samples, after each SaveEvery iterations (default 1); Resume is a state to continue from.
	Save      func(*State) error
	SaveEvery int
	Resume    *State
}

// Progress is where a run stands. Its slices are not to be kept.
type Progress struct {
	Iteration int
	Value     float64 // h, or what is known of it
	Norm      float64 // ‖x - P(x - ∇h)‖
	Residual  float64 // of the follower
	Step      float64 // of the leader
	Tally     Tally
	Checks    Tally // the part of Tally that the checks of a sampled method took, which are no part of the method
	Elapsed   time.Duration
	X, Y      []float64
}

// Result is where a run ended.
type Result struct {
	Status     Status
	X, Y       []float64
	Value      float64
	Gradient   []float64
	Norm       float64 // ‖x - P(x - ∇h)‖
	Residual   float64 // of the follower
	Iterations int
	Tally      Tally
	Checks     Tally // see Progress
	Seconds    float64
	Message    string     // more about the status
	History    []Progress // of each iterate or check, without X and Y; with that of a run that was resumed
}

// plainSet is the set behind a pointer to one of this package.
func plainSet(set Set) Set {
	switch s := set.(type) {
	case *Box:
		if s != nil {
			return *s
		}
	case *Ball:
		if s != nil {
			return *s
		}
	case *Simplex:
		if s != nil {
			return *s
		}
	default:
		return set
	}
	return nil
}

// checkStart refuses starts and sets that do not fit.
func checkStart(n int, x []float64, set Set) error {
	if len(x) != n || !finite(x) {
		return badOption("the start has %d entries for %d leader variables, or one that is not finite", len(x), n)
	}
	switch s := set.(type) {
	case Box:
		return s.check(n)
	case Ball:
		if !(s.Radius >= 0) || (s.Centre != nil && len(s.Centre) != n) || !finite(s.Centre) {
			return badOption("the ball has radius %v and a centre of %d entries for %d leader variables, or one that is not finite", s.Radius, len(s.Centre), n)
		}
	case Simplex:
		if !proper(s.Sum) {
			return badOption("the entries of the simplex are to add up to %v", s.Sum)
		}
	}
	return nil
}

// projectedGradient stores x - P(x - g) in out and answers its norm.
func projectedGradient(set Set, x, g, out []float64) float64 {
	copy(out, x)
	add(out, -1, g)
	if set != nil {
		set.Project(out)
	}
	for j := range out {
		out[j] = x[j] - out[j]
	}
	return norm(out)
}

func project(set Set, x []float64) {
	if set != nil {
		set.Project(x)
	}
}

// cloneAll copies a list of vectors.
func cloneAll(list [][]float64) [][]float64 {
	out := make([][]float64, len(list))
	for i := range list {
		out[i] = slices.Clone(list[i])
	}
	return out
}
