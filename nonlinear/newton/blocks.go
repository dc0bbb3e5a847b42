package newton

import (
	"github.com/gobilevel/bilevel/model/smooth"
	"github.com/gobilevel/bilevel/nonlinear/sparse"
)

// Blocks are looked for in systems of at least leastBlocks unknowns, and taken where the border has a share of at most smallBorder or where they do not
// multiply the work by more than mostFill.
const (
	leastBlocks = 200
	smallBorder = 0.02
	mostFill    = 1.5
)

// analyse chooses the order of elimination for a pattern of order n: the least fill, or blocks that a few variables and rows join, such as the conditions of several
// followers. Blocks are factorised at the same time, and what they leave, the Schur complement on the border, last.
func (pr *problem) analyse(n int, rows, cols []int32, apart bool) (*sparse.Symbolic, error) {
	if !apart || n < leastBlocks {
		return sparse.Analyse(n, rows, cols)
	}
	block := sparse.FindBlocks(n, rows, cols, pr.groups(n))
	if block == nil {
		return sparse.Analyse(n, rows, cols)
	}
	blocks, err := sparse.AnalyseBlocks(n, rows, cols, block)
	if err != nil {
		return nil, err
	}
	outside := 0
	for _, b := range block {
		if b < 0 {
			outside++
		}
	}
	if float64(outside) <= smallBorder*float64(n) {
		return blocks, nil
	}
	whole, err := sparse.Analyse(n, rows, cols)
	if err != nil || blocks.Flops() > mostFill*whole.Flops() {
		return whole, err
	}
	return blocks, nil
}

// groups are those of the reduced variables that the program knows, 0 for the other unknowns; nil where it knows none.
func (pr *problem) groups(n int) []int32 {
	all := smooth.GroupsOf(pr.p)
	if all == nil {
		return nil
	}
	out := make([]int32, n)
	for k, j := range pr.vars {
		out[k] = all[j]
	}
	return out
}
