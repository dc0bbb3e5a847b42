package model

import (
	"fmt"
	"math"

	"github.com/gobilevel/bilevel/model/expr"
)

// Class is the kind of problem that a player has, from the easiest to the hardest. Whether it has integer variables is said apart.
type Class uint8

// The classes.
const (
	Linear          Class = iota // affine objective and constraints
	ConvexQuadratic              // convex quadratic objective, affine constraints
	Quadratic                    // quadratic objective or constraints, not known to be convex
	Convex                       // convex by composition rules
	Nonlinear                    // anything else
)

var classNames = [...]string{"linear", "convex quadratic", "quadratic", "convex", "nonlinear"}

func (c Class) String() string { return classNames[c] }

// Tri is yes, no or unknown.
type Tri uint8

// The values.
const (
	Unknown Tri = iota
	No
	Yes
)

func (t Tri) String() string { return [...]string{"unknown", "no", "yes"}[t] }

// PlayerClass is the verdict on one player's problem. For the leader the functions are judged in all variables; for a follower in its own
// variables, the leader's being fixed: x*y with a leader's x is linear for the follower.
type PlayerClass struct {
	Name     string
	Vars     int
	Integers int
	Rows     int
	Pairs    int
	Class    Class
	Convex   Tri
	Reasons  []string // what decided, each naming the objective or a constraint
	Linking  []int    // leader's variables that appear in this follower's problem
	Coupling []int    // leader's constraints that contain this follower's variables
}

// Classification is the verdict on a model.
type Classification struct {
	Leader    PlayerClass
	Followers []PlayerClass
}

// Classify judges each player's problem.
func (m *Model) Classify() *Classification {
	c := &Classification{Leader: m.classifyPlayer(0)}
	c.Leader.Pairs = m.NumPairs()
	for p := 1; p < len(m.players); p++ {
		c.Followers = append(c.Followers, m.classifyPlayer(p))
	}
	m.findLinks(c)
	return c
}

// findLinks fills in the linking variables and the coupling constraints.
func (m *Model) findLinks(c *Classification) {
	if len(c.Followers) == 0 {
		return
	}
	linked := make([]int, m.NumVars()) // last follower for which the variable was listed
	mark := func(p int, f Function) {
		m.eachVar(f, func(j int) {
			if m.VarOwner(j) == 0 && linked[j] != p {
				linked[j] = p
				c.Followers[p-1].Linking = append(c.Followers[p-1].Linking, j)
			}
		})
	}
	byOwner := make([][]int32, len(m.players))
	for r := 0; r < m.NumRows(); r++ {
		byOwner[m.rows.owner[r]] = append(byOwner[m.rows.owner[r]], int32(r))
	}
	for p := 1; p < len(m.players); p++ {
		mark(p, m.players[p].objective.F)
		for _, r := range byOwner[p] {
			mark(p, m.RowFunction(int(r)))
		}
	}
	seen := make([]int, len(m.players))
	for _, r := range byOwner[0] {
		m.eachVar(m.RowFunction(int(r)), func(j int) {
			if p := m.VarOwner(j); p > 0 && seen[p] != int(r)+1 {
				seen[p] = int(r) + 1
				c.Followers[p-1].Coupling = append(c.Followers[p-1].Coupling, int(r))
			}
		})
	}
}

// shape is what was found of one function in the own variables.
type shape struct {
	class  Class // Linear, Quadratic or Nonlinear
	convex Tri
	why    string
}

