package stationarity

import "slices"

// components is a partition of numbers that is made coarser by joining.
type components []int32

func newComponents(n int) components {
	c := make(components, n)
	for i := range c {
		c[i] = int32(i)
	}
	return c
}

func (c components) find(i int32) int32 {
	for c[i] != i {
		c[i] = c[c[i]]
		i = c[i]
	}
	return i
}

// join makes the parts of two numbers one; a negative number stands for none.
func (c components) join(i, j int32) {
	if i < 0 || j < 0 {
		return
	}
	if i, j = c.find(i), c.find(j); i != j {
		c[max(i, j)] = min(i, j)
	}
}

// blocks sorts the biactive pairs into groups that have nothing to do with each other: their members, and the active constraints
// around these, share no variable but ones whose own bound has a multiplier of any sign, which makes up whatever the others leave.
func (t *tests) blocks() [][]int {
	n := t.p.n
	cut := make([]bool, n)
	for _, c := range t.columns {
		if c.quantity < n && (c.equation || c.pair >= 0 && t.states[c.pair] != stateBiactive) {
			cut[c.quantity] = true
		}
	}
	parts := newComponents(n)
	first := make([]int32, len(t.columns))
	for i, c := range t.columns {
		first[i] = -1
		t.each(c.quantity, func(j int32, _ float64) {
			if !cut[j] {
				parts.join(j, first[i])
				first[i] = j
			}
		})
	}
	for _, k := range t.biactive {
		parts.join(first[t.members[k][0]], first[t.members[k][1]])
	}
	var groups [][]int
	at := map[int32]int{}
	for _, k := range t.biactive {
		j := max(first[t.members[k][0]], first[t.members[k][1]])
		if j >= 0 {
			j = parts.find(j)
		}
		g, known := at[j]
		if !known {
			g = len(groups)
			at[j] = g
			groups = append(groups, nil)
		}
		groups[g] = append(groups[g], k)
	}
	return groups
}

// brokenBlocks numbers the groups of variables that share constraints within reach, and of which a pair does not hold along the
// direction at hand; all other variables have the number 0. The numbers are by quantity, and a group's pairs are listed with it.
func (z *searching) brokenBlocks() (block []int, groups [][]choice) {
	n := z.p.n
	parts := newComponents(n)
	moves := func(j int32) bool { return z.root[0][j] < z.root[1][j] }
	first := make([]int32, n+z.p.m) // by quantity: a variable of it that can move, -1 where there is none
	inChoice := make([]bool, n+z.p.m)
	for _, c := range z.choices {
		inChoice[z.p.quantity(z.p.pairs[c.pair].A)], inChoice[z.p.quantity(z.p.pairs[c.pair].B)] = true, true
	}
	for q := range first {
		first[q] = -1
		if q < n {
			if moves(int32(q)) {
				first[q] = int32(q)
			}
			continue
		}
		if z.root[0][q] == -inf && z.root[1][q] == inf && !inChoice[q] {
			continue
		}
		for e := z.lp.start[q-n]; e < z.lp.start[q-n+1]; e++ {
			if j := z.lp.index[e]; moves(j) {
				parts.join(j, first[q])
				first[q] = j
			}
		}
	}
	member := func(c *choice) int32 {
		pair := z.p.pairs[c.pair]
		return max(first[z.p.quantity(pair.A)], first[z.p.quantity(pair.B)])
	}
	for _, c := range z.choices {
		pair := z.p.pairs[c.pair]
		parts.join(first[z.p.quantity(pair.A)], first[z.p.quantity(pair.B)])
	}
	number := map[int32]int{}
	for i := range z.choices {
		c := &z.choices[i]
		if j := member(c); j >= 0 && z.least(c) > missTolerance {
			if _, known := number[parts.find(j)]; !known {
				number[parts.find(j)] = len(number) + 1
			}
		}
	}
	block, groups = make([]int, n+z.p.m), make([][]choice, len(number)+1)
	for q := range block {
		if first[q] >= 0 {
			block[q] = number[parts.find(first[q])]
		}
	}
	for i := range z.choices {
		c := &z.choices[i]
		g := 0
		if j := member(c); j >= 0 {
			g = block[j]
		}
		groups[g] = append(groups[g], *c)
	}
	for g := range groups {
		groups[g] = slices.Clip(groups[g])
	}
	return block, groups
}
