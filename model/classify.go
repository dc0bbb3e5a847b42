package model

import "fmt"

// Class is the kind of problem that a player has, from the easiest to the hardest. Whether it has integer variables is said apart.
type Class uint8

// The classes.
const (
	Linear          Class = iota // affine objective and constraints
	ConvexQuadratic              // convex quadratic objective, affine constraints
	Quadratic                    // quadratic objective or constraints, not known to be convex
	Convex                       // convex by composition rules, by its second derivatives or along its equations
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

func (m *Model) classifyPlayer(p int) PlayerClass {
	pc := PlayerClass{Name: m.players[p].name, Class: Linear, Convex: Yes}
	g := m.newJudge(p)
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
			if len(pc.Reasons) < 12 {
				pc.Reasons = append(pc.Reasons, fmt.Sprintf("%s: %s", where, s.why))
			}
		}
		if s.convex == No || s.convex == Unknown && pc.Convex == Yes {
			pc.Convex = s.convex
		}
	}
	worst := Linear
	if o.Set {
		s := g.shapeOf(o.F, o.Sense.Sign())
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
		s := g.rowShape(r)
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
	if p > 0 {
		m.judgeSets(p, &pc)
	}
	if pc.Integers > 0 {
		pc.Convex = No
		pc.Reasons = append(pc.Reasons, fmt.Sprintf("%d integer variables", pc.Integers))
	}
	return pc
}

// judgeSets takes the SOS1 sets and conditional constraints of a follower into account: its feasible answers are then a union of pieces.
func (m *Model) judgeSets(p int, pc *PlayerClass) {
	for _, s := range m.sos {
		if s.Owner == p {
			pc.Class, pc.Convex = Nonlinear, No
			pc.Reasons = append(pc.Reasons, fmt.Sprintf("%s: an SOS1 set", s.Name))
			break
		}
	}
	for _, ind := range m.inds {
		if m.RowOwner(ind.Row) == p {
			pc.Class = Nonlinear
			if m.VarOwner(ind.Binary) == p {
				pc.Convex = No
			} else if pc.Convex == Yes {
				pc.Convex = Unknown
			}
			pc.Reasons = append(pc.Reasons, fmt.Sprintf("%s: a conditional constraint", m.RowName(ind.Row)))
			break
		}
	}
}
