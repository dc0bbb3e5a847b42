package model

// checkScope reports constraints and objectives that use variables which their player may not use:
//   - a follower may use the leader's variables and its own, and those of other followers only in a Nash game that both play;
//   - only the leader may use variables that stand for multipliers.
//
// Rows are checked once; later calls look at new rows only.
func (m *Model) checkScope() {
	if m.scopeOK == m.NumRows() {
		return
	}
	if m.scopeOK < 0 || len(m.players) > 1 {
		for p := 1; p < len(m.players); p++ {
			pl := &m.players[p]
			if pl.objective.Set {
				m.scopeOfFunction(p, "objective of follower "+pl.name, pl.objective.F)
			}
		}
	}
	from := max(m.scopeOK, 0)
	if len(m.players) > 1 {
		for r := from; r < m.NumRows(); r++ {
			if p := m.RowOwner(r); p != 0 {
				m.scopeOfFunction(p, m.RowName(r), m.RowFunction(r))
			}
		}
	}
	m.scopeOK = m.NumRows()
}

func (m *Model) scopeOfFunction(p int, where string, f Function) {
	seen := -1
	m.eachVar(f, func(j int) {
		if seen >= 0 || m.mayUse(p, j) {
			return
		}
		seen = j
	})
	if seen < 0 {
		return
	}
	if row, ok := m.DualOf(seen); ok {
		m.fail(where, "state it in the leader's problem", ErrScope, "follower %s uses %s, the multiplier of %s, which only the leader sees", m.players[p].name, m.VarName(seen), m.RowName(row))
		return
	}
	other := m.players[m.VarOwner(seen)].name
	m.fail(where, "declare a Nash game between them, or let one follower own both", ErrScope,
		"follower %s uses %s, a variable of follower %s", m.players[p].name, m.VarName(seen), other)
}

func (m *Model) mayUse(p, j int) bool {
	if _, dual := m.DualOf(j); dual {
		return false
	}
	o := m.VarOwner(j)
	return o == 0 || o == p || m.players[o].nash && m.players[p].nash
}

// eachVar calls visit for the variables that a function mentions, possibly more than once.
func (m *Model) eachVar(f Function, visit func(j int)) {
	for _, j := range f.Vars {
		visit(int(j))
	}
	for _, q := range f.Quad {
		visit(int(q.I))
		visit(int(q.J))
	}
	if f.Nonlinear != 0 {
		for _, j := range m.dag.Vars(f.Nonlinear) {
			visit(j)
		}
	}
}

// EachVar calls visit for the variables that a function mentions, possibly more than once.
func (m *Model) EachVar(f Function, visit func(j int)) { m.eachVar(f, visit) }

// Constructs returns the set of constructs that the model contains.
func (m *Model) Constructs() Constructs {
	var c Constructs
	if len(m.players) > 1 {
		c |= Followers
		for _, p := range m.players[1:] {
			if p.nash {
				c |= NashGame
			}
		}
	}
	for _, p := range m.pairs.list {
		if p.Mixed() {
			c |= MixedPairs
		} else {
			c |= Complementarity
		}
	}
	for _, k := range m.vars.kind {
		if k != Continuous {
			c |= IntegerVariables
			break
		}
	}
	if len(m.sos) > 0 {
		c |= SOS1Sets
	}
	if len(m.inds) > 0 {
		c |= IndicatorRows
	}
	if len(m.vars.duals) > 0 {
		c |= DualVariables
	}
	o := m.players[0].objective
	if o.F.Nonlinear != 0 {
		c |= NonlinearFunctions
	}
	if len(o.F.Quad) > 0 {
		if m.Definiteness(o.F.Quad, nil, o.Sense.Sign()) == PSD {
			c |= ConvexQuadraticObjective
		} else {
			c |= QuadraticObjective
		}
	}
	for _, g := range m.rows.general {
		if len(g.quad) > 0 {
			c |= QuadraticRows
		}
		if g.nonlinear != 0 {
			c |= NonlinearFunctions
		}
	}
	return c
}

// Where names one thing in the model that is of the constructs c, for messages; "" where there is none.
func (m *Model) Where(c Constructs) string {
	o := m.players[0].objective
	switch {
	case c&(Followers|NashGame) != 0 && len(m.players) > 1:
		return "follower " + m.players[1].name
	case c&(Complementarity|MixedPairs) != 0 && len(m.pairs.list) > 0:
		return m.PairName(0)
	case c&SOS1Sets != 0 && len(m.sos) > 0:
		return m.sos[0].Name
	case c&IndicatorRows != 0 && len(m.inds) > 0:
		return m.RowName(m.inds[0].Row)
	case c&(QuadraticObjective|ConvexQuadraticObjective) != 0 && len(o.F.Quad) > 0,
		c&NonlinearFunctions != 0 && o.F.Nonlinear != 0:
		return "the leader's objective"
	case c&IntegerVariables != 0:
		for j, k := range m.vars.kind {
			if k != Continuous {
				return m.VarName(j)
			}
		}
	}
	for r := 0; r < m.NumRows(); r++ {
		if g, ok := m.rows.general[int32(r)]; ok {
			if c&QuadraticRows != 0 && len(g.quad) > 0 || c&NonlinearFunctions != 0 && g.nonlinear != 0 {
				return m.RowName(r)
			}
		}
	}
	return ""
}
