package reformtest

import "math"

// Shrink makes an instance smaller while fails holds for it: rows, variables and coefficients are taken away or made simpler, until
// nothing more can be. The result is the smallest that greedy steps find.
func Shrink(in *Instance, fails func(*Instance) bool) *Instance {
	for {
		better := false
		for _, step := range in.steps() {
			if s := step(in.clone()); s != nil && fails(s) {
				in, better = s, true
				break
			}
		}
		if !better {
			return in
		}
	}
}

// steps lists the ways to make an instance simpler, the greatest first. A step changes the copy that it is given; nil means it cannot.
func (in *Instance) steps() []func(*Instance) *Instance {
	var out []func(*Instance) *Instance
	add := func(f func(*Instance) *Instance) { out = append(out, f) }
	for j := range in.Vars {
		add(func(c *Instance) *Instance { return c.withoutVariable(j) })
	}
	if !in.usesDuals() {
		for r := range in.Rows {
			add(func(c *Instance) *Instance { c.Rows = append(c.Rows[:r], c.Rows[r+1:]...); return c })
		}
	}
	for r, row := range in.Rows {
		for j, v := range row.A {
			for _, w := range []float64{0, 1} {
				if simpler(w, v) {
					add(func(c *Instance) *Instance { c.Rows[r].A[j] = w; return c })
				}
			}
		}
		if !math.IsInf(float64(row.Lo), -1) && !math.IsInf(float64(row.Hi), 1) && row.Lo != row.Hi {
			add(func(c *Instance) *Instance { c.Rows[r].Lo = Bound(math.Inf(-1)); return c })
			add(func(c *Instance) *Instance { c.Rows[r].Hi = Bound(math.Inf(1)); return c })
		}
		if row.Lo == row.Hi && row.Lo != 0 {
			add(func(c *Instance) *Instance { c.Rows[r].Lo, c.Rows[r].Hi = 0, 0; return c })
		} else if row.Hi != 0 && row.Lo < 0 && !math.IsInf(float64(row.Hi), 1) {
			add(func(c *Instance) *Instance { c.Rows[r].Hi = 0; return c })
		} else if row.Lo != 0 && row.Hi > 0 && !math.IsInf(float64(row.Lo), -1) {
			add(func(c *Instance) *Instance { c.Rows[r].Lo = 0; return c })
		}
	}
	for p, o := range in.Players {
		for j, v := range o.C {
			for _, w := range []float64{0, 1} {
				if simpler(w, v) {
					add(func(c *Instance) *Instance { c.Players[p].C[j] = w; return c })
				}
			}
		}
		for k := range o.Quad {
			if !in.isPrice(in.Players[p].Quad[k]) {
				add(func(c *Instance) *Instance {
					q := c.Players[p].Quad
					c.Players[p].Quad = append(q[:k], q[k+1:]...)
					return c
				})
			}
		}
	}
	if in.Price != nil {
		for _, q := range in.Players[0].Quad {
			if in.isPrice(q) {
				add(func(c *Instance) *Instance { return c.withoutPrice(q.I, q.J) })
			}
		}
	}
	for j, v := range in.Vars {
		if v.Lo < 0 && v.Hi > 0 && !math.IsInf(float64(v.Lo), -1) {
			add(func(c *Instance) *Instance { c.Vars[j].Lo = 0; return c })
		}
		if !v.Integer && !math.IsInf(float64(v.Hi), 1) && v.Lo != v.Hi {
			add(func(c *Instance) *Instance { c.Vars[j].Hi = Bound(math.Inf(1)); return c })
			if v.Hi > 1 && v.Lo < 1 {
				add(func(c *Instance) *Instance { c.Vars[j].Hi = 1; return c })
			}
		}
	}
	return out
}

// isPrice reports whether a term is one of the products that the leader's and the follower's objective share.
func (in *Instance) isPrice(q Term) bool {
	return in.Price != nil && (in.Vars[q.I].Owner == 0) != (in.Vars[q.J].Owner == 0)
}

// withoutPrice takes a price product out of both objectives; nil for the last one.
func (in *Instance) withoutPrice(i, j int) *Instance {
	left := 0
	for p := range in.Players {
		var quad []Term
		for _, q := range in.Players[p].Quad {
			if q.I == i && q.J == j {
				continue
			}
			quad = append(quad, q)
			if p == 0 && in.isPrice(q) {
				left++
			}
		}
		in.Players[p].Quad = quad
	}
	if left == 0 {
		return nil
	}
	return in
}

// simpler reports whether w is simpler than v.
func simpler(w, v float64) bool { return w == 0 && v != 0 || w == 1 && v != 0 && v != 1 }

// withoutVariable takes out a variable that no row needs to be about; nil where a follower would be left without variables.
func (in *Instance) withoutVariable(j int) *Instance {
	left := 0
	for i, v := range in.Vars {
		if i != j && v.Owner == in.Vars[j].Owner {
			left++
		}
	}
	if left == 0 && in.Vars[j].Owner > 0 {
		return nil
	}
	if in.Price != nil {
		left := 0
		for _, q := range in.Players[0].Quad {
			if in.isPrice(q) && q.I != j && q.J != j {
				left++
			}
		}
		if left == 0 {
			return nil
		}
	}
	in.Vars = append(in.Vars[:j], in.Vars[j+1:]...)
	for r := range in.Rows {
		a := in.Rows[r].A
		in.Rows[r].A = append(a[:j], a[j+1:]...)
	}
	for p := range in.Players {
		o := &in.Players[p]
		if j < len(o.C) {
			o.C = append(o.C[:j], o.C[j+1:]...)
		}
		var quad []Term
		for _, q := range o.Quad {
			if q.I == j || q.J == j {
				continue
			}
			if q.I > j {
				q.I--
			}
			if q.J > j {
				q.J--
			}
			quad = append(quad, q)
		}
		o.Quad = quad
	}
	return in
}
