package expr

import "slices"

// reach finds the instructions and variables below a slot through which a derivative flows.
type reach struct {
	t       *Tape
	depends []bool  // slot: its derivative is not structurally zero
	mark    []int32 // slot: the number of the search that saw it
	search  int32
	stack   []int32
	instrs  []int32 // found, last first
	vars    []int32 // variable slots found, ascending
	stops   []int32 // slots found at which the search stopped, ascending
}

func newReach(t *Tape) *reach {
	return &reach{t: t, depends: t.dependsOnVar(), mark: make([]int32, t.slots)}
}

// from searches below slots. It does not go below those for which stop is true,
// except the starting ones; a nil stop is never true.
func (r *reach) from(stop []bool, slots ...int32) {
	t := r.t
	r.search++
	r.instrs, r.vars, r.stops = r.instrs[:0], r.vars[:0], r.stops[:0]
	visit := func(slot int32, start bool) {
		if !r.depends[slot] || r.mark[slot] == r.search {
			return
		}
		r.mark[slot] = r.search
		switch {
		case t.isVar(slot):
			r.vars = append(r.vars, slot)
		case !start && stop != nil && stop[slot]:
			r.stops = append(r.stops, slot)
		default:
			r.instrs = append(r.instrs, slot-t.base)
			r.stack = append(r.stack, slot-t.base)
		}
	}
	for _, s := range slots {
		visit(s, true)
	}
	for len(r.stack) > 0 {
		i := r.stack[len(r.stack)-1]
		r.stack = r.stack[:len(r.stack)-1]
		t.eachArg(&t.code[i], func(slot int32, _ float64) { visit(slot, false) })
	}
	slices.SortFunc(r.instrs, func(a, b int32) int { return int(b) - int(a) })
	slices.Sort(r.vars)
	slices.Sort(r.stops)
}
