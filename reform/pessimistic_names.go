package reform

import (
	"github.com/gobilevel/bilevel/model"
)

// tieLabel is the name of a variable or constraint that is made: neighbours with the same prefix and base are a family.
type tieLabel struct{ base, sub string }

func (b *tieBreaker) varLabel(j int, prefix string) tieLabel {
	return tieLabel{prefix + b.m.VarBase(j), b.m.VarSub(j)}
}

func (s *tieSide) label(prefix string) tieLabel { return tieLabel{prefix + s.prefix + s.base, s.sub} }

// families calls f for each run of labels with the same base and different subscripts; what has none is by itself.
func families(list []tieLabel, f func(from, n int, base string, sub func(k int) string)) {
	for i := 0; i < len(list); {
		e := i + 1
		seen := map[string]bool{"": true, list[i].sub: true}
		for list[i].sub != "" && e < len(list) && list[e].base == list[i].base && !seen[list[e].sub] {
			seen[list[e].sub] = true
			e++
		}
		from := i
		sub := func(k int) string { return list[from+k].sub }
		if e == i+1 && list[i].sub == "" {
			sub = nil
		}
		f(i, e-i, list[i].base, sub)
		i = e
	}
}

// vars adds a column for each label.
func (b *tieBreaker) vars(list []tieLabel, lo, hi float64) []int32 {
	out := make([]int32, len(list))
	families(list, func(from, n int, base string, sub func(int) string) {
		first := b.d.AddVars(0, b.d.FreshBase(base), sub, n, model.Continuous, lo, hi)
		for k := range n {
			out[from+k] = int32(first + k)
		}
	})
	return out
}

// rows adds lo <= f(k) <= hi for each label, and returns the index of each.
func (b *tieBreaker) rows(list []tieLabel, f func(k int) model.Function, bounds func(k int) (float64, float64)) []int {
	out := make([]int, len(list))
	families(list, func(from, n int, base string, sub func(int) string) {
		first := b.d.StartRows(0, b.d.FreshBase(base), sub, n)
		for k := range n {
			lo, hi := bounds(from + k)
			b.d.SetRow(first+k, f(from+k), lo, hi)
			out[from+k] = first + k
		}
	})
	return out
}

// lateRow is a constraint that waits for the others of its family.
type lateRow struct {
	name   tieLabel
	f      model.Function
	lo, hi float64
}

// later notes a constraint for flush, and returns its place there.
func (b *tieBreaker) later(name tieLabel, f model.Function, lo, hi float64) int {
	b.late = append(b.late, lateRow{name, f, lo, hi})
	return len(b.late) - 1
}

// flush adds the constraints that were noted, family by family, and returns the index of each.
func (b *tieBreaker) flush() []int {
	var bases []string
	members := map[string][]int{}
	for k, r := range b.late {
		if members[r.name.base] == nil {
			bases = append(bases, r.name.base)
		}
		members[r.name.base] = append(members[r.name.base], k)
	}
	out := make([]int, len(b.late))
	for _, base := range bases {
		list := members[base]
		names := make([]tieLabel, len(list))
		for i, k := range list {
			names[i] = b.late[k].name
		}
		for i, r := range b.rows(names, func(i int) model.Function { return b.late[list[i]].f },
			func(i int) (float64, float64) { return b.late[list[i]].lo, b.late[list[i]].hi }) {
			out[list[i]] = r
		}
	}
	b.late = b.late[:0]
	return out
}

func nonnegative(int) (float64, float64) { return 0, model.Inf }
