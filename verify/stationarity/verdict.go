package stationarity

// Verdict is the answer to a question that may be too hard to decide.
type Verdict uint8

// The verdicts.
const (
	Undecided Verdict = iota
	No
	Yes
)

var verdictNames = [...]string{"undecided", "no", "yes"}

func (v Verdict) String() string { return verdictNames[v] }
