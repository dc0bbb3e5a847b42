package mstationary

import (
	"fmt"
	"math"

	"github.com/gobilevel/bilevel/model"
	"github.com/gobilevel/bilevel/model/smooth"
)

// PairError says why a pair is not one of this package.
type PairError struct {
	Pair           int
	Reason, Remedy string
}

func (e *PairError) Error() string {
	return fmt.Sprintf("mstationary: pair %d: %s; %s", e.Pair, e.Reason, e.Remedy)
}

// checkPairs refuses mixed pairs, indices that do not exist and bounds that are not finite.
func checkPairs(p smooth.Program, pairs []model.Pair) error {
	for k, pair := range pairs {
		for i, s := range [2]model.Member{pair.A, pair.B} {
			if s.Side != model.AtLower && s.Side != model.AtUpper {
				return &PairError{k, "it is a mixed pair", "write it as standard pairs by the pass normalise"}
			}
			lo, hi := p.Bounds()
			what := "variable"
			if s.Row {
				lo, hi = p.RowBounds()
				what = "row"
			}
			if s.Index < 0 || int(s.Index) >= len(lo) {
				return &PairError{k, fmt.Sprintf("its member %d is %s %d of %d", i+1, what, s.Index, len(lo)), "give an index that exists"}
			}
			if s.Side == model.AtLower {
				hi = lo
			}
			if b := hi[s.Index]; math.IsInf(b, 0) || math.IsNaN(b) {
				return &PairError{k, fmt.Sprintf("its member %d is the slack of %s %d %v, which is not finite", i+1, what, s.Index, s.Side), "give it a bound there"}
			}
		}
	}
	return nil
}
