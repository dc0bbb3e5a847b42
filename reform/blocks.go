package reform

// findBlocks splits each follower's problem into blocks: own variables and constraints that hang together through constraints and
// products of own variables in the objective.
func (s *stationarity) findBlocks() {
	m := s.old
	n := m.NumVars()
	s.hasOwn = make([]bool, m.NumRows())
	s.block, s.rowBlock = make([]int32, n), make([]int32, m.NumRows())
	parent := make([]int32, n)
	for j := range parent {
		parent[j] = int32(j)
	}
	root := func(j int32) int32 {
		for parent[j] != j {
			parent[j] = parent[parent[j]]
			j = parent[j]
		}
		return j
	}
	anchor := make([]int32, m.NumRows())
	own := func(j, p int) bool {
		if p == 0 || m.VarOwner(j) != p {
			return false
		}
		_, dual := m.DualOf(j)
		return !dual
	}
	for r := range anchor {
		p := m.RowOwner(r)
		if p == 0 {
			continue
		}
		first := int32(-1)
		join := func(j int) {
			if !own(j, p) {
				return
			}
			if first < 0 {
				first = int32(j)
			} else {
				parent[root(int32(j))] = root(first)
			}
		}
		if m.RowIsAffine(r) {
			idx, _ := m.RowAffine(r)
			for _, j := range idx {
				join(int(j))
			}
		} else {
			m.EachVar(m.RowFunction(r), join)
		}
		anchor[r] = first
		s.hasOwn[r] = first >= 0
	}
	for p := 1; p < m.NumPlayers(); p++ {
		f := m.Player(p).Objective().F
		for _, q := range f.Quad {
			if own(int(q.I), p) && own(int(q.J), p) {
				parent[root(q.I)] = root(q.J)
			}
		}
		if f.Nonlinear != 0 {
			first := int32(-1)
			for _, j := range m.DAG().Vars(f.Nonlinear) {
				if own(j, p) {
					if first < 0 {
						first = int32(j)
					}
					parent[root(int32(j))] = root(first)
				}
			}
		}
	}
	for j := 0; j < n; j++ {
		if p := m.VarOwner(j); own(j, p) {
			r := root(int32(j))
			if s.block[r] == 0 {
				s.blocks++
				s.block[r] = int32(s.blocks)
			}
			s.block[j] = s.block[r]
		}
	}
	for r := range anchor {
		if s.hasOwn[r] {
			s.rowBlock[r] = s.block[anchor[r]]
		}
	}
}

// setGroups makes the variables of each block a group, where there is more than one block.
func (s *stationarity) setGroups() {
	for j, b := range s.block {
		if b > 0 {
			s.setGroup(j, b)
		}
	}
}

// setGroup marks a new column as part of a block, where there is more than one.
func (s *stationarity) setGroup(j int, block int32) {
	if s.blocks > 1 {
		s.m.SetVarGroup(j, int(block))
	}
}