// shapeOf judges sign*f in the own variables.
func (m *Model) shapeOf(f Function, own func(j int) bool, sign float64) shape {
	s := shape{Linear, Yes, ""}
	if len(f.Quad) > 0 {
		inOwn := false
		for _, q := range f.Quad {
			inOwn = inOwn || own(int(q.I)) && own(int(q.J))
		}
		if inOwn {
			s.class = Quadratic
			switch m.Definiteness(f.Quad, own, sign) {
			case Indefinite:
				s.convex, s.why = No, "its quadratic part has a direction of negative curvature"
			case DefiniteUnknown:
				s.convex, s.why = Unknown, "its quadratic part is too large for the convexity test"
			}
		}
	}
	if f.Nonlinear != 0 {
		bounds := func(j int) (float64, float64) { return m.VarBounds(j) }
		switch cur := m.dag.Curvature(f.Nonlinear, own, bounds); {
		case cur == expr.Constant || cur == expr.Affine:
		case cur == expr.Convex && sign > 0 || cur == expr.Concave && sign < 0:
			s.class = Nonlinear
		default:
			s.class, s.why = Nonlinear, "no composition rule shows its nonlinear part to be convex"
			s.convex = Unknown
		}
	}
	return s
}

func (m *Model) classifyPlayer(p int) PlayerClass {
	pc := PlayerClass{Name: m.players[p].name, Class: Linear, Convex: Yes}
	own := func(j int) bool { return true }
	if p > 0 {
		own = func(j int) bool { return m.VarOwner(j) == p }
	}
	for j := range m.vars.owner {
		if int(m.vars.owner[j]) == p {
			pc.Vars++
			if m.vars.kind[j] != Continuous {
				pc.Integers++
			}
		}
	}
	o := m.players[p].objective
	quadraticObjective := false
	note := func(where string, s shape) {
		if s.class > Linear || s.convex != Yes {
			why := s.why
			if why == "" {
				why = "convex"
				if s.class == Quadratic {
					why = "convex quadratic"
				}
			}
			if len(pc.Reasons) < 12 {
				pc.Reasons = append(pc.Reasons, fmt.Sprintf("%s: %s", where, why))
			}
		}
		if s.convex == No || s.convex == Unknown && pc.Convex == Yes {
			pc.Convex = s.convex
		}
	}
	worst := Linear
	if o.Set {
		s := m.shapeOf(o.F, own, o.Sense.Sign())
		note("objective", s)
		quadraticObjective = s.class == Quadratic
		worst = max(worst, s.class)
	} else {
		pc.Reasons = append(pc.Reasons, "no objective: a feasibility problem")
	}
	rowsAffine := true
	for r := 0; r < m.NumRows(); r++ {
		if int(m.rows.owner[r]) != p {
			continue
		}
		pc.Rows++
		if m.RowIsAffine(r) {
			continue
		}
		s := m.rowShape(r, own)
		if s.class != Linear {
			rowsAffine = false
		}
		worst = max(worst, s.class)
		note(m.RowName(r), s)
	}
	switch {
	case worst == Linear:
		pc.Class = Linear
	case worst == Quadratic && quadraticObjective && rowsAffine && pc.Convex == Yes:
		pc.Class = ConvexQuadratic
	case pc.Convex == Yes:
		pc.Class = Convex
	case worst == Quadratic:
		pc.Class = Quadratic
	default:
		pc.Class = Nonlinear
	}
	if pc.Integers > 0 {
		pc.Convex = No
		pc.Reasons = append(pc.Reasons, fmt.Sprintf("%d integer variables", pc.Integers))
	}
	return pc
}

// rowShape judges the set lo <= f <= hi: an equation must be affine to be convex, a range must be convex on both sides.
func (m *Model) rowShape(r int, own func(int) bool) shape {
	lo, hi := m.RowBounds(r)
	f := m.RowFunction(r)
	out := shape{Linear, Yes, ""}
	if !math.IsInf(hi, 1) {
		out = m.shapeOf(f, own, 1)
	}
	if !math.IsInf(lo, -1) {
		s := m.shapeOf(f, own, -1)
		if s.convex != Yes && out.convex == Yes || s.class > out.class {
			out = s
		}
	}
	if lo == hi && out.class != Linear && out.convex != No {
		out.convex, out.why = Unknown, "an equation that is not affine"
	}
	return out
}
