package stationarity

// Class is the strongest statement that holds of a point.
type Class uint8

// The classes.
const (
	Unknown       Class = iota // nothing could be decided
	Infeasible                 // the point violates the problem by more than Options.Feasibility
	NotStationary              // not even W-stationary: the objective falls along a direction that leaves all zero members at zero
	WStationary
	AStationary
	CStationary
	MStationary
	BStationary // and not S-stationary: MPCC-LICQ fails
	SStationary
	Stationary // a problem without pairs, or whose pairs hold by bounds: the conditions of Karush, Kuhn and Tucker
)

var classNames = [...]string{"unknown", "infeasible", "not stationary", "W-stationary", "A-stationary", "C-stationary", "M-stationary", "B-stationary", "S-stationary", "stationary"}

func (c Class) String() string { return classNames[c] }

// Options are the settings of Problem.Classify. The zero value of each field is its default.
type Options struct {
	// Active is up to which slack, over the size of its gradient, something counts as zero. Default max(1e-6, 10 times the largest residual),
	// and where that leaves no multipliers, up to 1e-3 where then the products of multipliers and slacks sum to at most
	// Residual (1 + |f(x)|).
	Active      float64
	Residual    float64 // ‖∇f - Σ multipliers gradients‖∞ over 1 + ‖∇f‖∞ that counts as zero; 100 times as much does not; default 1e-6
	Feasibility float64 // residual of a constraint or pair, over the size of its gradient, up to which a point is judged; default 1e-5
	Rank        float64 // share of a gradient that others do not make up which counts as zero; 100 times as much does not; default 1e-8
	NodeLimit   int     // sets of multipliers computed for one question; default 5000
}

// Report is what is known of a point x. Yes and No are answers up to the tolerances; in the band between them, and where a limit was
// hit, the answer is Undecided.
type Report struct {
	Class Class
	// The labels. With multipliers p and q of the two members of a pair that are both zero at x (see Multipliers): W any; A p >= 0 or q >= 0;
	// C p q >= 0; M both positive or p q = 0; S both non-negative. B: no direction that satisfies the linearised problem, in any
	// branch of those pairs, descends. S implies B, B implies M, M implies A and C, each of which implies W; and B implies S under
	// MPCC-LICQ.
	W, A, C, M, B, S Verdict

	Violation    float64 // largest violation of a bound or constraint over the size of its gradient (limited to [0.01, 1000])
	PairResidual float64 // largest residual of a pair, |min(A, B)| for a standard one, measured likewise
	WorstPair    int     // the pair with it, -1 where all hold exactly
	Tolerance    float64 // slacks up to this, measured likewise, count as zero; see Options.Active

	Pairs    int   // of the problem
	Biactive []int // pairs whose members are both zero
	Nearly   []int // pairs that are not far from it: both members within 1000 times the tolerance
	Active   int   // active constraints, bounds and members

	// Multipliers prove the strongest of S, M, C, A, W that holds; nil where none does. Residual is theirs,
	// ‖∇f - Σ multipliers gradients‖∞ over 1 + ‖∇f‖∞, and the least one found for W where none holds.
	Multipliers *Multipliers
	Residual    float64
	Gap         float64 // sum of the products of their amounts and the slacks of what they belong to; NaN where there are none
	// Proofs show B where S does not hold: together they cover all branches of the biactive pairs.
	Proofs []BranchProof
	// Descent is a direction, with largest entry 1, along which the objective falls to first order where B does not hold, and DescentBranches
	// says of each pair how it holds along it.
	Descent         []float64
	DescentBranches []Branch
	Slope           float64 // ∇f'Descent

	LICQ, MFCQ   Verdict // MPCC-LICQ and MPCC-MFCQ; LICQ and MFCQ where there are no pairs
	Independence float64 // least share of an active gradient that the others do not make up; NaN where unknown
	Message      string  // why something is undecided, "" where nothing is to be said

	problem *Problem
	states  []pairState
}

// strongest is the class of a report.
func (r *Report) strongest() Class {
	if r.S == Yes && (r.Pairs == 0 || !anyPair(r.states)) {
		return Stationary
	}
	for _, l := range []struct {
		answer Verdict
		class  Class
	}{{r.S, SStationary}, {r.B, BStationary}, {r.M, MStationary}, {r.C, CStationary}, {r.A, AStationary}, {r.W, WStationary}} {
		if l.answer == Yes {
			return l.class
		}
	}
	if r.W == No {
		return NotStationary
	}
	return Unknown
}

// anyPair reports whether a pair is a condition of its own.
func anyPair(states []pairState) bool {
	for _, s := range states {
		if s != stateSettled {
			return true
		}
	}
	return false
}
