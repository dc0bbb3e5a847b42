package modfile

import (
	"sort"

	"github.com/gobilevel/bilevel/model"
)

// buildSOS makes the SOS1 sets of a part.
func (in *instance) buildSOS(pt *part) {
	own := in.domainOf(pt.ix)
	if pt.member != nil {
		t := newTable(len(pt.key))
		t.add(pt.key)
		own = &domain{tab: t, dim: t.dim, n: 1}
	}
	buf := make([]element, max(own.dim, 1))
	for i := 0; i < own.n; i++ {
		key := own.at(i, buf)
		in.enter(key)
		set := model.SOS1{Name: fullName(in.el, pt.name, key), Owner: pt.player}
		for _, item := range pt.sos {
			add := func() bool {
				set.Vars = append(set.Vars, int32(item.v.index(in)))
				set.Weights = append(set.Weights, in.coefficient(item.weight.num(in), item.weight.p, nil))
				return true
			}
			if item.ix == nil {
				add()
			} else {
				item.ix.run(in, 0, add)
			}
		}
		in.addSOS(set, pt.pos)
	}
}

// addSOS adds a set after a look at its members.
func (in *instance) addSOS(set model.SOS1, p pos) {
	seen := map[int32]bool{}
	for _, j := range set.Vars {
		if seen[j] {
			in.failPlain(p, "the variable "+in.m.VarName(int(j))+" stands twice in the SOS1 set '"+set.Name+"'", "each variable once")
		}
		seen[j] = true
	}
	in.m.AddSOS1(set)
}

// suffixValue is what let said of a suffix of one thing.
type suffixValue struct {
	s      *symbol
	key    []element
	suffix string
	text   string
	num    float64
	p      pos
}

// steer notes the value of a suffix; it is applied when variables and constraints exist.
func (in *instance) steer(s *symbol, key []element, suffix, text string, num float64, p pos) {
	in.suffixes = append(in.suffixes, suffixValue{s, append([]element(nil), key...), suffix, text, num, p})
}

// finish applies suffixes and writes notes.
func (in *instance) finish() {
	in.sym = nil
	members := map[int]*sosMember{}
	for i := range in.suffixes {
		in.applySuffix(&in.suffixes[i], members)
	}
	in.suffixSets(members)
	m := in.m
	m.Notes = append(append(m.Notes, in.f.notes...), in.notes...)
	for p := 0; p < m.NumPlayers(); p++ {
		if pl := m.Player(p); !pl.Objective().Set {
			who := "the leader"
			if p > 0 {
				who = "follower " + pl.Name()
			}
			m.Notes = append(m.Notes, who+" has no objective: a feasibility problem, with objective 0")
		}
	}
}

// sosMember is what the suffixes sosno and ref say of a variable.
type sosMember struct {
	column int
	set    int
	ref    float64
	given  bool
	p      pos
}

func (in *instance) applySuffix(v *suffixValue, members map[int]*sosMember) {
	full := fullName(in.el, v.s.name, v.key)
	if v.s.kind == declVar {
		st := &in.vars[v.s.id]
		i := st.dom.find(v.key)
		if i < 0 {
			in.fail(v.p, "the suffix ."+v.suffix+" on "+full+", which does not exist", "a subscript in the index set of '"+v.s.name+"'")
		}
		j := st.at(i)
		if v.suffix != "sosno" && v.suffix != "ref" {
			in.m.SteerVar(j, steered(in.m.VarSteer(j), v))
			return
		}
		s := members[j]
		if s == nil {
			s = &sosMember{column: j, p: v.p}
			members[j] = s
		}
		if v.suffix == "ref" {
			s.ref, s.given = v.num, true
			return
		}
		if v.num != float64(int(v.num)) || v.num < 0 {
			in.fail(v.p, "the suffix .sosno with the value "+formatNumber(v.num), "a positive integer: the number of an SOS1 set (SOS2 sets, which are negative, are not taken), or 0 for none")
		}
		s.set = int(v.num)
		return
	}
	st := &in.rows[v.s.id]
	i := st.dom.find(v.key)
	if i < 0 {
		in.fail(v.p, "the suffix ."+v.suffix+" on "+full+", which does not exist", "a subscript in the index set of '"+v.s.name+"'")
	}
	k := st.at(i)
	if st.pairs || st.idx != nil && k < 0 {
		if k < 0 {
			k = ^k
		}
		if v.suffix == "member" {
			in.fail(v.p, "the suffix .member on the complementarity condition "+full, "a constraint")
		}
		in.m.SteerPair(k, steered(in.m.PairSteer(k), v))
		return
	}
	if v.suffix == "member" {
		if v.num != 0 {
			in.m.MarkPairRow(k)
		}
		return
	}
	in.m.SteerRow(k, steered(in.m.RowSteer(k), v))
}

func steered(s model.Steer, v *suffixValue) model.Steer {
	switch v.suffix {
	case "reform":
		s.Reform = v.text
	case "dualbound":
		s.DualBound = v.num
	case "slackbound":
		s.SlackBound = v.num
	}
	return s
}

// suffixSets makes the SOS1 sets that the suffixes sosno and ref describe: one for each number, its members in order of ref.
func (in *instance) suffixSets(members map[int]*sosMember) {
	var list []*sosMember
	for _, s := range members {
		if s.set > 0 {
			list = append(list, s)
		}
	}
	sort.Slice(list, func(a, b int) bool {
		x, y := list[a], list[b]
		if x.set != y.set {
			return x.set < y.set
		}
		if x.ref != y.ref {
			return x.ref < y.ref
		}
		return x.column < y.column
	})
	for k := 0; k < len(list); {
		set := model.SOS1{Name: "sos[" + formatNumber(float64(list[k].set)) + "]", Owner: in.m.VarOwner(list[k].column)}
		first := list[k]
		for n := 1; k < len(list) && list[k].set == first.set; k, n = k+1, n+1 {
			s := list[k]
			if !s.given {
				s.ref = float64(n)
			}
			if in.m.VarOwner(s.column) != set.Owner {
				set.Owner = 0
			}
			set.Vars, set.Weights = append(set.Vars, int32(s.column)), append(set.Weights, s.ref)
		}
		in.addSOS(set, first.p)
	}
}
