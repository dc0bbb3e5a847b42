package stationarity

import (
	"context"
	"math"
)

// BranchProof shows that no direction descends in some branches of the biactive pairs: with the multipliers, ∇f is a combination of
// the active gradients in which the members that the branch keeps at zero have any sign and the other members non-negative ones.
// Where a pair of the group is not among Pairs the multipliers of both its members are non-negative, so that they serve all its branches.
// Groups of pairs that have nothing to do with each other are proven apart, with any sign for the pairs of the other groups.
type BranchProof struct {
	Group       []int // biactive pairs that it is about
	Pairs       []int
	Branches    []Branch
	Multipliers *Multipliers
	Residual    float64 // ‖∇f - ...‖∞ that is left
}

// branchNode is a set of branches of some biactive pairs.
type branchNode struct {
	parent *branchNode
	pair   int
	first  bool // the pair's first member stays zero; otherwise its second
}

// noDescent decides whether the linearised problem has no direction of descent, in any branch of the biactive pairs. Each branch is a
// cone of directions d, in which there is none exactly if ∇f has multipliers: members that stay zero have any sign, members that
// only stay non-negative non-negative ones. Cones with pairs left open contain those with the pair decided.
func (t *tests) noDescent(ctx context.Context, out *Report) (Verdict, error) {
	var proofs []BranchProof
	doubtful := false
	for _, group := range t.groups {
		more, answer, err := t.groupDescends(ctx, group, out)
		if err != nil || answer == No {
			return answer, err
		}
		doubtful = doubtful || answer == Undecided
		proofs = append(proofs, more...)
	}
	if doubtful {
		return Undecided, nil
	}
	out.Proofs = proofs
	return Yes, nil
}

// groupDescends decides the same for the directions along which the pairs of all other groups stay at zero.
func (t *tests) groupDescends(ctx context.Context, group []int, out *Report) (proofs []BranchProof, answer Verdict, err error) {
	open := []*branchNode{{pair: -1}}
	doubtful := false
	for solves := 0; len(open) > 0; solves++ {
		if solves >= t.opt.NodeLimit {
			t.limit = true
			return nil, Undecided, nil
		}
		n := open[len(open)-1]
		open = open[:len(open)-1]
		t.weak()
		for _, k := range group {
			t.put(k, cell{nonNegative, nonNegative})
		}
		for a := n; a.pair >= 0; a = a.parent {
			if a.first {
				t.put(a.pair, cell{free, nonNegative})
			} else {
				t.put(a.pair, cell{nonNegative, free})
			}
		}
		residual, err := t.least(ctx)
		if err != nil {
			return nil, Undecided, err
		}
		answer := t.judge(residual)
		if answer == Yes {
			proofs = append(proofs, t.proof(n, group, residual))
			continue
		}
		k := t.broken(n, group)
		switch {
		case k >= 0:
			a, b := t.rates(k)
			open = append(open, &branchNode{parent: n, pair: k, first: a > b}, &branchNode{parent: n, pair: k, first: a <= b})
		case answer == No:
			out.Descent, out.DescentBranches = t.direction(), t.branchesAlong()
			return nil, No, nil
		default:
			doubtful = true
		}
	}
	if doubtful {
		return nil, Undecided, nil
	}
	return proofs, Yes, nil
}

// broken is the pair of a group that holds least along the kernel's direction, -1 where all hold.
func (t *tests) broken(n *branchNode, group []int) int {
	size := 0.0
	for _, v := range t.kernel.d {
		size = math.Max(size, math.Abs(v))
	}
	at, worst := -1, 1e-8*size
	for _, k := range group {
		a, b := t.rates(k)
		if miss := math.Min(a, b); miss > worst && !n.has(k) {
			at, worst = k, miss
		}
	}
	return at
}

func (n *branchNode) has(pair int) bool {
	for ; n.pair >= 0; n = n.parent {
		if n.pair == pair {
			return true
		}
	}
	return false
}

// rates are the derivatives of the members of a biactive pair along the kernel's direction, over the size of their gradients.
func (t *tests) rates(k int) (a, b float64) {
	var rate [2]float64
	for side, i := range t.members[k] {
		c := t.columns[i]
		rate[side] = t.along(c.quantity, t.kernel.d) * c.orientation
		if s := t.normInf[c.quantity]; s > 0 {
			rate[side] /= s
		}
	}
	return rate[0], rate[1]
}

// direction is the kernel's direction with largest entry 1.
func (t *tests) direction() []float64 {
	size := 0.0
	for _, v := range t.kernel.d {
		size = math.Max(size, math.Abs(v))
	}
	d := make([]float64, t.p.n)
	for j := range d {
		d[j] = t.kernel.d[j]/size + 0 // no negative zero
	}
	return d
}

// branchesAlong are the branches that hold along the kernel's direction.
func (t *tests) branchesAlong() []Branch {
	branches := make([]Branch, len(t.p.pairs))
	for k := range branches {
		first := t.states[k] != stateSecondZero
		if t.states[k] == stateBiactive {
			a, b := t.rates(k)
			first = a <= b
		}
		branches[k] = t.branch(k, first)
	}
	return branches
}

// branch is the branch of a pair in which its first member, or else its second, stays zero.
func (t *tests) branch(k int, first bool) Branch {
	pair := t.p.pairs[k]
	switch {
	case pair.Mixed() && !first, pair.Mixed() && t.states[k] == stateSettled && !t.p.fixed(t.p.quantity(pair.A)):
		return ValueZero
	case pair.Mixed() && t.upper[k]:
		return RangeAtUpper
	case pair.Mixed():
		return RangeAtLower
	case t.states[k] == stateSettled && !t.p.fixed(t.p.quantity(pair.A)), !first:
		return SecondZero
	}
	return FirstZero
}

// proof is what the multipliers at hand prove.
func (t *tests) proof(n *branchNode, group []int, residual float64) BranchProof {
	f := BranchProof{Group: group, Multipliers: t.multipliers(t.kernel.w), Residual: residual}
	for ; n.pair >= 0; n = n.parent {
		f.Pairs, f.Branches = append(f.Pairs, n.pair), append(f.Branches, t.branch(n.pair, n.first))
	}
	return f
}
