package branch

import "math"

// largestCover is how many leader variables there may be for them to be tried instead of pairs.
const largestCover = 6

// When the search looks whether branching on pairs gets anywhere: after how many nodes, and with how many open pairs. Tests lower both.
var (
	switchAfter = 400
	switchPairs = 60
)

// changeBranching decides, in BranchAuto, between two trees: one that branches on pairs and one that branches on the leader's variables in
// products first. Where the first has closed less than a tenth of the gap after switchAfter nodes, the second gets as many; the one with
// the better bound goes on, and the other one where that bound has not moved since. Each tree is a proof of its own, and so the better of their two bounds holds.
func (t *tree) changeBranching() {
	if t.opt.Branching != BranchAuto || len(t.cover) == 0 || len(t.cover) > largestCover || t.stat.OpenAfterProbe < switchPairs || t.queue.Len() == 0 {
		return
	}
	if t.stat.Nodes-t.changed < switchAfter {
		return
	}
	t.gather()
	low := t.least(&t.queue)
	switch {
	case t.other == nil:
		first := t.stat.RootBound
		if math.IsNaN(first) || math.IsInf(t.value, 1) || low-first > 0.1*(t.value-first) {
			t.changed = t.stat.Nodes
			return
		}
		pairs := t.queue
		t.other = &pairs
		t.queue = open{}
		t.queue.add(&node{bound: first})
		t.leaderFirst = true
	case t.least(t.other) > low || low <= t.lowThen:
		t.queue, *t.other = *t.other, t.queue
		t.leaderFirst = !t.leaderFirst
	}
	t.changed, t.lowThen = t.stat.Nodes, t.least(&t.queue)
}
