package newton

import "math"

// filter is the set of pairs (violation, barrier function) that a new point must not be dominated by: for each of them it has to be better in
// one. Source: Wächter and Biegler (2005, 2006), whose names the constants follow.
type filter struct {
	entries            []filterEntry
	thetaMax, thetaMin float64
}

type filterEntry struct{ theta, phi float64 }

const (
	gammaTheta   = 1e-5
	gammaPhi     = 1e-8
	etaPhi       = 1e-8
	switchDelta  = 1.0
	switchTheta  = 1.1
	switchPhi    = 2.3
	thetaMaxFact = 1e4
	thetaMinFact = 1e-4
	stepFraction = 0.05
)

// reset forgets all entries.
func (f *filter) reset() { f.entries = f.entries[:0] }

// start sets the limits of the violation from that of the first point.
func (f *filter) start(theta float64) {
	f.reset()
	f.thetaMax = thetaMaxFact * max(1, theta)
	f.thetaMin = thetaMinFact * max(1, theta)
}

// accepts reports whether no entry dominates a point.
func (f *filter) accepts(theta, phi float64) bool {
	if theta > f.thetaMax {
		return false
	}
	for _, e := range f.entries {
		if !atMost(theta, e.theta, e.theta) && !atMost(phi, e.phi, e.phi) {
			return false
		}
	}
	return true
}

// add bars the points that do not improve on (theta, phi) by a margin.
func (f *filter) add(theta, phi float64) {
	n := filterEntry{(1 - gammaTheta) * theta, phi - gammaPhi*theta}
	kept := f.entries[:0]
	for _, e := range f.entries {
		if e.theta < n.theta || e.phi < n.phi {
			kept = append(kept, e)
		}
	}
	f.entries = append(kept, n)
}

// atMost is a <= b with room for the rounding errors of numbers of the size of base.
func atMost(a, b, base float64) bool { return a-b <= 1e-15*10*math.Abs(base) }
